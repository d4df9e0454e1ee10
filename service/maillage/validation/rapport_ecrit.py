"""A validation report, written: text for a terminal, JSON and other forms for tools."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from maillage.validation import Constat, Gravite, Rapport
from maillage.validation.formats import to_junit, to_sarif, to_shacl
from maillage.validation.page import to_badge, to_html, verdict

_MOTS: dict[str, dict[str, str]] = {
    "fr": {
        Gravite.ERREUR: "erreur",
        Gravite.AVERTISSEMENT: "avertissement",
        "cause": "Cause",
        "remede": "Remède",
        "regle": "Règle",
        "suggestion": "Vouliez-vous dire",
        "correction": "Ligne {ligne} corrigée",
        "ajout": "À ajouter avant la ligne {ligne}",
        "bilan": "Erreurs : {erreurs}, avertissements : {avertissements}, fichiers : {fichiers}.",
        "conforme": "Conforme : le corpus peut être publié.",
        "vide": "Rien n'a été contrôlé : aucune ressource n'est visée par une règle.",
        "refuse": "Non conforme : rien ne sera publié tant qu'il reste une erreur.",
    },
    "en": {
        Gravite.ERREUR: "error",
        Gravite.AVERTISSEMENT: "warning",
        "cause": "Cause",
        "remede": "Cure",
        "regle": "Rule",
        "suggestion": "Did you mean",
        "correction": "Line {ligne} corrected",
        "ajout": "To add before line {ligne}",
        "bilan": "Errors: {erreurs}, warnings: {avertissements}, files: {fichiers}.",
        "conforme": "Conforms: the corpus may be published.",
        "vide": "Nothing was checked: no rule targets any resource.",
        "refuse": "Does not conform: nothing will be published while an error remains.",
    },
}


def rapport_en_texte(rapport: Rapport, langue: str) -> str:
    """The findings one after the other, then the counts; in "fr" or "en"."""
    mots = _MOTS["en" if langue == "en" else "fr"]
    blocs = ["\n".join(_constat(one, mots, langue)) for one in rapport.constats]
    bilan = mots["bilan"].format(
        erreurs=rapport.erreurs,
        avertissements=rapport.avertissements,
        fichiers=rapport.fichiers,
    )
    return "\n\n".join([*blocs, f"{bilan}\n{mots[verdict(rapport)]}"]) + "\n"


def rapport_en_json(rapport: Rapport) -> str:
    """The report as a JSON object: verdict, counts, findings in both languages."""
    written = {
        "conforme": rapport.conforme,
        "erreurs": rapport.erreurs,
        "avertissements": rapport.avertissements,
        "fichiers": rapport.fichiers,
        "cibles": rapport.cibles,
        "triples": rapport.triples,
        "secondes": round(rapport.secondes, 3),
        "par_code": rapport.par_code,
        "constats": [one.en_json() for one in rapport.constats],
    }
    return json.dumps(written, ensure_ascii=False, indent=1) + "\n"


def _constat(one: Constat, mots: dict[str, str], langue: str) -> Iterator[str]:
    yield f"{one.lieu} : {mots[one.gravite]} {one.code}"
    yield f"  {one.message.dans(langue)}"
    yield from (f"  | {line}" for line in one.extrait.splitlines())
    if one.cause:
        yield f"  {mots['cause']} : {one.cause.dans(langue)}"
    yield from (f"    - {said.dans(langue)}" for said in one.details)
    if one.remede:
        yield f"  {mots['remede']} : {one.remede.dans(langue)}"
    if one.suggestion:
        yield f"  {mots['suggestion']} : {one.suggestion} ?"
    if one.correction:
        word = mots["ajout" if one.correction.ajout else "correction"].format(ligne=one.correction.ligne)
        yield f"  {word} :\n  | {one.correction.texte}"
    if one.forme:
        place = f" ({one.lieu_forme})" if one.lieu_forme.ligne else ""
        yield f"  {mots['regle']} : {one.forme}{place}"


#: how a report is written, by the name of its form.
ECRITURES: dict[str, Callable[[Rapport, str], str]] = {
    "texte": rapport_en_texte,
    "json": lambda rapport, langue: rapport_en_json(rapport),
    "sarif": lambda rapport, langue: to_sarif(rapport, langue) + "\n",
    "junit": lambda rapport, langue: to_junit(rapport, langue) + "\n",
    "html": to_html,
    "ttl": lambda rapport, langue: to_shacl(rapport),
    "svg": to_badge,
}

"""A validation report, written: text for a terminal, JSON for a tool."""

from __future__ import annotations

import json
from collections.abc import Iterator

from maillage.validation import Constat, Gravite, Rapport

_MOTS = {
    "fr": {
        Gravite.ERREUR: "erreur",
        Gravite.AVERTISSEMENT: "avertissement",
        "cause": "Cause",
        "remede": "Remède",
        "suggestion": "Vouliez-vous dire",
        "bilan": "Erreurs : {erreurs}, avertissements : {avertissements}, fichiers : {fichiers}.",
        "conforme": "Conforme : le corpus peut être publié.",
        "refuse": "Non conforme : rien ne sera publié tant qu'il reste une erreur.",
    },
    "en": {
        Gravite.ERREUR: "error",
        Gravite.AVERTISSEMENT: "warning",
        "cause": "Cause",
        "remede": "Cure",
        "suggestion": "Did you mean",
        "bilan": "Errors: {erreurs}, warnings: {avertissements}, files: {fichiers}.",
        "conforme": "Conforms: the corpus may be published.",
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
    verdict = mots["conforme"] if rapport.conforme else mots["refuse"]
    return "\n\n".join([*blocs, f"{bilan}\n{verdict}"]) + "\n"


def rapport_en_json(rapport: Rapport) -> str:
    """The report as a JSON object: verdict, counts, findings in both languages."""
    written = {
        "conforme": rapport.conforme,
        "erreurs": rapport.erreurs,
        "avertissements": rapport.avertissements,
        "fichiers": rapport.fichiers,
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
    if one.remede:
        yield f"  {mots['remede']} : {one.remede.dans(langue)}"
    if one.suggestion:
        yield f"  {mots['suggestion']} : {one.suggestion} ?"

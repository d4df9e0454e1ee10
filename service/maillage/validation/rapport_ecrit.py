"""A validation report, written: text for a terminal, JSON and other forms for tools."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from maillage.validation import Constat, Gravite, Rapport
from maillage.validation.formats import to_junit, to_sarif, to_shacl
from maillage.validation.page import to_badge, to_html, verdict

_COMMANDES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: puts a text in one of the colours, or not.
Encre = Callable[[str, str], str]
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
        "deux-points": " :",
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
        "deux-points": ":",
        "refuse": "Does not conform: nothing will be published while an error remains.",
    },
}


#: ANSI colours (ECMA-48 SGR): what is wrong in red or yellow, what is right in green, the rule faint.
_ENCRES = {
    Gravite.ERREUR: "1;31",
    Gravite.AVERTISSEMENT: "1;33",
    "carets": "31",
    "juste": "32",
    "discret": "2",
}


def rapport_en_texte(rapport: Rapport, langue: str, couleurs: bool = False) -> str:
    """The findings one after the other, then the counts; in "fr" or "en"; `couleurs` for a terminal."""
    mots = _MOTS["en" if langue == "en" else "fr"]
    encre = _ink if couleurs else _plain
    blocs = ["\n".join(_constat(one, mots, langue, encre)) for one in rapport.constats]
    bilan = mots["bilan"].format(
        erreurs=rapport.erreurs,
        avertissements=rapport.avertissements,
        fichiers=rapport.fichiers,
    )
    state = verdict(rapport)
    colour = {"refuse": Gravite.ERREUR, "vide": Gravite.AVERTISSEMENT}.get(state, "juste")
    return "\n\n".join([*blocs, f"{bilan}\n{encre(mots[state], colour)}"]) + "\n"


def _ink(text: str, colour: str) -> str:
    return f"\x1b[{_ENCRES[colour]}m{text}\x1b[0m" if text else ""


def _plain(text: str, colour: str) -> str:
    return text


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


def _constat(one: Constat, mots: dict[str, str], langue: str, encre: Encre) -> Iterator[str]:
    deux = mots["deux-points"]
    yield f"{one.lieu}{deux} {encre(f'{mots[one.gravite]} {one.code}', one.gravite)}"
    yield f"  {printable(one.message.dans(langue))}"
    line, _, carets = printable(one.extrait).partition("\n")
    if one.extrait:
        yield f"  | {line}"
        yield f"  | {encre(carets, 'carets')}"
    if one.cause:
        yield f"  {mots['cause']}{deux} {printable(one.cause.dans(langue))}"
    yield from (f"    - {printable(said.dans(langue))}" for said in one.details)
    if one.remede:
        yield f"  {mots['remede']}{deux} {printable(one.remede.dans(langue))}"
    if one.suggestion:
        yield f"  {mots['suggestion']}{deux} {one.suggestion}{' ?' if langue == 'fr' else '?'}"
    if one.correction:
        word = mots["ajout" if one.correction.ajout else "correction"].format(ligne=one.correction.ligne)
        yield f"  {word}{deux}\n  | {encre(printable(one.correction.texte), 'juste')}"
    if one.forme:
        place = f" ({one.lieu_forme})" if one.lieu_forme.ligne else ""
        yield encre(f"  {mots['regle']}{deux} {one.forme}{place}", "discret")


def printable(text: str) -> str:
    """The text as it may go to a terminal: a control sign of a damaged file moves no cursor there."""
    return _COMMANDES.sub("\ufffd", text)


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

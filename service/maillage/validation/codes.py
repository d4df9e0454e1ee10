"""The catalogue of findings (`codes.toml`): a stable code, its message, its cause and its cure."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from maillage.validation.constat import Texte

#: SHACL component → code of the finding; what is not here is MLG-FORME.
COMPOSANTS = {
    "MinCount": "MLG-ABSENT",
    "MaxCount": "MLG-TROP",
    "Class": "MLG-CLASSE",
    "Datatype": "MLG-LITTERAL",
    "NodeKind": "MLG-NATURE",
    "MinExclusive": "MLG-BORNE",
    "MinInclusive": "MLG-BORNE",
    "MaxExclusive": "MLG-BORNE",
    "MaxInclusive": "MLG-BORNE",
    "MinLength": "MLG-LONGUEUR",
    "MaxLength": "MLG-LONGUEUR",
    "Pattern": "MLG-MOTIF",
    "LanguageIn": "MLG-LANGUE",
    "UniqueLang": "MLG-LANGUE-DOUBLE",
    "In": "MLG-LISTE",
    "Equals": "MLG-COUPLE",
    "Disjoint": "MLG-COUPLE",
    "LessThan": "MLG-COUPLE",
    "LessThanOrEquals": "MLG-COUPLE",
    "Closed": "MLG-FERMEE",
    "HasValue": "MLG-VALEUR",
    "QualifiedMinCount": "MLG-COMBIEN",
    "QualifiedMaxCount": "MLG-COMBIEN",
    "SPARQL": "MLG-REGLE",
}


@dataclass(frozen=True, slots=True)
class Explication:
    """What is said of a code; `{names}` in the texts are filled from the finding."""

    code: str
    message: Texte
    cause: Texte
    remede: Texte
    avant: str = ""
    apres: str = ""


@cache
def catalogue() -> dict[str, Explication]:
    """Every code with its explanation, in the order of the file."""
    text = files("maillage.validation").joinpath("codes.toml").read_text(encoding="utf-8")
    return {code: _entry(code, fields) for code, fields in tomllib.loads(text).items()}


def _entry(code: str, fields: dict[str, dict[str, str] | str]) -> Explication:
    texts = {name: Texte(**value) for name, value in fields.items() if isinstance(value, dict)}
    examples = {name: value for name, value in fields.items() if isinstance(value, str)}
    return Explication(code, **texts, **examples)  # type: ignore[arg-type]


def explication(code: str) -> Explication:
    """The explanation of one code. Raises KeyError for an unknown one."""
    return catalogue()[code]


def to_markdown() -> str:
    """The stewards' page of codes: what each says, why, the cure, an example before and after."""
    rows = (f"| [{each.code}](#{each.code.lower()}) | {_cell(each)} |" for each in catalogue().values())
    return "\n".join([_PAGE, *rows]) + "\n\n" + "\n".join(map(_section, catalogue().values()))


_PAGE = """# Codes des constats de « maillage valider »

Chaque constat porte un code qui ne change pas. Ce qui est entre accolades est rempli d'après le fichier.
Dans les exemples, les préfixes sont supposés déclarés.

Page écrite par `python -m maillage.validation.codes > donnees/CODES.md` : ne pas modifier à la main.

| Code | Ce qui ne va pas |
|---|---|"""


def _cell(entry: Explication) -> str:
    return entry.message.fr.replace("|", "\\|")


def _section(entry: Explication) -> str:
    lines = [f"## {entry.code}", "", entry.message.fr, "", f"*Cause.* {entry.cause.fr}", ""]
    lines += [f"*Remède.* {entry.remede.fr}", "", f"*In English.* {entry.message.en} {entry.remede.en}", ""]
    for title, example in (("Avant", entry.avant), ("Après", entry.apres)):
        if example:
            lines += [f"{title} :", "", "```turtle", example.strip(), "```", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(to_markdown())

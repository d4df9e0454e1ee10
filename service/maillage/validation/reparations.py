"""What to write instead of a value that breaks a rule, where it can be told without inventing anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from maillage.namespaces import PREFIXES
from maillage.validation.chemins import Noeud, Terme, first, members, sh
from maillage.validation.explications import unknown
from maillage.validation.formes import Resultat
from maillage.validation.litteraux import LANG_STRING, possible
from maillage.validation.suggestions import Voisins

_JOUR = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_ISO = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_COURT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_ANYURI, _SANS_ZERO = ox.NamedNode(PREFIXES["xsd"] + "anyURI"), 9
_NUMERO = re.compile(r"0\d{9}$")


def repair(result: Resultat, code: str, shapes: ox.Store, near: Voisins) -> Terme | None:
    """The term to write instead, None where it cannot be told."""
    value, path = result.valeur, result.chemin
    if value == result.focus and isinstance(path, ox.NamedNode) and code == "MLG-INCONNU":
        return near.nearest(path)
    if isinstance(value, ox.NamedNode) and result.parametre == _ANYURI:
        return ox.Literal(value.value, datatype=_ANYURI)
    if isinstance(value, ox.NamedNode) and unknown(value, near.data):
        return near.nearest(value, result.focus)
    if not isinstance(value, ox.Literal):
        return None
    if code == "MLG-LANGUE":
        return _same_language(result, value, shapes)
    if code == "MLG-LANGUE-ABSENTE":
        return ox.Literal(value.value, language=_language(result, shapes))
    if code == "MLG-ADRESSE-TEXTE":
        prefix, _, local = value.value.partition(":")
        full = PREFIXES[prefix] + local if prefix in PREFIXES and not local.startswith("//") else value.value
        return ox.NamedNode(full)
    if code == "MLG-CLASSE" and isinstance(result.parametre, ox.NamedNode):
        return near.named(value.value, result.parametre)
    return _typed(result, value, shapes)


def _language(result: Resultat, shapes: ox.Store) -> str:
    """The first language that the rule accepts."""
    if result.composant == "LanguageIn":
        for item in members(shapes, result.parametre):
            if isinstance(item, ox.Literal):
                return item.value
    return "fr"


def _same_language(result: Resultat, value: ox.Literal, shapes: ox.Store) -> ox.Literal | None:
    """The text in the accepted language whose two letters begin its own: « fra » is fr."""
    for item in members(shapes, result.parametre):
        if isinstance(item, ox.Literal) and (value.language or "").startswith(item.value):
            return ox.Literal(value.value, language=item.value)
    return None


def _typed(result: Resultat, value: ox.Literal, shapes: ox.Store) -> ox.Literal | None:
    """The same value, with a datatype and a form that the rule accepts."""
    pattern = first(shapes, result.forme, sh("pattern"))
    kinds = [kind for kind in _datatypes(result, shapes) or [value.datatype] if kind != LANG_STRING]
    for text in dict.fromkeys(_forms(value.value)):
        for kind in kinds:
            made = ox.Literal(text, datatype=kind)
            fits = not isinstance(pattern, ox.Literal) or re.search(pattern.value, text)
            if fits and possible(made) and made != value:
                return made
    return None


def _datatypes(result: Resultat, shapes: ox.Store) -> list[ox.NamedNode]:
    """The datatypes that the rule accepts, in its order."""
    if result.composant == "Datatype" and isinstance(result.parametre, ox.NamedNode):
        return [result.parametre]
    branches: list[Terme] = members(shapes, result.parametre) if result.composant == "Or" else [result.forme]
    kinds = [first(shapes, branch, sh("datatype")) for branch in branches if isinstance(branch, Noeud)]
    return [kind for kind in kinds if isinstance(kind, ox.NamedNode)]


def _forms(text: str) -> Iterator[str]:
    """The text, and the usual right forms of what it looks like: dates, telephones, addresses."""
    bare = text.strip().removeprefix("mailto:")
    yield bare
    if day := _JOUR.match(bare):
        yield f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    if date := _ISO.match(bare):
        yield f"{date[1]}-{date[3]}-{date[2]}" if date[3] else bare
        yield f"{date[1]}-{date[2]}"
        yield date[1]
    if day := _COURT.fullmatch(bare):
        yield f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    digits = re.sub(r"[\s.-]", "", bare)
    if len(digits) == _SANS_ZERO and digits.isdigit():  # a number loses its leading zero
        digits = f"0{digits}"
    if _NUMERO.match(digits):
        yield " ".join(digits[rank : rank + 2] for rank in range(0, 10, 2))
    if bare.startswith(("http://", "https://")):
        yield re.sub(r"\s", "", bare)
    if bare.startswith("www."):
        yield f"https://{bare}"

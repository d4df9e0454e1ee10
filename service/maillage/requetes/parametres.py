"""Typed parameters of stored queries: from text given by a caller to a term that SPARQL can hold.

Nothing a caller writes reaches a query as text: a value becomes a validated term, and the term is
serialised by the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from maillage.namespaces import PREFIXES, etendre

XSD = PREFIXES["xsd"]
LONGUEUR_TEXTE = 1000

_ENTIER = re.compile(r"[+-]?\d{1,18}")
_LANGUE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*")
_ABSOLUE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+")
_CONTROLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class ParametreInvalide(ValueError):  # noqa: N818 (the error is named in French)
    """A value, missing or given, does not suit its parameter; said in French (`str`) and English."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(fr)
        self.fr, self.en = fr, en

    def message(self, langue: str) -> str:
        """The sentence in `langue`, French unless "en"."""
        return self.en if langue == "en" else self.fr


def _iri(value: str) -> NamedNode:
    value = etendre(value)
    if not _ABSOLUE.fullmatch(value):
        raise ValueError(value)
    return NamedNode(value)


def _entier(value: str) -> Literal:
    if not _ENTIER.fullmatch(value):
        raise ValueError(value)
    return Literal(str(int(value)), datatype=NamedNode(XSD + "integer"))


def _texte(value: str) -> Literal:
    if len(value) > LONGUEUR_TEXTE or _CONTROLE.search(value):
        raise ValueError(value)
    return Literal(value)


def _langue(value: str) -> Literal:
    if not _LANGUE.fullmatch(value):
        raise ValueError(value)
    return Literal(value.lower())


def _date(value: str) -> Literal:
    return Literal(date.fromisoformat(value).isoformat(), datatype=NamedNode(XSD + "date"))


@dataclass(frozen=True)
class TypeParametre:
    """A type of value: how it is read, how it is named to people, with an example, its JSON schema."""

    lire: Callable[[str], NamedNode | Literal]
    fr: str
    en: str
    schema: Mapping[str, object]


#: type word of a header → type; the plural of the word announces several values.
TYPES: dict[str, TypeParametre] = {
    "iri": TypeParametre(
        _iri,
        "une IRI, complète ou abrégée (commune:29232)",
        "an IRI, full or shortened (commune:29232)",
        {"type": "string", "format": "iri"},
    ),
    "entier": TypeParametre(_entier, "un nombre entier (12)", "a whole number (12)", {"type": "integer"}),
    "texte": TypeParametre(
        _texte,
        f"un texte de {LONGUEUR_TEXTE} caractères au plus, sans caractère de commande",
        f"a text of at most {LONGUEUR_TEXTE} characters, without control characters",
        {"type": "string", "maxLength": LONGUEUR_TEXTE},
    ),
    "langue": TypeParametre(
        _langue,
        "un code de langue (fr)",
        "a language code (fr)",
        {"type": "string", "pattern": f"^{_LANGUE.pattern}$"},
    ),
    "date": TypeParametre(
        _date,
        "une date AAAA-MM-JJ (2026-11-22)",
        "a date YYYY-MM-DD (2026-11-22)",
        {"type": "string", "format": "date"},
    ),
}


@dataclass(frozen=True)
class Parametre:
    """A parameter of a stored query, as its header declares it."""

    nom: str
    type: str
    classe: str
    description: str
    description_en: str
    plusieurs: bool
    facultatif: bool

    @property
    def schema(self) -> dict[str, object]:
        """JSON schema (OpenAPI) of the parameter: a list where it takes several values."""
        one = dict(TYPES[self.type].schema)
        return {"type": "array", "items": one, "minItems": 1} if self.plusieurs else one

    def dire(self, langue: str) -> str:
        """What it is, in `langue`, French unless "en"."""
        return self.description_en if langue == "en" else self.description

    def attendu(self, langue: str) -> str:
        """What a value looks like, in `langue`, French unless "en"."""
        kind = TYPES[self.type]
        return kind.en if langue == "en" else kind.fr

    def lire(self, value: str) -> NamedNode | Literal:
        """The term of a value. Raises ParametreInvalide."""
        try:
            return TYPES[self.type].lire(value.strip() if self.type != "texte" else value)
        except (ValueError, OverflowError):
            kind, shown = TYPES[self.type], value if len(value) <= 80 else value[:79] + "…"
            raise ParametreInvalide(
                f"Paramètre « {self.nom} » : « {shown!s} » ne convient pas, il faut {kind.fr}.",
                f"Parameter “{self.nom}”: “{shown!s}” does not suit, {kind.en} is needed.",
            ) from None

    def termes(self, values: list[str | NamedNode | Literal]) -> list[NamedNode | Literal]:
        """The terms of the given values. Raises ParametreInvalide: missing, superfluous or wrong value."""
        if not values and not self.facultatif:
            raise ParametreInvalide(
                f"Paramètre « {self.nom} » manquant : {self.description}.",
                f"Parameter “{self.nom}” is missing: {self.description_en}.",
            )
        if len(values) > 1 and not self.plusieurs:
            raise ParametreInvalide(
                f"Paramètre « {self.nom} » : une seule valeur est attendue.",
                f"Parameter “{self.nom}”: a single value is expected.",
            )
        return [self.lire(value) if isinstance(value, str) else value for value in values]

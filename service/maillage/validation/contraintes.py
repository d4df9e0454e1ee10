"""SHACL Core constraints that judge each value by itself (SHACL §4.1, §4.3 to §4.4, §4.6 to §4.8).

Each function receives the context, the shape and the value of its parameter, and returns the question asked
of a value. The same answers as the reference engine are proved by tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import Protocol

import pyoxigraph as ox

from maillage.validation.chemins import Noeud, Suivre, Terme, first, members, sh
from maillage.validation.litteraux import compare, text_of, well_formed

Accepte = Callable[[Terme], bool]


class Contexte(Protocol):
    """What a constraint may ask of the engine."""

    shapes: ox.Store
    data: ox.Store

    def conforms(self, shape: Terme, node: Terme) -> bool:
        """Whether a node conforms to a shape."""
        ...

    def instances(self, top: Terme) -> Container[Terme]:
        """The SHACL instances of a class."""
        ...

    def path(self, node: Terme) -> Suivre:
        """The function that follows a path on the data."""
        ...


Compile = Callable[[Contexte, Noeud, Terme], Accepte]


def _class(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
    return context.instances(parameter).__contains__


def _datatype(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
    return lambda value: isinstance(value, ox.Literal) and value.datatype == parameter and well_formed(value)


_KINDS: dict[str, tuple[type, ...]] = {
    "IRI": (ox.NamedNode,),
    "BlankNode": (ox.BlankNode,),
    "Literal": (ox.Literal,),
    "BlankNodeOrIRI": (ox.BlankNode, ox.NamedNode),
    "BlankNodeOrLiteral": (ox.BlankNode, ox.Literal),
    "IRIOrLiteral": (ox.NamedNode, ox.Literal),
}


def _node_kind(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
    kinds = next((kinds for name, kinds in _KINDS.items() if sh(name) == parameter), ())
    return lambda value: isinstance(value, kinds)


def _bound(holds: Callable[[int], bool]) -> Compile:
    def build(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
        def accept(value: Terme) -> bool:
            order = compare(value, parameter)
            return order is not None and holds(order)

        return accept

    return build


def _length(holds: Callable[[int, int], bool]) -> Compile:
    def build(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
        limit = int(text_of(parameter) or 0)

        def accept(value: Terme) -> bool:
            text = text_of(value)
            return text is not None and holds(len(text), limit)

        return accept

    return build


def _min_length(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
    if text_of(parameter) == "0":
        return lambda value: True
    return _length(lambda length, limit: length >= limit)(context, shape, parameter)


def _pattern(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
    flags = text_of(first(context.shapes, shape, sh("flags")) or ox.Literal("")) or ""
    options = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
    chosen = re.NOFLAG
    for letter in flags.lower():
        chosen |= options.get(letter, re.NOFLAG)
    search = re.compile(text_of(parameter) or "", chosen).search

    def accept(value: Terme) -> bool:
        text = text_of(value)
        return text is not None and search(text) is not None

    return accept


def _language_in(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
    ranges = tuple((text_of(item) or "").lower() for item in members(context.shapes, parameter))

    def accept(value: Terme) -> bool:
        tag = (value.language or "").lower() if isinstance(value, ox.Literal) else ""
        return bool(tag) and any(each in ("*", tag) or tag.startswith(each + "-") for each in ranges)

    return accept


def _in(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
    return frozenset(members(context.shapes, parameter)).__contains__


def _node(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
    return lambda value: context.conforms(parameter, value)


def _not(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
    return lambda value: not context.conforms(parameter, value)


def _logical(holds: Callable[[list[bool]], bool]) -> Compile:
    def build(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
        shapes = members(context.shapes, parameter)
        return lambda value: holds([context.conforms(each, value) for each in shapes])

    return build


def _or(context: Contexte, shape: Noeud, parameter: Terme) -> Accepte:
    shapes = members(context.shapes, parameter)
    return lambda value: any(context.conforms(each, value) for each in shapes)


#: parameter → (name of the component, how it is compiled)
PAR_VALEUR: dict[str, tuple[str, Compile]] = {
    "class": ("Class", _class),
    "datatype": ("Datatype", _datatype),
    "nodeKind": ("NodeKind", _node_kind),
    "minExclusive": ("MinExclusive", _bound(lambda order: order > 0)),
    "minInclusive": ("MinInclusive", _bound(lambda order: order >= 0)),
    "maxExclusive": ("MaxExclusive", _bound(lambda order: order < 0)),
    "maxInclusive": ("MaxInclusive", _bound(lambda order: order <= 0)),
    "minLength": ("MinLength", _min_length),
    "maxLength": ("MaxLength", _length(lambda length, limit: length <= limit)),
    "pattern": ("Pattern", _pattern),
    "languageIn": ("LanguageIn", _language_in),
    "in": ("In", _in),
    "node": ("Node", _node),
    "not": ("Not", _not),
    "and": ("And", _logical(all)),
    "or": ("Or", _or),
    "xone": ("Xone", _logical(lambda answers: answers.count(True) == 1)),
}

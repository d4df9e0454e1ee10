"""Where each triple of a Turtle text stands: rdflib's own parser, made to keep the offsets it works with.

It overrides private methods of `rdflib.plugins.parsers.notation3.SinkParser`: rdflib is pinned, and the W3C
Turtle suite proves that positions hold. Only texts that pyoxigraph accepts are given to it, by statement.
"""

from __future__ import annotations

from collections.abc import MutableSequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pyoxigraph as ox
from rdflib.plugins.parsers.notation3 import SinkParser, sfloat

from maillage.namespaces import PREFIXES
from maillage.validation.chemins import FIRST, NIL, REST, Noeud, Terme
from maillage.validation.enonces import Enonce, TexteTurtle

Etendue = tuple[int, int]
_XSD = PREFIXES["xsd"]
_PROFONDEUR = 200


@dataclass(frozen=True, slots=True)
class TripletSitue:
    """A triple and the extent of each of its terms in the text; an implied term has its neighbour's."""

    sujet: Noeud
    predicat: ox.NamedNode
    objet: Terme
    etendue_sujet: Etendue
    etendue_predicat: Etendue
    etendue_objet: Etendue


class _Symbole(str):
    """An IRI as the parser handles it: a string it may join and compare."""

    __slots__ = ()


class _Recueil:
    """What the parser calls to make terms; the triples themselves are taken by `_Analyseur`."""

    def __init__(self) -> None:
        self.blancs = 0

    def newSymbol(self, *args: str) -> _Symbole:  # noqa: N802
        return _Symbole(args[0])

    def newBlankNode(self, *args: Any, **kwargs: Any) -> ox.BlankNode:  # noqa: N802
        self.blancs += 1
        return ox.BlankNode(f"p{self.blancs}")

    def newLiteral(self, s: str, dt: str | None = None, lang: str | None = None) -> ox.Literal:  # noqa: N802
        if lang:
            return ox.Literal(s, language=lang)
        return ox.Literal(s, datatype=ox.NamedNode(dt)) if dt else ox.Literal(s)

    def intern(self, something: Any) -> Any:
        return something

    def bind(self, *args: Any) -> None:
        """Prefixes are known before parsing."""

    def setDefaultNamespace(self, *args: Any) -> None:  # noqa: N802
        """Prefixes are known before parsing."""


class _Analyseur(SinkParser):
    """rdflib's parser, recording extents."""

    def __init__(self, prefixes: dict[str, str], base: str) -> None:
        recueil: Any = _Recueil()
        super().__init__(recueil, baseURI=base or None, turtle=True)
        recueil.newList = self._new_list
        self._bindings = dict(prefixes)
        self.triplets: list[TripletSitue] = []
        self._objets: list[list[Etendue]] = []
        self._membres: list[list[Etendue]] = []
        self._a_placer: list[Etendue] = []
        self._verbe: Etendue = (0, 0)
        self._sujets: dict[Terme, Etendue] = {}

    def placed(self) -> list[TripletSitue]:
        """The triples; a blank node written `[…]` has its extent once read to its end."""
        return [
            replace(each, etendue_sujet=self._sujets.get(each.sujet, each.etendue_sujet))
            for each in self.triplets
        ]

    def subject(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        return self.path(argstr, i, res)

    def prop(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        return self.path(argstr, i, res)

    def item(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        j = self.path(argstr, i, res)
        if j >= 0 and self._membres:
            self._membres[-1].append((i, j))
        return j

    def node(
        self,
        argstr: str,
        i: int,
        res: MutableSequence[Any],
        subjectAlready: Any = None,  # noqa: N803
    ) -> int:
        start = self.skipSpace(argstr, i)
        is_list = start >= 0 and argstr[start] == "("
        if is_list:
            self._membres.append([])
        j = super().node(argstr, i, res, subjectAlready)
        if is_list:
            self._membres.pop()
        if j >= 0 and res:
            self._sujets.setdefault(_term(res[-1]), (start, j))
        return j

    def verb(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        start = self.skipSpace(argstr, i)
        j = super().verb(argstr, i, res)
        self._verbe = (start, j)
        return j

    def object(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        start = self.skipSpace(argstr, i)
        j = super().object(argstr, i, res)
        if j >= 0 and self._objets:
            self._objets[-1].append((start, j))
        return j

    def objectList(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:  # noqa: N802
        verbe = self._verbe
        self._objets.append([])
        j = super().objectList(argstr, i, res)
        self._a_placer, self._verbe = self._objets.pop()[::-1], verbe
        return j

    def makeStatement(self, quadruple: Any) -> None:  # noqa: N802
        _, predicate, subject, value = quadruple
        where = self._a_placer.pop() if self._a_placer else self._verbe
        self._keep(_term(subject), _term(predicate), _term(value), self._verbe, where)

    def _keep(self, subject: Terme, predicate: Terme, value: Terme, verb: Etendue, where: Etendue) -> None:
        if isinstance(subject, ox.NamedNode | ox.BlankNode) and isinstance(predicate, ox.NamedNode):
            self.triplets.append(TripletSitue(subject, predicate, value, verb, verb, where))

    def _new_list(self, items: list[Any], _: Any) -> Any:
        if not items:
            return _Symbole(NIL.value)
        extents = self._membres[-1]
        nodes: list[Any] = [self._store.newBlankNode() for _ in items]
        for node, after, value, where in zip(nodes, [*nodes[1:], NIL], items, extents, strict=True):
            self._keep(node, FIRST, _term(value), where, where)
            self._keep(node, REST, after, where, where)
        return nodes[0]


def situate(texte: TexteTurtle, enonce: Enonce, base: str = "") -> list[TripletSitue]:
    """The triples of one statement with their extents; empty where the statement is too deep or not Turtle.

    Blank nodes bear names of this reading only.
    """
    if max_depth(texte.texte[enonce.debut : enonce.fin]) > _PROFONDEUR:
        return []
    parser = _Analyseur(*texte.declared(enonce.debut, base))
    try:
        parser.directiveOrStatement(texte.texte[: enonce.fin], enonce.debut)
    except (SyntaxError, ValueError, AssertionError, IndexError, KeyError):
        return []
    return parser.placed()


def max_depth(text: str) -> int:
    """An upper bound of how deep brackets nest."""
    depth = deepest = 0
    for char in text:
        if char in "[(":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "])":
            depth -= 1
    return deepest


def _term(value: Any) -> Terme:
    """The pyoxigraph term of what rdflib's parser holds."""
    if isinstance(value, tuple):
        return ox.NamedNode(value[1])
    if isinstance(value, _Symbole):
        return ox.NamedNode(str(value))
    if isinstance(value, bool):
        return ox.Literal(str(value).lower(), datatype=ox.NamedNode(_XSD + "boolean"))
    for kind, name in ((sfloat, "double"), (int, "integer"), (Decimal, "decimal")):
        if isinstance(value, kind):
            return ox.Literal(str(value), datatype=ox.NamedNode(_XSD + name))
    return value  # type: ignore[no-any-return]

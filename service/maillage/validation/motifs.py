"""The triple patterns of a SPARQL query, by group: what must hold, what is looked at inside.

rdflib reads the query; only the shapes of algebra known here are taken, anything else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Identifier, URIRef, Variable

#: subject, predicate or path, object, each as SPARQL writes it.
Triplet = tuple[str, str, str]
_TRAVERSES = frozenset(
    [
        "SelectQuery",
        "Project",
        "Distinct",
        "Reduced",
        "OrderBy",
        "Slice",
        "Group",
        "AggregateJoin",
        "Extend",
        "ToList",
    ]
)
_SIMPLE = re.compile(r"<[^<>]*>|\?\w+")
_EXISTENCE = ("Builtin_EXISTS", "Builtin_NOTEXISTS")


class MotifInconnuError(ValueError):
    """The query holds something that is not read as patterns."""


@dataclass(slots=True)
class Groupe:
    """Patterns that hold together; `internes` are optional, alternative or forbidden groups inside.

    `refuse`: the group is that of a NOT EXISTS; `filtre`: it is filtered, or computes a value.
    """

    positifs: list[Triplet] = field(default_factory=list)
    internes: list[Groupe] = field(default_factory=list)
    refuse: bool = False
    filtre: bool = False


class Element(NamedTuple):
    """One predicate of a pattern's path and how a change of it ties to the pattern's ends.

    `sujet` and `objet` are the names that the ends have in the change (an inverse swaps them); `avant` and
    `apres` are the patterns between an end and the change, None where they are the same node.
    """

    predicat: str
    variable: str
    sujet: str
    objet: str
    avant: Triplet | None
    apres: Triplet | None


@lru_cache(maxsize=1024)
def read_groups(text: str) -> Groupe:
    """The patterns of a SELECT, to be read only. Raises MotifInconnuError."""
    try:
        algebra = prepareQuery(text).algebra
    except Exception as error:  # rdflib's parser raises exceptions of many kinds
        raise MotifInconnuError(str(error)) from error
    group = Groupe()
    _read(algebra, group)
    return group


def read_chain(names: list[str], paths: tuple[str, ...]) -> list[Triplet]:
    """The patterns of paths one after the other, each between two names. Raises MotifInconnuError."""
    motifs = list(zip(names, paths, names[1:], strict=False))
    if all(_SIMPLE.fullmatch(path) for path in paths):
        return motifs
    text = " . ".join(" ".join(motif) for motif in motifs)
    return read_groups(f"SELECT * WHERE {{ {text} }}").positifs


def rename(motif: Triplet, names: dict[str, str]) -> Triplet:
    """The pattern with its variables renamed, those inside a path untouched: a path has none."""
    subject, path, value = (names.get(part, part) for part in motif)
    return subject, path, value


def elements(motif: Triplet) -> Iterator[Element]:
    """Every predicate of a pattern, "" for a variable one."""
    start, path, end = motif
    if path.startswith("?"):
        yield Element("", path, "?ds", "?do", None, None)
        return
    for step in _steps(_parse_path(path)):
        a, b = ("?do", "?ds") if step.inverse else ("?ds", "?do")
        yield Element(
            step.predicate,
            "",
            a,
            b,
            (start, step.before, a) if step.before else None,
            (b, step.after, end) if step.after else None,
        )


class _Step(NamedTuple):
    predicate: str
    inverse: bool
    before: str
    after: str


def _steps(path: Identifier | Path) -> Iterator[_Step]:
    """The predicates of a path, with the paths that lead to and from them."""
    if isinstance(path, URIRef):
        yield _Step(path.n3(), False, "", "")
    elif isinstance(path, InvPath):
        for step in _steps(path.arg):
            yield _Step(step.predicate, not step.inverse, _inverse(step.after), _inverse(step.before))
    elif isinstance(path, AlternativePath):
        for each in path.args:
            yield from _steps(each)
    elif isinstance(path, SequencePath):
        yield from _sequence_steps(path)
    elif isinstance(path, MulPath):
        again = "" if path.mod == "?" else f"({path.path.n3()})*"
        for step in _steps(path.path):
            yield step._replace(before=_join(again, step.before), after=_join(step.after, again))
    else:
        raise MotifInconnuError(str(path))


def _sequence_steps(path: SequencePath) -> Iterator[_Step]:
    for rank, each in enumerate(path.args):
        before, after = path.args[:rank], path.args[rank + 1 :]
        for step in _steps(each):
            yield step._replace(
                before=_join(*(one.n3() for one in before), step.before),
                after=_join(step.after, *(one.n3() for one in after)),
            )


def _inverse(path: str) -> str:
    return f"^({path})" if path else ""


def _join(*parts: str) -> str:
    return "/".join(f"({part})" for part in parts if part)


@lru_cache(maxsize=1024)
def _parse_path(path: str) -> Identifier | Path:
    if _SIMPLE.fullmatch(path):
        return URIRef(path[1:-1])
    query: Any = prepareQuery(f"SELECT * WHERE {{ ?a {path} ?b }}").algebra
    while "p" in query:
        query = query["p"]
    ((_, found, _),) = query["triples"]
    return found  # type: ignore[no-any-return]


def _read(node: Any, group: Groupe) -> None:
    name = node.name if isinstance(node, CompValue) else ""
    if name in _TRAVERSES:
        _read(node["p"], group)
        if "expr" in node:
            group.filtre = True
            _expressions(node["expr"], group)
    elif name == "BGP":
        group.positifs += [_triplet(each) for each in node["triples"]]
    elif name == "Filter":
        group.filtre = True
        _read(node["p"], group)
        _expressions(node["expr"], group)
    elif name == "Join":
        _read(node["p1"], group)
        _read(node["p2"], group)
    elif name in ("LeftJoin", "Minus"):
        _read(node["p1"], group)
        group.internes.append(_inside(node["p2"]))
        _expressions(node.get("expr"), group)
    elif name == "Union":
        group.internes += [_inside(node["p1"]), _inside(node["p2"])]
    elif name != "ToMultiSet" or node["p"].name != "values":
        raise MotifInconnuError(name or str(node))


def _inside(node: Any, refuse: bool = False) -> Groupe:
    group = Groupe(refuse=refuse)
    _read(node, group)
    return group


def _expressions(node: Any, group: Groupe) -> None:
    """The groups of EXISTS and NOT EXISTS in an expression."""
    if isinstance(node, list):
        for each in node:
            _expressions(each, group)
    elif isinstance(node, CompValue):
        if node.name in _EXISTENCE:
            # The attribute, not the item: rdflib translates the group into the attribute only.
            group.internes.append(_inside(node.graph, node.name == "Builtin_NOTEXISTS"))
            return
        for value in node.values():
            _expressions(value, group)


def _triplet(triple: Any) -> Triplet:
    subject, path, value = (_written(term) for term in triple)
    return subject, path, value


def _written(term: Any) -> str:
    if isinstance(term, Variable):
        return f"?{term}"
    if isinstance(term, BNode):
        return f"?b{term}"
    text: str = term.n3()
    return text

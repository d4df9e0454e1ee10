"""SHACL property paths: read from the shapes, followed on the store.

Source: SHACL §2.3.1. A path is compiled once to a function from a node to its value nodes (a set, in order).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pyoxigraph as ox

from maillage.namespaces import PREFIXES

Noeud = ox.NamedNode | ox.BlankNode | ox.Triple
Graphe = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
Terme = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Suivre = Callable[[Terme], list[Terme]]

_SH = PREFIXES["sh"]
_RDF = PREFIXES["rdf"]
FIRST, REST, NIL = (ox.NamedNode(_RDF + name) for name in ("first", "rest", "nil"))


class CheminInconnuError(ValueError):
    """The node is not a property path."""


def sh(name: str) -> ox.NamedNode:
    """A term of the SHACL namespace."""
    return ox.NamedNode(_SH + name)


def objects(store: ox.Store, subject: Noeud, predicate: ox.NamedNode) -> list[Terme]:
    """The distinct values of a property, all graphs together."""
    return list(distinct([quad.object for quad in store.quads_for_pattern(subject, predicate, None, None)]))


def distinct(values: Sequence[Terme]) -> Sequence[Terme]:
    """Each value once, in order: two files may say the same triple."""
    return values if len(values) < 2 else list(dict.fromkeys(values))


def first(store: ox.Store, subject: Noeud, predicate: ox.NamedNode) -> Terme | None:
    """One value of a property, None without value."""
    return next(iter(objects(store, subject, predicate)), None)


def members(store: ox.Store, head: Terme | None) -> list[Terme]:
    """The members of an RDF list; stops at the first node that breaks or closes the list."""
    found: list[Terme] = []
    seen: set[Terme] = set()
    while isinstance(head, ox.NamedNode | ox.BlankNode) and head != NIL and head not in seen:
        seen.add(head)
        value = first(store, head, FIRST)
        if value is None:
            break
        found.append(value)
        head = first(store, head, REST)
    return found


def compile_path(shapes: ox.Store, data: ox.Store, path: Terme) -> Suivre:
    """The function that follows `path` (a node of `shapes`) on `data`.

    Raises CheminInconnuError where the node is no SHACL path.
    """
    if isinstance(path, ox.NamedNode):
        return _forward(data, path)
    if not isinstance(path, ox.BlankNode):
        raise CheminInconnuError(str(path))
    if first(shapes, path, FIRST) is not None:
        return _sequence([compile_path(shapes, data, step) for step in members(shapes, path)])
    for name, build in _OPERATORS.items():
        inner = first(shapes, path, sh(name))
        if inner is not None:
            return build(shapes, data, inner)
    raise CheminInconnuError(str(path))


def path_text(shapes: ox.Store, path: Terme) -> str:
    """The path in SPARQL syntax."""
    if not isinstance(path, ox.BlankNode):
        return str(path)
    if first(shapes, path, FIRST) is not None:
        return "(" + "/".join(path_text(shapes, step) for step in members(shapes, path)) + ")"
    for name, (before, after) in _SIGNS.items():
        inner = first(shapes, path, sh(name))
        if inner is not None:
            return f"{before}({path_text(shapes, inner)}){after}"
    alternative = first(shapes, path, sh("alternativePath"))
    if alternative is None:
        raise CheminInconnuError(str(path))
    return "(" + "|".join(path_text(shapes, step) for step in members(shapes, alternative)) + ")"


_SIGNS = {
    "inversePath": ("^", ""),
    "zeroOrMorePath": ("", "*"),
    "oneOrMorePath": ("", "+"),
    "zeroOrOnePath": ("", "?"),
}


def _forward(data: ox.Store, predicate: ox.NamedNode) -> Suivre:
    def follow(node: Terme) -> list[Terme]:
        return objects(data, node, predicate) if isinstance(node, ox.NamedNode | ox.BlankNode) else []

    return follow


def _inverse(shapes: ox.Store, data: ox.Store, inner: Terme) -> Suivre:
    if not isinstance(inner, ox.NamedNode):
        return _inverse_of_path(shapes, data, inner)

    def follow(node: Terme) -> list[Terme]:
        quads = data.quads_for_pattern(None, inner, node, None)
        return list(dict.fromkeys(quad.subject for quad in quads))

    return follow


def _inverse_of_path(shapes: ox.Store, data: ox.Store, inner: Terme) -> Suivre:
    """^(a/b) is ^b/^a, ^(a|b) is ^a|^b, ^(a*) is (^a)*, ^^a is a."""
    if not isinstance(inner, ox.BlankNode):
        raise CheminInconnuError(str(inner))
    if first(shapes, inner, FIRST) is not None:
        return _sequence([_inverse(shapes, data, step) for step in reversed(members(shapes, inner))])
    double = first(shapes, inner, sh("inversePath"))
    if double is not None:
        return compile_path(shapes, data, double)
    alternative = first(shapes, inner, sh("alternativePath"))
    if alternative is not None:
        return _union([_inverse(shapes, data, step) for step in members(shapes, alternative)])
    for name, repeat in (("zeroOrMorePath", _star), ("oneOrMorePath", _plus), ("zeroOrOnePath", _maybe)):
        repeated = first(shapes, inner, sh(name))
        if repeated is not None:
            return repeat(_inverse(shapes, data, repeated))
    raise CheminInconnuError(str(inner))


def _sequence(steps: list[Suivre]) -> Suivre:
    def follow(node: Terme) -> list[Terme]:
        nodes = [node]
        for step in steps:
            nodes = _distinct(value for each in nodes for value in step(each))
        return nodes

    return follow


def _union(steps: list[Suivre]) -> Suivre:
    return lambda node: _distinct(value for step in steps for value in step(node))


def _star(step: Suivre) -> Suivre:
    return lambda node: _reach([node], step)


def _plus(step: Suivre) -> Suivre:
    return lambda node: _reach(step(node), step)


def _maybe(step: Suivre) -> Suivre:
    return lambda node: _distinct([node, *step(node)])


def _reach(start: list[Terme], step: Suivre) -> list[Terme]:
    found = dict.fromkeys(start)
    waiting = list(start)
    while waiting:
        for value in step(waiting.pop()):
            if value not in found:
                found[value] = None
                waiting.append(value)
    return list(found)


def _distinct(values: Iterable[Terme]) -> list[Terme]:
    return list(dict.fromkeys(values))


def _alternative(shapes: ox.Store, data: ox.Store, inner: Terme) -> Suivre:
    return _union([compile_path(shapes, data, step) for step in members(shapes, inner)])


def _repeated(repeat: Callable[[Suivre], Suivre]) -> Callable[[ox.Store, ox.Store, Terme], Suivre]:
    return lambda shapes, data, inner: repeat(compile_path(shapes, data, inner))


_OPERATORS: dict[str, Callable[[ox.Store, ox.Store, Terme], Suivre]] = {
    "inversePath": _inverse,
    "alternativePath": _alternative,
    "zeroOrMorePath": _repeated(_star),
    "oneOrMorePath": _repeated(_plus),
    "zeroOrOnePath": _repeated(_maybe),
}

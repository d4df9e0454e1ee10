"""SHACL Core constraints that judge the values of a focus node together (SHACL §4.2, §4.5, §4.7.3, §4.8).

Each function receives the context, the shape and the value of its parameter, and returns what finds the gaps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import pyoxigraph as ox

from maillage.validation.chemins import Noeud, Terme, first, members, objects, sh
from maillage.validation.contraintes import Contexte
from maillage.validation.formes import Ecart, is_true
from maillage.validation.litteraux import compare, text_of

Trouve = Callable[[Terme, Sequence[Terme]], Iterable[Ecart]]
Compile = Callable[[Contexte, Noeud, Terme], Trouve]
_MANQUE = (Ecart(),)


def _min_count(context: Contexte, shape: Noeud, parameter: Terme) -> Trouve:
    limit = int(text_of(parameter) or 0)
    return lambda focus, values: _MANQUE if len(values) < limit else ()


def _max_count(context: Contexte, shape: Noeud, parameter: Terme) -> Trouve:
    limit = int(text_of(parameter) or 0)
    return lambda focus, values: _MANQUE if len(values) > limit else ()


def _has_value(context: Contexte, shape: Noeud, parameter: Terme) -> Trouve:
    return lambda focus, values: () if parameter in values else _MANQUE


def _unique_lang(context: Contexte, shape: Noeud, parameter: Terme) -> Trouve:
    if text_of(parameter) not in ("true", "1"):
        return lambda focus, values: ()

    def find(focus: Terme, values: Sequence[Terme]) -> Iterable[Ecart]:
        if len(values) < 2:
            return ()
        tags = Counter(value.language for value in values if isinstance(value, ox.Literal) and value.language)
        return [Ecart() for count in tags.values() if count > 1]

    return find


def _equals(context: Contexte, shape: Noeud, parameter: Terme) -> Trouve:
    other = context.path(parameter)

    def find(focus: Terme, values: Sequence[Terme]) -> Iterable[Ecart]:
        return [Ecart(value) for value in set(values) ^ set(other(focus))]

    return find


def _disjoint(context: Contexte, shape: Noeud, parameter: Terme) -> Trouve:
    other = context.path(parameter)

    def find(focus: Terme, values: Sequence[Terme]) -> Iterable[Ecart]:
        return [Ecart(value) for value in set(values) & set(other(focus))]

    return find


def _below(holds: Callable[[int], bool]) -> Compile:
    def build(context: Contexte, shape: Noeud, parameter: Terme) -> Trouve:
        other = context.path(parameter)

        def find(focus: Terme, values: Sequence[Terme]) -> Iterable[Ecart]:
            for value in values:
                for limit in other(focus):
                    order = compare(value, limit)
                    if order is None or not holds(order):
                        yield Ecart(value)

        return find

    return build


def _closed(context: Contexte, shape: Noeud, parameter: Terme) -> Trouve:
    if text_of(parameter) not in ("true", "1"):
        return lambda focus, values: ()
    allowed: set[Terme] = set(members(context.shapes, first(context.shapes, shape, sh("ignoredProperties"))))
    for each in objects(context.shapes, shape, sh("property")):
        if isinstance(each, ox.NamedNode | ox.BlankNode):
            allowed.update(objects(context.shapes, each, sh("path")))

    def find(focus: Terme, values: Sequence[Terme]) -> Iterable[Ecart]:
        for node in values:
            if isinstance(node, ox.NamedNode | ox.BlankNode):
                quads = context.data.quads_for_pattern(node, None, None, None)
                extra = {(quad.object, quad.predicate) for quad in quads if quad.predicate not in allowed}
                yield from (Ecart(value, predicate) for value, predicate in extra)

    return find


def _qualified(too_many: bool) -> Compile:
    def build(context: Contexte, shape: Noeud, parameter: Terme) -> Trouve:
        limit = int(text_of(parameter) or 0)
        wanted = objects(context.shapes, shape, sh("qualifiedValueShape"))
        siblings = _siblings(context, shape) - set(wanted)

        def counts(value: Terme) -> bool:
            return all(context.conforms(each, value) for each in wanted) and not any(
                context.conforms(each, value) for each in siblings
            )

        def find(focus: Terme, values: Sequence[Terme]) -> Iterable[Ecart]:
            number = sum(map(counts, values))
            return _MANQUE if (number > limit if too_many else number < limit) else ()

        return find

    return build


def _siblings(context: Contexte, shape: Noeud) -> set[Terme]:
    """The qualified shapes of the properties beside this one, where they must be disjoint (SHACL §4.7.3)."""
    if not is_true(context.shapes, shape, sh("qualifiedValueShapesDisjoint")):
        return set()
    parents = [quad.subject for quad in context.shapes.quads_for_pattern(None, sh("property"), shape, None)]
    beside = [each for parent in parents for each in objects(context.shapes, parent, sh("property"))]
    return {
        qualified
        for each in beside
        if isinstance(each, ox.NamedNode | ox.BlankNode)
        for qualified in objects(context.shapes, each, sh("qualifiedValueShape"))
    }


#: parameter → (name of the component, how it is compiled)
PAR_ENSEMBLE: dict[str, tuple[str, Compile]] = {
    "minCount": ("MinCount", _min_count),
    "maxCount": ("MaxCount", _max_count),
    "hasValue": ("HasValue", _has_value),
    "uniqueLang": ("UniqueLang", _unique_lang),
    "equals": ("Equals", _equals),
    "disjoint": ("Disjoint", _disjoint),
    "lessThan": ("LessThan", _below(lambda order: order < 0)),
    "lessThanOrEquals": ("LessThanOrEquals", _below(lambda order: order <= 0)),
    "closed": ("Closed", _closed),
    "qualifiedMinCount": ("QualifiedMinCount", _qualified(too_many=False)),
    "qualifiedMaxCount": ("QualifiedMaxCount", _qualified(too_many=True)),
}
#: parameters that only accompany another.
COMPAGNONS = frozenset(("flags", "ignoredProperties", "qualifiedValueShape", "qualifiedValueShapesDisjoint"))
#: parameters without effect on a node shape.
DE_PROPRIETE = frozenset(PAR_ENSEMBLE) - {"hasValue", "equals", "disjoint", "closed"}

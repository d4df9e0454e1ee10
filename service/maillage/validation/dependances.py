"""What a result depends on: which focus nodes the change of one triple may touch.

Every shape is read as a set of graph patterns around `$this`. A changed triple that matches one of them
touches the `$this` of the solutions that hold it, looked for in the union of the data before and after the
change: a solution of either is one of the union. So nothing that changes is missed; something more may be
looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import pyoxigraph as ox

from maillage.validation.chemins import Noeud, Terme, first, members, objects, path_text, sh
from maillage.validation.formes import RDF_TYPE, is_true, targeted
from maillage.validation.motifs import (
    Groupe,
    MotifInconnuError,
    Triplet,
    elements,
    read_chain,
    read_groups,
    rename,
)
from maillage.validation.regles import read_query

THIS, SUJET, PREDICAT, OBJET = "?this", "?ds", "?dp", "?do"
_LISTES = ("and", "or", "xone")
_IMBRIQUES = ("node", "not", "qualifiedValueShape", "property")
_COUPLES = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
_PROFONDEUR = 8


class ToutDependError(ValueError):
    """The shapes cannot be read as patterns around `$this`: any change may touch any focus node."""


@dataclass(frozen=True, slots=True)
class Declencheur:
    """Patterns that tie `?this` to a changed triple `?ds ?dp ?do`.

    `existence`: only the first and the last triple of the subject, or of the subject and predicate, matter.
    """

    motifs: tuple[Triplet, ...]
    existence: Literal["", "sujet", "predicat"] = ""

    def touched(self, union: ox.Store, change: ox.Triple, changes: set[ox.Triple]) -> Iterable[Terme]:
        """The focus nodes tied to a change, looked for in the union of the data before and after."""
        if self.existence and _exists_apart(self.existence, union, change, changes):
            return ()
        known = {SUJET: change.subject, PREDICAT: change.predicate, OBJET: change.object}
        if len(self.motifs) == 1:
            simple = _one_pattern(union, self.motifs[0], known)
            if simple is not None:
                return simple
        return _query(union, self.motifs, known)


@dataclass(slots=True)
class Dependances:
    """The triggers of all the shapes, by the predicate of the change ("" for any)."""

    par_predicat: dict[str, dict[Declencheur, None]] = field(default_factory=dict)
    objets: set[str] = field(default_factory=set)

    def touched(self, union: ox.Store, changes: set[ox.Triple]) -> set[Terme]:
        """The focus nodes that changed triples may touch; their subjects are always among them."""
        found: set[Terme] = {change.subject for change in changes}
        done: set[tuple[object, ...]] = set()
        for change in changes:
            if str(change.predicate) in self.objets or "" in self.objets:
                found.add(change.object)
            for each in (*self.par_predicat.get(str(change.predicate), ()), *self.par_predicat.get("", ())):
                key = (each, change.subject, _used(each, change))
                if key not in done:
                    done.add(key)
                    found.update(each.touched(union, change, changes))
        return found

    def add(self, predicate: str, trigger: Declencheur) -> None:
        """Keep a trigger; one that says nothing more than the subject, or the object, is kept as such."""
        names = {name for motif in trigger.motifs for name in motif}
        if THIS not in names:
            raise ToutDependError(predicate)
        self.par_predicat.setdefault(predicate, {})[trigger] = None


def read_dependencies(shapes: ox.Store, data: ox.Store) -> Dependances:
    """The dependencies of every targeted shape. Raises ToutDependError."""
    found = Dependances()
    for quad in shapes.quads_for_pattern(None, sh("targetObjectsOf"), None, None):
        found.objets.add(str(quad.object))
    try:
        for node in targeted(shapes):
            _walk(found, shapes, data, node, (), 0)
    except (MotifInconnuError, SyntaxError) as error:
        raise ToutDependError(str(error)) from error
    return found


def query_dependencies(text: str) -> Dependances:
    """The dependencies of a query of which `?this` is the focus node. Raises ToutDependError."""
    found = Dependances()
    try:
        _add_query(found, text, "")
    except (MotifInconnuError, SyntaxError) as error:
        raise ToutDependError(str(error)) from error
    return found


def _walk(
    found: Dependances, shapes: ox.Store, data: ox.Store, node: Terme, steps: tuple[str, ...], depth: int
) -> None:
    """Add the chains of a shape met after `steps` from the focus node."""
    if depth > _PROFONDEUR:
        raise ToutDependError("recursive shapes")
    if not isinstance(node, ox.NamedNode | ox.BlankNode) or is_true(shapes, node, sh("deactivated")):
        return
    path = first(shapes, node, sh("path"))
    here = steps if path is None else (*steps, path_text(shapes, path))
    ends = [here] if path is not None else []
    ends += [(*here, str(RDF_TYPE)) for _ in objects(shapes, node, sh("class"))]
    ends += [(*steps, str(other)) for name in _COUPLES for other in objects(shapes, node, sh(name))]
    ends += [(*here, "?p") for _ in objects(shapes, node, sh("closed"))]
    for chain in ends:
        _add_chain(found, chain)
    for nested in _nested(shapes, node):
        _walk(found, shapes, data, nested, here, depth + 1)
    for constraint in objects(shapes, node, sh("sparql")):
        if steps or not isinstance(constraint, ox.NamedNode | ox.BlankNode):
            raise ToutDependError("a query inside another shape")
        text = read_query(shapes, data, constraint).texte
        _add_query(found, text, "" if path is None else path_text(shapes, path))


def _nested(shapes: ox.Store, node: Noeud) -> Iterator[Terme]:
    for name in _IMBRIQUES:
        yield from objects(shapes, node, sh(name))
    for name in _LISTES:
        for head in objects(shapes, node, sh(name)):
            yield from members(shapes, head)


def _add_chain(found: Dependances, chain: tuple[str, ...]) -> None:
    """A chain of paths: a change in the last one, tied to `?this` by those before."""
    names = [THIS, *(f"?v{rank}" for rank in range(1, len(chain) + 1))]
    motifs = read_chain(names, chain)
    last = [motif for motif in motifs if names[-1] in motif] or motifs
    before = [motif for motif in motifs if motif not in last]
    for motif in last:
        _add_pattern(found, motif, tuple(before), False)


def _add_query(found: Dependances, text: str, path: str) -> None:
    text = text.replace("$PATH", path).replace("$this", THIS)
    _add_group(found, read_groups(text), ())


def _add_group(found: Dependances, group: Groupe, around: tuple[Triplet, ...]) -> None:
    required = (*around, *group.positifs)
    alone = group.refuse and len(group.positifs) == 1 and not group.internes and not group.filtre
    for motif in group.positifs:
        others = tuple(each for each in required if each is not motif)
        _add_pattern(found, motif, others, alone and _loose(motif, others))
    for nested in group.internes:
        _add_group(found, nested, required)


def _loose(motif: Triplet, others: tuple[Triplet, ...]) -> bool:
    """Whether only the existence of a triple of the subject matters: its other variables serve nowhere."""
    _, path, value = motif
    names = {name for each in others for name in each}
    free = [name for name in (path, value) if name.startswith("?")]
    return value.startswith("?") and not names & set(free)


def _add_pattern(found: Dependances, motif: Triplet, others: tuple[Triplet, ...], existence: bool) -> None:
    start, _, end = motif
    for element in elements(motif):
        ties = list(others)
        names: dict[str, str] = {}
        for name, change, tie in ((start, element.sujet, element.avant), (end, element.objet, element.apres)):
            if tie is not None:
                ties.append(tie)
            elif name.startswith("?"):
                names[name] = change
        if element.variable:
            names[element.variable] = PREDICAT
        if names.get(THIS) == SUJET:
            continue
        if names.get(THIS) == OBJET:
            found.objets.add(element.predicat)
            continue
        plain = existence and element.avant is None and element.apres is None and element.sujet == SUJET
        bound = tuple(rename(each, names) for each in ties)
        kind: Literal["", "sujet", "predicat"] = "predicat" if element.predicat else "sujet"
        found.add(element.predicat, Declencheur(_tied(bound), kind if plain else ""))


def _tied(motifs: tuple[Triplet, ...]) -> tuple[Triplet, ...]:
    """The patterns linked to `?this` by shared variables: the others only restrict."""
    reached, kept = {THIS}, set()
    while True:
        more = {each for each in motifs if each not in kept and reached & set(each)}
        if not more:
            return tuple(each for each in motifs if each in kept)
        kept |= more
        reached |= {name for each in more for name in each if name.startswith("?")}


def _used(trigger: Declencheur, change: ox.Triple) -> tuple[object, ...]:
    names = {name for motif in trigger.motifs for name in motif}
    predicate = change.predicate if PREDICAT in names or trigger.existence else None
    return predicate, change.object if OBJET in names else None


def _exists_apart(kind: str, union: ox.Store, change: ox.Triple, changes: set[ox.Triple]) -> bool:
    """Whether another triple of the subject (and predicate) stays as it was before and after."""
    predicate = change.predicate if kind == "predicat" else None
    quads = union.quads_for_pattern(change.subject, predicate, None, None)
    return any(quad.triple not in changes for quad in quads)


def _one_pattern(union: ox.Store, motif: Triplet, known: dict[str, Terme]) -> list[Terme] | None:
    """The nodes of `?this` in one pattern; None where a query is needed."""
    subject, path, value = motif
    if subject != THIS or value not in (SUJET, OBJET) or path == value:
        return None
    predicate = known.get(path)
    if predicate is None and not path.startswith("?"):
        if not path.startswith("<") or ">" in path[:-1]:
            return None
        predicate = ox.NamedNode(path[1:-1])
    if predicate is not None and not isinstance(predicate, ox.NamedNode):
        return []
    return [quad.subject for quad in union.quads_for_pattern(None, predicate, known[value], None)]


def _query(union: ox.Store, motifs: tuple[Triplet, ...], known: dict[str, Terme]) -> Iterator[Terme]:
    names = {name for motif in motifs for name in motif}
    bound = {ox.Variable(name[1:]): term for name, term in known.items() if name in names}
    shown = " ".join(["?this", *(f"?{variable.value}" for variable in bound)])
    text = f"SELECT DISTINCT {shown} WHERE {{ {' . '.join(' '.join(motif) for motif in motifs)} }}"
    rows = union.query(text, use_default_graph_as_union=True, substitutions=bound)
    if isinstance(rows, ox.QuerySolutions):
        for row in rows:
            if row["this"] is not None:
                yield row["this"]

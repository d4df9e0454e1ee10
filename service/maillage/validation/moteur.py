"""The SHACL engine: targeted shapes evaluated focus node by focus node, straight on the store.

pySHACL is the reference (tests prove equal findings) and the fallback for what is not compiled here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError

from maillage.validation.chemins import (
    FIRST,
    REST,
    CheminInconnuError,
    Noeud,
    Suivre,
    Terme,
    compile_path,
    distinct,
    first,
    objects,
    sh,
)
from maillage.validation.contraintes import PAR_VALEUR
from maillage.validation.ensembles import COMPAGNONS, DE_PROPRIETE, PAR_ENSEMBLE
from maillage.validation.formes import (
    DESCRIPTIONS,
    Ecart,
    Forme,
    Instances,
    ParEnsemble,
    ParValeur,
    Resultat,
    instances,
    is_true,
    literals,
    targeted,
    targets,
)
from maillage.validation.regles import RequeteShacl, read_query
from maillage.validation.repli import reference_results

_VIOLATION = sh("Violation")
_SH = sh("").value
_CONNUS = DESCRIPTIONS | COMPAGNONS | PAR_VALEUR.keys() | PAR_ENSEMBLE.keys() | {"property", "sparql"}
#: each focus node with its value nodes.
_Paires = list[tuple[Terme, Sequence[Terme]]]
#: terms that lead from a shape to another, or to the members of a list of shapes.
_MENENT = frozenset(
    ("property", "node", "not", "and", "or", "xone", "qualifiedValueShape", "sparql", FIRST.value, REST.value)
)
Progress = Callable[[int, int, str], None]
#: from so many focus nodes on, a property is read whole rather than node by node.
_BEAUCOUP = 500


#: what a shape that is no good raises when compiled or run.
_ILLISIBLE = (
    CheminInconnuError,
    ReportableRuntimeError,
    ShapeLoadError,
    ConstraintLoadError,
    SyntaxError,
    TypeError,
    ValueError,
    re.error,
    RecursionError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class FormeIllisible:
    """A shape that could not be applied, and why."""

    forme: Noeud
    message: str


class Moteur:
    """Shapes bound to data. Both are stores read as the union of their graphs."""

    def __init__(self, shapes: ox.Store, data: ox.Store, vivant: bool = False) -> None:
        """`vivant`: the data may change between runs, the hierarchy of classes and the shapes may not."""
        self.shapes = shapes
        self.data = data
        self.vivant = vivant
        self._formes: dict[Terme, Forme] = {}
        self._instances: dict[Terme, Container[Terme]] = {}
        self._requetes: dict[Noeud, RequeteShacl] = {}
        self._en_cours: set[tuple[Terme, Terme]] = set()
        self.cibles: set[Terme] = set()

    def inconnus(self, node: Noeud) -> set[str]:
        """The SHACL terms, and the parameters of declared components, that this engine does not know."""
        custom = self._custom_parameters
        found: set[str] = set()
        seen: set[Terme] = {node}
        waiting: list[Noeud] = [node]
        while waiting:
            for quad in self.shapes.quads_for_pattern(waiting.pop(), None, None, None):
                name = quad.predicate.value
                term = name.removeprefix(_SH)
                if quad.predicate in custom or (name != term and term not in _CONNUS):
                    found.add(name)
                value = quad.object
                if term in _MENENT and isinstance(value, ox.NamedNode | ox.BlankNode) and value not in seen:
                    seen.add(value)
                    waiting.append(value)
        return found

    @cached_property
    def _custom_parameters(self) -> set[Terme]:
        query = f"SELECT ?p WHERE {{ ?c <{_SH}parameter> ?x . ?x <{_SH}path> ?p }}"
        rows = self.shapes.query(query, use_default_graph_as_union=True)
        return {row[0] for row in rows} if isinstance(rows, ox.QuerySolutions) else set()

    def run(self, progress: Progress | None = None) -> Iterator[Resultat | FormeIllisible]:
        """Every result of every shape with targets, as `run_rooted` gives them."""
        for _, result in self.run_rooted(progress):
            yield result

    def run_rooted(
        self, progress: Progress | None = None, cibles: Mapping[Noeud, set[Terme]] | None = None
    ) -> Iterator[tuple[Terme, Resultat | FormeIllisible]]:
        """Every result with the targeted node it comes from; `cibles` restricts each shape to those nodes.

        A shape that cannot be read gives a `FormeIllisible`, and hides no other.
        """
        shapes = targeted(self.shapes) if cibles is None else sorted(cibles, key=str)
        seen: set[Terme] = set()
        with ThreadPoolExecutor(1) as beside:
            waiting: list[tuple[Noeud, Future[list[Resultat]]]] = []
            for rank, node in enumerate(shapes):
                if progress:
                    progress(rank, len(shapes), str(node).strip("<>"))
                nodes = targets(self.shapes, self.data, node) if cibles is None else cibles[node]
                seen |= nodes
                try:
                    waiting.append((node, beside.submit(list, self._queries(node, nodes))))
                    yield from self._targeted(node, nodes)
                except _ILLISIBLE as error:
                    yield node, FormeIllisible(node, str(error))
            for node, future in waiting:
                try:
                    yield from ((result.focus, result) for result in future.result())
                except _ILLISIBLE as error:
                    yield node, FormeIllisible(node, str(error))
        self.cibles = seen

    def _queries(self, node: Noeud, nodes: set[Terme]) -> Iterator[Resultat]:
        """The results of the queries of a shape: the store works beside Python, which it does not need."""
        if self.inconnus(node):
            return
        forme = self.forme(node)
        for constraint in forme.requetes if forme.active else ():
            yield from self._query(constraint).run(forme, nodes)

    def _targeted(self, node: Noeud, nodes: set[Terme]) -> Iterator[tuple[Terme, Resultat]]:
        if self.inconnus(node):
            yield from ((each.focus, each) for each in reference_results(self.shapes, self.data, node))
            return
        forme = self.forme(node)
        if not forme.active:
            return
        for group in [(each,) for each in nodes] if self._deep(forme) else [nodes]:
            for result in self._evaluate(forme, group, queries=False):
                yield (next(iter(group)) if len(group) == 1 else result.focus), result

    def _deep(self, forme: Forme) -> bool:
        """Whether a property shape is inside another: it reports on values of the targeted node."""
        nested = [self.forme(each) for each in forme.proprietes]
        return bool(forme.suivre and nested) or any(each.proprietes or each.requetes for each in nested)

    def evaluate(self, node: Terme, focus: Iterable[Terme]) -> Iterator[Resultat]:
        """The results of some nodes against one shape, whatever the shape's targets."""
        forme = self.forme(node)
        return self._evaluate(forme, focus) if forme.active else iter(())

    def _evaluate(self, forme: Forme, focus: Iterable[Terme], queries: bool = True) -> Iterator[Resultat]:
        pairs = self._values(forme, focus)
        yield from _value_results(forme, pairs)
        yield from _set_results(forme, pairs)
        if forme.proprietes:
            nodes = [value for _, values in pairs for value in values]
            for nested in forme.proprietes:
                yield from self.evaluate(nested, nodes)
        for constraint in forme.requetes if queries else ():
            yield from self._query(constraint).run(forme, {node for node, _ in pairs})

    def _values(self, forme: Forme, focus: Iterable[Terme]) -> _Paires:
        """The value nodes of each focus node; one scan of the property where many nodes ask for it."""
        if forme.suivre is None:
            return [(node, (node,)) for node in focus]
        nodes = list(focus)
        if len(nodes) < _BEAUCOUP or not isinstance(forme.chemin, ox.NamedNode):
            return [(node, forme.suivre(node)) for node in nodes]
        index: dict[Terme, list[Terme]] = {}
        for quad in self.data.quads_for_pattern(None, forme.chemin, None, None):
            index.setdefault(quad.subject, []).append(quad.object)
        return [(node, distinct(index.get(node, ()))) for node in nodes]

    def conforms(self, shape: Terme, node: Terme) -> bool:
        """Whether a node has no result against a shape; a shape met again inside itself is taken as met."""
        forme = self.forme(shape)
        if not forme.active:
            return True
        if forme.simple:
            return all(check.accepte(node) for check in forme.par_valeur)
        key = (shape, node)
        if key in self._en_cours:
            return True
        self._en_cours.add(key)
        try:
            return next(self._evaluate(forme, (node,)), None) is None
        finally:
            self._en_cours.discard(key)

    def instances(self, top: Terme) -> Container[Terme]:
        """The SHACL instances of a class; found once, or asked of the data each time when it may change."""
        if top not in self._instances:
            find = Instances if self.vivant else instances
            self._instances[top] = find(self.data, top)
        return self._instances[top]

    def path(self, node: Terme) -> Suivre:
        """The function that follows a path on the data."""
        return compile_path(self.shapes, self.data, node)

    def forme(self, node: Terme) -> Forme:
        """The compiled shape of a node of the shapes graph."""
        if node not in self._formes:
            if not isinstance(node, ox.NamedNode | ox.BlankNode):
                raise TypeError(f"not a shape: {node}")
            self._formes[node] = self._compile(node)
        return self._formes[node]

    def _compile(self, node: Noeud) -> Forme:
        path = first(self.shapes, node, sh("path"))
        severity = first(self.shapes, node, sh("severity"))
        return Forme(
            noeud=node,
            chemin=path,
            suivre=None if path is None else self.path(path),
            gravite=severity if isinstance(severity, ox.NamedNode) else _VIOLATION,
            messages=literals(self.shapes, node, sh("message")),
            active=not is_true(self.shapes, node, sh("deactivated")),
            par_valeur=list(self._value_checks(node)),
            par_ensemble=list(self._set_checks(node)),
            proprietes=self._nodes(node, "property"),
            requetes=self._nodes(node, "sparql"),
        )

    def _value_checks(self, node: Noeud) -> Iterator[ParValeur]:
        for name, (component, build) in PAR_VALEUR.items():
            for parameter in objects(self.shapes, node, sh(name)):
                yield ParValeur(component, parameter, build(self, node, parameter))

    def _set_checks(self, node: Noeud) -> Iterator[ParEnsemble]:
        on_node = first(self.shapes, node, sh("path")) is None
        for name, (component, build) in PAR_ENSEMBLE.items():
            if on_node and name in DE_PROPRIETE:
                continue
            for parameter in objects(self.shapes, node, sh(name)):
                yield ParEnsemble(component, parameter, build(self, node, parameter))

    def _nodes(self, node: Noeud, name: str) -> list[Noeud]:
        values: Iterable[Terme] = objects(self.shapes, node, sh(name))
        return sorted((v for v in values if isinstance(v, ox.NamedNode | ox.BlankNode)), key=str)

    def _query(self, constraint: Noeud) -> RequeteShacl:
        if constraint not in self._requetes:
            self._requetes[constraint] = read_query(self.shapes, self.data, constraint)
        return self._requetes[constraint]


def _value_results(forme: Forme, pairs: _Paires) -> Iterator[Resultat]:
    for check in forme.par_valeur:
        accept = check.accepte
        for node, values in pairs:
            for value in values:
                if not accept(value):
                    yield forme.resultat(node, check, Ecart(value))


def _set_results(forme: Forme, pairs: _Paires) -> Iterator[Resultat]:
    for check in forme.par_ensemble:
        find = check.trouve
        for node, values in pairs:
            for gap in find(node, values):
                yield forme.resultat(node, check, gap)

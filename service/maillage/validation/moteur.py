"""The SHACL engine: targeted shapes evaluated focus node by focus node, straight on the store.

pySHACL is the reference (tests prove equal findings) and the fallback for what is not compiled here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from maillage.validation.chemins import (
    CheminInconnuError,
    Noeud,
    Suivre,
    Terme,
    compile_path,
    first,
    objects,
    sh,
)
from maillage.validation.contraintes import PAR_VALEUR
from maillage.validation.ensembles import COMPAGNONS, PAR_ENSEMBLE
from maillage.validation.formes import (
    DESCRIPTIONS,
    Forme,
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
Progress = Callable[[int, int, str], None]


#: what a shape that is no good raises when compiled or run.
_ILLISIBLE = (CheminInconnuError, SyntaxError, TypeError, ValueError, re.error, RecursionError)


@dataclass(frozen=True, slots=True)
class FormeIllisible:
    """A shape that could not be applied, and why."""

    forme: Noeud
    message: str


class Moteur:
    """Shapes bound to data. Both are stores read as the union of their graphs."""

    def __init__(self, shapes: ox.Store, data: ox.Store) -> None:
        self.shapes = shapes
        self.data = data
        self._formes: dict[Terme, Forme] = {}
        self._instances: dict[Terme, set[Terme]] = {}
        self._requetes: dict[Noeud, RequeteShacl] = {}
        self._en_cours: set[tuple[Terme, Terme]] = set()
        self.cibles = 0

    def inconnus(self, node: Noeud) -> set[str]:
        """The SHACL terms, and the parameters of declared components, that this engine does not know."""
        custom = self._custom_parameters
        found: set[str] = set()
        seen: set[Terme] = {node}
        waiting: list[Noeud] = [node]
        while waiting:
            for quad in self.shapes.quads_for_pattern(waiting.pop(), None, None, None):
                name = quad.predicate.value
                unknown_term = name.startswith(_SH) and name.removeprefix(_SH) not in _CONNUS
                if quad.predicate in custom or unknown_term:
                    found.add(name)
                value = quad.object
                if isinstance(value, ox.NamedNode | ox.BlankNode) and value not in seen:
                    if name == _SH + "prefixes":
                        continue
                    seen.add(value)
                    waiting.append(value)
        return found

    @cached_property
    def _custom_parameters(self) -> set[Terme]:
        query = f"SELECT ?p WHERE {{ ?c <{_SH}parameter> ?x . ?x <{_SH}path> ?p }}"
        rows = self.shapes.query(query, use_default_graph_as_union=True)
        return {row[0] for row in rows} if isinstance(rows, ox.QuerySolutions) else set()

    def run(
        self, progress: Progress | None = None, focus: set[Terme] | None = None
    ) -> Iterator[Resultat | FormeIllisible]:
        """Every result of every shape with targets; `focus` restricts to those focus nodes.

        A shape that cannot be read gives a `FormeIllisible`, and hides no other.
        """
        shapes = targeted(self.shapes)
        seen: set[Terme] = set()
        for rank, node in enumerate(shapes):
            if progress:
                progress(rank, len(shapes), str(node).strip("<>"))
            nodes = targets(self.shapes, self.data, node)
            nodes = nodes if focus is None else nodes & focus
            seen |= nodes
            try:
                yield from self._targeted(node, nodes)
            except _ILLISIBLE as error:
                yield FormeIllisible(node, str(error))
        self.cibles = len(seen)

    def _targeted(self, node: Noeud, nodes: set[Terme]) -> Iterator[Resultat]:
        if self.inconnus(node):
            yield from reference_results(self.shapes, self.data, node, nodes)
            return
        forme = self.forme(node)
        if not forme.active:
            return
        for each in nodes:
            yield from self._evaluate(forme, each, queries=False)
        for constraint in forme.requetes:
            yield from self._query(constraint).run(forme, nodes)

    def evaluate(self, node: Terme, focus: Terme) -> Iterator[Resultat]:
        """The results of one node against one shape, whatever the shape's targets."""
        forme = self.forme(node)
        return self._evaluate(forme, focus, queries=True) if forme.active else iter(())

    def _evaluate(self, forme: Forme, focus: Terme, queries: bool) -> Iterator[Resultat]:
        values = [focus] if forme.suivre is None else forme.suivre(focus)
        for check in forme.par_valeur:
            accept = check.accepte
            for value in values:
                if not accept(value):
                    yield forme.resultat(focus, check, value)
        for group in forme.par_ensemble:
            for gap in group.trouve(focus, values):
                yield self._gap(forme, group, focus, gap.valeur, gap.chemin)
        for nested in forme.proprietes:
            for value in values:
                yield from self.evaluate(nested, value)
        if queries:
            for constraint in forme.requetes:
                yield from self._query(constraint).run(forme, {focus})

    @staticmethod
    def _gap(
        forme: Forme, check: ParEnsemble, focus: Terme, value: Terme | None, path: Terme | None
    ) -> Resultat:
        if value is None and forme.suivre is None and check.composant != "HasValue":
            value = focus
        return Resultat(
            focus,
            path or forme.chemin,
            value,
            check.composant,
            forme.noeud,
            forme.gravite,
            forme.messages,
            check.parametre,
        )

    def conforms(self, shape: Terme, node: Terme) -> bool:
        """Whether a node has no result against a shape; a shape met again inside itself is taken as met."""
        key = (shape, node)
        if key in self._en_cours:
            return True
        self._en_cours.add(key)
        try:
            return next(self.evaluate(shape, node), None) is None
        finally:
            self._en_cours.discard(key)

    def instances(self, top: Terme) -> set[Terme]:
        """The SHACL instances of a class, found once."""
        if top not in self._instances:
            self._instances[top] = instances(self.data, top)
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
        for name, (component, build) in PAR_ENSEMBLE.items():
            for parameter in objects(self.shapes, node, sh(name)):
                yield ParEnsemble(component, parameter, build(self, node, parameter))

    def _nodes(self, node: Noeud, name: str) -> list[Noeud]:
        values: Iterable[Terme] = objects(self.shapes, node, sh(name))
        return sorted((v for v in values if isinstance(v, ox.NamedNode | ox.BlankNode)), key=str)

    def _query(self, constraint: Noeud) -> RequeteShacl:
        if constraint not in self._requetes:
            self._requetes[constraint] = read_query(self.shapes, self.data, constraint)
        return self._requetes[constraint]

"""Which shapes target a node: the question of `formes.targets` asked the other way round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from maillage.validation.chemins import Noeud, Terme, objects, sh
from maillage.validation.formes import RDF_TYPE, is_class, subclasses, targeted


class Cibles:
    """The targets of all the shapes, read once; the hierarchy of classes too."""

    def __init__(self, shapes: ox.Store, data: ox.Store) -> None:
        self.data = data
        self._noeuds: defaultdict[Terme, set[Noeud]] = defaultdict(set)
        self._classes: defaultdict[Terme, set[Noeud]] = defaultdict(set)
        self._sujets: defaultdict[Terme, set[Noeud]] = defaultdict(set)
        self._objets: defaultdict[Terme, set[Noeud]] = defaultdict(set)
        for shape in targeted(shapes):
            tops = objects(shapes, shape, sh("targetClass"))
            for top in [*tops, *([shape] if is_class(shapes, shape) else [])]:
                for each in subclasses(data, top):
                    self._classes[each].add(shape)
            for name, index in (
                ("targetNode", self._noeuds),
                ("targetSubjectsOf", self._sujets),
                ("targetObjectsOf", self._objets),
            ):
                for value in objects(shapes, shape, sh(name)):
                    index[value].add(shape)

    def of(self, nodes: Iterable[Terme]) -> dict[Noeud, set[Terme]]:
        """The shapes that target some of the nodes, with those nodes."""
        found: dict[Noeud, set[Terme]] = {}
        for node in nodes:
            for shape in self._shapes(node):
                found.setdefault(shape, set()).add(node)
        return found

    def _shapes(self, node: Terme) -> set[Noeud]:
        found = set(self._noeuds.get(node, ()))
        if isinstance(node, ox.NamedNode | ox.BlankNode):
            for quad in self.data.quads_for_pattern(node, None, None, None):
                found |= self._sujets.get(quad.predicate, set())
                if quad.predicate == RDF_TYPE:
                    found |= self._classes.get(quad.object, set())
        for predicate, shapes in self._objets.items():
            if isinstance(predicate, ox.NamedNode):
                quads = self.data.quads_for_pattern(None, predicate, node, None)
                if next(iter(quads), None) is not None:
                    found |= shapes
        return found

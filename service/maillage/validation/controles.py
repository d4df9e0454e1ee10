"""Checks that shapes do not say: one resource described in two files, one identifier borne by two."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from maillage.namespaces import PREFIXES
from maillage.validation.chemins import Terme
from maillage.validation.constat import Constat, Gravite
from maillage.validation.explications import shown, simple, written
from maillage.validation.formes import RDF_TYPE
from maillage.validation.localisation import Localisateur

_IDENTIFIANT = ox.NamedNode(PREFIXES["dcterms"] + "identifier")


class Doublons:
    """Resources typed in several files, and identifiers borne by several resources; kept up to date."""

    def __init__(self, data: ox.Store) -> None:
        self._types: _Porteurs = defaultdict(Counter)
        self._identifiants: _Porteurs = defaultdict(Counter)
        self._suspects: set[tuple[bool, Terme]] = set()
        for predicate in (RDF_TYPE, _IDENTIFIANT):
            self.update((), data.quads_for_pattern(None, predicate, None, None))

    def update(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Take an edit into account: the quads that go, the quads that come."""
        for quads, count in ((removed, -1), (added, 1)):
            for quad in quads:
                if quad.predicate == RDF_TYPE:
                    self._count(self._types, quad.subject, quad.graph_name, count)
                elif quad.predicate == _IDENTIFIANT:
                    self._count(self._identifiants, quad.object, quad.subject, count)

    def _count(self, index: _Porteurs, key: Terme, bearer: Any, count: int) -> None:
        bearers = index[key]
        bearers[bearer] += count
        if bearers[bearer] <= 0:
            del bearers[bearer]
        change = self._suspects.add if len(bearers) > 1 else self._suspects.discard
        change((index is self._types, key))

    def findings(self, place: Localisateur) -> Iterator[Constat]:
        """One finding for each resource or identifier after the first."""
        for typed, key in sorted(self._suspects, key=str):
            if typed:
                yield from _typed_twice(key, self._types[key], place)
            else:
                yield from _identified_twice(key, self._identifiants[key], place)


_Porteurs = defaultdict[Terme, Counter[Any]]


def _typed_twice(subject: Any, graphs: Iterable[Any], place: Localisateur) -> Iterator[Constat]:
    files = sorted(place.chemin(graph) for graph in graphs)
    name = written(subject)
    for chemin in files[1:]:
        details = {"sujet": name, "valeur": name, "autre": files[0]}
        yield simple("MLG-DOUBLON", Gravite.AVERTISSEMENT, place.in_file(chemin, subject), details)


def _identified_twice(value: Terme, subjects: Iterable[Any], place: Localisateur) -> Iterator[Constat]:
    first, *others = sorted(subjects, key=str)
    for subject in others:
        where = place.place(subject, _IDENTIFIANT, value)
        details = {"sujet": written(subject), "valeur": shown(value), "autre": written(first)}
        yield simple("MLG-DOUBLON", Gravite.ERREUR, where, details)

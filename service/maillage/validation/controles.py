"""Checks that shapes do not say: one resource described in two files, one identifier borne by two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from maillage.namespaces import PREFIXES
from maillage.validation.chemins import Graphe, Noeud, Terme
from maillage.validation.constat import Constat, Gravite
from maillage.validation.explications import shown, simple, written
from maillage.validation.formes import RDF_TYPE
from maillage.validation.localisation import Localisateur

_IDENTIFIANT = ox.NamedNode(PREFIXES["dcterms"] + "identifier")


def duplicates(data: ox.Store, place: Localisateur) -> Iterator[Constat]:
    """Resources typed in several files of `donnees/`, and identifiers borne by several resources."""
    for subject, graphs in _typed_twice(data):
        files = sorted(place.chemin(graph) for graph in graphs)
        for chemin in files[1:]:
            name = written(subject)
            details = {"sujet": name, "valeur": name, "autre": files[0]}
            yield simple("MLG-DOUBLON", Gravite.AVERTISSEMENT, place.in_file(chemin, subject), details)
    for value, subjects in _identified_twice(data):
        for subject in subjects[1:]:
            where = place.place(subject, _IDENTIFIANT, value)
            details = {"sujet": written(subject), "valeur": shown(value), "autre": written(subjects[0])}
            yield simple("MLG-DOUBLON", Gravite.ERREUR, where, details)


def _typed_twice(data: ox.Store) -> list[tuple[Noeud, set[Graphe]]]:
    graphs: dict[Noeud, Graphe] = {}
    several: dict[Noeud, set[Graphe]] = {}
    for quad in data.quads_for_pattern(None, RDF_TYPE, None, None):
        known = graphs.setdefault(quad.subject, quad.graph_name)
        if known != quad.graph_name:
            several.setdefault(quad.subject, {known}).add(quad.graph_name)
    return sorted(several.items(), key=lambda item: str(item[0]))


def _identified_twice(data: ox.Store) -> list[tuple[Terme, list[Noeud]]]:
    bearers: defaultdict[Terme, set[Noeud]] = defaultdict(set)
    for quad in data.quads_for_pattern(None, _IDENTIFIANT, None, None):
        bearers[quad.object].add(quad.subject)
    return [(value, sorted(found, key=str)) for value, found in bearers.items() if len(found) > 1]

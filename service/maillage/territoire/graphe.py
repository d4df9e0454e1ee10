"""A system of relations as a graph: bridges, who is in between, places on a drawing, GraphML."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import networkx as nx

from maillage.territoire.relations import Relation

#: so that the same graph is drawn the same everywhere.
GRAINE = 2013
#: rounds of the layout: enough for its places to settle.
TOURS = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A node among the others: how many it is related to, how often it is on the shortest way between two
    others (0 to 1), whether it alone holds parts together."""

    noeud: str
    voisins: int
    intermediarite: float
    charniere: bool


class Graphe:
    """The graph of some relations; only those in effect count for what it says, all are drawn."""

    def __init__(self, relations: Sequence[Relation]) -> None:
        self.relations = tuple(relations)
        self._effectif = nx.Graph()
        self._effectif.add_nodes_from(self.noeuds)
        self._effectif.add_edges_from(one.bouts for one in self.relations if one.effective)
        self._effectif.remove_edges_from(nx.selfloop_edges(self._effectif))

    @cached_property
    def noeuds(self) -> list[str]:
        """Ends of the relations, in order."""
        return sorted({bout for one in self.relations for bout in one.bouts})

    @cached_property
    def ponts(self) -> list[tuple[str, str]]:
        """Pairs whose only link, were it to go, would cut a part of the graph from the rest."""
        return sorted((min(pair), max(pair)) for pair in nx.bridges(self._effectif))

    @cached_property
    def places(self) -> list[Place]:
        """The nodes, those most in between first."""
        entre = nx.betweenness_centrality(self._effectif)
        charnieres = set(nx.articulation_points(self._effectif))
        degres = dict(self._effectif.degree())
        found = (Place(one, degres[one], round(entre[one], 4), one in charnieres) for one in self.noeuds)
        return sorted(found, key=lambda one: (-one.intermediarite, -one.voisins, one.noeud))

    @cached_property
    def disposition(self) -> dict[str, tuple[float, float]]:
        """Where to draw each node, between -1 and 1; the same for the same graph."""
        drawn = nx.Graph()
        drawn.add_nodes_from(self.noeuds)
        drawn.add_edges_from(one.bouts for one in self.relations)
        found = nx.spring_layout(drawn, seed=GRAINE, iterations=TOURS, k=2.2 / max(1, len(drawn)) ** 0.5)
        return {name: (float(x), float(y)) for name, (x, y) in found.items()}


def graphml(
    noeuds: Mapping[str, Mapping[str, Any]], liens: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> bytes:
    """GraphML of nodes with their attributes, and of directed links (from, to, attributes)."""
    graph = nx.MultiDiGraph()
    for name, said in noeuds.items():
        graph.add_node(name, **said)
    for de, vers, said in liens:
        graph.add_edge(de, vers, **said)
    written = io.BytesIO()
    nx.write_graphml_xml(graph, written)
    return written.getvalue()

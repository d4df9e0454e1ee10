"""The small world of commun.ttl, loaded and derived, and terms as tests write them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from maillage.inference import deriver
from maillage.namespaces import GRAPHE, compact
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, EntrepotEmbarque, Terme

ICI = Path(__file__).parent
REQUETES = ICI.parents[1] / "requetes"


@cache
def requetes() -> Requetes:
    """The stored queries of the product."""
    return Requetes(REQUETES)


@cache
def entrepot(donnees: Path = ICI / "commun.ttl") -> EntrepotEmbarque:
    """A store of one Turtle file and of what the product's rules derive from it."""
    graph, made = NamedNode(GRAPHE + "essai"), EntrepotEmbarque()
    read = parse(path=donnees, format=RdfFormat.TURTLE)
    made.ajouter(Quad(one.subject, one.predicate, one.object, graph) for one in read)
    list(deriver(made, REQUETES / "inference"))
    return made


def ecrit(terme: Terme) -> str:
    """A term as expected rows write it: `prefix:code`, value, value@language."""
    if isinstance(terme, NamedNode):
        return compact(terme.value)
    if isinstance(terme, Literal):
        return f"{terme.value}@{terme.language}" if terme.language else terme.value
    return "_:"


def lignes(source: Entrepot, nom: str, parametres: dict[str, str | list[str]]) -> list[dict[str, str]]:
    """Rows of a stored query, written."""
    rows = requetes().executer(source, nom, parametres)
    return [{name: ecrit(term) for name, term in row.items()} for row in rows]

"""The SPARQL service described for programs (SPARQL 1.1 Service Description), with its limits."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from maillage.bac_a_sable.trames import Limites
from maillage.namespaces import GRAPHE_DERIVE, GRAPHE_REQUETES, PREFIXES
from maillage.versions.manifeste import Manifeste

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
#: W3C "Unique URIs for File Formats".
FORMATS = "http://www.w3.org/ns/formats/"
OFFERTS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)
Noeud = NamedNode | BlankNode


def _nom(prefixe: str, local: str) -> NamedNode:
    return NamedNode((PREFIXES | {"sd": SD, "void": VOID})[prefixe] + local)


TYPE = _nom("rdf", "type")


def decrire(adresse: str, manifeste: Manifeste, limites: Limites, places: int) -> list[Triple]:
    """Triples of the service at `adresse`. It offers no federation: sd:BasicFederatedQuery is not claimed."""
    endpoint, noeud = NamedNode(adresse), BlankNode()
    triples = [
        Triple(noeud, TYPE, _nom("sd", "Service")),
        Triple(noeud, _nom("sd", "endpoint"), endpoint),
        Triple(noeud, _nom("sd", "supportedLanguage"), _nom("sd", "SPARQL11Query")),
        Triple(noeud, _nom("sd", "feature"), _nom("sd", "UnionDefaultGraph")),
        *(Triple(noeud, _nom("sd", "resultFormat"), NamedNode(FORMATS + one)) for one in OFFERTS),
    ]
    return [*triples, *_donnees(noeud, manifeste), *_limites(noeud, limites, places)]


def _donnees(noeud: Noeud, manifeste: Manifeste) -> Iterator[Triple]:
    """The dataset: the union of the graphs by default, then each graph with its number of triples."""
    dataset, union = BlankNode(), BlankNode()
    yield Triple(noeud, _nom("sd", "defaultDataset"), dataset)
    yield Triple(dataset, TYPE, _nom("sd", "Dataset"))
    yield Triple(dataset, _nom("sd", "defaultGraph"), union)
    yield from _graphe(union, sum(manifeste.triples.values()))
    derive, declares = (manifeste.triples.get(part, 0) for part in ("deduits", "declares"))
    graphes = {**manifeste.graphes, GRAPHE_DERIVE: derive, GRAPHE_REQUETES: declares}
    for iri, triples in graphes.items():
        nomme, graphe = BlankNode(), BlankNode()
        yield Triple(dataset, _nom("sd", "namedGraph"), nomme)
        yield Triple(nomme, TYPE, _nom("sd", "NamedGraph"))
        yield Triple(nomme, _nom("sd", "name"), NamedNode(iri))
        yield Triple(nomme, _nom("sd", "graph"), graphe)
        yield from _graphe(graphe, triples)


def _graphe(noeud: BlankNode, triples: int) -> Iterator[Triple]:
    yield Triple(noeud, TYPE, _nom("sd", "Graph"))
    yield Triple(noeud, _nom("void", "triples"), Literal(triples))


def _limites(noeud: Noeud, limites: Limites, places: int) -> Iterator[Triple]:
    """Limits as schema:PropertyValue: the service description vocabulary has no word for them."""
    for code, nom, name, valeur, unite in (
        ("delai", "temps par requête", "time per query", limites.delai, "SEC"),
        ("lignes", "lignes par réponse", "rows per answer", limites.lignes, ""),
        ("octets", "octets par réponse", "bytes per answer", limites.octets, "AD"),
        ("memoire", "mémoire par requête", "memory per query", limites.memoire, "AD"),
        ("places", "requêtes à la fois", "queries at once", places, ""),
    ):
        limite = BlankNode()
        yield Triple(noeud, _nom("schema", "additionalProperty"), limite)
        yield Triple(limite, TYPE, _nom("schema", "PropertyValue"))
        yield Triple(limite, _nom("schema", "propertyID"), Literal(code))
        yield Triple(limite, _nom("schema", "name"), Literal(nom, language="fr"))
        yield Triple(limite, _nom("schema", "name"), Literal(name, language="en"))
        yield Triple(limite, _nom("schema", "maxValue"), Literal(valeur))
        if unite:
            yield Triple(limite, _nom("schema", "unitCode"), Literal(unite))

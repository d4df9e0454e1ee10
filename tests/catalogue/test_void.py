"""VoID at its well-known address: counts are true."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, Graph, Namespace, URIRef

from client_http import ADRESSE, Client
from maillage.namespaces import BASE
from maillage.versions.instantane import GRAPHES, courant

VOID = Namespace("http://rdfs.org/ns/void#")
JEU = URIRef(BASE + "jeu/graphe")


@pytest.fixture(scope="module")
def void(client: Client) -> Graph:
    answer = client.get("/.well-known/void")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    return Graph().parse(data=answer.text, format="turtle")


@pytest.fixture(scope="module")
def triples(racine_finistere: Path) -> set[tuple[str, str, str]]:
    path = courant(racine_finistere / "var" / "instantanes") / GRAPHES
    quads = parse(path=path, format=RdfFormat.N_QUADS, lenient=True)
    return {(str(quad.subject), quad.predicate.value, str(quad.object)) for quad in quads}


def partitions(void: Graph, sorte: str, compte: str) -> dict[str, int]:
    return {
        str(void.value(part, VOID[sorte])): int(void.value(part, VOID[compte]))
        for part in void.objects(JEU, VOID[f"{sorte}Partition"])
    }


def test_counts_are_true(void: Graph, triples: set[tuple[str, str, str]]) -> None:
    assert int(void.value(JEU, VOID.triples)) == len(triples)
    assert int(void.value(JEU, VOID.distinctSubjects)) == len({one for one, _, _ in triples})
    assert int(void.value(JEU, VOID.distinctObjects)) == len({one for _, _, one in triples})


def test_partitions_are_true(void: Graph, triples: set[tuple[str, str, str]]) -> None:
    assert partitions(void, "property", "triples") == Counter(one for _, one, _ in triples)
    classes = Counter(one[1:-1] for _, name, one in triples if name == str(RDF.type))
    assert partitions(void, "class", "entities") == classes


def test_subsets_and_ways_in(void: Graph, client: Client) -> None:
    subsets = set(void.objects(JEU, VOID.subset))
    assert URIRef(BASE + "jeu/acteurs-29") in subsets and JEU not in subsets
    assert URIRef(f"{ADRESSE}/sparql") in set(void.objects(JEU, VOID.sparqlEndpoint))
    for link in (VOID.dataDump, VOID.exampleResource):
        for address in void.objects(JEU, link):
            path = str(address).replace(ADRESSE, "").replace(BASE, "/")
            assert client.demander("HEAD", path).status_code in (200, 303), address


def test_other_formats_and_refusal(client: Client) -> None:
    assert client.get("/.well-known/void", "application/rdf+xml").status_code == 200
    assert client.get("/.well-known/void", "text/html,*/*;q=0.8").status_code == 200
    assert client.get("/.well-known/void", "image/png").status_code == 406

"""W3C SPARQL 1.1 Protocol suite (`w3c/`), on the real server.

Its graphs are served beside those of the corpus. The service is read only: where the suite expects an update
to be done, the test is that it is refused, and that the queries which follow find the graphs unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from rdflib import Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from maillage.app import creer_app
from maillage.bac_a_sable.reserve import BacASable
from maillage.config import Settings
from maillage.routes.contexte import Service
from maillage.versions.instantane import SERVIS
from serveur_maillage import servir

SUITE = Path(__file__).parent / "w3c"
DONNEES = "http://kasei.us/2009/09/sparql/data/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"},
}


@dataclass(frozen=True)
class Echange:
    """One request of the suite, and what it expects."""

    methode: str
    chemin: str
    entetes: dict[str, str]
    corps: bytes
    statuts: frozenset[str]
    format: str
    booleen: bool | None

    @property
    def mise_a_jour(self) -> bool:
        """Whether the request asks for an update."""
        media = self.entetes.get("content-type", "")
        return "sparql-update" in media or self.corps.startswith(b"update=") or "update=" in self.chemin


def suite() -> Iterator[tuple[str, list[Echange]]]:
    """(name, requests) of each test of the manifest, in its order."""
    graph = Graph().parse(SUITE / "manifest.ttl", format="turtle")
    (entries,) = graph.objects(None, MF.entries)
    for test in Collection(graph, entries):
        action = graph.value(test, MF.action)
        requests = Collection(graph, graph.value(action, HT.requests))
        yield str(test).rpartition("#")[2], [echange(graph, one) for one in requests]


def echange(graph: Graph, noeud: Node) -> Echange:
    def text(subject: Node | None, name: Node) -> str:
        return str(graph.value(subject, name) or "")

    body, response = graph.value(noeud, HT.body), graph.value(noeud, HT.resp)
    listed = graph.value(noeud, HT.headers)
    headers = {
        text(one, HT.fieldName): text(one, HT.fieldValue)
        for one in (Collection(graph, listed) if listed is not None else ())
    }
    expected = graph.value(response, MF.expectedBoolean)
    return Echange(
        text(noeud, HT.methodName),
        text(noeud, HT.absolutePath).replace("/sparql/", "/sparql", 1),
        headers,
        text(body, CNT.chars).encode(text(body, CNT.characterEncoding) or "utf-8"),
        frozenset(str(one).rpartition("StatusCode")[2] for one in graph.objects(response, MF.expectedStatus)),
        text(response, MF.expectedFormat),
        None if expected is None else bool(expected.toPython()),
    )


@pytest.fixture(scope="module")
def serveur(racine_finistere: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The real server, whose workers also hold the graphs of the suite."""
    graphes = tmp_path_factory.mktemp("w3c") / "w3c.nq"
    with graphes.open("w", encoding="utf-8") as file:
        for rank in (1, 2, 3):
            for line in (SUITE / f"data{rank}.nt").read_text(encoding="utf-8").splitlines():
                file.write(f"{line.rstrip(' .')} <{DONNEES}data{rank}.rdf> .\n")

    apps: list[FastAPI] = []

    def creer(url: str) -> FastAPI:
        apps.append(creer_app(Settings(racine=racine_finistere, url=url)))
        return apps[0]

    with servir(creer) as url, httpx.Client(base_url=url, timeout=60) as client:
        service: Service = apps[0].state.service
        served = [service.dossier / nom for nom in SERVIS]
        apps[0].state.service = replace(service, bac=BacASable([*served, graphes]))
        yield client


SUITE_LUE = list(suite())


@pytest.mark.parametrize(("nom", "echanges"), SUITE_LUE, ids=[nom for nom, _ in SUITE_LUE])
def test_protocole(serveur: httpx.Client, nom: str, echanges: list[Echange]) -> None:
    refusee = any(one.mise_a_jour for one in echanges)
    for one in echanges:
        answer = serveur.request(one.methode, one.chemin, headers=one.entetes, content=one.corps)
        if one.mise_a_jour:
            assert 400 <= answer.status_code < 500
            continue
        assert f"{answer.status_code // 100}xx" in {statut.lower() for statut in one.statuts}, answer.text
        if one.format:
            assert answer.headers["content-type"].partition(";")[0] in FORMATS[one.format]
        if one.booleen is not None and not refusee:
            assert answer.json()["boolean"] is one.booleen

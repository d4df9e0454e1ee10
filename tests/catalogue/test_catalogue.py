"""The catalogue over HTTP: its pages, its addresses, and each rule that a real harvester taught."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import DCAT, DCTERMS, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from client_http import ADRESSE, Client
from maillage.namespaces import BASE
from maillage.versions.instantane import courant
from maillage.versions.manifeste import lire_manifeste

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SPDX = "http://spdx.org/"
LICENCE = URIRef("https://www.etalab.gouv.fr/licence-ouverte-open-licence")
CATALOGUE = URIRef(BASE + "catalogue")
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "nt": RdfFormat.N_TRIPLES,
}


@pytest.fixture(scope="module")
def graphe(client: Client) -> Graph:
    return Graph().parse(data=client.get("/catalogue").text, format="turtle")


@pytest.fixture(scope="module")
def pages(adresse_paginee: str) -> list[tuple[str, Graph]]:
    """Each page of the catalogue, followed as harvesters do."""
    found: list[tuple[str, Graph]] = []
    following: str | None = adresse_paginee + "/catalogue"
    while following:
        assert following not in [address for address, _ in found]
        page = Graph().parse(data=httpx.get(following, timeout=60).text, format="turtle")
        found.append((following, page))
        views = list(page.subjects(RDF.type, HYDRA.PartialCollectionView))
        assert len(views) == 1
        after = page.value(views[0], HYDRA.next)
        following = str(after) if after else None
    return found


def lire(octets: bytes, forme: RdfFormat) -> Graph:
    """The graph of a document, read by the engine: rdflib warns against its own JSON-LD parser."""
    triples = (quad.triple for quad in parse(octets, forme))
    return Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


def local(iri: str) -> str:
    """Where to read about an IRI of ours on this service."""
    return "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else iri.removeprefix(ADRESSE)


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "", "application/x-turtle"])
def test_programs_get_turtle_at_once(client: Client, accept: str) -> None:
    answer = client.get("/catalogue", accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    head = client.demander("HEAD", "/catalogue", headers={"Accept": accept})
    assert (head.status_code, head.headers["content-type"]) == (200, answer.headers["content-type"])


def test_browsers_get_a_page_in_their_language(client: Client) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    french, english = client.get("/catalogue", accept), client.get("/catalogue", accept, "en")
    assert "Jeux de données" in french.text and "Datasets" in english.text
    assert french.headers["content-language"] == "fr"
    assert "Finistère (29)" in french.text


def test_each_format_says_the_same(client: Client, graphe: Graph) -> None:
    for suffixe, forme in FORMATS.items():
        answer = client.get(f"/catalogue.{suffixe}")
        assert "charset=utf-8" in answer.headers["content-type"]
        other = lire(answer.content, forme)
        assert len(other) == len(graphe)
        titles = {(str(s), o) for s, o in graphe.subject_objects(DCTERMS.title)}
        assert titles == {(str(s), o) for s, o in other.subject_objects(DCTERMS.title)}


def test_json_ld_brings_its_context(client: Client) -> None:
    document = json.loads(client.get("/catalogue.jsonld").text)
    assert isinstance(document["@context"], dict)


def test_what_is_not_offered_is_refused(client: Client) -> None:
    assert client.get("/catalogue", "image/png").status_code == 406
    assert client.get("/catalogue.csv").status_code == 404
    assert client.get("/catalogue?page=99").status_code == 400
    assert client.get("/catalogue?page=x").status_code == 400
    assert client.get("/catalogue/").status_code == 404


def test_unchanged_is_304(client: Client) -> None:
    for address in ("/catalogue", "/catalogue.rdf", "/catalogue.html", "/.well-known/void"):
        etag = client.get(address).headers["etag"]
        assert client.get(address, **{"If-None-Match": etag}).status_code == 304


def test_one_stable_literal_identifier(graphe: Graph) -> None:
    seen: Counter[str] = Counter()
    for kind in (DCAT.Dataset, DCAT.DataService):
        for one in graphe.subjects(RDF.type, kind):
            values = list(graphe.objects(one, DCTERMS.identifier))
            assert len(values) == 1 and isinstance(values[0], Literal)
            seen[str(values[0])] += 1
    assert set(seen.values()) == {1}


def test_each_member_is_on_one_page(pages: list[tuple[str, Graph]]) -> None:
    assert len(pages) == 3
    members: Counter[str] = Counter()
    for address, page in pages:
        described = {
            str(one) for kind in (DCAT.Dataset, DCAT.DataService) for one in page.subjects(RDF.type, kind)
        }
        listed = {str(one) for link in (DCAT.dataset, DCAT.service) for one in page.objects(CATALOGUE, link)}
        assert described == listed, address
        members.update(described)
        total = page.value(CATALOGUE, HYDRA.totalItems)
        assert isinstance(total, Literal) and total.value == 10 and isinstance(total.value, int)
    assert set(members.values()) == {1} and len(members) == 10


def test_links_between_pages_are_absolute_and_keep_the_format(client: Client, adresse_paginee: str) -> None:
    for suffixe, forme in FORMATS.items():
        page = lire(httpx.get(f"{adresse_paginee}/catalogue.{suffixe}?page=2", timeout=60).content, forme)
        for name, rank in (("first", 1), ("previous", 1), ("next", 3), ("last", 3)):
            (link,) = page.objects(None, HYDRA[name])
            assert str(link) == f"{adresse_paginee}/catalogue.{suffixe}?page={rank}"


def test_no_relative_address_and_no_checksum(graphe: Graph) -> None:
    for triple in graphe:
        for term in triple:
            if isinstance(term, URIRef):
                assert urlsplit(term).scheme in ("http", "https") and urlsplit(term).netloc
                assert not str(term).startswith(SPDX)
    assert not list(graphe.objects(None, DCAT.accessService))


def test_keywords_that_no_portal_refuses(graphe: Graph) -> None:
    keywords = list(graphe.objects(None, DCAT.keyword))
    assert keywords
    for word in keywords:
        assert isinstance(word, Literal) and word.language in ("fr", "en")
        assert re.fullmatch(r"[\w -]{3,100}", str(word)) and "_" not in word


def test_texts_in_both_languages(graphe: Graph) -> None:
    for one in {
        CATALOGUE,
        *graphe.subjects(RDF.type, DCAT.Dataset),
        *graphe.subjects(RDF.type, DCAT.Distribution),
    }:
        for name in (DCTERMS.title, DCTERMS.description):
            languages = sorted(str(text.language) for text in graphe.objects(one, name))
            assert languages == ["en", "fr"], (one, name)


def test_distributions_have_an_iri_and_an_address_of_their_own(graphe: Graph, client: Client) -> None:
    nodes = list(graphe.subjects(RDF.type, DCAT.Distribution))
    downloads = [str(one) for node in nodes for one in graphe.objects(node, DCAT.downloadURL)]
    assert all(isinstance(node, URIRef) for node in nodes)
    assert len(downloads) == len(set(downloads)) == len(nodes) - 1  # the stream of changes is no file
    for node in nodes:
        assert graphe.value(node, DCTERMS.license) == LICENCE
        media = graphe.value(node, DCAT.mediaType)
        assert graphe.value(media, RDFS.label) and graphe.value(
            graphe.value(node, DCTERMS.format), RDFS.label
        )
        address = graphe.value(node, DCAT.downloadURL)
        if address is not None:
            head = client.demander("HEAD", local(str(address)), headers={"Accept-Encoding": "identity"})
            assert head.status_code == 200
            assert int(head.headers["content-length"]) == graphe.value(node, DCAT.byteSize).value
    assert (LICENCE, RDF.type, DCTERMS.LicenseDocument) in graphe
    assert not list(graphe.objects(LICENCE, RDFS.label))


def test_modified_is_not_the_time_of_the_request(graphe: Graph, racine_finistere: Path) -> None:
    version = lire_manifeste(courant(racine_finistere / "var" / "instantanes")).date
    for one in graphe.subjects(RDF.type, DCAT.Dataset):
        (modified,) = graphe.objects(one, DCTERMS.modified)
        assert isinstance(modified, Literal) and str(modified) == version


def test_every_iri_of_ours_resolves(graphe: Graph, client: Client) -> None:
    ours = {
        str(term).partition("#")[0]
        for triple in graphe
        for term in triple
        if isinstance(term, URIRef) and str(term).startswith((BASE, ADRESSE))
    }
    assert len(ours) > 60
    for iri in sorted(ours):
        answer = client.demander("HEAD", local(iri), headers={"Accept": "text/turtle, */*;q=0.5"})
        # /sparql and /api/orientation need a question, and say so
        expected = (200, 303) if not local(iri).startswith(("/sparql", "/api")) else (200, 400)
        assert answer.status_code in expected, iri


def test_a_dataset_says_the_same_at_its_own_address(graphe: Graph, client: Client) -> None:
    for iri in ("jeu/acteurs-29", "distribution/acteurs-29-csv", "service/sparql"):
        own = Graph().parse(data=client.get(f"/{iri}.ttl").text, format="turtle")
        node = URIRef(BASE + iri)
        for name, value in graphe.predicate_objects(node):
            assert isinstance(value, URIRef | Literal) is False or (node, name, value) in own


def test_labels_of_the_tables_are_there(graphe: Graph) -> None:
    for theme in set(graphe.objects(None, DCAT.theme)):
        assert {label.language for label in graphe.objects(theme, SKOS.prefLabel)} == {"fr", "en"}

"""Stored queries and the SPARQL endpoint as people and client libraries meet them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse
from SPARQLWrapper import JSON, JSONLD, TURTLE, XML, SPARQLWrapper

from client_http import ADRESSE, Client
from maillage.app import creer_app
from maillage.config import Settings
from maillage.namespaces import PREFIXES
from maillage.requetes.recueil import Requetes
from serveur_maillage import servir

SD = "http://www.w3.org/ns/sparql-service-description#"
REQUETES = Requetes(Path(__file__).parents[2] / "requetes")
TOUTES = [requete.nom for requete in REQUETES]


@pytest.mark.parametrize("nom", TOUTES)
def test_each_query_has_a_page_with_its_form(client: Client, nom: str) -> None:
    requete = REQUETES[nom]
    page = client.get(f"/requetes/{nom}", "text/html").text
    for parametre in requete.parametres:
        assert f'name="{parametre.nom}"' in page
        assert f'<label for="p-{parametre.nom}">' in page
    english = client.get(f"/requetes/{nom}", "text/html", "en").text
    assert all(unescape(one.description_en) in unescape(english) for one in requete.parametres)


@pytest.mark.parametrize("nom", TOUTES)
def test_each_query_is_an_operation_with_its_example(client: Client, nom: str) -> None:
    paths = client.get("/openapi.json", langue="en").json()["paths"]
    requete, operation = REQUETES[nom], paths[f"/api/requetes/{nom}"]["get"]
    declared = {one["name"]: one for one in operation["parameters"]}
    assert operation["summary"] == requete.summary
    for parametre in requete.parametres:
        said = declared[parametre.nom]
        assert said["required"] is not parametre.facultatif
        assert (said["schema"]["type"] == "array") is parametre.plusieurs
        assert parametre.facultatif or said["example"]


def test_the_form_gives_the_result_the_downloads_and_the_bound_text(client: Client) -> None:
    page = client.get("/requetes/libelles?ressources=etape:4%0D%0Atype:dla", "text/html").text
    assert page.count("<tr>") > 2 and 'href="/type-acteur/dla"' in page
    assert "VALUES ?ressources { &lt;https://w3id.org/maillage/etape/4&gt;" in page
    links = [unescape(one) for one in re.findall(r'href="(/api/requetes/libelles\?[^"]+)"', page)]
    assert len(links) == 3
    for link in links:
        assert client.get(link).status_code == 200
    opened = unescape(re.findall(r'href="(/sparql\?query=[^"]+)"', page)[0])
    assert client.get(opened, "text/csv").text.count("\n") == page.count("<tr>")


def test_a_wrong_value_comes_back_in_the_form_with_the_reason(client: Client) -> None:
    page = client.get("/requetes/libelles?ressources=pas+une+iri", "text/html")
    assert page.status_code == 400
    assert 'role="alert"' in page.text and "pas une iri</textarea>" in page.text


def test_long_results_are_shown_page_by_page(client: Client) -> None:
    address = "/requetes/liens-entrants-liste?ressource=departement:29&propriete=igeo:subdivisionDe"
    first = client.get(address, "text/html").text
    following = unescape(re.findall(r'href="([^"]+)" rel="next"', first)[0])
    second = client.get(following, "text/html").text
    rows = [set(re.findall(r'<td><a href="([^"]+)"', page)) for page in (first, second)]
    assert len(rows[0]) == 100 and rows[1] and not rows[0] & rows[1]


def test_pages_say_which_queries_gave_what_they_show(client: Client) -> None:
    for address, named in (
        ("/etape/4.html", {"description", "liens-entrants", "libelles"}),
        ("/recherche?q=paie+Quimper", {"orientation-interventions", "orientation-fiches"}),
    ):
        page = client.get(address, "text/html").text
        shown = page[page.index('class="voir-requete') :]
        links = dict(re.findall(r'href="([^"]+)" rel="nofollow"><code>([\w-]+)</code>', shown))
        assert named <= set(links.values())
        for link in links:
            assert client.get(unescape(link), "text/html").status_code == 200, link


def test_the_spreadsheet_has_its_own_csv(client: Client) -> None:
    table = client.get("/api/requetes/libelles?ressources=etape:4&format=tableur").content
    assert table.startswith(b"\xef\xbb\xbfressources;libelle\r\n")


def test_stored_queries_are_bounded(racine_finistere: Path, client: Client) -> None:
    answer = client.get("/api/requetes/lexique-lieux?limite=10000")
    assert answer.status_code == 200 and len(answer.json()["results"]["bindings"]) <= 10_000
    assert client.get("/api/requetes/lexique-lieux?limite=10001").status_code == 400


def _description(client: Client, media: str = "*/*") -> Store:
    answer = client.get("/sparql", media)
    store = Store()
    store.bulk_load(answer.content, RdfFormat.from_media_type(answer.headers["content-type"]))
    return store


@pytest.mark.parametrize("media", ["*/*", "application/rdf+xml", "application/ld+json"])
def test_the_service_describes_itself(client: Client, media: str) -> None:
    store = _description(client, media)
    endpoint = store.quads_for_pattern(None, NamedNode(SD + "endpoint"), None, None)
    assert [quad.object for quad in endpoint] == [NamedNode(f"{ADRESSE}/sparql")]
    features = {str(quad.object) for quad in store.quads_for_pattern(None, NamedNode(SD + "feature"), None)}
    assert features == {f"<{SD}UnionDefaultGraph>"}
    limits = store.query(
        "PREFIX schema: <https://schema.org/> SELECT ?quoi ?combien "
        "{ ?limite schema:propertyID ?quoi ; schema:maxValue ?combien }"
    )
    found = {row["quoi"].value: float(row["combien"].value) for row in limits}
    assert found["delai"] == 20 and found["lignes"] == 100_000 and found["places"] >= 1


def test_named_graphs_are_counted_as_they_are(client: Client) -> None:
    rows = _description(client).query(
        f"PREFIX sd: <{SD}> PREFIX void: <http://rdfs.org/ns/void#> "
        "SELECT ?nom ?n { ?g sd:name ?nom ; sd:graph/void:triples ?n }"
    )
    said = {row["nom"].value: int(row["n"].value) for row in rows}
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    counted = client.get("/sparql?query=" + quote(query)).json()["results"]["bindings"]
    assert {row["g"]["value"]: int(row["n"]["value"]) for row in counted} == said


def test_editors_find_prefixes_and_examples_in_the_graph(client: Client) -> None:
    query = (
        "PREFIX sh: <http://www.w3.org/ns/shacl#> "
        "SELECT ?p ?n { [] sh:declare [ sh:prefix ?p ; sh:namespace ?n ] }"
    )
    rows = client.get("/sparql?query=" + quote(query)).json()["results"]["bindings"]
    assert {row["p"]["value"]: row["n"]["value"] for row in rows} == PREFIXES
    query = (
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "SELECT ?q ?texte { ?q a sh:SPARQLExecutable ; rdfs:comment ?c ; "
        "sh:select|sh:construct|sh:ask ?texte FILTER(LANG(?c) = 'fr') }"
    )
    rows = client.get("/sparql?query=" + quote(query)).json()["results"]["bindings"]
    texts = {row["q"]["value"].rpartition("/")[2]: row["texte"]["value"] for row in rows}
    assert texts == {one.nom: one.texte for one in REQUETES if not one.interne}
    turtle = client.get("/requete/libelles.ttl").content
    assert any("shacl#select" in str(quad.predicate) for quad in parse(turtle, RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def adresse(racine_finistere: Path) -> Iterator[str]:
    with servir(lambda url: creer_app(Settings(racine=racine_finistere, url=url))) as url:
        yield url


@pytest.mark.parametrize("methode", ["GET", "POST"])
def test_a_client_library_is_understood(adresse: str, methode: str) -> None:
    """SPARQLWrapper sends `format=`, `output=` and `results=` with names of its own."""
    client = SPARQLWrapper(f"{adresse}/sparql")
    client.setMethod(methode)
    client.setQuery("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    client.setReturnFormat(JSON)
    rows = client.queryAndConvert()
    assert isinstance(rows, dict) and int(rows["results"]["bindings"][0]["n"]["value"]) > 1000
    client.setReturnFormat(XML)
    assert b"<sparql" in client.query().response.read()
    client.setQuery("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 3")
    formats = ((TURTLE, "text/turtle"), (XML, "application/rdf+xml"), (JSONLD, "application/ld+json"))
    for returned, media in formats:
        client.setReturnFormat(returned)
        assert client.query().info()["content-type"].startswith(media)


def test_the_place_of_a_mistake_is_the_word_that_holds_it(client: Client) -> None:
    problem = json.loads(
        client.get("/sparql?query=" + quote("SELECT * {\n ?s ?p ?o .\n OPTIONEL { } }")).text
    )
    assert (problem["ligne"], problem["colonne"]) == (3, 2)

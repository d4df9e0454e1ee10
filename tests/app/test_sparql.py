"""The public SPARQL endpoint: protocol, formats, refusals, limits."""

from __future__ import annotations

import json
import socketserver
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from client_http import ADRESSE, Client, ouvrir
from maillage.app import creer_app
from maillage.bac_a_sable.trames import Limites
from maillage.config import Settings
from maillage.namespaces import GRAPHE

COMPTE = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
ETAPES = "PREFIX mlg: <https://w3id.org/maillage/ontologie#> SELECT ?e WHERE { ?e a mlg:Etape } ORDER BY ?e"
GRAPHE_ETAPES = "PREFIX mlg: <https://w3id.org/maillage/ontologie#> CONSTRUCT WHERE { ?e a mlg:Etape }"
SANS_FIN = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }"
GOURMANDE = "SELECT DISTINCT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values;q=0.9, text/csv;q=0.1", "text/tab-separated-values"),
    ],
)
def test_rows_in_each_format(client: Client, accept: str, media: str) -> None:
    answer = client.get("/sparql?query=" + quote(ETAPES), accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert answer.text.count("https://w3id.org/maillage/etape/") == 6
    if "json" in media:
        assert len(answer.json()["results"]["bindings"]) == 6
    if "xml" in media:
        assert len(ET.fromstring(answer.text).findall(".//{*}result")) == 6


@pytest.mark.parametrize(
    "media", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_graphs_in_each_format(client: Client, media: str) -> None:
    answer = client.get("/sparql?query=" + quote(GRAPHE_ETAPES), media)
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert "Etape" in answer.text


def test_ask_and_describe(client: Client) -> None:
    assert client.get("/sparql?query=" + quote("ASK { ?s ?p ?o }")).json()["boolean"] is True
    described = client.get("/sparql?query=" + quote("DESCRIBE <https://w3id.org/maillage/etape/4>"))
    assert "prefLabel" in described.text


def test_post_as_form_and_as_body(client: Client) -> None:
    form = client.demander("POST", "/sparql", data={"query": COMPTE})
    body = client.demander(
        "POST", "/sparql", content=COMPTE, headers={"Content-Type": "application/sparql-query"}
    )
    assert form.json() == body.json() == client.get("/sparql?query=" + quote(COMPTE)).json()
    other = client.demander("POST", "/sparql", content=COMPTE, headers={"Content-Type": "text/plain"})
    assert other.status_code == 415


def test_dataset_is_the_union_or_what_is_named(client: Client) -> None:
    def count(**parametres: str) -> int:
        answer = client.get("/sparql?" + urlencode({"query": COMPTE, **parametres}))
        return int(answer.json()["results"]["bindings"][0]["n"]["value"])

    graph = GRAPHE + "ontologie/maillage"
    named = COMPTE.replace("WHERE", f"FROM <{graph}> WHERE")
    in_text = client.get("/sparql?query=" + quote(named)).json()["results"]["bindings"][0]["n"]["value"]
    assert 0 < count(**{"default-graph-uri": graph}) == int(in_text) < count()


@pytest.mark.parametrize(
    ("requete", "code"),
    [
        ("", "sparql-vide"),
        ("   # rien", "sparql-syntaxe"),
        ("SELECT * WHERE {\n ?s ?p }", "sparql-syntaxe"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "sparql-lecture-seule"),
        ("PREFIX x: <http://x/> DELETE WHERE { ?s ?p ?o }", "sparql-lecture-seule"),
        ("LOAD <http://127.0.0.1/>", "sparql-lecture-seule"),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "sparql-federation"),
        ("SELECT * WHERE { service silent ?x { ?s ?p ?o } }", "sparql-federation"),
        ("SELECT * { ?s ?p '#' . SERVICE <http://x/> { ?a ?b ?c } }", "sparql-federation"),
        ('SELECT * { ?s ?p """\' """ # \'\n SERVICE <http://x/> { ?a ?b ?c } }', "sparql-federation"),
        ("SELECT * WHERE { SERV\\u0049CE <http://x/> { ?s ?p ?o } }", "sparql-syntaxe"),
        ("SELECT * FROM <http://127.0.0.1/a.ttl> WHERE { ?s ?p ?o }", "sparql-graphe"),
        ("SELECT * FROM NAMED <file:///etc/passwd> WHERE { ?s ?p ?o }", "sparql-graphe"),
    ],
)
def test_refused_before_or_at_parsing(client: Client, requete: str, code: str) -> None:
    for answer in (
        client.get("/sparql?query=" + quote(requete)),
        client.demander("POST", "/sparql", data={"query": requete, "x": "y"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_error_says_its_place(client: Client) -> None:
    problem = client.get("/sparql?query=" + quote("SELECT * WHERE {\n  ?s ?p }")).json()
    assert problem["ligne"] == 2 and problem["colonne"] in (9, 10)
    assert "\\u{" not in problem["detail"]


def test_words_that_only_look_like_federation(client: Client) -> None:
    text = (
        'PREFIX service: <http://service/> SELECT ?service { ?service service:SERVICE "SERVICE" } # SERVICE'
    )
    assert client.get("/sparql?query=" + quote(text)).status_code == 200


def test_update_parameter_and_media_type_are_refused(client: Client) -> None:
    update = client.demander("POST", "/sparql", data={"update": "CLEAR ALL"})
    body = client.demander(
        "POST", "/sparql", content="CLEAR ALL", headers={"Content-Type": "application/sparql-update"}
    )
    assert update.json()["code"] == body.json()["code"] == "sparql-lecture-seule"


def test_no_common_format_lists_what_is_offered(client: Client) -> None:
    answer = client.get("/sparql?query=" + quote(ETAPES), "image/png")
    assert answer.status_code == 406 and "text/csv" in answer.json()["offerts"]


def test_browser_gets_a_form_and_a_table(client: Client) -> None:
    assert '<textarea id="query"' in client.get("/sparql", "text/html").text
    page = client.get("/sparql?query=" + quote(ETAPES), "text/html").text
    assert '<a href="/etape/4">etape:4</a>' in page
    wrong = client.get("/sparql?query=" + quote("SELECT <script>alert(1)</script>"), "text/html")
    assert wrong.status_code == 400 and "<script>alert" not in wrong.text and 'role="alert"' in wrong.text


@pytest.fixture(scope="module")
def serre(racine_finistere: Path) -> Iterator[Client]:
    """The same service with tight limits."""
    limites = Limites(delai=1.0, memoire=200 << 20, lignes=100, octets=50_000)
    with ouvrir(creer_app(Settings(racine=racine_finistere, url=ADRESSE), limites)) as client:
        yield client


def test_endless_query_is_stopped_at_the_limit(serre: Client) -> None:
    serre.get("/sparql?query=" + quote("ASK {}"))
    start = time.monotonic()
    answer = serre.get("/sparql?query=" + quote(SANS_FIN))
    assert time.monotonic() - start < 3
    assert answer.status_code == 503
    assert answer.json()["code"] in ("sparql-trop-long", "sparql-trop-lourd")
    assert serre.get("/sparql?query=" + quote("ASK { ?s ?p ?o }")).status_code == 200


def test_greedy_query_is_stopped(serre: Client) -> None:
    answer = serre.get("/sparql?query=" + quote(GOURMANDE))
    assert answer.status_code == 503
    assert serre.get("/sparql?query=" + quote("ASK { ?s ?p ?o }")).status_code == 200


def test_delay_can_only_be_lowered(serre: Client) -> None:
    for asked in ("1000", "inf", "nan"):
        assert serre.get("/sparql?" + urlencode({"query": SANS_FIN, "delai": asked})).status_code == 503
    start = time.monotonic()
    serre.get("/sparql?" + urlencode({"query": SANS_FIN, "delai": "0.2"}))
    assert time.monotonic() - start < 0.9
    assert serre.get("/sparql?" + urlencode({"query": "ASK {}", "delai": "hier"})).status_code == 400


def test_rows_are_never_cut_in_silence(serre: Client) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } LIMIT "
    assert len(serre.get("/sparql?query=" + quote(query + "100")).json()["results"]["bindings"]) == 100
    answer = serre.get("/sparql?query=" + quote(query + "101"))
    assert (answer.status_code, answer.json()["code"]) == (413, "sparql-trop-de-lignes")


def test_search_answers_while_hostile_queries_run(serre: Client) -> None:
    hostile = "/sparql?query=" + quote(SANS_FIN)
    answers = serre.simultanement([hostile, hostile, "/api/orientation?q=paie+Quimper", "/sante"])
    assert [one.status_code for one in answers] == [503, 503, 200, 200]


def test_workers_cannot_open_a_socket(serre: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the text check out of the way, the engine itself finds no way out."""
    calls: list[bytes] = []

    class Temoin(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            calls.append(self.rfile.readline())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Temoin) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr("maillage.bac_a_sable.controle._refuser_evasion", lambda jetons, texte: None)
        port = server.server_address[1]
        query = f"SELECT * WHERE {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        answer = serre.get("/sparql?query=" + quote(query))
        server.shutdown()
    assert answer.status_code == 503
    assert calls == []


def test_stored_queries_are_an_api(client: Client) -> None:
    listed = client.get("/api/requetes").json()
    assert {"libelles", "description", "liens-entrants"} <= {one["nom"] for one in listed}
    for one in listed:
        answer = client.get(one["adresse"])
        assert answer.status_code == 200, one["nom"]
        assert answer.headers["content-type"].endswith("charset=utf-8")


def test_stored_query_as_json_csv_and_turtle(client: Client) -> None:
    address = "/api/requetes/libelles?ressources=etape:4"
    rows = client.get(address).json()["results"]["bindings"]
    assert {row["libelle"]["xml:lang"] for row in rows} == {"fr", "en"}
    table = client.get(address, "text/csv").text.splitlines()
    assert table[0].split(",")[0] == "ressources" and len(table) == len(rows) + 1
    turtle = client.get("/api/requetes/description?ressource=etape:4&format=ttl")
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"


def test_stored_query_refuses_wrong_parameters(client: Client) -> None:
    for query in (
        "",
        "?ressources=pas+une+iri",
        "?ressources=etape:4&autre=1",
        "?ressources=etape:4&format=pdf",
    ):
        for langue in ("fr", "en"):
            answer = client.get(f"/api/requetes/libelles{query}", langue=langue)
            assert answer.status_code == 400 and answer.json()["langue"] == langue


def test_longer_result_says_where_it_continues(client: Client) -> None:
    query = (
        "/api/requetes/liens-entrants-liste?ressource=departement:29&propriete=igeo:subdivisionDe&limite=5"
    )
    first = client.get(query)
    following = first.headers["link"].split(">")[0].lstrip("<")
    second = client.get(following)
    names = [
        {row["sujet"]["value"] for row in json.loads(one.text)["results"]["bindings"]}
        for one in (first, second)
    ]
    assert len(names[0]) == len(names[1]) == 5 and not names[0] & names[1]


def test_an_answer_is_kept_for_the_same_request_only(client: Client) -> None:
    query = "/sparql?query=" + quote("SELECT ?l { <https://w3id.org/maillage/etape/4> ?p ?l } ORDER BY ?l")
    first, again = client.get(query), client.get(query)
    assert (first.content, dict(first.headers)) == (again.content, dict(again.headers))
    assert client.get(query, "text/csv").headers["content-type"].startswith("text/csv")
    assert client.get(query, **{"If-None-Match": first.headers["etag"]}).status_code == 304
    assert "access-control-allow-origin" not in first.headers
    assert client.get(query, Origin="https://ailleurs.test").headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("appel", ["NOW()", "rand()", "STRUUID()", "n%6Fw()"])
def test_what_changes_each_time_is_not_kept(client: Client, appel: str) -> None:
    query = "/sparql?query=SELECT%20(" + appel + "%20AS%20%3Fx)%20%7B%7D"
    assert client.get(query).content != client.get(query).content

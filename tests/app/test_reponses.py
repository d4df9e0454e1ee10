"""What every answer carries: HEAD, security, cache, compression, one error shape."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from client_http import ADRESSE, Client
from maillage.app import creer_app
from maillage.config import Settings
from maillage.problemes import Probleme
from maillage.routes.entetes import SECURITE
from maillage.textes import lire_textes
from maillage.versions.instantane import InstantaneAbsent

LECTURES = [
    "/",
    "/recherche?q=paie",
    "/api/orientation?q=paie",
    "/sante",
    "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D",
    "/requetes",
    "/api/requetes",
    "/exports",
    "/exports/maillage.nq",
    "/changements",
    "/changements.atom",
    "/changements.json",
    "/intendance",
    "/intendance/a-relire?departement=29",
    "/intendance/rapport",
    "/intendance/validation",
    "/intendance/versions/1/1",
    "/documentation",
    "/openapi.json",
    "/ontologie",
    "/ontologie.ttl",
    "/type-acteur/dla.html",
    "/statique/maillage.css",
    "/robots.txt",
    "/nulle-part",
]
CONDITIONNELLES = [
    one
    for one in LECTURES
    if one.startswith(("/api", "/changements", "/ontologie.", "/type", "/openapi", "/stat"))
]


@pytest.mark.parametrize("chemin", LECTURES)
def test_head_is_get_without_its_body(client: Client, chemin: str) -> None:
    get, head = client.demander("GET", chemin), client.demander("HEAD", chemin)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert set(head.headers) == set(get.headers)
    assert head.headers.get("content-type") == get.headers.get("content-type")


@pytest.mark.parametrize("chemin", LECTURES)
def test_security_headers(client: Client, chemin: str) -> None:
    answer = client.get(chemin, "text/html")
    assert {name: answer.headers[name] for name in SECURITE} == SECURITE


def test_pages_need_nothing_that_the_policy_forbids(client: Client) -> None:
    for chemin in (
        "/",
        "/recherche?q=paie",
        "/sparql",
        "/requetes",
        "/documentation",
        "/intendance",
        "/intendance/a-relire?departement=29",
        "/intendance/rapport",
        "/intendance/validation",
        "/intendance/versions/1/1",
        "/type-acteur/dla.html",
    ):
        page = client.get(chemin, "text/html").text
        for forbidden in ("<style", " style=", " onclick=", "javascript:", "<script>"):
            assert forbidden not in page
        for loaded in re.findall(r"<(?:link rel=.stylesheet|script|img)[^>]*>", page):
            assert "http" not in loaded


@pytest.mark.parametrize("chemin", CONDITIONNELLES)
def test_unchanged_is_304_with_the_same_validators(client: Client, chemin: str) -> None:
    first = client.get(chemin)
    again = client.get(chemin, **{"If-None-Match": f'"autre", {first.headers["etag"]}'})
    assert again.status_code == 304 and again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(chemin, **{"If-None-Match": '"autre"'}).status_code == 200


def test_etag_differs_by_language_and_format(client: Client) -> None:
    tags = {
        client.get("/type-acteur/dla.html", langue="fr").headers["etag"],
        client.get("/type-acteur/dla.html", langue="en").headers["etag"],
        client.get("/type-acteur/dla.ttl").headers["etag"],
        client.get("/type-acteur/dla.nt").headers["etag"],
    }
    assert len(tags) == 4


def test_answers_are_compressed_and_say_it(client: Client) -> None:
    answer = client.get("/ontologie.ttl", **{"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"] and "Accept" in answer.headers["vary"]


def test_other_sites_may_read(client: Client) -> None:
    answer = client.get("/ontologie.ttl", Origin="https://ailleurs.test")
    assert answer.headers["access-control-allow-origin"] == "*"
    asked = {"Origin": "https://ailleurs.test", "Access-Control-Request-Method": "POST"}
    assert client.demander("OPTIONS", "/sparql", headers=asked).status_code == 200


def test_ready_says_which_data(client: Client) -> None:
    state = client.get("/sante").json()
    assert state["pret"] is True and state["conforme"] is True
    assert state["triples"] > state["triples_saisis"] > 10_000
    assert state["version"] and state["date"]


@pytest.mark.parametrize("langue", ["fr", "en"])
@pytest.mark.parametrize(
    ("methode", "chemin", "statut", "code"),
    [
        ("GET", "/nulle-part", 404, "ressource-inconnue"),
        ("GET", "/statique/absent.css", 404, "introuvable"),
        ("GET", "/statique/..%2ftextes.toml", 404, "ressource-inconnue"),
        ("GET", "/api/requetes/inconnue", 404, "requete-enregistree"),
        ("POST", "/recherche", 405, "methode-refusee"),
        ("DELETE", "/sante", 405, "methode-refusee"),
        ("GET", "/un{mauvais}<iri>", 404, "ressource-inconnue"),
    ],
)
def test_one_error_shape(
    client: Client, langue: str, methode: str, chemin: str, statut: int, code: str
) -> None:
    answer = client.demander(methode, chemin, headers={"Accept-Language": langue, "Accept": "*/*"})
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["code"]) == (statut, statut, code)
    assert problem["type"] == f"{ADRESSE}/documentation#probleme-{code}"
    assert problem["langue"] == langue == answer.headers["content-language"]
    assert problem["title"] == lire_textes().entrees[f"probleme.{code}.titre"][langue]
    assert problem["detail"]


def test_browser_gets_a_page_for_an_error(client: Client) -> None:
    answer = client.get("/nulle-part", "text/html,application/xhtml+xml,*/*;q=0.8")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Ressource inconnue</h1>" in answer.text


def test_too_large_a_body_is_refused_unread(client: Client) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    answer = client.demander("POST", "/sparql", content=b"#" * 1_000_001, headers=headers)
    assert answer.status_code == 413
    assert answer.json()["code"] == "corps-trop-grand"


def test_every_problem_raised_has_its_texts() -> None:
    texts = lire_textes()
    codes = {cle.split(".")[1] for cle in texts.entrees if cle.startswith("probleme.")}
    for code in codes:
        assert texts.connait(f"probleme.{code}.titre") and texts.connait(f"probleme.{code}.detail")
    assert Probleme("interne", 500).code in codes


def test_no_snapshot_no_server(tmp_path: Path) -> None:
    with pytest.raises(InstantaneAbsent, match="maillage construire"):
        creer_app(Settings(racine=tmp_path, instantanes=tmp_path / "aucun"))


def test_documentation_lists_every_operation(client: Client) -> None:
    api = client.get("/openapi.json").json()
    page = client.get("/documentation", "text/html").text
    assert {"/api/orientation", "/sparql", "/sante", "/api/requetes/{nom}"} <= set(api["paths"])
    for chemin in api["paths"]:
        assert chemin in page

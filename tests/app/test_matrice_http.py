"""HTTP done fully on every read path: resource × media type × method × condition, one matrix.

The resources are the routes of the application: a new one is in the matrix at once. A route whose address has
a variable part, or needs a parameter, needs an address in EXEMPLES. What holds for all is said once, below.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx
import pytest
from fastapi.routing import APIRoute

from client_http import ADRESSE, Client
from maillage.app import ROUTEURS
from maillage.donnees_liees.negociation import choose_language, weighted

pytestmark = pytest.mark.longue

#: route → addresses that stand for it.
EXEMPLES: dict[str, tuple[str, ...]] = {
    "/api/orientation": ("/api/orientation?q=paie+Quimper", "/api/orientation?q=paie&format=csv"),
    "/recherche": ("/recherche?q=paie+Quimper",),
    "/fiche": ("/fiche?q=paie+Quimper",),
    "/comparer": ("/comparer?acteur=cdos-29&acteur=afdas",),
    "/intendance/connaissance": ("/intendance/connaissance", "/intendance/connaissance?departement=29"),
    "/intendance/a-relire": ("/intendance/a-relire", "/intendance/a-relire?departement=29"),
    "/territoires/{niveau}/{code}": ("/territoires/departement/29", "/territoires/departement/29.csv"),
    "/territoires/{niveau}/{code}/relations": ("/territoires/departement/29/relations",),
    "/territoires/{niveau}/{code}/relations.{suffixe}": (
        "/territoires/departement/29/relations.ttl",
        "/territoires/departement/29/relations.graphml",
    ),
    "/demarches/{code}": ("/demarches/picardie-2011", "/demarches/bretagne-finistere.json"),
    "/territoires": ("/territoires", "/territoires?q=quimper&carte=4"),
    "/territoires/{niveau}/{code}/croisement": ("/territoires/departement/29/croisement",),
    "/methode": ("/methode?territoire=departement:29&debut=2027-01-12&objectif=os2",),
    "/methode.{suffixe}": ("/methode.ics?territoire=departement:29&debut=2027-01-12",),
    "/outils/{numero}": ("/outils/1", "/outils/2?acteur=cdos-29"),
    "/api/suggestions": ("/api/suggestions?q=embau",),
    "/sparql": (
        "/sparql",
        "/sparql?query=" + quote("SELECT ?s { ?s a ?c } LIMIT 3"),
        "/sparql?query=" + quote("ASK { ?s ?p ?o }"),
        "/sparql?query=" + quote("DESCRIBE <https://w3id.org/maillage/etape/4>"),
        "/sparql?format=csv&query=" + quote("SELECT ?s { ?s a ?c } LIMIT 3"),
    ),
    "/api/requetes/{nom}": (
        "/api/requetes/libelles?ressources=etape:4",
        "/api/requetes/description?ressource=etape:4",
        "/api/requetes/statistiques?format=csv",
    ),
    "/requetes/{nom}": ("/requetes/libelles?ressources=etape:4", "/requetes/acteurs-d-un-type"),
    "/catalogue.{suffixe}": ("/catalogue.ttl", "/catalogue.jsonld", "/catalogue.html"),
    "/exports/{nom}": ("/exports/maillage.nq",),
    "/exports/{version}/{nom}": (),  # the same file, at an address that the catalogue gives
    "/changements.{suffixe}": ("/changements.ttl", "/changements.atom", "/changements.html"),
    "/intendance/versions/{de}/{vers}": (),  # needs two versions: tests of the stewards' pages have them
    "/changements/{journal}/{numero}": (),  # the address of a page is in the stream: tests of the stream
    "/statique/{nom}": ("/statique/maillage.css", "/statique/editeur.js", "/statique/maillage.svg"),
    "/{chemin:path}": (
        "/type-acteur/dla",
        "/ontologie",
        "/type-acteur/dla.html",
        "/ontologie.html",
        "/etape/4.ttl",
        "/etape/4.jsonld",
        "/etape/4.rdf",
        "/etape/4.nt",
        "/requete/libelles",
        "/requete/libelles.ttl",
    ),
}
ROUTES = {
    route.path: route
    for routeur in ROUTEURS
    for route in routeur.routes
    if isinstance(route, APIRoute) and "GET" in route.methods
}
ADRESSES = [address for path in ROUTES for address in EXEMPLES.get(path, (path,))]
MEDIAS = (
    "text/html",
    "application/json",
    "text/turtle",
    "application/ld+json",
    "application/rdf+xml",
    "application/n-triples",
    "text/csv",
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "application/atom+xml",
    "image/png",
)
NAVIGATEUR = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
#: an address of several forms that names one is answered so, whatever Accept says.
_MEDIA = re.compile(r"\b(?:application|text|image)/(?!problem)[a-z0-9.+-]*[a-z0-9]")
_NOMMEE = re.compile(r"\.\w+($|\?)|[?&]format=")


def media_of(answer: httpx.Response) -> str:
    return answer.headers.get("content-type", "").partition(";")[0]


def family(media: str) -> set[str]:
    """A media type and the wider names under which it may be asked for."""
    return {media, *(f"application/{one}" for one in ("json", "xml") if media.endswith(one))}


def offered(answer: httpx.Response) -> list[str]:
    """The media types that a 406 lists, whatever the form of the problem."""
    found = list(answer.json()["offerts"]) if "problem" in media_of(answer) else _MEDIA.findall(answer.text)
    assert found
    return found


def test_every_route_with_a_variable_part_has_an_address_here() -> None:
    assert [path for path in ROUTES if "{" in path and path not in EXEMPLES] == []
    assert [path for path in EXEMPLES if path not in ROUTES] == []


@pytest.mark.parametrize("adresse", ADRESSES)
def test_head_is_get_without_its_body(client: Client, adresse: str) -> None:
    for accept in ("*/*", NAVIGATEUR):
        get = client.demander("GET", adresse, headers={"Accept": accept})
        head = client.demander("HEAD", adresse, headers={"Accept": accept})
        assert get.status_code in (200, 303), adresse
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert set(head.headers) == set(get.headers)
        for name in ("content-type", "etag", "location", "vary", "link"):
            assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("adresse", ADRESSES)
def test_the_format_asked_or_406_with_the_list(client: Client, adresse: str) -> None:
    for media in MEDIAS:
        answer = client.get(adresse, media)
        if answer.status_code == 406:
            assert media not in offered(answer)
            assert "Accept" in answer.headers["vary"]
        elif answer.status_code == 200 and not _NOMMEE.search(adresse):
            assert media in family(media_of(answer)), media
        else:
            assert answer.status_code in (200, 303)
    if not _NOMMEE.search(adresse):
        for media in offered(client.get(adresse, "image/png")):
            assert client.get(adresse, media).status_code in (200, 303), media


@pytest.mark.parametrize("adresse", ADRESSES)
def test_text_says_its_charset_and_caches_are_told_what_varies(client: Client, adresse: str) -> None:
    seen: dict[tuple[str, str], httpx.Response] = {}
    for accept in ("*/*", NAVIGATEUR, "application/ld+json, */*;q=0.1"):
        for langue in ("fr", "en"):
            answer = seen[accept, langue] = client.get(adresse, accept, langue)
            media = media_of(answer)
            if answer.status_code == 200 and (media.startswith("text/") or media.endswith("xml")):
                assert "charset=utf-8" in answer.headers["content-type"]
            if "content-language" in answer.headers:
                assert choose_language(None, langue) == answer.headers["content-language"]
    varies = {one.lower() for answer in seen.values() for one, _ in weighted(answer.headers.get("vary", ""))}
    bodies = {cle: answer.content for cle, answer in seen.items()}
    if len({media_of(answer) + answer.headers.get("location", "") for answer in seen.values()}) > 1:
        assert "accept" in varies
    # What no cache may keep (counts that every request changes) needs to tell none of them.
    kept = all(answer.headers.get("cache-control") != "no-store" for answer in seen.values())
    if kept and any(bodies[accept, "fr"] != bodies[accept, "en"] for accept, _ in bodies):
        assert "accept-language" in varies


@pytest.mark.parametrize("adresse", ADRESSES)
def test_validators_and_304(client: Client, adresse: str) -> None:
    tags: dict[str, tuple[str, bytes]] = {}
    for accept in ("*/*", NAVIGATEUR):
        for langue in ("fr", "en"):
            first = client.get(adresse, accept, langue)
            if first.status_code != 200:
                continue
            if "no-store" in first.headers.get("cache-control", ""):
                assert "etag" not in first.headers
                continue
            etag = first.headers["etag"]
            assert "cache-control" in first.headers
            again = client.get(adresse, accept, langue, **{"If-None-Match": f'"autre", {etag}'})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == etag
            assert client.get(adresse, accept, langue, **{"If-None-Match": '"autre"'}).status_code == 200
            kind = f"{media_of(first)} {first.headers.get('content-language')}"
            assert tags.setdefault(etag, (kind, b""))[0] == kind, "one ETag for two variants"


@pytest.mark.parametrize("adresse", ADRESSES)
def test_large_answers_are_compressed(client: Client, adresse: str) -> None:
    plain = client.get(adresse, NAVIGATEUR, **{"Accept-Encoding": "identity"})
    packed = client.get(adresse, NAVIGATEUR, **{"Accept-Encoding": "gzip"})
    if plain.status_code == 200 and len(plain.content) > 2_000 and not adresse.startswith("/exports/"):
        assert packed.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in packed.headers["vary"].lower()
        assert packed.headers.get("etag") == plain.headers.get("etag")


@pytest.mark.parametrize("adresse", ADRESSES)
def test_other_sites_may_read(client: Client, adresse: str) -> None:
    answer = client.get(adresse, Origin="https://ailleurs.test")
    assert answer.headers["access-control-allow-origin"] == "*"
    asked = {
        "Origin": "https://ailleurs.test",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "If-None-Match",
    }
    assert client.demander("OPTIONS", adresse, headers=asked).status_code == 200


@pytest.mark.parametrize("adresse", ADRESSES)
def test_addresses_are_absolute_and_ascii(client: Client, adresse: str) -> None:
    for accept in ("*/*", NAVIGATEUR):
        answer = client.get(adresse, accept)
        for name in ("location", "link", "content-location"):
            value = answer.headers.get(name, "")
            assert value.isascii()
            for target in re.findall(r"<([^>]*)>", value) if name == "link" else filter(None, [value]):
                assert target.startswith(("https://", "http://"))
        if "location" in answer.headers:
            assert answer.headers["location"].startswith(ADRESSE)


@pytest.mark.parametrize("adresse", ADRESSES)
def test_other_methods_are_refused_in_both_languages(client: Client, adresse: str) -> None:
    path = adresse.partition("?")[0]
    for method in ("PUT", "DELETE", "PATCH"):
        for langue in ("fr", "en"):
            headers = {"Accept": "*/*", "Accept-Language": langue}
            answer = client.demander(method, path, headers=headers)
            assert answer.status_code == 405
            assert "GET" in answer.headers["allow"]
            assert answer.headers["content-language"] == langue
            if "problem" in media_of(answer):
                assert answer.json()["code"] == "methode-refusee"
            else:
                assert _NOMMEE.search(path), "a problem takes the form that the address names"


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", NAVIGATEUR])
@pytest.mark.parametrize(
    "adresse",
    ["/nulle-part", "/api/requetes/absente", "/requetes/absente", "/sparql?query=RIEN", "/statique/x.css"],
)
def test_problems_have_one_shape(client: Client, adresse: str, accept: str) -> None:
    for langue in ("fr", "en"):
        answer = client.get(adresse, accept, langue)
        assert answer.status_code in (400, 404)
        assert answer.headers["content-language"] == langue
        assert "Accept" in answer.headers["vary"]
        if media_of(answer) == "application/problem+json":
            assert {"type", "title", "status", "detail", "instance", "code"} <= answer.json().keys()
        else:
            assert media_of(answer) in ("text/html", "text/turtle")

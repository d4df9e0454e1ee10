"""Files validated over HTTP: in context, in every form, bounded; nothing stored, nothing fetched."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from client_http import ADRESSE, Client, ouvrir
from maillage.app import CORPS_MAXIMUM, creer_app
from maillage.bac_a_sable import essais
from maillage.bac_a_sable.trames import Limites
from maillage.config import Settings
from maillage.namespaces import PREFIXES
from maillage.validation.codes import catalogue

ENTETE = "".join(f"@prefix {name}: <{space}> .\n" for name, space in sorted(PREFIXES.items()))
NOUVEAU = """acteur:essai-29 a mlg:Acteur ;
    skos:prefLabel "Maison d'essai"@fr ;
    org:classification type:crib ;
    mlg:commune commune:29232 ;
    mlg:territoireServi departement:29 ;
    schema:url "https://exemple.fr"^^xsd:anyURI ;
    dcterms:source source:guide-2013 ;
    mlg:constat "2024-05"^^xsd:gYearMonth ;
    mlg:statut statut:a-confirmer .
"""
ANNUAIRE = "donnees/acteurs/29/annuaire-2019.ttl"
TURTLE = {"Content-Type": "text/turtle"}


def send(client: Client, text: str | bytes, query: str = "", **headers: str) -> dict:
    answer = client.demander("POST", "/api/validation" + query, content=text, headers=TURTLE | headers)
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert isinstance(report, dict)
    return report


@pytest.fixture(scope="module")
def annuaire(racine_finistere: Path) -> str:
    return (racine_finistere / ANNUAIRE).read_text(encoding="utf-8")


def test_a_new_file_that_refers_to_what_is_served_conforms(client: Client) -> None:
    report = send(client, ENTETE + NOUVEAU)
    assert report["conforme"] and report["constats"] == [] and report["cibles"] >= 1
    assert report["contexte"]["fichier"] == "donnees/essai.ttl" and not report["contexte"]["remplace"]


def test_a_slip_is_placed_and_repaired(client: Client) -> None:
    report = send(client, ENTETE + NOUVEAU.replace("commune:29232", "commune:quimper"))
    first = report["constats"][0]
    assert first["code"] == "MLG-INCONNU" and first["lieu"]["ligne"] == len(PREFIXES) + 4
    assert first["correction"]["texte"].strip() == "mlg:commune commune:29232 ;"
    assert first["lieu_forme"]["fichier"].startswith("ontologie/") and first["lieu_forme"]["ligne"]


@pytest.mark.parametrize("nom", ["?chemin=" + ANNUAIRE, "?chemin=annuaire-2019.ttl", ""])
def test_a_file_of_the_corpus_is_judged_in_its_own_place(client: Client, annuaire: str, nom: str) -> None:
    report = send(client, annuaire.replace("statut:a-confirmer", "statut:a-confirme", 1), nom)
    assert report["contexte"] == {**report["contexte"], "fichier": ANNUAIRE, "remplace": True}
    assert set(report["par_code"]) == {"MLG-INCONNU"}
    assert {one["lieu"]["fichier"] for one in report["constats"]} == {ANNUAIRE}


def test_what_an_edit_breaks_in_other_files_is_said(client: Client, racine_finistere: Path) -> None:
    path = "ontologie/vocabulaires/statuts.ttl"
    text = (racine_finistere / path).read_text(encoding="utf-8")
    assert text.count("statut:atteste a ") == 1
    report = send(client, text.replace("statut:atteste a ", "statut:attestee a "), "?chemin=" + path)
    assert any(one["lieu"]["fichier"] != path for one in report["constats"]), report["par_code"]


def test_nothing_is_stored(client: Client, racine_finistere: Path) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in racine_finistere.rglob("*"))
    for _ in range(2):  # the second trial does not know of the first
        assert send(client, ENTETE + NOUVEAU)["constats"] == []
    assert client.get("/acteur/essai-29.ttl").status_code == 404
    after = sorted((path, path.stat().st_mtime_ns) for path in racine_finistere.rglob("*"))
    assert [one for one in after if "echecs" not in one[0].name and one[0].name != "var"] == [
        one for one in before if "echecs" not in one[0].name and one[0].name != "var"
    ]


def test_a_file_where_nothing_is_targeted_is_not_said_valid(client: Client) -> None:
    report = send(client, '<http://a.fr/a> <http://a.fr/b> "c" .')
    assert report["par_code"] == {"MLG-SANS-CIBLE": 1} and report["cibles"] == 0
    page = client.demander(
        "POST", "/intendance/validation", data={"turtle": '<http://a.fr/a> <http://a.fr/b> "c" .'}
    )
    assert 'class="verdict vide"' in page.text


@pytest.mark.parametrize(
    ("accept", "forme"),
    [
        ("application/json", "json"),
        ("application/sarif+json", "sarif"),
        ("text/html", "html"),
        ("text/plain", "texte"),
        ("application/xml", "junit"),
        ("text/turtle", "ttl"),
        ("image/svg+xml", "svg"),
    ],
)
def test_every_form_by_accept_and_by_name(client: Client, accept: str, forme: str) -> None:
    text = ENTETE + NOUVEAU.replace("commune:29232", "commune:quimper")
    one = client.demander("POST", "/api/validation", content=text, headers=TURTLE | {"Accept": accept})
    two = client.demander("POST", f"/api/validation?format={forme}", content=text, headers=TURTLE)
    assert one.headers["content-type"] == two.headers["content-type"] == f"{accept}; charset=utf-8"
    match forme:
        case "json" | "sarif":
            assert json.loads(one.text) and json.loads(two.text)
        case "junit" | "svg":
            assert ElementTree.fromstring(one.content) is not None
        case "ttl":
            assert len(list(ox.parse(one.content, ox.RdfFormat.TURTLE))) > 5
        case "html":
            assert "sha256-" in one.headers["content-security-policy"] and "<style>" in one.text


def test_the_reader_s_language(client: Client) -> None:
    text = ENTETE + NOUVEAU.replace("commune:29232", "commune:quimper")
    headers = TURTLE | {"Accept": "text/plain", "Accept-Language": "en"}
    said = client.demander("POST", "/api/validation", content=text, headers=headers)
    assert "Did you mean" in said.text and said.headers["content-language"] == "en"
    forced = client.demander("POST", "/api/validation?langue=fr", content=text, headers=headers)
    assert "Vouliez-vous dire" in forced.text


def test_forms_and_files(client: Client, annuaire: str) -> None:
    pasted = client.demander("POST", "/api/validation", data={"turtle": annuaire, "chemin": "x.ttl"})
    assert pasted.json()["contexte"]["fichier"] == "donnees/x.ttl"
    files = {"fichier": ("annuaire-2019.ttl", annuaire.encode(), "text/turtle")}
    dropped = client.demander("POST", "/api/validation", files=files)
    assert dropped.json()["contexte"]["fichier"] == ANNUAIRE and dropped.json()["conforme"]


@pytest.mark.parametrize(
    ("content", "headers", "statut", "code"),
    [
        (b"", TURTLE, 400, "validation-vide"),
        (b"x", {"Content-Type": "application/pdf"}, 415, "validation-type"),
        (b"x" * (CORPS_MAXIMUM + 1), TURTLE, 413, "corps-trop-grand"),
        (b"x", {"Content-Type": "application/x-www-form-urlencoded"}, 400, "validation-vide"),
        (b"x", {"Content-Type": "multipart/form-data"}, 400, "requete-incorrecte"),
        (b"x", TURTLE | {"Accept": "application/pdf"}, 406, "format-refuse"),
    ],
)
def test_refusals(client: Client, content: bytes, headers: dict[str, str], statut: int, code: str) -> None:
    answer = client.demander("POST", "/api/validation", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (statut, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "octets",
    [
        b"\xff\xfea\0c\0",
        b"\xef\xbb\xbf" + (ENTETE + NOUVEAU).encode(),
        (ENTETE + NOUVEAU).replace("\n", "\r\n").encode(),
        (ENTETE + NOUVEAU).encode("utf-16"),
        ENTETE.encode() + b"acteur:a mlg:b " + b"[" * 20_000,
        ENTETE.encode() + b'acteur:a mlg:b "' + b"a" * 900_000 + b'" .',
        b"\0" * 5_000,
        "é".encode("latin-1") * 100,
    ],
    ids=["utf16", "bom", "crlf", "utf16-entier", "profond", "enorme", "zero", "latin1"],
)
def test_bad_bytes_end_in_a_report(client: Client, octets: bytes) -> None:
    report = send(client, octets)
    assert all(one["code"] in catalogue() for one in report["constats"])
    assert all(one["lieu"]["fichier"] for one in report["constats"])


class Oreille(socketserver.BaseRequestHandler):
    """Hears whoever connects."""

    def handle(self) -> None:
        """Count the call."""
        self.server.appels += 1  # type: ignore[attr-defined]


@pytest.fixture
def oreille() -> Iterator[socketserver.TCPServer]:
    with socketserver.TCPServer(("127.0.0.1", 0), Oreille) as server:
        server.appels = 0  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_no_address_is_ever_fetched(client: Client, oreille: socketserver.TCPServer) -> None:
    """Neither an import, nor a base, nor a graph of shapes, nor a service in a rule."""
    address = f"http://127.0.0.1:{oreille.server_address[1]}/x.ttl"
    text = f"""{ENTETE}@base <{address}> .
<> a owl:Ontology ; owl:imports <{address}> ; sh:shapesGraph <{address}> .
forme:essai a sh:NodeShape ; sh:targetClass mlg:Acteur ; sh:sparql [
    sh:prefixes <{address}> ;
    sh:select "SELECT $this WHERE {{ SERVICE <{address}> {{ $this ?p ?o }} }}" ] ;
    sh:js [ sh:jsLibrary [ sh:jsLibraryURL "{address}"^^xsd:anyURI ] ] .
"""
    for path in ("donnees/x.ttl", "ontologie/formes/essai.ttl"):
        send(client, text, f"?chemin={path}")
    assert oreille.appels == 0  # type: ignore[attr-defined]


RULE = f"""{ENTETE}forme:essai a sh:NodeShape ; sh:targetClass mlg:Acteur ; sh:sparql [ sh:select
    "SELECT $this WHERE {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = ?i) }}" ] ."""
MANY = ENTETE + "".join(f"acteur:essai-{rank} a mlg:Acteur .\n" for rank in range(20_000))


@pytest.mark.parametrize(
    ("limites", "text", "statut", "code"),
    [
        (Limites(delai=0.6), RULE, 503, "validation-interrompue"),
        (Limites(delai=30.0, memoire=16 << 20), MANY, 503, "validation-trop-lourde"),
        (Limites(delai=30.0, octets=20_000), MANY[:8_000], 413, "validation-trop-longue"),
    ],
    ids=["seconds", "memory", "report"],
)
def test_a_trial_is_stopped_at_its_limits_and_the_next_one_answers(
    racine_finistere: Path,
    monkeypatch: pytest.MonkeyPatch,
    limites: Limites,
    text: str,
    statut: int,
    code: str,
) -> None:
    monkeypatch.setattr(essais, "LIMITES", limites)
    chemin = "?chemin=ontologie/formes/essai.ttl" if text is RULE else ""
    with ouvrir(creer_app(Settings(racine=racine_finistere, url=ADRESSE))) as opened:
        found = opened.demander("POST", f"/api/validation{chemin}", content=text, headers=TURTLE)
        assert (found.status_code, found.json()["code"]) == (statut, code)
        assert opened.get("/sante").status_code == 200
        assert send(opened, ENTETE + "# rien")["par_code"] == {"MLG-SANS-CIBLE": 1}


def test_the_page_gives_the_text_back_escaped(client: Client) -> None:
    text = ENTETE + NOUVEAU.replace("Maison d'essai", "</textarea><script>alert(1)</script>").replace(
        "statut:a-confirmer", "statut:<b>x"
    )
    answer = client.demander(
        "POST", "/intendance/validation", data={"turtle": text}, headers={"Accept": "text/html"}
    )
    assert answer.status_code == 200 and "<script>alert" not in answer.text and "<b>x" not in answer.text
    assert "&lt;/textarea&gt;" in answer.text and 'class="extrait"' in answer.text


def test_the_page_says_a_refusal_in_the_form(client: Client) -> None:
    answer = client.demander("POST", "/intendance/validation", data={"turtle": " "})
    assert answer.status_code == 400 and 'role="alert"' in answer.text and "<form" in answer.text

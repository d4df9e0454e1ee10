"""The stewards' pages: what is served, the last attempt even refused, versions, words; all escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

import corpus_essai
from client_http import ADRESSE, Client, ouvrir
from maillage.app import creer_app
from maillage.config import Settings
from maillage.routes.constats import MONTRES, presenter
from maillage.routes.intendance import age
from maillage.versions.instantane import InstantaneRefuse
from maillage.versions.publication import TENTATIVE, publier

HTML = "text/html"


@pytest.fixture(scope="module")
def intendance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Settings]]:
    """Two versions, then a refused attempt whose data hold HTML."""
    racine = tmp_path_factory.mktemp("intendance")
    settings = corpus_essai.poser(racine).model_copy(update={"url": ADRESSE})
    publier(settings)
    second = corpus_essai.BON.replace("Acteur d'essai", "Nom <b>neuf</b>")
    corpus_essai.ecrire(racine, "donnees/acteurs/essai.ttl", second)
    publier(settings)
    third = second + '\nacteur:deux a mlg:Acteur ; dcterms:identifier "<script>" .\nacteur:<i> .\n'
    corpus_essai.ecrire(racine, "donnees/acteurs/essai.ttl", third)
    with pytest.raises(InstantaneRefuse):
        publier(settings)
    with ouvrir(creer_app(settings)) as client:
        yield client, settings


def test_the_state_and_the_refused_attempt(intendance: tuple[Client, Settings]) -> None:
    client, settings = intendance
    page = client.get("/intendance", HTML).text
    version = (settings.dossier_instantanes / "courant").resolve().name
    assert version in page and 'class="verdict conforme"' in page
    assert 'class="verdict refuse"' in page and "Refusée" in page
    assert "Refused" in client.get("/intendance", HTML, "en").text
    assert str(settings.racine) not in page


def test_the_report_of_a_refused_attempt_shows_line_caret_and_cure(
    intendance: tuple[Client, Settings],
) -> None:
    client, _ = intendance
    page = client.get("/intendance/rapport", HTML).text
    assert "donnees/acteurs/essai.ttl:" in page and "<mark>" in page and "^</span>" in page
    assert "Un acteur a un nom." in page and "<i>" not in page and "<script>" not in page.split("<main")[1]
    assert "An actor has a name." in client.get("/intendance/rapport", HTML, "en").text
    whole = client.get("/intendance/rapport?format=json").json()
    assert whole["erreurs"] >= 2 and whole["conforme"] is False


def test_the_report_of_the_version_in_service_without_an_attempt(client: Client) -> None:
    page = client.get("/intendance/rapport", HTML)
    assert page.status_code == 200 and "verdict conforme" in page.text


def test_versions_lead_to_their_differences(intendance: tuple[Client, Settings]) -> None:
    client, _ = intendance
    page = client.get("/intendance/versions", HTML).text
    link = page.split('href="/intendance/versions/')[1].split('"')[0]
    shown = client.get(f"/intendance/versions/{link}", HTML)
    assert "Nom &lt;b&gt;neuf&lt;/b&gt;" in shown.text and "Acteur d&#39;essai" in shown.text
    again = client.get(f"/intendance/versions/{link}", HTML, **{"If-None-Match": shown.headers["etag"]})
    assert again.status_code == 304
    data = client.get(f"/intendance/versions/{link}?format=json").json()
    assert (data["ajoutees"], data["modifiees"], data["retirees"]) == (0, 1, 0)
    back = "/".join(link.split("/")[::-1])
    assert client.get(f"/intendance/versions/{back}", HTML).status_code == 200
    assert client.get("/intendance/versions/1/99", HTML).status_code == 404
    assert client.get("/intendance/versions/1/..%2f..%2fetc", HTML).status_code == 404


def test_words_not_understood(intendance: tuple[Client, Settings]) -> None:
    client, _ = intendance
    echecs = client.get("/intendance/mots", HTML)
    assert echecs.status_code == 200 and "<table" not in echecs.text


def test_records_due_by_departement(client: Client) -> None:
    listed = client.get("/intendance/a-relire?echeance=2027-01-01", HTML).text
    assert (
        "departement=29&amp;echeance=2027-01-01" in listed
        or "echeance=2027-01-01&amp;departement=29" in listed
    )
    page = client.get("/intendance/a-relire?departement=29&echeance=2027-01-01", HTML)
    assert "Finistère" in page.text and "<table" in page.text
    for forme, media, debut in (
        ("csv", "text/csv", b"\xef\xbb\xbf"),
        ("ics", "text/calendar", b"BEGIN:VCALENDAR"),
    ):
        sent = client.get(f"/intendance/a-relire?departement=29&echeance=2027-01-01&format={forme}")
        assert sent.headers["content-type"].startswith(media) and sent.content.startswith(debut)
    assert client.get("/intendance/a-relire?departement=999", HTML).status_code == 400
    assert client.get("/intendance/a-relire?echeance=demain", HTML).status_code == 400


def test_a_report_too_long_for_a_page_says_so() -> None:
    constat = {"code": "MLG-X", "gravite": "erreur", "lieu": {}, "message": {"fr": "a"}}
    counts = {"erreurs": 1, "avertissements": 0, "fichiers": 1, "cibles": 1, "triples": 1, "par_code": {}}
    shown = presenter({"conforme": False, **counts, "constats": [constat] * (MONTRES + 3)}, "fr")
    assert len(shown["constats"]) == MONTRES and shown["reste"] == 3


@pytest.mark.parametrize(
    ("date", "dit"),
    [
        ("2026-11-20T12:00:00+00:00", (3, "jour")),
        ("2026-11-23T09:30:00+00:00", (2, "heure")),
        ("2026-11-23T11:59:30+00:00", (0, "minute")),
        ("2027-01-01T00:00:00+00:00", (0, "minute")),
    ],
)
def test_age(date: str, dit: tuple[int, str]) -> None:
    assert age(date, datetime(2026, 11, 23, 12, tzinfo=UTC)) == dit


def test_an_unreadable_report_is_a_404_not_a_failure(tmp_path: Path) -> None:
    settings = corpus_essai.poser(tmp_path).model_copy(update={"url": ADRESSE})
    publier(settings)
    report = settings.dossier_instantanes / "tentative-rapport.json"
    report.write_text(json.dumps([])[:1])
    with ouvrir(creer_app(settings)) as client:
        assert client.get("/intendance/rapport", HTML).status_code == 404


@pytest.mark.parametrize(("cause", "dit"), [("requete", "requetes"), ("disque", "disque"), ("", "journal")])
def test_an_attempt_that_failed_is_told_in_words(tmp_path: Path, cause: str, dit: str) -> None:
    settings = corpus_essai.poser(tmp_path).model_copy(update={"url": ADRESSE})
    account = settings.dossier_instantanes / TENTATIVE
    done = publier(settings)
    account.write_text(json.dumps({**asdict(done), "resultat": "echouee", "conforme": None, "cause": cause}))
    with ouvrir(creer_app(settings)) as client:
        told = client.get("/sante").json()["derniere_tentative"]
        assert (told["resultat"], told["cause"]) == ("echouee", cause) and dit in told["message"]
        assert told["message"] in unescape(client.get("/intendance", HTML).text)


def test_the_list_of_versions_leads_to_itself_as_data(intendance: tuple[Client, Settings]) -> None:
    client, _ = intendance
    page = client.get("/intendance/versions", HTML).text
    (address,) = re.findall(r'href="([^"]*/intendance/versions\.ttl)"', page)
    answer = client.get(address.removeprefix(ADRESSE))
    assert answer.headers["content-type"].startswith("text/turtle") and "prov:" in answer.text

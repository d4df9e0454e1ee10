"""Filters, pages, spelling, table and completion over HTTP."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from client_http import ADRESSE, Client, ouvrir
from maillage.app import creer_app
from maillage.config import Settings
from maillage.echecs import candidats
from maillage.lexique import Lexique
from maillage.versions.instantane import LEXIQUE, courant

QUESTION = "qui conseille une association qui recrute dans le Finistère ?"
ORIENTATION = f"/api/orientation?q={quote(QUESTION)}"


def suivre(client: Client, lien: str) -> Any:
    parts = urlsplit(lien)
    assert lien.startswith(f"{ADRESSE}/")
    answer = client.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 200
    return answer.json()


def test_link_of_a_value_adds_it_then_takes_it_away(client: Client) -> None:
    tout = client.get(ORIENTATION).json()
    crib = next(v for v in tout["facettes"]["type"]["valeurs"] if v["code"] == "crib")
    filtre = suivre(client, crib["lien"])
    assert filtre["total"] == crib["nombre"] < tout["total"]
    assert {"crib"} <= set(filtre["acteurs"][0]["types"])
    actif = next(v for v in filtre["facettes"]["type"]["valeurs"] if v["actif"])
    assert suivre(client, actif["lien"]) == tout == suivre(client, filtre["liens"]["sans_filtre"])


def test_link_keeps_the_whole_query_but_the_cursor(client: Client) -> None:
    found = client.get(f"{ORIENTATION}&limite=2&statut=a-confirmer&langue=en").json()
    suite = suivre(client, found["liens"]["suivant"])
    lien = suite["facettes"]["type"]["valeurs"][0]["lien"]
    for kept in ("limite=2", "statut=a-confirmer", "langue=en", "q=qui"):
        assert kept in lien
    assert "curseur" not in lien


def test_cursor_walks_through_all_actors(client: Client) -> None:
    page = client.get(f"{ORIENTATION}&limite=7").json()
    total, seen = page["total"], [a["iri"] for a in page["acteurs"]]
    while page["suivant"]:
        answer = client.get(f"{ORIENTATION}&limite=7&curseur={page['suivant']}")
        page = answer.json()
        seen += [a["iri"] for a in page["acteurs"]]
        assert ("next" in answer.links) == bool(page["suivant"])
    assert len(seen) == len(set(seen)) == total > 7


@pytest.mark.parametrize("langue", ["fr", "en"])
@pytest.mark.parametrize(
    ("parametres", "champ", "mot"),
    [
        ("curseur=abcd", "curseur", {"fr": "première page", "en": "first page"}),
        ("type=crip", "type", {"fr": "crib", "en": "crib"}),
        ("corriger=peut-etre", "corriger", {"fr": "oui, non", "en": "oui, non"}),
        ("format=xls", "format", {"fr": "csv", "en": "csv"}),
    ],
)
def test_refused_refinement_is_named_and_explained(
    client: Client, langue: str, parametres: str, champ: str, mot: dict[str, str]
) -> None:
    answer = client.get(f"{ORIENTATION}&{parametres}", langue=langue)
    assert answer.status_code == 400
    (refus,) = answer.json()["champs"]
    assert refus["nom"] == champ and mot[langue] in refus["raison"]


def test_cursor_of_another_question_is_refused(client: Client) -> None:
    curseur = client.get(f"{ORIENTATION}&limite=2").json()["suivant"]
    for other in (
        f"/api/orientation?q=paie&limite=2&curseur={curseur}",
        f"{ORIENTATION}&type=crib&curseur={curseur}",
    ):
        assert client.get(other).status_code == 400
    assert client.get(f"{ORIENTATION}&limite=5&curseur={curseur}").status_code == 200


def test_correction_is_shown_and_can_be_revoked(client: Client) -> None:
    found = client.get(f"/api/orientation?q={quote('premiere embuache à Quimper')}").json()
    (correction,) = found["comprehension"]["corrections"]
    assert correction["ecrit"] == "embuache" and correction["lu"].startswith("embauche")
    brut = suivre(client, found["liens"]["sans_correction"])
    assert brut["comprehension"]["corrections"] == []
    assert "embuache" in brut["comprehension"]["non_reconnus"]
    assert suivre(client, brut["liens"]["avec_correction"]) == found


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_table_by_format_and_by_accept(client: Client, langue: str) -> None:
    par_format = client.get(f"{ORIENTATION}&format=csv", langue=langue)
    par_accept = client.get(ORIENTATION, "text/csv", langue)
    assert par_format.content == par_accept.content
    assert par_format.headers["content-type"] == "text/csv; charset=utf-8"
    assert par_format.headers["etag"] != client.get(ORIENTATION, langue=langue).headers["etag"]
    rows = list(csv.reader(io.StringIO(par_format.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0][0] == {"fr": "Nom", "en": "Name"}[langue]
    found = client.get(f"{ORIENTATION}&limite=100", langue=langue).json()
    assert [row[0] for row in rows[1:]] == [a["libelle"] for a in found["acteurs"]]


def test_page_takes_the_same_filters(client: Client) -> None:
    chemin = ORIENTATION.replace("/api/orientation", "/recherche")
    assert client.get(f"{chemin}&type=crib", "text/html").status_code == 200
    assert client.get(f"{chemin}&type=crip", "text/html").status_code == 400


@pytest.mark.parametrize(("langue", "genre"), [("fr", "Commune"), ("en", "Town")])
def test_suggestions(client: Client, langue: str, genre: str) -> None:
    answer = client.get("/api/suggestions?q=quimp&limite=3", langue=langue)
    assert answer.status_code == 200 and answer.headers["content-language"] == langue
    found = answer.json()["suggestions"]
    assert (found[0]["libelle"], found[0]["genre_libelle"]) == ("Quimper", genre)
    assert len(found) == 3


@pytest.mark.parametrize("q", ["", "%00", "%20", "%F0%9F%91%A9", "%3Cscript%3E", "a" * 5000])
def test_suggestions_for_anything(client: Client, q: str) -> None:
    assert client.get(f"/api/suggestions?q={q}").status_code == 200


@pytest.mark.parametrize("parametres", ["q=a&limite=0", "q=a&limite=101", "q=" + "a" * 10_001])
def test_suggestions_refuse_what_is_out_of_bounds(client: Client, parametres: str) -> None:
    assert client.get(f"/api/suggestions?{parametres}").status_code == 400


def test_unknown_words_are_kept_when_the_service_stops(racine_finistere: Path, tmp_path: Path) -> None:
    settings = Settings(racine=racine_finistere, url=ADRESSE, echecs=str(tmp_path / "echecs.sqlite"))
    with ouvrir(creer_app(settings)) as opened:
        for question in ("un zorglubage à Quimper", "le zorglubage du sport"):
            assert opened.interroger(question).status_code == 200
    lexique = Lexique.lire(courant(settings.dossier_instantanes) / LEXIQUE)
    assert "zorglubage" in [vu.ngramme for vu in candidats(tmp_path / "echecs.sqlite", lexique)]


def test_service_does_without_a_file_for_unknown_words(racine_finistere: Path, tmp_path: Path) -> None:
    for echecs in ("", str(tmp_path)):
        with ouvrir(creer_app(Settings(racine=racine_finistere, url=ADRESSE, echecs=echecs))) as opened:
            assert opened.interroger("un zorglubage à Quimper").status_code == 200

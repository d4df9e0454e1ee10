"""The orientation page and API, asked as people and as hostile people ask."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client_http import Client

QUIMPER = {
    "fr": "Qui accompagne une première embauche dans le sport à Quimper ?",
    "en": "Who helps a sports club in Quimper hire its first employee?",
}
HOSTILES = {
    "html": '<script>alert("q")</script><img src=x onerror=alert(1)>',
    "attribut": '" autofocus onfocus="alert(1)',
    "gabarit": "{{ 7 * 7 }} {% include 'x' %} ${7*7} #{7*7}",
    "accolades": "{mots} {nom.__class__} {0}",
    "sql": "'; DROP TABLE acteurs; --",
    "sparql": '" } INSERT DATA { <a:a> <a:b> <a:c> } #',
    "nul": "embauche\x00 à\x07 Quimper\x1b[31m",
    "emoji": "👩🏽‍🚒 embauche 🏳️‍🌈 Quimper 🧾",
    "droite-a-gauche": "\u202eembauche في كيمبر\u202c",
    "combinants": "e\u0301\u0301\u0301" * 300,
    "long": "embauche " * 1111,
    "un-mot-long": "a" * 10_000,
    "chiffres": "29000 " * 500,
    "ponctuation": "?!…;:«»'’\"()[]{}" * 50,
    "retours": "embauche\r\nSet-Cookie: a=b\r\n\r\nsport",
}


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_quimper_has_its_sports_committee_with_reasons_source_and_date(client: Client, langue: str) -> None:
    answer = client.interroger(QUIMPER[langue], langue=langue)
    assert answer.status_code == 200
    found = answer.json()
    assert "29232" in [place["code"] for place in found["comprehension"]["territoires"]]
    committee = next(one for one in found["acteurs"] if "olympique" in one["libelle"].lower())
    assert committee["motifs"] and committee["source"]["iri"] and committee["constat"] and committee["statut"]


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_page_shows_what_the_api_answers(client: Client, langue: str) -> None:
    page = client.interroger(QUIMPER[langue], page=True, langue=langue).text
    found = client.interroger(QUIMPER[langue], langue=langue).json()
    assert f'<html lang="{langue}">' in page
    assert found["acteurs"][0]["libelle"] in page
    assert found["types"][0]["libelle"] in page
    assert found["comprehension"]["phrase"].split(",")[0] in page.replace("&#39;", "'")


def test_language_of_the_address_wins(client: Client) -> None:
    assert '<html lang="en">' in client.get("/?langue=en", "text/html", "fr").text
    assert '<html lang="fr">' in client.get("/", "text/html", "de, fr;q=0.4, en;q=0.2").text
    assert '<html lang="fr">' in client.get("/", "text/html", "").text


@pytest.mark.parametrize("nom", HOSTILES)
def test_hostile_question_is_answered_or_refused(client: Client, nom: str) -> None:
    for page in (False, True):
        answer = client.interroger(HOSTILES[nom], page=page)
        assert answer.status_code in (200, 400)
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("nom", ["html", "attribut", "gabarit", "accolades"])
def test_injected_text_shows_as_text(client: Client, nom: str) -> None:
    page = client.interroger(HOSTILES[nom], page=True).text
    for forbidden in ("<script>alert", "<img src=x", '" autofocus', 'onfocus="alert', " 49 "):
        assert forbidden not in page


@given(question=st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered_or_refused(client: Client, question: str) -> None:
    encodable = question.encode("utf-8", "ignore").decode()
    assert client.interroger(encodable).status_code in (200, 400)


@pytest.mark.parametrize(
    ("parametres", "champ"),
    [
        ("q=", "q"),
        ("q=%20%09", "q"),
        ("q=%00%01", "q"),
        ("q=" + "a" * 10_001, "q"),
        ("q=paie%20" + "a" * 101, "q"),
        ("", "q"),
        ("q=paie&limite=0", "limite"),
        ("q=paie&limite=beaucoup", "limite"),
        ("q=paie&territoire=atlantide", "territoire"),
    ],
)
@pytest.mark.parametrize("langue", ["fr", "en"])
def test_wrong_parameter_is_named(client: Client, parametres: str, champ: str, langue: str) -> None:
    answer = client.get(f"/api/orientation?{parametres}", langue=langue)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["langue"] == langue and problem["status"] == 400
    assert [one["nom"] for one in problem["champs"]] == [champ]
    assert problem["champs"][0]["raison"]


def test_empty_question_on_the_page_says_so_beside_the_field(client: Client) -> None:
    page = client.get("/recherche?q=", "text/html").text
    assert 'aria-invalid="true"' in page and "erreur-q" in page


def test_limit_bounds_kinds_and_actors(client: Client) -> None:
    found = client.get("/api/orientation?q=paie+Quimper&limite=2").json()
    assert len(found["acteurs"]) <= 2 and len(found["types"]) <= 2

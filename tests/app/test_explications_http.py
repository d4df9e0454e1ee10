"""Explain mode: what each word was read as, kept or not, and why."""

from __future__ import annotations

from typing import Any

import pytest

from client_http import Client

QUESTION = "Qui aide à embaucher à Quimper, sans passer par une banque ?"


def explain(client: Client, langue: str = "fr", question: str = QUESTION) -> list[dict[str, Any]]:
    answer = client.demander(
        "GET", "/api/orientation", params={"q": question, "expliquer": "oui", "langue": langue}
    )
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["explications"]
    return found


def test_explanations_come_only_when_asked(client: Client) -> None:
    assert "explications" not in client.interroger(QUESTION).json()
    assert explain(client)


@pytest.mark.parametrize(
    ("langue", "lieu", "nie"),
    [
        ("fr", "précédé d'un mot qui annonce un lieu", "écarté par la question"),
        ("en", "comes after a word that announces a place", "ruled out by the question"),
    ],
)
def test_each_reading_says_what_why_and_whether_kept(
    client: Client, langue: str, lieu: str, nie: str
) -> None:
    readings = {one["mots"]: one for one in explain(client, langue)}
    quimper, banque = readings["Quimper"], readings["banque"]
    assert quimper["retenu"] and quimper["libelle"] == "Quimper"
    assert quimper["genre"] == {"fr": "Lieu", "en": "Place"}[langue]
    assert {"code": "locatif", "indices": 2, "libelle": lieu} in quimper["motifs"]
    assert [motif["libelle"] for motif in banque["motifs"]] == [nie]


def test_readings_follow_the_text_and_none_is_said_twice(client: Client) -> None:
    readings = explain(client, question="premiere embuache dans le sport à Quimper")
    places = [(one["debut"], one["fin"], one["iri"]) for one in readings]
    assert len(places) == len(set(places))
    assert [debut for debut, _, _ in places] == sorted(debut for debut, _, _ in places)
    assert all(QUESTION[one["debut"] : one["fin"]] == one["mots"] for one in explain(client))


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_page_shows_the_same_as_a_table(client: Client, langue: str) -> None:
    page = client.interroger(QUESTION, page=True, langue=langue).text.replace("&#39;", "'")
    table = page[page.index('<details class="explications">') :]
    table = table[: table.index("</table>")]
    assert table.count('<th scope="row">') == len(explain(client, langue))
    for reading in explain(client, langue):
        assert reading["libelle"] in table
        assert all(motif["libelle"] in table for motif in reading["motifs"])
    assert table.count({"fr": "à écarter", "en": "to leave out"}[langue]) == 1


@pytest.mark.parametrize("valeur", ["1", "", "OUI"])
def test_other_words_than_yes_and_no_are_refused(client: Client, valeur: str) -> None:
    answer = client.get(f"/api/orientation?q=paie&expliquer={valeur}")
    assert answer.status_code == 400
    assert [champ["nom"] for champ in answer.json()["champs"]] == ["expliquer"]


def test_documentation_names_every_parameter_of_the_search(client: Client) -> None:
    listed = client.get("/openapi.json").json()["paths"]["/api/orientation"]["get"]["parameters"]
    noms = {one["name"] for one in listed}
    assert {"q", "expliquer", "corriger", "curseur", "format", "territoire", "type", "statut"} <= noms
    assert all(one["description"] for one in listed)
    for langue, words in (("fr", "comment chaque mot a été lu"), ("en", "how each word was read")):
        page = client.get(f"/documentation?langue={langue}", "text/html").text
        assert words in page and all(f"<code>{nom}</code>" in page for nom in noms)

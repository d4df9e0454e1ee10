"""The sheet to hand over and the comparison: who, why, how to reach them, what to prepare; plain refusals."""

from __future__ import annotations

from html import unescape
from urllib.parse import quote

import pytest

from client_http import ADRESSE, Client
from maillage.textes import LANGUES, Langue, lire_textes

TEXTES = lire_textes()
QUESTION = "Qui accompagne une première embauche dans le sport à Quimper ?"
Q = f"q={quote(QUESTION)}"


def lire(client: Client, chemin: str, langue: str = "fr", statut: int = 200) -> str:
    answer = client.get(chemin, "text/html", langue)
    assert answer.status_code == statut, answer.text
    return unescape(answer.text)


@pytest.mark.parametrize("langue", LANGUES)
def test_sheet_says_who_why_how_and_what_to_prepare(client: Client, langue: Langue) -> None:
    found = client.get(f"/api/orientation?{Q}&langue={langue}").json()
    page = lire(client, f"/fiche?{Q}", langue)
    for acteur in found["acteurs"][:3]:
        assert acteur["libelle"] in page
    assert found["acteurs"][0]["contact"]["telephone"] in page
    assert found["comprehension"]["phrase"] in page
    for cle in ("qui", "pourquoi", "joindre", "preparer", "salaries", "parler"):
        assert TEXTES.dire(f"remise.{cle}", langue) in page
    assert f"{ADRESSE}/recherche?q=" in page


def test_sheet_of_the_chosen_actors_only_and_of_what_was_kept(client: Client) -> None:
    page = lire(client, f"/fiche?{Q}&acteur=cosmos&sans=secteur:sport")
    noms = {a["code"]: a["libelle"] for a in client.get(f"/api/orientation?{Q}").json()["acteurs"]}
    assert noms["cdos-29"] not in page
    assert "sans=secteur" in page


def test_chosen_actor_out_of_the_answer_is_said(client: Client) -> None:
    nom = "Mission locale du Pays de Cornouaille"
    code = next(
        a["code"]
        for a in client.get(f"/api/orientation?q={quote('mission locale à Quimper')}").json()["acteurs"]
        if a["libelle"] == nom
    )
    page = lire(client, f"/fiche?{Q}&acteur={code}")
    assert TEXTES.dire("remise.hors-reponse", "fr", nom=nom) in page


@pytest.mark.parametrize("chemin", ["/fiche?q=", "/fiche?q=paie&acteur=personne"])
def test_sheet_of_nothing_is_refused(client: Client, chemin: str) -> None:
    assert client.get(chemin, "text/html").status_code == 400


@pytest.mark.parametrize("langue", LANGUES)
def test_comparison_tells_habits_from_statements(client: Client, langue: Langue) -> None:
    page = lire(client, f"/comparer?{Q}&acteur=cdos-29&acteur=cosmos", langue)
    assert page.count('<th scope="col">') == 2
    assert TEXTES.dire("statut.habituel", langue) in page
    for champ in ("etapes", "roles"):
        assert TEXTES.dire(f"facette.{champ}", langue) in page
    seule = lire(client, "/comparer?acteur=cdos-29&acteur=cosmos", langue)
    assert TEXTES.dire("remise.pourquoi", langue) not in seule


@pytest.mark.parametrize("demande", ["", "acteur=cdos-29", "acteur=cdos-29&acteur=personne"])
def test_comparison_of_too_few_is_refused_with_the_reason(client: Client, demande: str) -> None:
    assert 'role="alert"' in lire(client, f"/comparer?{demande}", statut=400)


def test_page_of_the_answer_offers_both_with_all_that_was_asked(client: Client) -> None:
    page = lire(client, f"/recherche?{Q}&statut=a-confirmer&sans=secteur:sport")
    form = page[page.index('<form id="choisis"') :].split("</form>")[0]
    for kept in ('name="q"', 'name="statut" value="a-confirmer"', 'name="sans" value="secteur:sport"'):
        assert kept in form
    assert '/fiche"' in form and '/comparer"' in form
    assert 'form="choisis"' in page

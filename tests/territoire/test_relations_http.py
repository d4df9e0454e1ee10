"""Relations and path of a territory over HTTP: every form, and SPARQL by hand, say the same."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import networkx as nx
import pytest
from pyoxigraph import RdfFormat, parse

from client_http import Client

LIEU = "/territoires/departement/29"
RELATIONS = LIEU + "/relations"
SPORT = "?evenement=premiere-embauche&secteur=sport"


@pytest.fixture(scope="module")
def systeme(client: Client) -> dict[str, Any]:
    told: dict[str, Any] = client.get(RELATIONS + ".json").json()
    return told


def par_requete(client: Client, nom: str, **parametres: str) -> list[dict[str, Any]]:
    """Rows of a stored query, each as name → value."""
    asked = "&".join(f"{name}={value}" for name, value in parametres.items())
    rows = client.get(f"/api/requetes/{nom}?{asked}&limite=1000", "application/json").json()["results"][
        "bindings"
    ]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def test_every_form_says_the_same(client: Client, systeme: dict[str, Any]) -> None:
    iris = {one["iri"] for one in systeme["relations"]}
    table = client.get(RELATIONS + ".csv").content.decode("utf-8-sig")
    assert {row["Identifiant"] for row in csv.DictReader(io.StringIO(table), delimiter=";")} == iris
    triples = list(parse(client.get(RELATIONS + ".ttl").content, RdfFormat.TURTLE))
    assert {one.subject.value for one in triples if one.predicate.value.endswith("#nature")} == iris
    graphe = nx.read_graphml(io.BytesIO(client.get(RELATIONS + ".graphml").content))
    assert {said["iri"] for *_, said in graphe.edges(data=True) if said["lien"] != "classification"} == iris
    assert (
        sum(said["genre"] == "acteur" for _, said in graphe.nodes(data=True))
        == systeme["population"]["acteurs"]
    )
    assert client.get(LIEU + ".json").json()["relations"] == systeme["relations"]


def test_same_figures_as_sparql_by_hand(client: Client, systeme: dict[str, Any]) -> None:
    habits = par_requete(client, "relations-habituelles-d-un-territoire", territoire="departement:29")
    assert {row["relation"]: (int(row["acteursDe"]), int(row["acteursVers"])) for row in habits} == {
        one["iri"]: (one["de"]["recenses"], one["vers"]["recenses"])
        for one in systeme["relations"]
        if one["origine"] == "habituelle"
    }
    alone = par_requete(client, "acteurs-sans-relation-d-un-territoire", territoire="departement:29")
    assert {row["acteur"] for row in alone} == {one["iri"] for one in systeme["sans_relation"]}


def test_habits_are_never_told_as_stated_here(systeme: dict[str, Any]) -> None:
    assert systeme["population"]["declarees"] == 0 < systeme["population"]["tenues"]
    for one in systeme["relations"]:
        assert one["origine"] == "habituelle" and one["parole"] == "tiers" and not one["declarants"]
        assert one["constat"] and one["sources"] and one["statut"] == "habituel" and one["etat"]
    assert systeme["graphes"]["declare"] == {"ponts": [], "places": []}


def test_wishes_do_not_exist(systeme: dict[str, Any]) -> None:
    wished = [one for one in systeme["souhaits"]]
    assert wished and {one["etat"] for one in wished} == {"souhaitee"} and all(one["tenue"] for one in wished)


def test_who_hands_over_for_a_step(client: Client, systeme: dict[str, Any]) -> None:
    told = client.get(RELATIONS + ".json?etape=4").json()
    by_hand = {
        row["relation"]: row["raison"] for row in par_requete(client, "relais-d-une-etape", etape="etape:4")
    }
    here = {one["iri"] for one in systeme["relations"]}
    assert {one["iri"]: one["raison"] for one in told["relations"]} == {
        name: why for name, why in by_hand.items() if name in here
    }
    assert 0 < len(told["relations"]) < len(here)


def test_the_page_draws_what_its_tables_tell(client: Client, systeme: dict[str, Any]) -> None:
    page = client.get(RELATIONS + ".html", "text/html").text
    assert page.count('class="noeud"') == len(systeme["graphes"]["habituel"]["places"])
    assert re.search(
        r'<svg class="graphe"[^>]* role="img" aria-labelledby="habituel-titre habituel-dit"', page
    )
    assert '<title id="habituel-titre">' in page and '<desc id="habituel-dit">' in page
    assert "style=" not in page and "<script" not in page.split("<main")[1]
    assert "Aucune relation entre acteurs n'est déclarée" in page.replace("&#39;", "'")


@pytest.mark.parametrize(
    ("chemin", "statut"),
    [
        (RELATIONS + ".pdf", 404),
        (RELATIONS + "?format=pdf", 400),
        (RELATIONS + "?etape=7", 400),
        (RELATIONS + "?date=hier", 400),
        ("/territoires/departement/999/relations", 404),
        ("/territoires/planete/29/relations.graphml", 404),
        (LIEU + "?evenement=kermesse", 400),
        (LIEU + "?secteur=premiere-embauche", 400),
    ],
)
def test_what_does_not_hold_is_refused(client: Client, chemin: str, statut: int) -> None:
    assert client.get(chemin, "application/json").status_code == statut


def test_path_of_a_first_hire_in_sport(client: Client) -> None:
    maillons = client.get(LIEU + ".json" + SPORT).json()["parcours"]
    tenus = [one for one in maillons if one["rang"]]
    assert [one["portee"] for one in tenus] == ["generaliste", "sectorielle", "employeur", "institutionnelle"]
    assert [one["acteur"]["libelle"].split(" – ")[0] for one in tenus][:3] == [
        "Espace Associatif Quimper Cornouaille",
        "Comité départemental olympique et sportif du Finistère",
        "COSMOS",
    ]
    assert all(one["raison"] and one["etat"] and one["acteur"]["motifs"] for one in tenus)
    assert tenus[0]["relais"] is None and tenus[1]["relais"]["etat"] == "existante"
    assert all(one["origine"] == "habituelle" for one in tenus[1]["relais"]["relations"])
    assert tenus[3]["relais"] == {"etat": "inconnue", "etat_libelle": "inconnue", "relations": []}
    assert {one["etat"] for one in maillons if not one["rang"]} == {"inconnue"}


def test_a_missing_link_is_named_and_nobody_is_put_in_its_place(client: Client) -> None:
    culture = client.get(LIEU + ".json?evenement=premiere-embauche&secteur=culture").json()["parcours"]
    sector = next(one for one in culture if one["portee"] == "sectorielle")
    assert (
        sector["type"]["code"] == "federation" and sector["acteur"] is None and sector["etat"] == "inconnue"
    )
    page = client.get(LIEU + ".html?evenement=premiere-embauche&secteur=culture", "text/html").text
    assert "Maillon manquant" in page and "Relais manquant" in page


def test_a_link_that_depends_on_the_sector_says_so(client: Client) -> None:
    maillons = client.get(LIEU + ".json?evenement=premiere-embauche").json()["parcours"]
    sector = next(one for one in maillons if one["portee"] == "sectorielle")
    assert sector["acteur"] is None and sector["a_preciser"] and sector["recenses"] > 0
    assert "choisissez" in client.get(LIEU + ".html?evenement=premiere-embauche", "text/html").text


def test_the_need_is_said_in_forms_without_javascript(client: Client) -> None:
    page = client.get(LIEU + ".html" + SPORT, "text/html", "en").text
    assert '<option value="premiere-embauche" selected>first hire</option>' in page
    assert "Trace the path" in page and "usual between these kinds, not stated here" in page

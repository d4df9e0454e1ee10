"""What was understood is taken away and back by links; homonyms are chosen by links; kinds head groups."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from client_http import Client
from maillage.routes.groupes import autres_types, grouper

QUESTION = "Qui accompagne une première embauche dans le sport à Quimper ?"
ORIENTATION = f"/api/orientation?q={quote(QUESTION)}"


def suivre(client: Client, lien: str) -> Any:
    parts = urlsplit(lien)
    answer = client.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(found: Any, champ: str) -> set[str]:
    return {entite["code"] for entite in found["comprehension"][champ]}


@pytest.mark.parametrize(
    ("champ", "code"), [("secteurs", "sport"), ("territoires", "29232"), ("evenements", "premiere-embauche")]
)
def test_each_thing_understood_is_taken_away_and_taken_back(client: Client, champ: str, code: str) -> None:
    tout = client.get(ORIENTATION).json()
    jeton = next(e for e in tout["comprehension"][champ] if e["code"] == code)
    sans = suivre(client, jeton["retirer"])
    assert code in codes(tout, champ) and code not in codes(sans, champ)
    assert codes(sans, "retires") == {code} and sans["comprehension"]["non_reconnus"] == []
    assert suivre(client, sans["comprehension"]["retires"][0]["remettre"]) == tout


def test_what_only_a_thing_taken_away_brought_to_mind_goes_with_it(client: Client) -> None:
    tout = client.get(ORIENTATION).json()
    event = next(e for e in tout["comprehension"]["evenements"] if e["code"] == "premiere-embauche")
    assert "primo-employeurs" in codes(tout, "publics")
    assert "primo-employeurs" not in codes(suivre(client, event["retirer"]), "publics")


def test_without_the_place_only_actors_of_the_whole_country_answer(client: Client) -> None:
    tout = client.get(ORIENTATION).json()
    sans = client.get(f"{ORIENTATION}&sans=commune:29232").json()
    servis = [{a["territoire"] for a in found["acteurs"]} for found in (tout, sans)]
    assert servis[1] == {"France"} < servis[0]


def test_an_exclusion_is_taken_away_too(client: Client) -> None:
    chemin = f"/api/orientation?q={quote('un conseil pour embaucher à Quimper, mais pas le CRIB')}"
    tout = client.get(chemin).json()
    assert codes(tout, "exclus") == {"crib"}
    assert codes(suivre(client, tout["comprehension"]["exclus"][0]["retirer"]), "exclus") == set()


def test_explanation_says_what_the_reader_took_away(client: Client) -> None:
    found = client.get(f"{ORIENTATION}&expliquer=oui&sans=secteur:sport").json()
    said = [e for e in found["explications"] if e["iri"].endswith("/secteur/sport")]
    assert said and not any(e["retenu"] for e in said)
    assert {m["code"] for e in said for m in e["motifs"]} == {"retire"}
    assert all(m["libelle"] != "retire" for e in said for m in e["motifs"])


@pytest.mark.parametrize("valeur", ["secteur:zorglub", "zorglub", "https://exemple.test/x"])
def test_unknown_thing_to_take_away_is_refused(client: Client, valeur: str) -> None:
    answer = client.get(f"{ORIENTATION}&sans={quote(valeur)}")
    assert answer.status_code == 400 and answer.json()["champs"][0]["nom"] == "sans"


def test_cursor_belongs_to_what_was_kept(client: Client) -> None:
    curseur = client.get(f"{ORIENTATION}&limite=1").json()["suivant"]
    assert client.get(f"{ORIENTATION}&limite=1&sans=secteur:sport&curseur={curseur}").status_code == 400


def test_homonyms_are_links_that_keep_the_rest(client: Client) -> None:
    found = client.get(f"/api/orientation?q={quote('un CRIB à Saint-Denis')}&langue=fr").json()
    for ambiguite in found["comprehension"]["ambiguites"]:
        for choix in ambiguite["choix"]:
            chosen = suivre(client, choix["choisir"])
            assert chosen["comprehension"]["ambiguites"] == []
            assert codes(chosen, "territoires") == {choix["code"]}
            assert chosen["comprehension"]["territoire"]["code"] == choix["code"]
            assert suivre(client, chosen["comprehension"]["territoire"]["retirer"]) == found


def test_groups_hold_each_actor_once_under_the_kind_it_stands_for(client: Client) -> None:
    found = client.get(ORIENTATION).json()
    groupes = grouper(found)
    assert sorted(a["iri"] for g in groupes for a in g.acteurs) == sorted(a["iri"] for a in found["acteurs"])
    assert groupes[0].acteurs[0] == found["acteurs"][0]
    heads = [g.type["iri"] for g in groupes if g.type]
    assert len(heads) == len(set(heads)) == len(groupes)
    autres = [un["iri"] for un in autres_types(found, groupes)]
    assert not set(heads) & set(autres)
    assert {un["iri"] for un in found["types"]} <= {*heads, *autres}


def test_kind_that_nobody_stands_for_says_so_with_the_nearest(client: Client) -> None:
    found = client.get(ORIENTATION).json()
    seuls = [un for un in found["types"] if un["personne_de_connu"]]
    assert seuls and all(un["acteurs"] == [] for un in seuls)
    proches = [un["plus_proche"] for un in seuls if un["plus_proche"]]
    assert proches and not any(p["dessert"] for p in proches)
    for un in found["types"]:
        if un["plus_proche"] and un["plus_proche"]["dessert"]:
            assert not un["personne_de_connu"]


@pytest.mark.parametrize("options", ["&statut=historique", "&sans=commune:29232"])
def test_nobody_is_said_unknown_under_filters_or_without_a_place(client: Client, options: str) -> None:
    assert not any(un["personne_de_connu"] for un in client.get(ORIENTATION + options).json()["types"])

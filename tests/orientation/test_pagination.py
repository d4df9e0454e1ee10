"""Cursors and pages: stable, tied to a question and to a version, refused when altered."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.orientation import CurseurRefuse, Curseurs, Orienteur, Page

CURSEURS = Curseurs("000001-abcd", "secret")
QUESTION = "qui conseille les associations qui recrutent en Bretagne ?"


def raison(curseurs: Curseurs, curseur: str, demande: str) -> str:
    with pytest.raises(CurseurRefuse) as error:
        curseurs.lire(curseur, demande)
    return error.value.raison


@given(rang=st.integers(0, 2**32 - 1), demande=st.text())
def test_rank_comes_back(rang: int, demande: str) -> None:
    propre = demande.encode("utf-8", "ignore").decode()
    assert CURSEURS.lire(CURSEURS.ecrire(rang, propre), propre) == rang


def test_any_altered_character_is_refused() -> None:
    curseur = CURSEURS.ecrire(20, "q")
    for place, char in enumerate(curseur):
        autre = "A" if char != "A" else "B"
        assert raison(CURSEURS, curseur[:place] + autre + curseur[place + 1 :], "q") == "invalide"


def test_rank_cannot_be_changed_without_the_key() -> None:
    brut = bytearray(base64.urlsafe_b64decode(CURSEURS.ecrire(20, "q") + "=="))
    brut[3] = 40
    forged = base64.urlsafe_b64encode(bytes(brut)).decode().rstrip("=")
    assert raison(CURSEURS, forged, "q") == "invalide"
    assert raison(CURSEURS, Curseurs("000001-abcd", "autre").ecrire(40, "q"), "q") == "invalide"


def test_another_question_is_refused_and_new_data_said() -> None:
    curseur = CURSEURS.ecrire(20, "q")
    assert raison(CURSEURS, curseur, "autre") == "invalide"
    assert raison(Curseurs("000002-ef01", "secret"), curseur, "q") == "perime"


@given(st.text(max_size=60))
def test_any_text_is_refused_without_another_error(texte: str) -> None:
    with pytest.raises(CurseurRefuse):
        CURSEURS.lire(texte, "q")


@pytest.mark.parametrize("limite", [1, 7, 25])
def test_pages_put_end_to_end_are_the_whole_ranking(orienteur: Orienteur, limite: int) -> None:
    tout = orienteur.repondre(QUESTION, page=Page(100)).en_json()
    assert tout["total"] > 25
    morceaux = [
        acteur["iri"]
        for depart in range(0, tout["total"], limite)
        for acteur in orienteur.repondre(QUESTION, page=Page(limite, depart)).en_json()["acteurs"]
    ]
    entier = [acteur["iri"] for acteur in tout["acteurs"]]
    assert morceaux[:100] == entier and len(set(morceaux)) == len(morceaux) == tout["total"]


def test_scores_fall_and_are_the_sum_of_the_reasons(orienteur: Orienteur) -> None:
    acteurs = orienteur.repondre(QUESTION, page=Page(100)).en_json()["acteurs"]
    scores = [acteur["score"] for acteur in acteurs]
    assert scores == sorted(scores, reverse=True)
    for acteur in acteurs:
        somme = sum(motif["poids"] for motif in acteur["motifs"])
        assert abs(somme - acteur["score"]) <= 0.01 * len(acteur["motifs"])


def test_page_past_the_end_is_empty(orienteur: Orienteur) -> None:
    apres = orienteur.repondre(QUESTION, page=Page(20, 10_000)).en_json()
    assert apres["acteurs"] == [] and apres["total"] > 0

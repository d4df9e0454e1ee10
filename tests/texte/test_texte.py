"""Folding, cutting and stemming: what the matcher sees of a text."""

from __future__ import annotations

import pytest

from maillage.texte import mots, plier, racine


@pytest.mark.parametrize(
    ("ecrit", "plie"),
    [("Élu·e à l'Œuvre", "elu·e a l'oeuvre"), ("CŒUR", "coeur"), ("naïve", "naive"), ("ﬁche", "fiche")],
)
def test_plier_ote_accents_casse_et_ligatures(ecrit: str, plie: str) -> None:
    assert plier(ecrit) == plie


def test_un_mot_garde_sa_place_dans_le_texte() -> None:
    texte = "  Côtes-d'Armor : qui ?"
    assert [texte[m.debut : m.fin] for m in mots(texte)] == ["Côtes", "d", "Armor", "qui"]


def test_un_sigle_pointe_est_un_seul_mot() -> None:
    assert [m.forme for m in mots("le D.L.A. de Brest")] == ["le", "dla", "de", "brest"]


def test_phrases_et_pauses_sont_retenues() -> None:
    premier, deuxieme, troisieme = mots("Paie, contrat. Conflit")
    assert (premier.phrase, deuxieme.phrase, troisieme.phrase) == (0, 0, 1)
    assert deuxieme.pause and not troisieme.pause


@pytest.mark.parametrize(
    "formes",
    [("embaucher", "embauche", "embauchee"), ("salariee", "salarie", "salaries"), ("premiere", "premier")],
)
def test_les_formes_sans_accent_ont_la_meme_racine(formes: tuple[str, ...]) -> None:
    assert len({racine(forme, "fr") for forme in formes}) == 1


def test_un_mot_court_ou_chiffre_reste_entier() -> None:
    assert racine("cae", "fr") == "cae"
    assert racine("75013", "fr") == "75013"

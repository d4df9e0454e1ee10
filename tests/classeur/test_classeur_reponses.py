"""Answers to the three tools become rows of the workbook and Turtle that says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from maillage.classeur import fichiers_csv
from maillage.classeur.comparaison import comparer
from maillage.classeur.etat import Etat
from maillage.classeur.importation import importer
from maillage.classeur.lecture import lire
from maillage.classeur.reponses import Reponses, repondre
from maillage.classeur.tableau import Page, Tableau
from maillage.turtle.formatage import formater

POUR_TOUTES = {"source": "source:dossier-quimper", "constat": "2026-11-15", "statut": "declare"}
ACTEUR = {
    "nom": ["Maison d'exemple"], "types": ["maison des associations"], "commune": ["29232"],
    "territoires_servis": ["departement/29"], "localite": ["Quimper"], "code_postal": ["29000"],
}  # fmt: skip
PUBLIC = {
    "acteur": ["Maison d'exemple"], "publics": ["petites", "benevoles"], "roles": ["conseil"],
    "condition_fr": ["Adhésion demandée.", "Sur rendez-vous."],
}  # fmt: skip
ACTIVITE = {
    "acteur": ["Maison d'exemple"], "etapes": ["4", "5"], "roles": ["conseil"], "place": ["singularite"],
}  # fmt: skip
BESOIN = {"acteur_competence": ["Maison d'exemple"], "position": ["besoin"], "themes": ["paie"]}
RELATION = {"de": ["Maison d'exemple"], "vers": ["cdos-29"], "nature": ["orientation"], "etat": ["souhaitee"]}
OUTILS = {
    "Publics": [PUBLIC],
    "Activités": [ACTIVITE],
    "Forces et besoins": [BESOIN],
    "Relations": [RELATION],
}


@pytest.fixture(scope="module")
def reponses(etat: Etat) -> Reponses:
    return repondre(etat, {"Acteurs": [ACTEUR], **OUTILS}, POUR_TOUTES)


def test_answers_are_understood(reponses: Reponses) -> None:
    assert reponses.defauts == []
    assert {nom: len(rows) for nom, rows in reponses.rangees.items()} == {
        "Acteurs": 1, "Publics": 1, "Activités": 1, "Forces et besoins": 1, "Relations": 1,
    }  # fmt: skip


def test_turtle_is_in_the_layout_of_the_project(reponses: Reponses) -> None:
    assert formater(reponses.turtle.encode()) == reponses.turtle
    assert "mlg:place place:singularite" in reponses.turtle
    assert "mlg:position position:besoin" in reponses.turtle
    assert 'mlg:condition "Adhésion demandée."@fr , "Sur rendez-vous."@fr' in reponses.turtle


def test_rows_read_as_a_workbook_say_the_same(etat: Etat, reponses: Reponses) -> None:
    tables = [
        Tableau(f.nom, iter([(1, [e for e, _ in f.entetes()]), *enumerate(reponses.rangees[f.nom], start=2)]))
        for f in etat.modele.feuilles
    ]
    lecture = lire(tables, etat)
    assert lecture.defauts == []
    assert repondre(etat, {"Acteurs": [ACTEUR], **OUTILS}, POUR_TOUTES).turtle == reponses.turtle
    assert {getattr(comparer(ligne, etat), "sorte", None) for ligne in lecture.lignes} == {"ajoutee"}


def test_imported_answers_give_that_turtle(corpus: Path, tmp_path: Path, reponses: Reponses) -> None:
    etat = Etat.lire(corpus)
    pages = [Page(f.nom, [e for e, _ in f.entetes()], reponses.rangees[f.nom]) for f in etat.modele.feuilles]
    fichiers_csv.ecrire(tmp_path / "atelier.zip", pages, [])
    bilan = importer(tmp_path / "atelier.zip", etat, essai=False)
    assert bilan.defauts == []
    assert bilan.fichiers == ["donnees/acteurs/29/classeur.ttl", "donnees/relations/classeur-29.ttl"]
    written = b"".join((corpus / path).read_bytes() for path in bilan.fichiers)
    assert _dits(written) == _dits(reponses.turtle.encode())


def _dits(turtle: bytes) -> set[str]:
    """The statements, blank nodes told apart by nothing: there is one address."""
    return {
        " ".join("_:" if str(term).startswith("_:") else str(term) for term in triple)
        for triple in parse(turtle, RdfFormat.TURTLE)
    }


def test_unknown_words_are_said_by_sheet_and_column(etat: Etat) -> None:
    answer = {"acteur_competence": ["cdos-29"], "themes": ["paiie"]}
    found = repondre(etat, {"Forces et besoins": [answer]}, POUR_TOUTES)
    assert [(one.feuille, one.ligne, one.entete, one.message) for one in found.defauts] == [
        ("Forces et besoins", 2, "Force ou besoin", "cellule à remplir"),
        (
            "Forces et besoins",
            2,
            "Thème",
            "« paiie » n'est pas connu. Vouliez-vous dire « paie » (theme:paie) ?",
        ),
    ]


def test_unknown_column_is_a_fault_of_the_program(etat: Etat) -> None:
    with pytest.raises(KeyError, match="couleur"):
        repondre(etat, {"Acteurs": [{"couleur": ["bleu"]}]})

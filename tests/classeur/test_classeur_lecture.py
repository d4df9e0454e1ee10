"""Every problem of a workbook is said at its sheet, row and column, all in one run."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from maillage.classeur.comparaison import Changement, comparer
from maillage.classeur.defauts import Defaut
from maillage.classeur.etat import Etat
from maillage.classeur.importation import ouvrir
from maillage.classeur.lecture import Lecture, lire
from maillage.namespaces import iri

Retoucher = Callable[..., Path]

NOUVEAU = {
    "Nom": "Maison d'exemple",
    "Type d'acteur 1": "maison des associations",
    "Commune": "Quimper",
    "Territoires servis": "Finistère (departement/29)",
    "Site web": "https://www.exemple.fr",
    "Source": "source:dossier-quimper",
    "Constaté le": "11/2026",
    "Statut": "déclaré",
}


def lu(etat: Etat, path: Path) -> Lecture:
    return lire(ouvrir(path, etat.modele), etat)


def seul(etat: Etat, path: Path) -> Defaut:
    """The only problem of a workbook."""
    (defaut,) = lu(etat, path).defauts
    return defaut


def change(etat: Etat, path: Path) -> Changement:
    """The only row of a workbook that changes something."""
    found = [comparer(ligne, etat) for ligne in lu(etat, path).lignes]
    (one,) = [each for each in found if isinstance(each, Defaut) or each.sorte != "inchangee"]
    assert isinstance(one, Changement), one
    return one


def test_unknown_word_has_its_place_and_a_suggestion(etat: Etat, retoucher: Retoucher) -> None:
    defaut = seul(etat, retoucher("Acteurs", "cdos-29", {"Secteur 1": "sporrt"}))
    row = next(
        ligne.numero
        for ligne in lu(etat, retoucher("Acteurs", "cdos-29", {})).lignes
        if "cdos-29" in ligne.iri
    )
    assert str(defaut) == (
        f"Acteurs, ligne {row}, colonne G (Secteur) : « sporrt » n'est pas connu. "
        "Vouliez-vous dire « sport » (secteur:sport) ?"
    )


@pytest.mark.parametrize(
    ("titre", "cellule", "dit"),
    [
        ("Constaté le", "31/02/2026", "n'est pas une date possible"),
        ("Constaté le", "hier", "n'est pas une date"),
        ("Commune", "Kimper", "Vouliez-vous dire « Quimper » (commune:29232) ?"),
        ("Commune", "29999", "« 29999 » n'est pas connu"),
        ("Commune", "Quimper (29019)", "le nom et le code ne vont pas ensemble"),
        ("Téléphone", "douze", "n'a pas la forme attendue"),
        ("Site web", "exemple", "n'a pas la forme attendue"),
        ("Nom", "", "cellule à remplir"),
        ("Nom", "x" * 301, "texte trop long : 301 caractères, 300 au plus"),
        ("Statut", "déclaré ; attesté", "une seule valeur est permise ici"),
        ("Nom", "Comité\u202eenversé", "caractère invisible (U+202E)"),
        ("Repère", "abc", "ce repère a été modifié"),
        ("Territoires servis", "Bretagne", "désigne plusieurs choses"),
    ],
)
def test_wrong_cells_are_explained(
    etat: Etat, retoucher: Retoucher, titre: str, cellule: str, dit: str
) -> None:
    defaut = seul(etat, retoucher("Acteurs", "cdos-29", {titre: cellule}))
    assert dit in defaut.message
    assert defaut.entete == titre
    assert defaut.colonne > 0


def test_all_problems_are_said_in_one_run(etat: Etat, retoucher: Retoucher) -> None:
    retoucher("Acteurs", "cdos-29", {"Secteur 1": "sporrt", "Constaté le": "hier"})
    path = retoucher("Activités", "quimper-cdos-29", {"Étape 1": "7", "Acteur": "cdos-92"})
    assert [(one.feuille, one.entete) for one in lu(etat, path).defauts] == [
        ("Acteurs", "Secteur"),
        ("Acteurs", "Constaté le"),
        ("Activités", "Acteur"),
        ("Activités", "Étape"),
    ]


def test_formula_is_refused_where_it_stands(etat: Etat, retoucher: Retoucher) -> None:
    defaut = seul(etat, retoucher("Acteurs", "cdos-29", {"Remarque": "=1+1"}))
    assert (defaut.entete, defaut.message[:7]) == ("Remarque", "formule")


def test_a_code_twice_is_refused(etat: Etat, retoucher: Retoucher) -> None:
    path = retoucher("Acteurs", "", {"Code": "cdos-29", **NOUVEAU})
    assert "« cdos-29 » est déjà décrit à la ligne" in seul(etat, path).message


def test_renamed_heading_is_refused_with_a_suggestion(etat: Etat, retoucher: Retoucher) -> None:
    path = retoucher("Relations", "", {})
    book = openpyxl.load_workbook(path)
    book["Relations"]["C1"] = "Natur"
    book["Forces et besoins"].title = "Forces"
    book.save(path)
    assert [str(one) for one in lu(etat, path).defauts] == [
        "Relations, ligne 1, colonne C : colonne inconnue : « Natur ». Vouliez-vous dire « Nature * » ?",
        "Forces : feuille inconnue. Vouliez-vous dire « Forces et besoins » ?",
    ]


def test_a_column_taken_away_changes_nothing(etat: Etat, retoucher: Retoucher) -> None:
    path = retoucher("Acteurs", "cdos-29", {"Nom": "Nouveau nom"})
    book = openpyxl.load_workbook(path)
    book["Acteurs"].delete_cols(4, 5)
    book.save(path)
    assert [ecart.colonne.cle for ecart in change(etat, path).ecarts] == ["nom"]


def test_new_row_gets_a_code_and_may_be_named_at_once(etat: Etat, retoucher: Retoucher) -> None:
    retoucher("Acteurs", "", NOUVEAU)
    relation = {
        "De": "Maison d'exemple", "Vers": "cdos-29", "Nature": "orientation", "État": "souhaitée",
        "Source": "source:dossier-quimper", "Constaté le": 2026, "Statut": "declare",
    }  # fmt: skip
    lecture = lu(etat, retoucher("Relations", "", relation))
    assert lecture.defauts == []
    assert [ligne.iri for ligne in lecture.lignes if not etat.connue(ligne.iri)] == [
        iri("acteur", "maison-d-exemple-29232"),
        iri("relation", "maison-d-exemple-29232-orientation-cdos-29"),
    ]


def test_new_row_takes_the_values_given_for_all(etat: Etat, retoucher: Retoucher) -> None:
    bare = {titre: cellule for titre, cellule in NOUVEAU.items() if titre not in ("Source", "Statut")}
    path = retoucher("Acteurs", "", bare)
    assert [one.entete for one in lu(etat, path).defauts] == ["Source", "Statut"]
    given = {"source": "source:dossier-quimper", "statut": "declare"}
    assert lire(ouvrir(path, etat.modele), etat, given).defauts == []


def test_dates_and_numbers_of_a_spreadsheet_are_read(etat: Etat, retoucher: Retoucher) -> None:
    cells = {"Constaté le": datetime.datetime(2026, 11, 15), "Téléphone": "0298987552", "Commune": 29232}
    found = change(etat, retoucher("Acteurs", "cdos-29", cells))
    assert {(e.colonne.cle, *(one.value for one in e.apres)) for e in found.ecarts} == {
        ("constat", "2026-11-15")
    }


def test_an_emptied_cell_takes_its_value_away(etat: Etat, retoucher: Retoucher) -> None:
    found = change(etat, retoucher("Acteurs", "cdos-29", {"Téléphone": None}))
    assert [(e.colonne.cle, len(e.avant), len(e.apres)) for e in found.ecarts] == [("telephone", 1, 0)]


def test_empty_cells_of_a_row_without_mark_say_nothing(etat: Etat, retoucher: Retoucher) -> None:
    empty = {"Repère": None, "Téléphone": None, "Remarque": None, "Site web": "https://www.exemple.fr"}
    found = change(etat, retoucher("Acteurs", "cdos-29", empty))
    assert [ecart.colonne.cle for ecart in found.ecarts] == ["site"]


def test_a_record_changed_since_the_export_is_a_conflict(etat: Etat, retoucher: Retoucher) -> None:
    path = retoucher("Acteurs", "cdos-29", {"Nom": "Autre nom", "Repère": "0123456789ab"})
    found = [comparer(ligne, etat) for ligne in lu(etat, path).lignes if ligne.iri.endswith("/cdos-29")]
    assert isinstance(found[0], Defaut)
    assert "a changé dans les données depuis l'exportation" in found[0].message


def test_an_actor_cannot_be_removed_but_an_intervention_can(etat: Etat, retoucher: Retoucher) -> None:
    assert "retirer" not in {c.cle for _, c in etat.modele.feuille("Acteurs").entetes()}
    assert change(etat, retoucher("Activités", "quimper-cdos-29", {"Retirer": "oui"})).sorte == "retiree"


def test_ambiguous_name_is_written_with_its_code(etat: Etat) -> None:
    colonne = etat.modele.feuille("Acteurs").par_cle["territoires_servis"]
    texts = {next(etat.registre.ecritures(colonne, iri(p, "53"))) for p in ("region", "ancienne-region")}
    assert texts == {"Bretagne (region/53)", "Bretagne (ancienne-region/53)"}

"""The workbook as a person opens it: headings, help, lists, and what the command refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from maillage.classeur.etat import Etat
from maillage.classeur.exportation import modele
from maillage.classeur.modele import OBLIGATOIRE
from maillage.commande.cli import main
from maillage.namespaces import iri


@pytest.fixture(scope="module")
def vide(etat: Etat, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("modele") / "vide.xlsx"
    modele(etat, path)
    return openpyxl.load_workbook(path)


def test_sheets_are_those_of_the_three_tools(vide: Any) -> None:
    tools = ["Acteurs", "Publics", "Activités", "Forces et besoins", "Relations"]
    assert vide.sheetnames == ["Lisez-moi", *tools, "Listes", "Vocabulaire"]
    assert {vide[nom].max_row for nom in tools} == {1}


def test_every_heading_is_explained_and_stays_in_sight(vide: Any, etat: Etat) -> None:
    for feuille in etat.modele.feuilles:
        sheet = vide[feuille.nom]
        assert [cell.value for cell in sheet[1]] == [entete for entete, _ in feuille.entetes()]
        assert all(cell.comment and len(cell.comment.text) > 10 for cell in sheet[1])
        assert sheet.freeze_panes == "C2"
        assert all(sheet.column_dimensions[cell.column_letter].width >= 10 for cell in sheet[1])


def test_columns_chosen_from_a_vocabulary_have_their_list(vide: Any, etat: Etat) -> None:
    for feuille in etat.modele.feuilles:
        sheet = vide[feuille.nom]
        listed = {
            str(zone).split(":")[0].rstrip("2"): validation.formula1
            for validation in sheet.data_validations.dataValidation
            for zone in validation.sqref.ranges
        }
        for rank, (_, colonne) in enumerate(feuille.entetes(), start=1):
            if colonne.genre in ("concept", "source"):
                formula = listed[sheet.cell(1, rank).column_letter]
                zone = vide["Listes"][formula.rpartition("!")[2]]
                assert [cell.value for (cell,) in zone] == [
                    one.libelle for one in etat.registre.choix(colonne)
                ]


def test_every_word_offered_is_read_back(etat: Etat) -> None:
    for feuille in etat.modele.feuilles:
        for colonne in feuille.colonnes:
            if colonne.genre in ("concept", "source"):
                for one in etat.registre.choix(colonne):
                    termes, wrong = etat.cellules.lire(colonne, one.libelle)
                    assert ([terme.value for terme in termes], wrong) == ([one.iri], [])


def test_what_must_be_filled_comes_from_the_shapes(etat: Etat) -> None:
    required = {c.cle for c in etat.modele.feuille("Acteurs").colonnes if c.obligatoire}
    assert required == {"nom", "types", "territoires_servis", "source", "constat", "statut"}
    entetes = [entete for entete, _ in etat.modele.feuille("Acteurs").entetes()]
    assert f"Nom{OBLIGATOIRE}" in entetes and "Commune" in entetes


def test_known_actors_are_there_with_a_territory(etat: Etat, tmp_path: Path) -> None:
    contenu = modele(etat, tmp_path / "m.xlsx", iri("departement", "29"))
    assert len(contenu["Acteurs"]) > 300
    assert contenu["Activités"] == []
    listes = openpyxl.load_workbook(tmp_path / "m.xlsx")["Listes"]
    said = {cell.value for row in listes.iter_rows() for cell in row}
    assert {"Commune", "Quimper (29232)", "Finistère (departement/29)", "France (pays/france)"} <= said
    assert not any(str(one).startswith("Rennes") for one in said)


@pytest.mark.parametrize(
    ("arguments", "dit"),
    [
        (["modele", "la.xlsx"], "existe déjà"),
        (
            ["modele", "neuf.xlsx", "--territoire", "departement/2999"],
            "Territoire « departement/2999 » inconnu",
        ),
        (["exporter", "neuf.ods"], "donnez un nom en .xlsx"),
        (["importer", "absent.xlsx"], "absent.xlsx"),
    ],
)
def test_the_command_says_what_it_refuses(
    modele_de_corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    dit: str,
) -> None:
    monkeypatch.setenv("MAILLAGE_RACINE", str(modele_de_corpus))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "la.xlsx").write_bytes(b"")
    with pytest.raises(SystemExit) as end:
        main(["tableur", *arguments])
    assert end.value.code in (2, 3)
    assert dit in capsys.readouterr().err

"""CSV for a spreadsheet: opens with accents and columns, and runs no formula."""

from __future__ import annotations

import csv
import io

import pytest

from maillage import tableur
from maillage.orientation import Orienteur
from maillage.textes import Langue, lire_textes


def lire(octets: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_cell_that_would_be_a_formula_is_text(debut: str) -> None:
    cellule = debut + 'HYPERLINK("https://ailleurs.test";"clic")'
    assert tableur.neutraliser(cellule) == "'" + cellule
    assert lire(tableur.ecrire(["a"], [[cellule]]))[1] == ["'" + cellule]


@pytest.mark.parametrize("cellule", ["", "Quimper", "1=1", "a@b.fr", "02 98 00 00 00", " = 1"])
def test_other_cells_are_left_alone(cellule: str) -> None:
    assert tableur.neutraliser(cellule) == cellule


def test_mark_semicolons_and_quotes() -> None:
    octets = tableur.ecrire(["Nom", "Été"], [["a;b", 'dit "oui"\nici']])
    assert octets.startswith(b"\xef\xbb\xbfNom;\xc3\x89t\xc3\xa9\r\n")
    assert lire(octets) == [["Nom", "Été"], ["a;b", 'dit "oui"\nici']]


@pytest.mark.parametrize(
    ("langue", "nom", "date"), [("fr", "Nom", "Date du constat"), ("en", "Name", "Date seen")]
)
def test_one_row_an_actor_with_reasons_source_date_and_status(
    orienteur: Orienteur, langue: Langue, nom: str, date: str
) -> None:
    reponse = orienteur.repondre("qui aide à recruter dans le sport à Quimper ?", langue).en_json()
    entetes, *lignes = lire(tableur.acteurs(reponse, lire_textes(), langue))
    assert entetes[0] == nom and date in entetes and len(entetes) == len(tableur.COLONNES)
    assert len(lignes) == len(reponse["acteurs"]) > 0
    for ligne, acteur in zip(lignes, reponse["acteurs"], strict=True):
        par_nom = dict(zip(tableur.COLONNES, ligne, strict=True))
        assert par_nom["iri"] == acteur["iri"] and par_nom["date"] == acteur["constat"]
        assert par_nom["raisons"] and par_nom["source"] and par_nom["statut"]

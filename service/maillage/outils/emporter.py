"""Answers taken away: the stewards' workbook that says them, as XLSX or CSV."""

from __future__ import annotations

from collections.abc import Sequence

from maillage.classeur import fichiers_csv, xlsx
from maillage.classeur.modele import Feuille, Modele
from maillage.classeur.reponses import Reponses
from maillage.classeur.tableau import AIDES, Page
from maillage.tableur import ecrire as en_csv


def en_xlsx(modele: Modele, reponses: Reponses, aide: Sequence[str]) -> bytes:
    """A workbook with every sheet, the answers in theirs: `maillage tableur importer` takes it.

    Raises ClasseurIllisible for a text too long for a cell.
    """
    return xlsx.octets(_pages(modele, reponses), {}, aide, Page(AIDES[2], [], []))


def en_tables(modele: Modele, reponses: Reponses, aide: Sequence[str]) -> tuple[str, bytes]:
    """Name and bytes: one CSV file where one sheet is filled, a ZIP archive of them where several are.

    Raises ClasseurIllisible for a text too long for a cell.
    """
    pages = [page for _, page in _pages(modele, reponses) if page.lignes]
    if len(pages) == 1:
        return fichiers_csv.nom_de_fichier(pages[0].nom), en_csv(pages[0].entetes, pages[0].cellules())
    return "reponses.zip", fichiers_csv.archive(pages, aide)


def _pages(modele: Modele, reponses: Reponses) -> list[tuple[Feuille, Page]]:
    return [
        (feuille, Page(feuille.nom, [entete for entete, _ in feuille.entetes()], rows))
        for feuille in modele.feuilles
        for rows in [reponses.rangees.get(feuille.nom, [])]
    ]

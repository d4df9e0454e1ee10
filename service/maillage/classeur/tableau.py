"""Tables of text cells, whatever file they come from; limits that keep reading bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from maillage.classeur.defauts import ClasseurIllisible, Defaut
from maillage.tableur import proteger

#: rows of a sheet, columns, characters of a cell, bytes of a file (once unpacked), files in an archive.
LIGNES, COLONNES, CELLULE, OCTETS, FICHIERS = 20_000, 100, 32_767, 32 << 20, 200
#: sheets and files that only help to fill the others.
AIDES = ("Lisez-moi", "Listes", "Vocabulaire")


@dataclass
class Tableau:
    """One sheet: its rows with their number, headings first. What is wrong is gathered in `defauts`."""

    nom: str
    lignes: Iterator[tuple[int, list[str]]]
    defauts: list[Defaut] = field(default_factory=list)

    def refuser(self, ligne: int, colonne: int, message: str) -> None:
        """Note a cell that cannot be taken."""
        self.defauts.append(Defaut(self.nom, ligne, colonne, "", message))


@dataclass(frozen=True)
class Page:
    """One sheet to write: headings, rows of cells, and what the writer of a format may use."""

    nom: str
    entetes: list[str]
    lignes: list[list[str]]

    def cellules(self) -> list[list[str]]:
        """The rows, no cell of which can run as a formula. Raises ClasseurIllisible for one too long."""
        rows = [[proteger(cell) for cell in row] for row in self.lignes]
        for number, row in enumerate(rows, start=2):
            for rank, cell in enumerate(row):
                if len(cell) > CELLULE:
                    raise ClasseurIllisible(
                        f"{self.nom}, ligne {number} ({self.entetes[rank]}) : {len(cell)} caractères, plus "
                        f"que les {CELLULE} d'une cellule de tableur"
                    )
        return rows


def controler_taille(path: Path) -> None:
    """Raises ClasseurIllisible for a file over the limit, OSError for one that cannot be read."""
    if path.stat().st_size > OCTETS:
        raise ClasseurIllisible(f"{path.name} : fichier de plus de {OCTETS >> 20} Mo")

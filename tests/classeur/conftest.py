"""The small corpus of Finistère as a workbook, and how a person edits it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import petit_corpus
from maillage.classeur.etat import Etat
from maillage.classeur.exportation import exporter
from maillage.namespaces import iri

#: few enough actors for a workbook to be opened and saved many times.
BREST = iri("commune", "29019")
EQUIVALENCES = Path("donnees/institutions/equivalences.csv")

#: cells by heading; "" empties. The row is found by its code, "" for a new one.
Cellules = dict[str, object]


@pytest.fixture(scope="session")
def modele_de_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    racine = petit_corpus.ecrire(tmp_path_factory.mktemp("classeur"))
    (racine / EQUIVALENCES).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(petit_corpus.RACINE / EQUIVALENCES, racine / EQUIVALENCES)
    return racine


@pytest.fixture(scope="session")
def etat(modele_de_corpus: Path) -> Etat:
    """The state of the corpus, for what only reads it."""
    return Etat.lire(modele_de_corpus)


@pytest.fixture(scope="session")
def exporte(etat: Etat, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exporte") / "brest.xlsx"
    exporter(etat, path, BREST)
    return path


@pytest.fixture
def corpus(modele_de_corpus: Path, tmp_path: Path) -> Path:
    """A corpus that a test may write in."""
    return Path(shutil.copytree(modele_de_corpus, tmp_path / "corpus", symlinks=True))


@pytest.fixture
def retoucher(exporte: Path, tmp_path: Path) -> Callable[..., Path]:
    """Edit a copy of the exported workbook: `retoucher("Acteurs", "cdos-29", Téléphone="…")`."""
    path = tmp_path / "classeur.xlsx"
    shutil.copyfile(exporte, path)

    def edit(feuille: str, code: str, cellules: Cellules) -> Path:
        book = openpyxl.load_workbook(path)
        sheet = book[feuille]
        heads = {str(cell.value).removesuffix(" *"): cell.column for cell in sheet[1]}
        codes = {str(cell.value): cell.row for cell in sheet["A"] if cell.value}
        row = codes[code] if code else sheet.max_row + 1
        for head, value in cellules.items():
            sheet.cell(row, heads[head]).value = value
        book.save(path)
        return path

    return edit

"""The worked example of the stewards' guide, followed to the letter."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import openpyxl
import pytest

import petit_corpus
from maillage.commande.cli import main

CHAPITRE = (
    (petit_corpus.RACINE / "donnees/LISEZMOI.md").read_text(encoding="utf-8").split("## Avec un tableur")[1]
)
CHAPITRE = CHAPITRE.split("\n## ")[0]
COMMANDES = re.findall(r"^maillage (tableur .*)$", CHAPITRE, re.M)
MONTRES = re.findall(r"^```text\n(.*?)^```", CHAPITRE, re.M | re.S)


def exemple(rang: int) -> dict[str, str]:
    """A table of the guide that is one row of a sheet, after the table of sheets."""
    rows = re.findall(r"^\| (.*) \|\n\|[-|]+\|\n\| (.*) \|$", CHAPITRE, re.M)[1 + rang]
    return dict(zip(*(row.split(" | ") for row in rows), strict=True))


def remplir(path: Path, feuille: str, cellules: dict[str, str]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book[feuille]
    heads = {str(cell.value).removesuffix(" *"): cell.column for cell in sheet[1]}
    row = sheet.max_row + 1
    for head, value in cellules.items():
        sheet.cell(row, heads[head]).value = value
    book.save(path)


@pytest.mark.longue
def test_the_example_of_the_guide_gives_what_it_shows(
    modele_de_corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MAILLAGE_RACINE", str(modele_de_corpus))
    monkeypatch.chdir(tmp_path)
    empty, trial = COMMANDES
    assert lancer(empty) == 0
    acteurs, relations = exemple(0), exemple(1)
    remplir(tmp_path / "atelier.xlsx", "Acteurs", acteurs)
    remplir(tmp_path / "atelier.xlsx", "Relations", relations)
    assert lancer(trial) == 0
    shown, wrong = MONTRES
    out = sans_numeros(capsys.readouterr().out)
    assert all(line in out for line in sans_numeros(shown).splitlines() if line.strip() != "…")
    remplir(tmp_path / "atelier.xlsx", "Acteurs", {**acteurs, "Nom": "Autre maison", "Commune": "Kimper"})
    assert lancer(trial) == 2
    assert sans_numeros(wrong) in sans_numeros(capsys.readouterr().err)


def lancer(commande: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(shlex.split(commande))
    assert isinstance(end.value.code, int)
    return end.value.code


def sans_numeros(texte: str) -> str:
    """The number of a row depends on how many actors are known."""
    return re.sub(r"ligne \d+", "ligne N", texte)

"""Files made to harm: a clear refusal, in bounded time and memory, never a traceback."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from maillage.classeur import fichiers_csv, xlsx
from maillage.classeur.defauts import ClasseurIllisible
from maillage.classeur.etat import Etat
from maillage.classeur.exportation import exporter
from maillage.classeur.importation import ouvrir
from maillage.classeur.lecture import Lecture, lire
from maillage.classeur.tableau import CELLULE, LIGNES, OCTETS
from maillage.namespaces import iri
from maillage.tableur import deproteger, proteger

FEUILLE = "xl/worksheets/sheet2.xml"
ALEA = 20261123


@pytest.fixture(scope="session")
def petit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workbook by hand: two sheets, one row."""
    path = tmp_path_factory.mktemp("petit") / "petit.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Lisez-moi"
    sheet = book.create_sheet("Acteurs")
    sheet.append(["Code", "Nom"])
    sheet.append(["cdos-29", "Un nom"])
    book.save(path)
    return path


def refaire(path: Path, target: Path, change: Callable[[str, bytes], bytes | None], **more: bytes) -> Path:
    """The archive with its parts changed, and others added."""
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            octets = change(part, before.read(part))
            if octets is not None:
                after.writestr(part, octets)
        for name, octets in more.items():
            after.writestr(name.replace("__", "/"), octets)
    return target


def lu(etat: Etat, path: Path) -> Lecture:
    return lire(ouvrir(path, etat.modele), etat)


def avec(corps: bytes) -> Callable[[str, bytes], bytes]:
    """Put XML in the sheet after its first row."""
    return lambda part, octets: octets.replace(b"</row>", b"</row>" + corps, 1) if part == FEUILLE else octets


@pytest.mark.parametrize(
    ("nom", "octets", "dit"),
    [
        ("xl__vbaProject.bin", b"\0", "macros"),
        ("xl__externalLinks__externalLink1.xml", b"<externalLink/>", "lié à d'autres classeurs"),
        ("xl__bombe.xml", b"a" * (OCTETS + 1), "une fois décompressé"),
        ("xl__laughs.xml", b'<!DOCTYPE l [<!ENTITY a "b">]><l>&a;</l>', "déclaration XML"),
        ("xl__ebcdic.xml", b'<?xml version="1.0" encoding="cp037"?>', "déclaration XML"),
        ("xl__utf16.xml", "<l/>".encode("utf-16"), "n'est pas en UTF-8"),
        ("xl__balises.xml", b"<a/>" * (xlsx.BALISES + 1), "trop de cellules"),
    ],
)
def test_dangerous_archives_are_refused(
    etat: Etat, petit: Path, tmp_path: Path, nom: str, octets: bytes, dit: str
) -> None:
    path = refaire(petit, tmp_path / "x.xlsx", lambda _, same: same, **{nom: octets})
    with pytest.raises(ClasseurIllisible, match=dit):
        lu(etat, path)


@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04", b"Code;Nom\n", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_workbook_is_said_so(etat: Etat, tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(octets)
    with pytest.raises(ClasseurIllisible, match="n'est pas un classeur XLSX lisible"):
        lu(etat, path)


@pytest.mark.parametrize("nom", ["x.ods", "x.xlsm", "x.xls"])
def test_other_formats_are_refused(etat: Etat, tmp_path: Path, nom: str) -> None:
    (tmp_path / nom).write_bytes(b"x")
    with pytest.raises(ClasseurIllisible, match="ou un dossier de fichiers CSV"):
        lu(etat, tmp_path / nom)


def test_cell_at_the_end_of_the_world_is_refused(etat: Etat, petit: Path, tmp_path: Path) -> None:
    far = f'<row r="{LIGNES + 9}"><c r="A{LIGNES + 9}" t="inlineStr"><is><t>x</t></is></c></row>'.encode()
    assert lu(etat, refaire(petit, tmp_path / "a.xlsx", avec(far))).defauts
    beyond = b'<row r="999999999999"><c r="ZZZ999999999999" t="inlineStr"><is><t>x</t></is></c></row>'
    assert isinstance(lu(etat, refaire(petit, tmp_path / "b.xlsx", avec(beyond))), Lecture)


def test_empty_formatted_rows_far_below_are_no_problem(etat: Etat, petit: Path, tmp_path: Path) -> None:
    path = refaire(petit, tmp_path / "x.xlsx", avec(b'<row r="1048576"/>'))
    assert [one.message for one in lu(etat, path).defauts if "lignes" in one.message] == []


def test_endless_cell_is_refused_where_it_stands(etat: Etat, petit: Path, tmp_path: Path) -> None:
    long = b'<row r="2"><c r="B2" t="inlineStr"><is><t>' + b"x" * (CELLULE + 1) + b"</t></is></c></row>"
    found = lu(etat, refaire(petit, tmp_path / "x.xlsx", avec(long))).defauts
    assert any(str(one).startswith("Acteurs, ligne 2, colonne B (Nom) : texte de 32768") for one in found)


def test_damaged_workbooks_are_refused_or_read(etat: Etat, petit: Path, tmp_path: Path) -> None:
    alea, whole, path = random.Random(ALEA), petit.read_bytes(), tmp_path / "x.xlsx"
    for _ in range(150):
        octets = bytearray(whole)
        for _ in range(alea.randint(1, 8)):
            octets[alea.randrange(len(octets))] = alea.randrange(256)
        path.write_bytes(octets[: alea.randint(1, len(octets))] if alea.random() < 0.2 else octets)
        _lire_ou_refuser(etat, path)


def test_damaged_parts_are_refused_or_read(etat: Etat, petit: Path, tmp_path: Path) -> None:
    """The damage is inside the XML: the archive itself is whole."""
    alea = random.Random(ALEA)

    def damage(part: str, octets: bytes) -> bytes:
        if not octets or alea.random() < 0.6:
            return octets
        torn = bytearray(octets)
        for _ in range(alea.randint(1, 4)):
            at = alea.randrange(len(torn))
            torn[at : at + alea.randint(0, 3)] = bytes(
                alea.choices(b'<>&"=/ 0123456789abc\xff', k=alea.randint(0, 3))
            )
        return bytes(torn)

    for _ in range(150):
        _lire_ou_refuser(etat, refaire(petit, tmp_path / "x.xlsx", damage))


def test_damaged_csv_are_refused_or_read(etat: Etat, tmp_path: Path) -> None:
    alea, folder = random.Random(ALEA), tmp_path / "csv"
    exporter(etat, folder, iri("commune", "29019"))
    whole = (folder / "activites.csv").read_bytes()
    path = tmp_path / "activites.csv"
    for _ in range(100):
        octets = bytearray(whole)
        for _ in range(alea.randint(1, 8)):
            octets[alea.randrange(len(octets))] = alea.choice((0, 10, 13, 34, 59, 255, 61))
        path.write_bytes(octets)
        _lire_ou_refuser(etat, path)


def _lire_ou_refuser(etat: Etat, path: Path) -> None:
    """Anything but a reading or a refusal fails the test."""
    try:
        for defaut in lu(etat, path).defauts:
            assert str(defaut)
    except ClasseurIllisible as error:
        assert str(error)


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        ("Code;Nom\n".encode("utf-16"), "UTF-16"),
        ("Code;Nom\ncdos-29;Été\n".encode("latin-1"), "ligne 2 : le fichier n'est pas en UTF-8"),
        (b'Code;Nom\ncdos-29;"sans fin\n', "un guillemet mal fermé"),
        (b"Code;Nom\ncdos-29;" + b"x" * (CELLULE + 1), "une cellule de plus de 32767 caractères"),
        (b"Code;Nom\ncdos-29;=1+1\n", "formule"),
        (b"Code;Nom\ncdos-29;a\0b\n", "caractère invisible (U+0000)"),
        (b"", "la première ligne doit porter les titres"),
    ],
)
def test_bad_csv_is_located(etat: Etat, tmp_path: Path, octets: bytes, dit: str) -> None:
    path = tmp_path / "acteurs.csv"
    path.write_bytes(octets)
    found = [str(one) for one in lu(etat, path).defauts]
    assert any(one.startswith("Acteurs") and dit in one for one in found), found


def test_a_comma_or_a_tab_may_separate(etat: Etat, tmp_path: Path) -> None:
    path = tmp_path / "acteurs.csv"
    for mark in ",\t":
        path.write_text(f"Code{mark}Nom\ncdos-29{mark}Un nom\n", encoding="utf-8")
        (ligne,) = lu(etat, path).lignes
        assert [one.value for one in ligne.valeurs["nom"]] == ["Un nom"]


@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t"])
@pytest.mark.parametrize("guillemets", ["", "'", "''"])
def test_protected_cells_come_back(debut: str, guillemets: str) -> None:
    cellule = f'{guillemets}{debut}HYPERLINK("https://ailleurs.test")'
    assert proteger(cellule).startswith("'")
    assert deproteger(proteger(cellule)) == cellule


@pytest.mark.parametrize("nom", ["x.xlsx", "x.zip"])
def test_no_exported_cell_is_a_formula(corpus: Path, tmp_path: Path, nom: str) -> None:
    path = corpus / "donnees/acteurs/29/dossier-quimper.ttl"
    text = path.read_text(encoding="utf-8").replace('"COSMOS"@fr', '"=1+1"@fr , "\'@x"@fr')
    path.write_text(text, encoding="utf-8")
    etat = Etat.lire(corpus)
    exporter(etat, tmp_path / nom, iri("commune", "29019"))
    if nom.endswith("xlsx"):
        cells = [cell for row in openpyxl.load_workbook(tmp_path / nom)["Acteurs"] for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    else:
        rows = fichiers_csv.lire(tmp_path / nom, etat.modele)
        assert all(table.defauts == [] for table in rows)
    ligne = next(one for one in lu(etat, tmp_path / nom).lignes if one.iri.endswith("/cosmos"))
    assert {"=1+1", "'@x"} <= {one.value for one in ligne.valeurs["autres_noms"]}

"""The workbook as XLSX: written with its lists, read without trusting it.

An XLSX file is an archive of XML: before a parser sees it, its size once unpacked, its number of tags and
what it holds (macros, links to other files, entities) are looked at.
"""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from operator import is_
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from maillage.classeur.defauts import ClasseurIllisible
from maillage.classeur.modele import Colonne, Feuille
from maillage.classeur.tableau import (
    AIDES,
    CELLULE,
    COLONNES,
    FICHIERS,
    LIGNES,
    OCTETS,
    Page,
    Tableau,
    controler_taille,
)
from maillage.tableur import deproteger

#: XML tags of all parts together: what bounds the memory of a parser.
BALISES = 1_000_000
#: rows that a spreadsheet can have.
HAUTEUR = 1_048_576
#: empty rows below the last one that lists and formats cover.
LIBRES = 500

#: what openpyxl gives for a row that is not in the file.
_VIDE = (EMPTY_CELL,) * COLONNES
_XML = (".xml", ".rels", ".vml")
_CODAGE = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_TITRE = PatternFill("solid", fgColor="1F3864")
_EXIGE = PatternFill("solid", fgColor="8C2D04")
_SERVICE = PatternFill("solid", fgColor="7F7F7F")
_BLANC = Font(bold=True, color="FFFFFF")
_HAUT = Alignment(wrap_text=True, vertical="top")


def octets(
    pages: Sequence[tuple[Feuille, Page]],
    listes: Mapping[str, tuple[str, Sequence[str]]],
    aide: Sequence[str],
    vocabulaire: Page,
) -> bytes:
    """The workbook. `listes`: heading and choices of each list, by key of column.

    Raises ClasseurIllisible for a text too long for a cell.
    """
    book = openpyxl.Workbook()
    readme = book.active
    readme.title = AIDES[0]
    for line in aide:
        readme.append([line])
    readme.column_dimensions["A"].width = 110
    for row in readme["A"]:
        row.alignment = _HAUT
    readme["A1"].font = Font(bold=True, size=14)
    sheets = [(feuille, page, book.create_sheet(page.nom)) for feuille, page in pages]
    ranges = _listes(book.create_sheet(AIDES[1]), listes)
    for feuille, page, sheet in sheets:
        _feuille(sheet, feuille, page)
        _validations(sheet, feuille, page, ranges, len(pages[0][1].lignes))
    _vocabulaire(book.create_sheet(AIDES[2]), vocabulaire)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _feuille(sheet: Any, feuille: Feuille, page: Page) -> None:
    sheet.append(page.entetes)
    for rank, (_, colonne) in enumerate(feuille.entetes(), start=1):
        cell, letter = sheet.cell(1, rank), get_column_letter(rank)
        cell.font, cell.alignment = _BLANC, _HAUT
        cell.fill = _SERVICE if colonne.genre == "service" else _EXIGE if colonne.obligatoire else _TITRE
        cell.comment = Comment(_commentaire(colonne), "Maillage", height=130, width=320)
        sheet.column_dimensions[letter].width = colonne.largeur
        sheet.column_dimensions[letter].number_format = "@"
    for row in page.cellules():
        sheet.append(row)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.number_format, cell.alignment = "@", _HAUT
    sheet.freeze_panes = "C2"
    sheet.row_dimensions[1].height = 32
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(page.entetes))}{max(2, len(page.lignes) + 1)}"


def _commentaire(colonne: Colonne) -> str:
    return f"{colonne.aide_fr}{' À remplir.' if colonne.obligatoire else ''}"


def _listes(sheet: Any, listes: Mapping[str, tuple[str, Sequence[str]]]) -> dict[str, str]:
    """One column for each list; the range of each, as a list of choices refers to it."""
    ranges = {}
    for rank, (cle, (nom, choix)) in enumerate(listes.items(), start=1):
        letter = get_column_letter(rank)
        sheet.cell(1, rank, nom).font = Font(bold=True)
        sheet.column_dimensions[letter].width = 34
        for line, text in enumerate(choix, start=2):
            sheet.cell(line, rank, text).number_format = "@"
        ranges[cle] = f"{AIDES[1]}!${letter}$2:${letter}${max(2, len(choix) + 1)}"
    sheet.freeze_panes = "A2"
    return ranges


def _validations(sheet: Any, feuille: Feuille, page: Page, ranges: Mapping[str, str], acteurs: int) -> None:
    """Drop-down lists. They propose and do not forbid: several values may be written in one cell."""
    for rank, (_, colonne) in enumerate(feuille.entetes(), start=1):
        formula = f"={ranges[colonne.cle]}" if colonne.cle in ranges else ""
        if colonne.genre in ("acteur", "porteur"):
            formula = f"=Acteurs!$B$2:$B${acteurs + LIBRES}"
        elif colonne.genre == "ouinon" or colonne.cle == "retirer":
            formula = '"oui,non"' if colonne.genre == "ouinon" else '"oui"'
        if formula:
            validation = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=False)
            letter = get_column_letter(rank)
            validation.add(f"{letter}2:{letter}{len(page.lignes) + LIBRES}")
            sheet.add_data_validation(validation)


def _vocabulaire(sheet: Any, page: Page) -> None:
    sheet.append(page.entetes)
    for row in page.cellules():
        sheet.append(row)
    for letter, width in zip("ABCD", (24, 36, 26, 100), strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
    sheet.freeze_panes = "A2"


def lire(path: Path) -> list[Tableau]:
    """The sheets of a workbook. Raises ClasseurIllisible for a file that is none, or that is dangerous."""
    controler_taille(path)
    return lire_octets(path.name, path.read_bytes())


def lire_octets(nom: str, contenu: bytes) -> list[Tableau]:
    """The same, from bytes at hand."""
    file = io.BytesIO(contenu)
    try:
        with zipfile.ZipFile(file) as archive:
            _inspecter(nom, archive)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions that it leaves out
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
            try:
                return [_lire_feuille(sheet) for sheet in book.worksheets if sheet.title not in AIDES]
            finally:
                book.close()
    except ClasseurIllisible:
        raise
    except Exception as error:
        # Whatever openpyxl trips on (it raises of all kinds) means that the file is not a whole XLSX.
        raise ClasseurIllisible(
            f"{nom} n'est pas un classeur XLSX lisible ({type(error).__name__}). "
            "Ouvrez-le dans un tableur et enregistrez-le de nouveau en « Classeur Excel (.xlsx) »"
        ) from error


def _lire_feuille(sheet: Any) -> Tableau:
    table = Tableau(sheet.title, iter(()))
    rows = []
    for number, row in enumerate(sheet.iter_rows(max_row=HAUTEUR, max_col=COLONNES), start=1):
        if all(map(is_, row, _VIDE)) or all(cell.value is None for cell in row):
            continue
        if number > LIGNES:
            table.refuser(number, 0, f"plus de {LIGNES} lignes : répartissez-les dans plusieurs classeurs")
            break
        cells = [_texte(table, number, rank, cell) for rank, cell in enumerate(row, start=1)]
        if any(cells):
            rows.append((number, cells))
    table.lignes = iter(rows)
    return table


def _texte(table: Tableau, ligne: int, colonne: int, cellule: Any) -> str:
    """The text of a cell; a formula, an error or an endless text is noted and gives nothing."""
    value, kind = cellule.value, cellule.data_type
    if value is None:
        return ""
    if kind == "f":
        table.refuser(ligne, colonne, "formule : remplacez-la par sa valeur (collage spécial, « valeurs »)")
        return ""
    if kind == "e":
        table.refuser(ligne, colonne, f"erreur de calcul du tableur ({value})")
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime.datetime | datetime.date):
        return value.strftime("%Y-%m-%d") if value.year >= 1000 else str(value)
    text = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    if len(text) > CELLULE:
        table.refuser(
            ligne, colonne, f"texte de {len(text)} caractères, plus que les {CELLULE} d'une cellule"
        )
        return ""
    return deproteger(text)


def _inspecter(nom: str, archive: zipfile.ZipFile) -> None:
    """Raises ClasseurIllisible for an archive too large once unpacked, or that holds more than tables."""
    parts = archive.infolist()
    if len(parts) > FICHIERS or sum(part.file_size for part in parts) > OCTETS:
        raise ClasseurIllisible(f"{nom} : plus de {OCTETS >> 20} Mo une fois décompressé")
    tags = 0
    for part in parts:
        name = part.filename.lower()
        if "vbaproject" in name or (name.endswith(".bin") and "macro" in name):
            raise ClasseurIllisible(f"{nom} contient des macros : enregistrez-le en .xlsx, sans macros")
        if "externallinks/" in name:
            raise ClasseurIllisible(
                f"{nom} est lié à d'autres classeurs : rompez les liaisons (Données, Modifier les liens)"
            )
        for block in _blocs(archive, part):
            tags += block.count(b"<")
            declared = _CODAGE.match(block)
            if (
                b"<!DOCTYPE" in block
                or b"<!ENTITY" in block
                or (declared and declared[1].lower() != b"utf-8")
            ):
                raise ClasseurIllisible(f"{nom} contient une déclaration XML qu'aucun tableur n'écrit")
            if name.endswith(_XML) and b"\0" in block:
                raise ClasseurIllisible(f"{nom} contient du XML qui n'est pas en UTF-8")
            if tags > BALISES:
                raise ClasseurIllisible(f"{nom} : trop de cellules ({BALISES} balises au plus)")


def _blocs(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part by large blocks; each begins with the end of the one before."""
    tail = b""
    with archive.open(part) as file:
        while block := file.read(1 << 20):
            yield tail + block
            tail = block[-10:]

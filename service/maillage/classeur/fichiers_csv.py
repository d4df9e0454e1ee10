"""The workbook as CSV files, one a sheet, in a folder or a ZIP archive."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from maillage.classeur.defauts import ClasseurIllisible
from maillage.classeur.modele import Modele
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
from maillage.tableur import ecrire as en_csv
from maillage.validation.suggestions import fold

#: what Windows spreadsheets write first in « Texte Unicode ».
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def nom_de_fichier(feuille: str) -> str:
    """Name of the file of a sheet."""
    return f"{fold(feuille)}.csv"


def ecrire(path: Path, pages: Sequence[Page], aide: Sequence[str]) -> None:
    """Write the pages in a `.zip`, or in a folder. Raises ClasseurIllisible (cell too long), OSError."""
    if path.suffix.lower() == ".zip":
        path.write_bytes(archive(pages, aide))
        return
    path.mkdir(parents=True, exist_ok=True)
    for name, octets in _fichiers(pages, aide).items():
        (path / name).write_bytes(octets)


def archive(pages: Sequence[Page], aide: Sequence[str]) -> bytes:
    """The pages in a ZIP archive. Raises ClasseurIllisible (cell too long)."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, octets in _fichiers(pages, aide).items():
            made.writestr(name, octets)
    return written.getvalue()


def _fichiers(pages: Sequence[Page], aide: Sequence[str]) -> dict[str, bytes]:
    contents = {nom_de_fichier(page.nom): en_csv(page.entetes, page.cellules()) for page in pages}
    return contents | {"lisez-moi.txt": ("\r\n".join(aide) + "\r\n").encode("utf-8-sig")}


def lire(path: Path, modele: Modele) -> list[Tableau]:
    """The tables of a `.zip`, a folder, or a single `.csv`, named after their sheet.

    A file that is no sheet gives a table under its own name. Raises ClasseurIllisible, OSError.
    """
    return _tables(_contenus(path), modele)


def _tables(contenus: Mapping[str, bytes], modele: Modele) -> list[Tableau]:
    sheets = {fold(feuille.nom): feuille.nom for feuille in modele.feuilles}
    helps = {fold(nom) for nom in AIDES}
    found = []
    for name, octets in contenus.items():
        stem = fold(Path(name).stem)
        if stem not in helps:
            found.append(_table(sheets.get(stem, Path(name).stem), octets))
    return found


def lire_octets(nom: str, contenu: bytes, modele: Modele) -> list[Tableau]:
    """The same, from the bytes of a `.zip` or a `.csv` at hand."""
    files = _du_zip(nom, io.BytesIO(contenu)) if nom.lower().endswith(".zip") else {nom: contenu}
    return _tables(files, modele)


def _contenus(path: Path) -> Mapping[str, bytes]:
    """The bytes of each CSV file, sorted by name."""
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.suffix.lower() == ".csv" and one.is_file())
        for one in files:
            controler_taille(one)
        return {one.name: one.read_bytes() for one in files[:FICHIERS]}
    controler_taille(path)
    if path.suffix.lower() != ".zip":
        return {path.name: path.read_bytes()}
    return _du_zip(path.name, io.BytesIO(path.read_bytes()))


def _du_zip(nom: str, file: io.BytesIO) -> Mapping[str, bytes]:
    try:
        with zipfile.ZipFile(file) as packed:
            parts = sorted(packed.infolist(), key=lambda part: part.filename)
            if len(parts) > FICHIERS or sum(part.file_size for part in parts) > OCTETS:
                raise ClasseurIllisible(f"{nom} : plus de {OCTETS >> 20} Mo une fois décompressé")
            return {
                Path(part.filename).name: packed.read(part)
                for part in parts
                if part.filename.lower().endswith(".csv") and not part.filename.startswith("__MACOSX/")
            }
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        if isinstance(error, ClasseurIllisible):
            raise
        raise ClasseurIllisible(f"{nom} n'est pas une archive ZIP lisible") from error


def _table(nom: str, octets: bytes) -> Tableau:
    table = Tableau(nom, iter(()))
    if octets.startswith(_UTF16):
        table.refuser(0, 0, "fichier en UTF-16 : enregistrez-le en « CSV UTF-8 »")
        return table
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        table.refuser(line, 0, "le fichier n'est pas en UTF-8 : enregistrez-le en « CSV UTF-8 »")
        return table
    table.lignes = iter(list(_lignes(table, text)))
    return table


def _lignes(table: Tableau, texte: str) -> Iterator[tuple[int, list[str]]]:
    head = texte[: texte.find("\n") + 1 or None]
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(texte, newline=""), delimiter=delimiter, strict=True)
    number, before = 0, csv.field_size_limit(CELLULE)
    try:
        for number, row in enumerate(reader, start=1):
            if number > LIGNES:
                table.refuser(number, 0, f"plus de {LIGNES} lignes : répartissez-les dans plusieurs fichiers")
                return
            if len(row) > COLONNES:
                table.refuser(number, COLONNES + 1, f"plus de {COLONNES} colonnes")
            cells = [_cellule(table, number, rank, cell) for rank, cell in enumerate(row[:COLONNES], start=1)]
            if any(cells):
                yield number, cells
    except csv.Error as error:
        long = "field larger" in str(error)
        cause = f"une cellule de plus de {CELLULE} caractères" if long else "un guillemet mal fermé"
        table.refuser(number + 1, 0, f"la ligne ne se lit pas : {cause}")
    finally:
        csv.field_size_limit(before)


def _cellule(table: Tableau, ligne: int, colonne: int, cellule: str) -> str:
    """The text of a cell; one that a spreadsheet would run is noted and gives nothing."""
    if cellule.startswith("="):
        table.refuser(ligne, colonne, "formule : remplacez-la par sa valeur (collage spécial, « valeurs »)")
        return ""
    return deproteger(cellule)

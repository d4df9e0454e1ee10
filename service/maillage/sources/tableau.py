"""Streamed reading of large CSV files: bounded lines, and a line at fault does not spoil the others."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

from maillage.importation.lecture import Enregistrement, ErreurImport
from maillage.sources.flux import Lecture, mal_code

#: the longest line, in characters.
LIGNE_MAX = 1024 * 1024


def enregistrements(brut: IO[bytes], lecture: Lecture, colonnes: Sequence[str]) -> Iterator[Enregistrement]:
    """Records of a comma- or semicolon-separated file whose header holds at least the columns.

    Raises ErreurImport where a column is missing; a line at fault is left out, with its reason.
    """
    texte = io.TextIOWrapper(brut, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _enregistrements(_lignes(texte, lecture), lecture, colonnes)
    finally:
        # The file belongs to who opened it.
        texte.detach()


def _enregistrements(
    lignes: Iterator[str], lecture: Lecture, colonnes: Sequence[str]
) -> Iterator[Enregistrement]:
    tete = next(lignes, "")
    lecteur = csv.reader(lignes, delimiter=";" if tete.count(";") > tete.count(",") else ",", strict=True)
    entete = next(csv.reader([tete], delimiter=lecteur.dialect.delimiter), [])
    if manquantes := [c for c in colonnes if c not in entete]:
        raise ErreurImport(
            f"{lecture.fichier} : colonne absente : {', '.join(manquantes)}. "
            f"Colonnes lues : {', '.join(entete)[:500] or 'aucune'}."
        )
    yield from _lus(lecteur, entete, lecture)
    lecture.complet = True


def _lus(lecteur: Iterator[list[str]], entete: list[str], lecture: Lecture) -> Iterator[Enregistrement]:
    while True:
        lecture.borne()
        try:
            champs = next(lecteur, None)
        except csv.Error as erreur:
            lecture.lus += 1
            lecture.defaut(lecture.lus, f"CSV illisible ({erreur})")
            continue
        if champs is None:
            return
        lecture.lus += 1
        valeurs = dict(zip(entete, champs, strict=False))
        if len(champs) != len(entete):
            lecture.defaut(lecture.lus, f"{len(champs)} champs au lieu de {len(entete)}")
        elif champ := mal_code(valeurs):
            lecture.defaut(lecture.lus, f"champ « {champ} » : ce texte n'est pas en UTF-8")
        else:
            yield Enregistrement(lecture.fichier, lecture.lus, valeurs)


def _lignes(texte: io.TextIOWrapper, lecture: Lecture) -> Iterator[str]:
    """Lines, those too long stepped over without being kept."""
    while ligne := texte.readline(LIGNE_MAX):
        if len(ligne) < LIGNE_MAX or ligne.endswith("\n"):
            yield ligne
            continue
        while ligne and not ligne.endswith("\n"):
            ligne = texte.readline(LIGNE_MAX)
        lecture.defaut(lecture.lus + 1, f"ligne de plus de {LIGNE_MAX} caractères, laissée de côté")

"""Answers for a spreadsheet: CSV that opens with its accents and columns; no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from maillage.textes import Langue, Textes, date_lisible

#: a spreadsheet takes a cell that begins so for a formula (OWASP, "CSV injection").
_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n")
#: columns of an actor, in order; each heading is the text `colonne.<name>`.
COLONNES = (
    "nom", "type", "raisons", "telephone", "courriel", "site", "adresse", "commune", "territoire",
    "source", "date", "statut", "preuve", "remarque", "iri",
)  # fmt: skip


def neutraliser(cellule: str) -> str:
    """The cell as text: an apostrophe before what would be run as a formula."""
    return f"'{cellule}" if cellule.startswith(_FORMULE) else cellule


def proteger(cellule: str) -> str:
    """The same, so that `deproteger` gives the cell back, even one that begins with apostrophes."""
    return f"'{cellule}" if cellule.lstrip("'").startswith(_FORMULE) else cellule


def deproteger(cellule: str) -> str:
    """The text of a cell that `proteger` wrote, or that it left alone."""
    return cellule[1:] if cellule.startswith("'") and cellule.lstrip("'").startswith(_FORMULE) else cellule


def ecrire(entetes: Sequence[str], lignes: Iterable[Sequence[str]]) -> bytes:
    """A table in UTF-8 with its mark, semicolons and Windows line ends, as French spreadsheets open it."""
    ecrit = io.StringIO()
    table = csv.writer(ecrit, delimiter=";", lineterminator="\r\n")
    table.writerow(entetes)
    table.writerows([neutraliser(cellule) for cellule in ligne] for ligne in lignes)
    return ecrit.getvalue().encode("utf-8-sig")


def acteurs(reponse: Mapping[str, Any], textes: Textes, langue: Langue) -> bytes:
    """The actors of an answer (`Reponse.en_json`), one a row."""
    entetes = [textes.dire(f"colonne.{nom}", langue) for nom in COLONNES]
    lignes = (_ligne(acteur, textes, langue) for acteur in reponse["acteurs"])
    return ecrire(entetes, ([ligne[nom] for nom in COLONNES] for ligne in lignes))


def _ligne(acteur: Mapping[str, Any], textes: Textes, langue: Langue) -> dict[str, str]:
    contact = acteur["contact"]
    return {
        "nom": acteur["libelle"],
        "type": acteur["type"]["libelle"] if acteur["type"] else "",
        "raisons": _raisons(acteur["motifs"], textes, langue),
        "telephone": contact["telephone"],
        "courriel": contact["courriel"],
        "site": contact["url"],
        "adresse": contact["adresse"],
        "commune": acteur["commune"],
        "territoire": acteur["territoire"],
        "source": acteur["source"]["titre"],
        "date": acteur["constat"],
        "statut": acteur["statut_libelle"],
        "preuve": acteur["preuve"],
        "remarque": acteur["remarque"],
        "iri": acteur["iri"],
    }


def _raisons(motifs: Iterable[Mapping[str, Any]], textes: Textes, langue: Langue) -> str:
    """The criteria met, with what they bore on, and those that count against."""
    deux_points = textes.dire("site.deux-points", langue)
    reserve = textes.dire("recherche.reserve", langue)
    raisons = []
    for motif in motifs:
        valeur = date_lisible(textes, motif["valeur"], langue)
        dit = f"{motif['libelle']}{deux_points}{valeur}" if valeur else str(motif["libelle"])
        raisons.append(dit if motif["atteint"] else f"{dit} ({reserve})")
    return " ; ".join(raisons)

"""The present state as a workbook: empty, prefilled with known actors, or whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from tomllib import loads

from maillage.classeur import fichiers_csv, xlsx
from maillage.classeur.defauts import ClasseurIllisible
from maillage.classeur.etat import Etat, repere
from maillage.classeur.modele import Colonne
from maillage.classeur.reponses import rangee
from maillage.classeur.tableau import AIDES, Page

Contenu = dict[str, list[str]]


def exporter(etat: Etat, path: Path, territoire: str = "", seulement: Sequence[str] = ()) -> Contenu:
    """Write what is known of a territory (its IRI), or all; what each sheet holds.

    `seulement`: the only sheets that are filled. The name gives the format: `.xlsx`, `.zip`, or a folder.
    Raises ClasseurIllisible (unknown suffix, text too long for a cell), OSError.
    """
    actors = etat.acteurs(territoire) if territoire else None
    return _ecrire(
        etat,
        path,
        territoire,
        {
            feuille.nom: etat.sujets(feuille, actors) if not seulement or feuille.nom in seulement else []
            for feuille in etat.modele.feuilles
        },
    )


def modele(etat: Etat, path: Path, territoire: str = "") -> Contenu:
    """Write an empty workbook; with a territory, its known actors are there to be named and corrected."""
    if territoire:
        return exporter(etat, path, territoire, seulement=(etat.modele.feuilles[0].nom,))
    return _ecrire(etat, path, "", {feuille.nom: [] for feuille in etat.modele.feuilles})


def _ecrire(etat: Etat, path: Path, territoire: str, contenu: Contenu) -> Contenu:
    pages = []
    for feuille in etat.modele.feuilles:
        rows = []
        for iri in contenu[feuille.nom]:
            valeurs = etat.valeurs(feuille, iri)
            rows.append(rangee(etat.cellules, feuille, iri, valeurs, repere(valeurs)))
        pages.append((feuille, Page(feuille.nom, [entete for entete, _ in feuille.entetes()], rows)))
    aide = _aide(etat, territoire)
    words = _vocabulaire(etat)
    if path.suffix.lower() == ".xlsx":
        path.write_bytes(xlsx.octets(pages, _listes(etat, territoire), aide, words))
    elif path.suffix.lower() in ("", ".zip"):
        fichiers_csv.ecrire(path, [*(page for _, page in pages), words], aide)
    else:
        raise ClasseurIllisible(
            f"{path.name} : donnez un nom en .xlsx, en .zip, ou sans suffixe pour un dossier de fichiers CSV"
        )
    return contenu


def _listes(etat: Etat, territoire: str) -> dict[str, tuple[str, list[str]]]:
    """Heading and choices of the drop-down lists, by key of column; actors are listed by their own sheet."""
    found: dict[str, tuple[str, list[str]]] = {}
    around = etat.registre.englobants(territoire)
    for colonne in _nommees(etat):
        choices = etat.registre.choix(colonne) if colonne.genre not in ("acteur", "porteur") else []
        if colonne.genre in ("territoire", "commune"):
            choices = [
                one
                for one in choices
                if territoire in etat.registre.englobants(one.iri)
                or (colonne.genre == "territoire" and one.iri in around)
            ]
        if choices:
            found[colonne.cle] = (colonne.fr, [one.libelle for one in choices])
    return found


def _vocabulaire(etat: Etat) -> Page:
    """Every word that a list offers, with its code and what it means."""
    rows = [
        [colonne.fr, one.libelle, one.code, one.definition]
        for colonne in _nommees(etat)
        if colonne.genre in ("concept", "source")
        for one in etat.registre.choix(colonne)
    ]
    return Page(AIDES[2], ["Colonne", "À écrire", "Code", "Définition"], rows)


def _nommees(etat: Etat) -> list[Colonne]:
    """The columns whose values are chosen, each property once."""
    found: dict[str, Colonne] = {}
    for feuille in etat.modele.feuilles:
        for colonne in feuille.colonnes:
            if colonne.nommee:
                found.setdefault(colonne.cle, colonne)
    return list(found.values())


def _aide(etat: Etat, territoire: str) -> list[str]:
    """The lines of the « Lisez-moi » sheet."""
    table = loads(files("maillage.classeur").joinpath("colonnes.toml").read_text(encoding="utf-8"))
    sheets = [f"• {feuille.nom} : {feuille.fr}" for feuille in etat.modele.feuilles]
    place = etat.registre.precis(territoire) if territoire else ""
    said = f"Territoire : {place}. Écrit le {date.today():%d/%m/%Y}." if place else ""
    lines = [line.replace("{territoire}", said) for line in table["lisezmoi"]["fr"]]
    at = lines.index("{feuilles}")
    return [*lines[:at], *sheets, *lines[at + 1 :]]

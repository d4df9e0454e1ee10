"""From tables of cells to rows: headings, codes, values, and every problem at its place, in one run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from pyoxigraph import NamedNode
from rapidfuzz import fuzz, process

from maillage.classeur.cellules import INTERDITS, Cellules, Terme
from maillage.classeur.comparaison import Ligne
from maillage.classeur.defauts import Defaut
from maillage.classeur.etat import Valeurs, sans_vide
from maillage.classeur.modele import OBLIGATOIRE, Colonne, Feuille, Modele
from maillage.classeur.noms import Registre, abrege
from maillage.classeur.tableau import Tableau
from maillage.namespaces import PREFIXES, local_name
from maillage.turtle.mise_en_page import naturel
from maillage.validation.suggestions import fold

#: a code becomes the end of an address: it lasts, so it is short and plain.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_REPERE = re.compile(r"[0-9a-f]{12}")
#: characters kept of a code that is made, and values of a column that go into it.
_LONGUEUR, _PARTS = 90, 2


class Connaissance(Protocol):
    """What reading needs to know: the sheets, the names, and which resources exist."""

    @property
    def modele(self) -> Modele:
        """The sheets."""

    @property
    def registre(self) -> Registre:
        """What may be named."""

    def connue(self, iri: str) -> bool:
        """Whether something is said of a resource."""


@dataclass
class Lecture:
    """What a workbook says: its rows, what is wrong in it, and how its own words are read and written."""

    cellules: Cellules
    lignes: list[Ligne] = field(default_factory=list)
    defauts: list[Defaut] = field(default_factory=list)


def lire(
    tableaux: Sequence[Tableau], etat: Connaissance, defaut_de: Mapping[str, str] | None = None
) -> Lecture:
    """Read the tables against the present state. `defaut_de`: text of empty cells of new rows, by column."""
    lecture = Lecture(Cellules(etat.registre.copie()))
    by_name = {fold(feuille.nom): feuille for feuille in etat.modele.feuilles}
    order = list(by_name)
    known = [table for table in tableaux if fold(table.nom) in by_name]
    for table in sorted(known, key=lambda one: order.index(fold(one.nom))):
        _Feuillet(by_name[fold(table.nom)], table, etat, defaut_de or {}, lecture).lire()
    for table in tableaux:
        if fold(table.nom) not in by_name:
            lecture.defauts.append(_feuille_inconnue(table, [f.nom for f in etat.modele.feuilles]))
        lecture.defauts += table.defauts
    if not known and not lecture.defauts:
        lecture.defauts.append(Defaut("Classeur", 0, 0, "", "aucune feuille à lire"))
    _doublons(lecture)
    lecture.defauts = ordonner(lecture.defauts, [feuille.nom for feuille in etat.modele.feuilles])
    return lecture


def ordonner(defauts: Sequence[Defaut], feuilles: Sequence[str]) -> list[Defaut]:
    """Problems in the order of sheets and rows; those of no known sheet last."""
    ranks = {nom: rank for rank, nom in enumerate(feuilles)}
    return sorted(defauts, key=lambda one: (ranks.get(one.feuille, len(ranks)), one.ordre))


class _Feuillet:
    """One sheet being read."""

    def __init__(
        self,
        feuille: Feuille,
        table: Tableau,
        etat: Connaissance,
        defaut_de: Mapping[str, str],
        lecture: Lecture,
    ) -> None:
        self._feuille, self._table, self._etat, self._lecture = feuille, table, etat, lecture
        self._defaut_de, self._cellules = defaut_de, lecture.cellules
        self._colonnes: dict[int, Colonne] = {}
        self._places: dict[str, int] = {}
        self._pris: Counter[str] = Counter()
        self._refuses = {(one.ligne, one.colonne) for one in table.defauts}

    def lire(self) -> None:
        """Read the headings, then each row; actors are named before the rows that speak of them."""
        head_row, head = next(self._table.lignes, (1, []))
        if not self._entetes(head_row, head):
            return
        rows = [(numero, self._par_cle(numero, cells)) for numero, cells in self._table.lignes]
        rows = [(numero, cells) for numero, cells in rows if any(cells.values())]
        for numero, cells in rows:
            ligne = self._ligne(numero, cells)
            if ligne:
                self._lecture.lignes.append(ligne)
        for rank, one in enumerate(self._table.defauts):
            if not one.entete and one.colonne in self._colonnes and one.ligne != head_row:
                self._table.defauts[rank] = replace(one, entete=self._colonnes[one.colonne].fr)

    def _entetes(self, numero: int, cells: list[str]) -> bool:
        """Find which column is which; whether the sheet can be read."""
        known = {_entete(entete): colonne for entete, colonne in self._feuille.entetes()}
        seen: dict[str, int] = {}
        for rank, cell in enumerate(cells, start=1):
            name = _entete(cell)
            if not name:
                continue
            if name not in known:
                names = [entete for entete, _ in self._feuille.entetes()]
                near = process.extractOne(cell, names, scorer=fuzz.ratio, score_cutoff=60, processor=_entete)
                said = f". Vouliez-vous dire « {near[0]} » ?" if near else ""
                self._refuser(numero, rank, f"colonne inconnue : « {abrege(cell)} »{said}")
            elif name in seen:
                self._refuser(numero, rank, f"la colonne « {abrege(cell)} » est déjà en {seen[name]}")
            else:
                seen[name] = rank
                self._colonnes[rank] = known[name]
                self._places.setdefault(known[name].cle, rank)
        if "code" not in self._places:
            self._refuser(numero, 0, "la première ligne doit porter les titres des colonnes, dont « Code »")
        return "code" in self._places

    def _par_cle(self, numero: int, cells: list[str]) -> dict[int, str]:
        """The cells of known columns, by rank; what no cell may hold is refused."""
        found = {}
        for rank, cell in enumerate(cells, start=1):
            if rank in self._colonnes:
                if wrong := INTERDITS.search(cell):
                    self._refuser(
                        numero,
                        rank,
                        f"caractère invisible (U+{ord(wrong[0]):04X}) : effacez-le, ou retapez le texte",
                    )
                    cell = ""
                found[rank] = cell.strip()
            elif cell.strip():
                self._refuser(numero, rank, f"« {abrege(cell)} » est sous une colonne sans titre connu")
        return found

    def _ligne(self, numero: int, cells: dict[int, str]) -> Ligne | None:
        said = {cle: cells.get(rank, "") for cle, rank in self._places.items()}
        code, mark, remove = said["code"], said.get("repere", ""), said.get("retirer", "").casefold()
        if code and not _CODE.fullmatch(code):
            wrong = f"« {abrege(code)} » n'est pas un code : lettres sans accent, chiffres et tirets"
            self._refuser(numero, self._places["code"], wrong)
            return None
        if mark and not _REPERE.fullmatch(mark):
            self._refuser(
                numero, self._places["repere"], "ce repère a été modifié : remettez-le, ou videz-le"
            )
            return None
        if remove not in ("", "oui", "non"):
            self._refuser(numero, self._places["retirer"], f"« {abrege(remove)} » n'est ni oui ni vide")
        space = PREFIXES[self._feuille.prefixe]
        known = bool(code) and self._etat.connue(space + code)
        valeurs = self._valeurs(numero, cells, neuve=not known)
        iri = space + (code or self._code(valeurs))
        ligne = Ligne(
            self._feuille, numero, iri, self._titre(iri, valeurs), valeurs,
            lues=frozenset(self._places) & self._feuille.par_cle.keys(),
            places=self._places,
            marque=mark if code else "",
            retirer=remove == "oui",
        )  # fmt: skip
        self._nommer(ligne, valeurs)
        if not ligne.retirer:
            self._exiger(ligne, neuve=not self._etat.connue(iri))
        return ligne

    def _valeurs(self, numero: int, cells: dict[int, str], neuve: bool) -> Valeurs:
        """The terms of each column; in a new row, an empty cell takes the value given for all."""
        found: dict[str, dict[Terme, None]] = {}
        for rank, colonne in self._colonnes.items():
            if colonne.genre == "service":
                continue
            text = cells.get(rank, "")
            if not text and neuve and rank == self._places[colonne.cle]:
                text = self._defaut_de.get(colonne.cle, "")
            termes, wrong = self._cellules.lire(colonne, text)
            found.setdefault(colonne.cle, {}).update(dict.fromkeys(termes))
            for message in wrong:
                self._refuser(numero, rank, message)
        return sans_vide(found)

    def _code(self, valeurs: Valeurs) -> str:
        """A code for a new row, from what the row says; the next number where it is taken in this sheet."""
        parts = [
            local_name(terme.value) if isinstance(terme, NamedNode) else fold(terme.value)
            for cle in self._feuille.code
            for terme in sorted(valeurs.get(cle, ()), key=lambda one: naturel(one.value))[:_PARTS]
        ]
        base = "-".join(parts)[:_LONGUEUR].strip("-") or "sans-nom"
        self._pris[base] += 1
        return base if self._pris[base] == 1 else f"{base}-{self._pris[base]}"

    def _titre(self, iri: str, valeurs: Valeurs) -> str:
        nom = next((terme.value for terme in valeurs.get("nom", ())), "")
        return f"{self._feuille.prefixe}:{local_name(iri)}{f' ({abrege(nom)})' if nom else ''}"

    def _nommer(self, ligne: Ligne, valeurs: Valeurs) -> None:
        """An actor of this workbook may be named by the rows that follow."""
        if not self._feuille.liens:
            names = [terme.value for cle in ("nom", "autres_noms") for terme in valeurs.get(cle, ())]
            self._cellules.registre.ajouter(self._feuille.classe, ligne.iri, names)

    def _exiger(self, ligne: Ligne, neuve: bool) -> None:
        for colonne in self._feuille.colonnes:
            asked = neuve or (bool(ligne.marque) and colonne.cle in ligne.lues)
            if not (colonne.obligatoire and asked) or colonne.cle in ligne.valeurs:
                continue
            ranks = [rank for rank, one in self._colonnes.items() if one is colonne]
            if not any((ligne.numero, rank) in self._refuses for rank in ranks):
                self._lecture.defauts.append(ligne.defaut("cellule à remplir", colonne.cle))

    def _refuser(self, numero: int, rank: int, message: str) -> None:
        colonne = self._colonnes.get(rank)
        defaut = Defaut(self._feuille.nom, numero, rank, colonne.fr if colonne else "", message)
        self._table.defauts.append(defaut)
        self._refuses.add((numero, rank))


def _entete(texte: str) -> str:
    return fold(texte.strip().removesuffix(OBLIGATOIRE.strip()))


def _feuille_inconnue(table: Tableau, noms: list[str]) -> Defaut:
    near = process.extractOne(table.nom, noms, scorer=fuzz.ratio, score_cutoff=50, processor=fold)
    said = f". Vouliez-vous dire « {near[0]} » ?" if near else f". Feuilles attendues : {', '.join(noms)}"
    return Defaut(table.nom, 0, 0, "", f"feuille inconnue{said}")


def _doublons(lecture: Lecture) -> None:
    """Two rows about one resource: which of them is right is not ours to say."""
    first: dict[str, Ligne] = {}
    for ligne in lecture.lignes:
        other = first.setdefault(ligne.iri, ligne)
        if other is not ligne:
            where = f"ligne {other.numero}" + (
                "" if other.feuille is ligne.feuille else f" de la feuille « {other.feuille.nom} »"
            )
            lecture.defauts.append(
                ligne.defaut(
                    f"« {local_name(ligne.iri)} » est déjà décrit à la {where} ; pour une nouvelle fiche, "
                    "videz le code et le repère",
                    "code",
                )
            )

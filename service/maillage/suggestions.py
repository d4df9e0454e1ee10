"""Completion: concepts, places and actors named by the words being typed, the most useful first.

Every word typed is the beginning of a word of the name; accents and letter case do not count, and one or two
letters may be wrong in a word of four letters or more (not its first one). The last words of a longer text
are completed. Names stand under each of their words, the most useful first: few of them are looked at.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from typing import Any

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from maillage.comprehension.resultat import CHAMPS
from maillage.lexique import Lexique
from maillage.noms import Nom, Noms
from maillage.texte import mots
from maillage.textes import Langue, Textes

#: the last characters and words of the text that are read.
LONGUEUR, MOTS = 120, 5
_ENTIER, _EN_TETE, _MOT_ENTIER, _FAUTE = 1.0, 2.0, 0.5, 2.0
#: wrong letters in a word that is not typed to its end, on top of their number.
_INACHEVE = 0.75
#: postings read under each word when one word only was typed.
_PAR_MOT = 40
#: a word shorter than this must be typed right; wrong letters allowed from each length.
_FAUTES = ((7, 2), (4, 1))
#: with fewer names than this, letters may have been typed wrong.
_PEU = 3
_CACHE = 4096


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be meant: `genre` is concept, lieu or acteur, `mots` the folded name that matched, `debut` the
    place in the text (characters) from which a choice replaces it."""

    iri: str
    code: str
    libelle: str
    genre: str
    genre_libelle: str
    precision: str
    mots: str
    debut: int = 0

    def en_json(self) -> dict[str, Any]:
        """The suggestion as the API writes it."""
        return {
            "iri": self.iri,
            "code": self.code,
            "libelle": self.libelle,
            "genre": self.genre,
            "genre_libelle": self.genre_libelle,
            "precision": self.precision,
            "mots": self.mots,
            "debut": self.debut,
        }


class Suggestions:
    """Suggests from one lexicon; safe to share between threads."""

    def __init__(self, lexique: Lexique, textes: Textes, connues: Suggestions | None = None) -> None:
        """Put the names under their words; `connues`, those of another lexicon, spare what both have."""
        self._lexique, self._textes = lexique, textes
        self._noms: Noms = Noms(lexique, connues._noms if connues else None)
        self._debuts: dict[tuple[int, str], dict[str, list[str]]] = {}
        self._trouver = lru_cache(maxsize=_CACHE)(self._chercher)
        self._approcher = lru_cache(maxsize=_CACHE)(self._approchant)

    def __len__(self) -> int:
        return len(self._noms)

    def suggerer(self, texte: str, langue: Langue, limite: int = 10) -> list[Suggestion]:
        """At most `limite` suggestions for what is being typed, each thing once.

        All the words read are completed together, else all but the first, and so on.
        """
        lus = mots(texte[-LONGUEUR:])[-MOTS:]
        vides = self._lexique.mots_vides
        for depart, premier in enumerate(lus):
            if 0 < depart < len(lus) - 1 and premier.forme in vides:
                continue
            rangs = self._trouver(tuple(mot.forme for mot in lus[depart:]), limite)
            if rangs:
                debut = max(0, len(texte) - LONGUEUR) + premier.debut
                return [self._rendre(self._noms.noms[rang], langue, debut) for rang in rangs]
        return []

    def _chercher(self, typed: tuple[str, ...], limite: int) -> tuple[int, ...]:
        """Ranks of the best names; small words before the last one are not looked for."""
        vides = self._lexique.mots_vides
        pleins = (*(mot for mot in typed[:-1] if mot not in vides), typed[-1])
        texte = " ".join(typed)
        commencant = [dict.fromkeys(self._commencant(mot), 0.0) for mot in pleins]
        trouves = self._meilleurs(self._notes(texte, pleins, commencant), limite)
        approches = [self._approcher(mot) for mot in pleins] if len(trouves) < min(limite, _PEU) else []
        if any(approches):
            lectures = [a | c for a, c in zip(approches, commencant, strict=True)]
            trouves = self._meilleurs(self._notes(texte, pleins, lectures), limite)
        return tuple(trouves)

    def _commencant(self, debut: str) -> Sequence[str]:
        """Known words that begin so."""
        known = self._noms.mots
        return known[bisect_left(known, debut) : bisect_left(known, debut + "\uffff")]

    def _approchant(self, mot: str) -> dict[str, float]:
        """Known words whose beginning is a few wrong letters away → how many, and more if it goes on."""
        permis = next((fautes for longueur, fautes in _FAUTES if len(mot) >= longueur), 0)
        if not permis or not mot.isalpha():
            return {}
        ecarts: dict[str, float] = {}
        for initiale in {mot[0], mot[1]}:
            debuts = self._debuts_de(len(mot), initiale)
            for debut, ecart, _ in extract(
                mot, list(debuts), scorer=OSA.distance, score_cutoff=permis + 1, limit=None, processor=None
            ):
                if ecart:
                    ecarts |= {connu: _ecart(mot, connu, permis) for connu in debuts[debut]}
        return {connu: ecart for connu, ecart in ecarts.items() if ecart < permis + 1}

    def _debuts_de(self, longueur: int, initiale: str) -> dict[str, list[str]]:
        """Known words that begin with a letter, under their first letters, as many as `longueur`."""
        if (longueur, initiale) not in self._debuts:
            debuts: dict[str, list[str]] = {}
            for mot in self._commencant(initiale):
                if len(mot) >= longueur - 2:
                    debuts.setdefault(mot[:longueur], []).append(mot)
            self._debuts[longueur, initiale] = debuts
        return self._debuts[longueur, initiale]

    def _notes(
        self, texte: str, typed: Sequence[str], lectures: Sequence[dict[str, float]]
    ) -> dict[int, float]:
        """Score of the names that have one of the readings of every word typed."""
        if not all(lectures):
            return {}
        choisi = min(range(len(typed)), key=lambda rang: self._nombre(lectures[rang]))
        notes: dict[int, float] = {}
        borne = _PAR_MOT if len(typed) == 1 else None
        for connu, fautes in lectures[choisi].items():
            base = _MOT_ENTIER * (connu == typed[choisi]) - _FAUTE * fautes
            for rang in self._noms.sous[connu][:borne]:
                note = base - self._noms.noms[rang].inutilite
                if note > notes.get(rang, -math.inf):
                    notes[rang] = note
        for mot, lecture in [(typed[i], lectures[i]) for i in range(len(typed)) if i != choisi]:
            parts = {rang: self._part(rang, mot, lecture) for rang in notes}
            notes = {rang: notes[rang] + part for rang, part in parts.items() if part is not None}
        for rang in notes:
            nom = self._noms.noms[rang].mots
            if nom.startswith(texte):
                notes[rang] += _EN_TETE + _ENTIER * (len(nom) == len(texte))
        return notes

    def _nombre(self, lecture: Iterable[str]) -> int:
        return sum(len(self._noms.sous[mot]) for mot in lecture)

    def _part(self, rang: int, mot: str, lecture: dict[str, float]) -> float | None:
        """What a word typed adds to the score of a name; None where the name has no reading of it."""
        nom = self._noms.noms[rang]
        connus = self._noms.mots_de(nom) if mot.isdigit() else nom.mots.split()
        lus = [connu for connu in connus if connu in lecture]
        return max((_MOT_ENTIER * (connu == mot) - _FAUTE * lecture[connu] for connu in lus), default=None)

    def _meilleurs(self, notes: dict[int, float], limite: int) -> list[int]:
        """Best names first, each thing once."""
        vus: dict[str, int] = {}
        noms = self._noms.noms
        for rang in nsmallest(8 * limite, notes, key=lambda r: (-notes[r], noms[r])):
            vus.setdefault(noms[rang].iri, rang)
        return list(vus.values())[:limite]

    def _rendre(self, nomme: Nom, langue: Langue, debut: int) -> Suggestion:
        lexique, dire = self._lexique, self._textes.dire
        if nomme.iri in lexique.lieux:
            lieu = lexique.lieux[nomme.iri]
            nom = dire(f"niveau-territoire.{lieu.classe}", langue)
            precision = self._departement(lieu.parents, lieu.code)
            return Suggestion(lieu.iri, lieu.code, lieu.nom, "lieu", nom, precision, nomme.mots, debut)
        if nomme.iri in lexique.acteurs:
            acteur = lexique.acteurs[nomme.iri]
            types = [lexique.concepts[t].libelle(langue) for t in acteur.types if t in lexique.concepts]
            nom, code = dire("facette.acteurs", langue), acteur.iri.rsplit("/", 1)[-1]
            precision = ", ".join(types)
            return Suggestion(acteur.iri, code, acteur.nom, "acteur", nom, precision, nomme.mots, debut)
        concept = lexique.concepts[nomme.iri]
        nom = dire(f"facette.{CHAMPS[concept.classe]}", langue)
        libelle = concept.libelle(langue)
        return Suggestion(concept.iri, concept.code, libelle, "concept", nom, "", nomme.mots, debut)

    def _departement(self, parents: Iterable[str], code: str) -> str:
        """The département of a place with its number: it tells homonyms apart."""
        lieux = self._lexique.lieux
        noms = [lieux[p] for p in parents if p in lieux and lieux[p].classe == "departement"]
        return f"{noms[0].nom} ({noms[0].code})" if noms else code


def _ecart(mot: str, connu: str, permis: int) -> float:
    """Fewest wrong letters between a word typed and a known one, or its beginning."""
    longueurs = range(max(1, len(mot) - permis), len(mot) + permis + 1)
    debut = min(OSA.distance(mot, connu[:longueur]) for longueur in longueurs)
    return float(min(OSA.distance(mot, connu), debut + _INACHEVE))

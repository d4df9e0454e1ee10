"""Completion: concepts, places and actors named by the words being typed, the most useful first.

Every word typed is the beginning of a word of the name; accents and letter case do not count, and one or two
letters may be wrong in a word of four letters or more (not its first one). The last words of a longer text
are completed. Names stand under each of their words, the most useful first: few of them are looked at.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from typing import Any

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from maillage.comprehension.resultat import CHAMPS
from maillage.lexique import Lexique
from maillage.texte import mots
from maillage.textes import Langue, Textes

#: the last characters and words of the text that are read.
LONGUEUR, MOTS = 120, 5
#: usefulness of a concept by how the label was declared.
_CONCEPT = {"pref": 5.5, "alt": 5.3, "hidden": 3.8}
#: usefulness of a place that has no population; a town counts for the logarithm of its own (Paris: 6.3).
_LIEUX = {"pays": 6.0, "region": 5.9, "departement": 5.6, "bassin": 4.6, "ancienne-region": 4.5, "epci": 4.2}
_ACTEUR = 3.0
#: a name that is not the first one.
_AUTRE_NOM = 0.3
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
class _Entree:
    """A way of naming something, and how useful it is to suggest it."""

    iri: str
    nom: str
    poids: float


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

    def __init__(self, lexique: Lexique, textes: Textes) -> None:
        """Put the names under their words."""
        self._lexique, self._textes = lexique, textes
        entrees = {(e.iri, e.nom): e for e in sorted(_entrees(lexique), key=lambda e: e.poids) if e.nom}
        self._entrees = sorted(entrees.values(), key=lambda e: (-e.poids, e.nom, e.iri))
        sous: dict[str, array[int]] = {}
        for rang, entree in enumerate(self._entrees):
            for mot in self._mots_de(entree):
                sous.setdefault(mot, array("I")).append(rang)
        self._sous = sous
        self._mots = sorted(sous)
        self._debuts: dict[tuple[int, str], dict[str, list[str]]] = {}
        self._trouver = lru_cache(maxsize=_CACHE)(self._chercher)
        self._approcher = lru_cache(maxsize=_CACHE)(self._approchant)

    def __len__(self) -> int:
        return len(self._entrees)

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
                return [self._rendre(self._entrees[rang], langue, debut) for rang in rangs]
        return []

    def _mots_de(self, entree: _Entree) -> Iterable[str]:
        """Words under which a name is found: stop words do not count, unless they begin it."""
        premier, *suite = entree.nom.split()
        pleins = [mot for mot in suite if mot not in self._lexique.mots_vides]
        codes = self._lexique.lieux[entree.iri].codes_postaux if entree.iri in self._lexique.lieux else ()
        return dict.fromkeys((premier, *pleins, *codes))

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
        return self._mots[bisect_left(self._mots, debut) : bisect_left(self._mots, debut + "\uffff")]

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
            for rang in self._sous[connu][:borne]:
                note = self._entrees[rang].poids + base
                if note > notes.get(rang, -math.inf):
                    notes[rang] = note
        for mot, lecture in [(typed[i], lectures[i]) for i in range(len(typed)) if i != choisi]:
            parts = {rang: self._part(rang, mot, lecture) for rang in notes}
            notes = {rang: notes[rang] + part for rang, part in parts.items() if part is not None}
        for rang in notes:
            nom = self._entrees[rang].nom
            if nom.startswith(texte):
                notes[rang] += _EN_TETE + _ENTIER * (len(nom) == len(texte))
        return notes

    def _nombre(self, lecture: Iterable[str]) -> int:
        return sum(len(self._sous[mot]) for mot in lecture)

    def _part(self, rang: int, mot: str, lecture: dict[str, float]) -> float | None:
        """What a word typed adds to the score of a name; None where the name has no reading of it."""
        entree = self._entrees[rang]
        connus = self._mots_de(entree) if mot.isdigit() else entree.nom.split()
        lus = [connu for connu in connus if connu in lecture]
        return max((_MOT_ENTIER * (connu == mot) - _FAUTE * lecture[connu] for connu in lus), default=None)

    def _meilleurs(self, notes: dict[int, float], limite: int) -> list[int]:
        """Best names first, each thing once."""
        vus: dict[str, int] = {}
        for rang in nsmallest(8 * limite, notes, key=lambda r: (-notes[r], r)):
            vus.setdefault(self._entrees[rang].iri, rang)
        return list(vus.values())[:limite]

    def _rendre(self, entree: _Entree, langue: Langue, debut: int) -> Suggestion:
        lexique, dire = self._lexique, self._textes.dire
        if entree.iri in lexique.lieux:
            lieu = lexique.lieux[entree.iri]
            nom = dire(f"niveau-territoire.{lieu.classe}", langue)
            precision = self._departement(lieu.parents, lieu.code)
            return Suggestion(lieu.iri, lieu.code, lieu.nom, "lieu", nom, precision, entree.nom, debut)
        if entree.iri in lexique.acteurs:
            acteur = lexique.acteurs[entree.iri]
            types = [lexique.concepts[t].libelle(langue) for t in acteur.types if t in lexique.concepts]
            nom, code = dire("facette.acteurs", langue), acteur.iri.rsplit("/", 1)[-1]
            precision = ", ".join(types)
            return Suggestion(acteur.iri, code, acteur.nom, "acteur", nom, precision, entree.nom, debut)
        concept = lexique.concepts[entree.iri]
        nom = dire(f"facette.{CHAMPS[concept.classe]}", langue)
        libelle = concept.libelle(langue)
        return Suggestion(concept.iri, concept.code, libelle, "concept", nom, "", entree.nom, debut)

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


def _entrees(lexique: Lexique) -> Iterator[_Entree]:
    """Every way of naming what a question may name."""
    for forme in lexique.formes:
        concept = lexique.concepts.get(forme.iri)
        if concept is None:
            yield _Entree(forme.iri, forme.mots, _ACTEUR - _AUTRE_NOM * (forme.rang != "pref"))
        elif concept.classe in CHAMPS:
            yield _Entree(forme.iri, forme.mots, _CONCEPT[forme.rang])
    premiers: dict[str, str] = {}  # the preferred name of a place comes first in the lexicon
    for nom, iri in lexique.noms_de_lieux:
        lieu, premier = lexique.lieux[iri], premiers.setdefault(iri, nom)
        poids = _LIEUX.get(lieu.classe) or math.log10(10 + lieu.population)
        yield _Entree(iri, nom, poids - _AUTRE_NOM * (nom != premier))

"""How alike a body of a source and an actor of the corpus are: five parts, each shown, and two thresholds.

The thresholds come from the labelled sample of tests/sources/paires.py, which is of missions locales only.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from maillage.importation.lecture import cle

#: from this score on, the same body; below SEUIL_DOUTE, another one; in between, a steward decides.
SEUIL_MEME = 0.69
SEUIL_DOUTE = 0.55
_POIDS = {"nom": 0.35, "lieu": 0.2, "genre": 0.15, "seul": 0.45, "contact": 0.1}
#: two words that differ by a slip count as one.
_FAUTE = 88
#: a word borne by more than this share of the names of a kind says nothing of which body it is.
_PART_BANALE = 0.1
#: fewer names than this are too few to tell which words are common.
_NOMS_MIN = 20


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a body is compared by; sets may be empty where nothing is known.

    `rivaux` counts the bodies of its kind that its source has in its commune, itself included; 0: unknown.
    """

    noms: tuple[str, ...]
    commune: str
    departement: str
    types: frozenset[str]
    contacts: frozenset[str]
    rivaux: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """The parts, from 0 to 1, -1 where nothing is known, and their weighted mean.

    nom: words in common; lieu: the same commune; genre: a kind in common; seul: how alone of its kind in that
    commune (1 where each source has one only); contact: a telephone or a site in common.
    """

    nom: float
    lieu: float
    genre: float
    seul: float
    contact: float

    @property
    def total(self) -> float:
        """Weighted mean of the parts that are known."""
        parts = {champ: getattr(self, champ) for champ in _POIDS}
        connus = {champ: valeur for champ, valeur in parts.items() if valeur >= 0}
        return float(sum(_POIDS[c] * v for c, v in connus.items()) / sum(_POIDS[c] for c in connus))

    def phrase(self) -> str:
        """The parts in French, for who decides."""
        dites = {champ: getattr(self, champ) for champ in _POIDS}
        parts = ", ".join(f"{c} {v:.2f}" if v >= 0 else f"{c} inconnu" for c, v in dites.items())
        return f"score {self.total:.2f} ({parts})"


class Mots:
    """How much each word of a name tells: the rarer among the names of the same kind, the more."""

    def __init__(self, noms: Iterable[str]) -> None:
        listes = [set(cle(nom).split()) for nom in noms]
        self._nombre = len(listes)
        self._frequence = Counter(mot for mots in listes for mot in mots)

    def poids(self, mot: str) -> float:
        """Weight of a word; 0 where too many names bear it."""
        nombre = self._frequence[mot]
        if self._nombre >= _NOMS_MIN and nombre > _PART_BANALE * self._nombre:
            return 0.0
        return math.log1p((self._nombre + 1) / (1 + nombre))

    def rares(self, nom: str, combien: int) -> list[str]:
        """The most telling words of a name."""
        return sorted(set(cle(nom).split()), key=lambda m: (-self.poids(m), m))[:combien]

    def ressemblance(self, un: str, autre: str) -> float:
        """From 0 to 1: weight of the words in common, over the lighter name and over both, on average."""
        a, b = set(cle(un).split()), set(cle(autre).split())
        if not a or not b:
            return 0.0
        communs = a & b
        communs |= {x for x in a - b if any(fuzz.ratio(x, y) >= _FAUTE for y in b - a)}
        commun = sum(map(self.poids, communs))
        leger = min(sum(map(self.poids, a)), sum(map(self.poids, b)))
        tout = sum(map(self.poids, a | b))
        # Names made of common words alone tell nothing unless they are the same.
        return min(1.0, (commun / leger + commun / tout) / 2) if leger else float(a == b)


def compare(un: Portrait, autre: Portrait, mots: Mots) -> Score:
    """Score of two bodies."""
    nom = max((mots.ressemblance(a, b) for a in un.noms for b in autre.noms), default=0.0)
    return Score(nom, _lieu(un, autre), _genre(un, autre), _seul(un, autre), _contact(un, autre))


def _lieu(un: Portrait, autre: Portrait) -> float:
    if un.commune and autre.commune:
        return float(un.commune == autre.commune)
    return 0.6 if un.departement == autre.departement else 0.0


def _genre(un: Portrait, autre: Portrait) -> float:
    return float(bool(un.types & autre.types))


def _seul(un: Portrait, autre: Portrait) -> float:
    if not un.commune or un.commune != autre.commune or not un.types & autre.types:
        return -1.0
    return 1 / max(un.rivaux, autre.rivaux) if un.rivaux and autre.rivaux else -1.0


def _contact(un: Portrait, autre: Portrait) -> float:
    if not un.contacts or not autre.contacts:
        return -1.0
    return float(bool(un.contacts & autre.contacts))

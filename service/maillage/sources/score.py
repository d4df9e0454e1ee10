"""How alike a body of a source and an actor of the corpus are: four parts, each shown, and two thresholds.

The thresholds come from the labelled sample of tests/sources/paires.csv (see tests/mesures/rapprochement.py).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from maillage.importation.lecture import cle

#: from this score on, the same body; below SEUIL_DOUTE, another one; in between, a steward decides.
SEUIL_MEME = 0.80
SEUIL_DOUTE = 0.60
_POIDS_NOM, _POIDS_LIEU, _POIDS_GENRE, _POIDS_CONTACT = 0.45, 0.25, 0.2, 0.1
#: two words that differ by a slip count as one.
_FAUTE = 88


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a body is compared by; sets may be empty where nothing is known."""

    noms: tuple[str, ...]
    commune: str
    departement: str
    types: frozenset[str]
    contacts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """The parts, from 0 to 1, and their weighted sum."""

    nom: float
    lieu: float
    genre: float
    contact: float

    @property
    def total(self) -> float:
        """Weighted sum; without any telephone or site on one side, the other parts share that weight."""
        parts = [(_POIDS_NOM, self.nom), (_POIDS_LIEU, self.lieu), (_POIDS_GENRE, self.genre)]
        if self.contact >= 0:
            parts.append((_POIDS_CONTACT, self.contact))
        return sum(p * v for p, v in parts) / sum(p for p, _ in parts)

    def phrase(self) -> str:
        """The parts in French, for who decides."""
        contact = "inconnu" if self.contact < 0 else f"{self.contact:.2f}"
        return (
            f"score {self.total:.2f} (nom {self.nom:.2f}, lieu {self.lieu:.2f}, genre {self.genre:.2f}, "
            f"contact {contact})"
        )


class Mots:
    """How much each word of a name tells: the rarer among the known names, the more."""

    def __init__(self, noms: Iterable[str]) -> None:
        listes = [set(cle(nom).split()) for nom in noms]
        self._nombre = len(listes)
        self._frequence = Counter(mot for mots in listes for mot in mots)

    def poids(self, mot: str) -> float:
        """Weight of a word."""
        return math.log1p((self._nombre + 1) / (1 + self._frequence[mot]))

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
        return min(1.0, (commun / leger + commun / tout) / 2)


def compare(un: Portrait, autre: Portrait, mots: Mots) -> Score:
    """Score of two bodies."""
    nom = max((mots.ressemblance(a, b) for a in un.noms for b in autre.noms), default=0.0)
    return Score(nom, _lieu(un, autre), _genre(un, autre), _contact(un, autre))


def _lieu(un: Portrait, autre: Portrait) -> float:
    if un.commune and autre.commune:
        return 1.0 if un.commune == autre.commune else 0.2 if un.departement == autre.departement else 0.0
    return 0.6 if un.departement == autre.departement else 0.0


def _genre(un: Portrait, autre: Portrait) -> float:
    return 1.0 if un.types & autre.types else 0.0


def _contact(un: Portrait, autre: Portrait) -> float:
    if not un.contacts or not autre.contacts:
        return -1.0
    return 1.0 if un.contacts & autre.contacts else 0.0

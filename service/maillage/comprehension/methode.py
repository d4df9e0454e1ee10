"""Passages: which of them a question asks for, by the words they share, rare words counting most.

A score is the share of the question's meaning (its words weighted by rarity) that the passage holds, so
that it reads as « how much of the question this passage answers ».
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from maillage.comprehension.enonce import Enonce
from maillage.lexique import Lexique, Passage
from maillage.texte import LANGUES, mots, racine

#: words whose passages are kept at hand.
MOTS_RETENUS = 16_384
#: a word of a way of asking, or of the title, counts in full; one met only in the text counts less.
POIDS_DEMANDE, POIDS_TEXTE = 1.0, 0.7
#: a concept or place of the question that is a subject of the passage.
BONUS_SUJET = 0.12
#: share of its score that a question of one word keeps: many passages hold any single word.
MOT_SEUL = 0.5
#: all the words of one way of asking are in the question.
BONUS_DEMANDE_ENTIERE = 0.35


class Methode:
    """Index of the passages by stem; read-only once made."""

    def __init__(self, lexique: Lexique) -> None:
        """Stem every passage in both languages."""
        self._lexique = lexique
        self._poids: dict[str, dict[str, float]] = defaultdict(dict)
        #: ways of asking under one of their words, with their passage.
        self._demandes: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
        self._sujets: dict[str, frozenset[str]] = {}
        for passage in lexique.passages.values():
            self._indexer(passage)
        self._nombre = max(1, len(lexique.passages))
        self._apports = lru_cache(MOTS_RETENUS)(self._apport)

    def _indexer(self, passage: Passage) -> None:
        demandes = [*passage.demandes, *passage.libelles.values()]
        courts = [texte for textes in passage.en_bref.values() for texte in textes]
        for textes, poids in (
            (courts + list(passage.resumes.values()), POIDS_TEXTE),
            (demandes, POIDS_DEMANDE),
        ):
            for mot in {mot for texte in textes for mot in self._racines(texte)}:
                self._poids[mot][passage.iri] = poids
        self._sujets[passage.iri] = frozenset((*passage.sujets, *passage.territoires))
        for texte in demandes:
            if len(cles := self._pleines(texte)) >= 2:
                self._demandes[max(cles, key=len)].append((frozenset(cles), passage.iri))

    def _racines(self, texte: str) -> set[str]:
        vides = self._lexique.mots_vides
        formes = [mot.forme for mot in mots(texte) if mot.forme not in vides]
        return {racine(forme, langue) for forme in formes for langue in LANGUES}

    def _pleines(self, texte: str) -> list[str]:
        vides = self._lexique.mots_vides
        return [racine(mot.forme, LANGUES[0]) for mot in mots(texte) if mot.forme not in vides]

    def chercher(self, enonce: Enonce, reconnus: Iterable[str], limite: int = 5) -> list[tuple[str, float]]:
        """Passages that answer, best first: IRI and score (0 to about 1.5)."""
        formes = self._formes(enonce)
        if not formes:
            return []
        scores: dict[str, float] = defaultdict(float)
        total = 0.0
        for forme in formes:
            rarete, apports = self._apports(forme)
            total += rarete
            for iri, poids in apports:
                scores[iri] += poids
        if len(formes) == 1:
            total /= MOT_SEUL
        francais, sujets = {racine(forme, LANGUES[0]) for forme in formes}, set(reconnus)
        entieres = {iri for mot in francais for cles, iri in self._demandes.get(mot, ()) if cles <= francais}
        notes = {
            iri: self._note(iri, score / total, sujets, iri in entieres) for iri, score in scores.items()
        }
        return sorted(notes.items(), key=lambda item: (-item[1], item[0]))[:limite]

    def _apport(self, forme: str) -> tuple[float, tuple[tuple[str, float], ...]]:
        """Rarity of a word, and what it brings to each passage that holds it."""
        racines = {racine(forme, langue) for langue in LANGUES}
        rarete = self._rarete(racines)
        return rarete, tuple((iri, poids * rarete) for iri, poids in self._meilleurs(racines).items())

    def tient(self, passage: str, mot: str) -> bool:
        """Whether a passage holds a word of a question, as written there."""
        return any(passage in self._poids.get(tige, ()) for tige in self._racines(mot))

    @staticmethod
    def _formes(enonce: Enonce) -> Sequence[str]:
        return list(dict.fromkeys(enonce.mots[rang].forme for rang in enonce.pleins))

    def _rarete(self, racines: set[str]) -> float:
        frequence = max((len(self._poids.get(mot, ())) for mot in racines), default=0)
        return math.log(1 + self._nombre / (1 + frequence))

    def _meilleurs(self, racines: set[str]) -> dict[str, float]:
        meilleurs: dict[str, float] = {}
        for mot in racines:
            for iri, poids in self._poids.get(mot, {}).items():
                meilleurs[iri] = max(poids, meilleurs.get(iri, 0.0))
        return meilleurs

    def _note(self, iri: str, part: float, reconnus: set[str], entiere: bool) -> float:
        sujets = len(reconnus & self._sujets[iri])
        return part + BONUS_SUJET * min(sujets, 3) + (BONUS_DEMANDE_ENTIERE if entiere else 0.0)

"""Longest match: phrases under their words, and all the phrases that start at a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

Valeur = TypeVar("Valeur")


class Index(Generic[Valeur]):
    """Values under keys made of words separated by a space; several values may share a key."""

    def __init__(self) -> None:
        """Start empty."""
        self._valeurs: dict[str, list[Valeur]] = {}
        self._debuts: set[str] = set()
        self.mots: set[str] = set()

    def ajouter(self, cle: str, valeur: Valeur) -> None:
        """Put a value under a key; an empty key is ignored."""
        if not cle:
            return
        valeurs = self._valeurs.setdefault(cle, [])
        if not valeurs:
            mots = cle.split()
            self.mots.update(mots)
            self._debuts.update(" ".join(mots[:rang]) for rang in range(1, len(mots)))
        valeurs.append(valeur)

    def __getitem__(self, cle: str) -> Sequence[Valeur]:
        return self._valeurs.get(cle, ())

    def a_partir(self, mots: Sequence[str], debut: int) -> Sequence[tuple[int, Sequence[Valeur]]]:
        """Every match that starts at `debut`, shortest first: end (exclusive) and values."""
        cle = mots[debut]
        suite = cle in self._debuts
        # Most words of a text start nothing: they are told apart at once, this is called for each of them.
        if not suite and cle not in self._valeurs:
            return ()
        trouves: list[tuple[int, Sequence[Valeur]]] = []
        fin = debut + 1
        while True:
            if cle in self._valeurs:
                trouves.append((fin, self._valeurs[cle]))
            if not suite or fin == len(mots):
                return trouves
            cle = f"{cle} {mots[fin]}"
            suite = cle in self._debuts
            fin += 1

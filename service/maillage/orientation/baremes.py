"""Weights of the ranking criteria, read from the vocabulary `criteres`."""

from __future__ import annotations

from dataclasses import dataclass

from maillage.lexique import Concept, Lexique
from maillage.namespaces import iri


@dataclass(frozen=True, slots=True)
class Motif:
    """A criterion met, missed or unknown, with what it bore on and its evidence."""

    critere: str
    libelle: str
    valeur: str
    atteint: bool | None
    poids: float
    intervention: str = ""
    relation: str = ""


class Bareme:
    """Criteria of a lexicon by code."""

    def __init__(self, lexique: Lexique) -> None:
        """Gather the criteria."""
        self._criteres: dict[str, Concept] = {
            c.code: c for c in lexique.concepts.values() if c.classe == "Critere"
        }

    def __getitem__(self, code: str) -> float:
        """Weight of a criterion. Raises KeyError where the vocabulary has no such criterion."""
        return self._criteres[code].poids

    def motif(
        self, code: str, langue: str, valeur: str, atteint: bool | None, poids: float, preuve: str = ""
    ) -> Motif:
        """Motive of a criterion in a language."""
        libelle = self._criteres[code].libelle(langue)
        relation = preuve if preuve.startswith(iri("relation", "")) else ""
        return Motif(code, libelle, valeur, atteint, round(poids, 2), "" if relation else preuve, relation)

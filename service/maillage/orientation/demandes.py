"""What is asked for, weighed: each concept of a question, its criterion, and how much it counts here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from maillage.comprehension import Comprehension, Entite
from maillage.lexique import Lexique
from maillage.orientation.baremes import Bareme

#: field of the understanding → criterion that weighs it.
CRITERES = {
    "roles": "role",
    "themes": "theme",
    "evenements": "evenement",
    "activites": "activite",
    "etapes": "etape",
    "publics": "public",
    "secteurs": "secteur",
    "niveaux": "niveau",
    "dispositifs": "dispositif",
    "objectifs": "objectif",
}
#: weight of a concept that every kind of actor has; one that a single kind has weighs 1.
RARETE_MINIMALE = 0.4


@dataclass(frozen=True, slots=True)
class Demande:
    """A concept asked for; `exprimee` when the question itself names it."""

    iri: str
    critere: str
    poids: float
    libelle: str
    exprimee: bool


Demandes = Mapping[str, Demande]


class Pesage:
    """Weighs what a question asks for: by criterion, by rarity, less where it is only brought to mind."""

    def __init__(self, lexique: Lexique, bareme: Bareme, frequences: Mapping[str, int], types: int) -> None:
        """`frequences`: how many of the `types` kinds of actor bear each facet."""
        self._lexique, self._bareme = lexique, bareme
        self._frequences, self._types = frequences, max(2, types)

    def demandes(self, comprehension: Comprehension) -> dict[str, Demande]:
        """Concepts asked for, and their broader ones at a part of the weight, by IRI."""
        demandes: dict[str, Demande] = {}
        for champ, critere in CRITERES.items():
            for entite in comprehension.champs.get(champ, ()):
                for demande in self._autour(entite, critere, comprehension.langue):
                    connue = demandes.get(demande.iri)
                    if connue is None or connue.poids < demande.poids:
                        demandes[demande.iri] = demande
        return demandes

    def _autour(self, entite: Entite, critere: str, langue: str) -> list[Demande]:
        """A concept and its broader ones; a step is not widened."""
        part = self._bareme["evoque"] if entite.deduit else 1.0
        demandes = [self._demande(entite.iri, critere, part, langue, not entite.deduit)]
        for ancetre in self._lexique.concepts[entite.iri].ancetres:
            if self._lexique.concepts[ancetre].classe != "Etape":
                large = part * self._bareme["plus-large"]
                demandes.append(self._demande(ancetre, critere, large, langue, False))
        return demandes

    def _demande(self, iri: str, critere: str, part: float, langue: str, exprimee: bool) -> Demande:
        poids = self._bareme[critere] * part * self.rarete(iri)
        return Demande(iri, critere, poids, self._lexique.concepts[iri].libelle(langue), exprimee)

    def rarete(self, iri: str) -> float:
        """Between RARETE_MINIMALE (every kind has it) and 1 (one kind has it)."""
        frequence = self._frequences.get(iri, 1)
        return RARETE_MINIMALE + (1 - RARETE_MINIMALE) * (1 - math.log(frequence) / math.log(self._types))

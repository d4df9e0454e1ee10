"""A cell of a coverage: who, how sure, how far, and the state that follows.

The state of a cell is a concept of the vocabulary `etats-couverture`. What nobody is listed for is unknown,
never absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from maillage.territoire.atlas import Masque
from maillage.territoire.preparation import Acteur

#: statuses that need no confirmation.
SURS = frozenset({"atteste", "declare"})
CITES = 5
#: actor, territory it serves, whether it serves all of the territory asked for.
Presence = tuple[Acteur, str, bool]


@dataclass(slots=True)
class Cellule:
    """What is known of a cell: who, how sure, how far. Lists go from the surest to the least sure."""

    acteurs: int = 0
    confirmes: int = 0
    declares: int = 0
    entiers: int = 0
    entiers_confirmes: int = 0
    degre: int = 0
    communes: Masque = 0
    communes_confirmees: Masque = 0
    cites: list[Presence] = field(default_factory=list)
    etat: str = "inconnue"
    etat_si_confirme: str = "inconnue"
    generalistes: int = 0
    ailleurs: str = ""

    def ajouter(self, presence: Presence, degre: int, declare: bool, communes: Masque | None) -> None:
        """Count an actor that covers the cell, on these communes only; None for the whole territory."""
        sur, entier = presence[0].statut in SURS, communes is None
        self.acteurs += 1
        self.confirmes += sur
        self.declares += declare
        self.entiers += entier
        self.entiers_confirmes += entier and sur
        self.degre = max(self.degre, degre)
        if communes is not None:
            self.communes |= communes
            self.communes_confirmees |= communes if sur else 0
        if len(self.cites) < CITES:
            self.cites.append(presence)

    def conclure(self, whole: Masque) -> None:
        """Say the state on a territory of these communes, and what it would be were all confirmed."""
        self.etat = self._etat(self.confirmes, self.entiers_confirmes, self.communes_confirmees, whole)
        self.etat_si_confirme = self._etat(self.acteurs, self.entiers, self.communes, whole)

    def _etat(self, acteurs: int, entiers: int, communes: Masque, whole: Masque) -> str:
        """Counting these actors only: wholly served, else in part, else what is left to say."""
        if entiers:
            return "plusieurs" if entiers > 1 else "couverte"
        if whole and communes & whole == whole:
            return "couverte"
        if acteurs:
            return "partielle"
        if self.acteurs:
            return "a-confirmer"
        return "par-generalistes" if self.generalistes else "inconnue"

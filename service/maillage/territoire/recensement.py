"""The coverage of a store that is edited, kept up to date edit after edit."""

from __future__ import annotations

from collections.abc import Collection

from maillage.requetes.recueil import Requetes
from maillage.requetes.table import Table
from maillage.store.entrepot import EntrepotEmbarque
from maillage.territoire.preparation import (
    Geographie,
    Preparation,
    commune,
    composer,
    geographie,
    proprietes,
    repere,
    territoire,
)


class Recensement:
    """What `preparer` reads of a store, by resource: after an edit, of the edited ones only."""

    def __init__(self, entrepot: EntrepotEmbarque, requetes: Requetes) -> None:
        """Read it whole. Raises what Entrepot.lignes raises."""
        self._entrepot, self._requetes = entrepot, requetes
        self._communes = Table(entrepot, requetes["couverture-communes"], "commune", commune)
        self._territoires = Table(entrepot, requetes["couverture-territoires"], "territoire", territoire)
        self._acteurs = Table(entrepot, requetes["couverture-acteurs"], "acteur", proprietes)
        self._interventions = Table(
            entrepot, requetes["couverture-interventions"], "intervention", proprietes
        )
        self._reperes = Table(entrepot, requetes["export-reperes"], "territoire", repere)
        self._geographie = self._situer()
        self.preparation = self._composer()

    def suivre(self, sujets: Collection[str]) -> bool:
        """Read again what is said of some edited resources (IRIs); whether the coverage changes.

        Raises what Entrepot.lignes raises.
        """
        moved = [table.suivre(sujets) for table in (self._communes, self._territoires, self._reperes)]
        if any(moved):
            self._geographie = self._situer()
        for table in (self._acteurs, self._interventions):
            table.suivre(sujets)
        before, self.preparation = self.preparation, self._composer()
        return before != self.preparation

    def _situer(self) -> Geographie:
        return geographie(self._communes.choses, self._territoires.choses, self._reperes.choses)

    def _composer(self) -> Preparation:
        return composer(
            self._entrepot,
            self._requetes,
            self._geographie,
            self._acteurs.choses,
            self._interventions.choses,
        )

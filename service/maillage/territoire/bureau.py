"""The coverage of one version of the data, read when it is first asked for and then kept."""

from __future__ import annotations

from functools import cache, cached_property, lru_cache
from pathlib import Path
from threading import Lock

from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot
from maillage.territoire import matrices
from maillage.territoire.atlas import Atlas
from maillage.territoire.carte import FICHIER as CONTOURS
from maillage.territoire.carte import Contours, lire_contours
from maillage.territoire.couverture import Couverture
from maillage.territoire.matrices import Matrices
from maillage.territoire.mots import Mot, lire_mots
from maillage.territoire.preparation import FICHIER, FRANCE, Preparation, preparer
from maillage.territoire.relations import lire_relations
from maillage.territoire.systeme import Systemes
from maillage.textes import Langue


class Bureau:
    """What answers on territories: made at once, loaded at the first question."""

    def __init__(
        self, dossier: Path, entrepot: Entrepot, requetes: Requetes, connu: Bureau | None = None
    ) -> None:
        """`dossier` is that of the version; `connu` spares the reading, where the coverage is the same."""
        self._dossier, self._entrepot, self._requetes = dossier, entrepot, requetes
        self._verrou = Lock()
        self._lue: Couverture | None = connu._lue if connu else None
        self.mots = cache(self._mots)
        #: one earlier version at a time: each takes as much memory as the one in service.
        self.avant = lru_cache(1)(self._avant)

    @property
    def couverture(self) -> Couverture:
        """The coverage. Raises OSError, ValueError, what Entrepot.lignes raises."""
        with self._verrou:
            if self._lue is None:
                self._lue = self._lire()
            return self._lue

    @cached_property
    def systemes(self) -> Systemes:
        """The systems of relations. Raises as `couverture`."""
        return Systemes(self.couverture, lire_relations(self._entrepot, self._requetes))

    @cached_property
    def matrices(self) -> Matrices:
        """Every territory of the country in short. Raises as `couverture`."""
        path = self._dossier / matrices.FICHIER
        return matrices.lire(path) if path.is_file() else matrices.calculer(self.couverture)

    @cached_property
    def contours(self) -> Contours:
        """Outlines of territories. Raises OSError, ValueError."""
        return lire_contours(self._dossier / CONTOURS)

    def _lire(self) -> Couverture:
        """From what the build prepared; a version built without it is prepared now.

        The whole country is counted at once: where nobody is listed on a territory, it is looked at next.
        """
        path = self._dossier / FICHIER
        read = Preparation.lire(path) if path.is_file() else preparer(self._entrepot, self._requetes)
        made = Couverture(Atlas(read))
        if made.atlas.connait(FRANCE):
            made.de(FRANCE)
        return made

    def _avant(self, dossier: Path) -> Couverture:
        """The coverage of an earlier version. Raises OSError where it is no longer kept, ValueError."""
        return Couverture(Atlas(Preparation.lire(dossier / FICHIER)))

    def _mots(self, langue: Langue) -> dict[str, Mot]:
        return lire_mots(self._entrepot, self._requetes, langue)

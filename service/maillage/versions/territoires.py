"""What a version holds of territories: all that a coverage needs, the country in short, the outlines."""

from __future__ import annotations

from maillage.territoire import matrices
from maillage.territoire.atlas import Atlas
from maillage.territoire.carte import FICHIER as CONTOURS
from maillage.territoire.couverture import Couverture
from maillage.territoire.preparation import FICHIER, Preparation
from maillage.territoire.recensement import Recensement
from maillage.versions.chantier import Chantier


def ecrire(chantier: Chantier, preparation: Preparation) -> None:
    """Write the files of a version built from scratch. Raises OSError."""
    preparation.ecrire(chantier.dossier / FICHIER)
    matrices.ecrire(matrices.calculer(Couverture(Atlas(preparation))), chantier.dossier / matrices.FICHIER)
    _copier_contours(chantier)


def suivre(chantier: Chantier, recensement: Recensement, edites: set[str]) -> None:
    """The same after an edit of these subjects; the files of before where nothing moved. Raises OSError.

    The country in short would take longer than the rest of a small edit: it is left to who first asks for it.
    """
    before = chantier.precedente
    if recensement.suivre(edites):
        recensement.preparation.ecrire(chantier.dossier / FICHIER)
    elif before is not None:
        chantier.partager(*(one for one in (FICHIER, matrices.FICHIER) if (before / one).is_file()))
    _copier_contours(chantier)


def _copier_contours(chantier: Chantier) -> None:
    source = chantier.settings.racine / "donnees" / "territoires" / CONTOURS
    if source.is_file():
        (chantier.dossier / CONTOURS).write_bytes(source.read_bytes())

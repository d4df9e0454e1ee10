"""The steps of every territory of the country at once, computed when a version is built: index and maps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from maillage.namespaces import CHEMINS, PREFIXES
from maillage.territoire.couverture import Couverture, Tableau
from maillage.territoire.grille import Croisee

FICHIER = "matrices.json"
#: levels that are summed up; communes and their groups are too many, and read one at a time.
NIVEAUX = ("pays", "region", "ancienne-region", "departement", "bassin")
#: states in which a step is covered.
COUVERTES = frozenset({"plusieurs", "couverte"})
_ETAPES = Croisee(("Etape",))
_PREFIXES = tuple(PREFIXES[niveau] for niveau in NIVEAUX if niveau in CHEMINS)


@dataclass(frozen=True, slots=True)
class Etape:
    """A step on a territory: state of its cell, listed actors, those confirmed."""

    etat: str
    acteurs: int
    confirmes: int


@dataclass(frozen=True, slots=True)
class Resume:
    """A territory in short: its listed actors, those confirmed, its steps by IRI."""

    acteurs: int
    confirmes: int
    etapes: dict[str, Etape]

    @property
    def couvertes(self) -> int:
        """How many steps are covered on the whole territory by confirmed actors."""
        return sum(one.etat in COUVERTES for one in self.etapes.values())


Matrices = dict[str, Resume]


def resumer(tableau: Tableau) -> Resume:
    """The steps of a coverage whose cells begin with the step."""
    steps = {
        cle[0]: Etape(cell.etat, cell.acteurs, cell.confirmes)
        for cle, cell in tableau.cellules.items()
        if cle[0] and not any(cle[1:])
    }
    return Resume(len(tableau.presences), tableau.confirmes, steps)


def calculer(couverture: Couverture) -> Matrices:
    """Every territory of the levels summed up, by IRI."""
    names = couverture.atlas.preparation.geographie.noms
    return {name: resumer(couverture.croiser(name, _ETAPES)) for name in names if name.startswith(_PREFIXES)}


def ecrire(matrices: Matrices, path: Path) -> None:
    """Write as JSON. Raises OSError."""
    path.write_bytes(_FORMAT.dump_json(matrices))


def lire(path: Path) -> Matrices:
    """Read back what `ecrire` wrote. Raises OSError, ValueError."""
    return _FORMAT.validate_json(path.read_bytes())


_FORMAT = TypeAdapter(Matrices)

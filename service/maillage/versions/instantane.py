"""Snapshots: a version of the graph on disk, built aside, swapped in at once, loaded by each server.

    instantanes/000012-3f9a2b1c/   graphes.nq  derive.nq  declarations.nq  lexique/  couverture.json
                                   matrices.json  contours.geojson  rapport.json  differences.json
                                   ajouts.nq  retraits.nq  requetes/  manifeste.json
    instantanes/courant            link to the version in service
    instantanes/historique/        what is kept of older versions: manifest and differences

A version is written in a hidden folder, flushed to the disk, renamed, and only then does `courant` move: a
crash at any moment leaves the earlier version in service.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from maillage.config import Settings
from maillage.store.entrepot import EntrepotEmbarque
from maillage.versions import manifeste as manifestes
from maillage.versions.disque import assurer_tout, relier
from maillage.versions.manifeste import InstantaneAltere, Manifeste, lire_manifeste, recette

if TYPE_CHECKING:
    from maillage.validation import Rapport

GRAPHES, DERIVE, LEXIQUE, RAPPORT = "graphes.nq", "derive.nq", "lexique", "rapport.json"
DIFFERENCES, REQUETES = "differences.json", "requetes"
DECLARATIONS = "declarations.nq"
#: the files whose quads make the graph that is served.
SERVIS = (GRAPHES, DERIVE, DECLARATIONS)
#: quads that come and go from the version before, derived ones included; where it was at hand.
AJOUTS, RETRAITS = "ajouts.nq", "retraits.nq"
COURANT, HISTORIQUE = "courant", "historique"
GARDEES = 3

#: progress(done, total, stage): the same call as maillage.corpus uses.
Progress = Callable[[int, int, str], None]

ECHAFAUD = ".construction-"
_journal = logging.getLogger(__name__)


class InstantaneRefuse(Exception):  # noqa: N818 (the error is named in French)
    """The corpus has errors: nothing is built, the version in service stays. Carries the report."""

    def __init__(self, rapport: Rapport) -> None:
        super().__init__("le corpus a des erreurs : rien n'est construit, la version en service reste")
        self.rapport = rapport


class InstantaneAbsent(LookupError):  # noqa: N818
    """No snapshot can be loaded from the folder."""


class ConstructionEnCours(RuntimeError):  # noqa: N818
    """Another process is building in the same folder."""


def construire(settings: Settings, progress: Progress | None = None) -> Path:
    """Read, validate, derive and index the corpus; put the new version in service; its folder.

    Raises InstantaneRefuse (validation errors), ConstructionEnCours, EnteteInvalide (bad `.rq`), OSError.
    """
    # Here, not above: a server only loads, and the workshop's tools would add half a second to its start.
    from maillage.versions.atelier import Atelier

    return Atelier(settings).construire(progress)


def courant(dossier: Path) -> Path:
    """Folder of the version in service. Raises InstantaneAbsent."""
    link = dossier / COURANT
    if not link.is_dir():
        raise InstantaneAbsent(f"aucun instantané dans {dossier} : lancer « maillage construire »")
    return link.resolve()


def versions(dossier: Path) -> list[Path]:
    """Folders of the versions on disk, newest first."""
    return sorted((path for path in dossier.glob("[0-9]*-*") if path.is_dir()), reverse=True)


def charger(version: Path, noms: Sequence[str] = SERVIS) -> tuple[EntrepotEmbarque, Manifeste]:
    """Check a version's files and load its graphs in memory. Raises InstantaneAltere, OSError."""
    read, entrepot = lire_manifeste(version), EntrepotEmbarque()
    with ThreadPoolExecutor(1) as beside:
        check = beside.submit(read.verifier, version)
        try:
            for name in noms:
                entrepot.charger(version / name)
        except (SyntaxError, OSError):
            check.result()  # an altered file is said to be altered
            raise
        check.result()
    return entrepot, read


def charger_courant(dossier: Path) -> tuple[Path, EntrepotEmbarque, Manifeste]:
    """Load the version in service or, where it is altered, the newest one that is whole.

    Raises InstantaneAbsent when none is.
    """
    first = courant(dossier)
    for version in [first, *(path for path in versions(dossier) if path != first)]:
        try:
            return version, *charger(version)
        except InstantaneAltere as error:
            _journal.error("instantané écarté : %s", error)
    raise InstantaneAbsent(f"aucun instantané intact dans {dossier} : lancer « maillage construire »")


def a_jour(settings: Settings) -> bool:
    """Whether the version in service is the one that today's corpus, queries and code would give."""
    from maillage.corpus.corpus import fingerprint

    try:
        read = lire_manifeste(courant(settings.dossier_instantanes))
        return read.recette == recette(settings.racine) and read.empreinte == fingerprint(settings.racine)
    except (InstantaneAbsent, InstantaneAltere, OSError):
        return False


@contextmanager
def verrou(dossier: Path) -> Iterator[None]:
    """One build at a time; the system frees the lock when the process ends, however it ends."""
    with (dossier / ".verrou").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConstructionEnCours(f"une construction est déjà en cours dans {dossier}") from error
        yield


def deblayer(dossier: Path) -> None:
    """Take away what a build that ended in the middle left."""
    for remains in dossier.glob(f"{ECHAFAUD}*"):
        if remains.is_symlink():
            remains.unlink()
        else:
            shutil.rmtree(remains)


def mettre_en_service(dossier: Path, version: str) -> None:
    """Make a version the one that servers take."""
    relier(dossier / COURANT, version, dossier / f"{ECHAFAUD}lien")


def elaguer(dossier: Path) -> None:
    """Old versions leave their manifest and differences in the history; each step is one rename."""
    for old in versions(dossier)[GARDEES:]:
        kept = dossier / HISTORIQUE / old.name
        if not kept.exists():
            aside = dossier / f"{ECHAFAUD}historique"
            aside.mkdir()
            for name in (manifestes.FICHIER, DIFFERENCES):
                if (old / name).is_file():
                    shutil.copyfile(old / name, aside / name)
            assurer_tout(aside)
            kept.parent.mkdir(exist_ok=True)
            os.replace(aside, kept)
        os.replace(old, dossier / f"{ECHAFAUD}{old.name}")
        shutil.rmtree(dossier / f"{ECHAFAUD}{old.name}")

"""The built state in one file, and back: version in service, journal of changes, history, unknown words.

The corpus itself is files under version control; what cannot be built again from it is the memory of what was
published when. Versions are immutable and copied as they are; SQLite files, through SQLite.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from maillage.changements import journal as changements
from maillage.config import Settings
from maillage.versions.disque import assurer_tout
from maillage.versions.instantane import COURANT, HISTORIQUE, courant, verrou, versions
from maillage.versions.manifeste import InstantaneAltere, lire_manifeste

_ETAT, _ECHECS = "instantanes", "echecs.sqlite"


class RestaurationRefusee(ValueError):  # noqa: N818 (the error is named in French)
    """The file is no backup, or there is already something where it would be restored."""


def sauvegarder(settings: Settings, fichier: Path) -> int:
    """Write the backup, beside the service that runs; its size in bytes.

    Raises InstantaneAbsent, OSError, sqlite3.Error; ConstructionEnCours while a version is being built.
    """
    dossier = settings.dossier_instantanes
    with verrou(dossier), _a_cote(fichier.absolute().parent) as aside:
        part = aside / "sauvegarde"
        with tarfile.open(part, "w:gz", compresslevel=3) as archive:
            version = courant(dossier)
            for path in (version, dossier / COURANT, dossier / HISTORIQUE, dossier / "jeux.json"):
                if path.exists():
                    archive.add(path, f"{_ETAT}/{path.name}")
            if (dossier / changements.FICHIER).exists():
                copy = _copie(dossier / changements.FICHIER, aside / "changements")
                archive.add(copy, f"{_ETAT}/{changements.FICHIER}")
            if settings.fichier_echecs is not None and settings.fichier_echecs.exists():
                archive.add(_copie(settings.fichier_echecs, aside / "echecs"), _ECHECS)
        os.replace(part, fichier)
    return fichier.stat().st_size


def restaurer(settings: Settings, fichier: Path) -> str:
    """Put a backup in place of nothing; the name of the version then in service.

    Raises RestaurationRefusee, OSError. Until all of it is there and checked, nothing is in place.
    """
    dossier = settings.dossier_instantanes
    if dossier.exists() and versions(dossier):
        raise RestaurationRefusee(f"{dossier} contient déjà des versions : à déplacer d'abord")
    dossier.parent.mkdir(parents=True, exist_ok=True)
    with _a_cote(dossier.parent) as aside:
        try:
            with tarfile.open(fichier) as archive:
                archive.extractall(aside, filter="data")
            version = courant(aside / _ETAT)
            lire_manifeste(version).verifier(version)
        except (tarfile.TarError, EOFError, LookupError, InstantaneAltere) as error:
            raise RestaurationRefusee(f"{fichier} n'est pas une sauvegarde entière : {error}") from error
        assurer_tout(aside / _ETAT)
        if dossier.exists():
            shutil.rmtree(dossier)
        os.replace(aside / _ETAT, dossier)
        if settings.fichier_echecs is not None and (aside / _ECHECS).exists():
            os.replace(aside / _ECHECS, settings.fichier_echecs)
    return version.name


def _copie(source: Path, cible: Path) -> Path:
    """A copy of a database as it is between two of its writings."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(cible)) as written:
        read.backup(written)
    return cible


@contextmanager
def _a_cote(dossier: Path) -> Iterator[Path]:
    """A folder on the same disk, taken away at the end."""
    with tempfile.TemporaryDirectory(prefix=".maillage-", dir=dossier) as aside:
        yield Path(aside)

"""One build under way: a hidden folder, filled stage by stage, then signed and flushed to the disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from maillage.config import Settings
from maillage.corpus.corpus import Corpus
from maillage.versions import manifeste as manifestes
from maillage.versions.disque import assurer_tout, partager
from maillage.versions.instantane import COURANT, ECHAFAUD, Progress, versions
from maillage.versions.manifeste import Manifeste, lire_manifeste, recette

#: stages of a build.
ETAPES = 8


class Chantier:
    """The folder of a version that is being built, beside the one in service."""

    def __init__(self, settings: Settings, progress: Progress | None = None) -> None:
        """Make the folder. Raises OSError."""
        self.settings, self.version = settings, ""
        self.recette = recette(settings.racine)
        link = settings.dossier_instantanes / COURANT
        #: the version in service, None where there is none.
        self.precedente = link.resolve() if link.is_dir() else None
        self.dossier = settings.dossier_instantanes / f"{ECHAFAUD}{os.getpid()}"
        self.dossier.mkdir()
        self._progress, self._durees = progress, dict[str, float]()
        self._partages: dict[str, str] = {}

    def partager(self, *noms: str) -> None:
        """Take files over from the version in service as they are. Raises InstantaneAltere, OSError."""
        assert self.precedente is not None
        known = lire_manifeste(self.precedente).fichiers
        for nom in noms:
            (self.dossier / nom).parent.mkdir(exist_ok=True)
            partager(self.precedente / nom, self.dossier / nom)
            self._partages[nom] = known[nom]

    def signer(self, corpus: Corpus, triples: dict[str, int], graphes: dict[str, int]) -> None:
        """Write the manifest and flush everything to the disk: the folder is complete. Raises OSError."""
        last = next(iter(versions(self.settings.dossier_instantanes)), None)
        numero = int(last.name.partition("-")[0]) + 1 if last else 1
        self.version = f"{numero:06d}-{corpus.empreinte[:8]}"
        files = sorted(path for path in self.dossier.rglob("*") if path.is_file())
        Manifeste(
            format=manifestes.FORMAT,
            numero=numero,
            version=self.version,
            empreinte=corpus.empreinte,
            recette=self.recette,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            revision=_revision(self.settings.racine),
            triples=triples,
            graphes=graphes,
            fichiers={name: self._empreinte(name) for name in map(self._relatif, files)},
            durees={name: round(seconds, 3) for name, seconds in self._durees.items()},
            precedente=self.precedente.name if self.precedente else "",
        ).ecrire(self.dossier)
        assurer_tout(self.dossier, {self.dossier / nom for nom in self._partages})

    @contextmanager
    def etape(self, nom: str) -> Iterator[None]:
        """One stage: told to whoever looks at the progress, and timed."""
        self._dire(nom)
        start = time.perf_counter()
        yield
        self._durees[nom] = time.perf_counter() - start
        self._dire(nom)

    def _dire(self, nom: str) -> None:
        if self._progress is not None:
            self._progress(len(self._durees), ETAPES, nom)

    def _relatif(self, path: Path) -> str:
        return path.relative_to(self.dossier).as_posix()

    def _empreinte(self, nom: str) -> str:
        return self._partages.get(nom) or manifestes.empreinte(self.dossier / nom)


def _revision(racine: Path) -> str:
    """Commit of the corpus, empty outside a git repository."""
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run(  # noqa: S603 (fixed arguments)
        [git, "-C", str(racine), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""

"""The server's side of the files to download: found, or made first by a process of their own.

`preparer` has them made once a version has been in service for a while; a request for a file that is not
there yet has it made, and waits.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

from maillage.catalogue import inventaire
from maillage.catalogue.fabrique import SOMMES, FichierInconnu, dossier_des_exports
from maillage.catalogue.inventaire import Compte, lire_inventaire

journal = logging.getLogger("maillage.catalogue")

#: seconds a version is in service before its files are made; where each edit makes a version, they are made
#: once after several: it takes the machine as long as twenty edits.
REPIT, REPIT_D_EDITION = 15.0, 300.0
#: seconds left to the making of one file, and of all.
DELAI = 300.0


class FabricationImpossible(RuntimeError):  # noqa: N818 (the error is named in French)
    """The files could not be made; what happened is in the log."""


class Depot:
    """Files of one version. Safe between threads; between processes, the maker's lock is."""

    def __init__(self, version: Path) -> None:
        self.version = version
        self.dossier = version / dossier_des_exports()
        self._verrou = threading.Lock()
        self._attente: threading.Timer | None = None
        self._fond: subprocess.Popen[bytes] | None = None
        self._depart = threading.Lock()
        self._ferme = False
        self._comptes: dict[str, Compte] | None = None

    def fichier(self, nom: str) -> Path:
        """Path of a file, made first where it must be.

        Raises FichierInconnu (none of that name is offered), FabricationImpossible.
        """
        path = self.dossier / nom
        if Path(nom).name != nom or nom.startswith("."):
            raise FichierInconnu(nom)
        if not path.is_file():
            with self._verrou:
                if not path.is_file():
                    self._fabriquer(*() if nom == SOMMES else (nom,))
        return path

    def tout(self) -> None:
        """Wait until every file is there. Raises FabricationImpossible."""
        self.fichier(SOMMES)

    def inventaire(self) -> dict[str, Compte]:
        """Counts and date of each dataset of the version. Raises FabricationImpossible."""
        if self._comptes is None:
            self._comptes = lire_inventaire(self.fichier(inventaire.FICHIER))
        return self._comptes

    def taille(self, nom: str) -> int:
        """Bytes of a file; all are made at once. Raises FichierInconnu, FabricationImpossible."""
        self.tout()
        return self.fichier(nom).stat().st_size

    def preparer(self, repit: float = REPIT) -> None:
        """Have all files made beside, in so many seconds: other work goes first."""
        self._attente = threading.Timer(repit, self._lancer)
        self._attente.daemon = True
        self._attente.start()

    def fermer(self) -> None:
        """Give up what is prepared; what is half made is made again when asked for."""
        if self._attente is None:
            return
        self._attente.cancel()
        with self._depart:
            self._ferme = True
            if self._fond is not None:
                self._fond.terminate()
        self._attente.join()

    def _lancer(self) -> None:
        """Have all files made, and wait: no process is left to nobody."""
        with self._depart:
            if self._ferme or (self.dossier / SOMMES).is_file():
                return
            self._fond = subprocess.Popen(self._commande(), stdin=subprocess.DEVNULL)  # noqa: S603 (our own module)
        self._fond.wait()

    def _commande(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "maillage.catalogue.fabrique", str(self.version), *arguments]

    def _fabriquer(self, *arguments: str) -> None:
        try:
            done = subprocess.run(  # noqa: S603 (our own module; the name was checked)
                self._commande(*arguments),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=DELAI,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            journal.error("fichiers non fabriqués : %s", error)
            raise FabricationImpossible(str(error)) from error
        if done.returncode == 1 and not done.stderr:
            raise FichierInconnu(arguments[0])
        if done.returncode:
            journal.error("fichiers non fabriqués : %s", done.stderr.decode(errors="replace"))
            raise FabricationImpossible(self.version.name)

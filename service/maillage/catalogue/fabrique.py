"""Makes the files of a version that people download. Run apart: `python -m maillage.catalogue.fabrique`.

    instantanes/000012-3f9a2b1c/exports-5d41402a/   maillage.ttl  maillage.ttl.gz  …  SHA256SUMS

A file is written aside and renamed: one that is there is whole. `SHA256SUMS` comes last: where it is, all is.
The folder goes with its version, so the disk holds the files of as many versions as are kept. Publication
never waits for this: a version is in service before its files are made.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path

from maillage.catalogue import inclusion, inventaire, tables
from maillage.catalogue.acteurs import Annuaire, acteurs_de
from maillage.catalogue.compression import CODAGES, comprimer
from maillage.catalogue.geojson import ecrire_geojson
from maillage.catalogue.jeux import Format, Jeu, Offre, lire_offre
from maillage.catalogue.parties import separer
from maillage.catalogue.rdf import FORMATS, ecrire_rdf
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import EntrepotEmbarque
from maillage.versions.instantane import COURANT, GRAPHES, REQUETES
from maillage.versions.manifeste import Manifeste, empreinte, lire_manifeste

SOMMES = "SHA256SUMS"
#: how much other work goes first.
_POLITESSE = 10

Ecriture = Callable[[Path], None]


class FichierInconnu(LookupError):  # noqa: N818 (the error is named in French)
    """No file of that name is offered."""


@cache
def dossier_des_exports() -> str:
    """Name of the folder of files in a version: it follows this code, so that another edition makes anew."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return f"exports-{digest.hexdigest()[:8]}"


@dataclass(frozen=True)
class Fabrique:
    """Makes the files of one version; `version` is its folder."""

    version: Path

    @property
    def dossier(self) -> Path:
        """Where the files go."""
        return self.version / dossier_des_exports()

    @cached_property
    def manifeste(self) -> Manifeste:
        """Manifest of the version."""
        return lire_manifeste(self.version)

    @cached_property
    def offre(self) -> Offre:
        """What the version offers."""
        return lire_offre(self._requetes, self._entrepot, self.manifeste.graphes)

    def tout(self) -> None:
        """Make all that is missing, then the sums. Raises OSError."""
        with self._seule():
            if (self.dossier / SOMMES).is_file():
                return
            with self._parties(self.offre.jeux) as parties:
                self._inventorier(parties)
                for nom, (jeu, forme) in self.offre.fichiers.items():
                    self._faire(nom, self._ecriture(jeu, forme, parties[jeu.code]))
                    self._comprimer(nom)
            self._faire(SOMMES, self._sommer)

    def un(self, nom: str) -> None:
        """Make one file, or its compressed copy, or the inventory. Raises FichierInconnu, OSError."""
        tronc, _, codage = nom.rpartition(".")
        base = tronc if codage in CODAGES else nom
        with self._seule():
            if nom == inventaire.FICHIER:
                with self._parties(self.offre.jeux) as parties:
                    self._inventorier(parties)
                return
            if base not in self.offre.fichiers:
                raise FichierInconnu(nom)
            jeu, forme = self.offre.fichiers[base]
            with self._parties([jeu]) as parties:
                self._faire(base, self._ecriture(jeu, forme, parties[jeu.code]))
            if base != nom:
                self._comprimer(base)

    @cached_property
    def _requetes(self) -> Requetes:
        return Requetes(self.version / REQUETES)

    @cached_property
    def _entrepot(self) -> EntrepotEmbarque:
        entrepot = EntrepotEmbarque()
        entrepot.charger(self.version / GRAPHES)
        return entrepot

    @cached_property
    def _annuaire(self) -> Annuaire:
        return Annuaire(self._entrepot, self._requetes)

    @contextmanager
    def _seule(self) -> Iterator[None]:
        """One maker at a time; the system frees the lock when the process ends, however it ends."""
        self.dossier.mkdir(exist_ok=True)
        with (self.dossier / ".verrou").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _parties(self, jeux: Iterable[Jeu]) -> Iterator[dict[str, Path]]:
        """The parts of these datasets, in a folder that does not last."""
        with tempfile.TemporaryDirectory(prefix=".parties-", dir=self.dossier) as aside:
            yield separer(self.version / GRAPHES, list(jeux), Path(aside))

    def _ecriture(self, jeu: Jeu, forme: Format, partie: Path) -> Ecriture:
        if forme.suffixe in FORMATS or forme.suffixe == "nq":
            return lambda sortie: ecrire_rdf(partie, forme.suffixe, sortie)
        acteurs = acteurs_de(partie)
        correspondances = inclusion.Correspondances(self._annuaire)
        return {
            "csv": lambda sortie: tables.ecrire_csv(self._annuaire, acteurs, sortie),
            "tableur.csv": lambda sortie: tables.ecrire_tableur(self._annuaire, acteurs, sortie),
            "geojson": lambda sortie: ecrire_geojson(self._annuaire, acteurs, sortie),
            "structures.data-inclusion.json": lambda sortie: inclusion.ecrire_structures(
                correspondances, acteurs, sortie
            ),
            "services.data-inclusion.json": lambda sortie: inclusion.ecrire_services(
                correspondances, acteurs, sortie
            ),
            "correspondances.data-inclusion.csv": lambda sortie: inclusion.ecrire_correspondances(
                correspondances, acteurs, sortie
            ),
        }[forme.suffixe]

    def _faire(self, nom: str, ecriture: Ecriture) -> None:
        """Write a file that is not there yet: aside, then renamed."""
        path = self.dossier / nom
        if path.exists():
            return
        aside = self.dossier / f".{nom}.en-cours"
        try:
            ecriture(aside)
            os.replace(aside, path)
        finally:
            aside.unlink(missing_ok=True)

    def _comprimer(self, nom: str) -> None:
        for codage in CODAGES:
            self._faire(f"{nom}.{codage}", partial(comprimer, self.dossier / nom, codage))

    def _inventorier(self, parties: dict[str, Path]) -> None:
        link = self.version.parent / COURANT
        courante = link.is_dir() and link.resolve() == self.version.resolve()
        listed = [(jeu, parties[jeu.code]) for jeu in self.offre.jeux]
        self._faire(
            inventaire.FICHIER,
            lambda sortie: inventaire.ecrire_inventaire(
                sortie, self.version.parent / inventaire.JOURNAL, self.manifeste, listed, courante
            ),
        )

    def _sommer(self, sortie: Path) -> None:
        """The sums of all files, as `sha256sum --check` reads them."""
        made = sorted(
            nom + codage for nom in self.offre.fichiers for codage in ("", *(f".{one}" for one in CODAGES))
        )
        lines = [f"{empreinte(self.dossier / nom)}  {nom}\n" for nom in made]
        sortie.write_text("".join(lines), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """`<folder of a version> [name of a file]`: make this file, or all; 0 done, 1 no such file."""
    os.nice(_POLITESSE if len(arguments) == 1 else 0)
    fabrique = Fabrique(Path(arguments[0]))
    try:
        fabrique.un(arguments[1]) if len(arguments) > 1 else fabrique.tout()
    except FichierInconnu:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

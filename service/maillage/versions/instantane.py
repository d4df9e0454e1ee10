"""Snapshots: a version of the graph on disk, built aside, swapped in at once, loaded by each server.

    instantanes/000012-3f9a2b1c/   graphes.nq  derive.nq  declarations.nq  lexique.json  couverture.json
                                   rapport.json  differences.json  requetes/  manifeste.json
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
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from maillage.config import Settings
from maillage.namespaces import GRAPHE_DERIVE
from maillage.store.entrepot import EntrepotEmbarque
from maillage.versions import manifeste as manifestes
from maillage.versions.disque import assurer_tout, relier
from maillage.versions.manifeste import InstantaneAltere, Manifeste, lire_manifeste, recette

if TYPE_CHECKING:
    from maillage.corpus.corpus import Corpus
    from maillage.requetes.recueil import Requetes
    from maillage.validation import Rapport

GRAPHES, DERIVE, LEXIQUE, RAPPORT = "graphes.nq", "derive.nq", "lexique.json", "rapport.json"
DIFFERENCES, REQUETES = "differences.json", "requetes"
DECLARATIONS = "declarations.nq"
#: the files whose quads make the graph that is served.
SERVIS = (GRAPHES, DERIVE, DECLARATIONS)
COURANT, HISTORIQUE = "courant", "historique"
GARDEES = 3

#: progress(done, total, stage): the same call as maillage.corpus uses.
Progress = Callable[[int, int, str], None]

_ECHAFAUD = ".construction-"
_ETAPES = 8
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
    dossier = settings.dossier_instantanes
    dossier.mkdir(parents=True, exist_ok=True)
    with _verrou(dossier):
        _deblayer(dossier)
        try:
            chantier = _Chantier(settings, progress or _silence)
            chantier.batir()
            version = dossier / chantier.version
            os.replace(chantier.dossier, version)
            _mettre_en_service(dossier, version.name)
            _elaguer(dossier)
        finally:
            _deblayer(dossier)
    return version


def courant(dossier: Path) -> Path:
    """Folder of the version in service. Raises InstantaneAbsent."""
    link = dossier / COURANT
    if not link.is_dir():
        raise InstantaneAbsent(f"aucun instantané dans {dossier} : lancer « maillage construire »")
    return link.resolve()


def versions(dossier: Path) -> list[Path]:
    """Folders of the versions on disk, newest first."""
    return sorted((path for path in dossier.glob("[0-9]*-*") if path.is_dir()), reverse=True)


def charger(version: Path) -> tuple[EntrepotEmbarque, Manifeste]:
    """Check a version's files and load its graphs in memory. Raises InstantaneAltere, OSError."""
    read, entrepot = lire_manifeste(version), EntrepotEmbarque()
    with ThreadPoolExecutor(1) as beside:
        check = beside.submit(read.verifier, version)
        try:
            for name in SERVIS:
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


@dataclass
class _Chantier:
    """One build under way, in its hidden folder."""

    settings: Settings
    progress: Progress
    dossier: Path = field(init=False)
    version: str = ""
    precedente: str = ""
    durees: dict[str, float] = field(default_factory=dict)
    etapes: int = 0

    def __post_init__(self) -> None:
        self.dossier = self.settings.dossier_instantanes / f"{_ECHAFAUD}{os.getpid()}"
        self.dossier.mkdir()

    def batir(self) -> None:
        """All the stages, up to a folder that is complete and flushed to the disk."""
        # Here, not above: a server only loads, and these would add half a second to its start.
        from maillage.corpus.corpus import read_corpus
        from maillage.inference import deriver
        from maillage.lexique import compiler
        from maillage.requetes.declarations import declarer
        from maillage.territoire.preparation import FICHIER as COUVERTURE
        from maillage.territoire.preparation import preparer
        from maillage.validation import valider
        from maillage.validation.rapport_ecrit import rapport_en_json

        with self._etape("lecture du corpus"):
            corpus = read_corpus(self.settings.racine)
        with self._etape("validation"):
            rapport = valider(corpus)
        if not rapport.conforme:
            raise InstantaneRefuse(rapport)
        (self.dossier / RAPPORT).write_text(rapport_en_json(rapport), encoding="utf-8")
        entrepot = EntrepotEmbarque()
        with self._etape("écriture des graphes"):
            entrepot.ajouter(corpus.quads())
            saisis = entrepot.ecrire(self.dossier / GRAPHES)
        with self._etape("déductions"):
            for _ in deriver(entrepot, self.settings.racine / "requetes" / "inference"):
                pass
            deduits = entrepot.ecrire(self.dossier / DERIVE, GRAPHE_DERIVE)
        with self._etape("lexique"):
            requetes = self._copier_requetes()
            compiler(entrepot, requetes).ecrire(self.dossier / LEXIQUE)
            declares = declarer(requetes, self.dossier / DECLARATIONS)
        with self._etape("territoires"):
            preparer(entrepot, requetes).ecrire(self.dossier / COUVERTURE)
        with self._etape("différences"):
            self._comparer()
        with self._etape("empreintes"):
            self._signer(corpus, {"saisis": saisis, "deduits": deduits, "declares": declares})

    def _copier_requetes(self) -> Requetes:
        """The stored queries go with the data they were built with: a later edit cannot mix versions."""
        from maillage.requetes.recueil import Requetes

        target = self.dossier / REQUETES
        target.mkdir()
        for path in sorted((self.settings.racine / "requetes").glob("*.rq")):
            (target / path.name).write_bytes(path.read_bytes())
        return Requetes(target)

    def _comparer(self) -> None:
        """Write what changes since the version in service; the first version has nothing to compare with."""
        from maillage.versions.differences import comparer

        link = self.settings.dossier_instantanes / COURANT
        before = link.resolve() / GRAPHES
        if before.is_file():
            self.precedente = before.parent.name
            comparer(before, self.dossier / GRAPHES).ecrire(self.dossier / DIFFERENCES)

    def _signer(self, corpus: Corpus, triples: dict[str, int]) -> None:
        last = next(iter(versions(self.settings.dossier_instantanes)), None)
        numero = int(last.name.partition("-")[0]) + 1 if last else 1
        self.version = f"{numero:06d}-{corpus.empreinte[:8]}"
        files = sorted(path for path in self.dossier.rglob("*") if path.is_file())
        Manifeste(
            format=manifestes.FORMAT,
            numero=numero,
            version=self.version,
            empreinte=corpus.empreinte,
            recette=recette(self.settings.racine),
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            revision=_revision(self.settings.racine),
            triples=triples,
            graphes=manifestes.compter(self.dossier / GRAPHES),
            fichiers={str(path.relative_to(self.dossier)): manifestes.empreinte(path) for path in files},
            durees={name: round(seconds, 3) for name, seconds in self.durees.items()},
            precedente=self.precedente,
        ).ecrire(self.dossier)
        assurer_tout(self.dossier)

    @contextmanager
    def _etape(self, nom: str) -> Iterator[None]:
        self.progress(self.etapes, _ETAPES, nom)
        start = time.perf_counter()
        yield
        self.durees[nom] = time.perf_counter() - start
        self.etapes += 1
        self.progress(self.etapes, _ETAPES, nom)


def _silence(done: int, total: int, stage: str) -> None:
    """Progress that nobody looks at."""


@contextmanager
def _verrou(dossier: Path) -> Iterator[None]:
    """One build at a time; the system frees the lock when the process ends, however it ends."""
    with (dossier / ".verrou").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConstructionEnCours(f"une construction est déjà en cours dans {dossier}") from error
        yield


def _deblayer(dossier: Path) -> None:
    for remains in dossier.glob(f"{_ECHAFAUD}*"):
        if remains.is_symlink():
            remains.unlink()
        else:
            shutil.rmtree(remains)


def _mettre_en_service(dossier: Path, version: str) -> None:
    relier(dossier / COURANT, version, dossier / f"{_ECHAFAUD}lien")


def _elaguer(dossier: Path) -> None:
    """Old versions leave their manifest and differences in the history; each step is one rename."""
    for old in versions(dossier)[GARDEES:]:
        kept = dossier / HISTORIQUE / old.name
        if not kept.exists():
            aside = dossier / f"{_ECHAFAUD}historique"
            aside.mkdir()
            for name in (manifestes.FICHIER, DIFFERENCES):
                if (old / name).is_file():
                    shutil.copyfile(old / name, aside / name)
            assurer_tout(aside)
            kept.parent.mkdir(exist_ok=True)
            os.replace(aside, kept)
        os.replace(old, dossier / f"{_ECHAFAUD}{old.name}")
        shutil.rmtree(dossier / f"{_ECHAFAUD}{old.name}")


def _revision(racine: Path) -> str:
    """Commit of the corpus, empty outside a git repository."""
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run(  # noqa: S603 (fixed arguments)
        [git, "-C", str(racine), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""

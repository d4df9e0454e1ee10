"""The process that publishes each edit: `python -m maillage.versions.veilleur`, kept alive by the server.

It holds in memory what the version in service is made of (`Atelier`), so that an edit is live in a moment.
What it breaks, it breaks alone. It says what it does as one JSON object a line, and ends with its input.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from os import _exit
from pathlib import Path

import watchfiles

from maillage.config import Settings
from maillage.corpus.corpus import DOSSIERS
from maillage.validation.rapport_ecrit import rapport_en_texte
from maillage.versions.atelier import Atelier
from maillage.versions.instantane import ConstructionEnCours, InstantaneRefuse
from maillage.versions.publication import annoncer, publier

#: seconds after which the files are looked at even without a notice: some file systems send none.
RONDE = 5.0
#: seconds between two tries while another process builds.
PATIENCE = 0.2
#: milliseconds without a change after which an edit is taken for finished, and most to wait for that.
CALME, AFFLUENCE = 30, 400
#: characters of a report that are said; the whole is beside the snapshots.
DIT = 8_000

SUIVIS = (*DOSSIERS, "requetes")
_SUFFIXES = (".ttl", ".rq")


class Veilleur:
    """Calls `publier` when the files of a corpus differ from what they were."""

    def __init__(self, racine: Path, publier: Callable[[], None]) -> None:
        self._racine, self._publier = racine, publier

    async def veiller(self) -> None:
        """Look at the files after each notice, after each publication, and in any case now and then."""
        seen: object = None
        known: object = None
        avis = asyncio.Event()
        guet = asyncio.create_task(asyncio.sleep(0))
        try:
            while True:
                avis.clear()
                folders = self._dossiers()
                if known != (known := _identites(folders)):
                    guet.cancel()
                    guet = asyncio.create_task(_guetter(folders, avis))
                    await asyncio.sleep(0)
                if seen != (seen := await asyncio.to_thread(etat, folders)):
                    await asyncio.to_thread(self._publier)
                    continue
                with suppress(TimeoutError):
                    await asyncio.wait_for(avis.wait(), RONDE)
        finally:
            guet.cancel()

    def _dossiers(self) -> list[Path]:
        return [path.resolve() for path in (self._racine / name for name in SUIVIS) if path.is_dir()]


def etat(dossiers: Iterable[Path]) -> frozenset[tuple[str, int, int, int]]:
    """Path, inode, size and time of each Turtle file and query below those folders."""
    found = set()
    for dossier in dossiers:
        for path in dossier.rglob("*"):
            if path.suffix in _SUFFIXES:
                with suppress(OSError):
                    read = path.stat()
                    found.add((str(path), read.st_ino, read.st_size, read.st_mtime_ns))
    return frozenset(found)


async def _guetter(dossiers: list[Path], avis: asyncio.Event) -> None:
    """Set `avis` at each change below the folders; without notices, looking now and then remains."""
    try:
        async for _ in watchfiles.awatch(*dossiers, watch_filter=_concerne, debounce=AFFLUENCE, step=CALME):
            avis.set()
    except Exception as error:
        dire(f"pas d'avis du système : les fichiers sont regardés toutes les {RONDE:.0f} s ({error})", True)


def _concerne(change: watchfiles.Change, path: str) -> bool:
    """Whether a notice is worth a look: a file of ours, or a folder; not what an editor writes aside."""
    name = Path(path)
    return not name.name.startswith(".") and name.suffix in (*_SUFFIXES, "")


def _identites(dossiers: Iterable[Path]) -> set[tuple[str, int]]:
    found = set()
    for dossier in dossiers:
        with suppress(OSError):
            found.add((str(dossier), dossier.stat().st_ino))
    return found


def dire(texte: str, grave: bool = False) -> None:
    """One line for the server's log."""
    print(json.dumps({"grave": grave, "texte": texte[:DIT]}), flush=True)


def publier_la_retouche(settings: Settings, atelier: Atelier) -> None:
    """One publication; what comes of it is said, and never raised."""
    while True:
        try:
            dire(annoncer(settings.dossier_instantanes, publier(settings, atelier=atelier)))
            return
        except ConstructionEnCours:
            time.sleep(PATIENCE)
        except InstantaneRefuse as error:
            report = rapport_en_texte(error.rapport, "fr")
            dire(f"{report}\npublication refusée, la dernière bonne version reste", True)
            return
        except Exception as error:
            dire(f"publication impossible, la dernière bonne version reste : {error!r}", True)
            return


def _finir_avec_l_entree() -> None:
    """The server ended, however it did: nobody is left to publish for."""
    sys.stdin.buffer.read()
    _exit(0)


def main() -> None:
    """Take up the version in service, then publish each edit, until the input ends."""
    threading.Thread(target=_finir_avec_l_entree, daemon=True).start()
    settings = Settings()
    atelier = Atelier(settings)
    with suppress(ConstructionEnCours):
        atelier.reprendre()
    # What is at hand lasts as long as the process: the cycle collector need not go through it again.
    gc.freeze()
    asyncio.run(Veilleur(settings.racine, lambda: publier_la_retouche(settings, atelier)).veiller())


if __name__ == "__main__":
    main()

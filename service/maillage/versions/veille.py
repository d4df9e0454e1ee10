"""While the server runs: a new version in service is noticed and taken; edited files become a new version.

Noticing costs one `readlink` a second. Building is the work of another process, at a lower priority, so that
requests keep their share of the machine; what it breaks, it breaks alone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import watchfiles

from maillage.config import Settings
from maillage.corpus.corpus import DOSSIERS
from maillage.versions.instantane import COURANT

_journal = logging.getLogger(__name__)

#: seconds between two looks at the version in service.
CADENCE = 1.0
#: seconds after which the files are looked at even without a notice: some file systems send none.
RONDE = 5.0
#: how much a build gives way to requests, as `nice` counts.
PRIORITE = 5
#: characters of a report that go to the log; the whole is beside the snapshots.
JOURNAL = 8_000

SUIVIS = (*DOSSIERS, "requetes")
_SUFFIXES = (".ttl", ".rq")


class Veille:
    """Watches over the snapshot folder and, when `surveiller`, over the files of the corpus."""

    def __init__(
        self, settings: Settings, changer: Callable[[Path], Awaitable[None]], *, surveiller: bool = False
    ) -> None:
        """`changer` puts a version, given by its folder, in place of the one that answers."""
        self._settings, self._changer, self._surveiller = settings, changer, surveiller

    @asynccontextmanager
    async def active(self, version: Path) -> AsyncIterator[None]:
        """Watch until the block ends; `version` is the one that answers now."""
        tasks = [asyncio.create_task(self._suivre(version.name))]
        if self._surveiller:
            tasks.append(asyncio.create_task(self._surveiller_sans_fin()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _suivre(self, connue: str) -> None:
        """Take each new version once; one that cannot be loaded leaves the one that answers."""
        link = self._settings.dossier_instantanes / COURANT
        while True:
            await asyncio.sleep(CADENCE)
            try:
                name = os.readlink(link)
            except OSError:
                continue
            if name == connue:
                continue
            connue = name
            try:
                await self._changer(link.parent / name)
                _journal.info("version %s en service", name)
            except Exception:
                _journal.exception("version %s : chargement impossible, la précédente reste", name)

    async def _surveiller_sans_fin(self) -> None:
        while True:
            try:
                await self._publier_les_retouches()
            except Exception:
                _journal.exception("surveillance des fichiers interrompue, elle reprend")
                await asyncio.sleep(RONDE)

    async def _publier_les_retouches(self) -> None:
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
                    await self._publier()
                    continue
                with suppress(TimeoutError):
                    await asyncio.wait_for(avis.wait(), RONDE)
        finally:
            guet.cancel()

    def _dossiers(self) -> list[Path]:
        racine = self._settings.racine
        return [path.resolve() for path in (racine / name for name in SUIVIS) if path.is_dir()]

    async def _publier(self) -> None:
        """One publication by a child process; what it says goes to the log."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "maillage", "publier", "--attendre"),
            env={**os.environ, **environnement(self._settings)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, PRIORITE)
        try:
            said, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        text = said.decode(errors="replace").strip()[:JOURNAL]
        if process.returncode:
            _journal.error("%s\npublication refusée, la dernière bonne version reste", text)
        else:
            _journal.info("%s", text)


async def _guetter(dossiers: list[Path], avis: asyncio.Event) -> None:
    """Set `avis` at each change below the folders; without notices, looking now and then remains."""
    try:
        async for _ in watchfiles.awatch(*dossiers, watch_filter=_concerne, debounce=400):
            avis.set()
    except Exception:
        _journal.exception("pas d'avis du système : les fichiers sont regardés toutes les %d s", RONDE)


def environnement(settings: Settings) -> dict[str, str]:
    """The variables that give another process the same corpus and the same snapshot folder."""
    return {
        "MAILLAGE_RACINE": str(settings.racine.resolve()),
        "MAILLAGE_INSTANTANES": str(settings.dossier_instantanes.resolve()),
    }


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

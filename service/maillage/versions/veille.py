"""While the server runs: a new version in service is noticed and taken; edited files become a new version.

Noticing costs some `readlink` a second. Building is the work of another process (`veilleur`), at a lower
priority, so that requests keep their share of the machine.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from maillage.config import Settings
from maillage.store.entrepot import EntrepotIndisponible
from maillage.versions.instantane import COURANT

_journal = logging.getLogger(__name__)

#: seconds between two looks at the version in service.
CADENCE = 0.05
#: seconds before a version that a remote store does not hold yet is looked for again.
ATTENTE = 0.5
#: seconds before a publisher that ended is started again.
REPOS = 5.0
#: how much the publisher gives way to requests, as `nice` counts.
PRIORITE = 5


class Veille:
    """Watches over the snapshot folder and, when `surveiller`, has the edits of the corpus published."""

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
            tasks.append(asyncio.create_task(self._faire_publier()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _suivre(self, connue: str) -> None:
        """Take each new version once; one that cannot be loaded leaves the one that answers.

        One that a remote store does not hold yet, or cannot give now, is tried again.
        """
        attendue = ""
        link = self._settings.dossier_instantanes / COURANT
        while True:
            await asyncio.sleep(CADENCE)
            try:
                name = os.readlink(link)
            except OSError:
                continue
            if name == connue:
                continue
            try:
                await self._changer(link.parent / name)
                _journal.info("version %s en service", name)
            except EntrepotIndisponible as error:
                if attendue != name:
                    _journal.warning("version %s : %s", name, error)
                attendue = name
                await asyncio.sleep(ATTENTE)
                continue
            except Exception:
                _journal.exception("version %s : chargement impossible, la précédente reste", name)
            connue = name

    async def _faire_publier(self) -> None:
        """Keep a publisher at work."""
        while True:
            try:
                await self._un_veilleur()
                _journal.error("surveillance des fichiers interrompue, elle reprend")
            except OSError:
                _journal.exception("surveillance des fichiers impossible, nouvel essai")
            await asyncio.sleep(REPOS)

    async def _un_veilleur(self) -> None:
        """One publisher, until it ends; what it says goes to the log. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "maillage.versions.veilleur"),
            env={**os.environ, **environnement(self._settings)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 20,
        )
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, PRIORITE)
        assert process.stdout is not None
        try:
            async for line in process.stdout:
                _rapporter(line)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


def _rapporter(line: bytes) -> None:
    try:
        said = json.loads(line)
        _journal.log(logging.ERROR if said["grave"] else logging.INFO, "%s", said["texte"])
    except (ValueError, LookupError, TypeError):
        _journal.error("%r", line)


def environnement(settings: Settings) -> dict[str, str]:
    """The variables that give another process the same corpus and the same snapshot folder."""
    return {
        "MAILLAGE_RACINE": str(settings.racine.resolve()),
        "MAILLAGE_INSTANTANES": str(settings.dossier_instantanes.resolve()),
    }

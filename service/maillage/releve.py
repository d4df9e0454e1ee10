"""The service in place, and its relief: a newer version takes over while requests go on."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.datastructures import State

from maillage.assemblage import assembler, fermer
from maillage.bac_a_sable.trames import Limites
from maillage.catalogue.depot import REPIT, REPIT_D_EDITION
from maillage.changements.tenue import tenir
from maillage.config import Settings
from maillage.memoire import rendre_memoire
from maillage.mesures import Mesures
from maillage.routes.contexte import Service
from maillage.store.entrepot import EntrepotEmbarque
from maillage.versions.doublure import Doublure
from maillage.versions.manifeste import InstantaneAltere

journal = logging.getLogger("maillage")


class Releve:
    """Holds `state.service`: requests find there the version that answers."""

    def __init__(
        self,
        state: State,
        settings: Settings,
        limites: Limites | None = None,
        *,
        surveiller: bool = False,
        mesures: Mesures | None = None,
    ) -> None:
        """`limites` bound public queries; with `surveiller`, a spare store makes the next relief quick.

        Reliefs and workers are counted in `mesures`.
        """
        self._state, self._settings, self._limites, self._surveiller = state, settings, limites, surveiller
        self._mesures = mesures or Mesures()
        self._doublure = Doublure() if surveiller and not settings.entrepot else None
        self._taches: set[asyncio.Task[None]] = set()

    def ouvrir(self) -> Path:
        """Put the current version in place, and tell its folder. Raises what `assembler` raises."""
        self._state.service = service = self._assembler()
        self._suivre(self._noter())
        if self._doublure is not None:
            self._suivre(self._preparer(self._doublure, service.dossier))
        return service.dossier

    async def relever(self, version: Path) -> None:
        """Put a version in place of the one that answers. Raises what `assembler` raises.

        Once begun it is carried through even when nobody waits any more, so that `fermer` finds all of it.
        """
        try:
            await asyncio.shield(self._suivre(self._remplacer(version)))
        except Exception:
            self._mesures.releve("echouee")
            raise
        self._mesures.releve("reussie")

    async def fermer(self) -> None:
        """End all that was started."""
        while self._taches:
            await asyncio.gather(*self._taches, return_exceptions=True)
        await fermer(self._state.service)

    def _suivre(self, travail: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        self._taches.add(task := asyncio.create_task(travail))
        task.add_done_callback(self._taches.discard)
        return task

    def _assembler(self, version: Path | None = None, ancien: Service | None = None) -> Service:
        new = assembler(self._settings, self._limites, version, ancien, self._doublure)
        new.bac.constater = new.essais.constater = self._mesures.ouvrier
        new.depot.preparer(REPIT_D_EDITION if ancien and self._surveiller else REPIT)
        return replace(new, surveillance=self._surveiller)

    async def _remplacer(self, version: Path) -> None:
        new = await asyncio.to_thread(self._assembler, version, self._state.service)
        old, self._state.service = self._state.service, new
        self._suivre(self._liberer([old]))
        self._suivre(self._noter())

    async def _liberer(self, anciens: list[Service]) -> None:
        """End a replaced service after its last request; a thread gives its memory back, which takes time."""
        await anciens[0].usage.fin()
        await fermer(anciens[0])
        if self._doublure is not None and isinstance(anciens[0].entrepot, EntrepotEmbarque):
            await asyncio.to_thread(self._doublure.rendre, anciens[0].dossier.name, anciens[0].entrepot)
        await asyncio.to_thread(anciens.clear)
        await asyncio.to_thread(rendre_memoire)

    async def _preparer(self, doublure: Doublure, version: Path) -> None:
        """Load the spare store; without it, a version is loaded whole."""
        try:
            await asyncio.to_thread(doublure.preparer, version)
        except (InstantaneAltere, OSError):
            journal.exception("version %s : pas de doublure", version.name)

    async def _noter(self) -> None:
        """Bring the journal of changes up to the version in service, where whoever published it did not."""
        try:
            await asyncio.to_thread(tenir, self._settings.dossier_instantanes)
        except (OSError, LookupError, ValueError, sqlite3.Error):
            journal.exception("journal des changements : la version en service n'y est pas notée")

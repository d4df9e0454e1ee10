"""The relief of a service by that of a newer version: begun, it is carried through and leaves nothing."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from starlette.datastructures import State

import corpus_essai
from maillage.releve import Releve
from maillage.versions.instantane import construire, courant
from maillage.versions.publication import publier


def test_a_relief_begun_when_the_service_ends_leaves_nothing_behind(tmp_path: Path) -> None:
    settings = corpus_essai.poser(tmp_path)
    construire(settings)
    state, avant = State(), set(threading.enumerate())

    async def scenario() -> None:
        releve = Releve(state, settings)
        releve.ouvrir()
        autre = corpus_essai.BON.replace("d'essai", "autre")
        corpus_essai.ecrire(tmp_path, "donnees/acteurs/essai.ttl", autre)
        await asyncio.to_thread(publier, settings)
        relais = asyncio.create_task(releve.relever(courant(settings.dossier_instantanes)))
        await asyncio.sleep(0)
        relais.cancel()
        await releve.fermer()

    asyncio.run(scenario())
    assert state.service.dossier == courant(settings.dossier_instantanes)
    assert set(threading.enumerate()) <= avant

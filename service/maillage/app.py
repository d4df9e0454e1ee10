"""The HTTP application: `creer_app(settings)` gives an ASGI app that serves the current snapshot."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from maillage.assemblage import assembler, fermer
from maillage.assistants.http import Assistants
from maillage.bac_a_sable.trames import Limites
from maillage.changements.tenue import tenir
from maillage.config import Settings
from maillage.donnees_liees.negociation import RESSOURCE, Variante
from maillage.problemes import Probleme
from maillage.routes import (
    apropos,
    catalogue,
    changements,
    documentation,
    erreurs,
    exports,
    integration,
    intendance,
    intendance_revues,
    intendance_versions,
    pages_requetes,
    protocole,
    recherche,
    remise,
    ressources,
    sante,
    sparql,
    statique,
    suggestions,
    territoires,
    validation,
)
from maillage.routes import requetes as requetes_enregistrees
from maillage.routes.contexte import Service
from maillage.routes.entetes import Acceptable, Filet, Securite, TailleBornee, Tete
from maillage.routes.inchange import Inchange
from maillage.routes.redite import Redite
from maillage.routes.relais import CLE, Relais
from maillage.store.entrepot import EntrepotEmbarque, rendre_memoire
from maillage.textes import lire_textes
from maillage.versions.doublure import Doublure
from maillage.versions.instantane import courant
from maillage.versions.manifeste import InstantaneAltere
from maillage.versions.veille import Veille

journal = logging.getLogger("maillage")

#: what the service answers, in the order in which addresses are tried: the last takes every path left.
ROUTEURS = (
    sante.routeur,
    recherche.routeur,
    remise.routeur,
    apropos.routeur,
    integration.routeur,
    suggestions.routeur,
    sparql.routeur,
    requetes_enregistrees.routeur,
    pages_requetes.routeur,
    catalogue.routeur,
    exports.routeur,
    changements.routeur,
    validation.routeur,
    intendance.routeur,
    intendance_revues.routeur,
    intendance_versions.routeur,
    territoires.routeur,
    documentation.routeur,
    statique.routeur,
    ressources.routeur,
)
#: other names of the media types that are offered.
SYNONYMES_DE_MEDIAS = {one.media: one.autres for one in (*RESSOURCE, protocole.JSON, protocole.XML)}
#: largest body accepted: a long SPARQL query.
CORPS_MAXIMUM = 1_000_000


def creer_app(settings: Settings, limites: Limites | None = None, *, surveiller: bool = False) -> FastAPI:
    """The application. Its snapshot is loaded when it starts, not here. `limites` bound public queries.

    A newer version put in service is taken while requests go on. With `surveiller`, edited files of the
    corpus are published.

    Raises maillage.instantane.InstantaneAbsent at once where there is none to load: a server that cannot
    answer does not start.
    """
    courant(settings.dossier_instantanes)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        doublure = Doublure() if surveiller else None

        def assembled(version: Path | None, ancien: Service | None = None) -> Service:
            new = assembler(settings, limites, version, ancien, doublure)
            built = replace(new, surveillance=surveiller)
            built.depot.preparer()
            return built

        app.state.service = service = assembled(None)
        fins: set[asyncio.Task[None]] = set()

        async def changer(version: Path) -> None:
            new = await asyncio.to_thread(assembled, version, app.state.service)
            old, app.state.service = app.state.service, new
            for ending in (_liberer([old], doublure), _noter(settings)):
                fins.add(task := asyncio.create_task(ending))
                task.add_done_callback(fins.discard)

        version = service.dossier
        del service
        fins.add(asyncio.create_task(_noter(settings)))
        if doublure is not None:
            fins.add(asyncio.create_task(_preparer(doublure, version)))
        try:
            async with Veille(settings, changer, surveiller=surveiller).active(version):
                yield
        finally:
            await asyncio.gather(*fins)
            await assistants.fermer()
            await fermer(app.state.service)

    assistants = Assistants(lire_textes())
    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    erreurs.install(app)
    app.router.routes.append(Route("/mcp", assistants))
    for routeur in ROUTEURS:
        app.include_router(routeur)
    _layers(app)
    return app


async def _liberer(anciens: list[Service], doublure: Doublure | None) -> None:
    """End a replaced service after its last request; a thread gives its memory back, which takes time."""
    await anciens[0].usage.fin()
    await fermer(anciens[0])
    if doublure is not None and isinstance(anciens[0].entrepot, EntrepotEmbarque):
        await asyncio.to_thread(doublure.rendre, anciens[0].dossier.name, anciens[0].entrepot)
    await asyncio.to_thread(anciens.clear)
    await asyncio.to_thread(rendre_memoire)


async def _preparer(doublure: Doublure, version: Path) -> None:
    """Load the spare store; without it, a version is loaded whole."""
    try:
        await asyncio.to_thread(doublure.preparer, version)
    except (InstantaneAltere, OSError):
        journal.exception("version %s : pas de doublure", version.name)


async def _noter(settings: Settings) -> None:
    """Bring the journal of changes up to the version in service, where whoever published it did not."""
    try:
        await asyncio.to_thread(tenir, settings.dossier_instantanes)
    except (OSError, LookupError, ValueError, sqlite3.Error):
        journal.exception("journal des changements : la version en service n'y est pas notée")


def _layers(app: FastAPI) -> None:
    """What wraps every route; the last added is the outermost."""
    app.add_middleware(Filet, rattraper=erreurs.rescue)
    app.add_middleware(Acceptable, refuser=_unacceptable, synonymes=SYNONYMES_DE_MEDIAS)
    app.add_middleware(TailleBornee, maximum=CORPS_MAXIMUM, refuser=_too_large)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)
    app.add_middleware(Inchange)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["Accept", "Accept-Language", "Content-Type", "If-None-Match", "Range"],
        expose_headers=["Content-Range", "ETag", "Link", "Location", "Maillage-Limites", "Retry-After"],
    )
    app.add_middleware(Tete)
    app.add_middleware(Securite)
    app.add_middleware(Redite, cle=CLE)
    app.add_middleware(Relais)


def _unacceptable(request: Request, media: str) -> Response:
    return erreurs.answer(request, protocole.refus((Variante("", media),)))


def _too_large(request: Request) -> Response:
    return erreurs.answer(request, Probleme("corps-trop-grand", 413))

"""The HTTP application: `creer_app(settings)` gives an ASGI app that serves the current snapshot."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from maillage.bac_a_sable.reserve import BacASable
from maillage.bac_a_sable.trames import Limites
from maillage.config import Settings
from maillage.echecs import Echecs
from maillage.instantane import DERIVE, GRAPHES, LEXIQUE, charger_courant, courant
from maillage.lexique import Lexique
from maillage.orientation import Orienteur
from maillage.problemes import Probleme
from maillage.requetes import Requetes
from maillage.routes import (
    documentation,
    erreurs,
    exports,
    recherche,
    ressources,
    sante,
    sparql,
    statique,
    suggestions,
)
from maillage.routes import requetes as requetes_enregistrees
from maillage.routes.contexte import Service
from maillage.routes.entetes import Filet, Securite, TailleBornee, Tete
from maillage.suggestions import Suggestions
from maillage.textes import PAGES, Textes, date_lisible, domaine, lire_textes

journal = logging.getLogger("maillage")

#: largest body accepted: a long SPARQL query.
CORPS_MAXIMUM = 1_000_000


def creer_app(settings: Settings, limites: Limites | None = None) -> FastAPI:
    """The application. Its snapshot is loaded when it starts, not here. `limites` bound public queries.

    Raises maillage.instantane.InstantaneAbsent at once where there is none to load: a server that cannot
    answer does not start.
    """
    courant(settings.dossier_instantanes)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = service = assembler(settings, limites)
        try:
            yield
        finally:
            if service.echecs is not None:
                service.echecs.fermer()
            if service.bac is not None:
                await service.bac.fermer()

    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    erreurs.install(app)
    for module in (
        sante,
        recherche,
        suggestions,
        sparql,
        requetes_enregistrees,
        exports,
        documentation,
        statique,
        ressources,
    ):
        app.include_router(module.routeur)
    _layers(app)
    return app


def _layers(app: FastAPI) -> None:
    """What wraps every route; the last added is the outermost."""
    app.add_middleware(Filet, rattraper=erreurs.rescue)
    app.add_middleware(TailleBornee, maximum=CORPS_MAXIMUM, refuser=_too_large)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["Accept", "Accept-Language", "Content-Type", "If-None-Match"],
        expose_headers=["ETag", "Link", "Location", "Maillage-Limites", "Retry-After"],
    )
    app.add_middleware(Tete)
    app.add_middleware(Securite)


def _too_large(request: Request) -> Response:
    return erreurs.answer(request, Probleme("corps-trop-grand", 413))


def assembler(settings: Settings, limites: Limites | None = None) -> Service:
    """The parts of the service, from the current snapshot.

    Raises maillage.instantane.InstantaneAbsent, OSError, EnteteInvalide (bad `.rq`).
    """
    dossier, entrepot, manifeste = charger_courant(settings.dossier_instantanes)
    requetes = Requetes(settings.racine / "requetes")
    textes = lire_textes()
    lexique = Lexique.lire(dossier / LEXIQUE)
    orienteur = Orienteur(entrepot, requetes, lexique, datetime.now(UTC).year)
    return Service(
        settings=settings,
        dossier=dossier,
        entrepot=entrepot,
        manifeste=manifeste,
        requetes=requetes,
        textes=textes,
        gabarits=_templates(textes),
        orienteur=orienteur,
        suggestions=Suggestions(lexique, textes),
        echecs=_echecs(settings, lexique),
        bac=None if settings.entrepot else BacASable([dossier / GRAPHES, dossier / DERIVE], limites),
        edition=_edition(),
    )


def _echecs(settings: Settings, lexique: Lexique) -> Echecs | None:
    """The counter of unknown words; the service does without where its file cannot be had."""
    if settings.fichier_echecs is None:
        return None
    try:
        echecs = Echecs(settings.fichier_echecs, lexique)
    except (OSError, sqlite3.Error) as error:
        journal.warning("mots inconnus non comptés : %s : %s", settings.fichier_echecs, error)
        return None
    echecs.demarrer()
    return echecs


def _templates(textes: Textes) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PAGES / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["date_lisible"] = partial(date_lisible, textes)
    environment.filters["domaine"] = domaine
    return environment


def _edition() -> str:
    """Digest of what pages are made of, so that a new edition of the pages is a new ETag."""
    digest = hashlib.sha256()
    for path in sorted(path for path in PAGES.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]

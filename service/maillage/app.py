"""The HTTP application: `creer_app(settings)` gives an ASGI app that serves the current snapshot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from maillage.assistants.http import Assistants
from maillage.bac_a_sable.trames import Limites
from maillage.config import Settings
from maillage.donnees_liees.negociation import RESSOURCE, Variante
from maillage.mesures import Mesures
from maillage.problemes import Probleme
from maillage.releve import Releve
from maillage.routes import (
    apropos,
    catalogue,
    changements,
    croisement,
    demarches,
    documentation,
    erreurs,
    exports,
    integration,
    intendance,
    intendance_connaissance,
    intendance_revues,
    intendance_versions,
    methode,
    outils,
    outils_groupe,
    pages_requetes,
    pays,
    protocole,
    recherche,
    relations,
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
from maillage.routes.compte import Compte, Itineraire
from maillage.routes.debit import Debit
from maillage.routes.entetes import Acceptable, Filet, Securite, TailleBornee, Tete
from maillage.routes.inchange import Inchange
from maillage.routes.redite import Redite
from maillage.routes.relais import CLE, Relais
from maillage.textes import lire_textes
from maillage.versions.instantane import courant
from maillage.versions.veille import Veille

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
    intendance_connaissance.routeur,
    intendance_revues.routeur,
    intendance_versions.routeur,
    pays.routeur,
    demarches.routeur,
    territoires.routeur,
    relations.routeur,
    croisement.routeur,
    methode.routeur,
    outils_groupe.routeur,
    outils.routeur,
    documentation.routeur,
    statique.routeur,
    ressources.routeur,
)
#: other names of the media types that are offered.
SYNONYMES_DE_MEDIAS = {one.media: one.autres for one in (*RESSOURCE, protocole.JSON, protocole.XML)}
#: largest body accepted: a long SPARQL query.
CORPS_MAXIMUM = 1_000_000


def creer_app(
    settings: Settings, limites: Limites | None = None, *, surveiller: bool = False, publier: bool = True
) -> FastAPI:
    """The application. Its snapshot is loaded when it starts, not here. `limites` bound public queries.

    A newer version put in service is taken while requests go on. With `surveiller`, edited files of the
    corpus are published, by this process if `publier`.

    Raises maillage.instantane.InstantaneAbsent at once where there is none to load: a server that cannot
    answer does not start.
    """
    courant(settings.dossier_instantanes)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        releve = Releve(app.state, settings, limites, surveiller=surveiller, mesures=app.state.mesures)
        version = releve.ouvrir()
        try:
            async with Veille(settings, releve.relever, surveiller=surveiller and publier).active(version):
                yield
        finally:
            await assistants.fermer()
            await releve.fermer()

    assistants = Assistants(lire_textes())
    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.mesures = Mesures()
    erreurs.install(app)
    app.router.routes.append(Route("/mcp", assistants))
    for routeur in ROUTEURS:
        app.include_router(routeur)
    _layers(app, settings)
    return app


def _layers(app: FastAPI, settings: Settings) -> None:
    """What wraps every route; the last added is the outermost."""
    app.add_middleware(Itineraire)
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
    app.add_middleware(Debit, debit=settings.debit, refuser=_too_many)
    app.add_middleware(Relais)
    app.add_middleware(Compte, mesures=app.state.mesures, settings=settings)


def _unacceptable(request: Request, media: str) -> Response:
    return erreurs.answer(request, protocole.refus((Variante("", media),)))


def _too_many(request: Request, attente: int) -> Response:
    """429, readable by pages of other sites too: this layer is outside the one that allows them."""
    entetes = {
        "Retry-After": str(attente),
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Retry-After",
    }
    valeurs = {"attente": attente}
    return erreurs.answer(request, Probleme("trop-de-demandes", 429, valeurs=valeurs, entetes=entetes))


def _too_large(request: Request) -> Response:
    return erreurs.answer(request, Probleme("corps-trop-grand", 413))

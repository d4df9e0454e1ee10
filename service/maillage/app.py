"""The HTTP application: `creer_app(settings)` gives an ASGI app that serves the current snapshot."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.routing import Route

from maillage.assistants.http import Assistants
from maillage.bac_a_sable.essais import Essais
from maillage.bac_a_sable.reserve import BacASable
from maillage.bac_a_sable.trames import Limites
from maillage.catalogue.depot import Depot
from maillage.catalogue.jeux import lire_offre
from maillage.changements.tenue import tenir
from maillage.comprehension import Interprete
from maillage.config import Settings
from maillage.donnees_liees.negociation import RESSOURCE, Variante
from maillage.echecs import Echecs
from maillage.lexique import Lexique
from maillage.lexique.contenu import FICHIERS
from maillage.orientation import Orienteur
from maillage.problemes import Probleme
from maillage.requetes.recueil import Requetes
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
from maillage.suggestions import Suggestions
from maillage.territoire.bureau import Bureau
from maillage.textes import PAGES, Textes, date_lisible, domaine, lire_textes, taille_lisible
from maillage.versions.doublure import Doublure
from maillage.versions.instantane import LEXIQUE, REQUETES, SERVIS, charger, charger_courant, courant
from maillage.versions.manifeste import InstantaneAltere, lire_manifeste
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


async def fermer(service: Service) -> None:
    """End what a service started: workers, counter."""
    await asyncio.to_thread(service.depot.fermer)
    if service.echecs is not None:
        await asyncio.to_thread(service.echecs.fermer)
    await service.bac.fermer()
    await service.essais.fermer()


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


def assembler(
    settings: Settings,
    limites: Limites | None = None,
    version: Path | None = None,
    ancien: Service | None = None,
    doublure: Doublure | None = None,
) -> Service:
    """The parts of the service, from one version or, without it, from the current snapshot or the last whole.

    `ancien`, the service that answers now, gives the parts that are the same in both versions; `doublure`,
    the store. Raises maillage.instantane.InstantaneAbsent, InstantaneAltere (of that version), OSError.
    """
    attendue = version or courant(settings.dossier_instantanes)
    with _sans_ramasse_miettes(), ThreadPoolExecutor(1) as a_cote:
        # The engine loads without holding the interpreter: words are read meanwhile.
        mots = a_cote.submit(_mots, attendue, ancien)
        if version is None:
            dossier, entrepot, manifeste = charger_courant(settings.dossier_instantanes)
        else:
            dossier = version
            entrepot, manifeste = doublure.pour(version) if doublure else charger(version)
        interprete, suggestions = mots.result() if dossier == attendue else _mots(dossier)
        requetes, textes, lexique = Requetes(dossier / REQUETES), lire_textes(), interprete.lexique
        orienteur = Orienteur(entrepot, requetes, lexique, datetime.now(UTC).year, interprete)
    return Service(
        settings=settings,
        dossier=dossier,
        entrepot=entrepot,
        manifeste=manifeste,
        requetes=requetes,
        textes=textes,
        gabarits=_templates(textes),
        orienteur=orienteur,
        suggestions=suggestions,
        territoires=Bureau(dossier, entrepot, requetes),
        echecs=_echecs(settings, lexique),
        bac=BacASable([dossier / nom for nom in SERVIS], limites),
        essais=Essais(dossier, settings.racine),
        offre=lire_offre(requetes, entrepot, manifeste.graphes),
        depot=Depot(dossier),
        edition=_edition(),
    )


@contextmanager
def _sans_ramasse_miettes() -> Iterator[None]:
    """No cycle collection while hundreds of thousands of lasting objects are made: it would find nothing."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _mots(dossier: Path, ancien: Service | None = None) -> tuple[Interprete, Suggestions]:
    """What understands questions and completes them, with the words of a version.

    What has not changed since the service `ancien` is not read again.
    """
    if ancien is None:
        lexique = Lexique.lire(dossier / LEXIQUE)
    else:
        known, found = ancien.manifeste.fichiers, lire_manifeste(dossier).fichiers
        names = {nom for nom in FICHIERS if known.get(f"{LEXIQUE}/{nom}") == found.get(f"{LEXIQUE}/{nom}")}
        if len(names) == len(FICHIERS):
            return ancien.orienteur.interprete, ancien.suggestions
        lexique = Lexique.lire(dossier / LEXIQUE, ancien.orienteur.lexique, names)
    return Interprete(lexique), Suggestions(lexique, lire_textes())


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
    environment.filters["taille_lisible"] = partial(taille_lisible, textes)
    environment.filters["domaine"] = domaine
    return environment


def _edition() -> str:
    """Digest of what makes pages and answers, so that a new edition of the service is a new ETag."""
    digest = hashlib.sha256()
    package = PAGES.parent
    made_of = [*(path for path in PAGES.rglob("*") if path.is_file()), *package.rglob("*.py")]
    for path in sorted(made_of):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]

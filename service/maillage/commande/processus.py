"""Several processes behind one address: each loads the version in service, takes the next ones by itself, and
is replaced when it ends. They share the secret of cursors, the counts, and one publisher of edits."""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from maillage import journal
from maillage.commande.execution import IMPOSSIBLE, Echec
from maillage.config import Settings
from maillage.mesures import PARTAGE
from maillage.routes.connexion import Connexion

#: seconds that requests under way are given when the service is asked to end; the rest takes under one more.
REPIT = 4
#: seconds after which a process that says nothing is taken for dead: loading may keep one busy.
SILENCE = 60
_PUBLICATION = ".verrou-surveillance"


def servir(settings: Settings, hote: str, port: int, nombre: int, *, surveiller: bool) -> None:
    """Serve until asked to end, in `nombre` processes. Raises Echec where one of them cannot start."""
    creer = partial(application, settings, surveiller)
    if nombre == 1:
        server = _configuration(settings, hote, port, creer)
        server.run()
        if not server.started:
            raise Echec("Le service n'a pas pu démarrer.", IMPOSSIBLE)
        return
    settings = settings.model_copy(update={"cle": settings.cle or secrets.token_hex(32)})
    with tempfile.TemporaryDirectory(prefix="maillage-") as comptes:
        os.environ[PARTAGE] = comptes  # read by the processes, before they import what counts
        creer = partial(application, settings, surveiller)
        config = _configuration(settings, hote, port, creer, nombre).config
        with config.bind_socket() as prise:
            parent = Multiprocess(config, sockets=[prise])
            parent.run()
        if any(one.exitcode == uvicorn.config.STARTUP_FAILURE for one in parent.processes):
            raise Echec("Un processus n'a pas pu démarrer.", IMPOSSIBLE)


def application(settings: Settings, surveiller: bool) -> FastAPI:
    """The application of one process; of several that watch the files, the first one publishes."""
    from maillage.app import creer_app

    journal.installer(settings)
    publier = surveiller and _premier(settings.dossier_instantanes)
    return creer_app(settings, surveiller=surveiller, publier=publier)


def _premier(dossier: Path) -> bool:
    """Whether this process publishes: it then does until it ends, however it ends."""
    descripteur = os.open(dossier / _PUBLICATION, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descripteur, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descripteur)
        return False
    return True  # the descriptor stays open as long as the process


def _configuration(
    settings: Settings, hote: str, port: int, creer: partial[FastAPI], nombre: int = 1
) -> uvicorn.Server:
    """The HTTP server, whatever the number of processes."""
    return uvicorn.Server(
        uvicorn.Config(
            creer,
            hote,
            port,
            factory=True,
            workers=nombre,
            http=Connexion,
            log_level="warning",
            log_config=None if settings.journal == "json" else uvicorn.config.LOGGING_CONFIG,
            server_header=False,
            timeout_graceful_shutdown=REPIT,
            timeout_worker_healthcheck=SILENCE,
        )
    )

"""The service itself, served by uvicorn on a free port of this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from maillage.routes.connexion import Connexion


@contextmanager
def servir(creer: Callable[[str], FastAPI]) -> Iterator[str]:
    """Serve the application that `creer` makes for an address; the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = uvicorn.Server(
        uvicorn.Config(creer(url), port=port, ws="none", http=Connexion, log_level="critical")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    try:
        yield url
    finally:
        server.should_exit = True
        thread.join()

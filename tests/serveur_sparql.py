"""A real SPARQL 1.1 server on this machine, for tests and benchmarks."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

INSTALLATION = "no SPARQL server: pip install oxigraph"


@dataclass(frozen=True)
class ServeurSparql:
    """A running Oxigraph server, empty at first, whose default graph is the union of all graphs."""

    adresse: str

    @property
    def port(self) -> int:
        return int(self.adresse.rpartition(":")[2])

    @property
    def requetes(self) -> str:
        return f"{self.adresse}/query"

    def remplir(self, nquads: bytes) -> None:
        """Replace all that the server holds."""
        self.vider()
        headers = {"Content-Type": "application/n-quads"}
        httpx.post(f"{self.adresse}/store", content=nquads, headers=headers).raise_for_status()

    def vider(self) -> None:
        httpx.post(f"{self.adresse}/update", data={"update": "CLEAR ALL"}).raise_for_status()


def executable() -> str | None:
    """Path of the `oxigraph` server, which its PyPI package puts beside the interpreter."""
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.exists() else shutil.which("oxigraph")


def port_libre() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def lancer(
    commande: str, dossier: Path | None = None, port: int = 0, *, vide: bool = True
) -> Iterator[ServeurSparql]:
    """Start a server on a port, a free one by default, and stop it at the end.

    With `dossier`, what it holds is kept there; unless `vide`, it starts with what is there.
    """
    port = port or port_libre()
    command = [commande, "serve", "--union-default-graph", "--bind", f"127.0.0.1:{port}"]
    command += ["--location", str(dossier)] if dossier else []
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    serveur = ServeurSparql(f"http://127.0.0.1:{port}")
    try:
        _attendre(serveur, vide)
        yield serveur
    finally:
        process.terminate()
        process.wait(10)


def _attendre(serveur: ServeurSparql, vide: bool) -> None:
    limit = time.monotonic() + 20
    while True:
        try:
            if vide:
                serveur.vider()
            else:
                httpx.get(serveur.adresse)
            return
        except httpx.TransportError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.05)

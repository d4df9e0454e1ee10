"""Measure what harvesters wait for: a whole dump, an answer that has not changed, the making of all files.

Usage: python -m tests.mesures.exports. Writes its table in tests/mesures/README.md. The peer for a dump is
Python's own file server (`http.server`) on the same file.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
from tests.mesures.chrono import processeur
from tests.mesures.tableau import ecrire, nombre

from maillage.catalogue.fabrique import Fabrique
from maillage.config import Settings
from maillage.versions.instantane import a_jour, construire, courant

RACINE = Path(__file__).parents[2]
DUMP = "maillage.nq"
#: full answers compared with the 304 of the same address.
REPONSES = (
    "/catalogue.ttl",
    "/.well-known/void",
    "/exports/guide.ttl",
    "/acteur/cdos-29.ttl",
    "/etape/4.ttl",
    "/ontologie.ttl",
)
TOURS, APPELS = 7, 200
CIBLE_DEBIT, CIBLE_304 = 50.0, 5.0
ENTETES = ("mesure", "Maillage", "cible", "tenue", "pair", "rapport au pair")
NOTE = (
    "Débits : médiane de {tours} téléchargements entiers de {dump}, sans compression, client et serveur sur "
    "la même machine ; pair : `http.server` de Python. 304 : processeur du serveur, moyenne de {appels} "
    "appels sur une connexion ; réponse entière, comme la reçoit un client qui accepte gzip, divisée par 304."
)


@contextmanager
def serveur(commande: list[str], port: int) -> Iterator[tuple[str, int]]:
    """Run a server until the block ends; its address, once it answers, and its process."""
    process = subprocess.Popen(commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(address, timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def port_libre() -> int:
    """A port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def debit(adresse: str) -> float:
    """MB/s of a download, median."""
    found = []
    for _ in range(TOURS):
        start, received = time.perf_counter(), 0
        with httpx.stream("GET", adresse, headers={"Accept-Encoding": "identity"}, timeout=120) as answer:
            for block in answer.iter_raw(1 << 20):
                received += len(block)
        found.append(received / 1e6 / (time.perf_counter() - start))
    return statistics.median(found)


def cout(pid: int, appel: Callable[[], object]) -> float:
    """Milliseconds of the server's processor for one call."""
    before = processeur(pid)
    for _ in range(APPELS):
        appel()
    return (processeur(pid) - before) * 1000 / APPELS


def rapports_304(adresse: str, pid: int) -> dict[str, tuple[float, float]]:
    """Address → milliseconds of the server for the full answer and for the 304."""
    found = {}
    with httpx.Client(base_url=adresse, timeout=120) as client:
        for path in REPONSES:
            etag = client.get(path).headers["etag"]
            unchanged = {"If-None-Match": etag}
            assert client.get(path, headers=unchanged).status_code == 304
            full = cout(pid, partial(client.get, path))
            found[path] = (full, cout(pid, partial(client.get, path, headers=unchanged)))
    return found


def mesurer(settings: Settings) -> list[list[str]]:
    """The rows of the table."""
    fabrique = Fabrique(courant(settings.dossier_instantanes))
    shutil.rmtree(fabrique.dossier, ignore_errors=True)
    start = os.times()
    subprocess.run([sys.executable, "-m", "maillage.catalogue.fabrique", str(fabrique.version)], check=True)
    end = os.times()
    made = end.children_user - start.children_user + end.children_system - start.children_system
    rows = [
        ["fabrication de tous les fichiers d'une version (processeur)", nombre(made, "s"), "", "", "", ""]
    ]
    port, other = port_libre(), port_libre()
    ours = [sys.executable, "-m", "maillage", "servir", "--port", str(port), "--sans-construire"]
    theirs = [sys.executable, "-m", "http.server", str(other), "-d", str(fabrique.dossier)]
    with serveur(ours, port) as (here, pid), serveur(theirs, other) as (there, _):
        speed, peer = debit(f"{here}/exports/{DUMP}"), debit(f"{there}/{DUMP}")
        compared = (nombre(peer, "Mo/s"), f"× {speed / peer:.2f}")
        rows.append(_ligne("débit d'un export entier", speed, "Mo/s", CIBLE_DEBIT, *compared))
        for path, (full, short) in rapports_304(here, pid).items():
            nom = f"304 de `{path}` : {short:.2f} ms au lieu de {full:.2f}"
            rows.append(_ligne(nom, full / short, "×", CIBLE_304))
    return rows


def _ligne(nom: str, valeur: float, unite: str, cible: float, pair: str = "", rapport: str = "") -> list[str]:
    """A row whose value should be at least its target."""
    held = "oui" if valeur >= cible else "**non**"
    return [nom, nombre(valeur, unite), nombre(cible, unite), held, pair, rapport]


def main() -> None:
    """Build where it must be, measure, write, print."""
    settings = Settings(racine=RACINE)
    if not a_jour(settings):
        construire(settings)
    note = NOTE.format(tours=TOURS, dump=DUMP, appels=APPELS)
    print(ecrire("exports", ENTETES, mesurer(settings), note))


if __name__ == "__main__":
    main()

"""A Virtuoso server on this machine (Debian: virtuoso-opensource), for the comparison of engines."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from maillage.store.acces import Acces
from serveur_sparql import port_libre

#: a database of its own, rows enough for the largest stored query, the account that it is born with.
REGLAGES = """[Database]
DatabaseFile = {dossier}/virtuoso.db
ErrorLogFile = {dossier}/virtuoso.log
LockFile = {dossier}/virtuoso.lck
TransactionFile = {dossier}/virtuoso.trx
xa_persistent_file = {dossier}/virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {dossier}/passager.db
TransactionFile = {dossier}/passager.trx
[Parameters]
ServerPort = {port_sql}
NumberOfBuffers = 20000
CheckpointInterval = 0
[HTTPServer]
ServerPort = {port}
ServerRoot = {dossier}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 1000000
"""


@contextmanager
def lancer(commande: str, dossier: Path) -> Iterator[Acces]:
    """Start a server on a free port and stop it at the end; the way to it."""
    port = port_libre()
    fichier = dossier / "virtuoso.ini"
    fichier.write_text(REGLAGES.format(dossier=dossier, port=port, port_sql=port_libre()))
    command = [commande, "+configfile", str(fichier), "+foreground"]
    process = subprocess.Popen(command, cwd=dossier, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    sparql = f"http://127.0.0.1:{port}/sparql"
    try:
        limit = time.monotonic() + 60
        while not _repond(sparql):
            assert time.monotonic() < limit
            time.sleep(0.2)
        yield Acces(sparql, f"{sparql}-auth", f"{sparql}-graph-crud-auth", "digest:dba:dba")
    finally:
        process.terminate()
        process.wait(60)


def _repond(adresse: str) -> bool:
    try:
        return httpx.get(adresse, params={"query": "ASK {}"}).is_success
    except httpx.TransportError:
        return False

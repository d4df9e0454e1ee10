"""Several processes behind one address, as they are started by a person."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import corpus_essai
from maillage.config import Settings
from maillage.versions.instantane import construire
from serveur_sparql import port_libre

PATIENCE = 60.0


@contextmanager
def servir(racine: Path, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`maillage servir` on a corpus whose version is built; the process and its address, once it answers."""
    port = port_libre()
    command = [sys.executable, "-m", "maillage", "servir", "--sans-construire", "--port", str(port), *options]
    env = {name: said for name, said in os.environ.items() if not name.startswith("MAILLAGE_")}
    process = subprocess.Popen(command, env=env | {"MAILLAGE_RACINE": str(racine)})
    url = f"http://127.0.0.1:{port}"
    try:
        attendre(lambda: _statut(url) == 200)
        yield process, url
    finally:
        process.terminate()
        assert process.wait(20) in (0, -signal.SIGTERM)


def attendre(vrai: Callable[[], bool]) -> float:
    """Seconds until something is true."""
    start = time.monotonic()
    while not vrai():
        assert time.monotonic() - start < PATIENCE
        time.sleep(0.05)
    return time.monotonic() - start


def _statut(url: str) -> int:
    try:
        return httpx.get(f"{url}/sante/pret").status_code
    except httpx.TransportError:
        return 0


def enfants(parent: int) -> list[int]:
    """The processes that answer: children of the parent that listen (one more keeps count of resources)."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    lines = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in found}
    return [pid for pid, line in lines.items() if b"spawn_main" in line]


@pytest.fixture
def racine(tmp_path: Path) -> Path:
    construire(corpus_essai.poser(tmp_path))
    return tmp_path


def versions(url: str, fois: int = 30) -> set[str]:
    """What as many connections are told: whichever process takes each."""
    return {httpx.get(f"{url}/sante/pret").json()["version"] for _ in range(fois)}


@pytest.mark.longue
def test_all_processes_take_a_new_version_and_one_that_crashes_is_replaced(racine: Path) -> None:
    with servir(racine, "--processus", "2") as (parent, url):
        attendre(lambda: len(enfants(parent.pid)) == 2)
        first = versions(url)
        assert len(first) == 1
        corpus_essai.ecrire(
            racine, "donnees/acteurs/essai.ttl", corpus_essai.BON.replace("Acteur d'essai", "Acteur changé")
        )
        construire(Settings(racine=racine))
        attendre(lambda: len(versions(url)) == 1 and versions(url) != first)
        victim = enfants(parent.pid)[0]
        os.kill(victim, signal.SIGKILL)
        attendre(lambda: len(enfants(parent.pid)) == 2 and victim not in enfants(parent.pid))
        attendre(lambda: _statut(url) == 200)
        assert versions(url, 10) != first
        text = httpx.get(f"{url}/metriques").text
        counted = re.findall(r'^maillage_requetes_total\{.*route="/sante/pret".*\} (\S+)', text, re.M)
        assert sum(map(float, counted)) > 60, "any of them counts for all, the dead one too"


@pytest.mark.longue
@pytest.mark.parametrize("options", [(), ("--processus", "2")])
def test_sigterm_ends_it_after_the_requests_under_way(racine: Path, options: tuple[str, ...]) -> None:
    lourde = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    answers: list[int] = []

    def ask() -> None:
        given = {"query": lourde, "delai": "2"}
        answers.append(httpx.get(f"{url}/sparql", params=given, timeout=30).status_code)

    with servir(racine, *options) as (parent, url):
        httpx.get(f"{url}/sparql", params={"query": "ASK {}"}, timeout=30)
        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.5)
        start = time.monotonic()
        parent.terminate()
        parent.wait(20)
        took = time.monotonic() - start
        asking.join()
    assert answers == [503], "what was under way is answered"
    assert took < 5

"""Serving while versions change: no request fails, none mixes two versions, a bad edit changes nothing."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

import corpus_essai
from client_http import ADRESSE, ouvrir
from maillage.app import creer_app
from maillage.config import Settings
from maillage.routes.relais import CLE, Relais, Usage
from maillage.versions.instantane import construire, courant
from maillage.versions.publication import publier
from maillage.versions.veilleur import etat

ACTEURS = "donnees/acteurs/essai.ttl"
FICHE = "/acteur/un.ttl"


def edition(racine: Path, rang: int, suite: str = "") -> None:
    texte = corpus_essai.BON + f'acteur:un mlg:remarque "édition {rang}"@fr .\n{suite}'
    corpus_essai.ecrire(racine, ACTEURS, texte)


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = corpus_essai.poser(tmp_path_factory.mktemp("veille") / "corpus")
    edition(settings.racine, 1)
    construire(settings)
    return settings.racine


@pytest.fixture
def settings(modele: Path, tmp_path: Path) -> Settings:
    return Settings(racine=Path(shutil.copytree(modele, tmp_path / "corpus", symlinks=True)), url=ADRESSE)


def attendre(vrai: Callable[[], bool], secondes: float) -> float:
    start = time.monotonic()
    while not vrai():
        assert time.monotonic() - start < secondes, "trop long"
        time.sleep(0.05)
    return time.monotonic() - start


def lire(answer: httpx.Response) -> tuple[str, int]:
    """The version that the ETag announces, and the edition in the body."""
    assert answer.status_code == 200
    found = re.search(r"édition (\d+)", answer.text)
    announced = re.match(r'W/"(\d+)-', answer.headers["etag"])
    assert found and announced
    return announced[1], int(found[1])


class Charge:
    """Requests without a pause, on their own thread, while the block runs."""

    def __init__(self, demander: Callable[[], httpx.Response]) -> None:
        self._demander, self._fin = demander, threading.Event()
        self._fil = threading.Thread(target=self._tourner)
        self.vues: list[int] = []
        self.versions: set[tuple[str, int]] = set()
        self.fautes: list[BaseException] = []

    def _tourner(self) -> None:
        while not self._fin.is_set():
            try:
                version, rang = lire(self._demander())
                self.vues.append(rang)
                self.versions.add((version, rang))
            except BaseException as error:
                self.fautes.append(error)
            time.sleep(0.005)

    def controler(self, *rangs: int) -> None:
        """Nothing failed, nothing went back, no version answered with the data of another."""
        assert self.fautes == []
        assert self.vues == sorted(self.vues) and set(self.vues) == set(rangs)
        assert len({version for version, _ in self.versions}) == len(self.versions)

    def __enter__(self) -> Charge:
        self._fil.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._fin.set()
        self._fil.join()


def test_a_version_published_elsewhere_is_taken_while_requests_go_on(settings: Settings) -> None:
    with ouvrir(creer_app(settings)) as client, Charge(lambda: client.get(FICHE)) as charge:
        for rang in (2, 3):
            edition(settings.racine, rang)
            publier(settings)
            attendre(lambda rang=rang: charge.vues[-1:] == [rang], 3.0)  # type: ignore[misc]
        state = client.get("/sante").json()
    charge.controler(1, 2, 3)
    assert state["derniere_tentative"]["version"] == state["version"]


def test_sparql_answers_from_the_new_version_too(settings: Settings) -> None:
    query = "/sparql?query=SELECT+%3Fr+%7B+%3Fa+%3Chttps://w3id.org/maillage/ontologie%23remarque%3E+%3Fr+%7D"
    with ouvrir(creer_app(settings)) as client:
        assert "édition 1" in client.get(query).text
        edition(settings.racine, 2)
        publier(settings)
        attendre(lambda: lire(client.get(FICHE))[1] == 2, 3.0)
        assert "édition 2" in client.get(query).text


def test_a_version_that_cannot_be_loaded_leaves_the_one_that_answers(settings: Settings) -> None:
    with ouvrir(creer_app(settings)) as client:
        edition(settings.racine, 2)
        aside = Settings(racine=settings.racine, instantanes=settings.racine / "ailleurs")
        # The journal of changes is being written.
        ignored = shutil.ignore_patterns("*changements*")
        shutil.copytree(
            settings.dossier_instantanes, aside.dossier_instantanes, symlinks=True, ignore=ignored
        )
        version = construire(aside)
        (version / "derive.nq").write_text("altéré", encoding="utf-8")
        shutil.move(version, settings.dossier_instantanes)
        os.replace(aside.dossier_instantanes / "courant", settings.dossier_instantanes / "courant")
        time.sleep(2)
        assert lire(client.get(FICHE))[1] == 1
        edition(settings.racine, 3)
        publier(settings)
        attendre(lambda: lire(client.get(FICHE))[1] == 3, 3.0)


def test_queries_are_those_of_the_version(settings: Settings) -> None:
    """A query edited, or broken, after the build changes nothing until it is published."""
    queries = settings.racine / "requetes"
    queries.unlink()
    shutil.copytree(corpus_essai.REQUETES, queries)
    (queries / "libelles.rq").write_text("cassée", encoding="utf-8")
    with ouvrir(creer_app(settings)) as client:
        assert client.get("/api/requetes/libelles?ressources=acteur:un").status_code == 200


def test_a_request_keeps_the_service_it_began_with() -> None:
    class Partie:
        def __init__(self) -> None:
            self.usage = Usage()

    class Application:
        def __init__(self, service: Partie) -> None:
            self.state = type("State", (), {"service": service})()

    async def scenario() -> None:
        old, new, go = Partie(), Partie(), asyncio.Event()
        app, seen = Application(old), []

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            seen.append(scope[CLE])
            await go.wait()
            seen.append(scope[CLE])

        async def rien() -> Message:
            return {}

        async def oublier(message: Message) -> None: ...

        first = asyncio.create_task(Relais(slow)({"type": "http", "app": app}, rien, oublier))
        await asyncio.sleep(0)
        app.state.service = new
        ending = asyncio.create_task(old.usage.fin())
        await asyncio.sleep(0.01)
        assert seen == [old] and not ending.done()
        go.set()
        await asyncio.gather(first, ending)
        assert seen == [old, old]
        await new.usage.fin()

    asyncio.run(scenario())


def test_state_of_files_sees_every_change(settings: Settings) -> None:
    folder = settings.racine / "donnees"
    states = [etat([folder])]
    edition(settings.racine, 2)
    states.append(etat([folder]))
    (folder / "acteurs" / ".essai.ttl.swp").write_text("", encoding="utf-8")
    assert etat([folder]) == states[-1]
    (folder / "neuf.ttl").write_text("", encoding="utf-8")
    states.append(etat([folder]))
    shutil.rmtree(folder / "acteurs")
    states.append(etat([folder]))
    assert len(set(states)) == 4


class Serveur:
    """`maillage servir --surveiller`, as a person starts it."""

    def __init__(self, racine: Path, journal: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.adresse = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self.journal = journal
        with journal.open("w") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "maillage", "servir", "--surveiller", "--port", self.adresse[17:]],
                env={**os.environ, "MAILLAGE_RACINE": str(racine)},
                stdout=file,
                stderr=file,
            )
        self.client = httpx.Client(base_url=self.adresse, timeout=10)

    def sante(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self.client.get("/sante").json()
        except httpx.TransportError:
            return {}
        return found

    def tentative(self) -> dict[str, Any]:
        return self.sante().get("derniere_tentative") or {}

    def arreter(self) -> int:
        self._process.send_signal(signal.SIGINT)
        self.client.close()
        return self._process.wait(15)


@pytest.fixture
def serveur(settings: Settings, tmp_path: Path) -> Iterator[Serveur]:
    found = Serveur(settings.racine, tmp_path / "journal")
    try:
        attendre(lambda: bool(found.sante()), 60)
        yield found
    finally:
        found.arreter()


def test_edits_are_published_and_a_wrong_one_changes_nothing(settings: Settings, serveur: Serveur) -> None:
    racine = settings.racine
    attendre(lambda: bool(serveur.tentative().get("conforme")), 90)
    with (
        httpx.Client(base_url=serveur.adresse, timeout=10) as autre,
        Charge(lambda: autre.get(FICHE)) as charge,
    ):
        edition(racine, 2)
        attendre(lambda: charge.vues[-1:] == [2], 40)
        edition(racine, 3, "acteur:deux a mlg:Acteur .\n")
        attendre(lambda: serveur.tentative()["conforme"] is False, 40)
        state = serveur.sante()
        assert (state["conforme"], state["surveillance"]) == (True, True)
        assert state["derniere_tentative"]["version"] == state["version"] and charge.vues[-1] == 2
        assert state["derniere_tentative"]["erreurs"] >= 1
        assert state["derniere_tentative"]["debut"] > state["date"]
        assert state["derniere_tentative"]["constats"][0]["lieu"]
        edition(racine, 3)
        attendre(lambda: charge.vues[-1:] == [3], 40)
    charge.controler(1, 2, 3)
    # The account comes after the version that it is about.
    attendre(lambda: serveur.sante()["derniere_tentative"]["conforme"] is True, 5)
    journal = serveur.journal.read_text(encoding="utf-8")
    assert f"{ACTEURS}:" in journal and "la dernière bonne version reste" in journal
    assert f"version {courant(settings.dossier_instantanes).name} en service" in journal


@pytest.mark.longue
def test_a_folder_put_in_place_of_another_is_seen(settings: Settings, serveur: Serveur) -> None:
    donnees, neuf = settings.racine / "donnees", settings.racine / "neuf"
    attendre(lambda: bool(serveur.tentative().get("conforme")), 90)
    shutil.copytree(donnees, neuf)
    donnees.rename(settings.racine / "vieux")
    neuf.rename(donnees)
    time.sleep(0.5)
    edition(settings.racine, 2)
    attendre(lambda: lire(serveur.client.get(FICHE))[1] == 2, 40)

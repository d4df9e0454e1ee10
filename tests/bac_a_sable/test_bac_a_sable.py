"""Workers that can be killed: they come back, they are cut off from the world, nobody waits for another."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.from_thread import start_blocking_portal

from maillage.bac_a_sable import reserve
from maillage.bac_a_sable.controle import controler
from maillage.bac_a_sable.reserve import PUBLIC, SERVICE, BacASable
from maillage.bac_a_sable.trames import Demande, Limites
from maillage.problemes import Probleme

SANS_FIN = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?l) }"
OUI = Demande("ASK { ?s ?p ?o }", "json")
TRIPLES = "".join(f"<urn:s{rank}> <urn:p> <urn:o{rank}> <urn:g> .\n" for rank in range(300))


class Bac:
    """A sandbox on a small graph, from a test that is not asynchronous."""

    def __init__(self, appeler: Callable[..., Any], bac: BacASable) -> None:
        self._appeler, self.bac = appeler, bac

    def poser(self, *demandes: tuple[Demande, str], avant: Callable[[], None] | None = None) -> list[Any]:
        """Answers or problems of demands made at once; `avant` is called while they run."""
        found: dict[int, Any] = {}

        async def one(rank: int, demande: Demande, file: str) -> None:
            try:
                found[rank] = await self.bac.interroger(demande, file)
            except Probleme as probleme:
                found[rank] = probleme

        async def together() -> None:
            async with anyio.create_task_group() as group:
                for rank, (demande, file) in enumerate(demandes):
                    group.start_soon(one, rank, demande, file)
                if avant:
                    await anyio.to_thread.run_sync(avant)

        self._appeler(together)
        return [found[rank] for rank in range(len(demandes))]

    @property
    def parent(self) -> int:
        """Process id of the parent of the workers."""
        processus = self.bac._processus
        assert processus is not None
        return processus.pid

    def ouvriers(self) -> list[int]:
        """Process ids of the workers, in the order of their start."""
        path = Path(f"/proc/{self.parent}/task/{self.parent}/children")
        return [int(pid) for pid in path.read_text().split()]


@pytest.fixture(scope="module")
def bac(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bac]:
    fichier = tmp_path_factory.mktemp("bac") / "graphe.nq"
    fichier.write_text(TRIPLES)
    with start_blocking_portal() as portail:
        made = BacASable([fichier], Limites(delai=3.0, lignes=100), {PUBLIC: 2, SERVICE: 1})
        try:
            yield Bac(portail.call, made)
        finally:
            portail.call(made.fermer)


def tuer_un_occupe(bac: Bac) -> Callable[[], None]:
    """Kill -9 the worker that works most."""

    def travail(pid: int) -> int:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def tuer() -> None:
        time.sleep(0.5)
        os.kill(max(bac.ouvriers(), key=travail), signal.SIGKILL)

    return tuer


def test_a_killed_worker_comes_back_and_the_graph_is_not_read_again(bac: Bac) -> None:
    bac.poser((OUI, PUBLIC))
    parent, before = bac.parent, set(bac.ouvriers())
    (refused,) = bac.poser((Demande(SANS_FIN, "json"), PUBLIC), avant=tuer_un_occupe(bac))
    assert (refused.code, refused.statut) == ("sparql-trop-lourd", 503)
    answers = bac.poser(*[(OUI, PUBLIC)] * 6, (OUI, SERVICE))
    assert [json.loads(one)["boolean"] for one in answers] == [True] * 7
    assert bac.parent == parent and len(bac.ouvriers()) == 3 and len(before - set(bac.ouvriers())) == 1


def test_a_query_past_its_time_is_killed_and_says_it(bac: Bac) -> None:
    (refused,) = bac.poser((Demande(SANS_FIN, "json", 0.3), PUBLIC))
    assert (refused.code, refused.statut) == ("sparql-trop-long", 503)
    assert bac.poser((OUI, PUBLIC)) == bac.poser((OUI, SERVICE))


def test_no_room_is_said_with_when_to_come_back(bac: Bac, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserve, "ATTENTE", 0.2)
    endless = (Demande(SANS_FIN, "json", 1.5), PUBLIC)
    answers = bac.poser(endless, endless, endless, (OUI, SERVICE))
    codes = sorted(one.code for one in answers[:3])
    assert codes == ["sparql-occupe", "sparql-trop-long", "sparql-trop-long"]
    full = next(one for one in answers[:3] if one.code == "sparql-occupe")
    assert full.statut == 503 and int(full.entetes["Retry-After"]) >= 0
    assert json.loads(answers[3])["boolean"] is True  # the other file of people did not wait


def test_every_worker_lost_at_once(bac: Bac) -> None:
    bac.poser((OUI, PUBLIC))
    os.killpg(bac.parent, signal.SIGKILL)
    time.sleep(0.2)
    (answer,) = bac.poser((OUI, PUBLIC))
    assert json.loads(answer)["boolean"] is True


def test_rows_bytes_and_forms(bac: Bac) -> None:
    rows = Demande("SELECT * { ?s ?p ?o }", "csv")
    (refused,) = bac.poser((rows, PUBLIC))
    assert (refused.code, refused.statut) == ("sparql-trop-de-lignes", 413)
    (none,) = bac.poser((Demande("SELECT * {}", "json"), PUBLIC))
    assert json.loads(none)["results"]["bindings"] == [{}]


PAR_MESURE = """
import json, socket, sys
from maillage.bac_a_sable.confinement import _confine, isoler
from maillage.bac_a_sable.trames import Limites
port, resultats = int(sys.argv[1]), {}
ouvert = socket.socket()
resultats["isole"] = isoler()
def essayer(nom, geste):
    try:
        geste()
        resultats[nom] = "fait"
    except OSError as error:
        resultats[nom] = "refuse"
essayer("prise deja ouverte", lambda: ouvert.connect(("127.0.0.1", port)))
essayer("nouveau reseau", lambda: socket.create_connection(("127.0.0.1", port), 2))
_confine(Limites())
essayer("prise", lambda: socket.socket())
essayer("fichier", lambda: open("/etc/hostname"))
essayer("tube", lambda: socket.socketpair())
print(json.dumps(resultats))
"""


@pytest.fixture
def temoin() -> Iterator[tuple[int, list[object]]]:
    """A listening port of this machine, and the calls that reached it."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        fini = threading.Event()

        def listen() -> None:
            while not fini.is_set():
                try:
                    canal, adresse = server.accept()
                    canal.close()
                    calls.append(adresse)
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], calls
        fini.set()
        thread.join()


def test_a_confined_process_reaches_nothing(temoin: tuple[int, list[object]]) -> None:
    port, calls = temoin
    done = subprocess.run(
        [sys.executable, "-c", PAR_MESURE, str(port)], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["prise"] == found["fichier"] == found["tube"] == "refuse"
    if not found["isole"]:
        pytest.skip("this system lets nobody leave the network; new sockets are refused all the same")
    assert found["nouveau reseau"] == "refuse"
    # a socket made before belongs to the old network: a worker has none but its channel
    assert len(calls) == 1


def test_workers_have_no_network_and_give_way(bac: Bac) -> None:
    bac.poser((OUI, PUBLIC))
    for pid in bac.ouvriers():
        opened = sorted(os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir())
        assert sum(one.startswith("socket:") for one in opened) == 1  # its channel, no other
        assert os.getpriority(os.PRIO_PROCESS, pid) == os.getpriority(os.PRIO_PROCESS, 0) + 10
        ici, la = (os.readlink(f"/proc/{one}/ns/net") for one in ("self", pid))
        if ici == la:
            pytest.skip("this system lets nobody leave the network")
        assert Path(f"/proc/{pid}/net/route").read_text().count("\n") <= 1  # no route to anywhere


@pytest.mark.parametrize(
    "texte",
    [
        "SELECT * { SERVICE <urn:x> { ?s ?p ?o } }",
        "SELECT * { FILTER(?a<3)SERVICE<urn:x>{ ?s ?p ?o } }",
        "SELECT * { ?s <urn:p> 1SERVICE <urn:x> { ?s ?p ?o } }",
        "SELECT * { SERV\\u0049CE <urn:x> { ?s ?p ?o } }",
        "SELECT * { \\U00000053ERVICE <urn:x> { ?s ?p ?o } }",
        "SELECT * { #\rSERVICE <urn:x> { ?s ?p ?o } }",
        "SELECT * { { SELECT * { sErViCe SILENT <urn:x> { ?s ?p ?o } } } }",
        "PREFIX a: <urn:> LOAD <urn:x>",
        "SELECT * {} ; LOAD <urn:x>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <urn:x> { ?s ?p ?o } }",
    ],
)
def test_no_way_of_writing_it_gets_through(bac: Bac, texte: str) -> None:
    try:
        controler(texte, frozenset())
    except Probleme as refused:
        assert refused.statut == 400
    else:  # left to the engine, which must not find an update or a federation there
        (refused,) = bac.poser((Demande(texte, "json"), PUBLIC))
        assert refused.code == "sparql-syntaxe"

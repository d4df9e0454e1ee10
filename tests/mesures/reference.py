"""The baseline peer: the same graph and the same queries on rdflib."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.queues import Queue

import rdflib
from pyoxigraph import RdfFormat
from tests.mesures.chrono import memoire

from maillage.store import EntrepotEmbarque

#: seconds left to one query; a query that takes longer counts for that long.
PATIENCE = 60.0


@dataclass(frozen=True)
class Reference:
    """What rdflib takes: seconds to load, MB, seconds by query, and how many queries were cut short."""

    chargement: float
    memoire: float
    requetes: tuple[float, ...]
    coupees: int


def mesurer(entrepot: EntrepotEmbarque, requetes: Sequence[str]) -> Reference:
    """Load the whole graph in a process of its own, then run each query once there."""
    context = multiprocessing.get_context("spawn")
    channel: Queue[tuple[str, float]] = context.Queue()
    triples = entrepot.exporter(RdfFormat.N_TRIPLES)
    process = context.Process(target=_travailler, args=(triples, list(requetes), channel), daemon=True)
    process.start()
    del triples
    _, loading = channel.get()
    _, memory = channel.get()
    times: list[float] = [channel.get()[1] for _ in requetes]
    process.join()
    return Reference(loading, memory, tuple(times), sum(seconds >= PATIENCE for seconds in times))


def _travailler(triples: bytes, requetes: list[str], channel: Queue[tuple[str, float]]) -> None:
    start = time.perf_counter()
    graph = rdflib.Graph()
    graph.parse(data=triples, format="nt")
    channel.put(("chargement", time.perf_counter() - start))
    channel.put(("mémoire", memoire(os.getpid())))
    # The first query also loads rdflib's SPARQL parser: not a cost of each query.
    list(graph.query("SELECT * WHERE { ?s ?p ?o } LIMIT 1"))
    for sparql in requetes:
        channel.put(("requête", _chronometrer(graph, sparql)))


def _chronometrer(graph: rdflib.Graph, sparql: str) -> float:
    """Seconds of one query, run in a fork that is killed past PATIENCE: rdflib has no time limit.

    The fork times itself, so that copying a large process is not counted against rdflib.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        start = time.perf_counter()
        list(graph.query(sparql))
        os.write(writing, struct.pack("d", time.perf_counter() - start))
        os._exit(0)
    ready, _, _ = select.select([reading], [], [], PATIENCE)
    if not ready:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    seconds = struct.unpack("d", os.read(reading, 8))[0] if ready else PATIENCE
    os.close(reading)
    os.close(writing)
    return float(seconds)

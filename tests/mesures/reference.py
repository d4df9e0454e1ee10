"""The baseline peer: the same graph and the same queries on rdflib, and whether it finds the same rows."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import struct
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.queues import Queue

import rdflib
from pyoxigraph import RdfFormat
from rdflib.namespace import XSD
from rdflib.term import Identifier, Variable
from tests.mesures.chrono import empreinte, empreinte_textes, memoire

from maillage.store.entrepot import EntrepotEmbarque

#: seconds left to one query; a query that takes longer counts for that long.
PATIENCE = 60.0


@dataclass(frozen=True)
class Reference:
    """What rdflib takes: seconds to load, MB, seconds by query.

    And how many queries were cut short, or found other rows.
    """

    chargement: float
    memoire: float
    requetes: tuple[float, ...]
    coupees: int
    autres: int


#: print of no rows at all, for a query that was cut.
_COUPEE = bytes(32)


def mesurer(entrepot: EntrepotEmbarque, requetes: Sequence[str]) -> Reference:
    """Load the whole graph in a process of its own, then run each query once there."""
    context = multiprocessing.get_context("spawn")
    channel: Queue[tuple[float, bytes]] = context.Queue()
    triples = entrepot.exporter(RdfFormat.N_TRIPLES)
    process = context.Process(target=_travailler, args=(triples, list(requetes), channel), daemon=True)
    process.start()
    del triples
    loading, memory = channel.get()[0], channel.get()[0]
    answers = [channel.get() for _ in requetes]
    process.join()
    times = tuple(seconds for seconds, _ in answers)
    others = sum(
        seconds < PATIENCE and found != empreinte(entrepot.lignes(text))
        for (seconds, found), text in zip(answers, requetes, strict=True)
    )
    return Reference(loading, memory, times, sum(seconds >= PATIENCE for seconds in times), others)


def _travailler(triples: bytes, requetes: list[str], channel: Queue[tuple[float, bytes]]) -> None:
    # Read as written: otherwise rdflib rewrites dates and numbers, and rows could not be compared.
    rdflib.NORMALIZE_LITERALS = False
    start = time.perf_counter()
    graph = rdflib.Graph()
    graph.parse(data=triples, format="nt")
    channel.put((time.perf_counter() - start, _COUPEE))
    channel.put((memoire(os.getpid()), _COUPEE))
    # The first query also loads rdflib's SPARQL parser: not a cost of each query.
    list(graph.query("SELECT * WHERE { ?s ?p ?o } LIMIT 1"))
    for sparql in requetes:
        channel.put(_chronometrer(graph, sparql))


def _chronometrer(graph: rdflib.Graph, sparql: str) -> tuple[float, bytes]:
    """Seconds of one query, and print of its rows.

    It runs in a fork that is killed past PATIENCE: rdflib has no time limit. The fork times itself, so that
    copying a large process is not counted against rdflib.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        start = time.perf_counter()
        rows = list(graph.query(sparql).bindings)
        seconds = time.perf_counter() - start
        os.write(writing, struct.pack("d", seconds) + empreinte_textes(map(_textes, rows)))
        os._exit(0)
    ready, _, _ = select.select([reading], [], [], PATIENCE)
    if not ready:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    answer = os.read(reading, 40) if ready else struct.pack("d", PATIENCE) + _COUPEE
    os.close(reading)
    os.close(writing)
    return float(struct.unpack("d", answer[:8])[0]), answer[8:]


def _textes(row: Mapping[Variable, Identifier]) -> dict[str, tuple[str, str, str]]:
    return {str(name): _terme(term) for name, term in row.items()}


def _terme(term: Identifier) -> tuple[str, str, str]:
    if isinstance(term, rdflib.Literal):
        return str(term), term.language or "", "" if term.language else str(term.datatype or XSD.string)
    return str(term), "", ""

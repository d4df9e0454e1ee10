"""Measure the SPARQL endpoint: against `oxigraph serve` on the same data, and what hostile queries cost.

Usage: python -m tests.mesures.point_acces. Both servers run on this machine and answer in turns.
Writes its table in tests/mesures/README.md.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
from tests.mesures.chrono import quantile
from tests.mesures.tableau import ecrire, nombre
from tests.serveur_sparql import executable, lancer

from maillage.config import Settings
from maillage.versions.instantane import SERVIS, courant

QUESTIONS = (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
#: at once, seconds of a turn for one query, turns; answers timed while nothing and while hostile queries run.
CLIENTS, SECONDES, TOURS, REPONSES = 2, 1.0, 3, 120
#: share of the peer's throughput to reach; how much the p95 of the search may grow.
DEBIT, RALENTI = 0.5, 2.0
ENTETES = ("mesure", "Maillage", "pair", "rapport", "cible", "tenue")
_TETE = """PREFIX mlg: <https://w3id.org/maillage/ontologie#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX igeo: <http://rdf.insee.fr/def/geo#>
PREFIX type: <https://w3id.org/maillage/type-acteur/>
PREFIX etape: <https://w3id.org/maillage/etape/>
PREFIX commune: <https://w3id.org/maillage/territoire/commune/>
PREFIX departement: <https://w3id.org/maillage/territoire/departement/>
"""
#: ten questions that a page or a program would ask: one resource, one list, one count.
COURTES = (
    "ASK { type:dla a mlg:TypeActeur }",
    "SELECT ?p ?o { type:dla ?p ?o }",
    "SELECT ?l { etape:4 skos:prefLabel ?l }",
    "SELECT ?e ?l { ?e a mlg:Etape ; skos:prefLabel ?l } ORDER BY ?e",
    "SELECT ?t ?l { ?t a mlg:TypeActeur ; skos:prefLabel ?l FILTER(LANG(?l) = 'fr') }",
    "SELECT ?a ?n { ?a mlg:commune commune:29232 ; skos:prefLabel ?n }",
    "SELECT ?a ?n { ?a org:classification type:crib ; skos:prefLabel ?n } LIMIT 20",
    "SELECT (COUNT(?c) AS ?n) { ?c igeo:subdivisionDe departement:29 }",
    "SELECT ?i ?r { ?i mlg:typeActeur type:dla ; mlg:resume ?r } LIMIT 20",
    "CONSTRUCT { ?s skos:prefLabel ?l } { ?s skos:broader etape:4 ; skos:prefLabel ?l }",
)
#: a cartesian product, an unbounded path, a sort of everything, a regular expression on everything.
HOSTILES = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (COUNT(*) AS ?n) { ?a (<urn:x>|!<urn:y>)* ?b }",
    "SELECT * { ?a ?b ?c . ?c ?d ?e } ORDER BY DESC(STR(?e)) ?a",
    "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), '(a+)+(b+)+.*(c+)+z{9}', 'i')) }",
)


class Connexion:
    """One kept-alive connection that sends ready bytes: Python's own clients would be the slowest part."""

    def __init__(self, port: int) -> None:
        self._canal = socket.create_connection(("127.0.0.1", port))
        self._canal.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def demander(self, requete: bytes) -> bytes:
        """Status line of the answer, once it is wholly read. Raises ConnectionError."""
        self._canal.sendall(requete)
        recu = b""
        while b"\r\n\r\n" not in recu:
            recu += self._lire()
        tete, _, corps = recu.partition(b"\r\n\r\n")
        lower = tete.lower()
        if b"content-length:" in lower:
            size = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
            while len(corps) < size:
                corps += self._lire()
        elif b"chunked" in lower:
            while not corps.endswith(b"0\r\n\r\n"):
                corps += self._lire()
        return tete.split(b"\r\n")[0]

    def _lire(self) -> bytes:
        part = self._canal.recv(1 << 16)
        if not part:
            raise ConnectionError
        return part

    def fermer(self) -> None:
        self._canal.close()


def en_get(chemin: str, accept: str = "*/*") -> bytes:
    lignes = [f"GET {chemin} HTTP/1.1", "Host: 127.0.0.1", f"Accept: {accept}"]
    return ("\r\n".join(lignes) + "\r\n\r\n").encode()


def debit(port: int, requete: bytes, jamais_vue: bool = False) -> float:
    """Answers a second, CLIENTS at once; `jamais_vue`: each has a comment of its own, none is kept."""
    comptes = [0] * CLIENTS
    fin = time.perf_counter() + SECONDES

    def travailler(rang: int) -> None:
        connexion = Connexion(port)
        while time.perf_counter() < fin:
            marque = f"%20%23{rang}z{comptes[rang]}z{debut}".encode() if jamais_vue else b""
            if b" 200" not in connexion.demander(requete.replace(b" HTTP/1.1", marque + b" HTTP/1.1", 1)):
                raise ValueError(requete)
            comptes[rang] += 1
        connexion.fermer()

    debut = time.perf_counter()
    threads = [threading.Thread(target=travailler, args=(rang,)) for rang in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(comptes) / (time.perf_counter() - debut)


def debits(
    ports: Sequence[int], chemins: Sequence[str], tours_voulus: int = TOURS, jamais_vue: bool = False
) -> list[list[float]]:
    """By query, the median throughput of each server."""
    trouves = []
    for texte in COURTES:
        forme = "text/turtle" if texte.startswith("CONSTRUCT") else "application/sparql-results+json"
        demandes = [en_get(f"{one}?query={quote(_TETE + texte)}", forme) for one in chemins]
        tours = [
            [debit(port, asked, jamais_vue) for port, asked in zip(ports, demandes, strict=True)]
            for _ in range(tours_voulus)
        ]
        trouves.append([statistics.median(one) for one in zip(*tours, strict=True)])
    return trouves


@contextmanager
def servir(settings: Settings) -> Iterator[int]:
    """Our server, as users start it; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {
        **os.environ,
        "MAILLAGE_RACINE": str(settings.racine),
        "MAILLAGE_INSTANTANES": str(settings.instantanes),
    }
    command = [sys.executable, "-m", "maillage", "servir", "--sans-construire", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        attendre = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/sparql", params={"query": "ASK {}"}, timeout=120)
                break
            except httpx.TransportError:
                if time.monotonic() > attendre:
                    raise
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def latences(port: int) -> list[float]:
    """Seconds of answers of the search, one client, one question after the other."""
    connexion, durees = Connexion(port), []
    for question in islice(cycle(QUESTIONS), REPONSES):
        demande = en_get("/api/orientation?" + urlencode({"q": question}))
        debut = time.perf_counter()
        connexion.demander(demande)
        durees.append(time.perf_counter() - debut)
    connexion.fermer()
    return durees


@contextmanager
def assaillir(port: int) -> Iterator[None]:
    """Keep the hostile queries in flight, all at once, whatever they are answered."""
    fini = threading.Event()

    def insister(requete: bytes) -> None:
        while not fini.is_set():
            connexion = Connexion(port)
            try:
                connexion.demander(requete)
            except ConnectionError:
                continue
            finally:
                connexion.fermer()

    demandes = [en_get("/sparql?query=" + quote(texte)) for texte in HOSTILES]
    threads = [threading.Thread(target=insister, args=(one,), daemon=True) for one in demandes]
    for thread in threads:
        thread.start()
    time.sleep(2)
    try:
        yield
    finally:
        fini.set()


def mesurer(settings: Settings) -> str:
    """Measure the snapshot in service; the table. Raises InstantaneAbsent, OSError."""
    dossier, lignes = courant(settings.dossier_instantanes), []
    pair = executable()
    with servir(settings) as port:
        if pair is not None:
            with lancer(pair) as oxigraph:
                oxigraph.remplir(b"".join((dossier / nom).read_bytes() for nom in SERVIS))
                ports = (port, int(oxigraph.adresse.rpartition(":")[2]))
                releves = debits(ports, ("/sparql", "/query"))
                neuves = debits(ports, ("/sparql", "/query"), 1, jamais_vue=True)
            rapports = [nous / eux for nous, eux in releves]
            for texte, (nous, eux), rapport in zip(COURTES, releves, rapports, strict=True):
                dit = texte.replace("|", "\\|")
                lignes.append([f"`{dit}`", nombre(nous, "/s"), nombre(eux, "/s"), f"× {rapport:.2f}", "", ""])
            ensemble, sans = _ensemble(releves), _ensemble(neuves)
            lignes.append(_juge("les dix, à tour de rôle", "", "", ensemble, DEBIT, ensemble >= DEBIT))
            lignes.append(
                ["les dix, jamais posées avant (rien n'est gardé)", "", "", f"× {sans:.2f}", "", ""]
            )
        calme = quantile(latences(port), 95)
        with assaillir(port):
            assiege = quantile(latences(port), 95)
        ralenti = assiege / calme
        lignes.append(
            _juge("p95 de /api/orientation sous 4 requêtes hostiles, et sans", nombre(assiege * 1e3, "ms"),
                  nombre(calme * 1e3, "ms"), ralenti, RALENTI, ralenti <= RALENTI)
        )  # fmt: skip
    note = f"{CLIENTS} clients, {TOURS} tours de {SECONDES:g} s par requête, en alternance ; médianes."
    return ecrire("point_acces", ENTETES, lignes, note)


def _ensemble(releves: Sequence[Sequence[float]]) -> float:
    """Our throughput over the peer's, the queries asked in turn."""
    return statistics.harmonic_mean([one for one, _ in releves]) / statistics.harmonic_mean(
        [one for _, one in releves]
    )


def _juge(nom: str, nous: str, eux: str, rapport: float, cible: float, tenu: bool) -> list[str]:
    return [nom, nous, eux, f"× {rapport:.2f}", f"× {cible:.2f}", "oui" if tenu else "**non**"]


if __name__ == "__main__":
    print(mesurer(Settings()))

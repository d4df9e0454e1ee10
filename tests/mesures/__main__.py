"""Measure the shipped corpus: build, start, memory, answers, the same queries on rdflib; then the others.

Usage: python -m tests.mesures [--sans-reference]. Writes the tables in tests/mesures/README.md.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.mesures import (
    chemins,
    comprehension,
    croissance,
    pages,
    point_acces,
    reference,
    relations,
    validation,
)
from tests.mesures.chrono import EntrepotChronometre, enfants, memoire, processeur, quantile
from tests.mesures.tableau import ecrire, nombre, verdict

from maillage.commande.avancement import Avancement
from maillage.config import Settings
from maillage.lexique import Lexique
from maillage.orientation import Orienteur
from maillage.requetes.recueil import Requetes
from maillage.versions.instantane import LEXIQUE, charger, charger_courant, courant

RACINE = Path(__file__).parents[2]
QUESTIONS = (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
TOURS = 10
#: queries that rdflib runs too: it needs minutes for them.
COMPAREES = 30
ENTETES = ("mesure", "Maillage", "cible", "tenue", "rdflib", "rapport")


@dataclass(frozen=True)
class Mesure:
    """One line of the table: what, how much, at most how much, how much for rdflib."""

    nom: str
    valeur: float
    unite: str
    cible: float | None = None
    rdflib: float | None = None

    def cellules(self) -> list[str]:
        """The line, cell by cell."""
        ratio = f"× {self.rdflib / self.valeur:.0f}" if self.rdflib else ""
        values = (nombre(value, self.unite) for value in (self.valeur, self.cible))
        held = verdict(self.valeur, self.cible)
        return [self.nom, *values, held, nombre(self.rdflib, self.unite), ratio]


def construction(dossier: Path) -> tuple[list[Mesure], Settings]:
    """A full build, validation included, in `dossier`."""
    start = time.perf_counter()
    environment = {**os.environ, "MAILLAGE_RACINE": str(RACINE), "MAILLAGE_INSTANTANES": str(dossier)}
    process = subprocess.Popen([sys.executable, "-m", "maillage", "construire"], env=environment)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, memoire(process.pid, "VmHWM"))
        time.sleep(0.05)
    if process.returncode:
        sys.exit("the corpus does not conform: nothing to measure")
    seconds = time.perf_counter() - start
    found = [
        Mesure("construction complète, validation comprise", seconds, "s", 120),
        Mesure("mémoire de la construction (pic)", peak, "Mo"),
    ]
    return found, Settings(racine=RACINE, instantanes=dossier)


def demarrage_et_http(settings: Settings) -> list[Mesure]:
    """From the start of the process to the first answer, then the latency of answers, one client."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "MAILLAGE_RACINE": str(settings.racine),
        "MAILLAGE_INSTANTANES": str(settings.instantanes),
    }
    command = [sys.executable, "-m", "maillage", "servir", "--sans-construire", "--port", str(port)]
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        _attendre(port)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            client.get("/sante").raise_for_status()
            started, processor = time.perf_counter() - start, processeur(process.pid)
            latencies = [_demander(client, question) for _ in range(TOURS) for question in QUESTIONS]
        resident = memoire(process.pid)
        workers = sum(map(memoire, enfants(process.pid)))
    finally:
        process.terminate()
        process.wait(20)
    return [
        Mesure("démarrage, jusqu'à la première réponse de /sante", started, "s", 4),
        Mesure("dont temps de processeur", processor, "s"),
        Mesure("mémoire résidente du serveur", resident, "Mo", 600),
        Mesure("mémoire des ouvriers du bac à sable", workers, "Mo"),
        Mesure("/api/orientation, p50", quantile(latencies, 50) * 1000, "ms", 20),
        Mesure("/api/orientation, p95", quantile(latencies, 95) * 1000, "ms"),
    ]


def _attendre(port: int) -> None:
    """Wait for the port to open, without taking the processor from the server that starts."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.02)


def _demander(client: httpx.Client, question: str) -> float:
    start = time.perf_counter()
    client.get("/api/orientation", params={"q": question}).raise_for_status()
    return time.perf_counter() - start


def sparql(settings: Settings, compare: bool) -> tuple[list[Mesure], str]:
    """Seconds spent in SPARQL by answer; loading and the same queries on rdflib; what they found."""
    start = time.perf_counter()
    dossier, entrepot, _ = charger_courant(settings.dossier_instantanes)
    loading = time.perf_counter() - start
    timed = EntrepotChronometre(entrepot)
    orienteur = Orienteur(timed, Requetes(RACINE / "requetes"), Lexique.lire(dossier / LEXIQUE), 2026)
    totals, sample = [], []
    for tour in range(TOURS):
        for question in QUESTIONS:
            timed.requetes.clear()
            orienteur.repondre(question)
            totals.append(sum(seconds for _, seconds in timed.requetes))
            if tour == 0:
                sample += timed.requetes
    resident = memoire(os.getpid())
    single = [seconds for _, seconds in sample]
    peer: reference.Reference | None = None
    same = ""
    if compare:
        peer = reference.mesurer(
            charger(dossier)[0], [text for text, _ in sample[:: max(1, len(sample) // COMPAREES)]]
        )
        same = (
            f"rdflib : {len(peer.requetes)} requêtes, {peer.coupees} coupées à {reference.PATIENCE:.0f} s, "
            f"{peer.autres} aux lignes différentes."
        )
    measures = [
        Mesure("chargement du graphe", loading, "s", None, peer.chargement if peer else None),
        Mesure("requête SPARQL d'orientation, p50", quantile(single, 50) * 1000, "ms", None,
               quantile(peer.requetes, 50) * 1000 if peer else None),
        Mesure("requête SPARQL d'orientation, p95", quantile(single, 95) * 1000, "ms", None,
               quantile(peer.requetes, 95) * 1000 if peer else None),
        Mesure("part SPARQL d'une réponse, p50", quantile(totals, 50) * 1000, "ms", 5),
        Mesure("part SPARQL d'une réponse, p95", quantile(totals, 95) * 1000, "ms"),
        Mesure("mémoire du processus", resident, "Mo", None, peer.memoire if peer else None),
    ]  # fmt: skip
    return measures, same


def main() -> None:
    """All the measures, one after the other: two cores are few."""
    avancement = Avancement()
    compare = "--sans-reference" not in sys.argv
    with tempfile.TemporaryDirectory(prefix="maillage-mesures-") as dossier:
        avancement.dire("construction")
        built, settings = construction(Path(dossier))
        avancement.dire("démarrage et réponses")
        served = demarrage_et_http(settings)
        avancement.dire("SPARQL, puis rdflib (quelques minutes)")
        queried, same = sparql(settings, compare)
        rows = [mesure.cellules() for mesure in (*built, *served, *queried)]
        tables = [ecrire("corpus", ENTETES, rows, f"{len(QUESTIONS)} questions × {TOURS}. {same}")]
        avancement.dire("compréhension")
        tables.append(comprehension.mesurer(courant(settings.dossier_instantanes)))
        avancement.dire("point d'accès SPARQL")
        tables.append(point_acces.mesurer(settings))
        avancement.dire("chemins de propriétés")
        tables.append(chemins.mesurer(settings))
        avancement.dire("validation")
        tables.append(validation.mesurer(validation.ACTEURS))
        avancement.dire("dix mille acteurs de plus")
        tables.append(croissance.mesurer(settings))
        avancement.dire("territoires et relations")
        tables.append(relations.mesurer(settings.racine))
        avancement.dire("pages, dans un navigateur")
        tables.append(pages.mesurer(settings))
    avancement.fin()
    print("\n\n".join(tables))


if __name__ == "__main__":
    main()

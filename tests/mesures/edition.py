"""Measure the time from the save of an edit to its first answer over HTTP, on the shipped corpus.

Usage: python -m tests.mesures.edition. Writes its table in tests/mesures/README.md.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests.mesures.chrono import enfants, memoire, processeur
from tests.mesures.tableau import ecrire, nombre, verdict

from maillage.config import Settings
from maillage.namespaces import BASE, PREFIXES
from maillage.versions.instantane import AJOUTS, courant
from maillage.versions.manifeste import lire_manifeste

RACINE = Path(__file__).parents[2]
ENTETES = (
    "retouche",
    "en service après, médiane",
    "la plus lente",
    "cible",
    "tenue",
    "processeur jusque-là",
    "suivie",
)
TOURS, CIBLE = 5, 2.0
#: seconds given to an edit.
PATIENCE = 120.0


@dataclass(frozen=True)
class Retouche:
    """An edit: before the block of `repere` in a file comes a statement that `adresse` then says."""

    nom: str
    fichier: str
    repere: str
    enonce: str
    adresse: str
    cible: float | None = CIBLE


def _retouche(
    nom: str, fichier: str, ressource: str, propriete: str, cible: float | None = CIBLE
) -> Retouche:
    """An edit that gives one value more to a property of a resource."""
    espace, code = ressource.split(":")
    iri = PREFIXES[espace] + code
    adresse = iri.removeprefix(BASE.rstrip("/")).partition("#")[0] + ".ttl"
    return Retouche(nom, fichier, ressource, f'{ressource} {propriete} "{{}}"@fr .\n\n', adresse, cible)


ACTEURS, ACTEUR = "donnees/acteurs/29/annuaire-2019.ttl", "acteur:cg-29232-01"
GUIDE, DIAGNOSTIC = "donnees/guide/interventions-famille-1.ttl", "intervention:guide-dla-diagnostic"
_COMMENTAIRE = "<http://www.w3.org/2000/01/rdf-schema#comment>"
RELATION = "relation:guide-direccte-oriente-pava"
RETOUCHES = (
    _retouche("acteur : une remarque", ACTEURS, ACTEUR, "mlg:remarque"),
    _retouche("acteur : un autre nom", ACTEURS, ACTEUR, "skos:altLabel"),
    _retouche("intervention du guide : une remarque", GUIDE, DIAGNOSTIC, "mlg:remarque"),
    _retouche("relation : une remarque", "donnees/relations/guide.ttl", RELATION, "mlg:remarque"),
    _retouche(
        "vocabulaire : une étiquette", "ontologie/vocabulaires/themes.ttl", "theme:paie", "skos:hiddenLabel"
    ),
    _retouche("territoire : un autre nom", "donnees/territoires/epci.ttl", "epci:200068120", "skos:altLabel"),
    _retouche("ontologie : une note", "ontologie/maillage.ttl", "mlg:Acteur", "skos:editorialNote", None),
    _retouche("forme SHACL : une note", "ontologie/formes/acteur.ttl", "forme:acteur", _COMMENTAIRE, None),
)


class Serveur:
    """`maillage servir --surveiller` on a copy of the shipped corpus."""

    def __init__(self, racine: Path) -> None:
        self.settings = Settings(racine=racine)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "maillage", "servir", "--surveiller", "--port", str(port)]
        environment = {
            **os.environ,
            "MAILLAGE_RACINE": str(racine),
            "MAILLAGE_INSTANTANES": "var/instantanes",
        }
        self.journal = racine / "journal"
        with self.journal.open("w") as file:
            self._process = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
        self._attendre_le_veilleur()

    def _attendre_le_veilleur(self) -> None:
        """Until the publisher has looked at the corpus once."""
        while True:
            try:
                state: dict[str, Any] = self.client.get("/sante").json()
                if (state["derniere_tentative"] or {}).get("resultat") == "a-jour":
                    time.sleep(1)
                    return
            except httpx.TransportError:
                if self._process.poll() is not None:
                    sys.exit(self.journal.read_text(encoding="utf-8"))
            time.sleep(0.1)

    def processeurs(self) -> float:
        """Seconds of processor taken so far by the server and its publisher."""
        return sum(map(processeur, (self._process.pid, *enfants(self._process.pid))))

    def memoires(self) -> list[float]:
        """Resident memory of the server and of its publisher, MB."""
        return [memoire(pid) for pid in (self._process.pid, *enfants(self._process.pid))]

    def arreter(self) -> None:
        """End it."""
        self.client.close()
        self._process.terminate()
        self._process.wait(30)


@contextmanager
def serveur() -> Iterator[Serveur]:
    """A server on a copy of the shipped corpus, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="maillage-edition-") as dossier:
        racine = Path(dossier)
        for name in ("ontologie", "donnees", "requetes"):
            shutil.copytree(RACINE / name, racine / name)
        found = Serveur(racine)
        try:
            yield found
        finally:
            found.arreter()


def chronometrer(serveur: Serveur, retouche: Retouche, rang: int) -> tuple[float, float, bool]:
    """Seconds from the save to the answer, seconds of processor, and whether the edit was followed."""
    path = serveur.settings.racine / retouche.fichier
    text = path.read_text(encoding="utf-8")
    place = re.search(rf"^{retouche.repere}\s", text, re.MULTILINE)
    if place is None:
        sys.exit(f"{retouche.fichier} : « {retouche.repere} » n'y est plus")
    said = f"essai {RETOUCHES.index(retouche)}-{rang} ."
    text = text[: place.start()] + retouche.enonce.format(said) + text[place.start() :]
    worked = serveur.processeurs()
    path.write_text(text, encoding="utf-8")
    start = time.perf_counter()
    while said not in serveur.client.get(retouche.adresse).text:
        if time.perf_counter() - start > PATIENCE:
            sys.exit(
                f"{retouche.nom} : rien après {PATIENCE} s\n{serveur.journal.read_text(encoding='utf-8')}"
            )
        time.sleep(0.02)
    seconds, worked = time.perf_counter() - start, serveur.processeurs() - worked
    followed = AJOUTS in lire_manifeste(courant(serveur.settings.dossier_instantanes)).fichiers
    time.sleep(1.5)
    return seconds, worked, followed


def mesurer() -> str:
    """The table."""
    rows = []
    with serveur() as running:
        before = running.memoires()
        for retouche in RETOUCHES:
            times = TOURS if retouche.cible else 1
            runs = [chronometrer(running, retouche, rang) for rang in range(times)]
            seconds, work, followed = zip(*runs, strict=True)
            median = statistics.median(seconds)
            rows.append([
                retouche.nom, nombre(median, "s"), nombre(max(seconds), "s"), nombre(retouche.cible, "s"),
                verdict(max(seconds), retouche.cible), nombre(statistics.median(work), "s"),
                "oui" if all(followed) else "non",
            ])  # fmt: skip
            print(rows[-1], flush=True)
        after = running.memoires()
    note = (
        f"{TOURS} retouches de chaque sorte. Mémoire du serveur {before[0]:.0f} Mo, puis {after[0]:.0f} ; "
        f"du veilleur {before[1]:.0f} Mo, puis {after[1]:.0f}."
    )
    return ecrire("edition", ENTETES, rows, note)


if __name__ == "__main__":
    print(mesurer())

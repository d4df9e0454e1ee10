"""Publications killed at many moments, in a process of its own: `naufrage.py racine voie morts pas graine`.

`voie`: « neuve », each built from scratch, or « suivie », each made of the version before by a workshop.
Prints one JSON object: how many were killed, how many reached the end, what was found wrong.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import corpus_essai
from maillage.config import Settings
from maillage.versions.atelier import Atelier  # loaded once here, not in each child
from maillage.versions.instantane import AJOUTS, charger, courant
from maillage.versions.manifeste import lire_manifeste
from maillage.versions.publication import publier

ACTEURS = "donnees/acteurs/essai.ttl"
#: what a publication does to the folder of snapshots, as the interpreter announces it.
GESTES = frozenset({"os.rename", "os.symlink", "os.link", "os.mkdir", "shutil.rmtree", "os.truncate"})


def edition(racine: Path, rang: int) -> None:
    corpus_essai.ecrire(racine, ACTEURS, corpus_essai.BON + f'acteur:un mlg:remarque "édition {rang}"@fr .\n')


def part(travail: Callable[[], None]) -> int:
    """Run in a forked child; its process id."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            travail()
            code = 0
        finally:
            os._exit(code)
    return child


def mourir_au_geste(rang: int) -> None:
    """Kill this process just before its n-th change of a folder."""
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event in GESTES:
            count += 1
            if count == rang:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def constater(settings: Settings, derniere: int) -> None:
    """What the next start serves is whole and is one of the editions; its name is left in a file."""
    version = courant(settings.dossier_instantanes)
    entrepot, _ = charger(version)
    assert any(entrepot.demande(f'ASK {{ ?s ?p "édition {one}"@fr }}') for one in range(derniere + 1))
    Path(settings.racine / "constat").write_text(version.name)


class Naufrage:
    """Editions published one after the other, most of them killed."""

    def __init__(self, racine: Path, suivie: bool) -> None:
        self.settings, self.suivie, self.rang, self.vue = Settings(racine=racine), suivie, 0, ""
        self.tues, self.finis, self.suivies, self.fautes = 0, 0, 0, list[str]()

    def essayer(self, geste: int = 0, delai: float | None = None) -> bool:
        """One edition and its publication, killed before its n-th change of a folder, or after some seconds;
        whether it was killed."""
        self.rang += 1
        pret, prete = os.pipe()

        def travail() -> None:
            atelier = Atelier(self.settings) if self.suivie else None
            if atelier is not None:
                publier(self.settings, atelier=atelier)
            edition(self.settings.racine, self.rang)
            if geste:
                mourir_au_geste(geste)
            os.write(prete, b".")
            publier(self.settings, atelier=atelier)

        child = part(travail)
        os.close(prete)
        os.read(pret, 1)
        os.close(pret)
        if delai is not None:
            time.sleep(delai)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        self.tues, self.finis = self.tues + killed, self.finis + (not killed)
        self._constater(f"{self.rang} (geste {geste}, après {delai} s, {status})")
        return killed

    def _constater(self, moment: str) -> None:
        _, status = os.waitpid(part(lambda: constater(self.settings, self.rang)), 0)
        seen = (self.settings.racine / "constat").read_text()
        if status or seen < self.vue:
            self.fautes.append(f"{moment} : {seen or 'rien'} en service")
        self.vue = seen
        version = courant(self.settings.dossier_instantanes)
        self.suivies += AJOUTS in lire_manifeste(version).fichiers


def main(racine: Path, voie: str, morts: int, pas: int, graine: int) -> None:
    """Kill before each `pas`-th change of the folders, then `morts` times at random moments."""
    naufrage, hasard = Naufrage(racine, voie == "suivie"), random.Random(graine)
    settings = naufrage.settings
    # Here: what the lexicon reads once a process, each child has from the start.
    publier(settings)
    start = time.monotonic()
    naufrage.essayer()
    lasting = time.monotonic() - start
    gestes = 1
    while naufrage.essayer(geste=gestes):
        gestes += pas
    for _ in range(morts):
        naufrage.essayer(delai=hasard.uniform(0, lasting))
    naufrage.rang += 1
    edition(racine, naufrage.rang)
    _, status = os.waitpid(part(lambda: void(publier(settings))), 0)
    naufrage._constater("dernière")
    print(
        json.dumps(
            {
                "tues": naufrage.tues,
                "finis": naufrage.finis,
                "suivies": naufrage.suivies,
                "gestes": gestes,
                "fautes": naufrage.fautes,
                "dernier": status,
                "restes": [path.name for path in settings.dossier_instantanes.glob(".construction-*")],
            }
        )
    )


def void(_: object) -> None:
    """Nothing to give back."""


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:]))

"""Publications killed at many moments, in a process of its own: `naufrage.py racine secondes pas graine`.

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
import maillage.corpus.corpus
import maillage.lexique
import maillage.validation  # noqa: F401 (with the two above: loaded once here, not in each child)
from maillage.config import Settings
from maillage.versions.instantane import charger, courant
from maillage.versions.publication import publier

ACTEURS = "donnees/acteurs/essai.ttl"
#: what a publication does to the folder of snapshots, as the interpreter announces it.
GESTES = frozenset({"os.rename", "os.symlink", "os.mkdir", "shutil.rmtree", "os.truncate"})


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
    def __init__(self, racine: Path) -> None:
        self.settings, self.rang, self.vue = Settings(racine=racine), 0, ""
        self.tues, self.finis, self.fautes = 0, 0, list[str]()

    def essayer(self, travail: Callable[[], None], delai: float | None = None) -> bool:
        """One edition, one publication killed or not; whether it was killed."""
        self.rang += 1
        edition(self.settings.racine, self.rang)
        child = part(travail)
        if delai is not None:
            time.sleep(delai)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        self.tues, self.finis = self.tues + killed, self.finis + (not killed)
        self._constater(f"{self.rang} (après {delai} s)")
        return killed

    def _constater(self, moment: str) -> None:
        _, status = os.waitpid(part(lambda: constater(self.settings, self.rang)), 0)
        seen = (self.settings.racine / "constat").read_text()
        if status or seen < self.vue:
            self.fautes.append(f"{moment} : {seen or 'rien'} en service")
        self.vue = seen


def main(racine: Path, secondes: float, pas: int, graine: int) -> None:
    """Kill before each `pas`-th change of the folders, then at random moments for some seconds."""
    naufrage, hasard = Naufrage(racine), random.Random(graine)
    settings = naufrage.settings

    def publie() -> None:
        publier(settings)

    start = time.monotonic()
    naufrage.essayer(publie)
    lasting = time.monotonic() - start
    gestes = 0
    for gestes in range(1, 60, pas):

        def publie_jusque(rang: int = gestes) -> None:
            mourir_au_geste(rang)
            publier(settings)

        if not naufrage.essayer(publie_jusque):
            break
    end = time.monotonic() + secondes
    while time.monotonic() < end:
        naufrage.essayer(publie, hasard.uniform(0, 1.1 * lasting))
    naufrage.rang += 1
    edition(racine, naufrage.rang)
    _, status = os.waitpid(part(publie), 0)
    naufrage._constater("dernière")
    print(
        json.dumps(
            {
                "tues": naufrage.tues,
                "finis": naufrage.finis,
                "gestes": gestes,
                "fautes": naufrage.fautes,
                "dernier": status,
                "restes": [path.name for path in settings.dossier_instantanes.glob(".construction-*")],
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))

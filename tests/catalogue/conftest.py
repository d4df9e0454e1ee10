"""A real server whose catalogue has several pages, and the harvesters that read it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from environnements import interprete
from maillage.app import creer_app
from maillage.catalogue import dcat
from maillage.config import Settings
from serveur_maillage import servir

ICI = Path(__file__).parent

Moissonner = Callable[[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def adresse_paginee(racine_finistere: Path) -> Iterator[str]:
    """Address of a server whose catalogue has four datasets or services a page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dcat, "PAR_PAGE", 4)
        with servir(lambda url: creer_app(Settings(racine=racine_finistere, url=url))) as url:
            yield url


@pytest.fixture(scope="session")
def moissonner() -> Moissonner:
    """Run a harvester on an address: (name of the harvester, address) → what it kept."""

    def run(nom: str, adresse: str) -> dict[str, Any]:
        done = subprocess.run(
            [interprete(nom), str(ICI / "moissonneurs" / f"{nom}_moisson.py"), adresse],
            capture_output=True,
            text=True,
            check=False,
            cwd=ICI,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )
        assert done.returncode == 0, done.stderr[-4_000:]
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    return run

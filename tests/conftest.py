"""What several folders of tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from serveur_sparql import INSTALLATION, ServeurSparql, executable, lancer


@pytest.fixture(scope="session")
def serveur_sparql() -> Iterator[ServeurSparql]:
    """A SPARQL server; without one, a test is skipped, or fails in continuous integration."""
    found = executable()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(INSTALLATION)
        pytest.skip(INSTALLATION)
    with lancer(found) as serveur:
        yield serveur

"""Environments of other software, that tests run as they are: `make moissonneurs` installs them."""

from __future__ import annotations

from pathlib import Path

from absence import absent

RACINE = Path(__file__).parents[1]
INSTALLATION = "moissonneurs absents : make moissonneurs"


def interprete(nom: str) -> str:
    """The interpreter of a harvester's own environment; without it a test is skipped, or fails under CI."""
    path = RACINE / ".venv-moissonneurs" / nom / "bin" / "python"
    if not path.exists():
        absent(INSTALLATION)
    return str(path)

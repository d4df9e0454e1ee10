"""A corpus of Finistère as files, without a snapshot, and a small edition of the directory.

`donnees/2026-08-03_053120-data.gouv_local.json` has the exact format of the DILA. Its bodies are those of the
2019 extract; identifiers of the new kind are made (UUID 5); values changed for a test say so in the file.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maillage.sources import chemin
from maillage.sources.chemin import SOURCES, Proposition
from maillage.sources.revue import Choix

RACINE = Path(__file__).parents[2]
ANNUAIRE = Path(__file__).parent / "donnees" / "2026-08-03_053120-data.gouv_local.json"
_PARTS = ("acteurs/29", "institutions", "sources.ttl", "territoires/communes/29.ttl")


@pytest.fixture(scope="session")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the corpus that an edition is compared with."""
    racine = tmp_path_factory.mktemp("modele")
    territoires = [f"territoires/{p.name}" for p in (RACINE / "donnees/territoires").glob("*.ttl")]
    for part in (*_PARTS, *territoires):
        origine, cible = RACINE / "donnees" / part, racine / "donnees" / part
        cible.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(origine, cible) if origine.is_dir() else shutil.copy(origine, cible)
    return racine


class Atelier:
    """A corpus of one's own, and what one does with an edition."""

    def __init__(self, racine: Path) -> None:
        self.racine = racine
        self.records: list[dict[str, Any]] = json.loads(ANNUAIRE.read_text(encoding="utf-8"))["service"]

    def record(self, ancien: str) -> dict[str, Any]:
        """The record of the edition that bears an old code."""
        return next(r for r in self.records if r["ancien_code_pivot"] == ancien)

    def propose(self, octets: bytes | None = None, territoire: str = "29") -> Proposition:
        """What the edition (its records, or these bytes) would change."""
        fichier = self.racine / ANNUAIRE.name
        fichier.write_bytes(octets or json.dumps({"service": self.records}, ensure_ascii=False).encode())
        return chemin.propose(SOURCES["annuaire"], [fichier], self.racine, "", territoire, lambda _: None)

    def accepte(self, dit: str) -> Proposition:
        """Accept kinds of changes of the edition."""
        proposition = self.propose()
        chemin.accepte(proposition, Choix(dit, proposition.surs))
        return proposition

    def lit(self, chemin_relatif: str) -> str:
        """Text of a file of the corpus."""
        return (self.racine / chemin_relatif).read_text(encoding="utf-8")


@pytest.fixture
def atelier(modele: Path, tmp_path: Path) -> Atelier:
    """A copy to spoil."""
    return Atelier(Path(shutil.copytree(modele, tmp_path / "corpus")))


@pytest.fixture
def codes() -> Callable[[Proposition, str], set[str]]:
    """Codes of the changes of a kind."""
    return lambda p, genre: {c.code for c in p.changements if c.genre == genre}

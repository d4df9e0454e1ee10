"""What follows from the asserted graphs: closures and search keys, in one named graph of their own.

The rules are the `CONSTRUCT` queries of requetes/inference, run in the order of their names; each sees
what the earlier ones derived.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from maillage.namespaces import GRAPHE_DERIVE
from maillage.requetes.requete import Requete, lire_requete
from maillage.store.entrepot import EntrepotEmbarque


@dataclass(frozen=True)
class Derivation:
    """What one rule gave: `triples`, in `secondes`."""

    regle: str
    triples: int
    secondes: float


def regles(dossier: Path) -> list[Requete]:
    """The rules of a folder, in the order in which they run. Raises EnteteInvalide, OSError."""
    return [lire_requete(path) for path in sorted(dossier.glob("*.rq"))]


def deriver(entrepot: EntrepotEmbarque, dossier: Path) -> Iterator[Derivation]:
    """Run each rule and add what it gives to the derived graph, one Derivation a rule.

    Raises EnteteInvalide, RequeteRefusee, OSError.
    """
    for rule in regles(dossier):
        start = time.perf_counter()
        triples = entrepot.deduire(rule.lier({}), GRAPHE_DERIVE)
        yield Derivation(rule.nom, triples, time.perf_counter() - start)

"""What follows from the asserted graphs: closures and search keys, in one named graph of their own.

The rules are the `CONSTRUCT` queries of requetes/inference, run in the order of their names; each sees
what the earlier ones derived.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from maillage.namespaces import GRAPHE_DERIVE
from maillage.requete import Requete, lire_requete
from maillage.store import EntrepotEmbarque


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
    graph = NamedNode(GRAPHE_DERIVE)
    for rule in regles(dossier):
        start = time.perf_counter()
        # A set: the store must not grow under the query that reads it, and a rule may say a triple twice.
        derived = set(entrepot.flux(rule.lier({})))
        entrepot.ajouter(Quad(one.subject, one.predicate, one.object, graph) for one in derived)
        yield Derivation(rule.nom, len(derived), time.perf_counter() - start)

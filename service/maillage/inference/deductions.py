"""The derived graph of a store: made whole, then kept up to date as the asserted graphs change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from maillage.inference.regle import Regle, regles, verifier_ordre
from maillage.namespaces import GRAPHE_DERIVE
from maillage.store.ecart import Ecart
from maillage.store.entrepot import EntrepotEmbarque, RequeteRefusee
from maillage.validation.chemins import Terme

#: a rule that touches more subjects than this is about as quick run whole.
_BEAUCOUP = 2_000
_GRAPHE = NamedNode(GRAPHE_DERIVE)


@dataclass(frozen=True)
class Derivation:
    """What one rule gave: `triples`, in `secondes`."""

    regle: str
    triples: int
    secondes: float


class Deductions:
    """The rules of a folder at work on a store."""

    def __init__(self, entrepot: EntrepotEmbarque, dossier: Path) -> None:
        """Read the rules. Raises EnteteInvalide, OSError, ValueError."""
        self._entrepot, self._regles = entrepot, regles(dossier)

    def tout(self) -> Iterator[Derivation]:
        """Run each rule and add what it gives to the derived graph, one Derivation a rule.

        Raises RequeteRefusee.
        """
        for rule in self._regles:
            start = time.perf_counter()
            triples = self._entrepot.deduire(rule.texte, GRAPHE_DERIVE)
            yield Derivation(rule.nom, triples, time.perf_counter() - start)

    def suivre(self, saisi: Ecart) -> Ecart:
        """Bring the store to after a change of asserted quads; what changes in what is derived.

        A rule is run again for the subjects that the change touches, those touched through what earlier rules
        derive included: the store is then what `tout` would have made (proved by a property test). Raises
        RequeteRefusee, ToutDependError (the rules cannot be followed): the store is then of no more use.
        """
        verifier_ordre(self._regles)
        derived, changed = Ecart(), saisi
        self._entrepot.modifier(saisi.ajouts, saisi.retraits)
        for rule in self._regles:
            self._entrepot.modifier(changed.retraits, ())
            touched = rule.touches(self._entrepot.moteur, changed.quads)
            self._entrepot.modifier((), changed.retraits)
            one = self._rederiver(rule, touched)
            derived, changed = derived | one, changed | one
        return derived

    def _rederiver(self, rule: Regle, touches: set[Terme]) -> Ecart:
        """Run a rule again for some subjects, or for all where they are many; what changes."""
        sujets = {node for node in touches if isinstance(node, NamedNode | BlankNode)}
        before, after = set[Quad](), set[Quad]()
        if len(sujets) > _BEAUCOUP:
            before.update(self._deduits(rule, None))
            self._entrepot.modifier((), before)
            after.update(_quad(triple) for triple in self._entrepot.graphe(rule.texte))
        else:
            for sujet in sujets:
                if isinstance(sujet, NamedNode):
                    before.update(self._deduits(rule, sujet))
            self._entrepot.modifier((), before)
            for sujet in sujets:
                found = self._entrepot.graphe(rule.texte, {rule.sujet: sujet})
                after.update(_quad(triple) for triple in found)
        self._entrepot.modifier(after, ())
        return Ecart(after - before, before - after)

    def _deduits(self, rule: Regle, sujet: NamedNode | None) -> Iterator[Quad]:
        return self._entrepot.moteur.quads_for_pattern(sujet, rule.propriete, None, _GRAPHE)


def deriver(entrepot: EntrepotEmbarque, dossier: Path) -> Iterator[Derivation]:
    """Run each rule of a folder on a store once: see `Deductions.tout`.

    Raises EnteteInvalide, RequeteRefusee, OSError, ValueError.
    """
    yield from Deductions(entrepot, dossier).tout()


def _quad(triple: Triple) -> Quad:
    """A derived triple in its graph. Raises RequeteRefusee for a blank node, as EntrepotEmbarque.deduire."""
    if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
        raise RequeteRefusee("un nœud anonyme ne se déduit pas (no blank node may be derived)")
    return Quad(triple.subject, triple.predicate, triple.object, _GRAPHE)

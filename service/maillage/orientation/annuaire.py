"""The actors as ranking, filters and counts need them: read once from the store, kept in memory.

A question only brings the candidates out of the store. Scoring and counting all of them, and not the page
shown, would otherwise read thousands of records for each question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from maillage.lexique import Lexique
from maillage.namespaces import local_name
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot


@dataclass(frozen=True, slots=True)
class Inscrit:
    """An actor: its rank in the directory and what is known of it (IRIs; `constat` as written)."""

    iri: str
    rang: int
    types: tuple[str, ...]
    secteurs: tuple[str, ...]
    servis: tuple[str, ...]
    commune: str
    statut: str
    constat: str


#: the stored queries that say what the actors are.
LUES = ("orientation-annuaire", "orientation-porteurs")


class Annuaire:
    """All the actors of a store by IRI, and the facets of the interventions of each bearer."""

    def __init__(self, entrepot: Entrepot, requetes: Requetes, lexique: Lexique) -> None:
        """Read the actors and the interventions. Raises what Entrepot.lignes raises."""
        self._lexique = lexique
        self.acteurs = _lire_acteurs(entrepot, requetes)
        #: facet → (actor, intervention of its own) that have it, in order.
        self.declarations: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._facettes: dict[str, set[str]] = defaultdict(set)
        lignes = requetes.executer(entrepot, LUES[1])
        for porteur, facette, intervention in sorted(
            (li["porteur"].value, li["facette"].value, li["intervention"].value) for li in lignes
        ):
            self._facettes[porteur].add(facette)
            if porteur in self.acteurs:
                self.declarations[facette].append((porteur, intervention))

    def __len__(self) -> int:
        return len(self.acteurs)

    def avec(self, lexique: Lexique) -> Annuaire:
        """The same actors, with the words of another lexicon."""
        other = copy(self)
        other._lexique = lexique
        return other

    def facettes(self, porteur: str) -> frozenset[str]:
        """Facets of the interventions of an actor or of a kind, broader concepts included."""
        return frozenset(self._facettes.get(porteur, ()))

    def est_un(self, types: Iterable[str]) -> list[str]:
        """Kinds whose habits an actor of these kinds has: itself, successors, predecessors, broader ones.

        The same closure as `requetes/inference/50-types-acteurs.rq`.
        """
        vus: dict[str, None] = {}
        for direct in types:
            concept = self._lexique.concepts.get(direct)
            for type_ in (direct, *(concept.equivalents if concept else ())):
                vus[type_] = None
                vus.update(dict.fromkeys(self.plus_larges((type_,))))
        return list(vus)

    def plus_larges(self, concepts: Iterable[str]) -> Iterator[str]:
        """These concepts and their broader ones."""
        for iri in concepts:
            yield iri
            concept = self._lexique.concepts.get(iri)
            yield from concept.ancetres if concept else ()

    def masque(self, acteurs: Iterable[str]) -> int:
        """A set of actors as bits, one a rank: sets are crossed and counted without a loop."""
        octets = bytearray(len(self.acteurs) // 8 + 1)
        for acteur in acteurs:
            inscrit = self.acteurs.get(acteur)
            if inscrit is not None:
                octets[inscrit.rang >> 3] |= 1 << (inscrit.rang & 7)
        return int.from_bytes(octets, "little")

    def dans(self, masque: int, acteur: str) -> bool:
        """Whether an actor is in a set."""
        inscrit = self.acteurs.get(acteur)
        return inscrit is not None and bool(masque >> inscrit.rang & 1)


def _lire_acteurs(entrepot: Entrepot, requetes: Requetes) -> dict[str, Inscrit]:
    valeurs: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for ligne in requetes.executer(entrepot, LUES[0]):
        propriete = local_name(ligne["propriete"].value)
        valeurs[ligne["acteur"].value][propriete].append(ligne["valeur"].value)
    return {iri: _inscrire(iri, rang, valeurs[iri]) for rang, iri in enumerate(sorted(valeurs))}


def _inscrire(iri: str, rang: int, valeurs: Mapping[str, Sequence[str]]) -> Inscrit:
    def toutes(propriete: str) -> tuple[str, ...]:
        return tuple(sorted(set(valeurs.get(propriete, ()))))

    def premiere(propriete: str) -> str:
        return next(iter(toutes(propriete)), "")

    return Inscrit(
        iri,
        rang,
        toutes("classification"),
        toutes("secteur"),
        toutes("territoireServi"),
        premiere("commune"),
        premiere("statut"),
        premiere("constat"),
    )

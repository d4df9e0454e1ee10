"""The path: whom to see first, whom next, and why (the guide's order, p. 6-7).

The local generalist first, then who knows the sector or the branch, then the expert, then the institution.
A link for which no actor is known on the territory is named as such: unlisted is not absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from maillage.lexique import Concept, Lexique
from maillage.orientation.acteurs import Fiche
from maillage.orientation.classement import Candidat

#: a kind under this share of the best score is not a link of the path.
PART_D_UN_MAILLON = 0.4
#: criteria of an actor whose sector is not the one of the question: it is no link of its path.
HORS_SECTEUR = frozenset({"autre-secteur", "secteur-non-demande"})
#: links shown.
MAILLONS = 4


@dataclass(frozen=True, slots=True)
class Maillon:
    """One link of the path: the reach it stands for, the kind, and the first real actor known for it."""

    portee: Concept
    type: str
    acteur: Fiche | None


class Parcours:
    """Orders the kinds that answer into a path."""

    def __init__(self, lexique: Lexique) -> None:
        """Gather the reaches in their order."""
        portees = (c for c in lexique.concepts.values() if c.classe == "Portee")
        self.portees = sorted(portees, key=lambda c: (c.ordre, c.code))
        self._lexique = lexique

    def tracer(self, types: Sequence[Candidat], acteurs: Sequence[Fiche]) -> list[Maillon]:
        """Links in order, of the kinds that answer best; empty where fewer than two kinds make a path."""
        maillons = self.enchainer(self.repartir(_proches_du_meilleur(types)), acteurs)
        return maillons[:MAILLONS] if len(maillons) > 1 else []

    def repartir(self, types: Sequence[Candidat]) -> list[tuple[Concept, list[Candidat]]]:
        """The reaches that some of these kinds have, each with its kinds, measured against one another."""
        siens = {
            portee.iri: [c for c in types if portee.iri in self._lexique.concepts[c.iri].portees]
            for portee in self.portees
        }
        return [
            (portee, _proches_du_meilleur(siens[portee.iri])) for portee in self.portees if siens[portee.iri]
        ]

    def enchainer(
        self, repartis: Sequence[tuple[Concept, Sequence[Candidat]]], acteurs: Sequence[Fiche]
    ) -> list[Maillon]:
        """A link for each reach; an actor is in one link only."""
        libres = [f for f in acteurs if not HORS_SECTEUR.intersection(m.critere for m in f.motifs)]
        maillons: list[Maillon] = []
        for portee, types in repartis:
            type_, acteur = self._choisir([c.iri for c in types], _ordre(libres, portee))
            maillons.append(Maillon(portee, type_, acteur))
            libres = [fiche for fiche in libres if fiche is not acteur]
        return maillons

    def _choisir(self, types: Sequence[str], acteurs: Sequence[Fiche]) -> tuple[str, Fiche | None]:
        """The first of these actors that is of one of the kinds; the best kind alone where none is."""
        for fiche in acteurs:
            for type_ in types:
                if self._est(fiche, type_):
                    return type_, fiche
        return types[0], None

    def _est(self, fiche: Fiche, type_: str) -> bool:
        """Whether an actor is of this kind, of a kind it groups or of its successor."""
        connus = self._lexique.concepts
        siens = (connus[t] for t in fiche.valeurs.get("classification", ()) if t in connus)
        return any(type_ in (c.iri, *c.ancetres, *c.equivalents) for c in siens)


def _proches_du_meilleur(types: Sequence[Candidat]) -> list[Candidat]:
    seuil = PART_D_UN_MAILLON * max((candidat.score for candidat in types), default=0.0)
    return [candidat for candidat in types if candidat.score >= seuil]


def _ordre(acteurs: Sequence[Fiche], portee: Concept) -> list[Fiche]:
    """Best first; where the reach is no sector, those that receive every association come first."""
    if portee.poids:
        return list(acteurs)
    return sorted(acteurs, key=lambda fiche: bool(fiche.valeurs.get("secteur")))

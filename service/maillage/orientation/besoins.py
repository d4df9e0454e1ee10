"""Needs: a long question asks for several things; each gets its own answer.

A need starts with a word of the question that asks for something by itself (an event, a theme, an activity, a
scheme, a role that not every kind of actor plays). Two such words are one need when one brings the other to
mind, or when the same kind answers both best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from maillage.comprehension import Comprehension, Entite
from maillage.comprehension.champs import evoques
from maillage.lexique import Lexique
from maillage.orientation.classement import Candidat, Classement, Interventions
from maillage.orientation.demandes import Demande, Demandes

#: fields whose words ask for something by themselves.
CHAMPS = ("evenements", "themes", "activites", "dispositifs", "roles")
#: a role that more kinds play than this (its rarity is lower) qualifies a need and does not make one.
RARETE_D_UN_BESOIN = 0.6
#: kinds kept for each need.
TYPES_PAR_BESOIN = 3


@dataclass
class Besoin:
    """One need: what asks for it, and the kinds that meet it best."""

    entites: list[Entite]
    types: list[Candidat]


class Besoins:
    """Splits questions into needs."""

    def __init__(self, lexique: Lexique, classement: Classement) -> None:
        """Keep what needs are told apart with."""
        self._lexique, self._classement = lexique, classement

    def distinguer(
        self, comprehension: Comprehension, demandes: Demandes, interventions: Interventions
    ) -> list[Besoin]:
        """Needs in the order of the text; a question of one need has one, a question of none has none."""
        besoins: list[Besoin] = []
        for ancre in self._ancres(comprehension):
            siennes = self._demandes_de(ancre, demandes)
            types = self._classement.classer_pour(comprehension, siennes, interventions)[:TYPES_PAR_BESOIN]
            proche = next((b for b in besoins if self._meme(b, ancre, types)), None)
            if proche:
                proche.entites.append(ancre)
            elif types:
                besoins.append(Besoin([ancre], types))
        return besoins

    def _ancres(self, comprehension: Comprehension) -> list[Entite]:
        nommees = [e for champ in CHAMPS for e in comprehension.champs.get(champ, ()) if not e.deduit]
        roles = set(comprehension.iris("roles"))
        rares = [
            e for e in nommees if e.iri not in roles or self._classement.rarete(e.iri) >= RARETE_D_UN_BESOIN
        ]
        return sorted(rares or nommees, key=lambda e: (e.debut, e.iri))

    def _demandes_de(self, ancre: Entite, demandes: Demandes) -> dict[str, Demande]:
        """What this word asks for: its concept, its broader ones, and what they bring to mind."""
        concept = self._lexique.concepts[ancre.iri]
        proches = {ancre.iri, *concept.ancetres, *evoques(self._lexique, ancre.iri)}
        return {iri: demande for iri, demande in demandes.items() if iri in proches}

    def _meme(self, besoin: Besoin, ancre: Entite, types: Sequence[Candidat]) -> bool:
        """Whether a word belongs to a need already found."""
        connus = {e.iri for e in besoin.entites}
        suite = {iri for connu in connus for iri in evoques(self._lexique, connu)}
        lies = ancre.iri in suite or bool(connus & set(evoques(self._lexique, ancre.iri)))
        return lies or (bool(types) and besoin.types[0].iri == types[0].iri)

"""The path of a territory for a need: the links of the front desk, with what is known and what is missing.

The links and their order are those of `orientation.parcours`. Here each gets a state of coverage, and the
relations by which an association may be handed over to it; a hand-over that nobody stated is a missing link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from maillage.territoire.cellule import Cellule, Presence
from maillage.territoire.rendu import Rendu
from maillage.territoire.rendu_relations import RenduRelations

EXTERIEURE, INCONNUE = "exterieure", "inconnue"

Json = dict[str, Any]


@dataclass(frozen=True)
class Cheminement:
    """Completes the links of a path with the coverage and the relations of its territory.

    `secteurs`: those asked for (IRIs), none for a need of any sector.
    """

    rendu: Rendu
    relations: RenduRelations
    secteurs: frozenset[str] = frozenset()

    def completer(self, maillons: Sequence[Json]) -> list[Json]:
        """The links, those of which no kind of actor answers last: they have no rank."""
        tenus = [{**one, **self._etat(one)} for one in maillons if one["rang"]]
        done = [
            {**one, "relais": self._relais(before, one) if before else None}
            for before, one in zip([None, *tenus], tenus, strict=False)
        ]
        vides = ({**one, **self._dire(INCONNUE), "relais": None} for one in maillons if not one["rang"])
        return [*done, *vides]

    def _etat(self, maillon: Json) -> Json:
        """The actor where it is there at that date, else none; the state; how many of its kind are listed.

        `a_preciser`: some are, and which one depends on the sector, which was not said.
        """
        listed = [one for one in self.rendu.tableau.presences if self._convient(one, maillon["type"]["iri"])]
        iri = maillon["acteur"]["iri"] if maillon["acteur"] else ""
        found = [one for one in self.rendu.tableau.presences if one[0].iri == iri]
        etat = self._couverture(found or listed)
        if etat == INCONNUE and maillon["plus_proche"]:
            etat = EXTERIEURE
        return {
            **self._dire(etat),
            "acteur": maillon["acteur"] if found else None,
            "recenses": len(listed),
            "a_preciser": bool(listed) and not found and not self.secteurs,
        }

    def _convient(self, presence: Presence, type_: str) -> bool:
        """Whether an actor is of a kind and, where a sector is asked for, of that sector or of none."""
        acteur = presence[0]
        sectors = acteur.secteurs if self.secteurs else ()
        return type_ in acteur.types and (not sectors or not self.secteurs.isdisjoint(sectors))

    def _couverture(self, presences: Sequence[Presence]) -> str:
        """The state of a cell that these actors cover."""
        atlas, cell = self.rendu.couverture.atlas, Cellule()
        for presence in presences:
            cell.ajouter(presence, 0, False, None if presence[2] else atlas.masque(presence[1]))
        cell.conclure(atlas.masque(self.rendu.tableau.territoire))
        return cell.etat

    def _dire(self, etat: str) -> Json:
        return {"etat": etat, "etat_libelle": self.rendu.mots[etat].libelle}

    def _relais(self, avant: Json, maillon: Json) -> Json:
        """The hand-over from one link to the next: the relations known, the state of the surest."""
        known = self.relations.systeme.entre(self._bouts(avant), self._bouts(maillon))
        told = [self.relations.relation(one) for one in sorted(known, key=lambda one: not one.effective)]
        best = told[0] if told else self._dire(INCONNUE)
        return {"etat": best["etat"], "etat_libelle": best["etat_libelle"], "relations": told}

    def _bouts(self, maillon: Json) -> set[str]:
        """Ends that the relations of a link may have: its actor and the kinds of it, else its kind."""
        acteur = maillon["acteur"] and self.relations.systeme.acteurs.get(maillon["acteur"]["iri"])
        return {acteur.iri, *acteur.types} if acteur else {maillon["type"]["iri"]}

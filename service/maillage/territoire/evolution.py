"""What changed on a territory since an earlier version of the data: actors, cells, gaps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from maillage.territoire.cellule import SURS
from maillage.territoire.couverture import Couverture
from maillage.territoire.manques import Manque
from maillage.territoire.rendu import Rendu


def evolution(rendu: Rendu, avant: Couverture) -> dict[str, Any] | None:
    """Actors that came, went or were confirmed, cells whose state changed, gaps that appeared or were filled.

    None where the earlier version does not know the territory.
    """
    tableau = rendu.tableau
    if not avant.atlas.connait(tableau.territoire):
        return None
    before = replace(rendu, couverture=avant, tableau=avant.de(tableau.territoire, tableau.jour))
    old = {one[0].iri: one for one in before.tableau.presences}
    new = {one[0].iri: one for one in tableau.presences}
    both = [iri for iri in new if iri in old]
    return {
        "population": before.population(),
        "arrives": [rendu.acteur(one) for iri, one in new.items() if iri not in old],
        "partis": [before.acteur(one) for iri, one in old.items() if iri not in new],
        "confirmes": [
            rendu.acteur(new[iri])
            for iri in both
            if new[iri][0].statut in SURS and old[iri][0].statut not in SURS
        ],
        "cellules": rendu.differences(before.tableau),
        "manques_parus": _nouveaux(rendu, rendu.manques(), before.manques()),
        "manques_combles": _nouveaux(before, before.manques(), rendu.manques()),
    }


def _nouveaux(rendu: Rendu, ici: list[Manque], la: list[Manque]) -> list[dict[str, Any]]:
    """The gaps of one list that the other has not, each with the objects that are not there."""
    known = {(one.code, objet) for one in la for objet in one.objets}
    found = []
    for one in ici:
        fresh = tuple(objet for objet in one.objets if (one.code, objet) not in known)
        if fresh:
            found.append(rendu.manque(replace(one, objets=fresh)))
    return found

"""The actors of an answer put under the kind they stand for, the kind of the best actor first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Json = Mapping[str, Any]


class Groupe(NamedTuple):
    """A kind of actor and its actors in the order of the answer; no reasons on a kind that is not ranked."""

    type: Json | None
    acteurs: Sequence[Json]


def grouper(reponse: Json) -> list[Groupe]:
    """The groups of an answer (its JSON), in the order of their first actor."""
    classes = {un["iri"]: un for un in reponse["types"]}
    groupes: dict[str, tuple[Json | None, list[Json]]] = {}
    for acteur in reponse["acteurs"]:
        titre = acteur["au_titre_de"] or acteur["type"]
        cle = titre["iri"] if titre else ""
        groupes.setdefault(cle, (classes.get(cle, titre), []))[1].append(acteur)
    return [Groupe(*groupe) for groupe in groupes.values()]


def autres_types(reponse: Json, groupes: Sequence[Groupe]) -> list[Json]:
    """Ranked kinds that head no group, in order."""
    pris = {groupe.type["iri"] for groupe in groupes if groupe.type}
    return [un for un in reponse["types"] if un["iri"] not in pris]

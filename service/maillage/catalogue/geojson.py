"""Actors on a map (GeoJSON, RFC 7946): each at the point of its commune or, failing that, of its département.

`precision` says which. An actor that serves the whole country, or an overseas one, has no point: its geometry
is null, which RFC 7946 §3.2 provides for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from maillage.catalogue.acteurs import Annuaire, Proprietes, codes, premier, textes
from maillage.namespaces import iri

_DEPARTEMENT = iri("departement", "")


def ecrire_geojson(annuaire: Annuaire, acteurs: Sequence[str], sortie: Path) -> None:
    """One feature an actor, one a line."""
    with sortie.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for rang, acteur in enumerate(acteurs):
            file.write(",\n" if rang else "\n")
            file.write(json.dumps(_feature(annuaire, acteur), ensure_ascii=False))
        file.write("\n]}\n")


def _feature(annuaire: Annuaire, acteur: str) -> dict[str, Any]:
    said = annuaire.acteurs[acteur]
    precision, point = _point(annuaire, said)
    return {
        "type": "Feature",
        "id": acteur,
        "geometry": {"type": "Point", "coordinates": list(point)} if point else None,
        "properties": {
            "nom": premier(said, "skos:prefLabel"),
            "types": codes(textes(said, "org:classification")),
            "secteurs": codes(textes(said, "mlg:secteur")),
            "commune": "".join(codes(textes(said, "mlg:commune")[:1])),
            "commune_nom": annuaire.libelles.get(premier(said, "mlg:commune"), ""),
            "telephone": premier(said, "schema:telephone"),
            "site": premier(said, "schema:url"),
            "constat": premier(said, "mlg:constat"),
            "statut": "".join(codes(textes(said, "mlg:statut")[:1])),
            "sources": codes(textes(said, "dcterms:source")),
            "precision": precision,
        },
    }


def _point(annuaire: Annuaire, said: Proprietes) -> tuple[str, tuple[float, float] | None]:
    """How precise the point is, and the point (longitude, latitude); none where nothing places the actor."""
    commune = premier(said, "mlg:commune")
    if commune in annuaire.reperes:
        return "commune", annuaire.reperes[commune]
    served = [one for one in textes(said, "mlg:territoireServi") if one.startswith(_DEPARTEMENT)]
    for departement in (annuaire.departements.get(commune), *(served if len(served) == 1 else ())):
        if departement in annuaire.reperes:
            return "departement", annuaire.reperes[departement]
    return "", None

"""Exports: the data of the current snapshot in a standard RDF format."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import RdfFormat

from maillage.store.entrepot import EntrepotEmbarque
from maillage.versions.instantane import DERIVE, GRAPHES, courant
from maillage.versions.manifeste import lire_manifeste

#: file suffix → format.
FORMATS: dict[str, RdfFormat] = {
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "ttl": RdfFormat.TURTLE,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}


def exporter(dossier: Path, suffixe: str, deduits: bool = False) -> bytes:
    """The assertions of the version in service, with what is derived when `deduits`.

    `dossier` is the folder of snapshots. Raises InstantaneAbsent, InstantaneAltere, KeyError (unknown
    suffix).
    """
    forme = FORMATS[suffixe]
    version = courant(dossier)
    lire_manifeste(version).verifier(version)
    entrepot = EntrepotEmbarque()
    for name in (GRAPHES, DERIVE) if deduits else (GRAPHES,):
        entrepot.charger(version / name)
    return entrepot.exporter(forme)

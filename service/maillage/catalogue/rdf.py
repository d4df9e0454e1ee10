"""A part of a version in each RDF format, streamed: memory does not grow with the data.

Same part, same bytes: Turtle's prefixes, which the engine writes in any order, are sorted.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pyoxigraph import RdfFormat, serialize

from maillage.catalogue.parties import triplets
from maillage.namespaces import PREFIXES

FORMATS: dict[str, RdfFormat] = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}
_PREFIXE = b"@prefix "


def ecrire_rdf(partie: Path, suffixe: str, sortie: Path) -> None:
    """Write a part in the format of a suffix (those of FORMATS, or `nq`: named graphs kept).

    Raises KeyError on another suffix, OSError.
    """
    if suffixe == "nq":
        shutil.copyfile(partie, sortie)
        return
    with sortie.open("wb") as file:
        serialize(triplets(partie), output=file, format=FORMATS[suffixe], prefixes=PREFIXES)
    if suffixe == "ttl":
        _trier_prefixes(sortie)


def _trier_prefixes(path: Path) -> None:
    aside = path.with_name(f"{path.name}.trie")
    with path.open("rb") as old, aside.open("wb") as new:
        head, line = [], old.readline()
        while line.startswith(_PREFIXE):
            head.append(line)
            line = old.readline()
        new.writelines(sorted(head))
        new.write(line)
        shutil.copyfileobj(old, new, 1 << 20)
    aside.replace(path)

"""Triples as one Turtle document in the layout of the project's files."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Triple

from maillage.turtle.mise_en_page import MiseEnPage
from maillage.turtle.structure import Structure


def document(triples: Iterable[Triple]) -> str:
    """The document, prefixes first; "" for no triple."""
    structure = Structure(triples)
    page = MiseEnPage(structure, {})
    blocs = list(page.blocs(structure.sujets).values())
    return "\n\n".join([page.declarations(), *blocs]) + "\n" if blocs else ""

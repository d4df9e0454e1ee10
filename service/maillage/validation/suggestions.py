"""« Vouliez-vous dire … » : the known term nearest to an unknown one, in the same namespace."""

from __future__ import annotations

import re

import pyoxigraph as ox
from rapidfuzz import fuzz, process

from maillage.namespaces import PREFIXES, compact

_SEUIL = 70.0
_FIN = re.compile(r"[^/#]*$")


class Voisins:
    """The described terms of a store by namespace, gathered on first need."""

    def __init__(self, data: ox.Store) -> None:
        self.data = data
        self._connus: dict[str, list[str]] = {}

    def nearest(self, term: ox.NamedNode) -> str:
        """The known term nearest to `term`, as a steward writes it; "" where none is near."""
        space = _FIN.sub("", term.value)
        local = term.value[len(space) :]
        names = [name for name in self._names(space) if name != local]
        found = process.extractOne(local, names, scorer=fuzz.ratio, score_cutoff=_SEUIL)
        return compact(space + found[0]) if found else ""

    def _names(self, space: str) -> list[str]:
        if space not in self._connus:
            query = (
                f"SELECT DISTINCT ?s WHERE {{ ?s <{PREFIXES['rdf']}type> ?t"
                f" FILTER(isIRI(?s) && STRSTARTS(STR(?s), {ox.Literal(space)})) }}"
            )
            rows = self.data.query(query, use_default_graph_as_union=True)
            found = [row[0].value for row in rows] if isinstance(rows, ox.QuerySolutions) else []
            self._connus[space] = sorted(name[len(space) :] for name in found)
        return self._connus[space]

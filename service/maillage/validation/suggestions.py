"""« Vouliez-vous dire … » : the known term nearest to an unknown one, in the same namespace."""

from __future__ import annotations

import re
import unicodedata

import pyoxigraph as ox
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from maillage.namespaces import PREFIXES
from maillage.validation.chemins import Terme

_SEUIL = 70.0
_FIN = re.compile(r"[^/#]*$")
_ENTETE = "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())
_LIBELLES = (
    "skos:prefLabel|skos:altLabel|skos:hiddenLabel|skos:notation|rdfs:label|"
    "mlg:ancienNom|mlg:ancienCode|igeo:codeINSEE"
)


class Voisins:
    """The described terms of a store, gathered by namespace or class on first need."""

    def __init__(self, data: ox.Store) -> None:
        self.data = data
        self._connus: dict[str, list[str]] = {}
        self._nommes: dict[str, dict[str, str]] = {}

    def nearest(self, term: ox.NamedNode, focus: Terme | None = None) -> ox.NamedNode | None:
        """The known term nearest to `term`; None where none is near.

        By what it is called or was called, by the address of `focus` for a commune, then by its spelling.
        """
        space = _FIN.sub("", term.value)
        local = term.value[len(space) :]
        named = self._by_label(f"FILTER(STRSTARTS(STR(?s), {ox.Literal(space)}))", space, local)
        if named:
            return named
        if space == PREFIXES["commune"] and isinstance(focus, ox.NamedNode):
            lived = self._by_address(focus)
            if lived:
                return lived
        names = [name for name in self._names(space) if name != local]
        if local.isdigit():
            return _only(space, local, names)
        found = process.extractOne(local, names, scorer=fuzz.ratio, score_cutoff=_SEUIL)
        return ox.NamedNode(space + found[0]) if found else None

    def named(self, text: str, kind: ox.NamedNode) -> ox.NamedNode | None:
        """The instance of a class that bears a code or a label; None without, or with several."""
        return self._by_label(f"?s a/rdfs:subClassOf* {kind} .", kind.value, text)

    def _by_label(self, where: str, key: str, text: str) -> ox.NamedNode | None:
        if key not in self._nommes:
            found: dict[str, str] = {}
            query = f"SELECT ?s ?l WHERE {{ ?s {_LIBELLES} ?l . {where} FILTER(isIRI(?s)) }}"
            for subject, label in self._rows(query):
                folded = fold(label)
                found[folded] = subject if found.get(folded, subject) == subject else ""
            self._nommes[key] = found
        known = self._nommes[key].get(fold(text))
        return ox.NamedNode(known) if known else None

    def _by_address(self, focus: ox.NamedNode) -> ox.NamedNode | None:
        """The commune whose name and postal code are those of the address of a resource."""
        query = f"""SELECT DISTINCT ?c WHERE {{ {focus} schema:address ?a .
            ?a schema:postalCode ?code ; schema:addressLocality ?nom .
            ?c mlg:codePostal ?code ; a igeo:Commune ; skos:prefLabel ?l .
            FILTER(LCASE(STR(?l)) = LCASE(STR(?nom))) }}"""
        found = {subject for subject, _ in self._rows(query)}
        return ox.NamedNode(found.pop()) if len(found) == 1 else None

    def _names(self, space: str) -> list[str]:
        if space not in self._connus:
            where = f"?s a ?t FILTER(isIRI(?s) && STRSTARTS(STR(?s), {ox.Literal(space)}))"
            query = f"SELECT DISTINCT ?s WHERE {{ {where} }}"
            self._connus[space] = sorted(name[len(space) :] for name, _ in self._rows(query))
        return self._connus[space]

    def _rows(self, query: str) -> list[tuple[str, str]]:
        rows = self.data.query(_ENTETE + query, use_default_graph_as_union=True)
        found = rows if isinstance(rows, ox.QuerySolutions) else ()
        return [(row[0].value, row[len(row) - 1].value) for row in found]


def _only(space: str, code: str, codes: list[str]) -> ox.NamedNode | None:
    """The one code a single slip away: numbers that look alike mean nothing alike."""
    near = [each for each in codes if OSA.distance(code, each, score_cutoff=1) <= 1]
    return ox.NamedNode(space + near[0]) if len(near) == 1 else None


def plain_name(local: str) -> str:
    """A local name without accents, its words tied by hyphens; its capitals are kept."""
    plain = unicodedata.normalize("NFKD", local.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"\s+", "-", plain.strip())


def fold(text: str) -> str:
    """Text without accent, case or punctuation, words tied by hyphens."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")

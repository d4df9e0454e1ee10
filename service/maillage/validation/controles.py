"""Checks that shapes do not say: one resource described in two files, one identifier borne by two."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import pyoxigraph as ox

from maillage.namespaces import BASE, PREFIXES, local_name
from maillage.validation.chemins import Terme
from maillage.validation.constat import Constat, Gravite, Lieu
from maillage.validation.correction import corrected
from maillage.validation.explications import shown, simple, written
from maillage.validation.formes import RDF_TYPE
from maillage.validation.litteraux import possible
from maillage.validation.localisation import Localisateur
from maillage.validation.suggestions import fold

_MOIS, _ANNEE = (ox.NamedNode(PREFIXES["xsd"] + name) for name in ("gYearMonth", "gYear"))
_IDENTIFIANT = ox.NamedNode(PREFIXES["dcterms"] + "identifier")


class Controles:
    """Resources typed in several files, identifiers borne by several, accents in IRIs; kept up to date."""

    def __init__(self, data: ox.Store) -> None:
        self._types: _Porteurs = defaultdict(Counter)
        self._identifiants: _Porteurs = defaultdict(Counter)
        self._suspects: set[tuple[bool, Terme]] = set()
        self._accents: Counter[tuple[Any, Any]] = Counter()
        self._dates: Counter[tuple[Any, Any, Any]] = Counter()
        for predicate in (RDF_TYPE, _IDENTIFIANT):
            self.update((), data.quads_for_pattern(None, predicate, None, None))
        self._dates.update(_periods(data))

    def update(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Take an edit into account: the quads that go, the quads that come."""
        for quads, number in ((removed, -1), (added, 1)):
            for quad in quads:
                if quad.predicate == RDF_TYPE:
                    self._count(self._types, quad.subject, quad.graph_name, number)
                    if not str(quad.subject).isascii():
                        self._accents[quad.subject, quad.graph_name] += number
                elif quad.predicate == _IDENTIFIANT:
                    self._count(self._identifiants, quad.object, quad.subject, number)
                elif _impossible(quad.object):
                    self._dates[quad.subject, quad.predicate, quad.object] += number

    def _count(self, index: _Porteurs, key: Terme, bearer: Any, number: int) -> None:
        bearers = index[key]
        bearers[bearer] += number
        if bearers[bearer] <= 0:
            del bearers[bearer]
        change = self._suspects.add if len(bearers) > 1 else self._suspects.discard
        change((index is self._types, key))

    def findings(self, place: Localisateur) -> Iterator[Constat]:
        """Findings: what is met twice, at each of its places; accented IRIs; impossible months."""
        for typed, key in sorted(self._suspects, key=str):
            if typed:
                yield from _typed_twice(key, _free(key, self._types), self._types[key], place)
            else:
                yield from _identified_twice(key, self._identifiants, place)
        for (subject, graph), number in sorted(self._accents.items(), key=str):
            if number > 0 and isinstance(subject, ox.NamedNode) and subject.value.startswith(BASE):
                yield _accented(subject, place.in_file(place.chemin(graph), subject), place)
        for (subject, path, value), number in sorted(self._dates.items(), key=str):
            if number > 0:
                details = {"sujet": written(subject), "valeur": value.value}
                found = simple("MLG-DATE", Gravite.ERREUR, place.place(subject, path, value), details)
                year = ox.Literal(value.value[:4], datatype=_ANNEE)
                yield _with(found, year, place) if possible(year) else found


_Porteurs = defaultdict[Terme, Counter[Any]]


def _periods(data: ox.Store) -> Iterator[tuple[Any, Any, Any]]:
    """The triples of the store whose value is an impossible month or year."""
    kinds = f"DATATYPE(?o) IN ({_MOIS}, {_ANNEE})"
    query = f"SELECT ?s ?p ?o WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(isLiteral(?o) && {kinds}) }}"
    rows = data.query(query)
    found = rows if isinstance(rows, ox.QuerySolutions) else ()
    return ((row["s"], row["p"], row["o"]) for row in found if _impossible(row["o"]))


def _impossible(value: Terme | None) -> bool:
    """Whether a month or year cannot be, which the reference engine lets pass."""
    period = isinstance(value, ox.Literal) and value.datatype in (_MOIS, _ANNEE)
    return period and not possible(value)  # type: ignore[arg-type]


def _free(key: Terme, known: Mapping[Any, Any]) -> Terme:
    """The same identifier or IRI with a number, the first that nobody bears."""
    made: Terme = key
    for number in count(2):
        if isinstance(key, ox.NamedNode):
            made = ox.NamedNode(f"{key.value}-{number}")
        elif isinstance(key, ox.Literal):
            made = ox.Literal(f"{key.value}-{number}")
        if made not in known or not known[made] or made == key:
            break
    return made


def _typed_twice(key: Any, free: Terme, bearers: Iterable[Any], place: Localisateur) -> Iterator[Constat]:
    files = sorted(place.chemin(graph) for graph in bearers)
    name = written(key)
    for chemin in files:
        other = next(each for each in files if each != chemin)
        details = {"sujet": name, "valeur": name, "autre": other}
        found = simple("MLG-DOUBLON", Gravite.AVERTISSEMENT, place.in_file(chemin, key), details)
        yield _with(found, free, place)


def _identified_twice(key: Any, known: _Porteurs, place: Localisateur) -> Iterator[Constat]:
    """Whoever has the identifier for a name keeps it, and the others take their own name where it is free."""
    subjects = sorted(known[key], key=str)
    named = any(_own_name(subject) == key for subject in subjects)
    for subject in subjects:
        other = next(each for each in subjects if each != subject)
        where = place.place(subject, _IDENTIFIANT, key)
        details = {"sujet": written(subject), "valeur": shown(key), "autre": written(other)}
        found, own = simple("MLG-DOUBLON", Gravite.ERREUR, where, details), _own_name(subject)
        if own == key:
            yield found
        else:
            yield _with(found, own if named and not known.get(own) else _free(key, known), place)


def _own_name(subject: Terme) -> ox.Literal:
    return ox.Literal(local_name(getattr(subject, "value", "")))


def _accented(subject: ox.NamedNode, where: tuple[Lieu, str], place: Localisateur) -> Constat:
    space = subject.value[: max(subject.value.rfind(sign) for sign in "/#") + 1]
    plain = ox.NamedNode(space + fold(subject.value[len(space) :]))
    details = {"sujet": written(subject), "valeur": written(plain)}
    return _with(simple("MLG-IRI-ACCENT", Gravite.AVERTISSEMENT, where, details), plain, place)


def _with(constat: Constat, term: Terme, place: Localisateur) -> Constat:
    """The finding with what to write instead."""
    right = corrected(place.texte(constat.lieu.fichier), constat.lieu, term)
    return replace(constat, suggestion=written(term), correction=right)

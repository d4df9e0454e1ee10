"""The rows of every stored query, on two stores, compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import BlankNode

from maillage.requetes.recueil import Requetes
from maillage.requetes.requete import Requete
from maillage.store.entrepot import Entrepot, EntrepotIndisponible


def differences(requetes: Requetes, un: Entrepot, autre: Entrepot) -> Iterator[str]:
    """What differs on the examples of the queries: name, rows that one has more than the other."""
    for requete in requetes:
        here = reponse(requetes, requete, un)
        try:
            there = reponse(requetes, requete, autre)
        except EntrepotIndisponible as error:
            yield f"{requete.nom}: {str(error)[:300]}"
            continue
        if here != there:
            yield f"{requete.nom}: {list((here - there).items())[:3]} / {list((there - here).items())[:3]}"


def reponse(requetes: Requetes, requete: Requete, entrepot: Entrepot) -> Counter[tuple[str, ...]]:
    """Rows or triples, how many of each; blank nodes have no name, for each store gives its own."""
    if requete.forme == "CONSTRUCT":
        triples = requetes.graphe(entrepot, requete.nom, requete.exemple)
        return Counter({tuple(map(_dire, triple)) for triple in triples})
    rows = requetes.executer(entrepot, requete.nom, requete.exemple)
    return Counter(tuple(f"{name}={_dire(row[name])}" for name in sorted(row)) for row in rows)


def _dire(terme: object) -> str:
    return "_:" if isinstance(terme, BlankNode) else str(terme)

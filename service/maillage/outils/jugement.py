"""Answers made ready to be judged: those that complete a record stand in its place, in its own file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from pyoxigraph import NamedNode, RdfFormat, serialize

from maillage.classeur.modele import Modele
from maillage.classeur.reponses import Reponses
from maillage.namespaces import GRAPHE, PREFIXES, compact
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot


def sujets(modele: Modele, reponses: Reponses) -> list[str]:
    """IRIs of the records that answers describe."""
    return [
        PREFIXES[modele.feuille(nom).prefixe] + row[0]
        for nom, rows in reponses.rangees.items()
        for row in rows
    ]


def a_juger(
    entrepot: Entrepot, requetes: Requetes, iris: Sequence[str], reponses: Reponses
) -> tuple[str, bytes]:
    """Path and bytes of the file to try: the one that holds the records that are completed, with the answers
    in their place; without such a file, or with several, no path and the answers alone.

    Raises what Requetes.executer raises.
    """
    answers = reponses.turtle.encode()
    rows = requetes.executer(entrepot, "fichiers-des-ressources", {"ressources": list(map(NamedNode, iris))})
    files = {row["fichier"].value for row in rows}
    if len(files) != 1:
        return "", answers
    graph = files.pop()
    said = requetes.graphe(entrepot, "contenu-d-un-fichier", {"fichier": NamedNode(graph)})
    replaced = {NamedNode(one) for one in iris}
    kept = [one for one in said if one.subject not in replaced]
    before = serialize(kept, format=RdfFormat.N_TRIPLES) or b""
    return unquote(graph.removeprefix(GRAPHE)) + ".ttl", answers + b"\n" + before


def des_reponses(rapport: Mapping[str, Any], iris: Sequence[str]) -> dict[str, Any]:
    """The part of a report that is about the answers."""
    named = {one for iri in iris for one in (iri, f"<{iri}>", compact(iri))}
    kept = [one for one in rapport["constats"] if one.get("sujet") in named]
    errors = sum(1 for one in kept if one["gravite"] == "erreur")
    return {
        **rapport,
        "constats": kept,
        "conforme": errors == 0,
        "erreurs": errors,
        "avertissements": len(kept) - errors,
        "par_code": dict(Counter(one["code"] for one in kept)),
        "cibles": len(iris),
    }

"""The process that runs public queries: `python -m maillage.bac_a_sable.ouvrier`.

The graph is loaded once, in the parent of `confinement`; its children answer.
"""

from __future__ import annotations

import json
import re
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    parse,
    parse_query_results,
)
from pyoxigraph import serialize as write_rdf

from maillage.bac_a_sable.confinement import supervise
from maillage.bac_a_sable.trames import Limites, encode
from maillage.store.entrepot import EntrepotEmbarque
from maillage.turtle.prefixes import prefixes_used

RESULTATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPHES = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class Debordement(Exception):  # noqa: N818
    """The answer is larger than allowed."""


class Tampon:
    """Where the engine writes, in a format of one line per row; stops it at the limits."""

    def __init__(self, limites: Limites) -> None:
        self.contenu = bytearray()
        self.lignes = 0
        self._limites = limites

    def write(self, part: bytes) -> int:
        """Take a part. Raises Debordement past the limits."""
        self.contenu += part
        self.lignes += bytes(part).count(b"\n")
        if self.lignes > self._limites.lignes + 1 or len(self.contenu) > self._limites.octets:
            raise Debordement
        return len(part)

    def flush(self) -> None:
        """Nothing to flush: the engine asks for the method."""


class EntrepotPublic(EntrepotEmbarque):
    """The graph as the public may query it: bounded answers, rows never cut in silence."""

    def repondre(self, demande: dict[str, Any], limites: Limites) -> bytes:
        """The answer to one request frame.

        Raises SyntaxError on a bad query, Debordement past the limits, OSError where the query tries to
        leave the process, MemoryError.
        """
        forme: str = demande["forme"]
        tampon = Tampon(limites)
        graphes: list[NamedNode | BlankNode | DefaultGraph] = [NamedNode(iri) for iri in demande["graphes"]]
        nommes: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in demande["nommes"]]
        answer = self._store.query(
            demande["requete"],
            base_iri=demande["base"] or None,
            use_default_graph_as_union=demande["union"],
            # Either list given is the whole dataset: what the other one leaves out is empty.
            default_graph=graphes if graphes or nommes else None,
            named_graphs=nommes if graphes or nommes else None,
        )
        if isinstance(answer, QuerySolutions):
            answer.serialize(tampon, format=QueryResultsFormat.TSV)  # type: ignore[arg-type]
            return _convert_rows(bytes(tampon.contenu), forme)
        if isinstance(answer, QueryTriples):
            answer.serialize(tampon, format=RdfFormat.N_TRIPLES)  # type: ignore[arg-type]
            return _convert_graph(bytes(tampon.contenu), forme)
        return answer.serialize(format=RESULTATS[forme]) or b""


def _convert_rows(tsv: bytes, forme: str) -> bytes:
    if forme == "tsv":
        return tsv
    rows = parse_query_results(tsv, QueryResultsFormat.TSV)
    return rows.serialize(format=RESULTATS[forme]) or b""


def _convert_graph(triples: bytes, forme: str) -> bytes:
    if forme == "nt":
        return triples
    quads = (quad.triple for quad in parse(triples, RdfFormat.N_TRIPLES))
    prefixes = prefixes_used(triples) if forme != "jsonld" else None
    return write_rdf(quads, format=GRAPHES[forme], prefixes=prefixes) or b""


def _place(message: str) -> dict[str, Any]:
    """Where parsing stopped, and what was expected, without the engine's lists of character ranges."""
    match = _PLACE.match(message)
    ligne, colonne, texte = (int(match[1]), int(match[2]), match[3]) if match else (1, 1, message)
    attendus = [part for part in texte.split(", ") if not part.startswith("[")]
    return {"ligne": ligne, "colonne": colonne, "message": ", ".join(attendus)}


def _answer(entrepot: EntrepotPublic, limites: Limites, demande: dict[str, Any], _: bytes) -> bytes:
    """The frame that answers one request frame."""
    try:
        corps = entrepot.repondre(demande, limites)
    except SyntaxError as error:
        return encode({"erreur": "syntaxe", **_place(str(error))})
    except Debordement:
        return encode({"erreur": "debordement"})
    except MemoryError:
        return encode({"erreur": "memoire"})
    except OSError as error:
        return encode({"erreur": "execution", "message": str(error)})
    return encode({}, corps)


def main(arguments: list[str]) -> None:
    """Arguments: the snapshot's data files (JSON list), the limits (JSON), the channel descriptors (JSON)."""
    fichiers, limites, descripteurs = (json.loads(argument) for argument in arguments)
    entrepot = EntrepotPublic()
    for fichier in fichiers:
        entrepot.charger(Path(fichier))
    canaux = [socket.socket(fileno=descripteur) for descripteur in descripteurs]
    bornes = Limites(**limites)
    supervise(canaux, partial(_answer, entrepot, bornes), bornes)


if __name__ == "__main__":
    main(sys.argv[1:])

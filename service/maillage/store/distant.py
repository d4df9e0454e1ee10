"""The same store interface over any SPARQL 1.1 endpoint, for those who outgrow one machine.

The endpoint must offer the union of its named graphs as default graph (Oxigraph `--union-default-graph`,
Fuseki `unionDefaultGraph true`; Virtuoso, GraphDB and QLever do it as they come).
"""

from __future__ import annotations

import re
from urllib.error import URLError

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from SPARQLWrapper import (
    ASK,
    CONSTRUCT,
    JSON,
    POST,
    POSTDIRECTLY,
    SELECT,
    TURTLE,
    SPARQLExceptions,
    SPARQLWrapper,
)

from maillage.store.entrepot import EntrepotIndisponible, Ligne, RequeteRefusee, lignes_de

_COMMENTAIRES = re.compile(r"\A(\s*#[^\n]*\n)+")


class EntrepotDistant:
    """A remote SPARQL 1.1 endpoint.

    `adresse` is its query URL, `delai` the seconds left to it for one answer.
    """

    def __init__(self, adresse: str, delai: int = 30) -> None:
        self._adresse = adresse
        self._delai = delai

    def lignes(self, sparql: str) -> list[Ligne]:
        """See maillage.store.Entrepot."""
        answer = self._results(sparql, SELECT)
        if not isinstance(answer, QuerySolutions):
            raise EntrepotIndisponible(f"{self._adresse} : lignes attendues (rows expected)")
        return lignes_de(answer)

    def graphe(self, sparql: str) -> list[Triple]:
        """See maillage.store.Entrepot."""
        body = self._post(sparql, CONSTRUCT, TURTLE)
        try:
            return [quad.triple for quad in parse(body, RdfFormat.TURTLE)]
        except SyntaxError as error:
            raise EntrepotIndisponible(f"réponse illisible (unreadable answer): {error}") from error

    def demande(self, sparql: str) -> bool:
        """See maillage.store.Entrepot."""
        answer = self._results(sparql, ASK)
        if not isinstance(answer, QueryBoolean):
            raise EntrepotIndisponible(f"{self._adresse} : oui ou non attendu (boolean expected)")
        return bool(answer)

    def _results(self, sparql: str, attendue: str) -> QuerySolutions | QueryBoolean:
        body = self._post(sparql, attendue, JSON)
        try:
            return parse_query_results(body, QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise EntrepotIndisponible(f"réponse illisible (unreadable answer): {error}") from error

    def _post(self, sparql: str, attendue: str, format_: str) -> bytes:
        """Body of the endpoint's answer. A wrapper serves one query: it is not safe between threads."""
        wrapper = SPARQLWrapper(self._adresse)
        wrapper.setMethod(POST)
        wrapper.setRequestMethod(POSTDIRECTLY)
        wrapper.setTimeout(self._delai)
        wrapper.setReturnFormat(format_)
        wrapper.setOnlyConneg(True)
        # SPARQLWrapper guesses the form of a query from its first such word, even in a comment.
        wrapper.setQuery(_COMMENTAIRES.sub("", sparql))
        if wrapper.queryType != attendue:
            raise RequeteRefusee(f"requête {attendue} attendue ({attendue} query expected)")
        try:
            with wrapper.query().response as response:
                body: bytes = response.read()
        except SPARQLExceptions.QueryBadFormed as error:
            raise RequeteRefusee(str(error)) from error
        except (SPARQLExceptions.SPARQLWrapperException, URLError, TimeoutError, OSError) as error:
            raise EntrepotIndisponible(f"{self._adresse}: {error}") from error
        return body

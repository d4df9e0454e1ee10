"""The same store interface over any SPARQL 1.1 endpoint, for those who outgrow one machine.

Without a version (`jeu`), the endpoint must offer the union of its named graphs as default graph (Oxigraph
`--union-default-graph`, Fuseki `unionDefaultGraph true`; Virtuoso, GraphDB and QLever do it as they come).
"""

from __future__ import annotations

import http.client
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
    SELECT,
    TURTLE,
    URLENCODED,
    SPARQLExceptions,
    SPARQLWrapper,
)

from maillage.store import particularites
from maillage.store.acces import Acces, Jeu
from maillage.store.entrepot import EntrepotIndisponible, Ligne, RequeteRefusee, lignes_de

_COMMENTAIRES = re.compile(r"\A(\s*#[^\n]*\n)+")
#: Virtuoso says so when it cuts an answer at its own limit.
COUPE = "x-sparql-maxrows"


# Virtuoso says back each graph of the dataset in a header of its own; the standard client stops at a hundred.
setattr(http.client, "_MAXHEADERS", 4_000)  # noqa: B010 (no public name for it)


class EntrepotDistant:
    """A remote SPARQL 1.1 endpoint, and one version in it, or all that it holds."""

    def __init__(self, acces: Acces, jeu: Jeu | None = None) -> None:
        self.acces, self.jeu = acces, jeu

    def lignes(self, sparql: str) -> list[Ligne]:
        """See maillage.store.Entrepot."""
        answer = self._results(sparql, SELECT)
        if not isinstance(answer, QuerySolutions):
            raise EntrepotIndisponible(f"{self.acces.requetes} : lignes attendues (rows expected)")
        return lignes_de(answer)

    def graphe(self, sparql: str) -> list[Triple]:
        """See maillage.store.Entrepot."""
        body = particularites.graphe(self._post(sparql, CONSTRUCT, TURTLE))
        try:
            return [quad.triple for quad in parse(body, RdfFormat.TURTLE, lenient=True)]
        except SyntaxError as error:
            raise EntrepotIndisponible(f"réponse illisible (unreadable answer): {error}") from error

    def demande(self, sparql: str) -> bool:
        """See maillage.store.Entrepot."""
        answer = self._results(sparql, ASK)
        if not isinstance(answer, QueryBoolean):
            raise EntrepotIndisponible(f"{self.acces.requetes} : oui ou non attendu (boolean expected)")
        return bool(answer)

    def _results(self, sparql: str, attendue: str) -> QuerySolutions | QueryBoolean:
        body = self._post(sparql, attendue, JSON)
        try:
            return parse_query_results(particularites.resultats(body), QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise EntrepotIndisponible(f"réponse illisible (unreadable answer): {error}") from error

    def _wrapper(self, sparql: str, format_: str) -> SPARQLWrapper:
        """A wrapper serves one query: it is not safe between threads."""
        acces, jeu = self.acces, self.jeu
        wrapper = SPARQLWrapper(acces.requetes)
        wrapper.setMethod(POST)
        wrapper.setRequestMethod(URLENCODED)
        wrapper.setTimeout(max(1, round(acces.delai)))
        wrapper.setReturnFormat(format_)
        wrapper.setOnlyConneg(True)
        for name, said in acces.entetes().items():
            wrapper.addCustomHttpHeader(name, said)
        # SPARQLWrapper guesses the form of a query from its first such word, even in a comment.
        text = _COMMENTAIRES.sub("", sparql)
        wrapper.setQuery(jeu.aller(text) if jeu else text)
        for name, said in [*acces.bornes(acces.delai), *(jeu.parametres(text) if jeu else [])]:
            wrapper.addParameter(name, said)
        return wrapper

    def _post(self, sparql: str, attendue: str, format_: str) -> bytes:
        """Body of the endpoint's answer."""
        adresse, wrapper = self.acces.requetes, self._wrapper(sparql, format_)
        if wrapper.queryType != attendue:
            raise RequeteRefusee(f"requête {attendue} attendue ({attendue} query expected)")
        with self.acces.disjoncteur.passage(adresse):
            try:
                with wrapper.query().response as response:
                    body: bytes = response.read()
                    cut = response.headers.get(COUPE)
            except SPARQLExceptions.QueryBadFormed as error:
                raise RequeteRefusee(str(error)) from error
            except (SPARQLExceptions.SPARQLWrapperException, URLError, TimeoutError, OSError) as error:
                raise EntrepotIndisponible(f"{adresse}: {error}") from error
        if cut:
            raise EntrepotIndisponible(f"{adresse} : réponse coupée à {cut} lignes ; relever cette limite")
        return self.jeu.retour(body) if self.jeu else body

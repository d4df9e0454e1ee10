"""Public queries where the graph is in a remote store: the same checks, limits and refusals, another engine.

The store is told how long it may take and is hung up on after that; its answer is read up to the limits. The
dataset always goes with the query, so that it reads one version, and nothing else that the store may hold.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from pyoxigraph import serialize as write_rdf

from maillage.bac_a_sable.controle import jetons, syntaxe
from maillage.bac_a_sable.ouvrier import GRAPHES, RESULTATS
from maillage.bac_a_sable.reserve import ATTENTE, PUBLIC, SERVICE, occupe, trop_grand, trop_long
from maillage.bac_a_sable.trames import Demande, Limites
from maillage.mesures import Constater
from maillage.store import particularites
from maillage.store.distant import COUPE, EntrepotDistant
from maillage.store.entrepot import EntrepotIndisponible
from maillage.turtle.prefixes import prefixes_used

_LIGNES, _TRIPLETS = "application/sparql-results+json", "application/n-triples, text/turtle;q=0.5"
#: what some engines understand beyond SPARQL 1.1, and by which a query would get out (Virtuoso).
_PROPRE = re.compile(r"define|<?(?:bif|sql|xquery|xpath|get|input|virt\w*):.*", re.IGNORECASE)


@dataclass(frozen=True)
class _Reponse:
    """What the store said: media type and body."""

    media: str
    corps: bytes


class BacDistant:
    """The remote store, as routes see `BacASable`."""

    def __init__(
        self,
        entrepot: EntrepotDistant,
        limites: Limites | None = None,
        places: Mapping[str, int] | None = None,
    ) -> None:
        """`places`: queries under way at once, of PUBLIC and of SERVICE."""
        self.limites = limites or Limites(delai=entrepot.acces.delai)
        self.places = dict(places or {PUBLIC: 4, SERVICE: 4})
        self.constater: Constater = lambda cause: None
        self._entrepot = entrepot
        self._libres = {file: asyncio.Semaphore(nombre) for file, nombre in self.places.items()}
        self._client: httpx.AsyncClient | None = None

    async def interroger(self, demande: Demande, file: str = PUBLIC) -> bytes:
        """See BacASable.interroger. Raises also EntrepotIndisponible."""
        delai = min(demande.delai, self.limites.delai)
        envoi = self._envoi(demande, delai)
        async with self._place(file):
            try:
                async with asyncio.timeout(delai + 1):
                    reponse = await self._demander(envoi, demande.forme)
            except TimeoutError:
                self.constater("temps")
                raise trop_long(delai) from None
        return await asyncio.to_thread(self._convertir, reponse, demande.forme)

    async def fermer(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    @asynccontextmanager
    async def _place(self, file: str) -> AsyncIterator[None]:
        try:
            await asyncio.wait_for(self._libres[file].acquire(), ATTENTE)
        except TimeoutError:
            raise occupe("sparql-occupe") from None
        try:
            yield
        finally:
            self._libres[file].release()

    def _envoi(self, demande: Demande, delai: float) -> list[tuple[str, str]]:
        """The form that is posted. Raises Probleme 400 on what is not of SPARQL 1.1."""
        texte, jeu, acces = demande.requete, self._entrepot.jeu, self._entrepot.acces
        tokens = list(jetons(texte))
        for match in tokens:
            if match.lastgroup in ("mot", "nom", "iri") and _PROPRE.fullmatch(match[0]):
                raise syntaxe(match[0], 1, match.start() + 1)
        graphes, nommes = demande.graphes, demande.nommes
        if not (demande.union or graphes or nommes):
            graphes, nommes = _nommes_dans(tokens)
        form = [("query", jeu.aller(texte) if jeu else texte), *acces.bornes(delai)]
        return [*form, *(jeu.parametres(texte, graphes, nommes) if jeu else [])]

    async def _demander(self, envoi: list[tuple[str, str]], forme: str) -> _Reponse:
        acces = self._entrepot.acces
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=acces.delai + 2, auth=acces.identite(), headers=acces.entetes()
            )
        data: dict[str, list[str]] = {}
        for name, said in envoi:
            data.setdefault(name, []).append(said)
        accept = {"Accept": _TRIPLETS if forme in GRAPHES else _LIGNES}
        with acces.disjoncteur.passage(acces.requetes):
            try:
                async with self._client.stream("POST", acces.requetes, data=data, headers=accept) as answer:
                    corps = await self._lire(answer)
            except httpx.HTTPError as error:
                raise EntrepotIndisponible(f"{acces.requetes} : {error or type(error).__name__}") from error
        self._juger(answer, corps)
        return _Reponse(answer.headers.get("content-type", "").partition(";")[0], corps)

    async def _lire(self, answer: httpx.Response) -> bytes:
        read = bytearray()
        async for part in answer.aiter_bytes():
            read += part
            if len(read) > 4 * self.limites.octets:
                raise trop_grand(self.limites)
        return bytes(read)

    def _juger(self, answer: httpx.Response, corps: bytes) -> None:
        """Raise what a status other than 200 means, or an answer that the store cut by itself."""
        if answer.status_code in (400, 422):
            raise syntaxe(corps[:300].decode("utf-8", "replace"), 1, 1)
        if answer.status_code in (408, 504, 500) or COUPE in answer.headers:
            raise trop_long(self.limites.delai)
        if not answer.is_success:
            raise EntrepotIndisponible(f"{self._entrepot.acces.requetes} : {answer.status_code}")

    def _convertir(self, reponse: _Reponse, forme: str) -> bytes:
        jeu = self._entrepot.jeu
        corps = jeu.retour(reponse.corps) if jeu else reponse.corps
        try:
            if forme in GRAPHES:
                written = self._graphe(reponse.media, particularites.graphe(corps), forme)
            else:
                written = self._lignes(particularites.resultats(corps), forme)
        except (SyntaxError, ValueError) as error:
            raise EntrepotIndisponible(f"réponse illisible (unreadable answer): {error}") from error
        if len(written) > self.limites.octets:
            raise trop_grand(self.limites)
        return written

    def _lignes(self, corps: bytes, forme: str) -> bytes:
        # The engine's objects may not leave their thread, not even with an exception: functions hold them.
        tsv = _ecrire_lignes(corps, QueryResultsFormat.JSON, "tsv")
        if tsv is None:
            return _ecrire_booleen(corps, forme)
        # One line a row in this format, so that rows are counted without being made into objects.
        if tsv.count(b"\n") > self.limites.lignes + 1:
            raise trop_grand(self.limites)
        return tsv if forme == "tsv" else _ecrire_lignes(tsv, QueryResultsFormat.TSV, forme) or b""

    def _graphe(self, media: str, corps: bytes, forme: str) -> bytes:
        given = RdfFormat.TURTLE if media == "text/turtle" else RdfFormat.N_TRIPLES
        triples: list[Triple] = [quad.triple for quad in parse(corps, given, lenient=True)]
        if len(triples) > self.limites.lignes:
            raise trop_grand(self.limites)
        lines = write_rdf(triples, format=RdfFormat.N_TRIPLES) or b""
        if forme == "nt":
            return lines
        prefixes = prefixes_used(lines) if forme != "jsonld" else None
        return write_rdf(triples, format=GRAPHES[forme], prefixes=prefixes) or b""


def _ecrire_lignes(corps: bytes, lu: QueryResultsFormat, forme: str) -> bytes | None:
    """Rows in another format; None for a boolean. Raises SyntaxError, ValueError."""
    read = parse_query_results(corps, lu)
    return (read.serialize(format=RESULTATS[forme]) or b"") if isinstance(read, QuerySolutions) else None


def _ecrire_booleen(corps: bytes, forme: str) -> bytes:
    read = parse_query_results(corps, QueryResultsFormat.JSON)
    assert isinstance(read, QueryBoolean)
    return read.serialize(format=RESULTATS[forme]) or b""


def _nommes_dans(tokens: list[re.Match[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs of the FROM and FROM NAMED clauses. Raises Probleme 400: each must be written in full."""
    default: list[str] = []
    named: list[str] = []
    words = iter(tokens)
    for match in words:
        if match.lastgroup != "mot" or match[0].upper() != "FROM":
            continue
        target = next(words, match)
        into = named if target[0].upper() == "NAMED" else default
        if into is named:
            target = next(words, match)
        if target.lastgroup != "iri":
            raise syntaxe("FROM <IRI>", 1, match.start() + 1)
        into.append(target[0][1:-1])
    return tuple(default), tuple(named)

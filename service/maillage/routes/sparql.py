"""SPARQL 1.1 Protocol, read only; a page with an editor for browsers; a description for programs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from maillage.bac_a_sable.controle import Controle, controler
from maillage.bac_a_sable.distant import BacDistant
from maillage.bac_a_sable.reserve import BacASable
from maillage.bac_a_sable.trames import Demande
from maillage.catalogue.service_sparql import decrire
from maillage.donnees_liees.description import write
from maillage.donnees_liees.negociation import HTML, RDF, Variante, accepts_html
from maillage.namespaces import GRAPHE_DERIVE, GRAPHE_REQUETES
from maillage.problemes import Probleme
from maillage.routes import editeur
from maillage.routes.contexte import (
    adresse_publique,
    conditional,
    described,
    etag_of,
    offered,
    service,
    unchanged,
)
from maillage.routes.protocole import (
    FORMULAIRE,
    OFFERTS,
    REQUETE,
    TABLEAU,
    Appel,
    appel_poste,
    champs,
    variante,
)

routeur = APIRouter()

PARAMETRES = ("query", "format", "delai", "default-graph-uri", "named-graph-uri")
CORPS = {
    "requestBody": {
        "required": True,
        "content": {
            REQUETE: {"schema": {"type": "string"}},
            FORMULAIRE: {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {nom: {"type": "string"} for nom in PARAMETRES},
                }
            },
        },
    }
}
#: rows, booleans and graphs, each in its formats; the page for browsers.
REPONSES = offered(*dict.fromkeys((*OFFERTS["lignes"], *OFFERTS["graphe"], HTML)))
#: characters of a query past which it is checked in a thread: the search must not wait for it.
LONGUE = 10_000
#: bytes sent at once: a large answer is compressed piece by piece, between other people's requests.
MORCEAU = 64 << 10


@routeur.get(
    "/sparql",
    name="sparql",
    response_class=Response,
    responses=REPONSES,
    openapi_extra=described(*PARAMETRES),
)
async def sparql_get(request: Request) -> Response:
    """Query in the `query` parameter; without it, the editor for browsers, else the service description."""
    given = champs(request.url.query)
    appel = Appel.lire(given)
    if "query" in given:
        return await _answer(request, appel)
    bac, wanted = service(request).bac, variante(request.headers.get("accept", ""), appel.format, RDF)
    if wanted is None:
        return _same_page(request) or editeur.montrer(request, appel, bac.limites)
    return _description(request, bac, wanted)


@routeur.post(
    "/sparql",
    name="sparql_post",
    response_class=Response,
    responses=REPONSES,
    openapi_extra={**described(*PARAMETRES[1:]), **CORPS},
)
async def sparql_post(request: Request) -> Response:
    """Query in a form, or as the body (application/sparql-query)."""
    return await _answer(request, await appel_poste(request))


def _same_page(request: Request) -> Response | None:
    """304 where the browser has this page of this version: the query is not run again."""
    etag = editeur.etiquette(request)
    if request.method != "GET" or not unchanged(request, etag):
        return None
    return Response(status_code=304, headers={"ETag": etag, "Vary": "Accept, Accept-Language"})


def _description(request: Request, bac: BacASable | BacDistant, wanted: Variante) -> Response:
    manifeste, adresse = service(request).manifeste, f"{adresse_publique(request)}/sparql"

    def body() -> bytes:
        return write(decrire(adresse, manifeste, bac.limites, sum(bac.places.values())), wanted.suffixe)

    return conditional(request, f"service-{wanted.suffixe}", wanted.entete, body)


def _graphs(request: Request) -> frozenset[str]:
    return frozenset((*service(request).manifeste.graphes, GRAPHE_DERIVE, GRAPHE_REQUETES))


async def _control(request: Request, appel: Appel) -> Controle:
    protocole = bool(appel.graphes or appel.nommes)  # it then counts in place of FROM: Protocol §2.1.4
    connus = None if protocole else _graphs(request)
    if len(appel.requete) > LONGUE:
        return await asyncio.to_thread(controler, appel.requete, connus)
    return controler(appel.requete, connus)


async def _run(request: Request, appel: Appel, controle: Controle, forme: str) -> bytes:
    demande = Demande(
        appel.requete,
        forme,
        appel.secondes(),
        union=not (controle.jeu_de_donnees or appel.graphes or appel.nommes),
        graphes=appel.graphes,
        nommes=appel.nommes,
        base=f"{adresse_publique(request)}/sparql",
    )
    return await service(request).bac.interroger(demande)


async def _answer(request: Request, appel: Appel) -> Response:
    bac, accept = service(request).bac, request.headers.get("accept", "")
    try:
        controle = await _control(request, appel)
        wanted = variante(accept, appel.format, OFFERTS[controle.sorte])
        if wanted is None:
            return _same_page(request) or await _page(request, bac, appel, controle)
    except Probleme as probleme:
        if accepts_html(accept) and appel.format in ("", TABLEAU):
            return editeur.montrer(request, appel, bac.limites, probleme=probleme)
        raise
    etag = etag_of(request, f"sparql-{wanted.suffixe}")
    headers = _headers(request, bac, appel, etag)
    if request.method == "GET" and unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    body = await _run(request, appel, controle, wanted.suffixe)
    if len(body) > MORCEAU:
        return StreamingResponse(_pieces(body), headers=headers, media_type=wanted.entete)
    return Response(body, headers=headers, media_type=wanted.entete)


def _headers(request: Request, bac: BacASable | BacDistant, appel: Appel, etag: str) -> dict[str, str]:
    headers = {
        "ETag": etag,
        "Vary": "Accept, Accept-Language",
        "Cache-Control": "no-cache",
        "Maillage-Limites": f"delai={bac.limites.delai:g}; lignes={bac.limites.lignes}",
    }
    if not _graphs(request).issuperset((*appel.graphes, *appel.nommes)):
        headers["Maillage-Avis"] = "graphe-inconnu"
    return headers


def _pieces(body: bytes) -> Iterator[bytes]:
    view = memoryview(body)
    return (bytes(view[start : start + MORCEAU]) for start in range(0, len(body), MORCEAU))


async def _page(request: Request, bac: BacASable | BacDistant, appel: Appel, controle: Controle) -> Response:
    if controle.sorte == "graphe":
        text = (await _run(request, appel, controle, "ttl")).decode()
        return editeur.montrer(request, appel, bac.limites, controle.sorte, texte=text)
    resultats = json.loads(await _run(request, appel, controle, "json"))
    return editeur.montrer(request, appel, bac.limites, controle.sorte, resultats=resultats)

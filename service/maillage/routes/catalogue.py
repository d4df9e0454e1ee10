"""The catalogue of open data (DCAT-AP) and the description of the graph (VoID)."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from pyoxigraph import Triple

from maillage.catalogue import void
from maillage.catalogue.dcat import Catalogue
from maillage.catalogue.jeux import CATALOGUE
from maillage.catalogue.vue import Vue
from maillage.donnees_liees.description import write
from maillage.donnees_liees.negociation import (
    HTML,
    PAR_SUFFIXE,
    RDF,
    RESSOURCE,
    Variante,
    accepts_html,
    choose,
)
from maillage.namespaces import BASE
from maillage.problemes import Champ, Probleme
from maillage.routes.contexte import (
    adresse_publique,
    conditional,
    described,
    langue_de,
    offered,
    render,
    service,
)
from maillage.routes.exports import fabrication

routeur = APIRouter()

#: what the catalogue adds to the description of IRIs below these paths.
_DECRITS = tuple(BASE + path for path in ("jeu/", "distribution/", "service/", "catalogue"))
#: pages kept written, all addresses together.
_GARDEES = 64


@routeur.get(
    "/catalogue",
    name="catalogue",
    response_class=Response,
    responses=offered(*RESSOURCE),
    openapi_extra=described("page"),
)
def catalogue(request: Request) -> Response:
    """The catalogue in the format that suits: data at once for a program, a page for a browser."""
    accept = request.headers.get("accept", "")
    choisie = HTML if accepts_html(accept) else choose(accept, RESSOURCE)
    if choisie is None:
        offerts = {one.media: f"{adresse_publique(request)}/catalogue.{one.suffixe}" for one in RESSOURCE}
        raise Probleme(
            "format-refuse", 406, valeurs={"offerts": ", ".join(offerts)}, membres={"offerts": offerts}
        )
    return _variant(request, choisie)


@routeur.get("/catalogue.{suffixe}", name="catalogue_format", include_in_schema=False)
def catalogue_format(request: Request, suffixe: str) -> Response:
    """The catalogue in the format of a suffix."""
    if suffixe not in PAR_SUFFIXE:
        raise Probleme("introuvable", 404)
    return _variant(request, PAR_SUFFIXE[suffixe])


@routeur.get("/.well-known/void", name="void", response_class=Response, responses=offered(*RDF))
def well_known_void(request: Request) -> Response:
    """What the graph holds, counted (VoID)."""
    choisie = choose(request.headers.get("accept", ""), RDF)
    if choisie is None:
        types = [one.media for one in RDF]
        raise Probleme(
            "format-refuse", 406, valeurs={"offerts": ", ".join(types)}, membres={"offerts": types}
        )
    current = _catalogue(request)
    with fabrication():
        return _written(request, f"void-{choisie.suffixe}", choisie, lambda: void.decrire(current))


def complement(request: Request, iri: str) -> list[Triple]:
    """What the catalogue computes of an IRI: addresses, sizes, dates; nothing for other kinds of IRI."""
    if not iri.startswith(_DECRITS):
        return []
    with fabrication():
        return _catalogue(request).description(iri)


def _catalogue(request: Request) -> Catalogue:
    parts = service(request)
    if not parts.offre.jeux:
        raise Probleme("ressource-inconnue", 404, valeurs={"iri": CATALOGUE})
    return Catalogue(parts.offre, parts.depot, adresse_publique(request))


def _variant(request: Request, variante: Variante) -> Response:
    current = _catalogue(request)
    links = [
        f'<{current.adresse}/catalogue.{one.suffixe}>; rel="alternate"; type="{one.media}"'
        for one in RESSOURCE
        if one is not variante
    ]
    entetes = {"Link": ", ".join([f'<{CATALOGUE}>; rel="canonical"', *links])}
    with fabrication():
        if variante is HTML:
            langue = langue_de(request)
            entetes["Content-Language"] = langue
            return conditional(
                request, f"catalogue-{langue}", HTML.entete, lambda: _html(request, current), **entetes
            )
        numero = _numero(request, current.pages)
        return _written(
            request,
            f"catalogue-{numero}-{variante.suffixe}",
            variante,
            lambda: current.page(numero, variante.suffixe),
            **entetes,
        )


def _numero(request: Request, pages: int) -> int:
    asked = request.query_params.get("page", "1")
    if not (asked.isdecimal() and len(asked) < 8 and 1 <= int(asked) <= pages):
        raise Probleme(
            "parametre-refuse", 400, champs=(Champ("page", "invalide", {"attendu": f"1 … {pages}"}),)
        )
    return int(asked)


def _written(
    request: Request, nom: str, variante: Variante, triples: Callable[[], list[Triple]], **entetes: str
) -> Response:
    """A document that a version gives once for each address: written once, while there is room."""
    kept, key = service(request).ecrits, (adresse_publique(request), nom)

    def body() -> bytes:
        if key not in kept:
            written = write(triples(), variante.suffixe)
            if len(kept) >= _GARDEES:
                return written
            kept[key] = written
        return kept[key]

    return conditional(request, nom, variante.entete, body, **entetes)


def _html(request: Request, current: Catalogue) -> str:
    return render(request, "catalogue.html", vue=Vue(current, langue_de(request)))

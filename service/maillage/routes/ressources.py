"""The page and the data of any IRI, at its own path. Mounted last: it takes every path left."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from pyoxigraph import Triple

from maillage.donnees_liees.description import describe, iri_of_path, split_suffix, write
from maillage.donnees_liees.fiche import Noms, incoming, lire_fiche
from maillage.donnees_liees.negociation import HTML, RESSOURCE, Variante, choose
from maillage.problemes import Probleme
from maillage.routes.catalogue import complement
from maillage.routes.contexte import adresse_publique, conditional, langue_de, render, service

routeur = APIRouter()

#: incoming links shown at once for each property, and on the page of one property.
APERCU, PAGE = 10, 100


@routeur.get("/{chemin:path}", name="ressource", include_in_schema=False)
def ressource(request: Request, chemin: str) -> Response:
    """303 to the variant that suits, or the variant whose suffix was asked."""
    tronc, variante = split_suffix(chemin)
    iri = iri_of_path(tronc)
    triples = _description(request, iri)
    if variante is not None:
        return _variant(request, tronc, iri, triples, variante)
    choisie = choose(request.headers.get("accept", ""), RESSOURCE)
    if choisie is None:
        offerts = [one.media for one in RESSOURCE]
        adresses = {one.media: _address(request, tronc, one) for one in RESSOURCE}
        raise Probleme(
            "format-refuse", 406, valeurs={"offerts": ", ".join(offerts)}, membres={"offerts": adresses}
        )
    headers = {
        "Location": _address(request, tronc, choisie, request.query_params.get("langue")),
        "Vary": "Accept, Accept-Language",
        "Link": _links(request, tronc, iri, None),
    }
    return Response(status_code=303, headers=headers)


def _description(request: Request, iri: str) -> list[Triple]:
    parts = service(request)
    try:
        triples = describe(parts.requetes, parts.entrepot, iri)
    except ValueError:  # not an IRI at all: a space, a brace
        triples = []
    triples = sorted({*triples, *complement(request, iri)}, key=str)
    if not triples:
        raise Probleme("ressource-inconnue", 404, valeurs={"iri": iri})
    return triples


def _address(request: Request, tronc: str, variante: Variante, langue: str | None = None) -> str:
    address = f"{adresse_publique(request)}/{quote(tronc)}.{variante.suffixe}"
    return f"{address}?{urlencode({'langue': langue})}" if langue and variante is HTML else address


def _links(request: Request, tronc: str, iri: str, courante: Variante | None) -> str:
    links = [
        f'<{_address(request, tronc, one)}>; rel="alternate"; type="{one.media}"'
        for one in RESSOURCE
        if one is not courante
    ]
    return ", ".join([f'<{quote(iri, safe=":/#?&=%")}>; rel="canonical"', *links])


def _variant(request: Request, tronc: str, iri: str, triples: list[Triple], variante: Variante) -> Response:
    entetes = {"Link": _links(request, tronc, iri, variante)}
    if variante is not HTML:
        nom = variante.suffixe
        return conditional(request, nom, variante.entete, lambda: write(triples, nom), **entetes)
    langue = langue_de(request)
    entetes["Content-Language"] = langue
    return conditional(
        request, f"html-{langue}", HTML.entete, lambda: _html(request, tronc, iri, triples), **entetes
    )


def _html(request: Request, tronc: str, iri: str, triples: list[Triple]) -> str:
    parts, langue = service(request), langue_de(request)
    noms = Noms(parts.requetes, parts.entrepot, parts.textes, langue)
    fiche = lire_fiche(triples, iri, noms, langue)
    choisi = request.query_params.get("par", "")
    decalage = request.query_params.get("decalage", "0")
    debut = int(decalage) if decalage.isdecimal() and len(decalage) < 8 else 0

    def window(propriete: str) -> tuple[int, int]:
        return (PAGE, debut) if propriete == choisi else (APERCU, 0)

    return render(
        request,
        "ressource.html",
        fiche=fiche,
        entrants=incoming(parts.requetes, parts.entrepot, iri, noms, window),
        variantes=[(one.suffixe, _address(request, tronc, one)) for one in RESSOURCE if one is not HTML],
        tronc=tronc,
        choisi=choisi,
        debut=debut,
        page=PAGE,
    )

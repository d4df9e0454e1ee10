"""The worker's page, and the same answer as JSON."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response

from maillage.donnees_liees.negociation import HTML
from maillage.namespaces import etendre, iri
from maillage.problemes import Champ, Probleme
from maillage.question import nettoyer
from maillage.routes import affinage
from maillage.routes.contexte import (
    conditional,
    described,
    etag_of,
    langue_de,
    page,
    render,
    service,
    unchanged,
)
from maillage.routes.groupes import autres_types, grouper

routeur = APIRouter()

#: kinds of territory a bare code may name, tried in this order.
NIVEAUX = ("commune", "departement", "epci", "region")

Question = Annotated[str, Query(alias="q")]
Limite = Annotated[int, Query(ge=1, le=100)]
Territoire = Annotated[str, Query(max_length=200)]


def _answer(
    request: Request, question: str, limite: int, territoire: str, page: bool = False
) -> dict[str, Any]:
    lieu = lieu_demande(request, territoire)
    return affinage.repondre(request, question, limite, lieu, page)


def lieu_demande(request: Request, texte: str) -> str | None:
    """IRI of a territory given by its IRI, its short form (`commune:29232`) or its code (see NIVEAUX).

    None for an empty text. Raises Probleme 400 where there is none.
    """
    if not texte:
        return None
    for candidate in (etendre(texte), *(iri(kind, texte) for kind in NIVEAUX)):
        if candidate in service(request).orienteur.lexique.lieux:
            return candidate
    raise Probleme("parametre-refuse", 400, champs=(Champ("territoire", "territoire"),))


@routeur.get(
    "/api/orientation",
    name="orientation",
    openapi_extra=described("langue", "format", *affinage.PARAMETRES),
)
def orientation(request: Request, q: Question, limite: Limite = 20, territoire: Territoire = "") -> Response:
    """The explained answer to a question, as JSON; its actors as a table for a spreadsheet."""
    question = nettoyer(q)
    langue, variante = langue_de(request), affinage.variante(request)
    tableau = variante is affinage.CSV
    if tableau and "limite" not in request.query_params:
        limite = affinage.LIGNES
    liens: dict[str, str | None] = {}

    def body() -> bytes:
        reponse = _answer(request, question, limite, territoire)
        liens.update(reponse["liens"])
        return affinage.en_csv(request, reponse) if tableau else dump(reponse)

    entetes: dict[str, str] = {"Content-Language": langue}
    if tableau:
        entetes["Content-Disposition"] = 'attachment; filename="maillage-acteurs.csv"'
    response = conditional(
        request, f"orientation-{variante.suffixe}-{langue}", variante.entete, body, **entetes
    )
    if suivant := liens.get("suivant"):
        response.headers["Link"] = f'<{suivant}>; rel="next"'
    return response


def noms_des_champs(request: Request) -> list[tuple[str, str]]:
    """Fields of the understanding that are shown, with their names, in the order of the texts."""
    textes, langue = service(request).textes, langue_de(request)
    keys = [cle for cle in textes.entrees if cle.startswith("facette.")]
    return [(cle.removeprefix("facette."), textes.dire(cle, langue)) for cle in keys]


def dump(document: object) -> bytes:
    """JSON as the service writes it: accents as they are, no space."""
    return orjson.dumps(document)


@routeur.get("/", name="accueil", include_in_schema=False)
def accueil(request: Request) -> Response:
    """The search page, before any question."""
    langue = langue_de(request)
    return conditional(
        request,
        f"accueil-{langue}",
        HTML.entete,
        lambda: render(request, "recherche.html", question="", reponse=None, champs=()),
        **{"Content-Language": langue},
    )


@routeur.get("/recherche", name="recherche", include_in_schema=False)
def recherche(request: Request, q: str = "", limite: Limite = 20, territoire: Territoire = "") -> Response:
    """The same answer as a page. A refused question comes back in the form, with the reason beside it; so
    does a refinement that does not hold, with the way back to the question alone."""
    try:
        question = nettoyer(q)
        etag = etag_of(request, f"recherche-{langue_de(request)}")
        if unchanged(request, etag):
            return Response(status_code=304, headers={"ETag": etag, "Vary": "Accept, Accept-Language"})
        reponse = _answer(request, question, limite, territoire, page=True)
    except Probleme as probleme:
        statut = 400 if q else 200
        return _form(request, q[:200] if q.isprintable() else "", statut, champs=probleme.champs)
    groupes = grouper(reponse)
    response = _form(
        request,
        question,
        reponse=reponse,
        facettes=noms_des_champs(request),
        groupes=groupes,
        autres_types=autres_types(reponse, groupes),
        parametres_repetes=request.query_params.multi_items(),
    )
    response.headers["ETag"] = etag
    return response


def _form(request: Request, question: str, statut: int = 200, **contexte: object) -> Response:
    """The search page in one of its states."""
    autre = affinage.dans_langue(request, "en" if langue_de(request) == "fr" else "fr")
    etat = {"question": question, "reponse": None, "champs": (), "autre_langue": autre, **contexte}
    return page(request, "recherche.html", statut, **etat)

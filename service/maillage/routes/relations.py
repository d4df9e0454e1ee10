"""The system of relations of a territory over HTTP: page with its drawing, JSON, table, RDF, GraphML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import RdfFormat, serialize

from maillage.donnees_liees.negociation import Variante
from maillage.namespaces import PREFIXES, compact, iri, local_name
from maillage.problemes import Probleme
from maillage.requetes.libelles import libelles
from maillage.routes.contexte import adresse_publique, described, langue_de, offered, render, service
from maillage.routes.lieu import OFFERTS, forme_demandee, jour_demande, refuser, repondre, territoire_nomme
from maillage.routes.recherche import dump
from maillage.territoire.rendu_relations import RenduRelations, a_nommer
from maillage.territoire.systeme import Systeme
from maillage.textes import Langue

routeur = APIRouter()

GRAPHML = Variante("graphml", "application/graphml+xml")
FORMES = (*OFFERTS, GRAPHML)
#: stored queries that give the same by hand.
REQUETES = (
    "relations-d-un-territoire",
    "relations-habituelles-d-un-territoire",
    "acteurs-sans-relation-d-un-territoire",
)


@routeur.get(
    "/territoires/{niveau}/{code}/relations",
    name="relations",
    response_class=Response,
    responses=offered(*FORMES),
    openapi_extra=described("etape", "date", "format"),
)
def relations(request: Request, niveau: str, code: str) -> Response:
    """Who is in relation with whom on a territory, as actors state it and as their kinds do by habit.

    `etape`: only the relations by which an association is handed over for this step; `date`: as of that day.
    """
    return _reponse(request, niveau, code, "")


@routeur.get(
    "/territoires/{niveau}/{code}/relations.{suffixe}", name="relations_format", include_in_schema=False
)
def relations_format(request: Request, niveau: str, code: str, suffixe: str) -> Response:
    """The same in the form of a suffix."""
    if suffixe not in {one.suffixe for one in FORMES}:
        raise Probleme("introuvable", 404)
    return _reponse(request, niveau, code, f"relations.{suffixe}")


def _reponse(request: Request, niveau: str, code: str, fichier: str) -> Response:
    _, variante = forme_demandee(request, fichier, FORMES)
    etape = _etape(request)
    rendu = rendu_relations(request, territoire_nomme(niveau, code), etape)
    chemin = f"/territoires/{niveau}/{code}"
    bodies: dict[str, Callable[[], bytes | str]] = {
        "json": lambda: dump(_json(request, rendu, etape)),
        "csv": rendu.en_csv,
        "ttl": lambda: _graphe(request, rendu.systeme),
        "graphml": rendu.en_graphml,
        "html": lambda: _page(request, rendu, etape, chemin),
    }
    return repondre(request, variante, bodies, f"relations-{niveau}-{code}", jour_demande(request), etape)


def rendu_relations(request: Request, territoire: str, etape: str = "") -> RenduRelations:
    """The system of a territory as data in the reader's language; for a step (IRI), what hands over for it.

    Raises Probleme where the territory is not known.
    """
    parts, langue = service(request), langue_de(request)
    bureau = parts.territoires
    if not bureau.couverture.atlas.connait(territoire):
        raise Probleme("introuvable", 404)
    systeme = bureau.systemes.de(territoire, jour_demande(request))
    raisons = _raisons(request, etape) if etape else {}
    if etape:
        systeme = systeme.limite(raisons)
    labels = libelles(parts.entrepot, parts.requetes, a_nommer(systeme), langue) if systeme.toutes else {}
    lieux = parts.orienteur.lexique.lieux

    def nommer(one: str) -> str:
        return lieux[one].nom if one in lieux else local_name(one)

    return RenduRelations(systeme, labels, nommer, parts.textes, langue, raisons)


def _raisons(request: Request, etape: str) -> dict[str, str]:
    """Relations that hand an association over for a step: IRI → whether it is said, or follows by habit."""
    parts = service(request)
    rows = parts.requetes.executer(parts.entrepot, "relais-d-une-etape", {"etape": etape})
    return {row["relation"].value: row["raison"].value for row in rows}


def _etape(request: Request) -> str:
    """IRI of `?etape=`, empty where none is asked for. Raises Probleme for an unknown one."""
    code = request.query_params.get("etape", "")
    etapes = service(request).territoires.couverture.etapes
    if code and code not in {one.code for one in etapes}:
        raise refuser("etape", ", ".join(one.code for one in etapes))
    return iri("etape", code) if code else ""


def _json(request: Request, rendu: RenduRelations, etape: str) -> dict[str, Any]:
    territoire = rendu.systeme.territoire
    return {
        "territoire": {"iri": territoire, "libelle": rendu.nommer(territoire)},
        "date": jour_demande(request) or None,
        "etape": local_name(etape) or None,
        **rendu.en_json(),
    }


def _graphe(request: Request, systeme: Systeme) -> bytes:
    parts = service(request)
    asked = {"relations": [one.iri for one in systeme.toutes]}
    triples = parts.requetes.graphe(parts.entrepot, "relations-graphe", asked) if systeme.toutes else []
    ordered = sorted(triples, key=str)
    names = (
        "mlg",
        "dcterms",
        "skos",
        "xsd",
        "relation",
        "acteur",
        "type",
        "nature",
        "etat",
        "etape",
        "source",
        "statut",
    )
    prefixes = {name: PREFIXES[name] for name in names}
    return serialize(ordered, format=RdfFormat.TURTLE, prefixes=prefixes) or b""


def _page(request: Request, rendu: RenduRelations, etape: str, tronc: str) -> str:
    from maillage.territoire.dessin import dessiner  # as networkx, only where something is drawn

    systeme = rendu.systeme
    graphes = {"declare": systeme.graphe_declare, "habituel": systeme.graphe_habituel}
    return render(
        request,
        "relations.html",
        ici=rendu.nommer(systeme.territoire),
        systeme=rendu.en_json(),
        dessins={name: dessiner(graphe) for name, graphe in graphes.items() if graphe.relations},
        etapes=service(request).territoires.couverture.etapes,
        etape=local_name(etape),
        etats=_etats(request, rendu.langue),
        requetes=REQUETES,
        territoire=compact(systeme.territoire),
        jour=jour_demande(request),
        tronc=tronc,
        formes=[one for one in FORMES if one.suffixe != "html"],
        adresse_page=adresse_publique(request) + tronc + "/relations",
    )


def _etats(request: Request, langue: Langue) -> list[tuple[str, str]]:
    """(code, label) of the states of a relation, in order."""
    concepts = service(request).orienteur.lexique.concepts.values()
    states = sorted((one for one in concepts if one.classe == "EtatRelation"), key=lambda one: one.ordre)
    return [(one.code, one.libelle(langue)) for one in states]

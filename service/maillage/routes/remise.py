"""What a worker takes away from an answer: the sheet handed to the association, actors side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from maillage.namespaces import iri
from maillage.problemes import Champ, Probleme
from maillage.question import nettoyer
from maillage.routes import affinage
from maillage.routes.contexte import langue_de, page, service
from maillage.routes.recherche import Territoire, lieu_demande, noms_des_champs

routeur = APIRouter()

#: actors of a sheet where none is chosen, and the most that a sheet or a comparison holds.
FICHE, FICHE_MAXIMALE, COMPARES = 3, 10, 4
#: how far an answer is read to find the actors that were chosen.
LUS = 100

Json = dict[str, Any]


def _choisis(request: Request, maximum: int, minimum: int = 0) -> list[str]:
    """IRIs of the actors asked for, each once.

    Raises Probleme 400 for an unknown actor, or where there are too few or too many.
    """
    lexique = service(request).orienteur.lexique
    demandes = [texte for texte in request.query_params.getlist("acteur") if texte]
    trouves: dict[str, None] = {}
    for texte in demandes:
        found = next((un for un in (texte, iri("acteur", texte)) if un in lexique.acteurs), None)
        if found is None:
            raise _refus("acteur-inconnu", valeur=texte[:80])
        trouves[found] = None
    if not minimum <= len(trouves) <= maximum:
        raise _refus("acteurs-nombre", minimum=minimum, maximum=maximum)
    return list(trouves)


def _refus(raison: str, **valeurs: object) -> Probleme:
    return Probleme("parametre-refuse", 400, champs=(Champ("acteur", raison, valeurs),))


@routeur.get("/fiche", name="fiche", include_in_schema=False)
def fiche(request: Request, q: str = "", territoire: Territoire = "") -> Response:
    """A sheet for the association: whom to see, why, how to reach them, what to prepare. Made to be printed.

    It takes the parameters of the search, and `acteur`, which may be repeated: without it, the first actors
    of the answer.
    """
    question = nettoyer(q)
    choisis = _choisis(request, FICHE_MAXIMALE)
    lieu = lieu_demande(request, territoire)
    reponse = affinage.repondre(request, question, LUS if choisis else FICHE, lieu, page=True)
    return page(
        request,
        "fiche.html",
        reponse=reponse,
        question=question,
        acteurs=[a for a in reponse["acteurs"] if a["iri"] in choisis] if choisis else reponse["acteurs"],
        hors_reponse=_absents(request, choisis, reponse["acteurs"]),
        a_preparer=_a_preparer(request, reponse),
        retour=affinage.adresse_de(request, "/recherche", "acteur"),
        permanente=affinage.adresse_de(request, "/recherche", "acteur", page=False),
        autre_langue=affinage.dans_langue(request, "en" if langue_de(request) == "fr" else "fr"),
    )


def _absents(request: Request, choisis: Sequence[str], acteurs: Sequence[Json]) -> list[str]:
    """Names of the actors chosen that are not in the answer: the sheet says so rather than forget them."""
    presents = {acteur["iri"] for acteur in acteurs}
    noms = service(request).orienteur.lexique.acteurs
    return [noms[choisi].nom for choisi in choisis if choisi not in presents]


def _a_preparer(request: Request, reponse: Json) -> list[Json]:
    """Activities to talk over: those the question names, else those of the steps it is about."""
    compris = reponse["comprehension"]
    lexique, langue = service(request).orienteur.lexique, langue_de(request)
    nommees = [activite["iri"] for activite in compris["activites"]]
    etapes = {etape["iri"] for etape in compris["etapes"]}
    activites = [c for c in lexique.concepts.values() if c.classe == "Activite"]
    retenues = [c for c in activites if c.iri in nommees] or [
        c for c in activites if etapes.intersection(c.ancetres)
    ]
    return [
        {"iri": c.iri, "libelle": c.libelle(langue), "definition": c.definition(langue)}
        for c in sorted(retenues, key=lambda c: (c.ordre, c.libelle(langue)))
    ]


@routeur.get("/comparer", name="comparer", include_in_schema=False)
def comparer(request: Request, q: str = "", territoire: Territoire = "") -> Response:
    """Two to four actors side by side: `acteur`, repeated; with `q`, why each answers that question."""
    statut, champs, acteurs, raisons = 200, tuple[Champ, ...](), [], {}
    try:
        choisis = _choisis(request, COMPARES, minimum=2)
        acteurs = service(request).orienteur.acteurs(choisis, langue_de(request))
        if q:
            lieu = lieu_demande(request, territoire)
            reponse = affinage.repondre(request, nettoyer(q), LUS, lieu, page=True)
            raisons = {acteur["iri"]: acteur for acteur in reponse["acteurs"]}
    except Probleme as probleme:
        statut, champs = 400, probleme.champs
    return page(
        request,
        "comparer.html",
        statut,
        acteurs=acteurs,
        raisons=raisons,
        question=q,
        champs=champs,
        facettes=noms_des_champs(request),
        retour=affinage.adresse_de(request, "/recherche", "acteur") if q else "",
        autre_langue=affinage.dans_langue(request, "en" if langue_de(request) == "fr" else "fr"),
    )

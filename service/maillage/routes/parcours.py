"""The path of a territory as a page asks for it: the need by its public, its event, its sector."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from maillage.lexique import Concept
from maillage.routes.contexte import langue_de, service
from maillage.routes.lieu import refuser
from maillage.routes.relations import rendu_relations
from maillage.territoire.parcours import Cheminement
from maillage.territoire.rendu import Rendu

#: a need: parameter → concept.
Besoin = dict[str, Concept]
#: parameter → class of the concepts that it takes, by code.
BESOIN = {"public": "Public", "evenement": "Evenement", "secteur": "Secteur"}
#: what is needed where nothing is said: every step of the framework.
SANS_BESOIN = "Etape"


def choix(request: Request) -> dict[str, list[Concept]]:
    """What each parameter of the need may be, by label."""
    langue = langue_de(request)
    return {
        nom: sorted(_concepts(request, classe), key=lambda one: one.libelle(langue).casefold())
        for nom, classe in BESOIN.items()
    }


def besoin_demande(request: Request) -> Besoin:
    """The need asked for, by parameter; empty where none is. Raises Probleme for an unknown code."""
    return {
        nom: _concept(request, nom, classe) for nom, classe in BESOIN.items() if request.query_params.get(nom)
    }


def parcours(request: Request, rendu: Rendu, besoin: Besoin) -> list[dict[str, Any]]:
    """The links of the path of a territory for a need."""
    territoire = rendu.tableau.territoire
    concepts = tuple(one.iri for one in besoin.values()) or tuple(
        one.iri for one in _concepts(request, SANS_BESOIN)
    )
    maillons = service(request).orienteur.parcours(concepts, territoire, rendu.langue)
    secteurs = frozenset(one.iri for nom, one in besoin.items() if nom == "secteur")
    return Cheminement(rendu, rendu_relations(request, territoire), secteurs).completer(maillons)


def _concepts(request: Request, classe: str) -> list[Concept]:
    return [one for one in service(request).orienteur.lexique.concepts.values() if one.classe == classe]


def _concept(request: Request, nom: str, classe: str) -> Concept:
    code = request.query_params[nom]
    concepts = _concepts(request, classe)
    found = next((one for one in concepts if one.code == code), None)
    if found is None:
        raise refuser(nom, ", ".join(sorted(one.code for one in concepts)))
    return found

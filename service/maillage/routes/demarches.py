"""The experiments of the guide: where, by whom, what was learned, who is there, what they became."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from maillage.donnees_liees.negociation import HTML
from maillage.problemes import Probleme
from maillage.routes.contexte import described, langue_de, offered, render, service
from maillage.routes.lieu import JSON, forme_demandee, rendu_de, repondre
from maillage.routes.recherche import dump
from maillage.territoire.experiences import (
    Experience,
    devenirs,
    lire_experiences,
    nommer,
    passages,
    presents,
)
from maillage.territoire.preparation import FRANCE

routeur = APIRouter()

OFFERTS = (HTML, JSON)


@routeur.get(
    "/demarches",
    name="demarches",
    response_class=Response,
    responses=offered(*OFFERTS),
    openapi_extra=described("format"),
)
def demarches(request: Request) -> Response:
    """The experiments that the guide tells, in short."""
    _, variante = forme_demandee(request, "", OFFERTS)
    bodies: dict[str, Callable[[], bytes | str]] = {
        "json": lambda: dump({"demarches": _toutes(request)}),
        "html": lambda: render(request, "demarches.html", demarches=_toutes(request)),
    }
    return repondre(request, variante, bodies, "demarches")


@routeur.get(
    "/demarches/{code}",
    name="demarche",
    response_class=Response,
    responses=offered(*OFFERTS),
    openapi_extra=described("format"),
)
def demarche(request: Request, code: str) -> Response:
    """One experiment: coordination, context, lessons with the guide's pages, actors, what they became."""
    code, variante = forme_demandee(request, code, OFFERTS)
    found = next((one for one in _lues(request) if one.code == code), None)
    if found is None:
        raise Probleme("introuvable", 404)
    experience = found
    bodies: dict[str, Callable[[], bytes | str]] = {
        "json": lambda: dump(_entiere(request, experience)),
        "html": lambda: render(
            request, "demarche.html", demarche=_entiere(request, experience), tronc=f"/demarche/{code}"
        ),
    }
    return repondre(request, variante, bodies, f"demarche-{code}")


def _lues(request: Request) -> list[Experience]:
    parts = service(request)
    return lire_experiences(parts.entrepot, parts.requetes, langue_de(request))


def _toutes(request: Request) -> list[dict[str, Any]]:
    return [_breve(request, one) for one in _lues(request)]


def _breve(request: Request, experience: Experience) -> dict[str, Any]:
    rendu = rendu_de(request, FRANCE)
    return {
        "iri": experience.iri,
        "code": experience.code,
        "nom": experience.nom,
        "debut": experience.debut or None,
        "resume": next(iter(experience.mlg("resume")), ""),
        "territoires": [rendu.lieu(one) for one in experience.mlg("territoire")],
        "pages": sorted(int(one) for one in experience.mlg("page")),
    }


def _entiere(request: Request, experience: Experience) -> dict[str, Any]:
    parts, langue = service(request), langue_de(request)
    couverture, rendu = parts.territoires.couverture, rendu_de(request, FRANCE)
    devenus = devenirs(parts.entrepot, parts.requetes, experience, langue)
    named = {
        name: nommer(parts.entrepot, parts.requetes, experience.mlg(name), langue)
        for name in ("coordination", "participant", "objectif")
    }
    return {
        **_breve(request, experience),
        **named,
        "pistes": experience.mlg("pisteDeTravail"),
        "passages": passages(parts.entrepot, parts.requetes, experience, langue),
        "devenirs": devenus,
        "acteurs": [rendu.acteur(one) for one in presents(couverture, experience, devenus)],
    }

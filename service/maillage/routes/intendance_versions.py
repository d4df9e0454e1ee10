"""The versions of the data, and what changes from one to another."""

from __future__ import annotations

from itertools import islice
from typing import Any

from fastapi import APIRouter, Request, Response

from maillage.donnees_liees.negociation import HTML
from maillage.problemes import Probleme
from maillage.routes.contexte import conditional, langue_de, page, render, service
from maillage.routes.recherche import dump
from maillage.versions import historique
from maillage.versions.differences import Differences
from maillage.versions.differences_ecrites import abreger
from maillage.versions.provenance import en_turtle

routeur = APIRouter()

#: resources shown on one page; the others are counted, and are in the JSON.
MONTREES = 200


@routeur.get("/intendance/versions", name="versions", include_in_schema=False)
def versions(request: Request) -> Response:
    """Every version that is remembered, newest first."""
    found = historique.manifestes(service(request).settings.dossier_instantanes)
    return page(request, "intendance_versions.html", versions=found[::-1])


@routeur.get("/intendance/versions.ttl", name="versions_ttl", include_in_schema=False)
def versions_ttl(request: Request) -> Response:
    """The same as data: PROV-O."""
    found = historique.manifestes(service(request).settings.dossier_instantanes)
    media = "text/turtle; charset=utf-8"
    return conditional(request, "versions-ttl", media, lambda: en_turtle(found))


@routeur.get("/intendance/versions/{de}/{vers}", name="differences", include_in_schema=False)
def differences(request: Request, de: str, vers: str) -> Response:
    """What changes from one version to another, resource by resource; `format=json` gives it whole."""
    dossier, langue = service(request).settings.dossier_instantanes, langue_de(request)
    try:
        noms = [historique.trouver(dossier, one).name for one in (de, vers)]
    except historique.VersionInconnue as error:
        raise Probleme("introuvable", 404) from error
    variante = f"differences-{'-'.join(noms)}-{langue}"
    if request.query_params.get("format") == "json":
        media = "application/json; charset=utf-8"
        return conditional(
            request, f"{variante}-json", media, lambda: dump(_compare(request, noms).en_json())
        )
    return conditional(request, variante, HTML.entete, lambda: _written(request, noms))


def _compare(request: Request, noms: list[str]) -> Differences:
    try:
        return historique.comparer(service(request).settings.dossier_instantanes, *noms)
    except historique.ComparaisonImpossible as error:
        raise Probleme("comparaison-impossible", 404, valeurs={"de": noms[0], "vers": noms[1]}) from error


def _written(request: Request, noms: list[str]) -> str:
    found = _compare(request, noms)
    shown = islice(sorted(found.ressources.items(), key=lambda one: (one[1].etat, one[0])), MONTREES)
    return render(
        request,
        "intendance_differences.html",
        de=noms[0],
        vers=noms[1],
        compte={etat: found.nombre(etat) for etat in ("ajoutee", "modifiee", "retiree")},
        ressources=[_resource(one.en_json(sujet)) for sujet, one in shown],
        reste=max(0, len(found.ressources) - MONTREES),
    )


def _resource(ressource: dict[str, Any]) -> dict[str, Any]:
    """A resource with its terms as a steward writes them."""
    changements = [
        {
            "propriete": abreger(one["propriete"]),
            "avant": list(map(abreger, one["avant"])),
            "apres": list(map(abreger, one["apres"])),
        }
        for one in ressource["changements"]
    ]
    iri = ressource["ressource"].strip("<>")
    return {**ressource, "iri": iri, "ecrite": abreger(ressource["ressource"]), "changements": changements}

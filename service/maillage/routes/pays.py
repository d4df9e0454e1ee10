"""The index of territories: the country on a map, its regions and départements in short, a search of any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import APIRouter, Request, Response

from maillage import tableur
from maillage.donnees_liees.negociation import HTML
from maillage.namespaces import local_name
from maillage.routes.cartes import carte
from maillage.routes.contexte import described, langue_de, offered, render, service
from maillage.routes.lieu import CSV, JSON, forme_demandee, rendu_de, repondre
from maillage.routes.recherche import dump
from maillage.territoire.matrices import NIVEAUX, Resume
from maillage.territoire.preparation import FRANCE
from maillage.territoire.rendu import Rendu
from maillage.textes import Langue

routeur = APIRouter()

OFFERTS = (HTML, JSON, CSV)
#: places that a search shows at most, among so many suggestions.
TROUVES, LUES = 20, 100
#: longest search read.
LONGUEUR = 120
Lieu = dict[str, Any]


@routeur.get(
    "/territoires",
    name="territoires",
    response_class=Response,
    responses=offered(*OFFERTS),
    openapi_extra=described("q", "carte", "format"),
)
def territoires(request: Request) -> Response:
    """Regions and départements: how many actors are listed, which steps are covered. `q`: a place to find."""
    _, variante = forme_demandee(request, "", OFFERTS)
    rendu = rendu_de(request, FRANCE)
    bodies: dict[str, Callable[[], bytes | str]] = {
        "json": lambda: dump({"territoires": [told for one in _tous(request, rendu) for told in one]}),
        "csv": lambda: _csv(request, rendu),
        "html": lambda: _page(request, rendu),
    }
    return repondre(request, variante, bodies, "territoires", request.query_params.get("carte", "")[:1])


def _tous(request: Request, rendu: Rendu) -> Iterator[list[Lieu]]:
    """By level, each territory in short, by name."""
    for niveau in NIVEAUX:
        found = [
            told
            for name, summary in service(request).territoires.matrices.items()
            if (told := resume(rendu, name, summary))["niveau"] == niveau
        ]
        yield sorted(found, key=lambda one: one["libelle"])


def resume(rendu: Rendu, territoire: str, summary: Resume) -> Lieu:
    """A territory in short, as data."""
    atlas = rendu.couverture.atlas
    steps = [
        {
            "etape": local_name(step),
            "etat": told.etat,
            "etat_libelle": rendu.mots[told.etat].libelle,
            "acteurs": told.acteurs,
            "confirmes": told.confirmes,
        }
        for step, told in summary.etapes.items()
    ]
    return {
        **(rendu.lieu(territoire) or {}),
        "englobants": atlas.englobants(territoire)[1:],
        "habitants": atlas.habitants(atlas.masque(territoire)),
        "acteurs": summary.acteurs,
        "confirmes": summary.confirmes,
        "couvertes": summary.couvertes,
        "etapes": steps,
    }


def _csv(request: Request, rendu: Rendu) -> bytes:
    textes, langue = service(request).textes, langue_de(request)
    steps = [f"{textes.dire('filtre.etape', langue)} {one.code}" for one in rendu.couverture.etapes]
    heads = [textes.dire(f"pays.colonne.{name}", langue) for name in COLONNES] + steps
    rows = (
        [*(str(one[name]) for name in COLONNES), *(step["etat_libelle"] for step in one["etapes"])]
        for level in _tous(request, rendu)
        for one in level
    )
    return tableur.ecrire(heads, rows)


COLONNES = ("niveau", "code", "libelle", "habitants", "acteurs", "confirmes", "couvertes")


def _page(request: Request, rendu: Rendu) -> str:
    by_level = dict(zip(NIVEAUX, _tous(request, rendu), strict=True))
    asked = request.query_params.get("q", "").strip()[:LONGUEUR]
    regions = [
        (one, [each for each in by_level["departement"] if one["iri"] in each["englobants"]])
        for one in by_level["region"]
    ]
    inside = {each["iri"] for _, found in regions for each in found}
    return render(
        request,
        "territoires.html",
        regions=regions,
        autres=[one for one in by_level["departement"] if one["iri"] not in inside],
        bassins=by_level["bassin"],
        anciennes=by_level["ancienne-region"],
        france=by_level["pays"],
        trouves=_trouver(request, rendu, asked, langue_de(request)) if asked else (),
        demande=asked,
        carte=carte(request, rendu),
        etapes=rendu.couverture.etapes,
        etats=rendu.etats(),
        mots=rendu.mots,
        formes=("json", "csv"),
    )


def _trouver(request: Request, rendu: Rendu, texte: str, langue: Langue) -> list[dict[str, str]]:
    """The places that a text may name, the likeliest first."""
    found = service(request).suggestions.suggerer(texte, langue, LUES)
    known = rendu.couverture.atlas.connait
    places = [one for one in found if one.genre == "lieu" and known(one.iri)]
    return [
        {**place, "precision": one.precision}
        for one in places[:TROUVES]
        if (place := rendu.lieu(one.iri)) is not None
    ]

"""Any axes of the coverage of a territory crossed: page, JSON, table, data cube."""

from __future__ import annotations

import re
from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from pyoxigraph import RdfFormat, serialize

from maillage.namespaces import BASE, PREFIXES
from maillage.routes.contexte import described, offered, render, service
from maillage.routes.lieu import (
    OFFERTS,
    forme_demandee,
    jour_demande,
    refuser,
    rendu_de,
    repondre,
    territoire_nomme,
)
from maillage.routes.recherche import dump
from maillage.territoire.croisement import Croisement
from maillage.territoire.cube import PREFIXES_CUBE, croisee, cube
from maillage.territoire.grille import Croisee
from maillage.territoire.preparation import AXES

routeur = APIRouter()

PAR_NOM = {name: axe for axe, name in AXES.items()}
LIGNES, COLONNES = "etape", "public"
_VIRGULES = re.compile(r"[,\s]+")


@routeur.get(
    "/territoires/{niveau}/{code}/croisement",
    name="croisement",
    response_class=Response,
    responses=offered(*OFFERTS),
    openapi_extra=described("lignes", "colonnes", "axes", *PAR_NOM, "date", "format"),
)
def croisement(request: Request, niveau: str, code: str) -> Response:
    """Who covers each cell of the axes of a territory crossed as asked.

    `lignes` and `colonnes`: an axis each; or `axes`: several, separated by commas, only the combinations of
    somebody being told beyond two; an axis by its name (secteur=sport) holds it at a concept, by code. With
    no axis crossed, the one cell that is held, with everybody who covers it.
    """
    _, variante = forme_demandee(request, "")
    grille = _grille(request)
    parts = service(request)
    rendu = rendu_de(request, territoire_nomme(niveau, code), grille)
    made = Croisement(rendu, grille, parts.textes.dire("croisement.generaliste", rendu.langue))
    bodies: dict[str, Callable[[], bytes | str]] = {
        "json": lambda: dump({"date": jour_demande(request) or None, **made.en_json()}),
        "csv": lambda: made.en_csv(parts.textes),
        "ttl": lambda: _cube(request, made, f"territoires/{niveau}/{code}"),
        "html": lambda: _page(request, made, f"/territoires/{niveau}/{code}"),
    }
    asked = (jour_demande(request), *grille.axes, *(value for _, value in grille.fixes))
    return repondre(request, variante, bodies, f"croisement-{niveau}-{code}", *asked)


def _grille(request: Request) -> Croisee:
    """The axes crossed and those held. Raises Probleme where one is unknown, or asked for twice."""
    asked = request.query_params
    fixes = tuple((axe, _concept(request, name, axe)) for name, axe in PAR_NOM.items() if asked.get(name))
    said = [asked.get(name, "") for name in ("lignes", "colonnes")]
    if asked.get("axes"):
        said = _VIRGULES.split(asked["axes"].strip(" ,"))
    elif not any(said) and not fixes:
        said = [LIGNES, COLONNES]
    names = [one for one in said if one]
    if any(one not in PAR_NOM for one in names):
        raise refuser("axes" if asked.get("axes") else "lignes", ", ".join(PAR_NOM))
    axes = tuple(PAR_NOM[one] for one in names)
    if len({*axes, *(axe for axe, _ in fixes)}) < len(axes) + len(fixes):
        raise refuser("axes" if asked.get("axes") else "colonnes", ", ".join(PAR_NOM))
    return Croisee(axes, fixes)


def _concept(request: Request, nom: str, axe: str) -> str:
    concepts = service(request).territoires.couverture.axe(axe)
    found = next((one.iri for one in concepts if one.code == request.query_params[nom]), None)
    if found is None:
        raise refuser(nom, ", ".join(one.code for one in concepts))
    return found


def _cube(request: Request, made: Croisement, chemin: str) -> bytes:
    tableau = made.rendu.tableau
    day = tableau.jour or service(request).manifeste.date[:10]
    asked = "&".join(f"{name}={entry['code']}" for name, entry in made.tenus().items())
    crossed = ",".join(AXES[axe] for axe in made.grille.axes)
    address = f"{BASE}{chemin}/croisement?" + "&".join(filter(None, [crossed and f"axes={crossed}", asked]))
    triples = cube(tableau, made.rendu.mots, address, day, croisee(made.noms))
    names = {name: PREFIXES[name] for name in ("mlg", "voc", "couverture", *made.noms)}
    return serialize(triples, format=RdfFormat.TURTLE, prefixes={**PREFIXES_CUBE, **names}) or b""


def _page(request: Request, made: Croisement, tronc: str) -> str:
    couverture, held = made.rendu.couverture, made.tenus()
    axes = [AXES[axe] for axe in made.grille.axes]
    matrix = len(axes) == len((LIGNES, COLONNES))
    return render(
        request,
        "croisement.html",
        ici=made.rendu.territoire(),
        population=made.rendu.population(),
        axes=axes,
        tenus=held,
        lignes=made.lignes() if matrix else (),
        cellules=() if matrix else made.cellules(),
        case=None if axes else made.case(),
        choix={name: couverture.axe(axe) for name, axe in PAR_NOM.items()},
        adresse_case=lambda cell: _case(cell, held),
        etats=made.rendu.etats(),
        mots=made.rendu.mots,
        jour=made.rendu.tableau.jour,
        tronc=tronc,
        formes=[one.suffixe for one in OFFERTS if one.suffixe != "html"],
    )


def _case(cell: dict[str, dict[str, str]], held: dict[str, dict[str, str]]) -> dict[str, str]:
    """Parameters of the page of one cell; none for generalists, which no code names."""
    about = {name: cell[name] for name in PAR_NOM if name in cell and isinstance(cell[name], dict)}
    found = {name: entry["code"] for name, entry in {**held, **about}.items() if "iri" in entry}
    return found if len(found) == len({**held, **about}) else {}

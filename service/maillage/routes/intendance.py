"""The stewards' pages: the state of the corpus, the last report, the words not understood."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response

from maillage.echecs import Candidat
from maillage.problemes import Probleme
from maillage.routes.constats import presenter
from maillage.routes.contexte import Service, langue_de, page, service
from maillage.routes.intendance_revues import par_departement
from maillage.routes.recherche import dump
from maillage.versions import historique
from maillage.versions.instantane import RAPPORT
from maillage.versions.publication import TENTATIVE_RAPPORT, Tentative, derniere

routeur = APIRouter()

#: versions and runs of words shown on the first page, and runs on their own page.
RECENTES, MOTS, TOUS_LES_MOTS = 5, 10, 200
_UNITES = (("jour", 86_400), ("heure", 3_600), ("minute", 60))


@routeur.get("/intendance", name="intendance", include_in_schema=False)
def intendance(request: Request) -> Response:
    """The state of the corpus, and the way to everything a steward looks at."""
    parts = service(request)
    dossier = parts.settings.dossier_instantanes
    return page(
        request,
        "intendance.html",
        manifeste=parts.manifeste,
        age=age(parts.manifeste.date),
        rapport=presenter(_report(parts.dossier / RAPPORT), langue_de(request)),
        sources=_sources(request),
        tentative=_attempt(parts),
        versions=historique.manifestes(dossier)[::-1][:RECENTES],
        mots=_words(parts, MOTS),
        a_relire=len(par_departement(parts, datetime.now(UTC).date())),
    )


@routeur.get("/intendance/rapport", name="rapport", include_in_schema=False)
def rapport(request: Request) -> Response:
    """The report of the last attempt to publish, good or bad; that of the version in service without one."""
    parts = service(request)
    tentative = _attempt(parts)
    path = parts.settings.dossier_instantanes / TENTATIVE_RAPPORT
    if tentative is None or tentative.conforme is None or not path.is_file():
        path, tentative = parts.dossier / RAPPORT, None
    found = _report(path)
    if request.query_params.get("format") == "json":
        return Response(dump(found), headers={"Cache-Control": "no-cache"}, media_type="application/json")
    shown = presenter(found, langue_de(request))
    return page(request, "intendance_rapport.html", rapport=shown, tentative=tentative)


@routeur.get("/intendance/mots", name="mots", include_in_schema=False)
def mots(request: Request) -> Response:
    """The words of questions that no label knows yet."""
    return page(request, "intendance_mots.html", mots=_words(service(request), TOUS_LES_MOTS))


def age(date: str, maintenant: datetime | None = None) -> tuple[int, str]:
    """How long ago a date (ISO 8601 with its zone) was: a number, and « jour », « heure » or « minute »."""
    seconds = ((maintenant or datetime.now(UTC)) - datetime.fromisoformat(date)).total_seconds()
    for unite, longueur in _UNITES:
        if seconds >= longueur:
            return int(seconds // longueur), unite
    return 0, "minute"


def _report(path: Path) -> dict[str, Any]:
    """A report written by a build. Raises Probleme 404 where it cannot be read."""
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Probleme("introuvable", 404) from error
    return found


def _attempt(parts: Service) -> Tentative | None:
    return derniere(parts.settings.dossier_instantanes)


def _sources(request: Request) -> int:
    parts = service(request)
    rows = parts.requetes.executer(parts.entrepot, "sources", {"langue": [langue_de(request)]})
    return len({row["source"].value for row in rows})


def _words(parts: Service, limite: int) -> list[Candidat] | None:
    """Runs of unknown words; None where they are not counted, or cannot be read."""
    try:
        return parts.echecs.candidats(limite) if parts.echecs else None
    except sqlite3.Error:
        return None

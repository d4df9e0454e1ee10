"""Records due for review: how many in each département, and which."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import Literal

from maillage.changements.journal import Journal, JournalAbsent
from maillage.namespaces import iri
from maillage.problemes import Champ, Probleme
from maillage.qualite import revues
from maillage.routes.contexte import Service, langue_de, page, service

routeur = APIRouter()

#: records shown on one page; the others are counted, and are in the table.
MONTREES = 200
Departement = Annotated[str, Query(max_length=3)]
Echeance = Annotated[date | None, Query()]


@routeur.get("/intendance/a-relire", name="a_relire", include_in_schema=False)
def a_relire(
    request: Request, departement: Departement = "", echeance: Echeance = None, format: str = ""
) -> Response:
    """The records due by a day (today without one): counted by département, or those of one.

    `format`: csv or ics, for one département.
    """
    parts, langue = service(request), langue_de(request)
    now = datetime.now(UTC)
    jour = echeance or now.date()
    counts = par_departement(parts, jour)
    if not departement:
        return page(request, "intendance_revues.html", comptes=counts, echeance=jour, trouvees=None)
    lieu = iri("departement", departement)
    nom = parts.orienteur.lexique.lieux.get(lieu)
    if nom is None:
        raise Probleme("parametre-refuse", 400, champs=(Champ("departement", "territoire"),))
    trouvees = revues.a_relire(parts.entrepot, parts.requetes, lieu, jour, langue, _journal(parts))
    if format in ("csv", "ics"):
        return _fichier(request, format, trouvees, departement, now)
    return page(
        request,
        "intendance_revues.html",
        comptes=counts,
        echeance=jour,
        departement=departement,
        nom=nom.nom,
        trouvees=trouvees[:MONTREES],
        reste=max(0, len(trouvees) - MONTREES),
    )


def _journal(parts: Service) -> Journal | None:
    """The journal of changes; none while it is not kept yet."""
    try:
        return Journal(parts.settings.dossier_instantanes)
    except JournalAbsent:
        return None


def par_departement(parts: Service, jour: date) -> list[dict[str, str | int]]:
    """Code, name and number of records due of each département that has some."""
    asked = {"echeance": jour.isoformat()}
    rows = parts.requetes.executer(parts.entrepot, "acteurs-a-relire-par-departement", asked)
    return [
        {"code": row["code"].value, "nom": row["nom"].value, "nombre": int(row["nombre"].value)}
        for row in rows
        if isinstance(row["nombre"], Literal)
    ]


def _fichier(
    request: Request, format: str, trouvees: list[revues.Revue], departement: str, now: datetime
) -> Response:
    if format == "ics":
        from maillage.qualite.agenda import en_ics

        body, media = en_ics(trouvees, departement, now), "text/calendar; charset=utf-8"
    else:
        body = revues.en_csv(trouvees, service(request).textes, langue_de(request))
        media = "text/csv; charset=utf-8"
    name = f"maillage-a-relire-{departement}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return Response(body, headers=headers, media_type=media)

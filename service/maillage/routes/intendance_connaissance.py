"""The state of knowledge: how much is known of each département and kind, and what the blanks mean."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from maillage.donnees_liees.noms import Noms
from maillage.namespaces import iri
from maillage.problemes import Champ, Probleme
from maillage.qualite import connaissance
from maillage.routes.contexte import langue_de, page, service

routeur = APIRouter()


@routeur.get("/intendance/connaissance", name="connaissance", include_in_schema=False)
def voir(
    request: Request,
    departement: Annotated[str, Query(max_length=3)] = "",
    echeance: Annotated[date | None, Query()] = None,
    format: str = "",
) -> Response:
    """The kinds in each state, by département, or the kinds of one; `format=csv` gives the table."""
    parts, langue = service(request), langue_de(request)
    jour = echeance or datetime.now(UTC).date()
    noms = Noms(parts.requetes, parts.entrepot, parts.textes, langue)
    tous = connaissance.iri_departements(
        parts.requetes.executer(parts.entrepot, "connaissance-departements", {})
    )
    voulus = [iri("departement", departement)] if departement else tous
    if not set(voulus) <= set(tous):
        raise Probleme("parametre-refuse", 400, champs=(Champ("departement", "territoire"),))
    found = connaissance.connaissances(parts.entrepot, parts.requetes, voulus, jour, noms)
    if format == "csv":
        body = connaissance.en_csv(found, noms, parts.textes, langue)
        nom = f"maillage-connaissance{'-' + departement if departement else ''}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{nom}"', "Cache-Control": "no-cache"}
        return Response(body, headers=headers, media_type="text/csv; charset=utf-8")
    return page(
        request,
        "intendance_connaissance.html",
        echeance=jour,
        departement=departement,
        nom=noms.dire(voulus[0]) if departement else "",
        trouvees=found if departement else None,
        comptes=[(one, noms.dire(one), counts) for one, counts in connaissance.bilan(found).items()],
        etats=connaissance.ETATS,
    )

"""Pages about the pages: their design, their accessibility."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from maillage.couleurs import PAIRES, contraste, lire_palette
from maillage.routes.contexte import page_stable

routeur = APIRouter()

#: steps of the scale of spaces, in rem.
ESPACES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.25, 3.0)


class Contraste(NamedTuple):
    """Ink on a ground, the ratio to reach, and the ratios in light and in dark."""

    encre: str
    fond: str
    exige: float
    clair: float
    sombre: float


@routeur.get("/style", name="style", include_in_schema=False)
def style(request: Request) -> Response:
    """The design: type, colours with their contrasts computed from the sheet, spaces, components, tone."""
    palette = lire_palette()
    contrastes = [
        Contraste(
            encre,
            fond,
            exige,
            contraste(palette.clair[encre], palette.clair[fond]),
            contraste(palette.sombre[encre], palette.sombre[fond]),
        )
        for encre, fond, exige in PAIRES
    ]
    return page_stable(
        request, "style", "style.html", palette=palette, contrastes=contrastes, espaces=ESPACES
    )


@routeur.get("/accessibilite", name="accessibilite", include_in_schema=False)
def accessibilite(request: Request) -> Response:
    """The declaration of accessibility: what is tested, how, what is known to be missing."""
    return page_stable(request, "accessibilite", "accessibilite.html")

"""The pages of the service, found from its routes and the links of its pages: a new page is found too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from starlette.routing import Match, Route

from maillage.app import ROUTEURS

#: addresses read at most.
LUES = 300
_LIEN = re.compile(r'<a [^>]*?href="([^"]+)"')
_VARIANTE = re.compile(r"\.\w{1,6}$")

#: text of an address, or None where it is not an HTML page.
Lire = Callable[[str], str | None]


class Page(NamedTuple):
    """A page: a name for people, its path with its query."""

    nom: str
    chemin: str


def routes() -> list[Route]:
    """Every route of the service, in the order in which they are tried."""
    return [route for routeur in ROUTEURS for route in routeur.routes if isinstance(route, Route)]


def decouvrir(lire: Lire, racine: str) -> list[Page]:
    """One page of each shape, from the routes without a parameter, then from link to link.

    `racine` is the public address.
    """
    trouvees: dict[str, Page] = {}
    connues = routes()
    file = [r.path for r in connues if "GET" in (r.methods or ()) and "{" not in r.path]
    vues: set[str] = set()
    while file and len(vues) < LUES:
        chemin = file.pop(0)
        forme = _forme(connues, chemin)
        if chemin in vues or forme in trouvees:
            continue
        vues.add(chemin)
        texte = lire(chemin)
        if texte is not None:
            trouvees[forme] = Page(forme, chemin)
            file.extend(_liens(texte, chemin, racine))
    return list(trouvees.values())


def _forme(connues: Sequence[Route], chemin: str) -> str:
    """Name of the route that answers, with the kind of resource where all kinds share one."""
    path = urlsplit(chemin).path
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    route = next(route for route in connues if route.matches(scope)[0] is Match.FULL)
    if route.path.startswith("/{"):
        return "/".join([route.name, *_VARIANTE.sub("", path).strip("/").split("/")[:-1]])
    return route.name


def _liens(texte: str, chemin: str, racine: str) -> Iterator[str]:
    """Links of a page to this site, without their fragments."""
    for lien in _LIEN.findall(texte):
        parts = urlsplit(urljoin(racine + chemin, unescape(lien)))
        if f"{parts.scheme}://{parts.netloc}" == racine:
            yield parts.path + (f"?{parts.query}" if parts.query else "")

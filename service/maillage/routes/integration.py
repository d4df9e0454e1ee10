"""Search from elsewhere: a box to paste in any site, and the description that browsers read."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from maillage.couleurs import Palette, lire_couleur, lire_palette, lisible_sur
from maillage.problemes import Champ, Probleme
from maillage.routes.contexte import adresse_publique, conditional, langue_de, page, render, service
from maillage.routes.entetes import SECURITE
from maillage.routes.recherche import Territoire, lieu_demande

routeur = APIRouter()

THEMES = ("auto", "clair", "sombre")
#: size of the frame, in pixels: what the box needs at 320 pixels.
LARGEUR, HAUTEUR = 320, 270


def _politique(**directives: str) -> dict[str, str]:
    """The security policy with some directives of its own."""
    regles = dict(regle.split(" ", 1) for regle in SECURITE["Content-Security-Policy"].split("; "))
    regles |= {nom.replace("_", "-"): valeur for nom, valeur in directives.items()}
    return {"Content-Security-Policy": "; ".join(f"{nom} {valeur}" for nom, valeur in regles.items())}


def _choix(request: Request, palette: Palette) -> dict[str, str]:
    """Colour and theme asked for. Raises Probleme 400."""
    texte = request.query_params.get("couleur") or palette.clair["accent"]
    theme = request.query_params.get("theme") or THEMES[0]
    try:
        couleur = lire_couleur(texte)
    except ValueError:
        raise Probleme("parametre-refuse", 400, champs=(Champ("couleur", "couleur"),)) from None
    if theme not in THEMES:
        champ = Champ("theme", "invalide", {"attendu": ", ".join(THEMES)})
        raise Probleme("parametre-refuse", 400, champs=(champ,))
    return {"couleur": couleur, "theme": theme}


@routeur.get("/integrer", name="integrer", include_in_schema=False)
def integrer(request: Request, territoire: Territoire = "") -> Response:
    """The code to paste, for the territory, colour and theme chosen; a refusal stands by its field."""
    palette, champs = lire_palette(), tuple[Champ, ...]()
    choix, lieu = {"couleur": palette.clair["accent"], "theme": THEMES[0]}, None
    try:
        choix = _choix(request, palette)
        lieu = lieu_demande(request, territoire)
    except Probleme as probleme:
        champs = probleme.champs
    response = page(
        request,
        "integrer.html",
        400 if champs else 200,
        choix=choix,
        lieu=service(request).orienteur.lexique.lieux[lieu].nom if lieu else "",
        territoire=territoire,
        champs={champ.nom: champ for champ in champs},
        themes=THEMES,
        dimensions=(LARGEUR, HAUTEUR),
    )
    response.headers.update(_politique(frame_src="'self'"))
    return response


@routeur.get("/integrer/cadre", name="cadre", include_in_schema=False)
def cadre(request: Request, territoire: Territoire = "") -> Response:
    """The box itself, the only page that other sites may frame."""
    choix, lieu = _choix(request, lire_palette()), lieu_demande(request, territoire)
    lexique = service(request).orienteur.lexique
    response = page(
        request,
        "cadre.html",
        choix=choix,
        territoire=territoire,
        lieu=lexique.lieux[lieu].nom if lieu else "",
    )
    response.headers.update(_politique(frame_ancestors="*", script_src="'none'"))
    return response


@routeur.get("/integrer/cadre.css", name="cadre-css", include_in_schema=False)
def cadre_css(request: Request) -> Response:
    """The colours of a box: the accent asked for, with the ink that is read on it."""
    palette = lire_palette()
    choix = _choix(request, palette)
    accent = {"accent": choix["couleur"], "sur-accent": lisible_sur(choix["couleur"])}
    tons = {"clair": palette.clair, "sombre": palette.sombre}
    schema = {"clair": "color-scheme: light; ", "sombre": "color-scheme: dark; "}.get(choix["theme"], "")
    corps = f":root {{ {schema}{_declarations({**tons.get(choix['theme'], {}), **accent})} }}\n"
    variante = f"cadre-{choix['theme']}-{choix['couleur'].lstrip('#')}"
    return conditional(request, variante, "text/css; charset=utf-8", lambda: corps)


def _declarations(jetons: Mapping[str, str]) -> str:
    return " ".join(f"--{nom}: {valeur};" for nom, valeur in jetons.items())


@routeur.get("/opensearch.xml", name="opensearch", include_in_schema=False)
def opensearch(request: Request) -> Response:
    """What a browser needs to offer this search in its address bar (OpenSearch 1.1)."""
    langue = langue_de(request)
    return conditional(
        request,
        f"opensearch-{langue}",
        "application/opensearchdescription+xml; charset=utf-8",
        lambda: render(request, "opensearch.xml", racine=adresse_publique(request)),
        **{"Content-Language": langue},
    )

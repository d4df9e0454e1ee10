"""What the pages of a territory read of a request: which territory, as of when, in which form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from fastapi import Request, Response

from maillage.donnees_liees.negociation import HTML, TURTLE, Variante, choose
from maillage.namespaces import CHEMINS, iri, local_name
from maillage.problemes import Champ, Probleme
from maillage.routes.contexte import conditional, langue_de, service
from maillage.routes.protocole import refus
from maillage.territoire.couverture import PAR_ETAPE, Tableau
from maillage.territoire.grille import Grille
from maillage.territoire.preparation import FICHIER as PREPARATION
from maillage.territoire.rendu import Rendu
from maillage.versions import historique
from maillage.versions.manifeste import Manifeste

JSON = Variante("json", "application/json")
CSV = Variante("csv", "text/csv")
OFFERTS = (JSON, HTML, CSV, TURTLE)
#: forms that are files to keep.
FICHIERS = ("csv", "graphml")
#: prefixes that name territories.
NIVEAUX = tuple(name for name, path in CHEMINS.items() if path.startswith("territoire/"))


def repondre(
    request: Request,
    variante: Variante,
    bodies: Mapping[str, Callable[[], bytes | str]],
    fichier: str,
    *dits: str,
) -> Response:
    """An answer in a form, by suffix; a table or a graph is a file to keep.

    `dits`: what else the answer depends on, checked.
    """
    langue = langue_de(request)
    entetes: dict[str, str] = {"Content-Language": langue}
    if variante.suffixe in FICHIERS:
        entetes["Content-Disposition"] = f'attachment; filename="{fichier}.{variante.suffixe}"'
    name = "-".join((fichier, variante.suffixe, langue, *dits))
    return conditional(request, name, variante.entete, bodies[variante.suffixe], **entetes)


def territoire_nomme(niveau: str, code: str) -> str:
    """IRI of a territory; empty where the level is none."""
    return iri(niveau, code) if niveau in NIVEAUX else ""


def forme_demandee(
    request: Request, code: str, offerts: tuple[Variante, ...] = OFFERTS
) -> tuple[str, Variante]:
    """The code without its suffix, and the form. Raises Probleme where none suits."""
    par_suffixe = {one.suffixe: one for one in offerts}
    tronc, _, suffixe = code.rpartition(".")
    if tronc and suffixe in par_suffixe:
        return tronc, par_suffixe[suffixe]
    asked = request.query_params.get("format", "")
    if asked and asked not in par_suffixe:
        raise refuser("format", ", ".join(par_suffixe))
    found = par_suffixe.get(asked) or choose(request.headers.get("accept", ""), offerts)
    if found is None:
        raise refus(offerts)
    return code, found


def refuser(nom: str, attendu: str) -> Probleme:
    """The refusal of a parameter."""
    return Probleme("parametre-refuse", 400, champs=(Champ(nom, "invalide", {"attendu": attendu}),))


def jour_demande(request: Request) -> str:
    """`?date=`, empty for today. Raises Probleme where it is no date."""
    said = request.query_params.get("date", "")
    try:
        return date.fromisoformat(said).isoformat() if said else ""
    except ValueError as error:
        raise refuser("date", "AAAA-MM-JJ") from error


def _tableau(request: Request, territoire: str, grille: Grille = PAR_ETAPE) -> Tableau:
    """Raises Probleme where the territory is not known."""
    couverture = service(request).territoires.couverture
    if not couverture.atlas.connait(territoire):
        raise Probleme("introuvable", 404)
    day = jour_demande(request)
    return (
        couverture.de(territoire, day) if grille is PAR_ETAPE else couverture.croiser(territoire, grille, day)
    )


def rendu_de(request: Request, territoire: str, grille: Grille = PAR_ETAPE) -> Rendu:
    """The coverage of a territory on a grid, as data in the reader's language. Raises Probleme."""
    parts, langue = service(request), langue_de(request)
    tableau = _tableau(request, territoire, grille)
    lexique = parts.orienteur.lexique
    lieux, mots = lexique.lieux, parts.territoires.mots(langue)

    def nommer(one: str) -> str:
        return lieux[one].nom if one in lieux else local_name(one)

    def definir(one: str) -> str:
        return lexique.concepts[one].definition(langue) if one in lexique.concepts else ""

    return Rendu(parts.territoires.couverture, tableau, mots, nommer, definir, langue)


def autre_demande(request: Request) -> Tableau | None:
    """The territory to compare with. Raises Probleme where it is not known."""
    said = request.query_params.get("autre", "")
    niveau, _, code = said.partition(":")
    if not said:
        return None
    if niveau not in NIVEAUX:
        raise refuser("autre", "departement:35")
    return _tableau(request, iri(niveau, code))


def depuis_demande(request: Request) -> Path | None:
    """`?depuis=`, an earlier version by number or name: its folder. Raises Probleme where it is not kept."""
    said = request.query_params.get("depuis", "")
    if not said:
        return None
    parts = service(request)
    try:
        found = historique.trouver(parts.settings.dossier_instantanes, said)
    except historique.VersionInconnue as error:
        raise Probleme("introuvable", 404) from error
    if not (found / PREPARATION).is_file():
        vers = parts.manifeste.version
        raise Probleme("comparaison-impossible", 404, valeurs={"de": found.name, "vers": vers})
    return found


def comparables(request: Request) -> list[Manifeste]:
    """The earlier versions that a territory can be compared with, newest first."""
    parts = service(request)
    dossier = parts.settings.dossier_instantanes
    return [
        one
        for one in reversed(historique.manifestes(dossier))
        if one.version != parts.manifeste.version and (dossier / one.version / PREPARATION).is_file()
    ]

"""A territorial process prepared: form, programme, printable document, data, calendar. Nothing is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from maillage.donnees_liees.description import write
from maillage.donnees_liees.negociation import HTML, JSONLD, TURTLE, Variante, choose
from maillage.methode.calendrier import calendrier
from maillage.methode.demande import (
    DEMI_JOURNEES,
    FUSEAU,
    HEURE,
    JOURNEE,
    PARTICIPANTS,
    SEMAINES,
    Demande,
    DemandeRefusee,
    lire_demande,
)
from maillage.methode.donnees import code, triplets
from maillage.methode.invites import inviter
from maillage.methode.noms import Noms
from maillage.methode.programme import Programme, RendezVous, programmer
from maillage.methode.regles import Regles, lire_regles
from maillage.namespaces import compact, local_name
from maillage.problemes import MEDIA_PROBLEME, Champ, Probleme
from maillage.routes.contexte import Liens, conditional, described, langue_de, offered, page, service
from maillage.routes.protocole import refus
from maillage.textes import LANGUES, Langue, date_lisible
from maillage.turtle.document import document

routeur = APIRouter()

ICS = Variante("ics", "text/calendar")
OFFERTS = (HTML, TURTLE, JSONLD, ICS)
DONNEES = {one.suffixe: one for one in OFFERTS if one is not HTML}
PARAMETRES = (
    "territoire", "objectif", "coordination", "debut", "fin", "ecart", "seances", "forme", "participants",
    "invite", "heure", "fuseau",
)  # fmt: skip


@routeur.get(
    "/methode",
    name="methode",
    response_class=Response,
    # A refused form comes back as the page, each fault at its field.
    responses=offered(*OFFERTS) | {400: {"content": {HTML.media: {}, MEDIA_PROBLEME: {}}}},
    openapi_extra=described(*PARAMETRES),
)
def methode(request: Request) -> Response:
    """The programme of a process as a page with its form, or in the format asked for."""
    variante = choose(request.headers.get("accept", ""), OFFERTS)
    if variante is None:
        raise refus(OFFERTS)
    if variante is not HTML:
        return _donnees(request, variante)
    regles = _regles(request)
    if "debut" not in request.query_params:
        return _page(request, regles)  # a link that only names the territory: nothing was asked yet
    try:
        return _page(request, regles, _programme(request, regles))
    except DemandeRefusee as error:
        return _page(request, regles, champs=error.champs)


@routeur.get(
    "/methode.{suffixe}",
    name="methode_donnees",
    response_class=Response,
    responses=offered(*DONNEES.values()),
    openapi_extra=described(*PARAMETRES),
)
def methode_donnees(request: Request, suffixe: str) -> Response:
    """The same programme as data (ttl, jsonld) or as a calendar (ics)."""
    if suffixe not in DONNEES:
        raise Probleme("introuvable", 404)
    return _donnees(request, DONNEES[suffixe])


def _regles(request: Request, langue: Langue | None = None) -> Regles:
    parts = service(request)
    return lire_regles(parts.entrepot, parts.requetes, langue or langue_de(request))


def _noms(request: Request) -> Noms:
    return Noms(service(request).orienteur.lexique)


def _demande(request: Request, regles: Regles) -> Demande:
    return lire_demande(request.query_params.getlist, _noms(request), regles)


def _programme(request: Request, regles: Regles) -> Programme:
    return programmer(_demande(request, regles), regles)


def _donnees(request: Request, variante: Variante) -> Response:
    """Raises Probleme, with the fields at fault."""
    try:
        programme = _programme(request, _regles(request))
    except DemandeRefusee as error:
        raise Probleme("parametre-refuse", 400, champs=error.champs) from error
    bodies: dict[str, Callable[[], bytes | str]] = {
        "ttl": lambda: document(_triplets(request)),
        "jsonld": lambda: write(_triplets(request), "jsonld"),
        "ics": lambda: _calendrier(request, programme),
    }
    langue = langue_de(request)
    asked = hashlib.sha256(request.url.query.encode()).hexdigest()[:12]
    entetes: dict[str, str] = {"Content-Language": langue}
    if variante is ICS:
        entetes["Content-Disposition"] = f'attachment; filename="{code(programme)}.ics"'
    return conditional(
        request,
        f"methode-{variante.suffixe}-{langue}-{asked}",
        variante.entete,
        bodies[variante.suffixe],
        **entetes,
    )


def _triplets(request: Request) -> list[Any]:
    parts = service(request)
    programmes = {langue: _programme(request, _regles(request, langue)) for langue in LANGUES}
    place = next(iter(programmes.values())).demande.territoire
    noms = {
        langue: parts.textes.dire("methode.nom", langue, territoire=_noms(request).nom(place))
        for langue in LANGUES
    }
    return triplets(programmes, noms, parts.manifeste.date[:10])


def _calendrier(request: Request, programme: Programme) -> bytes:
    parts, langue = service(request), langue_de(request)
    place = _noms(request).nom(programme.demande.territoire)

    def dire(rendez_vous: RendezVous, rang: int) -> tuple[str, str]:
        temps, suite = rendez_vous.temps, _rang(request, rendez_vous)
        if len(rendez_vous.jours) > 1:
            half = parts.textes.dire("methode.demi-journee", langue, rang=rang + 1)
            suite = ", ".join(filter(None, [suite, half]))
        lines = [temps.resume, *(f"- {one.texte}" for one in temps.consignes)]
        lines += [f"{one.libelle} : {one.titre}" for one in temps.liens.get("outil", ())]
        return f"{temps.nom} ({suite})" if suite else temps.nom, "\n".join(lines)

    nom = parts.textes.dire("methode.nom", langue, territoire=place)
    prepared = datetime.fromisoformat(parts.manifeste.date).astimezone(UTC)
    return calendrier(programme, nom, place, prepared, dire)


def _rang(request: Request, rendez_vous: RendezVous) -> str:
    """« 1 sur 2 », "" for a session that is alone."""
    if rendez_vous.nombre == 1:
        return ""
    values = {"rang": rendez_vous.rang, "nombre": rendez_vous.nombre}
    return service(request).textes.dire("methode.rang", langue_de(request), **values)


def _page(
    request: Request, regles: Regles, programme: Programme | None = None, champs: Sequence[Champ] = ()
) -> Response:
    parts, langue = service(request), langue_de(request)
    dire = parts.textes.dire
    reasons = [
        {"nom": one.nom, "raison": dire(f"champ.{one.raison}", langue, **_lisibles(request, one.valeurs))}
        for one in champs
    ]
    said = {nom: request.query_params.getlist(nom) for nom in PARAMETRES}
    contexte: dict[str, Any] = {
        "regles": regles,
        "programme": programme,
        "champs": reasons,
        "dit": {nom: values[0] if values else "" for nom, values in said.items()},
        "objectifs": {text.removeprefix("objectif:") for text in said["objectif"]},
        "invites": set(said["invite"]),
        "defauts": {"heure": f"{HEURE:%H:%M}", "fuseau": FUSEAU, "ecart": regles.ecart[0]},
        "bornes": {"participants": PARTICIPANTS, "semaines": SEMAINES},
        "formes": (JOURNEE, DEMI_JOURNEES),
        "code": local_name,
        "autre_langue": _adresse(request, "/methode", langue="en" if langue == "fr" else "fr"),
    }
    if programme:
        contexte |= _contexte(request, programme)
    return page(request, "methode.html", 400 if champs else 200, **contexte)


def _contexte(request: Request, programme: Programme) -> dict[str, Any]:
    """What the page of a programme shows besides it."""
    parts, langue, noms = service(request), langue_de(request), _noms(request)
    place = programme.demande.territoire
    familles = inviter(parts.entrepot, parts.requetes, parts.orienteur.lexique, place, langue)
    niveau, _, code_du_lieu = compact(place).partition(":")
    return {
        "lieu": noms.nom(place),
        "adresse_lieu": f"/territoires/{niveau}/{code_du_lieu}.html",
        "coordination": [(one, noms.nom(one, langue)) for one in programme.demande.coordination],
        "invites": {local_name(one) for one in programme.demande.invites},
        "invites_nommes": [(one, noms.nom(one, langue)) for one in programme.demande.invites],
        "familles": familles,
        "rang": lambda one: _rang(request, one),
        "est_date": lambda one: isinstance(one, RendezVous),
        "avis": [(one.champ, _avis(request, one.code, one.valeurs)) for one in programme.avis],
        "fichiers": {suffixe: _adresse(request, f"/methode.{suffixe}") for suffixe in DONNEES},
        "adresse_page": _adresse(request, "/methode"),
    }


def _avis(request: Request, nom: str, valeurs: dict[str, object]) -> str:
    return service(request).textes.dire(f"methode.avis.{nom}", langue_de(request), **valeurs)


def _lisibles(request: Request, valeurs: Any) -> dict[str, object]:
    """Values of a sentence, dates as people read them."""
    parts, langue = service(request), langue_de(request)
    return {
        nom: date_lisible(parts.textes, one, langue) if nom == "jour" else one for nom, one in valeurs.items()
    }


def _adresse(request: Request, chemin: str, **plus: str) -> str:
    """An address with the parameters of this one."""
    given = [(nom, one) for nom in PARAMETRES for one in request.query_params.getlist(nom) if one]
    base = Liens(request).page(chemin, **plus)
    return base + ("&" if "?" in base else "?") * bool(given) + urlencode(given)

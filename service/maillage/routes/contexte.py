"""What every route shares: the service's parts, the language, addresses, conditional answers, pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request, Response
from jinja2 import Environment
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from maillage.bac_a_sable.distant import BacDistant
from maillage.bac_a_sable.essais import Essais
from maillage.bac_a_sable.reserve import BacASable
from maillage.catalogue.depot import Depot
from maillage.catalogue.jeux import Offre
from maillage.config import Settings
from maillage.donnees_liees.description import path_of_iri
from maillage.donnees_liees.negociation import HTML, Variante, choose_language
from maillage.echecs import Echecs
from maillage.namespaces import compact
from maillage.orientation import Orienteur
from maillage.outils.guichet import Guichet
from maillage.requetes.recueil import Requetes, posees
from maillage.requetes.requete import Valeur
from maillage.routes.inchange import Cle, Reponse
from maillage.routes.redite import Redites
from maillage.routes.relais import CLE, Usage
from maillage.store.entrepot import Entrepot
from maillage.suggestions import Suggestions
from maillage.territoire.bureau import Bureau
from maillage.textes import LANGUES, Langue, Textes
from maillage.versions.manifeste import Manifeste

#: characters of an address that every browser and proxy takes.
ADRESSE = 4_000


@dataclass(frozen=True)
class Service:
    """Everything a route may use; built once for a version of the data, never changed after."""

    settings: Settings
    dossier: Path
    entrepot: Entrepot
    manifeste: Manifeste
    requetes: Requetes
    textes: Textes
    gabarits: Environment
    orienteur: Orienteur
    suggestions: Suggestions
    territoires: Bureau
    guichet: Guichet
    echecs: Echecs | None
    bac: BacASable | BacDistant
    essais: Essais
    offre: Offre
    depot: Depot
    edition: str
    """Digest of templates, texts and static files: part of the ETag of pages."""
    surveillance: bool = False
    """Whether edited files are published by this server."""
    depuis: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    usage: Usage = field(default_factory=Usage)
    redites: Redites = field(default_factory=Redites)
    """Answers of the SPARQL endpoint, kept for who asks the same again."""
    ecrits: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """Documents written once for this version, by public address and name."""
    inchanges: dict[Cle, Reponse] = field(default_factory=dict)
    """Answers « not modified » already given for this version."""


def described(*noms: str) -> dict[str, Any]:
    """OpenAPI of text parameters that a route reads by itself; their sentences are `parametre.<nom>`."""
    return {"parameters": [{"name": nom, "in": "query", "schema": {"type": "string"}} for nom in noms]}


def offered(*variantes: Variante) -> dict[int | str, dict[str, Any]]:
    """OpenAPI of a route that answers in several formats, the first where any does.

    To give as `responses`, with a `response_class` that announces no format of its own.
    """
    return {200: {"content": {one.media: {} for one in variantes}}}


def service(request: Request) -> Service:
    """The parts of the service, the same for the whole request even where a new version comes meanwhile."""
    found: Service = request.scope[CLE]
    return found


def langue_de(request: Request) -> Langue:
    """`?langue=`, else Accept-Language, else French."""
    return choose_language(request.query_params.get("langue"), request.headers.get("accept-language", ""))


def adresse_publique(request: Request) -> str:
    """Public address without a final slash: the setting where it is given, else the one that was called."""
    settings = service(request).settings
    if "url" in settings.model_fields_set:
        return settings.url.rstrip("/")
    return str(request.base_url).rstrip("/")


def etag_of(request: Request, variante: str) -> str:
    """ETag of a variant: data version and edition of the pages. Weak, for gzip changes the bytes."""
    parts = service(request)
    version = f"{parts.manifeste.version}-{parts.manifeste.recette[:8]}"
    return f'W/"{version}-{variante}-{parts.edition}"'


def unchanged(request: Request, etag: str) -> bool:
    """True where the client's If-None-Match holds this ETag (weak comparison, RFC 9110 §13.1.2)."""
    asked = request.headers.get("if-none-match", "")
    opaque = etag.removeprefix("W/")
    return asked.strip() == "*" or any(one.strip().removeprefix("W/") == opaque for one in asked.split(","))


def conditional(
    request: Request, variante: str, media: str, body: Callable[[], bytes | str], **entetes: str
) -> Response:
    """304 where the client has this variant of this version, else 200 with the body (built only then)."""
    etag = etag_of(request, variante)
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Language", **entetes}
    if unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(body(), media_type=media, headers=headers)


class Liens:
    """Addresses as templates write them: below the public path, keeping the language once it was chosen."""

    def __init__(self, request: Request) -> None:
        self._racine = urlsplit(adresse_publique(request)).path.rstrip("/")
        self._langue = request.query_params.get("langue")

    def page(self, chemin: str, **parametres: object) -> str:
        """Address of a path of this site."""
        if self._langue in LANGUES:
            parametres = {"langue": self._langue} | parametres
        given = {name: value for name, value in parametres.items() if value not in (None, "")}
        return (
            self._racine
            + quote(chemin, safe="/:@!$&'()*+,;=~-._")
            + ("?" + urlencode(given) if given else "")
        )

    def statique(self, nom: str, edition: str) -> str:
        """Address of a static file; its edition makes it safe to keep for ever."""
        return f"{self._racine}/statique/{nom}?v={edition}"

    def ressource(self, iri: str) -> str:
        """Where to read about an IRI: our page, or the IRI itself where it is a web address; else nothing."""
        chemin = path_of_iri(iri)
        if chemin is not None:
            tronc, _, fragment = chemin.partition("#")
            return self.page(tronc) + ("#" + fragment if fragment else "")
        return iri if iri.startswith(("http://", "https://")) else ""

    def externe(self, iri: str) -> bool:
        """True where the link leaves this site."""
        return path_of_iri(iri) is None


def render(request: Request, gabarit: str, **contexte: object) -> str:
    """An HTML page in the reader's language."""
    parts = service(request)
    langue = langue_de(request)

    def dire(cle: str, **valeurs: object) -> str:
        return parts.textes.dire(cle, langue, **valeurs)

    def accentuer(cle: str, **valeurs: object) -> Markup:
        """A text whose values are emphasised; everything is escaped."""
        marked = {name: Markup("<strong>{}</strong>").format(value) for name, value in valeurs.items()}
        return Markup(dire(cle)).format(**marked)  # noqa: S704 (our own text; values are escaped above)

    commun: Mapping[str, object] = {
        "t": dire,
        "accentuer": accentuer,
        "liens": Liens(request),
        "langue": langue,
        "service": parts,
        "adresse": adresse_publique(request),
        "chemin": request.url.path,
        "origine_publique": _origine(adresse_publique(request)),
        "adresse_complete": adresse_publique(request) + _chemin_et_requete(request),
        "parametres": dict(request.query_params),
        "abrege": compact,
        "definir": partial(_definir, parts, langue),
        "requetes_posees": lambda: _posees(request),
        "deux_points": dire("site.deux-points"),
        # names of bodies and places are French on every page: said so to what reads aloud
        "francais": "" if langue == "fr" else Markup(' lang="fr"'),
    }
    return parts.gabarits.get_template(gabarit).render({**commun, **contexte})


def _posees(request: Request) -> list[tuple[str, str]]:
    """(name, address of the page) of each stored query whose data the page shows, with the same values."""
    liens = Liens(request)
    found = []
    for nom, parametres in posees().items():
        values = {one: "\n".join(_ecrites(given)) for one, given in parametres.items()}
        address = liens.page(f"/requetes/{nom}", **values)
        found.append((nom, address if len(address) < ADRESSE else liens.page(f"/requetes/{nom}")))
    return sorted(found)


def _ecrites(valeur: Valeur | Sequence[Valeur]) -> list[str]:
    """Values as a form takes them, IRIs shortened."""
    several = [valeur] if isinstance(valeur, str | NamedNode | Literal) else valeur
    return [
        compact(one.value) if isinstance(one, NamedNode) else one if isinstance(one, str) else one.value
        for one in several
    ]


def _origine(adresse: str) -> str:
    """Scheme and host of the public address: what goes before a path that `Liens` writes."""
    parts = urlsplit(adresse)
    return f"{parts.scheme}://{parts.netloc}"


def _chemin_et_requete(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def page_stable(request: Request, nom: str, gabarit: str, **contexte: object) -> Response:
    """An HTML answer that the address, the language, the data version and the edition make: it has an ETag.

    `nom` tells the page apart from the others at the same address.
    """
    langue = langue_de(request)
    return conditional(
        request,
        f"{nom}-{langue}",
        HTML.entete,
        lambda: render(request, gabarit, **contexte),
        **{"Content-Language": langue},
    )


def _definir(parts: Service, langue: Langue, iri: str) -> str:
    """Definition of a concept, empty where it has none."""
    concept = parts.orienteur.lexique.concepts.get(iri)
    return concept.definition(langue) if concept else ""


def page(request: Request, gabarit: str, statut: int = 200, **contexte: object) -> Response:
    """An HTML answer that depends on more than the data version: what it says is its ETag."""
    headers = {"Vary": "Accept, Accept-Language", "Cache-Control": "no-cache"}
    headers["Content-Language"] = langue_de(request)
    html = render(request, gabarit, **contexte)
    if statut == HTTPStatus.OK:
        headers["ETag"] = etag_of(request, hashlib.sha256(html.encode()).hexdigest()[:16])
        if unchanged(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
    return Response(html, statut, headers, HTML.entete)

"""What changed: a stream of linked data (LDES), an Atom feed, JSON since a given point, a page to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import RdfFormat, Triple, serialize

from maillage.changements import atom, flux
from maillage.changements.journal import Journal, JournalAbsent, Membre, Page, RepereInconnu
from maillage.donnees_liees.description import path_of_iri
from maillage.donnees_liees.negociation import HTML, NTRIPLES, RDFXML, TURTLE, Variante, choose
from maillage.namespaces import PREFIXES
from maillage.problemes import Probleme
from maillage.routes.contexte import Liens, adresse_publique, langue_de, offered, render, service, unchanged
from maillage.routes.recherche import dump
from maillage.turtle.prefixes import prefixes_used

routeur = APIRouter()

ATOM = Variante("atom", atom.MEDIA)
JSON = Variante("json", "application/json")
JSONLD = Variante("jsonld", "application/ld+json")
OFFERTS = (TURTLE, HTML, JSONLD, NTRIPLES, RDFXML, ATOM, JSON)
PAR_SUFFIXE = {one.suffixe: one for one in OFFERTS}
_RDF = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
MODIFIABLE, DEFINITIF = "no-cache", "public, max-age=31536000, immutable"
CHEMIN = "/changements"
#: members of one JSON answer: unless told, and at most.
LIMITE, LIMITE_MAX = 500, 5_000


def ouvrir(request: Request) -> Journal:
    """The journal of this service. Raises Probleme while it is not kept yet."""
    try:
        return Journal(service(request).settings.dossier_instantanes)
    except JournalAbsent as error:
        raise Probleme("journal-absent", 503, entetes={"Retry-After": "10"}) from error


@routeur.get(CHEMIN + ".json", name="changements_json")
def changements_json(
    request: Request,
    depuis: str = "",
    limite: Annotated[int, Query(ge=1, le=LIMITE_MAX)] = LIMITE,
) -> Response:
    """What changed since a version, a date or the `repere` of an earlier answer; oldest first."""
    journal = ouvrir(request)
    try:
        debut = journal.rang_apres(depuis) if depuis else 0
    except RepereInconnu as error:
        raise Probleme("repere-inconnu", 410, valeurs={"repere": depuis}) from error
    fin = min(debut + limite, journal.nombre)
    etag = f'W/"{journal.nom}-{len(journal.versions)}-{debut}-{fin}-json"'
    return _answer(request, etag, MODIFIABLE, JSON, lambda: dump(_json(request, journal, debut, fin)))


def _json(request: Request, journal: Journal, debut: int, fin: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "version": journal.versions[-1].nom,
        "date": journal.versions[-1].instant,
        "restent": journal.nombre - fin,
        "repere": journal.repere(fin),
        "changements": [_membre(one) for one in journal.membres(debut, fin)],
    }
    if fin < journal.nombre:
        asked = request.query_params.get("limite")
        found["suite"] = adresse_publique(request) + Liens(request).page(
            CHEMIN + ".json", depuis=journal.repere(fin), limite=asked
        )
    return found


def _membre(membre: Membre) -> dict[str, Any]:
    return {
        "ressource": membre.ressource,
        "iri_version": membre.iri,
        "etat": membre.etat,
        "nom": membre.nom,
        "version": membre.version,
        "date": membre.instant,
        "changements": membre.detail,
    }


@routeur.get(CHEMIN, name="changements", response_class=Response, responses=offered(*OFFERTS))
def changements(request: Request) -> Response:
    """The root of the stream, in the format that suits; at 200, for harvesters that follow no redirection."""
    return _racine(request, _choisie(request))


@routeur.get(CHEMIN + ".{suffixe}", include_in_schema=False)
def changements_suffixe(request: Request, suffixe: str) -> Response:
    """The root of the stream in one format."""
    return _racine(request, _nommee(suffixe))


@routeur.get(CHEMIN + "/{journal}/{numero}", include_in_schema=False)
def page_de_changements(request: Request, journal: str, numero: str) -> Response:
    """A page of the stream; once full it never changes."""
    rang, point, suffixe = numero.partition(".")
    variante = _nommee(suffixe) if point else _choisie(request)
    kept = ouvrir(request)
    if journal != kept.nom:
        raise Probleme("repere-inconnu", 410, valeurs={"repere": journal})
    try:
        une = kept.page(int(rang) if rang.isdecimal() else 0)
    except IndexError as error:
        raise Probleme("introuvable", 404) from error
    cache = DEFINITIF if une.pleine and variante is not HTML else MODIFIABLE
    return _Vue(request, kept, une).repondre(variante, cache, une.fin)


def _racine(request: Request, variante: Variante) -> Response:
    kept = ouvrir(request)
    return _Vue(request, kept, None).repondre(variante, MODIFIABLE, len(kept.versions))


def _choisie(request: Request) -> Variante:
    variante = choose(request.headers.get("accept", ""), OFFERTS)
    if variante is None:
        types = [one.media for one in OFFERTS]
        raise Probleme(
            "format-refuse", 406, valeurs={"offerts": ", ".join(types)}, membres={"offerts": types}
        )
    return variante


def _nommee(suffixe: str) -> Variante:
    if suffixe not in PAR_SUFFIXE:
        raise Probleme("introuvable", 404)
    return PAR_SUFFIXE[suffixe]


@dataclass(frozen=True)
class _Vue:
    """The root of the stream (`page` None), or one of its pages, for one request."""

    request: Request
    journal: Journal
    page: Page | None

    def repondre(self, variante: Variante, cache: str, etat: int) -> Response:
        """The view in one format. `etat` is a number that grows when the view changes."""
        rang = self.page.numero if self.page else 0
        parts = [self.journal.nom, str(rang), str(etat), variante.suffixe]
        if variante in (HTML, ATOM):
            parts += [langue_de(self.request), service(self.request).edition]
        etag = f'W/"{"-".join(parts)}"'
        bodies: dict[str, Callable[[], bytes | str]] = {
            "html": self._html,
            "atom": self._atom,
            "json": self._json,
        }
        body = bodies.get(variante.suffixe, lambda: _ecrire(self._triples(), variante.suffixe))
        return _answer(self.request, etag, cache, variante, body, Link=self._links(variante))

    @property
    def _adresse(self) -> str:
        return adresse_publique(self.request) + CHEMIN

    def _de_page(self, numero: int, suffixe: str = "") -> str:
        return flux.adresse_de_page(self._adresse, self.journal, numero) + suffixe

    def _links(self, variante: Variante) -> str:
        here = self._de_page(self.page.numero) if self.page else self._adresse
        links = [
            f'<{here}.{one.suffixe}>; rel="alternate"; type="{one.media}"'
            for one in OFFERTS
            if one is not variante
        ]
        return ", ".join([*links, f'<{self._adresse}>; rel="index"'])

    def _triples(self) -> list[Triple]:
        if self.page is None:
            return flux.racine(self.journal, self._adresse)
        return flux.page(self.journal, self.page, self._adresse)

    def _membres(self) -> list[Membre]:
        une = self.page or self.journal.pages()[-1]
        return self.journal.membres(une.debut, une.fin)

    def _json(self) -> bytes:
        une = self.page or self.journal.pages()[-1]
        return dump(_json(self.request, self.journal, une.debut, une.fin))

    def _atom(self) -> bytes:
        textes, langue = service(self.request).textes, langue_de(self.request)
        numero = self.page.numero if self.page else len(self.journal.pages())
        links = {"self": self._de_page(numero, ".atom"), "current": self._adresse + ".atom"}
        if self.page is None:
            links = {"self": self._adresse + ".atom", "alternate": self._adresse + ".html"}
        if numero > 1:
            links["prev-archive"] = self._de_page(numero - 1, ".atom")
        feuille = atom.Feuille(
            textes.dire("changements.titre", langue),
            langue,
            links,
            self.page is not None and self.page.pleine,
            {etat: textes.dire(f"changements.{etat}", langue) for etat in ("ajoutee", "modifiee", "retiree")},
            self._membres(),
        )
        site = adresse_publique(self.request)
        return atom.ecrire(feuille, lambda iri: site + chemin if (chemin := path_of_iri(iri)) else iri)

    def _html(self) -> str:
        pages = self.journal.pages()
        numero = self.page.numero if self.page else len(pages)
        return render(
            self.request,
            "changements.html",
            journal=self.journal,
            chemin_page=f"{CHEMIN}/{self.journal.nom}/",
            numero=numero,
            pages=len(pages),
            membres=list(reversed(self._membres())),
            versions=list(reversed(self.journal.versions))[:20],
            resume=atom.resume,
        )


def _ecrire(triples: list[Triple], suffixe: str) -> bytes:
    known = {**PREFIXES, **flux.PREFIXES_FLUX}
    prefixes = {} if suffixe == "nt" else known
    if suffixe == "ttl":
        prefixes = prefixes_used(serialize(triples, format=RdfFormat.N_TRIPLES) or b"") | flux.PREFIXES_FLUX
    return serialize(triples, format=_RDF[suffixe], prefixes=prefixes) or b""


def _answer(
    request: Request,
    etag: str,
    cache: str,
    variante: Variante,
    body: Callable[[], bytes | str],
    **entetes: str,
) -> Response:
    headers = {"ETag": etag, "Cache-Control": cache, "Vary": "Accept, Accept-Language", **entetes}
    if unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    if variante in (HTML, ATOM):
        headers["Content-Language"] = langue_de(request)
    return Response(body(), media_type=variante.entete, headers=headers)

"""The page and the data of any IRI, at its own path. Mounted last: it takes every path left."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, Triple

from maillage.changements.journal import Journal, JournalAbsent
from maillage.donnees_liees import devenir, schema_org
from maillage.donnees_liees.description import describe, iri_of_path, path_of_iri, split_suffix, write
from maillage.donnees_liees.dires import lire_dires
from maillage.donnees_liees.fiche import incoming, lire_fiche
from maillage.donnees_liees.negociation import HTML, RESSOURCE, TURTLE, Variante, choose
from maillage.donnees_liees.noms import Noms
from maillage.donnees_liees.ontologie import lire_ontologie
from maillage.problemes import Probleme
from maillage.routes.catalogue import complement
from maillage.routes.contexte import adresse_publique, conditional, langue_de, render, service

routeur = APIRouter()

#: incoming links shown at once for each property, and on the page of one property.
APERCU, PAGE = 10, 100


@dataclass(frozen=True)
class _Trouvee:
    """A resource that can be shown: where its page is, its IRI, what is said of it, what replaces it."""

    tronc: str
    iri: str
    triples: list[Triple]
    successeurs: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class _Ailleurs:
    """Another IRI to go to, for good (301) or as things stand (302)."""

    iri: str
    statut: int


@routeur.get("/{chemin:path}", name="ressource", include_in_schema=False)
def ressource(request: Request, chemin: str) -> Response:
    """303 to the variant that suits, or the variant whose suffix was asked; 301 for a renamed resource.

    410 for one that was removed, with a tombstone; for one that several replace too, as none is the same.
    """
    tronc, variante = split_suffix(chemin)
    found = _trouver(request, tronc)
    if isinstance(found, _Ailleurs):
        return _moved(request, found, variante)
    if variante is not None:
        return _variant(request, found, variante)
    return _see_other(request, found)


def _trouver(request: Request, tronc: str) -> _Trouvee | _Ailleurs:
    """What is at a path, or where to go instead. Raises Probleme 404, 410."""
    parts, iri = service(request), iri_of_path(tronc)
    try:
        triples = describe(parts.requetes, parts.entrepot, iri)
        successeurs = devenir.remplacants(parts.requetes, parts.entrepot, iri)
    except ValueError:  # not an IRI at all: a space, a brace
        raise Probleme("ressource-inconnue", 404, valeurs={"iri": iri}) from None
    triples = sorted({*triples, *complement(request, iri)}, key=str)
    if triples and not devenir.renommee(triples):
        return _Trouvee(tronc, iri, triples, successeurs)
    if len(successeurs) == 1:
        return _Ailleurs(successeurs[0], 301)
    journal = _journal(request)
    version = devenir.versionnee(journal, iri) if journal else None
    if version is not None:
        return _Trouvee(tronc, iri, version[1]) if version[0] == iri else _Ailleurs(version[0], 302)
    retrait = devenir.retrait(journal, iri, successeurs)
    if retrait is None:
        raise Probleme("ressource-inconnue", 404, valeurs={"iri": iri})
    raise _gone(request, retrait)


def _journal(request: Request) -> Journal | None:
    try:
        return Journal(service(request).settings.dossier_instantanes)
    except JournalAbsent:
        return None


def _gone(request: Request, retrait: devenir.Retrait) -> Probleme:
    membres: dict[str, object] = {"ressource": retrait.iri, "successeurs": list(retrait.successeurs)}
    if retrait.fin is not None:
        membres |= {"nom": retrait.fin.nom, "retiree_le": retrait.fin.instant, "version": retrait.fin.version}
    if retrait.dernier is not None:
        membres["dernier_etat"] = retrait.dernier.iri
    links = [f'<{_page(request, one)}>; rel="successor-version"' for one in retrait.successeurs]
    if retrait.dernier is not None:
        links.append(f'<{_page(request, retrait.dernier.iri)}>; rel="predecessor-version"')
    nom = (retrait.fin.nom if retrait.fin else "") or retrait.iri
    return Probleme(
        "ressource-retiree",
        410,
        valeurs={"nom": nom},
        membres=membres,
        entetes={"Link": ", ".join(links)} if links else {},
        triples=retrait.en_triples(),
    )


def _page(request: Request, iri: str) -> str:
    """ASCII web address of an IRI: its page here where it is one of ours, else itself."""
    chemin = path_of_iri(iri)
    if chemin is None:
        return quote(iri, safe=":/#?&=%")
    return adresse_publique(request) + quote(chemin, safe="/#")


def _moved(request: Request, ailleurs: _Ailleurs, variante: Variante | None) -> Response:
    """Elsewhere, in the same format. The query is kept."""
    document, diese, fragment = _page(request, ailleurs.iri).partition("#")
    suffixe = f".{variante.suffixe}" if variante and path_of_iri(ailleurs.iri) else ""
    query = f"?{request.url.query}" if request.url.query else ""
    headers = {
        "Location": document + suffixe + query + diese + fragment,
        "Cache-Control": "no-cache",
        "Link": f'<{quote(ailleurs.iri, safe=":/#?&=%")}>; rel="canonical"',
    }
    return Response(status_code=ailleurs.statut, headers=headers)


def _see_other(request: Request, found: _Trouvee) -> Response:
    choisie = choose(request.headers.get("accept", ""), RESSOURCE)
    if choisie is None:
        offerts = [one.media for one in RESSOURCE]
        adresses = {one.media: _address(request, found.tronc, one) for one in RESSOURCE}
        raise Probleme(
            "format-refuse", 406, valeurs={"offerts": ", ".join(offerts)}, membres={"offerts": adresses}
        )
    headers = {
        "Location": _address(request, found.tronc, choisie, request.query_params.get("langue")),
        "Vary": "Accept, Accept-Language",
        "Link": _links(request, found, None),
    }
    return Response(status_code=303, headers=headers)


def _address(request: Request, tronc: str, variante: Variante, langue: str | None = None) -> str:
    address = f"{adresse_publique(request)}/{quote(tronc)}.{variante.suffixe}"
    return f"{address}?{urlencode({'langue': langue})}" if langue and variante is HTML else address


def _links(request: Request, found: _Trouvee, courante: Variante | None) -> str:
    links = [
        f'<{_address(request, found.tronc, one)}>; rel="alternate"; type="{one.media}"'
        for one in RESSOURCE
        if one is not courante
    ]
    links.append(f'<{_address(request, found.tronc, TURTLE)}>; rel="describedby"; type="{TURTLE.media}"')
    links += [f'<{_page(request, one)}>; rel="successor-version"' for one in found.successeurs]
    return ", ".join([f'<{quote(found.iri, safe=":/#?&=%")}>; rel="canonical"', *links])


def _variant(request: Request, found: _Trouvee, variante: Variante) -> Response:
    entetes = {"Link": _links(request, found, variante)}
    if variante is not HTML:
        nom = variante.suffixe
        return conditional(request, nom, variante.entete, lambda: write(found.triples, nom), **entetes)
    langue = langue_de(request)
    entetes["Content-Language"] = langue
    return conditional(request, f"html-{langue}", HTML.entete, lambda: _html(request, found), **entetes)


def _html(request: Request, found: _Trouvee) -> str:
    parts, langue = service(request), langue_de(request)
    noms = Noms(parts.requetes, parts.entrepot, parts.textes, langue)
    variantes = [(one.suffixe, _address(request, found.tronc, one)) for one in RESSOURCE if one is not HTML]
    if found.iri == devenir.ONTOLOGIE:
        ontologie = lire_ontologie(found.triples, parts.requetes, parts.entrepot, noms, langue)
        return render(request, "ontologie.html", ontologie=ontologie, iri=found.iri, variantes=variantes)
    choisi, debut = request.query_params.get("par", ""), _start(request)

    def window(propriete: str) -> tuple[int, int]:
        return (PAGE, debut) if propriete == choisi else (APERCU, 0)

    entrants = incoming(parts.requetes, parts.entrepot, found.iri, noms, window)
    noms.apprendre(found.successeurs)
    journal = _journal(request)
    document = schema_org.decrire(parts.requetes, parts.entrepot, found.iri, langue)
    return render(
        request,
        "ressource.html",
        fiche=lire_fiche(found.triples, found.iri, noms, langue),
        entrants=entrants,
        dires=lire_dires(parts.requetes, parts.entrepot, found.iri, noms),
        histoire=list(reversed(journal.de_ressource(found.iri))) if journal else [],
        successeurs=[(one, noms.dire(one)) for one in found.successeurs],
        donnees=schema_org.balise(document) if document else "",
        abandonnee=any(one.predicate == _ABANDONNEE for one in found.triples),
        variantes=variantes,
        tronc=found.tronc,
        choisi=choisi,
        debut=debut,
        page=PAGE,
    )


_ABANDONNEE = NamedNode("http://www.w3.org/2002/07/owl#deprecated")


def _start(request: Request) -> int:
    decalage = request.query_params.get("decalage", "0")
    return int(decalage) if decalage.isdecimal() and len(decalage) < 8 else 0

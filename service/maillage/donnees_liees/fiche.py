"""What the HTML page of a resource shows: its triples with readable names, ready for a template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode, Triple

from maillage.donnees_liees.noms import Noms
from maillage.namespaces import BASE, PREFIXES, compact
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Terme
from maillage.texte import plier
from maillage.textes import Langue


def _p(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


TYPE = _p("rdf:type")
NOMS = tuple(map(_p, ("skos:prefLabel", "rdfs:label", "dcterms:title")))
AUTRES_NOMS = tuple(map(_p, ("skos:altLabel",)))
MOTS = tuple(map(_p, ("skos:hiddenLabel",)))
DEFINITIONS = tuple(map(_p, ("skos:definition", "mlg:resume", "dcterms:description")))
PROVENANCE = tuple(
    map(
        _p,
        (
            "dcterms:source",
            "mlg:page",
            "mlg:section",
            "mlg:preuve",
            "mlg:constat",
            "mlg:statut",
            "mlg:declarePar",
            "rdfs:isDefinedBy",
        ),
    )
)
#: what a reader of an actor needs first, in this order.
ESSENTIEL = tuple(
    map(
        _p,
        (
            "org:classification",
            "mlg:secteur",
            "mlg:territoireServi",
            "mlg:commune",
            "schema:address",
            "schema:telephone",
            "schema:email",
            "schema:url",
            "mlg:typeActeur",
            "mlg:acteur",
            "mlg:role",
            "mlg:etape",
            "mlg:theme",
            "mlg:public",
            "mlg:enBref",
        ),
    )
)


#: an address reads as it is written on an envelope.
ADRESSE = tuple(map(_p, ("schema:streetAddress", "schema:postalCode", "schema:addressLocality")))


@dataclass(frozen=True)
class Valeur:
    """One value: its text and, for a resource, its IRI; a nameless node shows what it holds."""

    texte: str
    iri: str = ""
    langue: str = ""
    detail: tuple[Propriete, ...] = ()


@dataclass(frozen=True)
class Propriete:
    """One property with its readable name and its values."""

    iri: str
    libelle: str
    valeurs: tuple[Valeur, ...]


@dataclass(frozen=True)
class Fiche:
    """A resource as its page shows it."""

    iri: str
    titre: str
    types: tuple[Valeur, ...]
    definitions: tuple[Valeur, ...]
    noms: tuple[Propriete, ...]
    mots: tuple[Propriete, ...]
    essentiel: tuple[Propriete, ...]
    proprietes: tuple[Propriete, ...]
    provenance: tuple[Propriete, ...]
    termes: tuple[Fiche, ...] = field(default=())


class _Lecteur:
    """Reads the triples of one description."""

    def __init__(self, triples: Sequence[Triple], noms: Noms, langue: Langue) -> None:
        self._noms, self._langue = noms, langue
        self._par_sujet: dict[str, dict[str, list[Terme]]] = {}
        for triple in triples:
            values = self._par_sujet.setdefault(str(triple.subject), {}).setdefault(
                triple.predicate.value, []
            )
            if not isinstance(triple.object, Triple):
                values.append(triple.object)

    def sujets(self) -> list[str]:
        """IRIs described, the nameless nodes left out."""
        return sorted(key[1:-1] for key in self._par_sujet if key.startswith("<"))

    def fiche(self, iri: str) -> Fiche:
        lues = {p: self._propriete(p, values) for p, values in self._par_sujet[f"<{iri}>"].items()}
        types = lues.pop(TYPE, None)
        definitions = [lues.pop(name).valeurs for name in DEFINITIONS if name in lues]
        noms = self._part(lues, NOMS + AUTRES_NOMS)
        essentiel = self._part(lues, ESSENTIEL)
        provenance = self._part(lues, PROVENANCE)
        return Fiche(
            iri=iri,
            titre=self._titre(iri, noms, definitions),
            types=_nearest(types.valeurs) if types else (),
            definitions=tuple(one for values in definitions for one in values),
            noms=noms,
            mots=self._part(lues, MOTS),
            essentiel=essentiel,
            proprietes=tuple(sorted(lues.values(), key=lambda propriete: propriete.libelle)),
            provenance=provenance,
        )

    def _titre(self, iri: str, noms: Sequence[Propriete], definitions: Sequence[tuple[Valeur, ...]]) -> str:
        for propriete in noms:
            if propriete.iri in NOMS:
                return propriete.valeurs[0].texte
        return definitions[0][0].texte if definitions else compact(iri)

    def _part(self, lues: dict[str, Propriete], order: Sequence[str]) -> tuple[Propriete, ...]:
        return tuple(lues.pop(name) for name in order if name in lues)

    def _propriete(self, iri: str, terms: Sequence[Terme]) -> Propriete:
        values = [self._valeur(term) for term in terms]
        values.sort(key=lambda v: (v.langue != self._langue if v.langue else False, v.texte.casefold()))
        return Propriete(iri, self._noms.dire(iri), tuple(values))

    def _valeur(self, term: Terme) -> Valeur:
        if isinstance(term, NamedNode):
            return Valeur(self._noms.dire(term.value), iri=term.value)
        if isinstance(term, BlankNode):
            held = self._par_sujet.get(str(term), {})
            lues = {p: self._propriete(p, values) for p, values in held.items() if p != TYPE}
            return Valeur("", detail=(*self._part(lues, ADRESSE), *lues.values()))
        if term.datatype.value == _p("xsd:anyURI"):
            return Valeur(term.value, iri=term.value)
        return Valeur(term.value, langue=term.language or "")


def _nearest(types: tuple[Valeur, ...]) -> tuple[Valeur, ...]:
    """The project's own classes where there are some: what follows from them tells a reader nothing."""
    return tuple(one for one in types if one.iri.startswith(BASE)) or types


def _mentioned(triples: Iterable[Triple]) -> Iterable[str]:
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, NamedNode):
                yield term.value


def lire_fiche(triples: Sequence[Triple], iri: str, noms: Noms, langue: Langue) -> Fiche:
    """The page of `iri` from the triples that describe it; the terms it defines come as pages within."""
    noms.apprendre(_mentioned(triples))
    lecteur = _Lecteur(triples, noms, langue)
    termes = (lecteur.fiche(sujet) for sujet in lecteur.sujets() if sujet != iri)
    whole = lecteur.fiche(iri)
    return Fiche(**{**whole.__dict__, "termes": tuple(sorted(termes, key=_titre_folded))})


def _titre_folded(fiche: Fiche) -> str:
    return plier(fiche.titre)


@dataclass(frozen=True)
class LienEntrant:
    """How many resources point here through one property, and those of the page that was asked."""

    iri: str
    libelle: str
    nombre: int
    valeurs: tuple[Valeur, ...]


def incoming(
    requetes: Requetes,
    entrepot: Entrepot,
    iri: str,
    noms: Noms,
    page: Callable[[str], tuple[int, int]],
) -> tuple[LienEntrant, ...]:
    """Links that point to `iri`, counted by property. `page` gives (limit, offset) of a property's list."""
    cible = NamedNode(iri)
    listes: list[tuple[str, int, list[str]]] = []
    for row in requetes.executer(entrepot, "liens-entrants", {"ressource": cible}):
        propriete, nombre = row["propriete"].value, int(row["nombre"].value)
        limite, decalage = page(propriete)
        parametres = {"ressource": cible, "propriete": NamedNode(propriete)}
        rows = requetes.executer(entrepot, "liens-entrants-liste", parametres, limite, decalage)
        listes.append((propriete, nombre, [one["sujet"].value for one in rows]))
    noms.apprendre(name for propriete, _, sujets in listes for name in (propriete, *sujets))
    return tuple(
        LienEntrant(
            propriete, noms.dire(propriete), nombre, tuple(Valeur(noms.dire(s), iri=s) for s in sujets)
        )
        for propriete, nombre, sujets in listes
    )

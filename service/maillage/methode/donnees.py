"""The programme as data: a `mlg:Demarche` and its sessions, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from maillage.methode.programme import Programme, RendezVous
from maillage.methode.regles import MODELE
from maillage.namespaces import MLG, PREFIXES, compact, iri, local_name
from maillage.textes import Langue

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_LIBELLE = NamedNode(PREFIXES["skos"] + "prefLabel")
_SOURCE = NamedNode(PREFIXES["dcterms"] + "source")
_INSPIREE = NamedNode(PREFIXES["prov"] + "wasInfluencedBy")
_DEBUT, _FIN = (NamedNode(PREFIXES["schema"] + name) for name in ("startDate", "endDate"))
#: properties of a model session that its sessions keep.
_TENUES = ("famille", "niveau", "public", "outil")


def code(programme: Programme) -> str:
    """Code of the process: territory, year and objectives; the same programme has the same one."""
    demande = programme.demande
    place = compact(demande.territoire).replace(":", "-")
    return "-".join([place, str(demande.debut.year), *sorted(map(local_name, demande.objectifs))])


def seance(programme: Programme, rendez_vous: RendezVous) -> str:
    """IRI of one session."""
    return iri("seance", f"{code(programme)}-{rendez_vous.numero}")


def triplets(par_langue: Mapping[Langue, Programme], noms: Mapping[Langue, str], jour: str) -> list[Triple]:
    """The triples of a programme, given in each language. `noms` of the process, `jour` it was prepared."""
    programme = next(iter(par_langue.values()))
    node = NamedNode(iri("demarche", code(programme)))
    named = [Triple(node, _LIBELLE, Literal(nom, language=langue)) for langue, nom in noms.items()]
    return [*named, *_demarche(programme, node, jour), *_seances(par_langue)]


def _demarche(programme: Programme, node: NamedNode, jour: str) -> Iterator[Triple]:
    demande = programme.demande
    yield Triple(node, _TYPE, NamedNode(MLG + "Demarche"))
    yield Triple(node, _INSPIREE, NamedNode(MODELE))
    links = {
        "territoire": [demande.territoire],
        "objectif": sorted(demande.objectifs),
        "coordination": demande.coordination,
        "participant": demande.invites,
        "seance": [seance(programme, one) for one in programme.rendez_vous],
        "statut": [iri("statut", "a-confirmer")],
    }
    schema = programme.regles.schemas.get(demande.objectifs)
    if schema:
        links["schema"] = [schema.iri]
    for name, values in links.items():
        for value in values:
            yield Triple(node, NamedNode(MLG + name), NamedNode(value))
    if demande.participants:
        yield Triple(node, NamedNode(MLG + "maximum"), Literal(demande.participants))
    yield Triple(node, NamedNode(MLG + "constat"), _date(jour))
    yield Triple(node, _SOURCE, NamedNode(iri("source", "guide-2013")))


def _seances(par_langue: Mapping[Langue, Programme]) -> Iterator[Triple]:
    versions = list(par_langue.items())
    for rank, rendez_vous in enumerate(versions[0][1].rendez_vous):
        node = NamedNode(seance(versions[0][1], rendez_vous))
        for langue, programme in versions:
            said = programme.rendez_vous[rank]
            rang = f" ({said.rang}/{said.nombre})" if said.nombre > 1 else ""
            yield Triple(node, _LIBELLE, Literal(said.temps.nom + rang, language=langue))
            yield Triple(node, NamedNode(MLG + "resume"), Literal(said.temps.resume, language=langue))
        yield from _seance(node, rendez_vous)


def _seance(node: NamedNode, rendez_vous: RendezVous) -> Iterator[Triple]:
    temps = rendez_vous.temps
    yield Triple(node, _TYPE, NamedNode(MLG + "Seance"))
    yield Triple(node, NamedNode(MLG + "ordre"), Literal(rendez_vous.numero))
    yield Triple(node, _INSPIREE, NamedNode(temps.iri))
    yield Triple(node, _DEBUT, _date(rendez_vous.jours[0].isoformat()))
    yield Triple(node, _FIN, _date(rendez_vous.jours[-1].isoformat()))
    yield Triple(node, _SOURCE, NamedNode(iri("source", "guide-2013")))
    if temps.jours:
        decimal = NamedNode(PREFIXES["xsd"] + "decimal")
        yield Triple(node, NamedNode(MLG + "dureeJours"), Literal(f"{temps.jours:.1f}", datatype=decimal))
    links = {name: [one.iri for one in temps.liens.get(name, ())] for name in _TENUES}
    links |= {"objectif": [temps.objectif] if temps.objectif else []}
    links |= {"consigne": [one.iri for one in temps.consignes]}
    for name, values in links.items():
        for value in values:
            yield Triple(node, NamedNode(MLG + name), NamedNode(value))
    for page in temps.pages:
        yield Triple(node, NamedNode(MLG + "page"), Literal(int(page)))


def _date(jour: str) -> Literal:
    return Literal(jour, datatype=NamedNode(PREFIXES["xsd"] + "date"))

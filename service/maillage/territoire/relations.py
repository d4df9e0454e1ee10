"""Relations between actors, or between kinds of actor, as the data state them (guide, outil 3, p. 29)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from maillage.namespaces import iri, local_name
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot

SOUHAITEE = iri("etat", "souhaitee")
VRAI = "true"
#: who states a relation: both ends, one end only, someone else; both ends, which do not agree on its state.
CONFIRMEE, UN_SEUL_COTE, TIERS, DESACCORD = "confirmee", "un-seul-cote", "tiers", "desaccord"


@dataclass(frozen=True, slots=True)
class Relation:
    """One statement: ends (IRIs), what it is, who says so, when it was seen.

    `acteurs` are the ends that are actors, the others are kinds of actor; of the natures, `relais` are those
    that hand an association over, `reciproques` those that say the same both ways.
    """

    iri: str
    de: str
    vers: str
    natures: tuple[str, ...]
    etat: str
    etapes: tuple[str, ...] = ()
    territoires: tuple[str, ...] = ()
    declarants: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    constat: str = ""
    statut: str = ""
    page: str = ""
    formalisee: bool | None = None
    effective: bool = False
    relais: tuple[str, ...] = ()
    reciproques: tuple[str, ...] = ()
    acteurs: tuple[str, ...] = ()

    @property
    def declaree(self) -> bool:
        """Whether an end is an actor; where none is, it is what kinds of actor do by habit."""
        return bool(self.acteurs)

    @property
    def bouts(self) -> tuple[str, str]:
        """The ends, from and to."""
        return self.de, self.vers

    def objets(self) -> Iterator[tuple[str, str, str]]:
        """(nature, from, to) of each thing said; the ends of a reciprocal one in a fixed order."""
        for nature in self.natures:
            de, vers = sorted(self.bouts) if nature in self.reciproques else self.bouts
            yield nature, de, vers


def lire_relations(entrepot: Entrepot, requetes: Requetes) -> tuple[Relation, ...]:
    """Every relation of a store, by IRI. Raises what Entrepot.lignes raises."""
    dites: dict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in requetes.executer(entrepot, "relations-toutes"):
        dites[row["relation"].value][local_name(row["propriete"].value)].append(row["valeur"].value)
    return tuple(_relation(iri, dit) for iri, dit in dites.items() if dit["de"] and dit["vers"])


def _relation(iri: str, dit: Mapping[str, list[str]]) -> Relation:
    ecrite = dit["formalisee"]
    return Relation(
        iri,
        dit["de"][0],
        dit["vers"][0],
        natures=tuple(dict.fromkeys(dit["nature"])),
        etat=_premier(dit["etat"]),
        etapes=tuple(dit["etape"]),
        territoires=tuple(dit["territoire"]),
        declarants=tuple(dit["declarePar"]),
        sources=tuple(dit["source"]),
        constat=_premier(dit["constat"]),
        statut=_premier(dit["statut"]),
        page=_premier(dit["page"]),
        formalisee=ecrite[0] == VRAI if ecrite else None,
        effective=bool(dit["effective"]),
        relais=tuple(dit["relaye"]),
        reciproques=tuple(dit["reciproque"]),
        acteurs=tuple(dict.fromkeys(dit["acteur"])),
    )


def _premier(valeurs: list[str]) -> str:
    return valeurs[0] if valeurs else ""


def desaccords(relations: Iterable[Relation]) -> list[tuple[Relation, Relation]]:
    """Pairs of statements of the same thing in two states, each by someone who does not state the other."""
    par_objet: dict[tuple[str, str, str], list[Relation]] = defaultdict(list)
    for relation in relations:
        for objet in relation.objets():
            par_objet[objet].append(relation)
    pairs = {
        (une, autre): None
        for dites in par_objet.values()
        for rang, une in enumerate(dites)
        for autre in dites[rang + 1 :]
        if une.etat != autre.etat and _autrement_dites(une, autre)
    }
    return list(pairs)


def _autrement_dites(une: Relation, autre: Relation) -> bool:
    return bool(une.declarants and autre.declarants) and set(une.declarants).isdisjoint(autre.declarants)


def paroles(relations: Iterable[Relation]) -> dict[str, str]:
    """Who states each relation (IRI → CONFIRMEE, UN_SEUL_COTE, TIERS or DESACCORD)."""
    known = list(relations)
    disputees = {one.iri for pair in desaccords(known) for one in pair}
    disants: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for relation in known:
        for objet in relation.objets():
            disants[objet].update(relation.declarants)
    return {one.iri: DESACCORD if one.iri in disputees else _parole(one, disants) for one in known}


def _parole(relation: Relation, disants: Mapping[tuple[str, str, str], set[str]]) -> str:
    par = {qui for objet in relation.objets() for qui in disants[objet]}
    siens = [bout for bout in relation.bouts if bout in par]
    return {2: CONFIRMEE, 1: UN_SEUL_COTE, 0: TIERS}[len(siens)]


def souhaits(relations: Iterable[Relation]) -> list[Relation]:
    """Relations wished for, where no statement says that the same thing is in effect."""
    known = list(relations)
    faits = {objet for one in known if one.effective for objet in one.objets()}
    return [one for one in known if one.etat == SOUHAITEE and faits.isdisjoint(one.objets())]

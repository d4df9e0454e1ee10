"""Fields of the understanding: what is asked for, what it brings to mind, what is ruled out, where."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from maillage.comprehension.entites import Nommage
from maillage.comprehension.lieux import PAYS, Geographie, LieuTrouve
from maillage.comprehension.reperage import Reperage
from maillage.comprehension.resultat import Ambiguite, Champs, Entite
from maillage.comprehension.tri import Tri
from maillage.lexique import Lexique

#: homonyms shown.
CHOIX_MONTRES = 10


def remplir(tri: Tri, nommage: Nommage, geographie: Geographie) -> Champs:
    """Entities by field of the answer."""
    entites: dict[str, Entite] = {}
    for repere in tri.gardes:
        entites.setdefault(repere.iri, nommage.dans(tri.enonce, repere.iri, repere.debut, repere.fin))
    exclus = _exclus(tri, nommage, entites)
    _evoquer(entites, tri.enonce.lexique, nommage, exclus.keys() | tri.sans)
    champs = _ranger(entites, nommage)
    champs["territoires"] = _territoires(tri, nommage, geographie)
    champs["exclus"] = list(exclus.values())
    return {champ: tuple(valeurs) for champ, valeurs in champs.items() if champ}


def choisir(iris: Iterable[str], lexique: Lexique, nommage: Nommage) -> Champs:
    """Fields of a need told by its concepts (IRIs), without any word; what they bring to mind included."""
    entites = {iri: nommage.entite(iri) for iri in iris}
    _evoquer(entites, lexique, nommage, ())
    return {champ: tuple(valeurs) for champ, valeurs in _ranger(entites, nommage).items() if champ}


def _evoquer(entites: dict[str, Entite], lexique: Lexique, nommage: Nommage, sauf: Container[str]) -> None:
    """Add what these entities bring to mind, but what is ruled out."""
    for entite in list(entites.values()):
        for iri in evoques(lexique, entite.iri):
            if iri not in entites and iri not in sauf:
                entites[iri] = nommage.entite(iri, entite.mots, entite.debut, entite.fin, deduit=True)


def _ranger(entites: dict[str, Entite], nommage: Nommage) -> dict[str, list[Entite]]:
    champs: dict[str, list[Entite]] = {}
    for entite in entites.values():
        champs.setdefault(nommage.champ(entite.iri), []).append(entite)
    champs["etapes"] = _nommees_d_abord(champs.get("etapes", []))
    return champs


def evoques(lexique: Lexique, iri: str) -> list[str]:
    """What a concept or an actor makes understood, step by step.

    That is `mlg:evoque`, the step of an activity, and the kind of a named actor where it has only one.
    """
    vus: dict[str, None] = {}
    file = [iri]
    while file:
        for autre in _suite(lexique, file.pop(0)):
            if autre not in vus and autre in lexique.concepts:
                vus[autre] = None
                file.append(autre)
    return list(vus)


def _suite(lexique: Lexique, iri: str) -> tuple[str, ...]:
    concept = lexique.concepts.get(iri)
    if concept:
        return concept.evoque + (concept.ancetres if concept.classe == "Activite" else ())
    acteur = lexique.acteurs.get(iri)
    return acteur.types if acteur and len(acteur.types) == 1 else ()


def _exclus(tri: Tri, nommage: Nommage, entites: dict[str, Entite]) -> dict[str, Entite]:
    """Entities ruled out, unless the same is asked for elsewhere in the question."""
    exclus: dict[str, Entite] = {}
    for empan in tri.nies:
        for iri in [empan.iri] if isinstance(empan, Reperage) else empan.choix:
            if iri not in entites:
                exclus[iri] = nommage.dans(tri.enonce, iri, empan.debut, empan.fin)
    return exclus


def _nommees_d_abord(etapes: list[Entite]) -> list[Entite]:
    """Steps named by the question; those only brought to mind where none is."""
    return [etape for etape in etapes if not etape.deduit] or etapes


def _territoires(tri: Tri, nommage: Nommage, geographie: Geographie) -> list[Entite]:
    """Places kept, without the whole country and those that only enclose another one named."""
    surs = [place for place in tri.places if not place.ambigu and place.choix[0] != PAYS]
    englobants = {parent for place in surs for parent in geographie.ancetres(place.choix[0])}
    uniques = {p.choix[0]: p for p in reversed(surs) if p.choix[0] not in englobants}
    return [
        nommage.dans(tri.enonce, iri, place.debut, place.fin)
        for iri, place in sorted(uniques.items(), key=lambda item: item[1].debut)
    ]


def ambiguites(tri: Tri, nommage: Nommage) -> Iterable[Ambiguite]:
    """Words that name several places between which nothing chooses."""
    for place in _ambigus(tri.places):
        choix = (nommage.dans(tri.enonce, iri, place.debut, place.fin) for iri in place.choix[:CHOIX_MONTRES])
        yield Ambiguite(tri.enonce.extrait(place.debut, place.fin), tuple(choix))


def _ambigus(places: Sequence[LieuTrouve]) -> list[LieuTrouve]:
    return [place for place in places if place.ambigu]

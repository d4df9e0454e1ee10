"""Sorting: which spans of a question are asked for, which are ruled out, which are no part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from maillage.comprehension.enonce import Enonce
from maillage.comprehension.lieux import Geographie, LieuTrouve
from maillage.comprehension.portee import Signal, ecartes, restreints, signaux
from maillage.comprehension.reperage import A_PART, Reperage, couvrir, preciser, reperer

#: classes of those one may turn to.
INTERLOCUTEURS = frozenset({"TypeActeur", "Acteur", "Famille"})
#: classes that describe the association, not its request.
CADRE = frozenset({"Secteur", "Public"})
#: clues with which a place wins over a concept named by the same words.
INDICES_FORTS = 4

Empan = Reperage | LieuTrouve


@dataclass(frozen=True)
class Tri:
    """Spans of one question, sorted."""

    enonce: Enonce
    marques: tuple[Signal, ...]
    reperes: tuple[Reperage, ...]  # every label found
    examines: tuple[LieuTrouve, ...]  # every place examined
    concepts: tuple[Reperage, ...]  # labels that name something, ruled out or not
    lieux: tuple[LieuTrouve, ...]  # places named, ruled out or not
    gardes: tuple[Reperage, ...]
    places: tuple[LieuTrouve, ...]
    nies: tuple[Empan, ...]
    hors_champ: tuple[str, ...]
    sans: frozenset[str] = frozenset()  # IRIs that the reader took away

    def classe(self, iri: str) -> str:
        """Class of a concept; `Acteur` for a named actor."""
        return classe_de(self.enonce, iri)


def classe_de(enonce: Enonce, iri: str) -> str:
    """Class of a concept of the lexicon; `Acteur` for a named actor."""
    concept = enonce.lexique.concepts.get(iri)
    return concept.classe if concept else "Acteur"


def trier(
    enonce: Enonce,
    geographie: Geographie,
    langue: str,
    territoire: str | None,
    sans: frozenset[str] = frozenset(),
) -> Tri:
    """Sort the spans of a question; `territoire` settles homonymous places.

    What is in `sans` (IRIs) keeps its words, so that no other reading takes them, and is asked for no more.
    """
    marques = signaux(enonce)
    locutions = [marque for marque in marques if marque.fonction == "locution"]
    reperes = [r for r in reperer(enonce) if not any(_dans(r, locution) for locution in locutions)]

    def classe(iri: str) -> str:
        return classe_de(enonce, iri)

    couverts = couvrir((r for r in reperes if classe(r.iri) not in A_PART), langue)
    nommes, trouves = preciser(couverts, classe), geographie.trouver(enonce, territoire)
    # The name of an actor often holds the place that it serves: both are named.
    acteurs = [c for c in nommes if classe(c.iri) == "Acteur"]
    autres, examines = _arbitrer([c for c in nommes if classe(c.iri) != "Acteur"], trouves)
    concepts = sorted([*autres, *acteurs], key=lambda c: (c.debut, c.iri))
    lieux = [lieu for lieu in examines if lieu.retenu]
    empans: list[Empan] = [*concepts, *lieux]
    interlocuteurs = {rang for rang, c in enumerate(concepts) if classe(c.iri) in INTERLOCUTEURS}
    nies = ecartes(enonce, empans, marques, interlocuteurs)
    otes = {rang for rang, empan in enumerate(empans) if _est(empan, sans)}
    hors = {rang for rang in restreints(concepts, marques) if classe(concepts[rang].iri) not in CADRE}
    hors_champ = [r.iri for r in reperes if classe(r.iri) == "HorsChamp" and not _couvert(r, concepts)]
    return Tri(
        enonce,
        tuple(marques),
        tuple(reperes),
        tuple(examines),
        tuple(concepts),
        tuple(lieux),
        tuple(c for rang, c in enumerate(concepts) if rang not in nies | hors | otes),
        tuple(lieu for rang, lieu in enumerate(lieux, len(concepts)) if rang not in nies | otes),
        tuple(empans[rang] for rang in sorted(nies - otes)),
        tuple(dict.fromkeys(hors_champ)),
        sans,
    )


def _dans(repere: Reperage, marque: Signal) -> bool:
    return marque.debut <= repere.debut and repere.fin <= marque.fin


def _est(empan: Empan, iris: frozenset[str]) -> bool:
    return not iris.isdisjoint((empan.iri,) if isinstance(empan, Reperage) else empan.choix)


def _couvert(repere: Reperage, concepts: Sequence[Reperage]) -> bool:
    """Whether a label of the field takes the words of an out-of-scope label: longer, or over all of them."""
    rivaux = [c for c in concepts if c.chevauche(repere)]
    return any(c.pleins > repere.pleins or c.contient(repere) for c in rivaux)


def _arbitrer(
    concepts: Sequence[Reperage], lieux: Sequence[LieuTrouve]
) -> tuple[list[Reperage], list[LieuTrouve]]:
    """Words that name both a concept and a place: the longer wins; alike, strong clues make a place."""
    examines = []
    for lieu in lieux:
        rivaux = [c for c in concepts if c.debut < lieu.fin and lieu.debut < c.fin]
        if lieu.retenu and any(_perd(lieu, rival) for rival in rivaux):
            lieu = replace(lieu, retenu=False, motifs=(*lieu.motifs, ("concept", 0)))
        examines.append(lieu)
    pris = [lieu for lieu in examines if lieu.retenu]
    libres = [c for c in concepts if not any(c.debut < lieu.fin and lieu.debut < c.fin for lieu in pris)]
    return libres, examines


def _perd(lieu: LieuTrouve, concept: Reperage) -> bool:
    longueurs = lieu.fin - lieu.debut, concept.fin - concept.debut
    egal = longueurs[0] == longueurs[1] and lieu.indices < INDICES_FORTS
    return longueurs[0] < longueurs[1] or egal

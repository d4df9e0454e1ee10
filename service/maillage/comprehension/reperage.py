"""Spotting: which concepts and actors the words of a question name, by longest match in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from maillage.comprehension.enonce import Enonce
from maillage.lexique import Forme, Lexique
from maillage.texte import LANGUES

#: classes whose labels are looked for apart: they describe the question, not the need.
A_PART = frozenset(
    {"HorsChamp", "Intention", "NatureRelation", "EtatRelation", "Critere", "Statut", "Message"}
)


@dataclass(frozen=True, slots=True)
class Reperage:
    """A span of words (ranks, end exclusive) and what it names."""

    iri: str
    debut: int
    fin: int
    pleins: int  # words that carry meaning
    exact: bool
    langue: str
    rang: str

    def chevauche(self, autre: Reperage) -> bool:
        """Whether two spans share a word."""
        return self.debut < autre.fin and autre.debut < self.fin


def reperer(enonce: Enonce) -> list[Reperage]:
    """Every label found, overlapping ones included, in the order of the text."""
    trouves = [trouve for langue in LANGUES for trouve in _dans(enonce, langue)]
    return sorted(trouves, key=lambda t: (t.debut, -t.fin, t.iri))


def _dans(enonce: Enonce, langue: str) -> Iterator[Reperage]:
    index = enonce.lexique.index[langue]
    pleins, racines = enonce.pleins, enonce.racines(langue)
    for depart in range(len(racines)):
        for arrivee, formes in index.a_partir(racines, depart):
            debut, fin = pleins[depart], pleins[arrivee - 1] + 1
            if _coupe(enonce, debut, fin):
                break
            lus = [enonce.mots[pleins[rang]].forme for rang in range(depart, arrivee)]
            yield from _formes(enonce.lexique, formes, lus, debut, fin)


def _coupe(enonce: Enonce, debut: int, fin: int) -> bool:
    """Whether a comma, a bracket or the end of a sentence cuts the span."""
    phrase = enonce.mots[debut].phrase
    return any(mot.pause or mot.phrase != phrase for mot in enonce.mots[debut + 1 : fin])


def _formes(
    lexique: Lexique, formes: Iterable[Forme], lus: list[str], debut: int, fin: int
) -> Iterator[Reperage]:
    for forme in formes:
        attendus = [mot for mot in forme.mots.split() if mot not in lexique.mots_vides] or forme.mots.split()
        yield Reperage(forme.iri, debut, fin, len(lus), attendus == lus, forme.langue, forme.rang)


def couvrir(trouves: Iterable[Reperage], langue: str) -> list[Reperage]:
    """The longest spans that do not overlap; several concepts may share a span.

    Among labels of one span, those written exactly so win over those met through their stem, then those
    of the asked language.
    """
    retenus: list[Reperage] = []
    ordre = sorted(
        trouves, key=lambda t: (-t.pleins, not t.exact, t.langue != langue, -(t.fin - t.debut), t.debut)
    )
    for trouve in ordre:
        rivaux = [autre for autre in retenus if autre.chevauche(trouve)]
        egaux = [a for a in rivaux if (a.debut, a.fin, a.exact) == (trouve.debut, trouve.fin, trouve.exact)]
        if len(egaux) == len(rivaux) and all(a.iri != trouve.iri for a in egaux):
            retenus.append(trouve)
    return sorted(retenus, key=lambda t: (t.debut, t.iri))

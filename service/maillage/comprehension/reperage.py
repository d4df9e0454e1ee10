"""Spotting: which concepts and actors the words of a question name, by longest match in both languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from maillage.comprehension.enonce import Enonce
from maillage.lexique import Forme, Lexique
from maillage.lexique.contenu import LONGUEUR_CORRIGEE
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
    proximite: float  # 1 when written as the label is; lower when met through a stem
    langue: str
    rang: str

    def chevauche(self, autre: Reperage) -> bool:
        """Whether two spans share a word."""
        return self.debut < autre.fin and autre.debut < self.fin

    def contient(self, autre: Reperage) -> bool:
        """Whether a span has all the words of another."""
        return self.debut <= autre.debut and autre.fin <= self.fin


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
            yield from _formes(enonce.lexique, formes, enonce, debut, fin, arrivee - depart)


def _coupe(enonce: Enonce, debut: int, fin: int) -> bool:
    """Whether a comma, a bracket or the end of a sentence cuts the span."""
    phrase = enonce.mots[debut].phrase
    return any(mot.pause or mot.phrase != phrase for mot in enonce.mots[debut + 1 : fin])


def _formes(
    lexique: Lexique, formes: Iterable[Forme], enonce: Enonce, debut: int, fin: int, pleins: int
) -> Iterator[Reperage]:
    lus = _pleine(enonce, debut, fin)
    conjonctions = lexique.conjonctions.intersection(enonce.formes[debut:fin])
    for forme in formes:
        if conjonctions and conjonctions.isdisjoint(forme.mots.split()):
            continue
        if pleins == 1 and not (_entiere(lexique, forme, enonce, debut) and _sigle_exact(forme, lus)):
            continue
        proximite = Levenshtein.normalized_similarity(lus, lexique.pleine(forme.mots))
        if proximite >= _proximite_demandee(enonce, forme, debut, fin):
            yield Reperage(forme.iri, debut, fin, pleins, proximite, forme.langue, forme.rang)


def _pleine(enonce: Enonce, debut: int, fin: int) -> str:
    """Content words of a span, which starts and ends with one."""
    vides = enonce.lexique.mots_vides
    return " ".join([mot for mot in enonce.formes[debut:fin] if mot not in vides])


def _entiere(lexique: Lexique, forme: Forme, enonce: Enonce, debut: int) -> bool:
    """A label of several words of which one only carries meaning must be there with its small words.

    « qui est l'employeur » is not named by « employeur » alone, nor "fire him" by "fire"; articles may lack.
    """
    mots = forme.mots.split()
    if len(mots) == 1:
        return True
    petits = [mot for mot in mots if mot in lexique.mots_vides]
    if len(mots) <= 2 and all(mot in lexique.articles for mot in petits):
        return True
    place = next((rang for rang, mot in enumerate(mots) if mot not in lexique.mots_vides), 0)
    avant = enonce.formes[max(0, debut - place) : debut]
    apres = enonce.formes[debut + 1 : debut + len(mots) - place]
    return list(avant) == mots[:place] and list(apres) == mots[place + 1 :]


def _proximite_demandee(enonce: Enonce, forme: Forme, debut: int, fin: int) -> float:
    """How alike a span and a label must be written.

    Several words of the question's own language are not taken by stems for a label of the other one:
    « structure associative » is not "structure our association".
    """
    longs = [mot for mot in enonce.formes[debut:fin] if len(mot) >= LONGUEUR_CORRIGEE]
    if len(longs) < 2:
        return PROXIMITE_MINIMALE if fin - debut == 1 else 0
    etranger = forme.langue != enonce.langue_lue
    return PROXIMITE_ETRANGERE if etranger and all(map(enonce.existe_ici, longs)) else 0


def _sigle_exact(forme: Forme, lus: str) -> bool:
    """A very short label is written as it is, or in the plural: « rame » is no RAM, « créons » no CRES."""
    return len(forme.mots) > SIGLE or lus.removesuffix("s") == forme.mots.removesuffix("s")


#: letters of the labels that are taken as they are written.
SIGLE = 4
#: a single word less alike than this to the label shares its stem by accident (« emploi », « employeuse »).
PROXIMITE_MINIMALE = 0.65
#: what several words of one language need to be taken for a label of the other.
PROXIMITE_ETRANGERE = 0.9
#: labels of one span this much less alike than the best are set aside.
ECART_DE_PROXIMITE = 0.1


def couvrir(trouves: Iterable[Reperage], langue: str) -> list[Reperage]:
    """The longest spans that do not overlap; several concepts may share a span.

    Among labels of one span, those written most alike win, then those of the asked language, then shown ones.
    """
    occupants: dict[int, list[Reperage]] = defaultdict(list)  # by word
    retenus: list[Reperage] = []
    ordre = sorted(
        trouves,
        key=lambda t: (
            *(-t.pleins, -t.proximite, t.langue != langue, t.debut - t.fin, t.debut, t.iri),
            *(t.rang == "hidden", t.rang),
        ),
    )
    for trouve in ordre:
        rivaux = {id(r): r for rang in range(trouve.debut, trouve.fin) for r in occupants.get(rang, ())}
        if all(_partage(trouve, rival) for rival in rivaux.values()):
            retenus.append(trouve)
            for rang in range(trouve.debut, trouve.fin):
                occupants[rang].append(trouve)
    return sorted(retenus, key=lambda t: (t.debut, t.iri))


def _partage(trouve: Reperage, rival: Reperage) -> bool:
    """Whether a label may stand beside another: same words, written about as alike, another concept."""
    memes_mots = (rival.debut, rival.fin) == (trouve.debut, trouve.fin)
    proches = rival.proximite - trouve.proximite <= ECART_DE_PROXIMITE
    return memes_mots and proches and rival.iri != trouve.iri


def preciser(trouves: list[Reperage], classe: Callable[[str], str]) -> list[Reperage]:
    """Without the vague ones: an actor whose name is only that of its kind, a kind named by one everyday word
    while another kind, or a scheme of support, is named by its own name.
    """
    types = [t for t in trouves if classe(t.iri) == "TypeActeur"]
    nommes = [t for t in types if t.rang != "hidden" or t.pleins > 1]
    nommes += [t for t in trouves if classe(t.iri) == "Dispositif"]
    vagues = {id(t) for t in types if t.rang == "hidden" and t.pleins == 1 and _ailleurs(t, nommes)}
    return [
        t
        for t in trouves
        if id(t) not in vagues
        and not (classe(t.iri) == "Acteur" and any(t.debut == a.debut and t.fin == a.fin for a in types))
    ]


def _ailleurs(trouve: Reperage, nommes: list[Reperage]) -> bool:
    return bool(nommes) and not any(trouve.iri == autre.iri or trouve.chevauche(autre) for autre in nommes)

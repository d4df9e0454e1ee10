"""The question made ready: abbreviations written out, misspellings mended, place in the text kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from jellyfish import metaphone
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from maillage.lexique import Lexique
from maillage.texte import LANGUES, MOT_LE_PLUS_LONG, Mot, mots, racine

#: words whose correction is kept at hand.
CORRECTIONS_RETENUES = 16_384
_VOYELLES = frozenset("aeiouyh")
#: letters changed at most, by length of the word (dictionary words are never changed).
_ECART_PERMIS = {4: 1, 5: 1}
_ECART_LONG = 2
#: in a word this short, the first letter is never the one that is wrong.
_COURT = 5
#: letters changed at most between two words that sound alike.
_ECART_DE_SON = 3
#: what they count for, in letters: less than one, so that « mézon » is « maison » before it is « m'eton ».
_DISTANCE_DE_SON = 0.5
#: shorter stems are not compared: too many words come near them.
_TIGE_MINIMALE = 5


@dataclass(frozen=True, slots=True)
class Correction:
    """A word read as another: what was written, what was understood."""

    ecrit: str
    lu: str
    debut: int
    fin: int


@dataclass(frozen=True)
class Enonce:
    """Words of a question, ready to be matched."""

    texte: str
    mots: tuple[Mot, ...]
    corrections: tuple[Correction, ...]
    lexique: Lexique
    langue: str
    corrige: bool = True  # whether misspellings may be mended

    @cached_property
    def pleins(self) -> tuple[int, ...]:
        """Ranks of the words that carry meaning."""
        vides = self.lexique.mots_vides
        return tuple(rang for rang, mot in enumerate(self.mots) if mot.forme not in vides)

    @cached_property
    def formes(self) -> tuple[str, ...]:
        """Folded words."""
        return tuple(mot.forme for mot in self.mots)

    def racines(self, langue: str) -> list[str]:
        """Stems of the words that carry meaning."""
        return [self.lexique.racine(self.mots[rang].forme, langue) for rang in self.pleins]

    @cached_property
    def langue_lue(self) -> str:
        """Language in which most of the words are written; the asked one where nothing tells."""

        def connus(langue: str) -> int:
            return sum(self.lexique.existe(forme, langue) for forme in self.formes)

        return max(LANGUES, key=lambda langue: (connus(langue), langue == self.langue))

    def existe_ici(self, forme: str) -> bool:
        """Whether a folded word is one of the language in which the question is written."""
        return self.lexique.existe(forme, self.langue_lue)

    def extrait(self, debut: int, fin: int) -> str:
        """The text from the word `debut` to the word before `fin`."""
        return self.texte[self.mots[debut].debut : self.mots[fin - 1].fin]


class Correcteur:
    """Mends misspelt words with the words of the lexicon; words that exist are left alone."""

    def __init__(self, lexique: Lexique) -> None:
        """Gather the words that a misspelling may stand for."""
        self._lexique = lexique
        frequences: dict[str, int] = {}
        for forme in lexique.formes:
            if forme.iri in lexique.concepts:
                for mot in forme.mots.split():
                    frequences[mot] = frequences.get(mot, 0) + 1
        self._frequences = {mot: n for mot, n in frequences.items() if len(mot) >= 4 and mot.isalpha()}
        self._cibles = {mot: mot for mot in self._frequences}
        for mot in sorted(self._frequences, key=lambda m: (-self._frequences[m], m)):
            for langue in LANGUES:
                if len(tige := racine(mot, langue)) >= _TIGE_MINIMALE:
                    self._cibles.setdefault(tige, mot)
        self._choix = tuple(self._cibles)
        self._sons: dict[str, list[str]] = defaultdict(list)
        for mot in sorted(self._frequences):
            self._sons[metaphone(mot)].append(mot)
        self._corriges = lru_cache(CORRECTIONS_RETENUES)(self._corriger)
        self._connus = {mot for forme in lexique.formes for mot in forme.mots.split()}
        self._elisions = tuple(sorted(lexique.mots_des_marqueurs.get("elision", ()), key=len, reverse=True))

    def connait(self, forme: str, langue: str) -> bool:
        """Whether a word is in the lexicon, in a place name, or in the dictionary of a language."""
        lexique = self._lexique
        return (
            forme in self._connus
            or forme in lexique.mots_vides
            or lexique.existe(forme, langue)
            or forme in lexique.index_lieux.mots
            or any(racine(forme, langue) in lexique.index[langue].mots for langue in LANGUES)
        )

    def corriger(self, forme: str, langue: str) -> str:
        """The word meant, or the same where none is near enough."""
        return self._corriges(forme, langue)

    def _corriger(self, forme: str, langue: str) -> str:
        if not 4 <= len(forme) <= MOT_LE_PLUS_LONG or not forme.isalpha() or self.connait(forme, langue):
            return forme
        reste = next((forme[len(e) :] for e in self._elisions if self._elide(forme, e)), "")
        if reste and self.connait(reste, langue):
            return reste
        lectures = [lecture for mot in (forme, reste) if mot and (lecture := self._plus_proche(mot))]
        return min(lectures)[1] if lectures else forme

    @staticmethod
    def _elide(forme: str, lettre: str) -> bool:
        reste = forme[len(lettre) :]
        return forme.startswith(lettre) and len(reste) >= 4 and reste[0] in _VOYELLES

    def _plus_proche(self, forme: str) -> tuple[float, str] | None:
        """Distance and word of the lexicon nearest to this one, or to its stem; None where none is near."""
        essais = {forme, *(racine(forme, langue) for langue in LANGUES)}
        trouves: list[tuple[float, bool, int, str]] = [
            (ecart, cible[0] != essai[0], -self._frequences[self._cibles[cible]], self._cibles[cible])
            for essai in essais
            if len(essai) >= _TIGE_MINIMALE or essai == forme
            for cible, ecart, _ in extract(
                essai, self._choix, scorer=OSA.distance, score_cutoff=_permis(essai), limit=8, processor=None
            )
            if len(essai) > _COURT or cible[0] == essai[0]
        ]
        trouves += self._meme_son(forme)
        if not trouves:
            return None
        ecart, _, _, mot = min(trouves)
        return ecart, mot

    def _meme_son(self, forme: str) -> list[tuple[float, bool, int, str]]:
        """Words that sound alike (« mézon », « maison »): farther in letters, nearer than any other."""
        return [
            (_DISTANCE_DE_SON, False, -self._frequences[mot], mot)
            for mot in self._sons.get(metaphone(forme), ())
            if len(forme) >= _COURT and mot[0] == forme[0] and OSA.distance(mot, forme) <= _ECART_DE_SON
        ]


def _permis(mot: str) -> int:
    return _ECART_PERMIS.get(len(mot), _ECART_LONG)


def enoncer(texte: str, langue: str, lexique: Lexique, correcteur: Correcteur | None) -> Enonce:
    """Words of a question, abbreviations written out and, with a corrector, misspellings mended."""
    lus: list[Mot] = []
    corrections: list[Correction] = []
    for mot in _abreviations(mots(texte), lexique):
        nom_propre = mot.majuscule and mot.numero > 0
        forme = mot.forme if nom_propre or correcteur is None else correcteur.corriger(mot.forme, langue)
        if forme != mot.forme:
            corrections.append(Correction(texte[mot.debut : mot.fin], forme, mot.debut, mot.fin))
            mot = replace(mot, forme=forme)
        lus.append(mot)
    return Enonce(texte, tuple(lus), tuple(corrections), lexique, langue, correcteur is not None)


def _abreviations(suite: list[Mot], lexique: Lexique) -> list[Mot]:
    """The words with each abbreviation replaced by what it stands for."""
    formes = [mot.forme for mot in suite]
    resultat: list[Mot] = []
    rang = 0
    while rang < len(suite):
        fin, vaut = rang + 1, ""
        for bout, concepts in lexique.index_marqueurs.a_partir(formes, rang):
            for concept in concepts:
                if concept.vaut:
                    fin, vaut = bout, concept.vaut
        if vaut:
            place = replace(suite[rang], fin=suite[fin - 1].fin)
            resultat.extend(replace(place, forme=forme) for forme in vaut.split())
        else:
            resultat.append(suite[rang])
        rang = fin
    return resultat

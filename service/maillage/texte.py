"""Text as the matcher sees it: words folded, stemmed, and still tied to the place they come from."""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from Stemmer import Stemmer

LANGUES = ("fr", "en")

#: letters; a longer run is no word, and stemming is quadratic in its length.
MOT_LE_PLUS_LONG = 40

_NOM_SNOWBALL = {"fr": "french", "en": "english"}
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
# An acronym with dots (« D.L.A. ») or a run of letters and digits.
_MOT = re.compile(r"(?:\b[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|[^\W_]+")
_FIN_DE_PHRASE = re.compile(r"[.!?;\n]")
_PAUSE = re.compile(r"[,:()–—\"«»]")


@dataclass(frozen=True, slots=True)
class Mot:
    """A word of a text: folded form, place in the text, and what stands before it."""

    forme: str
    debut: int
    fin: int
    majuscule: bool
    phrase: int  # rank of the sentence
    pause: bool  # a comma, colon or bracket stands just before
    numero: int  # rank in the text


def plier(texte: str) -> str:
    """Folded text: lower case, without accents, ligatures undone (CONCEPTION §4)."""
    if texte.isascii():
        return texte.casefold()
    decompose = unicodedata.normalize("NFKD", texte.translate(_LIGATURES).casefold())
    return "".join(c for c in decompose if not unicodedata.combining(c))


def mots(texte: str) -> list[Mot]:
    """The words of a text in order; punctuation is kept as sentence rank and pause."""
    resultat: list[Mot] = []
    phrase, fin_precedente = 0, 0
    for trouve in _MOT.finditer(texte):
        entre = texte[fin_precedente : trouve.start()]
        espace = entre == " "
        if not espace and resultat and _FIN_DE_PHRASE.search(entre):
            phrase += 1
        brut = trouve.group()
        forme = plier(brut.replace(".", ""))
        if forme:
            pause = not espace and _PAUSE.search(entre) is not None
            majuscule = brut[0].isupper()
            rang = len(resultat)
            resultat.append(Mot(forme, trouve.start(), trouve.end(), majuscule, phrase, pause, rang))
        fin_precedente = trouve.end()
    return resultat


class _Raciniseurs(threading.local):
    """Snowball stemmers of one thread: they may not be shared."""

    def __init__(self) -> None:
        self.par_langue = {langue: Stemmer(nom) for langue, nom in _NOM_SNOWBALL.items()}


_raciniseurs = _Raciniseurs()


@lru_cache(maxsize=65536)
def racine(forme: str, langue: str) -> str:
    """Stem of a folded word in a language; words of three letters or fewer, or too long, stay as they are.

    The stemmer is applied until nothing changes: without its accents a French word ending
    (« embauchée ») takes two passes to lose what takes one with them.
    """
    if not 3 < len(forme) <= MOT_LE_PLUS_LONG or not forme.isalpha():
        return forme
    raciniseur = _raciniseurs.par_langue[langue]
    while (suivante := plier(raciniseur.stemWord(forme))) != forme and len(suivante) >= 3:
        forme = suivante
    return forme

"""Inflected forms that stemming misses: « embauchons », « tiens », "paid" lead to the stem of their lemma."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from maillage.texte import plier, racine

#: a shorter form is too many words at once.
LONGUEUR_MINIMALE = 4


def flexions(langue: str, libelles: Iterable[str]) -> dict[str, str]:
    """Folded form → stem of its lemma, for the forms of the words of these folded labels."""
    toutes = _toutes(langue)
    connues = {toutes.get(mot) or racine(mot, langue) for libelle in libelles for mot in libelle.split()}
    return {forme: tige for forme, tige in toutes.items() if tige in connues}


@cache
def _toutes(langue: str) -> dict[str, str]:
    """Folded form → stem of its lemma, where it is not its own stem; a form of several lemmas is left out."""
    tiges: dict[str, set[str]] = {}
    for forme, lemme in DefaultDictionaryFactory().get_dictionary(langue).items():
        if len(forme) >= LONGUEUR_MINIMALE and forme.isalpha():
            tiges.setdefault(plier(forme), set()).add(racine(plier(lemme), langue))
    return {
        forme: next(iter(vues))
        for forme, vues in sorted(tiges.items())
        if len(vues) == 1 and racine(forme, langue) not in vues
    }

"""Inflected forms that stemming misses: « embauchons », « tiens », "paid" lead to the stem of their lemma."""

from __future__ import annotations

from collections.abc import Container
from functools import cache

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from maillage.texte import plier, racine

#: a shorter form is too many words at once.
LONGUEUR_MINIMALE = 4


def flexions(langue: str, connues: Container[str]) -> dict[str, str]:
    """Folded inflected form → stem of its lemma, where labels know that stem (`connues`) and not its own."""
    return {
        forme: lemme
        for forme, (tige, lemme) in _toutes(langue).items()
        if lemme in connues and tige not in connues
    }


@cache
def _toutes(langue: str) -> dict[str, tuple[str, str]]:
    """(own stem, stem of the lemma) of folded forms where they differ; a form of two lemmas is left out."""
    lemmes: dict[str, set[str]] = {}
    dictionnaire = DefaultDictionaryFactory().get_dictionary(langue)
    for forme, lemme in dictionnaire.items():
        if len(forme) >= LONGUEUR_MINIMALE and forme.isalpha():
            lemmes.setdefault(plier(forme), set()).add(racine(plier(lemme), langue))
    return {
        forme: (tige, next(iter(vus)))
        for forme, vus in sorted(lemmes.items())
        if len(vus) == 1 and (tige := racine(forme, langue)) not in vus
    }

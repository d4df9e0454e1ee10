"""The names of all that a question may name, under each of their words, the most useful first."""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from maillage.comprehension.resultat import CHAMPS
from maillage.lexique import Lexique

#: usefulness of a concept by how the label was declared.
_CONCEPT = {"pref": 5.5, "alt": 5.3, "hidden": 3.8}
#: usefulness of a place that has no population; a town counts for the logarithm of its own (Paris: 6.3).
_LIEUX = {"pays": 6.0, "region": 5.9, "departement": 5.6, "bassin": 4.6, "ancienne-region": 4.5, "epci": 4.2}
_ACTEUR = 3.0
#: a name that is not the first one.
_AUTRE_NOM = 0.3
#: names given up, kept in their places, after which all are put in order again.
_USURE = 5_000


class Nom(NamedTuple):
    """A way of naming something: what it names, its folded words. The most useful ones sort first."""

    inutilite: float
    mots: str
    iri: str


class Noms:
    """The names of a lexicon; read-only once made."""

    def __init__(self, lexique: Lexique, connus: Noms | None = None) -> None:
        """Put the names under their words; `connus`, those of another lexicon, spare what both have."""
        self.lexique = lexique
        #: what a rank stands for; a name given up keeps its rank, which no word leads to.
        self.noms: list[Nom] = []
        #: ranks of the names that have a word, the most useful first.
        self.sous: dict[str, array[int]] = {}
        self._perdus = 0
        if connus is None or connus._perdus > _USURE or lexique.mots_vides != connus.lexique.mots_vides:
            self._ajouter(_noms(lexique, None))
        else:
            self._reprendre(connus)
        #: all the words, sorted.
        self.mots = sorted(self.sous)

    def __len__(self) -> int:
        return len(self.noms) - self._perdus

    def mots_de(self, nom: Nom) -> Iterable[str]:
        """Words under which a name is found: stop words do not count, unless they begin it."""
        premier, *suite = nom.mots.split()
        pleins = [mot for mot in suite if mot not in self.lexique.mots_vides]
        lieu = self.lexique.lieux.get(nom.iri)
        return dict.fromkeys((premier, *pleins, *(lieu.codes_postaux if lieu else ())))

    def _ajouter(self, noms: Iterable[Nom]) -> None:
        for nom in sorted(noms):
            for mot in self.mots_de(nom):
                self.sous.setdefault(mot, array("I")).append(len(self.noms))
            self.noms.append(nom)

    def _reprendre(self, connus: Noms) -> None:
        """The names known, without those of the things that differ, which are named anew."""
        edites = _edites(connus.lexique, self.lexique)
        gone = {rang for rang, nom in enumerate(connus.noms) if nom.iri in edites}
        come = list(_noms(self.lexique, edites))
        words = {mot for rang in gone for mot in connus.mots_de(connus.noms[rang])}
        words |= {mot for nom in come for mot in self.mots_de(nom)}
        led = {rang for mot in words for rang in connus.sous.get(mot, ())}
        self.noms, self.sous, self._perdus = [*connus.noms], {**connus.sous}, connus._perdus + len(led & gone)
        for mot in words:
            self.sous[mot] = array("I", (rang for rang in connus.sous.get(mot, ()) if rang not in gone))
        self._ajouter(come)
        for mot in words:
            self.sous[mot] = array("I", sorted(self.sous[mot], key=self.noms.__getitem__))
            if not self.sous[mot]:
                del self.sous[mot]


def _noms(lexique: Lexique, iris: Collection[str] | None) -> Iterable[Nom]:
    """Every way of naming what a question may name, each once; of some things (IRIs) only where given."""
    utiles: dict[tuple[str, str], Nom] = {}
    for nom in _tous(lexique, iris):
        known = utiles.setdefault((nom.iri, nom.mots), nom)
        if nom < known:
            utiles[nom.iri, nom.mots] = nom
    return (nom for nom in utiles.values() if nom.mots)


def _tous(lexique: Lexique, iris: Collection[str] | None) -> Iterator[Nom]:
    for forme in lexique.formes:
        if iris is None or forme.iri in iris:
            concept = lexique.concepts.get(forme.iri)
            if concept is None:
                yield Nom(_AUTRE_NOM * (forme.rang != "pref") - _ACTEUR, forme.mots, forme.iri)
            elif concept.classe in CHAMPS:
                yield Nom(-_CONCEPT[forme.rang], forme.mots, forme.iri)
    premiers: dict[str, str] = {}  # the preferred name of a place comes first in the lexicon
    for nom, iri in lexique.noms_de_lieux:
        if iris is None or iri in iris:
            lieu, premier = lexique.lieux[iri], premiers.setdefault(iri, nom)
            poids = _LIEUX.get(lieu.classe) or math.log10(10 + lieu.population)
            yield Nom(_AUTRE_NOM * (nom != premier) - poids, nom, iri)


def _edites(avant: Lexique, apres: Lexique) -> set[str]:
    """The things (IRIs) that two lexicons do not name alike."""
    found = set[str]()
    if avant.formes is not apres.formes:
        found |= {forme.iri for forme in set(avant.formes) ^ set(apres.formes)}
    if avant.noms_de_lieux is not apres.noms_de_lieux:
        found |= {iri for _, iri in set(avant.noms_de_lieux) ^ set(apres.noms_de_lieux)}
    for before, after in ((avant.concepts, apres.concepts), (avant.lieux, apres.lieux)):
        if before is not after:
            found |= {iri for iri in before.keys() | after.keys() if before.get(iri) != after.get(iri)}
    return found

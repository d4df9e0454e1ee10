"""Entities: concepts, places and actors of the lexicon, tied to the words that name them."""

from __future__ import annotations

from collections.abc import Iterable

from maillage.comprehension.enonce import Enonce
from maillage.comprehension.lieux import Geographie
from maillage.comprehension.resultat import CHAMPS, Entite
from maillage.lexique import Lexique


class Nommage:
    """Makes entities in one language."""

    def __init__(self, lexique: Lexique, geographie: Geographie, langue: str) -> None:
        """Keep what labels come from."""
        self._lexique = lexique
        self._geographie = geographie
        self.langue = langue

    def champ(self, iri: str) -> str:
        """Field of the answer in which this IRI goes, empty where in none."""
        if iri in self._lexique.acteurs:
            return "acteurs"
        if iri in self._lexique.lieux:
            return "territoires"
        concept = self._lexique.concepts.get(iri)
        return CHAMPS.get(concept.classe, "") if concept else ""

    def entite(self, iri: str, mots: str = "", debut: int = 0, fin: int = 0, deduit: bool = False) -> Entite:
        """Entity of a concept, a place or an actor. Raises KeyError where the lexicon has no such IRI."""
        if iri in self._lexique.acteurs:
            acteur = self._lexique.acteurs[iri]
            return Entite(iri, iri.rsplit("/", 1)[-1], acteur.nom, mots, debut, fin, deduit=deduit)
        if iri in self._lexique.lieux:
            lieu = self._lexique.lieux[iri]
            parents = [self._lexique.lieux[parent] for parent in self._geographie.ancetres(iri)]
            codes, noms = tuple(p.code for p in parents), tuple(p.nom for p in parents)
            return Entite(iri, lieu.code, lieu.nom, mots, debut, fin, codes, noms, (), deduit)
        concept = self._lexique.concepts[iri]
        ancetres = [self._lexique.concepts[a] for a in concept.ancetres if a in self._lexique.concepts]
        return Entite(
            iri, concept.code, concept.libelle(self.langue), mots, debut, fin,
            tuple(a.code for a in ancetres),
            tuple(a.libelle(self.langue) for a in ancetres),
            tuple(self._codes(concept.equivalents)),
            deduit,
        )  # fmt: skip

    def dans(self, enonce: Enonce, iri: str, debut: int, fin: int, deduit: bool = False) -> Entite:
        """Entity named by the words `debut` to `fin` (exclusive) of a question."""
        mots = enonce.mots
        texte = enonce.extrait(debut, fin)
        return self.entite(iri, texte, mots[debut].debut, mots[fin - 1].fin, deduit)

    def _codes(self, iris: Iterable[str]) -> Iterable[str]:
        return (self._lexique.concepts[iri].code for iri in iris if iri in self._lexique.concepts)

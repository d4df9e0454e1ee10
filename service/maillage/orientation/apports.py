"""What brings a kind of actor into an answer beside its interventions: name, sector, family, relations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from maillage import namespaces
from maillage.comprehension import METHODE, Comprehension
from maillage.lexique import Concept, Lexique
from maillage.orientation.baremes import Bareme
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot


@dataclass(frozen=True, slots=True)
class Apport:
    """A criterion met by a kind: what it bore on, which part of its weight counts, its evidence (IRI)."""

    type: str
    critere: str
    valeur: str
    part: float = 1.0
    preuve: str = ""
    appoint: bool = False  # counts only for a kind that something else brings in


class Apports:
    """Reads in the graph and the lexicon what a question brings to each kind of actor."""

    def __init__(self, entrepot: Entrepot, requetes: Requetes, lexique: Lexique, bareme: Bareme) -> None:
        """Keep what contributions come from."""
        self._entrepot, self._requetes, self._lexique, self._bareme = entrepot, requetes, lexique, bareme
        self._types = {c.iri: c for c in lexique.concepts.values() if c.classe == "TypeActeur"}

    def pour(self, comprehension: Comprehension) -> Iterator[Apport]:
        """Every contribution of a question. Raises what Entrepot.lignes raises."""
        yield from self._secteurs(comprehension)
        if not (comprehension.liaison.vers or comprehension.liaison.depuis):
            yield from self._noms(comprehension)
        yield from self._familles(comprehension)
        yield from self._relations(comprehension)
        yield from self._passages(comprehension)

    def ecartes(self, comprehension: Comprehension) -> set[str]:
        """Kinds that may not be in the answer: ruled out, of another sector, or object of the relation."""
        liaison = comprehension.liaison
        exclus: set[str] = {*liaison.vers, *liaison.depuis}
        if liaison.reciproque and len(comprehension.champs.get("types_acteur", ())) == 1:
            exclus.update(comprehension.iris("types_acteur"))
        for iri in comprehension.iris("exclus"):
            concept = self._lexique.concepts.get(iri)
            if concept and concept.classe == "TypeActeur":
                exclus.update((iri, *concept.equivalents, *self._plus_precis(iri)))
            elif concept and concept.classe == "Famille":
                exclus.update(t.iri for t in self._types.values() if t.familles == (iri,))
        secteurs = comprehension.iris("secteurs")
        exclus.update(t.iri for t in self._types.values() if secteurs and _autre_secteur(t, secteurs))
        return exclus

    def _secteurs(self, comprehension: Comprehension) -> Iterator[Apport]:
        """Kinds whose reach is a sector, or a branch, know what is particular to it (guide, p. 6-7)."""
        for secteur in comprehension.champs.get("secteurs", ()):
            for concept in self._types.values():
                part = max((self._lexique.concepts[p].poids for p in concept.portees), default=0.0)
                if part:
                    appoint = comprehension.precis
                    yield Apport(concept.iri, "secteur", secteur.libelle, part, appoint=appoint)

    def _noms(self, comprehension: Comprehension) -> Iterator[Apport]:
        """Named kinds; below them their neighbours in time, the kinds they group, those of named actors."""
        for entite in comprehension.champs.get("types_acteur", ()):
            part = self._bareme["evoque"] if entite.deduit else 1.0
            yield self._nom(entite.iri, part, comprehension.langue)
            voisins = {*self._types[entite.iri].equivalents, *self._plus_precis(entite.iri)}
            for voisin in sorted(voisins & self._types.keys()):
                yield self._nom(voisin, part * self._bareme["voisin"], comprehension.langue)

        for nomme in comprehension.iris("acteurs"):
            for type_ in self._lexique.acteurs[nomme].types:
                if type_ in self._types:
                    yield self._nom(type_, self._bareme["evoque"], comprehension.langue)

    def _nom(self, iri: str, part: float, langue: str) -> Apport:
        return Apport(iri, "type-nomme", self._types[iri].libelle(langue), part)

    def _plus_precis(self, iri: str) -> list[str]:
        return [autre.iri for autre in self._types.values() if iri in autre.ancetres]

    def _familles(self, comprehension: Comprehension) -> Iterator[Apport]:
        appoint = bool(comprehension.champs.get("types_acteur"))
        for famille in comprehension.champs.get("familles", ()):
            for concept in self._types.values():
                if famille.iri in concept.familles:
                    yield Apport(concept.iri, "famille", famille.libelle, appoint=appoint)

    def _relations(self, comprehension: Comprehension) -> Iterator[Apport]:
        """Kinds tied by a known relation to those that the question names."""
        liaison = comprehension.liaison
        noeuds = [*liaison.vers, *liaison.depuis]
        if not noeuds and liaison.reciproque:
            noeuds = comprehension.iris("types_acteur", "dispositifs")
        if not noeuds:
            return
        for ligne in self._requetes.executer(self._entrepot, "orientation-relations", {"noeuds": noeuds}):
            autre, nature = ligne["autre"].value, ligne["nature"].value
            part = self._part(ligne["sens"].value, comprehension) * self._force(nature)
            if autre in self._types and part and (not liaison.natures or nature in liaison.natures):
                libelle = self._lexique.concepts[ligne["noeuds"].value].libelle(comprehension.langue)
                yield Apport(autre, "relation", libelle, part, ligne["relation"].value)

    def _part(self, sens: str, comprehension: Comprehension) -> float:
        """Share of the relation criterion: whoever the named actor turns to counts most."""
        if comprehension.liaison.reciproque:
            return 1.0 if sens == "de" else self._bareme["relation-entrante"]
        return 1.0 if sens == ("de" if comprehension.liaison.depuis else "vers") else 0.0

    def _force(self, nature: str) -> float:
        """How strong a tie of this nature is; 1 where the vocabulary does not say."""
        return self._lexique.concepts[nature].poids or 1.0

    def _passages(self, comprehension: Comprehension) -> Iterator[Apport]:
        """Kinds and families that the passage which answers the question is about."""
        if comprehension.intention not in METHODE or not comprehension.passages:
            return
        iri, note = comprehension.passages[0]
        passage = self._lexique.passages[iri]
        libelle = passage.libelles.get(comprehension.langue) or next(iter(passage.libelles.values()), "")
        sujets = set(passage.sujets)
        for concept in self._types.values():
            if concept.iri in sujets or sujets.intersection(concept.familles):
                part = min(1.0, note) * (1.0 if concept.iri in sujets else self._bareme["plus-large"])
                yield Apport(concept.iri, "passage", libelle, part, iri)


def _autre_secteur(concept: Concept, secteurs: list[str]) -> bool:
    """Whether a kind belongs to other sectors than these (a sports body, for culture)."""
    siens = {evoque for evoque in concept.evoque if evoque.startswith(namespaces.iri("secteur", ""))}
    return bool(siens) and not siens.intersection(secteurs)

"""Ranking of kinds of actor: which kinds answer what is asked, in which order, and why."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from maillage import namespaces
from maillage.comprehension import METHODE, Comprehension
from maillage.lexique import Concept, Lexique
from maillage.orientation.baremes import Bareme, Motif
from maillage.requetes import Requetes
from maillage.store import Entrepot

#: field of the understanding → criterion that weighs it.
CRITERES = {
    "roles": "role",
    "themes": "theme",
    "evenements": "evenement",
    "activites": "activite",
    "etapes": "etape",
    "publics": "public",
    "secteurs": "secteur",
    "niveaux": "niveau",
    "dispositifs": "dispositif",
    "objectifs": "objectif",
}

#: a kind must reach this share of the best score to be shown.
PART_MINIMALE = 0.15


@dataclass(frozen=True, slots=True)
class Demande:
    """A concept asked for: its criterion and its full weight here."""

    iri: str
    critere: str
    poids: float
    libelle: str


@dataclass
class Candidat:
    """A kind of actor being ranked."""

    iri: str
    score: float = 0.0
    motifs: list[Motif] = field(default_factory=list)
    couverts: dict[str, float] = field(default_factory=dict)


class Classement:
    """Ranks the kinds of actor of a lexicon with a store's interventions; read-only once made."""

    def __init__(self, entrepot: Entrepot, requetes: Requetes, lexique: Lexique, annee: int) -> None:
        """Count once how many kinds bear each facet. Raises what Entrepot.lignes raises."""
        self.annee = annee
        self._entrepot, self._requetes, self._lexique = entrepot, requetes, lexique
        self.bareme = Bareme(lexique)
        self._types = {c.iri: c for c in lexique.concepts.values() if c.classe == "TypeActeur"}
        lignes = requetes.executer(entrepot, "orientation-frequences")
        self._frequences = {ligne["facette"].value: int(ligne["types"].value) for ligne in lignes}

    def demandes(self, comprehension: Comprehension) -> dict[str, Demande]:
        """Concepts asked for, and their broader ones at a part of the weight, by IRI."""
        demandes: dict[str, Demande] = {}
        for champ, critere in CRITERES.items():
            for entite in comprehension.champs.get(champ, ()):
                part = self.bareme["evoque"] if entite.deduit else 1.0
                self._demander(demandes, entite.iri, critere, part, comprehension.langue)
                for ancetre in self._lexique.concepts[entite.iri].ancetres:
                    large = part * self.bareme["plus-large"]
                    if self._lexique.concepts[ancetre].classe != "Etape":
                        self._demander(demandes, ancetre, critere, large, comprehension.langue)
        return demandes

    def _demander(
        self, demandes: dict[str, Demande], iri: str, critere: str, part: float, langue: str
    ) -> None:
        poids = self.bareme[critere] * part * self._rarete(iri)
        if iri not in demandes or demandes[iri].poids < poids:
            demandes[iri] = Demande(iri, critere, poids, self._lexique.concepts[iri].libelle(langue))

    def _rarete(self, iri: str) -> float:
        """Between 0.4 (every kind has it) and 1 (one kind has it)."""
        frequence = self._frequences.get(iri, 1)
        total = max(2, len(self._types))
        return 0.4 + 0.6 * (1 - math.log(frequence) / math.log(total))

    def classer(self, comprehension: Comprehension) -> list[Candidat]:
        """Kinds that answer, best first; those ruled out by the question left out."""
        demandes = self.demandes(comprehension)
        candidats: dict[str, Candidat] = {}
        self._par_interventions(candidats, demandes, comprehension.langue)
        self._par_secteur(candidats, comprehension)
        self._par_nom(candidats, comprehension)
        self._par_famille(candidats, comprehension)
        self._par_relation(candidats, comprehension)
        self._par_passage(candidats, comprehension)
        for iri in self._exclus(comprehension):
            candidats.pop(iri, None)
        for candidat in candidats.values():
            self._ordonner(candidat, comprehension.langue)
        return self._trier(candidats.values(), demandes)

    def _par_interventions(
        self, candidats: dict[str, Candidat], demandes: Mapping[str, Demande], langue: str
    ) -> None:
        par_type: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for intervention, porteur, facette in self.interventions(demandes):
            if porteur in self._types:
                par_type[porteur][intervention].add(facette)
        for type_, interventions in par_type.items():
            candidats[type_] = self._evaluer(type_, interventions, demandes, langue)

    def interventions(self, demandes: Iterable[str]) -> list[tuple[str, str, str]]:
        """(intervention, bearer, facet) of the interventions that have one of the facets."""
        facettes = list(demandes)
        if not facettes:
            return []
        lignes = self._requetes.executer(self._entrepot, "orientation-interventions", {"facettes": facettes})
        return [
            (ligne["intervention"].value, ligne["porteur"].value, ligne["facettes"].value) for ligne in lignes
        ]

    def _evaluer(
        self,
        type_: str,
        interventions: Mapping[str, set[str]],
        demandes: Mapping[str, Demande],
        langue: str,
    ) -> Candidat:
        """The best intervention in full, the others in part; each facet counted once."""
        ordre = sorted(interventions, key=lambda i: (-_somme(interventions[i], demandes), i))
        candidat = Candidat(type_)
        for rang, intervention in enumerate(ordre):
            part = 1.0 if rang == 0 else self.bareme["complement"] + 0.35
            for facette in sorted(interventions[intervention]):
                if facette not in candidat.couverts:
                    demande = demandes[facette]
                    candidat.couverts[facette] = demande.poids * part
                    candidat.score += demande.poids * part
                    candidat.motifs.append(
                        self.bareme.motif(
                            demande.critere, langue, demande.libelle, True, demande.poids * part, intervention
                        )
                    )
        return candidat

    def _par_secteur(self, candidats: dict[str, Candidat], comprehension: Comprehension) -> None:
        """Kinds whose reach is a sector, or employers of a branch, know what is particular to any sector."""
        for secteur in comprehension.champs.get("secteurs", ()):
            for concept in self._types.values():
                part = max((self._lexique.concepts[p].poids for p in concept.portees), default=0.0)
                autre = self._autre_secteur(concept, secteur.iri)
                if part and not autre and (concept.iri in candidats or not comprehension.precis):
                    libelle = secteur.libelle
                    self._ajouter(candidats, concept.iri, "secteur", part, comprehension.langue, libelle)
                elif autre:
                    candidats.pop(concept.iri, None)

    @staticmethod
    def _autre_secteur(concept: Concept, secteur: str) -> bool:
        """Whether a kind belongs to another sector than this one (a sports body, for culture)."""
        siens = [evoque for evoque in concept.evoque if evoque.startswith(namespaces.iri("secteur", ""))]
        return bool(siens) and secteur not in siens

    def _par_nom(self, candidats: dict[str, Candidat], comprehension: Comprehension) -> None:
        """Named kinds, their successors and, a little below, the kinds they group."""
        if comprehension.liaison.vers or comprehension.liaison.depuis:
            return
        for entite in comprehension.champs.get("types_acteur", ()):
            concept = self._types[entite.iri]
            part = self.bareme["evoque"] if entite.deduit else 1.0
            self._nommer(candidats, entite.iri, part, comprehension.langue)
            for voisin in (*concept.equivalents, *self._plus_precis(entite.iri)):
                self._nommer(candidats, voisin, part * 0.8, comprehension.langue)

    def _nommer(self, candidats: dict[str, Candidat], iri: str, part: float, langue: str) -> None:
        if iri in self._types:
            self._ajouter(candidats, iri, "type-nomme", part, langue, self._types[iri].libelle(langue))

    def _ajouter(
        self,
        candidats: dict[str, Candidat],
        iri: str,
        critere: str,
        part: float,
        langue: str,
        valeur: str,
        preuve: str = "",
    ) -> None:
        candidat = candidats.setdefault(iri, Candidat(iri))
        if any(motif.critere == critere and motif.valeur == valeur for motif in candidat.motifs):
            return
        poids = self.bareme[critere] * part
        candidat.score += poids
        candidat.motifs.insert(0, self.bareme.motif(critere, langue, valeur, True, poids, preuve))

    def _plus_precis(self, iri: str) -> list[str]:
        return [autre.iri for autre in self._types.values() if iri in autre.ancetres]

    def _par_famille(self, candidats: dict[str, Candidat], comprehension: Comprehension) -> None:
        langue = comprehension.langue
        nommes = comprehension.champs.get("types_acteur", ())
        for famille in comprehension.champs.get("familles", ()):
            for concept in self._types.values():
                if famille.iri in concept.familles and not (nommes and concept.iri not in candidats):
                    self._ajouter(candidats, concept.iri, "famille", 1.0, langue, famille.libelle)

    def _par_relation(self, candidats: dict[str, Candidat], comprehension: Comprehension) -> None:
        """Kinds tied by a known relation to those that the question names."""
        noeuds = [*comprehension.liaison.vers, *comprehension.liaison.depuis] or (
            comprehension.iris("types_acteur", "dispositifs") if comprehension.liaison.reciproque else []
        )
        if not noeuds:
            return
        lignes = self._requetes.executer(self._entrepot, "orientation-relations", {"noeuds": noeuds})
        nommes = {*noeuds}
        for ligne in lignes:
            nature, autre = ligne["nature"].value, ligne["autre"].value
            vise = not comprehension.liaison.natures or nature in comprehension.liaison.natures
            part = self._part(ligne["sens"].value, comprehension)
            if (
                autre in self._types
                and vise
                and part
                and not (autre in nommes and comprehension.liaison.vers)
            ):
                libelle = self._types[ligne["noeuds"].value].libelle(comprehension.langue)
                relation = ligne["relation"].value
                self._ajouter(candidats, autre, "relation", part, comprehension.langue, libelle, relation)
        if comprehension.liaison.reciproque and len(comprehension.champs.get("types_acteur", ())) == 1:
            for noeud in noeuds:
                candidats.pop(noeud, None)

    def _part(self, sens: str, comprehension: Comprehension) -> float:
        """Share of the relation criterion: whoever the named actor turns to counts most."""
        if comprehension.liaison.reciproque:
            return 1.0 if sens == "de" else self.bareme["relation-entrante"]
        return 1.0 if sens == ("de" if comprehension.liaison.depuis else "vers") else 0.0

    def _par_passage(self, candidats: dict[str, Candidat], comprehension: Comprehension) -> None:
        """Kinds that the passage which answers the question is about."""
        if comprehension.intention not in METHODE or not comprehension.passages:
            return
        iri, note = comprehension.passages[0]
        passage = self._lexique.passages[iri]
        libelle = passage.libelles.get(comprehension.langue) or next(iter(passage.libelles.values()), "")
        sujets = set(passage.sujets)
        for concept in self._types.values():
            if concept.iri in sujets or sujets.intersection(concept.familles):
                part = min(1.0, note) * (1.0 if concept.iri in sujets else self.bareme["plus-large"])
                self._ajouter(candidats, concept.iri, "passage", part, comprehension.langue, libelle, iri)

    def _exclus(self, comprehension: Comprehension) -> set[str]:
        exclus: set[str] = {*comprehension.liaison.vers, *comprehension.liaison.depuis}
        for entite in comprehension.champs.get("exclus", ()):
            concept = self._lexique.concepts.get(entite.iri)
            if concept and concept.classe == "TypeActeur":
                exclus.update((concept.iri, *concept.equivalents, *self._plus_precis(concept.iri)))
            elif concept and concept.classe == "Famille":
                exclus.update(t.iri for t in self._types.values() if t.familles == (concept.iri,))
        return exclus

    def _ordonner(self, candidat: Candidat, langue: str) -> None:
        """Small bonus of the guide's order: generalist, sector, employers, expert, institution."""
        for portee in self._types[candidat.iri].portees:
            rang = self._rang(portee)
            bonus = self.bareme["ordre-du-guide"] * (1 - (rang - 1) / 6)
            candidat.score += bonus
            libelle = self._lexique.concepts[portee].libelle(langue)
            candidat.motifs.append(self.bareme.motif("ordre-du-guide", langue, libelle, True, bonus))

    def _rang(self, portee: str) -> int:
        codes = [c for c in self._lexique.concepts.values() if c.classe == "Portee"]
        ordre: list[Concept] = sorted(codes, key=lambda c: (c.ordre, c.code))
        return next((rang for rang, c in enumerate(ordre, 1) if c.iri == portee), len(ordre))

    def _trier(self, candidats: Iterable[Candidat], demandes: Mapping[str, Demande]) -> list[Candidat]:
        """Best score first, then at each place the kind that answers most of what is not yet answered."""
        reste = sorted(candidats, key=lambda c: (-c.score, c.iri))
        if not reste:
            return []
        seuil = reste[0].score * PART_MINIMALE
        reste = [candidat for candidat in reste if candidat.score >= seuil]
        classes = [reste.pop(0)]
        couverts = dict(classes[0].couverts)
        while reste:
            gains = [self._gain(candidat, couverts) for candidat in reste]
            choisi = max(range(len(reste)), key=lambda rang: (reste[rang].score + 2 * gains[rang], -rang))
            candidat = reste.pop(choisi)
            classes.append(candidat)
            for facette, poids in candidat.couverts.items():
                couverts[facette] = max(poids, couverts.get(facette, 0.0))
        return classes

    @staticmethod
    def _gain(candidat: Candidat, couverts: Mapping[str, float]) -> float:
        return sum(max(0.0, poids - couverts.get(f, 0.0)) for f, poids in candidat.couverts.items())


def _somme(facettes: Iterable[str], demandes: Mapping[str, Demande]) -> float:
    return sum(demandes[facette].poids for facette in facettes)

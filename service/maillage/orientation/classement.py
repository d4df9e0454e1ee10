"""Ranking of kinds of actor: which kinds answer what is asked, in which order, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from maillage.comprehension import Comprehension
from maillage.lexique import Lexique
from maillage.orientation.apports import Apport, Apports
from maillage.orientation.baremes import Bareme, Motif
from maillage.orientation.demandes import Demande, Demandes, Pesage
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot

#: a kind must reach this share of the best score to be shown.
PART_MINIMALE = 0.15
#: how much answering what nobody answers yet counts, against the score, when the next place is given.
POIDS_DU_GAIN = 2.0

Interventions = list[tuple[str, str, str]]


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
        frequences = {ligne["facette"].value: int(ligne["types"].value) for ligne in lignes}
        self._pesage = Pesage(lexique, self.bareme, frequences, len(self._types))
        self._apports = Apports(entrepot, requetes, lexique, self.bareme)
        portees = (c for c in lexique.concepts.values() if c.classe == "Portee")
        self._ordre = [c.iri for c in sorted(portees, key=lambda c: (c.ordre, c.code))]

    def demandes(self, comprehension: Comprehension) -> dict[str, Demande]:
        """Concepts asked for, weighed, by IRI."""
        return self._pesage.demandes(comprehension)

    def rarete(self, iri: str) -> float:
        """How telling a facet is: 1 where a single kind of actor bears it."""
        return self._pesage.rarete(iri)

    def interventions(self, demandes: Iterable[str]) -> Interventions:
        """(intervention, bearer, facet) of the interventions that have one of the facets.

        Raises what Entrepot.lignes raises.
        """
        facettes = list(demandes)
        if not facettes:
            return []
        lignes = self._requetes.executer(self._entrepot, "orientation-interventions", {"facettes": facettes})
        return [
            (ligne["intervention"].value, ligne["porteur"].value, ligne["facettes"].value) for ligne in lignes
        ]

    def classer(
        self, comprehension: Comprehension, demandes: Demandes, interventions: Interventions
    ) -> list[Candidat]:
        """Kinds that answer, best first; those ruled out by the question left out.

        Raises what Entrepot.lignes raises.
        """
        langue = comprehension.langue
        candidats = self._par_interventions(demandes, interventions, langue)
        for apport in self._apports.pour(comprehension):
            if apport.type in candidats or not apport.appoint:
                self._apporter(candidats.setdefault(apport.type, Candidat(apport.type)), apport, langue)
        ecartes = self._apports.ecartes(comprehension)
        retenus = [candidat for iri, candidat in candidats.items() if iri not in ecartes]
        for candidat in retenus:
            self._ordonner(candidat, langue)
            self._avouer(candidat, demandes, langue)
        return _trier(retenus)

    def classer_pour(
        self, comprehension: Comprehension, demandes: Demandes, interventions: Interventions
    ) -> list[Candidat]:
        """Kinds that answer some of what is asked (one need among several), best first."""
        facettes = [ligne for ligne in interventions if ligne[2] in demandes]
        ecartes = self._apports.ecartes(comprehension)
        candidats = self._par_interventions(demandes, facettes, comprehension.langue)
        retenus = [candidat for iri, candidat in candidats.items() if iri not in ecartes]
        for candidat in retenus:
            self._ordonner(candidat, comprehension.langue)
        return _trier(retenus)

    def _par_interventions(
        self, demandes: Demandes, interventions: Interventions, langue: str
    ) -> dict[str, Candidat]:
        par_type: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for intervention, porteur, facette in interventions:
            if porteur in self._types:
                par_type[porteur][intervention].add(facette)
        return {iri: self._evaluer(iri, siennes, demandes, langue) for iri, siennes in par_type.items()}

    def _evaluer(
        self, iri: str, interventions: Mapping[str, set[str]], demandes: Demandes, langue: str
    ) -> Candidat:
        """The best intervention in full, the others in part; each facet counted once."""
        ordre = sorted(interventions, key=lambda i: (-_somme(interventions[i], demandes), i))
        candidat = Candidat(iri)
        for rang, intervention in enumerate(ordre):
            part = self.bareme["complement"] if rang else 1.0
            for facette in sorted(interventions[intervention] - candidat.couverts.keys()):
                demande = demandes[facette]
                poids = demande.poids * part
                candidat.couverts[facette] = poids
                candidat.score += poids
                motif = self.bareme.motif(demande.critere, langue, demande.libelle, True, poids, intervention)
                candidat.motifs.append(motif)
        return candidat

    def _apporter(self, candidat: Candidat, apport: Apport, langue: str) -> None:
        """Add a contribution to a kind, once for each thing it bore on."""
        if any((m.critere, m.valeur) == (apport.critere, apport.valeur) for m in candidat.motifs):
            return
        poids = self.bareme[apport.critere] * apport.part
        candidat.score += poids
        motif = self.bareme.motif(apport.critere, langue, apport.valeur, True, poids, apport.preuve)
        candidat.motifs.insert(0, motif)

    def _ordonner(self, candidat: Candidat, langue: str) -> None:
        """Small bonus of the guide's order: generalist, sector, employers, expert, institution (p. 6-7)."""
        for portee in self._types[candidat.iri].portees:
            rang = self._ordre.index(portee)
            bonus = self.bareme["ordre-du-guide"] * (1 - rang / len(self._ordre))
            candidat.score += bonus
            libelle = self._lexique.concepts[portee].libelle(langue)
            candidat.motifs.append(self.bareme.motif("ordre-du-guide", langue, libelle, True, bonus))

    def _avouer(self, candidat: Candidat, demandes: Demandes, langue: str) -> None:
        """What the question names and no source says of this kind: unknown, which is not « no »."""
        for facette, demande in demandes.items():
            connu = any((m.critere, m.valeur) == (demande.critere, demande.libelle) for m in candidat.motifs)
            if demande.exprimee and facette not in candidat.couverts and not connu:
                motif = self.bareme.motif(demande.critere, langue, demande.libelle, None, 0.0)
                candidat.motifs.append(motif)


def _trier(candidats: Iterable[Candidat]) -> list[Candidat]:
    """Best score first, then at each place the kind that answers most of what is not yet answered."""
    reste = sorted(candidats, key=lambda c: (-c.score, c.iri))
    if not reste:
        return []
    seuil = reste[0].score * PART_MINIMALE
    reste = [candidat for candidat in reste if candidat.score >= seuil]
    classes = [reste.pop(0)]
    couverts = dict(classes[0].couverts)
    while reste:
        notes = [candidat.score + POIDS_DU_GAIN * _gain(candidat, couverts) for candidat in reste]
        candidat = reste.pop(notes.index(max(notes)))
        classes.append(candidat)
        for facette, poids in candidat.couverts.items():
            couverts[facette] = max(poids, couverts.get(facette, 0.0))
    return classes


def _gain(candidat: Candidat, couverts: Mapping[str, float]) -> float:
    return sum(max(0.0, poids - couverts.get(f, 0.0)) for f, poids in candidat.couverts.items())


def _somme(facettes: Iterable[str], demandes: Demandes) -> float:
    return sum(demandes[facette].poids for facette in facettes)

"""The score of an actor for one question, and its reasons: the same weighings give both.

Many candidates share their kinds, their sector, their territory or their status: each weighing is done once
a question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from maillage.comprehension import Comprehension
from maillage.lexique import Lexique
from maillage.orientation.annuaire import Annuaire, Inscrit
from maillage.orientation.baremes import Motif
from maillage.orientation.classement import Classement

#: class of the territory served → criterion of nearness.
PROXIMITE = {
    "commune": "proximite-commune",
    "arrondissement-municipal": "proximite-commune",
    "epci": "proximite-intercommunalite",
    "bassin": "proximite-intercommunalite",
    "departement": "proximite-departement",
    "region": "proximite-region",
    "ancienne-region": "proximite-region",
    "pays": "proximite-pays",
}

#: statuses that weigh; each has a criterion of the same name.
_STATUTS_PESES = ("atteste", "historique")


class Pesee(NamedTuple):
    """A criterion, what it bore on, the part of its weight that counts, its evidence (IRI)."""

    critere: str
    valeur: str
    part: float = 1.0
    preuve: str = ""


@dataclass(frozen=True, slots=True)
class Postulant:
    """An actor that may be shown: by which kinds, and through which territory it serves the place."""

    inscrit: Inscrit
    types: frozenset[str]
    servi: str


class Evaluation:
    """Weighs the candidates of one question."""

    def __init__(
        self,
        lexique: Lexique,
        classement: Classement,
        annuaire: Annuaire,
        comprehension: Comprehension,
        notes: Mapping[str, float],
        territoires: Sequence[str],
    ) -> None:
        """`notes` are the scores of the kinds that answer, `territoires` the places asked for."""
        self._lexique, self._classement, self._bareme = lexique, classement, classement.bareme
        self._langue = comprehension.langue
        self._notes, self._territoires = notes, territoires
        self._secteurs = set(comprehension.iris("secteurs"))
        self._nommes = set(comprehension.iris("acteurs"))
        self._declares = self._declarations(annuaire, comprehension)
        self._faites: dict[tuple[str, object], tuple[tuple[Pesee, ...], float]] = {}

    def note(self, postulant: Postulant) -> float:
        """Score of an actor, rounded so that the order of additions changes no rank."""
        return round(sum(total for _, total in self._pesees(postulant)), 6)

    def motifs(self, postulant: Postulant) -> list[Motif]:
        """The criteria that make the score."""
        motifs = []
        for pesees, _ in self._pesees(postulant):
            for pesee in pesees:
                poids = self._bareme[pesee.critere] * pesee.part
                motifs.append(
                    self._bareme.motif(
                        pesee.critere, self._langue, pesee.valeur, poids >= 0, poids, pesee.preuve
                    )
                )
        return motifs

    def type_retenu(self, postulant: Postulant) -> str:
        """The kind by which an actor answers: one of its own rather than a broader or former one."""
        if not (postulant.types and self._notes):
            return next(iter(postulant.inscrit.types), "")
        meilleur = self._meilleur(postulant.types)
        siens = [t for t in postulant.inscrit.types if t in self._lexique.concepts]
        proches = [t for t in siens if t == meilleur or self._proche(t, meilleur)]
        return max(proches or siens, key=lambda t: (self._notes.get(t, 0.0), t), default=meilleur)

    def meilleur_type(self, postulant: Postulant) -> str:
        """The kind of the answer for which an actor counts most; empty where it answers by its name alone."""
        return self._meilleur(postulant.types) if postulant.types & self._notes.keys() else ""

    def _meilleur(self, types: frozenset[str]) -> str:
        return max(types, key=lambda t: (self._notes.get(t, 0.0), t))

    def _proche(self, type_: str, autre: str) -> bool:
        concept = self._lexique.concepts[type_]
        return autre in concept.ancetres or autre in concept.equivalents

    def _pesees(self, postulant: Postulant) -> list[tuple[tuple[Pesee, ...], float]]:
        inscrit = postulant.inscrit
        faites = [
            self._une_fois("type", (postulant.types, inscrit.types), lambda: self._type(postulant)),
            self._une_fois("secteur", inscrit.secteurs, lambda: self._secteur(inscrit.secteurs)),
            self._une_fois("proximite", postulant.servi, lambda: self._proximite(postulant.servi)),
            self._une_fois("commune", inscrit.commune, lambda: self._implantation(inscrit.commune)),
            self._une_fois("statut", inscrit.statut, lambda: self._statut(inscrit.statut)),
            self._une_fois("constat", inscrit.constat, lambda: self._fraicheur(inscrit.constat)),
        ]
        if inscrit.iri in self._nommes:
            faites.insert(0, self._une_fois("nom", inscrit.iri, lambda: self._nom(inscrit.iri)))
        if inscrit.iri in self._declares:
            sienne = self._declares[inscrit.iri]
            faites.append(self._une_fois("declare", inscrit.iri, lambda: [sienne]))
        return faites

    def _une_fois(
        self, nom: str, cle: object, peser: Callable[[], Sequence[Pesee]]
    ) -> tuple[tuple[Pesee, ...], float]:
        faite = self._faites.get((nom, cle))
        if faite is None:
            pesees = tuple(peser())
            faite = pesees, sum(self._bareme[pesee.critere] * pesee.part for pesee in pesees)
            self._faites[nom, cle] = faite
        return faite

    def _nom(self, acteur: str) -> list[Pesee]:
        return [Pesee("acteur-nomme", self._lexique.acteurs[acteur].nom)]

    def _type(self, postulant: Postulant) -> list[Pesee]:
        if not (postulant.types and self._notes):
            return []
        part = self._notes.get(self._meilleur(postulant.types), 0.0) / max(self._notes.values())
        libelle = self._lexique.concepts[self.type_retenu(postulant)].libelle(self._langue)
        return [Pesee("type-classe", libelle, part)]

    def _secteur(self, secteurs: Sequence[str]) -> list[Pesee]:
        """The sectors of an actor against those asked for; the broader and the narrower ones suit."""
        if not secteurs:
            return []
        concepts = self._lexique.concepts
        larges = {ancetre for s in self._secteurs for ancetre in concepts[s].ancetres}
        connus = [concepts[s] for s in secteurs if s in concepts]
        precis = {ancetre for concept in connus for ancetre in concept.ancetres}
        if not self._secteurs:
            code = "secteur-non-demande"
        elif set(secteurs) & (self._secteurs | larges) or precis & self._secteurs:
            code = "secteur-exact"
        else:
            code = "autre-secteur"
        return [Pesee(code, ", ".join(concept.libelle(self._langue) for concept in connus))]

    def _proximite(self, servi: str) -> list[Pesee]:
        lieu = self._lexique.lieux.get(servi)
        return [Pesee(PROXIMITE[lieu.classe], lieu.nom)] if lieu and lieu.classe in PROXIMITE else []

    def _implantation(self, commune: str) -> list[Pesee]:
        if commune in self._territoires and commune in self._lexique.lieux:
            return [Pesee("implantation", self._lexique.lieux[commune].nom)]
        return []

    def _statut(self, statut: str) -> list[Pesee]:
        concept = self._lexique.concepts.get(statut)
        if concept is None or concept.code not in _STATUTS_PESES:
            return []
        return [Pesee(f"statut-{concept.code}", concept.libelle(self._langue))]

    def _fraicheur(self, constat: str) -> list[Pesee]:
        if not constat[:4].isdigit():
            return []
        return [Pesee("fraicheur", constat, max(0, self._classement.annee - int(constat[:4])))]

    def _declarations(self, annuaire: Annuaire, comprehension: Comprehension) -> dict[str, Pesee]:
        """All that a source says of the very actors, of what is asked for: one weighing an actor."""
        demandes = self._classement.demandes(comprehension)
        total = sum(demande.poids for demande in demandes.values()) or 1.0
        declares: dict[str, dict[str, str]] = defaultdict(dict)
        for facette in demandes:
            for acteur, intervention in annuaire.declarations.get(facette, ()):
                declares[acteur].setdefault(facette, intervention)
        return {
            acteur: Pesee(
                "declare",
                ", ".join(demandes[facette].libelle for facette in siennes),
                sum(demandes[facette].poids for facette in siennes) / total,
                next(iter(siennes.values())),
            )
            for acteur, siennes in declares.items()
        }

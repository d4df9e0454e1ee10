"""The front desk: a question in, an explained answer out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from maillage.comprehension import METHODE, Comprehension, Interprete
from maillage.comprehension.entites import Nommage
from maillage.lexique import Lexique
from maillage.namespaces import iri
from maillage.orientation.acteurs import Acteurs, Page, Trouves
from maillage.orientation.besoins import Besoins
from maillage.orientation.classement import Candidat, Classement
from maillage.orientation.facettes import Facettes
from maillage.orientation.parcours import Parcours
from maillage.orientation.phrase import Phrases
from maillage.orientation.preuves import Preuves
from maillage.orientation.profil import Profils
from maillage.orientation.rendu import Rendu
from maillage.orientation.reponse import Reponse
from maillage.orientation.successions import Successions
from maillage.orientation.voisins import Voisin, Voisins
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot

#: passages shown, and the score under which one is not.
PASSAGES, PASSAGE_MINIMAL = 3, 0.35
#: the same where the question is surely about the method.
PASSAGE_DE_METHODE = 0.2
#: whole paths kept at hand: a path takes as long as several questions.
PARCOURS_RETENUS = 256
#: status of an actor that is no more.
HISTORIQUE = iri("statut", "historique")


class Orienteur:
    """Answers questions from one store and its lexicon; safe to share between threads."""

    def __init__(
        self,
        entrepot: Entrepot,
        requetes: Requetes,
        lexique: Lexique,
        annee: int,
        interprete: Interprete | None = None,
        connu: Orienteur | None = None,
    ) -> None:
        """Prepare what every answer needs. `annee` is today's year, for the freshness of sources.

        `interprete` is one already made from this lexicon, if any; `connu`, one whose actors are the same.
        Raises what Entrepot.lignes raises.
        """
        self._entrepot, self._requetes, self.lexique = entrepot, requetes, lexique
        self.interprete = interprete or Interprete(lexique)
        self._classement = Classement(entrepot, requetes, lexique, annee)
        geographie = self.interprete.geographie
        known = connu._acteurs if connu else None
        self._acteurs: Acteurs = Acteurs(entrepot, requetes, lexique, self._classement, geographie, known)
        self._besoins = Besoins(lexique, self._classement)
        self._parcours = Parcours(lexique)
        self._profils = Profils(self._acteurs.annuaire, lexique)
        self._voisins = Voisins(self._acteurs.annuaire, lexique, geographie)
        self._phrases = Phrases(lexique)
        self._preuves = Preuves(entrepot, requetes, lexique)
        self._successions = Successions(entrepot, requetes, lexique, self._preuves)
        self.parcours = lru_cache(PARCOURS_RETENUS)(self._parcourir)

    @property
    def annee(self) -> int:
        """The year from which the age of sources is counted."""
        return self._classement.annee

    @property
    def facettes(self) -> Facettes:
        """Facets of the actors: they read the filters of a question."""
        return self._acteurs.facettes

    def repondre(
        self,
        question: str,
        langue: str = "fr",
        limite: int = 20,
        territoire: str | None = None,
        page: Page | None = None,
        corriger: bool = True,
        sans: frozenset[str] = frozenset(),
    ) -> Reponse:
        """Answer to a question; `territoire` is the IRI of the worker's own territory.

        `limite` bounds the kinds, and the actors where no `page` says which of them; with `corriger` false
        the words are taken as written; what is in `sans` (IRIs) is left out of what was understood. Raises
        what Entrepot.lignes raises.
        """
        comprehension = self.interprete.comprendre(question, langue, territoire, corriger, sans)
        nommage = Nommage(self.lexique, self.interprete.geographie, langue)
        renvois = [nommage.entite(iri).en_json() for iri in comprehension.renvois]
        phrase = self._phrases.dire(comprehension)
        if comprehension.hors_sujet:
            return Reponse(comprehension, phrase, (), (), (), 0, renvois)
        demandes = self._classement.demandes(comprehension)
        interventions = self._classement.interventions(demandes)
        types = self._classement.classer(comprehension, demandes, interventions)
        territoires = comprehension.iris("territoires") or ([territoire] if territoire else [])
        page = page or Page(limite)
        trouves = self._acteurs.chercher(comprehension, types, territoires, page)
        rendu = Rendu(self.lexique, nommage, self._preuves, [*types[:limite], *trouves.fiches])
        acteurs = [rendu.acteur(fiche) for fiche in trouves.fiches]
        besoins = self._besoins.distinguer(comprehension, demandes, interventions)
        maillons = self._parcours.tracer(types, trouves.meilleurs)
        return Reponse(
            comprehension,
            phrase,
            rendu.types(types[:limite], acteurs, self._absents(types[:limite], trouves, page, territoires)),
            acteurs,
            [rendu.passage(iri, note) for iri, note in self._passages(comprehension)],
            trouves.total,
            facettes=trouves.facettes,
            besoins=[rendu.besoin(besoin) for besoin in besoins],
            parcours=[rendu.maillon(rang, maillon) for rang, maillon in enumerate(maillons, 1)],
            successions=self._successions.evoquees(comprehension, nommage),
        )

    def _parcourir(self, besoin: Iterable[str], territoire: str, langue: str) -> list[dict[str, Any]]:
        """The whole path of a territory (IRI) for a need told by its concepts (IRIs), in the guide's order.

        A link for each reach; `type` is null where no kind of actor that answers has it, `acteur` where none
        is listed; then `plus_proche` is the nearest one, of the sector asked for. Raises KeyError for an
        unknown concept, and what Entrepot.lignes raises.
        """
        comprehension = self.interprete.choisir(besoin, langue)
        demandes = self._classement.demandes(comprehension)
        types = self._classement.classer(comprehension, demandes, self._classement.interventions(demandes))
        repartis = self._parcours.repartir(types)
        # A search for each reach: against those that answer best, an institution would never be looked for.
        meilleurs = {
            fiche.iri: fiche
            for _, siens in repartis
            for fiche in self._acteurs.chercher(comprehension, siens, [territoire], Page(0)).meilleurs
            if fiche.premier("statut") != HISTORIQUE
        }
        maillons = self._parcours.enchainer(repartis, list(meilleurs.values()))
        nommage = Nommage(self.lexique, self.interprete.geographie, langue)
        fiches = [maillon.acteur for maillon in maillons if maillon.acteur]
        rendu = Rendu(self.lexique, nommage, self._preuves, fiches)
        secteurs = frozenset(comprehension.iris("secteurs"))
        absents = {
            m.type: self._voisins.plus_proche(m.type, [territoire], secteurs)
            for m in maillons
            if not m.acteur
        }
        return rendu.parcours(self._parcours.portees, maillons, absents)

    def acteurs(self, iris: Iterable[str], langue: str) -> list[dict[str, Any]]:
        """These actors as an answer writes them, without reasons, with their `profil` (see Profils).

        Raises what Entrepot.lignes raises.
        """
        fiches = self._acteurs.fiches(iris)
        nommage = Nommage(self.lexique, self.interprete.geographie, langue)
        rendu = Rendu(self.lexique, nommage, self._preuves, fiches)
        return [rendu.acteur(fiche) | {"profil": self._profils.profil(fiche.iri, langue)} for fiche in fiches]

    def _absents(
        self, types: Sequence[Candidat], trouves: Trouves, page: Page, territoires: Sequence[str]
    ) -> dict[str, Voisin | None]:
        """Kinds that no actor of the answer stands for, with the nearest one; nothing under filters, which
        hide actors that are listed."""
        if page.filtres or not territoires:
            return {}
        absents = self._voisins.absents((candidat.iri for candidat in types), trouves.tous)
        return {type_: self._voisins.plus_proche(type_, territoires) for type_ in absents}

    @staticmethod
    def _passages(comprehension: Comprehension) -> list[tuple[str, float]]:
        minimum = PASSAGE_DE_METHODE if comprehension.intention in METHODE else PASSAGE_MINIMAL
        return [(iri, note) for iri, note in comprehension.passages[:PASSAGES] if note >= minimum]


def expliquer(comprehension: Comprehension) -> list[dict[str, Any]]:
    """Explain mode: each span examined, what it was taken for, and why it was kept or set aside."""
    return [
        {
            "mots": e.mots,
            "debut": e.debut,
            "fin": e.fin,
            "iri": e.iri,
            "retenu": e.retenu,
            "motifs": [{"code": code, "indices": indices} for code, indices in e.motifs],
        }
        for e in comprehension.explications
    ]

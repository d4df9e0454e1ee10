"""The front desk: a question in, an explained answer out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from maillage.comprehension import METHODE, Comprehension, Interprete
from maillage.comprehension.entites import Nommage
from maillage.lexique import Lexique
from maillage.orientation.acteurs import Acteurs, Fiche, Page
from maillage.orientation.baremes import Motif
from maillage.orientation.classement import Candidat, Classement
from maillage.orientation.facettes import Facettes
from maillage.orientation.phrase import Phrases
from maillage.orientation.reponse import Reponse
from maillage.requetes import Requetes
from maillage.store import Entrepot

#: actors listed under each kind.
ACTEURS_PAR_TYPE = 5
#: passages shown, and the score under which one is not.
PASSAGES, PASSAGE_MINIMAL = 3, 0.35
#: the same where the question is surely about the method.
PASSAGE_DE_METHODE = 0.2

Preuve = dict[str, Any]


class Orienteur:
    """Answers questions from one store and its lexicon; safe to share between threads."""

    def __init__(self, entrepot: Entrepot, requetes: Requetes, lexique: Lexique, annee: int) -> None:
        """Prepare what every answer needs. `annee` is today's year, for the freshness of sources.

        Raises what Entrepot.lignes raises.
        """
        self._entrepot, self._requetes, self.lexique = entrepot, requetes, lexique
        self.interprete = Interprete(lexique)
        self._classement = Classement(entrepot, requetes, lexique, annee)
        self._acteurs = Acteurs(entrepot, requetes, lexique, self._classement)
        self._phrases = Phrases(lexique)
        self._sources = self._titres()

    def _titres(self) -> dict[str, dict[str, str]]:
        titres: dict[str, dict[str, str]] = defaultdict(dict)
        for ligne in self._requetes.executer(self._entrepot, "orientation-libelles"):
            langue = getattr(ligne["titre"], "language", None) or "fr"
            titres[ligne["source"].value][langue] = ligne["titre"].value
        return titres

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
    ) -> Reponse:
        """Answer to a question; `territoire` is the IRI of the worker's own territory.

        `limite` bounds the kinds, and the actors where no `page` says which of them; with `corriger` false
        the words are taken as written. Raises what Entrepot.lignes raises.
        """
        comprehension = self.interprete.comprendre(question, langue, territoire, corriger)
        nommage = Nommage(self.lexique, self.interprete.geographie, langue)
        renvois = [nommage.entite(iri).en_json() for iri in comprehension.renvois]
        phrase = self._phrases.dire(comprehension)
        if comprehension.hors_sujet:
            return Reponse(comprehension, phrase, (), (), (), 0, renvois)
        types = self._classement.classer(comprehension)
        territoires = comprehension.iris("territoires") or ([territoire] if territoire else [])
        page = page or Page(limite)
        trouves = self._acteurs.chercher(comprehension, types, territoires, page)
        preuves = self._preuves([*types[:limite], *trouves.fiches], langue)
        acteurs = [self._acteur(fiche, nommage, preuves) for fiche in trouves.fiches]
        rendus = self._types(types[:limite], nommage, preuves, acteurs)
        passages = [
            self._passage(iri, note, langue)
            for iri, note in comprehension.passages[:PASSAGES]
            if note >= (PASSAGE_DE_METHODE if comprehension.intention in METHODE else PASSAGE_MINIMAL)
        ]
        return Reponse(
            comprehension, phrase, rendus, acteurs, passages, trouves.total, facettes=trouves.facettes
        )

    def _types(
        self,
        candidats: Sequence[Candidat],
        nommage: Nommage,
        preuves: dict[str, Preuve],
        acteurs: Sequence[dict[str, Any]],
    ) -> list[dict[str, Any]]:
        maximum = max((candidat.score for candidat in candidats), default=1.0) or 1.0
        rendus, plafond = [], 1.0
        for candidat in candidats:
            plafond = min(plafond, candidat.score / maximum)
            concept = self.lexique.concepts[candidat.iri]
            familles = [self.lexique.concepts[f].code for f in concept.familles if f in self.lexique.concepts]
            siens = [a for a in acteurs if concept.code in a["types"]]
            rendus.append(
                nommage.entite(candidat.iri).en_json()
                | {
                    "familles": familles,
                    "score": round(plafond, 3),
                    "motifs": [self._motif(motif, preuves) for motif in candidat.motifs],
                    "acteurs": siens[:ACTEURS_PAR_TYPE],
                }
            )
        return rendus

    def _acteur(self, fiche: Fiche, nommage: Nommage, preuves: dict[str, Preuve]) -> dict[str, Any]:
        lieux = self.lexique.lieux
        servis = [lieux[t].nom for t in sorted(fiche.valeurs.get("territoireServi", ())) if t in lieux]
        commune = lieux.get(fiche.premier("commune"))
        types = [
            self.lexique.concepts[t].code
            for t in sorted(fiche.valeurs.get("classification", ()))
            if t in self.lexique.concepts
        ]
        adresse = (
            fiche.premier("streetAddress"), fiche.premier("postalCode"), fiche.premier("addressLocality")
        )  # fmt: skip
        return nommage.entite(fiche.iri).en_json() | {
            "libelle": fiche.premier("prefLabel"),
            "type": nommage.entite(fiche.type).en_json() if fiche.type in self.lexique.concepts else None,
            "types": types,
            "score": round(fiche.score, 3),
            "motifs": [self._motif(motif, preuves) for motif in fiche.motifs],
            "territoire": ", ".join(servis),
            "commune": commune.nom if commune else "",
            "contact": {
                "adresse": " ".join(part for part in adresse if part),
                "telephone": fiche.premier("telephone"),
                "courriel": fiche.premier("email"),
                "url": fiche.premier("url"),
            },
            "source": self._source(fiche.premier("source"), nommage.langue),
            "preuve": fiche.premier("preuve"),
            "constat": fiche.premier("constat"),
            "statut": fiche.premier("statut").rsplit("/", 1)[-1],
            "statut_libelle": self._libelle(fiche.premier("statut"), nommage.langue),
            "remarque": fiche.premier("remarque"),
        }

    def _motif(self, motif: Motif, preuves: dict[str, Preuve]) -> dict[str, Any]:
        return {
            "critere": motif.critere,
            "libelle": motif.libelle,
            "valeur": motif.valeur,
            "atteint": motif.atteint,
            "poids": motif.poids,
            "preuve": preuves.get(motif.intervention or motif.relation),
        }

    def _preuves(self, candidats: Iterable[Candidat | Fiche], langue: str) -> dict[str, Preuve]:
        """Evidence of every intervention or relation cited, by IRI."""
        cites = {
            cite
            for candidat in candidats
            for motif in candidat.motifs
            for cite in (motif.intervention, motif.relation)
            if cite
        }
        if not cites:
            return {}
        valeurs: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        lignes = self._requetes.executer(
            self._entrepot, "orientation-preuves", {"interventions": sorted(cites)}
        )
        for ligne in lignes:
            propriete = ligne["propriete"].value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
            parlee = getattr(ligne["valeur"], "language", None) or ""
            valeurs[ligne["interventions"].value][propriete][parlee] = ligne["valeur"].value
        return {iri: self._preuve(iri, donnees, langue) for iri, donnees in valeurs.items()}

    def _preuve(self, iri: str, donnees: dict[str, dict[str, str]], langue: str) -> Preuve:
        def texte(propriete: str) -> str:
            valeurs = donnees.get(propriete, {})
            return valeurs.get(langue) or next(iter(valeurs.values()), "")

        return {
            "iri": iri,
            "resume": texte("resume"),
            "reserve": texte("condition"),
            "source": self._source(texte("source"), langue),
            "page": int(texte("page")) if texte("page") else None,
            "section": texte("section"),
            "constat": texte("constat"),
            "statut": texte("statut").rsplit("/", 1)[-1],
            "degre": texte("degre").rsplit("/", 1)[-1],
            "preuve": texte("preuve"),
        }

    def _passage(self, iri: str, note: float, langue: str) -> dict[str, Any]:
        passage = self.lexique.passages[iri]

        def dit(textes: dict[str, Any]) -> Any:
            return textes.get(langue) or next(iter(textes.values()), "")

        return {
            "iri": iri,
            "libelle": dit(passage.libelles),
            "resume": dit(passage.resumes),
            "en_bref": list(passage.en_bref.get(langue, ())),
            "score": round(note, 3),
            "source": self._source(passage.source, langue)
            | {"page": passage.page, "section": passage.section},
        }

    def _source(self, iri: str, langue: str) -> dict[str, Any]:
        titres = self._sources.get(iri, {})
        return {"iri": iri, "titre": titres.get(langue) or next(iter(titres.values()), "")}

    def _libelle(self, iri: str, langue: str) -> str:
        concept = self.lexique.concepts.get(iri)
        return concept.libelle(langue) if concept else ""


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

"""Evidence: what is quoted of an intervention, a relation or a passage, with its source, page and date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from maillage.lexique import Lexique
from maillage.namespaces import local_name
from maillage.orientation.baremes import Motif
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Ligne

Preuve = dict[str, Any]
#: property → language → value
Donnees = dict[str, dict[str, str]]


class Preuves:
    """What motives quote: that of kinds of actor is kept at hand, that of actors is asked for."""

    def __init__(self, entrepot: Entrepot, requetes: Requetes, lexique: Lexique) -> None:
        """Read the usual evidence and the titles of sources once. Raises what Entrepot.lignes raises."""
        self._entrepot, self._requetes, self._lexique = entrepot, requetes, lexique
        lignes = requetes.executer(entrepot, "orientation-preuves-habituelles")
        self._habituelles = _groupes(lignes, "cite")
        self._titres: dict[str, dict[str, str]] = defaultdict(dict)
        for ligne in requetes.executer(entrepot, "orientation-libelles"):
            langue = getattr(ligne["titre"], "language", None) or "fr"
            self._titres[ligne["source"].value][langue] = ligne["titre"].value

    def citer(self, motifs: Iterable[Motif], langue: str) -> dict[str, Preuve]:
        """Evidence of these motives, by IRI. Raises what Entrepot.lignes raises."""
        cites = {cite for motif in motifs for cite in (motif.intervention, motif.relation) if cite}
        propres = sorted(cites - self._habituelles.keys() - self._lexique.passages.keys())
        connues = {cite: self._habituelles[cite] for cite in cites & self._habituelles.keys()}
        if propres:
            lignes = self._requetes.executer(
                self._entrepot, "orientation-preuves", {"interventions": propres}
            )
            connues |= _groupes(lignes, "interventions")
        passages = {cite: self._du_passage(cite, langue) for cite in cites & self._lexique.passages.keys()}
        return {iri: self._preuve(iri, donnees, langue) for iri, donnees in connues.items()} | passages

    def passage(self, iri: str, langue: str) -> Preuve:
        """What a passage says, with its page."""
        passage = self._lexique.passages[iri]
        source = self.source(passage.source, langue)
        return {
            "iri": iri,
            "libelle": _dit(passage.libelles, langue),
            "resume": _dit(passage.resumes, langue),
            "en_bref": list(passage.en_bref.get(langue, ())),
            "source": source | {"page": passage.page, "section": passage.section},
        }

    def source(self, iri: str, langue: str) -> dict[str, Any]:
        """IRI and title of a source."""
        return {"iri": iri, "titre": _dit(self._titres.get(iri, {}), langue)}

    def _preuve(self, iri: str, donnees: Donnees, langue: str) -> Preuve:
        textes = {propriete: _dit(valeurs, langue) for propriete, valeurs in donnees.items()}
        page = textes.get("page", "")
        return {
            "iri": iri,
            "resume": textes.get("resume", ""),
            "reserve": textes.get("condition", ""),
            "source": self.source(textes.get("source", ""), langue),
            "page": int(page) if page else None,
            "section": textes.get("section", ""),
            "constat": textes.get("constat", ""),
            "statut": textes.get("statut", "").rsplit("/", 1)[-1],
            "degre": textes.get("degre", "").rsplit("/", 1)[-1],
            "preuve": textes.get("preuve", ""),
        }

    def _du_passage(self, iri: str, langue: str) -> Preuve:
        """A passage quoted as the evidence of a motive."""
        passage = self._lexique.passages[iri]
        donnees = {"resume": dict(passage.resumes), "source": {"": passage.source}}
        donnees |= {"page": {"": str(passage.page or "")}, "section": {"": passage.section}}
        return self._preuve(iri, donnees, langue)


def _groupes(lignes: Iterable[Ligne], sujet: str) -> dict[str, Donnees]:
    groupes: dict[str, Donnees] = defaultdict(lambda: defaultdict(dict))
    for ligne in lignes:
        propriete = local_name(ligne["propriete"].value)
        langue = getattr(ligne["valeur"], "language", None) or ""
        groupes[ligne[sujet].value][propriete][langue] = ligne["valeur"].value
    return groupes


def _dit(textes: dict[str, str], langue: str) -> str:
    """Text in a language, else in any."""
    return textes.get(langue) or next(iter(textes.values()), "")

"""SIRENE: which bodies of the corpus closed, when, and who took over.

Files of the INSEE stock, or an extract of them for the SIRET of the corpus: `StockEtablissement` (siret,
etatAdministratifEtablissement « A » or « F », dateDebut) and `StockEtablissementLiensSuccession`
(siretEtablissementPredecesseur, siretEtablissementSuccesseur, dateLienSuccession). Only bodies whose SIRET a
record already gives are looked at; nothing else of SIRENE is taken, so no person's name either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from maillage.importation.acteur import Fiche
from maillage.importation.geographie import Geographie
from maillage.importation.lecture import Enregistrement
from maillage.sources.connu import Connu, lit
from maillage.sources.lecteur import Lecteur
from maillage.sources.notice import Edition, Notice

LISTE = "etablissements"
COLONNES = ("siret", "etatAdministratifEtablissement", "dateDebut")
COLONNES_LIENS = ("siretEtablissementPredecesseur", "siretEtablissementSuccesseur", "dateLienSuccession")
_SIRET, _JOUR = re.compile(r"\d{14}"), (r"\d{4}-\d{2}-\d{2}", "2026-08-03")
_FERME = "F"


class LecteurSirene(Lecteur):
    """Closed establishments that the corpus knows, as notices; `ecarts` says what was left out."""

    def __init__(
        self, racine: Path, geo: Geographie, edition: Edition, liens: Iterable[Enregistrement]
    ) -> None:
        super().__init__(edition)
        connu = lit(racine)
        self._connus = {
            siret: acteur
            for acteur in connu.acteurs
            for siret in connu.textes(acteur, "dcterms:identifier")
            if _SIRET.fullmatch(siret)
        }
        self._fiches = {a: _fiche(connu, a, edition) for a in set(self._connus.values())}
        self._departements = {a: connu.acteurs[a][0].split("/")[2] for a in self._fiches}
        self._suites = {
            avant: str(e.valeurs.get("siretEtablissementSuccesseur") or "")
            for e in liens
            if (avant := str(e.valeurs.get("siretEtablissementPredecesseur") or "")) in self._connus
        }

    def _notice(self, e: Enregistrement) -> Notice | None:
        siret = e.facultatif("siret")
        acteur = self._connus.get(siret)
        if acteur is None or e.facultatif("etatAdministratifEtablissement") != _FERME:
            return None
        self._une_fois(e, "siret", siret)
        suite = self._suites.get(siret, "")
        return Notice(
            siret,
            self._fiches[acteur],
            self._departements[acteur],
            ferme_le=e.code("dateDebut", *_JOUR),
            repreneur=self._connus.get(suite, ""),
        )


def _fiche(connu: Connu, acteur: str, edition: Edition) -> Fiche:
    nom = next(iter(connu.textes(acteur, "skos:prefLabel")), acteur)
    types = connu.valeurs(acteur, "org:classification")
    return Fiche(slug=acteur, nom=nom, source=edition.source, constat=edition.jour, types=types)

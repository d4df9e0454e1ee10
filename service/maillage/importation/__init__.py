"""Importers: open data of other publishers converted into Turtle files of the corpus (`donnees/`).

`IMPORTATEURS` is what `maillage importer` offers, in the order in which a corpus is first filled: the
importers of actors check their places against the territories.
"""

from __future__ import annotations

from maillage.importation import (
    contours,
    crdla,
    droit_du_travail,
    france_travail,
    missions_locales,
    opco,
    quimper,
    reperes,
    successions,
    territoires,
)
from maillage.importation.lecture import ErreurImport
from maillage.importation.publication import Bilan
from maillage.importation.registre import Importateur, Progres

__all__ = ["IMPORTATEURS", "Bilan", "ErreurImport", "Importateur", "Progres"]

_LISTE = (
    Importateur(
        territoires.COMMANDE,
        "Communes, intercommunalités, départements, régions d'aujourd'hui et d'avant 2016 (code officiel).",
        territoires.ARGUMENTS,
        territoires.importe,
    ),
    Importateur(
        reperes.COMMANDE,
        "Points de repère des départements et des communes, pour les cartes.",
        reperes.ARGUMENTS,
        reperes.importe,
    ),
    Importateur(
        contours.COMMANDE,
        "Contours simplifiés des départements et des communes, pour les cartes.",
        contours.ARGUMENTS,
        contours.importe,
    ),
    Importateur(
        quimper.COMMANDE,
        "Dossier prouvé « première embauche, sport, Quimper » : organismes et interventions.",
        quimper.ARGUMENTS,
        quimper.importe,
    ),
    Importateur(
        france_travail.COMMANDE,
        "Agences de France Travail.",
        france_travail.ARGUMENTS,
        france_travail.importe,
    ),
    Importateur(
        missions_locales.COMMANDE,
        "Missions locales de 2023, rapprochées de celles de l'annuaire.",
        missions_locales.ARGUMENTS,
        missions_locales.importe,
    ),
    Importateur(
        droit_du_travail.COMMANDE,
        "Services de renseignement en droit du travail.",
        droit_du_travail.ARGUMENTS,
        droit_du_travail.importe,
    ),
    Importateur(
        opco.COMMANDE,
        "Opérateurs de compétences et conventions collectives du secteur associatif.",
        opco.ARGUMENTS,
        opco.importe,
    ),
    Importateur(crdla.COMMANDE, "Centres de ressources des DLA.", crdla.ARGUMENTS, crdla.importe),
    Importateur(
        successions.COMMANDE,
        "Successions datées d'institutions, de dispositifs et de régions.",
        successions.ARGUMENTS,
        successions.importe,
    ),
)

#: name of the source → importer.
IMPORTATEURS: dict[str, Importateur] = {importateur.nom: importateur for importateur in _LISTE}

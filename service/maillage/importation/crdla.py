"""Resource centres of the DLA network (CRDLA)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from maillage.importation import tables
from maillage.importation.acteur import Fiche
from maillage.importation.ecriture import Bloc, ref
from maillage.importation.lecture import lit_csv, verifie_nombre
from maillage.importation.libelles import remarques
from maillage.importation.publication import Bilan, Fichier, publie
from maillage.importation.registre import Progres

COMMANDE = "crdla"
ARGUMENTS = ("crdla.csv",)
PERIMETRE = ("donnees/acteurs/france/crdla.ttl",)


def importe(fichiers: Sequence[Path], racine: Path, essai: bool, progres: Progres) -> Bilan:
    """Write the centres in one national file. Raises ErreurImport."""
    verifie_nombre(fichiers, ARGUMENTS)
    progres("Lecture des centres de ressources")
    edition, textes = tables.edition(racine, COMMANDE), remarques(racine, COMMANDE)
    ailleurs, secteurs = tables.equivalences(racine, COMMANDE), tables.secteurs(racine, COMMANDE)
    blocs: list[Bloc] = []
    for e in sorted(
        lit_csv(fichiers[0], ("slug", "nom", "porteur", "preuve_url")), key=lambda e: e.texte("slug")
    ):
        fiche = Fiche(
            slug=e.texte("slug"),
            nom=e.texte("nom"),
            types=[ref("type", COMMANDE)],
            secteurs=secteurs.get(e.texte("slug"), []),
            territoires=[ref("pays", "france")],
            preuve=e.texte("preuve_url"),
            source=edition.source,
            constat=edition.constat,
            statut="atteste",
            remarque=textes["porteur"].format(porteur=e.texte("porteur")),
        )
        acteur = ailleurs.get(e.texte("slug"))
        blocs.append(fiche.complement(acteur) if acteur else fiche.bloc())
    fichier = Fichier("donnees/acteurs/france/crdla.ttl", "Centres de ressources des DLA (CRDLA).", blocs)
    return publie(COMMANDE, [fichier], PERIMETRE, racine, essai)

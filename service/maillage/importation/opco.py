"""The eleven skills operators (OPCO), with the collective agreements of the association sector."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from maillage.importation import tables
from maillage.importation.acteur import Fiche
from maillage.importation.ecriture import Bloc, ref
from maillage.importation.lecture import Enregistrement, lit_csv, verifie_nombre
from maillage.importation.libelles import remarques
from maillage.importation.publication import Bilan, Ecart, Fichier, publie
from maillage.importation.registre import Progres

COMMANDE = "opco"
ARGUMENTS = ("opco.csv", "idcc_opco.csv")
PERIMETRE = ("donnees/acteurs/france/opco.ttl",)
_SEPARATEUR = " – "
_SOURCE_CONVENTIONS = ref("source", "idcc-opco")
_SANS_PREUVE = "connaissance générale"


def importe(fichiers: Sequence[Path], racine: Path, essai: bool, progres: Progres) -> Bilan:
    """Write the operators in one national file. Raises ErreurImport."""
    verifie_nombre(fichiers, ARGUMENTS)
    progres("Lecture des opérateurs de compétences et des conventions collectives")
    operateurs = lit_csv(fichiers[0], ("slug", "nom", "perimetre_associatif", "preuve_url", "niveau"))
    connus = {e.texte("slug") for e in operateurs}
    conventions, ecarts = _conventions(
        lit_csv(fichiers[1], ("idcc", "libelle", "opco", "opco_niveau")), connus
    )
    textes, ailleurs = remarques(racine, COMMANDE), tables.equivalences(racine, COMMANDE)
    secteurs, edition = tables.secteurs(racine, COMMANDE), tables.edition(racine, COMMANDE)
    blocs: list[Bloc] = []
    for e in sorted(operateurs, key=lambda e: e.texte("slug")):
        code, perimetre = e.texte("slug"), e.texte("perimetre_associatif")
        phrases = [textes["perimetre"].format(perimetre=perimetre)]
        if code in conventions:
            phrases.append(textes["conventions"].format(conventions=" ; ".join(conventions[code])))
        fiche = _fiche(e, edition, tables.statut(racine, e), " ".join(phrases))
        fiche.secteurs = secteurs.get(code, [])
        fiche.autres_sources = [_SOURCE_CONVENTIONS] if code in conventions else []
        acteur = ailleurs.get(code)
        blocs.append(fiche.complement(acteur, avec_remarque=True) if acteur else fiche.bloc())
    fichier = Fichier("donnees/acteurs/france/opco.ttl", "Opérateurs de compétences (OPCO).", blocs)
    return publie(COMMANDE, [fichier], PERIMETRE, racine, essai, ecarts)


def _conventions(lignes: list[Enregistrement], connus: set[str]) -> tuple[dict[str, list[str]], list[Ecart]]:
    par_opco: dict[str, list[str]] = defaultdict(list)
    ecarts: list[Ecart] = []
    for e in sorted(lignes, key=lambda e: e.texte("idcc")):
        code, nom = e.facultatif("opco"), f"IDCC {e.code('idcc', r'[0-9]{4}', '2511')} {e.texte('libelle')}"
        if not code:
            ecarts.append(Ecart(nom, "la source ne dit pas de quel opérateur relève la convention"))
            continue
        if code not in connus:
            raise e.erreur("opco", f"l'opérateur « {code} » n'est pas dans la liste des OPCO.")
        doute = " (à confirmer)" if e.facultatif("opco_niveau") == _SANS_PREUVE else ""
        par_opco[code].append(nom + doute)
    return dict(par_opco), ecarts


def _fiche(e: Enregistrement, edition: tables.Edition, statut: str, remarque: str) -> Fiche:
    nom = e.texte("nom")
    return Fiche(
        slug=e.texte("slug"),
        nom=nom,
        autres_noms=nom.split(_SEPARATEUR) if _SEPARATEUR in nom else [],
        types=[ref("type", COMMANDE)],
        territoires=[ref("pays", "france")],
        preuve=e.facultatif("preuve_url"),
        source=edition.source,
        constat=edition.constat,
        statut=statut,
        remarque=remarque,
    )

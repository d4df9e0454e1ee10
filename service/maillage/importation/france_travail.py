"""Agencies of France Travail, as a public list of 2023 gives them under the name of Pôle emploi."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from maillage.importation import tables
from maillage.importation.acteur import Fiche
from maillage.importation.ecriture import Bloc, ref
from maillage.importation.geographie import Geographie, charge
from maillage.importation.lecture import Enregistrement, cle, lit_liste_json, verifie_nombre
from maillage.importation.libelles import Graphies, modeles, remarques
from maillage.importation.publication import Bilan, Ecart, Fichier, publie
from maillage.importation.registre import Progres

COMMANDE = "france-travail"
ARGUMENTS = ("agences.json",)
PERIMETRE = ("donnees/acteurs/*/france-travail.ttl",)


def importe(fichiers: Sequence[Path], racine: Path, essai: bool, progres: Progres) -> Bilan:
    """Write the agencies, one file a département. Raises ErreurImport."""
    verifie_nombre(fichiers, ARGUMENTS)
    progres("Lecture des territoires et des tables")
    agences = _Agences(racine)
    for e in sorted(lit_liste_json(fichiers[0]), key=lambda e: int(e.code("id", r"\d{1,9}", "623"))):
        agences.traite(e)
    resultat = [
        Fichier(
            f"donnees/acteurs/{code}/france-travail.ttl",
            f"Agences de France Travail : {agences.geo.departements.get(code, code)} ({code}).",
            agences.blocs[code],
        )
        for code in sorted(agences.blocs)
    ]
    return publie(COMMANDE, resultat, PERIMETRE, racine, essai, agences.ecarts)


def departement_de(e: Enregistrement, geo: Geographie) -> tuple[str, set[str], str]:
    """Code as written, départements it may be, territory served, of a record with a whole-number code.

    The number 20 stands for both départements of Corsica: its region is then what is known.
    """
    code = e.code("code_departement", r"\d{1,3}|2[ABab]", "29").upper().zfill(2)
    if code in geo.departements:
        return code, {code}, ref("departement", code)
    regions = {cle(nom): r for r, nom in geo.regions.items()}
    region = regions.get(cle(e.texte("nom_region")))
    if region is None:
        raise e.erreur("code_departement", f"le département « {code} » n'est pas dans donnees/territoires.")
    return code, {d for d, r in geo.region_de.items() if r == region}, ref("region", region)


class _Agences:
    def __init__(self, racine: Path) -> None:
        self.geo = charge(racine)
        self.edition = tables.edition(racine, COMMANDE)
        self.equivalences = tables.equivalences(racine, COMMANDE)
        self.graphies = Graphies(racine, self.geo)
        self.modeles = modeles(racine, COMMANDE)
        self.remarques = remarques(racine, COMMANDE)
        self.blocs: dict[str, list[Bloc]] = defaultdict(list)
        self.ecarts: list[Ecart] = []

    def traite(self, e: Enregistrement) -> None:
        """Add the agency to the file of its département, or say why not."""
        libelle = e.texte("nom_agence")
        modele = next((m for m in self.modeles if libelle.startswith(m[0] + " ")), None)
        if modele is None:
            self.ecarts.append(Ecart(libelle, "le libellé n'a pas de modèle dans libelles.csv"))
            return
        code, departements, territoire = departement_de(e, self.geo)
        lieu = self.graphies.lieu(libelle.removeprefix(modele[0]).strip(), departements)
        fiche = Fiche(
            slug=f"{COMMANDE}-{e.texte('id')}",
            nom=modele[1].format(lieu=lieu.nom),
            autres_noms=[libelle],
            types=[ref("type", COMMANDE)],
            commune=lieu.commune,
            territoires=[territoire],
            identifiants=[f"pass-emploi-{e.texte('id')}"],
            source=self.edition.source,
            constat=self.edition.constat,
            remarque=self._remarque(lieu.commune),
        )
        dossier = self.geo.communes[lieu.commune] if lieu.commune else code
        ailleurs = self.equivalences.get(e.texte("id"))
        self.blocs[dossier].append(fiche.complement(ailleurs) if ailleurs else fiche.bloc())

    def _remarque(self, commune: str | None) -> str:
        deduite = [self.remarques["commune"]] if commune else []
        return " ".join([self.remarques["ressort"], *deduite])

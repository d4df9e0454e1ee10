"""Public bodies of the official directory (service-public.fr), edition of September 2019.

Which category is kept, as what, and why is in donnees/institutions/classement-annuaire.csv. The extract is
incomplete: a body that is not in it may exist all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from maillage.importation import tables
from maillage.importation.acteur import Fiche, slug, telephone_lisible, url_lisible
from maillage.importation.ecriture import Bloc, ref
from maillage.importation.geographie import Geographie, charge
from maillage.importation.lecture import Enregistrement, cle, lit_csv, verifie_nombre
from maillage.importation.publication import Bilan, Ecart, Fichier, publie
from maillage.importation.registre import Progres

COMMANDE = "annuaire"
ARGUMENTS = ("annuaire_service_public.csv", "mairies.csv")
PERIMETRE = ("donnees/acteurs/*/annuaire-2019.ttl",)
_COMMUNES = ("id_dila", "nom", "adresse", "code_postal", "localite", "telephone", "url", "insee_2026")
_MAIRIE = "mairie"


def importe(fichiers: Sequence[Path], racine: Path, essai: bool, progres: Progres) -> Bilan:
    """Write the bodies of the directory, one file a département. Raises ErreurImport."""
    verifie_nombre(fichiers, ARGUMENTS)
    progres("Lecture des territoires et des tables de classement")
    contexte = _Contexte(racine)
    lignes = [
        *((e.texte("type_pivot"), e) for e in lit_csv(fichiers[0], ("type_pivot", *_COMMUNES))),
        *((_MAIRIE, e) for e in lit_csv(fichiers[1], _COMMUNES)),
    ]
    progres(f"{len(lignes)} organismes lus")
    par_departement: dict[str, list[Bloc]] = defaultdict(list)
    for categorie, e in sorted(lignes, key=lambda paire: paire[1].texte("id_dila")):
        if bloc := contexte.traite(categorie, e):
            par_departement[contexte.geo.communes[contexte.commune(e)]].append(bloc)
    return publie(
        COMMANDE, list(_fichiers(par_departement, contexte.geo)), PERIMETRE, racine, essai, contexte.ecarts
    )


def _fichiers(par_departement: dict[str, list[Bloc]], geo: Geographie) -> Iterable[Fichier]:
    for code in sorted(par_departement):
        titre = f"Organismes de l'annuaire du service public de 2019 : {geo.departements[code]} ({code})."
        yield Fichier(f"donnees/acteurs/{code}/annuaire-2019.ttl", titre, par_departement[code])


class _Contexte:
    """Tables and territories, and what is left out on the way."""

    def __init__(self, racine: Path) -> None:
        self.geo = charge(racine)
        self.edition = tables.edition(racine, COMMANDE)
        self.equivalences = tables.equivalences(racine, COMMANDE)
        self.regles = tables.regles_annuaire(racine)
        self.lieux = self.geo.cles()
        self.ecarts: list[Ecart] = []

    def commune(self, e: Enregistrement) -> str:
        """Code of the commune of a record. Raises ErreurImport where it is unknown."""
        code = e.texte("insee_2026")
        commune = self.geo.commune(code)
        if commune is None:
            raise e.erreur("insee_2026", f"la commune « {code} » n'est pas dans donnees/territoires.")
        return commune

    def traite(self, categorie: str, e: Enregistrement) -> Bloc | None:
        """The block of a record, or None where it is left out."""
        identifiant = e.texte("id_dila")
        regles = self.regles.get(categorie)
        if regles is None:
            raise e.erreur("type_pivot", f"« {categorie} » n'a pas de ligne dans classement-annuaire.csv.")
        classement = tables.classe(e.texte("nom"), regles)
        if classement.ecarte:
            self.ecarts.append(Ecart(identifiant, f"{categorie} : {classement.ecarte}"))
            return None
        fiche = self._fiche(e, classement)
        ailleurs = self.equivalences.get(identifiant)
        return fiche.complement(ailleurs) if ailleurs else fiche.bloc()

    def _fiche(self, e: Enregistrement, classement: tables.Classement) -> Fiche:
        commune = self.commune(e)
        return Fiche(
            slug=slug(e.texte("id_dila")),
            nom=e.texte("nom"),
            autres_noms=self._porteur(e.texte("nom"), classement.porteur_apres),
            types=classement.types,
            secteurs=classement.secteurs,
            commune=commune,
            territoires=[self._ressort(e, classement.ressort, commune)],
            rue=e.facultatif("adresse"),
            code_postal=e.facultatif("code_postal"),
            localite=e.facultatif("localite"),
            telephone=self._lisible(e, "telephone"),
            url=self._lisible(e, "url"),
            identifiants=[e.texte("id_dila")],
            source=self.edition.source,
            constat=self.edition.constat,
            statut=classement.statut,
            remarque=classement.remarque,
        )

    def _porteur(self, nom: str, separateur: str) -> list[str]:
        # « Crib - Comité olympique de l'Ain » names its bearer; « Crib - Metz » only says a place.
        _, trouve, porteur = nom.partition(separateur) if separateur else ("", "", "")
        return [porteur.strip()] if trouve and cle(porteur) not in self.lieux else []

    def _ressort(self, e: Enregistrement, ressort: str, commune: str) -> str:
        departement = self.geo.communes[commune]
        codes = {"commune": commune, "departement": departement}
        if ressort == "region":
            # An overseas collectivity has no region above it: it is its own.
            region = self.geo.region_de.get(departement, "")
            return ref("region", region) if region in self.geo.regions else ref("departement", departement)
        if ressort not in codes:
            raise e.erreur("type_pivot", f"le ressort « {ressort} » de classement-annuaire.csv est inconnu.")
        return ref(ressort, codes[ressort])

    def _lisible(self, e: Enregistrement, champ: str) -> str:
        valeur = e.facultatif(champ)
        lisible = url_lisible if champ == "url" else telephone_lisible
        if not valeur or lisible(valeur):
            return valeur
        raison = f"champ « {champ} » illisible, laissé de côté (l'organisme est gardé)"
        self.ecarts.append(Ecart(f"{e.texte('id_dila')} : {valeur}", raison))
        return ""

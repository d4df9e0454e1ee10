"""Labour-law information services of the départements (Code du travail numérique)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from maillage.importation import tables
from maillage.importation.acteur import Fiche, url_lisible
from maillage.importation.ecriture import Bloc, ref
from maillage.importation.geographie import charge
from maillage.importation.lecture import lit_objet_json, verifie_nombre
from maillage.importation.libelles import modeles, remarques
from maillage.importation.publication import Bilan, Ecart, Fichier, publie
from maillage.importation.registre import Progres

COMMANDE = "droit-du-travail"
ARGUMENTS = ("services-de-renseignement.json",)
PERIMETRE = ("donnees/acteurs/*/droit-du-travail.ttl",)
_TYPE = "ddets"


def importe(fichiers: Sequence[Path], racine: Path, essai: bool, progres: Progres) -> Bilan:
    """Write the services, one file a département. Raises ErreurImport."""
    verifie_nombre(fichiers, ARGUMENTS)
    progres("Lecture des territoires et des tables")
    geo, edition = charge(racine), tables.edition(racine, COMMANDE)
    ailleurs, textes = tables.equivalences(racine, COMMANDE), remarques(racine, COMMANDE)
    modele = modeles(racine, COMMANDE)[0][1]
    blocs: dict[str, list[Bloc]] = defaultdict(list)
    ecarts: list[Ecart] = []
    for e in lit_objet_json(fichiers[0], "code"):
        cle_source = e.code("code", r"\d{1,3}|2[AaBb]", "29")
        code = cle_source.upper().zfill(2)
        if code not in geo.departements:
            raise e.erreur("code", f"le département « {code} » n'est pas dans donnees/territoires.")
        url = e.texte("url")
        if not url_lisible(url):
            ecarts.append(Ecart(f"{code} : {url}", "adresse web illisible, laissée de côté"))
        fiche = Fiche(
            slug=f"{COMMANDE}-{code.lower()}",
            nom=modele.format(lieu=geo.departements[code]),
            types=[ref("type", _TYPE)],
            territoires=[ref("departement", code)],
            url=url if url_lisible(url) else "",
            preuve=url if url_lisible(url) else "",
            source=edition.source,
            constat=edition.constat,
            statut="atteste",
            remarque=textes["ressort"],
        )
        acteur = ailleurs.get(cle_source)
        blocs[code].append(fiche.complement(acteur) if acteur else fiche.bloc())
    resultat = [
        Fichier(
            f"donnees/acteurs/{code}/droit-du-travail.ttl",
            f"Renseignement en droit du travail : {geo.departements[code]} ({code}).",
            blocs[code],
        )
        for code in sorted(blocs)
    ]
    return publie(COMMANDE, resultat, PERIMETRE, racine, essai, ecarts)

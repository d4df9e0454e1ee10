"""Dated successions of institutions, schemes and regions since 2012.

What replaces what, in the terms of the vocabularies, is in donnees/institutions/successions.csv; the date,
the legal text and the proof come from the source. A line without change or without date is left out there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from maillage.importation import tables
from maillage.importation.ecriture import Bloc, adresse_web, date, ref, texte
from maillage.importation.lecture import Enregistrement, lit_csv, verifie_nombre
from maillage.importation.publication import Bilan, Ecart, Fichier, publie
from maillage.importation.registre import Progres

COMMANDE = "successions"
ARGUMENTS = ("institutions.csv",)
PERIMETRE = ("donnees/institutions/successions.ttl",)
_SOURCE = ("slug", "nom_guide_2013", "nom_actuel", "date_effet", "texte", "preuve_url", "niveau", "remarque")
_TABLE = ("slug", "succession", "anciens", "nouveaux", "date", "modalite", "perimetre", "texte", "ecart")


def importe(fichiers: Sequence[Path], racine: Path, essai: bool, progres: Progres) -> Bilan:
    """Write the successions in one file. Raises ErreurImport."""
    verifie_nombre(fichiers, ARGUMENTS)
    progres("Lecture des successions")
    edition = tables.edition(racine, COMMANDE)
    correspondances: dict[str, list[Enregistrement]] = defaultdict(list)
    for c in lit_csv(racine / tables.DOSSIER / "successions.csv", _TABLE):
        correspondances[c.texte("slug")].append(c)
    blocs: list[Bloc] = []
    ecarts: list[Ecart] = []
    for e in lit_csv(fichiers[0], _SOURCE):
        code = e.texte("slug")
        if code not in correspondances:
            raise e.erreur("slug", f"« {code} » n'a pas de ligne dans successions.csv.")
        for c in correspondances[code]:
            if ecart := c.facultatif("ecart"):
                ecarts.append(Ecart(code, ecart))
            else:
                blocs.append(_bloc(e, c, edition.source, tables.statut(racine, e)))
    blocs.sort(key=lambda b: b.sujet)
    titre = "Successions d'institutions, de dispositifs et de régions."
    fichier = Fichier("donnees/institutions/successions.ttl", titre, blocs)
    return publie(COMMANDE, [fichier], PERIMETRE, racine, essai, ecarts)


def _bloc(e: Enregistrement, c: Enregistrement, source: str, statut: str) -> Bloc:
    preuve, legal = e.facultatif("preuve_url"), c.facultatif("texte") or e.facultatif("texte")
    bloc = Bloc(ref("succession", c.texte("succession")), "mlg:Succession")
    bloc.ajoute("mlg:ancien", tables.curies(c, "anciens")).ajoute("mlg:nouveau", tables.curies(c, "nouveaux"))
    bloc.ajoute("mlg:dateEffet", _date(e, c)).ajoute("mlg:modalite", tables.curies(c, "modalite"))
    bloc.ajoute("mlg:perimetre", _texte(c.facultatif("perimetre"))).ajoute("mlg:texteLegal", _texte(legal))
    bloc.ajoute("dcterms:source", source)
    bloc.ajoute("mlg:preuve", adresse_web(preuve) if preuve.startswith("http") else None)
    bloc.ajoute("mlg:statut", ref("statut", statut))
    return bloc.ajoute("mlg:remarque", _texte(e.facultatif("remarque")))


def _texte(valeur: str) -> str | None:
    return texte(valeur) if valeur else None


def _date(e: Enregistrement, c: Enregistrement) -> str:
    if c.texte("date") != e.texte("date_effet"):
        raise e.erreur(
            "date_effet", f"« {e.texte('date_effet')} » ; successions.csv dit « {c.texte('date')} »."
        )
    try:
        return date(e.texte("date_effet"))
    except ValueError as erreur:
        raise e.erreur("date_effet", f"{erreur}.") from None

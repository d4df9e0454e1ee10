"""The proved dossier « first hire, sport, Quimper »: its bodies, and what each is expected to do.

The source says who, where, which steps and with what proof; how its words map to the vocabularies, and the
sentence shown to the worker, are in donnees/institutions/dossier-quimper.csv, one line a body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from maillage.importation import tables
from maillage.importation.acteur import Fiche
from maillage.importation.ecriture import Bloc, date, ref, texte
from maillage.importation.geographie import charge
from maillage.importation.lecture import Enregistrement, lit_csv, verifie_nombre
from maillage.importation.libelles import remarques
from maillage.importation.publication import Bilan, Ecart, Fichier, publie
from maillage.importation.registre import Progres

COMMANDE = "quimper"
ARGUMENTS = ("dossier.csv",)
_ACTEURS = "donnees/acteurs/29/dossier-quimper.ttl"
_INTERVENTIONS = "donnees/acteurs/29/dossier-quimper-interventions.ttl"
PERIMETRE = (_ACTEURS, _INTERVENTIONS)
_COLONNES = (
    *("slug", "nom", "secteur", "ressort", "commune_insee", "adresse", "url", "etapes_suggerees"),
    *("preuve_url", "date_preuve", "niveau", "remarque"),
)
#: column of the table → property of the intervention.
_FACETTES = (
    ("famille", "mlg:famille"),
    ("roles", "mlg:role"),
    ("themes", "mlg:theme"),
    ("publics", "mlg:public"),
    ("evenements", "mlg:evenement"),
    ("degre", "mlg:degre"),
)
_TABLE = (
    "slug",
    "types",
    "secteurs",
    "territoires",
    "autres_noms",
    "constat",
    "sources",
    "resume_fr",
    "resume_en",
)
_ADRESSE = re.compile(r"(?P<rue>.+), (?P<code>\d{5}) (?P<localite>.+)")
_PRECISION = re.compile(r"(?P<reste>.*?)\s*\((?P<precision>[^()]*)\)\s*")


@dataclass(frozen=True, slots=True)
class _Contexte:
    communes: dict[str, str]
    remarques: dict[str, str]


def importe(fichiers: Sequence[Path], racine: Path, essai: bool, progres: Progres) -> Bilan:
    """Write the bodies of the dossier and their interventions. Raises ErreurImport."""
    verifie_nombre(fichiers, ARGUMENTS)
    progres("Lecture du dossier de Quimper")
    source = tables.edition(racine, COMMANDE).source
    contexte = _Contexte(charge(racine).noms_communes, remarques(racine, COMMANDE))
    lignes = lit_csv(racine / tables.DOSSIER / "dossier-quimper.csv", (*_TABLE, *(c for c, _ in _FACETTES)))
    table = {e.texte("slug"): e for e in lignes}
    acteurs: list[Bloc] = []
    interventions: list[Bloc] = []
    ecarts: list[Ecart] = []
    for e in sorted(lit_csv(fichiers[0], _COLONNES), key=lambda e: e.texte("slug")):
        code = e.texte("slug")
        if code not in table:
            raise e.erreur("slug", f"« {code} » n'a pas de ligne dans dossier-quimper.csv.")
        acteurs.append(_fiche(e, table[code], source, tables.statut(racine, e), contexte).bloc())
        if e.facultatif("etapes_suggerees"):
            interventions.append(_intervention(e, table[code], source))
        else:
            ecarts.append(Ecart(code, "aucune étape dans le dossier : acteur gardé, sans intervention"))
    dossier = "Dossier « première embauche, sport, Quimper »"
    resultat = [
        Fichier(_ACTEURS, f"{dossier} : les organismes.", acteurs),
        Fichier(_INTERVENTIONS, f"{dossier} : les interventions.", interventions),
    ]
    return publie(COMMANDE, resultat, PERIMETRE, racine, essai, ecarts)


def _fiche(e: Enregistrement, t: Enregistrement, source: str, statut: str, contexte: _Contexte) -> Fiche:
    preuve, commune = e.texte("preuve_url"), e.facultatif("commune_insee")
    adresse, precision = _sans_precision(e.facultatif("adresse"))
    if commune and commune not in contexte.communes:
        raise e.erreur("commune_insee", f"la commune « {commune} » n'est pas dans donnees/territoires.")
    rue, code_postal, localite = _adresse(adresse, contexte.communes.get(commune, ""))
    est_url = preuve.startswith("http")
    cas = {
        "secteur": e.facultatif("secteur"),
        "ressort": e.facultatif("ressort"),
        "adresse": precision,
        "reference": "" if est_url else preuve,
        "date": "" if e.texte("date_preuve") == t.texte("constat") else e.texte("date_preuve"),
    }
    dites = [contexte.remarques[nom].format(valeur=valeur) for nom, valeur in cas.items() if valeur]
    propre = e.facultatif("remarque")
    return Fiche(
        slug=e.texte("slug"),
        nom=e.texte("nom"),
        autres_noms=[n.strip() for n in t.facultatif("autres_noms").split("|")],
        types=tables.curies(t, "types"),
        secteurs=tables.curies(t, "secteurs"),
        territoires=tables.curies(t, "territoires"),
        commune=commune or None,
        rue=rue,
        code_postal=code_postal,
        localite=localite,
        url=e.facultatif("url"),
        preuve=preuve if est_url else "",
        source=source,
        autres_sources=tables.curies(t, "sources"),
        constat=t.texte("constat"),
        statut=statut,
        remarque=" ".join([*([_phrase(propre)] if propre else []), *dites]),
    )


def _adresse(adresse: str, commune: str) -> tuple[str, str, str]:
    """Street, postal code and town; the town is that of the commune where the address does not say it."""
    if decoupee := _ADRESSE.fullmatch(adresse):
        return decoupee["rue"], decoupee["code"], decoupee["localite"]
    return (adresse.removesuffix(f", {commune}"), "", commune) if adresse else ("", "", "")


def _sans_precision(adresse: str) -> tuple[str, str]:
    """An address, and what the dossier adds to it between brackets at its end."""
    trouve = _PRECISION.fullmatch(adresse)
    return (trouve["reste"], trouve["precision"]) if trouve else (adresse, "")


def _phrase(remarque: str) -> str:
    return remarque[:1].upper() + remarque[1:] + ("" if remarque.endswith(".") else ".")


def _intervention(e: Enregistrement, t: Enregistrement, source: str) -> Bloc:
    code = e.texte("slug")
    bloc = Bloc(ref("intervention", f"{COMMANDE}-{code}"), "mlg:Intervention")
    bloc.ajoute("mlg:acteur", ref("acteur", code))
    etapes = e.code("etapes_suggerees", r"[1-6](?:;[1-6])*", "2;3;4").split(";")
    bloc.ajoute("mlg:etape", [ref("etape", etape) for etape in etapes])
    for colonne, propriete in _FACETTES:
        bloc.ajoute(propriete, tables.curies(t, colonne))
    bloc.ajoute("mlg:secteur", tables.curies(t, "secteurs"))
    bloc.ajoute("mlg:territoire", tables.curies(t, "territoires"))
    bloc.ajoute("mlg:resume", [texte(t.texte("resume_fr")), texte(t.texte("resume_en"), "en")])
    bloc.ajoute("dcterms:source", [source, *tables.curies(t, "sources")])
    bloc.ajoute("mlg:constat", date(t.texte("constat")))
    return bloc.ajoute("mlg:statut", ref("statut", "habituel"))

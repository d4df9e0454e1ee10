"""The importers' knowledge, kept as tables in donnees/institutions so that a steward can correct it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from maillage.importation.ecriture import curie
from maillage.importation.lecture import Enregistrement, ErreurImport, contient, lit_csv

DOSSIER = "donnees/institutions"


@dataclass(frozen=True, slots=True)
class Edition:
    """What is said of every record of one source: its IRI and the date it was seen."""

    source: str
    constat: str


@dataclass(frozen=True, slots=True)
class Regle:
    """One line of the table that sorts the directory; an empty pattern is the rule of the whole category."""

    motif: str
    effet: str
    types: tuple[str, ...]
    secteurs: tuple[str, ...]
    statut: str
    ressort: str
    porteur_apres: str
    remarque: str
    raison: str


@dataclass(slots=True)
class Classement:
    """What a record is taken for."""

    types: list[str]
    secteurs: list[str]
    statut: str
    ressort: str
    porteur_apres: str
    remarque: str
    ecarte: str = ""


def curies(e: Enregistrement, champ: str) -> list[str]:
    """Names `prefixe:code` of a field, checked. Raises ErreurImport."""
    try:
        return [curie(mot) for mot in e.mots(champ)]
    except ValueError as erreur:
        raise e.erreur(champ, f"{erreur}.") from None


def edition(racine: Path, importateur: str) -> Edition:
    """Source and date of an importer. Raises ErreurImport where the table does not have it."""
    for e in lit_csv(racine / DOSSIER / "sources-importees.csv", ("importateur", "source", "constat")):
        if e.texte("importateur") == importateur:
            return Edition(curies(e, "source")[0], e.facultatif("constat"))
    raise ErreurImport(f"sources-importees.csv : aucune ligne pour l'importateur « {importateur} ».")


def equivalences(racine: Path, source: str) -> dict[str, str]:
    """Identifier in a source → slug of the actor that another importer describes."""
    lignes = lit_csv(racine / DOSSIER / "equivalences.csv", ("source", "identifiant", "acteur", "raison"))
    return {e.texte("identifiant"): e.texte("acteur") for e in lignes if e.texte("source") == source}


def regles_annuaire(racine: Path) -> dict[str, list[Regle]]:
    """Rules by category of the directory, the rule of the whole category first."""
    colonnes = (
        "type_pivot",
        "motif",
        "effet",
        "types",
        "secteurs",
        "statut",
        "ressort",
        "remarque",
        "raison",
    )
    regles: dict[str, list[Regle]] = {}
    for e in lit_csv(racine / DOSSIER / "classement-annuaire.csv", colonnes):
        regles.setdefault(e.texte("type_pivot"), []).append(_regle(e))
    for categorie, liste in regles.items():
        liste.sort(key=lambda r: bool(r.motif))
        if liste[0].motif:
            raise ErreurImport(f"classement-annuaire.csv : « {categorie} » n'a pas de ligne sans motif.")
    return regles


def _regle(e: Enregistrement) -> Regle:
    return Regle(
        motif=e.facultatif("motif"),
        effet=e.code("effet", "garde|ajoute|remplace|ecarte", "garde"),
        types=tuple(curies(e, "types")),
        secteurs=tuple(curies(e, "secteurs")),
        statut=e.facultatif("statut"),
        ressort=e.facultatif("ressort"),
        porteur_apres=str(e.valeurs.get("porteur_apres") or ""),
        remarque=e.facultatif("remarque"),
        raison=e.texte("raison"),
    )


def classe(nom: str, regles: list[Regle]) -> Classement:
    """What a body is taken for, by its name alone; `ecarte` gives the reason where it is left out."""
    base = regles[0]
    resultat = _depart(base)
    for regle in regles[1:]:
        if contient(nom, regle.motif):
            if regle.effet == "ajoute":
                resultat.types.extend(regle.types)
                resultat.secteurs.extend(regle.secteurs)
            else:
                resultat = _depart(regle)
    return resultat


def _depart(regle: Regle) -> Classement:
    return Classement(
        types=list(regle.types),
        secteurs=list(regle.secteurs),
        statut=regle.statut,
        ressort=regle.ressort,
        porteur_apres=regle.porteur_apres,
        remarque=regle.remarque,
        ecarte=regle.raison if regle.effet == "ecarte" else "",
    )


def exclusions(racine: Path, importateur: str) -> list[tuple[str, str]]:
    """(words of a name, reason) of the records that an importer leaves out."""
    lignes = lit_csv(racine / DOSSIER / "exclusions.csv", ("importateur", "motif", "raison"))
    return [(e.texte("motif"), e.texte("raison")) for e in lignes if e.texte("importateur") == importateur]


def secteurs(racine: Path, importateur: str) -> dict[str, list[str]]:
    """Identifier in a source → sectors, for an importer."""
    lignes = lit_csv(racine / DOSSIER / "secteurs.csv", ("importateur", "identifiant", "secteurs", "raison"))
    return {
        e.texte("identifiant"): curies(e, "secteurs") for e in lignes if e.texte("importateur") == importateur
    }


def statut(racine: Path, e: Enregistrement) -> str:
    """Status of a record after donnees/institutions/statuts.csv: the first line whose words it holds."""
    for regle in lit_csv(racine / DOSSIER / "statuts.csv", ("champ", "motif", "statut", "raison")):
        if contient(e.facultatif(regle.texte("champ")), regle.texte("motif")):
            return regle.texte("statut")
    raise e.erreur("niveau", "aucune ligne de statuts.csv ne convient.")

"""Actors as tables: CSV for programs (codes, commas), CSV for spreadsheets (labels, semicolons, mark)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from maillage import tableur
from maillage.catalogue.acteurs import Annuaire, Proprietes, codes, premier, textes
from maillage.textes import lire_textes

#: between the values of one cell.
SEPARATEUR = "|"
#: column → property; codes for IRIs of ours.
COLONNES: dict[str, str] = {
    "nom": "skos:prefLabel",
    "autres_noms": "skos:altLabel",
    "identifiants": "dcterms:identifier",
    "types": "org:classification",
    "secteurs": "mlg:secteur",
    "commune": "mlg:commune",
    "territoires_servis": "mlg:territoireServi",
    "adresse": "schema:streetAddress",
    "code_postal": "schema:postalCode",
    "localite": "schema:addressLocality",
    "telephone": "schema:telephone",
    "courriel": "schema:email",
    "site": "schema:url",
    "sources": "dcterms:source",
    "constat": "mlg:constat",
    "statut": "mlg:statut",
    "preuves": "mlg:preuve",
    "remarque": "mlg:remarque",
}
_CODES = ("types", "secteurs", "commune", "sources", "statut")
_TABLEUR = (
    "nom", "type", "secteur", "telephone", "courriel", "site", "adresse", "commune", "territoire", "source",
    "date", "statut", "preuve", "remarque", "iri",
)  # fmt: skip


def ecrire_csv(annuaire: Annuaire, acteurs: Sequence[str], sortie: Path) -> None:
    """One row an actor: codes, IRIs of territories, values of one cell separated by `|` (RFC 4180)."""
    with sortie.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["iri", *COLONNES])
        for acteur in acteurs:
            table.writerow([acteur, *_cellules(annuaire.acteurs[acteur])])


def _cellules(said: Proprietes) -> list[str]:
    cells = []
    for colonne, propriete in COLONNES.items():
        values = textes(said, propriete)
        cells.append(SEPARATEUR.join(codes(values) if colonne in _CODES else values))
    return cells


def ecrire_tableur(annuaire: Annuaire, acteurs: Sequence[str], sortie: Path) -> None:
    """The same for people: labels, French headings, as French spreadsheets open it."""
    said = lire_textes()
    entetes = [said.dire(f"colonne.{nom}", "fr") for nom in _TABLEUR]
    lignes = (_ligne(annuaire, acteur) for acteur in acteurs)
    sortie.write_bytes(tableur.ecrire(entetes, lignes))


def _ligne(annuaire: Annuaire, acteur: str) -> list[str]:
    said = annuaire.acteurs[acteur]

    def noms(propriete: str) -> str:
        return ", ".join(annuaire.libelles.get(one, one) for one in textes(said, propriete))

    lieu = " ".join(
        filter(None, (premier(said, "schema:postalCode"), premier(said, "schema:addressLocality")))
    )
    return [
        premier(said, "skos:prefLabel"),
        noms("org:classification"),
        noms("mlg:secteur"),
        ", ".join(textes(said, "schema:telephone")),
        ", ".join(textes(said, "schema:email")),
        ", ".join(textes(said, "schema:url")),
        ", ".join(filter(None, (premier(said, "schema:streetAddress"), lieu))),
        noms("mlg:commune"),
        noms("mlg:territoireServi"),
        noms("dcterms:source"),
        premier(said, "mlg:constat"),
        noms("mlg:statut"),
        ", ".join(textes(said, "mlg:preuve")),
        premier(said, "mlg:remarque"),
        acteur,
    ]

"""Actors and their declared interventions in data·inclusion v1 (JSON schema 1.0.8), and what is lost.

Its code lists are reached through `ontologie/alignements/data-inclusion.ttl`. Only a correspondence that
stays true is used: same, close, or a value wider than our term. A neighbour (`skos:relatedMatch`) is not: it
would say something else. What finds no value is listed by `ecrire_correspondances`.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from maillage.catalogue.acteurs import Annuaire, Proprietes, codes, premier, textes
from maillage.namespaces import PREFIXES, compact, iri

SOURCE = "maillage"
_FIDELES = tuple(PREFIXES["skos"] + name for name in ("exactMatch", "closeMatch", "narrowMatch"))
_NOM_MAXIMUM = 150
#: code list → properties of an intervention, or of an actor, that reach it.
_SERVICE = {"types-de-services": "mlg:role", "thematiques": "mlg:theme", "publics": "mlg:public"}
_STRUCTURE = {"reseaux-porteurs": "org:classification"}
#: properties without any place in the schema.
_SANS_PLACE = ("mlg:etape", "mlg:secteur", "mlg:evenement", "mlg:degre", "mlg:niveau", "mlg:dispositif")


@dataclass(frozen=True)
class Correspondances:
    """From our terms to the code lists of data·inclusion."""

    annuaire: Annuaire

    @cached_property
    def lignes(self) -> dict[str, list[tuple[str, str, str]]]:
        """Term → (relation, code list, code) of each correspondence."""
        found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for row in self.annuaire.requetes.executer(self.annuaire.entrepot, "export-correspondances"):
            code = row["code"].value
            referentiel = row["valeur"].value.rpartition("/")[2].removesuffix(f"-{code}")
            found[row["terme"].value].append((row["relation"].value, referentiel, code))
        return found

    @cached_property
    def regions(self) -> dict[str, list[str]]:
        """Region → codes of its départements."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.annuaire.requetes.executer(self.annuaire.entrepot, "export-regions"):
            found[row["region"].value].append(row["code"].value)
        return found

    def valeurs(self, referentiel: str, termes: Iterable[str]) -> list[str]:
        """Codes of a code list that truly hold for one of the terms, sorted."""
        return sorted(
            {
                code
                for terme in termes
                for relation, name, code in self.lignes.get(terme, ())
                if name == referentiel and relation in _FIDELES
            }
        )

    def zone(self, territoires: Iterable[str]) -> list[str]:
        """Codes of the territories; a region is written as its départements, a basin has no code."""
        found: set[str] = set()
        for territoire in territoires:
            if territoire in self.regions:
                found.update(self.regions[territoire])
            elif territoire.startswith(
                tuple(iri(kind, "") for kind in ("commune", "departement", "epci", "pays"))
            ):
                found.update(codes([territoire]))
        return sorted(found)


def structure(correspondances: Correspondances, acteur: str, said: Proprietes) -> dict[str, Any] | None:
    """An actor as a structure; None without a name or a date, which the schema requires."""
    nom, date = _nom(premier(said, "skos:prefLabel")), _jour(premier(said, "mlg:constat"))
    if not nom or not date:
        return None
    return {
        "source": SOURCE,
        "id": _identifiant(acteur),
        "nom": nom,
        "date_maj": date,
        "lien_source": acteur,
        **_lieu(correspondances.annuaire, said),
        "telephone": premier(said, "schema:telephone") or None,
        "courriel": premier(said, "schema:email") or None,
        "site_web": _adresse_web(premier(said, "schema:url")),
        "reseaux_porteurs": correspondances.valeurs("reseaux-porteurs", textes(said, "org:classification"))
        or None,
    }


def service(
    correspondances: Correspondances, intervention: str, said: Proprietes, structures: Iterable[str]
) -> dict[str, Any] | None:
    """A declared intervention as a service; None without its structure, a date or a description."""
    acteur, date = _identifiant(premier(said, "mlg:acteur")), _jour(premier(said, "mlg:constat"))
    description = premier(said, "mlg:resume")
    if acteur not in structures or not date or len(description) < 5:
        return None
    labels = correspondances.annuaire.libelles
    names = [labels.get(one, "") for one in (*textes(said, "mlg:role"), *textes(said, "mlg:theme"))]
    types = correspondances.valeurs("types-de-services", textes(said, "mlg:role"))
    return {
        "source": SOURCE,
        "id": _identifiant(intervention),
        "structure_id": acteur,
        "nom": _nom(", ".join(filter(None, names))) or _nom(description),
        "description": description,
        "date_maj": date,
        "lien_source": intervention,
        "type": types[0] if len(types) == 1 else None,
        "thematiques": correspondances.valeurs("thematiques", textes(said, "mlg:theme")) or None,
        "publics": correspondances.valeurs("publics", textes(said, "mlg:public")) or None,
        "publics_precisions": ", ".join(labels.get(o, o) for o in textes(said, "mlg:public")) or None,
        "conditions_acces": premier(said, "mlg:condition") or None,
        "zone_eligibilite": correspondances.zone(textes(said, "mlg:territoire")) or None,
    }


def ecrire_structures(correspondances: Correspondances, acteurs: Sequence[str], sortie: Path) -> None:
    """The structures of these actors, a JSON array with one a line."""
    _ecrire_json(_structures(correspondances, acteurs), sortie)


def ecrire_services(correspondances: Correspondances, acteurs: Sequence[str], sortie: Path) -> None:
    """The services of these actors' structures, a JSON array with one a line."""
    known = {one["id"] for one in _structures(correspondances, acteurs)}
    sheets = correspondances.annuaire.interventions.items()
    found = (service(correspondances, intervention, said, known) for intervention, said in sheets)
    _ecrire_json((one for one in found if one is not None), sortie)


def _structures(correspondances: Correspondances, acteurs: Sequence[str]) -> Iterator[dict[str, Any]]:
    sheets = correspondances.annuaire.acteurs
    found = (structure(correspondances, acteur, sheets[acteur]) for acteur in acteurs)
    return (one for one in found if one is not None)


def ecrire_correspondances(correspondances: Correspondances, acteurs: Sequence[str], sortie: Path) -> None:
    """Each of our terms in use, how often, the value it gets, and the neighbours that were not taken."""
    with sortie.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            [
                "propriete",
                "terme",
                "libelle",
                "emplois",
                "referentiel",
                "valeur",
                "relation",
                "voisines_ecartees",
            ]
        )
        for (propriete, referentiel, terme), uses in sorted(
            _emplois(correspondances.annuaire, acteurs).items()
        ):
            label = correspondances.annuaire.libelles.get(terme, "")
            table.writerow(
                [
                    propriete,
                    compact(terme),
                    label,
                    uses,
                    referentiel,
                    *_sort(correspondances, terme, referentiel),
                ]
            )


def _sort(correspondances: Correspondances, terme: str, referentiel: str) -> tuple[str, str, str]:
    """What becomes of a term: the values and the relations it gets, and the neighbours left aside."""
    lines = [one for one in correspondances.lignes.get(terme, ()) if one[1] == referentiel]
    kept = [one for one in lines if one[0] in _FIDELES]
    return (
        "|".join(code for _, _, code in kept),
        "|".join(compact(relation) for relation, _, _ in kept),
        "|".join(code for relation, _, code in lines if relation not in _FIDELES),
    )


def _emplois(annuaire: Annuaire, acteurs: Sequence[str]) -> Counter[tuple[str, str, str]]:
    """(property, code list, term) → how many actors or interventions use it."""
    sheets = [annuaire.acteurs[acteur] for acteur in acteurs]
    interventions = list(annuaire.interventions.values())
    found: Counter[tuple[str, str, str]] = Counter()
    for said_of, lists in ((sheets, _STRUCTURE), (interventions, _SERVICE)):
        for referentiel, propriete in lists.items():
            found.update((propriete, referentiel, one) for said in said_of for one in textes(said, propriete))
    for propriete in _SANS_PLACE:
        found.update(
            (propriete, "", one) for said in (*sheets, *interventions) for one in textes(said, propriete)
        )
    return found


def _ecrire_json(lignes: Iterable[dict[str, Any]], sortie: Path) -> None:
    with sortie.open("w", encoding="utf-8") as file:
        file.write("[")
        for rang, ligne in enumerate(lignes):
            file.write(",\n" if rang else "\n")
            file.write(json.dumps({k: v for k, v in ligne.items() if v is not None}, ensure_ascii=False))
        file.write("\n]\n")


def _lieu(annuaire: Annuaire, said: Proprietes) -> dict[str, str | None]:
    commune = premier(said, "mlg:commune")
    return {
        "adresse": premier(said, "schema:streetAddress") or None,
        "code_postal": premier(said, "schema:postalCode") or None,
        "commune": annuaire.libelles.get(commune) or premier(said, "schema:addressLocality") or None,
        "code_insee": codes([commune])[0] if commune else None,
    }


def _identifiant(ressource: str) -> str:
    return f"{SOURCE}--{codes([ressource])[0]}"


def _nom(texte: str) -> str:
    """The name as the schema takes it: 3 to 150 characters, no final stop."""
    nom = texte if len(texte) <= _NOM_MAXIMUM else texte[: _NOM_MAXIMUM - 1].rstrip() + "…"
    nom = nom.strip().rstrip(".").rstrip()
    return nom if len(nom) >= 3 else ""


def _jour(date: str) -> str:
    """A date given to the month or the year, as its first day."""
    return date + {4: "-01-01", 7: "-01"}.get(len(date), "") if date else ""


def _adresse_web(adresse: str) -> str | None:
    parts = urlsplit(adresse)
    return adresse if parts.scheme in ("http", "https") and "." in parts.netloc else None

"""The experiments that the guide tells: who ran them, where, what came of it, what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from maillage.namespaces import MLG, PREFIXES, local_name
from maillage.requetes.libelles import libelles
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Ligne
from maillage.territoire.cellule import Presence
from maillage.territoire.couverture import Couverture
from maillage.textes import Langue

_NOM = PREFIXES["skos"] + "prefLabel"
_PARUE = PREFIXES["dcterms"] + "issued"


@dataclass(frozen=True)
class Experience:
    """An experiment: its properties, values by property IRI, in a language."""

    iri: str
    dits: Mapping[str, list[str]]

    @property
    def code(self) -> str:
        """Its name in addresses."""
        return local_name(self.iri)

    @property
    def nom(self) -> str:
        """Its label, else its code."""
        return next(iter(self.dits.get(_NOM, ())), self.code)

    @property
    def debut(self) -> str:
        """When it began, where it is said (YYYY-MM)."""
        return next(iter(self.dits.get(_PARUE, ())), "")

    def mlg(self, propriete: str) -> list[str]:
        """Values of a property of the ontology."""
        return self.dits.get(MLG + propriete, [])

    @property
    def acteurs_cherches(self) -> list[str]:
        """The kinds of actor, and the actors, that coordinated or took part."""
        return list(dict.fromkeys((*self.mlg("coordination"), *self.mlg("participant"))))


def lire_experiences(entrepot: Entrepot, requetes: Requetes, langue: Langue) -> list[Experience]:
    """The experiments, by name. Raises what Entrepot.lignes raises."""
    said: dict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in requetes.executer(entrepot, "demarches", {"langue": langue}):
        said[row["demarche"].value][row["propriete"].value].append(row["valeur"].value)
    return sorted((Experience(name, dits) for name, dits in said.items()), key=lambda one: one.nom)


def concernees(
    experiences: Iterable[Experience], couverture: Couverture, territoire: str
) -> list[Experience]:
    """The experiments whose territory is this one, is inside it, or has it inside."""
    around = couverture.atlas.englobants
    inside = set(around(territoire))
    known = couverture.atlas.connait
    return [
        one
        for one in experiences
        if any(
            known(place) and (place in inside or territoire in around(place))
            for place in one.mlg("territoire")
        )
    ]


def passages(
    entrepot: Entrepot, requetes: Requetes, experience: Experience, langue: Langue
) -> list[dict[str, Any]]:
    """What the guide says of it, in our words, each with its pages. Raises what Entrepot.lignes raises."""
    found: dict[str, dict[str, Any]] = {}
    for row in requetes.executer(entrepot, "passages", {"sujet": experience.iri, "langue": langue}):
        told = found.setdefault(
            row["passage"].value,
            {
                "iri": row["passage"].value,
                "libelle": row["libelle"].value,
                "resume": row["resume"].value if "resume" in row else "",
                "pages": [],
            },
        )
        if "page" in row:
            told["pages"].append(int(row["page"].value))
    return list(found.values())


def devenirs(
    entrepot: Entrepot, requetes: Requetes, experience: Experience, langue: Langue
) -> list[dict[str, Any]]:
    """What became of its territories, kinds of actor and schemes. Raises what Entrepot.lignes raises."""
    rows = requetes.executer(entrepot, "demarche-successions", {"demarche": experience.iri, "langue": langue})
    return [
        {
            "iri": row["succession"].value,
            "ancien": _element(row, "ancien"),
            "nouveau": _element(row, "nouveau"),
            "date": row["date"].value if "date" in row else None,
            "preuve": row["preuve"].value if "preuve" in row else None,
        }
        for row in rows
    ]


def presents(
    couverture: Couverture, experience: Experience, devenus: Iterable[Mapping[str, Any]]
) -> list[Presence]:
    """Listed actors of its territories: those it names, those of the kinds that ran it or replaced them."""
    wanted = set(experience.acteurs_cherches)
    wanted |= {one["nouveau"]["iri"] for one in devenus if one["ancien"]["iri"] in wanted}
    found: dict[str, Presence] = {}
    for place in filter(couverture.atlas.connait, experience.mlg("territoire")):
        for presence in couverture.de(place).presences:
            if presence[0].iri in wanted or wanted.intersection(presence[0].types):
                found.setdefault(presence[0].iri, presence)
    return sorted(found.values(), key=lambda one: (one[0].iri not in wanted, one[0].nom))


def nommer(
    entrepot: Entrepot, requetes: Requetes, iris: Iterable[str], langue: Langue
) -> list[dict[str, str]]:
    """Resources with their labels, in order. Raises what Entrepot.lignes raises."""
    asked = list(iris)
    labels = libelles(entrepot, requetes, asked, langue) if asked else {}
    return [{"iri": one, "libelle": labels.get(one, local_name(one))} for one in asked]


def _element(row: Ligne, nom: str) -> dict[str, str]:
    name = row[nom].value
    label = row.get(f"libelle_{nom}")
    return {"iri": name, "libelle": label.value if label is not None else local_name(name)}

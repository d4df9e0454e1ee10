"""What the coverage of any territory needs, read once from a store: actors, interventions, territories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from maillage.namespaces import iri, local_name
from maillage.requetes.recueil import Requetes
from maillage.requetes.table import Rangee, faites
from maillage.store.entrepot import Entrepot, Ligne

FICHIER = "couverture.json"
#: axes of a coverage: class of the concepts → name.
AXES = {
    "Etape": "etape",
    "Role": "role",
    "Public": "public",
    "Secteur": "secteur",
    "Famille": "famille",
    "Portee": "portee",
}

Proprietes = Mapping[str, list[str]]
#: population, territories that it is directly part of.
Commune = tuple[int, tuple[str, ...]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of an axis: code, label by language, rank in its vocabulary, broader concepts."""

    iri: str
    axe: str
    code: str
    libelles: dict[str, str]
    ordre: int = 0
    larges: tuple[str, ...] = ()

    def libelle(self, langue: str) -> str:
        """Label in a language, else the code."""
        return self.libelles.get(langue, self.code)


@dataclass(frozen=True, slots=True)
class Intervention:
    """What someone does: concepts of the axes, degree (rank, 0 where unsaid), where (empty: anywhere)."""

    iri: str
    concepts: tuple[str, ...]
    degre: int
    territoires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Acteur:
    """An actor: what it is, the territories it serves, what is known of it. `fin`: when it was replaced."""

    iri: str
    nom: str
    types: tuple[str, ...]
    secteurs: tuple[str, ...]
    servis: tuple[str, ...]
    statut: str
    constat: str
    joignable: bool
    fin: str = ""
    portees: tuple[str, ...] = ()


@dataclass(frozen=True)
class Geographie:
    """Communes (population, territories they are directly part of); the others (name, those around).

    `reperes`: latitude and longitude (degrees) of those that have a point.
    """

    communes: dict[str, Commune] = field(repr=False)
    noms: dict[str, str] = field(repr=False)
    englobants: dict[str, tuple[str, ...]] = field(repr=False)
    reperes: dict[str, tuple[float, float]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Preparation:
    """All of it; IRIs throughout."""

    geographie: Geographie
    acteurs: tuple[Acteur, ...]
    interventions: dict[str, tuple[Intervention, ...]] = field(repr=False)  # by bearer
    concepts: dict[str, Concept] = field(repr=False)
    degres: tuple[str, ...] = ()

    def ecrire(self, path: Path) -> None:
        """Write as JSON. Raises OSError."""
        path.write_bytes(_FORMAT.dump_json(self))

    @classmethod
    def lire(cls, path: Path) -> Preparation:
        """Read back what `ecrire` wrote. Raises OSError, ValueError."""
        return _FORMAT.validate_json(path.read_bytes())


def preparer(entrepot: Entrepot, requetes: Requetes) -> Preparation:
    """Read a derived store through the `couverture-*` queries. Raises what Entrepot.lignes raises."""

    def choses(nom: str, sujet: str, faire: Callable[[str, list[Rangee]], T]) -> dict[str, T]:
        return faites(requetes.executer(entrepot, nom), sujet, faire)

    return composer(
        entrepot,
        requetes,
        geographie(
            choses("couverture-communes", "commune", commune),
            choses("couverture-territoires", "territoire", territoire),
            choses("export-reperes", "territoire", repere),
        ),
        choses("couverture-acteurs", "acteur", proprietes),
        choses("couverture-interventions", "intervention", proprietes),
    )


def composer(
    entrepot: Entrepot,
    requetes: Requetes,
    geographie: Geographie,
    acteurs: Mapping[str, Proprietes],
    interventions: Mapping[str, Proprietes],
) -> Preparation:
    """The whole, from what is said of each resource and from the vocabularies, which are read here.

    Raises what Entrepot.lignes raises.
    """

    def rows(nom: str) -> list[Ligne]:
        return requetes.executer(entrepot, f"couverture-{nom}")

    concepts = _concepts(rows("axes"))
    degres = {one.iri: one.ordre for one in concepts.values() if one.axe == "Degre"}
    axes = {one.iri: one for one in concepts.values() if one.axe != "Degre"}
    portees: dict[str, list[str]] = defaultdict(list)
    for row in rows("portees"):
        portees[row["type"].value].append(row["portee"].value)
    fins = {row["acteur"].value: row["effet"].value for row in rows("successions")}
    return Preparation(
        geographie=geographie,
        acteurs=tuple(_acteurs(acteurs, axes, fins, portees)),
        interventions=_interventions(interventions, axes, degres),
        concepts=axes,
        degres=tuple(local_name(one) for one in sorted(degres, key=lambda one: degres[one])),
    )


def proprietes(_: str, rangees: list[Rangee]) -> Proprietes:
    """The values of each property, by its local name; of a property that is not said, none."""
    said: defaultdict[str, list[str]] = defaultdict(list)
    for (propriete, _langue), (valeur, _) in rangees:
        said[local_name(propriete)].append(valeur)
    return said


def commune(_: str, rangees: list[Rangee]) -> Commune:
    """Population, and territories that it is directly part of: whatever is not a number is one of them."""
    values = dict.fromkeys(value for row in rangees for value, _langue in row)
    population = next((int(value) for value in values if value.isdigit()), 0)
    return population, tuple(value for value in values if not value.isdigit())


def territoire(_: str, rangees: list[Rangee]) -> tuple[str, tuple[str, ...]]:
    """Name, and territories around it."""
    names, around = zip(*(((nom, autour)) for (nom, _langue), (autour, _) in rangees), strict=True)
    return names[-1], tuple(dict.fromkeys(around))


def repere(_: str, rangees: list[Rangee]) -> tuple[float, float]:
    """Latitude and longitude, degrees."""
    (latitude, _langue), (longitude, _autre), *_reste = rangees[-1]
    return float(latitude), float(longitude)


def geographie(
    communes: Mapping[str, Commune],
    territoires: Mapping[str, tuple[str, tuple[str, ...]]],
    reperes: Mapping[str, tuple[float, float]],
) -> Geographie:
    """All together, in the order of their IRIs."""
    others = sorted(territoires.items())
    return Geographie(
        dict(sorted(communes.items())),
        {iri: nom for iri, (nom, _) in others},
        {iri: around for iri, (_, around) in others},
        dict(sorted(reperes.items())),
    )


def _concepts(rows: list[Ligne]) -> dict[str, Concept]:
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    broader: dict[str, dict[str, None]] = defaultdict(dict)
    last: dict[str, Ligne] = {}
    for row in rows:
        name = row["concept"].value
        last[name] = row
        labels[name][getattr(row["libelle"], "language", None) or "fr"] = row["libelle"].value
        if "large" in row:
            broader[name][row["large"].value] = None
    return {
        name: Concept(
            name,
            local_name(row["axe"].value),
            row["code"].value,
            labels[name],
            int(row["ordre"].value) if "ordre" in row else 0,
            tuple(broader[name]),
        )
        for name, row in last.items()
    }


def _acteurs(
    groups: Mapping[str, Proprietes],
    axes: Mapping[str, Concept],
    fins: Mapping[str, str],
    portees: Mapping[str, list[str]],
) -> list[Acteur]:
    return [
        Acteur(
            name,
            said["prefLabel"][0],
            tuple(said["estUn"]),
            tuple(sorted({top for one in said["secteur"] for top in _ancetres(one, axes)})),
            tuple(said["territoireServi"]),
            local_name(said["statut"][0]) if said["statut"] else "a-confirmer",
            said["constat"][0] if said["constat"] else "",
            any(said[contact] for contact in ("telephone", "email", "url")),
            fins.get(name, ""),
            tuple(sorted({reach for kind in said["estUn"] for reach in portees.get(kind, ())})),
        )
        for name, said in sorted(groups.items())
        if said["territoireServi"] and said["prefLabel"]
    ]


def _ancetres(concept: str, axes: Mapping[str, Concept]) -> set[str]:
    found, queue = set(), [concept]
    while queue:
        one = queue.pop()
        if one not in found and one in axes:
            found.add(one)
            queue += axes[one].larges
    return found


def _interventions(
    groups: Mapping[str, Proprietes], axes: Mapping[str, Concept], degres: Mapping[str, int]
) -> dict[str, tuple[Intervention, ...]]:
    found: dict[str, list[Intervention]] = defaultdict(list)
    for name, said in sorted(groups.items()):
        one = Intervention(
            name,
            tuple(sorted({value for value in (*said["facette"], *said["famille"]) if value in axes})),
            max((degres[value] for value in said["degre"]), default=0),
            tuple(said["territoire"]),
        )
        for porteur in said["porteur"]:
            found[porteur].append(one)
    return {porteur: tuple(interventions) for porteur, interventions in found.items()}


_FORMAT = TypeAdapter(Preparation)
FRANCE = iri("pays", "france")

"""What the coverage of any territory needs, read once from a store: actors, interventions, territories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from maillage.namespaces import iri, local_name
from maillage.requetes.recueil import Requetes
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

    communes: dict[str, tuple[int, tuple[str, ...]]] = field(repr=False)
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


def preparer(entrepot: Entrepot, requetes: Requetes, geographie: Geographie | None = None) -> Preparation:
    """Read a derived store through the `couverture-*` queries. Raises what Entrepot.lignes raises.

    `geographie`: that of an earlier version, where no territory changed since; it is most of the work.
    """

    def rows(nom: str) -> list[Ligne]:
        return requetes.executer(entrepot, f"couverture-{nom}")

    concepts = _concepts(rows("axes"))
    degres = {one.iri: one.ordre for one in concepts.values() if one.axe == "Degre"}
    axes = {one.iri: one for one in concepts.values() if one.axe != "Degre"}
    if geographie is None:
        reperes = _reperes(requetes.executer(entrepot, "export-reperes"))
        geographie = Geographie(_communes(rows("communes")), *_territoires(rows("territoires")), reperes)
    portees: dict[str, list[str]] = defaultdict(list)
    for row in rows("portees"):
        portees[row["type"].value].append(row["portee"].value)
    fins = {row["acteur"].value: row["effet"].value for row in rows("successions")}
    return Preparation(
        geographie=geographie,
        acteurs=tuple(_acteurs(_groupes(rows("acteurs"), "acteur"), axes, fins, portees)),
        interventions=_interventions(_groupes(rows("interventions"), "intervention"), axes, degres),
        concepts=axes,
        degres=tuple(local_name(one) for one in sorted(degres, key=lambda one: degres[one])),
    )


def _groupes(rows: list[Ligne], sujet: str) -> dict[str, Proprietes]:
    groups: dict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[row[sujet].value][local_name(row["propriete"].value)].append(row["valeur"].value)
    return {name: groups[name] for name in groups}


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
    groups: dict[str, Proprietes],
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
        for name, said in groups.items()
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
    groups: dict[str, Proprietes], axes: Mapping[str, Concept], degres: Mapping[str, int]
) -> dict[str, tuple[Intervention, ...]]:
    found: dict[str, list[Intervention]] = defaultdict(list)
    for name, said in groups.items():
        one = Intervention(
            name,
            tuple(sorted({value for value in (*said["facette"], *said["famille"]) if value in axes})),
            max((degres[value] for value in said["degre"]), default=0),
            tuple(said["territoire"]),
        )
        for porteur in said["porteur"]:
            found[porteur].append(one)
    return {porteur: tuple(interventions) for porteur, interventions in found.items()}


def _communes(rows: list[Ligne]) -> dict[str, tuple[int, tuple[str, ...]]]:
    parents: dict[str, dict[str, None]] = {}
    populations: dict[str, int] = {}
    for row in rows:
        name = row["commune"].value
        found = parents.setdefault(name, {row["departement"].value: None})
        if "membre" in row:
            found[row["membre"].value] = None
        populations[name] = int(row["population"].value) if "population" in row else 0
    return {name: (populations[name], tuple(found)) for name, found in parents.items()}


def _territoires(rows: list[Ligne]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    noms: dict[str, str] = {}
    around: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        name = row["territoire"].value
        noms[name] = row["nom"].value
        around[name][row["englobant"].value] = None
    return noms, {name: tuple(found) for name, found in around.items()}


def _reperes(rows: list[Ligne]) -> dict[str, tuple[float, float]]:
    return {
        row["territoire"].value: (float(row["latitude"].value), float(row["longitude"].value)) for row in rows
    }


_FORMAT = TypeAdapter(Preparation)
FRANCE = iri("pays", "france")

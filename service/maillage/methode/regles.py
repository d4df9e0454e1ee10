"""The rules of the method, as the graph states them: sessions, letters, spacing, whom to invite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from maillage.namespaces import MLG, iri, local_name
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Ligne
from maillage.textes import Langue

MODELE = iri("demarche", "modele")


@dataclass(frozen=True)
class Lien:
    """What a session or a letter is tied to: a family, a level, an audience, a tool, with guide pages."""

    iri: str
    libelle: str
    titre: str = ""
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consigne:
    """What the facilitator prepares, says or does."""

    iri: str
    texte: str
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Temps:
    """A time of the process: a session, or a letter where `seance` is false.

    `jours`: length in days, 0 where the guide gives none. `seances`: fewest and most sessions of its
    objective, (1, 1) for a meeting. `liens`: by property (famille, niveau, public, outil).
    """

    iri: str
    seance: bool
    ordre: int
    nom: str
    titre: str
    resume: str
    objectif: str = ""
    jours: float = 0.0
    seances: tuple[int, int] = (1, 1)
    pages: tuple[str, ...] = ()
    liens: dict[str, tuple[Lien, ...]] = field(default_factory=dict)
    consignes: tuple[Consigne, ...] = ()


@dataclass(frozen=True)
class Regles:
    """All of it, in one language. `participants` and `ecart` (weeks): smallest and largest advised."""

    participants: tuple[int, int]
    ecart: tuple[int, int]
    pages: tuple[str, ...]
    temps: tuple[Temps, ...]
    objectifs: tuple[Lien, ...]
    schemas: dict[frozenset[str], Lien]

    @property
    def seances(self) -> tuple[int, int]:
        """Fewest and most sessions of any objective."""
        bounds = [one.seances for one in self.temps if one.objectif]
        return min(low for low, _ in bounds), max(high for _, high in bounds)

    @property
    def toujours(self) -> str:
        """IRI of the objective that every scheme pursues."""
        return next(iter(frozenset.intersection(*self.schemas)))


def lire_regles(entrepot: Entrepot, requetes: Requetes, langue: Langue) -> Regles:
    """Read the model process through the `methode-*` queries. Raises what Entrepot.lignes raises."""

    def rows(nom: str, *parametres: str) -> list[Ligne]:
        values = {"modele": f"demarche:{local_name(MODELE)}", "langue": langue}
        return requetes.executer(entrepot, f"methode-{nom}", {one: values[one] for one in parametres})

    bornes = rows("regles", "modele")
    links, said = rows("liens", "modele", "langue"), rows("consignes", "modele", "langue")
    objectifs, schemas = _schemas(rows("schemas", "langue"))
    first = bornes[0]
    return Regles(
        participants=(_entier(first, "minimum"), _entier(first, "maximum")),
        ecart=(_entier(first, "ecartMinimum"), _entier(first, "ecartMaximum")),
        pages=_pages(bornes),
        temps=tuple(
            _temps(group, links, said) for group in _groupes(rows("temps", "modele", "langue"), "temps")
        ),
        objectifs=objectifs,
        schemas=schemas,
    )


def _temps(rows: list[Ligne], links: list[Ligne], said: list[Ligne]) -> Temps:
    first, name = rows[0], rows[0]["temps"].value
    mine = [row for row in links if row["temps"].value == name]
    bounds = [_entier(first, key, 1) for key in ("seancesMinimum", "seancesMaximum")]
    return Temps(
        name,
        seance=first["classe"].value == MLG + "Seance",
        ordre=_entier(first, "ordre"),
        nom=first["nom"].value,
        titre=_texte(first, "titre"),
        resume=first["resume"].value,
        objectif=_texte(first, "objectif"),
        jours=float(_texte(first, "dureeJours") or 0),
        seances=(bounds[0], bounds[1]),
        pages=_pages(rows),
        liens={
            local_name(group[0]["propriete"].value): tuple(map(_lien, _groupes(group, "valeur")))
            for group in _groupes(mine, "propriete")
        },
        consignes=tuple(
            Consigne(group[0]["consigne"].value, group[0]["texte"].value, _pages(group))
            for group in _groupes([row for row in said if row["temps"].value == name], "consigne")
        ),
    )


def _lien(rows: list[Ligne]) -> Lien:
    first = rows[0]
    return Lien(first["valeur"].value, first["libelle"].value, _texte(first, "titre"), _pages(rows))


def _schemas(rows: list[Ligne]) -> tuple[tuple[Lien, ...], dict[frozenset[str], Lien]]:
    """The objectives in order, and the schemes by the objectives that they pursue."""
    ranked = sorted({(_entier(row, "rang"), row["objectif"].value, row["intitule"].value) for row in rows})
    schemas = {
        frozenset(row["objectif"].value for row in group): Lien(
            group[0]["schema"].value, group[0]["nom"].value
        )
        for group in _groupes(rows, "schema")
    }
    return tuple(Lien(name, label) for _, name, label in ranked), schemas


def _groupes(rows: Iterable[Ligne], variable: str) -> list[list[Ligne]]:
    """Rows gathered by the value of a variable, in the order in which values first come."""
    found: dict[str, list[Ligne]] = {}
    for row in rows:
        found.setdefault(row[variable].value, []).append(row)
    return list(found.values())


def _pages(rows: Iterable[Ligne]) -> tuple[str, ...]:
    return tuple(sorted({row["page"].value for row in rows if "page" in row}, key=int))


def _texte(row: Ligne, key: str) -> str:
    return row[key].value if key in row else ""


def _entier(row: Ligne, key: str, sinon: int = 0) -> int:
    return int(_texte(row, key) or sinon)

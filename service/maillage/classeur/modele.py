"""What the workbook is: sheets and columns, declared in `colonnes.toml`, completed by the shapes.

A shape says whether a value is required, may be repeated, follows a pattern or belongs to a vocabulary;
the table says what a person reads. Neither repeats the other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store

from maillage.namespaces import PREFIXES

#: kinds of column whose values are things known by name, chosen and not written.
NOMMES = ("concept", "acteur", "porteur", "territoire", "commune", "source")
#: mark after the heading of a column that must be filled.
OBLIGATOIRE = " *"

#: class of the only nameless node that columns go through.
ADRESSE = PREFIXES["schema"] + "PostalAddress"

_SH = PREFIXES["sh"]


@dataclass(frozen=True, slots=True)
class Colonne:
    """One property of a sheet's resources; `chemin` is one IRI, or two through a nameless node.

    `fois`: headings of its own. `unique`: one value in this language. `plusieurs`: may have several values.
    `classe`: IRI of the class of its values, "" for text. `motif`: pattern of SHACL, "" for none.
    """

    cle: str
    chemin: tuple[str, ...]
    genre: str
    fr: str
    en: str
    aide_fr: str
    aide_en: str
    largeur: int = 20
    langue: str = ""
    fois: int = 1
    limite: int = 4000
    chiffres: int = 0
    separateur: str = ""
    unique: bool = False
    obligatoire: bool = False
    plusieurs: bool = True
    motif: str = ""
    classe: str = ""

    @property
    def nommee(self) -> bool:
        """Whether values are things known by name."""
        return self.genre in NOMMES

    @property
    def entre(self) -> str:
        """What separates several values in one cell; "" where the whole cell is one value."""
        if self.separateur or self.genre != "texte":
            return self.separateur or ";"
        return "\n" if self.plusieurs else ""

    def entetes(self) -> list[str]:
        """The headings of its columns in the sheet."""
        noms = [self.fr] if self.fois == 1 else [f"{self.fr} {rang + 1}" for rang in range(self.fois)]
        return [f"{noms[0]}{OBLIGATOIRE if self.obligatoire else ''}", *noms[1:]]


@dataclass(frozen=True)
class Feuille:
    """One sheet: the resources of a class, one a row. See `colonnes.toml` for each field."""

    nom: str
    classe: str
    prefixe: str
    fr: str
    en: str
    code: tuple[str, ...]
    retrait: bool
    sans: tuple[str, ...]
    outil: str
    colonnes: tuple[Colonne, ...]
    service: dict[str, Colonne]

    @cached_property
    def par_cle(self) -> dict[str, Colonne]:
        """Columns by key."""
        return {colonne.cle: colonne for colonne in self.colonnes}

    @property
    def liens(self) -> tuple[Colonne, ...]:
        """The columns that tie a row to actors: they say on which territory it counts."""
        noms = (self.par_cle[cle] for cle in self.code)
        return tuple(colonne for colonne in noms if colonne.genre in ("acteur", "porteur"))

    def entetes(self) -> list[tuple[str, Colonne]]:
        """Every heading in order with its column: code, properties, removal where it may be, mark."""
        tail = ["retirer", "repere"] if self.retrait else ["repere"]
        columns = [self.service["code"], *self.colonnes, *(self.service[cle] for cle in tail)]
        return [(entete, colonne) for colonne in columns for entete in colonne.entetes()]


@dataclass(frozen=True)
class Modele:
    """The sheets, in order."""

    feuilles: tuple[Feuille, ...]

    def feuille(self, nom: str) -> Feuille:
        """The sheet of that name. Raises KeyError."""
        return {feuille.nom: feuille for feuille in self.feuilles}[nom]

    @property
    def classes(self) -> frozenset[str]:
        """IRIs of the classes that the workbook holds."""
        return frozenset(feuille.classe for feuille in self.feuilles)


def lire_modele(formes: Iterable[Quad]) -> Modele:
    """The workbook as the table and these shapes define it. Raises KeyError for a table that is wrong."""
    table = tomllib.loads(files("maillage.classeur").joinpath("colonnes.toml").read_text(encoding="utf-8"))
    shapes = Store()
    shapes.extend(formes)
    service = {
        cle: Colonne(cle, (), "service", **{"unique": True, **values})
        for cle, values in table["service"].items()
    }
    return Modele(tuple(_feuille(one, table["colonnes"], shapes, service) for one in table["feuilles"]))


def developper(court: str) -> str:
    """The IRI of `prefix:name`. Raises KeyError."""
    prefix, _, name = court.partition(":")
    return PREFIXES[prefix] + name


def _feuille(
    dite: dict[str, Any], colonnes: dict[str, Any], shapes: Store, service: dict[str, Colonne]
) -> Feuille:
    classe = developper(dite["classe"])
    return Feuille(
        dite["nom"], classe, dite["prefixe"], dite["fr"], dite["en"],
        code=tuple(dite["code"]),
        retrait=dite["retrait"],
        sans=tuple(map(developper, dite.get("sans", ()))),
        outil=dite.get("outil", ""),
        colonnes=tuple(_colonne(cle, colonnes[cle], classe, shapes) for cle in dite["colonnes"]),
        service=service,
    )  # fmt: skip


def _colonne(cle: str, dite: dict[str, Any], classe: str, shapes: Store) -> Colonne:
    """A column of a sheet: the table's words, then what the shapes of its class say of its property."""
    values = {name: value for name, value in dite.items() if name != "propriete"}
    chemin = tuple(map(developper, dite["propriete"].split("/")))
    known = [
        shape
        for shape in _formes(shapes, classe if len(chemin) == 1 else ADRESSE)
        if (shape, chemin[-1]) in _chemins(shapes)
    ] + [shape for shape in _de_la_propriete(shapes, chemin[-1])]
    strict = [shape for shape in known if _une(shapes, shape, "severity") == _SH + "Violation"]
    values.setdefault("obligatoire", len(chemin) == 1 and any(_nombre(shapes, s, "minCount") for s in strict))
    several = not any(
        _une(shapes, s, "maxCount") == "1" or (_une(shapes, s, "uniqueLang") == "true" and values["langue"])
        for s in strict
    )
    values.setdefault("plusieurs", several and not values.get("unique", False))
    values.setdefault("motif", next(filter(None, (_une(shapes, s, "pattern") for s in strict)), ""))
    values.setdefault("classe", next(filter(None, (_une(shapes, s, "class") for s in strict)), ""))
    return Colonne(cle, chemin, **values)


def _formes(shapes: Store, classe: str) -> Iterator[NamedNode]:
    """The property shapes that hold for the instances of a class."""
    for target in shapes.quads_for_pattern(None, NamedNode(_SH + "targetClass"), NamedNode(classe)):
        for quad in shapes.quads_for_pattern(target.subject, NamedNode(_SH + "property"), None):
            if isinstance(quad.object, NamedNode):
                yield quad.object


def _de_la_propriete(shapes: Store, propriete: str) -> Iterator[NamedNode]:
    """The property shapes that hold wherever a property is used."""
    for quad in shapes.quads_for_pattern(None, NamedNode(_SH + "targetSubjectsOf"), NamedNode(propriete)):
        if isinstance(quad.subject, NamedNode) and (quad.subject, propriete) in _chemins(shapes):
            yield quad.subject


def _chemins(shapes: Store) -> set[tuple[object, str]]:
    """Shapes with the one property they speak of."""
    found = shapes.quads_for_pattern(None, NamedNode(_SH + "path"), None)
    return {(quad.subject, quad.object.value) for quad in found if isinstance(quad.object, NamedNode)}


def _une(shapes: Store, shape: NamedNode, parameter: str) -> str:
    found = (quad.object for quad in shapes.quads_for_pattern(shape, NamedNode(_SH + parameter), None))
    return next((one.value for one in found if isinstance(one, NamedNode | Literal)), "")


def _nombre(shapes: Store, shape: NamedNode, parameter: str) -> int:
    return int(_une(shapes, shape, parameter) or 0)

"""A coverage as a data cube (W3C qb:), with the dimensions of SDMX where there are some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from maillage.namespaces import MLG, PREFIXES
from maillage.territoire.couverture import Tableau
from maillage.territoire.grille import SANS_SECTEUR, Cle
from maillage.territoire.mots import Mot

QB = "http://purl.org/linked-data/cube#"
SDMX = "http://purl.org/linked-data/sdmx/2009/"
PREFIXES_CUBE = {"qb": QB, "sdmx-dimension": SDMX + "dimension#", "sdmx-measure": SDMX + "measure#"}
#: value of a dimension that the observation does not split: the vocabulary as a whole.
ETAPES, SECTEURS = PREFIXES["voc"] + "etapes", PREFIXES["voc"] + "secteurs"
_A = PREFIXES["rdf"] + "type"
_XSD = PREFIXES["xsd"]
REGION, PERIODE, VALEUR = "dimension#refArea", "dimension#refPeriod", "measure#obsValue"
#: the dimensions and the attribute of our own, each with its rank.
ETAPE, CONCEPT, ETAT = MLG + "etape", MLG + "concept", MLG + "etatCouverture"


@dataclass(frozen=True)
class Forme:
    """The dimensions of a cube: their properties, and the values that a cell takes on them."""

    dimensions: tuple[str, ...]
    valeurs: Callable[[Cle], tuple[str, ...]]


#: the steps, each alone or with one concept more.
PAR_ETAPE = Forme((ETAPE, CONCEPT), lambda cle: (cle[0] or ETAPES, cle[1] or cle[0]))


def croisee(axes: Iterable[str]) -> Forme:
    """The dimensions of axes crossed, given by name; for generalists, the sector is the whole vocabulary."""
    return Forme(
        tuple(MLG + one for one in axes),
        lambda cle: tuple(SECTEURS if one == SANS_SECTEUR else one for one in cle),
    )


def cube(
    tableau: Tableau, mots: Mapping[str, Mot], adresse: str, jour: str, forme: Forme = PAR_ETAPE
) -> Iterator[Triple]:
    """The data set, its structure and one observation a cell: how many listed actors, in which state.

    `adresse`: IRI of the data set; `jour`: date of the version, or the one asked for (YYYY-MM-DD).
    """
    structure = adresse + "#structure"
    yield from _structure(adresse, structure, forme)
    for rank, (cle, cell) in enumerate(tableau.cellules.items(), 1):
        name = f"{adresse}#{rank}"
        yield _lien(name, _A, QB + "Observation")
        yield _lien(name, QB + "dataSet", adresse)
        yield _lien(name, SDMX + REGION, tableau.territoire)
        yield _dit(name, SDMX + PERIODE, jour, "date")
        for dimension, value in zip(forme.dimensions, forme.valeurs(cle), strict=True):
            yield _lien(name, dimension, value)
        yield _dit(name, SDMX + VALEUR, str(cell.acteurs), "integer")
        yield _lien(name, ETAT, mots[cell.etat].iri)


def _structure(adresse: str, structure: str, forme: Forme) -> Iterator[Triple]:
    yield _lien(adresse, _A, QB + "DataSet")
    yield _lien(adresse, QB + "structure", structure)
    yield _lien(structure, _A, QB + "DataStructureDefinition")
    parts = (
        ("dimension", SDMX + REGION),
        ("dimension", SDMX + PERIODE),
        *(("dimension", one) for one in forme.dimensions),
        ("measure", SDMX + VALEUR),
        ("attribute", ETAT),
    )
    for rank in range(1, len(parts) + 1):
        yield _lien(structure, QB + "component", f"{structure}-{rank}")
    for rank, (role, name) in enumerate(parts, 1):
        part = f"{structure}-{rank}"
        yield _lien(part, _A, QB + "ComponentSpecification")
        yield _lien(part, QB + role, name)
        yield _dit(part, QB + "order", str(rank), "integer")
        yield _lien(name, _A, f"{QB}{role.capitalize()}Property")


def _lien(sujet: str, propriete: str, objet: str) -> Triple:
    return Triple(NamedNode(sujet), NamedNode(propriete), NamedNode(objet))


def _dit(sujet: str, propriete: str, valeur: str, datatype: str) -> Triple:
    return Triple(
        NamedNode(sujet), NamedNode(propriete), Literal(valeur, datatype=NamedNode(_XSD + datatype))
    )

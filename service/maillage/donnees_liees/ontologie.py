"""What the page of the ontology shows: classes, properties, the rules of each in words, examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Triple

from maillage.donnees_liees.fiche import Fiche, Propriete, Valeur, lire_fiche
from maillage.donnees_liees.noms import Noms
from maillage.namespaces import PREFIXES
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot
from maillage.textes import Langue

_CLASSE, _OWL = PREFIXES["owl"] + "Class", PREFIXES["owl"]
_VERSIONS = tuple(_OWL + name for name in ("versionInfo", "versionIRI", "priorVersion"))
_AVERTISSEMENT = PREFIXES["sh"] + "Warning"


@dataclass(frozen=True)
class Regle:
    """One rule of the shapes: its IRI, its message, what it is about, whether it only advises."""

    forme: str
    message: str
    sur: Valeur | None
    conseil: bool


@dataclass(frozen=True)
class Terme:
    """A class or a property: its page, the rules on it, a resource as an example."""

    fiche: Fiche
    regles: tuple[Regle, ...]
    exemple: Valeur | None


@dataclass(frozen=True)
class Ontologie:
    """The ontology: its own page, its versions, its terms."""

    fiche: Fiche
    versions: tuple[Propriete, ...]
    classes: tuple[Terme, ...]
    proprietes: tuple[Terme, ...]


def lire_ontologie(
    triples: Sequence[Triple], requetes: Requetes, entrepot: Entrepot, noms: Noms, langue: Langue
) -> Ontologie:
    """The ontology as `langue` reads it, from the triples that describe it and its terms."""
    iri = PREFIXES["mlg"].rstrip("#")
    fiche = lire_fiche(triples, iri, noms, langue)
    regles = _regles(requetes, entrepot, noms, langue)
    exemples = {
        row["classe"].value: row["exemple"].value
        for row in requetes.executer(entrepot, "exemples-de-classes", {})
    }
    noms.apprendre(exemples.values())

    def terme(one: Fiche) -> Terme:
        exemple = exemples.get(one.iri)
        return Terme(
            one, tuple(regles[one.iri]), Valeur(noms.dire(exemple), iri=exemple) if exemple else None
        )

    classes = [one for one in fiche.termes if any(kind.iri == _CLASSE for kind in one.types)]
    return Ontologie(
        fiche,
        tuple(one for one in fiche.proprietes if one.iri in _VERSIONS),
        tuple(map(terme, classes)),
        tuple(terme(one) for one in fiche.termes if one not in classes),
    )


def _regles(
    requetes: Requetes, entrepot: Entrepot, noms: Noms, langue: Langue
) -> defaultdict[str, list[Regle]]:
    """The rules by term: of a class, those on its members; of a property, those wherever it is used."""
    rows = requetes.executer(entrepot, "regles-de-forme", {"langue": langue})
    noms.apprendre(row["propriete"].value for row in rows if "propriete" in row)
    found: defaultdict[str, list[Regle]] = defaultdict(list)
    for row in rows:
        propriete = row["propriete"].value if "propriete" in row else ""
        sur = Valeur(noms.dire(propriete), iri=propriete) if propriete else None
        conseil = "gravite" in row and row["gravite"].value == _AVERTISSEMENT
        regle = Regle(row["forme"].value, row["message"].value, sur, conseil)
        found[row["classe"].value if "classe" in row else propriete].append(regle)
    return found

"""The territories already in the corpus, as far as the importers of actors need them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph

from maillage.importation.lecture import ErreurImport, cle
from maillage.namespaces import PREFIXES

_NOM = PREFIXES["skos"] + "prefLabel"
_DANS = PREFIXES["igeo"] + "subdivisionDe"
_MEMBRE = PREFIXES["mlg"] + "membreDe"
_ANCIEN_CODE = PREFIXES["mlg"] + "ancienCode"
_FICHIERS = ("departements", "collectivites-outre-mer", "arrondissements-municipaux", "regions")


@dataclass(slots=True)
class Geographie:
    """Names and containment, by code; `communes` maps a code to its département."""

    noms_communes: dict[str, str] = field(default_factory=dict)
    communes: dict[str, str] = field(default_factory=dict)
    arrondissements: dict[str, str] = field(default_factory=dict)
    departements: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    region_de: dict[str, str] = field(default_factory=dict)
    anciens: dict[str, str] = field(default_factory=dict)
    epci: dict[str, set[str]] = field(default_factory=dict)

    def commune(self, code: str) -> str | None:
        """Code of the current commune of a commune, a merged one or a municipal district; else None."""
        return code if code in self.communes else self.arrondissements.get(code) or self.anciens.get(code)

    def communes_nommees(self, departements: set[str]) -> dict[str, str]:
        """Folded name → code of the communes of some départements; a name borne twice is left out."""
        trouves: dict[str, str] = {}
        doubles: set[str] = set()
        for code, departement in self.communes.items():
            if departement in departements:
                nom = cle(self.noms_communes[code])
                doubles.update({nom} & trouves.keys())
                trouves[nom] = code
        return {nom: code for nom, code in trouves.items() if nom not in doubles}

    def cles(self) -> set[str]:
        """Folded names of all communes, départements and regions."""
        noms = (*self.noms_communes.values(), *self.departements.values(), *self.regions.values())
        return {cle(n) for n in noms}


def charge(racine: Path) -> Geographie:
    """Read the territory files of the corpus. Raises ErreurImport where they are not there yet."""
    dossier = racine / "donnees" / "territoires"
    chemins = [dossier / f"{nom}.ttl" for nom in _FICHIERS]
    communes = sorted((dossier / "communes").glob("*.ttl"))
    if not communes or not all(c.is_file() for c in chemins):
        raise ErreurImport(
            "Les territoires manquent dans donnees/territoires : "
            "lancez d'abord « maillage importer territoires »."
        )
    geo = Geographie()
    for chemin in (*chemins, *communes):
        _ajoute(geo, chemin)
    return geo


def _ajoute(geo: Geographie, chemin: Path) -> None:
    noms = {
        "commune": geo.noms_communes,
        "departement": geo.departements,
        "region": geo.regions,
    }
    liens = {
        "commune": geo.communes,
        "arrondissement-municipal": geo.arrondissements,
        "departement": geo.region_de,
    }
    try:
        for quad in pyoxigraph.parse(path=str(chemin), format=pyoxigraph.RdfFormat.TURTLE):
            sujet = _court(quad.subject)
            if quad.predicate.value == _NOM and sujet[0] in noms:
                noms[sujet[0]][sujet[1]] = str(quad.object.value)
            elif quad.predicate.value == _DANS and sujet[0] in liens:
                liens[sujet[0]][sujet[1]] = _court(quad.object)[1]
            elif quad.predicate.value == _ANCIEN_CODE and sujet[0] == "commune":
                geo.anciens[str(quad.object.value)] = sujet[1]
            elif quad.predicate.value == _MEMBRE and sujet[0] == "commune":
                prefixe, code = _court(quad.object)
                if prefixe == "epci":
                    geo.epci.setdefault(code, set()).add(sujet[1])
    except (SyntaxError, OSError) as erreur:
        raise ErreurImport(f"{chemin.name} : territoires illisibles ({erreur}).") from None


def _court(noeud: object) -> tuple[str, str]:
    """(prefix, code) of a territory's IRI: its two last segments."""
    segments = noeud.value.rsplit("/", 2) if isinstance(noeud, pyoxigraph.NamedNode) else []
    return (segments[1], segments[2]) if len(segments) == 3 else ("", "")

"""A corpus root of the tests: the tables of the corpus itself, sources cut from the real ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph
import pytest

from maillage.importation import IMPORTATEURS, Bilan

SOURCES = Path(__file__).parent / "sources"
_TABLES = Path(__file__).parents[2] / "donnees" / "institutions"

#: files of each source, in the order the importer asks for.
FICHIERS: dict[str, tuple[str, ...]] = {
    "territoires": (
        "communes.json",
        "departements.json",
        "regions.json",
        "epci.json",
        "ept.json",
        "departement_region.csv",
    ),
    "reperes": ("departements.geojson", "communes.geojson"),
    "contours": ("departements.geojson", "communes.geojson"),
    "quimper": ("dossier.csv",),
    "france-travail": ("agences_france_travail.json",),
    "missions-locales": ("structures.json", "agences_milo.json", "annuaire.csv"),
    "droit-du-travail": ("droit_du_travail.json",),
    "opco": ("opco.csv", "idcc.csv"),
    "crdla": ("crdla.csv",),
    "successions": ("institutions.csv",),
}


class Atelier:
    """A corpus root with its own copy of the sources, to import from and to spoil."""

    def __init__(self, dossier: Path) -> None:
        self.racine = dossier / "corpus"
        self.sources = dossier / "sources"
        shutil.copytree(SOURCES, self.sources)
        (self.racine / "donnees" / "institutions").mkdir(parents=True)
        for table in _TABLES.glob("*.csv"):
            shutil.copy(table, self.racine / "donnees" / "institutions")

    def importe(self, nom: str, essai: bool = False) -> Bilan:
        """Run one importer on its sources."""
        fichiers = [self.sources / fichier for fichier in FICHIERS[nom]]
        return IMPORTATEURS[nom].fonction(fichiers, self.racine, essai, lambda message: None)

    def remplace(self, fichier: str, ancien: str, nouveau: str) -> None:
        """Spoil a source: replace a text that is there."""
        chemin = self.sources / fichier
        contenu = chemin.read_text(encoding="utf-8")
        assert ancien in contenu
        chemin.write_text(contenu.replace(ancien, nouveau, 1), encoding="utf-8")

    def contenus(self) -> dict[str, bytes]:
        """Bytes of every Turtle file of the corpus, by path."""
        return {
            chemin.relative_to(self.racine).as_posix(): chemin.read_bytes()
            for chemin in sorted(self.racine.rglob("*.ttl"))
        }

    def valeurs(self, sujet: str, propriete: str) -> set[str]:
        """Values of a property of a subject, both named by the end of their IRI."""
        return {
            objet.value.rsplit("/", 1)[-1] if isinstance(objet, pyoxigraph.NamedNode) else objet.value
            for s, p, objet in self._triples()
            if s.endswith("/" + sujet) and p.endswith(propriete)
        }

    def _triples(self) -> Iterator[tuple[str, str, pyoxigraph.NamedNode | pyoxigraph.Literal]]:
        for chemin in sorted(self.racine.rglob("*.ttl")):
            for quad in pyoxigraph.parse(path=str(chemin)):
                if isinstance(quad.object, pyoxigraph.NamedNode | pyoxigraph.Literal):
                    yield str(quad.subject).strip("<>"), quad.predicate.value, quad.object


@pytest.fixture
def atelier(tmp_path: Path) -> Atelier:
    """A root without territories."""
    return Atelier(tmp_path)


@pytest.fixture
def avec_territoires(atelier: Atelier) -> Atelier:
    """A root whose territories are imported."""
    atelier.importe("territoires")
    return atelier


@pytest.fixture
def tous(avec_territoires: Atelier) -> Callable[[], list[Bilan]]:
    """Run every other importer, in the order of the register."""

    def lance() -> list[Bilan]:
        return [avec_territoires.importe(nom) for nom in FICHIERS if nom != "territoires"]

    return lance

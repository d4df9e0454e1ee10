"""The catalogue as its pages show it, in one language."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal

from maillage.catalogue.dcat import Catalogue
from maillage.catalogue.jeux import Jeu
from maillage.textes import Langue


@dataclass(frozen=True)
class VueFichier:
    """A file to download: its name, what it is, what to know of it, its bytes."""

    nom: str
    titre: str
    description: str
    octets: int


@dataclass(frozen=True)
class VueJeu:
    """A dataset. `departement` is its name where it is that of a département."""

    code: str
    titre: str
    description: str
    modifie: str
    triples: int
    fichiers: tuple[VueFichier, ...]
    departement: str


@dataclass(frozen=True)
class VueService:
    """A service to query, and its absolute address."""

    titre: str
    description: str
    adresse: str


@dataclass(frozen=True)
class Vue:
    """What the pages « Téléchargements » and « Catalogue » show. Raises FabricationImpossible."""

    catalogue: Catalogue
    langue: Langue

    @property
    def jeux(self) -> list[VueJeu]:
        """General datasets."""
        return [self._jeu(jeu) for jeu in self.catalogue.offre.jeux if jeu.departement is None]

    @property
    def departements(self) -> list[VueJeu]:
        """Datasets of the départements, by code."""
        return [self._jeu(jeu) for jeu in self.catalogue.offre.jeux if jeu.departement is not None]

    @property
    def services(self) -> list[VueService]:
        """Services, and what is not a file to download."""
        offre = self.catalogue.offre
        return [
            VueService(
                self._texte(one, "dcterms:title"),
                self._texte(one, "dcterms:description"),
                self.catalogue.adresse + offre.savoir.textes(one, "mlg:chemin")[0],
            )
            for one in offre.services
        ]

    def _jeu(self, jeu: Jeu) -> VueJeu:
        compte = self.catalogue.depot.inventaire()[jeu.code]
        files = (
            VueFichier(
                jeu.fichier(forme),
                self._texte(forme.iri, "dcterms:title"),
                self._texte(forme.iri, "dcterms:description"),
                self.catalogue.depot.taille(jeu.fichier(forme)),
            )
            for forme in jeu.formats
        )
        return VueJeu(
            jeu.code,
            jeu.remplir(self._texte(jeu.sujet, "dcterms:title")),
            self._texte(jeu.sujet, "dcterms:description"),
            compte.modifie[:10],
            compte.triples,
            tuple(files),
            f"{jeu.departement[1]} ({jeu.departement[0]})" if jeu.departement else "",
        )

    def _texte(self, sujet: str, propriete: str) -> str:
        """The text in the language of the page, else the one there is."""
        found = self.catalogue.offre.savoir.valeurs(sujet, propriete)
        for term in found:
            if isinstance(term, Literal) and term.language == self.langue:
                return term.value
        return found[0].value if found else ""

"""The present state: what the files say of the workbook's resources, property by property, and where."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode

from maillage.classeur.cellules import Cellules, Terme
from maillage.classeur.modele import Colonne, Feuille, Modele, lire_modele
from maillage.classeur.noms import ACTEUR, Registre
from maillage.corpus.corpus import Corpus, Progress, read_corpus
from maillage.namespaces import PREFIXES
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import EntrepotEmbarque
from maillage.turtle.mise_en_page import naturel

TYPE = PREFIXES["rdf"] + "type"
#: folders that never describe what a workbook holds.
_AILLEURS = ("ontologie/", "donnees/territoires/", "donnees/guide/")

#: values of a resource by key of column; a column that holds nothing has no key.
Valeurs = Mapping[str, frozenset[Terme]]


@dataclass(frozen=True, slots=True)
class Dit:
    """A statement about a resource: property, value, and the file that says so."""

    predicat: str
    objet: NamedNode | BlankNode | Literal
    fichier: str


class Etat:
    """What the corpus says, ready to be shown as rows and compared with them."""

    def __init__(self, corpus: Corpus, requetes: Requetes) -> None:
        """Index the corpus. A file that is not Turtle counts up to its error."""
        self.corpus = corpus
        entrepot = EntrepotEmbarque()
        entrepot.ajouter(corpus.quads())
        shapes = (f for f in corpus.fichiers if f.chemin.startswith("ontologie/formes/"))
        self.modele: Modele = lire_modele(quad for fichier in shapes for quad in fichier.quads())
        self.registre = Registre.lire(entrepot, requetes)
        self.cellules = Cellules(self.registre)
        self._dits: dict[NamedNode | BlankNode, list[Dit]] = defaultdict(list)
        self._par_classe: dict[str, list[str]] = defaultdict(list)
        for fichier in corpus.fichiers:
            if not fichier.chemin.startswith(_AILLEURS):
                for quad in fichier.quads():
                    self._noter(quad.subject, quad.predicate.value, quad.object, fichier.chemin)

    @classmethod
    def lire(cls, racine: Path, progress: Progress | None = None) -> Etat:
        """The state of a corpus folder. Raises EnteteInvalide, OSError."""
        return cls(read_corpus(racine, progress), Requetes(racine / "requetes"))

    def connue(self, iri: str) -> bool:
        """Whether a file says anything of a resource."""
        return NamedNode(iri) in self._dits

    def dits(self, sujet: NamedNode | BlankNode) -> list[Dit]:
        """All that files say of a resource."""
        return self._dits.get(sujet, [])

    def est(self, iri: str, classe: str) -> bool:
        """Whether a file types a resource so."""
        return any(one.predicat == TYPE and _iri(one.objet) == classe for one in self.dits(NamedNode(iri)))

    def valeurs(self, feuille: Feuille, iri: str) -> Valeurs:
        """What the sheet shows of a resource: the values that its columns can say."""
        found = {}
        for colonne in feuille.colonnes:
            values = frozenset(
                one.objet
                for one in self.dits(self.noeud(iri, colonne) or BlankNode())
                if one.predicat == colonne.chemin[-1]
                and not isinstance(one.objet, BlankNode)
                and self.cellules.couvre(colonne, one.objet)
            )
            if values:
                found[colonne.cle] = values
        return found

    def noeud(self, iri: str, colonne: Colonne) -> NamedNode | BlankNode | None:
        """What bears a column's property: the resource, or its nameless node where it has just one."""
        subject = NamedNode(iri)
        if len(colonne.chemin) == 1:
            return subject
        nodes = self.noeuds(iri, colonne)
        return nodes[0] if len(nodes) == 1 else None

    def noeuds(self, iri: str, colonne: Colonne) -> list[BlankNode]:
        """The nameless nodes through which a column goes."""
        dits = self.dits(NamedNode(iri))
        found = (one.objet for one in dits if one.predicat == colonne.chemin[0])
        return list(dict.fromkeys(one for one in found if isinstance(one, BlankNode)))

    def sujets(self, feuille: Feuille, acteurs: set[str] | None = None) -> list[str]:
        """The resources of a sheet, sorted; those tied to some of these actors, where actors are given."""
        found = []
        for iri in self._par_classe[feuille.classe]:
            properties = {one.predicat for one in self.dits(NamedNode(iri))}
            if feuille.sans and not properties.isdisjoint(feuille.sans):
                continue
            if acteurs is None or not acteurs.isdisjoint(self._tenants(feuille, iri)):
                found.append(iri)
        return sorted(found, key=naturel)

    def acteurs(self, territoire: str) -> set[str]:
        """The actors established in a territory, or that serve it, wholly or in part."""
        commune, servi = PREFIXES["mlg"] + "commune", PREFIXES["mlg"] + "territoireServi"
        around = self.registre.englobants(territoire)
        found = set()
        for iri in self._par_classe[ACTEUR]:
            for one in self.dits(NamedNode(iri)):
                place = _iri(one.objet)
                if one.predicat not in (commune, servi) or not place:
                    continue
                inside = territoire in self.registre.englobants(place)
                if inside or (one.predicat == servi and place in around):
                    found.add(iri)
        return found

    def feuille_de(self, iri: str) -> Feuille | None:
        """The first sheet that shows a resource."""
        properties = {one.predicat for one in self.dits(NamedNode(iri))}
        for feuille in self.modele.feuilles:
            if self.est(iri, feuille.classe) and properties.isdisjoint(feuille.sans):
                return feuille
        return None

    def _tenants(self, feuille: Feuille, iri: str) -> Iterator[str]:
        if not feuille.liens:
            yield iri
        paths = {colonne.chemin[0] for colonne in feuille.liens}
        yield from (_iri(one.objet) for one in self.dits(NamedNode(iri)) if one.predicat in paths)

    def _noter(self, sujet: object, predicat: str, objet: object, fichier: str) -> None:
        if isinstance(sujet, NamedNode | BlankNode) and isinstance(objet, NamedNode | BlankNode | Literal):
            self._dits[sujet].append(Dit(predicat, objet, fichier))
            if predicat == TYPE and isinstance(sujet, NamedNode) and _iri(objet) in self.modele.classes:
                self._par_classe[_iri(objet)].append(sujet.value)


def repere(valeurs: Valeurs) -> str:
    """Mark of a row's values: the same values, whatever their order or spelling, give the same mark."""
    said = sorted(f"{cle}\0{terme}" for cle, termes in valeurs.items() for terme in termes)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]


def sans_vide(valeurs: Mapping[str, Iterable[Terme]]) -> Valeurs:
    """The same values, columns without any left out."""
    return {cle: frozenset(termes) for cle, termes in valeurs.items() if termes}


def _iri(terme: object) -> str:
    return terme.value if isinstance(terme, NamedNode) else ""

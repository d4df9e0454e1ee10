"""What the catalogue offers, read from `donnees/catalogue.ttl`: datasets, services, file formats."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from maillage.namespaces import BASE, GRAPHE, PREFIXES, iri
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Terme

TYPE = PREFIXES["rdf"] + "type"
CATALOGUE = BASE + "catalogue"
#: stands for the code and the name of a département in what is written once for all of them.
CODE, NOM = "{code}", "{nom}"


def p(nom: str) -> str:
    """Full IRI of `prefix:name`."""
    prefix, _, local = nom.partition(":")
    return PREFIXES[prefix] + local


class Savoir:
    """The triples of the catalogue, by subject and property."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._par_sujet: dict[str, dict[str, list[Terme]]] = defaultdict(lambda: defaultdict(list))
        for triple in sorted(set(triples), key=str):
            if not isinstance(triple.object, Triple) and not isinstance(triple.subject, Triple):
                self._par_sujet[str(triple.subject)][triple.predicate.value].append(triple.object)

    def proprietes(self, sujet: str | Terme) -> Mapping[str, Sequence[Terme]]:
        """Values by property of an IRI or of a blank node; empty where nothing is said."""
        return self._par_sujet.get(f"<{sujet}>" if isinstance(sujet, str) else str(sujet), {})

    def valeurs(self, sujet: str, propriete: str) -> Sequence[Terme]:
        """Values of a property, given as `prefix:name`."""
        return self.proprietes(sujet).get(p(propriete), ())

    def textes(self, sujet: str, propriete: str) -> list[str]:
        """The same, as text."""
        return [one.value for one in self.valeurs(sujet, propriete)]

    def de_classe(self, classe: str) -> list[str]:
        """IRIs of the subjects of a class, sorted."""
        kind = NamedNode(p(classe))
        return sorted(
            key[1:-1] for key, said in self._par_sujet.items() if key[0] == "<" and kind in said.get(TYPE, ())
        )


@dataclass(frozen=True)
class Format:
    """One way of writing a dataset: `suffixe` is `ttl`, `tableur.csv`, `nt.gz`…"""

    iri: str
    suffixe: str

    @property
    def compression(self) -> str:
        """`gz`, `zst`, or nothing."""
        end = self.suffixe.rpartition(".")[2]
        return end if end in ("gz", "zst") else ""


@dataclass(frozen=True)
class Jeu:
    """A dataset: the subject that says it, its code, the folders it is made of, its files.

    `departement` is (code, name) where one subject of the catalogue stands for a dataset a département.
    """

    code: str
    sujet: str
    dossiers: tuple[str, ...]
    nom_fichier: str
    formats: tuple[Format, ...]
    departement: tuple[str, str] | None = None

    @property
    def iri(self) -> str:
        """IRI of the dataset."""
        return iri("jeu", self.code)

    @property
    def graphes(self) -> tuple[str, ...]:
        """What the names of its graphs begin with."""
        return tuple(GRAPHE + dossier for dossier in self.dossiers)

    def fichier(self, forme: Format) -> str:
        """Name of its file in a format."""
        return f"{self.nom_fichier}.{forme.suffixe}"

    def remplir(self, texte: str) -> str:
        """The text, with the code and the name of the département in their places."""
        if self.departement is None:
            return texte
        code, nom = self.departement
        return texte.replace(CODE, code).replace(NOM, nom)


@dataclass(frozen=True)
class Offre:
    """All that a version offers: general datasets first, then those of the départements."""

    savoir: Savoir
    jeux: tuple[Jeu, ...]
    services: tuple[str, ...]

    @cached_property
    def fichiers(self) -> dict[str, tuple[Jeu, Format]]:
        """Name of each file → its dataset and its format; compressed copies are not among them."""
        return {
            jeu.fichier(forme): (jeu, forme)
            for jeu in self.jeux
            for forme in jeu.formats
            if not forme.compression
        }


def lire_offre(requetes: Requetes, entrepot: Entrepot, graphes: Iterable[str]) -> Offre:
    """The offer of a version. `graphes` are its asserted graphs: they say which départements have data."""
    savoir = Savoir(requetes.graphe(entrepot, "catalogue"))
    formats = {one: Format(one, savoir.textes(one, "dcterms:identifier")[0]) for one in savoir.de_classe(
        "mlg:FormatFichier"
    )}  # fmt: skip
    listed = [one.value for one in savoir.valeurs(CATALOGUE, "dcat:dataset")]
    general = sorted(listed, key=lambda one: (_rang(savoir, one), one))
    jeux = [_jeu(savoir, one, formats) for one in general]
    names = list(graphes)
    for sujet in savoir.de_classe("mlg:JeuParDepartement"):
        codes = sorted(_codes(savoir.textes(sujet, "mlg:dossierCorpus"), names))
        noms = _noms(requetes, entrepot, codes)
        jeux += [_jeu(savoir, sujet, formats, (code, noms[code])) for code in codes if code in noms]
    return Offre(savoir, tuple(jeux), tuple(one.value for one in savoir.valeurs(CATALOGUE, "dcat:service")))


def _jeu(
    savoir: Savoir, sujet: str, formats: Mapping[str, Format], departement: tuple[str, str] | None = None
) -> Jeu:
    def rempli(propriete: str) -> tuple[str, ...]:
        code = departement[0] if departement else CODE
        return tuple(text.replace(CODE, code) for text in savoir.textes(sujet, propriete))

    offered = [formats[one.value] for one in savoir.valeurs(sujet, "mlg:formatPropose")]
    return Jeu(
        code=rempli("dcterms:identifier")[0],
        sujet=sujet,
        dossiers=rempli("mlg:dossierCorpus"),
        nom_fichier="".join(rempli("mlg:nomFichier")),
        formats=tuple(sorted(offered, key=lambda one: _rang(savoir, one.iri))),
        departement=departement,
    )


def _rang(savoir: Savoir, sujet: str) -> int:
    """Its rank on the pages; last where none is given."""
    return next((int(text) for text in savoir.textes(sujet, "mlg:ordre")), sys.maxsize)


def _codes(dossiers: Iterable[str], graphes: Iterable[str]) -> Iterator[str]:
    """What stands at the place of the code in the names of the graphs, each once."""
    found: set[str] = set()
    starts = [GRAPHE + dossier.partition(CODE)[0] for dossier in dossiers]
    for name in graphes:
        for start in starts:
            if name.startswith(start):
                found.add(name[len(start) :].partition("/")[0])
    yield from found


def _noms(requetes: Requetes, entrepot: Entrepot, codes: Sequence[str]) -> dict[str, str]:
    if not codes:
        return {}
    wanted = [NamedNode(iri("departement", code)) for code in codes]
    rows = requetes.executer(entrepot, "libelles", {"ressources": wanted})
    start = len(iri("departement", ""))
    return {
        row["ressources"].value[start:]: row["libelle"].value
        for row in rows
        if isinstance(row["libelle"], Literal)
    }

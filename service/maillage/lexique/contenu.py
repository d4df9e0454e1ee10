"""What a lexicon holds, and how it is written to and read from a snapshot.

Each part is a JSON file: it is read in a fraction of a second, and a version shares with the one before the
parts that did not change.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from maillage.lexique.index import Index
from maillage.texte import LANGUES, racine

#: functions of the words that are only skipped.
_SAUTES = frozenset({"mot-vide", "article"})


#: shorter words are never corrected, so there is no need to know them.
LONGUEUR_CORRIGEE = 4
#: classes whose names are made of the words of the field.
CLASSES_DU_CHAMP = frozenset({"TypeActeur", "Theme", "Role"})


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a vocabulary, with its labels by language and what it is tied to (IRIs)."""

    iri: str
    classe: str
    code: str
    libelles: dict[str, str]
    ancetres: tuple[str, ...] = ()
    evoque: tuple[str, ...] = ()
    equivalents: tuple[str, ...] = ()
    familles: tuple[str, ...] = ()
    renvois: tuple[str, ...] = ()
    fonctions: tuple[str, ...] = ()
    intentions: tuple[str, ...] = ()
    portees: tuple[str, ...] = ()
    vaut: str = ""
    poids: float = 0.0
    ordre: int = 0
    definitions: dict[str, str] = field(default_factory=dict)

    def libelle(self, langue: str) -> str:
        """Label in a language, else in any."""
        return self.libelles.get(langue) or next(iter(self.libelles.values()), self.code)

    def definition(self, langue: str) -> str:
        """Definition in a language, else in any, empty where there is none."""
        return self.definitions.get(langue) or next(iter(self.definitions.values()), "")


@dataclass(frozen=True, slots=True)
class Lieu:
    """A territory: kind is the last part of its class (Commune, Departement, Region…)."""

    iri: str
    classe: str
    code: str
    nom: str
    population: int
    parents: tuple[str, ...]
    codes_postaux: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NomActeur:
    """A real body, as far as questions can name it."""

    iri: str
    nom: str
    types: tuple[str, ...]
    secteurs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """What a source says on a point, by language."""

    iri: str
    libelles: dict[str, str]
    resumes: dict[str, str]
    en_bref: dict[str, tuple[str, ...]]
    intentions: tuple[str, ...]
    sujets: tuple[str, ...]
    territoires: tuple[str, ...]
    demandes: tuple[str, ...]
    page: int | None
    section: str
    source: str


@dataclass(frozen=True, slots=True)
class Forme:
    """A way of naming something: its folded words, its language, how it was declared."""

    iri: str
    mots: str
    langue: str
    rang: str  # pref, alt or hidden


@dataclass(frozen=True)
class Lexique:
    """All that `comprehension` and `orientation` know of words; read-only once made."""

    concepts: dict[str, Concept]
    lieux: dict[str, Lieu]
    acteurs: dict[str, NomActeur]
    passages: dict[str, Passage]
    formes: tuple[Forme, ...]  # concepts and actors
    noms_de_lieux: tuple[tuple[str, str], ...]  # folded name, IRI
    dictionnaires: dict[str, tuple[str, ...]] = field(repr=False)  # folded words that exist, by language
    #: by language, inflected forms that stemming misses → stem of their lemma
    flexions: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    @cached_property
    def marqueurs(self) -> dict[str, tuple[Concept, ...]]:
        """Markers by function code."""
        groupes: dict[str, list[Concept]] = {}
        for concept in self.concepts.values():
            for fonction in concept.fonctions:
                groupes.setdefault(fonction.rsplit("/", 1)[-1], []).append(concept)
        return {code: tuple(concepts) for code, concepts in groupes.items()}

    @cached_property
    def mots_des_marqueurs(self) -> dict[str, frozenset[str]]:
        """Folded forms of the markers by function code."""
        par_iri: dict[str, list[str]] = {}
        for forme in self.formes:
            par_iri.setdefault(forme.iri, []).append(forme.mots)
        return {
            code: frozenset(mots for concept in concepts for mots in par_iri.get(concept.iri, ()))
            for code, concepts in self.marqueurs.items()
        }

    @cached_property
    def _existants(self) -> dict[str, frozenset[str]]:
        return {langue: frozenset(mots) for langue, mots in self.dictionnaires.items()}

    def existe(self, mot: str, langue: str | None = None) -> bool:
        """Whether a folded word exists in a language, or in any: then it is no misspelling of another."""
        return any(mot in mots for code, mots in self._existants.items() if langue in (None, code))

    @cached_property
    def mots_vides(self) -> frozenset[str]:
        """Words skipped when a label is looked for."""
        return self.mots_des_marqueurs.get("mot-vide", frozenset())

    @cached_property
    def mots_outils(self) -> frozenset[str]:
        """Stop words and neutral words."""
        return self.mots_vides | self.mots_des_marqueurs.get("mot-neutre", frozenset())

    @cached_property
    def articles(self) -> frozenset[str]:
        """Stop words without which a label is still recognised."""
        return self.mots_des_marqueurs.get("article", frozenset())

    @cached_property
    def conjonctions(self) -> frozenset[str]:
        """Words that separate two things."""
        return self.mots_des_marqueurs.get("conjonction", frozenset())

    @cached_property
    def index(self) -> dict[str, Index[Forme]]:
        """By language, the forms of concepts and actors under their stemmed content words."""
        par_langue: dict[str, Index[Forme]] = {langue: Index() for langue in LANGUES}
        for forme in self.formes:
            if self.concepts.get(forme.iri) is None or not self.concepts[forme.iri].fonctions:
                par_langue[forme.langue].ajouter(self.cle(forme.mots, forme.langue), forme)
        return par_langue

    def mots_du_champ(self, langue: str) -> frozenset[str]:
        """Stems of the words in the shown labels of kinds of actor, themes and roles."""
        return self._mots_du_champ[langue]

    @cached_property
    def _mots_du_champ(self) -> dict[str, frozenset[str]]:
        cles: dict[str, set[str]] = {langue: set() for langue in LANGUES}
        for forme in self.formes:
            concept = self.concepts.get(forme.iri)
            if concept and concept.classe in CLASSES_DU_CHAMP and forme.rang != "hidden":
                cles[forme.langue].update(self.cle(forme.mots, forme.langue).split())
        return {langue: frozenset(mots) for langue, mots in cles.items()}

    @cached_property
    def index_marqueurs(self) -> Index[Concept]:
        """Markers other than stop words, under their raw folded words."""
        index: Index[Concept] = Index()
        for forme in self.formes:
            concept = self.concepts.get(forme.iri)
            if concept and concept.fonctions:
                index.ajouter(forme.mots, concept)
        return index

    @cached_property
    def index_fonctions(self) -> Index[tuple[str, str, str]]:
        """Function code, IRI and language of the markers, under their raw folded words.

        Words that are only skipped are left out: they say nothing, and they are half of a text.
        """
        index: Index[tuple[str, str, str]] = Index()
        for forme in self.formes:
            concept = self.concepts.get(forme.iri)
            for fonction in concept.fonctions if concept else ():
                code = fonction.rsplit("/", 1)[-1]
                seul = code in _SAUTES and forme.mots in self.mots_vides and " " not in forme.mots
                if not seul or (concept and concept.intentions):
                    index.ajouter(forme.mots, (code, forme.iri, forme.langue))
        return index

    @cached_property
    def index_lieux(self) -> Index[str]:
        """IRIs of territories under their raw folded names."""
        index: Index[str] = Index()
        for nom, iri in self.noms_de_lieux:
            index.ajouter(nom, iri)
        return index

    @cached_property
    def lieux_par_code_postal(self) -> dict[str, tuple[str, ...]]:
        """Territories that use a postal code."""
        resultat: dict[str, tuple[str, ...]] = {}
        for lieu in self.lieux.values():
            for code in lieu.codes_postaux:
                resultat[code] = (*resultat.get(code, ()), lieu.iri)
        return resultat

    @cached_property
    def _pleines(self) -> dict[str, str]:
        return {}

    def pleine(self, mots: str) -> str:
        """Content words of a folded label, or all its words where all are empty; kept once found."""
        connue = self._pleines.get(mots)
        if connue is None:
            connue = " ".join(mot for mot in mots.split() if mot not in self.mots_vides) or mots
            self._pleines[mots] = connue
        return connue

    def racine(self, mot: str, langue: str) -> str:
        """Stem under which labels know a folded word: that of its lemma where stemming misses it."""
        return self.flexions.get(langue, {}).get(mot) or racine(mot, langue)

    def cle(self, mots: str, langue: str) -> str:
        """Key of a folded phrase: its content words stemmed, or all its words where all are empty."""
        tous = mots.split()
        pleins = [mot for mot in tous if mot not in self.mots_vides] or tous
        return " ".join(self.racine(mot, langue) for mot in pleins)

    def ecrire(self, dossier: Path, connu: Lexique | None = None) -> list[str]:
        """Write each part as a JSON file in a folder; those that `connu` has the same are left to the caller.

        The names of the files written. Raises OSError.
        """
        written = [nom for nom in PARTIES if connu is None or getattr(self, nom) != getattr(connu, nom)]
        for nom in written:
            (dossier / f"{nom}.json").write_bytes(PARTIES[nom].dump_json(getattr(self, nom)))
        return [f"{nom}.json" for nom in written]

    @classmethod
    def lire(cls, dossier: Path, connu: Lexique | None = None, inchanges: Collection[str] = ()) -> Lexique:
        """Read back what `ecrire` wrote; the files `inchanges` are those that gave `connu`.

        Raises OSError, ValueError.
        """
        read = cls(
            **{
                nom: getattr(connu, nom)
                if f"{nom}.json" in inchanges
                else partie.validate_json((dossier / f"{nom}.json").read_bytes())
                for nom, partie in PARTIES.items()
            }
        )
        for tire, nom in _TIRES.items():
            if connu is not None and f"{nom}.json" in inchanges and tire in connu.__dict__:
                read.__dict__[tire] = connu.__dict__[tire]
        return read


#: the parts of a lexicon, each in a file of its own: an edit changes few of them.
PARTIES: dict[str, TypeAdapter[Any]] = {
    nom: TypeAdapter(type_) for nom, type_ in get_type_hints(Lexique).items()
}
#: what is drawn from one part only: it goes from one lexicon to the next with that part.
_TIRES = {
    "index_lieux": "noms_de_lieux",
    "lieux_par_code_postal": "lieux",
    "_existants": "dictionnaires",
}
FICHIERS = tuple(f"{nom}.json" for nom in PARTIES)

"""Compilation of the lexicon from the graph, through `requetes/lexique-*.rq`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TypeVar

from spellchecker import SpellChecker

from maillage.lexique.contenu import LONGUEUR_CORRIGEE, Concept, Forme, Lexique, Lieu, NomActeur, Passage
from maillage.lexique.flexions import flexions
from maillage.namespaces import local_name
from maillage.requetes.recueil import Requetes
from maillage.requetes.table import Rangee, Table
from maillage.store.entrepot import EntrepotEmbarque
from maillage.texte import LANGUES, mots, plier

Valeurs = dict[str, list[tuple[str, str]]]  # property → (value, language)
T = TypeVar("T")
Liens = dict[str, dict[str, list[str]]]  # concept → property → values


class Compilation:
    """The lexicon of a store in which the closures are derived, kept up to date edit after edit."""

    def __init__(self, entrepot: EntrepotEmbarque, requetes: Requetes) -> None:
        """Compile it whole. Raises what Entrepot.lignes raises."""
        self._libelles = Table(entrepot, requetes["lexique-concepts"], "concept", _telles_quelles)
        self._liens = Table(entrepot, requetes["lexique-liens"], "concept", _telles_quelles)
        self._lieux = Table(entrepot, requetes["lexique-lieux"], "lieu", _lieu)
        self._acteurs = Table(entrepot, requetes["lexique-acteurs"], "acteur", _acteur)
        self._passages = Table(entrepot, requetes["lexique-passages"], "passage", _passage)
        self._concepts = _concepts(self._libelles.choses, self._liens.choses)
        self._mots: dict[str, set[str]] = {}
        self.lexique = self._assembler()

    def suivre(self, sujets: Collection[str]) -> bool:
        """Compile again what some edited resources (IRIs) change in the lexicon; whether anything does."""
        tables = (self._libelles, self._liens, self._lieux, self._acteurs, self._passages)
        labels, links, *others = [table.suivre(sujets) for table in tables]
        if labels or links:
            self._concepts = _concepts(self._libelles.choses, self._liens.choses)
        if labels or links or any(others):
            self.lexique = self._assembler()
        return labels or links or any(others)

    def _assembler(self) -> Lexique:
        concepts, formes = self._concepts
        lieux, acteurs = _tries(self._lieux.choses), _tries(self._acteurs.choses)
        tous = (*formes, *(forme for _, noms in acteurs.values() for forme in noms))
        return Lexique(
            concepts,
            {iri: lieu for iri, (lieu, _) in lieux.items()},
            {iri: acteur for iri, (acteur, _) in acteurs.items()},
            _tries(self._passages.choses),
            tous,
            tuple((nom, iri) for iri, (_, noms) in lieux.items() for nom in noms),
            _dictionnaires(),
            self._flexions(tous),
        )

    def _flexions(self, formes: Iterable[Forme]) -> dict[str, dict[str, str]]:
        """The inflected forms of the words of labels, looked for again where those words change."""
        libelles: dict[str, set[str]] = {langue: set() for langue in LANGUES}
        for forme in formes:
            libelles[forme.langue].add(forme.mots)
        if libelles != self._mots:
            self._mots = libelles
            self._flechis = {langue: flexions(langue, each) for langue, each in libelles.items()}
        return self._flechis


def compiler(entrepot: EntrepotEmbarque, requetes: Requetes) -> Lexique:
    """Lexicon of a store in which the closures are derived. Raises what Entrepot.lignes raises."""
    return Compilation(entrepot, requetes).lexique


@lru_cache(maxsize=1 << 17)
def phrase_pliee(texte: str) -> str:
    """The folded words of a label, separated by a space."""
    return " ".join(mot.forme for mot in mots(texte))


def _tries(choses: dict[str, T]) -> dict[str, T]:
    return {iri: choses[iri] for iri in sorted(choses)}


def _telles_quelles(iri: str, rangees: list[Rangee]) -> list[Rangee]:
    """Rows of concepts: they are made into concepts together, for ancestors are found by going up."""
    return rangees


def _groupes(rangees: Iterable[Rangee]) -> Valeurs:
    valeurs: Valeurs = defaultdict(list)
    for (propriete, _), valeur in rangees:
        valeurs[local_name(propriete)].append(valeur)
    return valeurs


def _concepts(
    libelles: dict[str, list[Rangee]], rangees: dict[str, list[Rangee]]
) -> tuple[dict[str, Concept], list[Forme]]:
    liens: Liens = defaultdict(lambda: defaultdict(list))
    for iri, rows in rangees.items():
        for (lien, _), (valeur, _) in rows:
            liens[iri][local_name(lien)].append(valeur)
    concepts: dict[str, Concept] = {}
    formes: dict[Forme, None] = {}
    for iri, rows in _tries(libelles).items():
        textes: dict[str, dict[str, str]] = {"pref": {}, "definition": {}}
        for _, _, (propriete, _), (libelle, sa_langue) in rows:
            langue, rang = sa_langue or LANGUES[0], local_name(propriete).removesuffix("Label")
            if rang in textes:
                textes[rang][langue] = libelle
            if (
                rang != "definition"
                and langue in LANGUES
                and (rang != "pref" or "fonction" not in liens[iri])
            ):
                formes[Forme(iri, phrase_pliee(libelle), langue, rang)] = None
        (classe, _), (code, _), *_ = rows[-1]
        concepts[iri] = _concept(iri, local_name(classe), code, (textes["pref"], textes["definition"]), liens)
    return concepts, list(formes)


def _concept(
    iri: str,
    classe: str,
    code: str,
    textes: tuple[dict[str, str], dict[str, str]],
    tenus: Liens,
) -> Concept:
    liens = tenus[iri]
    return Concept(
        iri, classe, code, textes[0],
        definitions=textes[1],
        ancetres=_ancetres(iri, tenus),
        evoque=tuple(liens["evoque"]),
        equivalents=tuple(autre for autre in liens["equivalent"] if autre != iri),
        familles=tuple(liens["famille"]),
        renvois=tuple(liens["renvoi"]),
        fonctions=tuple(liens["fonction"]),
        intentions=tuple(liens["intention"]),
        portees=tuple(liens["portee"]),
        vaut=phrase_pliee(liens["vaut"][0]) if liens["vaut"] else "",
        poids=float(liens["poids"][0]) if liens["poids"] else 0.0,
        ordre=int(liens["ordre"][0]) if liens["ordre"] else 0,
    )  # fmt: skip


def _ancetres(iri: str, tenus: Liens) -> tuple[str, ...]:
    vus: dict[str, None] = {}
    file = list(tenus[iri]["broader"])
    while file:
        parent = file.pop(0)
        if parent not in vus and parent != iri:
            vus[parent] = None
            file.extend(tenus[parent]["broader"])
    return tuple(vus)


def _lieu(iri: str, rangees: list[Rangee]) -> tuple[Lieu, tuple[str, ...]]:
    """A territory and its folded names."""
    valeurs = _groupes(rangees)
    nom = valeurs["prefLabel"][0][0] if valeurs["prefLabel"] else local_name(iri)
    parents = {parent for cle in ("subdivisionDe", "membreDe") for parent, _ in valeurs[cle]}
    population = int(valeurs["population"][0][0]) if valeurs["population"] else 0
    code = valeurs["codeINSEE"][0][0] if valeurs["codeINSEE"] else local_name(iri)
    codes_postaux = tuple(code for code, _ in valeurs["codePostal"])
    classe = iri.rsplit("/", 2)[-2]
    labels = ("prefLabel", "altLabel", "hiddenLabel", "ancienNom")
    noms = dict.fromkeys(phrase_pliee(autre) for cle in labels for autre, _ in valeurs[cle])
    lieu = Lieu(iri, classe, code, nom, population, tuple(sorted(parents)), codes_postaux)
    return lieu, tuple(noms)


def _acteur(iri: str, rangees: list[Rangee]) -> tuple[NomActeur, tuple[Forme, ...]] | None:
    """An actor and the ways of naming it; nothing where it has no name."""
    valeurs = _groupes(rangees)
    if not valeurs["prefLabel"]:
        return None
    types = tuple(sorted({type_ for type_, _ in valeurs["classification"]}))
    secteurs = tuple(sorted({secteur for secteur, _ in valeurs["secteur"]}))
    formes = tuple(
        Forme(iri, phrase_pliee(nom), LANGUES[0], rang.removesuffix("Label"))
        for rang in ("prefLabel", "altLabel")
        for nom, _ in valeurs[rang]
    )
    return NomActeur(iri, valeurs["prefLabel"][0][0], types, secteurs), formes


def _passage(iri: str, rangees: list[Rangee]) -> Passage:
    valeurs = _groupes(rangees)

    def par_langue(cle: str) -> dict[str, str]:
        return {langue or LANGUES[0]: texte for texte, langue in valeurs[cle]}

    en_bref: dict[str, list[str]] = defaultdict(list)
    for texte, langue in valeurs["enBref"]:
        en_bref[langue or LANGUES[0]].append(texte)
    pages = [int(page) for page, _ in valeurs["page"]]
    return Passage(
        iri,
        par_langue("prefLabel"),
        par_langue("resume"),
        {langue: tuple(textes) for langue, textes in en_bref.items()},
        tuple(v for v, _ in valeurs["intention"]),
        tuple(v for v, _ in valeurs["sujet"]),
        tuple(v for v, _ in valeurs["territoire"]),
        tuple(v for v, _ in valeurs["hiddenLabel"]),
        min(pages) if pages else None,
        valeurs["section"][0][0] if valeurs["section"] else "",
        valeurs["source"][0][0] if valeurs["source"] else "",
    )


@lru_cache(maxsize=1)
def _dictionnaires() -> dict[str, tuple[str, ...]]:
    """Folded words that exist, by language, long enough to be taken for misspellings."""
    dictionnaires = {}
    for langue in LANGUES:
        plies = {plier(mot) for mot in SpellChecker(language=langue).word_frequency.dictionary}
        dictionnaires[langue] = tuple(sorted(plie for plie in plies if len(plie) >= LONGUEUR_CORRIGEE))
    return dictionnaires

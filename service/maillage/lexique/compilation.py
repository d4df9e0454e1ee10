"""Compilation of the lexicon from the graph, through `requetes/lexique-*.rq`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from spellchecker import SpellChecker

from maillage.lexique.contenu import LONGUEUR_CORRIGEE, Concept, Forme, Lexique, Lieu, NomActeur, Passage
from maillage.lexique.flexions import flexions
from maillage.namespaces import local_name
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Ligne
from maillage.texte import LANGUES, mots, plier

Valeurs = dict[str, dict[str, list[tuple[str, str]]]]  # subject → property → (value, language)


def compiler(entrepot: Entrepot, requetes: Requetes) -> Lexique:
    """Lexicon of a store in which the closures are derived. Raises what Entrepot.lignes raises."""

    def demander(nom: str) -> list[Ligne]:
        return requetes.executer(entrepot, nom)

    concepts, formes = _concepts(demander("lexique-concepts"), demander("lexique-liens"))
    lieux, noms = _lieux(_groupes(demander("lexique-lieux"), "lieu"))
    acteurs, formes_acteurs = _acteurs(_groupes(demander("lexique-acteurs"), "acteur"))
    passages = _passages(_groupes(demander("lexique-passages"), "passage"))
    formes += formes_acteurs
    return Lexique(
        concepts, lieux, acteurs, passages, tuple(formes), tuple(noms), _dictionnaires(), _flexions(formes)
    )


def _flexions(formes: Iterable[Forme]) -> dict[str, dict[str, str]]:
    par_langue: dict[str, set[str]] = {langue: set() for langue in LANGUES}
    for forme in formes:
        par_langue[forme.langue].add(forme.mots)
    return {langue: flexions(langue, libelles) for langue, libelles in par_langue.items()}


def phrase_pliee(texte: str) -> str:
    """The folded words of a label, separated by a space."""
    return " ".join(mot.forme for mot in mots(texte))


def _groupes(lignes: Iterable[Ligne], sujet: str) -> Valeurs:
    groupes: Valeurs = defaultdict(lambda: defaultdict(list))
    for ligne in lignes:
        valeur = ligne["valeur"]
        langue = getattr(valeur, "language", None) or ""
        groupes[ligne[sujet].value][local_name(ligne["propriete"].value)].append((valeur.value, langue))
    return groupes


def _concepts(lignes: list[Ligne], liens: list[Ligne]) -> tuple[dict[str, Concept], list[Forme]]:
    tenus: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for ligne in liens:
        tenus[ligne["concept"].value][local_name(ligne["lien"].value)].append(ligne["valeur"].value)
    classes: dict[str, tuple[str, str]] = {}
    libelles: dict[str, dict[str, str]] = defaultdict(dict)
    definitions: dict[str, dict[str, str]] = defaultdict(dict)
    formes: dict[Forme, None] = {}
    for ligne in lignes:
        iri, libelle = ligne["concept"].value, ligne["libelle"]
        langue = getattr(libelle, "language", None) or LANGUES[0]
        rang = local_name(ligne["rang"].value).removesuffix("Label")
        classes[iri] = (local_name(ligne["classe"].value), ligne["code"].value)
        if rang == "definition":
            definitions[iri][langue] = libelle.value
            continue
        if rang == "pref":
            libelles[iri][langue] = libelle.value
        if langue in LANGUES and (rang != "pref" or "fonction" not in tenus[iri]):
            formes[Forme(iri, phrase_pliee(libelle.value), langue, rang)] = None
    concepts = {
        iri: _concept(iri, classe, code, (libelles[iri], definitions[iri]), tenus)
        for iri, (classe, code) in classes.items()
    }
    return concepts, list(formes)


def _concept(
    iri: str,
    classe: str,
    code: str,
    textes: tuple[dict[str, str], dict[str, str]],
    tenus: dict[str, dict[str, list[str]]],
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


def _ancetres(iri: str, tenus: dict[str, dict[str, list[str]]]) -> tuple[str, ...]:
    vus: dict[str, None] = {}
    file = list(tenus[iri]["broader"])
    while file:
        parent = file.pop(0)
        if parent not in vus and parent != iri:
            vus[parent] = None
            file.extend(tenus[parent]["broader"])
    return tuple(vus)


def _lieux(groupes: Valeurs) -> tuple[dict[str, Lieu], list[tuple[str, str]]]:
    lieux: dict[str, Lieu] = {}
    noms: dict[tuple[str, str], None] = {}
    for iri, valeurs in sorted(groupes.items()):
        nom = valeurs["prefLabel"][0][0] if valeurs["prefLabel"] else local_name(iri)
        parents = [parent for cle in ("subdivisionDe", "membreDe") for parent, _ in valeurs[cle]]
        population = int(valeurs["population"][0][0]) if valeurs["population"] else 0
        code = valeurs["codeINSEE"][0][0] if valeurs["codeINSEE"] else local_name(iri)
        codes_postaux = tuple(sorted(code for code, _ in valeurs["codePostal"]))
        classe = iri.rsplit("/", 2)[-2]
        lieux[iri] = Lieu(iri, classe, code, nom, population, tuple(sorted(set(parents))), codes_postaux)
        for cle in ("prefLabel", "altLabel", "hiddenLabel", "ancienNom"):
            for autre, _ in sorted(valeurs[cle]):
                noms[(phrase_pliee(autre), iri)] = None
    return lieux, list(noms)


def _acteurs(groupes: Valeurs) -> tuple[dict[str, NomActeur], list[Forme]]:
    acteurs: dict[str, NomActeur] = {}
    formes: list[Forme] = []
    for iri, valeurs in sorted(groupes.items()):
        if not valeurs["prefLabel"]:
            continue
        types = tuple(sorted({type_ for type_, _ in valeurs["classification"]}))
        secteurs = tuple(sorted({secteur for secteur, _ in valeurs["secteur"]}))
        acteurs[iri] = NomActeur(iri, sorted(valeurs["prefLabel"])[0][0], types, secteurs)
        for rang in ("prefLabel", "altLabel"):
            for nom, _ in sorted(valeurs[rang]):
                formes.append(Forme(iri, phrase_pliee(nom), LANGUES[0], rang.removesuffix("Label")))
    return acteurs, formes


def _passages(groupes: Valeurs) -> dict[str, Passage]:
    return {iri: _passage(iri, valeurs) for iri, valeurs in sorted(groupes.items())}


def _passage(iri: str, valeurs: dict[str, list[tuple[str, str]]]) -> Passage:
    def par_langue(cle: str) -> dict[str, str]:
        return {langue or LANGUES[0]: texte for texte, langue in valeurs[cle]}

    en_bref: dict[str, list[str]] = defaultdict(list)
    for texte, langue in valeurs["enBref"]:
        en_bref[langue or LANGUES[0]].append(texte)
    pages = valeurs["page"]
    return Passage(
        iri,
        par_langue("prefLabel"),
        par_langue("resume"),
        {langue: tuple(textes) for langue, textes in en_bref.items()},
        tuple(v for v, _ in valeurs["intention"]),
        tuple(v for v, _ in valeurs["sujet"]),
        tuple(v for v, _ in valeurs["territoire"]),
        tuple(v for v, _ in valeurs["hiddenLabel"]),
        int(pages[0][0]) if pages else None,
        valeurs["section"][0][0] if valeurs["section"] else "",
        valeurs["source"][0][0] if valeurs["source"] else "",
    )


def _dictionnaires() -> dict[str, tuple[str, ...]]:
    """Folded words that exist, by language, long enough to be taken for misspellings."""
    dictionnaires = {}
    for langue in LANGUES:
        plies = {plier(mot) for mot in SpellChecker(language=langue).word_frequency.dictionary}
        dictionnaires[langue] = tuple(sorted(plie for plie in plies if len(plie) >= LONGUEUR_CORRIGEE))
    return dictionnaires

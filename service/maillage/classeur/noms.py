"""Things known by name: what a cell may say to mean a term, a source, an actor or a place, and back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from maillage.classeur.modele import Colonne
from maillage.namespaces import PREFIXES, compact, local_name
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot
from maillage.validation.suggestions import fold

TERRITOIRE, COMMUNE = PREFIXES["mlg"] + "Territoire", PREFIXES["igeo"] + "Commune"
ACTEUR, TYPE = PREFIXES["mlg"] + "Acteur", PREFIXES["mlg"] + "TypeActeur"
SOURCE = PREFIXES["mlg"] + "Source"

#: homonyms shown; resemblance (0 to 100) from which a name is suggested; names looked for among all.
MONTRES, SEUIL, RECHERCHES = 5, 70.0, 300
#: what is said first wins: a preferred label before another one, a code before both.
_RANGS = {"prefLabel": 0, "altLabel": 1, "ancienNom": 1, "hiddenLabel": 2}
_PARENTHESE = re.compile(r"(.*\S)\s*\(([^()]+)\)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Choix:
    """One thing that a list offers: what the cell shows, its code, what it means."""

    iri: str
    libelle: str
    code: str
    definition: str = ""


class NomInconnu(LookupError):  # noqa: N818 (the error is named in French)
    """A cell names nothing known, or several things; the message says what to write."""


class Registre:
    """Names by class. Filled from stored queries; a workbook adds the actors that it describes itself."""

    def __init__(self) -> None:
        self._noms: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        self._libelles: dict[str, str] = {}
        self._definitions: dict[str, str] = {}
        self._classes: dict[str, dict[str, None]] = defaultdict(dict)
        self._espaces: dict[str, set[str]] = defaultdict(set)
        self._parents: dict[str, list[str]] = defaultdict(list)
        self._recherches = 0

    @classmethod
    def lire(cls, entrepot: Entrepot, requetes: Requetes) -> Registre:
        """Names of the vocabularies, sources, actors and places of a store, derived or not.

        Raises what Requetes.executer raises.
        """
        registre = cls()
        registre.apprendre(entrepot, requetes)
        for row in requetes.executer(entrepot, "lexique-lieux"):
            registre._lieu(row["lieu"].value, local_name(row["propriete"].value), row["valeur"].value)
        return registre

    def apprendre(self, entrepot: Entrepot, requetes: Requetes) -> None:
        """Learn the names of vocabularies, sources and actors. Raises what Requetes.executer raises."""
        for row in requetes.executer(entrepot, "lexique-concepts"):
            rang = local_name(row["rang"].value)
            language = getattr(row["libelle"], "language", "")
            self._dire(row["classe"].value, row["concept"].value, rang, row["libelle"].value, language)
        for row in requetes.executer(entrepot, "sources", {"langue": "fr"}):
            self._dire(SOURCE, row["source"].value, "prefLabel", row["titre"].value, "fr")
        for row in requetes.executer(entrepot, "lexique-acteurs"):
            rang = local_name(row["propriete"].value)
            if rang in _RANGS:
                self._dire(ACTEUR, row["acteur"].value, rang, row["valeur"].value, "fr")

    def copie(self) -> Registre:
        """The same names, to which those of one workbook may be added."""
        other = self._vide()
        other._libelles, other._definitions, other._parents = (
            dict(self._libelles),
            self._definitions,
            self._parents,
        )
        other._noms |= self._noms
        other._classes |= self._classes
        other._espaces |= self._espaces
        other._noms[ACTEUR] = defaultdict(dict, {nom: dict(iris) for nom, iris in self._noms[ACTEUR].items()})
        other._classes[ACTEUR], other._espaces[ACTEUR] = (
            dict(self._classes[ACTEUR]),
            set(self._espaces[ACTEUR]),
        )
        return other

    def _vide(self) -> Registre:
        """A registry of the same kind, without a name."""
        return Registre()

    def ajouter(self, classe: str, iri: str, noms: Iterable[str]) -> None:
        """Make something nameable that the graph does not hold yet."""
        for nom in noms:
            self._dire(classe, iri, "prefLabel", nom, "fr")
        self._libelles.setdefault(iri, local_name(iri))

    def trouver(self, colonne: Colonne, texte: str) -> str:
        """IRI of what a cell names: `prefixe:code`, code, label, or label with its code in brackets.

        Raises NomInconnu.
        """
        classes = classes_de(colonne)
        found = self._par_code(classes, texte)
        if found:
            return found
        nom, code = _PARENTHESE.fullmatch(texte), ""
        if nom:
            code = self._par_code(classes, nom[2].strip())
            if code and code in self._porteurs(classes, nom[1]):
                return code
        candidates = self._par_nom(classes, texte)
        if len(candidates) == 1:
            return candidates[0]
        if nom and code:
            raise NomInconnu(
                f"le nom et le code ne vont pas ensemble : « {nom[2].strip()} » est {self.libelle(code)}"
            )
        if candidates:
            choices = ", ".join(sorted(f"« {self.precis(iri)} »" for iri in candidates)[:MONTRES])
            raise NomInconnu(f"« {texte} » désigne plusieurs choses ; écrivez l'une de : {choices}")
        raise NomInconnu(f"« {abrege(texte)} » n'est pas connu{self._proche(classes, texte)}")

    def ecritures(self, colonne: Colonne, iri: str) -> Iterator[str]:
        """Ways of writing a thing in a cell, the most readable first; the last one is always read back."""
        if iri in self._libelles:
            if colonne.genre not in ("territoire", "commune") and not local_name(iri).isdigit():
                yield self.libelle(iri)
            yield self.precis(iri)
        yield compact(iri)

    def est_territoire(self, iri: str) -> bool:
        """Whether an IRI is that of a known place."""
        return iri in self._classes[TERRITOIRE]

    def libelle(self, iri: str) -> str:
        """The French label of a thing, its code where it has none."""
        return self._libelles.get(iri) or local_name(iri)

    def precis(self, iri: str) -> str:
        """Label and code, as in « Quimper (29232) » and « Finistère (departement/29) »."""
        prefix, _, code = compact(iri).partition(":")
        place = iri in self._classes[TERRITOIRE] and prefix != "commune"
        return f"{self.libelle(iri)} ({f'{prefix}/{code}' if place else code})"

    def choix(self, colonne: Colonne) -> list[Choix]:
        """What a list may offer for a column, sorted by code where codes are numbers, else by label."""
        found = [
            Choix(iri, next(self.ecritures(colonne, iri)), local_name(iri), self._definitions.get(iri, ""))
            for classe in classes_de(colonne)
            for iri in self._classes[classe]
        ]
        return sorted(found, key=lambda one: (one.code if one.code.isdigit() else "~", fold(one.libelle)))

    def englobants(self, iri: str) -> set[str]:
        """A territory and all those around it."""
        seen: dict[str, None] = {iri: None}
        queue = [iri]
        while queue:
            for parent in self._parents.get(queue.pop(), ()):
                if parent not in seen:
                    seen[parent] = None
                    queue.append(parent)
        return set(seen)

    def _lieu(self, iri: str, propriete: str, valeur: str) -> None:
        if propriete in ("subdivisionDe", "membreDe"):
            self._parents[iri].append(valeur)
        elif propriete in _RANGS:
            self._dire(TERRITOIRE, iri, propriete, valeur, "fr")
            if compact(iri).startswith("commune:"):
                self._dire(COMMUNE, iri, propriete, valeur, "fr")

    def _dire(self, classe: str, iri: str, rang: str, texte: str, langue: str) -> None:
        if iri not in self._classes[classe]:
            self._classes[classe][iri] = None
            self._espaces[classe].add(iri.removesuffix(local_name(iri)))
        if rang == "definition":
            if langue == "fr":
                self._definitions[iri] = texte
            return
        if rang == "prefLabel" and langue == "fr":
            self._libelles.setdefault(iri, texte)
        names = self._noms[classe][fold(texte)]
        names[iri] = min(_RANGS[rang], names.get(iri, 9))

    def _par_code(self, classes: Sequence[str], texte: str) -> str:
        """`prefixe:code`, `prefixe/code`, or a code that one thing of these classes bears, "" else."""
        prefix, mark, code = texte.replace("/", ":", 1).partition(":")
        full = PREFIXES[prefix] + code if mark and prefix in PREFIXES else ""
        for classe in classes:
            if full and full in self._classes[classe]:
                return full
        for classe in classes:
            found = {
                space + texte for space in self._espaces[classe] if space + texte in self._classes[classe]
            }
            if len(found) == 1:
                return found.pop()
        return ""

    def _par_nom(self, classes: Sequence[str], texte: str) -> list[str]:
        """The things that bear a name, those that bear it as preferred name before the others."""
        ranked: dict[str, int] = {}
        for classe in classes:
            for iri, rang in self._noms[classe].get(fold(texte), {}).items():
                ranked[iri] = min(rang, ranked.get(iri, 9))
        best = min(ranked.values(), default=0)
        return [iri for iri, rang in ranked.items() if rang == best]

    def _porteurs(self, classes: Sequence[str], texte: str) -> set[str]:
        """The things that bear a name, preferred or not."""
        return {iri for classe in classes for iri in self._noms[classe].get(fold(texte), ())}

    def _proche(self, classes: Sequence[str], texte: str) -> str:
        """« Vouliez-vous dire … », as long as a bounded number of cells asked."""
        self._recherches += 1
        if self._recherches > RECHERCHES:
            return ""
        names = [nom for classe in classes for nom in self._noms[classe]]
        near = process.extractOne(fold(texte[:200]), names, scorer=fuzz.ratio, score_cutoff=SEUIL)
        if near is None:
            return ""
        found = self._par_nom(classes, near[0])
        said = self.libelle(found[0]) if len(found) == 1 else near[0]
        code = f" ({compact(found[0])})" if len(found) == 1 else ""
        return f". Vouliez-vous dire « {said} »{code} ?"


def classes_de(colonne: Colonne) -> tuple[str, ...]:
    """Classes of what a column may name."""
    if colonne.genre == "porteur":
        return (ACTEUR, TYPE)
    return (colonne.classe,)


def abrege(texte: str, longueur: int = 80) -> str:
    """A text cut for a message, on one line."""
    line = " ".join(texte.split())
    return line if len(line) <= longueur else line[: longueur - 1] + "…"

"""One stored query: a `.rq` file, its machine-read header, its binding to validated values.

The header grammar is in requetes/LISEZMOI.md. A file runs alone on any SPARQL 1.1 store, with the values of
its example; binding replaces the one list of terms that each parameter has in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from maillage.namespaces import PREFIXES
from maillage.requetes.parametres import TYPES, Parametre, ParametreInvalide

Valeur = str | NamedNode | Literal
Parametres = Mapping[str, Valeur | Sequence[Valeur]]

_ENTETE = re.compile(r"#\+ ?(.*)")
_CHAMP = re.compile(r"(\w+) *: *(.*)")
_PARAMETRE = re.compile(
    r"(?P<nom>\w+) *: *(?P<type>\w+)(?: *\((?P<classe>[^)]*)\))?(?P<facultatif> *,? *facultatif)?"
    r"(?: *[—–-] *(?P<description>.*))?"
)
_EXEMPLE = re.compile(r"(\w+)=(.*?)(?= +\w+=|$)")
_FORME = re.compile(r"^\s*(SELECT|CONSTRUCT|ASK)\b", re.MULTILINE | re.IGNORECASE)
_COMMENTAIRE = re.compile(r"^\s*#.*$", re.MULTILINE)
_PREFIXE = re.compile(r"^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE | re.IGNORECASE)
_ABREGE = re.compile(r"(?<![\w<-])([\w-]*):([\w-]+(?:\.[\w-]+)*)")
_IRI = re.compile(r"<([^<>\s]*)>")
_TYPE = PREFIXES["rdf"] + "type"
_LIMITE = re.compile(r"\bLIMIT\s+\d+[^{}]*$", re.IGNORECASE)
_VALUES = r"VALUES\s+\?(?P<values>{names})\s*\{{[^{{}}]*\}}"
_IN = r"\bIN\s*\([^()]*\)(?=[^\n]*#= *(?P<dans>{names})\b)"


class EnteteInvalide(ValueError):  # noqa: N818 (the error is named in French)
    """A `.rq` file whose header and text disagree; names the file and the cause."""


@dataclass(frozen=True)
class _Trou:
    """A place to fill: after `avant`, the terms of `parametre` as a `VALUES` block or an `IN` list."""

    avant: str
    parametre: str
    dans: bool

    def remplir(self, terms: Sequence[NamedNode | Literal]) -> str:
        written = map(str, terms)
        if self.dans:
            return f"IN ({', '.join(written)})"
        return f"VALUES ?{self.parametre} {{ {' '.join(written) or 'UNDEF'} }}"


@dataclass(frozen=True)
class Requete:
    """A stored query: what it answers (fr, en), what it takes, its text."""

    nom: str
    resume: str
    summary: str
    parametres: tuple[Parametre, ...]
    exemple: Mapping[str, Sequence[str]]
    texte: str
    interne: bool = False
    """Whether only the service has a use for it; people are shown the others first."""

    def dire(self, langue: str) -> str:
        """What it answers, in `langue`, French unless "en"."""
        return self.summary if langue == "en" else self.resume

    @cached_property
    def forme(self) -> str:
        """SELECT, CONSTRUCT or ASK. Raises EnteteInvalide where the text has none of them."""
        found = _FORME.search(self.texte)
        if found is None:
            raise EnteteInvalide(f"{self.nom}.rq : ni SELECT, ni CONSTRUCT, ni ASK en début de ligne")
        return found[1].upper()

    @cached_property
    def nommes(self) -> frozenset[str]:
        """The IRIs that the text names, `a` included: a property it reads by name is one of them."""
        text = _COMMENTAIRE.sub("", self.texte)
        spaces = dict(_PREFIXE.findall(text))
        short = {spaces[prefix] + local for prefix, local in _ABREGE.findall(text) if prefix in spaces}
        return frozenset({*_IRI.findall(text), *short, _TYPE})

    @property
    def limitee(self) -> bool:
        """Whether the text ends with a LIMIT of its own."""
        return bool(_LIMITE.search(self.texte))

    @cached_property
    def _trous(self) -> tuple[list[_Trou], str]:
        holes: list[_Trou] = []
        start = 0
        if self.parametres:
            names = "|".join(parameter.nom for parameter in self.parametres)
            pattern = f"{_VALUES.format(names=names)}|{_IN.format(names=names)}"
            for found in re.finditer(pattern, self.texte):
                name = found["values"] or found["dans"]
                holes.append(_Trou(self.texte[start : found.start()], name, found["dans"] is not None))
                start = found.end()
        return holes, self.texte[start:]

    def lier(self, parametres: Parametres) -> str:
        """SPARQL text with these values. Raises ParametreInvalide."""
        known = {parameter.nom: parameter for parameter in self.parametres}
        for name in parametres:
            if name not in known:
                raise ParametreInvalide(
                    f"Paramètre « {name[:80]} » inconnu de « {self.nom} ». {_attendus(known, 'fr')}",
                    f"“{self.nom}” has no parameter “{name[:80]}”. {_attendus(known, 'en')}",
                )
        terms = {name: one.termes(_liste(parametres.get(name, ()))) for name, one in known.items()}
        holes, end = self._trous
        return "".join(hole.avant + hole.remplir(terms[hole.parametre]) for hole in holes) + end

    def verifier(self) -> None:
        """Raise EnteteInvalide unless each parameter has exactly one place, and the example suits."""
        places = [hole.parametre for hole in self._trous[0]]
        for parameter in self.parametres:
            count = places.count(parameter.nom)
            if count != 1:
                raise EnteteInvalide(
                    f"{self.nom}.rq : « {parameter.nom} » a {count} places dans le texte, une est attendue : "
                    f"« VALUES ?{parameter.nom} {{ … }} » ou « IN (…) … #= {parameter.nom} »"
                )
        try:
            self.lier(self.exemple)
        except ParametreInvalide as error:
            raise EnteteInvalide(f"{self.nom}.rq : exemple : {error.fr}") from error


def lire_requete(path: Path) -> Requete:
    """Read and check one `.rq` file. Raises EnteteInvalide, OSError."""
    texte = path.read_text(encoding="utf-8")
    champs: dict[str, list[str]] = {}
    for champ, value in _entete(texte):
        champs.setdefault(champ, []).append(value)
    for needed in ("resume", "summary"):
        if not any(champs.get(needed, ())):
            raise EnteteInvalide(f"{path.name} : ligne « #+ {needed}: … » manquante")
    exemple: dict[str, list[str]] = {}
    for line in champs.get("exemple", ()):
        for name, value in _EXEMPLE.findall(line):
            exemple.setdefault(name, []).append(value.strip())
    parametres = tuple(_parametre(path.name, line) for line in champs.get("parametres", ()) if line)
    resume, summary = " ".join(champs["resume"]), " ".join(champs["summary"])
    interne = champs.get("interne") == ["oui"]
    requete = Requete(path.stem, resume, summary, parametres, exemple, texte, interne)
    requete.verifier()
    return requete


def _entete(texte: str) -> Iterator[tuple[str, str]]:
    """(field, value) of each header line; an indented line continues the field above it."""
    champ = ""
    for line in texte.splitlines():
        if header := _ENTETE.match(line):
            opened = None if header[1].startswith(" ") else _CHAMP.fullmatch(header[1].strip())
            champ = opened[1] if opened else champ
            yield champ, (opened[2] if opened else header[1]).strip()


def _parametre(fichier: str, texte: str) -> Parametre:
    found = _PARAMETRE.fullmatch(texte)
    if found is None:
        raise EnteteInvalide(
            f"{fichier} : paramètre illisible « {texte} » (nom: type (Classe) — description | description)"
        )
    fr, _, en = (found["description"] or "").partition(" | ")
    mot = found["type"]
    plusieurs = mot not in TYPES and mot.removesuffix("s") in TYPES
    if not plusieurs and mot not in TYPES:
        raise EnteteInvalide(
            f"{fichier} : type « {mot} » inconnu (types : {', '.join(TYPES)}, et leur pluriel)"
        )
    return Parametre(
        nom=found["nom"],
        type=mot.removesuffix("s") if plusieurs else mot,
        classe=found["classe"] or "",
        description=fr.strip(),
        description_en=en.strip() or fr.strip(),
        plusieurs=plusieurs,
        facultatif=bool(found["facultatif"]),
    )


def _liste(value: Valeur | Sequence[Valeur]) -> list[Valeur]:
    return [value] if isinstance(value, str | NamedNode | Literal) else list(value)


def _attendus(known: Mapping[str, Parametre], langue: str) -> str:
    names = ", ".join(known)
    if langue == "en":
        return f"Expected: {names}." if names else "It takes no parameter."
    return f"Attendus : {names}." if names else "Elle n'en prend aucun."

"""A graph written as Turtle in the style of the project: sorted, the same bytes for the same graph.

One subject a block, one property a line, 4 spaces; the type and the names first, where it comes from last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode

from maillage.namespaces import PREFIXES
from maillage.turtle.structure import Objet, Structure, Sujet

LARGEUR = 118
RETRAIT = 4

_NOM_LOCAL = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")
_CHIFFRES = re.compile(r"(\d+)")
_TYPE = PREFIXES["rdf"] + "type"
#: values that Turtle writes without quotes.
_NUS = {
    PREFIXES["xsd"] + "integer": re.compile(r"[+-]?[0-9]+"),
    PREFIXES["xsd"] + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    PREFIXES["xsd"] + "double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
    PREFIXES["xsd"] + "boolean": re.compile(r"true|false"),
}
_TETE = (
    "rdf:type rdfs:subClassOf rdfs:subPropertyOf sh:targetClass sh:path skos:inScheme skos:topConceptOf "
    "skos:notation skos:prefLabel skos:altLabel skos:hiddenLabel dcterms:title rdfs:label sh:name "
    "skos:definition dcterms:description rdfs:comment skos:broader org:classification "
    "mlg:typeActeur mlg:acteur"
)
_QUEUE = (
    "dcterms:identifier dcterms:source mlg:page mlg:section mlg:preuve mlg:constat mlg:statut mlg:remarque "
    "rdfs:isDefinedBy"
)
_PREMIERS = {PREFIXES["skos"] + "ConceptScheme", PREFIXES["owl"] + "Ontology"}

Cle = tuple[object, ...]


def _rangs() -> dict[str, int]:
    """Rank of the properties that have one: negative before the others, positive after."""
    head, tail = ([_developper(name) for name in names.split()] for names in (_TETE, _QUEUE))
    return {name: rank - len(head) for rank, name in enumerate(head)} | {
        name: rank + 1 for rank, name in enumerate(tail)
    }


def _developper(name: str) -> str:
    prefix, _, code = name.partition(":")
    return PREFIXES[prefix] + code


_RANGS = _rangs()


class MiseEnPage:
    """Writes the blocks of a graph, and remembers the prefixes they use."""

    def __init__(self, structure: Structure, prefixes: Mapping[str, str]) -> None:
        """`prefixes` are those of the file; the project's own come before them."""
        self._structure = structure
        known = set(PREFIXES.values())
        self._prefixes = {name: space for name, space in prefixes.items() if space not in known} | PREFIXES
        self._utilises: set[str] = set()
        self._courts: dict[str, str] = {}
        names = sorted(structure.noms.values())
        self._noms = {name: f"_:b{rank + 1}" for rank, name in enumerate(names)}

    def blocs(self, sujets: Iterable[Sujet]) -> dict[Sujet, str]:
        """The block of each subject, in the order of the style."""
        return {sujet: self._bloc(sujet) for sujet in sorted(sujets, key=self._cle_sujet)}

    def declarations(self) -> str:
        """The prefixes that the blocks written so far use, sorted."""
        return "\n".join(f"@prefix {name}: <{self._prefixes[name]}> ." for name in sorted(self._utilises))

    def _bloc(self, sujet: Sujet) -> str:
        lines = f" ;\n{' ' * RETRAIT}".join(self._proprietes(sujet, RETRAIT))
        if isinstance(sujet, NamedNode) or sujet in self._structure.noms:
            return f"{self._terme(sujet, 0)} {lines} ."
        return f"[\n{' ' * RETRAIT}{lines}\n] ."

    def _proprietes(self, sujet: Sujet, retrait: int) -> list[str]:
        return [
            self._ligne(predicat, sorted(objets, key=self._cle_objet), retrait)
            for predicat, objets in sorted(self._structure.proprietes[sujet].items(), key=_cle_predicat)
        ]

    def _ligne(self, predicat: NamedNode, objets: list[Objet], retrait: int) -> str:
        name = "a" if predicat.value == _TYPE else self._iri(predicat)
        values = [self._terme(objet, retrait + RETRAIT) for objet in objets]
        line = f"{name} {' , '.join(values)}"
        if len(values) > 1 and (len(line) + retrait > LARGEUR or "\n" in line):
            return f"{name} " + f" ,\n{' ' * (retrait + RETRAIT)}".join(values)
        return line

    def _terme(self, terme: Objet, retrait: int) -> str:
        if isinstance(terme, NamedNode):
            return self._iri(terme)
        if isinstance(terme, Literal):
            return self._litteral(terme)
        if terme in self._structure.noms:
            return self._noms[self._structure.noms[terme]]
        members = self._structure.liste(terme)
        if members is not None:
            return _entre("()", [self._terme(each, retrait + RETRAIT) for each in members], "", retrait)
        if not self._structure.proprietes.get(terme):
            return "[]"
        return _entre("[]", self._proprietes(terme, retrait + RETRAIT), " ;", retrait)

    def _litteral(self, terme: Literal) -> str:
        datatype = terme.datatype.value
        if datatype in _NUS and _NUS[datatype].fullmatch(terme.value):
            return terme.value
        if "\n" not in terme.value:
            text = str(Literal(terme.value))
        else:
            text = terme.value.replace("\\", "\\\\").replace("\r", "\\r").replace('""', '\\"\\"')
            text = f'"""{text[:-1]}\\""""' if text.endswith('"') else f'"""{text}"""'
        if terme.language:
            return text + str(terme).rpartition('"')[2]
        if datatype == PREFIXES["xsd"] + "string":
            return text
        return f"{text}^^{self._iri(terme.datatype)}"

    def _iri(self, iri: NamedNode) -> str:
        if iri.value not in self._courts:
            self._courts[iri.value] = self._abreger(iri)
        return self._courts[iri.value]

    def _abreger(self, iri: NamedNode) -> str:
        found = [
            (len(space), name)
            for name, space in self._prefixes.items()
            if iri.value.startswith(space) and _NOM_LOCAL.fullmatch(iri.value, len(space))
        ]
        if not found:
            return str(iri)
        length, name = max(found, key=lambda pair: (pair[0], pair[1]))
        self._utilises.add(name)
        return f"{name}:{iri.value[length:]}"

    def _cle_sujet(self, sujet: Sujet) -> Cle:
        if isinstance(sujet, BlankNode):
            named = sujet in self._structure.noms
            return (2 if named else 3, (), self._structure.texte(sujet))
        types = self._structure.proprietes[sujet].get(NamedNode(_TYPE), [])
        first = any(isinstance(one, NamedNode) and one.value in _PREMIERS for one in types)
        return (0 if first else 1, naturel(sujet.value), sujet.value)

    def _cle_objet(self, objet: Objet) -> Cle:
        if isinstance(objet, NamedNode):
            return (0, "", naturel(objet.value), objet.value)
        if isinstance(objet, Literal):
            language = objet.language or ""
            return (1, "" if language == "fr" else language or "~", naturel(objet.value), str(objet))
        return (2, "", (), self._structure.texte(objet))


def naturel(texte: str) -> Cle:
    """Sort key where numbers count by their value: 9 before 10."""
    parts = _CHIFFRES.split(texte)
    return tuple((int(part), "") if rank % 2 else (-1, part) for rank, part in enumerate(parts))


def _cle_predicat(item: tuple[NamedNode, object]) -> Cle:
    return (_RANGS.get(item[0].value, 0), item[0].value)


def _entre(bornes: str, parts: list[str], separateur: str, retrait: int) -> str:
    """Brackets around parts, on one line where they fit, else one part a line."""
    flat = f"{bornes[0]} {f'{separateur} '.join(parts)} {bornes[1]}" if parts else bornes
    if len(flat) + retrait <= LARGEUR and "\n" not in flat:
        return flat
    margin = " " * (retrait + RETRAIT)
    return f"{bornes[0]}\n{margin}" + f"{separateur}\n{margin}".join(parts) + f"\n{' ' * retrait}{bornes[1]}"

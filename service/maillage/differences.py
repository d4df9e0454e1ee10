"""What changes between two versions, resource by resource: added, changed (old and new values), removed.

The statements of a version are sorted lines (`EntrepotEmbarque.ecrire`), so comparing two is a merge. A
statement that only moves to another file is no change. Blank nodes are compared by structure.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from pyoxigraph import Literal as Litteral
from pyoxigraph import RdfFormat, parse

from maillage.namespaces import PREFIXES
from maillage.structure import Structure

Etat = Literal["ajoutee", "modifiee", "retiree"]
FORMAT = 1

_NOMS = (PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "title", PREFIXES["skos"] + "prefLabel")
_NOM = re.compile(b"> <(?:" + b"|".join(re.escape(nom.encode()) for nom in _NOMS) + b')> "')


@dataclass
class Ressource:
    """What changes for one resource: values that go and values that come, by property.

    Subject, properties and values are written as in N-Triples; a blank node, as the Turtle of its content.
    """

    etat: Etat
    nom: str = ""
    retires: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ajoutes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def proprietes(self) -> list[str]:
        """The properties whose values change, sorted."""
        return sorted({name for name, values in (*self.retires.items(), *self.ajoutes.items()) if values})

    def en_json(self, sujet: str) -> dict[str, Any]:
        """As data: `etat`, `nom` and, by property, the values `avant` and `apres` that differ."""
        changements = [
            {
                "propriete": name,
                "avant": sorted(self.retires.get(name, ())),
                "apres": sorted(self.ajoutes.get(name, ())),
            }
            for name in self.proprietes
        ]
        return {"ressource": sujet, "etat": self.etat, "nom": self.nom, "changements": changements}


@dataclass
class Differences:
    """The resources that differ, by subject."""

    ressources: dict[str, Ressource] = field(default_factory=dict)

    def nombre(self, etat: Etat) -> int:
        """How many resources are in that state."""
        return sum(one.etat == etat for one in self.ressources.values())

    def en_json(self) -> dict[str, Any]:
        """As data: counts, then the resources sorted by subject."""
        return {
            "format": FORMAT,
            "ajoutees": self.nombre("ajoutee"),
            "modifiees": self.nombre("modifiee"),
            "retirees": self.nombre("retiree"),
            "ressources": [self.ressources[sujet].en_json(sujet) for sujet in sorted(self.ressources)],
        }

    def ecrire(self, path: Path) -> None:
        """Write `en_json` in a file. Raises OSError."""
        path.write_text(json.dumps(self.en_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def lire(cls, path: Path) -> Differences:
        """What `ecrire` wrote. Raises OSError, ValueError."""
        found = cls()
        for item in json.loads(path.read_text(encoding="utf-8"))["ressources"]:
            one = found.ressources[item["ressource"]] = Ressource(item["etat"], item["nom"])
            for change in item["changements"]:
                one.retires[change["propriete"]] = set(change["avant"])
                one.ajoutes[change["propriete"]] = set(change["apres"])
        return found

    def puis(self, suivante: Differences) -> Differences:
        """The differences over two steps: what the second undoes of the first does not show."""
        total = Differences()
        for sujet in self.ressources.keys() | suivante.ressources.keys():
            one = _enchainer(self.ressources.get(sujet), suivante.ressources.get(sujet))
            if one is not None:
                total.ressources[sujet] = one
        return total

    def inverses(self) -> Differences:
        """The way back."""
        return Differences(
            {
                sujet: Ressource(_INVERSE[one.etat], one.nom, one.ajoutes, one.retires)
                for sujet, one in self.ressources.items()
            }
        )


_INVERSE: dict[Etat, Etat] = {"ajoutee": "retiree", "retiree": "ajoutee", "modifiee": "modifiee"}


def comparer(avant: Path, apres: Path) -> Differences:
    """The differences between two files of asserted statements. Raises OSError, SyntaxError."""
    old, new = _Version(avant), _Version(apres)
    found = Differences()
    common = _fusionner(old, new, found)
    for sujet in old.anonymes.keys() | new.anonymes.keys():
        before, after = old.anonymes.get(sujet, set()), new.anonymes.get(sujet, set())
        if before != after:
            # The state is settled below, once both sources of statements are known.
            _ajouter(found, sujet, before - after, after - before)
    for sujet, one in found.ressources.items():
        one.etat = _etat(sujet in old.connus or sujet in common, sujet in new.connus or sujet in common)
    _nommer(found, (avant, apres))
    return found


class _Version:
    """The statements of one version: groups by subject, in order; then those with blank nodes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.anonymes: dict[str, set[tuple[str, str]]] = defaultdict(set)
        #: subjects that have statements of their own here: those that differ, and those with blank nodes.
        self.connus: set[str] = set()

    def groupes(self) -> Iterator[tuple[bytes, list[bytes]]]:
        """Subject and lines, sorted, without the statements that hold blank nodes: read after, at the end."""
        with self._path.open("rb") as file:
            rest: list[bytes] = []
            for sujet, lines in groupby(_sans_anonymes(file, rest), _sujet):
                yield sujet, list(lines)
            rest.extend(file)
        structure = Structure(parse(b"".join(rest), RdfFormat.N_QUADS, lenient=True))
        for subject in structure.sujets:
            written = structure.texte(subject)
            self.connus.add(written)
            for predicat, objets in structure.proprietes[subject].items():
                self.anonymes[written] |= {(str(predicat), structure.texte(objet)) for objet in objets}


def _sans_anonymes(file: Iterable[bytes], rest: list[bytes]) -> Iterator[bytes]:
    for line in file:
        if b"_:" in line:
            rest.append(line)
            return
        yield line


def _sujet(line: bytes) -> bytes:
    return line.partition(b" ")[0]


def _fusionner(old: _Version, new: _Version, found: Differences) -> set[str]:
    """Merge the sorted groups into `found`; the subjects that are the same on both sides."""
    common: set[str] = set()
    left, right = old.groupes(), new.groupes()
    one, two = next(left, None), next(right, None)
    while one or two:
        if two is None or (one and one[0] < two[0]):
            assert one is not None
            _noter(found, one[0], one[1], [], old, new)
            one = next(left, None)
        elif one is None or two[0] < one[0]:
            _noter(found, two[0], [], two[1], old, new)
            two = next(right, None)
        else:
            if one[1] != two[1]:
                _noter(found, one[0], one[1], two[1], old, new)
            else:
                common.add(one[0].decode())
            one, two = next(left, None), next(right, None)
    return common


def _noter(
    found: Differences, sujet: bytes, avant: list[bytes], apres: list[bytes], old: _Version, new: _Version
) -> None:
    """Keep what differs between the lines of one subject, whatever their graph."""
    name = sujet.decode()
    if avant:
        old.connus.add(name)
    if apres:
        new.connus.add(name)
    before, after = set(_triples(avant)), set(_triples(apres))
    if before != after:
        _ajouter(found, name, _lus(before - after), _lus(after - before))


def _triples(lines: list[bytes]) -> Iterator[bytes]:
    """The lines without their graph: an IRI, hence the last thing that opens with « < »."""
    return (line[: line.rindex(b" <")] + b" .\n" for line in lines)


def _lus(triples: set[bytes]) -> set[tuple[str, str]]:
    found = parse(b"".join(triples), RdfFormat.N_TRIPLES, lenient=True)
    return {(str(each.predicate), str(each.object)) for each in found}


def _ajouter(
    found: Differences, sujet: str, avant: set[tuple[str, str]], apres: set[tuple[str, str]]
) -> None:
    one = found.ressources.setdefault(sujet, Ressource("modifiee"))
    for predicat, objet in avant:
        one.retires[predicat].add(objet)
    for predicat, objet in apres:
        one.ajoutes[predicat].add(objet)


def _nommer(found: Differences, paths: Iterable[Path]) -> None:
    """Give each resource its name, in French where it has one; the last file that has a name wins."""
    wanted = {sujet.encode(): one for sujet, one in found.ressources.items()}
    for path in paths:
        with path.open("rb") as file:
            named = [line for line in file if _sujet(line) in wanted and _NOM.search(line)]
        for line in sorted(named, key=lambda each: (b'"@fr <' in each, each)):
            quad = next(iter(parse(line, RdfFormat.N_QUADS, lenient=True)))
            if isinstance(quad.object, Litteral):
                wanted[_sujet(line)].nom = quad.object.value


def _etat(avant: bool, apres: bool) -> Etat:
    if avant and apres:
        return "modifiee"
    return "retiree" if avant else "ajoutee"


def _enchainer(first: Ressource | None, second: Ressource | None) -> Ressource | None:
    if first is None or second is None:
        return first or second
    total = Ressource(_etat(first.etat != "ajoutee", second.etat != "retiree"), second.nom or first.nom)
    for name in {*first.proprietes, *second.proprietes}:
        gone, come = first.retires.get(name, set()), first.ajoutes.get(name, set())
        gone_after, come_after = second.retires.get(name, set()), second.ajoutes.get(name, set())
        total.retires[name] = (gone - come_after) | (gone_after - come)
        total.ajoutes[name] = (come - gone_after) | (come_after - gone)
    return total if total.proprietes else None

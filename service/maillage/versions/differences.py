"""What changes between two versions, resource by resource: added, changed (old and new values), removed.

The statements of a version are sorted lines (`EntrepotEmbarque.ecrire`), so comparing two is a merge. A
statement that only moves to another file is no change. Blank nodes are compared by structure.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from pyoxigraph import Literal as Litteral
from pyoxigraph import RdfFormat, parse

from maillage.namespaces import PREFIXES
from maillage.versions.enonces import Enonces, sujet_de

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


def comparer(avant: Path, apres: Path, sujets: Collection[str] | None = None) -> Differences:
    """The differences between two files of asserted statements.

    `sujets`: the resources that may differ, as N-Triples writes them, where they are known. Raises OSError,
    SyntaxError.
    """
    found = Differences()
    with Enonces(avant) as old, Enonces(apres) as new:
        if sujets is not None and not (old.suffit(sujets) and new.suffit(sujets)):
            sujets = None
        subjects = _sujets_changes(old, new) if sujets is None else set(sujets)
        if sujets is not None or old.anonymes != new.anonymes:
            subjects |= _comparer_structures(old, new, found, sujets)
        for sujet in subjects:
            _decrire(found, sujet, old, new)
    return found


def _sujets_changes(old: Enonces, new: Enonces) -> set[str]:
    """Subjects of the lines that are on one side only, blank nodes aside: a merge of sorted lines."""
    changed: set[bytes] = set()
    left, right = old.lignes(), new.lignes()
    one, two = next(left, b""), next(right, b"")
    while one and two:
        if one == two:
            one, two = next(left, b""), next(right, b"")
        elif one < two:
            changed.add(sujet_de(one))
            one = next(left, b"")
        else:
            changed.add(sujet_de(two))
            two = next(right, b"")
    rest = chain([one or two], left, right)
    changed.update(sujet_de(line) for line in rest if line)
    return {sujet.decode() for sujet in changed}


def _comparer_structures(
    old: Enonces, new: Enonces, found: Differences, sujets: Collection[str] | None
) -> set[str]:
    """Note the statements with blank nodes that differ; their subjects."""
    before, after = old.lire_structures(sujets), new.lire_structures(sujets)
    changed = {
        sujet for sujet in before.keys() | after.keys() if before.get(sujet, set()) != after.get(sujet, set())
    }
    for sujet in changed:
        gone, come = before.get(sujet, set()), after.get(sujet, set())
        _ajouter(found, sujet, gone - come, come - gone)
    return changed


def _decrire(found: Differences, sujet: str, old: Enonces, new: Enonces) -> None:
    """Note the other statements of a subject that differ, whatever their graph; its state and its name."""
    lines = [version.du_sujet(sujet.encode()) for version in (old, new)]
    before, after = ({_triple(line) for line in part} for part in lines)
    if before != after:
        _ajouter(found, sujet, _lus(before - after), _lus(after - before))
    one = found.ressources.get(sujet)
    if one is not None:
        here = [bool(lines[0]) or old.connait(sujet), bool(lines[1]) or new.connait(sujet)]
        one.etat = _etat(*here)
        one.nom = _nom(lines[1]) or _nom(lines[0])


def _triple(line: bytes) -> bytes:
    """The line without its graph: an IRI, hence the last thing that opens with « < »."""
    return line[: line.rindex(b" <")] + b" .\n"


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


def _nom(lines: list[bytes]) -> str:
    """The name of a resource among its statements, in French where it has one."""
    named = [line for line in lines if _NOM.search(line)]
    for line in sorted(named, key=lambda each: (b'"@fr <' not in each, each)):
        term = next(iter(parse(line, RdfFormat.N_QUADS, lenient=True))).object
        if isinstance(term, Litteral):
            return term.value
    return ""


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

"""What a version holds, dataset by dataset: how many statements, of which classes, changed when.

    exports-…/inventaire.json       of a version
    instantanes/jeux.json           of each dataset, its digest and the day it last changed

A dataset changes on the day of the version in which its statements differ, not at each publication.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from maillage.catalogue.jeux import TYPE, Jeu
from maillage.versions.disque import remplacer
from maillage.versions.manifeste import Manifeste

FICHIER, JOURNAL = "inventaire.json", "jeux.json"
_TYPE = f"<{TYPE}>".encode()


@dataclass
class Compte:
    """Counts of one dataset, and when it last changed (UTC). `classes`: entities; `proprietes`: triples."""

    triples: int = 0
    sujets: int = 0
    objets: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    proprietes: dict[str, int] = field(default_factory=dict)
    empreinte: str = ""
    modifie: str = ""


def compter(partie: Path) -> Compte:
    """Counts of a part of a version, as `parties.separer` writes it. Raises OSError."""
    subjects: set[bytes] = set()
    objects: set[bytes] = set()
    classes: Counter[bytes] = Counter()
    properties: Counter[bytes] = Counter()
    digest, last = hashlib.sha256(), b""
    with partie.open("rb") as file:
        for line in file:
            digest.update(line)
            triple = line[: line.rindex(b" <")]
            if triple == last:
                continue
            last = triple
            subject, predicate, value = triple.split(b" ", 2)
            subjects.add(subject)
            objects.add(value)
            properties[predicate] += 1
            if predicate == _TYPE:
                classes[value] += 1
    return Compte(
        triples=properties.total(),
        sujets=len(subjects),
        objets=len(objects),
        classes=_noms(classes),
        proprietes=_noms(properties),
        empreinte=digest.hexdigest(),
    )


def _noms(comptes: Counter[bytes]) -> dict[str, int]:
    return {name.decode()[1:-1]: number for name, number in sorted(comptes.items()) if name.startswith(b"<")}


def ecrire_inventaire(
    sortie: Path, journal: Path, manifeste: Manifeste, parties: Sequence[tuple[Jeu, Path]], courante: bool
) -> None:
    """Write the inventory of a version; where it is the one in service, the journal too. Raises OSError."""
    known = _journal(journal)
    counts = {jeu.code: compter(path) for jeu, path in parties}
    for code, compte in counts.items():
        before = known.get(code, {})
        same = before.get("empreinte") == compte.empreinte
        compte.modifie = before["modifie"] if same else manifeste.date
    if courante:
        kept = {code: {"empreinte": one.empreinte, "modifie": one.modifie} for code, one in counts.items()}
        remplacer(journal, (json.dumps(known | kept, indent=1) + "\n").encode())
    written = {code: asdict(compte) for code, compte in counts.items()}
    sortie.write_text(json.dumps(written, ensure_ascii=False) + "\n", encoding="utf-8")


def _journal(path: Path) -> dict[str, dict[str, str]]:
    """The journal; empty where there is none, or none that can be read."""
    try:
        read: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
        return read
    except (OSError, ValueError):
        return {}


def lire_inventaire(path: Path) -> dict[str, Compte]:
    """Counts by dataset. Raises OSError, ValueError."""
    return {code: Compte(**one) for code, one in json.loads(path.read_text(encoding="utf-8")).items()}


def derniere_modification(comptes: Iterable[Compte]) -> str:
    """The latest change among these datasets; empty where there is none."""
    return max((compte.modifie for compte in comptes), default="")

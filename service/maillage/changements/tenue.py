"""Keeping the journal: what the version in service changed is added once it is in service, never before.

Publishing does not wait for it: a version without its members yet is told as soon as the journal is kept.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from maillage.changements.etats import Etats, nom
from maillage.changements.journal import FICHIER, Journal, JournalAbsent, Membre, ajouter, commencer
from maillage.versions import historique
from maillage.versions.differences import Differences
from maillage.versions.historique import ComparaisonImpossible, VersionInconnue
from maillage.versions.instantane import DIFFERENCES, GRAPHES, courant
from maillage.versions.manifeste import InstantaneAltere, lire_manifeste


def tenir(dossier: Path) -> bool:
    """Bring the journal of a folder of versions up to the version in service; whether it was not.

    Begins one, with every resource as a member, where there is none or where the last version it knows can no
    longer be compared. One process at a time; another waits. Raises InstantaneAbsent, InstantaneAltere,
    OSError, sqlite3.Error.
    """
    version = courant(dossier)
    with _verrou(dossier):
        connue = _derniere(dossier)
        if connue == version.name:
            return False
        try:
            steps = _chemin(dossier, connue, version) if connue else [None]
        except (ComparaisonImpossible, VersionInconnue):
            steps = [None]
        for step in steps:
            if step is None:
                _recommencer(dossier, version)
            else:
                _ajouter(dossier / FICHIER, *step)
    return True


def _derniere(dossier: Path) -> str:
    try:
        return Journal(dossier).versions[-1].nom
    except JournalAbsent:
        return ""


def _chemin(dossier: Path, connue: str, version: Path) -> list[tuple[Path, Differences] | None]:
    """Each version after `connue` whose graphs remain, with what it changes since the one before it."""
    chain, known = [version], historique.toutes(dossier)
    while (before := _precedente(chain[0])) != connue and before in known:
        chain.insert(0, known[before])
    if before != connue:
        chain = [version]
    steps: list[tuple[Path, Differences] | None] = []
    for one in chain:
        if (one / GRAPHES).is_file():
            steps.append((one, _differences(dossier, connue, one)))
            connue = one.name
    return steps


def _precedente(version: Path) -> str:
    """The version that this one replaced; empty for the first, and where an older format cannot say."""
    try:
        return lire_manifeste(version).precedente
    except InstantaneAltere:
        return ""


def _differences(dossier: Path, connue: str, version: Path) -> Differences:
    if _precedente(version) == connue:
        with suppress(OSError, ValueError):
            return Differences.lire(version / DIFFERENCES)
    return historique.comparer(dossier, connue, version.name)


def _recommencer(dossier: Path, version: Path) -> None:
    """A journal that begins with this version, written aside and then put in place."""
    aside = dossier / f".changements-{os.getpid()}"
    aside.unlink(missing_ok=True)
    commencer(aside)
    with Etats(version / GRAPHES) as etats:
        membres = (Membre(0, "", "", iri, "ajoutee", nom(etat), etat) for iri, etat in etats.tous())
        ajouter(aside, version.name, lire_manifeste(version).date, membres)
    os.replace(aside, dossier / FICHIER)


def _ajouter(path: Path, version: Path, differences: Differences) -> None:
    with Etats(version / GRAPHES) as etats:
        ajouter(path, version.name, lire_manifeste(version).date, _membres(etats, differences))


def _membres(etats: Etats, differences: Differences) -> Iterator[Membre]:
    """A blank node that nobody refers to has no name to be told by, and is left out."""
    for sujet, one in sorted(differences.ressources.items()):
        if sujet.startswith("<"):
            iri = sujet[1:-1]
            detail = one.en_json(sujet)["changements"] if one.etat == "modifiee" else []
            yield Membre(0, "", "", iri, one.etat, one.nom, etats.de(iri), detail)


@contextmanager
def _verrou(dossier: Path) -> Iterator[None]:
    with (dossier / ".verrou-changements").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

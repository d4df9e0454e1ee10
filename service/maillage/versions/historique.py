"""The versions there were: those on disk, and older ones of which the manifest and the differences remain."""

from __future__ import annotations

from pathlib import Path

from maillage.versions import differences
from maillage.versions.differences import Differences
from maillage.versions.instantane import COURANT, DIFFERENCES, GRAPHES, HISTORIQUE, versions
from maillage.versions.manifeste import InstantaneAltere, Manifeste, lire_manifeste


class VersionInconnue(LookupError):  # noqa: N818 (the error is named in French)
    """No version has this number or name."""


class ComparaisonImpossible(LookupError):  # noqa: N818
    """Neither the graphs nor the chain of differences between two versions remain."""


def toutes(dossier: Path) -> dict[str, Path]:
    """Every version by name, oldest first: its folder, whole or not. One never put in service counts too."""
    found = {path.name: path for path in (dossier / HISTORIQUE).glob("[0-9]*-*")}
    found.update({path.name: path for path in versions(dossier)})
    return dict(sorted(found.items()))


def manifestes(dossier: Path) -> list[Manifeste]:
    """The manifests that can be read, oldest first."""
    found = []
    for path in toutes(dossier).values():
        try:
            found.append(lire_manifeste(path))
        except InstantaneAltere:
            continue
    return found


def trouver(dossier: Path, designation: str) -> Path:
    """Folder of a version given by number, by name, or as « courant ». Raises VersionInconnue."""
    known = toutes(dossier)
    if designation == COURANT and (dossier / COURANT).is_dir():
        designation = (dossier / COURANT).resolve().name
    for name, path in known.items():
        if designation == name or (
            designation.isdecimal() and int(designation) == int(name.partition("-")[0])
        ):
            return path
    numbers = ", ".join(str(int(name.partition("-")[0])) for name in known) or "aucune"
    raise VersionInconnue(f"Version « {designation} » inconnue. Versions : {numbers}.")


def comparer(dossier: Path, de: str, vers: str) -> Differences:
    """The differences between two versions, given as `trouver` takes them.

    From the graphes where both remain, else by following the differences kept with each version. Raises
    VersionInconnue, ComparaisonImpossible.
    """
    before, after = trouver(dossier, de), trouver(dossier, vers)
    if before.name == after.name:
        return Differences()
    if (before / GRAPHES).is_file() and (after / GRAPHES).is_file():
        return differences.comparer(before / GRAPHES, after / GRAPHES)
    if before.name > after.name:
        return _suivre(dossier, after, before).inverses()
    return _suivre(dossier, before, after)


def _suivre(dossier: Path, before: Path, after: Path) -> Differences:
    known, steps, current = toutes(dossier), [], after
    while current.name != before.name:
        try:
            steps.append(Differences.lire(current / DIFFERENCES))
            current = known[lire_manifeste(current).precedente]
        except (OSError, ValueError, LookupError) as error:
            raise ComparaisonImpossible(
                f"Les versions {before.name} et {after.name} ne peuvent plus être comparées : "
                f"il ne reste pas les différences de {current.name}."
            ) from error
    total = Differences()
    for step in reversed(steps):
        total = total.puis(step)
    return total

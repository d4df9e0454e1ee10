"""What leads from one version to a later one: the statements that each brought and took away."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from maillage.versions.instantane import AJOUTS, RETRAITS
from maillage.versions.manifeste import InstantaneAltere, Manifeste, lire_manifeste


def etapes(depuis: str, vers: Path) -> list[tuple[Path, Manifeste]] | None:
    """The versions after `depuis` up to `vers`, each told by what it changes; None where one is not."""
    steps: list[tuple[Path, Manifeste]] = []
    while vers.name != depuis:
        try:
            manifeste = lire_manifeste(vers)
        except InstantaneAltere:
            return None
        if not manifeste.precedente or not {AJOUTS, RETRAITS} <= manifeste.fichiers.keys():
            return None
        steps.insert(0, (vers, manifeste))
        vers = vers.with_name(manifeste.precedente)
    return steps


def changements(version: Path, manifeste: Manifeste) -> tuple[list[Quad], list[Quad]]:
    """The quads that a version brought and took away. Raises InstantaneAltere, SyntaxError, OSError."""
    manifeste.verifier(version, (AJOUTS, RETRAITS))
    return _quads(version / AJOUTS), _quads(version / RETRAITS)


def proprietes(depuis: str, vers: Path) -> set[str] | None:
    """The properties (IRIs) of the statements that differ between two versions; None where nothing tells."""
    steps = etapes(depuis, vers)
    if steps is None:
        return None
    try:
        return {quad.predicate.value for step in steps for quads in changements(*step) for quad in quads}
    except (InstantaneAltere, SyntaxError, OSError):
        return None


def _quads(path: Path) -> list[Quad]:
    return list(parse(path.read_bytes(), RdfFormat.N_QUADS, lenient=True))

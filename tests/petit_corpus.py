"""The shipped corpus reduced to one département: everything but the communes and actors of the others."""

from __future__ import annotations

import re
from pathlib import Path

RACINE = Path(__file__).parents[1]
DEPARTEMENT = "29"

_COMMUNE = re.compile(r"commune:\w{5}")


def ecrire(dossier: Path) -> Path:
    """Lay the reduced corpus, with the product's ontology and queries, in `dossier`; the corpus root.

    Communes elsewhere stay when a kept file names them, so that the corpus stays valid.
    """
    for name in ("ontologie", "requetes"):
        (dossier / name).symlink_to(RACINE / name)
    files = sorted((RACINE / "donnees").rglob("*.ttl"))
    kept = [path for path in files if _whole(path.relative_to(RACINE))]
    named = {name for path in kept for name in _COMMUNE.findall(path.read_text(encoding="utf-8"))}
    for path in files:
        text = path.read_text(encoding="utf-8")
        if path not in kept:
            text = _named_only(text, named) if "communes" in path.parts else ""
        if text:
            target = dossier / path.relative_to(RACINE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    outlines = "donnees/territoires/contours.geojson"
    (dossier / outlines).symlink_to(RACINE / outlines)
    return dossier


def _whole(relative: Path) -> bool:
    if "communes" in relative.parts:
        return relative.stem == DEPARTEMENT
    return relative.parts[1] != "acteurs" or relative.parts[2] in (DEPARTEMENT, "france")


def _named_only(text: str, named: set[str]) -> str:
    """The Turtle of a file of communes, its blocks cut down to those communes; empty where it has none."""
    head, *blocks = re.split(r"\n\n(?=commune:)", text)
    kept = [block for block in blocks if block.split(maxsplit=1)[0] in named]
    return "\n\n".join([head, *kept]) + "\n" if kept else ""

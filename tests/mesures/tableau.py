"""Tables of the README: each benchmark writes its own, between its marks."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph
import rdflib

README = Path(__file__).parent / "README.md"


def ecrire(
    section: str, entetes: Sequence[str], lignes: Sequence[Sequence[str]], note: str, module: str = ""
) -> str:
    """Put a table in the README in place of the section's last one; the table. Raises OSError.

    Under it: the command (of `module`, else of the section), the date, the machine and its load, then `note`.
    """
    rangs = [entetes, ["---"] * len(entetes), *lignes]
    table = "\n".join("| " + " | ".join(cellules) + " |" for cellules in rangs)
    bloc = f"{table}\n\n{_conditions(module or section)} {note}".rstrip()
    debut, fin = f"<!-- début : {section} -->", f"<!-- fin : {section} -->"
    texte = README.read_text(encoding="utf-8")
    marque = re.compile(f"{debut}.*{fin}", re.DOTALL)
    README.write_text(marque.sub(lambda _: f"{debut}\n{bloc}\n{fin}", texte), encoding="utf-8")
    return bloc


def nombre(valeur: float | None, unite: str) -> str:
    """Three significant figures and the unit; empty where there is no value."""
    if valeur is None:
        return ""
    return f"{valeur:.3g} {unite}" if valeur < 100 else f"{valeur:.0f} {unite}"


def verdict(valeur: float, cible: float | None) -> str:
    """Whether a value, the smaller the better, keeps to its target; empty where it has none."""
    return "" if cible is None else "oui" if valeur <= cible else "**non**"


def _conditions(section: str) -> str:
    module = "" if section == "corpus" else f".{section}"
    charge = os.getloadavg()[0]
    return (
        f"`python -m tests.mesures{module}`, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cœurs "
        f"(charge {charge:.1f}), Python {platform.python_version()}, pyoxigraph {pyoxigraph.__version__}, "
        f"rdflib {rdflib.__version__}."
    )

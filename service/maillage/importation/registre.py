"""What an importer is: a name, a summary, the files it expects, and the function that does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from maillage.importation.publication import Bilan

#: told in French what is going on.
Progres = Callable[[str], None]
#: (files, corpus root, dry run, progress) → account; raises ErreurImport.
Fonction = Callable[[Sequence[Path], Path, bool, Progres], Bilan]


@dataclass(frozen=True, slots=True)
class Importateur:
    """One source that `maillage importer <nom> <fichier…>` knows how to convert."""

    nom: str
    resume: str
    arguments: tuple[str, ...]
    fonction: Fonction

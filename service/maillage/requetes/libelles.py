"""Labels of resources, through the stored query `libelles`."""

from __future__ import annotations

from collections.abc import Iterable

from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot
from maillage.textes import Langue


def libelles(entrepot: Entrepot, requetes: Requetes, iris: Iterable[str], langue: Langue) -> dict[str, str]:
    """The label of each resource in a language, else in any; one without a label is left out.

    Raises what Entrepot.lignes raises.
    """
    found: dict[str, str] = {}
    for row in requetes.executer(entrepot, "libelles", {"ressources": sorted(set(iris))}):
        said = row["libelle"]
        if getattr(said, "language", None) == langue or row["ressources"].value not in found:
            found[row["ressources"].value] = said.value
    return found

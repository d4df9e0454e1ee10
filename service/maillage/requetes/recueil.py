"""The stored queries of a corpus, by name: the one road from the service to the graph."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextvars import Context, ContextVar
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pyoxigraph import Triple

from maillage.requetes.parametres import ParametreInvalide
from maillage.requetes.requete import Parametres, Requete, lire_requete
from maillage.store.entrepot import Entrepot, Ligne

Fait = TypeVar("Fait")
#: the queries put by the work under way, where someone follows: name → parameters of the first time.
_POSEES: ContextVar[dict[str, Parametres] | None] = ContextVar("posees", default=None)


def suivre() -> dict[str, Parametres]:
    """Note from now on, in this task and the threads it sends, the stored queries that are put."""
    posees: dict[str, Parametres] = {}
    _POSEES.set(posees)
    return posees


def posees() -> dict[str, Parametres]:
    """The queries noted so far: what a page has shown. Empty where nobody follows."""
    return _POSEES.get() or {}


def pour_tous(travail: Callable[[], Fait]) -> Fait:
    """Do a piece of work that is kept for every page: its queries are noted for none."""
    return Context().run(travail)


class RequeteInconnue(ParametreInvalide):
    """No stored query has this name."""


class Requetes:
    """The stored queries of a folder (not of its subfolders)."""

    def __init__(self, dossier: Path) -> None:
        """Read and check every `.rq`. Raises maillage.requete.EnteteInvalide, OSError."""
        self._par_nom = {path.stem: lire_requete(path) for path in sorted(dossier.glob("*.rq"))}

    def __iter__(self) -> Iterator[Requete]:
        return iter(self._par_nom.values())

    def __len__(self) -> int:
        return len(self._par_nom)

    def __getitem__(self, nom: str) -> Requete:
        """The query of that name. Raises RequeteInconnue, which suggests the nearest names."""
        if nom in self._par_nom:
            return self._par_nom[nom]
        near = ", ".join(get_close_matches(nom, self._par_nom, 3))
        raise RequeteInconnue(
            f"Requête « {nom[:80]} » inconnue." + (f" Vouliez-vous dire : {near} ?" if near else ""),
            f"Unknown query “{nom[:80]}”." + (f" Did you mean: {near}?" if near else ""),
        )

    def concernees(self, proprietes: Collection[str], noms: Iterable[str]) -> bool:
        """Whether statements with these properties (IRIs) may change what one of these queries answers.

        Each of them must name the properties that it reads: none may be left to a free variable.
        """
        return any(not self[nom].nommes.isdisjoint(proprietes) for nom in noms)

    def executer(
        self,
        entrepot: Entrepot,
        nom: str,
        parametres: Parametres | None = None,
        limite: int | None = None,
        decalage: int = 0,
    ) -> list[Ligne]:
        """Rows of a stored SELECT; with `limite`, at most that many, after the `decalage` first ones.

        Raises RequeteInconnue, ParametreInvalide, and what Entrepot.lignes raises.
        """
        requete = self[nom]
        texte = self._lier(nom, parametres)
        if limite is not None and not requete.limitee:
            texte = f"{texte.rstrip()}\nLIMIT {limite:d} OFFSET {decalage:d}\n"
        return entrepot.lignes(texte)

    def graphe(self, entrepot: Entrepot, nom: str, parametres: Parametres | None = None) -> list[Triple]:
        """Triples of a stored CONSTRUCT. Raises RequeteInconnue, ParametreInvalide, as Entrepot.graphe."""
        return entrepot.graphe(self._lier(nom, parametres))

    def demande(self, entrepot: Entrepot, nom: str, parametres: Parametres | None = None) -> bool:
        """Answer of a stored ASK. Raises RequeteInconnue, ParametreInvalide, as Entrepot.demande."""
        return entrepot.demande(self._lier(nom, parametres))

    def _lier(self, nom: str, parametres: Parametres | None) -> str:
        """The bound text; the query is noted where someone follows."""
        posees = _POSEES.get()
        if posees is not None:
            posees.setdefault(nom, parametres or {})
        return self[nom].lier(parametres or {})

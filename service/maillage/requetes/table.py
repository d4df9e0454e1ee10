"""What one stored query tells of each resource, kept up to date edit after edit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Generic, TypeVar

from pyoxigraph import NamedNode

from maillage.requetes.requete import Requete
from maillage.store.entrepot import EntrepotEmbarque, Ligne

#: value and language of each variable of a row but the resource.
Rangee = tuple[tuple[str, str], ...]
T = TypeVar("T")

#: from so many resources on, asking for all of them is about as quick.
_BEAUCOUP = 500


class Table(Generic[T]):
    """What is made of the rows of a query, by the resource that they tell of, its first variable.

    The query reads, of a resource, its own statements only: it is asked again for those edited, no other.
    """

    def __init__(
        self,
        entrepot: EntrepotEmbarque,
        requete: Requete,
        sujet: str,
        faire: Callable[[str, list[Rangee]], T | None],
    ) -> None:
        """Ask for all the rows; `faire` makes something of those of a resource.

        Raises what Entrepot.lignes raises.
        """
        self._entrepot, self._texte, self._sujet, self._faire = entrepot, requete.lier({}), sujet, faire
        self.choses = self._faites(entrepot.lignes(self._texte))

    def suivre(self, sujets: Collection[str]) -> bool:
        """Ask again for resources that were edited; whether anything changes."""
        if len(sujets) > _BEAUCOUP:
            before, self.choses = self.choses, self._faites(self._entrepot.lignes(self._texte))
            return before != self.choses
        changed = False
        for iri in sujets:
            asked = self._faites(self._entrepot.lignes(self._texte, {self._sujet: NamedNode(iri)})).get(iri)
            if asked != self.choses.get(iri):
                changed = True
                self.choses.pop(iri, None)
                if asked is not None:
                    self.choses[iri] = asked
        return changed

    def _faites(self, lignes: list[Ligne]) -> dict[str, T]:
        made = faites(lignes, self._sujet, self._faire)
        return {iri: each for iri, each in made.items() if each is not None}


def faites(lignes: Iterable[Ligne], sujet: str, faire: Callable[[str, list[Rangee]], T]) -> dict[str, T]:
    """What `faire` makes of the rows of each resource; `sujet` is the variable that says which.

    They are sorted first: what is made owes nothing to the order in which the store was filled. Of a blank
    node nothing is made: nobody could ask for it again.
    """
    rows: dict[str, list[Rangee]] = {}
    for ligne in lignes:
        if not isinstance(ligne[sujet], NamedNode):
            continue
        rows.setdefault(ligne[sujet].value, []).append(
            tuple(
                (term.value, getattr(term, "language", None) or "")
                for name, term in ligne.items()
                if name != sujet
            )
        )
    return {iri: faire(iri, sorted(each)) for iri, each in rows.items()}

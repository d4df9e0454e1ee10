"""The registry of the running service: places are looked up in the words in memory, not learnt again."""

from __future__ import annotations

from collections.abc import Sequence

from maillage.classeur.noms import COMMUNE, TERRITOIRE, Registre
from maillage.lexique import Lexique
from maillage.methode.noms import Noms
from maillage.namespaces import compact


class RegistreServi(Registre):
    """Names by class, those of places from the lexicon of the version in service."""

    def __init__(self, lexique: Lexique) -> None:
        super().__init__()
        self._lexique, self._lieux = lexique, Noms(lexique)

    def est_territoire(self, iri: str) -> bool:
        """See Registre."""
        return iri in self._lexique.lieux

    def libelle(self, iri: str) -> str:
        """See Registre."""
        return self._lexique.lieux[iri].nom if iri in self._lexique.lieux else super().libelle(iri)

    def precis(self, iri: str) -> str:
        """See Registre."""
        if iri not in self._lexique.lieux:
            return super().precis(iri)
        prefix, _, code = compact(iri).partition(":")
        return f"{self.libelle(iri)} ({code if prefix == 'commune' else f'{prefix}/{code}'})"

    def _vide(self) -> Registre:
        return RegistreServi(self._lexique)

    def _par_code(self, classes: Sequence[str], texte: str) -> str:
        kept = self._permis(classes, self._lieux.lieux(texte) if texte[:1].isalnum() else ())
        named = len(kept) == 1 and any(mark in texte for mark in "0123456789:/")
        return kept[0] if named else super()._par_code(classes, texte)

    def _par_nom(self, classes: Sequence[str], texte: str) -> list[str]:
        return self._permis(classes, self._lieux.lieux(texte)) or super()._par_nom(classes, texte)

    def _porteurs(self, classes: Sequence[str], texte: str) -> set[str]:
        return {*self._permis(classes, self._lieux.lieux(texte)), *super()._porteurs(classes, texte)}

    def _permis(self, classes: Sequence[str], iris: Sequence[str]) -> list[str]:
        """Those of some places that these classes hold."""
        if TERRITOIRE in classes:
            return list(iris)
        return [one for one in iris if COMMUNE in classes and compact(one).startswith("commune:")]

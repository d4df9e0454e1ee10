"""What every reader of a source does: records in, notices out, what is left out told with its field."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from maillage.importation.acteur import url_lisible
from maillage.importation.lecture import Enregistrement, ErreurImport
from maillage.importation.publication import Ecart
from maillage.sources import normalisation
from maillage.sources.notice import Edition, Notice


class Lecteur(ABC):
    """Turns the records of a source into notices; `ecarts` says what was left out on the way."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.ecarts: list[Ecart] = []
        self._vus: set[str] = set()

    def notices(self, enregistrements: Iterable[Enregistrement]) -> Iterator[Notice]:
        """The bodies kept. A record with a fault is left out, and told with the field at fault."""
        for e in enregistrements:
            try:
                if notice := self._notice(e):
                    yield notice
            except ErreurImport as erreur:
                self.ecarts.append(Ecart(f"enregistrement {e.numero}", str(erreur)))

    @abstractmethod
    def _notice(self, e: Enregistrement) -> Notice | None:
        """The notice of a record; None where it is not kept. Raises ErreurImport."""

    def _une_fois(self, e: Enregistrement, champ: str, identifiant: str) -> None:
        """Take note of an identifier. Raises ErreurImport where an earlier record has it."""
        if identifiant in self._vus:
            raise e.erreur(champ, f"« {identifiant} » est déjà pris par un enregistrement plus haut.")
        self._vus.add(identifiant)

    def _site(self, e: Enregistrement, champ: str, brut: str) -> str:
        """A web address in its usual form; "" where it cannot be read, which is told."""
        valeur = normalisation.site(brut)
        if valeur and not url_lisible(valeur):
            self._laisse(e, f"champ « {champ} », « {valeur} » : adresse illisible, laissée de côté")
            return ""
        return valeur

    def _laisse(self, e: Enregistrement, raison: str) -> None:
        """Tell what is left out of a record that has an `id`."""
        self.ecarts.append(Ecart(f"{e.texte('id')} (enregistrement {e.numero})", raison))

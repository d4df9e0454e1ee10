"""Files tried before they are saved: the server's side of the processes that validate them."""

from __future__ import annotations

import logging
import math
import signal
from dataclasses import dataclass
from pathlib import Path

from maillage.bac_a_sable.reserve import Reserve
from maillage.bac_a_sable.trames import Limites, encode
from maillage.problemes import Probleme

journal = logging.getLogger("maillage.bac_a_sable")

#: what one trial may use: seconds, bytes of memory beside the corpus, bytes of report.
LIMITES = Limites(delai=30.0, memoire=1 << 30, octets=30_000_000)


@dataclass(frozen=True)
class Jugement:
    """A report as it was asked for; the path the file was given, and whether the corpus has this file."""

    rapport: bytes
    fichier: str
    remplace: bool


class Essais(Reserve):
    """Trials run elsewhere, one at a time, at a low priority: search keeps its share of the machine."""

    occupee = "validation-occupee"
    jetable, priorite = True, 10

    def __init__(self, version: Path, racine: Path, limites: Limites | None = None) -> None:
        """`version`: folder of the version in service; `racine`: the corpus, for the texts of its files."""
        arguments = (str(version), str(racine))
        super().__init__("maillage.bac_a_sable.essayeur", arguments, limites or LIMITES, places=1)

    async def essayer(self, octets: bytes, nom: str, forme: str, langue: str) -> Jugement:
        """The report of a file in a form of `maillage.validation.rapport_ecrit`.

        Raises Probleme: 503 no room or stopped at a limit, 413 where the report itself is too long.
        """
        demande = {"nom": nom, "forme": forme, "langue": langue, "delai": self.limites.delai}
        entete, rapport = await self.confier(encode(demande, octets), self.limites.delai)
        if "erreur" not in entete:
            return Jugement(rapport, entete["fichier"], entete["remplace"])
        if entete["erreur"] == "debordement":
            raise Probleme(
                "validation-trop-longue", 413, valeurs={"octets": self.limites.octets // 1_000_000}
            )
        if entete.get("signal") == signal.SIGALRM:
            raise Probleme("validation-interrompue", 503, valeurs={"delai": math.ceil(self.limites.delai)})
        journal.warning("essai arrêté : %s", dict(entete))
        raise Probleme("validation-trop-lourde", 503)

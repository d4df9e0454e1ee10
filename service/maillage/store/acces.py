"""How a remote store is reached: its addresses, who we are, how long we wait, and when we stop asking.

A store that went away is not asked by every request in turn: after a few failures in a row, everything is
said to be unavailable at once for a few seconds, then one request tries again. It needs no restart.
"""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from maillage.config import Settings
from maillage.namespaces import BASE, GRAPHE
from maillage.store.entrepot import EntrepotIndisponible

#: failures in a row after which nothing is asked any more, and for how many seconds.
ECHECS, REPOS = 3, 5.0


class Disjoncteur:
    """Says whether the store may be asked; safe to share between threads."""

    def __init__(self) -> None:
        self._verrou = threading.Lock()
        self._echecs, self._reprise = 0, 0.0

    @property
    def ouvert(self) -> bool:
        """Whether nothing is to be asked for now."""
        return self._echecs >= ECHECS and time.monotonic() < self._reprise

    @contextmanager
    def passage(self, adresse: str) -> Iterator[None]:
        """Around one request: EntrepotIndisponible raised within counts as a failure.

        Raises EntrepotIndisponible at once where nothing is to be asked.
        """
        with self._verrou:
            if self.ouvert:
                raise EntrepotIndisponible(f"{adresse} : l'entrepôt ne répond plus, nouvel essai sous peu")
            if self._echecs >= ECHECS:
                self._reprise = time.monotonic() + REPOS  # this one tries; the others wait
        try:
            yield
        except EntrepotIndisponible:
            with self._verrou:
                self._echecs += 1
                self._reprise = time.monotonic() + REPOS
            raise
        self._echecs = 0


@dataclass(frozen=True)
class Acces:
    """A remote store: query, update and Graph Store Protocol addresses, credentials, seconds for one answer.

    `compte`: « basic:nom:mot », « digest:nom:mot », « bearer:jeton » or nothing. `parametres`: sent with each
    query, {s} and {ms} being the seconds and milliseconds left to it, for stores that stop by themselves.
    """

    requetes: str
    mises_a_jour: str = ""
    graphes: str = ""
    compte: str = ""
    delai: float = 20.0
    parametres: str = ""
    disjoncteur: Disjoncteur = field(default_factory=Disjoncteur, compare=False)

    @classmethod
    def de(cls, settings: Settings) -> Acces:
        """As the settings say."""
        return cls(
            settings.entrepot,
            settings.entrepot_mises_a_jour or settings.entrepot,
            settings.entrepot_graphes,
            settings.entrepot_compte,
            settings.entrepot_delai,
            settings.entrepot_parametres,
        )

    def entetes(self) -> dict[str, str]:
        """The Authorization header, for the ways that need no exchange."""
        sorte, _, reste = self.compte.partition(":")
        match sorte:
            case "basic":
                return {"Authorization": "Basic " + b64encode(reste.encode()).decode()}
            case "bearer":
                return {"Authorization": f"Bearer {reste}"}
        return {}

    def identite(self) -> httpx.Auth | None:
        """The same for httpx, which also knows the exchange of « digest »."""
        sorte, nom, mot = [*self.compte.split(":", 2), "", ""][:3]
        return httpx.DigestAuth(nom, mot) if sorte == "digest" else None

    def bornes(self, delai: float) -> list[tuple[str, str]]:
        """The parameters that tell the store how long it may take."""
        pairs = (one.split("=", 1) for one in self.parametres.split("&") if "=" in one)
        return [(name, said.format(s=f"{delai:g}", ms=f"{delai * 1000:.0f}")) for name, said in pairs]


@dataclass(frozen=True)
class Jeu:
    """Where one version stands in a store: its graphs, named as ever but under a prefix, and their union.

    Names are changed on the way there and back: who asks never sees the prefix. Two versions share no graph,
    so that a query, which names its dataset, cannot mix them.
    """

    version: str
    graphes: tuple[str, ...]

    @property
    def prefixe(self) -> str:
        """What `GRAPHE` becomes."""
        return f"{prefixe_des_versions()}{self.version}/graphe/"

    @property
    def union(self) -> str:
        """The graph that holds all the others: the default graph of a query."""
        return f"{prefixe_des_versions()}{self.version}/union"

    def nom(self, graphe: str) -> str:
        """The name there of a graph of ours."""
        return self.prefixe + graphe.removeprefix(GRAPHE)

    def aller(self, texte: str) -> str:
        """A query, with the names of there."""
        return texte.replace(f"<{GRAPHE}", f"<{self.prefixe}")

    def retour(self, octets: bytes) -> bytes:
        """An answer, with the names of here."""
        return octets.replace(self.prefixe.encode(), GRAPHE.encode())

    def parametres(
        self, texte: str, graphes: tuple[str, ...] = (), nommes: tuple[str, ...] = ()
    ) -> list[tuple[str, str]]:
        """The dataset of a query, as the protocol names it: this version, or some graphs of it.

        All names are sent only where the query says GRAPH: there are hundreds.
        """
        chosen = graphes or nommes
        default = [self.nom(one) for one in graphes] if chosen else [self.union]
        named = [self.nom(one) for one in nommes] if chosen else []
        if not chosen and "GRAPH" in texte.upper():
            named = [self.nom(one) for one in self.graphes]
        return [
            *(("default-graph-uri", one) for one in default),
            *(("named-graph-uri", one) for one in named),
        ]


def prefixe_des_versions() -> str:
    """What the names of all graphs that we put in a store begin with."""
    return f"{BASE}version/"

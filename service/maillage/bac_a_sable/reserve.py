"""The server's side of public SPARQL: a few channels to the workers, handed out one query at a time."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from maillage.bac_a_sable import ouvrier
from maillage.bac_a_sable.controle import syntaxe
from maillage.bac_a_sable.trames import Demande, Limites, encode_demande, read
from maillage.problemes import Probleme

journal = logging.getLogger("maillage.bac_a_sable")

#: seconds a query waits for a free channel before 503, and seconds the workers have to load the graph.
ATTENTE = 5.0
DEMARRAGE = 120.0
#: seconds past its limit after which a worker that said nothing is taken for lost.
GRACE = 3.0


@dataclass(frozen=True)
class Canal:
    """The server's end of one channel."""

    lecteur: asyncio.StreamReader
    ecrivain: asyncio.StreamWriter


class BacASable:
    """Public queries run elsewhere. Nothing starts before the first query.

    `fichiers` are the data files of the snapshot, `places` the number of queries at once.
    """

    def __init__(self, fichiers: Sequence[Path], limites: Limites | None = None, places: int = 2) -> None:
        self.limites = limites or Limites()
        self._fichiers = [str(fichier) for fichier in fichiers]
        self._places = places
        self._libres: asyncio.Queue[Canal] = asyncio.Queue()
        self._canaux: list[Canal] = []
        self._verrou = asyncio.Lock()
        self._processus: subprocess.Popen[bytes] | None = None
        self._taches: set[asyncio.Task[Any]] = set()

    async def executer(
        self,
        requete: str,
        forme: str,
        *,
        union: bool,
        graphes: tuple[str, ...] = (),
        nommes: tuple[str, ...] = (),
        delai: float | None = None,
    ) -> bytes:
        """The answer in `forme` (json, xml, csv, tsv; ttl, nt, rdf, jsonld).

        The dataset is the union of all graphs, or what the query itself names, or `graphes` and `nommes`.

        Raises Probleme: 400 bad query, 413 answer too large, 503 no room or stopped at a limit.
        """
        permis = min(delai or self.limites.delai, self.limites.delai)
        demande = Demande(requete, forme, union, permis, graphes, nommes)
        await self._demarrer()
        try:
            canal = await asyncio.wait_for(self._libres.get(), ATTENTE)
        except TimeoutError:
            raise Probleme(
                "sparql-occupe",
                503,
                valeurs={"attente": ATTENTE},
                entetes={"Retry-After": str(round(ATTENTE))},
            ) from None
        # The channel must come back even where the client has gone away meanwhile.
        return await asyncio.shield(self._suivre(self._echanger(canal, demande)))

    async def fermer(self) -> None:
        """End the workers."""
        for tache in tuple(self._taches):
            tache.cancel()
        await self._arreter()

    async def _arreter(self) -> None:
        """Close every channel and wait for the process: nothing is left behind."""
        for canal in self._canaux:
            canal.ecrivain.close()
        self._canaux, self._libres = [], asyncio.Queue()
        if self._processus is not None:
            self._processus.kill()
            await asyncio.to_thread(self._processus.wait)
            self._processus = None

    def _suivre(self, travail: Any) -> asyncio.Task[Any]:
        tache: asyncio.Task[Any] = asyncio.ensure_future(travail)
        self._taches.add(tache)
        tache.add_done_callback(self._taches.discard)
        return tache

    async def _demarrer(self) -> None:
        async with self._verrou:
            if self._processus is not None and self._processus.poll() is None:
                return
            await self._arreter()
            self._canaux = await self._lancer()
            for canal in self._canaux:
                await asyncio.wait_for(self._attendre(canal), DEMARRAGE)

    async def _lancer(self) -> list[Canal]:
        paires = [socket.socketpair() for _ in range(self._places)]
        autres = [autre for _, autre in paires]
        descripteurs = [autre.fileno() for autre in autres]
        arguments = [self._fichiers, asdict(self.limites), descripteurs]
        self._processus = subprocess.Popen(  # noqa: S603 (own module, arguments as JSON)
            [sys.executable, "-m", ouvrier.__name__, *map(json.dumps, arguments)],
            pass_fds=descripteurs,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        for autre in autres:
            autre.close()
        return [Canal(*await asyncio.open_connection(sock=ici)) for ici, _ in paires]

    async def _attendre(self, canal: Canal) -> None:
        """Give the channel back once its worker is there."""
        entete, _ = await read(canal.lecteur)
        if entete.get("pret"):
            self._libres.put_nowait(canal)

    async def _echanger(self, canal: Canal, demande: Demande) -> bytes:
        canal.ecrivain.write(encode_demande(demande))
        try:
            await canal.ecrivain.drain()
            entete, corps = await asyncio.wait_for(read(canal.lecteur), demande.delai + GRACE)
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            self._abandonner(canal)
            raise Probleme("interne", 500) from None
        if entete.get("erreur") == "mort":
            self._suivre(self._attendre(canal))
        else:
            self._libres.put_nowait(canal)
        if entete:
            raise self._probleme(entete, demande)
        return corps

    def _abandonner(self, canal: Canal) -> None:
        """A channel out of step cannot be trusted again: the next query starts new workers."""
        journal.error("bac à sable : ouvriers perdus, redémarrage à la prochaine requête")
        canal.ecrivain.close()
        if self._processus is not None:
            self._processus.kill()
            self._processus.wait()  # at once: the next query must see it gone

    def _probleme(self, entete: Mapping[str, Any], demande: Demande) -> Probleme:
        match entete["erreur"]:
            case "syntaxe":
                return syntaxe(entete["message"], entete["ligne"], entete["colonne"])
            case "debordement":
                valeurs = {"lignes": self.limites.lignes, "octets": self.limites.octets // 1_000_000}
                return Probleme("sparql-trop-de-lignes", 413, valeurs=valeurs)
            case "mort" if entete["signal"] == signal.SIGALRM:
                return Probleme("sparql-trop-long", 503, valeurs={"delai": math.ceil(demande.delai)})
            case _:
                journal.warning("bac à sable : requête arrêtée, %s", dict(entete))
                return Probleme("sparql-trop-lourd", 503)

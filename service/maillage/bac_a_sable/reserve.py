"""The server's side: a few channels to workers that can be killed, handed out one demand at a time."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from maillage.bac_a_sable import ouvrier
from maillage.bac_a_sable.controle import mot_fautif, syntaxe
from maillage.bac_a_sable.trames import Demande, Limites, encode_demande, read
from maillage.mesures import Constater
from maillage.problemes import Probleme

journal = logging.getLogger("maillage.bac_a_sable")

#: files of people: who may keep whom waiting. A pool with one file for all, the public's queries, and the
#: queries that the service itself stores.
TOUS, PUBLIC, SERVICE = "tous", "public", "service"
#: seconds a demand waits for a free channel before 503, and seconds the workers have to load the graph.
ATTENTE = 5.0
DEMARRAGE = 120.0
#: seconds past its limit after which a worker that said nothing is taken for lost.
GRACE = 3.0


@dataclass(frozen=True)
class Canal:
    """The server's end of one channel, and the file of people that it serves."""

    file: str
    lecteur: asyncio.StreamReader
    ecrivain: asyncio.StreamWriter


class Reserve:
    """Workers of one module (see `confinement`), and the channels to them. Nothing starts before the first
    demand."""

    #: code of the problem said where no channel comes free in time.
    occupee = "sparql-occupe"
    #: whether a worker answers once only (its channel comes back with the next worker); how much workers give
    #: way to the server, as `nice` counts.
    jetable, priorite = False, 0

    def __init__(
        self, module: str, arguments: Sequence[object], limites: Limites, places: int | Mapping[str, int] = 2
    ) -> None:
        """`arguments` go to the module as JSON, then the limits and the descriptors of the channels; `places`
        is the number of demands at once, or that number for each file: one never keeps another waiting."""
        self.limites = limites
        #: told of each worker that was ended, for those who count.
        self.constater: Constater = _ne_rien_constater
        self._module, self._arguments = module, arguments
        self.places = {TOUS: places} if isinstance(places, int) else dict(places)
        self._libres = self._files()
        self._canaux: list[Canal] = []
        self._verrou = asyncio.Lock()
        self._processus: subprocess.Popen[bytes] | None = None
        self._taches: set[asyncio.Task[Any]] = set()

    async def confier(self, trame: bytes, delai: float, file: str = TOUS) -> tuple[Mapping[str, Any], bytes]:
        """Header and body of the answer to a frame, within `delai` seconds of work.

        A worker that was ended gives {"erreur": "mort", "signal": its signal}. Raises Probleme: 503 where no
        channel comes free, 500 where the workers are lost.
        """
        await self._demarrer()
        try:
            canal = await asyncio.wait_for(self._libres[file].get(), ATTENTE)
        except TimeoutError:
            raise occupe(self.occupee) from None
        # The channel must come back even where the client has gone away meanwhile.
        return await asyncio.shield(self._suivre(self._echanger(canal, trame, delai)))

    async def fermer(self) -> None:
        """End the workers."""
        for tache in tuple(self._taches):
            tache.cancel()
        await self._arreter()

    async def _arreter(self) -> None:
        """Close every channel and wait for the process: nothing is left behind."""
        for canal in self._canaux:
            canal.ecrivain.close()
        self._canaux, self._libres = [], self._files()
        if self._processus is not None:
            _tuer(self._processus)
            await asyncio.to_thread(self._processus.wait)
            self._processus = None

    def _files(self) -> dict[str, asyncio.Queue[Canal]]:
        return {file: asyncio.Queue() for file in self.places}

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
        files = [file for file, nombre in self.places.items() for _ in range(nombre)]
        paires = [socket.socketpair() for _ in files]
        autres = [autre for _, autre in paires]
        descripteurs = [autre.fileno() for autre in autres]
        arguments = [*self._arguments, asdict(self.limites), descripteurs]
        self._processus = subprocess.Popen(  # noqa: S603 (own module, arguments as JSON)
            [sys.executable, "-m", self._module, *map(json.dumps, arguments)],
            pass_fds=descripteurs,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        if self.priorite:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._processus.pid, self.priorite)
        for autre in autres:
            autre.close()
        return [
            Canal(file, *await asyncio.open_connection(sock=ici))
            for file, (ici, _) in zip(files, paires, strict=True)
        ]

    async def _attendre(self, canal: Canal) -> None:
        """Give the channel back once its worker is there."""
        entete, _ = await read(canal.lecteur)
        if entete.get("pret"):
            self._libres[canal.file].put_nowait(canal)

    async def _echanger(self, canal: Canal, trame: bytes, delai: float) -> tuple[Mapping[str, Any], bytes]:
        canal.ecrivain.write(trame)
        try:
            await canal.ecrivain.drain()
            entete, corps = await asyncio.wait_for(read(canal.lecteur), delai + GRACE)
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            self._abandonner(canal)
            self.constater("perdu")
            raise Probleme("interne", 500) from None
        if entete.get("erreur") == "mort":
            self.constater("temps" if entete["signal"] == signal.SIGALRM else "memoire")
        if self.jetable or entete.get("erreur") == "mort":
            self._suivre(self._attendre(canal))
        else:
            self._libres[canal.file].put_nowait(canal)
        return entete, corps

    def _abandonner(self, canal: Canal) -> None:
        """A channel out of step cannot be trusted again: the next demand starts new workers."""
        journal.error("bac à sable : ouvriers perdus, redémarrage à la prochaine demande")
        canal.ecrivain.close()
        if self._processus is not None:
            _tuer(self._processus)
            self._processus.wait()  # at once: the next demand must see it gone


class BacASable(Reserve):
    """Queries run elsewhere, behind the search: on a busy machine, it goes first."""

    priorite = 10

    def __init__(
        self,
        fichiers: Sequence[Path],
        limites: Limites | None = None,
        places: Mapping[str, int] | None = None,
    ) -> None:
        """`fichiers` are the data files of the snapshot; `places`, those of PUBLIC and of SERVICE."""
        arguments = [[str(path) for path in fichiers]]
        super().__init__(ouvrier.__name__, arguments, limites or Limites(), places or {PUBLIC: 2, SERVICE: 2})

    async def interroger(self, demande: Demande, file: str = PUBLIC) -> bytes:
        """The answer to a query, in the form asked (json, xml, csv, tsv; ttl, nt, rdf, jsonld).

        Its seconds can only lower the limit. Raises Probleme: 400 bad query, 413 answer too large, 503 no
        room or stopped at a limit.
        """
        demande = replace(demande, delai=min(demande.delai, self.limites.delai))
        entete, corps = await self.confier(encode_demande(demande), demande.delai, file)
        if entete:
            raise self._probleme(entete, demande)
        return corps

    def _probleme(self, entete: Mapping[str, Any], demande: Demande) -> Probleme:
        match entete["erreur"]:
            case "syntaxe":
                lieu = mot_fautif(demande.requete, entete["ligne"], entete["colonne"])
                return syntaxe(entete["message"], *lieu)
            case "debordement":
                return trop_grand(self.limites)
            case "mort" if entete["signal"] == signal.SIGALRM:
                return trop_long(demande.delai)
            case _:
                journal.warning("bac à sable : requête arrêtée, %s", dict(entete))
                return Probleme("sparql-trop-lourd", 503)


def occupe(code: str) -> Probleme:
    """No place came free in time."""
    attente = round(ATTENTE)
    return Probleme(code, 503, valeurs={"attente": attente}, entetes={"Retry-After": str(attente)})


def trop_grand(limites: Limites) -> Probleme:
    """The answer passes the limits."""
    valeurs = {"lignes": limites.lignes, "octets": limites.octets // 1_000_000}
    return Probleme("sparql-trop-de-lignes", 413, valeurs=valeurs)


def trop_long(delai: float) -> Probleme:
    """The query was stopped after so many seconds."""
    return Probleme("sparql-trop-long", 503, valeurs={"delai": math.ceil(delai)})


def _ne_rien_constater(cause: str) -> None:
    """Where nobody counts."""


def _tuer(processus: subprocess.Popen[bytes]) -> None:
    """End the workers and what they are doing: they are a session of their own."""
    with suppress(ProcessLookupError):
        os.killpg(processus.pid, signal.SIGKILL)

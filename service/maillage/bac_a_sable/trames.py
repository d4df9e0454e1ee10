"""Frames between the server and its workers: a length, a JSON header, a length, a body."""

from __future__ import annotations

import asyncio
import json
import math
import socket
import struct
from dataclasses import asdict, dataclass
from typing import Any

_LONGUEURS = struct.Struct("!II")


@dataclass(frozen=True)
class Limites:
    """What one public query may use: seconds, bytes of memory beside the graph, rows, bytes answered."""

    delai: float = 20.0
    memoire: int = 1 << 30
    lignes: int = 100_000
    octets: int = 30_000_000


@dataclass(frozen=True)
class Demande:
    """One query to run: its text, the suffix of the wanted format, its dataset, its seconds, its base IRI.

    The dataset is the union of all graphs, or what the query itself names, or `graphes` and `nommes`.
    """

    requete: str
    forme: str
    delai: float = math.inf
    union: bool = True
    graphes: tuple[str, ...] = ()
    nommes: tuple[str, ...] = ()
    base: str = ""


def encode(entete: dict[str, Any], corps: bytes = b"") -> bytes:
    """One frame as bytes."""
    tete = json.dumps(entete).encode()
    return _LONGUEURS.pack(len(tete), len(corps)) + tete + corps


def encode_demande(demande: Demande) -> bytes:
    """The frame of a query."""
    return encode(asdict(demande))


def _exactly(canal: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = canal.recv(size - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def receive(canal: socket.socket) -> tuple[dict[str, Any], bytes]:
    """Header and body of the next frame, in a worker. Raises EOFError once the server has gone."""
    tete, corps = _LONGUEURS.unpack(_exactly(canal, _LONGUEURS.size))
    return json.loads(_exactly(canal, tete)), _exactly(canal, corps)


async def read(lecteur: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    """Header and body of the next frame, in the server. Raises asyncio.IncompleteReadError at the end."""
    tete, corps = _LONGUEURS.unpack(await lecteur.readexactly(_LONGUEURS.size))
    return json.loads(await lecteur.readexactly(tete)), await lecteur.readexactly(corps)

"""Processes that can be killed: a parent that holds the data, one child per channel that answers.

Children are forked, so that they share the parent's memory and a new one is there in milliseconds after a
kill. Before each demand a child sets an alarm whose default action is to end it: nothing in Python or in an
engine can hold it back. A child can neither open a file nor a socket, and has no network of its own; what
its work imports must be imported by its parent.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from maillage.bac_a_sable.trames import Limites, encode, receive

#: answers one demand (its header, its body) with a frame; never raises for what is in it.
Repondre = Callable[[dict[str, Any], bytes], bytes]
#: exit code of a child that answered once and whose memory is not to be used again.
_USAGE_UNIQUE = 3
#: unshare(2): an empty network of its own; as an ordinary user, in a user namespace of its own.
_RESEAU, _UTILISATEUR = 0x40000000, 0x10000000


def isoler() -> bool:
    """Leave the network; whether the system allowed it.

    Where it does not (another system, a container that forbids it), having no new socket shuts the way out.
    """
    if sys.platform != "linux":
        return False
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    return unshare is not None and (unshare(_RESEAU) == 0 or unshare(_RESEAU | _UTILISATEUR) == 0)


def _confine(limites: Limites) -> None:
    """Bound the memory of this process and forbid it any new file or socket."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        size = int(statm.read_text().split()[0]) * resource.getpagesize() + limites.memoire
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def serve(canal: socket.socket, repondre: Repondre, limites: Limites, *, jetable: bool = False) -> int:
    """Answer the frames of one channel until the server closes it, or one only when `jetable`."""
    _confine(limites)
    canal.sendall(encode({"pret": True}))
    while True:
        entete, corps = receive(canal)
        signal.setitimer(signal.ITIMER_REAL, min(float(entete["delai"]), limites.delai))
        reponse = repondre(entete, corps)
        signal.setitimer(signal.ITIMER_REAL, 0)
        canal.sendall(reponse)
        if jetable:
            return _USAGE_UNIQUE


def _fork(
    canal: socket.socket, autres: list[socket.socket], repondre: Repondre, limites: Limites, jetable: bool
) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 0
    try:
        for autre in autres:
            autre.close()
        isoler()
        code = serve(canal, repondre, limites, jetable=jetable)
    except (EOFError, ConnectionError):
        pass
    except BaseException:
        code = 1
    finally:
        os._exit(code)


def supervise(
    canaux: list[socket.socket], repondre: Repondre, limites: Limites, *, jetable: bool = False
) -> None:
    """Keep one child per channel; tell the server how a child ended; return once the server has gone.

    `jetable`: a child answers once, then another takes its place.
    """
    gc.collect()
    gc.freeze()
    enfants: dict[int, socket.socket] = {}

    def start(canal: socket.socket) -> None:
        autres = [autre for autre in canaux if autre is not canal]
        enfants[_fork(canal, autres, repondre, limites, jetable)] = canal

    for canal in canaux:
        start(canal)
    while enfants:
        pid, statut = os.wait()
        canal = enfants.pop(pid)
        if statut == 0:
            continue
        try:
            if os.waitstatus_to_exitcode(statut) != _USAGE_UNIQUE:
                canal.sendall(encode({"erreur": "mort", "signal": os.WTERMSIG(statut)}))
        except ConnectionError:
            continue
        start(canal)

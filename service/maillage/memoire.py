"""The memory of the process: its cycle collector held back, its freed pages given back."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def sans_ramasse_miettes() -> Iterator[None]:
    """No cycle collection while lasting objects are made by the hundred thousand: it would find nothing, and
    costs a third of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def rendre_memoire() -> None:
    """Give freed pages back to the system: glibc keeps what loading used, for the life of the server."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)

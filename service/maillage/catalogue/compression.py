"""Compressed copies of a file, with the same bytes each time: no name and no date in them."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import zstandard

#: suffix → content coding (RFC 9110 §8.4.1), in order of preference where a client takes both.
CODAGES: dict[str, str] = {"zst": "zstd", "gz": "gzip"}
_BLOC = 1 << 20


def comprimer(source: Path, suffixe: str, sortie: Path) -> None:
    """Write the copy of `source` compressed as `gz` or `zst`. Raises KeyError on another suffix, OSError."""
    {"gz": _gzip, "zst": _zstd}[suffixe](source, sortie)


def _gzip(source: Path, sortie: Path) -> None:
    with (
        source.open("rb") as read,
        sortie.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as written,
    ):
        shutil.copyfileobj(read, written, _BLOC)


def _zstd(source: Path, sortie: Path) -> None:
    with source.open("rb") as read, sortie.open("wb") as written:
        zstandard.ZstdCompressor(level=3, write_checksum=True).copy_stream(read, written)

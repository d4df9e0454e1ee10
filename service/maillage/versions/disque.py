"""Writing that survives a crash: what is renamed into place was first flushed to the disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from pathlib import Path


def assurer(path: Path) -> None:
    """Flush a file or a folder to the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def assurer_tout(dossier: Path, sauf: Collection[Path] = ()) -> None:
    """Flush a folder and all that is below it, but for files flushed before. Raises OSError."""
    for path in (*dossier.rglob("*"), dossier):
        if path not in sauf:
            assurer(path)


def partager(source: Path, cible: Path) -> None:
    """Give a file that never changes a second name, or a copy where the file system has one name a file.

    Raises OSError.
    """
    try:
        os.link(source, cible)
    except OSError:
        shutil.copyfile(source, cible)


def remplacer(path: Path, octets: bytes) -> None:
    """Give a file these bytes: a reader, or a restart after a crash, sees the old ones or the new ones.

    The permissions of an existing file are kept. Raises OSError.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(octets)
        if path.exists():
            aside.chmod(path.stat().st_mode)
        assurer(aside)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    assurer(path.parent)


def relier(lien: Path, cible: str, provisoire: Path) -> None:
    """Point a symbolic link at `cible` in one step; `provisoire` is its name until then. Raises OSError."""
    assurer(lien.parent)
    provisoire.unlink(missing_ok=True)
    provisoire.symlink_to(cible, target_is_directory=True)
    os.replace(provisoire, lien)
    assurer(lien.parent)

"""Opaque cursors: where the next page starts, for one question on one version of the data.

A cursor holds a rank and two digests. It is refused where it was altered, where it comes from another
question or other filters, and where the data changed meanwhile: a page never silently mixes two rankings.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from hashlib import blake2b

_RANG, _VERSION, _SCEAU = 4, 4, 12


class CurseurRefuse(ValueError):  # noqa: N818 (the error is named in French)
    """A cursor cannot be used; `raison` is "invalide" or "perime" (the data changed)."""

    def __init__(self, raison: str) -> None:
        super().__init__(raison)
        self.raison = raison


class Curseurs:
    """Writes and reads the cursors of one version of the data."""

    def __init__(self, version: str, cle: str = "") -> None:
        """`version` names the data; `cle` is the installation's secret, shared by its processes."""
        self._cle = blake2b(cle.encode(), digest_size=32).digest()
        self._version = blake2b(version.encode(), key=self._cle, digest_size=_VERSION).digest()

    def ecrire(self, rang: int, demande: str) -> str:
        """Cursor of the page that starts at `rang` (from 0) of what `demande` asks."""
        tete = rang.to_bytes(_RANG, "big") + self._version
        return base64.urlsafe_b64encode(tete + self._sceller(tete, demande)).rstrip(b"=").decode()

    def lire(self, curseur: str, demande: str) -> int:
        """Rank at which the page starts. Raises CurseurRefuse."""
        brut = _decoder(curseur)
        tete, sceau = brut[: _RANG + _VERSION], brut[_RANG + _VERSION :]
        if not hmac.compare_digest(sceau, self._sceller(tete, demande)):
            raise CurseurRefuse("invalide")
        if tete[_RANG:] != self._version:
            raise CurseurRefuse("perime")
        return int.from_bytes(tete[:_RANG], "big")

    def _sceller(self, tete: bytes, demande: str) -> bytes:
        return blake2b(tete + demande.encode(), key=self._cle, digest_size=_SCEAU).digest()


def _decoder(curseur: str) -> bytes:
    try:
        brut = base64.b64decode(curseur + "=" * (-len(curseur) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CurseurRefuse("invalide") from None
    if len(brut) != _RANG + _VERSION + _SCEAU:
        raise CurseurRefuse("invalide")
    return brut

"""The tools for one assistant on this machine, over standard input and output."""

from __future__ import annotations

import asyncio

from maillage.assemblage import assembler, fermer
from maillage.assistants.outils import Outils
from maillage.assistants.serveur import creer_serveur
from maillage.config import Settings


def servir(settings: Settings) -> None:
    """Answer until the input ends. Raises InstantaneAbsent, InstantaneAltere, OSError."""
    asyncio.run(_servir(settings))


async def _servir(settings: Settings) -> None:
    parts = assembler(settings)
    try:
        await creer_serveur(lambda: Outils(parts), parts.textes).run_stdio_async()
    finally:
        await fermer(parts)

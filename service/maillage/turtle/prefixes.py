"""The prefixes that a piece of RDF needs: a page opened by forty unused ones helps nobody."""

from __future__ import annotations

from maillage.namespaces import PREFIXES


def prefixes_used(ntriples: bytes) -> dict[str, str]:
    """Those of the project's prefixes whose namespace occurs in these N-Triples."""
    return {prefix: space for prefix, space in PREFIXES.items() if b"<" + space.encode() in ntriples}

"""Read a catalogue with the parser of ckanext-dcat, page after page, and print the CKAN datasets as JSON.

Usage: python ckan_moisson.py <address>. A page seen twice stops the harvest, as CKAN's harvester does.
"""

from __future__ import annotations

import json
import sys

import requests
from ckanext.dcat.processors import RDFParser


def harvest(address: str) -> dict[str, object]:
    """The addresses read, in order, and the datasets found in each."""
    pages: list[str] = []
    datasets: list[dict[str, object]] = []
    following: str | None = address
    while following and following not in pages:
        answer = requests.get(following, timeout=60)
        answer.raise_for_status()
        pages.append(following)
        parser = RDFParser(profiles=["euro_dcat_ap_3"])
        parser.parse(answer.text, _format=answer.headers["Content-Type"].partition(";")[0])
        datasets += list(parser.datasets())
        following = parser.next_page()
    return {"pages": pages, "boucle": following, "jeux": datasets}


if __name__ == "__main__":
    print(json.dumps(harvest(sys.argv[1])))

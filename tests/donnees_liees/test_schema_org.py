"""Pages carry JSON-LD in the words of schema.org."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from client_http import Client
from maillage.donnees_liees.schema_org import balise
from maillage.namespaces import BASE

_SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
#: what each class must say, and what its properties may hold, by the definitions of schema.org.
ATTENDUS = {
    "acteur/cdos-29": ("Organization", {"name", "address", "areaServed", "telephone", "url"}),
    "type-acteur/dla": ("DefinedTerm", {"name", "description", "inDefinedTermSet", "termCode"}),
    "etape/4": ("DefinedTerm", {"name", "description", "inDefinedTermSet", "termCode"}),
    "vocabulaire/etapes": ("DefinedTermSet", {"name", "description"}),
    "territoire/commune/29232": ("AdministrativeArea", {"name", "containedInPlace"}),
    "source/guide-2013": ("CreativeWork", {"name", "description"}),
}
PROPRIETES = {
    "Organization": {
        "name", "alternateName", "address", "areaServed", "telephone", "url", "email", "identifier",
        "knowsAbout",
    },
    "DefinedTerm": {"name", "alternateName", "description", "inDefinedTermSet", "termCode"},
    "DefinedTermSet": {"name", "alternateName", "description"},
    "AdministrativeArea": {"name", "alternateName", "containedInPlace", "latitude", "longitude"},
    "CreativeWork": {"name", "alternateName", "description", "identifier"},
    "PostalAddress": {"streetAddress", "postalCode", "addressLocality"},
}  # fmt: skip
PROPRIETES["GovernmentOffice"] = PROPRIETES["Organization"]


def document(client: Client, chemin: str, langue: str = "fr") -> dict[str, Any]:
    (written,) = _SCRIPT.findall(client.get(f"/{chemin}.html", langue=langue).text)
    found: dict[str, Any] = json.loads(written)
    return found


def verifier(noeud: dict[str, Any]) -> None:
    """Each node has one known class and only the properties that schema.org gives it."""
    classe = noeud["@type"]
    for name, values in noeud.items():
        if name.startswith("@"):
            continue
        assert name in PROPRIETES[classe], (classe, name)
        for one in values if isinstance(values, list) else [values]:
            if isinstance(one, dict):
                verifier(one)
            else:
                assert isinstance(one, str) and one


@pytest.mark.parametrize("chemin", ATTENDUS)
def test_the_page_says_what_it_is_about(client: Client, chemin: str) -> None:
    found = document(client, chemin)
    classe, expected = ATTENDUS[chemin]
    assert found["@context"] == "https://schema.org" and found["@id"] == BASE + chemin
    assert found["@type"] == classe and expected <= found.keys()
    verifier(found)


def test_an_office_of_the_state_is_one(client: Client) -> None:
    page = client.get("/sparql?format=csv&query=" + QUESTION).text.split()
    assert len(page) > 1
    assert document(client, page[1].removeprefix(BASE))["@type"] == "GovernmentOffice"


QUESTION = (
    "SELECT ?a { ?a <http://www.w3.org/ns/org%23classification> "
    "<https://w3id.org/maillage/type-acteur/services-fiscaux> } ORDER BY ?a LIMIT 1"
)


def test_texts_are_in_the_language_of_the_page(client: Client) -> None:
    assert document(client, "theme/paie", "en")["name"] == "payroll"
    assert document(client, "theme/paie", "fr")["name"] == "paie"
    assert document(client, "acteur/cdos-29", "en")["name"].startswith("Comité")


def test_no_text_can_end_the_element() -> None:
    hostile = {"name": "</script><script>alert(1)</script><!--"}
    written = str(balise(hostile))
    assert "<" not in written and json.loads(written) == hostile

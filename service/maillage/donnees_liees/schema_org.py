"""JSON-LD in the words of schema.org, for the search engines that read it inside a page."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from maillage.namespaces import PREFIXES
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Terme
from maillage.textes import Langue

_SCHEMA = PREFIXES["schema"]
_TYPE = PREFIXES["rdf"] + "type"
#: a class that says more than another that is stated too.
_PRECISE = {"GovernmentOffice": "Organization"}


def decrire(requetes: Requetes, entrepot: Entrepot, iri: str, langue: Langue) -> dict[str, Any] | None:
    """The document about `iri`, texts in `langue` where there are; None where schema.org has no class."""
    triples = requetes.graphe(entrepot, "schema-org", {"ressource": NamedNode(iri)})
    document = _Arbre(triples, langue).noeud(NamedNode(iri))
    return {"@context": "https://schema.org", **document} if "@type" in document else None


def balise(document: dict[str, Any]) -> Markup:
    """The document as the content of a script element: no text in it can end the element."""
    written = json.dumps(document, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(written)  # noqa: S704 (JSON, whose only « < » are escaped)


class _Arbre:
    """A small graph as a tree of JSON objects."""

    def __init__(self, triples: Sequence[Triple], langue: Langue) -> None:
        self._langue = langue
        self._dits: dict[Terme, dict[str, set[Terme]]] = defaultdict(lambda: defaultdict(set))
        for triple in triples:
            if isinstance(triple.subject, NamedNode | BlankNode) and not isinstance(triple.object, Triple):
                self._dits[triple.subject][triple.predicate.value].add(triple.object)

    def noeud(self, sujet: NamedNode | BlankNode) -> dict[str, Any]:
        """What is said of a node, and of the nodes that it alone leads to."""
        said: dict[str, Any] = {"@id": sujet.value} if isinstance(sujet, NamedNode) else {}
        properties = self._dits.pop(sujet, {})
        classes = {one.value.removeprefix(_SCHEMA) for one in properties.pop(_TYPE, ())}
        classes = {one for one in classes if "/" not in one}
        classes -= {_PRECISE[one] for one in classes & _PRECISE.keys()}
        if classes:
            said["@type"] = _one_or_all(sorted(classes))
        for name, values in sorted(properties.items()):
            written = self._valeurs(values)
            if written:
                said[name.removeprefix(_SCHEMA)] = _one_or_all(written)
        return said

    def _valeurs(self, values: set[Terme]) -> list[Any]:
        texts = [one for one in values if isinstance(one, Literal)]
        langues = {one.language for one in texts}
        wanted = self._langue if self._langue in langues else "fr" if "fr" in langues else None
        kept = sorted(one.value for one in texts if one.language in (wanted, None))
        nodes = sorted((one for one in values if not isinstance(one, Literal)), key=str)
        return [*kept, *(self.noeud(one) for one in nodes)]


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values

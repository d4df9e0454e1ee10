"""The journal as an Atom feed (RFC 4287): one document to subscribe to, full pages as archives (RFC 5005)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from maillage.changements.flux import FLUX
from maillage.changements.journal import Membre
from maillage.versions.differences_ecrites import abreger

ATOM, HISTORIQUE = "http://www.w3.org/2005/Atom", "http://purl.org/syndication/history/1.0"
MEDIA = "application/atom+xml"
#: characters that XML 1.0 has no way to write.
_INTERDITS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

register_namespace("", ATOM)
register_namespace("fh", HISTORIQUE)


@dataclass(frozen=True)
class Feuille:
    """One document of the feed: its links by relation (`self`, `current`, `prev-archive`…), its members.

    `archive`: it will never change again. `etats`: how each state is said in `langue`.
    """

    titre: str
    langue: str
    liens: Mapping[str, str]
    archive: bool
    etats: Mapping[str, str]
    membres: Sequence[Membre]


def ecrire(feuille: Feuille, page_de: Callable[[str], str]) -> bytes:
    """The document, newest first. `page_de` gives the web address where a resource is read."""
    feed = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feuille.langue})
    _texte(feed, "id", FLUX)
    _texte(feed, "title", feuille.titre)
    _texte(feed, "updated", feuille.membres[-1].instant)
    _texte(SubElement(feed, f"{{{ATOM}}}author"), "name", "Maillage")
    for relation, adresse in feuille.liens.items():
        SubElement(feed, f"{{{ATOM}}}link", {"rel": relation, "href": adresse})
    if feuille.archive:
        SubElement(feed, f"{{{HISTORIQUE}}}archive")
    for membre in reversed(feuille.membres):
        _entree(feed, membre, feuille.etats[membre.etat], page_de(membre.ressource))
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entree(feed: Element, membre: Membre, etat: str, adresse: str) -> None:
    entry = SubElement(feed, f"{{{ATOM}}}entry")
    _texte(entry, "id", membre.iri)
    _texte(entry, "title", f"{membre.nom or membre.ressource} — {etat}")
    _texte(entry, "updated", membre.instant)
    SubElement(entry, f"{{{ATOM}}}link", {"rel": "alternate", "href": adresse})
    SubElement(entry, f"{{{ATOM}}}category", {"term": membre.etat, "label": etat})
    _texte(entry, "summary", resume(membre) or membre.ressource)


def resume(membre: Membre) -> str:
    """What changed, a property a line: values that went, then values that came."""
    return "\n".join(
        f"{abreger(one['propriete'])} : {_valeurs(one['avant'])} → {_valeurs(one['apres'])}"
        for one in membre.detail
    )


def _valeurs(values: Sequence[str]) -> str:
    return ", ".join(abreger(value) for value in values) or "∅"


def _texte(parent: Element, nom: str, texte: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{nom}").text = _INTERDITS.sub("\ufffd", texte)

"""What one SPARQL 1.1 Protocol request asks, whatever the method that carried it, and in which format."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import parse_qs

from fastapi import Request

from maillage.bac_a_sable.controle import Sorte
from maillage.donnees_liees.negociation import (
    JSONLD,
    NTRIPLES,
    RDFXML,
    TURTLE,
    Variante,
    accepts_html,
    choose,
)
from maillage.problemes import Champ, Probleme

JSON = Variante("json", "application/sparql-results+json", ("application/json",))
XML = Variante("xml", "application/sparql-results+xml", ("application/xml", "text/xml"))
CSV = Variante("csv", "text/csv")
TSV = Variante("tsv", "text/tab-separated-values")
#: CSV and TSV have no form for a boolean (SPARQL 1.1 Query Results CSV and TSV Formats §1).
OFFERTS: dict[Sorte, tuple[Variante, ...]] = {
    "lignes": (JSON, XML, CSV, TSV),
    "booleen": (JSON, XML),
    "graphe": (TURTLE, NTRIPLES, JSONLD, RDFXML),
}
#: names that client libraries send in `format`, beside suffixes and media types.
SYNONYMES = {"turtle": "ttl", "n3": "ttl", "rdf+xml": "rdf", "json-ld": "jsonld", "ntriples": "nt"}
EN_GRAPHE = {"xml": "rdf", "json": "jsonld"}
TABLEAU = "html"
FORMULAIRE, REQUETE, MISE_A_JOUR = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)


@dataclass(frozen=True)
class Appel:
    """One protocol request."""

    requete: str
    format: str = ""
    delai: str = ""
    graphes: tuple[str, ...] = ()
    nommes: tuple[str, ...] = ()

    @classmethod
    def lire(cls, champs: dict[str, list[str]], requete: str | None = None) -> Appel:
        """From form or query-string fields; `requete` where the body is the query itself.

        Raises Probleme 400: an update, or more than one query (SPARQL 1.1 Protocol §2.1).
        """
        if "update" in champs:
            raise Probleme("sparql-lecture-seule", 400, valeurs={"mot": "update"})
        given = [*champs.get("query", ()), *([] if requete is None else [requete])]
        if len(given) > 1:
            raise Probleme("parametre-refuse", 400, champs=(Champ("query", "unique"),))
        return cls(
            "".join(given),
            champs.get("format", [""])[0],
            champs.get("delai", [""])[0],
            tuple(filter(None, champs.get("default-graph-uri", ()))),
            tuple(filter(None, champs.get("named-graph-uri", ()))),
        )

    def secondes(self) -> float:
        """The time asked, 0.1 s at least; without end where none is asked. Raises Probleme 400."""
        if not self.delai:
            return math.inf
        try:
            asked = float(self.delai)
        except ValueError:
            raise Probleme(
                "parametre-refuse", 400, champs=(Champ("delai", "invalide", {"attendu": "0.1 … s"}),)
            ) from None
        return math.inf if math.isnan(asked) else max(0.1, asked)


def champs(texte: str) -> dict[str, list[str]]:
    """The fields of a query string or of a form, empty ones kept."""
    return parse_qs(texte, keep_blank_values=True)


async def appel_poste(request: Request) -> Appel:
    """The request of a POST: a form, or the query as the body; the dataset may stand in the address.

    Raises Probleme: 400 not UTF-8, an update, several queries; 415 another media type or charset.
    """
    media, _, suite = request.headers.get("content-type", "").lower().partition(";")
    charset = suite.partition("charset=")[2].strip(' "')
    if charset not in ("", "utf-8", "utf8"):
        raise Probleme("type-refuse", 415, entetes={"Accept-Post": f"{REQUETE}, {FORMULAIRE}"})
    adresse = champs(request.url.query)
    try:
        text = (await request.body()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Probleme("requete-incorrecte", 400) from error
    match media.strip():
        case "application/x-www-form-urlencoded":
            return Appel.lire(_unir(adresse, champs(text)))
        case "application/sparql-query":
            return Appel.lire(adresse, text)
        case "application/sparql-update":
            raise Probleme("sparql-lecture-seule", 400, valeurs={"mot": "update"})
        case _:
            raise Probleme("type-refuse", 415, entetes={"Accept-Post": f"{REQUETE}, {FORMULAIRE}"})


def _unir(*groupes: dict[str, list[str]]) -> dict[str, list[str]]:
    unis: dict[str, list[str]] = {}
    for groupe in groupes:
        for nom, valeurs in groupe.items():
            unis.setdefault(nom, []).extend(valeurs)
    return unis


def variante(accept: str, demande: str, offerts: tuple[Variante, ...]) -> Variante | None:
    """The wanted format, by name or by Accept; None for the page. Raises Probleme 406, which lists them."""
    if demande == TABLEAU or (not demande and accepts_html(accept)):
        return None
    chosen = _nommee(demande, offerts) if demande else choose(accept, offerts)
    if chosen is None:
        raise refus(offerts)
    return chosen


def _nommee(demande: str, offerts: tuple[Variante, ...]) -> Variante | None:
    nom = SYNONYMES.get(demande, demande)
    suffixes = {one.suffixe for one in offerts}
    nom = nom if nom in suffixes else EN_GRAPHE.get(nom, nom)
    return next((one for one in offerts if nom in (one.suffixe, one.media, *one.autres)), None)


def refus(offerts: tuple[Variante, ...]) -> Probleme:
    """406, with what is offered."""
    types = list(dict.fromkeys(one.media for one in offerts))
    return Probleme("format-refuse", 406, valeurs={"offerts": ", ".join(types)}, membres={"offerts": types})

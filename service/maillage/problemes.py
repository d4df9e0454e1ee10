"""The one error shape of the service: RFC 9457 problem details, in French or English.

What is said stands in `pages/textes.toml` under `probleme.<code>`; what is here is which code has which
HTTP status, and how a problem is written in the format that was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from maillage.donnees_liees.negociation import RDF, Variante
from maillage.namespaces import PREFIXES
from maillage.textes import Langue, Textes

MEDIA_PROBLEME = "application/problem+json"
#: W3C "HTTP vocabulary in RDF": a problem stays readable by a client that only reads RDF.
HTTP = "http://www.w3.org/2011/http#"


@dataclass(frozen=True)
class Champ:
    """One parameter that was refused: its name, the code of the reason and the values of its sentence."""

    nom: str
    raison: str
    valeurs: Mapping[str, object] = field(default_factory=dict)


class Probleme(Exception):  # noqa: N818 (named as users read it)
    """Something the client must be told.

    `code` names the texts, `statut` is the HTTP status, `valeurs` fill the sentence, `membres` are extension
    members of the JSON (line, column, what is offered), `entetes` HTTP headers, `triples` what the RDF says
    besides.
    """

    def __init__(
        self,
        code: str,
        statut: int,
        *,
        valeurs: Mapping[str, object] | None = None,
        membres: Mapping[str, object] | None = None,
        champs: tuple[Champ, ...] = (),
        entetes: Mapping[str, str] | None = None,
        triples: Sequence[Triple] = (),
    ) -> None:
        super().__init__(code)
        self.code = code
        self.statut = statut
        self.valeurs = dict(valeurs or {})
        self.membres = dict(membres or {})
        self.champs = champs
        self.entetes = dict(entetes or {})
        self.triples = list(triples)


def depuis_statut(statut: int) -> Probleme:
    """The problem for a bare HTTP status raised by the framework."""
    codes = {404: "introuvable", 405: "methode-refusee", 406: "format-refuse", 413: "corps-trop-grand"}
    return Probleme(codes.get(statut, "requete-incorrecte" if statut < 500 else "interne"), statut)


def en_dict(probleme: Probleme, textes: Textes, langue: Langue, adresse: str, base: str) -> dict[str, object]:
    """Members of the problem document. `adresse` is the path asked, `base` the public address."""
    titre = textes.dire(f"probleme.{probleme.code}.titre", langue)
    detail = textes.dire(f"probleme.{probleme.code}.detail", langue, **probleme.valeurs)
    document: dict[str, object] = {
        "type": f"{base}/documentation#probleme-{probleme.code}",
        "title": titre,
        "status": probleme.statut,
        "detail": detail,
        "instance": adresse,
        "code": probleme.code,
        "langue": langue,
    }
    if probleme.champs:
        document["champs"] = [
            {"nom": champ.nom, "raison": textes.dire(f"champ.{champ.raison}", langue, **champ.valeurs)}
            for champ in probleme.champs
        ]
    return document | probleme.membres


def en_json(document: Mapping[str, object]) -> bytes:
    """The document as bytes of application/problem+json."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8")


def en_triples(document: Mapping[str, object]) -> list[Triple]:
    """The document as RDF (an HTTP response with a status, a title and a description)."""
    node = BlankNode()
    langue = str(document["langue"])
    values: list[tuple[str, NamedNode | Literal]] = [
        (PREFIXES["rdf"] + "type", NamedNode(HTTP + "Response")),
        (HTTP + "statusCodeValue", Literal(int(str(document["status"])))),
        (HTTP + "reasonPhrase", Literal(HTTPStatus(int(str(document["status"]))).phrase)),
        (PREFIXES["dcterms"] + "title", Literal(str(document["title"]), language=langue)),
        (PREFIXES["dcterms"] + "description", Literal(str(document["detail"]), language=langue)),
    ]
    return [Triple(node, NamedNode(name), value) for name, value in values]


def rdf_wanted(path: str, accept: str) -> Variante | None:
    """The RDF variant an erroneous request asked for by suffix or by name; None for JSON."""
    for variante in RDF:
        named = (variante.media, *(a for a in variante.autres if a.startswith("application/x-")))
        if path.endswith("." + variante.suffixe) or any(media in accept for media in named):
            return variante
    return None

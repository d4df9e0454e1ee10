"""The page of the SPARQL endpoint: a form that works alone, which a script makes an editor."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from maillage.bac_a_sable.controle import Sorte
from maillage.bac_a_sable.trames import Limites
from maillage.namespaces import MLG
from maillage.problemes import Probleme, en_dict
from maillage.routes.contexte import adresse_publique, etag_of, langue_de, page, service
from maillage.routes.protocole import OFFERTS, Appel

LIGNES_AFFICHEES = 500
#: the query that a first visit finds written.
DEFAUT = """PREFIX mlg: <{mlg}>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?type ?libelle
WHERE {{
  ?type a mlg:TypeActeur ;
    skos:prefLabel ?libelle .
  FILTER(LANG(?libelle) = "{langue}")
}}
ORDER BY ?libelle
LIMIT 50"""


def montrer(
    request: Request,
    appel: Appel,
    limites: Limites,
    sorte: Sorte | None = None,
    *,
    probleme: Probleme | None = None,
    resultats: dict[str, Any] | None = None,
    texte: str = "",
) -> Response:
    """The editor with a query, what came of it (rows, a boolean, Turtle), or what is wrong and where."""
    langue, textes = langue_de(request), service(request).textes
    document = (
        en_dict(probleme, textes, langue, request.url.path, adresse_publique(request)) if probleme else None
    )
    response = page(
        request,
        "sparql.html",
        probleme.statut if probleme else 200,
        requete=appel.requete or _example(request),
        defaut=DEFAUT.format(mlg=MLG, langue=langue),
        question=urlencode([("query", appel.requete), *_passed(appel)]),
        limites=limites,
        probleme=document,
        fautive=_faulty(appel.requete, document) if document else None,
        resultats=resultats,
        texte=texte,
        exemples=[one for one in service(request).requetes if not one.interne],
        formats=[one.suffixe for one in OFFERTS[sorte]] if sorte else [],
        autres=_passed(appel),
        lignes_affichees=LIGNES_AFFICHEES,
    )
    response.headers.update(probleme.entetes if probleme else {"ETag": etiquette(request)})
    return response


def etiquette(request: Request) -> str:
    """ETag of the page; the address tells one query from another."""
    return etag_of(request, f"editeur-{langue_de(request)}")


def _example(request: Request) -> str:
    """Text of the stored query that `?exemple=` names, without its header; empty where none is named."""
    nom = request.query_params.get("exemple", "")
    lignes = service(request).requetes[nom].texte.splitlines() if nom else []
    return "\n".join(ligne for ligne in lignes if not ligne.startswith("#+"))


def _passed(appel: Appel) -> list[tuple[str, str]]:
    """Fields of the protocol that the form and the links keep as they came."""
    graphes = [("default-graph-uri", iri) for iri in appel.graphes]
    return [*graphes, *(("named-graph-uri", iri) for iri in appel.nommes)]


def _faulty(requete: str, document: dict[str, object]) -> tuple[str, str, str] | None:
    """The line where reading stopped: what is before the place, the character there, what is after."""
    ligne, colonne = document.get("ligne"), document.get("colonne")
    lignes = requete.split("\n")
    if not isinstance(ligne, int) or not isinstance(colonne, int) or ligne > len(lignes):
        return None
    line = lignes[ligne - 1].rstrip("\r")
    return line[: colonne - 1], line[colonne - 1 : colonne] or " ", line[colonne:]

"""The tools over the Model Context Protocol (official SDK). Imported when first needed: it takes a second.

Texts come from `pages/textes.toml`: `outil.<name>` tells an assistant what a tool does, in both languages.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from importlib.metadata import version
from typing import Annotated, Any, ParamSpec

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from maillage.assistants.outils import ACTEURS, LIGNES, Outils
from maillage.problemes import Probleme
from maillage.requetes.parametres import ParametreInvalide
from maillage.textes import Langue, Textes

journal = logging.getLogger("maillage.assistants")

Texte = Annotated[str, Field(max_length=20_000)]
Court = Annotated[str, Field(max_length=500)]
Turtle = Annotated[str, Field(max_length=500_000)]
Lignes = Annotated[int, Field(ge=1, le=LIGNES)]
Decalage = Annotated[int, Field(ge=0, le=10_000_000)]
Acteurs = Annotated[int, Field(ge=1, le=ACTEURS)]
Parametres = dict[str, str | list[str]]
_LECTURE = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_P = ParamSpec("_P")


def creer_serveur(outils: Callable[[], Outils], textes: Textes) -> MCPServer[Any]:
    """A server whose tools ask `outils` for the parts of the service each time they are called."""

    def dire(cle: str) -> str:
        return "\n".join(textes.dire(cle, langue) for langue in ("en", "fr"))

    serveur: MCPServer[Any] = MCPServer(
        "maillage",
        title="Maillage",
        instructions=dire("outil.consignes"),
        website_url="https://w3id.org/maillage/",
        version=version("maillage"),
        subscriptions=False,
    )
    for nom, outil in _outils(outils, textes).items():
        serveur.add_tool(outil, nom, description=dire(f"outil.{nom}"), annotations=_LECTURE)
    return serveur


def _outils(
    outils: Callable[[], Outils], textes: Textes
) -> dict[str, Callable[..., Awaitable[dict[str, Any]]]]:
    """The tools by name. Their signatures are what assistants are told of their parameters."""

    async def orienter(
        question: Court, langue: Langue = "fr", limite: Acteurs = 10, territoire: Court = ""
    ) -> dict[str, Any]:
        return await outils().orienter(question, langue, limite, territoire)

    async def decrire(iri: Court, langue: Langue = "fr") -> dict[str, Any]:
        return await outils().decrire(iri, langue)

    async def lister_requetes(langue: Langue = "fr") -> dict[str, Any]:
        return outils().requetes(langue)

    async def executer_requete(
        nom: Court, parametres: Parametres | None = None, limite: Lignes = 50, decalage: Decalage = 0
    ) -> dict[str, Any]:
        return await outils().executer(nom, parametres or {}, limite, decalage)

    async def interroger_sparql(requete: Texte, limite: Lignes = 50) -> dict[str, Any]:
        return await outils().interroger(requete, limite)

    async def valider_turtle(turtle: Turtle, fichier: Court = "", langue: Langue = "fr") -> dict[str, Any]:
        return await outils().valider(turtle, fichier, langue)

    found = (orienter, decrire, lister_requetes, executer_requete, interroger_sparql, valider_turtle)
    return {one.__name__: _dire_les_refus(one, textes) for one in found}


def _dire_les_refus(
    outil: Callable[_P, Awaitable[dict[str, Any]]], textes: Textes
) -> Callable[_P, Awaitable[dict[str, Any]]]:
    """The tool, whose refusals become sentences that an assistant can act on."""

    @wraps(outil)
    async def sure(*args: _P.args, **kwargs: _P.kwargs) -> dict[str, Any]:
        langue: Langue = "en" if kwargs.get("langue") == "en" else "fr"
        try:
            return await outil(*args, **kwargs)
        except Probleme as probleme:
            raise ToolError(_phrase(probleme, textes, langue)) from None
        except ParametreInvalide as error:
            raise ToolError(error.message(langue)) from None
        except Exception as error:
            journal.exception("outil %s", outil.__name__)
            raise ToolError(textes.dire("probleme.interne.detail", langue)) from error

    return sure


def _phrase(probleme: Probleme, textes: Textes, langue: Langue) -> str:
    said = textes.dire(f"probleme.{probleme.code}.detail", langue, **probleme.valeurs)
    reasons = [textes.dire(f"champ.{one.raison}", langue, **one.valeurs) for one in probleme.champs]
    fields = [f"{one.nom} : {reason}" for one, reason in zip(probleme.champs, reasons, strict=True)]
    return " ".join([said, *fields])

"""The `maillage` command: serve, validate, ask, import, export, build.

Exit codes: 0 done; 1 done, with something to look at (warnings under `--strict`, nothing understood); 2
refused (errors in the data, wrong arguments); 3 impossible (unreadable file, no snapshot, disk, network).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from maillage.catalogue import exportation
from maillage.commande import classeur, importation, intendance, qualite, service
from maillage.commande.affichage import en_couleurs, reponse_en_texte
from maillage.commande.avancement import Avancement
from maillage.commande.execution import (
    A_VOIR,
    REFUSE,
    REUSSI,
    Commande,
    Echec,
    Groupe,
    executer,
    livrer,
    parametrage,
)
from maillage.lexique import Lexique
from maillage.orientation import Orienteur
from maillage.problemes import Probleme
from maillage.question import nettoyer
from maillage.requetes.recueil import Requetes
from maillage.textes import lire_textes
from maillage.versions.instantane import LEXIQUE, REQUETES, charger_courant

# A command imports the engines that it alone needs: the server starts half a second sooner.
if TYPE_CHECKING:
    from maillage.validation import Rapport

app = typer.Typer(
    cls=Groupe,
    help="Maillage : qui soutient les petites et moyennes associations employeuses, et où.\n\n"
    "Codes de sortie : 0 fait ; 1 fait, mais à regarder ; 2 refusé (données ou arguments) ; 3 impossible.",
    epilog="Le corpus est le dossier courant, ou celui que nomme MAILLAGE_RACINE.",
    context_settings={"help_option_names": ["--aide", "--help", "-h"]},
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Langue(StrEnum):
    """Languages of answers and reports."""

    FR = "fr"
    EN = "en"


class FormatRapport(StrEnum):
    """Forms of a validation report; svg is the badge."""

    TEXTE = "texte"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    HTML = "html"
    TTL = "ttl"
    SVG = "svg"


class FormatExport(StrEnum):
    """RDF formats of an export, by file suffix."""

    NQ = "nq"
    TRIG = "trig"
    NT = "nt"
    TTL = "ttl"
    RDF = "rdf"
    JSONLD = "jsonld"


importation.inscrire(app)
intendance.inscrire(app)
qualite.inscrire(app)
service.inscrire(app)
app.add_typer(classeur.app, name="tableur")

OptionLangue = Annotated[Langue, typer.Option("--langue", help="Langue de la réponse : fr ou en.")]
OptionRapport = Annotated[FormatRapport, typer.Option("--format", help="Forme du rapport.")]


@app.command(cls=Commande)
def valider(
    strict: Annotated[
        bool, typer.Option("--strict", help="Sortir avec le code 1 s'il y a un avertissement.")
    ] = False,
    forme: OptionRapport = FormatRapport.TEXTE,
    langue: OptionLangue = Langue.FR,
) -> None:
    """Vérifie tous les fichiers du corpus.

    Syntaxe, formes, doublons ; rien n'est écrit.

    Code 0 : conforme ; 1 : avertissements, avec --strict ; 2 : erreurs ; 3 : fichier illisible.
    """
    from maillage import validation
    from maillage.corpus.corpus import read_corpus

    settings, avancement = parametrage(), Avancement()
    try:
        rapport = validation.valider(read_corpus(settings.racine, avancement), avancement)
    finally:
        avancement.fin()
    typer.echo(_rapport(rapport, forme, langue), nl=False, color=True)
    raise typer.Exit(validation.exit_code(rapport, strict))


@app.command(cls=Commande)
def chercher(
    question: Annotated[str, typer.Argument(help="La question, avec vos mots, en français ou en anglais.")],
    langue: OptionLangue = Langue.FR,
    limite: Annotated[int, typer.Option("--limite", min=1, max=100, help="Nombre de réponses au plus.")] = 10,
    en_json: Annotated[bool, typer.Option("--json", help="Réponse complète, en JSON.")] = False,
) -> None:
    """Répond à une question d'orientation.

    Exemple : maillage chercher "qui accompagne une première embauche dans le sport à Quimper ?"
    Code 1 quand la question n'est pas du domaine ou doit être précisée.
    """
    settings, propre = parametrage(), _question(question, langue)
    dossier, entrepot, _ = charger_courant(settings.dossier_instantanes)
    requetes, lexique = Requetes(dossier / REQUETES), Lexique.lire(dossier / LEXIQUE)
    orienteur = Orienteur(entrepot, requetes, lexique, datetime.now(UTC).year)
    reponse = orienteur.repondre(propre, langue, limite).en_json()
    written = (
        json.dumps(reponse, ensure_ascii=False, indent=2) if en_json else reponse_en_texte(reponse, langue)
    )
    typer.echo(written, nl=en_json)
    comprehension = reponse["comprehension"]
    raise typer.Exit(A_VOIR if comprehension["hors_sujet"] or comprehension["a_preciser"] else REUSSI)


def _question(question: str, langue: Langue) -> str:
    try:
        return nettoyer(question)
    except Probleme as error:
        textes = lire_textes()
        said = [textes.dire(f"champ.{one.raison}", langue.value, **one.valeurs) for one in error.champs]
        raise Echec("Question : " + " ".join(said), REFUSE) from error


@app.command(cls=Commande)
def exporter(
    forme: Annotated[FormatExport, typer.Option("--format", help="Format RDF.")] = FormatExport.TRIG,
    sortie: Annotated[
        Path | None, typer.Option("--sortie", help="Fichier à écrire ; sinon la sortie standard.")
    ] = None,
    deduits: Annotated[bool, typer.Option("--deduits", help="Avec les triplets déduits.")] = False,
) -> None:
    """Écrit les données de la version en service.

    Les formats nq et trig gardent les graphes nommés, un par fichier du corpus ; les autres les fondent.
    """
    settings = parametrage()
    livrer(exportation.exporter(settings.dossier_instantanes, forme.value, deduits), sortie)


@app.command(cls=Commande)
def mcp() -> None:
    """Met les données en service à portée d'un assistant, par l'entrée et la sortie standard (MCP).

    À déclarer dans l'assistant, qui lance la commande lui-même. Le site offre les mêmes outils à « /mcp ».
    """
    settings = parametrage()
    from maillage.assistants.stdio import servir as servir_un_assistant

    servir_un_assistant(settings)


def _rapport(rapport: Rapport, forme: FormatRapport, langue: Langue, sortie: TextIO | None = None) -> str:
    """The report as it goes to `sortie`, in colours on a terminal unless NO_COLOR asks for none."""
    from maillage.validation.rapport_ecrit import ECRITURES, rapport_en_texte

    if forme is FormatRapport.TEXTE and en_couleurs(sortie or sys.stdout):
        return rapport_en_texte(rapport, langue.value, couleurs=True)
    return ECRITURES[forme.value](rapport, langue.value)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `maillage` command."""
    sys.exit(executer(app, arguments, _montrer))


def _montrer(rapport: Rapport) -> str:
    return _rapport(rapport, FormatRapport.TEXTE, Langue.FR, sys.stderr)

"""Running a command: what every command shares, and how whatever goes wrong is said."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydantic
import typer
from typer.core import TyperCommand, TyperGroup

from maillage.classeur.defauts import ClasseurIllisible
from maillage.config import Settings
from maillage.importation import ErreurImport
from maillage.requetes.requete import EnteteInvalide
from maillage.store.entrepot import EntrepotIndisponible
from maillage.versions.instantane import ConstructionEnCours, InstantaneAbsent, InstantaneRefuse
from maillage.versions.manifeste import InstantaneAltere

if TYPE_CHECKING:
    from maillage.validation import Rapport

#: exit codes: done; done, but to be looked at; refused (data, arguments); impossible (file, disk, network).
REUSSI, A_VOIR, REFUSE, IMPOSSIBLE = 0, 1, 2, 3
INTERROMPU = 130


#: words of the framework's help and errors, which are in English only.
_AIDE = {
    "Usage:": "Emploi :",
    "COMMAND [ARGS]...": "COMMANDE …",
    "Commands:": "Commandes :",
    "Arguments:": "Arguments :",
    "Options:": "Options :",
    "Show this message and exit.": "Montrer cette aide.",
    "[default: ": "[par défaut : ",
    "[required]": "[obligatoire]",
    "<int range>": "<nombre>",
    "<int>": "<nombre>",
    "<str>": "<texte>",
    "<path>": "<fichier>",
    "<list[Path]>": "<fichiers>",
    "Missing command.": "Il manque la commande.",
    "No such command": "Commande inconnue :",
    "Got unexpected extra argument(s)": "En trop :",
}


def _en_francais(aide: str) -> str:
    for english, french in _AIDE.items():
        aide = aide.replace(english, french)
    return aide


class Groupe(TyperGroup):
    """The command and its list of subcommands, helped in French."""

    def get_help(self, ctx: Any) -> str:
        """Text of `--aide`."""
        return _en_francais(super().get_help(ctx))


class Commande(TyperCommand):
    """A subcommand, helped in French."""

    def get_help(self, ctx: Any) -> str:
        """Text of `--aide`."""
        return _en_francais(super().get_help(ctx))


class Echec(Exception):  # noqa: N818 (the error is named in French)
    """A command that stops: what is said to the person, and the exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def parametrage() -> Settings:
    """Settings of this run. Raises Echec where one has no meaning, or where there is no corpus."""
    try:
        settings = Settings()
    except pydantic.ValidationError as error:
        names = ", ".join(f"MAILLAGE_{str(one['loc'][0]).upper()}" for one in error.errors())
        raise Echec(
            f"Réglage incompréhensible : {names}. Les réglages sont dans README.md.", REFUSE
        ) from error
    if not (settings.racine / "ontologie").is_dir():
        raise Echec(
            f"{settings.racine} ne contient pas de corpus (dossier « ontologie » absent). Placez-vous dans "
            "le dossier du projet, ou nommez-le dans MAILLAGE_RACINE.",
            IMPOSSIBLE,
        )
    return settings


def essayer_le_port(hote: str, port: int) -> None:
    """Fail before a build of a minute rather than after it. Raises Echec where one cannot listen there."""
    try:
        socket.create_server((hote, port)).close()
    except OSError as error:
        raise Echec(
            f"Impossible d'écouter sur {hote}:{port} ({error.strerror}). Choisissez une autre adresse avec "
            "--hote ou un autre port avec --port.",
            IMPOSSIBLE,
        ) from error


def livrer(octets: bytes, sortie: Path | None) -> None:
    """Write what a command gives in a file, or on the standard output. Raises OSError."""
    if sortie is None:
        sys.stdout.buffer.write(octets)
        return
    sortie.write_bytes(octets)
    typer.echo(f"{sortie} : {len(octets)} octets.", err=True)


def executer(app: typer.Typer, arguments: Sequence[str] | None, montrer: Callable[[Rapport], str]) -> int:
    """Run the command; its exit code. What goes wrong is a sentence on the error output, never a traceback.

    `montrer` gives the text of a validation report.
    """
    try:
        code = app(arguments, prog_name="maillage", standalone_mode=False)
        return code if isinstance(code, int) else REUSSI
    except InstantaneRefuse as error:
        typer.echo(montrer(error.rapport), err=True, nl=False)
        return _dire(f"{error}.", REFUSE)
    except Echec as error:
        return _dire(str(error), error.code)
    except (ErreurImport, EnteteInvalide, ClasseurIllisible) as error:
        return _dire(str(error), REFUSE)
    except typer.TyperException as error:
        return _dire(f"{_usage(error)}\nAide : maillage --aide", REFUSE)
    except (InstantaneAbsent, InstantaneAltere, ConstructionEnCours) as error:
        return _dire(str(error), IMPOSSIBLE)
    except BrokenPipeError:
        # The reader of the output went away (« | head »): there is nobody left to tell.
        sys.stderr.close()
        return IMPOSSIBLE
    except EntrepotIndisponible as error:
        return _dire(str(error), IMPOSSIBLE)
    except OSError as error:
        return _dire(f"{error.filename or ''} : {error.strerror or error}".removeprefix(" : "), IMPOSSIBLE)
    except (KeyboardInterrupt, typer.Abort):
        return _dire("Interrompu.", INTERROMPU)


def _usage(error: typer.TyperException) -> str:
    """A usage error in French, as far as its kind is known."""
    name, parameter = getattr(error, "option_name", None), getattr(error, "param", None)
    if name:
        return f"Option inconnue ou incomplète : {name}."
    if parameter is None:
        return _en_francais(error.format_message())
    if not error.message:
        return f"Il manque : {parameter.get_error_hint()}."
    expected = _en_francais(parameter.display_type(getattr(error, "ctx", None)))
    return f"Valeur refusée pour {parameter.get_error_hint()} : {expected} attendu."


def _dire(message: str, code: int) -> int:
    typer.echo(f"maillage : {message}", err=True)
    return code

"""The commands of those who run the service: serve (build when needed, then HTTP), back up, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from maillage.commande import intendance
from maillage.commande.execution import REFUSE, Commande, Echec, essayer_le_port, parametrage
from maillage.versions.instantane import courant
from maillage.versions.sauvegarde import RestaurationRefusee, restaurer, sauvegarder


def inscrire(app: typer.Typer) -> None:
    """Add the commands to the `maillage` command."""
    for nom, fonction in (
        ("servir", servir_commande),
        ("sauvegarder", sauvegarder_commande),
        ("restaurer", restaurer_commande),
    ):
        app.command(nom, cls=Commande)(fonction)


def servir_commande(
    hote: Annotated[str, typer.Option("--hote", help="Adresse d'écoute.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port d'écoute.")] = 8000,
    construction: Annotated[
        bool,
        typer.Option("--construire/--sans-construire", help="Reconstruire d'abord, si le corpus a changé."),
    ] = True,
    surveiller: Annotated[
        bool, typer.Option("--surveiller", help="Publier chaque retouche des fichiers du corpus.")
    ] = False,
    nombre: Annotated[
        int, typer.Option("--processus", min=1, max=64, help="Nombre de processus qui répondent.")
    ] = 1,
) -> None:
    """Sert le site et l'interface de programmation.

    Reconstruit d'abord l'instantané s'il est absent ou dépassé. Si le corpus a des erreurs, elles sont
    montrées et la dernière bonne version est servie. Une version publiée ensuite est prise sans arrêt.
    """
    settings = parametrage()
    essayer_le_port(hote, port)
    if construction:
        intendance.rafraichir(settings)
    from maillage.commande import processus

    courant(settings.dossier_instantanes)
    typer.echo(f"Maillage : http://{hote}:{port} (Ctrl-C pour arrêter)", err=True)
    processus.servir(settings, hote, port, nombre, surveiller=surveiller)


def sauvegarder_commande(
    fichier: Annotated[Path, typer.Argument(help="Fichier à écrire (.tar.gz).")],
) -> None:
    """Met dans un fichier ce que le corpus ne permet pas de reconstruire.

    Version en service, journal des changements, histoire des versions, mots inconnus. Se lance pendant que
    le service répond.
    """
    octets = sauvegarder(parametrage(), fichier)
    typer.echo(f"{fichier} : {octets} octets.")


def restaurer_commande(
    fichier: Annotated[Path, typer.Argument(help="Fichier écrit par « sauvegarder ».")],
) -> None:
    """Remet en place une sauvegarde, là où il n'y a encore aucune version."""
    try:
        version = restaurer(parametrage(), fichier)
    except RestaurationRefusee as error:
        raise Echec(f"{error}.", REFUSE) from error
    typer.echo(f"Version {version} remise en place.")

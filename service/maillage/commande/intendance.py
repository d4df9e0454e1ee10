"""The steward's commands: build, publish, compare versions, format files, list unknown words."""

from __future__ import annotations

import json
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from maillage.commande.avancement import Avancement
from maillage.commande.execution import A_VOIR, IMPOSSIBLE, REFUSE, Commande, Echec, parametrage
from maillage.config import Settings
from maillage.versions.instantane import COURANT, ConstructionEnCours, InstantaneRefuse, a_jour
from maillage.versions.publication import annoncer, publier

#: seconds between two tries while another process builds.
PATIENCE = 0.2


class FormatDifferences(StrEnum):
    """Forms of a comparison."""

    TEXTE = "texte"
    JSON = "json"
    TURTLE = "turtle"


def inscrire(app: typer.Typer) -> None:
    """Add the commands to the `maillage` command."""
    for nom, fonction in (
        ("construire", construire_commande),
        ("publier", publier_commande),
        ("comparer", comparer_commande),
        ("formater", formater_commande),
        ("inconnus", inconnus_commande),
    ):
        app.command(nom, cls=Commande)(fonction)


def rafraichir(settings: Settings) -> None:
    """Build when needed. An error is recorded; raised only where there is nothing else to serve.

    Raises InstantaneRefuse, ConstructionEnCours; the report of a refusal is shown either way.
    """
    if a_jour(settings):
        return
    try:
        typer.echo(_construire(settings, forcer=False))
    except (InstantaneRefuse, ConstructionEnCours) as error:
        if not (settings.dossier_instantanes / COURANT).exists():
            raise
        if isinstance(error, InstantaneRefuse):
            from maillage.validation.rapport_ecrit import rapport_en_texte

            typer.echo(rapport_en_texte(error.rapport, "fr"), err=True)
        typer.echo(f"{error}. La version précédente est servie.", err=True)


def construire_commande(
    si_besoin: Annotated[
        bool, typer.Option("--si-besoin", help="Ne rien faire si l'instantané en service est à jour.")
    ] = False,
) -> None:
    """Construit l'instantané et le met en service.

    Lit, valide, complète et indexe le corpus. En cas d'erreur, la version en service n'est pas touchée.
    """
    typer.echo(_construire(parametrage(), forcer=not si_besoin))


def publier_commande(
    attendre: Annotated[
        bool, typer.Option("--attendre", help="Attendre la fin d'une autre construction, s'il y en a une.")
    ] = False,
) -> None:
    """Publie le corpus s'il a changé : vérifie, construit, met en service.

    Fait pour une tâche programmée. Code 0 : publié, ou rien à publier ; 2 : le corpus a des erreurs, qui sont
    montrées, et la dernière bonne version reste en service ; 3 : impossible (construction en cours, disque).
    """
    settings = parametrage()
    while True:
        try:
            typer.echo(_construire(settings, forcer=False))
            return
        except ConstructionEnCours:
            if not attendre:
                raise
            time.sleep(PATIENCE)


def comparer_commande(
    de: Annotated[str, typer.Argument(help="Version de départ : numéro, nom ou « courant ».")],
    vers: Annotated[str, typer.Argument(help="Version d'arrivée.")] = COURANT,
    forme: Annotated[
        FormatDifferences, typer.Option("--format", help="Forme de la comparaison.")
    ] = FormatDifferences.TEXTE,
) -> None:
    """Dit ce qui change d'une version à une autre : ajouté, modifié, retiré, par ressource.

    « maillage comparer liste » montre les versions connues, avec leur date et leur révision ; avec
    « --format turtle », comme données (PROV-O).
    """
    from maillage.versions import historique
    from maillage.versions.differences_ecrites import differences_en_texte, versions_en_texte
    from maillage.versions.provenance import en_turtle

    dossier = parametrage().dossier_instantanes
    if de == "liste":
        known = historique.manifestes(dossier)
        turtle = forme is FormatDifferences.TURTLE
        typer.echo(en_turtle(known) if turtle else versions_en_texte(known), nl=False)
        return
    if forme is FormatDifferences.TURTLE:
        raise Echec("« --format turtle » est pour « maillage comparer liste »", REFUSE)
    try:
        found = historique.comparer(dossier, de, vers)
    except historique.VersionInconnue as error:
        raise Echec(str(error), REFUSE) from error
    except historique.ComparaisonImpossible as error:
        raise Echec(str(error), IMPOSSIBLE) from error
    if forme is FormatDifferences.JSON:
        typer.echo(json.dumps(found.en_json(), ensure_ascii=False, indent=1))
    else:
        typer.echo(differences_en_texte(found), nl=False)


def formater_commande(
    fichiers: Annotated[
        list[Path] | None, typer.Argument(help="Fichiers Turtle ; sinon tous ceux des intendants.")
    ] = None,
    verifier: Annotated[
        bool, typer.Option("--verifier", help="Ne rien écrire ; code 1 si un fichier serait changé.")
    ] = False,
) -> None:
    """Met des fichiers Turtle en forme : triés, alignés, préfixes réduits à ceux qui servent.

    Le graphe n'est jamais changé et les commentaires restent ; un fichier où ce n'est pas possible est refusé
    (code 2) et laissé tel quel. Les fichiers écrits par « maillage importer » ne sont pas touchés.
    """
    from maillage.turtle.formatage import FormatageRefuse, fichiers_du_corpus, formater_fichier

    changed = refused = 0
    for path in fichiers or fichiers_du_corpus(parametrage().racine):
        try:
            if formater_fichier(path, ecrire=not verifier):
                changed += 1
                typer.echo(f"{path} : {'à mettre en forme' if verifier else 'mis en forme'}")
        except FormatageRefuse as error:
            refused += 1
            typer.echo(f"{path} : {error}", err=True)
    if refused:
        raise Echec(f"{refused} fichier(s) refusé(s), laissé(s) tel(s) quel(s).", REFUSE)
    if verifier and changed:
        raise typer.Exit(A_VOIR)


def _construire(settings: Settings, *, forcer: bool) -> str:
    """Publish, with progress; the sentence that tells the result."""
    avancement = Avancement()
    try:
        done = publier(settings, avancement, forcer=forcer)
        avancement.dire("journal des changements")
        _noter(settings)
    finally:
        avancement.fin()
    return annoncer(settings.dossier_instantanes, done)


def _noter(settings: Settings) -> None:
    """Add the new version to the journal of changes; the version is in service whatever comes of it."""
    import sqlite3

    from maillage.changements.tenue import tenir

    try:
        tenir(settings.dossier_instantanes)
    except (OSError, sqlite3.Error) as error:
        typer.echo(f"Journal des changements non tenu ({error}) ; le serveur réessaiera.", err=True)


def inconnus_commande(
    limite: Annotated[int, typer.Option("--limite", min=1, max=1000, help="Nombre de lignes au plus.")] = 50,
) -> None:
    """Montre les mots des questions que le service ne connaît pas : des étiquettes à ajouter, peut-être.

    Un mot n'est montré qu'après deux questions différentes ; aucune question n'est gardée.
    """
    from maillage.echecs import candidats
    from maillage.lexique import Lexique
    from maillage.versions.instantane import LEXIQUE, courant

    settings = parametrage()
    if settings.fichier_echecs is None:
        raise Echec("les mots inconnus ne sont pas comptés : MAILLAGE_ECHECS est vide", IMPOSSIBLE)
    lexique = Lexique.lire(courant(settings.dossier_instantanes) / LEXIQUE)
    trouves = candidats(settings.fichier_echecs, lexique, limite)
    for un in trouves:
        proches = f" ; ressemble à : {', '.join(un.proches)}" if un.proches else ""
        typer.echo(
            f"« {un.ngramme} » : {un.nombre} questions, dont {un.sans_reponse} sans réponse, "
            f"du {un.premier} au {un.dernier}{proches}"
        )
    if not trouves:
        typer.echo("Aucun mot inconnu dans au moins deux questions.")

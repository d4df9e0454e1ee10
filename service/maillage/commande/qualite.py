"""The commands on the quality of records: what is due for review, the quality report, a verification."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pyoxigraph import NamedNode

from maillage.commande.execution import REFUSE, Commande, Echec, livrer, parametrage
from maillage.namespaces import iri
from maillage.requetes.parametres import ParametreInvalide
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot
from maillage.textes import lire_textes

if TYPE_CHECKING:
    from maillage.changements.journal import Journal


class FormatRevues(StrEnum):
    """Forms of the list of records due."""

    TEXTE = "texte"
    CSV = "csv"
    ICS = "ics"


class FormatNotes(StrEnum):
    """Forms of the quality report."""

    TEXTE = "texte"
    CSV = "csv"


OptionTerritoire = Annotated[
    str, typer.Option("--territoire", help="Territoire : departement:29, region:53, commune:29232…")
]
OptionSortie = Annotated[
    Path | None, typer.Option("--sortie", help="Fichier à écrire ; sinon la sortie standard.")
]


def inscrire(app: typer.Typer) -> None:
    """Add the commands to the `maillage` command."""
    for nom, fonction in (
        ("relire", relire_commande),
        ("qualite", qualite_commande),
        ("verifier", verifier_commande),
    ):
        app.command(nom, cls=Commande)(fonction)


def relire_commande(
    territoire: OptionTerritoire = "pays:france",
    jusqu_au: Annotated[
        str, typer.Option("--jusqu-au", help="Dernier jour, AAAA-MM-JJ ; sinon aujourd'hui.")
    ] = "",
    forme: Annotated[FormatRevues, typer.Option("--format", help="Forme de la liste.")] = FormatRevues.TEXTE,
    sortie: OptionSortie = None,
) -> None:
    """Dit quelles fiches d'acteurs sont à revoir, les plus en retard d'abord.

    La règle des dates est dans requetes/inference/82-revues.rq ; les délais, dans les vocabulaires statuts,
    types-acteur et resultats-verification. Le format ics s'ouvre dans un agenda.
    """
    from maillage.qualite import revues

    now = datetime.now(UTC)
    echeance = _jour(jusqu_au, "--jusqu-au") if jusqu_au else now.date()
    entrepot, requetes = _en_service()
    ou = _territoire(entrepot, requetes, territoire)
    dues = revues.a_relire(entrepot, requetes, territoire, echeance, journal=_journal())
    if forme is FormatRevues.ICS:
        from maillage.qualite.agenda import en_ics

        livrer(en_ics(dues, ou, now), sortie)
    elif forme is FormatRevues.CSV:
        livrer(revues.en_csv(dues, lire_textes()), sortie)
    else:
        livrer(revues.en_texte(dues, ou, echeance).encode(), sortie)


def qualite_commande(
    territoire: OptionTerritoire = "pays:france",
    forme: Annotated[FormatNotes, typer.Option("--format", help="Forme du bilan.")] = FormatNotes.TEXTE,
    limite: Annotated[int, typer.Option("--limite", min=1, help="Fiches les plus basses à montrer.")] = 10,
    sortie: OptionSortie = None,
) -> None:
    """Note les fiches d'un territoire, critère par critère.

    Critères et poids : ontologie/vocabulaires/criteres-qualite.ttl. Le format csv donne toutes les fiches.
    """
    from maillage.qualite import notes

    entrepot, requetes = _en_service()
    ou = _territoire(entrepot, requetes, territoire)
    found = notes.bilan(entrepot, requetes, territoire, datetime.now(UTC).date())
    if forme is FormatNotes.CSV:
        livrer(notes.en_csv(found.notes, lire_textes()), sortie)
    else:
        livrer(notes.en_texte(found, ou, limite).encode(), sortie)


def verifier_commande(
    acteur: Annotated[str, typer.Argument(help="Nom court de l'acteur : cdos-29.")],
    par: Annotated[
        str,
        typer.Option("--par", help="Organisation (acteur:…) ou qualité : intendance, acteur-lui-meme…"),
    ],
    comment: Annotated[
        str, typer.Option("--comment", help="Moyen : rencontre, telephone, courriel, formulaire, site…")
    ],
    le: Annotated[str, typer.Option("--le", help="Jour, AAAA-MM-JJ ; sinon aujourd'hui.")] = "",
    resultat: Annotated[
        str, typer.Option("--resultat", help="confirmee, corrigee ou sans-reponse.")
    ] = "confirmee",
) -> None:
    """Écrit qu'une fiche a été vérifiée : par qui, comment, quand, avec quel résultat.

    Jamais de nom de personne. La ligne va dans verifications.ttl, à côté de la fiche ; publier ensuite.
    """
    from maillage.qualite.verification import Verification, VerificationRefusee, enregistrer
    from maillage.turtle.formatage import FormatageRefuse

    racine, today = parametrage().racine, datetime.now(UTC).date()
    dite = Verification(
        _terme(acteur, "acteur"),
        _terme(par, "verificateur"),
        _terme(comment, "moyen"),
        _jour(le, "--le") if le else today,
        _terme(resultat, "resultat"),
    )
    try:
        path, nom = enregistrer(racine, dite, today)
    except (VerificationRefusee, FormatageRefuse) as error:
        raise Echec(str(error), REFUSE) from error
    typer.echo(f"{nom} écrite dans {path.relative_to(racine)}. Pour la publier : maillage publier.")


def _en_service() -> tuple[Entrepot, Requetes]:
    from maillage.versions.instantane import REQUETES, charger_courant

    dossier, entrepot, _ = charger_courant(parametrage().dossier_instantanes)
    return entrepot, Requetes(dossier / REQUETES)


def _journal() -> Journal | None:
    """The journal of changes, brought up to the version in service; none where it cannot be kept."""
    from maillage.changements.journal import Journal
    from maillage.changements.tenue import tenir

    dossier = parametrage().dossier_instantanes
    try:
        tenir(dossier)
        return Journal(dossier)
    except (OSError, LookupError, sqlite3.Error):
        return None


def _territoire(entrepot: Entrepot, requetes: Requetes, dit: str) -> str:
    """Name of a territory. Raises Echec where there is none."""
    from maillage.requetes.libelles import libelles

    try:
        found = libelles(entrepot, requetes, [dit], "fr")
    except ParametreInvalide as error:
        raise Echec(f"Territoire « {dit} » : il faut un nom court, comme departement:29.", REFUSE) from error
    if not found:
        raise Echec(f"Territoire « {dit} » inconnu. Exemples : departement:29, region:53.", REFUSE)
    return next(iter(found.values()))


def _jour(dit: str, option: str) -> date:
    try:
        return date.fromisoformat(dit)
    except ValueError as error:
        raise Echec(f"{option} : « {dit} » n'est pas un jour AAAA-MM-JJ.", REFUSE) from error


def _terme(dit: str, prefixe: str) -> str:
    """IRI of a code, given with a prefix or without."""
    given, colon, code = dit.partition(":")
    try:
        return NamedNode(iri(given, code) if colon else iri(prefixe, dit)).value
    except (KeyError, ValueError) as error:
        raise Echec(f"« {dit} » n'est pas un nom court. Exemple : {prefixe}:…", REFUSE) from error

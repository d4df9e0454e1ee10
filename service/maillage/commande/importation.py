"""The commands that bring open data in: convert a file, review an edition, decide who is who."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.commande.avancement import Avancement
from maillage.commande.execution import A_VOIR, REFUSE, Commande, Echec, livrer, parametrage
from maillage.importation import IMPORTATEURS

if TYPE_CHECKING:
    from maillage.config import Settings
    from maillage.sources.chemin import Proposition, Source
    from maillage.sources.difference import Changement

OptionCsv = Annotated[Path | None, typer.Option("--csv", help="Écrire les changements dans un tableau.")]
OptionHtml = Annotated[Path | None, typer.Option("--html", help="Écrire les changements dans une page.")]
OptionEdition = Annotated[
    str, typer.Option("--edition", help="Jour de l'édition, AAAA-MM-JJ ; sinon lu dans le nom du fichier.")
]
OptionTerritoire = Annotated[
    str, typer.Option("--territoire", help="Seulement là : 29, departement:29, region:53.")
]


def inscrire(app: typer.Typer) -> None:
    """Add the commands to the `maillage` command."""
    app.command("importer", cls=Commande)(importer)
    app.command("rapprocher", cls=Commande)(rapprocher)
    app.command("rafraichir", cls=Commande)(rafraichir)
    app.command("retirer", cls=Commande)(retirer)


def importer(
    source: Annotated[str, typer.Argument(help="Nom de la source ; « liste » pour les connaître toutes.")],
    fichiers: Annotated[
        list[Path] | None, typer.Argument(help="Fichiers de la source, dans l'ordre de la liste.")
    ] = None,
    essai: Annotated[bool, typer.Option("--essai", help="Dire ce qui changerait, sans rien écrire.")] = False,
    accepter: Annotated[
        str,
        typer.Option("--accepter", help="tout, des genres (ajouts,conflits…) ou le tableau rempli."),
    ] = "",
    territoire: OptionTerritoire = "",
    edition: OptionEdition = "",
    tableau: OptionCsv = None,
    page: OptionHtml = None,
    details: Annotated[int, typer.Option("--details", min=0, help="Changements montrés, par genre.")] = 10,
) -> None:
    """Convertit des données ouvertes en Turtle.

    Une source vivante (annuaire…) est d'abord comparée aux fiches : rien n'est écrit sans --accepter. Les
    autres récrivent leurs propres fichiers. Les fichiers des intendants ne sont jamais touchés.
    Code 1 : des changements attendent une réponse.
    """
    from maillage.sources.chemin import SOURCES

    if source == "liste":
        typer.echo("\n".join(_sources()))
        return
    if source in SOURCES:
        _reviser(
            source, fichiers or [], edition, territoire, "" if essai else accepter, tableau, page, details
        )
        return
    if source not in IMPORTATEURS:
        noms = ", ".join([*SOURCES, *IMPORTATEURS])
        raise Echec(f"Source « {source} » inconnue. Sources : {noms}.", REFUSE)
    avancement = Avancement()
    try:
        bilan = IMPORTATEURS[source].fonction(fichiers or [], parametrage().racine, essai, avancement.dire)
    finally:
        avancement.fin()
    typer.echo("\n".join(bilan.phrases()))


def _sources() -> list[str]:
    from maillage.sources.chemin import SOURCES

    lines: list[str] = []
    for living in SOURCES.values():
        lines += [
            f"{living.nom} : {living.resume}",
            f"    maillage importer {living.nom} {living.fichiers} --essai",
        ]
    for one in IMPORTATEURS.values():
        lines += [f"{one.nom} : {one.resume}", f"    maillage importer {one.nom} {' '.join(one.arguments)}"]
    return lines


def _reviser(
    nom: str,
    fichiers: list[Path],
    edition: str,
    territoire: str,
    accepter: str,
    tableau: Path | None,
    page: Path | None,
    details: int,
) -> None:
    """Propose, show, and write what is accepted. Raises Echec, ErreurImport."""
    from maillage.sources import chemin, revue

    avancement = Avancement()
    try:
        racine = parametrage().racine
        proposition = chemin.propose(
            chemin.SOURCES[nom], fichiers, racine, edition, territoire, avancement.dire
        )
        choix = revue.Choix(accepter, proposition.surs) if accepter else None
        avancement.fin()
        _montrer(proposition, tableau, page, details)
        if choix is None:
            typer.echo(
                "\nRien n'est écrit. Pour accepter : --accepter tout, des genres, ou le tableau rempli."
            )
        else:
            acceptes, bilans = chemin.accepte(proposition, choix)
            typer.echo(
                f"\n{len(acceptes)} changements acceptés, {len(proposition.changements) - len(acceptes)} non."
            )
            typer.echo("\n".join(f"  {f}" for b in bilans for f in b.fichiers_touches))
    finally:
        avancement.fin()
    if choix is None and proposition.changements:
        raise typer.Exit(A_VOIR)


def _montrer(proposition: Proposition, tableau: Path | None, page: Path | None, details: int) -> None:
    from maillage.sources import revue

    typer.echo("\n".join(revue.en_texte(proposition.changements, proposition.bilan, details)))
    for phrase in proposition.avertissements:
        typer.echo(f"Attention : {phrase}")
    if tableau:
        livrer(revue.en_csv(proposition.changements), tableau)
    if page:
        titre = f"{proposition.source.resume} Édition du {proposition.edition.jour}."
        livrer(revue.en_html(proposition.changements, titre), page)


def rapprocher(
    source: Annotated[str, typer.Argument(help="Source vivante : annuaire…")],
    fichier: Annotated[Path, typer.Argument(help="L'édition où des organismes sont à départager.")],
    territoire: OptionTerritoire = "",
    edition: OptionEdition = "",
    tableau: Annotated[
        Path | None, typer.Option("--decisions", help="Le tableau de --csv : oui, non, ou rien.")
    ] = None,
) -> None:
    """Décide, un par un, si un organisme d'une source est un acteur connu.

    Les réponses, « non » compris, sont gardées dans donnees/rapprochements et valent pour les éditions
    suivantes. Avec --decisions, elles sont lues dans un tableau. Code 1 : il en reste à décider.
    """
    from datetime import UTC, datetime

    from maillage.sources import chemin, revue
    from maillage.sources.decisions import Decision, Decisions
    from maillage.sources.difference import A_DECIDER_GENRE

    racine, vivante = parametrage().racine, _vivante(source)
    proposition = chemin.propose(vivante, [fichier], racine, edition, territoire, Avancement().dire)
    douteux = [c for c in proposition.changements if c.genre == A_DECIDER_GENRE and c.notice]
    dites = revue.reponses(tableau) if tableau else {}
    today, prises = datetime.now(UTC).date().isoformat(), []
    for rang, c in enumerate(douteux, 1):
        reponse = dites.get(c.code) if tableau else _demander(c, rang, len(douteux))
        if reponse is not None and c.notice:
            raison = f"{c.apres} / {c.avant} : {c.raison}"
            prises.append(Decision(c.notice.identifiant, c.acteur, reponse, today, raison))
    if prises:
        Decisions(racine, source).ajoute(prises)
    typer.echo(f"{len(prises)} décisions écrites, {len(douteux) - len(prises)} restent à prendre.")
    if len(prises) < len(douteux):
        raise typer.Exit(A_VOIR)


def _demander(c: Changement, rang: int, total: int) -> bool | None:
    """What the person says of one pair; None to leave it for later."""
    typer.echo(f"\n{rang}/{total}  source : {c.apres} ({c.departement})")
    typer.echo(f"      fiche  : {c.avant} (acteur:{c.acteur})\n      {c.raison}")
    dit = typer.prompt(
        "Le même organisme ? oui, non, ou Entrée pour plus tard", default="", show_default=False
    )
    return {"o": True, "n": False}.get(dit.strip().lower()[:1])


def _vivante(nom: str) -> Source:
    from maillage.sources.chemin import SOURCES

    if nom not in SOURCES:
        raise Echec(f"Source « {nom} » inconnue. Sources comparées : {', '.join(SOURCES)}.", REFUSE)
    return SOURCES[nom]


def rafraichir(
    tout: Annotated[
        bool, typer.Option("--tout", help="Sans attendre la date de la prochaine édition.")
    ] = False,
    territoire: OptionTerritoire = "",
) -> None:
    """Relève les éditions dues et prépare leur revue. Ne publie jamais.

    Éteint par défaut : MAILLAGE_RAFRAICHIR nomme les serveurs permis ; les adresses sont celles de
    donnees/sources.ttl. La revue (CSV et HTML) est écrite à côté de l'édition relevée.
    Code 1 : des changements attendent une réponse.
    """
    from maillage.sources import releve

    settings = parametrage()
    if not settings.hotes_rafraichir:
        raise Echec("Éteint : nommez les serveurs permis dans MAILLAGE_RAFRAICHIR.", REFUSE)
    dossier, now, attendent = settings.dossier_sources, releve.maintenant(), False
    voulues = releve.dues(settings.racine, dossier, now)
    if tout:
        connues = ((s, releve.adresse(settings.racine, s)) for s in _toutes())
        voulues = ((source, ou) for source, ou in connues if ou)
    for source, ou in voulues:
        fichier = releve.releve(source, ou, dossier, settings.hotes_rafraichir, now)
        if fichier is None:
            typer.echo(f"{source.nom} : pas de nouvelle édition.")
            continue
        typer.echo(f"{source.nom} : {fichier.name}, {fichier.stat().st_size} octets.")
        attendent |= _preparer(settings, source, fichier, releve.jour(dossier, source), territoire)
    if attendent:
        raise typer.Exit(A_VOIR)


def _toutes() -> list[Source]:
    from maillage.sources.chemin import SOURCES

    return list(SOURCES.values())


def _preparer(settings: Settings, source: Source, fichier: Path, jour: str, territoire: str) -> bool:
    """Write the review of a fetched edition; whether changes are left to a person."""
    from maillage.sources import chemin, revue

    proposition = chemin.propose(source, [fichier], settings.racine, jour, territoire, Avancement().dire)
    _montrer(proposition, fichier.with_name(f"{source.nom}.csv"), fichier.with_name(f"{source.nom}.html"), 3)
    if not settings.rafraichir_accepter:
        return bool(proposition.changements)
    choix = revue.Choix(settings.rafraichir_accepter, proposition.surs)
    acceptes, _ = chemin.accepte(proposition, choix)
    typer.echo(f"{len(acceptes)} changements acceptés d'avance ({settings.rafraichir_accepter}).")
    return len(acceptes) < len(proposition.changements)


def retirer(
    acteur: Annotated[str, typer.Argument(help="Nom court de l'acteur : cdos-29.")],
    valeur: Annotated[str, typer.Option("--valeur", help="Le téléphone, le courriel ou le texte à retirer.")],
    raison: Annotated[str, typer.Option("--raison", help="Demande, sans nommer la personne.")],
) -> None:
    """Retire une donnée personnelle, et la refuse dans toutes les éditions à venir.

    Seule son empreinte est gardée, dans donnees/institutions/retraits.csv. Code 1 : un fichier tenu à la main
    la porte encore, il est nommé.
    """
    from datetime import UTC, datetime

    from maillage.sources.retrait import retire

    nom = acteur.removeprefix("acteur:")
    fait = retire(parametrage().racine, nom, valeur, datetime.now(UTC).date().isoformat(), raison)
    for chemin in fait.recrits:
        typer.echo(f"Retirée de {chemin}.")
    for chemin in fait.a_la_main:
        typer.echo(f"À retirer à la main : {chemin}.")
    typer.echo("Elle ne sera plus importée. Ensuite : maillage publier.")
    if fait.a_la_main:
        raise typer.Exit(A_VOIR)

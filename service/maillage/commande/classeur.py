"""`maillage tableur`: the stewards' workbook, written, taken in, given back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maillage.commande.avancement import Avancement
from maillage.commande.execution import REFUSE, Commande, Echec, Groupe, parametrage
from maillage.namespaces import CHEMINS, PREFIXES

# A command imports the engines that it alone needs: the server starts half a second sooner.
if TYPE_CHECKING:
    from maillage.classeur.etat import Etat
    from maillage.classeur.importation import Bilan

#: problems that a terminal is shown.
MONTRES = 1000

app = typer.Typer(
    cls=Groupe,
    help="Le classeur des intendants : acteurs, publics, activités, compétences, relations, dans un tableur.",
    add_completion=False,
    rich_markup_mode=None,
)

Fichier = Annotated[Path, typer.Argument(help="Classeur : .xlsx, .zip de CSV, ou dossier de CSV.")]
Territoire = Annotated[
    str, typer.Option("--territoire", help="Territoire, comme dans son adresse : departement/29.")
]
Remplacer = Annotated[bool, typer.Option("--remplacer", help="Écraser le fichier s'il existe.")]


@app.command("modele", cls=Commande)
def modele_commande(fichier: Fichier, territoire: Territoire = "", remplacer: Remplacer = False) -> None:
    """Écrit un classeur vide, avec ses listes déroulantes.

    Avec --territoire, la feuille des acteurs contient ceux que l'on connaît déjà, et les lieux sont en liste.
    """
    from maillage.classeur.exportation import modele

    _libre(fichier, remplacer)
    etat = _etat()
    contenu = modele(etat, fichier, _territoire(etat, territoire))
    typer.echo(_ecrit(fichier, contenu))


@app.command("exporter", cls=Commande)
def exporter_commande(fichier: Fichier, territoire: Territoire = "", remplacer: Remplacer = False) -> None:
    """Écrit dans un classeur ce que disent les données d'un territoire, ou toutes.

    Les acteurs d'un territoire sont ceux qui y sont établis ou qui le servent, en tout ou en partie.
    """
    from maillage.classeur.exportation import exporter

    _libre(fichier, remplacer)
    etat = _etat()
    typer.echo(_ecrit(fichier, exporter(etat, fichier, _territoire(etat, territoire))))


@app.command("importer", cls=Commande)
def importer_commande(
    fichier: Fichier,
    essai: Annotated[bool, typer.Option("--essai", help="Dire ce qui changerait, sans rien écrire.")] = False,
    source: Annotated[str, typer.Option("--source", help="Source des nouvelles lignes sans source.")] = "",
    constat: Annotated[str, typer.Option("--constat", help="Leur date de constat : 15/11/2026.")] = "",
    statut: Annotated[str, typer.Option("--statut", help="Leur statut : declare, a-confirmer…")] = "",
) -> None:
    """Reprend dans les données ce que dit un classeur.

    Chaque problème est dit avec sa feuille, sa ligne et sa colonne. Rien n'est écrit s'il en reste un, ni si
    les données qui en sortiraient ont une erreur. Une ligne absente du classeur ne retire rien.

    Code 0 : fait, ou rien à faire ; 2 : refusé.
    """
    from maillage.classeur.importation import importer

    etat, avancement = _etat(), Avancement()
    defaut_de = {"source": source, "constat": constat, "statut": statut}
    try:
        bilan = importer(fichier, etat, essai, defaut_de, avancement)
    finally:
        avancement.fin()
    _rendre_compte(bilan, essai)
    if bilan.defauts:
        raise Echec(f"{len(bilan.defauts)} problème(s) : rien n'est écrit.", REFUSE)


def _rendre_compte(bilan: Bilan, essai: bool) -> None:
    from maillage.classeur.comparaison import phrases

    for defaut in bilan.defauts[:MONTRES]:
        typer.echo(str(defaut), err=True)
    if len(bilan.defauts) > MONTRES:
        typer.echo(f"… et {len(bilan.defauts) - MONTRES} autres problèmes.", err=True)
    for conseil in bilan.conseils:
        typer.echo(f"Conseil : {conseil}")
    for avis in bilan.avis:
        typer.echo(f"À savoir : {avis}.")
    typer.echo("\n".join(phrases(bilan.changements, bilan.cellules)))
    if bilan.ecrit:
        typer.echo(f"Écrit : {', '.join(bilan.fichiers)}.")
    elif bilan.fichiers and not bilan.defauts and essai:
        typer.echo(f"Essai : rien n'est écrit. Fichiers qui changeraient : {', '.join(bilan.fichiers)}.")
    elif not bilan.fichiers and not bilan.defauts:
        typer.echo("Rien à changer.")


def _etat() -> Etat:
    from maillage.classeur.etat import Etat

    avancement = Avancement()
    try:
        return Etat.lire(parametrage().racine, avancement)
    finally:
        avancement.fin()


def _territoire(etat: Etat, dit: str) -> str:
    """IRI of the territory that an option names. Raises Echec."""
    if not dit:
        return ""
    prefix, _, code = dit.replace(":", "/").partition("/")
    iri = PREFIXES[prefix] + code if prefix in CHEMINS and code else ""
    if not etat.registre.est_territoire(iri):
        raise Echec(f"Territoire « {dit} » inconnu. Exemples : departement/29, commune/29232.", REFUSE)
    return iri


def _libre(fichier: Path, remplacer: bool) -> None:
    if fichier.exists() and not remplacer:
        raise Echec(f"{fichier} existe déjà : choisissez un autre nom, ou ajoutez --remplacer.", REFUSE)


def _ecrit(fichier: Path, contenu: dict[str, list[str]]) -> str:
    return f"{fichier} : " + ", ".join(f"{nom} {len(lignes)}" for nom, lignes in contenu.items()) + "."

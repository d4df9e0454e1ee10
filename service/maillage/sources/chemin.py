"""The one way in: an edition read, normalised, reconciled and compared; then, what is accepted, written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

from maillage.importation.geographie import Geographie, charge
from maillage.importation.lecture import Enregistrement, ErreurImport
from maillage.importation.publication import Bilan, Ecart
from maillage.importation.registre import Progres
from maillage.sources import annuaire, data_inclusion, flux, sirene, tableau
from maillage.sources.application import Application, parent
from maillage.sources.connu import Connu, lit
from maillage.sources.decisions import Decisions
from maillage.sources.desaccords import Desaccords
from maillage.sources.difference import ACCEPTABLES, DISPARITIONS, Changement, Comparateur
from maillage.sources.lecteur import Lecteur
from maillage.sources.notice import Edition
from maillage.sources.rapprochement import Rapprocheur, Verdict
from maillage.sources.revue import Choix

_JOUR = re.compile(r"(\d{4}-\d{2}-\d{2})")
#: past this share of a source's known bodies, those gone are not in « tout »: the file may be an extract.
_PART_DISPARUE = 0.3


@dataclass(frozen=True, slots=True)
class Source:
    """A living source: its importer, its description in donnees/sources.ttl, how it is read.

    `liste` is the field of a JSON document that lists its records, `colonnes` the least that a CSV holds;
    `annexe` says the same of a second file, where the source has one.
    """

    nom: str
    resume: str
    code: str
    liste: str
    colonnes: tuple[str, ...]
    lecteur: Callable[[Path, Geographie, Edition, Iterable[Enregistrement]], Lecteur]
    fichiers: str = "<fichier>"
    annexe: tuple[str, tuple[str, ...]] | None = None


SOURCES: dict[str, Source] = {
    s.nom: s
    for s in (
        Source(
            "annuaire",
            "Annuaire officiel des services publics locaux (JSON de la DILA, seul ou dans son .tar.bz2).",
            "annuaire-service-public",
            annuaire.LISTE,
            (),
            lambda racine, geo, edition, _: annuaire.LecteurAnnuaire(racine, geo, edition),
        ),
        Source(
            "data-inclusion",
            "Structures de data.inclusion, schéma v1 (JSON, CSV) ; leurs services disent où elles agissent.",
            "data-inclusion",
            data_inclusion.LISTE,
            data_inclusion.COLONNES,
            data_inclusion.LecteurDataInclusion,
            "<structures> <services>",
            ("services", data_inclusion.COLONNES_SERVICES),
        ),
        Source(
            "sirene",
            "Fermetures et reprises des organismes dont une fiche donne le SIRET (stock SIRENE, CSV).",
            "sirene",
            sirene.LISTE,
            sirene.COLONNES,
            sirene.LecteurSirene,
            "<etablissements> <liens-succession>",
            ("liens", sirene.COLONNES_LIENS),
        ),
    )
}


@dataclass(slots=True)
class Proposition:
    """What an edition would change, and what is needed to write it."""

    source: Source
    edition: Edition
    racine: Path
    connu: Connu
    geo: Geographie
    verdicts: list[Verdict]
    changements: list[Changement]
    bilan: Bilan
    avertissements: list[str] = field(default_factory=list)
    surs: tuple[str, ...] = ACCEPTABLES


def propose(
    source: Source, fichiers: Sequence[Path], racine: Path, jour: str, territoire: str, progres: Progres
) -> Proposition:
    """Read an edition and say what it would change. Nothing is written.

    `jour` dates the edition (AAAA-MM-JJ); empty, it is read in the name of the file. `territoire` (29,
    departement:29, region:53) keeps the changes of that place. Raises ErreurImport.
    """
    progres("Lecture des territoires et des fiches connues")
    geo = charge(racine)
    departements = _departements(territoire, geo)
    principal, annexe = _fichiers(source, fichiers)
    services, defauts = _annexe(source, annexe)
    with flux.ouvre(principal) as (brut, nom):
        edition = Edition(source.nom, source.code, _jour(jour, nom))
        lecteur = source.lecteur(racine, geo, edition, services)
        lecture = flux.Lecture(nom, defauts=defauts)
        progres(f"Lecture de {nom}")
        notices = list(lecteur.notices(_records(brut, lecture, source.liste, source.colonnes)))
    connu = lit(racine)
    _controle_edition(connu, edition)
    progres(f"{lecture.lus} enregistrements lus, {len(notices)} organismes retenus, rapprochement")
    verdicts = Rapprocheur(connu, geo, Decisions(racine, source.nom)).rapproche(notices)
    progres("Comparaison")
    tous = Comparateur(connu, edition, Desaccords(racine, source.nom)).changements(verdicts, lecture.complet)
    changements = [c for c in tous if departements is None or c.departement in departements]
    bilan = Bilan(source.nom, True, ecartes=[*lecture.defauts, *lecteur.ecarts])
    proposition = Proposition(source, edition, racine, connu, geo, verdicts, changements, bilan)
    _avertit(proposition, lecture, departements)
    return proposition


def _fichiers(source: Source, fichiers: Sequence[Path]) -> tuple[Path, Path | None]:
    most = 2 if source.annexe else 1
    if not 1 <= len(fichiers) <= most:
        raise ErreurImport(
            f"Source « {source.nom} » : {source.fichiers} attendu, {len(fichiers)} fichiers donnés."
        )
    return fichiers[0], fichiers[1] if len(fichiers) > 1 else None


def _annexe(source: Source, fichier: Path | None) -> tuple[list[Enregistrement], list[Ecart]]:
    """Records of the second file, and what was left out of it."""
    if fichier is None or source.annexe is None:
        return [], []
    with flux.ouvre(fichier) as (brut, nom):
        lecture = flux.Lecture(nom)
        return list(_records(brut, lecture, *source.annexe)), lecture.defauts


def _records(
    brut: IO[bytes], lecture: flux.Lecture, liste: str, colonnes: tuple[str, ...]
) -> Iterator[Enregistrement]:
    if lecture.fichier.endswith(".csv"):
        return tableau.enregistrements(brut, lecture, colonnes)
    return flux.enregistrements(brut, lecture, liste)


def accepte(proposition: Proposition, choix: Choix) -> tuple[list[Changement], list[Bilan]]:
    """Write the changes accepted, in one go; they and the account of each file. Raises ErreurImport."""
    acceptes = [c for c in proposition.changements if choix.accepte(c)]
    pris = {id(c) for c in acceptes}
    refuses = [c for c in proposition.changements if id(c) not in pris]
    titre = _titre(proposition)
    application = Application(proposition.connu, proposition.geo, proposition.edition, titre)
    application.applique(acceptes, refuses)
    desaccords = Desaccords(proposition.racine, proposition.source.nom)
    return acceptes, application.ecrit(proposition.racine, desaccords)


def _titre(proposition: Proposition) -> str:
    dits = parent(proposition.racine, proposition.source.code)
    titres = [o.value for p, o in dits if p == "dcterms:title" and getattr(o, "language", "") == "fr"]  # type: ignore[attr-defined]
    return str(titres[0]) if titres else proposition.source.code


def _avertit(proposition: Proposition, lecture: flux.Lecture, departements: set[str] | None) -> None:
    if not lecture.complet:
        proposition.avertissements.append(
            f"{lecture.fichier} : la fin manque (fichier coupé). Les organismes lus restent utilisables ; "
            "aucun n'est dit disparu."
        )
    moi = proposition.source.nom
    miens = {
        a
        for f in proposition.connu.fichiers.values()
        if f.importateur == moi and (departements is None or f.chemin.split("/")[2] in departements)
        for a in f.blocs
    }
    disparus = sum(c.genre == DISPARITIONS for c in proposition.changements)
    if miens and disparus > _PART_DISPARUE * len(miens):
        proposition.surs = tuple(g for g in ACCEPTABLES if g != DISPARITIONS)
        proposition.avertissements.append(
            f"{disparus} organismes connus sur {len(miens)} manquent : ce fichier est peut-être un extrait. "
            "« tout » ne les accepte pas ; --accepter disparitions, si."
        )


def _controle_edition(connu: Connu, edition: Edition) -> None:
    prefixe = f"{edition.importateur}-"
    noms = [Path(c).stem for c, f in connu.fichiers.items() if f.importateur == edition.importateur]
    derniere = max((n.removeprefix(prefixe) for n in noms if n.startswith(prefixe)), default="")
    if derniere > edition.jour:
        raise ErreurImport(
            f"L'édition du {derniere} est déjà dans le corpus : celle du {edition.jour}, plus ancienne, "
            "n'est pas lue."
        )


def _jour(dit: str, nom: str) -> str:
    trouve = dit or next(iter(_JOUR.findall(nom)), "")
    try:
        return date.fromisoformat(trouve).isoformat()
    except ValueError:
        raise ErreurImport(
            f"{nom} : la date de l'édition n'est pas dans le nom du fichier : --edition AAAA-MM-JJ."
        ) from None


def _departements(territoire: str, geo: Geographie) -> set[str] | None:
    """Codes of the départements of a territory; None for the whole country. Raises ErreurImport."""
    prefixe, deux_points, code = territoire.partition(":")
    if not territoire or territoire == "pays:france":
        return None
    if (not deux_points and territoire in geo.departements) or (
        prefixe == "departement" and code in geo.departements
    ):
        return {code or territoire}
    if prefixe == "region" and code in geo.regions:
        return {d for d, r in geo.region_de.items() if r == code}
    raise ErreurImport(
        f"--territoire : « {territoire} » n'est ni un département (29), ni une région (region:53)."
    )

"""A workbook taken into the corpus: read, compared, written in memory, validated, then on the disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from maillage.classeur import fichiers_csv, xlsx
from maillage.classeur.cellules import Cellules
from maillage.classeur.comparaison import Changement, Ligne, comparer
from maillage.classeur.defauts import ClasseurIllisible, Defaut
from maillage.classeur.ecriture import Chantier, Ecriture
from maillage.classeur.edition import EditionRefusee
from maillage.classeur.etat import Etat
from maillage.classeur.lecture import lire, ordonner
from maillage.classeur.modele import Modele
from maillage.classeur.tableau import Tableau
from maillage.corpus.corpus import from_bytes
from maillage.namespaces import compact
from maillage.validation import Constat, Gravite, valider
from maillage.versions.disque import remplacer

#: findings elsewhere in the corpus that are quoted.
CITES = 5
Progress = Callable[[int, int, str], None]


@dataclass
class Bilan:
    """What an import does, or why it does nothing.

    `cellules` writes its values as a person reads them. `defauts` block it; `conseils` are warnings on what
    it changes; `avis` are for the steward to know.
    """

    cellules: Cellules
    changements: list[Changement] = field(default_factory=list)
    defauts: list[Defaut] = field(default_factory=list)
    conseils: list[Defaut] = field(default_factory=list)
    avis: list[str] = field(default_factory=list)
    fichiers: list[str] = field(default_factory=list)
    ecrit: bool = False


def ouvrir(path: Path, modele: Modele) -> list[Tableau]:
    """The tables of a file: `.xlsx`, `.zip`, `.csv` or a folder of CSV. Raises ClasseurIllisible, OSError."""
    suffix = path.suffix.lower()
    if path.is_dir() or suffix in (".zip", ".csv"):
        return fichiers_csv.lire(path, modele)
    if suffix == ".xlsx":
        return xlsx.lire(path)
    raise ClasseurIllisible(
        f"{path.name} : le classeur est un fichier .xlsx, une archive .zip ou un dossier de fichiers CSV"
    )


def importer(
    path: Path,
    etat: Etat,
    essai: bool,
    defaut_de: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Bilan:
    """Take a workbook into the corpus of `etat`; with `essai`, only say what would change.

    Nothing is written when anything is wrong, in the workbook or in the corpus that it would make. Raises
    ClasseurIllisible, OSError.
    """
    lecture = lire(ouvrir(path, etat.modele), etat, defaut_de)
    bilan = Bilan(lecture.cellules, defauts=lecture.defauts)
    for ligne in lecture.lignes:
        found = comparer(ligne, etat)
        if isinstance(found, Defaut):
            bilan.defauts.append(found)
        else:
            bilan.changements.append(found)
    if not bilan.defauts and any(one.sorte != "inchangee" for one in bilan.changements):
        _realiser(bilan, etat, essai, progress)
    bilan.defauts = ordonner(bilan.defauts, [feuille.nom for feuille in etat.modele.feuilles])
    return bilan


def _realiser(bilan: Bilan, etat: Etat, essai: bool, progress: Progress | None) -> None:
    try:
        written = Chantier(etat).ecrire(bilan.changements)
    except EditionRefusee as error:
        bilan.defauts.append(Defaut("Données", 0, 0, "", str(error)))
        return
    bilan.avis, bilan.fichiers = written.avis, list(written.fichiers)
    _valider(bilan, etat, written, progress)
    if not bilan.defauts and not essai:
        _ecrire(etat, written)
        bilan.ecrit = True


def _valider(bilan: Bilan, etat: Etat, ecriture: Ecriture, progress: Progress | None) -> None:
    """The findings on the corpus as it would be: those on rows at their place, the others as they are."""
    files = {fichier.chemin: fichier for fichier in etat.corpus.fichiers}
    files |= {
        path: from_bytes(path, octets) for path, octets in ecriture.fichiers.items() if path.endswith(".ttl")
    }
    after = replace(etat.corpus, fichiers=tuple(files[path] for path in sorted(files)))
    rows = {compact(one.ligne.iri): one.ligne for one in bilan.changements if one.sorte != "inchangee"}
    elsewhere = 0
    for constat in valider(after, progress).constats:
        ligne = _ligne(constat, rows)
        blocking = constat.gravite is Gravite.ERREUR
        if ligne is not None:
            (bilan.defauts if blocking else bilan.conseils).append(_au_tableau(constat, ligne))
        elif blocking:
            elsewhere += 1
            if elsewhere <= CITES:
                said = f"{constat.lieu} : {constat.code} {constat.message.fr}".rstrip(".")
                bilan.defauts.append(Defaut("Données", 0, 0, "", said))
    if elsewhere > CITES:
        more = f"{elsewhere - CITES} autres erreurs dans les données ; « maillage valider » les montre toutes"
        bilan.defauts.append(Defaut("Données", 0, 0, "", more))


def _ligne(constat: Constat, lignes: Mapping[str, Ligne]) -> Ligne | None:
    """The row that a finding is about, by its subject."""
    return lignes.get(constat.sujet) or lignes.get(compact(constat.sujet.strip("<>")))


def _au_tableau(constat: Constat, ligne: Ligne) -> Defaut:
    """A finding said at the row and column that it comes from."""
    keys = [c.cle for c in ligne.feuille.colonnes if constat.chemin in (compact(p) for p in c.chemin[-1:])]
    cause = f" {constat.cause.fr}" if constat.cause else ""
    message = f"{constat.message.fr}{cause}".rstrip(".")
    return ligne.defaut(f"{message} ({constat.code})", next(iter(keys), ""))


def _ecrire(etat: Etat, ecriture: Ecriture) -> None:
    """Write the files, unless one has changed since it was read. Raises ClasseurIllisible, OSError."""
    racine = etat.corpus.racine
    before = {fichier.chemin: fichier.bruts for fichier in etat.corpus.fichiers}
    for path in ecriture.fichiers:
        target = racine / path
        if path.endswith(".ttl") and (target.read_bytes() if target.exists() else None) != before.get(path):
            raise ClasseurIllisible(f"{path} a changé pendant l'importation : recommencez")
    for path, octets in ecriture.fichiers.items():
        target = racine / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if octets.strip() or not path.endswith(".ttl"):
            remplacer(target, octets)
        else:
            target.unlink(missing_ok=True)

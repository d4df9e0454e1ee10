"""From blocks to files: what changes, what is written, and the account given of it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph

from maillage.importation.ecriture import Bloc, document
from maillage.importation.lecture import ErreurImport, lit_texte

_SUJET = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Fichier:
    """A Turtle file to write: path relative to the corpus root, title, blocks."""

    chemin: str
    titre: str
    blocs: Sequence[Bloc]
    compact: bool = False


@dataclass(frozen=True, slots=True)
class Ecart:
    """A record, or a field of a record, that is left out, and why."""

    identifiant: str
    raison: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import does to one file; `etat` is nouveau, modifié, inchangé or supprimé."""

    chemin: str
    etat: str
    ajoutes: int = 0
    modifies: int = 0
    inchanges: int = 0
    retires: int = 0


@dataclass(slots=True)
class Bilan:
    """Account of an import: counts of subjects, records left out with reasons, files."""

    source: str
    essai: bool
    fichiers: list[Difference] = field(default_factory=list)
    ecartes: list[Ecart] = field(default_factory=list)

    @property
    def ajoutes(self) -> int:
        """Subjects that were not there before."""
        return sum(d.ajoutes for d in self.fichiers)

    @property
    def modifies(self) -> int:
        """Subjects whose description changed."""
        return sum(d.modifies for d in self.fichiers)

    @property
    def inchanges(self) -> int:
        """Subjects that stay as they were."""
        return sum(d.inchanges for d in self.fichiers)

    @property
    def retires(self) -> int:
        """Subjects that the source no longer has."""
        return sum(d.retires for d in self.fichiers)

    @property
    def fichiers_touches(self) -> list[str]:
        """Paths of the files that were (or, on a dry run, would be) written or removed."""
        return [d.chemin for d in self.fichiers if d.etat != "inchangé"]

    def raisons(self) -> list[tuple[str, int, str]]:
        """Reasons for leaving out, most frequent first: reason, count, first identifier."""
        comptes = Counter(e.raison for e in self.ecartes)
        premiers: dict[str, str] = {}
        for ecart in self.ecartes:
            premiers.setdefault(ecart.raison, ecart.identifiant)
        ordre = sorted(comptes.items(), key=lambda paire: (-paire[1], paire[0]))
        return [(raison, nombre, premiers[raison]) for raison, nombre in ordre]

    def phrases(self) -> list[str]:
        """The account in French, one sentence a line."""
        verbe = "seraient écrits" if self.essai else "écrits"
        lignes = [
            f"{self.source} : {self.ajoutes} ajoutés, {self.modifies} modifiés, "
            f"{self.inchanges} inchangés, {self.retires} retirés, {len(self.ecartes)} écartés.",
            f"{len(self.fichiers_touches)} fichiers {verbe} sur {len(self.fichiers)}.",
        ]
        for d in self.fichiers:
            if d.etat != "inchangé":
                lignes.append(f"  {d.chemin} ({d.etat}) : +{d.ajoutes} ~{d.modifies} -{d.retires}")
        for raison, nombre, exemple in self.raisons():
            lignes.append(f"  écarté {nombre} fois ({exemple}…) : {raison}")
        if self.essai:
            lignes.append("Essai : rien n'a été écrit.")
        return lignes


def publie(
    commande: str,
    fichiers: Sequence[Fichier],
    perimetre: Sequence[str],
    racine: Path,
    essai: bool,
    ecartes: Sequence[Ecart] = (),
) -> Bilan:
    """Write the files under the corpus root and remove those of the perimeter that are no longer made.

    `perimetre` holds glob patterns of all that this importer may ever write. Nothing is written on a dry
    run, nor where one file of the lot is refused. Raises ErreurImport where a file exists that this
    importer did not write, where the Turtle made is not valid, or where the disk refuses.
    """
    bilan = Bilan(commande, essai, ecartes=list(ecartes))
    ecrits = {f.chemin: document(commande, f.titre, f.blocs, f.compact) for f in fichiers if f.blocs}
    for chemin, contenu in ecrits.items():
        _controle(chemin, contenu)
        bilan.fichiers.append(_difference(racine, chemin, contenu, commande))
    perdus = _perdus(racine, perimetre, set(ecrits), commande)
    bilan.fichiers.extend(
        Difference(chemin, "supprimé", retires=len(_blocs(lit_texte(racine / chemin)))) for chemin in perdus
    )
    if not essai:
        _applique(racine, ecrits, perdus, bilan)
    return bilan


def _controle(chemin: str, contenu: str) -> None:
    try:
        for _ in pyoxigraph.parse(contenu.encode(), format=pyoxigraph.RdfFormat.TURTLE):
            pass
    except SyntaxError as erreur:
        raise ErreurImport(f"{chemin} : le Turtle produit est invalide ({erreur}).") from None


def _blocs(contenu: str) -> dict[str, str]:
    morceaux = contenu.strip().split("\n\n")[2:]
    return {trouve.group(): m for m in morceaux if (trouve := _SUJET.match(m))}


def _difference(racine: Path, chemin: str, contenu: str, commande: str) -> Difference:
    cible, nouveaux = racine / chemin, _blocs(contenu)
    if not cible.exists():
        return Difference(chemin, "nouveau", ajoutes=len(nouveaux))
    present = lit_texte(cible)
    if not _est_de(present, commande):
        raise ErreurImport(
            f"{chemin} : ce fichier n'a pas été écrit par « maillage importer {commande} », il appartient à "
            "un intendant et n'est pas remplacé. Renommez-le, puis recommencez."
        )
    anciens = _blocs(present)
    communs = anciens.keys() & nouveaux.keys()
    modifies = sum(anciens[s] != nouveaux[s] for s in communs)
    return Difference(
        chemin,
        "inchangé" if present == contenu else "modifié",
        ajoutes=len(nouveaux.keys() - anciens.keys()),
        modifies=modifies,
        inchanges=len(communs) - modifies,
        retires=len(anciens.keys() - nouveaux.keys()),
    )


def _est_de(contenu: str, commande: str) -> bool:
    return f"# Fichier écrit par « maillage importer {commande} »" in contenu[:2000]


def _perdus(racine: Path, perimetre: Sequence[str], gardes: set[str], commande: str) -> list[str]:
    presents = {p.relative_to(racine).as_posix(): p for motif in perimetre for p in racine.glob(motif)}
    return sorted(c for c, p in presents.items() if c not in gardes and _est_de(lit_texte(p), commande))


def _applique(racine: Path, ecrits: dict[str, str], perdus: list[str], bilan: Bilan) -> None:
    changes = set(bilan.fichiers_touches)
    try:
        for chemin, contenu in ecrits.items():
            if chemin in changes:
                ecrit(racine / chemin, contenu)
        for chemin in perdus:
            (racine / chemin).unlink()
    except OSError as erreur:
        raise ErreurImport(f"{erreur.filename} : écriture impossible ({erreur.strerror}).") from None


def ecrit(cible: Path, contenu: str) -> None:
    """Write a file at once: whole, or not at all. Raises OSError."""
    cible.parent.mkdir(parents=True, exist_ok=True)
    provisoire = cible.with_name(cible.name + ".provisoire")
    provisoire.write_bytes(contenu.encode())
    os.replace(provisoire, cible)

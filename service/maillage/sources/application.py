"""Accepted changes written: one file a source, edition and département, so that each fact says its edition.

A fact that a new edition says again moves from the file of the old edition to that of the new one; what is
not accepted stays where it was. Files of stewards and of other sources are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph

from maillage.importation.ecriture import Bloc, chaine, date, ref, texte
from maillage.importation.geographie import Geographie
from maillage.importation.lecture import ErreurImport
from maillage.importation.publication import Bilan, publie
from maillage.importation.publication import Fichier as FichierEcrit
from maillage.namespaces import PREFIXES, compact
from maillage.sources.connu import Connu, Fichier
from maillage.sources.desaccords import Desaccords
from maillage.sources.difference import (
    AJOUTS,
    CONFIRMATIONS,
    CONFLITS,
    DISPARITIONS,
    FERMETURES,
    MODIFICATIONS,
    Changement,
    memes,
)
from maillage.sources.notice import Edition, Notice, Proprietes

EDITIONS = "donnees/editions"
#: order in which the properties of an actor are written: that of Fiche.bloc.
_ORDRE = (
    "a",
    "skos:prefLabel",
    "skos:altLabel",
    "org:classification",
    "mlg:secteur",
    "mlg:commune",
    "mlg:territoireServi",
    "schema:address",
    "schema:telephone",
    "schema:url",
    "schema:email",
    "dcterms:identifier",
    "dcterms:source",
    "mlg:preuve",
    "mlg:constat",
    "mlg:statut",
    "mlg:remarque",
)
_RANGS = {predicat: rang for rang, predicat in enumerate(_ORDRE)}
#: said of a body as a whole, by the record that describes it whole.
_ENTIERS = ("a", "mlg:constat", "mlg:preuve")


class Application:
    """The files of one source, as the accepted changes leave them."""

    def __init__(self, connu: Connu, geo: Geographie, edition: Edition, titre: str) -> None:
        self._connu, self._geo, self._edition, self._titre = connu, geo, edition, titre
        self._touches: set[str] = set()
        self._conflits: list[tuple[str, str, str]] = []
        self._successions: list[Notice] = []

    def applique(self, acceptes: Sequence[Changement], refuses: Sequence[Changement]) -> None:
        """Make the changes in memory. What is refused of a body stays in the file of its old edition."""
        en_suspens = {(c.acteur, c.propriete) for c in refuses if c.genre == MODIFICATIONS}
        for c in acceptes:
            if c.genre == AJOUTS and c.notice:
                c.notice.fiche.slug = c.acteur
                self._bloc(c).update(c.notice.proprietes())
            elif c.genre == MODIFICATIONS:
                self._remplace(c, c.propriete, c.nouveaux)
            elif c.genre == CONFIRMATIONS and c.notice:
                self._confirme(c, c.notice.proprietes(), en_suspens)
            elif c.genre == DISPARITIONS:
                self._marque(c, f"N'est plus dans l'édition du {self._edition.jour} ; {c.raison}.")
            elif c.genre == FERMETURES and c.notice:
                self._successions.extend([c.notice] if c.notice.repreneur else [])
                self._marque(
                    c, f"Organisme {c.raison}, d'après l'édition du {self._edition.jour} de la source."
                )
            elif c.genre == CONFLITS:
                self._conflits.extend((c.acteur, c.propriete, v) for v in c.nouveaux)

    def ecrit(self, racine: Path, desaccords: Desaccords) -> list[Bilan]:
        """Write the files touched. Raises ErreurImport; then nothing of the actors is written."""
        moi, bilans = self._edition.importateur, []
        touches = [self._connu.fichiers[chemin] for chemin in sorted(self._touches)]
        for importateur in sorted({f.importateur for f in touches}):
            siens = [f for f in touches if f.importateur == importateur]
            # The file of an old edition keeps its order, so that its differences can be read.
            ecrits = [fichier_ecrit(f, self._edition.jour in f.chemin) for f in siens]
            if importateur == moi:
                ecrits.insert(0, self._fichier_edition(racine))
            bilans.append(publie(importateur, ecrits, [f.chemin for f in siens], racine, False))
        if self._conflits:
            garde = desaccords.fichier(self._edition, self._conflits)
            bilans.append(publie(f"{moi} --accepter conflits", [garde], (), racine, False))
        return bilans

    def _fichier_edition(self, racine: Path) -> FichierEcrit:
        """The edition described, and the successions that it tells."""
        blocs = [bloc_edition(racine, self._edition), *map(self._succession, self._successions)]
        titre = f"{self._titre}, édition du {self._edition.jour}."
        return FichierEcrit(f"{EDITIONS}/{self._edition.source.partition(':')[2]}.ttl", titre, blocs)

    def _succession(self, notice: Notice) -> Bloc:
        """Who took over a closed body, since when, on this edition's word."""
        nom = f"{self._edition.importateur}-{notice.fiche.slug}-{notice.ferme_le}"
        bloc = Bloc(ref("succession", nom), "mlg:Succession").ajoute(
            "mlg:ancien", f"acteur:{notice.fiche.slug}"
        )
        bloc.ajoute("mlg:nouveau", f"acteur:{notice.repreneur}").ajoute(
            "mlg:dateEffet", date(notice.ferme_le)
        )
        bloc.ajoute("mlg:modalite", "modalite:remplacement").ajoute("dcterms:source", self._edition.source)
        return bloc.ajoute("mlg:statut", "statut:atteste")

    def _bloc(self, c: Changement) -> Proprietes:
        """The block of an actor in the file of this edition."""
        chemin = self._edition.fichier(c.departement)
        nom = self._geo.departements.get(c.departement, c.departement)
        titre = f"{self._titre}, édition du {self._edition.jour} : {nom} ({c.departement})."
        fichier = self._connu.fichiers.setdefault(chemin, Fichier(chemin, self._edition.importateur, titre))
        if c.acteur not in fichier.blocs:
            self._connu.acteurs.setdefault(c.acteur, []).append(chemin)
        self._touches.add(chemin)
        return fichier.blocs.setdefault(c.acteur, {"dcterms:source": [self._edition.source]})

    def _retire(self, acteur: str, predicat: str, de_toutes: bool = False) -> list[str]:
        """Take a property out of this source's files, or of every import's; what it held."""
        tenus: list[str] = []
        for chemin in self._connu.acteurs.get(acteur, ()):
            fichier = self._connu.fichiers[chemin]
            mien = fichier.importateur == self._edition.importateur or (de_toutes and fichier.importateur)
            if mien and predicat in fichier.blocs[acteur]:
                tenus += fichier.blocs[acteur].pop(predicat)
                self._touches.add(chemin)
        return tenus

    def _remplace(self, c: Changement, predicat: str, valeurs: list[str]) -> None:
        self._retire(c.acteur, predicat)
        bloc = self._bloc(c)
        if valeurs:
            bloc[predicat] = list(valeurs)
        self._nettoie(c.acteur)

    def _confirme(self, c: Changement, nouvelles: Proprietes, en_suspens: set[tuple[str, str]]) -> None:
        miens = [p for f, p in self._connu.dires(c.acteur) if f.importateur == self._edition.importateur]
        entier = any("mlg:constat" in p for p in miens)
        for predicat, valeurs in nouvelles.items():
            if predicat == "dcterms:source" or (c.acteur, predicat) in en_suspens:
                continue
            if predicat == "dcterms:identifier":
                tenus = self._retire(c.acteur, predicat)
                self._bloc(c)[predicat] = list(dict.fromkeys([*tenus, *valeurs]))
                continue
            propres = [v for p in miens for v in p.get(predicat, ())]
            if (predicat in _ENTIERS and entier) or (propres and self._dites(predicat, propres, valeurs)):
                self._remplace(
                    c, predicat, valeurs if predicat in _ENTIERS else self._attendues(c, predicat, valeurs)
                )
        self._bloc(c)["dcterms:source"] = [self._edition.source]
        self._nettoie(c.acteur)

    def _attendues(self, c: Changement, predicat: str, valeurs: list[str]) -> list[str]:
        autrui = [
            v
            for f, p in self._connu.dires(c.acteur)
            if f.importateur != self._edition.importateur
            for v in p.get(predicat, ())
        ]
        return [v for v in valeurs if v not in autrui] or valeurs

    @staticmethod
    def _dites(predicat: str, propres: list[str], valeurs: list[str]) -> bool:
        return memes(predicat, propres, valeurs) or all(v in valeurs for v in propres)

    def _marque(self, c: Changement, remarque: str) -> None:
        """A body gone or closed: its new status and the reason are said by this edition, the rest stays."""
        # A body has one status: a closure takes the place of what another import said.
        self._retire(c.acteur, "mlg:statut", de_toutes=c.genre == FERMETURES)
        self._remplace(c, "mlg:statut", c.nouveaux)
        bloc = self._bloc(c)
        bloc["mlg:remarque"] = list(dict.fromkeys([*bloc.get("mlg:remarque", ()), texte(remarque)]))

    def _nettoie(self, acteur: str) -> None:
        """Drop the blocks of old editions in which nothing is left but where it came from."""
        courant = self._edition.fichier("").rpartition("/")[2]
        for chemin in list(self._connu.acteurs.get(acteur, ())):
            fichier = self._connu.fichiers[chemin]
            if fichier.importateur != self._edition.importateur or chemin.endswith(f"/{courant}"):
                continue
            if not fichier.blocs[acteur].keys() - {"dcterms:source"}:
                del fichier.blocs[acteur]
                self._connu.acteurs[acteur].remove(chemin)
                self._touches.add(chemin)


def fichier_ecrit(fichier: Fichier, trie: bool) -> FichierEcrit:
    """A file of actors as it is written, in the order of its blocks or sorted."""
    blocs = []
    for acteur in sorted(fichier.blocs) if trie else fichier.blocs:
        proprietes = fichier.blocs[acteur]
        bloc = Bloc(ref("acteur", acteur))
        for predicat in sorted(proprietes, key=lambda p: _RANGS.get(p, len(_RANGS))):
            bloc.ajoute(predicat, proprietes[predicat])
        blocs.append(bloc)
    return FichierEcrit(fichier.chemin, fichier.titre, blocs)


def bloc_edition(racine: Path, edition: Edition) -> Bloc:
    """The source that an edition is: title, licence and attribution of its parent, and its date."""
    dits = parent(racine, edition.code)
    titres = {
        o.language: o.value for p, o in dits if p == "dcterms:title" and isinstance(o, pyoxigraph.Literal)
    }
    bloc = Bloc(edition.source, "mlg:Source").ajoute(
        "dcterms:title",
        [
            texte(f"{titres.get('fr', edition.code)}, édition du {edition.jour}"),
            texte(f"{titres.get('en', edition.code)}, edition of {edition.jour}", "en"),
        ],
    )
    bloc.ajoute("dcterms:isVersionOf", f"source:{edition.code}").ajoute("dcterms:issued", date(edition.jour))
    bloc.ajoute("mlg:constat", date(edition.jour)).ajoute("schema:version", chaine(edition.jour))
    for predicat in ("mlg:licence", "mlg:attribution"):
        bloc.ajoute(predicat, [str(o) for p, o in dits if p == predicat])
    return bloc


def parent(racine: Path, code: str) -> list[tuple[str, object]]:
    """What donnees/sources.ttl says of a source: (predicate, object). Raises ErreurImport where nothing."""
    sujet = pyoxigraph.NamedNode(PREFIXES["source"] + code)
    try:
        quads: Iterable[pyoxigraph.Quad] = pyoxigraph.parse(path=str(racine / "donnees/sources.ttl"))
        siens = [q for q in quads if q.subject == sujet]
        dits: list[tuple[str, object]] = [(compact(q.predicate.value), q.object) for q in siens]
    except (SyntaxError, OSError) as erreur:
        raise ErreurImport(f"donnees/sources.ttl illisible ({erreur}).") from None
    if not dits:
        raise ErreurImport(f"donnees/sources.ttl : la source « {code} » n'y est pas décrite.")
    return dits

"""From changes to files: which file says what, without losing what the workbook does not hold.

A steward's file is edited where it stands. What an importer wrote is completed in a steward's file where that
is enough; else the record is taken over: it moves to the steward's file, and the importer is told not to
write it again (donnees/institutions/equivalences.csv).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode

from maillage.classeur.cellules import Terme
from maillage.classeur.comparaison import Changement, Ecart
from maillage.classeur.edition import EditionRefusee, Enonce, editer
from maillage.classeur.etat import TYPE, Etat
from maillage.classeur.modele import ADRESSE, Colonne
from maillage.namespaces import PREFIXES, compact, local_name
from maillage.turtle.formatage import IMPORTE, est_importe

EQUIVALENCES = "donnees/institutions/equivalences.csv"
_IDENTIFIANT = PREFIXES["dcterms"] + "identifier"
_ENTETE = "# Fichier tenu avec le classeur (« maillage tableur ») ; il peut aussi être modifié à la main.\n"
#: columns of an actor that say where it is, the surest first.
_LIEUX = ("commune", "territoires_servis")
_RAISON = "Fiche tenue dans le classeur des intendants."


@dataclass
class Ecriture:
    """The files that a set of changes makes: `fichiers` by path, those that receive before those that lose.

    `avis`: what the steward must know of records that an importer wrote.
    """

    fichiers: dict[str, bytes] = field(default_factory=dict)
    avis: list[str] = field(default_factory=list)


class Chantier:
    """The files as the changes make them, in memory. Nothing is written."""

    def __init__(self, etat: Etat) -> None:
        self._etat = etat
        self._avant = {fichier.chemin: fichier for fichier in etat.corpus.fichiers}
        self._enonces: dict[str, dict[Enonce, None]] = {}
        self._touches: dict[str, dict[NamedNode, None]] = {}
        self._ecriture = Ecriture()
        self._equivalences: list[tuple[str, str, str, str]] = []
        self._departements: dict[str, str] = {}
        self._neufs = 0

    def ecrire(self, changements: Iterable[Changement]) -> Ecriture:
        """The files after all the changes. Raises EditionRefusee."""
        for change in changements:
            sujet = NamedNode(change.ligne.iri)
            if change.sorte == "ajoutee":
                home = self._maison(change)
                self._ajouter(home, sujet, sujet, NamedNode(TYPE), NamedNode(change.ligne.feuille.classe))
                self._appliquer(change, sujet, home)
            elif change.sorte == "modifiee":
                self._appliquer(change, sujet, self._demeure(change, sujet))
            elif change.sorte == "retiree":
                for path in {one.fichier for one in self._etat.dits(sujet)}:
                    self._vider(path, sujet)
                    self._prevenir(path, sujet, reprise=False)
        # Who receives a record is written before who loses it: cut short, it is said twice, not lost.
        for path in sorted(self._touches, key=lambda path: (est_importe(self._texte(path)), path)):
            before = self._avant[path].octets if path in self._avant else _ENTETE.encode()
            after = editer(path, before, list(self._enonces[path]), list(self._touches[path]))
            self._ecriture.fichiers[path] = after
        self._inscrire()
        return self._ecriture

    def _appliquer(self, change: Changement, sujet: NamedNode, home: str) -> None:
        for ecart in change.ecarts:
            if len(ecart.colonne.chemin) == 1:
                self._remplacer(ecart, sujet, sujet, home)
            else:
                self._adresse(ecart, sujet, home)

    def _remplacer(self, ecart: Ecart, sujet: NamedNode, noeud: NamedNode | BlankNode, home: str) -> None:
        predicat = NamedNode(ecart.colonne.chemin[-1])
        for value in ecart.avant - ecart.apres:
            for path in self._ou(sujet):
                if (noeud, predicat, value) in self._lus(path):
                    self._prevenir(path, sujet, reprise=False)
                    self._retirer(path, sujet, (noeud, predicat, value))
        for value in ecart.apres - ecart.avant:
            self._ajouter(home, sujet, noeud, predicat, value)

    def _adresse(self, ecart: Ecart, sujet: NamedNode, home: str) -> None:
        """Change a property of the address, which comes and goes with its first and last one."""
        node, path = self._noeud(sujet, ecart.colonne, home)
        self._remplacer(ecart, sujet, node, path)
        said = [one for one in self._lus(path) if one[0] == node]
        if all(one[1].value == TYPE for one in said):
            for one in (*said, (sujet, NamedNode(ecart.colonne.chemin[0]), node)):
                self._retirer(path, sujet, one)

    def _noeud(self, sujet: NamedNode, colonne: Colonne, home: str) -> tuple[BlankNode, str]:
        """The nameless node of a resource and its file; a new one at home where there is none."""
        link = NamedNode(colonne.chemin[0])
        for path in self._ou(sujet) | {home}:
            for one in self._lus(path):
                if one[0] == sujet and one[1] == link and isinstance(one[2], BlankNode):
                    return one[2], path
        self._neufs += 1
        node = BlankNode(f"classeur{self._neufs}")
        self._ajouter(home, sujet, sujet, link, node)
        self._ajouter(home, sujet, node, NamedNode(TYPE), NamedNode(ADRESSE))
        return node, home

    def _ou(self, sujet: NamedNode) -> set[str]:
        """The files that speak of a resource, as they are and as they are becoming."""
        there = {one.fichier for one in self._etat.dits(sujet)}
        return there | {path for path, touched in self._touches.items() if sujet in touched}

    def _demeure(self, change: Changement, sujet: NamedNode) -> str:
        """The file that takes what is new about a known resource; an importer's record may be taken over."""
        files = [one.fichier for one in self._etat.dits(sujet) if one.predicat == TYPE]
        for path in files:
            if not est_importe(self._avant[path].texte):
                return path
        home = self._maison(change)
        only_more = all(ecart.colonne.plusieurs and ecart.avant <= ecart.apres for ecart in change.ecarts)
        if not only_more:
            for path in files:
                self._reprendre(path, sujet, home)
        return home

    def _reprendre(self, path: str, sujet: NamedNode, home: str) -> None:
        """Move a record out of an importer's file."""
        self._prevenir(path, sujet, reprise=True)
        for one in self._bloc(path, sujet):
            self._lus(home)[one] = None
        self._touches.setdefault(home, {})[sujet] = None
        self._vider(path, sujet)

    def _vider(self, path: str, sujet: NamedNode) -> None:
        for one in self._bloc(path, sujet):
            self._retirer(path, sujet, one)

    def _prevenir(self, path: str, sujet: NamedNode, reprise: bool) -> None:
        """Tell the importer of a file, by its table where it has one, that a record is no longer its own."""
        text = self._texte(path)
        if not est_importe(text):
            return
        found = re.search(re.escape(IMPORTE) + r"([a-z0-9-]+)", text)
        source = found[1] if found else ""
        known = {row[0] for row in self._table()}
        ids = [
            one.objet.value
            for one in self._etat.dits(sujet)
            if one.predicat == _IDENTIFIANT and one.fichier == path and not isinstance(one.objet, BlankNode)
        ]
        if reprise and source in known and ids:
            self._equivalences += [(source, one, local_name(sujet.value), _RAISON) for one in ids]
            return
        said = (
            f"{compact(sujet.value)} vient de « maillage importer {source} », dont la prochaine importation "
            "l'écrira de nouveau : corriger aussi sa source"
        )
        if said not in self._ecriture.avis:
            self._ecriture.avis.append(said)

    def _texte(self, path: str) -> str:
        return self._avant[path].texte if path in self._avant else ""

    def _table(self) -> list[list[str]]:
        path = self._etat.corpus.racine / EQUIVALENCES
        return list(csv.reader(path.read_text(encoding="utf-8").splitlines())) if path.is_file() else []

    def _maison(self, change: Changement) -> str:
        """The stewards' file of a département for what the workbook adds."""
        feuille = change.ligne.feuille
        place = self._departement(change)
        if len(feuille.liens) > 1:
            return f"donnees/relations/classeur-{place}.ttl"
        return f"donnees/acteurs/{place}/classeur.ttl"

    def _departement(self, change: Changement) -> str:
        """Code of the département of a row's actor: by commune, then by what it serves, else « france »."""
        ligne = change.ligne
        if not ligne.feuille.liens:
            said = [terme for cle in _LIEUX for terme in ligne.valeurs.get(cle, ())]
            self._departements[ligne.iri] = self._premier(said) or self._departement_de(ligne.iri)
            return self._departements[ligne.iri] or "france"
        tied = [terme.value for one in ligne.feuille.liens for terme in ligne.valeurs.get(one.cle, ())]
        known = (self._departements.get(iri) or self._departement_de(iri) for iri in tied)
        return next(filter(None, known), "france")

    def _departement_de(self, iri: str) -> str:
        """The département of a known actor, "" for none."""
        dits = self._etat.dits(NamedNode(iri))
        columns = (self._etat.modele.feuilles[0].par_cle[cle].chemin[0] for cle in _LIEUX)
        return self._premier([one.objet for path in columns for one in dits if one.predicat == path])

    def _premier(self, lieux: Iterable[object]) -> str:
        for lieu in lieux:
            if isinstance(lieu, NamedNode):
                for around in sorted(self._etat.registre.englobants(lieu.value)):
                    if around.startswith(PREFIXES["departement"]):
                        return local_name(around)
        return ""

    def _lus(self, path: str) -> dict[Enonce, None]:
        """What a file says, as it is becoming."""
        if path not in self._enonces:
            if path in self._avant and self._avant[path].anomalie:
                raise EditionRefusee(f"{path} ne se lit pas jusqu'au bout : « maillage valider » l'explique")
            quads = self._avant[path].quads() if path in self._avant else ()
            self._enonces[path] = {(q.subject, q.predicate, q.object): None for q in quads}  # type: ignore[misc]
        return self._enonces[path]

    def _bloc(self, path: str, sujet: NamedNode) -> list[Enonce]:
        """All that a file says of a resource, nameless nodes included."""
        inside: set[object] = {sujet}
        found: dict[Enonce, None] = {}
        while True:
            more = {one: None for one in self._lus(path) if one[0] in inside and one not in found}
            if not more:
                return list(found)
            found |= more
            inside |= {one[2] for one in more if isinstance(one[2], BlankNode)}

    def _ajouter(
        self,
        path: str,
        sujet: NamedNode,
        noeud: NamedNode | BlankNode,
        predicat: NamedNode,
        valeur: Terme | BlankNode,
    ) -> None:
        self._lus(path)[noeud, predicat, valeur] = None
        self._touches.setdefault(path, {})[sujet] = None

    def _retirer(self, path: str, sujet: NamedNode, enonce: Enonce) -> None:
        if enonce in self._lus(path):
            del self._lus(path)[enonce]
            self._touches.setdefault(path, {})[sujet] = None

    def _inscrire(self) -> None:
        """Add to the importers' table the records that were taken over."""
        rows = self._table()
        known = {(row[0], row[1]) for row in rows}
        new = sorted({row for row in self._equivalences if row[:2] not in known})
        if new:
            written = io.StringIO()
            table = csv.writer(written, lineterminator="\n")
            table.writerows([rows[0], *sorted([*rows[1:], *map(list, new)], key=lambda row: row[:2])])
            self._ecriture.fichiers[EQUIVALENCES] = written.getvalue().encode()

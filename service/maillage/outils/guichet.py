"""What the tools know of one version of the data, read when it is first asked for and then kept."""

from __future__ import annotations

from asyncio import Semaphore
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from pyoxigraph import Literal, NamedNode, Quad

from maillage.classeur.cellules import Cellules, Terme
from maillage.classeur.etat import Valeurs, sans_vide
from maillage.classeur.modele import Feuille, Modele, lire_modele
from maillage.classeur.noms import Registre
from maillage.lexique import Lexique
from maillage.outils.registre import RegistreServi
from maillage.requetes.recueil import Requetes, pour_tous
from maillage.store.entrepot import Entrepot

#: what is said of a kind and not of the actor: where it comes from, its sentences, its territory.
_DU_TYPE = (
    "source", "preuve", "constat", "statut", "remarque", "resume_fr", "resume_en", "condition_fr",
    "condition_en", "territoires",
)  # fmt: skip
#: groups of workbooks read at once: reading them is heavy.
LECTURES = 2


@dataclass(frozen=True)
class Connu:
    """A record that a tool shows: its sheet, the values of its columns.

    `propose`: said of the actor's kind; it has no code and waits to be confirmed.
    """

    feuille: Feuille
    iri: str
    valeurs: Valeurs
    propose: bool


@dataclass
class _Dit:
    portee: str = ""
    classes: set[str] = field(default_factory=set)
    proprietes: dict[str, set[Terme]] = field(default_factory=lambda: defaultdict(set))


class Guichet:
    """The workbook's model, the names that answers may use, what is known: all from the served store."""

    def __init__(self, entrepot: Entrepot, requetes: Requetes, lexique: Lexique) -> None:
        self._entrepot, self._requetes, self._lexique = entrepot, requetes, lexique
        self._verrou = Lock()
        self.places = Semaphore(LECTURES)

    @property
    def modele(self) -> Modele:
        """The sheets. Raises what Entrepot.graphe raises."""
        with self._verrou:
            return pour_tous(lambda: self._modele)

    @property
    def registre(self) -> Registre:
        """What may be named. Raises what Entrepot.lignes raises."""
        with self._verrou:
            return pour_tous(lambda: self._registre)

    def connue(self, iri: str) -> bool:
        """Whether something is said of a resource."""
        return bool(self._requetes.graphe(self._entrepot, "description", {"ressource": NamedNode(iri)}))

    def outil(self, numero: str) -> tuple[Feuille, ...]:
        """The sheets of a tool; empty for a number that is none."""
        wanted = f"outil:outil-{numero}"
        return tuple(feuille for feuille in self.modele.feuilles if feuille.outil == wanted)

    def connus(self, acteur: str) -> list[Connu]:
        """What is said of an actor, sheet by sheet, then what is usual for its kind.

        Raises what Entrepot.lignes raises.
        """
        found = []
        for iri, dit in self._dits(acteur).items():
            feuille = self._feuille(dit)
            if feuille is None:
                continue
            propose = dit.portee == "type"
            values = self._valeurs(feuille, dit, acteur if propose else "")
            found.append(Connu(feuille, "" if propose else iri, values, propose))
        return sorted(found, key=lambda one: one.propose)

    def _dits(self, acteur: str) -> dict[str, _Dit]:
        dits: dict[str, _Dit] = defaultdict(_Dit)
        rows = self._requetes.executer(self._entrepot, "reponses-d-un-acteur", {"acteur": NamedNode(acteur)})
        for row in rows:
            dit, value = dits[row["ressource"].value], row["valeur"]
            dit.portee = dit.portee or row["portee"].value
            dit.classes.add(row["classe"].value)
            if isinstance(value, NamedNode | Literal):
                dit.proprietes[row["propriete"].value].add(value)
        return dits

    def _feuille(self, dit: _Dit) -> Feuille | None:
        """The first sheet that shows a record."""
        return next(
            (
                feuille
                for feuille in self.modele.feuilles
                if feuille.classe in dit.classes and not set(feuille.sans) & dit.proprietes.keys()
            ),
            None,
        )

    def _valeurs(self, feuille: Feuille, dit: _Dit, acteur: str) -> Valeurs:
        """Values of the columns; those of a kind become the actor's, without their proof."""
        cells = Cellules(self.registre)
        found: dict[str, set[Terme]] = {}
        for colonne in feuille.colonnes:
            if acteur and colonne.cle in _DU_TYPE:
                continue
            values = dit.proprietes.get(colonne.chemin[-1], set()) if len(colonne.chemin) == 1 else set()
            found[colonne.cle] = {one for one in values if cells.couvre(colonne, one)}
        if acteur:
            owner = next(one.cle for one in feuille.colonnes if one.genre in ("acteur", "porteur"))
            found[owner] = {NamedNode(acteur)}
        return sans_vide(found)

    @cached_property
    def _modele(self) -> Modele:
        shapes = self._requetes.graphe(self._entrepot, "formes-contraintes")
        own = (one for one in shapes if isinstance(one.subject, NamedNode))
        return lire_modele(Quad(one.subject, one.predicate, one.object) for one in own)

    @cached_property
    def _registre(self) -> Registre:
        made = RegistreServi(self._lexique)
        made.apprendre(self._entrepot, self._requetes)
        return made

"""Real actors: those that serve the place asked for and belong to the kinds that answer, ranked, with why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maillage.comprehension import Comprehension
from maillage.comprehension.lieux import Geographie
from maillage.lexique import Lexique
from maillage.namespaces import iri, local_name
from maillage.orientation.annuaire import Annuaire
from maillage.orientation.baremes import Motif
from maillage.orientation.classement import Candidat, Classement
from maillage.orientation.evaluation import PROXIMITE, Evaluation, Postulant
from maillage.orientation.facettes import Facettes, Filtres
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot

#: kinds of actor looked for among real actors.
TYPES_CHERCHES = 12
#: best actors kept of each kind, whatever the page shown.
MEILLEURS_PAR_TYPE = 3
#: a kind under this share of the best score brings no actor in.
PART_DU_MEILLEUR = 0.35
FRANCE = iri("pays", "france")
#: territories small enough that whoever serves a part of them serves them.
_PETITS = ("commune", "arrondissement-municipal")


@dataclass
class Fiche:
    """What is shown of an actor."""

    iri: str
    valeurs: Mapping[str, Sequence[str]]
    type: str
    titre: str = ""  # the kind of the answer that it stands for
    score: float = 0.0
    motifs: list[Motif] = field(default_factory=list)

    def premier(self, propriete: str) -> str:
        """First value of a property, by its local name; empty where it has none."""
        return next(iter(self.valeurs.get(propriete, ())), "")


@dataclass(frozen=True)
class Page:
    """Which actors to show: those that suit the filters, `limite` of them from the rank `depart` (from 0)."""

    limite: int = 20
    depart: int = 0
    filtres: Filtres = field(default_factory=Filtres)


@dataclass(frozen=True)
class Trouves:
    """Actors found: those of the page, the best of each kind, how many in all, the facets of all of them."""

    fiches: Sequence[Fiche] = ()
    meilleurs: Sequence[Fiche] = ()
    total: int = 0
    facettes: Mapping[str, Any] = field(default_factory=dict)
    tous: Sequence[str] = ()  # all of them (IRIs), best first


class Acteurs:
    """Finds and ranks real actors in a store."""

    def __init__(
        self,
        entrepot: Entrepot,
        requetes: Requetes,
        lexique: Lexique,
        classement: Classement,
        geographie: Geographie,
        connus: Acteurs | None = None,
    ) -> None:
        """Read the directory of actors, unless it is that of `connus`. Raises what Entrepot.lignes raises."""
        self._entrepot, self._requetes, self._lexique = entrepot, requetes, lexique
        self._classement, self._geographie = classement, geographie
        if connus is None:
            self.annuaire = Annuaire(entrepot, requetes, lexique)
            self.facettes = Facettes(self.annuaire, lexique)
        else:
            self.annuaire = connus.annuaire.avec(lexique)
            self.facettes = connus.facettes.avec(self.annuaire, lexique)

    def chercher(
        self, comprehension: Comprehension, types: Sequence[Candidat], territoires: Sequence[str], page: Page
    ) -> Trouves:
        """Actors that serve these territories (all of France where there is none), best first."""
        seuil = PART_DU_MEILLEUR * max((candidat.score for candidat in types), default=0.0)
        notes = {c.iri: c.score for c in types[:TYPES_CHERCHES] if c.score >= seuil}
        evaluation = Evaluation(
            self._lexique, self._classement, self.annuaire, comprehension, notes, territoires
        )
        postulants = self._postulants(comprehension, notes, territoires)
        notees = {acteur: evaluation.note(postulant) for acteur, postulant in postulants.items()}
        scores = {acteur: note for acteur, note in notees.items() if note > 0}  # else more against than for
        candidats = self.annuaire.masque(scores)
        compter = page.limite > 0  # a page of no row is asked for the best of each kind only
        facettes = self.facettes.compter(page.filtres, candidats, comprehension.langue) if compter else {}
        if page.filtres:
            retenus = self.facettes.filtrer(page.filtres, candidats)
            scores = {acteur: note for acteur, note in scores.items() if self.annuaire.dans(retenus, acteur)}
        ordre = sorted(scores, key=lambda acteur: (-scores[acteur], acteur))
        montres = ordre[page.depart : page.depart + page.limite]
        meilleurs = _meilleurs(ordre, postulants)
        fiches = {fiche.iri: fiche for fiche in self.fiches(dict.fromkeys([*montres, *meilleurs]))}
        for fiche in fiches.values():
            fiche.score = scores[fiche.iri]
            fiche.type = evaluation.type_retenu(postulants[fiche.iri])
            fiche.titre = evaluation.meilleur_type(postulants[fiche.iri])
            fiche.motifs = evaluation.motifs(postulants[fiche.iri])
        return Trouves(_dans(fiches, montres), _dans(fiches, meilleurs), len(ordre), facettes, ordre)

    def _postulants(
        self, comprehension: Comprehension, notes: Mapping[str, float], territoires: Sequence[str]
    ) -> dict[str, Postulant]:
        """Candidates and the actors that the question names, without what it rules out."""
        candidats = self._candidats(territoires or [FRANCE], notes, bool(territoires))
        for nomme in comprehension.iris("acteurs"):
            candidats.setdefault(nomme, (set(self._lexique.acteurs[nomme].types), ""))
        exclus = set(comprehension.iris("exclus"))
        return {
            acteur: Postulant(self.annuaire.acteurs[acteur], frozenset(types), servi)
            for acteur, (types, servi) in candidats.items()
            if acteur in self.annuaire.acteurs and acteur not in exclus and not types <= exclus
        }

    def _candidats(
        self, territoires: Iterable[str], notes: Mapping[str, float], situe: bool
    ) -> dict[str, tuple[set[str], str]]:
        """Actor → (kinds that count, nearest territory served)."""
        trouves: dict[str, tuple[set[str], str]] = {}
        for territoire in territoires if notes else ():
            couples = self._servant(territoire, notes)
            if situe and self._lexique.lieux[territoire].classe not in _PETITS:
                couples += self._presents(territoire, notes)
            for acteur, servi, type_ in couples:
                types, proche = trouves.setdefault(acteur, (set(), servi))
                types.add(type_)
                if proche != servi:
                    trouves[acteur] = (types, min(proche, servi, key=self._etendue))
        return trouves

    def _servant(self, territoire: str, notes: Mapping[str, float]) -> list[tuple[str, str, str]]:
        """(actor, territory served, kind) of the actors that serve a territory or one that encloses it."""
        servis = [territoire, *self._geographie.ancetres(territoire)]
        codes = {type_: self._lexique.concepts[type_].code for type_ in notes}
        cles = {f"{servi}#{code}": (servi, type_) for servi in servis for type_, code in codes.items()}
        lignes = self._requetes.executer(self._entrepot, "orientation-acteurs-servant", {"cles": list(cles)})
        return [(li["acteur"].value, *cles[li["cles"].value]) for li in lignes]

    def _presents(self, territoire: str, notes: Mapping[str, float]) -> list[tuple[str, str, str]]:
        """(actor, territory served, kind) of the actors that serve a part of a territory."""
        parametres = {"territoire": territoire, "types": list(notes)}
        lignes = self._requetes.executer(self._entrepot, "orientation-acteurs-presents", parametres)
        return [(li["acteur"].value, li["servi"].value, li["types"].value) for li in lignes]

    def _etendue(self, territoire: str) -> float:
        """Order of the territories served, the nearest first."""
        lieu = self._lexique.lieux.get(territoire)
        code = PROXIMITE.get(lieu.classe) if lieu else None
        return -self._classement.bareme[code] if code else 1.0

    def fiches(self, acteurs: Iterable[str]) -> list[Fiche]:
        """Records of these actors, in the same order."""
        demandes = list(acteurs)
        if not demandes:
            return []
        valeurs: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for ligne in self._requetes.executer(self._entrepot, "orientation-fiches", {"acteurs": demandes}):
            propriete = local_name(ligne["propriete"].value)
            valeurs[ligne["acteurs"].value][propriete].append(ligne["valeur"].value)
        return [
            Fiche(acteur, valeurs[acteur], next(iter(sorted(valeurs[acteur]["classification"])), ""))
            for acteur in demandes
            if acteur in valeurs
        ]


def _meilleurs(ordre: Sequence[str], postulants: Mapping[str, Postulant]) -> list[str]:
    """The first actors of each kind, in the order of the ranking."""
    places: Counter[str] = Counter()
    retenus: list[str] = []
    for acteur in ordre:
        libres = [t for t in postulants[acteur].types if places[t] < MEILLEURS_PAR_TYPE]
        places.update(libres)
        if libres:
            retenus.append(acteur)
    return retenus


def _dans(fiches: Mapping[str, Fiche], acteurs: Iterable[str]) -> list[Fiche]:
    return [fiches[acteur] for acteur in acteurs if acteur in fiches]

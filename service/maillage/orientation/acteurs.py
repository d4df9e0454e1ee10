"""Real actors: those that serve the place asked for and belong to the kinds that answer, ranked, with why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from maillage.comprehension import Comprehension
from maillage.lexique import Lexique
from maillage.namespaces import iri
from maillage.orientation.baremes import Bareme, Motif
from maillage.orientation.classement import Candidat, Classement
from maillage.requetes import Requetes
from maillage.store import Entrepot

#: kinds of actor looked for among real actors.
TYPES_CHERCHES = 12
#: points taken off once a source is this many years old, and more after.
FRANCE = iri("pays", "france")

_PROXIMITE = {
    "commune": "proximite-commune",
    "arrondissement-municipal": "proximite-commune",
    "epci": "proximite-intercommunalite",
    "bassin": "proximite-intercommunalite",
    "departement": "proximite-departement",
    "region": "proximite-region",
    "ancienne-region": "proximite-region",
    "pays": "proximite-pays",
}


@dataclass
class Fiche:
    """What is shown of an actor."""

    iri: str
    valeurs: Mapping[str, Sequence[str]]
    type: str
    score: float = 0.0
    motifs: list[Motif] = field(default_factory=list)

    def premier(self, propriete: str) -> str:
        """First value of a property, by its local name; empty where it has none."""
        return next(iter(self.valeurs.get(propriete, ())), "")


class Acteurs:
    """Finds and ranks real actors in a store."""

    def __init__(
        self, entrepot: Entrepot, requetes: Requetes, lexique: Lexique, classement: Classement
    ) -> None:
        """Keep what candidates come from."""
        self._entrepot, self._requetes, self._lexique = entrepot, requetes, lexique
        self._classement = classement
        self._bareme: Bareme = classement.bareme

    def chercher(
        self, comprehension: Comprehension, types: Sequence[Candidat], territoires: Sequence[str], limite: int
    ) -> list[Fiche]:
        """Actors that serve these territories (all of France where there is none), best first."""
        notes = {candidat.iri: candidat.score for candidat in types[:TYPES_CHERCHES]}
        candidats = self._candidats(territoires or [FRANCE], notes, bool(territoires))
        for nomme in comprehension.iris("acteurs"):
            candidats.setdefault(nomme, (set(self._lexique.acteurs[nomme].types), ""))
        exclus = set(comprehension.iris("exclus"))
        retenus = {a: c for a, c in candidats.items() if a not in exclus and not c[0] <= exclus}
        preselection = self._preselectionner(retenus, notes, comprehension, limite)
        declares = self._declares(comprehension)
        fiches = [
            self._evaluer(fiche, retenus[fiche.iri], notes, comprehension, declares, territoires)
            for fiche in self.fiches(preselection)
        ]
        return sorted(fiches, key=lambda f: (-f.score, f.iri))[:limite]

    def _candidats(
        self, territoires: Iterable[str], notes: Mapping[str, float], situe: bool
    ) -> dict[str, tuple[set[str], str]]:
        """Actor → (kinds that count, nearest territory served)."""
        trouves: dict[str, tuple[set[str], str]] = {}
        for territoire in territoires:
            lignes = self._requetes.executer(
                self._entrepot, "orientation-acteurs-servant", {"territoire": territoire}
            )
            couples = [(li["acteur"].value, li["servi"].value, li["type"].value) for li in lignes]
            if situe and self._lexique.lieux[territoire].classe not in (
                "commune",
                "arrondissement-municipal",
            ):
                couples += self._presents(territoire, notes)
            for acteur, servi, type_ in couples:
                if type_ in notes:
                    types, proche = trouves.get(acteur, (set(), servi))
                    trouves[acteur] = (types | {type_}, min(proche, servi, key=self._etendue))
        return trouves

    def _presents(self, territoire: str, notes: Mapping[str, float]) -> list[tuple[str, str, str]]:
        if not notes:
            return []
        lignes = self._requetes.executer(
            self._entrepot,
            "orientation-acteurs-presents",
            {"territoire": territoire, "types": list(notes)},
        )
        return [(li["acteur"].value, li["servi"].value, li["types"].value) for li in lignes]

    def _etendue(self, territoire: str) -> float:
        """Order of the territories served, the nearest first."""
        lieu = self._lexique.lieux.get(territoire)
        code = _PROXIMITE.get(lieu.classe) if lieu else None
        return -self._bareme[code] if code else 1.0

    def _preselectionner(
        self,
        candidats: Mapping[str, tuple[set[str], str]],
        notes: Mapping[str, float],
        comprehension: Comprehension,
        limite: int,
    ) -> list[str]:
        """The few actors whose full record is worth reading, by kind, sector and nearness."""
        secteurs = set(comprehension.iris("secteurs"))
        nommes = set(comprehension.iris("acteurs"))

        def note(acteur: str) -> float:
            types, servi = candidats[acteur]
            siens = set(self._lexique.acteurs[acteur].secteurs) if acteur in self._lexique.acteurs else set()
            base = max((notes.get(t, 0.0) for t in types), default=0.0) / max(
                max(notes.values(), default=1), 1
            )
            secteur = self._secteur(siens, secteurs)[1] if siens else 0.0
            return (
                base * self._bareme["type-classe"] + secteur - self._etendue(servi) + 100 * (acteur in nommes)
            )

        return sorted(candidats, key=lambda acteur: (-note(acteur), acteur))[: max(4 * limite, 60)]

    def fiches(self, acteurs: Iterable[str]) -> list[Fiche]:
        """Records of these actors, in the same order."""
        demandes = list(acteurs)
        if not demandes:
            return []
        valeurs: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for ligne in self._requetes.executer(self._entrepot, "orientation-fiches", {"acteurs": demandes}):
            propriete = ligne["propriete"].value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
            valeurs[ligne["acteurs"].value][propriete].append(ligne["valeur"].value)
        return [
            Fiche(acteur, valeurs[acteur], next(iter(sorted(valeurs[acteur]["classification"])), ""))
            for acteur in demandes
            if acteur in valeurs
        ]

    def _declares(self, comprehension: Comprehension) -> dict[str, dict[str, list[str]]]:
        """Actor → facet asked for → interventions of the actor itself that have it."""
        declares: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        demandes = self._classement.demandes(comprehension)
        for intervention, porteur, facette in self._classement.interventions(demandes):
            if porteur in self._lexique.acteurs:
                declares[porteur][facette].append(intervention)
        return declares

    def _evaluer(
        self,
        fiche: Fiche,
        candidat: tuple[set[str], str],
        notes: Mapping[str, float],
        comprehension: Comprehension,
        declares: Mapping[str, Mapping[str, Sequence[str]]],
        territoires: Sequence[str],
    ) -> Fiche:
        langue = comprehension.langue
        types, servi = candidat
        if fiche.iri in comprehension.iris("acteurs"):
            self._compter(fiche, "acteur-nomme", langue, fiche.premier("prefLabel"))
        self._compter_type(fiche, types, notes, langue)
        self._compter_secteur(fiche, comprehension)
        self._compter_proximite(fiche, servi, territoires, langue)
        self._compter_declares(fiche, declares.get(fiche.iri, {}), comprehension)
        self._compter_certitude(fiche, langue)
        return fiche

    def _compter_type(self, fiche: Fiche, types: set[str], notes: Mapping[str, float], langue: str) -> None:
        """The best ranked kind of the actor; it is called by its own kind, not by a broader or former one."""
        if not types or not notes:
            return
        meilleur = max(types, key=lambda t: (notes.get(t, 0.0), t))
        siens = [t for t in fiche.valeurs.get("classification", ()) if t in self._lexique.concepts]
        proches = [t for t in siens if t == meilleur or self._proche(t, meilleur)]
        fiche.type = max(proches or siens, key=lambda t: (notes.get(t, 0.0), t), default=meilleur)
        libelle = self._lexique.concepts[fiche.type].libelle(langue)
        self._compter(fiche, "type-classe", langue, libelle, notes[meilleur] / max(notes.values()))

    def _proche(self, type_: str, autre: str) -> bool:
        concept = self._lexique.concepts[type_]
        return autre in concept.ancetres or autre in concept.equivalents

    def _compter_declares(
        self, fiche: Fiche, siens: Mapping[str, Sequence[str]], comprehension: Comprehension
    ) -> None:
        """All that a source says of this very actor and that is asked for, as one motive."""
        demandes = self._classement.demandes(comprehension)
        if siens:
            total = sum(demande.poids for demande in demandes.values()) or 1.0
            part = sum(demandes[facette].poids for facette in siens) / total
            libelles = ", ".join(demandes[facette].libelle for facette in siens)
            preuve = next(iter(siens.values()))[0]
            self._compter(fiche, "declare", comprehension.langue, libelles, part, preuve)

    def _compter(
        self, fiche: Fiche, critere: str, langue: str, valeur: str, part: float = 1.0, preuve: str = ""
    ) -> None:
        poids = self._bareme[critere] * part
        fiche.score += poids
        fiche.motifs.append(self._bareme.motif(critere, langue, valeur, poids >= 0, poids, preuve))

    def _secteur(self, siens: set[str], demandes: set[str]) -> tuple[str, float]:
        """Criterion of an actor's sectors against those asked for."""
        larges = {a for s in demandes for a in self._lexique.concepts[s].ancetres}
        precis = {a for s in siens if s in self._lexique.concepts for a in self._lexique.concepts[s].ancetres}
        if not demandes:
            code = "secteur-non-demande"
        elif siens & (demandes | larges) or precis & demandes:
            code = "secteur-exact"
        else:
            code = "autre-secteur"
        return code, self._bareme[code]

    def _compter_secteur(self, fiche: Fiche, comprehension: Comprehension) -> None:
        siens = set(fiche.valeurs.get("secteur", ()))
        if not siens:
            return
        code, _ = self._secteur(siens, set(comprehension.iris("secteurs")))
        connus = [self._lexique.concepts[s] for s in sorted(siens) if s in self._lexique.concepts]
        noms = ", ".join(concept.libelle(comprehension.langue) for concept in connus)
        self._compter(fiche, code, comprehension.langue, noms)

    def _compter_proximite(self, fiche: Fiche, servi: str, territoires: Sequence[str], langue: str) -> None:
        lieu = self._lexique.lieux.get(servi)
        if lieu and lieu.classe in _PROXIMITE:
            self._compter(fiche, _PROXIMITE[lieu.classe], langue, lieu.nom)
        commune = fiche.premier("commune")
        if commune and commune in territoires and commune in self._lexique.lieux:
            self._compter(fiche, "implantation", langue, self._lexique.lieux[commune].nom)

    def _compter_certitude(self, fiche: Fiche, langue: str) -> None:
        statut = fiche.premier("statut").rsplit("/", 1)[-1]
        concept = self._lexique.concepts.get(fiche.premier("statut"))
        if concept and f"statut-{statut}" in ("statut-atteste", "statut-historique"):
            self._compter(fiche, f"statut-{statut}", langue, concept.libelle(langue))
        constat = fiche.premier("constat")
        if constat[:4].isdigit():
            ans = max(0, self._classement.annee - int(constat[:4]))
            self._compter(fiche, "fraicheur", langue, constat, ans)

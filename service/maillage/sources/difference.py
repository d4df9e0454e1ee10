"""What an edition would change: one proposed change a line, each with what is known now and who says it.

A steward's word wins: what a file kept by hand, or another source, says otherwise is a conflict, shown and
kept as data, never overwritten. Only what this source itself said in an earlier edition is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from maillage.importation.ecriture import texte
from maillage.sources.connu import Connu, lexical
from maillage.sources.desaccords import Desaccords
from maillage.sources.normalisation import meme_valeur
from maillage.sources.notice import Edition, Notice, Proprietes
from maillage.sources.rapprochement import A_DECIDER, AUTRE, Verdict

AJOUTS, MODIFICATIONS, CONFIRMATIONS = "ajouts", "modifications", "confirmations"
DISPARITIONS, FERMETURES, CONFLITS, A_DECIDER_GENRE = "disparitions", "fermetures", "conflits", "a-decider"
#: kinds of change, in the order in which they are shown.
GENRES = (AJOUTS, MODIFICATIONS, DISPARITIONS, FERMETURES, CONFLITS, A_DECIDER_GENRE, CONFIRMATIONS)
#: kinds that `--accepter` may write.
ACCEPTABLES = (AJOUTS, MODIFICATIONS, DISPARITIONS, FERMETURES, CONFIRMATIONS)
#: properties that a body has once: another's word on one of them is a conflict.
_UNIQUES = (
    "skos:prefLabel",
    "mlg:commune",
    "schema:address",
    "schema:telephone",
    "schema:url",
    "schema:email",
)
#: properties on which another file's word is enough.
_D_UN_SEUL = (*_UNIQUES, "mlg:statut", "mlg:remarque")
#: what a confirmation settles by itself: seen when, in which source, under which identifiers.
_DE_CONSTAT = ("a", "mlg:constat", "mlg:preuve", "dcterms:source", "dcterms:identifier")
_HISTORIQUE = "statut:historique"


@dataclass(slots=True)
class Changement:
    """One proposed change. Values are rendered in Turtle; `tenu_par` are the files that say the old ones."""

    genre: str
    acteur: str
    nom: str
    departement: str
    propriete: str = ""
    anciens: list[str] = field(default_factory=list)
    nouveaux: list[str] = field(default_factory=list)
    tenu_par: list[str] = field(default_factory=list)
    raison: str = ""
    notice: Notice | None = None

    @property
    def code(self) -> str:
        """Name of the change, the same from one run to the next."""
        suite = f"/{self.propriete.partition(':')[2]}" if self.propriete else ""
        enregistrement = (
            f"/{self.notice.identifiant}" if self.genre == A_DECIDER_GENRE and self.notice else ""
        )
        return f"{self.genre}/{self.acteur}{suite}{enregistrement}"

    @property
    def avant(self) -> str:
        """The old values, as one text."""
        return " ; ".join(map(lisible, self.anciens))

    @property
    def apres(self) -> str:
        """The new values, as one text."""
        return " ; ".join(map(lisible, self.nouveaux))


def lisible(rendu: str) -> str:
    """A rendered object as a steward reads it: parts of an address, text of a literal, short name."""
    if rendu.startswith("["):
        return ", ".join(lexical(m.partition(" ")[2]) for m in rendu.split(" ; schema:")[1:])
    return lexical(rendu)


class Comparateur:
    """The corpus and one edition, compared body by body."""

    def __init__(self, connu: Connu, edition: Edition, desaccords: Desaccords) -> None:
        self._connu, self._edition, self._desaccords = connu, edition, desaccords

    def changements(self, verdicts: Sequence[Verdict], complet: bool) -> list[Changement]:
        """Every proposed change. A body gone is only told of where the edition was read to its end."""
        trouves: list[Changement] = []
        vus: set[str] = set()
        for verdict in verdicts:
            vus.add(verdict.acteur)
            trouves.extend(self._d_un_verdict(verdict))
        if complet:
            trouves.extend(self._disparus(vus))
        rangs = {genre: rang for rang, genre in enumerate(GENRES)}
        return sorted(trouves, key=lambda c: (rangs[c.genre], c.departement, c.acteur, c.propriete))

    def _d_un_verdict(self, verdict: Verdict) -> Iterable[Changement]:
        notice, fiche = verdict.notice, verdict.notice.fiche
        if verdict.issue == A_DECIDER:
            return [
                Changement(
                    A_DECIDER_GENRE,
                    verdict.acteur,
                    fiche.nom,
                    notice.departement,
                    nouveaux=[texte(fiche.nom)],
                    anciens=self._connu.valeurs(verdict.acteur, "skos:prefLabel"),
                    raison=verdict.raison,
                    notice=notice,
                )
            ]
        if verdict.issue == AUTRE and notice.ferme_le:
            return []
        if verdict.issue == AUTRE:
            # An IRI that another body bears already is not given twice.
            if fiche.slug in self._connu.acteurs:
                fiche.slug = f"{fiche.slug}-{notice.identifiant[:8].lower()}"
            return [
                Changement(
                    AJOUTS,
                    fiche.slug,
                    fiche.nom,
                    notice.departement,
                    nouveaux=[texte(fiche.nom)],
                    raison=verdict.raison,
                    notice=notice,
                )
            ]
        return self._d_un_acteur(verdict)

    def _d_un_acteur(self, verdict: Verdict) -> Iterable[Changement]:
        acteur, notice = verdict.acteur, verdict.notice
        notice.fiche.slug = acteur
        nouvelles = notice.proprietes()
        if notice.ferme_le:
            yield from self._ferme(acteur, notice)
            return
        confirmees: list[str] = []
        for predicat in dict.fromkeys([*nouvelles, *self._propres(acteur)]):
            if predicat in _DE_CONSTAT:
                continue
            changement = self._d_une_propriete(acteur, notice, predicat, nouvelles.get(predicat, []))
            if changement is None:
                confirmees.append(predicat)
            elif changement.genre:
                yield changement
        if not self._deja_vu(acteur, nouvelles):
            yield Changement(
                CONFIRMATIONS,
                acteur,
                notice.fiche.nom,
                notice.departement,
                anciens=self._connu.valeurs(acteur, "mlg:constat"),
                nouveaux=nouvelles.get("mlg:constat", []),
                raison=f"{verdict.raison} ; {len(confirmees)} propriétés inchangées",
                notice=notice,
            )

    def _d_une_propriete(
        self, acteur: str, notice: Notice, predicat: str, nouveaux: list[str]
    ) -> Changement | None:
        """The change of a property; None where it stays; without a kind where another file has the say."""
        propres, autres = self._propres(acteur).get(predicat, []), self._d_autrui(acteur, predicat)
        attendus = [v for v in nouveaux if not any(meme_valeur(predicat, v, a) for _, a in autres)]
        if memes(predicat, propres, nouveaux) or memes(predicat, propres, attendus):
            return None
        base = Changement(
            "", acteur, notice.fiche.nom, notice.departement, predicat, nouveaux=attendus, notice=notice
        )
        if autres and not propres and predicat in _D_UN_SEUL:
            if predicat in _UNIQUES and not self._desaccords.connu(acteur, predicat, attendus):
                base.genre, base.anciens = CONFLITS, list(dict.fromkeys(a for _, a in autres))
                base.tenu_par = list(dict.fromkeys(f for f, _ in autres))
                base.raison = "une autre fiche le dit autrement : elle est gardée"
            return base
        base.genre, base.anciens = MODIFICATIONS, propres
        base.tenu_par = [f for f, bloc in self._mes_fichiers(acteur) if predicat in bloc]
        base.raison = "la source ne le dit plus" if not attendus else "" if propres else "la source l'ajoute"
        return base

    def _mes_fichiers(self, acteur: str) -> list[tuple[str, Proprietes]]:
        moi = self._edition.importateur
        return [(f.chemin, p) for f, p in self._connu.dires(acteur) if f.importateur == moi]

    def _propres(self, acteur: str) -> Proprietes:
        """What the earlier editions of this source say."""
        dites: Proprietes = {}
        for _, bloc in self._mes_fichiers(acteur):
            for predicat, valeurs in bloc.items():
                dites.setdefault(predicat, []).extend(v for v in valeurs if v not in dites[predicat])
        return dites

    def _d_autrui(self, acteur: str, predicat: str) -> list[tuple[str, str]]:
        moi = self._edition.importateur
        dires = [(f, p) for f, p in self._connu.dires(acteur) if f.importateur != moi]
        # Another's main name is a name all the same.
        dits = (predicat, "skos:prefLabel") if predicat == "skos:altLabel" else (predicat,)
        return [(f.chemin, v) for f, p in dires for dit in dits for v in p.get(dit, ())]

    def _deja_vu(self, acteur: str, nouvelles: Proprietes) -> bool:
        """Whether this edition already says that the body was seen, with its identifiers."""
        return any(
            self._edition.source in p.get("dcterms:source", ())
            and set(p.get("dcterms:identifier", ())) >= set(nouvelles.get("dcterms:identifier", ()))
            for _, p in self._mes_fichiers(acteur)
        )

    def _ferme(self, acteur: str, notice: Notice) -> Iterable[Changement]:
        """A closure prevails over what other imports say, not over a steward's word."""
        statuts, suite = self._connu.valeurs(acteur, "mlg:statut"), notice.repreneur
        tenus = [f.chemin for f, p in self._connu.dires(acteur) if "mlg:statut" in p and not f.importateur]
        if statuts == [_HISTORIQUE] or (
            tenus and self._desaccords.connu(acteur, "mlg:statut", [_HISTORIQUE])
        ):
            return
        yield Changement(
            CONFLITS if tenus else FERMETURES,
            acteur,
            notice.fiche.nom,
            notice.departement,
            "mlg:statut",
            anciens=statuts,
            nouveaux=[_HISTORIQUE],
            tenu_par=tenus,
            raison=f"fermé le {notice.ferme_le}" + (f", repris par acteur:{suite}" if suite else ""),
            notice=notice,
        )

    def _disparus(self, vus: set[str]) -> Iterable[Changement]:
        moi = self._edition.importateur
        for acteur in self._connu.acteurs.keys() - vus:
            miens = [(f, p) for f, p in self._connu.dires(acteur) if f.importateur == moi]
            entier = next(((f, p) for f, p in miens if "mlg:constat" in p), None)
            statut = next((v for _, p in miens for v in p.get("mlg:statut", ())), "")
            if entier is None or not statut or statut == _HISTORIQUE:
                continue
            # A block that says a status without a day seen is the mark that an earlier edition left.
            if any("mlg:statut" in p and "mlg:constat" not in p for _, p in miens):
                continue
            fichier, bloc = entier
            yield Changement(
                DISPARITIONS,
                acteur,
                lexical(bloc.get("skos:prefLabel", [acteur])[0]),
                fichier.chemin.split("/")[2],
                "mlg:statut",
                anciens=[statut],
                nouveaux=["statut:a-confirmer"],
                tenu_par=[fichier.chemin],
                raison=f"vu pour la dernière fois : {lexical(bloc['mlg:constat'][0])}",
            )


def memes(predicat: str, unes: list[str], autres: list[str]) -> bool:
    """Whether two lists of objects of a property say the same things."""
    return len(unes) == len(autres) and all(any(meme_valeur(predicat, u, a) for a in autres) for u in unes)

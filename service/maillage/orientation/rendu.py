"""Rendering: kinds, actors, needs and paths as the contract of the answer writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maillage.comprehension.entites import Nommage
from maillage.lexique import Concept, Lexique
from maillage.orientation.acteurs import Fiche
from maillage.orientation.baremes import Motif
from maillage.orientation.besoins import Besoin
from maillage.orientation.classement import Candidat
from maillage.orientation.parcours import Maillon
from maillage.orientation.preuves import Preuve, Preuves
from maillage.orientation.voisins import Voisin

#: actors listed under each kind.
ACTEURS_PAR_TYPE = 5

Json = dict[str, Any]


class Rendu:
    """Writes one answer in one language."""

    def __init__(
        self, lexique: Lexique, nommage: Nommage, preuves: Preuves, candidats: Sequence[Candidat | Fiche]
    ) -> None:
        """Gather the evidence that these candidates quote. Raises what Entrepot.lignes raises."""
        self._lexique, self._nommage, self._sources = lexique, nommage, preuves
        self._langue = nommage.langue
        motifs = [motif for candidat in candidats for motif in candidat.motifs]
        self._preuves: dict[str, Preuve] = preuves.citer(motifs, self._langue)

    def types(
        self, candidats: Sequence[Candidat], acteurs: Sequence[Json], absents: Mapping[str, Voisin | None]
    ) -> list[Json]:
        """Kinds with their motives and their first actors; scores never rise from one to the next.

        `absents`: kinds without an actor in the answer, with the nearest one.
        """
        maximum = max((candidat.score for candidat in candidats), default=1.0) or 1.0
        rendus, plafond = [], 1.0
        for candidat in candidats:
            plafond = min(plafond, candidat.score / maximum)
            concept = self._lexique.concepts[candidat.iri]
            siens = [acteur for acteur in acteurs if concept.code in acteur["types"]]
            rendu = self._nommage.entite(candidat.iri).en_json()
            rendu["familles"] = [self._code(famille) for famille in concept.familles]
            rendu["score"] = round(plafond, 3)
            rendu["motifs"] = [self._motif(motif) for motif in candidat.motifs]
            rendu["acteurs"] = siens[:ACTEURS_PAR_TYPE]
            voisin = absents.get(candidat.iri)
            rendu["personne_de_connu"] = candidat.iri in absents and not (voisin and voisin.dessert)
            rendu["plus_proche"] = self._voisin(voisin)
            rendus.append(rendu)
        return rendus

    def _voisin(self, voisin: Voisin | None) -> Json | None:
        """The nearest actor of a kind: where it is, and the territory that it shares with the place."""
        if voisin is None:
            return None
        commune = self._lexique.lieux.get(voisin.inscrit.commune)
        return self._nommage.entite(voisin.inscrit.iri).en_json() | {
            "commune": commune.nom if commune else "",
            "dans": self._nommage.entite(voisin.enclos).en_json(),
            "dessert": voisin.dessert,
        }

    def acteur(self, fiche: Fiche) -> Json:
        """An actor: who, why, where, how to reach it, how sure we are."""
        connus = self._lexique.concepts
        statut = fiche.premier("statut")
        return self._nommage.entite(fiche.iri).en_json() | {
            "libelle": fiche.premier("prefLabel"),
            "type": self._nommage.entite(fiche.type).en_json() if fiche.type in connus else None,
            "au_titre_de": self._nommage.entite(fiche.titre).en_json() if fiche.titre in connus else None,
            "types": [self._code(t) for t in sorted(fiche.valeurs.get("classification", ())) if t in connus],
            "score": round(fiche.score, 3),
            "motifs": [self._motif(motif) for motif in fiche.motifs],
            **self._lieu(fiche),
            "contact": _contact(fiche),
            "source": self._sources.source(fiche.premier("source"), self._langue),
            "preuve": fiche.premier("preuve"),
            "constat": fiche.premier("constat"),
            "statut": statut.rsplit("/", 1)[-1],
            "statut_libelle": connus[statut].libelle(self._langue) if statut in connus else "",
            "remarque": fiche.premier("remarque"),
        }

    def _lieu(self, fiche: Fiche) -> Json:
        lieux = self._lexique.lieux
        servis = [lieux[t].nom for t in sorted(fiche.valeurs.get("territoireServi", ())) if t in lieux]
        commune = lieux.get(fiche.premier("commune"))
        return {"territoire": ", ".join(servis), "commune": commune.nom if commune else ""}

    def besoin(self, besoin: Besoin) -> Json:
        """A need: the words that state it, and the kinds that meet it best."""
        return {
            "libelle": ", ".join(dict.fromkeys(entite.libelle for entite in besoin.entites)),
            "entites": [entite.en_json() for entite in besoin.entites],
            "types": [self._nommage.entite(candidat.iri).en_json() for candidat in besoin.types],
        }

    def maillon(self, rang: int, maillon: Maillon) -> Json:
        """A link of the path; `acteur` is null where none is known, which is not « there is none »."""
        acteur = maillon.acteur
        return {
            "rang": rang,
            "portee": maillon.portee.code,
            "libelle": maillon.portee.libelle(self._langue),
            "raison": maillon.portee.definition(self._langue),
            "type": self._nommage.entite(maillon.type).en_json(),
            "acteur": {"iri": acteur.iri, "libelle": acteur.premier("prefLabel")} if acteur else None,
        }

    def parcours(
        self, portees: Sequence[Concept], maillons: Sequence[Maillon], absents: Mapping[str, Voisin | None]
    ) -> list[Json]:
        """Every reach, its link where it has one, the actor in full or the nearest one of the kind."""
        rang, par_portee = 0, {maillon.portee.iri: maillon for maillon in maillons}
        rendus = []
        for portee in portees:
            rendu: Json = {
                "rang": None,
                "portee": portee.code,
                "libelle": portee.libelle(self._langue),
                "raison": portee.definition(self._langue),
                "type": None,
                "acteur": None,
            }
            maillon = par_portee.get(portee.iri)
            if maillon:
                rang += 1
                rendu |= self.maillon(rang, maillon)
                rendu["acteur"] = self.acteur(maillon.acteur) if maillon.acteur else None
            rendu["plus_proche"] = self._voisin(absents.get(maillon.type)) if maillon else None
            rendus.append(rendu)
        return rendus

    def passage(self, iri: str, note: float) -> Json:
        """A passage with how much of the question it answers."""
        return self._sources.passage(iri, self._langue) | {"score": round(note, 3)}

    def _motif(self, motif: Motif) -> Json:
        return {
            "critere": motif.critere,
            "libelle": motif.libelle,
            "valeur": motif.valeur,
            "atteint": motif.atteint,
            "poids": motif.poids,
            "preuve": self._preuves.get(motif.intervention or motif.relation),
        }

    def _code(self, iri: str) -> str:
        return self._lexique.concepts[iri].code


def _contact(fiche: Fiche) -> Json:
    adresse = [fiche.premier(nom) for nom in ("streetAddress", "postalCode", "addressLocality")]
    return {
        "adresse": " ".join(part for part in adresse if part),
        "telephone": fiche.premier("telephone"),
        "courriel": fiche.premier("email"),
        "url": fiche.premier("url"),
    }

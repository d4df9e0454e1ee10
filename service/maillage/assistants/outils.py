"""The tools, without the protocol: plain questions to the parts of the service, answers bounded in size.

Every answer names the version of the data, its date and licence; what is left out is counted, never hidden.
Raises Probleme or ParametreInvalide where a demand is refused.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Triple

from maillage.assistants.abrege import acteur, fiche_en_json, passage, type_d_acteur
from maillage.bac_a_sable.controle import controler
from maillage.bac_a_sable.reserve import PUBLIC, SERVICE
from maillage.bac_a_sable.trames import Demande
from maillage.changements.journal import Journal, JournalAbsent
from maillage.donnees_liees.description import describe
from maillage.donnees_liees.devenir import remplacants, renommee, retrait
from maillage.donnees_liees.fiche import incoming, lire_fiche
from maillage.donnees_liees.noms import Noms
from maillage.namespaces import BASE, GRAPHE_DERIVE, PREFIXES
from maillage.problemes import Probleme
from maillage.question import nettoyer
from maillage.requetes.requete import Requete
from maillage.routes.contexte import Service
from maillage.textes import Langue

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
#: actors, kinds and passages of one answer; rows of a result; findings of a report; links of each property.
ACTEURS, TYPES, PASSAGES, LIGNES, CONSTATS, LIENS = 20, 8, 5, 200, 50, 5
#: characters of one answer that a result of SPARQL may take.
TAILLE = 60_000


@dataclass(frozen=True)
class Outils:
    """The tools over the parts of one service."""

    parts: Service

    async def orienter(self, question: str, langue: Langue, limite: int, territoire: str) -> dict[str, Any]:
        """Who supports: kinds of actor and actors, each with reasons, source and date."""
        propre = nettoyer(question)
        lieu = self._iri(territoire) if territoire else None
        orienteur = self.parts.orienteur
        found = await asyncio.to_thread(lambda: orienteur.repondre(propre, langue, limite, lieu).en_json())
        comprehension = found["comprehension"]
        return self._reponse(
            compris=comprehension["phrase"],
            hors_sujet=comprehension["hors_sujet"],
            a_preciser=comprehension["a_preciser"],
            types=[type_d_acteur(one) for one in found["types"][:TYPES]],
            acteurs=[acteur(one) for one in found["acteurs"][:limite]],
            acteurs_en_tout=found["total"],
            passages=[passage(one) for one in found["passages"][:PASSAGES]],
        )

    async def decrire(self, iri: str, langue: Langue) -> dict[str, Any]:
        """What the data say of one IRI, what points to it, what became of it if it is gone."""
        full = self._iri(iri)
        return await asyncio.to_thread(self._decrire, full, langue)

    def requetes(self, langue: Langue) -> dict[str, Any]:
        """The stored queries: name, what each answers, its parameters, an example."""
        listed = [
            {
                "nom": one.nom,
                "resume": one.resume if langue == "fr" else one.summary,
                "parametres": {each.nom: each.type for each in one.parametres},
                "exemple": dict(one.exemple),
            }
            for one in self.parts.requetes
            if not one.interne
        ]
        return self._reponse(requetes=listed)

    async def executer(
        self, nom: str, parametres: Mapping[str, str | Sequence[str]], limite: int, decalage: int
    ) -> dict[str, Any]:
        """Rows of a stored query, or the Turtle that it builds."""
        requete = self.parts.requetes[nom]
        texte = requete.lier(parametres)
        return await self._resultat(requete, texte, limite, decalage)

    async def interroger(self, requete: str, limite: int) -> dict[str, Any]:
        """Rows of a SPARQL query, or the Turtle that it builds, in a process that can be killed."""
        graphes = frozenset((*self.parts.manifeste.graphes, GRAPHE_DERIVE))
        controle = controler(requete, graphes)
        forme = "ttl" if controle.sorte == "graphe" else "json"
        demande = Demande(requete, forme, union=not controle.jeu_de_donnees)
        return self._rendre(await self._bac(demande, PUBLIC), forme, limite)

    async def valider(self, turtle: str, nom: str, langue: Langue) -> dict[str, Any]:
        """The report of a Turtle file, as stewards get it; nothing is stored."""
        jugement = await self.parts.essais.essayer(turtle.encode(), nom, "json", langue)
        report = json.loads(jugement.rapport)
        found = report.pop("constats")
        kept = {name: report[name] for name in ("conforme", "erreurs", "avertissements") if name in report}
        return self._reponse(**kept, constats=found[:CONSTATS], constats_en_tout=len(found))

    async def _resultat(self, requete: Requete, texte: str, limite: int, decalage: int) -> dict[str, Any]:
        if requete.forme == "CONSTRUCT":
            return self._rendre(await self._bac(Demande(texte, "ttl"), SERVICE), "ttl", limite)
        if requete.forme == "SELECT" and not requete.limitee:
            texte = f"{texte.rstrip()}\nLIMIT {limite + 1:d} OFFSET {decalage:d}\n"
        return self._rendre(await self._bac(Demande(texte, "json"), SERVICE), "json", limite)

    async def _bac(self, demande: Demande, file: str) -> bytes:
        return await self.parts.bac.interroger(demande, file)

    def _rendre(self, corps: bytes, forme: str, limite: int) -> dict[str, Any]:
        if forme == "ttl":
            text = corps.decode()
            if len(text) > TAILLE:
                valeurs = {"lignes": limite, "octets": TAILLE / 1e6}
                raise Probleme("sparql-trop-de-lignes", 413, valeurs=valeurs)
            return self._reponse(turtle=text)
        read = json.loads(corps)
        if "boolean" in read:
            return self._reponse(reponse=read["boolean"])
        rows = read["results"]["bindings"]
        kept = _dans_la_taille(rows[:limite])
        return self._reponse(variables=read["head"]["vars"], lignes=kept, suite=len(rows) > len(kept))

    def _decrire(self, iri: str, langue: Langue) -> dict[str, Any]:
        parts = self.parts
        try:
            triples = describe(parts.requetes, parts.entrepot, iri)
        except ValueError:
            raise Probleme("ressource-inconnue", 404, valeurs={"iri": iri}) from None
        if not triples or renommee(triples):
            return self._disparue(iri)
        noms = Noms(parts.requetes, parts.entrepot, parts.textes, langue)
        subject = iri if any(_de(one, iri) for one in triples) else str(triples[0].subject)[1:-1]
        fiche = lire_fiche([one for one in triples if not _terme(one, subject)], subject, noms, langue)
        links = incoming(parts.requetes, parts.entrepot, iri, noms, lambda _: (LIENS, 0))
        return self._reponse(
            **fiche_en_json(fiche, langue),
            liens_entrants=[
                {
                    "propriete": one.iri,
                    "libelle": one.libelle,
                    "nombre": one.nombre,
                    "exemples": [{"iri": each.iri, "libelle": each.texte} for each in one.valeurs],
                }
                for one in links
            ],
        )

    def _disparue(self, iri: str) -> dict[str, Any]:
        """A tombstone. Raises Probleme 404 where the IRI was never known."""
        try:
            journal = Journal(self.parts.settings.dossier_instantanes)
        except JournalAbsent:
            journal = None
        found = retrait(journal, iri, remplacants(self.parts.requetes, self.parts.entrepot, iri))
        if found is None:
            raise Probleme("ressource-inconnue", 404, valeurs={"iri": iri})
        fin = {"retiree_le": found.fin.instant, "nom": found.fin.nom} if found.fin else {}
        return self._reponse(iri=iri, retiree=True, remplacee_par=list(found.successeurs), **fin)

    def _iri(self, texte: str) -> str:
        """An IRI given in full, as `prefix:code`, or as a path of this site."""
        prefix, _, local = texte.strip().partition(":")
        if prefix in PREFIXES and not local.startswith("//"):
            return PREFIXES[prefix] + local
        return texte.strip() if ":" in texte else BASE + texte.strip().lstrip("/")

    def _reponse(self, **contenu: Any) -> dict[str, Any]:
        manifeste = self.parts.manifeste
        donnees = {"version": manifeste.version, "date": manifeste.date, "licence": LICENCE}
        return {**contenu, "donnees": donnees}


def _de(triple: Triple, iri: str) -> bool:
    return str(triple.subject) == f"<{iri}>"


def _terme(triple: Triple, iri: str) -> bool:
    """Whether a statement is of another named resource: a term that the ontology defines."""
    return str(triple.subject).startswith("<") and not _de(triple, iri)


def _dans_la_taille(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first rows that fit in one answer."""
    kept: list[dict[str, Any]] = []
    left = TAILLE
    for row in rows:
        left -= len(json.dumps(row, ensure_ascii=False))
        if left < 0 and kept:
            break
        kept.append(row)
    return kept

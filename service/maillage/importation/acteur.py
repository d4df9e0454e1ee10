"""A body as an importer knows it, and the two ways to write it: whole, or what a second source adds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from maillage.importation.ecriture import Bloc, adresse_web, anonyme, chaine, date, ref, texte
from maillage.importation.lecture import cle

# Scheme, host that ends with letters alone, then nothing or a path: what is glued to the host is refused.
_URL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,12}(?::\d+)?(?:[/?#][^\s<>\"{}|\\^`]*)?")
_TELEPHONE = re.compile(r"(?:\+\d{9,13}|\d{10}|\d{4})")


@dataclass(slots=True)
class Fiche:
    """One body; lists hold `prefixe:code` names, dates are AAAA, AAAA-MM or AAAA-MM-JJ."""

    slug: str
    nom: str
    source: str
    constat: str = ""
    statut: str = "a-confirmer"
    types: list[str] = field(default_factory=list)
    secteurs: list[str] = field(default_factory=list)
    territoires: list[str] = field(default_factory=list)
    autres_noms: list[str] = field(default_factory=list)
    autres_sources: list[str] = field(default_factory=list)
    commune: str | None = None
    rue: str = ""
    code_postal: str = ""
    localite: str = ""
    telephone: str = ""
    url: str = ""
    courriel: str = ""
    preuve: str = ""
    identifiants: list[str] = field(default_factory=list)
    remarque: str = ""

    @property
    def sujet(self) -> str:
        """The actor's name in Turtle."""
        return ref("acteur", self.slug)

    def bloc(self) -> Bloc:
        """The actor whole: name, kind, place, contact, source, date, status."""
        bloc = Bloc(self.sujet, "mlg:Acteur").ajoute("skos:prefLabel", texte(self.nom))
        bloc.ajoute("skos:altLabel", self._autres_noms({cle(self.nom)}))
        bloc.ajoute("org:classification", self.types).ajoute("mlg:secteur", self.secteurs)
        bloc.ajoute("mlg:commune", ref("commune", self.commune) if self.commune else None)
        bloc.ajoute("mlg:territoireServi", self.territoires).ajoute("schema:address", self._adresse())
        bloc.ajoute("schema:telephone", chaine(self.telephone) if self.telephone else None)
        bloc.ajoute("schema:url", adresse_web(self.url) if self.url else None)
        bloc.ajoute("schema:email", chaine(self.courriel) if self.courriel else None)
        bloc.ajoute("dcterms:identifier", [chaine(i) for i in self.identifiants])
        bloc.ajoute("dcterms:source", [self.source, *self.autres_sources])
        bloc.ajoute("mlg:preuve", adresse_web(self.preuve) if self.preuve else None)
        bloc.ajoute("mlg:constat", date(self.constat) if self.constat else None)
        bloc.ajoute("mlg:statut", ref("statut", self.statut))
        return bloc.ajoute("mlg:remarque", texte(self.remarque) if self.remarque else None)

    def complement(self, slug: str, noms: Iterable[str] = (), avec_remarque: bool = False) -> Bloc:
        """What this source adds to an actor described elsewhere: only what may be said several times.

        `noms` are names that the other description surely does not hold already; the remark is added
        where it tells of the body and not of this source.
        """
        bloc = Bloc(ref("acteur", slug)).ajoute("skos:altLabel", [texte(nom) for nom in noms])
        bloc.ajoute("org:classification", self.types).ajoute("mlg:secteur", self.secteurs)
        bloc.ajoute("schema:telephone", chaine(self.telephone) if self.telephone else None)
        bloc.ajoute("dcterms:identifier", [chaine(i) for i in self.identifiants])
        bloc.ajoute("dcterms:source", [self.source, *self.autres_sources])
        return bloc.ajoute("mlg:remarque", texte(self.remarque) if avec_remarque else None)

    def _autres_noms(self, connus: set[str]) -> list[str]:
        rendus = []
        for nom in self.autres_noms:
            if nom and cle(nom) not in connus:
                connus.add(cle(nom))
                rendus.append(texte(nom))
        return rendus

    def _adresse(self) -> str | None:
        couples = (
            ("schema:streetAddress", self.rue),
            ("schema:postalCode", self.code_postal),
            ("schema:addressLocality", self.localite),
        )
        if not any(valeur for _, valeur in couples):
            return None
        return anonyme(("a", "schema:PostalAddress"), *((p, chaine(v) if v else "") for p, v in couples))


def slug(identifiant: str) -> str:
    """Local name of an IRI made from a source's identifier: lower case, hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", identifiant.lower()).strip("-")


def url_lisible(valeur: str) -> bool:
    """Whether a web address is whole: scheme, host, then a path or nothing."""
    return _URL.fullmatch(valeur) is not None


def telephone_lisible(valeur: str) -> bool:
    """Whether a phone number has the length of a French or an international one."""
    return _TELEPHONE.fullmatch(valeur.replace(" ", "")) is not None

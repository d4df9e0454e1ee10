"""Facets of the actors found: how many have each value, under the filters of the other facets.

What an actor declares adds to the habits of its kinds and takes nothing away: what is not listed is never
shown as absent. Sets of actors are bits, so that a value costs one crossing whatever the number of actors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from maillage.lexique import Lexique
from maillage.namespaces import PREFIXES
from maillage.orientation.annuaire import Annuaire, Inscrit
from maillage.textes import LANGUES, Textes, lire_textes

#: facet → class of its concepts, in the order shown; the level is that of the territories served.
FACETTES = {
    "type": "TypeActeur",
    "secteur": "Secteur",
    "niveau_territoire": "",
    "etape": "Etape",
    "role": "Role",
    "public": "Public",
    "famille": "Famille",
    "statut": "Statut",
}
#: facets whose values keep the order of the vocabulary; those of the others come the most frequent first.
ORDONNEES = frozenset({"etape", "famille", "niveau_territoire"})

#: kind of territory → class, from the nearest to the widest.
NIVEAUX = {
    "commune": PREFIXES["igeo"] + "Commune",
    "arrondissement-municipal": PREFIXES["igeo"] + "ArrondissementMunicipal",
    "epci": PREFIXES["igeo"] + "Intercommunalite",
    "bassin": PREFIXES["mlg"] + "Bassin",
    "departement": PREFIXES["igeo"] + "Departement",
    "ancienne-region": PREFIXES["mlg"] + "AncienneRegion",
    "region": PREFIXES["igeo"] + "Region",
    "pays": PREFIXES["igeo"] + "Pays",
}


class FiltreInconnu(ValueError):  # noqa: N818 (the error is named in French)
    """A filter has a value that its facet does not know."""

    def __init__(self, facette: str, valeur: str) -> None:
        super().__init__(f"{facette}={valeur}")
        self.facette, self.valeur = facette, valeur


@dataclass(frozen=True)
class Filtres:
    """Values asked for (IRIs) by facet: any value of a facet suits, all the facets must."""

    valeurs: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.valeurs.values())

    def en_texte(self) -> str:
        """The same text for the same filters, in whatever order they were given."""
        return " ".join(f"{nom}={iri}" for nom in sorted(self.valeurs) for iri in sorted(self.valeurs[nom]))


class Facettes:
    """Values of the actors of a directory, ready to be counted; safe to share between threads."""

    def __init__(self, annuaire: Annuaire, lexique: Lexique, textes: Textes | None = None) -> None:
        """Gather, once, the actors that have each value."""
        self.annuaire, self._lexique, self._textes = annuaire, lexique, textes or lire_textes()
        self._codes = {nom: dict(self._codes_de(classe)) for nom, classe in FACETTES.items()}
        self._habitudes: dict[tuple[str, ...], dict[str, set[str]]] = {}
        porteurs: dict[str, dict[str, list[str]]] = {nom: defaultdict(list) for nom in FACETTES}
        for inscrit in annuaire.acteurs.values():
            for nom, iris in self._valeurs(inscrit).items():
                for iri in iris:
                    porteurs[nom][iri].append(inscrit.iri)
        self._masques = {
            nom: {iri: annuaire.masque(acteurs) for iri, acteurs in par_valeur.items()}
            for nom, par_valeur in porteurs.items()
        }

    def avec(self, annuaire: Annuaire, lexique: Lexique) -> Facettes:
        """The same facets of the same actors, with the words of another lexicon."""
        if lexique.concepts is not self._lexique.concepts or lexique.lieux is not self._lexique.lieux:
            return Facettes(annuaire, lexique, self._textes)
        other = copy(self)
        other.annuaire, other._lexique = annuaire, lexique
        return other

    def lire(self, demandes: Mapping[str, Iterable[str]]) -> Filtres:
        """Filters from codes or IRIs, by facet. Raises FiltreInconnu."""
        return Filtres({nom: frozenset(self._iris(nom, demandes.get(nom, ()))) for nom in FACETTES})

    def codes(self, facette: str) -> list[str]:
        """Codes that a facet knows, in the order of the vocabulary. Raises KeyError for another facet."""
        return list(self._codes[facette])

    def filtrer(self, filtres: Filtres, candidats: int) -> int:
        """The candidates (bits) that suit every filter."""
        for nom, iris in filtres.valeurs.items():
            if iris:
                candidats &= self._union(nom, iris)
        return candidats

    def compter(self, filtres: Filtres, candidats: int, langue: str) -> dict[str, Any]:
        """Each facet with its values: code, iri, label, number, whether it is asked for.

        A facet is counted under the filters of the others. A value that no candidate has is left out, unless
        it is asked for: it must be possible to give it up.
        """
        return {
            nom: {
                "libelle": self._textes.entrees[f"filtre.{nom}"][langue],
                "valeurs": self._rendre(nom, filtres, candidats, langue),
            }
            for nom in FACETTES
        }

    def _rendre(self, nom: str, filtres: Filtres, candidats: int, langue: str) -> list[dict[str, Any]]:
        autres = Filtres({autre: iris for autre, iris in filtres.valeurs.items() if autre != nom})
        fond = self.filtrer(autres, candidats)
        actifs = filtres.valeurs.get(nom, frozenset())
        valeurs = []
        for code, iri in self._codes[nom].items():
            nombre = (self._masques[nom].get(iri, 0) & fond).bit_count()
            if nombre or iri in actifs:
                valeurs.append(
                    {
                        "code": code,
                        "iri": iri,
                        "libelle": self._libelle(nom, code, iri, langue),
                        "nombre": nombre,
                        "actif": iri in actifs,
                    }
                )
        if nom not in ORDONNEES:
            valeurs.sort(key=lambda valeur: (-int(str(valeur["nombre"])), str(valeur["libelle"])))
        return valeurs

    def _union(self, nom: str, iris: Iterable[str]) -> int:
        masque = 0
        for iri in iris:
            masque |= self._masques[nom].get(iri, 0)
        return masque

    def _iris(self, nom: str, valeurs: Iterable[str]) -> Iterator[str]:
        codes = self._codes[nom]
        connus = set(codes.values())
        for valeur in valeurs:
            iri = codes.get(valeur, valeur)
            if iri not in connus:
                raise FiltreInconnu(nom, valeur)
            yield iri

    def _codes_de(self, classe: str) -> Iterator[tuple[str, str]]:
        """(code, IRI) of the values a facet may have, in the order of the vocabulary."""
        if not classe:
            yield from NIVEAUX.items()
        siens = [c for c in self._lexique.concepts.values() if c.classe == classe]
        for concept in sorted(siens, key=lambda c: (c.ordre, c.code)):
            yield concept.code, concept.iri

    def _libelle(self, nom: str, code: str, iri: str, langue: str) -> str:
        concept = self._lexique.concepts.get(iri)
        if concept is not None:
            return concept.libelle(langue)
        return self._textes.entrees[f"niveau-territoire.{code}"][langue if langue in LANGUES else LANGUES[0]]

    def _valeurs(self, inscrit: Inscrit) -> dict[str, set[str]]:
        """Values of an actor by facet, broader concepts included."""
        annuaire, lieux = self.annuaire, self._lexique.lieux
        valeurs = {nom: set(iris) for nom, iris in self._habituelles(inscrit.types).items()}
        for iri in annuaire.facettes(inscrit.iri):
            self._ranger(valeurs, iri)
        valeurs["type"] = set(annuaire.plus_larges(inscrit.types))
        valeurs["secteur"] = set(annuaire.plus_larges(inscrit.secteurs))
        valeurs["statut"] = {inscrit.statut} if inscrit.statut else set()
        valeurs["niveau_territoire"] = {
            NIVEAUX[lieux[servi].classe]
            for servi in inscrit.servis
            if servi in lieux and lieux[servi].classe in NIVEAUX
        }
        return valeurs

    def _habituelles(self, types: tuple[str, ...]) -> dict[str, set[str]]:
        """Values that actors of these kinds have by habit: computed once for each set of kinds."""
        if types not in self._habitudes:
            valeurs: dict[str, set[str]] = defaultdict(set)
            for type_ in self.annuaire.est_un(types):
                concept = self._lexique.concepts.get(type_)
                for iri in (*self.annuaire.facettes(type_), *(concept.familles if concept else ())):
                    self._ranger(valeurs, iri)
            self._habitudes[types] = valeurs
        return self._habitudes[types]

    def _ranger(self, valeurs: dict[str, set[str]], iri: str) -> None:
        """Put a facet of an intervention where it belongs, its step or sector included."""
        concept = self._lexique.concepts.get(iri)
        if concept is None:
            return
        for nom, classe in FACETTES.items():
            if concept.classe == classe:
                valeurs.setdefault(nom, set()).add(iri)

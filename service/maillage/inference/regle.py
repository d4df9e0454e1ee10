"""One rule: what it derives, and about which resources, when the data change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import URIRef, Variable

from maillage.requetes.requete import Requete, lire_requete
from maillage.store.entrepot import RequeteRefusee
from maillage.validation.chemins import Terme
from maillage.validation.dependances import THIS, Dependances, ToutDependError, query_dependencies
from maillage.validation.motifs import Groupe, Triplet, elements, read_groups

_MODELE = re.compile(r"\bCONSTRUCT\s*\{[^}]*\}", re.IGNORECASE)


@dataclass(frozen=True)
class Regle:
    """A rule that derives one property of its subject: `CONSTRUCT { ?sujet propriete ?objet }`."""

    requete: Requete
    sujet: str
    propriete: NamedNode

    @property
    def nom(self) -> str:
        """Name of the file, without its suffix."""
        return self.requete.nom

    @property
    def texte(self) -> str:
        """The query."""
        return self.requete.texte

    @cached_property
    def _patron(self) -> str:
        """The patterns of the rule as a SELECT, its subject named as `dependances` wants it."""
        return re.sub(rf"\?{self.sujet}\b", THIS, _MODELE.sub("SELECT *", self.texte))

    @cached_property
    def dependances(self) -> Dependances:
        """Which subjects the change of a triple touches. Raises ToutDependError."""
        return query_dependencies(self._patron)

    @cached_property
    def proprietes_lues(self) -> frozenset[str]:
        """The properties that the rule reads, as SPARQL writes IRIs; "" stands for any."""
        return frozenset(each.predicat for motif in self.motifs() for each in elements(motif))

    def motifs(self) -> Iterator[Triplet]:
        """The patterns of the rule."""
        return _motifs(read_groups(self._patron))

    def touches(self, union: Store, changements: Iterable[Quad]) -> set[Terme]:
        """The subjects of which what is derived may change.

        `union`: the data before and after the changes. Raises ToutDependError.
        """
        seen = self.proprietes_lues
        read = {quad.triple for quad in changements if str(quad.predicate) in seen}
        return self.dependances.touched(union, read)

    def lit_ailleurs(self, propriete: NamedNode) -> bool:
        """Whether the rule reads a property, or any, of other resources than its subject."""
        return any(
            each.predicat in ("", str(propriete)) and (motif[0] != THIS or motif[1] != str(propriete))
            for motif in self.motifs()
            for each in elements(motif)
        )


def regles(dossier: Path) -> list[Regle]:
    """The rules of a folder, in the order in which they run.

    Raises EnteteInvalide, RequeteRefusee (no CONSTRUCT), ValueError (another template), OSError.
    """
    return [_regle(lire_requete(path)) for path in sorted(dossier.glob("*.rq"))]


def verifier_ordre(suite: Sequence[Regle]) -> None:
    """Raise ToutDependError unless what a rule derives is read by later rules only.

    Its own property it may read of its own subject, whose derived triples are taken away before it runs.
    """
    for rank, rule in enumerate(suite):
        for other in suite[rank:]:
            if other is not rule and (other.propriete == rule.propriete or _reads(rule, other)):
                raise ToutDependError(f"{rule.nom} reads what {other.nom} derives")
        if rule.lit_ailleurs(rule.propriete):
            raise ToutDependError(f"{rule.nom} reads what it derives")


def _reads(rule: Regle, other: Regle) -> bool:
    return bool({"", str(other.propriete)} & rule.proprietes_lues)


def _regle(requete: Requete) -> Regle:
    if requete.forme != "CONSTRUCT":
        raise RequeteRefusee(f"{requete.nom}.rq : requête CONSTRUCT attendue (CONSTRUCT query expected)")
    template = prepareQuery(requete.texte).algebra.template
    if len(template) != 1:
        raise ValueError(f"{requete.nom}.rq : une règle déduit une propriété d'un sujet, rien d'autre")
    ((subject, predicate, _),) = template
    if not isinstance(subject, Variable) or not isinstance(predicate, URIRef):
        raise ValueError(f"{requete.nom}.rq : une règle déduit « ?sujet propriete ?objet »")
    return Regle(requete, str(subject), NamedNode(predicate))


def _motifs(group: Groupe) -> Iterator[Triplet]:
    yield from group.positifs
    for inside in group.internes:
        yield from _motifs(inside)

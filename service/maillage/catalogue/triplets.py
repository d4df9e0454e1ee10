"""Writes the triples of a catalogue page: what stewards wrote, as addresses, typed as portals expect."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from maillage.catalogue.jeux import CATALOGUE, TYPE, Savoir, p
from maillage.namespaces import MLG
from maillage.store.entrepot import Terme

Noeud = NamedNode | BlankNode

#: class that DCAT-AP expects of what these properties refer to.
CLASSES: dict[str, str] = {
    p("dcat:compressFormat"): p("dcterms:MediaType"),
    p("dcat:contactPoint"): p("vcard:Kind"),
    p("dcat:endpointDescription"): p("rdfs:Resource"),
    p("dcat:endpointURL"): p("rdfs:Resource"),
    p("dcat:landingPage"): p("foaf:Document"),
    p("dcat:mediaType"): p("dcterms:MediaType"),
    p("dcat:theme"): p("skos:Concept"),
    p("dcat:themeTaxonomy"): p("skos:ConceptScheme"),
    p("dcterms:accessRights"): p("dcterms:RightsStatement"),
    p("dcterms:accrualPeriodicity"): p("dcterms:Frequency"),
    p("dcterms:conformsTo"): p("dcterms:Standard"),
    p("dcterms:format"): p("dcterms:MediaTypeOrExtent"),
    p("dcterms:language"): p("dcterms:LinguisticSystem"),
    p("dcterms:license"): p("dcterms:LicenseDocument"),
    p("dcterms:publisher"): p("foaf:Agent"),
    p("dcterms:spatial"): p("dcterms:Location"),
    p("foaf:homepage"): p("foaf:Document"),
}
#: a path of this service, by the class of its subject.
_ACCES = {p("dcat:Distribution"): "dcat:accessURL", p("dcat:DataService"): "dcat:endpointURL"}
_IANA = "https://www.iana.org/assignments/media-types/"


def _meme(texte: str) -> str:
    return texte


class Feuille:
    """The triples of one page. `adresse` is the public address of the service, without a final slash."""

    def __init__(self, savoir: Savoir, adresse: str) -> None:
        self._savoir, self._adresse = savoir, adresse
        self._triples: set[Triple] = set()

    def triples(self) -> list[Triple]:
        """All that was written, sorted."""
        return sorted(self._triples, key=str)

    def dire(self, sujet: Noeud | str, propriete: str, *valeurs: Terme) -> None:
        """Say one thing; what is referred to is typed, and labelled where the catalogue knows how."""
        node = NamedNode(sujet) if isinstance(sujet, str) else sujet
        for value in valeurs:
            self._triples.add(Triple(node, NamedNode(propriete), value))
            if isinstance(value, NamedNode) and propriete in CLASSES:
                self._presenter(value, CLASSES[propriete])

    def adresse(self, chemin: str) -> NamedNode:
        """Absolute address of a path of this service."""
        return NamedNode(self._adresse + chemin)

    def recopier(
        self,
        sujet: Noeud | str,
        modele: Noeud | str,
        sauf: Container[str] = (),
        remplir: Callable[[str], str] = _meme,
    ) -> None:
        """Say of `sujet` what is written of `modele`: paths as addresses, blank nodes with what they hold."""
        for propriete, values in self._savoir.proprietes(modele).items():
            if propriete not in sauf and not propriete.startswith(MLG):
                for value in values:
                    self.dire(sujet, propriete, _rempli(value, remplir))
                    if isinstance(value, BlankNode):
                        self.recopier(value, value)
        if isinstance(modele, str):
            self._acces(sujet, modele)

    def heriter(self, sujet: str, proprietes: Iterable[str]) -> None:
        """Take from the catalogue those properties that the subject does not have."""
        said = {one.predicate.value for one in self._triples if one.subject == NamedNode(sujet)}
        for propriete in proprietes:
            if propriete not in said:
                self.dire(sujet, propriete, *self._savoir.proprietes(CATALOGUE).get(propriete, ()))

    def _acces(self, sujet: Noeud | str, modele: str) -> None:
        kinds = [one.value for one in self._savoir.valeurs(modele, "rdf:type")]
        for chemin in self._savoir.textes(modele, "mlg:chemin"):
            for kind in kinds:
                self.dire(sujet, p(_ACCES[kind]), self.adresse(chemin))
        for chemin in self._savoir.textes(modele, "mlg:cheminDescription"):
            self.dire(sujet, p("dcat:endpointDescription"), self.adresse(chemin))

    def _presenter(self, node: NamedNode, classe: str) -> None:
        typed = Triple(node, NamedNode(TYPE), NamedNode(classe))
        if typed in self._triples:
            return
        self._triples.add(typed)
        if not self._savoir.valeurs(node.value, "dcterms:identifier"):
            self.recopier(node, node.value)
        if node.value.startswith(_IANA):
            self.dire(node, p("rdfs:label"), Literal(node.value.removeprefix(_IANA)))


def _rempli(value: Terme, remplir: Callable[[str], str]) -> Terme:
    """A text with its places filled; dates and IRIs as they are."""
    if isinstance(value, Literal) and (value.language or value.datatype.value == p("xsd:string")):
        filled = remplir(value.value)
        return Literal(filled, language=value.language) if value.language else Literal(filled)
    return value

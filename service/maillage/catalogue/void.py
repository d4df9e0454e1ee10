"""What the graph holds, as VoID: counts of the asserted statements, by class and by property.

What is derived is not counted here: the service description of `/sparql`, which serves it, counts it apart.
"""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from maillage.catalogue.dcat import Catalogue
from maillage.catalogue.inventaire import Compte
from maillage.catalogue.jeux import CATALOGUE, TYPE, Jeu, p
from maillage.catalogue.triplets import Feuille
from maillage.namespaces import BASE, PREFIXES

_FORMATS = "http://www.w3.org/ns/formats/"
#: file suffix → unique format of the W3C.
_W3C = {"ttl": "Turtle", "nt": "N-Triples", "jsonld": "JSON-LD", "rdf": "RDF_XML", "nq": "N-Quads"}
#: what the catalogue says better than VoID.
_SAUF = (
    TYPE,
    p("dcat:distribution"),
    p("dcat:keyword"),
    p("dcat:landingPage"),
    p("dcat:theme"),
    p("dcterms:isPartOf"),
    p("dcterms:temporal"),
)
_EXEMPLES = ("type-acteur/dla", "etape/4", "territoire/departement/29")


def _entier(nombre: int) -> Literal:
    return Literal(str(nombre), datatype=NamedNode(p("xsd:integer")))


def decrire(catalogue: Catalogue) -> list[Triple]:
    """The whole description, to stand at `/.well-known/void`. Raises FabricationImpossible."""
    sheet = Feuille(catalogue.offre.savoir, catalogue.adresse)
    comptes = catalogue.depot.inventaire()
    document = sheet.adresse("/.well-known/void").value
    whole = _entier_du_graphe(catalogue)
    sheet.dire(document, TYPE, NamedNode(p("void:DatasetDescription")))
    sheet.dire(document, p("foaf:primaryTopic"), NamedNode(whole.iri))
    for jeu in catalogue.offre.jeux:
        if jeu.formats:
            _jeu(sheet, jeu, comptes[jeu.code])
        if jeu.formats and jeu.code != whole.code:
            sheet.dire(whole.iri, p("void:subset"), NamedNode(jeu.iri))
    _acces(sheet, whole)
    _partitions(sheet, whole, comptes[whole.code])
    return sheet.triples()


def _entier_du_graphe(catalogue: Catalogue) -> Jeu:
    """The dataset that holds all others: the one that offers named graphs."""
    return next(jeu for jeu in catalogue.offre.jeux if any(forme.suffixe == "nq" for forme in jeu.formats))


def _jeu(sheet: Feuille, jeu: Jeu, compte: Compte) -> None:
    node = NamedNode(jeu.iri)
    sheet.recopier(jeu.iri, jeu.sujet, sauf=_SAUF, remplir=jeu.remplir)
    sheet.heriter(jeu.iri, (p("dcterms:license"), p("dcterms:publisher")))
    sheet.dire(node, TYPE, NamedNode(p("void:Dataset")))
    for name, number in (
        ("triples", compte.triples),
        ("distinctSubjects", compte.sujets),
        ("distinctObjects", compte.objets),
        ("properties", len(compte.proprietes)),
        ("classes", len(compte.classes)),
    ):
        sheet.dire(node, p(f"void:{name}"), _entier(number))
    stamp = Literal(compte.modifie, datatype=NamedNode(p("xsd:dateTime")))
    sheet.dire(node, p("dcterms:modified"), stamp)
    for forme in jeu.formats:
        if forme.suffixe.partition(".")[0] in _W3C:
            sheet.dire(node, p("void:dataDump"), sheet.adresse(f"/exports/{jeu.fichier(forme)}"))
        if forme.suffixe in _W3C:
            sheet.dire(node, p("void:feature"), NamedNode(_FORMATS + _W3C[forme.suffixe]))


def _acces(sheet: Feuille, whole: Jeu) -> None:
    node = NamedNode(whole.iri)
    sheet.dire(node, p("foaf:homepage"), sheet.adresse("/"))
    sheet.dire(node, p("void:sparqlEndpoint"), sheet.adresse("/sparql"))
    sheet.dire(node, p("void:uriSpace"), Literal(BASE))
    sheet.dire(node, p("rdfs:seeAlso"), NamedNode(CATALOGUE))
    for example in _EXEMPLES:
        sheet.dire(node, p("void:exampleResource"), NamedNode(BASE + example))
    for prefix in ("dcterms", "igeo", "mlg", "org", "prov", "schema", "skos"):
        sheet.dire(node, p("void:vocabulary"), NamedNode(PREFIXES[prefix]))


def _partitions(sheet: Feuille, whole: Jeu, compte: Compte) -> None:
    parts = (
        ("class", "entities", compte.classes),
        ("property", "triples", compte.proprietes),
    )
    for kind, counted, numbers in parts:
        for rank, (name, number) in enumerate(numbers.items()):
            part = BlankNode(f"{kind}{rank}")
            sheet.dire(NamedNode(whole.iri), p(f"void:{kind}Partition"), part)
            sheet.dire(part, p(f"void:{kind}"), NamedNode(name))
            sheet.dire(part, p(f"void:{counted}"), _entier(number))

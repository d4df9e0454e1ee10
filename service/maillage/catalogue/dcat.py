"""The catalogue as DCAT-AP 3.0.1, in Hydra pages, as real harvesters read it.

Each rule was learnt from the code of a harvester (udata for data.gouv.fr, ckanext-dcat for CKAN):

* a dataset or a service stands on one page only, and one literal `dct:identifier` names it for ever;
* a page is whole: what a dataset refers to (agent, media type, place) is typed there; another dataset is
  never typed on a page that does not describe it;
* no `spdx:checksum` (udata refuses the hexBinary that the shapes demand): `SHA256SUMS` is beside the files;
* no `dcat:accessService`: udata takes such a service for a mere access, and drops it;
* the licence has no label: udata would look for it by that label instead of its address;
* `hydra:next` is absolute and keeps the format; the last page has none.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from maillage.catalogue.depot import Depot
from maillage.catalogue.inventaire import derniere_modification
from maillage.catalogue.jeux import CATALOGUE, TYPE, Format, Jeu, Offre, p
from maillage.catalogue.triplets import Feuille
from maillage.namespaces import iri

#: datasets and services on one page.
PAR_PAGE = 50
#: what a dataset or a service takes from the catalogue when it does not say it.
COMMUN = tuple(
    map(
        p,
        (
            "dcterms:publisher",
            "dcat:contactPoint",
            "dcterms:license",
            "dcterms:accessRights",
            "dcterms:language",
        ),
    )
)
PROPRE_AU_JEU = tuple(map(p, ("dcterms:accrualPeriodicity", "dcterms:spatial", "dcterms:issued")))


def distribution(jeu: Jeu, forme: Format) -> str:
    """IRI of a dataset's distribution in a format."""
    return iri("distribution", f"{jeu.code}-{forme.suffixe.replace('.', '-')}")


def _date(texte: str) -> Literal:
    return Literal(texte, datatype=NamedNode(p("xsd:dateTime")))


def _entier(nombre: int, sorte: str = "xsd:nonNegativeInteger") -> Literal:
    return Literal(str(nombre), datatype=NamedNode(p(sorte)))


@dataclass(frozen=True)
class Catalogue:
    """The catalogue of one version at one public address (without a final slash).

    Its methods raise FabricationImpossible where the files cannot be made.
    """

    offre: Offre
    depot: Depot
    adresse: str

    @property
    def membres(self) -> list[str]:
        """IRIs of all datasets and services, in the order of the pages: general ones first."""
        jeux = self.offre.jeux
        general, others = (
            [one.iri for one in jeux if (one.departement is None) is kind] for kind in (True, False)
        )
        return [*general, *self.offre.services, *others]

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-len(self.membres) // PAR_PAGE))

    def page(self, numero: int, suffixe: str) -> list[Triple]:
        """Triples of a page, from 1 to `pages`; its links lead to pages in the format of `suffixe`."""
        sheet = self._feuille()
        shown = self.membres[(numero - 1) * PAR_PAGE : numero * PAR_PAGE]
        self._tete(sheet, shown)
        for jeu in self.offre.jeux:
            if jeu.iri in shown:
                self._jeu(sheet, jeu)
                for forme in jeu.formats:
                    self._distribution(sheet, jeu, forme)
        for service in self.offre.services:
            if service in shown:
                self._service(sheet, service)
        self._hydra(sheet, numero, suffixe)
        return sheet.triples()

    def description(self, sujet: str) -> list[Triple]:
        """What the catalogue says of one dataset, distribution or service, or of itself; else nothing."""
        sheet = self._feuille()
        for jeu in self.offre.jeux:
            if sujet == jeu.iri:
                self._jeu(sheet, jeu)
            for forme in jeu.formats:
                if sujet == distribution(jeu, forme):
                    self._distribution(sheet, jeu, forme)
        if sujet in self.offre.services:
            self._service(sheet, sujet)
        return sheet.triples()

    def _feuille(self) -> Feuille:
        return Feuille(self.offre.savoir, self.adresse)

    def _tete(self, sheet: Feuille, shown: list[str]) -> None:
        sheet.recopier(CATALOGUE, CATALOGUE, sauf=(p("dcat:dataset"), p("dcat:service")))
        for member in shown:
            link = "dcat:service" if member in self.offre.services else "dcat:dataset"
            sheet.dire(CATALOGUE, p(link), NamedNode(member))
        sheet.dire(CATALOGUE, p("dcterms:modified"), self._derniere())
        sheet.dire(CATALOGUE, p("foaf:homepage"), sheet.adresse("/catalogue.html"))
        for contact in self.offre.savoir.textes(CATALOGUE, "dcat:contactPoint"):
            sheet.dire(contact, p("vcard:hasURL"), sheet.adresse("/"))

    def _jeu(self, sheet: Feuille, jeu: Jeu) -> None:
        sheet.recopier(jeu.iri, jeu.sujet, sauf=(TYPE,), remplir=jeu.remplir)
        sheet.dire(jeu.iri, TYPE, NamedNode(p("dcat:Dataset")))
        for one in self.offre.savoir.textes(jeu.sujet, "dcat:distribution"):
            sheet.recopier(one, one)
            sheet.heriter(one, (p("dcterms:license"),))
        sheet.heriter(jeu.iri, COMMUN + PROPRE_AU_JEU)
        sheet.dire(jeu.iri, p("dcterms:modified"), _date(self.depot.inventaire()[jeu.code].modifie))
        if jeu.departement is not None:
            sheet.dire(jeu.iri, p("dcterms:coverage"), NamedNode(iri("departement", jeu.departement[0])))
        if not self.offre.savoir.valeurs(jeu.sujet, "dcat:landingPage"):
            sheet.dire(jeu.iri, p("dcat:landingPage"), sheet.adresse(f"/jeu/{jeu.code}.html"))
        for forme in jeu.formats:
            sheet.dire(jeu.iri, p("dcat:distribution"), NamedNode(distribution(jeu, forme)))

    def _distribution(self, sheet: Feuille, jeu: Jeu, forme: Format) -> None:
        node, file = distribution(jeu, forme), jeu.fichier(forme)
        sheet.recopier(node, forme.iri, sauf=(TYPE, p("dcterms:identifier")))
        sheet.dire(node, TYPE, NamedNode(p("dcat:Distribution")))
        for link in ("dcat:accessURL", "dcat:downloadURL"):
            sheet.dire(node, p(link), sheet.adresse(f"/exports/{file}"))
        sheet.dire(node, p("dcat:byteSize"), _entier(self.depot.taille(file)))
        sheet.dire(node, p("dcterms:modified"), _date(self.depot.inventaire()[jeu.code].modifie))
        sheet.heriter(node, (p("dcterms:license"),))

    def _service(self, sheet: Feuille, sujet: str) -> None:
        sheet.recopier(sujet, sujet)
        sheet.heriter(sujet, COMMUN)
        sheet.dire(sujet, p("dcterms:modified"), self._derniere())

    def _hydra(self, sheet: Feuille, numero: int, suffixe: str) -> None:
        def page(rang: int) -> NamedNode:
            return sheet.adresse(f"/catalogue.{suffixe}?page={rang}")

        sheet.dire(CATALOGUE, TYPE, NamedNode(p("hydra:Collection")))
        sheet.dire(CATALOGUE, p("hydra:totalItems"), _entier(len(self.membres), "xsd:integer"))
        sheet.dire(CATALOGUE, p("hydra:view"), page(numero))
        sheet.dire(page(numero), TYPE, NamedNode(p("hydra:PartialCollectionView")))
        links = {"first": 1, "previous": numero - 1, "next": numero + 1, "last": self.pages}
        for name, rang in links.items():
            if 1 <= rang <= self.pages:
                sheet.dire(page(numero), p(f"hydra:{name}"), page(rang))

    def _derniere(self) -> Literal:
        return _date(derniere_modification(self.depot.inventaire().values()))

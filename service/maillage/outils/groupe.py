"""A group's answers put together: audiences, core activities, singularities, needs and offers of skills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from maillage.classeur import fichiers_csv, xlsx
from maillage.classeur.defauts import ClasseurIllisible
from maillage.classeur.lecture import lire
from maillage.classeur.reponses import en_turtle
from maillage.namespaces import GRAPHE, PREFIXES, iri
from maillage.outils.guichet import Guichet
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import EntrepotEmbarque, Ligne

#: answers read at once, statements of all of them.
ENVOIS, ENONCES = 40, 20_000
_ACTEUR = NamedNode(PREFIXES["mlg"] + "Acteur")
_TYPE, _LIBELLE = NamedNode(PREFIXES["rdf"] + "type"), NamedNode(PREFIXES["skos"] + "prefLabel")
_TABLEURS = (".xlsx", ".zip", ".csv")


@dataclass(frozen=True)
class Defaillance:
    """An answer that cannot be read: which one, why (text of the cause), where (line, 0 if unknown)."""

    nom: str
    cause: str
    ligne: int = 0


@dataclass
class Groupe:
    """What a group says, in a store of its own, with what could not be read."""

    entrepot: EntrepotEmbarque = field(default_factory=EntrepotEmbarque)
    noms: dict[str, str] = field(default_factory=dict)
    defaillances: list[Defaillance] = field(default_factory=list)
    enonces: int = 0


def reunir(guichet: Guichet, envois: Sequence[tuple[str, bytes]]) -> Groupe:
    """Put together answers (Turtle or workbooks) by name and bytes; those that fail are set aside."""
    groupe = Groupe()
    for rank, (nom, octets) in enumerate(envois[:ENVOIS]):
        try:
            quads = list(_lire(guichet, groupe, nom, octets, f"{GRAPHE}groupe/{rank}"))
        except SyntaxError as error:
            groupe.defaillances.append(Defaillance(nom, str(error.msg), error.lineno or 0))
            continue
        except ClasseurIllisible as error:
            groupe.defaillances.append(Defaillance(nom, str(error)))
            continue
        groupe.enonces += len(quads)
        if groupe.enonces > ENONCES:
            groupe.defaillances.append(Defaillance(nom, f"> {ENONCES}"))
            break
        groupe.entrepot.ajouter(quads)
    _nommer(groupe)
    return groupe


def _lire(guichet: Guichet, groupe: Groupe, nom: str, octets: bytes, graphe: str) -> list[Quad]:
    """The statements of one answer. Raises SyntaxError, ClasseurIllisible."""
    suffix = PurePosixPath(nom).suffix.lower()
    if suffix in _TABLEURS:
        tables = (
            xlsx.lire_octets(nom, octets)
            if suffix == ".xlsx"
            else fichiers_csv.lire_octets(nom, octets, guichet.modele)
        )
        lecture = lire(tables, guichet)
        groupe.defaillances += [Defaillance(nom, str(one)) for one in lecture.defauts]
        octets = en_turtle(lecture.lignes).encode()
    read = parse(octets, RdfFormat.TURTLE, rename_blank_nodes=True)
    return [Quad(one.subject, one.predicate, one.object, NamedNode(graphe)) for one in read]


def _nommer(groupe: Groupe) -> None:
    """Names of the actors that answers describe themselves."""
    store = groupe.entrepot.moteur
    for quad in store.quads_for_pattern(None, _TYPE, _ACTEUR):
        for said in store.quads_for_pattern(quad.subject, _LIBELLE, None):
            if isinstance(said.object, Literal) and isinstance(quad.subject, NamedNode):
                groupe.noms[quad.subject.value] = said.object.value


@dataclass(frozen=True)
class Partage:
    """One object (step, activity, theme) with who needs it and who can share it."""

    objet: str
    demandeurs: tuple[str, ...]
    offreurs: tuple[str, ...]


@dataclass(frozen=True)
class Synthese:
    """The group's answers, IRIs throughout.

    `publics`: audience → actors. `conditions`: actor → texts. `coeurs` and `singularites`: actor → objects;
    a singularity is declared, or nobody else of the group does it. `echanges`: needs and offers matched.
    """

    acteurs: tuple[str, ...]
    publics: dict[str, list[str]]
    conditions: dict[str, list[str]]
    coeurs: dict[str, list[str]]
    singularites: dict[str, list[str]]
    echanges: tuple[Partage, ...]


def synthetiser(groupe: Groupe, requetes: Requetes) -> Synthese:
    """Through the `groupe-*` queries, which say the same of the whole graph."""

    def rows(nom: str) -> list[Ligne]:
        return requetes.executer(groupe.entrepot, nom)

    publics, metiers, echanges = rows("groupe-publics"), rows("groupe-metiers"), rows("groupe-echanges")
    place = {code: iri("place", code) for code in ("coeur-de-metier", "singularite")}
    alone = place["singularite"]
    besoins, forces = (
        _table([row for row in echanges if row["position"].value == iri("position", code)], "objet", "acteur")
        for code in ("besoin", "force")
    )
    several = len({row["acteur"].value for row in metiers}) > 1
    return Synthese(
        acteurs=tuple(sorted({row["acteur"].value for row in [*publics, *metiers, *echanges]})),
        publics=_table(publics, "public", "acteur"),
        conditions=_table([row for row in publics if "condition" in row], "acteur", "condition"),
        coeurs=_table(metiers, "acteur", "objet", lambda row: _place(row) == place["coeur-de-metier"]),
        singularites=_table(
            metiers, "acteur", "objet",
            lambda row: _place(row) == alone or (several and row["acteurs"].value == "1"),
        ),
        echanges=tuple(
            Partage(objet, tuple(besoins.get(objet, ())), tuple(forces.get(objet, ())))
            for objet in dict.fromkeys(row["objet"].value for row in echanges)
        ),
    )  # fmt: skip


def en_lignes(
    synthese: Synthese, dire: Callable[[str], str], nommer: Callable[[str], str]
) -> list[list[str]]:
    """The rows of a table: what, object, actors, other actors. `dire` names a kind of row."""
    rows = [
        [dire("public"), nommer(public), _noms(actors, nommer), ""]
        for public, actors in synthese.publics.items()
    ]
    for kind, found in (("coeur", synthese.coeurs), ("singularite", synthese.singularites)):
        rows += [
            [dire(kind), nommer(one), nommer(actor), ""] for actor, those in found.items() for one in those
        ]
    rows += [
        [
            dire(_sorte(one)),
            nommer(one.objet),
            _noms(one.demandeurs, nommer),
            _noms(one.offreurs, nommer),
        ]
        for one in synthese.echanges
    ]
    return rows


def _sorte(partage: Partage) -> str:
    if any(one != other for one in partage.demandeurs for other in partage.offreurs):
        return "echange"
    return "besoin" if partage.demandeurs else "offre"


def _noms(iris: Sequence[str], nommer: Callable[[str], str]) -> str:
    return ", ".join(map(nommer, iris))


def _place(row: Ligne) -> str:
    return row["place"].value if "place" in row else ""


def _table(
    rows: list[Ligne], cle: str, valeur: str, garder: Callable[[Ligne], bool] = lambda row: True
) -> dict[str, list[str]]:
    """Values by key, each once, in the order of the rows."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        if garder(row):
            found.setdefault(row[cle].value, {})[row[valeur].value] = None
    return {one: list(values) for one, values in found.items()}

"""What is known of each département and kind of actor, and what a blank means: no data, or nobody listed.

Counts and confidence come from requetes/connaissance-acteurs.rq; which sources claim to give every body of a
kind (`mlg:recense`), and where they were used, from requetes/connaissance-sources.rq.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from maillage import tableur
from maillage.donnees_liees.noms import Noms
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot, Ligne
from maillage.textes import Langue, Textes

#: states of a département and kind, the best known first; each is the text `connaissance.<state>`.
CONNU, A_REVOIR, HISTORIQUE, PERSONNE, SANS_DONNEES = (
    "connu",
    "a-revoir",
    "historique",
    "personne",
    "sans-donnees",
)
ETATS = (CONNU, A_REVOIR, HISTORIQUE, PERSONNE, SANS_DONNEES)
COLONNES = (
    "departement",
    "type",
    "etat",
    "nombre",
    "historiques",
    "dus",
    "premier",
    "dernier",
    "confiance",
    "source",
)


@dataclass(frozen=True)
class Connaissance:
    """One kind of actor in one département; dates as known (year, month or day), confidence out of 100."""

    departement: str
    type: str
    nom: str
    etat: str
    nombre: int = 0
    historiques: int = 0
    dus: int = 0
    premier: str = ""
    dernier: str = ""
    confiance: int = 0
    source: str = ""


def connaissances(
    entrepot: Entrepot, requetes: Requetes, departements: Sequence[str], echeance: date, noms: Noms
) -> list[Connaissance]:
    """Every kind that is known somewhere or that a source lists, in each of these départements (IRIs)."""
    asked = {"departements": list(departements)}
    dated = {**asked, "echeance": echeance.isoformat()}
    comptes = requetes.executer(entrepot, "connaissance-acteurs", dated)
    recenses = requetes.executer(entrepot, "connaissance-sources", asked)
    par_cle = {(row["departements"].value, row["type"].value): row for row in comptes}
    sources: dict[tuple[str, str], list[Ligne]] = {}
    for row in recenses:
        sources.setdefault((row["departements"].value, row["type"].value), []).append(row)
    types = {row["type"].value for row in requetes.executer(entrepot, "connaissance-types", {})}
    noms.apprendre(types | {row["source"].value for row in recenses} | set(departements))
    found = [
        _une(
            departement, type_, par_cle.get((departement, type_)), sources.get((departement, type_), []), noms
        )
        for departement in departements
        for type_ in types
    ]
    rangs = {departement: rang for rang, departement in enumerate(departements)}
    return sorted(found, key=lambda one: (rangs[one.departement], ETATS.index(one.etat), one.nom))


def _une(departement: str, type_: str, row: Ligne | None, sources: list[Ligne], noms: Noms) -> Connaissance:
    """The state of one kind: the rule that tells a gap of data from a gap of support is here."""
    said = ", ".join(f"{noms.dire(one['source'].value)}{_du(one)}" for one in sources)
    if row is None:
        # A source that claims to give them all was used here and gives none: nobody is listed. Otherwise
        # no source could have told.
        etat = PERSONNE if sources else SANS_DONNEES
        return Connaissance(departement, type_, noms.dire(type_), etat, source=said)
    nombre, anciens, dus = (int(row[name].value) for name in ("nombre", "historiques", "dus"))
    vivants = nombre - anciens
    etat = HISTORIQUE if not vivants else A_REVOIR if dus >= vivants else CONNU
    return Connaissance(
        departement,
        type_,
        noms.dire(type_),
        etat,
        vivants,
        anciens,
        dus,
        row["premier"].value,
        row["dernier"].value,
        int(float(row["confiance"].value)) if "confiance" in row else 0,
        said,
    )


def _du(row: Ligne) -> str:
    return f" ({row['constat'].value})" if "constat" in row else ""


def bilan(found: Iterable[Connaissance]) -> dict[str, dict[str, int]]:
    """How many kinds are in each state, by département."""
    comptes: dict[str, dict[str, int]] = {}
    for one in found:
        comptes.setdefault(one.departement, dict.fromkeys(ETATS, 0))[one.etat] += 1
    return comptes


def en_csv(found: Iterable[Connaissance], noms: Noms, textes: Textes, langue: Langue) -> bytes:
    """A table, one département and kind a row."""
    entetes = [textes.dire(f"connaissance.colonne-{name}", langue) for name in COLONNES]
    return tableur.ecrire(entetes, (_ligne(one, noms, textes, langue) for one in found))


def _ligne(one: Connaissance, noms: Noms, textes: Textes, langue: Langue) -> list[str]:
    valeurs = {name: str(getattr(one, name)) for name in COLONNES}
    valeurs["departement"] = noms.dire(one.departement)
    valeurs["type"], valeurs["etat"] = one.nom, textes.dire(f"connaissance.{one.etat}", langue)
    return list(valeurs.values())


def iri_departements(rows: Iterable[Ligne]) -> list[str]:
    """IRIs of the départements of a query's rows, in order."""
    return [row["departement"].value for row in rows if isinstance(row["departement"], NamedNode)]

"""The real actors of a territory that may be invited, by family and by kind, those that are surest first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from maillage.lexique import Lexique
from maillage.namespaces import PREFIXES, local_name
from maillage.requetes.recueil import Requetes
from maillage.store.entrepot import Entrepot
from maillage.textes import Langue

#: actors shown of each kind; the others are counted.
MONTRES = 6
#: status of what is no longer so: nobody to invite.
_HISTORIQUE = "historique"


@dataclass(frozen=True)
class Invite:
    """An actor: its name, the territory it serves, how sure its record is (code of the status)."""

    iri: str
    nom: str
    servi: str
    statut: str
    constat: str

    @property
    def national(self) -> bool:
        """Whether it serves the whole country: those of the territory come first."""
        return self.servi.startswith(PREFIXES["pays"])


@dataclass(frozen=True)
class Groupe:
    """The actors of one kind; `autres`: how many more are listed."""

    type: str
    libelle: str
    acteurs: tuple[Invite, ...]
    autres: int


def inviter(
    entrepot: Entrepot, requetes: Requetes, lexique: Lexique, territoire: str, langue: Langue
) -> dict[str, list[Groupe]]:
    """Groups by family (its IRI, "" for networks of none, last), each actor under the kind that says most.

    Raises what Entrepot.lignes raises.
    """
    kinds: dict[str, list[str]] = defaultdict(list)
    seen: dict[str, Invite] = {}
    for row in requetes.executer(entrepot, "acteurs-d-un-territoire", {"territoire": territoire}):
        statut = local_name(row["statut"].value) if "statut" in row else ""
        if statut == _HISTORIQUE or row["type"].value not in lexique.concepts:
            continue
        name = row["acteur"].value
        kinds[name].append(row["type"].value)
        constat = row["constat"].value if "constat" in row else ""
        seen.setdefault(name, Invite(name, row["nom"].value, row["servi"].value, statut, constat))
    ranks = {one.code: one.ordre for one in lexique.concepts.values() if one.classe == "Statut"}
    by_kind: dict[str, list[Invite]] = defaultdict(list)
    for name, invite in seen.items():
        by_kind[min(kinds[name], key=lambda kind: (_familles(lexique, kind) or ("~",), kind))].append(invite)
    found: dict[str, list[Groupe]] = defaultdict(list)
    for kind, invites in by_kind.items():
        ranked = sorted(invites, key=lambda one: (one.national, ranks.get(one.statut, len(ranks)), one.nom))
        group = Groupe(
            kind, lexique.concepts[kind].libelle(langue), tuple(ranked[:MONTRES]), len(ranked[MONTRES:])
        )
        for famille in _familles(lexique, kind) or ("",):
            found[famille].append(group)
    return {
        famille: sorted(found[famille], key=lambda one: (one.acteurs[0].national, one.libelle))
        for famille in sorted(found, key=lambda one: one or "~")
    }


def _familles(lexique: Lexique, kind: str) -> tuple[str, ...]:
    """Families of a kind, else those of the kinds above it."""
    concept = lexique.concepts[kind]
    above = (lexique.concepts[one].familles for one in concept.ancetres if one in lexique.concepts)
    return concept.familles or next(filter(None, above), ())

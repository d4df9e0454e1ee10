"""Relations asked for: between whom, and in which direction.

« Qui oriente vers le CRIB » asks for others than the CRIB.
"""

from __future__ import annotations

from maillage.comprehension.resultat import Liaison
from maillage.comprehension.tri import Tri

#: words between a marker of relation and the kind that it bears on, at most.
ECART = 2


def lier(tri: Tri) -> Liaison:
    """The relation that a question asks for; empty where it asks for none."""
    lexique = tri.enonce.lexique
    types = [g for g in tri.gardes if tri.classe(g.iri) == "TypeActeur"]
    depuis = _depuis(tri)
    vers: dict[str, None] = {}
    natures: dict[str, None] = {}
    for marque in (m for m in tri.marques if m.fonction == "relation-vers" and not depuis):
        suivants = [g for g in types if g.debut >= marque.fin]
        vers.update({g.iri: None for g in suivants or types})
    dites = [m for m in tri.marques if m.fonction == ("relation-depuis" if depuis else "relation-vers")]
    evoquees = (iri for marque in dites for iri in lexique.concepts[marque.iri].evoque)
    natures.update({iri: None for iri in evoquees if iri in lexique.concepts})
    reciproque = any(m.fonction == "relation-reciproque" for m in tri.marques)
    return Liaison(tuple(vers), depuis, tuple(natures), reciproque)


def _depuis(tri: Tri) -> tuple[str, ...]:
    """Kinds that are said to refer or to call in others: they stand at once after or before their marker."""
    return tuple(
        g.iri
        for m in tri.marques
        if m.fonction == "relation-depuis"
        for g in tri.gardes
        if tri.classe(g.iri) == "TypeActeur" and (0 <= g.debut - m.fin <= ECART or g.fin == m.debut)
    )

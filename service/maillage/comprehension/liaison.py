"""Relations asked for: between whom, and in which direction.

« Qui oriente vers le CRIB » asks for others than the CRIB.
"""

from __future__ import annotations

from maillage.comprehension.portee import Signal
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
        vises = suivants or ([] if _relative(tri, marque) else types)
        vers.update({g.iri: None for g in vises})
    dites = [m for m in tri.marques if m.fonction == ("relation-depuis" if depuis else "relation-vers")]
    evoquees = (iri for marque in dites for iri in lexique.concepts[marque.iri].evoque)
    natures.update({iri: None for iri in evoquees if iri in lexique.concepts})
    reciproque = any(m.fonction == "relation-reciproque" for m in tri.marques)
    return Liaison(tuple(vers), depuis, tuple(natures), reciproque)


def _relative(tri: Tri, marque: Signal) -> bool:
    """Whether a marker says more of the word before it (« une institution qui prescrit ») and asks none."""
    enonce, avant = tri.enonce, marque.debut - 1
    debuts = {signal.debut for signal in tri.marques if signal.fonction == "relatif"}
    if avant < 0 or marque.debut not in debuts or enonce.mots[marque.debut].pause:
        return False
    return avant in enonce.pleins and enonce.mots[avant].phrase == enonce.mots[marque.debut].phrase


def _depuis(tri: Tri) -> tuple[str, ...]:
    """Kinds that are said to refer or to call in others: they stand at once after or before their marker."""
    return tuple(
        g.iri
        for m in tri.marques
        if m.fonction == "relation-depuis"
        for g in tri.gardes
        if tri.classe(g.iri) == "TypeActeur"
        and (0 <= g.debut - m.fin <= ECART or (g.fin == m.debut and not tri.enonce.mots[m.debut].pause))
    )

"""The map that a page of coverage shows: outlines, each with its state in words and its hatching."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastapi import Request

from maillage.routes.contexte import langue_de, service
from maillage.routes.lieu import refuser
from maillage.territoire.carte import Dessin, dessiner, fond
from maillage.territoire.matrices import COUVERTES
from maillage.territoire.rendu import Rendu

#: hatching of a state of one step, and of a number of covered steps, the fullest first.
PAR_ETAT = {
    "plusieurs": "pleine",
    "couverte": "serree",
    "partielle": "lache",
    "a-confirmer": "points",
    "exterieure": "vide",
    "inconnue": "vide",
}
TRAMES = tuple(dict.fromkeys(PAR_ETAT.values()))
PAR_NOMBRE = ((6, "pleine"), (4, "serree"), (1, "lache"))


@dataclass(frozen=True)
class Forme:
    """A territory on a map: its outline, its state in words, whether it is that of the page."""

    iri: str
    niveau: str
    code: str
    nom: str
    chemin: str
    trame: str
    phrase: str
    ici: bool


@dataclass(frozen=True)
class Carte:
    """A map: what it shows, its outlines, its legend, what it lacks outlines for."""

    cadre: dict[str, str]
    dessin: Dessin
    formes: list[Forme]
    legende: list[tuple[str, str]]
    absents: list[dict[str, str]]
    etape: str


def carte(request: Request, rendu: Rendu) -> Carte | None:
    """The map of a territory, or of what is around it; none where no outline is known, or as of a past day.

    `?carte=4` shows the state of that step, else how many of the six are covered. Raises Probleme.
    """
    bureau, territoire = service(request).territoires, rendu.tableau.territoire
    step = _etape(request, rendu)
    cadre, shown = fond(bureau.couverture.atlas, bureau.contours, territoire)
    if not cadre or rendu.tableau.jour:
        return None
    dessin = dessiner(bureau.contours, shown)
    states = _etats(request, cadre, shown)
    words = _mots(request, rendu, step)
    formes = [
        Forme(
            iri=one,
            niveau=place["niveau"],
            code=place["code"],
            nom=place["libelle"],
            chemin=dessin.chemins[one],
            trame=_trame(states[one], step),
            phrase=words(states[one]),
            ici=one == territoire,
        )
        for one, place in _lieux(rendu, shown)
    ]
    return Carte(
        rendu.lieu(cadre) or {},
        dessin,
        sorted(formes, key=lambda one: one.ici),
        _legende(request, rendu, step),
        [place for _, place in _lieux(rendu, _absents(request, cadre, shown))],
        step,
    )


def _lieux(rendu: Rendu, territoires: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    return ((one, place) for one in territoires if (place := rendu.lieu(one)))


def _etape(request: Request, rendu: Rendu) -> str:
    """IRI of the step asked for, empty for all."""
    said = request.query_params.get("carte", "")
    steps = {one.code: one.iri for one in rendu.couverture.etapes}
    if said and said not in steps:
        raise refuser("carte", ", ".join(steps))
    return steps.get(said, "")


def _etats(request: Request, cadre: str, shown: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """By territory drawn, the state of each step: from the matrices of the build, or commune by commune."""
    bureau = service(request).territoires
    found: dict[str, dict[str, str]] = {}
    for one in shown:
        summary = bureau.matrices.get(one)
        found[one] = {step: told.etat for step, told in summary.etapes.items()} if summary else {}
    if not all(found.values()):
        couverture = bureau.couverture
        tableau = couverture.de(cadre)
        for step in couverture.etapes:
            for commune, etat in couverture.par_commune(tableau, (step.iri, "")).items():
                if commune in found:
                    found[commune][step.iri] = etat
    return dict(found)


def _absents(request: Request, cadre: str, shown: list[str]) -> list[str]:
    atlas = service(request).territoires.couverture.atlas
    inside = atlas.departements(cadre) if "/departement/" in shown[0] else atlas.communes(atlas.masque(cadre))
    return [one for one in inside if one not in set(shown)]


def _trame(etats: Mapping[str, str], step: str) -> str:
    if step:
        return PAR_ETAT[etats[step]]
    covered = sum(one in COUVERTES for one in etats.values())
    known = "points" if set(etats.values()) - {"exterieure", "inconnue"} else "vide"
    return next((trame for least, trame in PAR_NOMBRE if covered >= least), known)


def _mots(request: Request, rendu: Rendu, step: str) -> Callable[[Mapping[str, str]], str]:
    textes, langue = service(request).textes, langue_de(request)

    def dire(etats: Mapping[str, str]) -> str:
        if step:
            return rendu.mots[etats[step]].libelle
        covered = sum(one in COUVERTES for one in etats.values())
        return textes.dire("carte.couvertes", langue, nombre=covered, total=len(etats))

    return dire


def _legende(request: Request, rendu: Rendu, step: str) -> list[tuple[str, str]]:
    """Each hatching with what it says."""
    textes, langue = service(request).textes, langue_de(request)
    if not step:
        return [(one, textes.dire(f"carte.trame.{one}", langue)) for one in TRAMES]
    said: dict[str, list[str]] = {}
    for etat, trame in PAR_ETAT.items():
        said.setdefault(trame, []).append(rendu.mots[etat].libelle)
    return [(trame, ", ".join(words)) for trame, words in said.items()]

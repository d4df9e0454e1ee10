"""What goes to a terminal: an orientation answer as plain text, and whether colours are welcome."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any, TextIO

LARGEUR = 100
Objet = Mapping[str, Any]

_MOTS = {
    "fr": {
        "acteurs": "Acteurs recensés",
        "types": "Types d'acteur",
        "passages": "Ce que dit le guide",
        "renvois": "Voir plutôt",
        "successions": "Ce qui a changé de nom ou d'organisation",
        "ambigu": "« {mots} » désigne plusieurs lieux : {choix}. Précisez.",
        "inconnus": "Mots non reconnus : {mots}.",
        "aucun": "Aucun acteur recensé pour ce territoire ; cela ne veut pas dire qu'il n'y en a pas.",
        "pourquoi": "Pourquoi",
        "joindre": "Joindre",
        "source": "Source",
        "vu": "vu en {constat}",
        "page": "page {page}",
    },
    "en": {
        "acteurs": "Listed actors",
        "types": "Kinds of actor",
        "passages": "What the guide says",
        "renvois": "See instead",
        "successions": "What has changed its name or its organisation",
        "ambigu": "“{mots}” names several places: {choix}. Please specify.",
        "inconnus": "Words not recognised: {mots}.",
        "aucun": "No actor listed for this territory; this does not mean that there is none.",
        "pourquoi": "Why",
        "joindre": "Contact",
        "source": "Source",
        "vu": "seen in {constat}",
        "page": "page {page}",
    },
}


def en_couleurs(sortie: TextIO) -> bool:
    """Whether to write colours: on a terminal that has some, unless NO_COLOR is set (https://no-color.org)."""
    return sortie.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def reponse_en_texte(reponse: Objet, langue: str) -> str:
    """The JSON answer of `/api/orientation` as lines of text, in "fr" or "en"."""
    return "\n".join(_lignes(reponse, _MOTS["en" if langue == "en" else "fr"])) + "\n"


def _lignes(reponse: Objet, mots: Mapping[str, str]) -> Iterator[str]:
    comprehension = reponse["comprehension"]
    yield from wrap(comprehension["phrase"], LARGEUR)
    for doute in comprehension.get("ambiguites", ()):
        choix = ", ".join(_lieu(un) for un in doute["choix"])
        yield from wrap(mots["ambigu"].format(mots=doute["mots"], choix=choix), LARGEUR)
    if comprehension.get("non_reconnus"):
        yield mots["inconnus"].format(mots=", ".join(comprehension["non_reconnus"]))
    yield from _section(mots["renvois"], (un["libelle"] for un in reponse.get("renvois", ())))
    yield from _section(mots["successions"], (_succession(un) for un in reponse["successions"]))
    acteurs = reponse["acteurs"]
    if reponse["types"] and comprehension.get("territoires") and not acteurs:
        yield mots["aucun"]
    yield from _section(mots["acteurs"], ("\n".join(_acteur(un, mots)) for un in acteurs))
    yield from _section(mots["types"], ("\n".join(_type(un, mots)) for un in reponse["types"]))
    yield from _section(mots["passages"], ("\n".join(_passage(un, mots)) for un in reponse["passages"]))


def _succession(une: Objet) -> str:
    sides = (", ".join(un["libelle"] for un in une[cote]) for cote in ("anciens", "nouveaux"))
    return f"{' → '.join(sides)} ({', '.join(dit for dit in (une['modalite'], une['date']) if dit)})"


def _section(titre: str, blocs: Iterable[str]) -> Iterator[str]:
    for rang, bloc in enumerate(blocs, start=1):
        if rang == 1:
            yield f"\n{titre}"
        first, *rest = bloc.splitlines() or [""]
        yield f"{rang:3}. {first}"
        yield from (f"     {line}" for line in rest)


def _acteur(acteur: Objet, mots: Mapping[str, str]) -> Iterator[str]:
    lieu = acteur.get("commune") or acteur.get("territoire") or ""
    yield f"{acteur['libelle']} — {acteur['type']['libelle']}" + (f" ({lieu})" if lieu else "")
    yield from _pourquoi(acteur, mots)
    contact = acteur.get("contact") or {}
    joindre = [contact.get(champ) for champ in ("telephone", "courriel", "url", "adresse")]
    yield from _paragraphe(mots["joindre"], " · ".join(un for un in joindre if un))
    source = [(acteur.get("source") or {}).get("titre", ""), acteur.get("statut_libelle", "")]
    if acteur.get("constat"):
        source.append(mots["vu"].format(constat=acteur["constat"]))
    yield from _paragraphe(mots["source"], ", ".join(un for un in source if un))


def _type(un: Objet, mots: Mapping[str, str]) -> Iterator[str]:
    yield un["libelle"]
    yield from _pourquoi(un, mots)


def _pourquoi(un: Objet, mots: Mapping[str, str]) -> Iterator[str]:
    """The criteria that are met, each once, with all its values and the page that proves it."""
    valeurs: dict[str, dict[str, None]] = {}
    for motif in un["motifs"]:
        if motif["atteint"]:
            page = (motif.get("preuve") or {}).get("page")
            preuve = f"{motif.get('valeur') or ''}" + (f", p. {page}" if page else "")
            valeurs.setdefault(motif["libelle"], {})[preuve] = None
    motifs = (f"{libelle} ({' ; '.join(filter(None, tenues))})" for libelle, tenues in valeurs.items())
    yield from _paragraphe(mots["pourquoi"], " · ".join(motifs))


def _passage(passage: Objet, mots: Mapping[str, str]) -> Iterator[str]:
    page = (passage.get("source") or {}).get("page")
    yield passage["libelle"] + (f" — {mots['page'].format(page=page)}" if page else "")
    yield from wrap(passage.get("resume") or "", LARGEUR)


def _paragraphe(titre: str, texte: str) -> list[str]:
    return wrap(f"{titre} : {texte}", LARGEUR, subsequent_indent="  ") if texte else []


def _lieu(entite: Objet) -> str:
    parents = entite.get("ancetres_libelles") or []
    return f"{entite['libelle']} ({parents[0]})" if parents else str(entite["libelle"])

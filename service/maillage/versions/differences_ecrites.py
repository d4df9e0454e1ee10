"""Differences and versions, written for a person in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter

from maillage.namespaces import compact
from maillage.versions.differences import Differences, Etat, Ressource
from maillage.versions.manifeste import Manifeste

_SIGNES: dict[Etat, str] = {"ajoutee": "+", "modifiee": "~", "retiree": "-"}
_TITRES: dict[Etat, str] = {"ajoutee": "ajoutée", "modifiee": "modifiée", "retiree": "retirée"}
_JETON = re.compile(r'("(?:[^"\\]|\\.)*")|<([^<>"{}|^`\\\s]*)>')
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def differences_en_texte(differences: Differences) -> str:
    """The resources that differ, then the counts."""
    blocs = [
        "\n".join(_ressource(sujet, one))
        for etat in _TITRES
        for sujet, one in sorted(differences.ressources.items(), key=itemgetter(0))
        if one.etat == etat
    ]
    counts = ", ".join(f"{titre}s : {differences.nombre(etat)}" for etat, titre in _TITRES.items())
    return "\n\n".join([*blocs, f"Ressources {counts}."]) + "\n"


def versions_en_texte(manifestes: Iterable[Manifeste]) -> str:
    """One line a version: number, name, date, triples, commit."""
    return "".join(
        f"{one.numero}  {one.version}  {one.date}  {one.triples.get('saisis', 0)} triplets"
        f"{f'  {one.revision[:12]}' if one.revision else ''}\n"
        for one in manifestes
    )


def abreger(texte: str) -> str:
    """Terms as N-Triples writes them, their IRIs shortened to `prefix:code`; strings are left alone."""
    return _JETON.sub(lambda found: found[1] or _iri(found[2]), texte)


def _iri(iri: str) -> str:
    short = compact(iri)
    return f"<{iri}>" if short == iri else short


def _ressource(sujet: str, one: Ressource) -> Iterator[str]:
    name = f" ({one.nom})" if one.nom else ""
    yield f"{_SIGNES[one.etat]} {abreger(sujet)}{name} : {_TITRES[one.etat]}"
    for propriete in one.proprietes:
        label = "a" if propriete == _TYPE else abreger(propriete)
        gone, come = sorted(one.retires.get(propriete, ())), sorted(one.ajoutes.get(propriete, ()))
        if len(gone) == len(come) == 1:
            yield f"    {label} : {abreger(gone[0])} → {abreger(come[0])}"
            continue
        yield from (f"    {label} - {abreger(value)}" for value in gone)
        yield from (f"    {label} + {abreger(value)}" for value in come)

"""From a SHACL result to a finding in words: the code, what is wrong, why, how it is repaired."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox

from maillage.namespaces import PREFIXES, compact
from maillage.validation.chemins import Terme, members, path_text, sh
from maillage.validation.codes import COMPOSANTS, explication
from maillage.validation.constat import Constat, Gravite, Lieu, Texte
from maillage.validation.formes import Resultat
from maillage.validation.litteraux import LANG_STRING, XSD_STRING, well_formed

_ADRESSE = re.compile(r"(https?://|[a-z][\w-]*:)\S+$")
LOCAL = re.compile(r"\w[\w-]*")
_DATES = tuple(ox.NamedNode(PREFIXES["xsd"] + name) for name in ("date", "dateTime", "gYearMonth", "gYear"))
_LIENS = (sh("IRI"), sh("BlankNodeOrIRI"))
_LISTES = ("In", "LanguageIn", "And", "Or", "Xone")


def written(term: Terme | None) -> str:
    """A term as a steward writes it: `prefix:code`, `<address>`, `"text"@fr`."""
    if isinstance(term, ox.NamedNode):
        short = compact(term.value)
        return (
            short if short != term.value and LOCAL.fullmatch(short.partition(":")[2]) else f"<{term.value}>"
        )
    if isinstance(term, ox.Literal) and term.datatype not in (XSD_STRING, LANG_STRING):
        return f'"{term.value}"^^{written(term.datatype)}'
    return "" if term is None else str(term)


def code_of(result: Resultat, data: ox.Store) -> str:
    """The stable code of a result; the usual slips have one of their own."""
    value, wanted = result.valeur, result.parametre
    code = COMPOSANTS.get(result.composant, "MLG-FORME")
    if isinstance(value, ox.Literal):
        if code == "MLG-LANGUE" and not value.language:
            return "MLG-LANGUE-ABSENTE"
        if code == "MLG-LITTERAL" and wanted == LANG_STRING and not value.language:
            return "MLG-LANGUE-ABSENTE"
        if code in ("MLG-LITTERAL", "MLG-FORME") and value.datatype in _DATES and not well_formed(value):
            return "MLG-DATE"
        link = code == "MLG-CLASSE" or (code == "MLG-NATURE" and wanted in _LIENS)
        if link and _ADRESSE.match(value.value):
            return "MLG-ADRESSE-TEXTE"
    named = _named(result)
    if code in ("MLG-CLASSE", "MLG-REGLE") and named is not None and unknown(named, data):
        return "MLG-INCONNU"
    return code


def _named(result: Resultat) -> ox.NamedNode | None:
    """The term a result is about: its value, or the property where the value is the focus node itself."""
    about = result.chemin if result.valeur == result.focus else result.valeur
    return about if isinstance(about, ox.NamedNode) else None


def explain(result: Resultat, shapes: ox.Store, data: ox.Store) -> Constat:
    """The finding of a result, not placed yet."""
    code = code_of(result, data)
    entry = explication(code)
    path = path_of(result, shapes)
    details = {
        "sujet": shown(result.focus),
        "chemin": path,
        "valeur": shown(_named(result) if code == "MLG-INCONNU" else result.valeur),
        "parametre": parameter_text(result, shapes),
        "forme": written(result.forme),
    }
    said = own_message(result.messages)
    message = entry.message.format(**details)
    return Constat(
        code=code,
        gravite=Gravite.ERREUR if result.gravite == sh("Violation") else Gravite.AVERTISSEMENT,
        lieu=Lieu(),
        message=said or message,
        cause=(message + entry.cause.format(**details)) if said else entry.cause.format(**details),
        remede=entry.remede.format(**details),
        sujet=written(result.focus),
        chemin=path,
        valeur=written(result.valeur),
        forme=written(result.forme),
        composant=result.composant + "ConstraintComponent",
    )


def path_of(result: Resultat, shapes: ox.Store) -> str:
    """The path of a result, in prefixed form where it is one property."""
    if isinstance(result.chemin, ox.BlankNode):
        return re.sub(r"<([^>]*)>", lambda found: compact(found[1]), path_text(shapes, result.chemin))
    return written(result.chemin)


def parameter_text(result: Resultat, shapes: ox.Store) -> str:
    """What the rule asks for, lists written out."""
    if result.composant in _LISTES:
        return ", ".join(map(shown, members(shapes, result.parametre)))
    return "…" if isinstance(result.parametre, ox.BlankNode) else shown(result.parametre)


def shown(term: Terme | None) -> str:
    """A term in a sentence: literals by their text alone, blank nodes by their brackets."""
    if isinstance(term, ox.BlankNode):
        return "[ … ]"
    return term.value if isinstance(term, ox.Literal) else written(term)


def own_message(messages: Iterable[ox.Literal]) -> Texte:
    """The messages of a shape, by language; one without language serves both."""
    by_language: dict[str, str] = {}
    for message in messages:
        by_language.setdefault((message.language or "").partition("-")[0], message.value)
    plain = by_language.get("", "")
    return Texte(by_language.get("fr", plain), by_language.get("en", plain))


def unknown(term: ox.NamedNode, data: ox.Store) -> bool:
    """Whether nothing is said of a term."""
    return next(iter(data.quads_for_pattern(term, None, None, None)), None) is None


def simple(code: str, gravite: Gravite, place: tuple[Lieu, str], details: dict[str, str]) -> Constat:
    """A finding that comes from no shape: its place and excerpt, and the details that fill its texts."""
    entry = explication(code)
    return Constat(
        code=code,
        gravite=gravite,
        lieu=place[0],
        message=entry.message.format(**details),
        cause=entry.cause.format(**details),
        remede=entry.remede.format(**details),
        sujet=details.get("sujet", ""),
        valeur=details.get("valeur", ""),
        forme=details.get("forme", ""),
        extrait=place[1],
    )

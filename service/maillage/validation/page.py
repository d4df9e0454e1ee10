"""The report as one web page, grouped by rule with counts, and the badge: no file beside, no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from maillage.validation.constat import Constat, Gravite, Texte
from maillage.validation.rapport import Rapport

_MOTS = {
    "titre": Texte("Rapport de validation", "Validation report"),
    "conforme": Texte("Conforme", "Conforms"),
    "refuse": Texte("Non conforme", "Does not conform"),
    "vide": Texte("Rien n'a été contrôlé", "Nothing was checked"),
    "bilan": Texte(
        "Erreurs : {erreurs}, avertissements : {avertissements}, fichiers : {fichiers}, "
        "ressources visées : {cibles}.",
        "Errors: {erreurs}, warnings: {avertissements}, files: {fichiers}, targeted resources: {cibles}.",
    ),
    "regles": Texte("Constats par règle", "Findings by rule"),
    "regle": Texte("Règle", "Rule"),
    "code": Texte("Code", "Code"),
    "nombre": Texte("Nombre", "Count"),
    "remede": Texte("Remède", "Cure"),
    "correction": Texte("Ligne corrigée", "Corrected line"),
    "ajout": Texte("Ligne à ajouter avant la ligne", "Line to add before line"),
    "aucun": Texte("Aucun constat.", "No finding."),
    Gravite.ERREUR: Texte("erreur", "error"),
    Gravite.AVERTISSEMENT: Texte("avertissement", "warning"),
}
_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: auto; padding: 1rem }
table { border-collapse: collapse }
th, td { text-align: left; padding: .25rem .75rem; border: 1px solid #767676 }
pre { overflow-x: auto; padding: .5rem; border: 1px solid #767676 }
article { border-left: .3rem solid #767676; padding-left: .75rem; margin: 1rem 0 }
article.erreur { border-color: #c4162a }
h3 { font-size: 1rem }
"""
_COULEURS = {"conforme": "#1b6e2e", "refuse": "#b3261e", "vide": "#5f5f5f"}


def to_html(rapport: Rapport, langue: str = "fr") -> str:
    """The report as a page that stands alone, in "fr" or "en"."""
    title, state = _say("titre", langue), verdict(rapport)
    body = "\n".join(_body(rapport, langue)) or f"<p>{_say('aucun', langue)}</p>"
    counts = _MOTS["bilan"].format(
        erreurs=str(rapport.erreurs),
        avertissements=str(rapport.avertissements),
        fichiers=str(rapport.fichiers),
        cibles=str(rapport.cibles),
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{langue}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n<p><strong>{_say(state, langue)}.</strong> {escape(counts.dans(langue))}</p>\n"
        f"{body}\n</main>\n</body>\n</html>\n"
    )


def to_badge(rapport: Rapport, langue: str = "fr") -> str:
    """The verdict as a small SVG image."""
    state = verdict(rapport)
    left, right = "Maillage", _say(state, langue)
    width, cut = 12 + 7 * (len(left) + len(right)) + 12, 12 + 7 * len(left)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img"'
        f' aria-label="{left} : {right}"><title>{left} : {right}</title>'
        f'<rect width="{width}" height="20" rx="3" fill="#333"/>'
        f'<rect x="{cut}" width="{width - cut}" height="20" rx="3" fill="{_COULEURS[state]}"/>'
        '<g fill="#fff" font-family="Verdana,sans-serif" font-size="11">'
        f'<text x="6" y="14">{left}</text><text x="{cut + 6}" y="14">{right}</text></g></svg>\n'
    )


def verdict(rapport: Rapport) -> str:
    """What the report comes to: "conforme", "refuse", or "vide" where no rule targeted anything."""
    if not rapport.conforme:
        return "refuse"
    return "conforme" if rapport.cibles else "vide"


def by_rule(rapport: Rapport) -> dict[tuple[str, str], list[Constat]]:
    """The findings by rule and code, the most frequent first; a finding of no shape has its code alone."""
    groups: dict[tuple[str, str], list[Constat]] = {}
    for constat in rapport.constats:
        groups.setdefault((constat.forme, constat.code), []).append(constat)
    return dict(sorted(groups.items(), key=lambda each: (-len(each[1]), each[0])))


def _say(word: str | Gravite, langue: str) -> str:
    return escape(_MOTS[word].dans(langue))


def _body(rapport: Rapport, langue: str) -> Iterator[str]:
    groups = by_rule(rapport)
    if not groups:
        return
    heads = "".join(f'<th scope="col">{_say(word, langue)}</th>' for word in ("regle", "code", "nombre"))
    yield f"<table>\n<caption>{_say('regles', langue)}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>"
    for rank, ((forme, code), found) in enumerate(groups.items()):
        name = escape(forme or code)
        yield f'<tr><td><a href="#r{rank}">{name}</a></td><td>{code}</td><td>{len(found)}</td></tr>'
    yield "</tbody>\n</table>"
    for rank, ((forme, code), found) in enumerate(groups.items()):
        where = f" <small>{escape(str(found[0].lieu_forme))}</small>" if found[0].lieu_forme.ligne else ""
        yield f'<section id="r{rank}">\n<h2>{escape(forme or code)} ({len(found)}){where}</h2>'
        for constat in found:
            yield from _article(constat, langue)
        yield "</section>"


def _article(constat: Constat, langue: str) -> Iterator[str]:
    kind = constat.gravite.value
    head = f"{escape(str(constat.lieu))} : {_say(constat.gravite, langue)} {constat.code}"
    yield f'<article class="{kind}">\n<h3>{head}</h3>'
    yield f"<p>{escape(constat.message.dans(langue))}</p>"
    if constat.extrait:
        yield f"<pre>{escape(constat.extrait)}</pre>"
    for said in (constat.cause, *constat.details):
        if said:
            yield f"<p>{escape(said.dans(langue))}</p>"
    if constat.remede:
        yield f"<p>{_say('remede', langue)} : {escape(constat.remede.dans(langue))}</p>"
    if constat.correction:
        right = constat.correction
        word = f"{_say('ajout', langue)} {right.ligne}" if right.ajout else _say("correction", langue)
        yield f"<p>{word} :</p>\n<pre>{escape(right.texte)}</pre>"
    yield "</article>"

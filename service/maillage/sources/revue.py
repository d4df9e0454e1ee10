"""The review: what an edition would change, as text for a terminal, CSV for a spreadsheet, HTML to read."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from maillage import tableur
from maillage.importation.lecture import ErreurImport, lit_texte
from maillage.importation.publication import Bilan
from maillage.sources.difference import ACCEPTABLES, AJOUTS, CONFIRMATIONS, CONFLITS, GENRES, Changement
from maillage.sources.flux import Lecture
from maillage.sources.tableau import enregistrements

COLONNES = (
    "code",
    "genre",
    "acteur",
    "nom",
    "departement",
    "propriete",
    "avant",
    "apres",
    "tenu_par",
    "raison",
)
ACCEPTER = "accepter"
TOUT = "tout"
_OUI, _NON = ("oui", "x", "1", "o"), ("non", "0", "n")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem;color:#1b1b1b;background:#fff}table{border-collapse:"
    "collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem;border-bottom:1px solid "
    "#767676}"
    "del{color:#8a1c1c}ins{color:#0b5c2b;text-decoration:none}@media(prefers-color-scheme:dark){body{color:#eee;"
    "background:#111}del{color:#ff9b9b}ins{color:#8fe3ad}}"
)


def en_texte(changements: Sequence[Changement], bilan: Bilan, details: int) -> list[str]:
    """Counts by kind, then at most `details` changes of each kind, then what was left out and why."""
    comptes = Counter(c.genre for c in changements)
    lignes = [f"{bilan.source} : " + ", ".join(f"{comptes[g]} {g}" for g in GENRES) + "."]
    for genre in GENRES:
        montres = [c for c in changements if c.genre == genre][:details]
        if montres:
            lignes += ["", f"{genre.capitalize()} ({comptes[genre]})"]
        for c in montres:
            lignes += _lignes(c)
        if comptes[genre] > len(montres):
            lignes.append(
                f"  … et {comptes[genre] - len(montres)} autres : --csv ou --html les donnent tous."
            )
    lignes += [""] if bilan.ecartes else []
    for raison, nombre, exemple in bilan.raisons()[:details]:
        lignes.append(f"  écarté {nombre} fois ({exemple}…) : {raison}")
    return lignes


def _lignes(c: Changement) -> list[str]:
    tete = f"  {c.acteur or '(nouveau)'} ({c.nom}, {c.departement})"
    if c.genre in (AJOUTS, CONFIRMATIONS):
        return [f"{tete} : {c.raison}"]
    rendu = [f"{tete} {c.propriete} : « {c.avant} » → « {c.apres} »".replace("  :", " :")]
    if c.tenu_par:
        rendu.append(f"      dit par {', '.join(c.tenu_par)}")
    return [*rendu, f"      {c.raison}"] if c.raison else rendu


def en_csv(changements: Iterable[Changement]) -> bytes:
    """Every change, one a line; the last column is there to be filled and given back to --accepter."""
    return tableur.ecrire([*COLONNES, ACCEPTER], ([*_valeurs(c), ""] for c in changements))


def _valeurs(c: Changement) -> list[str]:
    tenu = " ".join(c.tenu_par)
    return [c.code, c.genre, c.acteur, c.nom, c.departement, c.propriete, c.avant, c.apres, tenu, c.raison]


def en_html(changements: Sequence[Changement], titre: str) -> bytes:
    """Every change in one page that needs nothing else."""
    comptes = Counter(c.genre for c in changements)
    corps = [f"<h1>{html.escape(titre)}</h1><ul>"]
    corps += [f'<li><a href="#{g}">{g}</a> : {comptes[g]}</li>' for g in GENRES]
    corps.append("</ul>")
    for genre in GENRES:
        lignes = [_rangee(c) for c in changements if c.genre == genre]
        if lignes:
            entetes = "".join(
                f'<th scope="col">{t}</th>' for t in ("Organisme", "Propriété", "Avant", "Après", "Pourquoi")
            )
            corps.append(f'<h2 id="{genre}">{genre.capitalize()} ({comptes[genre]})</h2>')
            corps.append(f"<table><thead><tr>{entetes}</tr></thead><tbody>{''.join(lignes)}</tbody></table>")
    page = (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{html.escape(titre)}</title><style>{_STYLE}</style></head>'
        f"<body><main>{''.join(corps)}</main></body></html>"
    )
    return page.encode()


def _rangee(c: Changement) -> str:
    dit = f" (dit par {', '.join(c.tenu_par)})" if c.tenu_par else ""
    cases = (
        f"{html.escape(c.nom)}<br><code>{html.escape(c.acteur)}</code> {html.escape(c.departement)}",
        html.escape(c.propriete),
        f"<del>{html.escape(c.avant)}</del>{html.escape(dit)}" if c.anciens else "",
        f"<ins>{html.escape(c.apres)}</ins>" if c.nouveaux else "",
        html.escape(c.raison),
    )
    return "<tr>" + "".join(f"<td>{case}</td>" for case in cases) + "</tr>"


class Choix:
    """What `--accepter` accepts: `tout`, kinds parted by commas, or a list file (the CSV filled, or codes).

    A conflict accepted is kept as a disagreement: the record does not change. `tout` leaves conflicts alone.
    """

    def __init__(self, dit: str, surs: Iterable[str] = ACCEPTABLES) -> None:
        self._codes: set[str] | None = None
        self._genres: set[str] = set()
        permis = {*ACCEPTABLES, CONFLITS}
        mots = {m.strip() for m in dit.split(",") if m.strip()}
        if mots <= {*permis, TOUT}:
            self._genres = {*(mots - {TOUT}), *(surs if TOUT in mots else ())}
        elif Path(dit).is_file():
            self._codes = _codes(Path(dit))
        else:
            raise ErreurImport(
                f"--accepter : « {dit} » n'est ni « tout », ni des genres "
                f"({', '.join(sorted(permis))}), ni un fichier."
            )

    def accepte(self, c: Changement) -> bool:
        """Whether a change is accepted."""
        return c.code in self._codes if self._codes is not None else c.genre in self._genres


def reponses(chemin: Path) -> dict[str, bool]:
    """Code of a change → yes or no, as the filled CSV of the review says; a line without answer is left out.

    Raises ErreurImport where an answer is neither.
    """
    rendu: dict[str, bool] = {}
    with chemin.open("rb") as brut:
        lignes = list(enregistrements(brut, Lecture(chemin.name), ("code", ACCEPTER)))
    for e in lignes:
        if dit := e.facultatif(ACCEPTER).lower():
            if dit not in (*_OUI, *_NON):
                raise e.erreur(ACCEPTER, f"« {dit} » n'est ni « oui » ni « non ».")
            rendu[e.texte("code")] = dit in _OUI
    return rendu


def _codes(chemin: Path) -> set[str]:
    if chemin.suffix.lower() != ".csv":
        return {ligne.strip() for ligne in lit_texte(chemin).splitlines() if ligne.strip()}
    return {code for code, oui in reponses(chemin).items() if oui}

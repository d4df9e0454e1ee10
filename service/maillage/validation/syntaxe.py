"""What cannot be read, explained: from the parser's words and the text around to the steward's slip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from maillage.corpus.corpus import Anomalie, Corpus, FichierTurtle
from maillage.validation.accroc import Accroc
from maillage.validation.codes import explication
from maillage.validation.constat import Constat, Correction, Gravite, Lieu
from maillage.validation.enonces import TexteTurtle
from maillage.validation.extrait import excerpt
from maillage.validation.lectures import LECTURES
from maillage.validation.reprise import recover

_CODES_NATURE = {
    "encodage": "MLG-SYN-ENCODAGE",
    "utf16": "MLG-SYN-UTF16",
    "taille": "MLG-SYN-TAILLE",
    "illisible": "MLG-SYN-ILLISIBLE",
}


def syntax_findings(corpus: Corpus) -> Iterator[Constat]:
    """The findings of every file that is not Turtle to its end, or bears a byte-order mark."""
    for fichier in corpus.fichiers:
        if fichier.anomalie is not None:
            yield from _file_findings(fichier, fichier.anomalie)
        elif fichier.marque_bom:
            yield _finding("MLG-SYN-BOM", Lieu(fichier.chemin, 1, 1), Gravite.AVERTISSEMENT)


def _file_findings(fichier: FichierTurtle, anomaly: Anomalie) -> Iterator[Constat]:
    texte = TexteTurtle(fichier.texte)
    if anomaly.nature != "syntaxe":
        place = Lieu(fichier.chemin, *(_span(anomaly) if anomaly.nature == "encodage" else ()))
        yield _finding(_CODES_NATURE[anomaly.nature], place, details=anomaly.message, texte=texte)
        return
    for each in (anomaly, *recover(fichier, texte).anomalies):
        yield explain_anomaly(fichier.chemin, texte, each)


def explain_anomaly(chemin: str, texte: TexteTurtle, anomaly: Anomalie) -> Constat:
    """The finding of one syntax anomaly: the first reading of `LECTURES` that recognises it."""
    accroc = Accroc(texte, anomaly)
    found = next(found for reading in LECTURES if (found := reading(accroc)))
    place = Lieu(chemin, *_span(anomaly))
    if found.debut >= 0:
        line, column = texte.place(found.debut)
        seen = len(found.details) if texte.texte.startswith(found.details, found.debut) else 0
        place = Lieu(chemin, line, column, line, column + max(1, seen))
    details = found.details or accroc.jeton or anomaly.message
    finding = _finding(found.code, place, details=details, texte=texte)
    if not found.ligne_corrigee:
        return finding
    line = found.ligne or place.ligne
    return replace(finding, correction=Correction(line, found.ligne_corrigee, found.ajout))


def _span(anomaly: Anomalie) -> tuple[int, int, int, int]:
    return anomaly.ligne, anomaly.colonne, anomaly.fin_ligne, anomaly.fin_colonne


def _finding(
    code: str,
    place: Lieu,
    gravite: Gravite = Gravite.ERREUR,
    details: str = "",
    texte: TexteTurtle | None = None,
) -> Constat:
    entry = explication(code)
    shown = " ".join(details.split())[:80]
    return Constat(
        code=code,
        gravite=gravite,
        lieu=place,
        message=entry.message.format(details=shown),
        cause=entry.cause.format(details=shown),
        remede=entry.remede.format(details=shown),
        extrait=excerpt(texte, place) if texte else "",
    )

"""SIRENE: a closure makes a record historical, with who took over; nothing else is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from maillage.namespaces import PREFIXES
from maillage.sources import chemin
from maillage.sources.chemin import SOURCES, Proposition
from maillage.sources.revue import Choix

ETABLISSEMENTS = """siren,nic,siret,dateDebut,etatAdministratifEtablissement,denominationUsuelleEtablissement
212900010,00019,21290001000019,2026-06-30,F,MAIRIE
212900028,00012,21290002800012,1985-01-01,A,MAIRIE
999999999,00001,99999999900001,2026-06-30,F,INCONNU
212900010,00019,21290001000019,2026-06-30,F,MAIRIE
"""
LIENS = """siretEtablissementPredecesseur,siretEtablissementSuccesseur,dateLienSuccession
21290001000019,21290002800012,2026-07-01
"""


def propose(racine: Path) -> Proposition:
    for nom, texte in (("e.csv", ETABLISSEMENTS), ("l.csv", LIENS)):
        (racine / nom).write_text(texte, encoding="utf-8")
    fichiers = [racine / "e.csv", racine / "l.csv"]
    return chemin.propose(SOURCES["sirene"], fichiers, racine, "2026-09-01", "", lambda _: None)


def test_a_closure_is_historical_with_its_successor(atelier: Any) -> None:
    atelier.record("mairie-29001-01")["siret"] = "21290001000019"
    atelier.record("mairie-29002-01")["siret"] = "21290002800012"
    atelier.accepte("confirmations")
    proposition = propose(atelier.racine)
    (change,) = proposition.changements
    assert change.code == "fermetures/mairie-29001-01/statut"
    assert change.raison == "fermé le 2026-06-30, repris par acteur:mairie-29002-01"
    assert any("déjà pris" in e.raison for e in proposition.bilan.ecartes)
    chemin.accepte(proposition, Choix("tout"))
    ecrit = atelier.lit("donnees/acteurs/29/sirene-2026-09-01.ttl")
    assert "mlg:statut statut:historique" in ecrit
    assert "fermé le 2026-06-30" in ecrit
    assert "mlg:statut" not in _bloc(atelier.lit("donnees/acteurs/29/annuaire-2026-08-03.ttl"))
    suite = atelier.lit("donnees/editions/sirene-2026-09-01.ttl")
    assert "mlg:ancien acteur:mairie-29001-01" in suite
    assert "mlg:nouveau acteur:mairie-29002-01" in suite
    assert propose(atelier.racine).changements == []


def _bloc(texte: str) -> str:
    return next(b for b in texte.split("\n\n") if b.startswith("acteur:mairie-29001-01 "))


def test_a_record_kept_by_hand_is_not_closed_by_an_import(atelier: Any) -> None:
    chemin_ = atelier.racine / "donnees/acteurs/29/main.ttl"
    prefixes = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("acteur", "dcterms", "mlg", "statut"))
    dit = 'acteur:tenu a mlg:Acteur ; dcterms:identifier "21290001000019" ; mlg:statut statut:declare .'
    chemin_.write_text(f"{prefixes}\n{dit}\n", encoding="utf-8")
    (change,) = propose(atelier.racine).changements
    assert change.genre == "conflits"

"""Who is who: decisions, identifiers, then a score whose parts are shown; the answers are kept."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from maillage.commande.cli import main
from maillage.sources import revue
from maillage.sources.chemin import Proposition
from maillage.sources.decisions import Decision, Decisions

Codes = Callable[[Proposition, str], set[str]]


def inconnue(atelier: Any, nom: str) -> dict[str, Any]:
    """The record of Morlaix under identifiers that nobody knows, and a name."""
    record: dict[str, Any] = atelier.record("mission_locale-29151-01")
    record.update(id="99999999-0000-5000-8000-000000000001", ancien_code_pivot="", nom=nom)
    return record


def verdict(atelier: Any) -> Any:
    """What the body under new identifiers is taken for."""
    return next(v for v in atelier.propose().verdicts if v.notice.identifiant.startswith("99999999"))


def test_a_known_identifier_is_enough(atelier: Any) -> None:
    verdicts = {v.notice.identifiants[-1]: v for v in atelier.propose().verdicts}
    assert verdicts["cg-29232-01"].acteur == "cg-29232-01"
    assert verdicts["cg-29232-01"].raison == "même identifiant cg-29232-01"


def test_a_table_of_stewards_says_who_was_taken_over(atelier: Any) -> None:
    trouve = next(v for v in atelier.propose().verdicts if "crib-29232-01" in v.notice.identifiants)
    assert (trouve.acteur, trouve.raison) == ("cdos-29", "décidé par l'intendance")


def test_the_same_name_place_and_kind_are_the_same_body(atelier: Any) -> None:
    inconnue(atelier, "Mission locale pour l'insertion professionnelle et sociale des jeunes - Morlaix")
    trouve = verdict(atelier)
    assert (trouve.issue, trouve.acteur) == ("meme", "mission-locale-29151-01")
    assert re.fullmatch(
        r"score \d\.\d\d \(nom .*, lieu 1.00, genre 1.00, seul 1.00, contact 1.00\)", trouve.raison
    )


def test_what_is_only_alike_is_left_to_a_steward(atelier: Any, codes: Codes) -> None:
    record = inconnue(atelier, "Mission locale rurale du Centre-Bretagne")
    record.update(telephone=[{"valeur": "02 98 00 00 09"}], site_internet=[])
    proposition = atelier.propose()
    douteux = codes(proposition, "a-decider")
    assert douteux == {"a-decider/mission-locale-29151-01/99999999-0000-5000-8000-000000000001"}
    assert "confirmations/mission-locale-29151-01" not in codes(proposition, "confirmations")


@pytest.mark.parametrize("meme", [True, False])
def test_a_decision_is_kept_for_the_next_edition(atelier: Any, codes: Codes, meme: bool) -> None:
    record = inconnue(atelier, "Mission locale rurale du Centre-Bretagne")
    record.update(telephone=[{"valeur": "02 98 00 00 09"}], site_internet=[])
    dite = Decision(record["id"], "mission-locale-29151-01", meme, "2026-11-23", "vu avec la mission locale")
    Decisions(atelier.racine, "annuaire").ajoute([dite])
    proposition = atelier.propose()
    assert not any(
        c.startswith("a-decider/mission-locale-29151-01/") for c in codes(proposition, "a-decider")
    )
    assert ("confirmations/mission-locale-29151-01" in codes(proposition, "confirmations")) is meme
    assert Decisions(atelier.racine, "annuaire").liste == [dite]


def test_two_records_are_not_one_actor(atelier: Any) -> None:
    double = dict(atelier.record("mission_locale-29151-01"))
    double.update(id="99999999-0000-5000-8000-000000000002", ancien_code_pivot="")
    atelier.records.append(double)
    assert verdict(atelier).acteur != "mission-locale-29151-01"


def test_a_siret_in_common_is_not_enough_across_kinds(atelier: Any) -> None:
    atelier.record("mairie-29001-01")["siret"] = "21290001000019"
    atelier.accepte("confirmations")
    record = inconnue(atelier, "Mission locale d'ailleurs")
    record["siret"] = "21290001000019"
    assert verdict(atelier).acteur != "mairie-29001-01"


def test_deciding_in_series_with_the_table(
    atelier: Any, monkeypatch: pytest.MonkeyPatch, codes: Codes
) -> None:
    record = inconnue(atelier, "Mission locale rurale du Centre-Bretagne")
    record.update(telephone=[{"valeur": "02 98 00 00 09"}], site_internet=[])
    (atelier.racine / "ontologie").mkdir()
    monkeypatch.setenv("MAILLAGE_RACINE", str(atelier.racine))
    lignes = list(
        csv.reader(
            io.StringIO(revue.en_csv(atelier.propose().changements).decode("utf-8-sig")), delimiter=";"
        )
    )
    rendues = [[*ligne[:-1], "non" if ligne[1] == "a-decider" else ""] for ligne in lignes[1:]]
    tableau = atelier.racine / "revue.csv"
    with tableau.open("w", encoding="utf-8", newline="") as sortie:
        csv.writer(sortie).writerows([lignes[0], *rendues])
    edition = str(atelier.racine / "2026-08-03_053120-data.gouv_local.json")
    with pytest.raises(SystemExit) as fin:
        main(["rapprocher", "annuaire", edition, "--territoire", "29", "--decisions", str(tableau)])
    assert not fin.value.code
    douteux = codes(atelier.propose(), "a-decider")
    assert not any(c.startswith("a-decider/mission-locale-29151-01/") for c in douteux)
    assert "mlg:memeOrganisme false" in atelier.lit("donnees/rapprochements/annuaire.ttl")


def test_the_review_in_three_forms(
    atelier: Any, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    proposition = atelier.propose()
    (atelier.racine / "ontologie").mkdir()
    monkeypatch.setenv("MAILLAGE_RACINE", str(atelier.racine))
    edition = str(atelier.racine / "2026-08-03_053120-data.gouv_local.json")
    tableau, page = atelier.racine / "r.csv", atelier.racine / "r.html"
    with pytest.raises(SystemExit) as fin:
        main(
            [
                "importer",
                "annuaire",
                edition,
                "--essai",
                "--territoire",
                "29",
                "--csv",
                str(tableau),
                "--html",
                str(page),
            ]
        )
    assert fin.value.code == 1
    dit = capsys.readouterr().out
    assert "« 02 98 43 01 08 » → « 02 98 00 00 01 »" in dit
    assert "dit par donnees/acteurs/29/annuaire-2019.ttl" in dit
    assert len(tableau.read_text(encoding="utf-8-sig").splitlines()) == 1 + len(proposition.changements)
    assert page.read_text(encoding="utf-8").count("<tr>") > len(proposition.changements)


def test_the_page_escapes_what_a_source_says(atelier: Any) -> None:
    atelier.record("cij-29003-01")["nom"] = "<script>alert(1)</script> information jeunesse"
    page = revue.en_html(atelier.propose().changements, "Essai").decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page

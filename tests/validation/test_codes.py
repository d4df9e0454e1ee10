"""The catalogue of codes: each example breaks its rule and is repaired; the stewards' page says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from maillage.corpus.corpus import Corpus, from_bytes
from maillage.namespaces import PREFIXES
from maillage.validation import Rapport, valider
from maillage.validation.codes import COMPOSANTS, Explication, catalogue, to_markdown

RACINE = Path(__file__).resolve().parents[2]
FORMES = (Path(__file__).parent / "exemples.ttl").read_bytes()
ENTETE = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items())
ONTOLOGIE = "theme:paie a mlg:Theme ; skos:inScheme voc:themes .\nstatut:atteste a mlg:Statut .\n"
#: what no line of Turtle shows: encodings, sizes, a corpus where nothing is targeted.
SANS_EXEMPLE = {
    "MLG-SANS-CIBLE",
    "MLG-SYN-ENCODAGE",
    "MLG-SYN-UTF16",
    "MLG-SYN-BOM",
    "MLG-SYN-TAILLE",
    "MLG-SYN-ILLISIBLE",
}
EXEMPLES = [each for each in catalogue().values() if not each.code.startswith("MLG-SYN") and each.avant]


def report(text: str) -> Rapport:
    data = (ENTETE + ONTOLOGIE + text + "\n").encode()
    # A rule is read where rules are.
    path = "ontologie/formes/essai.ttl" if "sh:NodeShape" in text else "donnees/essai.ttl"
    files = (from_bytes(path, data), from_bytes("ontologie/formes/exemples.ttl", FORMES))
    return valider(Corpus(Path(), tuple(sorted(files, key=lambda each: each.chemin))))


@pytest.mark.parametrize("entry", EXEMPLES, ids=lambda entry: entry.code)
def test_l_exemple_d_une_regle_dit_vrai(entry: Explication) -> None:
    assert entry.code in report(entry.avant).par_code
    assert report(entry.apres).constats == ()


def test_tout_code_a_son_exemple() -> None:
    assert {each.code for each in catalogue().values() if not each.avant} == SANS_EXEMPLE
    assert set(COMPOSANTS.values()) <= set(catalogue())


def test_la_page_des_codes_est_a_jour() -> None:
    """To write it again: python -m maillage.validation.codes > donnees/CODES.md"""
    assert (RACINE / "donnees" / "CODES.md").read_text(encoding="utf-8") == to_markdown()

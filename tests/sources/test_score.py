"""The thresholds hold on the labelled sample."""

from __future__ import annotations

import pytest
from paires import Paire, lire, mesurer

from maillage.sources.score import SEUIL_DOUTE, SEUIL_MEME, Mots, Portrait, compare


@pytest.fixture(scope="module")
def echantillon() -> list[Paire]:
    return lire()


def test_the_sample_is_large_and_its_labels_are_told(echantillon: list[Paire]) -> None:
    assert len(echantillon) >= 300
    assert sum(p.meme for p in echantillon) == 141
    assert sum(p.par_codes != p.meme for p in echantillon) == 10


def test_merges_without_a_steward_are_right_and_few_are_missed(echantillon: list[Paire]) -> None:
    mesure = mesurer(echantillon, SEUIL_MEME)
    assert mesure.precision >= 0.98
    assert mesure.rappel >= 0.9


def test_what_is_left_to_a_steward_is_little(echantillon: list[Paire]) -> None:
    douteuses = [p for p in echantillon if SEUIL_DOUTE <= p.score.total < SEUIL_MEME]
    assert len(douteuses) <= 0.1 * len(echantillon)


def portrait(
    nom: str, commune: str = "29232", rivaux: int = 1, contacts: frozenset[str] = frozenset()
) -> Portrait:
    return Portrait((nom,), commune, "29", frozenset({"type:crib"}), contacts, rivaux)


def test_every_part_can_only_help_or_only_harm() -> None:
    mots = Mots(())
    pareil = compare(portrait("Crib de Quimper"), portrait("CRIB de Quimper"), mots)
    assert pareil.total == 1.0
    assert compare(portrait("Crib de Quimper"), portrait("Crib de Brest"), mots).total < pareil.total
    assert (
        compare(portrait("Crib de Quimper"), portrait("Crib de Quimper", "29019"), mots).total
        < SEUIL_MEME + 0.05
    )
    assert (
        compare(portrait("Crib de Quimper", rivaux=3), portrait("Crib de Quimper"), mots).total < pareil.total
    )
    loin = portrait("Crib de Quimper", contacts=frozenset({"0298"}))
    autre = portrait("Crib de Quimper", contacts=frozenset({"0299"}))
    assert compare(loin, autre, mots).total < pareil.total


def test_common_words_tell_nothing_and_slips_little() -> None:
    mots = Mots([f"Mission locale de {n}" for n in range(40)] + ["Mission locale du Trégor"])
    assert mots.ressemblance("Mission locale de 3", "Mission locale de 4") == 0.0
    assert mots.ressemblance("Mission locale du Trégor", "ML Tregor") > 0.4
    assert mots.ressemblance("Espace associatif de Concarneau", "Espace associatif de Concarnau") > 0.7

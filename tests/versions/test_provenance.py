"""The versions as data."""

from __future__ import annotations

import subprocess
from datetime import datetime
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

import corpus_essai
from maillage.namespaces import PREFIXES
from maillage.versions import historique
from maillage.versions.instantane import construire
from maillage.versions.manifeste import lire_manifeste
from maillage.versions.provenance import en_turtle, iri_de_version

PROV = PREFIXES["prov"]


def test_a_version_says_when_from_what_and_after_which(tmp_path: Path) -> None:
    settings = corpus_essai.poser(tmp_path / "corpus")
    git = ["git", "-C", str(settings.racine), "-c", "user.name=essai", "-c", "user.email=essai@exemple.test"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "essai"], check=True)
    first, second = (lire_manifeste(construire(settings)) for _ in range(2))
    store = Store()
    store.load(en_turtle(historique.manifestes(settings.dossier_instantanes)), RdfFormat.TURTLE)

    def dits(propriete: str) -> list[object]:
        subject = iri_de_version(second.version)
        return [quad.object for quad in store.quads_for_pattern(subject, NamedNode(propriete), None)]

    assert dits(PROV + "wasRevisionOf") == [iri_de_version(first.version)]
    (date,) = dits(PROV + "generatedAtTime")
    assert isinstance(date, Literal)
    assert datetime.fromisoformat(date.value) == datetime.fromisoformat(second.date)
    (commit,) = dits(PROV + "wasDerivedFrom")
    identifier = NamedNode(PREFIXES["dcterms"] + "identifier")
    assert [quad.object for quad in store.quads_for_pattern(commit, identifier, None)] == [  # type: ignore[arg-type]
        Literal(second.revision)
    ]
    assert any(quad.object == Literal(second.empreinte) for quad in store)

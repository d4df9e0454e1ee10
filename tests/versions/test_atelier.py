"""The workshop: a version made from what an edit changes is, byte for byte, the one built from scratch."""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as reglages
from hypothesis import strategies as st

import corpus_essai
from maillage.config import Settings
from maillage.store.entrepot import EntrepotEmbarque
from maillage.territoire.matrices import FICHIER as MATRICES
from maillage.versions import instantane
from maillage.versions.atelier import Atelier
from maillage.versions.differences import comparer
from maillage.versions.instantane import (
    AJOUTS,
    DERIVE,
    DIFFERENCES,
    GRAPHES,
    RAPPORT,
    RETRAITS,
    InstantaneRefuse,
    charger,
    construire,
    courant,
)
from maillage.versions.manifeste import Manifeste, lire_manifeste

#: what one of the two does not write, or writes after another version, or that says how long it took.
_PROPRES = {AJOUTS, RETRAITS, DIFFERENCES, RAPPORT, MATRICES}


def contenus(version: Path) -> dict[str, str]:
    """The hashes that the manifest announces, checked, but for the files that speak of the version before."""
    manifeste = lire_manifeste(version)
    manifeste.verifier(version)
    return {name: each for name, each in manifeste.fichiers.items() if name not in _PROPRES}


def a_neuf(racine: Path) -> Path:
    """The version that a build from scratch gives, in a folder of its own."""
    return construire(Settings(racine=racine, instantanes=Path(tempfile.mkdtemp(dir=racine.parent))))


def identiques(suivie: Path, neuve: Path) -> None:
    one, two = lire_manifeste(suivie), lire_manifeste(neuve)
    assert contenus(suivie) == contenus(neuve)
    reports = [json.loads((one / RAPPORT).read_text(encoding="utf-8")) for one in (suivie, neuve)]
    assert reports[0] | {"secondes": 0} == reports[1] | {"secondes": 0}
    assert (one.empreinte, one.triples, one.graphes) == (two.empreinte, two.triples, two.graphes)


def suivie(manifeste: Manifeste) -> bool:
    """Whether a version was made from the one before."""
    return AJOUTS in manifeste.fichiers


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return corpus_essai.poser(tmp_path / "corpus")


#: statements of each file: any part of them is what the file says.
MORCEAUX: dict[str, list[str]] = {
    "donnees/acteurs/essai.ttl": [
        'acteur:un a mlg:Acteur ; skos:prefLabel "Acteur d\'essai"@fr .',
        "acteur:un org:classification type:crib ; mlg:territoireServi departement:29 .",
        'acteur:un skos:altLabel "Un, l\'unique"@fr , "_:b"@fr ; mlg:commune commune:29232 .',
        'acteur:un schema:address [ a schema:PostalAddress ; schema:addressLocality "Quimper" ] .',
        'acteur:un schema:address [ schema:addressLocality "Brest" ; schema:geo [ schema:latitude 48.4 ] ] .',
        'acteur:deux a mlg:Acteur ; skos:prefLabel "Deux"@fr ; org:classification type:pava .',
        "acteur:deux mlg:partage _:p . acteur:un mlg:partage _:p . _:p rdfs:comment 'à deux' .",
        '[] a mlg:Acteur ; skos:prefLabel "Anonyme"@fr .',
        "# un commentaire",
    ],
    "ontologie/vocabulaires/essai.ttl": [
        'type:pava a mlg:TypeActeur ; skos:notation "pava" ; skos:prefLabel "PAVA"@fr .',
        'type:crib skos:altLabel "centre de ressources"@fr ; skos:broader type:pava .',
        'type:pava skos:hiddenLabel "point d\'appui"@fr ; skos:definition "Un point."@fr .',
        "mlg:TypeActeur rdfs:subClassOf rdfs:Resource .",
        "succession:s mlg:ancien type:crib ; mlg:nouveau type:pava .",
    ],
    "donnees/territoires/plus.ttl": [
        'commune:29019 a igeo:Commune ; igeo:codeINSEE "29019" ; skos:prefLabel "Brest"@fr .',
        'commune:29019 igeo:subdivisionDe departement:29 ; mlg:codePostal "29200" ; mlg:population 139456 .',
        'departement:29 igeo:subdivisionDe region:53 ; skos:altLabel "Penn-ar-Bed"@fr .',
        'region:53 a igeo:Region ; skos:prefLabel "Bretagne"@fr .',
    ],
    "donnees/guide/essai.ttl": [
        "intervention:i a mlg:Intervention ; mlg:typeActeur type:crib ; mlg:theme theme:paie .",
        "theme:paie skos:broader theme:social . intervention:i mlg:acteur acteur:deux .",
        'passage:p a mlg:Passage ; skos:prefLabel "Point"@fr ; mlg:resume "Dit."@fr ; mlg:page 11 , 8 .',
    ],
}
_fichier = st.sampled_from(sorted(MORCEAUX)).flatmap(
    lambda chemin: st.tuples(
        st.just(chemin), st.none() | st.lists(st.sampled_from(MORCEAUX[chemin]), unique=True)
    )
)


def retoucher(racine: Path, chemin: str, morceaux: list[str] | None) -> None:
    """Write a file with those statements, or take it away."""
    if morceaux is None:
        (racine / chemin).unlink(missing_ok=True)
    else:
        corpus_essai.ecrire(racine, chemin, "\n".join(morceaux) + "\n")


@pytest.fixture
def essais(tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """Folders for examples, each anew."""
    ranks = itertools.count()
    yield lambda: tmp_path / str(next(ranks)) / "corpus"


@pytest.mark.longue
@reglages(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(_fichier, min_size=1, max_size=5))
@example([("donnees/acteurs/essai.ttl", ['[] a mlg:Acteur ; skos:prefLabel "Anonyme"@fr .'])])
def test_any_edits_followed_give_the_files_of_a_build_from_scratch(
    essais: Callable[[], Path], retouches: list[tuple[str, list[str] | None]]
) -> None:
    settings = corpus_essai.poser(essais())
    atelier = Atelier(settings)
    avant = atelier.construire()
    for chemin, morceaux in retouches:
        retoucher(settings.racine, chemin, morceaux)
        try:
            apres = atelier.construire()
        except InstantaneRefuse:
            with pytest.raises(InstantaneRefuse):
                a_neuf(settings.racine)
            assert courant(settings.dossier_instantanes) == avant
            continue
        identiques(apres, a_neuf(settings.racine))
        manifeste = lire_manifeste(apres)
        assert suivie(manifeste) and manifeste.precedente == avant.name
        told = json.loads((apres / DIFFERENCES).read_text(encoding="utf-8"))
        assert told == comparer(avant / GRAPHES, apres / GRAPHES).en_json()
        assert retouche_de(avant, apres) == quads(apres)
        avant = apres


def quads(version: Path) -> set[str]:
    return {str(quad) for quad in charger(version)[0].moteur}


def retouche_de(avant: Path, apres: Path) -> set[str]:
    """The quads of a version with the changes that the next one tells."""
    gone, come = EntrepotEmbarque(), EntrepotEmbarque()
    gone.charger(apres / RETRAITS)
    come.charger(apres / AJOUTS)
    return (quads(avant) - {str(quad) for quad in gone.moteur}) | {str(quad) for quad in come.moteur}


@pytest.mark.longue
def test_edits_of_real_files_are_followed(racine_finistere: Path, tmp_path: Path) -> None:
    racine = Path(shutil.copytree(racine_finistere, tmp_path / "corpus", symlinks=True))
    (racine / "ontologie").unlink()
    shutil.copytree(racine_finistere / "ontologie", racine / "ontologie")
    atelier = Atelier(Settings(racine=racine))
    atelier.reprendre()
    for chemin, avant, apres in (
        ("donnees/acteurs/29/annuaire-2019.ttl", "02 98", "02 97"),
        (
            "donnees/acteurs/29/annuaire-2019.ttl",
            "mlg:territoireServi departement:29",
            "mlg:territoireServi commune:29232",
        ),
        ("ontologie/vocabulaires/themes.ttl", 'skos:altLabel "', 'skos:altLabel "très '),
        ("donnees/institutions/successions.ttl", "mlg:nouveau type:dreets , ", "mlg:nouveau "),
        ("donnees/territoires/epci.ttl", "mlg:membreDe departement:29", "mlg:membreDe departement:56"),
    ):
        path = racine / chemin
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(avant, apres), encoding="utf-8")
        version = atelier.construire()
        assert suivie(lire_manifeste(version)), chemin
    identiques(version, a_neuf(racine))


def test_a_version_of_another_builder_is_not_changed_into_the_next(settings: Settings) -> None:
    atelier = Atelier(settings)
    atelier.construire()
    retoucher(settings.racine, "donnees/guide/essai.ttl", MORCEAUX["donnees/guide/essai.ttl"])
    construire(settings)
    retoucher(settings.racine, "donnees/guide/essai.ttl", None)
    version = atelier.construire()
    assert not suivie(lire_manifeste(version))
    identiques(version, a_neuf(settings.racine))


def test_a_workshop_takes_up_the_version_in_service(settings: Settings) -> None:
    construire(settings)
    atelier = Atelier(settings)
    atelier.reprendre()
    retoucher(settings.racine, "donnees/guide/essai.ttl", MORCEAUX["donnees/guide/essai.ttl"])
    version = atelier.construire()
    assert suivie(lire_manifeste(version))
    identiques(version, a_neuf(settings.racine))


def test_a_failure_half_way_is_built_from_scratch_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    atelier = Atelier(settings)
    avant = atelier.construire()
    retoucher(settings.racine, "donnees/guide/essai.ttl", MORCEAUX["donnees/guide/essai.ttl"])
    with monkeypatch.context() as patch, pytest.raises(OSError, match="plein"):
        patch.setattr("maillage.versions.atelier._recoudre", _plein)
        atelier.construire()
    assert courant(settings.dossier_instantanes) == avant
    version = atelier.construire()
    assert not suivie(lire_manifeste(version))
    identiques(version, a_neuf(settings.racine))
    assert [path.name for path in settings.dossier_instantanes.glob(instantane.ECHAFAUD + "*")] == []


def _plein(*_: object) -> None:
    raise OSError(28, "disque plein")


def test_where_a_file_has_one_name_only_it_is_copied(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "un seul nom par fichier")

    monkeypatch.setattr("os.link", refuse)
    atelier = Atelier(settings)
    atelier.construire()
    retoucher(settings.racine, "donnees/acteurs/essai.ttl", MORCEAUX["donnees/acteurs/essai.ttl"][:2])
    version = atelier.construire()
    assert (version / DERIVE).stat().st_nlink == 1
    identiques(version, a_neuf(settings.racine))

"""The workshop: it builds a version from the corpus and, kept at hand, the next from what an edit changes.

What a version was made of stays in memory: the files read, their validation, the graph with what is derived,
the lexicon. An edit is followed through each of them, and the new files are the old ones with lines spliced
in, or the very same where nothing changed: byte for byte those of a build from scratch (proved by a property
test). Whatever cannot be followed is built from scratch.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from maillage.config import Settings
from maillage.corpus.corpus import Corpus, read_corpus
from maillage.inference import Deductions
from maillage.lexique import Compilation, Lexique
from maillage.lexique.contenu import FICHIERS
from maillage.memoire import sans_ramasse_miettes
from maillage.namespaces import GRAPHE_DERIVE
from maillage.requetes.declarations import declarer
from maillage.requetes.recueil import Requetes
from maillage.store.ecart import Ecart
from maillage.store.entrepot import EntrepotEmbarque
from maillage.territoire.recensement import Recensement
from maillage.validation import Rapport, Suivi
from maillage.validation.dependances import ToutDependError
from maillage.validation.rapport_ecrit import rapport_en_json
from maillage.versions import differences, territoires
from maillage.versions.chantier import Chantier
from maillage.versions.enonces import Enonces, lignes_de
from maillage.versions.instantane import (
    AJOUTS,
    DECLARATIONS,
    DERIVE,
    DIFFERENCES,
    GRAPHES,
    LEXIQUE,
    RAPPORT,
    REQUETES,
    RETRAITS,
    InstantaneRefuse,
    Progress,
    a_jour,
    charger,
    courant,
    deblayer,
    elaguer,
    mettre_en_service,
    verrou,
)
from maillage.versions.manifeste import compter, lire_manifeste


@dataclass
class _Ouvrage:
    """What a version was made of, ready to be changed into the next."""

    version: str
    recette: str
    corpus: Corpus
    entrepot: EntrepotEmbarque
    deductions: Deductions
    compilation: Compilation
    recensement: Recensement


class Atelier:
    """Builds versions of one corpus, one after the other; not to be shared between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._suivi: Suivi | None = None
        self._ouvrage: _Ouvrage | None = None

    def construire(self, progress: Progress | None = None) -> Path:
        """Build a version from the corpus as it is and put it in service; its folder.

        Raises as `instantane.construire`.
        """
        dossier = self._settings.dossier_instantanes
        dossier.mkdir(parents=True, exist_ok=True)
        with verrou(dossier), sans_ramasse_miettes():
            deblayer(dossier)
            try:
                chantier = Chantier(self._settings, progress)
                ouvrage = self._batir(chantier)
                version = dossier / chantier.version
                os.replace(chantier.dossier, version)
                mettre_en_service(dossier, version.name)
                ouvrage.version, self._ouvrage = version.name, ouvrage
                elaguer(dossier)
            finally:
                deblayer(dossier)
        return version

    def reprendre(self) -> None:
        """Have at hand what the version in service is made of, where the corpus is still what it was.

        The next edit is then followed, whoever built the version. Raises as `construire`.
        """
        settings = self._settings
        dossier = settings.dossier_instantanes
        with verrou(dossier), sans_ramasse_miettes():
            if not a_jour(settings):
                return
            version = courant(dossier)
            entrepot, manifeste = charger(version, (GRAPHES, DERIVE))
            corpus = read_corpus(settings.racine)
            if corpus.empreinte != manifeste.empreinte:
                return
            requetes = Requetes(version / REQUETES)
            self._suivi, deductions = Suivi(corpus), Deductions(entrepot, _regles(settings))
            # An edit that changes nothing: what only the first one would wait for is made ready now.
            self._suivi.revalider(corpus)
            with suppress(ToutDependError):
                deductions.suivre(Ecart())
            self._ouvrage = _Ouvrage(
                version.name,
                manifeste.recette,
                corpus,
                entrepot,
                deductions,
                Compilation(entrepot, requetes),
                Recensement(entrepot, requetes),
            )

    def _batir(self, chantier: Chantier) -> _Ouvrage:
        """All the stages, up to a folder that is complete and flushed to the disk."""
        with chantier.etape("lecture du corpus"):
            corpus = read_corpus(self._settings.racine, connu=self._suivi.corpus if self._suivi else None)
        with chantier.etape("validation"):
            rapport = self._valider(corpus)
        if not rapport.conforme:
            raise InstantaneRefuse(rapport)
        (chantier.dossier / RAPPORT).write_text(rapport_en_json(rapport), encoding="utf-8")
        # Taken away while it is changed: what fails half-way is of no more use.
        ouvrage, self._ouvrage = self._ouvrage, None
        if ouvrage is None or not _suivable(ouvrage, chantier):
            return self._a_neuf(chantier, corpus)
        try:
            return self._retoucher(ouvrage, chantier, corpus)
        except ToutDependError:
            return self._a_neuf(chantier, corpus)

    def _valider(self, corpus: Corpus) -> Rapport:
        if self._suivi is None:
            self._suivi = Suivi(corpus)
            return self._suivi.rapport
        suivi, self._suivi = self._suivi, None
        rapport = suivi.revalider(corpus)
        self._suivi = suivi
        return rapport

    def _a_neuf(self, chantier: Chantier, corpus: Corpus) -> _Ouvrage:
        """Everything from the corpus, whose quads its validation holds."""
        assert self._suivi is not None
        entrepot = EntrepotEmbarque()
        with chantier.etape("écriture des graphes"):
            saisis = EntrepotEmbarque(self._suivi.data).ecrire(chantier.dossier / GRAPHES)
            entrepot.charger(chantier.dossier / GRAPHES)
        with chantier.etape("déductions"):
            deductions = Deductions(entrepot, _regles(self._settings))
            for _ in deductions.tout():
                pass
            deduits = entrepot.ecrire(chantier.dossier / DERIVE, GRAPHE_DERIVE)
        with chantier.etape("lexique"):
            requetes = _copier_requetes(chantier)
            declares = declarer(requetes, chantier.dossier / DECLARATIONS)
            compilation = Compilation(entrepot, requetes)
            (chantier.dossier / LEXIQUE).mkdir()
            compilation.lexique.ecrire(chantier.dossier / LEXIQUE)
        with chantier.etape("territoires"):
            recensement = Recensement(entrepot, requetes)
            territoires.ecrire(chantier, recensement.preparation)
        with chantier.etape("différences"):
            _comparer(chantier, None)
        with chantier.etape("empreintes"):
            counts = {"saisis": saisis, "deduits": deduits, "declares": declares}
            chantier.signer(corpus, counts, compter(chantier.dossier / GRAPHES))
        return _Ouvrage(
            chantier.version,
            chantier.recette,
            corpus,
            entrepot,
            deductions,
            compilation,
            recensement,
        )

    def _retoucher(self, ouvrage: _Ouvrage, chantier: Chantier, corpus: Corpus) -> _Ouvrage:
        """The version in service, changed. Raises ToutDependError before anything is written."""
        assert self._suivi is not None and chantier.precedente is not None
        with chantier.etape("déductions"):
            saisi = _ecart(ouvrage.corpus, corpus)
            deduit = ouvrage.deductions.suivre(saisi)
        with chantier.etape("écriture des graphes"):
            _recoudre(chantier, GRAPHES, saisi)
            _recoudre(chantier, DERIVE, deduit)
            for nom, quads in ((AJOUTS, (saisi | deduit).ajouts), (RETRAITS, (saisi | deduit).retraits)):
                (chantier.dossier / nom).write_bytes(b"".join(sorted(lignes_de(quads))))
        with chantier.etape("lexique"):
            connu = ouvrage.compilation.lexique
            edites = _edites(saisi | deduit)
            ouvrage.compilation.suivre(edites)
            _ecrire_lexique(chantier, ouvrage.compilation.lexique, connu)
            chantier.partager(DECLARATIONS, *_requetes(chantier.precedente))
        with chantier.etape("territoires"):
            territoires.suivre(chantier, ouvrage.recensement, edites)
        with chantier.etape("différences"):
            _comparer(chantier, saisi.ressources(self._suivi.data))
        with chantier.etape("empreintes"):
            before = lire_manifeste(chantier.precedente)
            triples, graphes = Counter(before.triples), Counter(before.graphes)
            triples.update(saisis=saisi.solde, deduits=deduit.solde)
            graphes.update(str(quad.graph_name)[1:-1] for quad in saisi.ajouts)
            graphes.subtract(str(quad.graph_name)[1:-1] for quad in saisi.retraits)
            chantier.signer(corpus, dict(triples), dict(sorted((+graphes).items())))
        ouvrage.corpus = corpus
        return ouvrage


def _suivable(ouvrage: _Ouvrage, chantier: Chantier) -> bool:
    """Whether the version in service is the one at hand, built with today's queries and code."""
    before = chantier.precedente
    return before is not None and before.name == ouvrage.version and chantier.recette == ouvrage.recette


def _ecart(avant: Corpus, apres: Corpus) -> Ecart:
    """The quads of the files that changed, where they differ."""
    old = {fichier.chemin: fichier for fichier in avant.fichiers}
    new = {fichier.chemin: fichier for fichier in apres.fichiers}
    changed = [path for path in old | new if old.get(path) is not new.get(path)]
    gone = {quad for path in changed if path in old for quad in old[path].ensemble()}
    come = {quad for path in changed if path in new for quad in new[path].ensemble()}
    return Ecart(come - gone, gone - come)


def _edites(ecart: Ecart) -> set[str]:
    return {quad.subject.value for quad in ecart.quads if isinstance(quad.subject, NamedNode)}


def _recoudre(chantier: Chantier, nom: str, ecart: Ecart) -> None:
    assert chantier.precedente is not None
    if not ecart:
        chantier.partager(nom)
        return
    with Enonces(chantier.precedente / nom) as before:
        before.recoudre(chantier.dossier / nom, ecart.ajouts, ecart.retraits)


def _ecrire_lexique(chantier: Chantier, lexique: Lexique, connu: Lexique) -> None:
    (chantier.dossier / LEXIQUE).mkdir()
    written = lexique.ecrire(chantier.dossier / LEXIQUE, connu)
    chantier.partager(*(f"{LEXIQUE}/{nom}" for nom in FICHIERS if nom not in written))


def _copier_requetes(chantier: Chantier) -> Requetes:
    """The stored queries go with the data they were built with: a later edit cannot mix versions."""
    target = chantier.dossier / REQUETES
    target.mkdir()
    for path in sorted((chantier.settings.racine / "requetes").glob("*.rq")):
        (target / path.name).write_bytes(path.read_bytes())
    return Requetes(target)


def _requetes(version: Path) -> list[str]:
    return [f"{REQUETES}/{path.name}" for path in sorted((version / REQUETES).glob("*.rq"))]


def _regles(settings: Settings) -> Path:
    return settings.racine / "requetes" / "inference"


def _comparer(chantier: Chantier, sujets: set[str] | None) -> None:
    """Write what changes since the version in service, if it can still be read."""
    before = chantier.precedente
    if before is not None and (before / GRAPHES).is_file():
        found = differences.comparer(before / GRAPHES, chantier.dossier / GRAPHES, sujets)
        found.ecrire(chantier.dossier / DIFFERENCES)

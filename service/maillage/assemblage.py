"""The service put together: store, words, queries, pages and workers of one version."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from maillage.bac_a_sable.distant import BacDistant
from maillage.bac_a_sable.essais import Essais
from maillage.bac_a_sable.reserve import BacASable
from maillage.bac_a_sable.trames import Limites
from maillage.catalogue.depot import Depot
from maillage.catalogue.jeux import lire_offre
from maillage.comprehension import Interprete
from maillage.config import Settings
from maillage.echecs import Echecs
from maillage.lexique import Lexique
from maillage.lexique.contenu import FICHIERS
from maillage.memoire import sans_ramasse_miettes
from maillage.orientation import Orienteur
from maillage.orientation.annuaire import LUES
from maillage.outils.guichet import Guichet
from maillage.requetes.recueil import Requetes
from maillage.routes.contexte import Service
from maillage.store.acces import Acces
from maillage.store.distant import EntrepotDistant
from maillage.store.entrepot import Entrepot
from maillage.suggestions import Suggestions
from maillage.territoire.bureau import Bureau
from maillage.territoire.preparation import FICHIER as COUVERTURE
from maillage.textes import PAGES, Textes, date_lisible, domaine, lire_textes, taille_lisible
from maillage.versions.depot_distant import ouvrir
from maillage.versions.doublure import Doublure
from maillage.versions.etapes import proprietes
from maillage.versions.instantane import LEXIQUE, REQUETES, SERVIS, charger, charger_courant, courant
from maillage.versions.manifeste import Manifeste, lire_manifeste

journal = logging.getLogger("maillage")


def assembler(
    settings: Settings,
    limites: Limites | None = None,
    version: Path | None = None,
    ancien: Service | None = None,
    doublure: Doublure | None = None,
) -> Service:
    """The parts of the service, from one version or, without it, from the current snapshot or the last whole.

    `ancien`, the service that answers now, gives the parts that are the same in both versions; `doublure`,
    the store. Raises maillage.instantane.InstantaneAbsent, InstantaneAltere (of that version), OSError.
    """
    attendue = version or courant(settings.dossier_instantanes)
    with sans_ramasse_miettes(), ThreadPoolExecutor(1) as a_cote:
        # The engine loads without holding the interpreter: words are read meanwhile.
        mots = a_cote.submit(_mots, attendue, ancien)
        entrepot: Entrepot
        if settings.entrepot:
            dossier = attendue
            entrepot, manifeste = ouvrir(_acces(settings, ancien), dossier)
        elif version is None:
            dossier, entrepot, manifeste = charger_courant(settings.dossier_instantanes)
        else:
            dossier = version
            entrepot, manifeste = doublure.pour(version) if doublure else charger(version)
        interprete, suggestions = mots.result() if dossier == attendue else _mots(dossier)
        requetes, textes, lexique = Requetes(dossier / REQUETES), lire_textes(), interprete.lexique
        known = ancien.orienteur if ancien and _memes_acteurs(ancien, dossier, requetes) else None
        orienteur = Orienteur(entrepot, requetes, lexique, datetime.now(UTC).year, interprete, known)
    return Service(
        settings=settings,
        dossier=dossier,
        entrepot=entrepot,
        manifeste=manifeste,
        requetes=requetes,
        textes=textes,
        gabarits=ancien.gabarits if ancien else _templates(textes),
        orienteur=orienteur,
        suggestions=suggestions,
        territoires=Bureau(dossier, entrepot, requetes, _meme_bureau(ancien, manifeste)),
        guichet=Guichet(entrepot, requetes, lexique),
        echecs=_echecs(settings, lexique),
        bac=_bac(dossier, entrepot, limites),
        essais=Essais(dossier, settings.racine),
        offre=lire_offre(requetes, entrepot, manifeste.graphes),
        depot=Depot(dossier),
        edition=_edition(),
    )


async def fermer(service: Service) -> None:
    """End what a service started: workers, counter."""
    await asyncio.to_thread(service.depot.fermer)
    if service.echecs is not None:
        await asyncio.to_thread(service.echecs.fermer)
    await service.bac.fermer()
    await service.essais.fermer()


def _acces(settings: Settings, ancien: Service | None) -> Acces:
    """The way to the remote store; the same, with what it knows of failures, from version to version."""
    if ancien is not None and isinstance(ancien.entrepot, EntrepotDistant):
        return ancien.entrepot.acces
    return Acces.de(settings)


def _bac(dossier: Path, entrepot: Entrepot, limites: Limites | None) -> BacASable | BacDistant:
    """Who runs the public's queries: workers of ours, or the remote store."""
    if isinstance(entrepot, EntrepotDistant):
        return BacDistant(entrepot, limites)
    return BacASable([dossier / nom for nom in SERVIS], limites)


def _mots(dossier: Path, ancien: Service | None = None) -> tuple[Interprete, Suggestions]:
    """What understands questions and completes them, with the words of a version.

    What has not changed since the service `ancien` is not read again.
    """
    if ancien is None:
        lexique = Lexique.lire(dossier / LEXIQUE)
    else:
        known, found = ancien.manifeste.fichiers, lire_manifeste(dossier).fichiers
        names = {nom for nom in FICHIERS if known.get(f"{LEXIQUE}/{nom}") == found.get(f"{LEXIQUE}/{nom}")}
        if len(names) == len(FICHIERS):
            return ancien.orienteur.interprete, ancien.suggestions
        lexique = Lexique.lire(dossier / LEXIQUE, ancien.orienteur.lexique, names)
    return (
        Interprete(lexique, ancien.orienteur.interprete if ancien else None),
        Suggestions(lexique, lire_textes(), ancien.suggestions if ancien else None),
    )


def _memes_acteurs(ancien: Service, dossier: Path, requetes: Requetes) -> bool:
    """Whether the actors are described alike in a version and in the one that answers."""
    changed = proprietes(ancien.dossier.name, dossier)
    return changed is not None and not requetes.concernees(changed, LUES)


def _meme_bureau(ancien: Service | None, manifeste: Manifeste) -> Bureau | None:
    """The service's coverage of territories, where that of the version is the same."""
    if ancien is None or ancien.manifeste.fichiers.get(COUVERTURE) != manifeste.fichiers.get(COUVERTURE):
        return None
    return ancien.territoires


def _echecs(settings: Settings, lexique: Lexique) -> Echecs | None:
    """The counter of unknown words; the service does without where its file cannot be had."""
    if settings.fichier_echecs is None:
        return None
    try:
        echecs = Echecs(settings.fichier_echecs, lexique)
    except (OSError, sqlite3.Error) as error:
        journal.warning("mots inconnus non comptés : %s : %s", settings.fichier_echecs, error)
        return None
    echecs.demarrer()
    return echecs


def _templates(textes: Textes) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PAGES / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["date_lisible"] = partial(date_lisible, textes)
    environment.filters["taille_lisible"] = partial(taille_lisible, textes)
    environment.filters["domaine"] = domaine
    return environment


@cache
def _edition() -> str:
    """Digest of what makes pages and answers, so that a new edition of the service is a new ETag."""
    digest = hashlib.sha256()
    package = PAGES.parent
    made_of = [*(path for path in PAGES.rglob("*") if path.is_file()), *package.rglob("*.py")]
    for path in sorted(made_of):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]

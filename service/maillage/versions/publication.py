"""One publication: validate, build, put in service; and the account of the last attempt, good or bad.

instantanes/tentative.json           what came of the last attempt
instantanes/tentative-rapport.json   its validation report, whole
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maillage.config import Settings
from maillage.requetes.requete import EnteteInvalide
from maillage.store.acces import Acces
from maillage.store.entrepot import RequeteRefusee
from maillage.versions.depot_distant import deposer
from maillage.versions.disque import remplacer
from maillage.versions.instantane import (
    RAPPORT,
    ConstructionEnCours,
    InstantaneAbsent,
    InstantaneRefuse,
    Progress,
    a_jour,
    construire,
    courant,
)
from maillage.versions.manifeste import lire_manifeste

if TYPE_CHECKING:
    from maillage.validation import Rapport
    from maillage.versions.atelier import Atelier

TENTATIVE, TENTATIVE_RAPPORT = "tentative.json", "tentative-rapport.json"
#: findings that the account repeats; the others are in the report.
CITES = 5


@dataclass(frozen=True)
class Tentative:
    """What came of an attempt to publish.

    `resultat`: « publiee », « a-jour » (nothing had changed), « refusee » (errors in the data), « echouee »
    (unreadable query, disk). `conforme`: verdict of the validation, None where it was not reached. `version`:
    the one in service afterwards, if any. `cause`: of an attempt that failed, « requete », « disque » or
    « interne »; the details go to whoever asked for it, never here. `constats`: the first findings. Dates are
    UTC.
    """

    resultat: str
    conforme: bool | None
    debut: str
    fin: str
    version: str = ""
    cause: str = ""
    erreurs: int = 0
    avertissements: int = 0
    fichiers: int = 0
    par_code: dict[str, int] = field(default_factory=dict)
    constats: list[dict[str, Any]] = field(default_factory=list)


def publier(
    settings: Settings,
    progress: Progress | None = None,
    *,
    forcer: bool = False,
    atelier: Atelier | None = None,
) -> Tentative:
    """Publish the corpus if it, a query or the code changed since the version in service, or when `forcer`.

    With a remote store, the version is put there too, unless it is there; what was cut short goes on.

    `atelier`: a workshop that has the version in service at hand, where there is one.
    Raises as `maillage.instantane.construire` once the account is written; ConstructionEnCours writes none.
    """
    dossier = settings.dossier_instantanes
    dossier.mkdir(parents=True, exist_ok=True)
    start = _maintenant()
    with _comptes(dossier, start):
        unchanged = not forcer and a_jour(settings)
        build = atelier.construire if atelier else partial(construire, settings)
        version = courant(dossier) if unchanged else build(progress)
        report = (version / RAPPORT).read_bytes()
        if settings.entrepot_graphes:
            deposer(Acces.de(settings), version, progress)
    remplacer(dossier / TENTATIVE_RAPPORT, report)
    done = Tentative(
        "a-jour" if unchanged else "publiee",
        True,
        start,
        _maintenant(),
        version.name,
        **_resume(json.loads(report)),
    )
    _ecrire(dossier, done)
    return done


def annoncer(dossier: Path, tentative: Tentative) -> str:
    """The sentence that tells a publication that succeeded. Raises InstantaneAltere."""
    if tentative.resultat == "a-jour":
        return "L'instantané en service est à jour."
    version = dossier / tentative.version
    triples = lire_manifeste(version).triples
    lasting = datetime.fromisoformat(tentative.fin) - datetime.fromisoformat(tentative.debut)
    return (
        f"Version {tentative.version} en service : {triples['saisis']} triplets saisis, "
        f"{triples['deduits']} déduits, en {lasting.total_seconds():.1f} s ({version})."
    )


def derniere(dossier: Path) -> Tentative | None:
    """The account of the last attempt; None where there is none, or none that can be read."""
    try:
        return Tentative(**json.loads((dossier / TENTATIVE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def _comptes(dossier: Path, debut: str) -> Iterator[None]:
    """Write the account of an attempt that fails."""
    try:
        yield
    except ConstructionEnCours:
        raise
    except InstantaneRefuse as error:
        report = _rapport(error.rapport)
        remplacer(dossier / TENTATIVE_RAPPORT, report)
        failed = Tentative(
            "refusee",
            False,
            debut,
            _maintenant(),
            _version(dossier),
            **_resume(json.loads(report)),
        )
        _ecrire(dossier, failed)
        raise
    except Exception as error:
        _ecrire(dossier, Tentative("echouee", None, debut, _maintenant(), _version(dossier), _cause(error)))
        raise


def _cause(error: Exception) -> str:
    if isinstance(error, EnteteInvalide | RequeteRefusee):
        return "requete"
    return "disque" if isinstance(error, OSError) else "interne"


def _rapport(rapport: Rapport) -> bytes:
    from maillage.validation.rapport_ecrit import rapport_en_json

    return rapport_en_json(rapport).encode()


def _resume(rapport: dict[str, Any]) -> dict[str, Any]:
    names = ("erreurs", "avertissements", "fichiers", "par_code")
    return {name: rapport[name] for name in names} | {"constats": rapport["constats"][:CITES]}


def _version(dossier: Path) -> str:
    try:
        return courant(dossier).name
    except InstantaneAbsent:
        return ""


def _ecrire(dossier: Path, tentative: Tentative) -> None:
    written = json.dumps(asdict(tentative), ensure_ascii=False, indent=1) + "\n"
    remplacer(dossier / TENTATIVE, written.encode())


def _maintenant() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

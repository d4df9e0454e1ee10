"""What is counted for those who run the service, in the form that Prometheus reads.

Several processes of one service share their counts through the folder that `PROMETHEUS_MULTIPROC_DIR` names
(prometheus-client, "Multiprocess Mode"): any of them then answers for all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from maillage.versions.manifeste import Manifeste

MEDIA = CONTENT_TYPE_PLAIN_0_0_4
PARTAGE = "PROMETHEUS_MULTIPROC_DIR"
#: seconds: a search takes a few milliseconds, a public query 20 s at most.
_SEAUX = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
_METHODES = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

#: observed(what happened to a worker): "temps", "memoire" or "perdu".
Constater = Callable[[str], None]


class Mesures:
    """The counts of one application, in a register of its own."""

    def __init__(self) -> None:
        self._registre = registre = CollectorRegistry()

        def counter(nom: str, aide: str, *etiquettes: str) -> Counter:
            return Counter(f"maillage_{nom}", aide, etiquettes, registry=registre)

        self._requetes = counter("requetes", "HTTP requests answered", "route", "methode", "statut")
        self._durees = Histogram(
            "maillage_duree_seconds",
            "Seconds from a request to the end of its answer",
            ("route",),
            buckets=_SEAUX,
            registry=registre,
        )
        self._caches = counter("reponses_gardees", "Answers given again without asking the graph", "cache")
        self._refus = counter("refus", "Requests refused, by code of the problem", "code")
        self._ouvriers = counter("ouvriers_tues", "Workers of public queries ended at a limit", "cause")
        self._releves = counter("releves", "Versions of the data taken over while serving", "resultat")

    def requete(self, route: str, methode: str, statut: int, secondes: float) -> None:
        """One answer, by the pattern of its address (never the address itself)."""
        kept = methode if methode in _METHODES else "autre"
        self._requetes.labels(route, kept, str(statut)).inc()
        self._durees.labels(route).observe(secondes)

    def garde(self, cache: str) -> None:
        """An answer that a cache gave."""
        self._caches.labels(cache).inc()

    def refus(self, code: str) -> None:
        """A problem said to a client."""
        self._refus.labels(code).inc()

    def ouvrier(self, cause: str) -> None:
        """A worker that was ended: « temps », « memoire », « perdu »."""
        self._ouvriers.labels(cause).inc()

    def releve(self, resultat: str) -> None:
        """A new version of the data: « reussie » or « echouee »."""
        self._releves.labels(resultat).inc()

    def ecrire(self, manifeste: Manifeste, depuis: str) -> bytes:
        """Everything, in the text format of Prometheus (media type MEDIA).

        `manifeste` and `depuis`: the version that answers, and when it was put in service.
        """
        registre = self._registre
        if os.environ.get(PARTAGE):
            registre = CollectorRegistry()
            MultiProcessCollector(registre)  # type: ignore[no-untyped-call]
        version = CollectorRegistry()
        version.register(_Version(manifeste, depuis))
        return generate_latest(registre) + generate_latest(version)


class _Version:
    """Gauges of the version that answers, read when they are asked for."""

    def __init__(self, manifeste: Manifeste, depuis: str) -> None:
        self._manifeste, self._depuis = manifeste, depuis

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """See prometheus_client.registry.Collector."""
        read, now = self._manifeste, datetime.now(UTC)
        info = GaugeMetricFamily("maillage_version", "The version that answers", labels=("version", "numero"))
        info.add_metric((read.version, str(read.numero)), 1)
        yield info
        for nom, aide, date in (
            ("maillage_version_age_seconds", "Seconds since the version that answers was built", read.date),
            ("maillage_en_service_seconds", "Seconds since it was put in service", self._depuis),
        ):
            yield GaugeMetricFamily(nom, aide, (now - datetime.fromisoformat(date)).total_seconds())
        triples = GaugeMetricFamily("maillage_triplets", "Triples of that version", labels=("sorte",))
        for sorte, nombre in read.triples.items():
            triples.add_metric((sorte,), nombre)
        yield triples

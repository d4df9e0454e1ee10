"""Harvest a catalogue with udata's own harvester, as data.gouv.fr does, and print what it kept as JSON.

Usage: python udata_moisson.py <address>. The database is in memory (mongomock); all the rest is udata's.
"""

from __future__ import annotations

import json
import logging
import sys

import mongoengine
import mongomock

connect = mongoengine.connect


def in_memory(*arguments: object, **options: object) -> object:
    """A connection to a database that lives in this process."""
    return connect(*arguments, **{**options, "mongo_client_class": mongomock.MongoClient})


mongoengine.connect = in_memory

from udata import settings  # noqa: E402
from udata.app import create_app  # noqa: E402


class Essai(settings.Testing):
    """As in production, but loopback addresses are allowed."""

    URLS_ALLOW_LOCAL = True
    URLS_ALLOW_PRIVATE = True


def harvest(address: str) -> dict[str, object]:
    """What the harvester keeps: its verdict on each item, then datasets and services."""
    from udata.core.dataservices.models import Dataservice
    from udata.core.dataset.models import Dataset, License
    from udata.core.organization.models import Organization
    from udata.harvest.backends.dcat import DcatBackend
    from udata.harvest.models import HarvestSource

    url = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
    License(id="lov2", title="Licence Ouverte / Open Licence version 2.0", url=url).save()
    owner = Organization(name="Essai", description="Essai").save()
    source = HarvestSource(name="Maillage", url=address, backend="dcat", organization=owner).save()
    job = DcatBackend(source).harvest()
    return {
        "statut": job.status,
        "erreurs": [error.message for error in job.errors],
        "elements": [
            {
                "id": item.remote_id,
                "statut": item.status,
                "erreurs": [error.message for error in item.errors],
                "journal": [log.message for log in item.logs],
            }
            for item in job.items
        ],
        "jeux": {one.harvest.remote_id: dataset(one) for one in Dataset.objects},
        "services": {one.harvest.remote_id: service(one) for one in Dataservice.objects},
    }


def dataset(one: object) -> dict[str, object]:
    """What udata kept of a dataset."""
    return {
        "titre": one.title,
        "description": one.description,
        "licence": one.license.id if one.license else None,
        "frequence": one.frequency.value if one.frequency else None,
        "mots": list(one.tags),
        "contacts": [contact.name for contact in one.contact_points],
        "modifie": str(one.harvest.modified_at),
        "uri": one.harvest.uri,
        "temporel": str(one.temporal_coverage.start) if one.temporal_coverage else None,
        "fichiers": [
            {
                "url": file.url,
                "format": file.format,
                "mime": file.mime,
                "octets": file.filesize,
                "uri": file.harvest.uri,
            }
            for file in one.resources
        ],
    }


def service(one: object) -> dict[str, object]:
    """What udata kept of a data service."""
    return {
        "titre": one.title,
        "adresse": one.base_api_url,
        "description": one.machine_documentation_url,
        "licence": one.license.id if one.license else None,
        "jeux": [linked.fetch().harvest.remote_id for linked in one.datasets],
    }


if __name__ == "__main__":
    logging.disable(logging.DEBUG)
    with create_app(settings.Defaults, override=Essai).app_context():
        print(json.dumps(harvest(sys.argv[1])))

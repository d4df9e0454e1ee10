"""The log of the service: sentences for a person at a terminal, or one JSON object a line for a collector.

What people ask is personal in a small place: neither an address with its parameters nor a question is written
unless `MAILLAGE_JOURNAL_QUESTIONS` asks for it, and a client's network address never is.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any

from maillage.config import Settings

ACCES = "maillage.acces"
#: attribute of a record that holds further members of its JSON object.
MEMBRES = "membres"


class EnJson(logging.Formatter):
    """One JSON object a line: `date`, `niveau`, `journal`, `processus`, `message`, then what is added."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        written: dict[str, Any] = {
            "date": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "journal": record.name,
            "processus": record.process,
            "message": record.getMessage(),
            **getattr(record, MEMBRES, {}),
        }
        if record.exc_info:
            written["trace"] = self.formatException(record.exc_info)
        return json.dumps(written, ensure_ascii=False, default=str)


def installer(settings: Settings) -> None:
    """Set up the log of this process as `settings.journal` says; each request has a line in JSON only."""
    handler = logging.StreamHandler()
    if settings.journal == "json":
        handler.setFormatter(EnJson())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", datefmt="%H:%M:%S"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("maillage").setLevel(logging.INFO)
    logging.getLogger(ACCES).setLevel(logging.INFO if settings.journal == "json" else logging.WARNING)


def acces(membres: dict[str, Any]) -> None:
    """Log one request answered."""
    logger = logging.getLogger(ACCES)
    if logger.isEnabledFor(logging.INFO):
        logger.info("requête", extra={MEMBRES: {**membres, "processus": os.getpid()}})

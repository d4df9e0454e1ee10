"""What a test does when its real part (browser, database server, client) is not on the machine."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def absent(installation: str) -> NoReturn:
    """Skip with what to install as the reason; in continuous integration, where all is installed, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(installation)
    pytest.skip(installation)

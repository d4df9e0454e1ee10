"""What we publish for data·inclusion is valid in its JSON schema, and in its own Python models."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from client_http import Client
from environnements import interprete

ICI = Path(__file__).parent


@pytest.mark.parametrize("sorte", ["structure", "service"])
def test_valid(client: Client, tmp_path: Path, sorte: str) -> None:
    answer = client.get(f"/exports/acteurs.{sorte}s.data-inclusion.json")
    assert json.loads(answer.text)
    data = tmp_path / f"{sorte}.json"
    data.write_bytes(answer.content)
    done = subprocess.run(
        [interprete("udata"), str(ICI / "valider.py"), sorte, str(ICI / f"{sorte}.json"), str(data)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout[:2_000] + done.stderr[-2_000:]

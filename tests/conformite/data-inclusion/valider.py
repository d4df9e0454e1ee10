"""Judge a file with the JSON schema and with the models of data·inclusion; each fault on one line.

Usage: python valider.py structure|service <schema> <file>. Run in an environment that has both.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data_inclusion.schema import v1
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError


def faults(sorte: str, schema: dict[str, Any], items: list[dict[str, Any]]) -> Iterator[str]:
    """What each item is reproached with."""
    judge = Draft202012Validator(schema, format_checker=FormatChecker())
    model = {"structure": v1.Structure, "service": v1.Service}[sorte]
    for item in items:
        for error in judge.iter_errors(item):
            yield f"{item['id']} : {error.json_path} : {error.message}"
        try:
            model(**item)
        except ValidationError as error:
            yield f"{item['id']} : {error}"


if __name__ == "__main__":
    kind, schema_path, data_path = sys.argv[1:]
    schema, items = (json.loads(Path(path).read_text(encoding="utf-8")) for path in (schema_path, data_path))
    found = list(faults(kind, schema, items))
    print("\n".join(found), end="")
    sys.exit(bool(found))

"""Cases of clearing, carried as data; each line names its source."""

import json
from pathlib import Path

CLEARING = json.loads((Path(__file__).parent / "clearing.json").read_text(encoding="utf-8"))


def by_name(case: dict) -> str:
    """Name of a case in test reports."""
    return case["name"]

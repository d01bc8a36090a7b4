"""The JSON schema of world files."""

import json

from cashcade.world.world import World


def schema() -> str:
    """Return the JSON schema of world files as text, for editors that check TOML and JSON while one types."""
    return json.dumps(World.json_schema(), indent=2, ensure_ascii=False) + "\n"

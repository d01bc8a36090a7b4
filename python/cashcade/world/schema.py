"""The JSON schema of world files."""

from typing import Any

from cashcade.world.world import World


def schema() -> dict[str, Any]:
    """Return the JSON schema of world files, by which editors check TOML and JSON while one types."""
    return World.json_schema()

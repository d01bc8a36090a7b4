"""Print the oldest versions that pyproject.toml allows, as pins for pip: ``python tools/oldest.py``.

What is supported is what the lower bounds say; CI installs exactly these, for part of the tests.
"""

import re
import sys
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"

REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)>=(?P<oldest>[0-9.]+)")
"""Name and lower bound."""

EXTRAS = re.compile(r"cashcade\[([^\]]+)\]")
"""The package itself, which the group of tests names for its extras; clusters have tests of their own."""


def pins(pyproject: Path = PYPROJECT) -> list[str]:
    """Return a pin for each requirement of the package, its tests, and the extras that these name.

    Raises
    ------
    ValueError
        A requirement has no lower bound.
    """
    content = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    project = content["project"]
    tests = content["dependency-groups"]["test"]
    extras = [name for each in tests if (found := EXTRAS.match(each)) for name in found[1].split(",")]
    wanted = [*project["dependencies"], *tests]
    wanted += [each for name in extras for each in project["optional-dependencies"][name]]
    return sorted({_pin(each) for each in wanted if not EXTRAS.match(each)})


def _pin(requirement: str) -> str:
    found = REQUIREMENT.match(requirement)
    if found is None:
        raise ValueError(f"{requirement} has no lower bound; write one such as numpy>=2.0.")
    return f"{found['name']}=={found['oldest']}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(pins()) + "\n")

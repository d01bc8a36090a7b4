"""A new plugin: a complete distribution, written from templates."""

import re
from importlib.resources import files
from pathlib import Path

from cashcade.errors import ArgumentError
from cashcade.results.storage import write_folder

NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
"""Names of distributions that are names of modules too, with hyphens for underscores."""

PLACES = {
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    "init.py": "src/{module}/__init__.py",
    "plugin.py": "src/{module}/plugin.py",
    "test_plugin.py": "tests/test_{module}.py",
}
"""Templates, and where they are written."""


def new_plugin(name: str, folder: Path) -> Path:
    """Write a distribution with a pricing shock, an exit scenario, an archetype, and tests of them.

    Parameters
    ----------
    name
        Name of the distribution.
    folder
        Where its folder is made.

    Returns
    -------
    path
        The folder of the distribution.

    Raises
    ------
    ArgumentError
        The name cannot be used, or there is such a folder.
    WriteError
        The system refuses; then nothing is left of it.
    """
    if not NAME.fullmatch(name):
        raise ArgumentError(f'name is "{name}", wanted small letters, digits and hyphens: cashcade-mine.')
    target = folder / name
    if target.exists():
        raise ArgumentError(f"{target} is there already; choose another name, or move it away.")
    module = name.replace("-", "_")

    def write(folder: Path) -> None:
        for template, place in PLACES.items():
            text = (files("cashcade.commands") / "templates" / f"{template}.txt").read_text(encoding="utf-8")
            path = folder / place.format(module=module)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("@NAME@", name).replace("@MODULE@", module), encoding="utf-8")

    folder.mkdir(parents=True, exist_ok=True)
    write_folder(target, write)
    return target

"""A new plugin: a complete distribution, written from templates."""

import keyword
import re
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from cashcade.errors import ArgumentError
from cashcade.results.storage import write_folder

NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
"""Names of distributions that are names of modules too, with hyphens for underscores."""

PLACES = {
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    "init.py": "src/{module}/__init__.py",
    "py.typed": "src/{module}/py.typed",
    "plugin.py": "src/{module}/plugin.py",
    "town.toml": "src/{module}/worlds/town.toml",
    "test_plugin.py": "tests/test_{module}.py",
    "ci.yml": ".github/workflows/tests.yml",
}
"""Templates, and where they are written."""


def new_plugin(name: str, folder: Path) -> Path:
    """Write a distribution with a pricing shock, an exit scenario, an archetype, a world, and tests of them.

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
    if keyword.iskeyword(module) or find_spec(module) is not None:
        what = "a word of Python" if keyword.iskeyword(module) else "the name of a module that is there"
        raise ArgumentError(f'name is "{name}", which is {what}; choose another, such as cashcade-{name}.')

    def write(folder: Path) -> None:
        for template, place in PLACES.items():
            text = (files("cashcade.commands") / "templates" / f"{template}.txt").read_text(encoding="utf-8")
            path = folder / place.format(module=module)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("@NAME@", name).replace("@MODULE@", module), encoding="utf-8")

    folder.mkdir(parents=True, exist_ok=True)
    write_folder(target, write)
    return target

"""Write the code that users are shown, for type checkers: ``python tools/typed.py FOLDER``.

A new plugin as the scaffold makes it, the Python of the pages on rules and plugins, a module for each, and a
configuration with which pyright checks them and the plugins of `examples/`.
"""

import argparse
import json
import re
from pathlib import Path

from cashcade.commands.scaffold import new_plugin

ROOT = Path(__file__).resolve().parents[1]

DOCS = ROOT / "docs"

PAGES = ("exits", "plugins", "rules")
"""Pages whose blocks follow each other."""

TUTORIAL = "tutorial"
"""The page whose first block goes into the new plugin, and whose tests import that."""


PYRIGHT = {
    "pythonVersion": "3.11",
    "typeCheckingMode": "standard",
    "extraPaths": ["cashcade-shops/src"],
    "strict": ["cashcade-shops/src"],
}
"""As who writes a plugin has it by default, and strictly what the scaffold writes but its tests: xarray, of
which those ask, does not say all types."""


def blocks(page: str) -> list[str]:
    """Return the Python of a page."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


def write(folder: Path) -> None:
    """Write the modules into a folder."""
    plugin = new_plugin("cashcade-shops", folder)
    shock, *others = blocks(TUTORIAL)
    with (plugin / "src" / "cashcade_shops" / "plugin.py").open("a", encoding="utf-8") as file:
        file.write(shock)
    (folder / f"page_{TUTORIAL}.py").write_text("\n".join(others), encoding="utf-8")
    for page in PAGES:
        (folder / f"page_{page}.py").write_text("\n".join(blocks(page)), encoding="utf-8")
    examples = [str(path) for path in (ROOT / "examples").glob("plugins")]
    chosen = PYRIGHT | {"include": [".", *examples]}
    (folder / "pyrightconfig.json").write_text(json.dumps(chosen, indent=2), encoding="utf-8")


def main() -> None:
    """Write them."""
    parser = argparse.ArgumentParser(prog="python tools/typed.py", description="Write the code users see.")
    parser.add_argument("folder", type=Path, help="folder to write to")
    write(parser.parse_args().folder)


if __name__ == "__main__":
    main()

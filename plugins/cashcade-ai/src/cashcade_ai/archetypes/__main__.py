"""Write the pages of the archetypes: ``python -m cashcade_ai.archetypes FOLDER``."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from cashcade.archetype import page

from cashcade_ai.archetypes import ARCHETYPES


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a page for each archetype into a folder."""
    parser = argparse.ArgumentParser(
        prog="python -m cashcade_ai.archetypes", description="Write the pages of the archetypes."
    )
    parser.add_argument("folder", type=Path, help="folder for the Markdown files")
    folder = parser.parse_args(arguments).folder
    for archetype in ARCHETYPES:
        (folder / f"{archetype.name}.md").write_text(page(archetype), encoding="utf-8")


if __name__ == "__main__":
    main()

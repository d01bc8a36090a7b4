"""The page of figures in the docs is the one that the world gives."""

from pathlib import Path

import pytest
from cashcade.world import World

from cashcade_ai.figures import main, page

PAGE = Path(__file__).parents[3] / "docs" / "worlds" / "ai-2025-08.md"


def test_page_lists_every_number(world: World) -> None:
    text = page(world)
    for row in world.figures().itertuples():
        if not isinstance(row.value, str | bool):
            assert f"| {row.id} | `{row.field}` |" in text


@pytest.mark.skipif(not PAGE.exists(), reason="the docs are not part of an installed plugin")
def test_page_is_up_to_date(tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    main(["ai-2025-08", str(target)])
    told = "python -m cashcade_ai.figures ai-2025-08 docs/worlds/ai-2025-08.md"
    assert target.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8"), f"run: {told}"

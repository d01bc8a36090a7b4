"""The page of figures is the one that the world gives."""

from pathlib import Path

from cashcade.world import World

from cashcade_ai.figures import main, page


def test_page_lists_every_number(world: World) -> None:
    text = page(world)
    for row in world.figures().itertuples():
        if not isinstance(row.value, str | bool):
            assert f"| {row.id} | `{row.field}` |" in text


def test_the_command_writes_the_page(world: World, tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    main(["ai-2025-08", str(target)])
    assert target.read_text(encoding="utf-8") == page(world)

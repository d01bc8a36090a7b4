"""The pages of figures in the docs are those that the worlds give."""

from pathlib import Path

import pytest
from cashcade_ai.figures import main

DOCS = Path(__file__).parents[3] / "docs" / "worlds"


@pytest.mark.skipif(not DOCS.exists(), reason="the docs are not part of an installed plugin")
@pytest.mark.parametrize("name", ["telecom-2000", "dotcom-cohort"])
def test_page_is_up_to_date(name: str, tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    main([name, str(target)])
    told = f"python -m cashcade_ai.figures {name} docs/worlds/{name}.md"
    assert target.read_text(encoding="utf-8") == (DOCS / f"{name}.md").read_text(encoding="utf-8"), (
        f"run: {told}"
    )

"""The page of the documentation: its example runs, at a coarse size."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "explore.md").read_text(encoding="utf-8")


def test_the_example_runs(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    coarse = code.replace("paths=200", "paths=32").replace(
        'Model("ai-2025-08")', 'Model("ai-2025-08", months=12)'
    )
    assert coarse.count("paths=32") == 4
    names: dict[str, object] = {}
    exec(coarse, names)  # noqa: S102 - our own page
    *hops, command = capsys.readouterr().out.splitlines()
    assert len(hops) == len(names["model"].cascade(names["setting"], names["path"], 32)) > 0
    assert command.startswith("cashcade run ai-2025-08 --scenario funding-shut --set ")
    assert command.endswith("--months 12 --paths 32 --seed 1")

"""The page on archetypes: its world is one, its code runs."""

import re
from pathlib import Path

import cashcade
from cashcade.world import World

PAGE = Path(__file__).parents[2].joinpath("docs", "archetypes", "index.md").read_text(encoding="utf-8")


def block(language):
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    return found


def test_the_file_is_a_world():
    world = World.from_text(block("toml"), archetypes=cashcade.archetypes())
    assert {"lab", "gpus"} < {company.id for company in world.companies}
    (loan,) = (loan for loan in world.loans if loan.id == "gpus-term-loan")
    assert loan.rate == 0.12
    assert cashcade.run(world, months=3, paths=32).summary().shape[0] == 3


def test_the_code_brings_an_archetype():
    names = {}
    exec(block("python"), names)  # noqa: S102 - our own page
    plugin = type("Page", (), {"cashcade_archetypes": staticmethod(names["cashcade_archetypes"])})
    known = cashcade.archetypes(plugins=[plugin])
    world = (
        World.builder("w", "2025-08-31").company("s", archetype="shop", revenue=1e6).build(archetypes=known)
    )
    assert world.companies[0].cash.high == 6e6

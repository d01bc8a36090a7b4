"""Ranges that share a name: one assumption, drawn at one number, whatever reads or changes it."""

import numpy as np
from cashcade.compile import compile_world
from cashcade.compile.variants import changed
from cashcade.rules import Change
from cashcade.world import World

TEXT = """
[world]
name = "shared"
date = 2025-08-31

[[company]]
id = "a"
cash = { value = 2.0, low = 1.0, high = 3.0, shared = "wealth" }

[[company]]
id = "b"
cash = { mean = 20.0, sd = 0.5, shared = "wealth" }

[[company]]
id = "c"
cash = { value = 2.0, low = 1.0, high = 3.0 }
"""


def cash(world: World) -> np.ndarray:
    return compile_world(world, draws=500, seed=4).arrays["company.cash"]


def ranks(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values))


def test_they_are_low_and_high_together():
    a, b, c = cash(World.from_text(TEXT)).T
    assert np.array_equal(ranks(a), ranks(b))
    assert abs(np.corrcoef(ranks(a), ranks(c))[0, 1]) < 0.2


def test_a_name_does_not_move_others():
    apart = World.from_text(TEXT.replace(', shared = "wealth"', ""))
    assert np.array_equal(cash(apart)[:, 2], cash(World.from_text(TEXT))[:, 2])


def test_they_are_one_assumption():
    inputs = compile_world(World.from_text(TEXT), draws=8, seed=4)
    assert set(inputs.assumptions) == {"shared.wealth", "company.c.cash"}
    assert np.array_equal(inputs.drawn()["shared.wealth"], inputs.arrays["company.cash"][:, 0])


def test_they_survive_files_and_changes():
    world = World.from_text(TEXT)
    assert np.array_equal(cash(World.from_text(world.to_toml())), cash(world))
    tables = world.to_tables()
    assert np.array_equal(cash(World.from_tables(tables, name="shared", date="2025-08-31")), cash(world))
    assert np.allclose(cash(changed(world, [Change("company.*.cash", scale=2.0)], "x")), 2 * cash(world))
    assert np.allclose(cash(changed(world, [Change("company.*.cash", add=1.0)], "x")), 1 + cash(world))


def test_a_change_may_share_what_it_puts():
    new = {"low": 5.0, "value": 6.0, "high": 7.0, "shared": "poverty"}
    found = cash(changed(World.from_text(TEXT), [Change("company.*.cash", set_to=new)], "x"))
    assert np.array_equal(found[:, 0], found[:, 2])
    assert found[:, 0].std() > 0

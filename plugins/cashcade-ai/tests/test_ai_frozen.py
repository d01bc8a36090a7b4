"""The world is the one that was frozen, and its register is that of the frozen world."""

from importlib.resources import files
from pathlib import Path

import cashcade
import pandas as pd
import pytest
from cashcade.load import worlds
from cashcade.world import World
from cashcade.world.identity import world_hash

from cashcade_ai import freeze

RENEW = "the world was changed: if on purpose, run python -m cashcade_ai.freeze"


def test_the_world_is_as_it_was_frozen(world: World) -> None:
    assert world_hash(world) == freeze.frozen(), RENEW
    (offer,) = (each for each in worlds() if each.name == freeze.WORLD)
    assert (offer.frozen, offer.state) == (freeze.frozen(), "frozen")


def test_a_number_more_or_less_is_another_world(world: World) -> None:
    assert world_hash(world.with_({"company.openai.cash": 2.5e10})) != freeze.frozen()


def test_results_say_the_hash(world: World) -> None:
    assert cashcade.run(world, paths=1, months=1).dataset.attrs["world_hash"] == freeze.frozen()


@pytest.fixture(scope="module")
def register() -> pd.DataFrame:
    return pd.read_csv(files("cashcade_ai") / "forecasts" / "ai-2025-08.csv")


def test_the_register_is_of_the_frozen_world(register: pd.DataFrame) -> None:
    assert set(register["hash"]) == {freeze.frozen()}, RENEW
    assert set(register["paths"]) == {freeze.PATHS}
    assert set(register["seed"]) == {freeze.SEED}
    assert set(register["version"]) == {cashcade.__version__}, RENEW


def test_the_register_asks_what_can_be_scored(register: pd.DataFrame) -> None:
    asked = {"capex", "revenue", "run_rate", "raised", "raises", "debt", "failed", "bought", "listed", "rent"}
    assert asked | {f"{each}_shut" for each in ("venture", "credit", "shares", "listing")} <= set(
        register["measure"]
    )
    assert register["date"].min() == "2025-12-31"
    chances = register["probability"].dropna()
    assert chances.between(0, 1).all()
    quantiles = register[["q5", "q25", "q50", "q75", "q95"]].dropna()
    assert len(chances) + len(quantiles) == len(register)
    assert (quantiles.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_the_register_is_what_the_command_writes(world: World, register: pd.DataFrame) -> None:
    """Questions are the same; the probabilities are those of more paths, within five errors of a run."""
    again = cashcade.forecasts(world, paths=400, seed=freeze.SEED + 1)
    both = register.merge(again, on=["question", "measure", "entity", "date"], suffixes=("", "_again"))
    chances = both.dropna(subset=["probability"])
    assert len(chances) > 300
    error = (chances["probability"] * (1 - chances["probability"]) / 400 + 0.01**2) ** 0.5
    assert ((chances["probability"] - chances["probability_again"]).abs() < 5 * error).all()


def test_one_command_renews_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("worlds", "forecasts"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(freeze, "LOCK", tmp_path / "worlds" / "ai-2025-08.lock")
    monkeypatch.setattr(freeze, "REGISTER", tmp_path / "forecasts" / "ai-2025-08.csv")
    freeze.main(["--paths", "8"])
    assert freeze.frozen() == world_hash(cashcade.load_world(freeze.WORLD))
    assert set(pd.read_csv(tmp_path / "forecasts" / "ai-2025-08.csv")["hash"]) == {freeze.frozen()}

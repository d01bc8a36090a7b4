"""The gymnasium environment."""

import warnings
from functools import cache

import cashcade as cc
import numpy as np
import pytest

pytest.importorskip("gymnasium")
from cashcade.gym import CashcadeEnv, Lever, Seen
from gymnasium.utils.env_checker import check_env

LEVERS = [Lever("company.cash", 0.0, 5e9, "anthropic", how="add"), Lever("market.gpu_log", -1.0, 1.0)]
SEES = [Seen("company.runway"), Seen("market.regime"), Seen("loan.balance", "oracle-bonds")]


def alive(simulation, _action):
    return simulation.get("company.alive").sum()


@cache
def economy():
    return cc.load_world("ai-2025-08")


def make(world=None, **others):
    world = world or economy()
    loan = cc.Simulation(world, paths=1).names("loan")[0]
    chosen = {"levers": LEVERS, "sees": [*SEES[:2], Seen("loan.balance", loan)], "reward": alive, "months": 6}
    return CashcadeEnv(world, **chosen | others)


def test_the_checker_of_gymnasium_passes():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # An environment that is made directly has no spec, and says so.
        warnings.filterwarnings("ignore", message=".*not able to test alternative render modes.*")
        warnings.filterwarnings("ignore", message=".*spec.*")
        check_env(make(), skip_render_check=True)


def test_an_episode_is_a_path_of_a_run():
    environment = make(levers=[Lever("company.cash", 0.0, 1.0, "anthropic", how="add")])
    environment.reset(options={"path": 5})
    nothing = -np.ones(1)
    for month in range(1, 7):
        seen, reward, terminated, truncated, info = environment.step(nothing)
        assert not terminated
        assert truncated == (month == 6)
        assert info == {"month": month, "path": 5}
        assert reward > 0.0
    result = cc.run("ai-2025-08", paths=6, months=6, replicates=1, keep_paths=True, record=["company.runway"])
    np.testing.assert_array_equal(seen[:26], result.dataset.company_runway.values[5, -1])
    environment.close()


def test_levers_move_what_they_say():
    environment = make(
        levers=[
            Lever("company.cash", 0.0, 1e9, "openai", how="add"),
            Lever("company.list_price", 0.5, 2.0, how="scale"),
            Lever("market.gpu_log", -50.0, 50.0),
        ]
    )
    environment.reset(seed=1)
    before = environment.simulation.get("company.cash", entities="openai")
    moved = {}
    environment._reward = lambda *_: 0.0
    environment.simulation.step = lambda: moved.update(
        cash=environment.simulation.get("company.cash", entities="openai"),
        price=environment.simulation.get("company.list_price"),
        gpu=environment.simulation.get("market.gpu_log"),
    )
    environment.step(np.array([0.0, 1.0, 1.0]))
    np.testing.assert_array_equal(moved["cash"], before + 5e8)
    np.testing.assert_array_equal(moved["price"], np.full_like(moved["price"], 2.0))
    assert (moved["gpu"] == 20.0).all()
    environment.close()


def test_an_episode_ends_when_it_is_said_to():
    environment = make(ends=lambda simulation: simulation.month == 2)
    environment.reset(seed=3)
    action = environment.action_space.sample()
    assert not environment.step(action)[2]
    assert environment.step(action)[2]
    environment.close()


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"levers": []}, "levers is empty"),
        ({"sees": []}, "sees is empty"),
        ({"levers": [Lever("company.cahs", 0, 1)]}, "Did you mean 'company.cash'"),
        ({"levers": [Lever("company.runway", 0, 1)]}, "cannot be set"),
        ({"levers": [Lever("company.cash", 1, 1)]}, "no room"),
        ({"levers": [Lever("company.cash", 0, 1, how="push")]}, "way to move a lever"),
        ({"levers": [Lever("market.regime", 0, 2)]}, "whole numbers only"),
        ({"levers": [Lever("company.cash", 0, 1, "openia")]}, "Did you mean 'openai'"),
        ({"sees": [Seen("company.cahs")]}, "Did you mean 'company.cash'"),
        ({"months": 0}, "months is 0"),
    ],
)
def test_errors(others, said):
    with pytest.raises(cc.ArgumentError, match=said):
        make(**others)


def test_actions_outside_their_space():
    environment = make()
    with pytest.raises(RuntimeError, match="reset"):
        environment.step(np.zeros(2))
    environment.reset(seed=0)
    with pytest.raises(cc.ArgumentError, match="action is"):
        environment.step(np.array([-1.5, 0.0]))
    with pytest.raises(cc.ArgumentError, match="action is"):
        environment.step(np.zeros(3))
    environment.close()

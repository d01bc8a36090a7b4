"""The gymnasium environment."""

import copy
import pickle
import warnings
from functools import cache

import cashcade as cc
import numpy as np
import pytest

pytest.importorskip("gymnasium")
from cashcade.gym import CashcadeEnv, CashcadeVectorEnv, Lever, Seen
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


def alive_on_each(simulation, _actions):
    return simulation.get("company.alive").sum(axis=1)


def make_many(number=5, **others):
    chosen = {"levers": LEVERS, "sees": SEES[:2], "reward": alive_on_each, "months": 4}
    return CashcadeVectorEnv(economy(), number, **chosen | others)


def test_many_paths_at_once_are_the_single_ones():
    """Observations, rewards and ends, to the bit, with levers of variables and of rules."""
    levers = [*LEVERS, Lever("company.list_level", 0.5, 2.0, "openai")]
    many = make_many(levers=levers, ends=lambda simulation: simulation.get("company.cash")[:, 0] < 2.6e10)
    one = make(
        levers=levers,
        sees=SEES[:2],
        months=4,
        ends=lambda simulation: simulation.get("company.cash")[0, 0] < 2.6e10,
    )
    seen, infos = many.reset(seed=1, options={"path": 40})
    assert infos["path"].tolist() == [40, 41, 42, 43, 44]
    actions = np.random.default_rng(2).uniform(-1, 1, (4, 5, 3))
    whole = [(seen, np.zeros(5), np.zeros(5, bool), np.zeros(5, bool))]
    whole += [many.step(action)[:4] for action in actions]
    for path in range(5):
        first, _ = one.reset(options={"path": 40 + path})
        np.testing.assert_array_equal(first, whole[0][0][path])
        over = False
        for month, action in enumerate(actions[:, path], 1):
            seen, reward, ended, truncated, _ = one.step(action)
            np.testing.assert_array_equal(seen, whole[month][0][path])
            assert whole[month][1][path] == (0.0 if over else reward)
            over |= ended
            assert whole[month][2][path] == over
            assert whole[month][3][path] == truncated == (month == 4)
    assert 0 < whole[4][2].sum() < 5, "some paths ended, and some did not"
    many.close()
    one.close()


def test_many_paths_are_reset_together():
    many = make_many()
    with pytest.raises(RuntimeError, match="reset"):
        many.step(np.zeros((5, 2)))
    first, infos = many.reset(seed=3)
    assert many.observation_space.contains(first)
    assert many.metadata["autoreset_mode"].value == "Disabled"
    many.step(many.action_space.sample())
    again, same = many.reset(seed=3)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(infos["path"], same["path"])
    _, other = many.reset()
    assert other["path"][0] != same["path"][0]
    with pytest.raises(cc.ArgumentError, match="actions are"):
        many.step(np.full((5, 2), 1.5))
    with pytest.raises(cc.ArgumentError, match="seed is"):
        many.reset(seed=[1, 2, 3, 4, 5])
    many._reward = lambda *_: 1.0
    with pytest.raises(cc.ArgumentError, match=r"reward gave \(\), wanted a number a path, \(5,\)"):
        many.step(np.zeros((5, 2)))
    many.close()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda given: pickle.loads(pickle.dumps(given))])  # noqa: S301 - our own
@pytest.mark.parametrize("kind", ["one", "many"])
def test_an_environment_is_copied_in_mid_episode(copied, kind):
    environment = make(levers=LEVERS[:1]) if kind == "one" else make_many(levers=LEVERS[:1])
    environment.reset(seed=4)
    action = np.full(environment.action_space.shape, 0.25)
    environment.step(action)
    other = copied(environment)
    for _ in range(2):
        for one, two in zip(environment.step(action), other.step(action), strict=True):
            np.testing.assert_equal(one, two)
    environment.step(-action)
    assert other.simulation.month == 3, "each goes its own way"
    np.testing.assert_equal(environment.reset()[1], other.reset()[1])
    environment.close()
    other.step(action)
    other.close()


def test_gymnasium_makes_both_by_id():
    import gymnasium  # noqa: PLC0415 - an extra

    chosen = {"world": "ai-2025-08", "levers": LEVERS, "sees": SEES[:2], "months": 3}
    one = gymnasium.make("cashcade.gym:cashcade/World-v0", reward=alive, **chosen)
    one.reset(seed=1)
    assert one.step(np.zeros(2))[4]["month"] == 1
    many = gymnasium.make_vec(
        "cashcade/World-v0", 3, vectorization_mode="vector_entry_point", reward=alive_on_each, **chosen
    )
    seen, _ = many.reset(seed=1)
    assert seen.shape == (3, 27)
    one.close()
    many.close()

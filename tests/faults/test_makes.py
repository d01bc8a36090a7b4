"""The strategies make what they promise: records that run in any world with companies."""

import cashcade as cc
from cashcade.testing import companies, exit_scenarios, rules, shocks, worlds
from cashcade.world import World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SOME = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIZE = {"months": 6, "paths": 4, "quantiles": ()}


@SOME
@given(company=companies(id="ada"))
def test_companies_stand_alone(company):
    world = World.builder("alone", "2025-08-31").company(**company.model_dump(exclude_defaults=True)).build()
    assert world.companies == (company,)


@SOME
@given(world=worlds(), rule=rules(name="one"))
def test_rules_apply_to_any_world(world, rule):
    result = cc.run(world, rules=[rule], **SIZE)
    assert set(result.firings().index) == {"one"}
    assert result.dataset.attrs["imbalance"] <= 1e-9


@SOME
@given(world=worlds(), shock=shocks(), pricing=shocks(pricing=True))
def test_shocks_apply_to_any_world_and_are_nothing_at_0(world, shock, pricing):
    plain = cc.run(world, **SIZE)
    nothing = [shock("a", rise=0.0), pricing("b", rise=0.0)]
    still = cc.run(world, scenarios=nothing, **SIZE)
    assert (plain.dataset["failed_month"] == still.dataset["failed_month"]).all()
    assert (plain.dataset["company_cash_mean"] == still.dataset["company_cash_mean"]).all()


@SOME
@given(world=worlds(), exits=exit_scenarios(), data=st.data())
def test_exit_scenarios_apply_to_any_world(world, exits, data):
    result = cc.run(world, scenarios=[exits], seed=data.draw(st.integers(0, 9), label="seed"), **SIZE)
    assert result.dataset.attrs["imbalance"] <= 1e-9

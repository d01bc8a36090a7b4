"""Cash flows and default cascades: who runs out of cash, when, and whom they take along.

::

    import cashcade as cc

    # A world of an installed plugin, or of a .toml file:
    world = cc.load_world("ai-2025-08")
    # Month by month, on many random paths:
    result = cc.run(world, months=36, paths=10_000, seed=1)
    # Again and again, with nothing but the run itself to wait for:
    case = cc.Case(world, scenarios=["funding-shut"])
    results = [case.run(paths=1_000, seed=seed) for seed in range(10)]
    # For each company its runway, chance of failure and main cause:
    result.summary()
    # For each lender and holder, with standard errors:
    result.losses()
    # Everything, labelled, with units (xarray):
    result.dataset

Companies, contracts and the like, to write a world in Python, are in `cashcade.world`; all that rules, shocks
and scenarios are written with is in `cashcade.rules`. Modules are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from cashcade._core import __version__ as __version__

if TYPE_CHECKING:
    from cashcade.case import Case
    from cashcade.case.run import run
    from cashcade.case.sweep import Sweep, sweep
    from cashcade.errors import (
        ArgumentError,
        CashcadeError,
        FunctionError,
        MemoryLimitError,
        MissingExtraError,
        PlausibilityWarning,
        PluginError,
        PluginWarning,
        RuleError,
        WorkerError,
        WorldError,
        WriteError,
    )
    from cashcade.host.monthly import run_monthly
    from cashcade.host.simulation import Simulation
    from cashcade.host.snapshot import Snapshot as Snapshot
    from cashcade.host.turn import Turn
    from cashcade.load import archetypes, load_world, worlds
    from cashcade.plugin.lists import exit_scenarios, plugins, scenarios, shocks
    from cashcade.questions.backlog import backlog
    from cashcade.questions.breakeven import breakeven
    from cashcade.questions.circular import circular
    from cashcade.questions.compare import Comparison, compare
    from cashcade.questions.feedbacks import measure_feedbacks
    from cashcade.questions.forecasts import forecasts
    from cashcade.questions.interactions import interactions
    from cashcade.questions.lead import lead
    from cashcade.questions.payoff import payoff
    from cashcade.questions.phases import map as map  # noqa: A004 - the name of the question
    from cashcade.questions.rank import rank
    from cashcade.questions.runway import runway
    from cashcade.questions.sensitivity import sensitivity
    from cashcade.questions.stress import stress
    from cashcade.questions.swap import swap
    from cashcade.questions.walls import walls
    from cashcade.results.result import Result
    from cashcade.rules import Rule, Scenario, companies, company, exit_scenario, shock
    from cashcade.world import World
    from cashcade.world.switches import feedbacks
    from cashcade.world.switches import loops as loops

_HOMES = {
    "ArgumentError": "cashcade.errors",
    "Case": "cashcade.case",
    "CashcadeError": "cashcade.errors",
    "Comparison": "cashcade.questions.compare",
    "FunctionError": "cashcade.errors",
    "MemoryLimitError": "cashcade.errors",
    "MissingExtraError": "cashcade.errors",
    "PlausibilityWarning": "cashcade.errors",
    "PluginError": "cashcade.errors",
    "PluginWarning": "cashcade.errors",
    "Result": "cashcade.results.result",
    "Rule": "cashcade.rules",
    "RuleError": "cashcade.errors",
    "Scenario": "cashcade.rules",
    "Simulation": "cashcade.host.simulation",
    "Snapshot": "cashcade.host.snapshot",
    "Turn": "cashcade.host.turn",
    "Sweep": "cashcade.case.sweep",
    "WorkerError": "cashcade.errors",
    "World": "cashcade.world",
    "WorldError": "cashcade.errors",
    "WriteError": "cashcade.errors",
    "archetypes": "cashcade.load",
    "backlog": "cashcade.questions.backlog",
    "breakeven": "cashcade.questions.breakeven",
    "circular": "cashcade.questions.circular",
    "companies": "cashcade.rules",
    "company": "cashcade.rules",
    "compare": "cashcade.questions.compare",
    "exit_scenario": "cashcade.rules",
    "exit_scenarios": "cashcade.plugin.lists",
    "feedbacks": "cashcade.world.switches",
    "forecasts": "cashcade.questions.forecasts",
    "interactions": "cashcade.questions.interactions",
    "lead": "cashcade.questions.lead",
    "load_world": "cashcade.load",
    "loops": "cashcade.world.switches",
    "measure_feedbacks": "cashcade.questions.feedbacks",
    "map": "cashcade.questions.phases",
    "payoff": "cashcade.questions.payoff",
    "plugins": "cashcade.plugin.lists",
    "rank": "cashcade.questions.rank",
    "run": "cashcade.case.run",
    "run_monthly": "cashcade.host.monthly",
    "runway": "cashcade.questions.runway",
    "scenarios": "cashcade.plugin.lists",
    "sensitivity": "cashcade.questions.sensitivity",
    "shock": "cashcade.rules",
    "shocks": "cashcade.plugin.lists",
    "stress": "cashcade.questions.stress",
    "swap": "cashcade.questions.swap",
    "sweep": "cashcade.case.sweep",
    "walls": "cashcade.questions.walls",
    "worlds": "cashcade.load",
}
"""The home of each public name."""

__all__ = [
    "ArgumentError",
    "Case",
    "CashcadeError",
    "Comparison",
    "FunctionError",
    "MemoryLimitError",
    "MissingExtraError",
    "PlausibilityWarning",
    "PluginError",
    "PluginWarning",
    "Result",
    "Rule",
    "RuleError",
    "Scenario",
    "Simulation",
    "Sweep",
    "Turn",
    "WorkerError",
    "World",
    "WorldError",
    "WriteError",
    "archetypes",
    "backlog",
    "breakeven",
    "circular",
    "companies",
    "company",
    "compare",
    "exit_scenario",
    "exit_scenarios",
    "feedbacks",
    "forecasts",
    "interactions",
    "lead",
    "load_world",
    "measure_feedbacks",
    "payoff",
    "plugins",
    "rank",
    "run",
    "run_monthly",
    "runway",
    "scenarios",
    "sensitivity",
    "shock",
    "shocks",
    "stress",
    "swap",
    "sweep",
    "walls",
    "worlds",
]
"""Public names. There but not listed are `loops`, the former name of `feedbacks`, `Snapshot`, which only a
simulation gives, and `map`, which would hide Python's own from who imports all names."""


def __getattr__(name: str) -> object:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'cashcade' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

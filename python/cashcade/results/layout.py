"""Indices become names: from the arrays of the core to one labelled dataset.

Units: a recorded variable has that of its row (`words/rows.py`), which for a number of the user's own follows
from its expression (`compile/gauges.py`); what has no row says its unit here, in `exits.py` or `firings.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from cashcade import _core
from cashcade.compile import Programs
from cashcade.compile.arrays import Inputs
from cashcade.results.exits import exit_entries
from cashcade.results.firings import firing_entries
from cashcade.results.outcome import Outcome
from cashcade.results.plan import Plan
from cashcade.results.provenance import provenance
from cashcade.results.runway import NEEDS, Flows, runway_at_start
from cashcade.words.names import one_line
from cashcade.words.rows import Row, parameters, variables
from cashcade.world import World
from cashcade.world.settings import joined

Array = NDArray[Any]
Floats = NDArray[np.float64]
Entry = tuple[tuple[str, ...], Array, dict[str, Any]]
"""Dimensions, values and attributes, as xarray takes them."""

LINKS = (
    ("contract.customer", "contract.supplier"),
    ("loan.borrower", "loan.lender"),
    ("stake.holder", "stake.issuer"),
    ("pledge.investor", "pledge.company"),
)
"""Both ends of what ties one company to another."""

SAMPLED = {
    "company.losses": ("company_losses_last", -1, "At the end of the run"),
    "loan.loss": ("loan_loss_last", -1, "At the end of the run"),
}
"""Numbers per path for tables: name in the dataset, month, meaning; recorded where paths are sampled."""

ENDS = ("company.losses", "loan.loss")
"""Variables of which tables need the mean at the end of the run."""


@dataclass(frozen=True)
class Source:
    """All that a dataset is made of.

    Attributes
    ----------
    world
        The world.
    inputs
        The world, compiled.
    plan
        What was computed.
    outcome
        What came out.
    seconds
        How long it took; None where that is not told.
    without
        Feedbacks that are off.
    programs
        Its rules and doors, compiled; None without any.
    chosen
        Scenarios that were asked for.
    exits
        Exit scenarios whose doors there are.
    plugins
        Name and version of each plugin; None for those installed.
    changed
        What was set in the world.
    parameters
        What a table said by draw; empty without one.
    given
        Name or path by which the world was given; empty for a `World`.
    function
        The function that moved it month by month, and where it comes from; empty without one.
    """

    world: World
    inputs: Inputs
    plan: Plan
    outcome: Outcome
    seconds: float | None
    without: tuple[str, ...] = ()
    programs: Programs | None = None
    chosen: tuple[str, ...] = ()
    exits: tuple[str, ...] = ()
    plugins: tuple[str, ...] | None = None
    changed: tuple[str, ...] = ()
    parameters: str = ""
    given: str = ""
    function: str = ""


def build_dataset(source: Source) -> xr.Dataset:
    """Label what the core computed.

    Returns
    -------
    dataset
        As described in docs/results.md.
    """
    entries: dict[str, Entry] = {}
    entries.update(_outcomes(source.outcome))
    entries.update(_starts(source.inputs))
    entries.update(_network(source.inputs))
    for place, variable in enumerate(source.plan.record):
        if len(source.inputs.names[variable.entity]):
            entries.update(_series(source, variable, place))
    entries.update(_ends(source))
    entries.update(_runway(source))
    if source.programs is not None:
        entries.update(firing_entries(source.programs, source.outcome))
        entries.update(exit_entries(source.programs, source.outcome))
    used = {dimension for dimensions, _, _ in entries.values() for dimension in dimensions}
    return xr.Dataset(entries, coords=_coordinates(source, used), attrs=_attributes(source))


def _outcomes(outcome: Outcome) -> Iterator[tuple[str, Entry]]:
    """Yield what happened to each company on each path."""
    causes = _core.causes()
    flags = {"flag_values": np.arange(len(causes), dtype=np.uint8), "flag_meanings": " ".join(causes)}
    where = ("path", "company")
    yield "failed_month", (where, outcome.failed_month, _meaning("month", "Month of failure; 0: none"))
    yield "cause", (where, outcome.cause, _meaning("code", "Cause of failure") | flags)
    yield (
        "trigger",
        (where, outcome.trigger, _meaning("place in company", "Company that caused it; -1: none")),
    )
    yield "debt_at_failure", (where, outcome.debt_at_failure, _meaning("USD", "Debt when it failed"))
    yield (
        "failed_share",
        (("path",), outcome.failed_share, _meaning("fraction", "Part of a dollar of debt that failed")),
    )


def _starts(inputs: Inputs) -> Iterator[tuple[str, Entry]]:
    """Yield what the companies start with, by draw where it is drawn."""
    cash = inputs.arrays["company.cash"]
    yield "company_cash_start", _by_draw(cash, "company", "USD", "Cash at the start")
    balance, borrower = inputs.arrays["loan.balance"], inputs.arrays["loan.borrower"]
    debt = np.zeros((cash.shape[1], balance.shape[0]))
    np.add.at(debt, borrower.astype(np.intp), balance.T)
    yield "company_debt_start", _by_draw(debt.T, "company", "USD", "Debt at the start")
    if balance.size:
        yield "loan_balance_start", _by_draw(balance, "loan", "USD", "Balance at the start")
    carrying = inputs.arrays["stake.carrying_value"]
    if carrying.size:
        yield "stake_carrying_value", _by_draw(carrying, "stake", "USD", "Carrying value of the stake")


def _by_draw(values: Array, entity: str, unit: str, meaning: str) -> Entry:
    if values.shape[0] == 1:
        return (entity,), values[0], _meaning(unit, meaning)
    return ("draw", entity), values, _meaning(unit, meaning)


def _network(inputs: Inputs) -> Iterator[tuple[str, Entry]]:
    """Yield who owes, lent, holds and is linked to whom, as places in `company` (-1: capital)."""
    ends = {"loan": ("borrower", "lender"), "stake": ("holder", "issuer")}
    for entity, names in ends.items():
        for name in names:
            places = inputs.arrays[f"{entity}.{name}"]
            if places.size:
                yield f"{entity}_{name}", ((entity,), places, _meaning("place in company", "-1: capital"))
    rank = inputs.arrays["loan.rank"]
    if rank.size:
        row = parameters()["loan.rank"]
        words, codes = zip(*row.words, strict=True)
        flags = {"flag_values": np.array(codes, dtype=np.uint8), "flag_meanings": " ".join(words)}
        yield "loan_rank", (("loan",), rank[0].astype(np.uint8), _meaning("code", row.meaning) | flags)
    pairs = linked_pairs(inputs.arrays)
    if pairs.size:
        meaning = _meaning(
            "place in company", "Pair of companies tied by a contract, loan, stake, pledge or order"
        )
        yield "linked", (("link", "end"), pairs, meaning)


def linked_pairs(arrays: Mapping[str, Array]) -> NDArray[np.int32]:
    """Give the pairs of different companies that something ties together, `[links, 2]`, lower place first."""
    owners = arrays["fleet.owner"][arrays["order.fleet"]]
    ends = [(arrays[one], arrays[other]) for one, other in LINKS]
    ends.append((owners, arrays["order.vendor"]))
    pairs = np.sort(np.concatenate([np.stack(pair, axis=1) for pair in ends]), axis=1)
    inside = (pairs[:, 0] >= 0) & (pairs[:, 0] != pairs[:, 1])
    return np.unique(pairs[inside], axis=0).astype(np.int32)


def _series(source: Source, variable: Row, place: int) -> Iterator[tuple[str, Entry]]:
    """Yield what is known of a recorded variable over time."""
    outcome, plan = source.outcome, source.plan
    mean, deviation = outcome.moments(place)
    yield f"{variable.key}_mean", _entry(variable, mean, ("month",), (), "Mean over paths")
    yield f"{variable.key}_std", _entry(variable, deviation, ("month",), (), "Standard deviation over paths")
    sample = outcome.kept[place][: _kept(outcome, plan.first_path + plan.sample)] if plan.kept else mean[:0]
    if plan.quantiles and sample.shape[0]:
        # Paths side by side in memory: to cut across them takes twice as long.
        aside = np.ascontiguousarray(np.moveaxis(sample, 0, -1))
        levels = np.moveaxis(np.quantile(aside, plan.quantiles, axis=-1, overwrite_input=True), 0, -1)
        yield (
            f"{variable.key}_quantile",
            _entry(variable, levels, ("month",), ("quantile",), "Quantile over paths"),
        )
    if plan.sample and variable.full_name in SAMPLED:
        name, month, what = SAMPLED[variable.full_name]
        yield name, _entry(variable, sample[:, month], ("sample",), (), what)
    if plan.keep:
        series = outcome.kept[place][: _kept(outcome, plan.first_path + plan.keep)]
        yield variable.key, _entry(variable, series, ("kept_path", "month"), (), "Each path")


def _runway(source: Source) -> Iterator[tuple[str, Entry]]:
    """Yield how long cash lasts on each sampled path, where what that needs is recorded."""
    outcome, plan = source.outcome, source.plan
    places = {variable.full_name: place for place, variable in enumerate(plan.record)}
    count = _kept(outcome, plan.first_path + plan.sample)
    if not count or not set(NEEDS) <= places.keys():
        return
    flows = Flows(*(outcome.kept[places[name]][:count, 0] for name in NEEDS))
    draw = outcome.kept_paths[:count] // plan.replicates - plan.first_draw
    months = runway_at_start(source.inputs.arrays, flows, draw)
    meaning = (
        "Months until cash is used up at the pace of month 1, debt repaid as it falls due; infinite: never"
    )
    yield "company_runway_start", (("sample", "company"), months, _meaning("months", meaning))


def _ends(source: Source) -> Iterator[tuple[str, Entry]]:
    """Yield the means at the end of the run that tables are made of."""
    for place, name in enumerate(ENDS[: len(source.outcome.last_sums)]):
        variable = variables()[name]
        if len(source.inputs.names[variable.entity]):
            mean = source.outcome.mean_at_end(place)
            yield f"{variable.key}_last_mean", _entry(variable, mean, (), (), "Mean over paths at the end")


def _kept(outcome: Outcome, end: int) -> int:
    """Count the finished paths below number `end` whose series were kept."""
    return int(np.searchsorted(outcome.kept_paths, end))


def _entry(
    variable: Row, values: Floats, before: tuple[str, ...], after: tuple[str, ...], what: str
) -> Entry:
    """Label `[*before, entity, *after]`; the market, of which there is one, has no dimension of its own."""
    attributes = {"units": variable.unit, "long_name": f"{what}: {variable.meaning}"}
    if variable.entity == "market":
        return (*before, *after), np.take(values, 0, axis=len(before)), attributes
    return (*before, variable.entity, *after), values, attributes


def _coordinates(source: Source, used: set[str]) -> dict[str, Any]:
    """Give names and numbers along each dimension that is used."""
    plan, outcome = source.plan, source.outcome
    months = np.arange(1, plan.months + 1)
    first = np.datetime64(source.world.date, "M")
    full_names = source.world.full_names()
    coordinates: dict[str, Any] = {
        "path": outcome.paths,
        "month": ("month", months, _meaning("months", "Months since the start")),
        # Seconds reach every year a world may speak of; nanoseconds only those from 1678 to 2262.
        "date": ("month", (first + months).astype("datetime64[s]"), {"long_name": "First day of the month"}),
        "path_draw": ("path", outcome.paths // plan.replicates, _meaning("1", "Draw of the path")),
        "company_name": ("company", np.asarray(full_names, dtype=np.str_)),
        "draw": plan.first_draw + np.arange(plan.draws),
    }
    named = source.inputs.names | _compiled_names(source.programs)
    for entity, names in named.items():
        if entity in used:
            coordinates[entity] = np.asarray(names, dtype=np.str_)
    if plan.quantiles and plan.sample:
        coordinates["quantile"] = np.asarray(plan.quantiles)
    if plan.sample:
        coordinates["sample"] = outcome.kept_paths[: _kept(outcome, plan.first_path + plan.sample)]
    if plan.keep:
        coordinates["kept_path"] = outcome.kept_paths[: _kept(outcome, plan.first_path + plan.keep)]
    return coordinates


def _compiled_names(programs: Programs | None) -> dict[str, tuple[str, ...]]:
    return {} if programs is None else {"rule": programs.rules, "door": programs.doors}


def told(  # noqa: PLR0913 - all but the first two are keywords with defaults
    world: World,
    programs: Programs | None,
    *,
    without: tuple[str, ...] = (),
    chosen: tuple[str, ...] = (),
    exits: tuple[str, ...] = (),
    plugins: tuple[str, ...] | None = None,
    changed: tuple[str, ...] = (),
    parameters: str = "",
    function: str = "",
) -> dict[str, str]:
    """Give what a dataset tells of what was run, in words; the arguments are those of `Source`."""
    words = {
        **provenance(world, plugins),
        "changed": joined(changed),
        "parameters": parameters,
        "function": function,
        "without": ", ".join(without),
        "scenarios": ", ".join(chosen),
        "exit_scenarios": ", ".join(exits),
        "rules": ", ".join(programs.given if programs else ()),
    }
    # No file format takes every character.
    return {name: one_line(text) for name, text in words.items()}


def _attributes(source: Source) -> dict[str, Any]:
    plan, outcome = source.plan, source.outcome
    return {
        **told(
            source.world,
            source.programs,
            without=source.without,
            chosen=source.chosen,
            exits=source.exits,
            plugins=source.plugins,
            changed=source.changed,
            parameters=source.parameters,
            function=source.function,
        ),
        "world_given": one_line(source.given),
        "seed": plan.seed,
        "months": plan.months,
        "paths": int(outcome.paths.size),
        "first_path": plan.first_path,
        "draws": np.unique(outcome.paths // plan.replicates).size,
        "replicates": plan.replicates,
        "quantile_paths": _kept(outcome, plan.first_path + plan.sample),
        **({} if source.seconds is None else {"seconds": source.seconds}),
        "imbalance": outcome.imbalance,
        "interrupted": int(outcome.interrupted),
    }


def _meaning(unit: str, meaning: str) -> dict[str, Any]:
    return {"units": unit, "long_name": meaning}

"""Laws of every run, whatever plugins do in it."""

from collections.abc import Callable, Iterator

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from cashcade.words.rows import variables

ROUNDING = 1e-9
"""Part of a month's gross flow, or of the largest balance, that is rounding."""

MONEY = "cash is neither created nor destroyed"
FINITE = "every number is finite"
CLEARED = "no company has less than no cash after clearing"
FAILED = "the failed stay failed, without cash"
EXITS = "an exit is final, and does not follow a failure"
CHANCES = "a chance lies from 0 to 1"
PRICES = "an open door asks for no less than nothing"
CLOSED = "a closed door is none"
DEAR = "who is dear is not bought"
CERTAIN = "a more certain door is taken no later"
BUYERS = "who buys lives, is another, and is named by the door"
ASKED = "what is paid is what was asked"
BETWEEN = "what is paid lies between what was asked and the best bid"
AGREEING = "rules do not contradict each other"
ORDER = "the order of rules and the number of threads do not matter"
NEUTRAL = "at its neutral values a shock changes nothing"
SAME = "a hook gives the same records whenever it is called"
ANYWHERE = "a hook gives the same records in every process"
ALONE = "what a shock gives does not depend on what was built before"
UNITS = "a parameter is used in the unit that it says"
LIMITS = "a shock can be used with all values within its limits"
CURRENCY = "the unit of money does not matter"
SOUND = "records are sound"

RECORD = tuple(
    name
    for name in ("company.cash", "company.alive", "company.debt", "company.revenue", "company.valuation")
    if name in variables()
) + tuple(name for name in ("company.exit", "loan.balance", "market.gpu_index") if name in variables())
"""Variables that a run must record, with all paths kept, for its laws to be checked."""

PROBE = "probe of a chance: "
"""How the names of rules begin that watch whether a chance leaves 0 to 1."""

PRICED = "probe of a price: "
"""How the names of rules begin that watch whether an open door asks for less than nothing."""


def broken(dataset: xr.Dataset) -> Iterator[tuple[str, str]]:
    """Yield the laws that a run breaks, each with what was found.

    Parameters
    ----------
    dataset
        Dataset of a run that recorded `RECORD` and kept all paths.
    """
    for law, check in _CHECKS.items():
        found = check(dataset)
        if found:
            yield law, found


def same(one: xr.Dataset, other: xr.Dataset) -> bool:
    """Tell whether two runs give the same numbers, to the bit, whatever is noted beside them."""
    return bool(one.equals(other))


def difference(one: xr.Dataset, other: xr.Dataset) -> str:
    """Tell where two runs differ first, with both values; empty where all that both hold is the same."""
    for name in one.data_vars:
        if name in other and not one[name].equals(other[name]):
            return f"{name} differs{_apart(one[name], other[name])}"
    return ""


def _apart(one: xr.DataArray, other: xr.DataArray) -> str:
    """Tell two values that differ, and where they stand."""
    if one.shape != other.shape or one.dtype.kind not in "bifu":
        return ""
    left, right = one.to_numpy(), other.to_numpy()
    apart = (left != right) & ~(np.isnan(left.astype(float)) & np.isnan(right.astype(float)))
    there = _first(other, apart)
    return f": {float(left[apart][0]):.9g} and then {there}"


def _money(dataset: xr.Dataset) -> str:
    imbalance = float(dataset.attrs["imbalance"])
    return "" if imbalance <= ROUNDING else f"the ledger is out of balance by {imbalance:.3g} of its flow"


def _finite(dataset: xr.Dataset) -> str:
    names = [name.replace(".", "_") for name in RECORD] + ["debt_at_failure", "action_first"]
    for name in names:
        if name in dataset and not np.isfinite(dataset[name]).all():
            return f"{name} holds {_first(dataset[name], ~np.isfinite(dataset[name].to_numpy()))}"
    return ""


def _cleared(dataset: xr.Dataset) -> str:
    cash = dataset["company_cash"]
    least = -ROUNDING * max(1.0, float(np.abs(cash.to_numpy()).max(initial=0.0)))
    wrong = cash.to_numpy() < least
    return f"company.cash is {_first(cash, wrong)}" if wrong.any() else ""


def _failed(dataset: xr.Dataset) -> str:
    alive = dataset["company_alive"].transpose("kept_path", "month", "company").to_numpy() > 0
    back = ~alive[:, :-1] & alive[:, 1:]
    if back.any():
        return f"{_whose(dataset, back, 2)}: it had failed and is alive"
    failed, months = dataset["failed_month"].to_numpy()[:, None, :], dataset["month"].to_numpy()
    after = (failed > 0) & (months[None, :, None] >= failed)
    cash = dataset["company_cash"].transpose("kept_path", "month", "company").to_numpy()
    rich = after & (cash != 0)
    return f"{_whose(dataset, rich, 1)}: it has failed and holds cash" if rich.any() else ""


def _exits(dataset: xr.Dataset) -> str:
    if "company_exit" not in dataset:
        return ""
    taken = dataset["company_exit"].transpose("kept_path", "month", "company").to_numpy()
    before, after = taken[:, :-1], taken[:, 1:]
    left = (before > 0) & (after != before)
    if left.any():
        return f"{_whose(dataset, left, 2)}: it left a second time, or came back"
    gone = dataset["failed_month"].to_numpy()[:, None, :]
    months = dataset["month"].to_numpy()[None, 1:, None]
    late = (before == 0) & (after > 0) & (gone > 0) & (gone < months)
    return f"{_whose(dataset, late, 2)}: it left after its failure" if late.any() else ""


def _chances(dataset: xr.Dataset) -> str:
    return _watched(dataset, PROBE, "lies outside")


def _prices(dataset: xr.Dataset) -> str:
    return _watched(dataset, PRICED, "is below zero")


def _watched(dataset: xr.Dataset, probe: str, what: str) -> str:
    """Tell what the first probe of a kind saw that was active."""
    if "rule_first" not in dataset:
        return ""
    for place, name in enumerate(dataset["rule"].to_numpy().tolist()):
        first = dataset["rule_first"].to_numpy()[:, place]
        if name.startswith(probe) and first.any():
            path = int(np.argmax(first > 0))
            return f"{name.removeprefix(probe)} {what} in month {first[path]} of path {path}"
    return ""


_CHECKS: dict[str, Callable[[xr.Dataset], str]] = {
    MONEY: _money,
    FINITE: _finite,
    CLEARED: _cleared,
    FAILED: _failed,
    EXITS: _exits,
    CHANCES: _chances,
    PRICES: _prices,
}


def _first(array: xr.DataArray, wrong: NDArray[np.bool_]) -> str:
    """Give the first wrong value, and where it stands."""
    place = tuple(int(axis) for axis in np.argwhere(wrong)[0])
    where = ", ".join(
        f"{dimension} {array[dimension].to_numpy()[at] if dimension in array.coords else at}"
        for dimension, at in zip(array.dims, place, strict=True)
    )
    return f"{float(array.to_numpy()[place]):.6g} ({where})"


def _whose(dataset: xr.Dataset, wrong: NDArray[np.bool_], first_month: int) -> str:
    path, month, company = (int(axis) for axis in np.argwhere(wrong)[0])
    return f"{dataset['company'].to_numpy()[company]} in month {month + first_month} of path {path}"

"""A stepper over arrays, and the same paths from `run`."""

import numpy as np
from cashcade import _core

NAMES = [row.full_name for row in _core.table().variables]
PLACE = {name: place for place, name in enumerate(NAMES)}
RANGES = {row.full_name: row.writable for row in _core.table().variables if row.writable}
# Variables that count states of a chain, and the highest of each.
STATES = {
    row.full_name: int(row.writable[1])
    for row in _core.table().variables
    if row.writable and row.unit in ("code", "flag")
}
FAILURES = ("failed_month", "cause", "trigger", "debt_at_failure")


def stepper(inputs, *, paths, seed=1, months=1200, first_path=0, replicates=1, threads=2, **others):
    return _core.Paths(
        inputs,
        months=months,
        paths=paths,
        first_path=first_path,
        seed=seed,
        replicates=replicates,
        first_draw=0,
        threads=threads,
        **others,
    )


def count(inputs, name):
    """Entities of the kind of a variable."""
    kind = name.partition(".")[0]
    first = {
        "company": "cash",
        "segment": "revenue",
        "loan": "balance",
        "fleet": "capex",
        "contract": "usage",
        "market": "gdp_start",
    }
    return inputs[f"{kind}.{first[kind]}"].shape[1]


def get(paths, inputs, name):
    return paths.get(PLACE[name], list(range(count(inputs, name))))


def put(paths, inputs, name, values, mask=None):
    paths.set(PLACE[name], list(range(count(inputs, name))), values, mask)


def state(paths, inputs):
    """Every variable, `[paths, entities]` each."""
    return {name: get(paths, inputs, name) for name in NAMES}


def assert_same_state(one, other):
    for name, values in one.items():
        assert_same_numbers(values, other[name], name)


def assert_same_month(paths, inputs, whole, month):
    """Every variable of a stepper is that of a month of a run."""
    for name, values in state(paths, inputs).items():
        assert_same_numbers(values, whole[name][:, month - 1], f"{name} in month {month}")


def assert_same_numbers(values, wanted, what):
    """Arrays are the same; NumPy's own assertion takes ten times as long, and is asked where they are not."""
    if not np.array_equal(values, wanted):
        np.testing.assert_array_equal(values, wanted, err_msg=what)

"""The compiled loop with the same face as the oracle: every variable of every path."""

from dataclasses import dataclass

import numpy as np
from cashcade import _core

RULES = ("rule_first", "rule_months", "action_first", "conflict")
EXITS = ("exit_month", "exit_door", "exit_buyer", "exit_price")


@dataclass(frozen=True)
class Paths:
    """Every variable as `[paths, months, entities]`, and the failures as `[paths, companies]`."""

    series: dict[tuple[str, str], np.ndarray]
    failed_month: np.ndarray
    cause: np.ndarray
    trigger: np.ndarray
    debt_at_failure: np.ndarray
    imbalance: float
    rule_first: np.ndarray | None = None
    rule_months: np.ndarray | None = None
    action_first: np.ndarray | None = None
    conflict: tuple[int, int, int, int] | None = None
    exit_month: np.ndarray | None = None
    exit_door: np.ndarray | None = None
    exit_buyer: np.ndarray | None = None
    exit_price: np.ndarray | None = None

    def __getitem__(self, name: str) -> np.ndarray:
        """Series by "entity.name"."""
        entity, _, field = name.partition(".")
        return self.series[entity, field]


def run(
    inputs,
    *,
    months,
    paths=1,
    seed=1,
    first_path=0,
    replicates=1,
    threads=2,
    only=None,
    keep=None,
    rules=None,
    dispatch=True,
) -> Paths:
    """Run the compiled loop and keep everything, or `only` the variables given as "entity.name"."""
    names = [(row.entity, row.name) for row in _core.table().variables]
    wanted = [place for place, key in enumerate(names) if only is None or ".".join(key) in only]
    found = _core.run(
        inputs,
        months=months,
        paths=paths,
        first_path=first_path,
        seed=seed,
        replicates=replicates,
        first_draw=0,
        threads=threads,
        record=wanted,
        last=[],
        keep=paths if keep is None else keep,
        rules=rules,
        dispatch=dispatch,
    )
    assert found["finished"].all() or found["conflict"]
    return Paths(
        {names[place]: series for place, series in zip(wanted, found["kept"], strict=True)},
        found["failed_month"],
        np.array(_core.causes())[found["cause"]],
        found["trigger"],
        found["debt_at_failure"],
        found["imbalance"],
        **{name: found.get(name) for name in RULES + EXITS},
    )

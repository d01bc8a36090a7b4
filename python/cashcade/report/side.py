"""A side of a report: a result, with what its pictures and sentences ask of it more than once."""

import math
from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.report.drivers import Driver, drivers_of
from cashcade.results.document import draws_shares, full_names
from cashcade.results.figures import chance
from cashcade.results.outcomes import SYSTEMIC, outcomes
from cashcade.results.result import Result
from cashcade.results.series import recorded
from cashcade.results.text import long_month
from cashcade.words.names import one_line
from cashcade.world import World

LIKELIEST = 3
"""Companies whose failure is traced to assumptions."""

LONGEST = 22
"""Letters of a name beside a bar."""


def row(table: pd.DataFrame, key: Hashable) -> dict[str, Any]:
    """Give a row of a table by column."""
    return {str(name): value for name, value in table.loc[[key]].to_dict("records")[0].items()}


class Side:
    """A side of a report.

    Parameters
    ----------
    name
        What the report calls it.
    result
        Of its run.
    """

    def __init__(self, name: str, result: Result) -> None:
        self.name = one_line(name)
        self.result = result

    @property
    def dataset(self) -> xr.Dataset:
        """The dataset of the run."""
        return self.result.dataset

    @property
    def world(self) -> World | None:
        """The world of the run; None of a result from a file."""
        return self.result.world

    @property
    def months(self) -> int:
        """Months of the run."""
        return int(self.dataset.attrs["months"])

    @property
    def paths(self) -> int:
        """Paths that were finished."""
        return self.dataset.sizes["path"]

    @property
    def draws(self) -> int:
        """Independent samples behind chances."""
        return int(self.dataset.attrs["draws"])

    @property
    def end(self) -> str:
        """Month and year in which the run ends."""
        return self.when[-1]

    def date(self, month: float) -> str:
        """Write the date of a month of the run; nothing for none."""
        if math.isnan(month):
            return ""
        return self.when[max(1, round(month)) - 1]

    @cached_property
    def when(self) -> list[str]:
        """Month and year of each month."""
        return [long_month(date) for date in self.dataset["date"].to_numpy()]

    @cached_property
    def dates(self) -> list[int]:
        """First day of each month, in milliseconds since 1970."""
        stamps: list[int] = self.dataset["date"].to_numpy().astype("datetime64[ms]").astype(np.int64).tolist()
        return stamps

    @cached_property
    def names(self) -> dict[str, str]:
        """The names that people have for companies and the outside."""
        return {key: one_line(name) for key, name in full_names(self.result).items()}

    def label(self, company: str) -> str:
        """Give the name of a company as short as there is room for."""
        name = self.names.get(company, one_line(company))
        return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The summary, with `chance` and `se` of failing by the end; who is likeliest to comes first."""
        table = self.result.summary()
        last = f"failed_{self.months}"
        table = table.assign(chance=table[last], se=table[f"{last}_se"])
        return table.sort_values("chance", ascending=False, kind="stable")

    @cached_property
    def failing(self) -> list[str]:
        """Ids of companies that fail on some path, the likeliest first."""
        return [str(name) for name in self.summary.index[self.summary["chance"] > 0]]

    def chance(self, company: str) -> str:
        """Write the chance that a company fails, in per cent with its error."""
        found = row(self.summary, company)
        return chance(found["chance"], found["se"], self.draws)

    @cached_property
    def losses(self) -> pd.DataFrame:
        """The losses by holder."""
        return self.result.losses()

    @cached_property
    def cascade(self) -> pd.DataFrame:
        """The chance of a systemic cascade."""
        return self.result.cascade()

    @cached_property
    def contagion(self) -> pd.DataFrame:
        """The table of contagion."""
        return self.result.contagion()

    @cached_property
    def shares(self) -> dict[str, float]:
        """Share of parameters in the variance of each company's failure; NaN where unknown."""
        return draws_shares(self.result)

    @cached_property
    def series(self) -> frozenset[str]:
        """Variables that were recorded."""
        return frozenset(recorded(self.dataset))

    @cached_property
    def drivers(self) -> Mapping[str, tuple[Driver, ...]]:
        """Assumptions that move outcomes: "systemic" and the likeliest failures; none where unknown."""
        return drivers_of(self.result, self._outcomes)

    @cached_property
    def _outcomes(self) -> dict[str, NDArray[np.float64]]:
        failed = self.dataset["failed_month"] > 0
        falls = {
            name: failed.sel(company=name).to_numpy().astype(np.float64) for name in self.failing[:LIKELIEST]
        }
        return {**falls, SYSTEMIC: self.systemic}

    @cached_property
    def systemic(self) -> NDArray[np.float64]:
        """A systemic cascade on each path: 1 or 0, `[paths]`."""
        return outcomes(self.dataset, SYSTEMIC)[SYSTEMIC]

"""The result of a run."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.results import (
    contagion,
    document,
    exits,
    explain,
    firings,
    losses,
    recoveries,
    save,
    series,
    standing,
    summary,
)
from cashcade.results.explain import Explanation
from cashcade.results.figures import chance
from cashcade.results.knock_on import knock_on
from cashcade.results.outcomes import outcomes
from cashcade.results.page import check_page, write_report
from cashcade.results.retrace import Again
from cashcade.words.notebook import Bar, shown
from cashcade.words.numerals import whole, whole_number
from cashcade.world import World

if TYPE_CHECKING:
    from cashcade.case import Case
    from cashcade.pictures.reach import ResultPictures


class Result:
    """The result of a run: one labelled dataset, and tables made from it.

    All amounts are USD. A standard error (`_se`) is that of a mean over paths; it takes the draw as the unit
    of sampling, so that it tells what another run with other draws could give. Losses are not discounted.

    Parameters
    ----------
    make
        Gives the dataset; called once, when it is first needed.
    drawn
        Gives what the draws took for each range; None where that is not known.
    again
        Runs a path again and gives its events and variables; None where the world is not known.
    case
        What was run; None where that is not known.
    """

    def __init__(
        self,
        make: Callable[[], xr.Dataset],
        drawn: Callable[[], Mapping[str, NDArray[np.float64]]] | None = None,
        again: Again | None = None,
        case: "Case | None" = None,
    ) -> None:
        self._make = make
        self._drawn = drawn
        self._again = again
        self.case = case

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Give a result that was saved as `.nc` or `.zarr`.

        Raises
        ------
        ArgumentError
            Another suffix, no such file, or one that is damaged or was not written to the end.
        MissingExtraError
            The library that reads the format is not installed.
        """
        return cls(partial(save.load, save.check_source(path)))

    def __repr__(self) -> str:
        attributes = self.dataset.attrs
        size = f"{attributes['paths']} paths, {attributes['months']} months, seed {attributes['seed']}"
        return f"Result({attributes['world']}: {size}{', interrupted' if self.interrupted else ''})"

    def __str__(self) -> str:
        """Give the tables that the command line prints."""
        text: str = import_module("cashcade.results.text").printed(self)
        return text

    def _repr_html_(self) -> str:
        """Show it in a notebook: what was run, and who fails how often."""
        attributes, months = self.dataset.attrs, self.dataset.attrs["months"]
        table = self.summary().sort_values(f"failed_{months}", ascending=False, kind="stable")
        names = dict(zip(self.dataset["company"].values, self.dataset["company_name"].values, strict=True))
        columns = table[f"failed_{months}"], table[f"failed_{months}_se"]
        bars = [
            Bar(str(names[name]), share, error, f"{chance(share, error, attributes['draws'])} %")
            for name, share, error in zip(table.index, *columns, strict=True)
        ]
        size = f"{attributes['paths']:,} paths, {months} months, seed {attributes['seed']}"
        more = {
            "With": "scenarios",
            "Set": "changed",
            "By draw": "parameters",
            "Moved each month by": "function",
        }
        more |= {"Without": "without"}
        said = [f"{word}: {attributes[key]}" for word, key in more.items() if attributes.get(key)]
        said += ["Interrupted: these are the paths that were finished."] if self.interrupted else []
        return shown(attributes["title"], [size, *said], f"Chance of failure within {months} months", bars)

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Everything the run computed, labelled, with units; docs/results.md lists the variables."""
        return self._make()

    @property
    def world(self) -> World | None:
        """The world of the run; None if the result was loaded from a file."""
        return None if self.case is None else self.case.world

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the run early; then the result holds the paths that were finished."""
        return bool(self.dataset.attrs["interrupted"])

    @property
    def plot(self) -> "ResultPictures":
        """Pictures of the result, one method each; needs the extra `plot` (docs/pictures.md).

        Raises
        ------
        MissingExtraError
            matplotlib is not installed.
        """
        pictures: ResultPictures = import_module("cashcade.pictures.reach").ResultPictures(self)
        return pictures

    def summary(self) -> pd.DataFrame:
        """Return for each company whether, when and why it fails.

        Returns
        -------
        summary
            Indexed by company, with the columns

            - `cash`: at the start, USD (mean over draws);
            - `runway`: months until the cash of the start is used up at the pace of month 1, debt repaid as
              it falls due (median over the sampled paths; infinite for never, NaN without any);
            - `failed_12`, `failed_24`, `failed_36` and by the last month of the run: chance of failure by
              then, each followed by its standard error, `failed_12_se` and so on;
            - `main_cause`, `main_cause_share`: the commonest cause and its share in the failures (None and
              NaN without any);
            - `median_month`: median month of failure over the paths on which it fails (NaN without any).
        """
        return summary.summary(self.dataset)

    def failures(self) -> pd.DataFrame:
        """List every failure on every path.

        Returns
        -------
        failures
            Columns `path`, `company`, `month`, `cause`, `trigger` (the company whose failure caused it,
            missing if none) and `debt` (USD, when it failed), by path and company.
        """
        return summary.failures(self.dataset)

    def uncertainty(self, month: int | None = None) -> pd.DataFrame:
        """Split the variance of failure: uncertain parameters and chance.

        What we do not know are the parameters, which differ by draw; luck differs by path.

        Parameters
        ----------
        month
            Failure by the end of this month; by default the last of the run.

        Returns
        -------
        uncertainty
            Indexed by company: `failed` (chance), `draws` and `luck` (variances, by one-way analysis of
            variance with random effects), `draws_share` (of their sum; NaN where nothing varies) and its
            standard error `draws_share_se`.

        Raises
        ------
        ArgumentError
            The run had one path per draw, fewer than three draws, or the month lies outside it.
        """
        months = self.dataset.attrs["months"]
        last = months if month is None else whole("month", month, 1, months)
        return summary.uncertainty(self.dataset, last)

    def losses(self) -> pd.DataFrame:
        """Return the losses of lenders and holders by the end of the run.

        Returns
        -------
        losses
            Indexed by holder (companies, and `capital` for lenders and holders outside), the largest expected
            loss first, those with neither exposure nor loss left out. `exposure` is what it has lent and
            invested at the start. Then three kinds, each with expected loss, standard error `_se` and 95 %
            quantile `_95` over paths:

            - `credit`: written off on its loans (claims of a company that fails go to capital);
            - `equity`: carrying value of its stakes in what failed;
            - `total`: these and customers' unpaid bills, while the company lives.

            Errors and quantiles come from the sampled paths (`quantile_paths`), and are NaN where there are
            none.
        """
        return losses.losses(self.dataset)

    def claims(self) -> pd.DataFrame:
        """Split each holder's losses by claim: loans by rank, stakes, unpaid bills.

        Returns
        -------
        claims
            Indexed as `losses`, in its order: expected losses, USD, on `secured`, `unsecured` and
            `subordinated` loans (`loans` together in a result that was saved before ranks were kept), on
            `stakes`, and on customers' unpaid `bills`, which is what the total has beyond all these.
        """
        return losses.claims(self.dataset)

    def recoveries(self) -> pd.DataFrame:
        """Return what lenders recover of loans to borrowers that fail.

        Returns
        -------
        recoveries
            Indexed by loan, over the kept paths: `borrower`, `lender`; `failed`, the chance that the borrower
            fails by the end of the run while it owes; `owed`, its balance at the end of the month before (0
            where it lives), and `lost`, what was written off, both means over paths, so that sums over loans
            tell of a class; `recovery` = 1 - lost / owed with its standard error `recovery_se` (NaN where
            nothing is ever owed). Unpaid interest is lost but not in what is owed: a recovery can be below 0.

        Raises
        ------
        ArgumentError
            The run did not keep `loan.balance` and `loan.loss` path by path.
        """
        return recoveries.recoveries(self.dataset)

    def standing(self, company: str | None = None) -> pd.DataFrame:
        """Return the shares of paths on which a company has failed, has left or is still there, by month.

        Parameters
        ----------
        company
            Its id; by default all, each with the same weight.

        Returns
        -------
        standing
            Indexed by month: `date`, and shares of paths that add up to 1 in each month. A column `failed: `
            and the cause for each cause that occurs; one for each effect of a door (`acquire`, `licence`,
            `list`, `self_sustain`, `wind_down`) that was taken, of what has not failed; and `open`, neither.

        Raises
        ------
        ArgumentError
            There is no such company.
        """
        return standing.standing(self.dataset, company)

    def survival(self) -> pd.DataFrame:
        """Return the chance that each company is alive at the end of each month.

        Returns
        -------
        survival
            Indexed by company and month: `date`, the share of paths on which it is `alive` at the end of the
            month (one that was sold or listed is), and its standard error `se`.
        """
        return standing.survival(self.dataset)

    def series(  # noqa: PLR0913 - one for each kind of entity
        self,
        name: str,
        *,
        company: str | None = None,
        segment: str | None = None,
        loan: str | None = None,
        fleet: str | None = None,
        contract: str | None = None,
    ) -> pd.DataFrame:
        """Return a recorded variable month by month.

        Parameters
        ----------
        name
            Such as `company.cash` or `market.capex_gdp`.
        company, segment, loan, fleet, contract
            Which one; at most one of them, and of the kind that `name` belongs to. By default all.

        Returns
        -------
        series
            Indexed by month, or by entity and month; columns `date` (first day of the month), `mean`, `std`
            (over paths) and the quantiles `q5`, `q25` and so on, in the unit of the variable.

        Raises
        ------
        ArgumentError
            The variable was not recorded, or there is no such entity.
        """
        chosen = {
            "company": company,
            "segment": segment,
            "loan": loan,
            "fleet": fleet,
            "contract": contract,
        }
        return series.series(
            self.dataset, name, {kind: which for kind, which in chosen.items() if which is not None}
        )

    def contagion(self) -> pd.DataFrame:
        """Return pairs of companies: how often one fails within three months of the other.

        Companies are linked by a contract, loan, stake, pledge or order; a pair also counts where one failure
        triggered the other. A failure in the same month counts as after, unless it caused the first.

        Returns
        -------
        contagion
            Indexed by the pair (`first`, `then`), the most often triggered first; `.conditional.unstack()` is
            the matrix. `linked`; `times`: paths on which `first` failed and `then` was alive before;
            `followed`: of those, `then` failed within three months; `triggered`: of those, because of
            `first`; `conditional` = followed / times with its standard error `conditional_se`;
            `unconditional`: the chance that a living `then` fails in the same months whatever becomes of
            `first`.
        """
        return contagion.contagion(self.dataset)

    def cascade(self) -> pd.DataFrame:
        """Return the chance of a systemic cascade by the end of the run.

        Returns
        -------
        cascade
            `chance` and standard error `se` of: `debt`, companies fail that owe at least 10 % of all debt, of
            what is owed just before each failure; `links`, three companies fail within three months of one
            another, each linked to the next; `systemic`, either.
        """
        return contagion.cascade(self.dataset)

    def firings(self) -> pd.DataFrame:
        """Return when the rules of the run fired, and their amounts.

        Returns
        -------
        firings
            A row for each action, indexed by the name of its rule. `action`, as it was written; the `lever`
            that it moves, and whose (`entity`). Of the rule: `fired`, the share of paths on which it was
            ever active, with its standard error `fired_se`; over those paths the median `first_month` and the
            mean number of `months`. Of the action: the mean `amount` when it first acted, with the quantiles
            `amount_5` and `amount_95`, in `unit` (factors of scales: 1).
        """
        return firings.firings(self.dataset)

    def triggers(self) -> pd.DataFrame:
        """Return what set off the rules of the run: values and thresholds.

        Returns
        -------
        triggers
            A row for each comparison in the condition of a rule, indexed by the name of its rule. The
            `comparison`, as it was written; the share of paths on which its rule `fired`; over those, as they
            were when the condition first set it off (before any delay), the mean `value` of its left side
            with the quantiles `value_5` and `value_95`, and the mean `threshold`, its right side, in `unit`.
        """
        return firings.triggers(self.dataset)

    def exits(self) -> pd.DataFrame:
        """Return exits: which company leaves by which door, when, at what price and to whom.

        Returns
        -------
        exits
            A row for each door, indexed by its name; none in a run without exit scenarios. `company`, whose
            door it is; `effect`; `taken_12`, `taken_24`, `taken_36` and by the last month of the run: the
            chance that the company has gone through it by then, each followed by its standard error,
            `taken_12_se` and so on; over the paths on which it was taken `median_month`, `median_price` (USD;
            of a listing what it raised), the `main_buyer` (a company or `capital`, None without a sale) and
            `failed_after`, the share on which the company failed all the same.
        """
        return exits.exits(self.dataset)

    def set_off(self) -> pd.Series:
        """Return the share of failures that another failure set off in the same month.

        Returns
        -------
        set_off
            `failures` on all paths, the `share` of them with a company behind it, and its standard error
            `se` (NaN without any).
        """
        found = contagion.set_off(self.dataset)
        return pd.Series({"failures": found.failures, "share": found.share, "se": found.se}, name="set_off")

    def knock_on(self, paths: int = 100) -> pd.Series:
        """Return the share of failures that would not happen if earlier failures were prevented.

        Each company that fails after others is run again, on the same luck, with all of them kept alive: by
        whatever way they reach it, a bill, a loan, a customer, a price or a window, months before. What
        failures in the same month set off is `set_off`.

        Parameters
        ----------
        paths
            Failing paths that are tried, the first ones: about a tenth of a second each.

        Returns
        -------
        knock_on
            Number of `paths` tried, `failures` on them, those `after_other`, those of them that are `saved`
            (they live to the end of the run), the `share` of all failures that this makes, and its standard
            error `se` (NaN without any).

        Raises
        ------
        ArgumentError
            `paths` is no whole number from 1 on, or the result was loaded from a file.
        """
        found = knock_on(self.dataset, self._of_world(), whole("paths", paths, 1, 2**24))
        return pd.Series(found._asdict(), name="knock_on")

    def gauges(self) -> pd.DataFrame:
        """Return the recorded variables of the market in the first and the last month.

        Returns
        -------
        gauges
            Indexed by variable and month; columns as `series` gives them, without `date` and `std`.
        """
        months = [1, int(self.dataset.attrs["months"])]
        tables = {name: self.series(name).drop(columns=["date", "std"]) for name in document.gauges(self)}
        kept = {name: table.loc[sorted({*months})] for name, table in tables.items()}
        return pd.concat(kept, names=["gauge", "month"]) if kept else pd.DataFrame()

    def document(self) -> dict[str, Any]:
        """Return what the command line prints with `--json`, as values that JSON can hold.

        Returns
        -------
        document
            docs/cli.md describes its keys. Amounts are USD, chances fractions; what is not known is None.
        """
        return document.document(self)

    def events(self, path: int) -> pd.DataFrame:
        """Return every payment on one path: month, payer, payee, amount and reason.

        The path is run again with every payment written down; it is the same path to the bit.

        Parameters
        ----------
        path
            Number of a path of the run, as in the coordinate `path` of the dataset.

        Returns
        -------
        events
            In the order in which they happened: `month`; `payer` and `payee` (a company, `households`,
            `suppliers`, `capital`, or empty where there is nobody); `amount` (USD; 0 where no cash moves);
            `why` (docs/results.md lists what it may be); where something set it off, its `value` and the
            `threshold` that this was held against, else NaN. What each company is paid less what it pays adds
            up to the change of its cash in each month.

        Raises
        ------
        ArgumentError
            The result was loaded from a file, which does not hold its world, or it has no such path.
        """
        return self._of_world().events(self._path(path))

    def _of_world(self) -> Again:
        """Give what runs a path again."""
        if self._again is None:
            if self.dataset.attrs.get("function"):
                raise ArgumentError(
                    "what a function moved cannot be run again path by path; say it as a rule."
                )
            raise ArgumentError("a result from a file does not hold its world; run anew.")
        return self._again

    def _path(self, path: int) -> int:
        """Give the number of a path of the run."""
        first, wanted = self.dataset.attrs["first_path"], self.dataset["path"].to_numpy()
        number = whole_number(path)
        if number is None or number not in wanted:
            raise ArgumentError(
                f"path is {path!r}, wanted a path of the run: {first} to {wanted[-1]}"
                f"{', of those that were finished' if self.interrupted else ''}."
            )
        return number

    def explain(self, company: str, path: int | None = None) -> Explanation:
        """Explain the failure of a company on one path, with amounts that add up to its shortfall.

        The path is run again with every payment written down. The explanation says what its log shows: what
        came in and went out since cash was highest, refusals, maturities, covenants, customers and suppliers
        that failed, and what was due to whom in the month of the failure.

        Parameters
        ----------
        company
            Its id.
        path
            A path on which it fails; by default the one with the median month of failure.

        Returns
        -------
        explanation
            `steps` and `causes` are frames, `shortfall` is USD, and `str()` of it is a text.

        Raises
        ------
        ArgumentError
            There is no such company or path, it does not fail there, or the result was loaded from a file.
        """
        number = None if path is None else self._path(path)
        return explain.explain(self.dataset, self._of_world(), company, number)

    def why(self, company: str, paths: int = 200) -> pd.DataFrame:
        """Count the first causes of failure of a company over paths, and the other causes at work.

        Parameters
        ----------
        company
            Its id.
        paths
            How many failing paths to explain, the first of them.

        Returns
        -------
        why
            Indexed by `cause` (of companies lost without their names), the commonest first: the share of
            paths on which it is the `first`, with its standard error `se`; the share on which it is `present`
            at all, and large enough to cover the shortfall or of no known amount; its median `amount` on
            those (USD). Then on the same luck, with causes left out (docs/explain.md says how):

            - `saved`: of the paths on which it is present, the share on which the company lives to the end
              of the run without it;
            - `first_saved`: the same of those on which it is the first;
            - `together`: the same without the first and all that the company would have failed of next;
            - `needed`: the share of all these paths on which it has to be left out for the company to live;
            - `after_other`: of the paths on which it is the first, the share whose chain holds the failure
              of another company, however long before;
            - `other_saved`: of those, the share on which the company lives if the others are kept alive.

            NaN where there are no such paths.

        Raises
        ------
        ArgumentError
            There is no such company, it fails on no path, or the result was loaded from a file.
        """
        return explain.why(self.dataset, self._of_world(), company, whole("paths", paths, 1, 2**31))

    def parameters(self) -> pd.DataFrame:
        """Return the value of each range of the world and of its rules, by draw.

        Returns
        -------
        parameters
            Indexed by draw, a column for each assumption: `company.openai.cash`, `shared.` and the name for
            ranges that share one (the values of the first of them), and those of rules by theirs.

        Raises
        ------
        ArgumentError
            The result was loaded from a file, which does not hold them.
        """
        if self._drawn is None:
            raise ArgumentError("a result from a file does not hold the parameters of its draws; run anew.")
        return pd.DataFrame(dict(self._drawn()), index=pd.Index(self.dataset["draw"].to_numpy(), name="draw"))

    def by_draw(self, of: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return parameters and mean outcomes, a row for each draw.

        Parameters
        ----------
        of
            "systemic", "failed-debt" (part of a dollar of debt that fails) and ids of companies (whether it
            fails by the end); by default the first and all companies that fail on some path and not on all.

        Returns
        -------
        by_draw
            Indexed by draw: the columns of `parameters`; `paths` of the draw; and of each outcome its mean
            over these, called `outcome.coreweave`.

        Raises
        ------
        ArgumentError
            There is no such outcome, or the result was loaded from a file.
        """
        draw = self.dataset["path_draw"].to_numpy()
        found = {f"outcome.{name}": values for name, values in outcomes(self.dataset, of).items()}
        groups = pd.DataFrame(found).groupby(draw)
        return self.parameters().assign(paths=groups.size(), **groups.mean())

    def save(self, path: str | Path) -> tuple[Path, ...]:
        """Write the dataset to disk, replacing what was written before.

        A file or store is written whole or not at all, whatever ends the writing: until the last moment what
        was there before stays as it was.

        Parameters
        ----------
        path
            `.nc` (NetCDF 4) and `.zarr` hold the whole dataset. `.parquet` is a folder: `series.parquet`
            holds all series as one long table, `_failures.parquet` the failures. `.xlsx` is a workbook with a
            sheet for each table, `.csv` a folder of the same tables.

        Returns
        -------
        paths
            What was written.

        Raises
        ------
        ArgumentError
            Another suffix, no such folder, or something stands there that cashcade did not write.
        MissingExtraError
            The library that writes the format is not installed.
        WriteError
            The system refuses: the disk is full, or nothing may be written there.
        """
        return save.save(self.dataset, path)

    def report(self, path: str | Path, *, command: str = "") -> Path:
        """Write the report: one file that opens in a browser and needs no network (docs/report.md).

        What it draws must have been recorded, as it is by default; where it was not, the report says what to
        record. A result that was loaded from a file has neither explanations nor assumptions.

        Parameters
        ----------
        path
            Ends in `.html`; what is there before is replaced, whole or not at all.
        command
            That made the result, for the section on how to make it again.

        Returns
        -------
        path
            What was written.

        Raises
        ------
        ArgumentError
            Another suffix, no such folder, or no file stands there.
        MissingExtraError
            Bokeh or Jinja is not installed: `pip install "cashcade[report]"`.
        WriteError
            The system refuses: the disk is full, or nothing may be written there.
        """
        return write_report(check_page(path), {str(self.dataset.attrs["world"]): self}, None, command)

"""The experiments: T1 to T13 here, T14 to T16 in `economy`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
from cashcade import Case, Comparison, circular, compare
from cashcade.questions.feedbacks import LESS_DEMAND
from cashcade.questions.sides import BASELINE, Side
from cashcade.results.result import Result
from cashcade.rules import (
    Action,
    Change,
    Rule,
    Scenario,
    Shock,
    Use,
    commitments,
    for_good,
    month,
    scale,
)
from cashcade.world import World

from cashcade_ai.sourced import inputs
from cashcade_ai.transmission import lines
from cashcade_ai.transmission.economy import MORE
from cashcade_ai.transmission.lines import (
    BILLION,
    Experiment,
    Floats,
    Line,
    above,
    below,
    monotone,
    relative,
    reported,
)
from cashcade_ai.transmission.worlds import committed, neutral, tagged

SEED = 1

RISES = (0.5, 1.0, 2.0, 5.0)
"""Of a lab's price."""

LITTLE = 1e-3
"""Of its revenue: what Cursor owes at the start of the experiment on commitments."""

END = 12
"""Month in which OpenAI is wound up."""

SEVERAL = 3.0
"""Standard errors by which debt that fails must rise."""

YEAR = 12

TWO_YEARS = 24

THREE_YEARS = 36

FINER = 4
"""Times as many paths where the answer is a point or two of a chance."""

TRACED = 200
"""Paths whose payments are followed."""

FIVE_YEARS = 60


def _sides(
    sides: Mapping[str, Side], paths: int, months: int, record: Sequence[str] = (), world: World | None = None
) -> Comparison:
    """Run sides on the same luck; the first is what others are compared with."""
    return compare(
        world or neutral(), sides, months=months, paths=paths, seed=SEED, replicates=1, record=record
    )


def _alone(paths: int, months: int, record: Sequence[str] = ()) -> Comparison:
    """Run the world as it is, of which nothing is compared; a comparison gives its numbers path by path."""
    result = Case(neutral()).run(
        months=months,
        paths=paths,
        seed=SEED,
        replicates=1,
        record=("company.cash", *record),
        keep_paths=bool(record),
        quantiles=(),
    )
    return Comparison({BASELINE: result})


def _dearer(rise: float) -> Use:
    """Raise Anthropic's price alone, from month 2 on."""
    arguments = {"seller": "anthropic", "rise": rise, "priority": 0.0, "commitment": 0.0, "start": 2}
    return Use("api-price-rise", arguments, f"dearer-{rise:g}")


def _from_month_2(name: str, action: Action) -> Shock:
    """Move something for good after the start: what the world itself says is in the values of the start."""
    return Shock(name, name, build=lambda: Rule(name, month >= 2, action, hold=for_good()))


CUT_ALONE = """\
Tried: giants that also run less themselves, that give up leases first or that run as much as before, and less
need of everybody. Of a cut by half alone, rents are 14 % higher in month 36, CoreWeave's value is 6 % lower
in month 12 and its revenue 2 to 3 % lower from month 24 on: what Microsoft, Meta and OpenAI have committed to
runs beyond these three years. Expect points only where need falls as well, and of a cut alone next to nothing
within three years, with rents that rise. No fault of a formula was found."""

STRANDED_IN_DOLLARS = """\
Tried: machines of the dead that stay in the market, books written down early where lives are short, and other
months than the last. In `money-trap` most stands idle in month 41 (198 bn on average, at most 24 % of all
books) and is written off by month 60, when 8 % of 792 bn are idle; boom has 1,519 bn on its books then, of
which 9 % are. Expect a larger share of the books in the worst month, not ten times the dollars
in month 60."""

SAME_MONTH = """\
Tried: bills that are owed for two months, so that who fails owes more, and failures prevented one by one
(`Result.knock_on`, 150 paths): 4.4 ± 0.6 % of all failures would not happen had no company failed before, by
whatever way that reaches them. Nearly all fail of money that nobody gives, which they have in common. Expect
about a twentieth by all ways together, over months, and a tenth of that within the same month."""

LINES_ARE_DEBT = """\
Tried: runway that sees the end of a line (a fault of the formula, mended: 0.10 ± 0.01 failures a path fewer),
and loans that pay for one contract only. With twice the lines neoclouds hardly build more: CoreWeave sells
10.5 bn of shares in place of 13.0 and fails on 18.9 % of paths in place of 13.1, Applied Digital sells 0.5 in
place of 1.0 and fails on 17.4 % in place of 12.4. No borrower here holds its debt below a target of its own.
Expect fewer failures where nothing else can be sold (the last line on it), and more where debt takes the
place of shares."""

FEW_PATHS = """\
Tried: the log of its value, which is 0.058 ± 0.004 lower, and leverage of at most 1. On 1.2 % of paths Oracle
is worth next to nothing on one side, with leverage at its cap of 100: they make the mean and its error. On
73 % of paths it rises. Expect a rise on a typical path, not of the mean of a ratio whose denominator may
vanish."""

NO_SHARES = tuple(
    Change(f"company.*.{field}", set_to=0.0) for field in ("equity_runway", "round_runway", "round_offers")
)


def _scaled(path: str, factor: float) -> Scenario:
    """Multiply a field of the world."""
    return Scenario(f"{path} x {factor:g}", path, changes=(Change(path, scale=factor),))


def dearer_models(paths: int) -> Iterator[Line]:
    """T1: a price rise upstream."""
    for name, world in {"use as you go": neutral(), "committed": committed(0.6)}.items():
        sides: dict[str, Side] = {BASELINE: (), **{f"+{rise:.0%}": _dearer(rise) for rise in RISES}}
        found = _sides(sides, paths, TWO_YEARS, ["company.valuation"], world)
        for side in found.sides:
            fall = relative(found, side, "company.valuation", 2, "cursor")
            yield below(f"{name}, {side}: Cursor's value in the month of the rise, %", fall)
        chances = [lines.mean(each, lines.failed(["cursor"])) for each in found.results.values()]
        said = f"{name}: Cursor fails within 24 months, %"
        yield monotone(said, chances, falling=False) if name == "committed" else reported(said, chances)


def dear_promises(paths: int) -> Iterator[Line]:
    """T2: a commitment beyond need."""
    owed = commitments(contract="cursor-anthropic").amount
    sides = {
        f"{times:g} x": _from_month_2(f"owes-{times:g}", scale(owed, max(times / LITTLE, 1.0)))
        for times in (0, 1, 2, 5)
    }
    record = ["company.valuation", "company.raised"]
    found = _sides(sides, paths, THREE_YEARS, record, committed(LITTLE))
    results = list(found.results.values())
    value = [
        float(found.values(each, "company.valuation", "cursor")[:, 2].mean()) / BILLION for each in results
    ]
    raised = [
        float(found.values(each, "company.raised", "cursor").sum(axis=1).mean()) / BILLION for each in results
    ]
    chances = [lines.mean(each, lines.failed(["cursor"])) for each in results]
    yield monotone("Cursor's value in month 3", value, falling=True, unit="bn")
    yield monotone("what Cursor raises in 36 months", raised, falling=True, unit="bn")

    def in_all(result: Result) -> Floats:
        return np.asarray(found.values(result, "company.raised", "cursor").sum(axis=1)) / BILLION

    yield lines.stepwise(
        "what Cursor raises, from each to the next, and from first to last",
        lines.steps(found, in_all),
        falling=True,
        unit="bn",
        instead="a round comes or does not, so that single steps are noise",
    )
    yield monotone("Cursor fails within 36 months, %", chances, falling=False)


def capex_cuts(paths: int) -> Iterator[Line]:
    """T3: the four cut their capex."""
    cuts = (0.25, 0.5, 1.0)
    sides: dict[str, Side] = {
        BASELINE: (),
        **{f"-{cut:.0%}": Use("capex-cut", {"cut": cut}, f"cut-{cut:g}") for cut in cuts},
    }
    half = Use("capex-cut", {"cut": 0.5}, "cut-and-need")
    others: dict[str, Side] = {
        "-50%, to run as much as before": Use("capex-cut", {"cut": 0.5, "use": 0.0}, "cut-of-money"),
        "-50%, and a fifth of all demand gone": (half, LESS_DEMAND),
    }
    record = ["company.revenue", "company.valuation", "market.gdp", "market.gpu_index"]
    found = _sides(sides | others, paths, THREE_YEARS, record)
    neoclouds = lines.failed(tagged("neocloud"))
    scarce, needless = others
    why = (
        "a cut alone makes compute scarce, and sales of neoclouds are take-or-pay into 2028 and later; what "
        "takes them down is less need"
    )
    yield above(
        f"{scarce}: GPU rent in month 36, %", relative(found, scarce, "market.gpu_index", 36), instead=why
    )
    yield above(
        f"{needless}: some neocloud fails by month 36, points",
        found.difference(needless, neoclouds),
        5.0,
        instead=why,
    )
    for side in [side for side in found.sides if side not in others]:
        yield below(
            f"{side}: Nvidia's revenue in month 12, %", relative(found, side, "company.revenue", 12, "nvidia")
        )
        yield below(
            f"{side}: Nvidia's value in month 12, %", relative(found, side, "company.valuation", 12, "nvidia")
        )
        yield below(f"{side}: GDP in month 12, %", relative(found, side, "market.gdp", 12))
        least = 5.0 if side == "-50%" else 0.0
        fails = above(
            f"{side}: some neocloud fails by month 36, points", found.difference(side, neoclouds), least
        )
        yield replace(fails, tried=CUT_ALONE)


def _middle(values: Floats) -> float:
    """Give by how many per cent the median of the last month is above that of the first."""
    return 100 * (float(np.median(values[:, -1]) / np.median(values[:, 0])) - 1)


def _worst_idle(found: Comparison) -> Callable[[Result], Floats]:
    """Give a measure of a path: the largest share of all books that stands idle in a month, in per cent."""

    def measure(result: Result) -> Floats:
        fleets = [str(fleet) for fleet in result.dataset["fleet"].to_numpy()]
        books = sum(found.values(result, "fleet.book_value", fleet) for fleet in fleets)
        return np.asarray(100 * (found.values(result, "market.stranded") / books).max(axis=1))

    return measure


def _after_linked(result: Result) -> float:
    """Give the share of failures within a year of that of a customer, supplier, debtor or lender, %."""
    world, months = neutral(), result.dataset["failed_month"]
    links = {(each.customer, each.supplier) for each in world.contracts}
    links |= {(each.borrower, each.lender) for each in world.loans}
    names = [str(name) for name in months["company"].to_numpy()]
    failed, after = months.to_numpy(), np.zeros(months.shape, dtype=bool)
    for one, other in product(range(len(names)), repeat=2):
        if {(names[one], names[other]), (names[other], names[one])} & links:
            apart = failed[:, one] - failed[:, other]
            after[:, one] |= (failed[:, one] > 0) & (failed[:, other] > 0) & (apart >= 0) & (apart <= YEAR)
    return 100.0 * float(after.sum() / max((failed > 0).sum(), 1))


def trap_and_boom(paths: int) -> Iterator[Line]:
    """T4: all of the sceptics' argument at once, and its opposite."""
    record = ["market.stranded", "market.gpu_index", "company.revenue", "company.capex", "fleet.book_value"]
    found = _sides({"boom": "boom", "money-trap": "money-trap"}, paths, FIVE_YEARS, record)
    boom, trap = found.results["boom"], found.results["money-trap"]

    def last(result: Result, name: str, of: str | None = None) -> Floats:
        return found.values(result, name, of)[:, -1]

    stranded = [float(last(each, "market.stranded").mean()) / BILLION for each in (boom, trap)]
    yield Line(
        "stranded in month 60, boom and money-trap",
        ", ".join(map(lines.number, stranded)) + " bn",
        "ten times",
        stranded[1] > 10 * stranded[0],
        tried=STRANDED_IN_DOLLARS,
    )
    yield above(
        "stranded in its worst month, of all machines on the books, money-trap less boom, points",
        found.difference("money-trap", _worst_idle(found)),
        instead="a boom overbuilds too, and machines that live under three years are gone by month 60",
    )
    rents = [float(np.median(last(each, "market.gpu_index"))) for each in (boom, trap)]
    yield Line("median rent, money-trap", lines.number(rents[1]), "below 0.7", rents[1] < 0.7)
    yield Line("median rent, boom", lines.number(rents[0]), "above 0.7", rents[0] > 0.7)
    for result, name, grows in ((trap, "money-trap", False), (boom, "boom", True)):
        revenue = found.values(result, "company.revenue", "nvidia")
        apart = 100 * (float(revenue[:, -1].mean() / revenue[:, 0].mean()) - 1)
        wanted = "above 0" if grows else "below 0"
        yield Line(f"Nvidia's revenue, {name}, %", lines.number(apart), wanted, (apart > 0) == grows)
        yield reported(f"Nvidia's revenue, {name}, median, %", [_middle(revenue)])
        giants = np.sum([found.values(result, "company.capex", giant) for giant in tagged("giant")], axis=0)
        change = 100 * (float(giants[:, -1].mean() / giants[:, 0].mean()) - 1)
        yield Line(f"capex of the four, {name}, %", lines.number(change), wanted, (change > 0) == grows)
        yield reported(f"capex of the four, {name}, median, %", [_middle(giants)])
    share = 100.0 * float(trap.set_off()["share"])
    said = "failures set off by another, money-trap, %"
    yield Line(said, lines.number(share), "5 or more", share >= 5, tried=SAME_MONTH)
    after = _after_linked(trap)
    yield Line(
        "failures within a year of that of a customer, supplier, debtor or lender, money-trap, %",
        lines.number(after),
        "5 or more",
        after >= 5,
        "it counts only bills and losses of the same month, and few of them kill: here nearly all fail of no "
        "money, a cause they have in common",
    )


def cheaper_gpus(paths: int) -> Iterator[Line]:
    """T5: prices of GPUs fall."""
    falls = (0.3, 0.5, 0.85)
    sides: dict[str, Side] = {
        BASELINE: (),
        **{f"-{fall:.0%}": Use("gpu-slump", {"fall": fall}, f"slump-{fall:g}") for fall in falls},
    }
    found = _sides(sides, FINER * paths, THREE_YEARS, ["loan.breach"])
    neoclouds, many = lines.failed(tagged("neocloud")), f"{FINER * paths:,} paths"

    def breaches(result: Result) -> Floats:
        return np.asarray(100.0 * (result.dataset["loan_breach"].to_numpy() > 0).any(axis=(1, 2)))

    for side in found.sides:
        yield above(f"{side}, {many}: a covenant is broken, points", found.difference(side, breaches))
        least = 10.0 if side == "-85%" else 0.0
        yield above(f"{side}, {many}: some neocloud fails, points", found.difference(side, neoclouds), least)


def more_money(paths: int) -> Iterator[Line]:
    """T6: more committed lines, more cash."""
    for what, path, factors, least in (
        ("committed lines", "loan.*.undrawn", (0.0, 1.0, 2.0), 1.0),
        ("cash of all", "company.*.cash", (0.25, 1.0, 4.0), 2.0),
    ):
        found = _sides({f"{k:g}": _scaled(path, k) for k in factors}, paths, THREE_YEARS, ["company.raised"])
        counts = [lines.mean(each, lines.count_failed) for each in found.results.values()]
        said = f"failures a path, {what} x {', '.join(f'{k:g}' for k in factors)}"
        falls = monotone(said, counts, falling=True, factor=least)
        yield falls if what == "cash of all" else replace(falls, tried=LINES_ARE_DEBT)
        steps = lines.steps(found, lines.count_failed)
        if what == "cash of all":
            yield _from_each(said, steps, "single steps are noise")
            continue
        yield Line(f"{said}: steps", "; ".join(lines.number(*step) for step in steps))
        yield from _lines_as_debt(found, paths)


def _from_each(said: str, steps: Sequence[tuple[float, float]], why: str) -> Line:
    """Say that no step goes up beyond its error."""
    whole = f"{said}: from each to the next, and from first to last"
    return lines.stepwise(whole, steps, falling=True, instead=why)


def _lines_as_debt(found: Comparison, paths: int) -> Iterator[Line]:
    """Say what takes the place of a line that is not there, and what lines do where nothing can."""
    neoclouds = tagged("neocloud")

    def raised(result: Result) -> Floats:
        side = next(name for name, each in found.results.items() if each is result)
        each = [found.values(side, "company.raised", name).sum(axis=1) for name in neoclouds]
        return np.asarray(sum(each)) / BILLION

    yield reported(
        "neoclouds raise by shares and rounds, bn",
        [lines.mean(each, raised) for each in found.results.values()],
    )
    for name in ("abilene-jv", "coreweave", "openai"):
        chances = [lines.mean(each, lines.failed([name])) for each in found.results.values()]
        yield reported(f"{name} fails, %", chances)
    alone = Scenario("lines alone", "No shares and no rounds", changes=NO_SHARES)
    sides = {side: (alone, _scaled("loan.*.undrawn", float(side))) for side in found.results}
    steps = lines.steps(_sides(sides, paths, THREE_YEARS), lines.count_failed)
    why = (
        "a line is debt: without it neoclouds sell shares, which nobody has to pay back, and what landlords "
        "cannot build OpenAI need not pay; what lines are worth shows where nobody sells shares or raises "
        "rounds"
    )
    yield _from_each(f"there, failures a path, committed lines x {', '.join(found.results)}", steps, why)


def faster_capex(paths: int) -> Iterator[Line]:
    """T7: the giants build faster."""
    giants = tagged("giant")
    more = Scenario(
        "faster",
        "Faster",
        changes=tuple(Change(f"fleet.{each}-fleet.capex_growth", add=0.3) for each in giants),
    )
    found = _sides({BASELINE: (), "faster": more}, paths, FIVE_YEARS, ["company.debt", "company.payout"])

    def total(name: str) -> Callable[[Result], Floats]:
        def measure(result: Result) -> Floats:
            return np.asarray(sum(found.values(result, name, each)[:, 35] for each in giants)) / BILLION

        return measure

    yield above("debt of the giants in month 36, bn", found.difference("faster", total("company.debt")))
    yield below("their payouts in month 36, bn a month", found.difference("faster", total("company.payout")))
    for giant in giants:
        chance = lines.mean(found.results["faster"], lines.failed([giant]))
        yield Line(f"{giant} fails within 60 months, %", lines.number(chance), "0.5 at most", chance <= 0.5)


def lost_lab(paths: int) -> Iterator[Line]:
    """T8: the largest lab ends."""
    change = Change("company.openai.wound_up", set_to=END)
    ends = Scenario("wound-up", "OpenAI is wound up", changes=(change,))
    record = [f"company.{name}" for name in ("alive", "backlog", "losses", "revenue", "leverage")]
    found = _sides({BASELINE: (), "wound up": ends}, paths, THREE_YEARS, record)

    def apart(variable: str, of: str, first: int, last: int) -> tuple[float, float]:
        def total(result: Result) -> Floats:
            return np.asarray(found.values(result, variable, of)[:, first - 1 : last].sum(axis=1)) / BILLION

        return found.difference("wound up", total)

    for name in ("oracle", "coreweave", "microsoft"):
        revenue = apart("company.revenue", name, END + 1, THREE_YEARS)
        yield below(f"{name}: revenue in months 13 to 36, bn", revenue)
    for name in ("oracle", "coreweave"):
        promised = apart("company.backlog", name, END + 1, END + 1)
        yield below(f"{name}: what customers owe it for the next year, month 13, bn", promised)
    written = apart("company.losses", "microsoft", END, END)
    yield above("microsoft: written off by month 12, bn", written)
    for name in ("oracle", "coreweave"):
        owed = found.difference("wound up", _leverage_of_the_living(found, name))
        said = f"{name}: debt over value in month 36, 0 where it fails on a side"
        yield replace(above(said, owed), tried=FEW_PATHS)
        most_one = found.difference("wound up", _leverage_of_the_living(found, name, most=1.0))
        yield above(
            f"{name}: the same, at most 1 on each path",
            most_one,
            instead="a few paths on which it is worth next to nothing make up the mean and its error",
        )
    rise, error = found.difference("wound up", _failed_debt_beside("openai"))
    wanted = f"above 0 by {SEVERAL:g} errors"
    yield Line("debt of others that fails, bn", lines.number(rise, error), wanted, rise > SEVERAL * error)


def _leverage_of_the_living(found: Comparison, name: str, most: float = np.inf) -> Callable[[Result], Floats]:
    """Give a measure of a path: debt over value in the last month, or most; 0 where it fails on a side."""
    lives = [found.values(side, "company.alive", name)[:, -1] for side in found.results]

    def measure(result: Result) -> Floats:
        leverage = np.minimum(found.values(result, "company.leverage", name)[:, -1], most)
        return np.asarray(leverage * np.prod(lives, axis=0))

    return measure


def _failed_debt_beside(name: str) -> Callable[[Result], Floats]:
    """Give a measure of a path, bn USD: what companies other than one owe when they fail."""

    def measure(result: Result) -> Floats:
        debts = result.dataset["debt_at_failure"].drop_sel(company=name).to_numpy()
        return np.asarray(debts.sum(axis=1), dtype=np.float64) / BILLION

    return measure


def shut_window(paths: int) -> Iterator[Line]:
    """T9: no venture money for two years."""
    shut = Use("funding-shut", {"start": 6, "months": 24})
    found = _sides({BASELINE: (), "shut": shut}, paths, THREE_YEARS, ["company.raised"])
    young = tagged("lab", "app")

    def raised(result: Result) -> Floats:
        return (
            np.asarray(
                sum(found.values(result, "company.raised", each)[:, 5:29].sum(axis=1) for each in young)
            )
            / BILLION
        )

    usual, shut_off = (lines.mean(each, raised) for each in found.results.values())
    yield Line(
        "raised by labs and apps in months 6 to 29, usual and shut, bn",
        f"{lines.number(usual)}, {lines.number(shut_off)}",
        "below a quarter",
        shut_off < usual / 4,
    )
    for name in ("openai", "xai", "cursor"):
        months = found.results["shut"].dataset["failed_month"].sel(company=name).to_numpy()
        median = float(np.median(months[months > 0])) if (months > 0).any() else np.nan
        yield Line(
            f"{name}: fails by month 36 when shut, %; median month",
            f"{100 * (months > 0).mean():.3g}, {median:.3g}",
        )


def circular_money(paths: int) -> Iterator[Line]:
    """T10: revenue of a vendor that the vendor paid for."""
    sample = min(paths, TRACED)
    for name, without in {"": (), " without vendor finance": ("vendor-finance",)}.items():
        found = circular(
            neutral(), "nvidia", months=THREE_YEARS, paths=sample, seed=SEED, replicates=1, without=without
        )
        shares = 100 * found.shares()[["share", "se"]]
        each = {kind: (float(row["share"]), float(row["se"])) for kind, row in shares.iterrows()}
        said = f"vendor-financed share of Nvidia's revenue{name}, {sample} paths, %"
        if without:
            largest = max(abs(share) for share, _ in each.values())
            yield Line(said, lines.number(largest), "0 exactly", largest == 0)
            continue
        yield above(said, each["total"])
        yield Line(f"{said}: direct", lines.number(*each["direct"]))
        apart, error = found.difference("indirect", "direct")
        yield above(f"{said}: indirect less direct", (100 * apart, 100 * error))
        yield Line(f"{said}: less the same totals spread by size", lines.number(*each["excess"]))


def chips_that_last(paths: int) -> Iterator[Line]:
    """T11: GPUs earn for three or for six years."""
    path = "fleet.*.economic_life"
    sides = {
        "six years": Scenario("six", "Six", changes=(Change(path, set_to=72.0),)),
        "three years": Scenario("three", "Three", changes=(Change(path, set_to=36.0),)),
    }
    found = _sides(sides, paths, THREE_YEARS, ["company.valuation", "company.depreciation"])
    neoclouds = lines.failed(tagged("neocloud"))
    for giant in tagged("hyperscaler"):
        yield below(
            f"value of {giant} in month 24, %", relative(found, "three years", "company.valuation", 24, giant)
        )
    yield above("some neocloud fails, points", found.difference("three years", neoclouds))


def opening(paths: int) -> Iterator[Line]:
    """T12: the first month."""
    found = _alone(
        paths, 1, ["company.valuation", "company.raised", "company.pledged", "market.ai_revenue_capex"]
    )
    for name, value in _market_values().items():
        worth, raised, pledged = (
            found.values(BASELINE, f"company.{each}", name)[:, 0]
            for each in ("valuation", "raised", "pledged")
        )
        said = float(np.median(worth - raised - np.maximum(pledged, 0.0))) / BILLION
        yield Line(
            f"value of {name} before new money, bn (market {value:,.0f})",
            lines.number(said),
            "within 5 %",
            abs(said / value - 1) < 0.05,
        )
    share = float(found.values(BASELINE, "market.ai_revenue_capex").mean())
    yield Line("AI revenue over AI capex", lines.number(share), "below 1", share < 1)


def _market_values() -> dict[str, float]:
    """Give the market values at the date of the world, bn USD, of listed companies that are in it."""
    rows = inputs()
    rows = rows[(rows["field"] == "market_value") & rows["target"].isin(tagged("public"))]
    values = rows["value"].to_numpy(dtype=np.float64) / BILLION
    return dict(zip(rows["target"].astype(str), values.tolist(), strict=True))


def hazards(paths: int) -> Iterator[Line]:
    """T13: failures year by year."""
    found = _alone(paths, FIVE_YEARS)
    months = found.results[BASELINE].dataset["failed_month"]
    speculative = tagged("lab", "app", "neocloud", "developer")
    each = months.sel(company=speculative).to_numpy()
    yearly = []
    for year in range(5):
        alive = (each == 0) | (each > 12 * year)
        falls = (each > 12 * year) & (each <= 12 * year + 12)
        yearly.append(100 * float(falls.sum() / alive.sum()))
    steps = [
        max(now / before, before / now) if before and now else np.inf for before, now in pairwise(yearly[1:])
    ]
    yield Line(
        "speculative names that fail, by year, % of those alive",
        ", ".join(map(lines.number, yearly)),
        "above 0.3 in year 1, then no step above 3",
        bool(yearly[0] > 0.3 and max(steps) <= 3),
    )


EXPERIMENTS = (
    Experiment("T1", "Anthropic raises its price by 50, 100, 200 and 500 %", TWO_YEARS, dearer_models),
    Experiment("T2", "Cursor commits to 0, 1, 2 and 5 times its revenue", THREE_YEARS, dear_promises),
    Experiment("T3", "The four cut capex by 25, 50 and 100 % from month 7 on", THREE_YEARS, capex_cuts),
    Experiment("T4", "`money-trap` and `boom` over 60 months", FIVE_YEARS, trap_and_boom),
    Experiment("T5", "Prices of GPUs fall by 30, 50 and 85 %", THREE_YEARS, cheaper_gpus),
    Experiment("T6", "More committed lines, more cash", THREE_YEARS, more_money),
    Experiment("T7", "Capex of the giants grows by 30 points more a year", FIVE_YEARS, faster_capex),
    Experiment("T8", "OpenAI fails in month 12", THREE_YEARS, lost_lab),
    Experiment("T9", "The venture window is shut for 24 months from month 6 on", THREE_YEARS, shut_window),
    Experiment("T10", "Revenue that its vendor paid for", THREE_YEARS, circular_money),
    Experiment("T11", "GPUs last three years in place of six", THREE_YEARS, chips_that_last),
    Experiment("T12", "The first month", 1, opening),
    Experiment("T13", "Failures year by year", FIVE_YEARS, hazards),
    *MORE,
)
"""All of them, by number."""

"""Commands that ask the same world again and again, on the same luck."""

from collections.abc import Sequence

from cashcade import questions
from cashcade.commands.app import PerhapsWhole, Whole, app, print_answer, separated
from cashcade.commands.given import EVENTS, LUCK, NO_RESULT, PICTURE, Events, Luck, Picture, telling
from cashcade.errors import ArgumentError
from cashcade.plugin.offers import parse_use
from cashcade.questions.swap import OF, Scenarios

Limits = tuple[float, float] | None
"""An option of two numbers."""


@app.command(name="rank")
def rank_command(  # noqa: PLR0913 - the options of the command
    world: str,
    /,
    *companies: str,
    month: Whole = 1,
    by: str = "debt",
    months: Whole = 36,
    events: Events = EVENTS,
    luck: Luck = LUCK,
    picture: Picture = PICTURE,
) -> None:
    """Rank companies by what the others lose when one is removed: debt, revenue, capex, companies.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    companies
        Ids of the companies to remove, one at a time; all by default.
    month
        Month in which each is wound up.
    by
        Measure to rank by: debt, revenue, gdp or failures.
    months
        Months to simulate.
    """
    picture.check()
    with telling(NO_RESULT):
        found = questions.rank(
            luck.world(world),
            separated(companies) or None,
            month=month,
            by=by,
            months=months,
            **events.arguments,
            **luck.arguments,
        )
    print_answer(found, luck.about(world), as_json=luck.json_)
    picture.draw(found.plot, quiet=luck.json_)


@app.command(name="swap")
def swap_command(  # noqa: PLR0913 - the options of the command
    world: str,
    a: str,
    b: str,
    /,
    *,
    group: list[str] | None = None,
    of: list[str] | None = None,
    months: Whole = 60,
    events: Events = EVENTS,
    luck: Luck = LUCK,
    picture: Picture = PICTURE,
) -> None:
    """Find the group of assumptions that turns one scenario into another.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    a
        Scenario, shock or exit scenario, several separated by commas; a shock with arguments, such as
        gpu-slump:fall=0.5; or baseline for none.
    b
        Second scenario, written the same way. Its groups of assumptions are taken one at a time.
    group
        Group of assumptions as NAME=PATTERN, further patterns behind commas, such as
        'demand=segment.*.growth,recapture.*'; repeat it for several. By default grouped by subject.
    of
        Outcome: systemic, failed-debt, the id of a company or a variable such as market.ai_revenue; repeat
        it, or separate by commas.
    months
        Months to simulate.
    """
    picture.check()
    with telling(NO_RESULT):
        found = questions.swap(
            luck.world(world),
            _scenarios(a),
            _scenarios(b),
            groups=_groups(group) if group else None,
            of=separated(of) if of else OF,
            months=months,
            **events.arguments,
            **luck.arguments,
        )
    print_answer(found, luck.about(world), as_json=luck.json_)
    picture.draw(found.plot, quiet=luck.json_)


def _scenarios(text: str) -> Scenarios:
    """Read scenarios: names separated by commas, or one shock with arguments."""
    if ":" in text:
        return parse_use(text)
    names = separated([text])
    return names if len(names) > 1 else names[0]


def _groups(given: Sequence[str]) -> dict[str, list[str]]:
    """Read groups: `NAME=PATTERN,PATTERN` each."""
    found: dict[str, list[str]] = {}
    for text in given:
        name, _, patterns = text.partition("=")
        if not name.strip() or not patterns.strip() or name in found:
            wanted = "NAME=PATTERN,PATTERN, each name once, such as 'demand=segment.*.growth'"
            raise ArgumentError(f"the group is {text!r}, wanted {wanted}.")
        found[name] = separated([patterns])
    return found


@app.command(name="map")
def map_command(  # noqa: PLR0913 - the options of the command
    world: str,
    lever_x: str,
    lever_y: str,
    outcome: str,
    /,
    *,
    limits_x: Limits = None,
    limits_y: Limits = None,
    steps: Whole = 5,
    months: Whole = 36,
    events: Events = EVENTS,
    luck: Luck = LUCK,
    picture: Picture = PICTURE,
) -> None:
    """Map an outcome over the values of two levers.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    lever_x
        What is moved, across: company.openai.cash (the value is put there), 'scale segment.*.revenue'
        (multiplied), 'add loan.*.rate' (added), or gpu-slump:fall (an argument of a shock).
    lever_y
        What else is moved, down.
    outcome
        systemic, failed-debt, the id of a company (whether it fails) or a variable such as market.gpu_index
        (its mean), with a month as cursor@24; or a condition such as 'cursor@24 >= 0.5'.
    limits_x
        First and last value across, such as 1e8 2e9; by default the limits of a shock's argument, or 1 and 0
        for scale.
    limits_y
        First and last value down; the same defaults.
    steps
        Number of values of each lever.
    months
        Month of the outcome, if it names none.
    """
    picture.check()
    with telling(NO_RESULT):
        found = questions.map(
            luck.world(world),
            lever_x,
            lever_y,
            outcome,
            (limits_x, limits_y),
            steps=steps,
            months=months,
            **events.arguments,
            **luck.arguments,
        )
    print_answer(found, luck.about(world), as_json=luck.json_)
    picture.draw(found.plot, quiet=luck.json_)


@app.command(name="walls")
def walls_command(  # noqa: PLR0913 - the options of the command
    world: str,
    /,
    *,
    per: str = "quarter",
    by: str = "class",
    months: Whole = 36,
    events: Events = EVENTS,
    luck: Luck = LUCK,
    picture: Picture = PICTURE,
) -> None:
    """Sum the debt that falls due by period, against the borrowers' cash and collateral.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    per
        Period: month, quarter or year.
    by
        Borrowers: class (those of one archetype together) or company.
    months
        Months to simulate.
    """
    picture.check()
    with telling(NO_RESULT):
        found = questions.walls(
            luck.world(world), per=per, by=by, months=months, **events.arguments, **luck.arguments
        )
    print_answer(found, luck.about(world), as_json=luck.json_)
    picture.draw(found.plot, quiet=luck.json_)


@app.command(name="backlog")
def backlog_command(
    world: str,
    supplier: str | None = None,
    /,
    *,
    months: PerhapsWhole = None,
    events: Events = EVENTS,
    luck: Luck = LUCK,
) -> None:
    """Value what customers have committed to pay: gross, firm, and likely to be paid.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    supplier
        Id of the company whose backlog it is; all by default.
    months
        Months to simulate, whose instalments count; by default until the last commitment has ended, at most
        120.
    """
    with telling(NO_RESULT):
        found = questions.backlog(
            luck.world(world), supplier, months=months, **events.arguments, **luck.arguments
        )
    print_answer(found, luck.about(world), as_json=luck.json_)

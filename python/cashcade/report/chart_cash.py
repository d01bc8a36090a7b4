"""The picture of the cash of a company."""

from collections.abc import Sequence

from cashcade.report import drawing
from cashcade.report.chart import Chart
from cashcade.report.chart_fans import fan, fan_legend, fan_tips
from cashcade.report.chart_shared import BILLION, company_choice, first_view, side_choice
from cashcade.report.side import Side
from cashcade.results.figures import money
from cashcade.results.page import CASH


def cash(sides: Sequence[Side]) -> Chart | None:
    """Show the cash of each company over time; None where it is not recorded."""
    with_cash = [side for side in sides if CASH in side.series]
    if not with_cash:
        return None
    choice = company_choice(with_cash)
    views = {
        f"{side.name}|{name}": fan(
            side,
            side.cash[name],
            f"Cash of {side.names[name]}",
            BILLION,
            lambda value: f"{money(value)} USD",
        )
        for side in with_cash
        for name in choice.options
        if name in side.names
    }
    return Chart(
        "cash",
        "Cash of a company",
        "Over all paths, month by month, also those on which it has failed, with what it has left there (0).",
        drawing.bands(first_view(views), "bn USD", fan_tips(first_view(views), "0.[0000]"), "0.[0000]"),
        views,
        (side_choice(with_cash), choice),
        fan_legend(first_view(views)),
    )

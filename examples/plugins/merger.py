"""A merger of two labs: in one month the one becomes a subsidiary of the other, for shares of its holders."""

from collections.abc import Iterator

from cashcade.hookspecs import hookimpl
from cashcade.rules import Buyer, Door, ExitScenario, company, month, number, target


class Merger:
    """Two labs merge in a month: the first takes over the second, at a share of its fair value."""

    def __init__(self, first: str, second: str, at: int, price: float) -> None:
        self.first, self.second, self.at, self.price = first, second, at, price

    @hookimpl
    def cashcade_exit_scenarios(self) -> Iterator[ExitScenario]:
        """Yield the one door.

        From then on the first covers what the second is short of and takes what it does not need: their cash
        together is as if both had stayed alone, less the price, and neither fails while both together can pay.
        """
        paid = self.price * target.valuation
        door = Door(
            "merger",
            of=company(self.second),
            effect="acquire",
            opens=month == number(self.at, "month"),
            hazard=1.0,
            price=paid,
            buyers=Buyer(company(self.first), paid),
        )
        yield ExitScenario("merger", f"{self.first} and {self.second} merge", doors=door)


def cashcade_plugin(
    first: str = "anthropic", second: str = "xai", at: int = 12, price: float = 1.0
) -> Merger:
    """Give the plugin."""
    return Merger(first, second, at, price)

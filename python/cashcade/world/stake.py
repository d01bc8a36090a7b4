"""Stakes: who owns whom; pledges: who promised cash to whom."""

from typing import Annotated

from cashcade.world.parameter import Amount, Flag, Fraction, Month, Parameter
from cashcade.world.quantity import Number
from cashcade.world.record import CompanyId, CompanyOrCapital, Line, Named


class Stake(Named):
    """A holder owns a share of an issuer."""

    holder: CompanyOrCapital
    """The company that owns, or "capital"."""
    issuer: CompanyId
    """The company that is owned."""
    fraction: Fraction
    """Share of the issuer that the holder owns [fraction]."""
    carrying_value: Amount = 0.0
    """What the holder's books show for it [USD]."""
    preference: Amount = 0.0
    """Liquidation preference [USD]."""

    def natural_id(self) -> str:
        """Return the id of an entry that was given none."""
        return f"{self.holder}->{self.issuer}"


class Pledge(Named):
    """An investor promises cash to a company, paid in equal monthly tranches."""

    investor: CompanyOrCapital
    """The company that promises, or "capital"."""
    company: CompanyId
    """The company that receives."""
    what: Line | None = None
    """Name of the round."""
    amount: Amount
    """Cash promised in all [USD]."""
    first_month: Month = 1.0
    """Month of the first tranche [month]."""
    months: Annotated[Number, Parameter("months", 1.0, 1200.0)] = 1.0
    """Number of equal monthly tranches [months]."""
    unless_shut: Flag = False
    """Whether tranches are withheld while funding is shut."""
    of_purchases: Fraction = 0.0
    """Share of what the company paid the investor last month that comes on top of each tranche [fraction]."""
    chance: Fraction = 1.0
    """Chance that the condition of the pledge is ever met [fraction]."""

    def natural_id(self) -> str:
        """Return the id of an entry that was given none."""
        return f"{self.investor}->{self.company}"

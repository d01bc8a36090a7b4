"""Phase 8: public companies short of runway sell new shares.

    raised = min(needs(round_months), equity_share * fair value * (1 - equity_discount_S)), if u < chance
    chance = equity_S, times equity_closed while the listing window is closed

- It is open to a living company that is `public` or has listed, with `equity_runway > 0`. It tries no rounds. It sells with runway (month before) below `equity_runway` and a fair value above 0.
- `equity_S` is `equity_open`, `equity_normal`, `equity_shut`; `equity_discount_S` is `equity_discount_open`, `equity_discount_normal`, `equity_discount_shut`.
- With `windows` on, `_S` is the shares window ([windows](windows.md)), and `equity_closed` does not count.
- `needs(round_months)` is `round_months * burn`, or more where a line ends before that ([liquidity](liquidity.md)).
- The money counts as `raised`, comes from `capital`, and leaves `last_valuation` alone.

Units: USD; `equity_runway` months; chances a month.

Off: `equity_runway` 0.

Tests: tests/theory/test_funding.py
"""

from spec.liquidity import needs
from spec.listed import is_listed
from spec.regimes import by_regime
from spec.windows import shares_regime
from spec.world import State, World


def is_public(world: World, state: State, i: int) -> bool:
    """Whether a company sells shares in the public market instead of trying rounds."""
    return world.company.equity_runway[i] > 0 and is_listed(world, state, i)


def issue(world: World, state: State, i: int, t: int) -> None:
    """Sell new public shares where runway is short."""
    company, market, regime = state.company, world.market, shares_regime(world, state)
    if company.runway[i] >= world.company.equity_runway[i] or company.valuation[i] == 0:
        return
    window = 1.0 if state.market.listing or market.windows else market.equity_closed
    chance = by_regime(world, "equity", regime) * window
    state.market.tries += 1.0
    if state.luck.uniforms("round", world.company.address[i], t)[2] >= chance:
        state.market.refusals += 1.0
        return
    price = 1.0 - by_regime(world, "equity_discount", regime)
    most = market.equity_share * company.valuation[i] * price
    company.raised[i] = min(needs(state, i, world.company.round_months[i]), most)
    state.pay("capital", i, company.raised[i])

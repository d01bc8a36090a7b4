"""Phase 11: sudden ends: fraud, delay or a lost customer by the luck of the month, and companies wound up by order.

    ends by order from month wound_up on, where that is above 0
    fails suddenly where u < 1 - exp(-sudden_failure / 12)

When: after the clearing, so that everything owed in the month is paid first; then as any other failure of the month ([cascade](cascade.md)): its estate is divided, it is a large failure if its debt is large, and
it may take others along.

- `u` is word 0 of the stream of the company and the month. Of a company without any other risk, the share `exp(-sudden_failure * t / 12)` lives after t months.
- Causes are `wound_up` and `sudden`, with the trigger -1. Who falls short in the clearing of the month has the cause of that; of the rest an order comes before luck, and both before a door (`wind_down`).
- `wound_up` is for experiments ("what if this company fails in month 12"): a world, a shock or a host says the month; a rule that sets it to 1 winds the company up in the month in which it does.
  A company that has ended stays so. It is rounded to a whole month as all months are.
- No rescue: lenders do not wait and the public does not step in, for nobody is short of cash.

Units: `sudden_failure` a year; `wound_up` a month of the run.

Off: `sudden_failure` 0, `wound_up` 0.

Source: failures that come as a surprise even to who sees the balance sheet, as in reduced-form models of default: Jarrow and Turnbull (1995); Duffie and Lando (2001).

Tests: tests/theory/test_sudden.py
"""

import math

from spec.limits import whole
from spec.world import State, World


def struck(world: World, state: State) -> dict[int, str]:
    """Who ends this month though it can pay, with the cause."""
    ends = {}
    for i in [i for i in world.each("company") if state.alive(i)]:
        luck = state.luck.uniforms("sudden", world.company.address[i], state.month)[0]
        order = world.company.wound_up[i]
        if order > 0 and state.month >= whole(order):
            ends[i] = "wound_up"
        elif luck < -math.expm1(-world.company.sudden_failure[i] / 12.0):
            ends[i] = "sudden"
    return ends

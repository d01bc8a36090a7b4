"""Growth as investors measure it: a steady rate reads as itself, from the first month on."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

MONTHS = 60
STILL = {f"normal_to_{other}": 0.0 for other in ("open", "shut")}


@pytest.mark.parametrize("growth", [-1.9, -0.5, 0.0, 0.6931, 1.0, 2.0, 2.9])
def test_a_steady_rate_reads_itself(growth):
    """And the company is worth ten times its revenue of a year throughout: it grows as it always did."""
    found = grown(growth)
    np.testing.assert_allclose(found["company.growth"][0, :, 0], growth, rtol=1e-12, atol=1e-12)
    yearly = 12.0 * found["company.revenue"][0, :, 0]
    np.testing.assert_allclose(found["company.valuation"][0, :, 0], 10.0 * yearly, rtol=1e-12)


@pytest.mark.parametrize(("growth", "read"), [(3.5, 3.0), (-2.5, -2.0)])
def test_beyond_the_limits_it_reads_the_limit(growth, read):
    found = grown(growth)["company.growth"][0, :, 0]
    np.testing.assert_allclose(found, read, rtol=1e-12)


def test_a_step_reads_as_a_sixth_of_itself_and_fades():
    """Revenue doubles once: smoothed revenue is behind by a factor of 2, then closes a sixth of the gap a month."""
    inputs = world(
        company=rows("cash price_step price_step_month", (1e12, 1.0, 2.0)),
        segment=rows("seller revenue", (0, 1e6)),
    )
    found = run(inputs, months=4)["company.growth"][0, :, 0]
    gaps = [0.0, 1.0, 2.0 / (7.0 / 6.0) - 1.0, 2.0 / (7.0 / 6.0 + 5.0 / 36.0) - 1.0]
    np.testing.assert_allclose(found, [12.0 * math.log(1.0 + gap / 6.0) for gap in gaps], rtol=1e-12)


def test_who_sells_no_more_shrinks_at_the_limit_and_stays_finite():
    inputs = world(
        company=rows("cash", (1e12,)),
        segment=rows("seller revenue growth growth_long", (0, 1e6, -10.0, -5.0)),
    )
    np.testing.assert_allclose(run(inputs, months=1200)["company.growth"][0, 1:, 0], -2.0, rtol=1e-12)


def grown(growth):
    segment = rows("seller revenue growth growth_long", (0, 1e6, growth, growth))
    company = rows("cash valuation_multiple growth_premium", (1e12, 10.0, 1.0))
    return run(world(company=company, segment=segment, market=[STILL]), months=MONTHS)

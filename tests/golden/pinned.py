"""The run whose results are pinned, and the pen that writes them: `python -m tests.golden.pinned`."""

import json
from pathlib import Path

import numpy as np
from cashcade import _core

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

PLACE = Path(__file__).parent / "pinned.json"
SEED = 20250831
MONTHS = 24
PATHS = 40
SHOWN = (0, 1, 15, 16, 39)  # paths of several blocks of the compiled loop
VARIABLES = (
    "company.cash",
    "company.revenue",
    "company.losses",
    "loan.balance",
    "fleet.value",
    "market.capex_gdp",
)
STREAMS = ("parameter", "market", "jump", "demand", "cost", "round", "refinance")
LAB, APP, CLOUD, VENDOR, BANK = range(5)


def economy() -> dict[str, np.ndarray]:
    """Five companies with every kind of link: a lab, an app, a cloud, a vendor of chips, a bank."""
    return world(
        company=rows(
            "cash fixed_cost discretionary_cost cost_volatility variable_cost "
            "round_runway burn_cut_runway loss_capacity",
            (90e6, 6e6, 8e6, 1e6, 0.05, 12.0, 9.0, None),
            (40e6, 7e6, 1e6, 2e6, 0.02, 6.0, None, None),
            (30e6, 2e6, None, 0.5e6, 0.1, None, None, None),
            (200e6, 5e6, 3e6, None, 0.3, None, None, None),
            (60e6, 1e6, None, None, None, None, None, 25e6),
        ),
        segment=rows(
            "seller revenue growth growth_long volatility common_loading elasticity",
            (LAB, 9e6, 1.2, 0.2, 0.4, 1.0, 0.5),
            (APP, 14e6, 0.6, 0.1, 0.6, 1.5, 1.4),
            (VENDOR, 3e6, None, None, 0.2, None, None),
        ),
        recapture=rows("from to share", (1, 0, 0.4)),
        contract=rows(
            "customer supplier usage routing substitutable follows revenue_share",
            (APP, LAB, 7e6, 0.3, 0.6, None, 0.02),
            (LAB, CLOUD, 5e6, None, 0.2, 1.0, None),
        ),
        commitment=rows("contract amount first_month", (0, 5e6, None), (1, 6e6, 7.0)),
        loan=rows(
            "borrower lender balance undrawn draw_share rate floating amortisation maturity "
            "rank fleet_collateral max_ltv",
            (CLOUD, BANK, 50e6, 20e6, 0.5, 0.05, 1.0, 1.0, 40.0, 2.0, 0.9, 1.4),
            (APP, BANK, 12e6, None, None, 0.09, None, None, 14.0, 4.0, None, None),
            (LAB, -1, 20e6, None, None, 0.08, None, 2.0, 30.0, 5.0, None, None),
        ),
        stake=rows(
            "holder issuer fraction carrying_value", (VENDOR, CLOUD, 0.1, 15e6), (BANK, LAB, 0.05, 8e6)
        ),
        pledge=rows("investor company amount months", (VENDOR, LAB, 24e6, 12.0)),
        fleet=rows(
            "owner cost capex economic_life refresh lag committed", (CLOUD, 80e6, 3e6, 36.0, 0.5, 3.0, 0.4)
        ),
        order=rows("fleet vendor share", (0, VENDOR, 0.7)),
        market=[
            {
                "common_volatility": 0.04,
                "gpu_volatility": 0.5,
                "gpu_drift": -0.4,
                "gpu_jump_chance": 0.05,
                "normal_to_shut": 0.06,
                "sentiment": 0.5,
                "large_company": 10e6,
                "depth_gpu": 1e8,
                "gdp_start": 1e10,
            }
        ],
    )


def bits(values: np.ndarray) -> list[str]:
    """Numbers to the last bit, as text."""
    return [float(value).hex() for value in np.ravel(values)]


def results() -> dict[str, object]:
    """Everything that is pinned."""
    found = run(economy(), months=MONTHS, paths=PATHS, seed=SEED, only=VARIABLES)
    streams = {
        name: bits(_core.uniforms(SEED, number, np.array([7], dtype=np.uint32), 2**32 - 1, 3))
        for number, name in enumerate(STREAMS)
    }
    ends = {name: {str(path): bits(found[name][path, -1]) for path in SHOWN} for name in VARIABLES}
    return {
        "streams": streams,
        "failed_month": found.failed_month.tolist(),
        "cause": found.cause.tolist(),
        "trigger": found.trigger.tolist(),
        "last_month": ends,
    }


if __name__ == "__main__":
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in results().items()]
    PLACE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")

"""Small worlds made by hand, for debt, the clearing and the cascade."""

from tests.oracle.build import rows, world
from tests.oracle.worlds import LIVELY, Case

LOANS = Case(
    "every way to repay, floating rates, draws and refinancing",
    world(
        company=rows("cash minimum_cash", (1e9, None), (30e6, 8e6)),
        segment=rows("seller revenue", (1, 1e6)),
        fleet=rows("owner capex", (0, 5e6)),
        loan=rows(
            "borrower lender balance rate amortisation maturity floating interest_only rank "
            "refinance_chance refinance_months undrawn draw_share",
            (0, -1, 12e6, 0.09, 2.0, 12.0, None, None, None, None, None, None, None),
            (0, 1, 8e6, 0.03, 1.0, 20.0, 1.0, 4.6, 2.0, None, None, None, None),
            (0, 1, 6e6, 0.05, 3.0, 9.0, None, None, 5.0, None, None, None, None),
            (0, -1, 7e6, 0.05, None, 5.0, None, None, None, 0.97, 4.0, None, None),
            (0, 1, 1e6, 0.08, 2.0, 15.0, None, None, None, 0.0, None, 40e6, 0.8),
            (0, -1, 3e6, None, 2.0, 7.0, None, None, None, None, None, None, None),
        ),
        repayment=rows("loan amount month", (2, 1e6, 2.0), (2, 2e6, 2.0), (2, 9e6, 7.0)),
        market=[LIVELY],
    ),
    24,
    lambda o: o["loan.maturity"][-1, 3] > 5 and o["company.drawn"][:, 0].max() > 0,
)

PROJECTS = Case(
    "loans behind contracts of a limited owner, one of whose customers grows weak and dies",
    world(
        company=rows("cash", (60e6,), (75e6,), (2e9,)),
        segment=rows("seller revenue", (0, 2e6)),
        contract=rows(
            "customer supplier usage follows intensity_trend",
            (1, 0, 4e6, 2.0, 0.2),
            (2, 0, 2e6, 2.0, None),
            (0, 2, 1e6, 2.0, None),
        ),
        commitment=rows(
            "contract amount first_month last_month",
            (0, 5.5e6, 7.0, 30.0),
            (1, 7e6, 5.0, 14.0),
            (1, 4e6, 12.0, 33.0),
        ),
        fleet=rows(
            "owner cost capacity_revenue age_span economic_life lag construction limits capex",
            (0, 80e6, 1.0, 12.0, 60.0, 3.0, 0.5, 1.0, None),
            (0, 60e6, 0.6, 4.0, 50.0, 5.0, 0.25, None, 1e6),
            (2, 60e6, None, 9.0, 18.0, 4.0, None, None, 1e6),
        ),
        loan=rows(
            "borrower lender contract balance rate floating amortisation maturity interest_only undrawn draw_share "
            "customer_spread draw_unless_shut",
            (0, -1, 0, 1e6, 0.04, 1.0, 4.0, 28.0, 6.0, 40e6, 0.7, 0.08, None),
            (0, 2, 1, 0.0, 0.05, None, 4.0, 33.0, None, 60e6, 0.8, 0.05, 1.0),
            (0, -1, None, 5e6, 0.06, None, 1.0, 30.0, None, 10e6, 0.1, None, None),
            (2, -1, 2, 4e6, 0.06, None, 4.0, 20.0, None, 9e6, 0.5, None, None),
        ),
        market=[LIVELY | {"pay_on_delivery": 1.0, "sees_lines": 1.0}],
    ),
    36,
    lambda o: (
        o.failed_month[1] > 12
        and (o["loan.project_capex"][:, :2].max(axis=0) > 0).all()
        and (o["loan.project_capex"][o.failed_month[1] :, 0] == 0).all()
        and o["loan.margin"][5, 0] == 0
        and o["loan.margin"][o.failed_month[1], 0] == 0.08
        and o["loan.principal"][:, 1].max() > 0
        and (o["loan.project_capex"][:, 3] == 0).all()
    ),
)

COVENANTS = Case(
    "broken covenants call loans, and called loans call others",
    world(
        company=rows("cash fixed_cost default_cost", (22e6, 2e6, 0.4), (50e6, 3e6, None), (1e9, None, None)),
        segment=rows("seller revenue growth", (1, 4e6, -0.8)),
        fleet=rows("owner cost economic_life", (1, 40e6, 30.0)),
        loan=rows(
            "borrower lender balance rate maturity min_cash cure_months cross_default rank max_ltv "
            "fleet_collateral amortisation min_dscr",
            (0, 2, 15e6, 0.1, 30.0, 14e6, 1.0, None, None, None, None, None, None),
            (0, -1, 5e6, 0.1, 30.0, None, None, 1.0, 2.0, None, None, None, None),
            (1, 2, 20e6, None, 30.0, None, None, None, 2.0, 1.2, 0.9, None, None),
            (1, 2, 4e6, 0.2, 30.0, None, 3.0, None, None, None, None, 1.0, 1.3),
        ),
    ),
    18,
    lambda o: o.cause[0] == "covenant" and o["loan.accelerated"].max(axis=0).sum() >= 3,
)

RANKS = Case(
    "one company pays its ranks in part, the soft ones of its creditors give way",
    world(
        company=rows(
            "cash fixed_cost default_cost discretionary_cost payout minimum_cash",
            (1e6, 2e6, 0.2, None, None, None),
            (1e6, 3.5e6, 0.1, 4e6, None, None),
            (4e6, None, 0.5, None, 0.9, None),
            (4e6, None, None, None, None, 1e6),
        ),
        segment=rows(
            "seller revenue growth growth_long",
            (0, 6e6, -5.0, -2.0),
            (1, 1e6, None, None),
            (2, 2e6, None, None),
        ),
        contract=rows("customer supplier usage", (0, 1, 3e6), (0, 2, 1e6)),
        commitment=rows("contract amount", (0, 3e6), (1, 1e6)),
        loan=rows(
            "borrower lender balance rate amortisation maturity rank",
            (0, 3, 5e6, 0.12, 1.0, 12.0, 2.0),
            (1, 2, 6e6, 0.12, 1.0, 9.0, None),
            (2, 3, 6e6, None, 1.0, 8.0, 5.0),
        ),
        fleet=rows("owner capex committed", (1, 1e6, 0.3), (3, 2e6, None)),
        order=rows("fleet vendor share", (0, 3, 1.0), (1, 2, 0.5)),
    ),
    12,
    lambda o: "contagion" in o.cause and (o.failed_month > 0).sum() >= 2,
)

RING = Case(
    "a ring of debts in which all fail together",
    world(
        company=rows("cash default_cost", (1.1e6, 0.4), (0.7e6, 0.1), (0.4e6, 0.6)),
        loan=rows(
            "borrower lender balance maturity refinance_chance rank",
            (0, 1, 9e6, 2.0, 0.0, None),
            (1, 2, 8e6, 2.0, 0.0, 2.0),
            (2, 0, 7e6, 2.0, 0.0, 5.0),
            (0, 2, 3e6, 2.0, 0.0, 2.0),
        ),
    ),
    4,
    lambda o: list(o.failed_month) == [2, 2, 2],
)

LOSSES = Case(
    "losses go through three balance sheets, by loans, stakes and unpaid bills",
    world(
        company=rows(
            "cash fixed_cost default_cost loss_capacity",
            (5e6, 2.2e6, 0.5, None),
            (20e6, None, 0.3, 4e6),
            (30e6, None, 0.2, 9e6),
            (9e6, None, None, 2e6),
            (1e9, None, None, 1e6),
        ),
        loan=rows(
            "borrower lender balance maturity collateral rank",
            (0, 1, 9e6, 50.0, 2e6, 2.0),
            (1, 2, 60e6, 50.0, None, 5.0),
            (1, -1, 8e6, 50.0, None, None),
        ),
        stake=rows("holder issuer fraction carrying_value", (3, 2, 0.2, 3e6), (-1, 1, 0.5, 1e6)),
        contract=rows("customer supplier usage follows", (0, 4, 2e6, 2.0)),
    ),
    8,
    lambda o: list(o.cause[:4]) == ["cash", "losses", "losses", "losses"] and max(o.rounds) >= 4,
)

FIRE_SALE = Case(
    "a forced sale marks down the fleets of others, whose lenders call at once",
    world(
        company=rows(
            "cash fixed_cost default_cost",
            (3e6, 1e6, 0.3),
            (9e6, None, 0.2),
            (70e6, None, 0.2),
            (1e9, None, None),
        ),
        fleet=rows(
            "owner cost economic_life class",
            (0, 60e6, 50.0, None),
            (1, 50e6, 48.0, None),
            (2, 50e6, 48.0, None),
            (3, 10e6, None, 2.0),
        ),
        loan=rows(
            "borrower lender balance maturity fleet_collateral max_ltv rank cure_months",
            (1, 3, 20e6, 60.0, 1.0, 0.9, 2.0, 0.0),
            (2, 3, 20e6, 60.0, 1.0, 0.9, 2.0, 0.0),
            (0, 3, 30e6, 60.0, 0.5, None, 2.0, None),
        ),
        market=[
            {
                "depth_gpu": 3e7,
                "impact_half_life": 4.0,
                "sentiment": 1.0,
                "large_company": 25e6,
                "regime": 0.0,
            }
        ],
    ),
    8,
    lambda o: (
        list(o.cause[:3]) == ["cash", "covenant", "none"]
        and o.failed_month[1] == o.failed_month[0]
        and o["loan.accelerated"].max(axis=0)[1] == 1
    ),
)

TRIGGERS = Case(
    "who is to blame: the largest single claim left unpaid, the largest single write-off",
    world(
        company=rows(
            "cash fixed_cost default_cost loss_capacity",
            (0.2e6, None, 0.0, None),
            (9.5e6, None, 0.0, None),
            (0.3e6, None, 0.0, None),
            (50e6, None, None, 6e6),
            (0.0, 1e6, 1.0, None),
            (0.0, 1e6, 1.0, None),
        ),
        loan=rows(
            "borrower lender balance maturity refinance_chance",
            (1, 0, 10e6, 1.0, 0.0),
            (2, 0, 3e6, 1.0, 0.0),
            (0, -1, 12.5e6, 1.0, 0.0),
            (4, 3, 2e6, 50.0, None),
            (4, 3, 2.5e6, 50.0, None),
            (5, 3, 3e6, 50.0, None),
        ),
    ),
    3,
    lambda o: (
        o.cause[0] == "contagion" and o.trigger[0] == 2 and o.cause[3] == "losses" and o.trigger[3] == 5
    ),
)

CASES = [LOANS, PROJECTS, COVENANTS, RANKS, RING, LOSSES, FIRE_SALE, TRIGGERS]

"""A cloud of GPUs built on credit against contracts."""

from collections.abc import Iterator

from cashcade.archetype import Archetype, Citation, Figure, Given, Input, Part, Party, assumed, sourced

from cashcade_ai.archetypes.common import DEFAULT_COST, companyfacts, growth

DOC = """
A company that rents out GPUs under multi-year take-or-pay contracts and borrows against them.

The `backlog` becomes commitments: the share `contracted` of today's revenue is owed for `contract_months`,
and what is left of the backlog comes on top in six equal steps, one each quarter, so that all of it is owed
by the end and the sum is the backlog. The fleet in use is `capital_of_revenue` of yearly revenue, and what
the steps need is built over a year and a half at the same capital per dollar. Debt is `debt_of_backlog`, or
`debt` where it is known: a secured loan repaid in equal instalments, and a facility for `draw_share` of the
capex to come.

The customer is the company named; without one, a stand-in called after the neocloud, which buys what the
contract says and holds cash for all of it: it never fails. The part of revenue without contract is sold on
demand, at prices that swing. Nothing ties deliveries to the fleet: a delay of construction does not lower a
bill. Capacity that stands idle, because a customer fails or buys less, is let again in part, at the GPU
rental index.

CoreWeave in mid-2025 is the example: revenue 404 million a month, backlog 30.1 billion, debt 11.2 billion.
"""

COREWEAVE = "coreweave"
DEBT_NOTE = "coreweave-debt"
BACKLOG = "coreweave-backlog"
CITATIONS = (
    companyfacts(COREWEAVE, "CoreWeave", 1769628, "2025-09-30"),
    Citation(
        DEBT_NOTE,
        "CoreWeave, note 10 of the report of 30 June 2025",
        "https://www.sec.gov/Archives/edgar/data/1769628/000114036125032095/R41.htm",
        "2025-06-30",
    ),
    Citation(
        BACKLOG,
        "MarketScreener on CoreWeave's backlog",
        "https://www.marketscreener.com/news/coreweave-s-cloud-conundrum-growth-at-full-throttle-losses-in-tow-"
        "ce7c51dbda89f52c",
        "2025-08",
    ),
    Citation(
        "coreweave-prospectus",
        "CoreWeave, prospectus of March 2025",
        "https://www.sec.gov/Archives/edgar/data/1769628/000119312525067651/d899798d424b4.htm",
        "2025-03",
    ),
    Citation(
        "coreweave-results",
        "Fintool on CoreWeave's second quarter of 2025",
        "https://fintool.com/app/research/companies/CRWV/earnings/Q2%202025",
        "2025-08",
    ),
)

INPUTS = (
    Input("revenue", "USD/month", "Revenue of the month before the start."),
    Input("backlog", "USD", "What customers committed to pay from the start on."),
    Input(
        "contracted",
        "fraction",
        "Share of today's revenue under take-or-pay.",
        sourced(
            0.96, 0.9, 0.98, "coreweave-prospectus", "96 % of revenue of 2024; calibration range 0.9 to 0.98."
        ),
        low=0.01,
        high=1.0,
    ),
    Input(
        "contract_months",
        "months",
        "Months until the last commitment ends; only the likeliest value is used.",
        sourced(
            48,
            36,
            75,
            "coreweave-prospectus",
            "Average of four years; contracts of 2025 run 48 to 75 months.",
        ),
        low=19.0,
        high=240.0,
    ),
    Input(
        "debt_of_backlog",
        "1",
        "Debt over backlog, where `debt` is not given.",
        Figure(
            0.35,
            0.25,
            0.4,
            "CoreWeave: 0.34 in March 2025, 0.37 in June, 0.25 in September.",
            (COREWEAVE, BACKLOG),
        ),
        high=10.0,
    ),
    Input(
        "debt",
        "USD",
        "Debt at the start; 0: by the line before.",
        assumed(0, 0, 0, "By the line before."),
    ),
    Input(
        "capital_of_revenue",
        "years",
        "Cost of the fleet over yearly revenue.",
        sourced(
            3.4, 2.6, 4.6, COREWEAVE, "16.6 billion of net plant over 4.85 a year, part of it being built."
        ),
        high=100.0,
    ),
    Input(
        "cash_months",
        "months",
        "Cash at the start over monthly revenue.",
        sourced(4, 2.5, 6, COREWEAVE, "1.15 billion in June and 1.89 in September 2025: 2.9 and 4.2 months."),
        high=1200.0,
    ),
)

STEPS, EVERY = 6, 3
"""Steps in which contracts begin, and the months between two."""

NOTHING = assumed(0, 0, 0, "Nothing is drawn at the start.")

BUILD_MONTHS = 18.3
"""Months of today's capex that the fading plan adds up to: the sum of its decay below."""


def derive(given: Given) -> Iterator[Part]:
    """Return the neocloud, its customers, contract, demand, fleet and loans."""
    customer = given.parties["customer"]
    step, months = _step(given)
    yield Part("company", "company", _company(given))
    if not customer:
        customer = f"{given.id}-customers"
        yield Part("customers", "company", _customers(given))
        yield Part("customers-sales", "segment", {"seller": customer, "revenue": _under_contract(given)})
    yield Part("take-or-pay", "contract", _contract(given, customer, step, months))
    yield Part("on-demand", "segment", _on_demand(given))
    yield Part("gpus", "fleet", _fleet(given, step))
    yield Part("term-loan", "loan", _loan(given, _debt(given), "term loan"))
    capex = _capex(given, step) * BUILD_MONTHS
    share = assumed(0.7, 0.55, 0.85, "share financed by debt")
    yield Part("facility", "loan", _loan(given, NOTHING, "facility") | _draws(capex * share.middle(), share))


def _under_contract(given: Given) -> Figure:
    return given["revenue"].middle() * given["contracted"].middle()


def _step(given: Given) -> tuple[Figure, int]:
    """Return what each step adds a month, and how long today's revenue is owed."""
    base, months = _under_contract(given), round(given["contract_months"].value)
    rest = given["backlog"] - base * months
    if rest.value < 0:
        return Figure(0, 0, 0, "no more than today's"), max(1, round(given["backlog"].value / base.value))
    weight = sum(months - EVERY * number for number in range(1, STEPS + 1))
    return (rest / weight).clamped(0, 1e17), months


def _debt(given: Given) -> Figure:
    return given["debt"] if given["debt"].value > 0 else given["backlog"].middle() * given["debt_of_backlog"]


def _company(given: Given) -> dict[str, object]:
    revenue = given["revenue"].middle()
    return {
        "tags": ["neocloud"],
        "cash": revenue * given["cash_months"],
        "fixed_cost": revenue * assumed(0.11, 0.07, 0.16, "overhead"),
        "fixed_cost_growth": assumed(0.2, 0.0, 0.4, "Overhead grows more slowly than revenue."),
        "variable_cost": sourced(
            0.27, 0.22, 0.32, "coreweave-results", "Adjusted EBITDA of 62 %, less overhead."
        ),
        "cost_volatility": revenue * assumed(0.03, 0.0, 0.06, "unforeseen share"),
        "minimum_cash": revenue * assumed(1.5, 0.8, 2.5, "months of revenue that are kept"),
        "price_trend": assumed(0, -0.1, 0.1, "Contracts fix the price; the list price is that of the rest."),
        "round_runway": assumed(9, 6, 15, "Boards raise when about a year of cash is left."),
        "round_months": assumed(18, 12, 24, "Rounds are sized for one to two years of burn."),
        "round_share": assumed(0.08, 0.04, 0.12, "Share of the company sold in one round."),
        "valuation_multiple": assumed(
            9, 4.5, 13, "23 billion at CoreWeave's listing, several times that in June."
        ),
        "growth_premium": assumed(0.5, 0.1, 1.0, "How far the multiple follows growth."),
        **DEFAULT_COST,
    }


def _customers(given: Given) -> dict[str, object]:
    return {
        "name": "Customers outside the world",
        "tags": ["stand-in"],
        "cash": given["backlog"],
    }


def _contract(given: Given, customer: str, step: Figure, months: int) -> dict[str, object]:
    today = _under_contract(given)
    owed: list[dict[str, object]] = [{"amount": today, "last_month": months}]
    starts = range(EVERY + 1, EVERY * STEPS + 2, EVERY) if step.value > 0 else ()
    owed += [{"amount": step, "first_month": start, "last_month": months} for start in starts]
    return {
        "customer": customer,
        "supplier": given.id,
        "what": "backlog",
        "usage": today,
        "price_linked": False,
        "substitutable": assumed(0.6, 0.3, 0.9, "Another cloud has the chips, or not."),
        "renegotiable": assumed(0.2, 0.0, 0.5, "What a customer in trouble could shed."),
        "commitments": owed,
    }


def _on_demand(given: Given) -> dict[str, object]:
    return {
        "seller": given.id,
        "revenue": given["revenue"].middle() * (1 - given["contracted"].middle()),
        **growth(
            assumed(0.3, -0.3, 0.9, "From a glut to a shortage."),
            assumed(0.1, -0.2, 0.3, "As demand for AI in the long run."),
            assumed(12, 6, 24, "From half a year to two years."),
            assumed(0.4, 0.2, 0.6, "Rents on demand swing by a tenth a month."),
        ),
        "common_loading": assumed(1.5, 1.0, 2.5, "What is rented by the hour goes first."),
        "elasticity": assumed(1.0, 0.5, 1.5, "One model of chip across hosts: 0.8 to 1.5."),
    }


def _capex(given: Given, step: Figure) -> Figure:
    need = step.middle() * STEPS * 12 * given["capital_of_revenue"]
    return need / BUILD_MONTHS


def _fleet(given: Given, step: Figure) -> dict[str, object]:
    fleet: dict[str, object] = {
        "owner": given.id,
        "class": "gpu",
        "cost": given["revenue"].middle() * 12 * given["capital_of_revenue"].middle(),
        "capacity_revenue": 1 / given["capital_of_revenue"].middle(),
        "relet": assumed(
            0.6, 0.3, 0.9, "Idle chips find takers at the going rent, but not all and not at once."
        ),
        "age_span": assumed(20, 12, 30, "Growth was so fast that most equipment is young."),
        "book_life": assumed(72, 48, 72, "Six years are usual in the trade; some use four or five."),
        "economic_life": assumed(48, 24, 84, "Two to seven years are argued for; four in the middle."),
        "capex": _capex(given, step),
        "capex_growth": assumed(0, 0, 0, "Flat at first; the plan adds up to 18 months of today's capex."),
        "capex_growth_long": assumed(-1.5, -1.5, -1.5, "Then it fades, as the contracts in hand are built."),
        "capex_growth_half_life": assumed(12, 12, 12, "Most of it within a year and a half."),
        "lag": assumed(5, 3, 9, "Months from payment to capacity in use."),
        "committed": assumed(0.35, 0.15, 0.5, "Orders that cannot be undone."),
    }
    if given.parties["vendor"]:
        share = assumed(0.6, 0.5, 0.68, "65 to 70 % of a gigawatt is compute and networking.")
        fleet["orders"] = [{"vendor": given.parties["vendor"], "share": share}]
    return fleet


def _loan(given: Given, balance: Figure, what: str) -> dict[str, object]:
    return {
        "borrower": given.id,
        "lender": given.parties["lender"],
        "what": what,
        "balance": balance,
        "rate": sourced(
            0.1, 0.07, 0.15, DEBT_NOTE, "Effective 7 to 15 %; 250 million a quarter on about 10 billion."
        ),
        "amortisation": "linear",
        "maturity": sourced(
            45, 36, 60, DEBT_NOTE, "1.0 of 11.2 billion due in half a year, 4.2 in the next year."
        ).middle(),
        "rank": "secured",
        "fleet_collateral": assumed(0.5, 0.4, 0.5, "The two loans share the fleet."),
        "cross_default": True,
        "refinance_chance": assumed(0.9, 0.75, 1.0, "Chance to refinance at maturity in normal times."),
    }


def _draws(undrawn: Figure, share: Figure) -> dict[str, object]:
    months = assumed(12, 6, 18, "Draw period before repayment begins.")
    end = assumed(72, 60, 84, "Five to seven years.")
    return {"undrawn": undrawn, "draw_share": share, "interest_only": months, "maturity": end}


NEOCLOUD = Archetype(
    name="neocloud",
    title="Neocloud",
    doc=DOC,
    inputs=INPUTS,
    derive=derive,
    parties=(
        Party("customer", "The company of the world that owes the backlog."),
        Party("lender", "The company that lent, or capital.", "capital"),
        Party("vendor", "The company of the world that sells it chips."),
    ),
    example={"revenue": 4.04e8, "backlog": 3.01e10, "debt": 1.117e10},
    citations=CITATIONS,
)

"""Shocks of the AI economy that move more than prices: funding, capex, customers, tokens."""

from collections.abc import Iterator

from cashcade.rules import (
    Rule,
    Shock,
    ShockParameter,
    Value,
    add,
    companies,
    contracts,
    exp,
    fleets,
    for_good,
    log,
    market,
    maximum,
    minimum,
    month,
    number,
    scale,
    segments,
    set_to,
)

from cashcade_ai.shocks import stated
from cashcade_ai.timing import YEAR, after_years, from_month, in_unit, lasting, years_since

START = from_month(7.0)

LAB_COMPUTE = ("openai-azure-inference", "anthropic-aws-inference", "anthropic-google-inference")
"""Contracts by which labs buy the compute of what they sell."""

SEC = "https://data.sec.gov/api/xbrl/companyfacts/"


def _funding_shut(start: Value, months: Value) -> Iterator[Rule]:
    windows = [
        set_to(window, False) for window in (market.listing, market.credit_window, market.shares_window)
    ]
    yield Rule("funding-shut", lasting(start, months), [set_to(market.regime, "shut"), *windows])


FUNDING_SHUT = Shock(
    name="funding-shut",
    title="The funding window shuts",
    build=_funding_shut,
    parameters=(
        START,
        ShockParameter("months", 24.0, "months", 0.0, 1200.0, "Months for which it stays shut.", neutral=0.0),
    ),
    doc="""
From month `start` on all four windows are shut for `months`: venture money, credit, shares and listings. Then
each opens again as hazards have it, which depend on values, losses and strain.

After 2000 and after 2008 funding was shut for six to ten quarters; 24 months is the middle.
""",
    source="length of regimes: project's data, ranges to treat as uncertain; month: assumption",
)


def _listing_window(start: Value, months: Value) -> Iterator[Rule]:
    yield Rule("listing-window", lasting(start, months), set_to(market.listing, True))


LISTING_WINDOW = Shock(
    name="listing-window",
    title="The window for listings is open",
    build=_listing_window,
    parameters=(
        START,
        ShockParameter("months", 24.0, "months", 0.0, 1200.0, "Months for which it is open.", neutral=0.0),
    ),
    doc="""
From month `start` on companies may list for `months`, whatever the funding regime. It opens no door: who
lists is said by an exit scenario beside it, as in `ipo-window-opens`.
""",
    source="assumption",
)


LEAD, LASTS = 6, 48
"""Months from an order to machines in use, and for which these are used, in the middle."""


def _capex_cut(tag: str, cut: Value, leases: Value, use: Value, start: Value) -> Iterator[Rule]:
    plans = fleets(owner=companies(tag=tag))
    leased = contracts(customer=companies(tag=tag), may_be_empty=True)
    dropped = leases * stated(leased, "cut_first")
    replaced = years_since(start + number(LEAD, "months"), number(LASTS, "months")) * 12.0 / LASTS
    yield Rule(
        "capex-cut",
        month >= start,
        [
            scale(plans.capex, 1 - cut),
            scale(plans.refresh, 1 - cut),
            scale(leased.level, 1 - dropped),
            scale(companies(tag=tag).own_compute, 1 - use * cut * replaced),
        ],
        hold=for_good(),
    )


CAPEX_CUT = Shock(
    name="capex-cut",
    title="The giants cut their capex",
    build=_capex_cut,
    parameters=(
        ShockParameter("tag", "giant", "text", meaning="Tag of the companies that cut."),
        ShockParameter("cut", 0.3, "fraction", 0.0, 1.0, "Share of the plan that is dropped.", neutral=0.0),
        ShockParameter(
            *("leases", 1.0, "fraction", 0.0, 1.0, "Share that is dropped of what can be dropped of leases."),
            neutral=0.0,
        ),
        ShockParameter(
            *("use", 1.0, "fraction", 0.0, 1.0, "Share of the cut that is use of their own they give up."),
            neutral=0.0,
        ),
        START,
    ),
    doc="""
From month `start` on the plans of capex, and what retires and is bought again, are smaller by `cut`, for
good.
Orders in hand are honoured: the committed part of the smaller plan is owed as before. Leases of others go
first: of what may be dropped of them (`cut_first` of a contract) the share `leases` goes. What is committed
under them is owed.

Who buys fewer machines runs fewer: what they run for themselves falls by `cut` times `use`, as machines are
replaced over 48 months from half a year after the cut on. With `use` 0 they want to run as much as before on
fewer machines, as if money alone had run out: compute becomes scarce, its rent rises, and who rents out
machines gains by the cut.

Capex of the telecom carriers fell by half from 2000 to 2003; a cut of 0.3 is what the four did to growth of
staff and plant in 2022-23, an assumption. The scenario `capex-of-2022` goes back to the level before the
boom.
""",
    source=f"{SEC}; size: assumption",
)


def _customer_lost(customer: str, seller: str, share: Value, instead: Value, start: Value) -> Iterator[Rule]:
    lost = contracts(customer=companies(customer), supplier=companies(seller))
    actions = [
        scale(lost.level, 1 - share),
        add(companies(customer).variable_cost, share * instead),
    ]
    yield Rule("customer-lost", month >= start, actions, hold=for_good())


CUSTOMER_LOST = Shock(
    name="customer-lost",
    title="A lab loses a customer to other models",
    build=_customer_lost,
    parameters=(
        ShockParameter("customer", "cursor", "text", meaning="Id of the customer."),
        ShockParameter("seller", "anthropic", "text", meaning="Id of the lab that loses it."),
        ShockParameter("share", 1.0, "fraction", 0.0, 1.0, "Share of the use that leaves.", neutral=0.0),
        ShockParameter(
            "instead", 0.7, "fraction", 0.0, 2.0, "Cost of what replaces it, per dollar of revenue."
        ),
        START,
    ),
    doc="""
From month `start` on the customer buys `share` less of the lab, for good, and runs other or own models
instead, which cost `instead` per dollar of its revenue.

Two customers, Cursor and GitHub Copilot, were about a quarter of Anthropic's run-rate in August 2025. Cursor
paid about its whole revenue to labs; that other models cost it 0.7 is an assumption.
""",
    source="https://www.evis.dev/posts/ai-unit-economics; cost of the alternative: assumption",
)


def _efficiency(fall: Value, saved: Value, months: Value, start: Value) -> Iterator[Rule]:
    years = years_since(start, months)
    actions = [
        scale(companies(tag="lab").list_level, after_years(fall, years)),
        scale(contracts(*LAB_COMPUTE).level, exp(saved * log(1 - fall) * years)),
    ]
    yield Rule("cheaper-tokens", month >= start, actions, hold=for_good())


CHEAPER_TOKENS = Shock(
    name="cheaper-tokens",
    title="Tokens become cheaper to make and to buy",
    build=_efficiency,
    parameters=(
        ShockParameter(
            "fall", 0.9, "fraction", 0.0, 0.999, "Fall of the price of a token in a year.", neutral=0.0
        ),
        ShockParameter(
            "saved", 0.9, "fraction", 0.0, 1.0, "Share of the fall (in logs) that the labs' cost follows."
        ),
        ShockParameter("months", 24.0, "months", 0.0, 120.0, "Months over which it falls."),
        from_month(1.0),
    ),
    doc="""
From month `start` on the list price of every lab falls by `fall` in a year, for `months`, and so does the
compute that a token takes, by the share `saved` of the fall in logs. Volume answers by its elasticity: at
0.6 a price that falls by nine tenths sells four times as many tokens, for four tenths of the money.

Prices of a given ability fell ninefold to nine hundredfold a year (Epoch AI), or tenfold (a16z). That this
is what users pay, for two years, is the assumption; they have so far moved to newer models instead.
""",
    source=(
        "https://epoch.ai/data-insights/llm-inference-price-trends; "
        "https://a16z.com/llmflation-llm-inference-cost"
    ),
)


def _recession(depth: Value, months: Value, start: Value) -> Iterator[Rule]:
    years = years_since(start, months)
    down = minimum(years, 1.0)
    recovered = maximum(years - 1.0, 0.0) / maximum(in_unit(months, "months") / YEAR - 1.0, 1 / 12)
    everything = segments(may_be_empty=True)
    sold = exp(everything.gdp_loading * log(1 - depth) * (down - recovered))
    yield Rule("recession", lasting(start, months), scale(everything.revenue, sold))


RECESSION = Shock(
    name="recession",
    title="A recession of years",
    build=_recession,
    parameters=(
        ShockParameter(
            *("depth", 0.05, "fraction", 0.0, 0.5, "Fall of GDP below its path, at the worst."), neutral=0.0
        ),
        ShockParameter("months", 60.0, "months", 13.0, 1200.0, "Months until GDP is back on its path."),
        from_month(4.0),
    ),
    doc="""
From month `start` on GDP falls below its path, by `depth` after twelve months, and is back on it after
`months`. What every segment sells follows by its own elasticity to GDP (`gdp_loading`).

World output falls by 2 % in the Bank of England's stress test of 2025 and by 3 % in that of 2024, in years in
which it would have grown by about 3 %: some 5 to 6 % below its path; that of the UK falls by 5 % in both.
""",
    source=(
        "https://www.bankofengland.co.uk/news/2025/march/boe-launches-the-2025-bank-capital-stress-test; "
        "growth of the world without it: assumption"
    ),
)

EVENTS = (CAPEX_CUT, CHEAPER_TOKENS, CUSTOMER_LOST, FUNDING_SHUT, LISTING_WINDOW, RECESSION)
"""All of them, by name."""

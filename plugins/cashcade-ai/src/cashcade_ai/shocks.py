"""Pricing shocks of the AI economy.

Every one of size zero changes nothing. Whom they hit is chosen by tags (`lab`, `app`, `neocloud`), so that
they fit any world that uses these words; a company by its id where one is given.
"""

from collections.abc import Iterator
from typing import cast

from cashcade.rules import (
    Entities,
    PricingShock,
    Rule,
    ShockParameter,
    Value,
    add,
    commitments,
    companies,
    contracts,
    exp,
    for_good,
    loans,
    log,
    market,
    minimum,
    month,
    number,
    once,
    scale,
    segments,
)

from cashcade_ai.timing import after_years, from_month, in_unit, lasting, years_since

SELLER = ShockParameter("seller", "", "text", meaning="Id of the lab; nothing: all with the tag lab.")

START = from_month(4.0)


def _whose(name: str, tag: str) -> Entities:
    """Return the company named, or all with the tag."""
    return companies(name) if name else companies(tag=tag)


def stated(entities: Entities, name: str) -> Value:
    """Return what the world says of a number."""
    return cast("Value", getattr(entities.stated, name))


def _api_price_rise(  # noqa: PLR0913 - the parameters of the shock
    *,
    seller: str,
    rise: Value,
    priority: Value,
    premium: Value,
    commitment: Value,
    months: Value,
    start: Value,
) -> Iterator[Rule]:
    sellers = _whose(seller, "lab")
    span = in_unit(months, "months")
    risen = minimum(month - start + 1, span) / span
    price = (1 + rise * risen) * (1 + priority * premium)
    owed = commitments(contract=contracts(supplier=sellers, may_be_empty=True), may_be_empty=True)
    actions = [scale(sellers.list_level, price), scale(owed.amount, 1 + commitment)]
    yield Rule("api-price-rise", month >= start, actions, hold=for_good())


API_PRICE_RISE = PricingShock(
    name="api-price-rise",
    title="A lab raises the price of its API, with tiers and larger commitments",
    build=_api_price_rise,
    parameters=(
        SELLER,
        ShockParameter("rise", 0.5, "fraction", 0.0, 10.0, "Rise of the list price.", neutral=0.0),
        ShockParameter(
            *("priority", 0.2, "fraction", 0.0, 1.0, "Share of use that moves to the priority tier."),
            neutral=0.0,
        ),
        ShockParameter(
            "premium", 0.8, "fraction", 0.0, 10.0, "Price of the priority tier over the list price."
        ),
        ShockParameter(
            *("commitment", 0.25, "fraction", 0.0, 10.0, "Rise of what customers commit to."), neutral=0.0
        ),
        ShockParameter("months", 1.0, "months", 1.0, 120.0, "Months over which the list price rises."),
        START,
    ),
    doc="""
From month `start` on the list price rises by `rise`, in even steps over `months`, for good. A share
`priority` of use moves to a tier that costs `premium` more, because the ordinary one is limited: the average
price is `(1 + rise) * (1 + priority * premium)`. Commitments that exist grow by `commitment`; as they are
owed at the seller's price, they rise with it too. Contracts without a commitment get none.

Prices of tokens seldom rise in the open; more often the same money buys less: Cursor's plan of June 2025
bought 225 requests where it had bought 500, a rise of 1.2. Default: half as much again, an assumption.
""",
    source=(
        "Priority tier at 1.8 of the standard price: https://hivebook.wiki/wiki/gemini-2-5-google-s-multimodal-"
        "flagship-family; Cursor: https://blog.kilocode.ai/p/the-ai-pricing-bait-and-switch; sizes: "
        "assumption"
    ),
)


def _usage_billing(tag: str, switch: Value, step: Value, attention: Value, start: Value) -> Iterator[Rule]:
    apps = companies(tag=tag)
    actions = [
        add(apps.pass_through, switch * (1 - stated(apps, "pass_through"))),
        add(apps.price_lag, switch * (number(1, "months") - stated(apps, "price_lag"))),
        scale(apps.service_cut, 1 - switch),
        scale(apps.list_level, 1 + step),
        scale(segments(seller=apps, may_be_empty=True).elasticity, 1 + attention),
    ]
    yield Rule("usage-billing", month >= start, actions, hold=for_good())


USAGE_BILLING = PricingShock(
    name="usage-billing",
    title="Applications move from flat rates to billing by use",
    build=_usage_billing,
    parameters=(
        ShockParameter("tag", "app", "text", meaning="Tag of the companies that switch."),
        ShockParameter(
            *("switch", 1.0, "fraction", 0.0, 1.0, "How far: 0 flat rates as before, 1 all by use."),
            neutral=0.0,
        ),
        ShockParameter(
            *("step", 0.1, "fraction", -0.9, 10.0, "Rise of what the average user pays at once."), neutral=0.0
        ),
        ShockParameter(
            *("attention", 0.25, "fraction", 0.0, 10.0, "Rise of the elasticity: users see a meter."),
            neutral=0.0,
        ),
        START,
    ),
    doc="""
From month `start` on the cost of the model reaches users in full and within a month (`pass_through` and
`price_lag` move to 1 by the share `switch`), and no longer as worse service. The average user pays `step`
more at once: those who used far more than they paid for pay for it. Users who see a meter answer more to
prices: elasticity rises by `attention`.

Cursor did so on 16 June 2025: 500 requests became 20 dollars' worth, about 225 of the usual model; heavy
users paid a multiple. A twentieth of Anthropic's subscribers met its weekly limits of July 2025. A step of
1.2 for a tenth of users is 0.12 on average: the default of 0.1 is an assumption, as is that of `attention`.
""",
    source=(
        "https://news.najib.digital/clarifying-our-pricing-35066.html; "
        "https://blog.kilocode.ai/p/the-ai-pricing-bait-and-switch; "
        "https://jwatte.com/blog/reading-ai-subscription-usage-caps/; sizes: assumption"
    ),
)


def _token_price_collapse(seller: str, fall: Value, months: Value, start: Value) -> Iterator[Rule]:
    sellers = _whose(seller, "lab")
    level = after_years(fall, years_since(start, months))
    yield Rule("token-price-collapse", month >= start, scale(sellers.list_level, level), hold=for_good())


TOKEN_PRICE_COLLAPSE = PricingShock(
    name="token-price-collapse",
    title="Prices of tokens collapse",
    build=_token_price_collapse,
    parameters=(
        SELLER,
        ShockParameter("fall", 0.8, "fraction", 0.0, 0.999, "Fall of the list price in a year.", neutral=0.0),
        ShockParameter("months", 12.0, "months", 0.0, 120.0, "Months over which it falls."),
        START,
    ),
    doc="""
From month `start` on the list price falls at a steady rate, by the share `fall` in a year, for `months`;
then it stays. Volume answers by the elasticity of each segment and the routing of each contract; costs of
the seller do not fall with the price, so the shock is one of competition, not of progress.

OpenAI cut one model by 80 % in a day in June 2025, the default for a year. Prices of a given ability fell
ninefold to nine hundredfold a year (Epoch AI) or tenfold (a16z), but what users pay fell less, since they
moved to newer models.
""",
    source=(
        "https://epoch.ai/data-insights/llm-inference-price-trends; "
        "https://a16z.com/llmflation-llm-inference-cost; "
        "o3: https://aitoolrate.com/blog/2025-guide-how-much-does-openais-o3-model-cost-per-generation-explained"
    ),
)


def _cost_of_capital(rate: Value, spread: Value, months: Value, start: Value) -> Iterator[Rule]:
    spreads = (market.spread_open, market.spread_normal, market.spread_shut)
    share = in_unit(spread, "1/year") / number(1, "1/year")
    dearer = exp(-stated(market, "refinance_spread") * share)
    actions = [add(market.base_rate, rate), *(add(each, spread) for each in spreads)]
    actions.append(scale(loans(may_be_empty=True).refinance_chance, dearer))
    yield Rule("cost-of-capital", lasting(start, months), actions)


COST_OF_CAPITAL = PricingShock(
    name="cost-of-capital",
    title="Rates and credit spreads rise",
    build=_cost_of_capital,
    parameters=(
        ShockParameter("rate", 0.02, "1/year", 0.0, 0.2, "Rise of the base rate.", neutral=0.0),
        ShockParameter("spread", 0.02, "1/year", 0.0, 0.2, "Rise of the credit spread.", neutral=0.0),
        ShockParameter("months", 24.0, "months", 0.0, 1200.0, "Months for which it lasts."),
        START,
    ),
    doc="""
For `months` from month `start` on floating loans pay `rate` + `spread` more; loans at fixed rates do not.
Every loan that falls due is harder to refinance: `spread` counts as if it were above that of normal times
(`refinance_spread` of the market). What it does to valuations and to rounds is left to the funding regime:
set `market.regime` beside it. Most debt of the AI world has a fixed rate and falls due late, so that the
rise reaches it slowly.

The base rate rose by 4.25 points in 2022; the spread of high-yield bonds was 2.75 points in August 2025,
near its lowest of 2.4, and 21.8 at its highest, in December 2008. Two points each are the debt-cycle preset
of this project.
""",
    source=(
        "https://fred.stlouisfed.org/series/FEDFUNDS; https://fred.stlouisfed.org/series/BAMLH0A0HYM2; "
        "sizes: assumption"
    ),
)


def _gpu_rents(jump: Value, passed: Value, start: Value, tag: str) -> Iterator[Rule]:
    fading = exp(log(1 - stated(market, "gpu_reversion")) * 12 * years_since(start + 1, 1200.0))
    clouds = companies(tag=tag, may_be_empty=True)
    yield Rule("index", month >= start, add(market.gpu_log, jump), hold=once())
    rents = scale(clouds.list_level, exp(jump * passed * fading))
    yield Rule("rents", month >= start, rents, hold=for_good())


def _gpu_slump(fall: Value, passed: Value, start: Value, tag: str) -> Iterator[Rule]:
    return _gpu_rents(log(1 - fall), passed, start, tag)


def _gpu_spike(rise: Value, passed: Value, start: Value, tag: str) -> Iterator[Rule]:
    return _gpu_rents(log(1 + rise), passed, start, tag)


PASSED = ShockParameter(
    "passed", 1.0, "fraction", 0.0, 1.0, "Part of it that list prices of the clouds follow."
)
CLOUDS = ShockParameter("tag", "neocloud", "text", meaning="Tag of the companies whose list prices follow.")
GPU_DOC = """
In month `start` the GPU rental index {moves} at once, and from there goes back to its trend as the market
of the world says (`gpu_reversion`). Fleets that follow the index are worth that much {more}. List prices of
companies with the tag follow by the share `passed` and fade as the index does; contracts that are not
linked to the price keep theirs.

{history}
"""
GPU_SOURCE = (
    "https://neighborhoodsf.com/Wikis/Neighborhood+Notes/Published/H100+rental+prices+(%24+per+GPU-hour)"
)

GPU_SLUMP = PricingShock(
    name="gpu-slump",
    title="GPU rents slump",
    build=_gpu_slump,
    parameters=(
        ShockParameter("fall", 0.44, "fraction", 0.0, 0.99, "Fall of the rental index.", neutral=0.0),
        PASSED,
        START,
        CLOUDS,
    ),
    doc=GPU_DOC.format(
        moves="falls by `fall`",
        more="less",
        history="AWS cut its rent by 44 % in one step in June 2025, the default; rents of the H100 fell by "
        "64 to 79 % in two years.",
    ),
    source=GPU_SOURCE,
)

GPU_SPIKE = PricingShock(
    name="gpu-spike",
    title="GPU rents spike",
    build=_gpu_spike,
    parameters=(
        ShockParameter("rise", 0.5, "fraction", 0.0, 10.0, "Rise of the rental index.", neutral=0.0),
        PASSED,
        START,
        CLOUDS,
    ),
    doc=GPU_DOC.format(
        moves="rises by `rise`",
        more="more",
        history="At the peak of scarcity in 2023 rents of the H100 were 8 dollars an hour, about four times "
        "what they were two years later; a rise by half, the default, is an assumption well within that.",
    ),
    source=GPU_SOURCE,
)

PRICING_SHOCKS = (API_PRICE_RISE, COST_OF_CAPITAL, GPU_SLUMP, GPU_SPIKE, TOKEN_PRICE_COLLAPSE, USAGE_BILLING)
"""All of them, by name."""

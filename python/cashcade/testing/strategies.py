"""Hypothesis strategies: small valid worlds with every kind of entry."""

import functools
from typing import Any

from hypothesis import strategies as st

from cashcade.world import World
from cashcade.world.kinds import HELD, SECTIONS
from cashcade.world.market import Market
from cashcade.world.origin import Origin
from cashcade.world.parameter import LARGEST, Parameter, parameters_of
from cashcade.world.record import Record, attributes_of

NOISE = frozenset(
    {
        *(
            "cost_volatility",
            "volatility",
            "common_volatility",
            "gpu_volatility",
            "gpu_jump_chance",
            "sentiment",
            "patience_hazard",
        ),
        *("growth_volatility", "break_hazard", "value_volatility", "index_volatility"),
        *("capex_volatility", "capex_noise"),
        *(
            "open_to_normal",
            "open_to_shut",
            "normal_to_open",
            "normal_to_shut",
            "shut_to_open",
            "shut_to_normal",
        ),
        *("window_opens_open", "window_opens_normal", "window_opens_shut"),
        *("window_closes_open", "window_closes_normal", "window_closes_shut"),
        *("refinance_chance", "round_runway", "windows", "round_offers", "sudden_failure"),
    }
)
"""Volatilities, chances, and what asks luck at a refinancing or a round: zero where noise is off."""

CALM: dict[str, tuple[float, float]] = {
    "1/year": (-2.0, 2.0),
    "1/sqrt(year)": (0.0, 1.0),
    "months": (0.0, 60.0),
    "month": (1.0, 60.0),
}
"""Narrower bounds by unit: what a world can plausibly say in a run of a few years."""

COMPARED = frozenset(
    {"share", "fraction", "fleet_collateral", "interest_only", "maturity", "balance", "undrawn", "month"}
)
"""Parameters that checks compare with others: never ranges here."""

MONTHS = st.integers(1, 60)
"""Months of a run of five years."""

COMPANIES = ("ada", "bob", "cyd", "dee", "eli", "fay")
"""Ids of the companies; a world takes the first few."""


@functools.cache
def amounts(low: float = 0.0, high: float = 1e12) -> st.SearchStrategy[float]:
    """Return amounts spread evenly over magnitudes from 1 to 1e12, within bounds; zero if `low` allows."""
    digits = st.integers(100, 999)
    magnitudes = st.integers(-2, 9)
    spread = st.builds(lambda digit, power: float(digit) * 10.0**power, digits, magnitudes)
    inside = spread.map(lambda amount: min(max(amount, low), high))
    return st.one_of(st.just(0.0), inside) if low == 0 else inside


@functools.cache
def values(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Return values of a parameter within its bounds: words for codes, whole numbers for months."""
    if parameter.words:
        return st.sampled_from([word for word, _ in parameter.words])
    if parameter.unit == "flag":
        return st.booleans()
    if parameter.high == LARGEST:
        return amounts(parameter.low)
    low, high = CALM.get(parameter.unit, (parameter.low, parameter.high))
    low, high = max(low, parameter.low), min(high, parameter.high)
    if parameter.unit in {"month", "months"}:
        return st.integers(int(-(-low // 1)), int(high)).map(float)
    return steps(low, high)


@functools.cache
def steps(low: float, high: float) -> st.SearchStrategy[float]:
    """Return a thousand numbers at equal distances from `low` to `high`."""
    return st.integers(0, 1000).map(lambda step: min(low + (high - low) * step / 1000, high))


@st.composite
def quantities(draw: st.DrawFn, parameter: Parameter) -> Any:  # noqa: ANN401 - a number, word, flag or range
    """Return a value of a parameter in one of the forms that files may use, ranges included."""
    value = values(parameter)
    fixed = parameter.unit in {"code", "flag"}
    forms = ["plain", "stated"] if fixed else ["plain", "stated", "choices", "triangular", "normal"]
    form = draw(st.sampled_from(forms), label="form")
    if form == "plain":
        return draw(value, label="value")
    if form == "stated":
        return {"value": draw(value, label="value"), "source": "assumption", "confidence": "low"}
    if form == "choices":
        chosen = draw(st.lists(value, min_size=1, max_size=3), label="choices")
        weights = draw(
            st.lists(st.floats(0.1, 1), min_size=len(chosen), max_size=len(chosen)), label="weights"
        )
        return {"choices": chosen, "weights": weights}
    if form == "triangular":
        low, mode, high = sorted(draw(st.tuples(value, value, value), label="corners"))
        return {"value": mode, "low": low, "high": high}
    return {"mean": draw(value, label="mean"), "sd": draw(amounts(0, parameter.high), label="sd")}


@functools.cache
def _some_of(names: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=8, unique=True)


@st.composite
def fields(draw: st.DrawFn, model: type[Record], label: str, *, noise: bool, ranges: bool) -> dict[str, Any]:
    """Return a few of the parameters of a record, those it needs always."""
    parameters = parameters_of(model)
    quiet = frozenset() if noise else NOISE & parameters.keys()
    needed = [name for name, key in attributes_of(model).items() if model.model_fields[key].is_required()]
    spoken = {
        *needed,
        *draw(_some_of(tuple(sorted(parameters))), label=f"what {label} says"),
    } & parameters.keys() - quiet
    result: dict[str, Any] = {
        name: False if parameters[name].unit == "flag" else 0.0 for name in sorted(quiet)
    }
    for name in sorted(spoken):
        strategy = values(parameters[name])
        if ranges and name not in COMPARED:
            strategy = quantities(parameters[name])
        result[name] = draw(strategy, label=f"{label}.{name}")
    return result


@st.composite
def worlds(
    draw: st.DrawFn,
    *,
    companies: tuple[int, int] = (1, 6),
    noise: bool = True,
    links: bool = True,
    ranges: bool = False,
) -> World:
    """Return small valid worlds.

    Every kind of entry appears, amounts spread over magnitudes, and every draw has a label.

    Parameters
    ----------
    companies
        Least and greatest number of companies, from 1 to 6.
    noise
        Whether volatilities and chances may be above zero. Without noise a run has no luck: regimes stay,
        refinancing always fails and no rounds are tried.
    links
        Whether companies are linked: without, there are no contracts, and loans, stakes and pledges only with
        capital outside, and no vendor of the network is paid for capex.
    ranges
        Whether numbers may be ranges, so that draws differ.
    """
    count = draw(st.integers(*companies), label="number of companies")
    ids = COMPANIES[:count]
    sections = Sections(draw, ids, noise=noise, links=links and count > 1, ranges=ranges)
    return World.from_raw(sections.raw(), Origin("a drawn world"))


class Sections:
    """Draws the sections of a world one after the other."""

    def __init__(
        self, draw: st.DrawFn, ids: tuple[str, ...], *, noise: bool, links: bool, ranges: bool
    ) -> None:
        self.draw, self.ids, self.links = draw, ids, links
        self.options = {"noise": noise, "ranges": ranges}

    def raw(self) -> dict[str, Any]:
        """Return the sections as a file has them."""
        companies = [{"id": name, **self.fields("company", name)} for name in self.ids]
        segments = self.entries("segment", ("seller",))
        raw = {
            "world": {"name": "drawn", "date": "2025-08-31"},
            "market": self.market(),
            "company": companies,
            "segment": segments,
            "recapture": self.recaptures([segment["id"] for segment in segments]),
            "contract": [
                self.contract(entry) for entry in self.entries("contract", ("customer", "supplier"))
            ],
            "loan": [self.loan(entry) for entry in self.entries("loan", ("borrower", "lender"))],
            "pledge": self.entries("pledge", ("company", "investor")),
            "fleet": [self.fleet(entry) for entry in self.entries("fleet", ("owner",))],
        }
        return raw | {"stake": self.stakes()}

    def fields(self, section: str, label: str) -> dict[str, Any]:
        """Return parameters of an entry of a section."""
        model = SECTIONS[section] if section in SECTIONS else HELD[section].model
        return self.draw(fields(model, label, **self.options))

    def market(self) -> dict[str, Any]:
        """Return the market, with chances to leave a regime that add up to one at most."""
        market = self.draw(fields(Market, "market", **self.options))
        for name, value in market.items():
            if "_to_" in name:
                market[name] = value / 2 if isinstance(value, float) else 0.01
        return market

    def entries(self, section: str, ends: tuple[str, ...]) -> list[dict[str, Any]]:
        """Return entries between companies; the second end may be outside, and must be without links."""
        pairs = self.pairs(ends)
        most = min(2 * len(self.ids), len(pairs), 6)
        some = (
            st.lists(st.sampled_from(pairs), unique=True, min_size=1, max_size=most) if pairs else st.just([])
        )
        result = []
        for number, pair in enumerate(self.draw(some, label=section)):
            name = f"{section}-{number}"
            result.append({"id": name, **dict(zip(ends, pair, strict=True)), **self.fields(section, name)})
        return result

    def pairs(self, ends: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Return the ends that entries may have."""
        if len(ends) == 1:
            return [(name,) for name in self.ids]
        inside = [(left, right) for left in self.ids for right in self.ids if left != right and self.links]
        outside = [(name, "capital") for name in self.ids] if ends[1] != "supplier" else []
        return [*inside, *outside]

    def recaptures(self, segments: list[str]) -> list[dict[str, Any]]:
        """Return recapture links, at most two from a segment, of at most a half each."""
        pairs = [(left, right) for left in segments for right in segments if left != right and self.links]
        if not pairs:
            return []
        share = steps(0, 0.5)
        chosen = self.draw(
            st.lists(st.sampled_from(pairs), unique=True, min_size=1, max_size=4), label="recapture"
        )
        kept = _two_each(chosen)
        shares = [self.draw(share, label="recaptured share") for _ in kept]
        linked = zip(kept, shares, strict=True)
        return [{"from": left, "to": right, "share": part} for (left, right), part in linked]

    def contract(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Add commitments whose months are in order."""
        count = self.draw(st.integers(0, 2), label="number of commitments")
        commitments = []
        for _ in range(count):
            first, last = sorted(self.draw(st.tuples(MONTHS, MONTHS), label="committed months"))
            amount = self.draw(amounts(high=1e10), label="commitment")
            commitments.append({"amount": amount, "first_month": first, "last_month": last})
        return entry | {"commitments": commitments}

    def loan(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Add terms that fit each other: repayments within the balance, no more collateral than there is."""
        maturity = self.draw(st.integers(1, 60), label="maturity")
        free = self.draw(st.integers(0, maturity), label="interest only")
        pledged = self.draw(steps(0, 0.1), label="fleet collateral")
        fits = {"maturity": maturity, "interest_only": free, "fleet_collateral": pledged}
        kinds = st.sampled_from(["bullet", "linear", "annuity", "schedule"])
        amortisation = self.draw(kinds, label="amortisation")
        repayments: list[dict[str, Any]] = []
        if amortisation == "schedule":
            month = self.draw(st.integers(1, maturity), label="repayment month")
            repayments = [{"month": month, "amount": entry["balance"] / 2}]
        return entry | fits | {"amortisation": amortisation, "repayments": repayments}

    def stakes(self) -> list[dict[str, Any]]:
        """Return stakes of which none adds up to the whole, so that no circle owns itself."""
        stakes = self.entries("stake", ("issuer", "holder"))
        return [stake | {"fraction": self.draw(steps(0, 0.15), label="fraction")} for stake in stakes]

    def fleet(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Add orders from vendors of the network, at most two of at most a half each."""
        vendors = [name for name in self.ids if name != entry["owner"] and self.links]
        some = st.lists(st.sampled_from(vendors), unique=True, max_size=2) if vendors else st.just([])
        chosen = self.draw(some, label="vendors")
        shares = [self.draw(steps(0, 0.5), label="order") for _ in chosen]
        orders = [{"vendor": vendor, "share": share} for vendor, share in zip(chosen, shares, strict=True)]
        return entry | {"orders": orders}


def _two_each(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs without the third and later ones that begin alike."""
    starts = [left for left, _ in pairs]
    return [pair for place, pair in enumerate(pairs) if starts[:place].count(pair[0]) < 2]

//! Phase 12: values of companies that move with what they are expected to earn, less what they owe.

use crate::block::Block;
use crate::carry;
use crate::column::{LANES, ONES, Row, ZERO, zeros};
use crate::draw::{Stream, normals};
use crate::limits::{INDEX_LIMIT, MOST};
use crate::model::apart::apart;
use crate::model::{bills, construction, debt, listed};
use crate::needed::Needed;
use crate::pack::{Operand, Pack, Packs, pack_or, packs};
use crate::plan::{Groups, Plan};
use crate::rounding::LEAST;
use crate::scratch::Keep;
use crate::world::World;
use pulp::{Scalar, Simd};
use std::f64::consts::LN_2;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* value {
            parameters {
                company {
                    market_value: Usd, 0.0, LARGEST, Some(0.0), false, "Value of all its shares at the start; 0: that of the last round, else by the multiple of revenue.", off 0.0;
                    target_margin: Fraction, 0.0, 1.0, Some(0.0), true, "Margin after serving cost and depreciation that investors expect in the long run; 0: that of the start.", off 0.0;
                    outlook_half_life: Months, 0.1, 1200.0, Some(24.0), false, "Months in which investors expect half of the way from margin and growth of today to those of the long run.";
                    beta: Ratio, -10.0, 10.0, Some(1.0), true, "Loading of the log of its enterprise value on what moves the prices of all shares.";
                    window_loading: Ratio, 0.0, 10.0, Some(1.0), true, "Elasticity of its enterprise value to the multiple of the funding regime.";
                    value_volatility: PerRootYear, 0.0, 5.0, Some(0.0), true, "Volatility of its enterprise value at unchanged earnings and market.";
                    value_half_life: Months, 0.1, 1200.0, Some(24.0), true, "Months in which half of what that did to the value is gone.";
                    price_impact: Ratio, 0.0, 20.0, Some(0.0), true, "Fall of the log of its enterprise value for new listed shares of as much as all are worth.";
                }
                market {
                    discount_rate: PerYear, 0.001, 1.0, Some(0.1), false, "Rate at which investors discount what comes later.";
                }
            }
            variables {
                company {
                    enterprise_value: Usd, None, "Enterprise value.", |plan, _| plan.on.value.any;
                    expected_margin: Ratio, None, "Margin that investors expect, by the weights of today and of the long run.", |plan, _| plan.on.value.any;
                    mispricing: Ratio, Some([-INDEX_LIMIT, INDEX_LIMIT]), "Log of what moves its enterprise value alone, before its compensator.";
                    idle_commitments: Usd, None, "Commitments of five years beyond what it is expected to need, discounted.", |plan, _| plan.on.value.any;
                    diluted: Fraction, None, "Part that the shares of the start still are of all shares.", |plan, _| plan.on.value.any || plan.moved.conversions;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the company is valued by what it is expected to earn.
    pub valued: Vec<bool>,
    /// Whether any is.
    pub any: bool,
    /// Whether its value has a noise of its own.
    pub noisy: Vec<bool>,
    /// Contracts with commitments, by customer.
    pub committed: Groups,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let (p, k) = (&world.parameters, &world.links);
        let zero = |value: f64| value == 0.0;
        let c = &p.company;
        let companies = 0..c.cash.len();
        let valued: Vec<bool> =
            companies.clone().map(|i| !(c.market_value.all(i, zero) && c.target_margin.all(i, zero))).collect();
        Self {
            any: valued.contains(&true),
            noisy: companies.map(|i| valued[i] && !c.value_volatility.all(i, zero)).collect(),
            valued,
            committed: Groups::new(c.cash.len(), &k.contract.customer, |e| {
                k.commitment.contract.iter().any(|&of| of as usize == e)
            }),
        }
    }
}

/// A company at the start.
#[derive(Clone, Copy, Debug)]
struct First {
    /// Sales to segments, customers and owners of fleets.
    revenue: Row,
    /// Enterprise value.
    enterprise: Row,
    /// Value of the shares less net cash where that is below 0.
    gap: Row,
    /// Margin.
    margin: Row,
    /// Rise of the target that makes the expected margin one that explains the value.
    lift: Row,
    /// Expected margin.
    expected: Row,
    /// Books of fleets that are built for contracts.
    books: Row,
    /// Whether it is valued so.
    valued: Row,
}

const UNKNOWN: First = First {
    revenue: ZERO,
    enterprise: ZERO,
    gap: ZERO,
    margin: ZERO,
    lift: ZERO,
    expected: ZERO,
    books: ZERO,
    valued: ZERO,
};

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Bills of use that follows research, by customer.
    pub research: Vec<Row>,
    /// The level at which the answer of volume to price settles, by segment.
    pub settles: Vec<Row>,
    /// The start, by company.
    first: Vec<First>,
    /// Organic revenue over that of the start, smoothed over a year.
    smooth: Vec<Row>,
    /// The same over a quarter.
    recent: Vec<Row>,
    /// Variance of the mispricing.
    variance: Vec<Row>,
    /// Value of all shares in the month before.
    worth: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let count = if plan.on.value.any { plan.counts.companies } else { 0 };
        let companies = || zeros(ZERO, count);
        Self {
            research: companies(),
            first: vec![UNKNOWN; count],
            smooth: companies(),
            recent: companies(),
            settles: if plan.on.value.any { zeros(ONES, plan.counts.segments) } else { Vec::new() },
            variance: companies(),
            worth: companies(),
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.research.fill(ZERO);
        self.variance.fill(ZERO);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.smooth, visit);
        carry::rows(&mut self.recent, visit);
        carry::rows(&mut self.variance, visit);
        carry::rows(&mut self.worth, visit);
    }
}

/// Least margin that explains the value of the start.
const LEAST_MARGIN: f64 = 0.05;

/// Bounds of the margin of a month.
const MARGIN: [f64; 2] = [-1e3, 1.0];

/// Least margin of the start that counts, and later of whose is no more at the start.
const LEAST_TODAY: f64 = -0.5;

/// Bounds of the multiple of the funding regime over that of the start.
const WINDOW: [f64; 2] = [1e-3, 1e3];

/// Bounds of what growth does to the value.
const PREMIUM: [f64; 2] = [0.2, 5.0];

/// Months over which organic revenue is smoothed.
const SMOOTHED: f64 = 12.0;

/// Months of sales that investors look at.
const SEEN: f64 = 3.0;

/// Most that the average of a quarter may be of that of a year: beyond it, growth is at its limit anyway.
const MOST_RATIO: f64 = 3.0;

/// Bounds of its growth.
const GROWTH: [f64; 2] = [-1.0, 3.0];

/// Years of commitments that count.
const YEARS: usize = 5;

/// Values a company at the start: at the price of its shares, else at that of the last round, else as the multiple has it.
pub fn start(block: &mut Block<'_>, i: usize, revenue: &Row) {
    let s = Scalar::new();
    let owed = debt::owed(s, block, i);
    let (bills, need) = first_bills(block, i);
    let growth = block.derived.growth.row(i).map(|growth| growth.clamp(GROWTH[0], GROWTH[1]));
    let coming = coming(s, block, i, 0);
    let idle = idle(s, block, i, 0, [&need, &growth]);
    let books = built(s, block, i, 0);
    let (p, d) = (&block.parameters.company, &block.derived);
    let mut first = UNKNOWN;
    (first.revenue, first.books) = (*revenue, books);
    let mut written = ZERO;
    for &f in block.plan.fleets.of(i) {
        let depreciation = d.depreciation.row(f as usize);
        written = Row::from_fn(|l| written[l] + depreciation[l]);
    }
    for k in packs::<Scalar>() {
        let (weight, c) = (weight(s, block, i, k), &mut block.state.company);
        let (market, target) = (p.market_value.of(i).pack(s, k), p.target_margin.of(i).pack(s, k));
        let valued = market.above(0.0) | target.above(0.0);
        let (last, by_multiple) = (p.last_valuation.of(i).pack(s, k), c.valuation[i].pack(s, k));
        let unlisted = last.above(0.0).choose(last, by_multiple);
        let worth = market.above(0.0).choose(market, unlisted);
        let enterprise = worth + owed.pack(s, k) + idle.pack(s, k) - c.cash[i].pack(s, k);
        let sales = revenue.pack(s, k) + coming.pack(s, k);
        let cost = p.variable_cost.of(i).pack(s, k) * sales + bills.pack(s, k) + written.pack(s, k);
        let margin = margin(sales, cost, d.least_burn.of(i).pack(s, k)).at_least(LEAST_TODAY);
        let wanted = target.above(0.0).choose(target, margin);
        let lift = ((LEAST_MARGIN - weight * margin) / (1.0 - weight) - wanted).at_least(0.0);
        let expected = weight * margin + (1.0 - weight) * (wanted + lift);
        first.enterprise.put_where(k, valued, enterprise.at_least(0.0));
        first.gap.put_where(k, valued, enterprise.at_most(0.0));
        first.margin.put_where(k, valued, margin);
        first.lift.put_where(k, valued, lift);
        first.expected.put_where(k, valued, expected);
        first.valued.put_where(k, valued, 1.0.packed(s));
        c.valuation[i].put_where(k, valued, worth);
        c.enterprise_value[i].put_where(k, valued, enterprise.at_least(0.0));
        c.expected_margin[i].put_where(k, valued, expected);
        c.idle_commitments[i].put_where(k, valued, idle.pack(s, k));
    }
    block.scratch.value.worth[i] = block.state.company.valuation[i];
    block.scratch.value.first[i] = first;
}

/// Values a company at the end of the month.
#[inline(always)]
pub fn appraise<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let growth = grow(s, block, i, month);
    let (built, settled) = (built(s, block, i, month), settled(s, block, i));
    let (bills, excess) = (&block.state.company.bills[i], &block.state.company.commitment_excess[i]);
    let need = Row::from_fn(|l| (bills[l] - excess[l]).max(0.0));
    let idle = idle(s, block, i, month, [&need, &growth]);
    let (owed, coming) = (debt::owed(s, block, i), coming(s, block, i, month));
    move_price(s, block, i, month);
    for k in packs::<S>() {
        let (expected, growth) = (expected(s, block, i, k, [&need, &coming]), growth.pack(s, k));
        let price = premium(s, block, i, k, growth) * window(s, block, i, k);
        let beta = block.parameters.company.beta.of(i).pack(s, k);
        let level = listed::level(s, block, k, beta) * own(s, block, i, k);
        let (c, x) = (&mut block.state.company, &mut block.scratch.value);
        let (first, valued, lives) = (&x.first[i], x.first[i].valued.pack(s, k).above(0.0), c.alive[i].pack(s, k));
        let sales = x.recent[i].pack(s, k) * ahead(growth, SEEN) * settled.pack(s, k);
        let factor = sales * (expected / first.expected.pack(s, k)) * price * level;
        let moved = first.enterprise.pack(s, k) * factor.at_most(MOST);
        let (books, built, idle) = (first.books.pack(s, k), built.pack(s, k), idle.pack(s, k));
        let enterprise = lives * listed::part(moved + (built - books), moved + built + books);
        let (assets, claims) = (enterprise + c.cash[i].pack(s, k), owed.pack(s, k) + idle - first.gap.pack(s, k));
        let worth = lives * listed::part(assets - claims, assets + claims);
        let mispricing = c.mispricing[i].pack(s, k) * lives;
        c.enterprise_value[i].put_where(k, valued, enterprise);
        c.expected_margin[i].put_where(k, valued, lives * expected);
        c.idle_commitments[i].put_where(k, valued, lives * idle);
        c.mispricing[i].put_where(k, valued, mispricing);
        c.valuation[i].put_where(k, valued, worth);
        x.worth[i].put_where(k, valued, worth);
    }
}

/// Books of the fleets of a company that are built for contracts, with what is under construction.
#[inline(always)]
fn built<S: Simd>(s: S, block: &Block<'_>, i: usize, month: u32) -> Row {
    let (d, mut sum) = (&block.derived, ZERO);
    for f in block.plan.fleets.of(i).iter().map(|&f| f as usize).filter(|&f| block.plan.on.construction.built[f]) {
        let (builds, oldest) = (&block.scratch.construction.builds[f], construction::oldest(block, f, month));
        for k in packs::<S>() {
            let (builds, lag) = (builds.pack(s, k), d.lag.of(f).pack(s, k));
            let (per_life, gone) = (1.0 / d.book_life.of(f).pack(s, k), lag + d.life.of(f).pack(s, k));
            let mut total = sum.pack(s, k);
            for back in 0..oldest {
                let (vintage, back) = (block.vintages[block.vintage(f, back)].pack(s, k), back as f64);
                let left = (1.0 - (back - lag + 1.0).at_least(0.0) * per_life).at_least(0.0);
                total += gone.above(back).choose(builds * vintage * left, 0.0);
            }
            sum.put(k, total);
        }
    }
    sum
}

/// Bills of the start: those of use that does not follow research, and all.
fn first_bills(block: &Block<'_>, i: usize) -> (Row, Row) {
    let (p, sold) = (&block.parameters.contract, block.derived.sold.row(i));
    let (mut serving, mut all) = (ZERO, ZERO);
    for &e in block.plan.purchases.of(i) {
        let e = e as usize;
        for l in 0..LANES {
            let bill = p.usage.at(e, l) + p.revenue_share.at(e, l) * sold[l];
            all[l] += bill;
            serving[l] += if p.follows.at(e, 0) == bills::RESEARCH { 0.0 } else { bill };
        }
    }
    (serving, all)
}

/// Margin of a revenue; none where that is a rounding of the size of the company, as what is left of cut sales may be.
#[inline(always)]
fn margin<S: Simd>(revenue: Pack<S>, cost: Pack<S>, least: Pack<S>) -> Pack<S> {
    revenue.above(least.at_least(LEAST)).choose((1.0 - cost / revenue).within(MARGIN), 0.0)
}

/// Weight of today in what is discounted at the rate of the market, where half of the way to the long run takes so many months.
#[inline(always)]
fn weight<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let half_life = block.parameters.company.outlook_half_life.of(i).pack(s, k);
    let rate = block.parameters.market.discount_rate.of(0).pack(s, k);
    rate / (rate + 12.0 * LN_2 / half_life)
}

/// Revenue at prices of the start, commitments apart, over that of the start.
#[inline(always)]
fn relative<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let (c, start) = (&block.state.company, block.derived.revenue.of(i).pack(s, k));
    let first = block.scratch.value.first[i].revenue.pack(s, k);
    let sales = start.above(LEAST).choose(c.activity[i].pack(s, k) * start, 0.0) + c.equipment_revenue[i].pack(s, k);
    first.above(LEAST).choose((sales / first).within([0.0, MOST]), 1.0)
}

/// Sales once users have answered to prices of today, over those of the month.
#[inline(always)]
fn settled<S: Simd>(s: S, block: &Block<'_>, i: usize) -> Row {
    let (state, x) = (&block.state.segment, &block.scratch.value);
    let (mut now, mut then) = (block.state.company.used[i], block.state.company.used[i]);
    for &g in block.plan.segments.of(i) {
        let g = g as usize;
        let (revenue, trend, response) = (block.parameters.segment.revenue.of(g), &state.trend[g], &state.response[g]);
        let settles = if block.plan.on.demand.elastic_segment[g] { &x.settles[g] } else { response };
        for k in packs::<S>() {
            let wanted = revenue.pack(s, k) * trend.pack(s, k);
            now.gain(k, wanted * response.pack(s, k));
            then.gain(k, wanted * settles.pack(s, k));
        }
    }
    let mut settled = ZERO;
    for k in packs::<S>() {
        let (now, then) = (now.pack(s, k), then.pack(s, k));
        settled.put(k, now.above(LEAST).choose((then / now).at_most(MOST), 1.0));
    }
    settled
}

/// Averages a month of organic revenue over a quarter and a year, and gives the growth that, if steady, would hold the two as far apart as they are.
#[inline(always)]
fn grow<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) -> Row {
    let mut growth = ZERO;
    for k in packs::<S>() {
        let (relative, start) = (relative(s, block, i, k), block.derived.growth.of(i));
        let x = &mut block.scratch.value;
        let (mut recent, mut smooth) = (x.recent[i].pack(s, k), x.smooth[i].pack(s, k));
        if month == 1 {
            let start = start.pack(s, k).within(GROWTH);
            (recent, smooth) = (1.0 / ahead(start, SEEN), 1.0 / ahead(start, SMOOTHED));
        }
        recent += (relative - recent) / SEEN;
        smooth += (relative - smooth) / SMOOTHED;
        x.recent[i].put(k, recent);
        x.smooth[i].put(k, smooth);
        // The ratio of the averages is SMOOTHED/SEEN if nothing was sold before, where growth has no bound.
        let ratio = (recent / smooth).at_most(MOST_RATIO);
        let decay = 3.0 * (4.0 - ratio) / (11.0 - 2.0 * ratio);
        growth.put(k, smooth.above(0.0).choose((-12.0 * decay.ln()).within(GROWTH), 0.0));
    }
    growth
}

/// Sales over their average of some months, under steady growth.
#[inline(always)]
fn ahead<S: Simd>(growth: Pack<S>, months: f64) -> Pack<S> {
    months * (1.0 - (1.0 - 1.0 / months) * (-growth / 12.0).exp())
}

/// Margin that investors expect, not below 0.
#[inline(always)]
fn expected<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize, [need, coming]: [&Row; 2]) -> Pack<S> {
    let (p, c, x) = (&block.parameters.company, &block.state.company, &block.scratch.value);
    let sales = c.segment_revenue[i].pack(s, k) + c.trade_revenue[i].pack(s, k);
    let revenue = sales + c.equipment_revenue[i].pack(s, k) + coming.pack(s, k);
    let serving = (need.pack(s, k) - x.research[i].pack(s, k)).at_least(0.0);
    let cost = p.variable_cost.of(i).pack(s, k) * revenue + serving + c.depreciation[i].pack(s, k);
    let now = margin(revenue, cost, block.derived.least_burn.of(i).pack(s, k));
    let (first, target) = (&x.first[i], p.target_margin.of(i).pack(s, k));
    let today = first.margin.pack(s, k);
    let now = today.above(LEAST_TODAY).choose(now, now.at_least(LEAST_TODAY));
    let target = target.above(0.0).choose(target, today) + first.lift.pack(s, k);
    let weight = weight(s, block, i, k);
    (weight * now + (1.0 - weight) * target).at_least(0.0)
}

/// Factor of growth beyond that of the start.
#[inline(always)]
fn premium<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize, growth: Pack<S>) -> Pack<S> {
    let faster = growth - block.derived.growth.of(i).pack(s, k).within(GROWTH);
    (block.parameters.company.growth_premium.of(i).pack(s, k) * faster).exp().within(PREMIUM)
}

/// Factor of the funding regime, against that of the start.
#[inline(always)]
fn window<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let p = &block.parameters.market;
    let (open, shut) = (p.value_open.of(0).pack(s, k), p.value_shut.of(0).pack(s, k));
    let regimes = [block.state.market.regime[0].pack(s, k), p.regime.of(0).pack(s, k)];
    let mut multiples = regimes;
    for multiple in &mut multiples {
        *multiple = multiple.equals(0.0).choose(open, multiple.equals(2.0).choose(shut, 1.0));
    }
    let [now, start] = multiples;
    let ratio = start.above(0.0).choose((now / start).within(WINDOW), 1.0);
    (block.parameters.company.window_loading.of(i).pack(s, k) * ratio.ln()).exp()
}

/// Factor of the company's own mispricing: its mean over paths is 1.
#[inline(always)]
fn own<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let log = block.state.company.mispricing[i].pack(s, k) - block.scratch.value.variance[i].pack(s, k) / 2.0;
    log.within([-INDEX_LIMIT, INDEX_LIMIT]).exp()
}

/// The mispricing fades and takes its shock; new shares press on the price, and dilute those of the start.
#[inline(always)]
fn move_price<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let noise = block.plan.on.value.noisy[i];
    let words = noise.then(|| block.draws.words(Stream::Value, block.addresses.company[i], month));
    let shock = words.map_or(ZERO, |words| normals(s, &words[0], &words[1])[0]);
    for k in packs::<S>() {
        let p = &block.parameters.company;
        let impact = p.price_impact.of(i).pack(s, k);
        let pressed = listed::is_listed(s, block, i, k).choose(impact, 0.0);
        let (c, x) = (&mut block.state.company, &mut block.scratch.value);
        let valued = x.first[i].valued.pack(s, k).above(0.0);
        let worth = x.worth[i].pack(s, k);
        let sells = c.alive[i].pack(s, k).above(0.0) & worth.above(0.0);
        let sold = sells.choose(c.raised[i].pack(s, k) / worth, 0.0);
        let keep = (-LN_2 / p.value_half_life.of(i).pack(s, k)).exp();
        let size = p.value_volatility.of(i).pack(s, k) * (1.0_f64 / 12.0).sqrt();
        let log = keep * c.mispricing[i].pack(s, k) + size * shock.pack(s, k) - pressed * sold;
        let variance = keep * keep * x.variance[i].pack(s, k) + size * size;
        let diluted = c.diluted[i].pack(s, k) / (1.0 + sold);
        c.mispricing[i].put_where(k, valued, log.within([-INDEX_LIMIT, INDEX_LIMIT]));
        x.variance[i].put_where(k, valued, variance);
        c.diluted[i].put_where(k, valued, diluted);
    }
}

/// Commitments of the five years after a month beyond what is expected to be needed, each year by itself, discounted.
#[inline(always)]
fn idle<S: Simd>(s: S, block: &Block<'_>, i: usize, month: u32, [need, growth]: [&Row; 2]) -> Row {
    let (contracts, mut idle) = (block.plan.on.value.committed.of(i), ZERO);
    if contracts.is_empty() {
        return idle;
    }
    let mut owed = [ZERO; YEARS];
    for &e in contracts {
        promise(s, block, e as usize, month, &mut owed);
    }
    let (half_life, rate) =
        (block.parameters.company.outlook_half_life.of(i), block.parameters.market.discount_rate.of(0));
    for k in packs::<S>() {
        let (half_life, rate) = (half_life.pack(s, k), rate.pack(s, k));
        let far = half_life / (12.0 * LN_2);
        for (year, owed) in owed.iter().enumerate() {
            let middle = 12.0 * year as f64 + 6.0;
            let grown = (growth.pack(s, k) * far * (1.0 - (-LN_2 * middle / half_life).exp())).exp();
            let beyond = (owed.pack(s, k) - 12.0 * need.pack(s, k) * grown).at_least(0.0);
            idle.gain(k, (-rate * middle / 12.0).exp() * beyond);
        }
    }
    idle
}

/// Take-or-pay that customers have signed, at its level of the five years after a month, beyond what they are billed.
#[inline(always)]
fn coming<S: Simd>(s: S, block: &Block<'_>, i: usize, month: u32) -> Row {
    let (c, d) = (&block.state.company, &block.derived);
    let (near, far) = (f64::from(month) + 1.0, f64::from(month) + 12.0 * YEARS as f64);
    let mut sum = ZERO;
    for &e in block.plan.sales.of(i) {
        let e = e as usize;
        let rows = block.plan.commitments.of(e);
        if rows.is_empty() {
            continue;
        }
        let (alive, kept) = (&c.alive[block.links.contract.customer[e] as usize], block.scratch.confidence.kept.get(e));
        for k in packs::<S>() {
            let (price, billed) = if month == 0 {
                (1.0.packed(s), block.parameters.contract.usage.of(e).pack(s, k))
            } else {
                (bills::price(s, block, e, k), block.scratch.bills.bills[e].pack(s, k))
            };
            let (mut total, mut begins, mut ends) = (0.0.packed(s), far.packed(s), near.packed(s));
            for &row in rows {
                let row = row as usize;
                let first = d.first_month.of(row).pack(s, k).at_least(near);
                let last = d.last_month.of(row).pack(s, k).at_most(far);
                let (over, amount) = (last.below(first), block.parameters.commitment.amount.of(row).pack(s, k));
                total = over.choose(total, total + amount * (last - first + 1.0));
                begins = over.choose(begins, first.at_most(begins));
                ends = over.choose(ends, last.at_least(ends));
            }
            let kept = pack_or(s, kept, k, 1.0);
            let signed = price * kept * total / (ends - begins + 1.0).at_least(1.0);
            sum.gain(k, alive.pack(s, k) * (signed - billed).at_least(0.0));
        }
    }
    sum
}

/// Adds the commitments under a contract with a living supplier, at its price of today, to those of each year to come.
#[inline(always)]
fn promise<S: Simd>(s: S, block: &Block<'_>, e: usize, month: u32, owed: &mut [Row; YEARS]) {
    let (p, d, supplier) = (&block.parameters.commitment, &block.derived, block.links.contract.supplier[e] as usize);
    let (kept, alive) = (block.scratch.confidence.kept.get(e), &block.state.company.alive[supplier]);
    for k in packs::<S>() {
        let price = if month == 0 { 1.0.packed(s) } else { bills::price(s, block, e, k) };
        let kept = pack_or(s, kept, k, 1.0);
        let part = alive.pack(s, k) * price * kept;
        for &row in block.plan.commitments.of(e) {
            let row = row as usize;
            let (first, last) = (d.first_month.of(row).pack(s, k), d.last_month.of(row).pack(s, k));
            let amount = part * p.amount.of(row).pack(s, k);
            for (year, sum) in owed.iter_mut().enumerate() {
                let before = f64::from(month) + 12.0 * year as f64;
                let months = (last.at_most(before + 12.0) - first.at_least(before + 1.0) + 1.0).at_least(0.0);
                sum.gain(k, amount * months);
            }
        }
    }
}

apart! {
    appraise_apart(s, block, i: usize, month: u32) -> () { appraise(s, block, i, month) }
}

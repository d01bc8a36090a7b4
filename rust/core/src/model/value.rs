//! Phase 12: values of companies that move with what they are expected to earn, less what they owe.

use crate::block::Block;
use crate::carry;
use crate::column::{LANES, ONES, Row, ZERO, zeros};
use crate::draw::{Stream, normals};
use crate::limits::{INDEX_LIMIT, MOST};
use crate::math::{exp, ln};
use crate::model::{bills, construction, debt, listed};
use crate::needed::Needed;
use crate::plan::{Groups, Plan, to_whole_months};
use crate::rounding::LEAST;
use crate::scratch::Keep;
use crate::world::World;
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
                    diluted: Fraction, None, "Part that the shares of the start still are of all shares.", |plan, _| plan.on.value.any;
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
    let owed = debt::owed(block, i);
    let (bills, need) = first_bills(block, i);
    let growth = block.derived.growth.row(i).map(|growth| growth.clamp(GROWTH[0], GROWTH[1]));
    let coming = coming(block, i, 0);
    let idle = idle(block, i, 0, &need, &growth);
    let books = built(block, i, 0);
    let (p, c) = (&block.parameters.company, &mut block.state.company);
    let mut first = UNKNOWN;
    (first.revenue, first.books) = (*revenue, books);
    let mut written = ZERO;
    for &f in block.plan.fleets.of(i) {
        let depreciation = block.derived.depreciation.row(f as usize);
        written = Row::from_fn(|l| written[l] + depreciation[l]);
    }
    for l in 0..LANES {
        let (market, target) = (p.market_value.at(i, l), p.target_margin.at(i, l));
        if market == 0.0 && target == 0.0 {
            continue;
        }
        let last = p.last_valuation.at(i, l);
        let unlisted = if last > 0.0 { last } else { c.valuation[i][l] };
        let worth = if market > 0.0 { market } else { unlisted };
        c.valuation[i][l] = worth;
        let enterprise = worth + owed[l] + idle[l] - c.cash[i][l];
        first.enterprise[l] = enterprise.max(0.0);
        first.gap[l] = enterprise.min(0.0);
        let sales = revenue[l] + coming[l];
        let cost = p.variable_cost.at(i, l) * sales + bills[l] + written[l];
        first.margin[l] = margin(sales, cost, block.derived.least_burn.at(i, l)).max(LEAST_TODAY);
        let weight = weight(p.outlook_half_life.at(i, l), block.parameters.market.discount_rate.at(0, l));
        let wanted = if target > 0.0 { target } else { first.margin[l] };
        let least = (LEAST_MARGIN - weight * first.margin[l]) / (1.0 - weight);
        first.lift[l] = (least - wanted).max(0.0);
        first.expected[l] = weight * first.margin[l] + (1.0 - weight) * (wanted + first.lift[l]);
        first.valued[l] = 1.0;
        c.enterprise_value[i][l] = first.enterprise[l];
        c.expected_margin[i][l] = first.expected[l];
        c.idle_commitments[i][l] = idle[l];
    }
    block.scratch.value.worth[i] = c.valuation[i];
    block.scratch.value.first[i] = first;
}

/// Values a company at the end of the month.
#[inline(never)]
pub fn appraise(block: &mut Block<'_>, i: usize, month: u32) {
    let first = block.scratch.value.first[i];
    let relative = relative(block, i, &first.revenue);
    let growth = grow(block, i, month, &relative);
    let (recent, built, settled) = (block.scratch.value.recent[i], built(block, i, month), settled(block, i));
    let (bills, excess) = (&block.state.company.bills[i], &block.state.company.commitment_excess[i]);
    let need = Row::from_fn(|l| (bills[l] - excess[l]).max(0.0));
    let idle = idle(block, i, month, &need, &growth);
    let (owed, coming) = (debt::owed(block, i), coming(block, i, month));
    move_price(block, i, month);
    for l in (0..LANES).filter(|&l| first.valued[l] > 0.0) {
        let lives = block.state.company.alive[i][l];
        let expected = expected(block, i, l, &first, [need[l], coming[l]]);
        let mut factor = recent[l] * ahead(growth[l], SEEN) * settled[l] * (expected / first.expected[l]);
        factor *= premium(block, i, l, growth[l]) * window(block, i, l);
        factor *= listed::level(block, block.parameters.company.beta.at(i, l), l) * own(block, i, l);
        let moved = first.enterprise[l] * factor.min(MOST);
        let enterprise = lives * listed::part(moved + (built[l] - first.books[l]), moved + built[l] + first.books[l]);
        let c = &mut block.state.company;
        let assets = enterprise + c.cash[i][l];
        let claims = owed[l] + idle[l] - first.gap[l];
        let worth = lives * listed::part(assets - claims, assets + claims);
        c.enterprise_value[i][l] = enterprise;
        c.expected_margin[i][l] = lives * expected;
        c.idle_commitments[i][l] = lives * idle[l];
        c.mispricing[i][l] *= lives;
        c.valuation[i][l] = worth;
        block.scratch.value.worth[i][l] = worth;
    }
}

/// Books of the fleets of a company that are built for contracts, with what is under construction.
fn built(block: &Block<'_>, i: usize, month: u32) -> Row {
    let p = &block.parameters.fleet;
    let mut sum = ZERO;
    for f in block.plan.fleets.of(i).iter().map(|&f| f as usize).filter(|&f| block.plan.on.construction.built[f]) {
        let builds = &block.scratch.construction.builds[f];
        let lag = Row::from_fn(|l| to_whole_months(p.lag.at(f, l)));
        let per_life = Row::from_fn(|l| 1.0 / to_whole_months(p.book_life.at(f, l)));
        let gone = Row::from_fn(|l| lag[l] + to_whole_months(p.economic_life.at(f, l)));
        for back in 0..construction::oldest(block, f, month) {
            let (vintage, back) = (&block.vintages[block.vintage(f, back)], back as f64);
            for l in 0..LANES {
                let left = (1.0 - (back - lag[l] + 1.0).max(0.0) * per_life[l]).max(0.0);
                sum[l] += if back < gone[l] { builds[l] * vintage[l] * left } else { 0.0 };
            }
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
fn margin(revenue: f64, cost: f64, least: f64) -> f64 {
    if revenue > least.max(LEAST) { (1.0 - cost / revenue).clamp(MARGIN[0], MARGIN[1]) } else { 0.0 }
}

/// Weight of today in what is discounted at a rate a year, where half of the way to the long run takes so many months.
fn weight(half_life: f64, rate: f64) -> f64 {
    rate / (rate + 12.0 * LN_2 / half_life)
}

/// Revenue at prices of the start, commitments apart, over that of the start.
fn relative(block: &Block<'_>, i: usize, first: &Row) -> Row {
    let (c, start) = (&block.state.company, block.derived.revenue.row(i));
    let (activity, equipment) = (&c.activity[i], &c.equipment_revenue[i]);
    Row::from_fn(|l| {
        let sales = if start[l] > LEAST { activity[l] * start[l] } else { 0.0 } + equipment[l];
        if first[l] > LEAST { (sales / first[l]).clamp(0.0, MOST) } else { 1.0 }
    })
}

/// Sales once users have answered to prices of today, over those of the month.
fn settled(block: &Block<'_>, i: usize) -> Row {
    let (revenue, state) = (&block.parameters.segment.revenue, &block.state.segment);
    let (mut now, mut then) = (block.state.company.used[i], block.state.company.used[i]);
    for &s in block.plan.segments.of(i) {
        let s = s as usize;
        for l in 0..LANES {
            let wanted = revenue.at(s, l) * state.trend[s][l];
            now[l] += wanted * state.response[s][l];
            then[l] += wanted
                * if block.plan.on.demand.elastic_segment[s] {
                    block.scratch.value.settles[s][l]
                } else {
                    state.response[s][l]
                };
        }
    }
    Row::from_fn(|l| if now[l] > LEAST { (then[l] / now[l]).min(MOST) } else { 1.0 })
}

/// Averages a month of organic revenue over a quarter and a year, and gives the growth that, if steady, would hold the two as far apart as they are.
fn grow(block: &mut Block<'_>, i: usize, month: u32, relative: &Row) -> Row {
    let (start, x) = (block.derived.growth.row(i), &mut block.scratch.value);
    let (recent, smooth) = (&mut x.recent[i], &mut x.smooth[i]);
    Row::from_fn(|l| {
        if month == 1 {
            let start = start[l].clamp(GROWTH[0], GROWTH[1]);
            (recent[l], smooth[l]) = (1.0 / ahead(start, SEEN), 1.0 / ahead(start, SMOOTHED));
        }
        recent[l] += (relative[l] - recent[l]) / SEEN;
        smooth[l] += (relative[l] - smooth[l]) / SMOOTHED;
        if smooth[l] <= 0.0 {
            return 0.0;
        }
        // The ratio of the averages is SMOOTHED/SEEN if nothing was sold before, where growth has no bound.
        let ratio = (recent[l] / smooth[l]).min(MOST_RATIO);
        let decay = 3.0 * (4.0 - ratio) / (11.0 - 2.0 * ratio);
        (-12.0 * ln(decay)).clamp(GROWTH[0], GROWTH[1])
    })
}

/// Sales over their average of some months, under steady growth.
fn ahead(growth: f64, months: f64) -> f64 {
    months * (1.0 - (1.0 - 1.0 / months) * exp(-growth / 12.0))
}

/// Margin that investors expect, not below 0.
fn expected(block: &Block<'_>, i: usize, l: usize, first: &First, [need, coming]: [f64; 2]) -> f64 {
    let (p, c) = (&block.parameters.company, &block.state.company);
    let revenue = c.segment_revenue[i][l] + c.trade_revenue[i][l] + c.equipment_revenue[i][l] + coming;
    let serving = (need - block.scratch.value.research[i][l]).max(0.0);
    let now = margin(
        revenue,
        p.variable_cost.at(i, l) * revenue + serving + c.depreciation[i][l],
        block.derived.least_burn.at(i, l),
    );
    let now = if first.margin[l] <= LEAST_TODAY { now.max(LEAST_TODAY) } else { now };
    let target = p.target_margin.at(i, l);
    let target = if target > 0.0 { target } else { first.margin[l] } + first.lift[l];
    let weight = weight(p.outlook_half_life.at(i, l), block.parameters.market.discount_rate.at(0, l));
    (weight * now + (1.0 - weight) * target).max(0.0)
}

/// Factor of growth beyond that of the start.
fn premium(block: &Block<'_>, i: usize, l: usize, growth: f64) -> f64 {
    let faster = growth - block.derived.growth.at(i, l).clamp(GROWTH[0], GROWTH[1]);
    exp(block.parameters.company.growth_premium.at(i, l) * faster).clamp(PREMIUM[0], PREMIUM[1])
}

/// Factor of the funding regime, against that of the start.
fn window(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let p = &block.parameters.market;
    let multiples = [p.value_open.at(0, l), 1.0, p.value_shut.at(0, l)];
    let [now, start] = [block.state.market.regime[0][l], p.regime.at(0, l)].map(|regime| multiples[regime as usize]);
    let ratio = if start > 0.0 { (now / start).clamp(WINDOW[0], WINDOW[1]) } else { 1.0 };
    exp(block.parameters.company.window_loading.at(i, l) * ln(ratio))
}

/// Factor of the company's own mispricing: its mean over paths is 1.
fn own(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let log = block.state.company.mispricing[i][l] - block.scratch.value.variance[i][l] / 2.0;
    exp(log.clamp(-INDEX_LIMIT, INDEX_LIMIT))
}

/// The mispricing fades and takes its shock; new shares press on the price, and dilute those of the start.
fn move_price(block: &mut Block<'_>, i: usize, month: u32) {
    let noise = block.plan.on.value.noisy[i];
    let words = noise.then(|| block.draws.words(Stream::Value, block.addresses.company[i], month));
    let shock = words.map_or(ZERO, |words| normals(&words[0], &words[1])[0]);
    let first = block.scratch.value.first[i];
    for l in (0..LANES).filter(|&l| first.valued[l] > 0.0) {
        let pressed = if listed::is_listed(block, i, l) { block.parameters.company.price_impact.at(i, l) } else { 0.0 };
        let (p, x) = (&block.parameters.company, &mut block.scratch.value);
        let c = &mut block.state.company;
        let lives = c.alive[i][l] > 0.0;
        let (raised, worth) = (c.raised[i][l], x.worth[i][l]);
        let sold = if lives && worth > 0.0 { raised / worth } else { 0.0 };
        let keep = exp(-LN_2 / p.value_half_life.at(i, l));
        let size = p.value_volatility.at(i, l) * (1.0_f64 / 12.0).sqrt();
        let log = keep * c.mispricing[i][l] + size * shock[l] - pressed * sold;
        c.mispricing[i][l] = log.clamp(-INDEX_LIMIT, INDEX_LIMIT);
        x.variance[i][l] = keep * keep * x.variance[i][l] + size * size;
        c.diluted[i][l] /= 1.0 + sold;
    }
}

/// Commitments of the five years after a month beyond what is expected to be needed, each year by itself, discounted.
fn idle(block: &Block<'_>, i: usize, month: u32, need: &Row, growth: &Row) -> Row {
    let contracts = block.plan.on.value.committed.of(i);
    if contracts.is_empty() {
        return ZERO;
    }
    let mut owed = [ZERO; YEARS];
    for &e in contracts {
        promise(block, e as usize, month, &mut owed);
    }
    let (half_life, rate) =
        (block.parameters.company.outlook_half_life.row(i), block.parameters.market.discount_rate.row(0));
    Row::from_fn(|l| {
        let far = half_life[l] / (12.0 * LN_2);
        let beyond = |(year, owed): (usize, &Row)| {
            let middle = 12.0 * year as f64 + 6.0;
            let grown = exp(growth[l] * far * (1.0 - exp(-LN_2 * middle / half_life[l])));
            exp(-rate[l] * middle / 12.0) * (owed[l] - 12.0 * need[l] * grown).max(0.0)
        };
        owed.iter().enumerate().map(beyond).sum()
    })
}

/// Take-or-pay that customers have signed, at its level of the five years after a month, beyond what they are billed.
fn coming(block: &Block<'_>, i: usize, month: u32) -> Row {
    let (p, c) = (&block.parameters.commitment, &block.state.company);
    let (near, far) = (f64::from(month) + 1.0, f64::from(month) + 12.0 * YEARS as f64);
    let mut sum = ZERO;
    for &e in block.plan.sales.of(i) {
        let e = e as usize;
        let rows = block.plan.commitments.of(e);
        if rows.is_empty() {
            continue;
        }
        let (price, billed) = if month == 0 {
            (ONES, block.parameters.contract.usage.row(e))
        } else {
            (bills::prices_of(block, e), block.scratch.bills.bills[e])
        };
        let (alive, kept) = (&c.alive[block.links.contract.customer[e] as usize], block.scratch.confidence.kept.get(e));
        for l in 0..LANES {
            let (mut total, mut begins, mut ends) = (0.0, far, near);
            for &k in rows {
                let k = k as usize;
                let [first, last] = [&p.first_month, &p.last_month].map(|column| to_whole_months(column.at(k, l)));
                let (first, last) = (first.max(near), last.min(far));
                if last >= first {
                    total += p.amount.at(k, l) * (last - first + 1.0);
                    (begins, ends) = (first.min(begins), last.max(ends));
                }
            }
            let signed = price[l] * kept.map_or(1.0, |kept| kept[l]) * total / (ends - begins + 1.0).max(1.0);
            sum[l] += alive[l] * (signed - billed[l]).max(0.0);
        }
    }
    sum
}

/// Adds the commitments under a contract with a living supplier, at its price of today, to those of each year to come.
fn promise(block: &Block<'_>, e: usize, month: u32, owed: &mut [Row; YEARS]) {
    let (p, supplier) = (&block.parameters.commitment, block.links.contract.supplier[e] as usize);
    let (kept, alive) = (block.scratch.confidence.kept.get(e), &block.state.company.alive[supplier]);
    let prices = if month == 0 { ONES } else { bills::prices_of(block, e) };
    for l in 0..LANES {
        let part = alive[l] * prices[l] * kept.map_or(1.0, |kept| kept[l]);
        for &k in block.plan.commitments.of(e) {
            let k = k as usize;
            let [first, last] = [&p.first_month, &p.last_month].map(|column| to_whole_months(column.at(k, l)));
            for (year, sum) in owed.iter_mut().enumerate() {
                let before = f64::from(month) + 12.0 * year as f64;
                let months = (last.min(before + 12.0) - first.max(before + 1.0) + 1.0).max(0.0);
                sum[l] += part * p.amount.at(k, l) * months;
            }
        }
    }
}

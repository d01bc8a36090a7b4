//! Phase 8: rounds that investors offer, what they see beside growth and burn, and refusals that last.

use crate::block::Block;
use crate::books::Party;
use crate::column::{LANES, Row, ZERO, zeros};
use crate::draw::{Stream, normals, uniforms};
use crate::events::Why;
use crate::ledger;
use crate::model::apart::apart;
use crate::model::regimes::ByRegime;
use crate::model::{backlog, issues, liquidity, listed, windows};
use crate::needed::Needed;
use crate::pack::{Mask, Operand, Pack, Packs, pack_or, packs};
use crate::plan::{Plan, to_whole_months};
use crate::rounding::ROUNDING;
use crate::scratch::Keep;
use crate::world::World;
use pulp::Simd;
use std::f64::consts::LN_2;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* rounds {
            parameters {
                company {
                    round_offers: Ratio, 0.0, 100.0, Some(0.0), true, "Factor on the chance that investors offer a round that is not needed; 0: none comes.", off 0.0;
                    round_age: Months, 0.0, 1200.0, Some(6.0), false, "Months since the last round at the start.";
                    share_sold: Fraction, 0.0, 1.0, Some(0.075), true, "Median share of the value after the money of a round, where investors offer them.";
                }
                market {
                    offers_6: Fraction, 0.0, 1.0, Some(0.06), true, "Monthly chance of an offer up to 6 months after a round, when funding is open.";
                    offers_12: Fraction, 0.0, 1.0, Some(0.085), true, "Monthly chance of an offer 7 to 12 months after a round, when funding is open.";
                    offers_18: Fraction, 0.0, 1.0, Some(0.095), true, "Monthly chance of an offer 13 to 18 months after a round, when funding is open.";
                    offers_36: Fraction, 0.0, 1.0, Some(0.05), true, "Monthly chance of an offer later than that, when funding is open.";
                    offers_runway: Months, 0.0, 120.0, Some(0.0), true, "Runway from which on a company takes no offered round; 0: it takes any.", off 0.0;
                    offers_score: Ratio, -20.0, 20.0, Some(0.8), true, "Score of a company at which these chances hold.";
                    share_sold_deviation: Ratio, 0.0, 3.0, Some(0.9), true, "Standard deviation of the log of the share that a round sells.";
                    odds_margin: Ratio, 0.0, 20.0, Some(0.0), true, "Gain in log odds of a round per unit of contribution margin.", off 0.0;
                    odds_commitments: Ratio, 0.0, 20.0, Some(0.0), true, "Loss in log odds of a round per unit of commitments of 24 months over cash and gross profit.", off 0.0;
                    odds_appetite: Ratio, 0.0, 20.0, Some(0.0), true, "Gain in log odds of a round per unit of the lasting luck of a company.", off 0.0;
                    appetite_half_life: Months, 0.1, 1200.0, Some(6.0), true, "Months in which that luck comes half the way to nothing.";
                    retry_months: Months, 0.0, 120.0, Some(0.0), true, "Months that a company waits after a refused round.", off 0.0;
                    needed_discount: Fraction, 0.0, 1.0, Some(0.0), true, "Discount on the fair value in a round that is needed.", off 0.0;
                }
            }
            variables {
                company {
                    appetite: Ratio, None, "Lasting luck of the company with investors, in standard deviations.", |plan, _| plan.on.rounds.appetite;
                    round_age: Months, None, "Months since the last round.", |plan, _| plan.on.rounds.offers;
                    refusal_wait: Months, None, "Months until it can try again after a refused round.", |plan, _| plan.on.rounds.any;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether any of it matters.
    pub any: bool,
    /// Whether rounds are offered that are not needed.
    pub offers: bool,
    /// Whether companies have lasting luck of their own.
    pub appetite: bool,
    /// Whether margins count.
    margins: bool,
    /// Whether commitments count.
    commitments: bool,
    /// Whether needed rounds are cheaper.
    discounts: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let (p, zero) = (&world.parameters.market, |value: f64| value == 0.0);
        let offers = !world.parameters.company.round_offers.all_of(zero);
        let appetite = !p.odds_appetite.all_of(zero);
        let (margins, commitments) = (!p.odds_margin.all_of(zero), !p.odds_commitments.all_of(zero));
        let (waits, discounts) = (!p.retry_months.all_of(zero), !p.needed_discount.all_of(zero));
        let any = offers || appetite || margins || commitments || waits || discounts;
        Self { any, offers, appetite, margins, commitments, discounts }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Discount of the round of each company this month.
    pub discount: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        Self { discount: if plan.on.rounds.discounts { zeros(ZERO, plan.counts.companies) } else { Vec::new() } }
    }
}

impl Keep for Scratch {}

/// Months of commitments that investors see.
const AHEAD: f64 = 24.0;

/// Commitments over means beyond which more of them change nothing.
const MOST_LOAD: f64 = 10.0;

/// Margin below which less of it changes nothing.
const LEAST_MARGIN: f64 = -2.0;

/// Largest share of a company that a round sells.
const MOST_SOLD: f64 = 0.5;

/// Log odds beyond which nothing is chance.
const MOST_ODDS: f64 = 40.0;

/// It must have money.
const NEEDED: f64 = 1.0;

/// It takes money if investors offer it.
const OFFERED: f64 = 2.0;

/// A month more since the last round and the last refusal; appetite moves.
#[inline(always)]
pub fn advance<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    block.scratch.rounds.discount.fill(ZERO);
    for i in 0..block.plan.counts.companies {
        let first = block.parameters.company.round_age.of(i);
        let c = &mut block.state.company;
        if let Some(age) = c.round_age.get_mut(i) {
            for k in packs::<S>() {
                let before = if month > 1 { age.pack(s, k) } else { first.pack(s, k) };
                age.put(k, before + 1.0);
            }
        }
        if let Some(wait) = c.refusal_wait.get_mut(i) {
            for k in packs::<S>() {
                wait.put(k, (wait.pack(s, k) - 1.0).at_least(0.0));
            }
        }
        if !c.appetite.is_empty() {
            warm(s, block, i, month);
        }
    }
}

/// Appetite of investors for a company fades, and takes its shock.
#[inline(always)]
fn warm<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let [xi, _] = luck(s, block, i, month);
    let half_life = block.parameters.market.appetite_half_life.of(0);
    let appetite = &mut block.state.company.appetite[i];
    for k in packs::<S>() {
        let (kept, xi) = ((-LN_2 / half_life.pack(s, k)).exp(), xi.pack(s, k));
        let moved = kept * appetite.pack(s, k) + (1.0 - kept * kept).sqrt() * xi;
        appetite.put(k, if month > 1 { moved } else { xi });
    }
}

/// Normals of the appetite for a company and of the share it sells.
#[inline(always)]
fn luck<S: Simd>(s: S, block: &Block<'_>, i: usize, month: u32) -> [Row; 2] {
    let words = block.draws.words(Stream::Offer, block.addresses.company[i], month);
    normals(s, &words[0], &words[1])
}

/// Plan of a company for money this month: `NEEDED`, `OFFERED`, or 0 where it does not raise any.
#[inline(always)]
#[must_use]
pub fn wanted<S: Simd>(s: S, block: &Block<'_>, i: usize) -> Row {
    let mut wanted = ZERO;
    for k in packs::<S>() {
        let c = &block.state.company;
        let needs = c.runway[i].pack(s, k).below(block.parameters.company.round_runway.of(i).pack(s, k));
        let round = needs.choose(NEEDED, offered(s, block, i, k));
        let lives = c.alive[i].pack(s, k).above(0.0) & issues::is_free(s, block, i, k);
        let round = lives.choose(round, 0.0);
        let waits = c.refusal_wait[i].pack(s, k).above(0.0) | issues::is_public(s, block, i, k);
        wanted.put(k, waits.choose(0.0, round));
    }
    wanted
}

/// `OFFERED` where a company would take a round that it does not need, else 0.
#[inline(always)]
fn offered<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let (c, p) = (&block.state.company, &block.parameters.company);
    let (fair, last) = (c.valuation[i].pack(s, k), c.last_valuation[i].pack(s, k));
    let rich = block.parameters.market.offers_runway.of(0).pack(s, k);
    let takes = rich.equals(0.0) | c.runway[i].pack(s, k).below(rich);
    let offers = takes & p.round_offers.of(i).pack(s, k).above(0.0) & fair.above(0.0);
    let worse = (last - fair).above(ROUNDING * last) | listed::is_listed(s, block, i, k);
    worse.choose(0.0, offers.choose(OFFERED, 0.0))
}

/// Rounds of a company, needed or offered, from what investors see of its growth, burn and price: 1 where they come, else 0.
#[inline(always)]
pub fn attempt<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32, [wanted, seen]: [&Row; 2]) -> Row {
    let score = score(s, block, i, month, seen);
    let words = block.draws.words(Stream::Round, block.addresses.company[i], month);
    let needed = [uniforms(&words[0]), uniforms(&words[1])];
    let words = block.draws.words(Stream::Offer, block.addresses.company[i], month);
    let offered = [uniforms(&words[2]), uniforms(&words[3])];
    let mut comes = ZERO;
    for k in packs::<S>() {
        let (wanted, score) = (wanted.pack(s, k), score.pack(s, k));
        let mut come = wanted.equals(NEEDED) & happens(s, block, k, &needed, grant(s, block, i, k, score));
        if block.plan.on.rounds.offers {
            come = come | (wanted.equals(OFFERED) & happens(s, block, k, &offered, offer(s, block, i, k, score)));
        }
        comes.put(k, come.choose(1.0, 0.0));
    }
    for l in (0..LANES).filter(|&l| wanted[l] == NEEDED) {
        answer(block, i, l, comes[l] > 0.0);
    }
    comes
}

/// Whether a round comes at a chance, with the company's own luck or the common one.
#[inline(always)]
fn happens<S: Simd>(s: S, block: &Block<'_>, k: usize, [own, which]: &[Row; 2], chance: Pack<S>) -> Mask<S> {
    let p = &block.parameters.market;
    let shared = ByRegime::new(&block.state.market.regime[0], &p.luck_open, &p.luck_normal, &p.luck_shut);
    let common = which.pack(s, k).below(shared.pack(s, k));
    common.choose(block.scratch.funding.round_luck.pack(s, k), own.pack(s, k)).below(chance)
}

/// Log odds of a round in the present regime.
#[inline(always)]
fn odds<S: Simd>(s: S, block: &Block<'_>, k: usize) -> Pack<S> {
    let p = &block.parameters.market;
    ByRegime::new(&block.state.market.regime[0], &p.odds_open, &p.odds_normal, &p.odds_shut).pack(s, k)
}

/// Score of a company with investors: from growth, burn and price, and all else that they see.
#[inline(always)]
fn score<S: Simd>(s: S, block: &Block<'_>, i: usize, month: u32, seen: &Row) -> Row {
    let (p, on, mut score) = (&block.parameters.market, &block.plan.on.rounds, *seen);
    for k in packs::<S>() {
        let mut sum = seen.pack(s, k);
        if on.margins {
            sum += p.odds_margin.of(0).pack(s, k) * margin(s, block, i, k);
        }
        if on.commitments {
            sum -= p.odds_commitments.of(0).pack(s, k) * load(s, block, i, k, month);
        }
        if let Some(appetite) = block.state.company.appetite.get(i) {
            sum += p.odds_appetite.of(0).pack(s, k) * appetite.pack(s, k);
        }
        score.put(k, sum);
    }
    score
}

/// Sales of the month, and what bills and variable cost leave of them.
#[inline(always)]
fn gross_profit<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> [Pack<S>; 2] {
    let c = &block.state.company;
    let sales = c.segment_revenue[i].pack(s, k) + c.trade_revenue[i].pack(s, k);
    let variable = block.parameters.company.variable_cost.of(i).pack(s, k) * sales;
    [sales, sales - variable - c.bills[i].pack(s, k)]
}

/// Gross profit over sales.
#[inline(always)]
fn margin<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let [sales, profit] = gross_profit(s, block, i, k);
    let none = block.state.company.bills[i].pack(s, k).above(0.0).choose(LEAST_MARGIN, 0.0);
    sales.above(0.0).choose((profit / sales).within([LEAST_MARGIN, 1.0]), none)
}

/// Commitments of two years over what is there to pay them.
#[inline(always)]
fn load<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize, month: u32) -> Pack<S> {
    let (now, mut owed) = (f64::from(month), 0.0.packed(s));
    for e in block.plan.purchases.of(i).iter().map(|&e| e as usize) {
        let due = backlog::due(s, block, e, k, now.packed(s), (now + AHEAD - 1.0).packed(s));
        owed += pack_or(s, block.scratch.confidence.kept.get(e), k, 1.0) * due;
    }
    let means = block.state.company.cash[i].pack(s, k) + AHEAD * gross_profit(s, block, i, k)[1].at_least(0.0);
    let load = means.above(0.0).choose((owed / means).at_most(MOST_LOAD), MOST_LOAD);
    owed.above(0.0).choose(load, 0.0)
}

/// Chance that a needed round succeeds.
#[inline(always)]
fn grant<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize, score: Pack<S>) -> Pack<S> {
    let odds = (odds(s, block, k) + score).within([-MOST_ODDS, MOST_ODDS]);
    let worth = block.state.company.valuation[i].pack(s, k).above(0.0);
    worth.choose(1.0 / (1.0 + (-odds).exp()), 0.0)
}

/// Chance of an offer in a month.
#[inline(always)]
fn offer<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize, score: Pack<S>) -> Pack<S> {
    let (p, age) = (&block.parameters.market, block.state.company.round_age[i].pack(s, k));
    let hazard = age.above(18.0).choose(p.offers_36.of(0).pack(s, k), p.offers_18.of(0).pack(s, k));
    let hazard = age.above(12.0).choose(hazard, p.offers_12.of(0).pack(s, k));
    let hazard = age.above(6.0).choose(hazard, p.offers_6.of(0).pack(s, k));
    let better = odds(s, block, k) - p.odds_open.of(0).pack(s, k) + score - p.offers_score.of(0).pack(s, k);
    let odds = hazard * better.within([-MOST_ODDS, MOST_ODDS]).exp();
    let chance = block.parameters.company.round_offers.of(i).pack(s, k) * (odds / (odds + 1.0 - hazard));
    hazard.above(0.0).choose(chance, 0.0)
}

/// A refusal of a needed round makes the company wait; one that comes is cheap.
fn answer(block: &mut Block<'_>, i: usize, l: usize, granted: bool) {
    windows::note(block, l, !granted);
    if !granted {
        note_refusal(block, i, l);
    }
    let p = &block.parameters.market;
    if !granted {
        block.state.company.refusal_wait[i][l] = to_whole_months(p.retry_months.at(0, l));
    } else if let Some(discount) = block.scratch.rounds.discount.get_mut(i) {
        discount[l] = p.needed_discount.at(0, l);
    }
}

/// Writes down that a company needed a round and got none.
pub fn note_refusal(block: &mut Block<'_>, i: usize, l: usize) {
    let held = [block.state.company.runway[i][l], block.parameters.company.round_runway.at(i, l)];
    ledger::note(block, l, Party::Company(i), Party::Capital, Why::RefusedRound, held);
}

/// Discount on the fair value in the round of this month.
#[must_use]
pub fn discount(block: &Block<'_>, i: usize, l: usize) -> f64 {
    block.scratch.rounds.discount.get(i).map_or(0.0, |discount| discount[l])
}

/// Money that a round of a company brings, where one comes.
#[inline(always)]
#[must_use]
pub fn sizes<S: Simd>(s: S, block: &Block<'_>, i: usize, month: u32) -> Row {
    let ([_, xi], p, mut sizes) = (luck(s, block, i, month), &block.parameters.company, ZERO);
    let (deviation, none) = (block.parameters.market.share_sold_deviation.of(0), &ZERO);
    for k in packs::<S>() {
        let valuation = block.state.company.valuation.get(i).unwrap_or(none).pack(s, k);
        let discount = block.scratch.rounds.discount.get(i).unwrap_or(none).pack(s, k);
        let (price, share) = (valuation * (1.0 - discount), p.round_share.of(i).pack(s, k));
        let burn =
            liquidity::burn(block.state.company.smooth_flow[i].pack(s, k), block.derived.least_burn.of(i).pack(s, k));
        let needs = liquidity::needs(s, block, [i, k], p.round_months.of(i).pack(s, k), burn);
        let needed = needs.at_most(share * price);
        let drawn = p.share_sold.of(i).pack(s, k) * (deviation.pack(s, k) * xi.pack(s, k)).exp();
        let sold = drawn.at_most(MOST_SOLD).at_most(share);
        let offers = p.round_offers.of(i).pack(s, k).equals(0.0);
        sizes.put(k, offers.choose(needed, price * sold / (1.0 - sold)));
    }
    sizes
}

apart! {
    advance_apart(s, block, month: u32) -> () { advance(s, block, month) }
    wanted_apart(s, block, i: usize) -> Row { wanted(s, block, i) }
    attempt_apart(s, block, i: usize, month: u32, wanted: Row, seen: Row) -> Row { attempt(s, block, i, month, [&wanted, &seen]) }
    sizes_apart(s, block, i: usize, month: u32) -> Row { sizes(s, block, i, month) }
}

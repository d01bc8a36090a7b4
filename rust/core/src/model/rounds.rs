//! Phase 8: rounds that investors offer, what they see beside growth and burn, and refusals that last.

use crate::block::Block;
use crate::books::Party;
use crate::column::{Column, LANES, Row, ZERO, zeros};
use crate::draw::{Stream, normals, uniforms};
use crate::events::Why;
use crate::exits::Effect;
use crate::ledger;
use crate::math::exp;
use crate::model::{backlog, issues, listed, windows};
use crate::needed::Needed;
use crate::plan::{Plan, to_whole_months};
use crate::rounding::beyond;
use crate::scratch::Keep;
use crate::world::World;
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

/// Plan of a company for money this month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// It does not raise any.
    None,
    /// It must have some.
    Needed,
    /// It takes some if investors offer it.
    Offered,
}

/// A month more since the last round and the last refusal; appetite moves.
#[inline(never)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    let kept = block.parameters.market.appetite_half_life.row(0).map(|months| exp(-LN_2 / months));
    block.scratch.rounds.discount.fill(ZERO);
    for i in 0..block.plan.counts.companies {
        let first = block.parameters.company.round_age.row(i);
        let c = &mut block.state.company;
        if let Some(age) = c.round_age.get_mut(i) {
            *age = Row::from_fn(|l| if month > 1 { age[l] } else { first[l] } + 1.0);
        }
        if let Some(wait) = c.refusal_wait.get_mut(i) {
            *wait = wait.map(|months| (months - 1.0).max(0.0));
        }
        if !c.appetite.is_empty() {
            let [xi, _] = luck(block, i, month);
            let row = &mut block.state.company.appetite[i];
            *row = Row::from_fn(|l| {
                let moved = kept[l] * row[l] + (1.0 - kept[l] * kept[l]).sqrt() * xi[l];
                if month > 1 { moved } else { xi[l] }
            });
        }
    }
}

/// Normals of the appetite for a company and of the share it sells.
fn luck(block: &Block<'_>, i: usize, month: u32) -> [Row; 2] {
    let words = block.draws.words(Stream::Offer, block.addresses.company[i], month);
    normals(&words[0], &words[1])
}

/// Plans of a company for money, path by path, if it has any.
#[inline(never)]
#[must_use]
pub fn wanted(block: &Block<'_>, i: usize) -> Option<[Round; LANES]> {
    let wanted = std::array::from_fn(|l| wanted_at(block, i, l));
    wanted.iter().any(|&round| round != Round::None).then_some(wanted)
}

/// Rounds of a company, needed or offered, from what investors see of its growth, burn and price: the money of those that come.
#[inline(never)]
pub fn attempt(
    block: &mut Block<'_>,
    i: usize,
    month: u32,
    wanted: &[Round; LANES],
    seen: &Row,
) -> [Option<f64>; LANES] {
    let score = score(block, i, month, seen);
    let words = block.draws.words(Stream::Round, block.addresses.company[i], month);
    let needed = [uniforms(&words[0]), uniforms(&words[1])];
    let words = block.draws.words(Stream::Offer, block.addresses.company[i], month);
    let offered = [uniforms(&words[2]), uniforms(&words[3])];
    std::array::from_fn(|l| {
        let raises = match wanted[l] {
            Round::None => false,
            Round::Needed => {
                let granted = happens(block, l, needed, grant(block, i, l, score[l]));
                windows::note(block, l, !granted);
                if !granted {
                    note_refusal(block, i, l);
                }
                answer(block, i, l, granted);
                granted
            }
            Round::Offered => happens(block, l, offered, offer(block, i, l, score[l])),
        };
        let price = block.state.company.valuation.get(i).map_or(0.0, |value| value[l]) * (1.0 - discount(block, i, l));
        raises.then(|| size(block, i, l, month, price))
    })
}

/// Plan of a company for money on a path.
fn wanted_at(block: &Block<'_>, i: usize, l: usize) -> Round {
    let (c, p) = (&block.state.company, &block.parameters.company);
    let held = c.exit.get(i).is_none_or(|exit| exit[l] == 0.0 || exit[l] > Effect::Licence.mark());
    if c.alive[i][l] == 0.0 || !held || c.refusal_wait[i][l] > 0.0 || issues::is_public(block, i, l) {
        return Round::None;
    }
    if c.runway[i][l] < p.round_runway.at(i, l) {
        return Round::Needed;
    }
    let (fair, last) = (c.valuation[i][l], c.last_valuation[i][l]);
    let worse = beyond(last - fair, last) > 0.0;
    let rich = block.parameters.market.offers_runway.at(0, l);
    let takes = rich == 0.0 || c.runway[i][l] < rich;
    if takes && p.round_offers.at(i, l) > 0.0 && fair > 0.0 && !worse && !listed::is_listed(block, i, l) {
        return Round::Offered;
    }
    Round::None
}

/// Whether a round comes at a chance, with the company's own luck or the common one.
fn happens(block: &Block<'_>, l: usize, [own, which]: [Row; 2], chance: f64) -> bool {
    let p = &block.parameters.market;
    let common = which[l] < of_regime(block, l, [&p.luck_open, &p.luck_normal, &p.luck_shut]);
    let luck = if common { block.scratch.funding.round_luck[l] } else { own[l] };
    luck < chance
}

/// The value of the present regime on one path.
fn of_regime(block: &Block<'_>, l: usize, values: [&Column; 3]) -> f64 {
    values[block.state.market.regime[0][l] as usize].at(0, l)
}

/// Log odds of a round in the present regime.
fn odds(block: &Block<'_>, l: usize) -> f64 {
    let p = &block.parameters.market;
    of_regime(block, l, [&p.odds_open, &p.odds_normal, &p.odds_shut])
}

/// Score of a company with investors: from growth, burn and price, and all else that they see.
fn score(block: &Block<'_>, i: usize, month: u32, seen: &Row) -> Row {
    let (p, on) = (&block.parameters.market, &block.plan.on.rounds);
    let load = if on.commitments { load(block, i, month) } else { ZERO };
    let mut score = *seen;
    for l in 0..LANES {
        if on.margins {
            score[l] += p.odds_margin.at(0, l) * margin(block, i, l);
        }
        score[l] -= p.odds_commitments.at(0, l) * load[l];
        if let Some(appetite) = block.state.company.appetite.get(i) {
            score[l] += p.odds_appetite.at(0, l) * appetite[l];
        }
    }
    score
}

/// Sales of the month, and what bills and variable cost leave of them.
fn gross_profit(block: &Block<'_>, i: usize, l: usize) -> [f64; 2] {
    let c = &block.state.company;
    let sales = c.segment_revenue[i][l] + c.trade_revenue[i][l];
    [sales, sales - block.parameters.company.variable_cost.at(i, l) * sales - c.bills[i][l]]
}

/// Gross profit over sales.
fn margin(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let [sales, profit] = gross_profit(block, i, l);
    if sales > 0.0 {
        (profit / sales).clamp(LEAST_MARGIN, 1.0)
    } else if block.state.company.bills[i][l] > 0.0 {
        LEAST_MARGIN
    } else {
        0.0
    }
}

/// Commitments of two years over what is there to pay them.
fn load(block: &Block<'_>, i: usize, month: u32) -> Row {
    let mut owed = ZERO;
    for &e in block.plan.purchases.of(i) {
        let (e, kept) = (e as usize, block.scratch.confidence.kept.get(e as usize));
        let due = backlog::due(block, e, month, AHEAD);
        for l in 0..LANES {
            owed[l] += kept.map_or(due[l], |kept| kept[l] * due[l]);
        }
    }
    Row::from_fn(|l| {
        let means = block.state.company.cash[i][l] + AHEAD * gross_profit(block, i, l)[1].max(0.0);
        if owed[l] <= 0.0 {
            0.0
        } else if means > 0.0 {
            (owed[l] / means).min(MOST_LOAD)
        } else {
            MOST_LOAD
        }
    })
}

/// Chance that a needed round succeeds.
fn grant(block: &Block<'_>, i: usize, l: usize, score: f64) -> f64 {
    let worth = block.state.company.valuation[i][l] > 0.0;
    let odds = (odds(block, l) + score).clamp(-MOST_ODDS, MOST_ODDS);
    if worth { 1.0 / (1.0 + exp(-odds)) } else { 0.0 }
}

/// Chance of an offer in a month.
fn offer(block: &Block<'_>, i: usize, l: usize, score: f64) -> f64 {
    let (p, age) = (&block.parameters.market, block.state.company.round_age[i][l]);
    let hazard = if age <= 6.0 {
        &p.offers_6
    } else if age <= 12.0 {
        &p.offers_12
    } else if age <= 18.0 {
        &p.offers_18
    } else {
        &p.offers_36
    };
    let hazard = hazard.at(0, l);
    if hazard <= 0.0 {
        return 0.0;
    }
    let better = odds(block, l) - p.odds_open.at(0, l) + score - p.offers_score.at(0, l);
    let odds = hazard * exp(better.clamp(-MOST_ODDS, MOST_ODDS));
    block.parameters.company.round_offers.at(i, l) * (odds / (odds + 1.0 - hazard))
}

/// A refusal makes the company wait; a needed round is cheap.
fn answer(block: &mut Block<'_>, i: usize, l: usize, granted: bool) {
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

/// Cash burnt a month on one path: nothing where it is no more than rounding.
#[must_use]
pub fn burn_at(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let burn = -block.state.company.smooth_flow[i][l];
    if burn > block.derived.least_burn.at(i, l) { burn } else { 0.0 }
}

/// Money that a round brings at a price before the money.
fn size(block: &Block<'_>, i: usize, l: usize, month: u32, price: f64) -> f64 {
    let p = &block.parameters.company;
    if p.round_offers.at(i, l) == 0.0 {
        let burn = burn_at(block, i, l);
        return (p.round_months.at(i, l) * burn).min(p.round_share.at(i, l) * price);
    }
    let [_, xi] = luck(block, i, month);
    let drawn = p.share_sold.at(i, l) * exp(block.parameters.market.share_sold_deviation.at(0, l) * xi[l]);
    let sold = drawn.min(MOST_SOLD).min(p.round_share.at(i, l));
    price * sold / (1.0 - sold)
}

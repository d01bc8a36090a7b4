//! Phase 6: what is built for contracts that have been signed, and for what customers want already.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO, zeros};
use crate::derived::span;
use crate::model::backlog::due;
use crate::model::bills::{commitment, wanted_use};
use crate::model::capacity;
use crate::needed::Needed;
use crate::pack::{Packs, packs};
use crate::plan::{Plan, to_whole_months};
use crate::scratch::Keep;
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* construction {
            parameters {
                fleet {
                    construction: Fraction, 0.0, 1.0, Some(0.0), true, "Share ordered each month of the capacity that is wanted when it arrives and will not stand.", off 0.0;
                }
            }
            variables {
                fleet {
                    shortfall: Usd, None, "Capacity that will be wanted when an order of this month arrives, and will not stand.", |plan, _| plan.on.construction.any;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether any fleet is built for what will be wanted of it.
    pub any: bool,
    /// Whether this fleet is.
    pub built: Vec<bool>,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters.fleet;
        let zero = |value: f64| value == 0.0;
        let built: Vec<bool> = (0..p.construction.len())
            .map(|f| !(p.construction.all(f, zero) || p.capacity_revenue.all(f, zero)))
            .collect();
        Self { any: built.contains(&true), built }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Whether the owner builds the fleet for contracts from the start on, by fleet; none where nobody does.
    pub builds: Vec<Row>,
    /// Use wanted under each contract this month, before customers plan anew; none where nobody builds.
    wanted: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let kept = |count: usize| zeros(ZERO, if plan.on.construction.any { count } else { 0 });
        Self { builds: kept(plan.counts.fleets), wanted: kept(plan.counts.contracts) }
    }
}

impl Keep for Scratch {}

/// Notes which fleets are built for contracts.
pub fn start(block: &mut Block<'_>) {
    let p = &block.parameters.fleet;
    for (f, builds) in block.scratch.construction.builds.iter_mut().enumerate() {
        *builds =
            Row::from_fn(|l| f64::from(u8::from(p.construction.at(f, l) > 0.0 && p.capacity_revenue.at(f, l) > 0.0)));
    }
}

/// Notes the use that customers want, while none of them has planned what comes after.
pub fn note<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    for e in 0..block.scratch.construction.wanted.len() {
        let mut used = ZERO;
        for k in packs::<S>() {
            used.put(k, wanted_use(s, block, e, k, month));
        }
        block.scratch.construction.wanted[e] = used;
    }
}

/// Orders for a fleet of company `i` this month, beside its plan.
#[inline(never)]
pub fn order(block: &mut Block<'_>, i: usize, f: usize, month: u32) -> Row {
    let (wanted, stands) = (ahead(block, i, f, month), standing(block, i, month));
    let p = &block.parameters.fleet;
    let short = Row::from_fn(|l| {
        let earning = p.capacity_revenue.at(f, l);
        let builds = p.construction.at(f, l) > 0.0 && earning > 0.0;
        if builds { (wanted[l] - stands[l]).max(0.0) * 12.0 / earning } else { 0.0 }
    });
    if let Some(row) = block.state.fleet.shortfall.get_mut(f) {
        *row = short;
    }
    Row::from_fn(|l| p.construction.at(f, l) * short[l])
}

/// Orders for a fleet in the month before the start, by the same rule.
#[must_use]
pub fn first_order(block: &Block<'_>, f: usize) -> Row {
    let i = block.links.fleet.owner[f] as usize;
    let p = &block.parameters;
    let mut wanted = capacity::first_sales(block, i);
    for &e in block.plan.sales.of(i) {
        let signed = at_arrival(block, f, 0, |month| due(block, e as usize, month, 1.0));
        for l in 0..LANES {
            wanted[l] += p.contract.usage.at(e as usize, l).max(signed[l]);
        }
    }
    let mut stands = ZERO;
    for &g in block.plan.fleets.of(i) {
        for l in 0..LANES {
            stands[l] += p.fleet.capacity_revenue.at(g as usize, l) * left(block, g as usize, l) / 12.0;
        }
    }
    Row::from_fn(|l| {
        let earning = p.fleet.capacity_revenue.at(f, l);
        let short = if earning > 0.0 { (wanted[l] - stands[l]).max(0.0) * 12.0 / earning } else { 0.0 };
        p.fleet.construction.at(f, l) * short
    })
}

/// Demand for the fleets of a company once an order for this one arrives, a month: sales, and use or commitments of customers.
fn ahead(block: &Block<'_>, i: usize, f: usize, month: u32) -> Row {
    let alive = &block.state.company.alive;
    let mut sum = Row::from_fn(|l| alive[i][l] * block.scratch.capacity.wanted_sales[i][l]);
    for &e in block.plan.sales.of(i) {
        let e = e as usize;
        let customer = block.links.contract.customer[e] as usize;
        let used = &block.scratch.construction.wanted[e];
        let signed = at_arrival(block, f, month, |then| commitment(block, e, then));
        for l in 0..LANES {
            sum[l] += used[l].max(alive[i][l] * alive[customer][l] * signed[l]);
        }
    }
    sum
}

/// Something of the month in which an order for a fleet arrives.
fn at_arrival(block: &Block<'_>, f: usize, month: u32, of: impl Fn(u32) -> Row) -> Row {
    let arrival = |l| month + to_whole_months(block.parameters.fleet.lag.at(f, l)) as u32;
    let (first, row) = (arrival(0), of(arrival(0)));
    if (1..LANES).all(|l| arrival(l) == first) { row } else { Row::from_fn(|l| of(arrival(l))[l]) }
}

/// Capacity of the fleets of a company a month, each once an order for it arrives, with all that has been ordered so far.
fn standing(block: &Block<'_>, i: usize, month: u32) -> Row {
    let p = &block.parameters.fleet;
    let mut sum = ZERO;
    for f in block.plan.fleets.of(i).iter().map(|&f| f as usize) {
        let life = Row::from_fn(|l| to_whole_months(p.economic_life.at(f, l)));
        let mut cost = ZERO;
        for back in 1..oldest(block, f, month) {
            let (vintage, age) = (&block.vintages[block.vintage(f, back)], back as f64);
            for l in 0..LANES {
                cost[l] += if age < life[l] { vintage[l] } else { 0.0 };
            }
        }
        for l in 0..LANES {
            sum[l] += p.capacity_revenue.at(f, l) * cost[l] / 12.0;
        }
    }
    sum
}

/// Months back to the order of the oldest vintage of a fleet that may still stand, and one more.
pub(crate) fn oldest(block: &Block<'_>, f: usize, month: u32) -> usize {
    let p = &block.parameters.fleet;
    let of_lane = |l| {
        let (life, lag) = (to_whole_months(p.economic_life.at(f, l)), to_whole_months(p.lag.at(f, l)));
        (lag + life).min(f64::from(month) + lag + span(p, f, l) + 1.0) as usize
    };
    (0..LANES).map(of_lane).max().unwrap_or(0)
}

/// Cost that is left of a fleet of the start once an order of the month before it arrives.
fn left(block: &Block<'_>, f: usize, l: usize) -> f64 {
    let p = &block.parameters.fleet;
    let (life, lag) = (to_whole_months(p.economic_life.at(f, l)), to_whole_months(p.lag.at(f, l)));
    block.derived.vintage.at(f, l) * span(p, f, l).min(life - 1.0 - lag).max(0.0)
}

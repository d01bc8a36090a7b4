//! Phase 6: what is built for contracts that have been signed, and for what customers want already.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO, zeros};
use crate::model::apart::apart;
use crate::model::backlog::due;
use crate::model::bills::{commitment, wanted_use};
use crate::model::capacity;
use crate::needed::Needed;
use crate::pack::{Operand, Packs, packs, show};
use crate::plan::Plan;
use crate::scratch::Keep;
use crate::world::World;
use pulp::{Scalar, Simd};

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
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        Self { builds: zeros(ZERO, if plan.on.construction.any { plan.counts.fleets } else { 0 }) }
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

/// Orders for a fleet of company `i` this month, beside its plan.
#[inline(always)]
pub fn order<S: Simd>(s: S, block: &mut Block<'_>, i: usize, f: usize, month: u32) -> Row {
    let (wanted, stands, mut ordered) = (ahead(s, block, i, f, month), standing(s, block, i, month), ZERO);
    let p = &block.parameters.fleet;
    let mut shown = block.state.fleet.shortfall.get_mut(f);
    for k in packs::<S>() {
        let (share, earning) = (p.construction.of(f).pack(s, k), p.capacity_revenue.of(f).pack(s, k));
        let lacking = (wanted.pack(s, k) - stands.pack(s, k)).at_least(0.0);
        let short = (share.above(0.0) & earning.above(0.0)).choose(lacking * 12.0 / earning, 0.0);
        show(&mut shown, k, short);
        ordered.put(k, share * short);
    }
    ordered
}

/// Orders for a fleet in the month before the start, by the same rule.
#[must_use]
pub fn first_order(block: &Block<'_>, f: usize) -> Row {
    let (s, i, p) = (Scalar::new(), block.links.fleet.owner[f] as usize, &block.parameters);
    let mut wanted = capacity::first_sales(block, i);
    for &e in block.plan.sales.of(i) {
        for k in packs::<Scalar>() {
            let arrival = block.derived.lag.of(f).pack(s, k);
            let signed = due(s, block, e as usize, k, arrival, arrival);
            wanted.gain(k, p.contract.usage.of(e as usize).pack(s, k).at_least(signed));
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
#[inline(always)]
fn ahead<S: Simd>(s: S, block: &Block<'_>, i: usize, f: usize, month: u32) -> Row {
    let (alive, mut sum) = (&block.state.company.alive, ZERO);
    for k in packs::<S>() {
        sum.put(k, alive[i].pack(s, k) * block.scratch.capacity.wanted_sales[i].pack(s, k));
    }
    for &e in block.plan.sales.of(i) {
        let e = e as usize;
        let customer = block.links.contract.customer[e] as usize;
        for k in packs::<S>() {
            let arrival = f64::from(month) + block.derived.lag.of(f).pack(s, k);
            let signed = commitment(s, block, e, k, arrival);
            let signed = alive[i].pack(s, k) * alive[customer].pack(s, k) * signed;
            sum.gain(k, wanted_use(s, block, e, k).at_least(signed));
        }
    }
    sum
}

/// Capacity of the fleets of a company a month, each once an order for it arrives, with all that has been ordered so far.
#[inline(always)]
fn standing<S: Simd>(s: S, block: &Block<'_>, i: usize, month: u32) -> Row {
    let mut sum = ZERO;
    for f in block.plan.fleets.of(i).iter().map(|&f| f as usize) {
        let (earning, oldest) = (block.parameters.fleet.capacity_revenue.of(f), oldest(block, f, month));
        for k in packs::<S>() {
            let (life, mut cost) = (block.derived.life.of(f).pack(s, k), 0.0.packed(s));
            for back in 1..oldest {
                let vintage = block.vintages[block.vintage(f, back)].pack(s, k);
                cost += life.above(back as f64).choose(vintage, 0.0);
            }
            sum.gain(k, earning.pack(s, k) * cost / 12.0);
        }
    }
    sum
}

/// Months back to the order of the oldest vintage of a fleet that may still stand, and one more.
#[inline(always)]
pub(crate) fn oldest(block: &Block<'_>, f: usize, month: u32) -> usize {
    let d = &block.derived;
    let (life, lag, span) = (d.life.row(f), d.lag.row(f), d.span.row(f));
    // A fleet that takes over machines may have older ones than it had at the start.
    let first = if block.plan.moved.fleets { f64::INFINITY } else { f64::from(month) };
    let of_lane = |l: usize| (lag[l] + life[l]).min(first + lag[l] + span[l] + 1.0);
    (0..LANES).map(of_lane).fold(0.0, f64::max) as usize
}

/// Cost that is left of a fleet of the start once an order of the month before it arrives.
fn left(block: &Block<'_>, f: usize, l: usize) -> f64 {
    let d = &block.derived;
    let (life, lag) = (d.life.at(f, l), d.lag.at(f, l));
    d.vintage.at(f, l) * d.span.at(f, l).min(life - 1.0 - lag).max(0.0)
}

apart! {
    order_apart(s, block, i: usize, f: usize, month: u32) -> Row { order(s, block, i, f, month) }
}

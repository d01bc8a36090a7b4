//! Phase 6: what customers are committed to pay in the next twelve months, by what they can pay.

use crate::block::Block;
use crate::column::ZERO;
use crate::model::apart::apart;
use crate::pack::{Operand, Pack, Packs, packs};
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* backlog {
            parameters {
                fleet {
                    capex_of_backlog: Fraction, 0.0, 10.0, Some(0.0), true, "Capex per dollar of a month of the owner's backlog.", off 0.0;
                }
            }
            variables {
                company {
                    backlog: Usd, None, "Commitments of customers to it in twelve months, weighted by their credit.", |plan, _| plan.on.backlog.backlogs || plan.on.investment.orders;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the capex of any fleet follows the backlog of its owner.
    pub backlogs: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        Self { backlogs: !p.fleet.capex_of_backlog.all_of(zero) }
    }
}

pub use crate::model::Nothing as Scratch;

/// Months that count.
const AHEAD: f64 = 12.0;

/// Commitments to company `i` from this month on, weighted by the credit of its customers.
#[inline(always)]
pub fn count<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let (now, mut sum) = (f64::from(month), ZERO);
    for &e in block.plan.sales.of(i) {
        let e = e as usize;
        if !block.plan.commitments.of(e).is_empty() {
            for k in packs::<S>() {
                sum.gain(k, credit(s, block, e, k) * due(s, block, e, k, now.packed(s), (now + AHEAD - 1.0).packed(s)));
            }
        }
    }
    let alive = &block.state.company.alive[i];
    if let Some(row) = block.state.company.backlog.get_mut(i) {
        for k in packs::<S>() {
            row.put(k, alive.pack(s, k) * sum.pack(s, k));
        }
    }
}

/// Part of the commitments that the customer of a contract is good for, nothing once it is dead.
#[inline(always)]
fn credit<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize) -> Pack<S> {
    let (c, customer) = (&block.state.company, block.links.contract.customer[e] as usize);
    let mut part = (c.runway[customer].pack(s, k) / 12.0).at_most(1.0) * c.alive[customer].pack(s, k);
    if let Some(kept) = block.scratch.confidence.kept.get(e) {
        part *= kept.pack(s, k);
    }
    if let Some(leased) = block.scratch.investment.leased.get(e) {
        part *= leased.pack(s, k);
    }
    part
}

/// The sum of the commitments under a contract from a month to another, both included.
#[inline(always)]
#[must_use]
pub fn due<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, now: Pack<S>, until: Pack<S>) -> Pack<S> {
    let (p, d, mut sum) = (&block.parameters.commitment, &block.derived, 0.0.packed(s));
    for &row in block.plan.commitments.of(e) {
        let row = row as usize;
        let first = d.first_month.of(row).pack(s, k).at_least(now);
        let last = d.last_month.of(row).pack(s, k).at_most(until);
        sum += p.amount.of(row).pack(s, k) * (last - first + 1.0).at_least(0.0);
    }
    sum
}

apart! {
    count_apart(s, block, i: usize, month: u32) -> () { count(s, block, i, month) }
}

//! Phase 6: what customers are committed to pay in the next twelve months, by what they can pay.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::plan::to_whole_months;
use crate::world::World;

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
#[inline(never)]
pub fn count(block: &mut Block<'_>, i: usize, month: u32) {
    let mut sum = ZERO;
    for &e in block.plan.sales.of(i) {
        let e = e as usize;
        if !block.plan.commitments.of(e).is_empty() {
            let (credit, due) = (credit(block, e), due(block, e, month, AHEAD));
            for l in 0..LANES {
                sum[l] += credit[l] * due[l];
            }
        }
    }
    let alive = &block.state.company.alive[i];
    if let Some(row) = block.state.company.backlog.get_mut(i) {
        *row = Row::from_fn(|l| alive[l] * sum[l]);
    }
}

/// Part of the commitments that the customer of a contract is good for, nothing once it is dead.
fn credit(block: &Block<'_>, e: usize) -> Row {
    let customer = block.links.contract.customer[e] as usize;
    let kept = block.scratch.confidence.kept.get(e);
    let leased = block.scratch.investment.leased.get(e);
    let c = &block.state.company;
    Row::from_fn(|l| {
        let part = (c.runway[customer][l] / 12.0).min(1.0) * c.alive[customer][l];
        let part = kept.map_or(part, |kept| part * kept[l]);
        leased.map_or(part, |leased| part * leased[l])
    })
}

/// The sum of the commitments under a contract from this month on, over some months ahead.
#[must_use]
pub fn due(block: &Block<'_>, e: usize, month: u32, ahead: f64) -> Row {
    let (p, now) = (&block.parameters.commitment, f64::from(month));
    let mut sum = ZERO;
    for &k in block.plan.commitments.of(e) {
        let k = k as usize;
        for l in 0..LANES {
            let first = to_whole_months(p.first_month.at(k, l)).max(now);
            let last = to_whole_months(p.last_month.at(k, l)).min(now + ahead - 1.0);
            sum[l] += p.amount.at(k, l) * (last - first + 1.0).max(0.0);
        }
    }
    sum
}

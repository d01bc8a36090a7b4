//! Phase 7: loans that belong to a contract: what is drawn for it, what its customer's credit costs, and how it repays.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::model::backlog::due;
use crate::model::bills::{commitment, wanted_use};
use crate::pack::{Operand, Pack, Packs, pack_or, packs};
use crate::world::World;
use pulp::{Scalar, Simd};

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* project_loans {
            parameters {
                loan {
                    customer_spread: PerYear, 0.0, 1.0, Some(0.0), true, "Spread while the customer of its contract has no runway; none from a year of runway on.", off 0.0;
                }
            }
            variables {
                loan {
                    project_capex: UsdPerMonth, None, "Capex of the month before that its contract lacked.", |plan, _| plan.on.project_loans.any;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether any loan belongs to a contract.
    pub any: bool,
    /// Whether the credit of a customer counts for any.
    pub priced: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let any = world.links.loan.contract.iter().any(|&e| e >= 0);
        Self { any, priced: any && !world.parameters.loan.customer_spread.all_of(|value| value == 0.0) }
    }
}

pub use crate::model::Nothing as Scratch;

/// Months of runway from which on the credit of a customer costs nothing.
const MONTHS_OF_CREDIT: f64 = 12.0;

/// Place of the contract that a loan belongs to.
fn contract_of(block: &Block<'_>, loan: usize) -> Option<usize> {
    usize::try_from(block.links.loan.contract[loan]).ok()
}

/// Whether a loan belongs to no contract, or to one that still lacked something this month.
#[must_use]
pub fn builds(block: &Block<'_>, loan: usize, l: usize) -> bool {
    contract_of(block, loan).is_none() || block.state.loan.project_capex[loan][l] > 0.0
}

/// Notes what the contract behind each loan needs of the capex of its owner.
#[inline(never)]
pub fn measure(block: &mut Block<'_>, month: u32) {
    for loan in 0..block.plan.counts.loans {
        if let Some(e) = contract_of(block, loan) {
            let needs = project_capex(block, block.links.loan.borrower[loan] as usize, e, month);
            block.state.loan.project_capex[loan] = needs;
        }
    }
}

/// Capex of company `i` in the month before that contract `e` lacked.
fn project_capex(block: &Block<'_>, i: usize, e: usize, month: u32) -> Row {
    if block.links.contract.supplier[e] as usize != i {
        return ZERO;
    }
    let (lag, earning) = terms(block, i);
    let (mut sum, mut own) = (ZERO, ZERO);
    for other in block.plan.sales.of(i).iter().map(|&other| other as usize) {
        let lacks = missing(block, i, other, month, &lag);
        for l in 0..LANES {
            sum[l] += lacks[l];
        }
        if other == e {
            own = lacks;
        }
    }
    let (alive, capex) = (&block.state.company.alive[i], &block.state.company.capex[i]);
    Row::from_fn(|l| {
        if own[l] == 0.0 || earning[l].is_infinite() || alive[l] == 0.0 {
            return 0.0;
        }
        (capex[l] * (own[l] / sum[l])).min(own[l] * 12.0 / earning[l])
    })
}

/// The longest lag of the fleets of a company that earn, and the least that a dollar of them earns a year.
fn terms(block: &Block<'_>, i: usize) -> (Row, Row) {
    let (mut lag, mut earning) = (ZERO, Row::from_fn(|_| f64::INFINITY));
    for f in block.plan.fleets.of(i).iter().map(|&f| f as usize) {
        for l in 0..LANES {
            let yearly = block.parameters.fleet.capacity_revenue.at(f, l);
            if yearly > 0.0 {
                lag[l] = lag[l].max(block.derived.lag.at(f, l));
                earning[l] = earning[l].min(yearly);
            }
        }
    }
    (lag, earning)
}

/// Use and commitments of a contract once an order of this month arrives, beyond what its customer is served now.
fn missing(block: &Block<'_>, i: usize, e: usize, month: u32, lag: &Row) -> Row {
    let (s, now, mut lacks) = (Scalar::new(), f64::from(month), ZERO);
    let alive = &block.state.company.alive[block.links.contract.customer[e] as usize];
    for k in packs::<Scalar>() {
        let capacity = &block.scratch.capacity;
        let (served, delivered) =
            (pack_or(s, capacity.served.get(i), k, 1.0), pack_or(s, capacity.delivered.get(i), k, 1.0));
        let wanted = wanted_use(s, block, e, k);
        let served = (wanted * served).at_least(commitment(s, block, e, k, now.packed(s)) * delivered);
        let ahead = wanted.at_least(commitment(s, block, e, k, now + lag.pack(s, k)));
        lacks.put(k, alive.pack(s, k) * (ahead - served).at_least(0.0));
    }
    lacks
}

/// Spread for the credit of the customer behind a loan.
#[inline(always)]
#[must_use]
pub fn premium<S: Simd>(s: S, block: &Block<'_>, loan: usize, k: usize) -> Pack<S> {
    let Some(e) = contract_of(block, loan) else { return 0.0.packed(s) };
    let (c, customer) = (&block.state.company, block.links.contract.customer[e] as usize);
    let months = c.alive[customer].pack(s, k) * c.runway[customer].pack(s, k);
    block.parameters.loan.customer_spread.of(loan).pack(s, k) * (1.0 - (months / MONTHS_OF_CREDIT).at_most(1.0))
}

/// Part of what is left to come under the contract of a loan by its maturity that comes this month.
#[inline(never)]
#[must_use]
pub fn sculpted(block: &Block<'_>, loan: usize, month: u32) -> Row {
    let (s, mut part) = (Scalar::new(), ZERO);
    let Some(e) = contract_of(block, loan) else { return part };
    let now = f64::from(month).packed(s);
    for k in packs::<Scalar>() {
        let last = block.state.loan.maturity[loan].pack(s, k).at_least(now);
        let coming = due(s, block, e, k, now, last);
        part.put(k, coming.above(0.0).choose(due(s, block, e, k, now, now) / coming, 0.0));
    }
    part
}

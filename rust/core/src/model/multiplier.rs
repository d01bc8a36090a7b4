//! Phase 12: dollars withdrawn next month per dollar withdrawn now: the spectral radius of the response of the network.

use crate::block::Block;
use crate::column::{LANES, Row};
use crate::limits::MOST;
use crate::model::{bills, fleet, liquidity};
use crate::response::Link;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* multiplier {
            parameters {
            }
            variables {
                market {
                    cascade_multiplier: Ratio, None, "Dollars withdrawn next month per dollar withdrawn now.";
                }
            }
        } }
    };
}
pub(crate) use rows;

pub use crate::model::Always as Uses;
pub use crate::model::Nothing as Scratch;

/// Measures how much of a dollar withdrawn is withdrawn again, as long as `go` says so; says whether it got there.
///
/// It takes most of the month in a large world with rings, and changes nothing else: who did not get there may begin it again.
#[inline(never)]
pub fn measure(block: &mut Block<'_>, month: u32, go: &mut dyn FnMut() -> bool) -> bool {
    let mut response = std::mem::take(&mut block.response);
    for place in 0..response.links.len() {
        let [from, to] = response.ends[place];
        response.weights[place] = match response.links[place] {
            Link::Contract(e) => contract(block, e, from, month),
            Link::Order(o) => order(block, o, from),
        };
        let alive = &block.state.company.alive;
        for l in 0..LANES {
            response.weights[place][l] *= alive[from][l] * alive[to][l];
        }
    }
    let mut whole = true;
    for l in 0..block.live {
        let Some(radius) = response.radius(l, go) else {
            whole = false;
            break;
        };
        block.state.market.cascade_multiplier[0][l] = radius;
    }
    block.response = response;
    whole
}

/// Revenue of a company on one path, nothing where it is no more than rounding.
fn revenue(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let c = &block.state.company;
    let sum = c.segment_revenue[i][l] + c.trade_revenue[i][l] + c.equipment_revenue[i][l];
    if sum > block.derived.least_burn.at(i, l) { sum } else { 0.0 }
}

/// The cut of a customer's bill: use that follows its activity or research that is cut, and a share of revenue.
fn contract(block: &Block<'_>, e: usize, i: usize, month: u32) -> Row {
    let (p, bill) = (&block.parameters.contract, bills::following(block, e, month));
    Row::from_fn(|l| {
        let revenue = revenue(block, i, l);
        if revenue == 0.0 {
            return 0.0;
        }
        let follows = match p.follows.at(e, 0) as u8 {
            0 => bill[l] / revenue,
            1 if bill[l] > 0.0 => bill[l] * cut(block, i, l),
            _ => 0.0,
        };
        let shared = p.revenue_share.at(e, l) * block.state.company.segment_revenue[i][l] / revenue;
        (follows + shared).min(MOST)
    })
}

/// Part of its research that a company cuts for a dollar less, where runway tells how much it cuts.
fn cut(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let (p, c) = (&block.parameters.company, &block.state.company);
    let (most, runway) = (p.burn_cut_runway.at(i, l), c.runway[i][l]);
    if runway > p.burn_cut_floor.at(i, l) * most && runway < most {
        (1.0 + runway / 3.0) / liquidity::means_at(block, i, l)
    } else {
        0.0
    }
}

/// The cut of a fleet's orders from a vendor, where capex follows revenue.
fn order(block: &Block<'_>, o: usize, i: usize) -> Row {
    let (p, c) = (&block.parameters, &block.state.company);
    let fleet = block.links.order.fleet[o] as usize;
    Row::from_fn(|l| {
        let revenue = revenue(block, i, l);
        let sales = c.segment_revenue[i][l] + c.trade_revenue[i][l];
        let weight = fleet::ordered(block, o, l) * p.fleet.capex_of_revenue.at(fleet, l);
        if revenue > 0.0 { (weight * sales / revenue).min(MOST) } else { 0.0 }
    })
}

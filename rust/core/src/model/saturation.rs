//! Phase 4: growth that fades as a market fills up, alone or together with rivals.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::limits::MOST;
use crate::math::{exp, ln};
use crate::model::Nothing;
use crate::plan::to_whole_months as whole;
use crate::world::World;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* saturation {
            parameters {
                segment {
                    potential: UsdPerMonth, 0.0, LARGEST, Some(0.0), true, "Revenue at prices of the start at which its market is full; 0: it never is.", off 0.0;
                    market_number: Ratio, 0.0, 1e6, Some(0.0), false, "Number of the market that it fills with all segments of the same number; 0: a market of its own.";
                }
            }
            variables {
                segment {
                    filled: Ratio, None, "Demand of its market over the potential, at the beginning of the month.", |plan, _| plan.on.saturation.any;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the market of the segment may be full.
    pub limited: Vec<bool>,
    /// Whether that of any is.
    pub any: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let potential = &world.parameters.segment.potential;
        let limited: Vec<bool> = (0..potential.len()).map(|s| !potential.all(s, |value| value == 0.0)).collect();
        Self { any: limited.contains(&true), limited }
    }
}

/// Rows that only the month needs.
pub type Scratch = Nothing;

/// Measures how full each market is before anybody grows.
#[inline(never)]
pub fn measure(block: &mut Block<'_>) {
    for segment in 0..block.plan.counts.segments {
        if block.plan.on.saturation.limited[segment] {
            let filled = filled(block, segment);
            block.state.segment.filled[segment] = filled;
        }
    }
}

/// Demand of a market over what a segment holds for its potential; 0 where this has no limit.
fn filled(block: &Block<'_>, segment: usize) -> Row {
    let (p, trend) = (&block.parameters.segment, &block.state.segment.trend);
    let mut demand = ZERO;
    for other in 0..block.plan.counts.segments {
        for l in 0..LANES {
            let [own, its] = [segment, other].map(|s| whole(p.market_number.at(s, l)));
            let shared = own > 0.0 && own == its;
            if other == segment || shared {
                demand[l] += p.revenue.at(other, l) * trend[other][l];
            }
        }
    }
    Row::from_fn(|l| {
        let potential = p.potential.at(segment, l);
        if potential > 0.0 { (demand[l] / potential).min(MOST) } else { 0.0 }
    })
}

/// Takes off the log of demand what growth loses in a market that fills up.
#[inline(never)]
pub fn brake(block: &Block<'_>, segment: usize, shift: &mut Row) {
    let (growth, filled) = (&block.state.segment.growth[segment], &block.state.segment.filled[segment]);
    for l in 0..LANES {
        if growth[l] > 0.0 && filled[l] > 0.0 {
            shift[l] -= ln(1.0 + filled[l] * (exp(growth[l] / 12.0) - 1.0));
        }
    }
}

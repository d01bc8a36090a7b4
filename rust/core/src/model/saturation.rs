//! Phase 4: growth that fades as a market fills up, alone or together with rivals.

use crate::block::Block;
use crate::column::{Row, ZERO};
use crate::limits::MOST;
use crate::model::Nothing;
use crate::model::apart::apart;
use crate::pack::{Operand, Pack, Packs, packs};
use crate::plan::to_whole_months as whole;
use crate::world::World;
use pulp::Simd;

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
    /// Segments that may fill one market, by segment.
    together: Vec<Vec<usize>>,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let potential = &world.parameters.segment.potential;
        let limited: Vec<bool> = (0..potential.len()).map(|s| !potential.all(s, |value| value == 0.0)).collect();
        Self { any: limited.contains(&true), together: together(world, &limited), limited }
    }
}

/// Segments that fill the market of each limited one in any draw, itself included.
fn together(world: &World, limited: &[bool]) -> Vec<Vec<usize>> {
    let number = &world.parameters.segment.market_number;
    let apart = |a: usize, b: usize| number.all(a, |own| number.all(b, |its| whole(own) != whole(its)));
    let shares = |a: usize, b: usize| a == b || !(number.all(a, |own| whole(own) == 0.0) || apart(a, b));
    let all = 0..limited.len();
    all.clone().map(|a| if limited[a] { all.clone().filter(|&b| shares(a, b)).collect() } else { Vec::new() }).collect()
}

/// Rows that only the month needs.
pub type Scratch = Nothing;

/// Measures how full each market is before anybody grows.
#[inline(always)]
pub fn measure<S: Simd>(s: S, block: &mut Block<'_>) {
    for segment in 0..block.plan.counts.segments {
        if block.plan.on.saturation.limited[segment] {
            for k in packs::<S>() {
                let filled = filled(s, block, segment, k);
                block.state.segment.filled[segment].put(k, filled);
            }
        }
    }
}

/// Demand of a market over what a segment holds for its potential; 0 where this has no limit.
#[inline(always)]
fn filled<S: Simd>(s: S, block: &Block<'_>, segment: usize, k: usize) -> Pack<S> {
    let (p, d, mut demand) = (&block.parameters.segment, &block.derived, 0.0.packed(s));
    let own = d.market_number.of(segment).pack(s, k);
    for &other in &block.plan.on.saturation.together[segment] {
        let wanted = p.revenue.of(other).pack(s, k) * block.state.segment.trend[other].pack(s, k);
        if other == segment {
            demand += wanted;
        } else {
            let shared = own.above(0.0) & d.market_number.of(other).pack(s, k).equals(own);
            demand += shared.choose(wanted, 0.0);
        }
    }
    let potential = p.potential.of(segment).pack(s, k);
    potential.above(0.0).choose((demand / potential).at_most(MOST), 0.0)
}

/// Takes off the log of demand what growth loses in a market that fills up.
#[inline(always)]
#[must_use]
pub fn brake<S: Simd>(s: S, block: &Block<'_>, segment: usize, shift: &Row) -> Row {
    let (growth, filled) = (&block.state.segment.growth[segment], &block.state.segment.filled[segment]);
    let mut braked = ZERO;
    for k in packs::<S>() {
        let (growth, filled, before) = (growth.pack(s, k), filled.pack(s, k), shift.pack(s, k));
        let lost = (1.0 + filled * ((growth / 12.0).exp() - 1.0)).ln();
        braked.put(k, (growth.above(0.0) & filled.above(0.0)).choose(before - lost, before));
    }
    braked
}

apart! {
    measure_apart(s, block) -> () { measure(s, block) }
    brake_apart(s, block, segment: usize, shift: Row) -> Row { brake(s, block, segment, &shift) }
}

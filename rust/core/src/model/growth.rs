//! Phase 4: shocks to the growth of demand, breaks of demand, and whether growth means the mean or the median path.

use crate::block::Block;
use crate::carry;
use crate::column::{Row, ZERO, zeros};
use crate::draw::{Stream, Words, normals, uniforms};
use crate::model::apart::apart;
use crate::needed::Needed;
use crate::pack::{Pack, Packs, packs};
use crate::plan::Plan;
use crate::scratch::Keep;
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* growth {
            parameters {
                segment {
                    growth_path: Code, 0.0, 1.0, Some(0.0), false, "The path of which growth is the rate: noise and breaks leave the mean, or the median, as it is.", words [mean 0, median 1];
                    growth_volatility: PerRootYear, 0.0, 10.0, Some(0.0), true, "Volatility of growth itself.", off 0.0;
                    growth_common: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the variance of shocks to growth that is common to all segments.", off 0.0;
                    break_hazard: PerYear, 0.0, 12.0, Some(0.0), true, "Breaks of demand a year.", off 0.0;
                    break_size: Ratio, 0.0, 20.0, Some(0.5), true, "Fall of the log of demand in a break.";
                    break_spread: Fraction, 0.0, 1.0, Some(0.0), true, "Largest difference of one fall from that size, as a share of it.";
                }
            }
            variables {
                segment {
                    breaks: Ratio, None, "Breaks of its demand so far.", |plan, _| plan.on.growth.breaks.contains(&true);
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether growth of the segment is random.
    pub wanders: Vec<bool>,
    /// Whether demand of the segment may break.
    pub breaks: Vec<bool>,
    /// Whether growth of the segment is that of the median path.
    pub median: Vec<bool>,
    /// Whether any shock to growth is common.
    pub commons: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let (p, zero) = (&world.parameters.segment, |value: f64| value == 0.0);
        let segments = 0..p.revenue.len();
        let wanders: Vec<bool> = segments.clone().map(|s| !p.growth_volatility.all(s, zero)).collect();
        Self {
            commons: wanders.contains(&true) && !p.growth_common.all_of(zero),
            wanders,
            breaks: segments.clone().map(|s| !p.break_hazard.all(s, zero)).collect(),
            median: segments.map(|s| p.growth_path.at(s, 0) > 0.0).collect(),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// The common shock of the month.
    common: Row,
    /// Variance of what shocks have done to growth, and its covariance with the sum of that so far, by segment.
    variance: Vec<Row>,
    /// See `variance`.
    covariance: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let count = if plan.on.growth.wanders.contains(&true) { plan.counts.segments } else { 0 };
        Self { common: ZERO, variance: zeros(ZERO, count), covariance: zeros(ZERO, count) }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.variance.fill(ZERO);
        self.covariance.fill(ZERO);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.variance, visit);
        carry::rows(&mut self.covariance, visit);
    }
}

/// Months of a year.
const YEAR: f64 = 12.0;

/// Draws the common shock of the month.
#[inline(always)]
pub fn draw<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    let words = block.draws.words(Stream::Index, 0, month);
    block.scratch.growth.common = normals(s, &words[0], &words[1])[1];
}

/// Moves growth of a segment at random, and gives what breaks and compensators add to the log of its demand.
#[inline(always)]
pub fn shock<S: Simd>(s: S, block: &mut Block<'_>, segment: usize, month: u32) -> Row {
    let words = block.draws.words(Stream::Growth, block.addresses.segment[segment], month);
    let mut shift = ZERO;
    if block.plan.on.growth.wanders[segment] && month > 1 {
        wander(s, block, segment, &words, &mut shift);
    }
    if block.plan.on.growth.breaks[segment] {
        crack(s, block, segment, &words, &mut shift);
    }
    shift
}

/// Growth takes its shock; it has closed its gap to the long run before.
#[inline(always)]
fn wander<S: Simd>(s: S, block: &mut Block<'_>, segment: usize, words: &Words, shift: &mut Row) {
    let [own, _] = normals(s, &words[0], &words[1]);
    let (p, x) = (&block.parameters.segment, &mut block.scratch.growth);
    let growth = &mut block.state.segment.growth[segment];
    let (variances, covariances) = (&mut x.variance[segment], &mut x.covariance[segment]);
    let median = block.plan.on.growth.median[segment];
    for k in packs::<S>() {
        let (keep, size) =
            (block.derived.segment_decay.of(segment).pack(s, k), p.growth_volatility.of(segment).pack(s, k));
        let common = p.growth_common.of(segment).pack(s, k);
        let luck = common.sqrt() * x.common.pack(s, k) + (1.0 - common).sqrt() * own.pack(s, k);
        growth.gain(k, size * (1.0 / YEAR).sqrt() * luck);
        let before = keep * covariances.pack(s, k);
        let variance = keep * keep * variances.pack(s, k) + size * size / YEAR;
        variances.put(k, variance);
        covariances.put(k, before + variance);
        if !median {
            shift.put(k, shift.pack(s, k) - (0.5 * variance + before) / (YEAR * YEAR));
        }
    }
}

/// Demand of a segment breaks where luck has it so.
#[inline(always)]
fn crack<S: Simd>(s: S, block: &mut Block<'_>, segment: usize, words: &Words, shift: &mut Row) {
    let (luck, which) = (uniforms(&words[2]), uniforms(&words[3]));
    let (p, median) = (&block.parameters.segment, block.plan.on.growth.median[segment]);
    let mut breaks = block.state.segment.breaks.get_mut(segment);
    for k in packs::<S>() {
        let (size, spread) = (p.break_size.of(segment).pack(s, k), p.break_spread.of(segment).pack(s, k));
        let chance = p.break_hazard.of(segment).pack(s, k) / YEAR;
        let (broken, mut shifted) = (luck.pack(s, k).below(chance), shift.pack(s, k));
        shifted = broken.choose(shifted - size * (1.0 + spread * (2.0 * which.pack(s, k) - 1.0)), shifted);
        if let Some(breaks) = &mut breaks {
            breaks.gain(k, broken.choose(1.0, 0.0));
        }
        if !median {
            shifted -= (1.0 - chance + chance * left(size, spread)).ln();
        }
        shift.put(k, shifted);
    }
}

/// Mean part of demand left by a break.
#[inline(always)]
fn left<S: Simd>(size: Pack<S>, spread: Pack<S>) -> Pack<S> {
    let width = size * spread;
    let wide = (width.exp() - (-width).exp()) / (2.0 * width);
    let widening = width.above(1e-3).choose(wide, 1.0 + width * width / 6.0);
    (-size).exp() * widening
}

apart! {
    shock_apart(s, block, segment: usize, month: u32) -> Row { shock(s, block, segment, month) }
}

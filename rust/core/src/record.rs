//! What is kept of a run: sums over paths that do not depend on their order, full series of some paths, failures.

use crate::block::Block;
use crate::column::{LANES, Row, zeros};
use crate::pack::{Operand, Pack, Packs, packs};
use crate::variables::{Entity, Unit, VARIABLES};
use pulp::Simd;
use std::ops::Range;

/// Bins of a sum of values.
pub const SUM_BINS: usize = 3;
/// Bins of a sum of squares.
pub const SQUARE_BINS: usize = 4;
/// Paths beyond which a sum could lose exactness: 2^24.
pub const MOST_PATHS: usize = 1 << 24;
/// Bits by which one bin is finer than the one before.
const BIN_WIDTH: i32 = 29;
/// Bits kept free in each bin for the number of paths.
const PATH_BITS: i32 = 24;

/// A sum that is the same in any order and any grouping (bins fixed in advance, after Demmel and Nguyen 2013).
///
/// Each value is cut into parts that are whole multiples of a quantum of their bin; sums of such parts are exact.
#[derive(Clone, Debug)]
pub struct Bins<const N: usize> {
    cut: [f64; N],
    limit: f64,
}

impl<const N: usize> Bins<N> {
    /// Bins for values below `2^bits` in size.
    #[must_use]
    pub fn new(bits: i32) -> Self {
        let cut = std::array::from_fn(|k| 1.5 * 2.0_f64.powi(bits + PATH_BITS - BIN_WIDTH * k as i32));
        Self { cut, limit: 2.0_f64.powi(bits) }
    }

    /// Adds a pack to sums of packs, bin by bin.
    #[inline(always)]
    pub fn add<S: Simd>(&self, pack: Pack<S>, sums: &mut [Pack<S>; N]) {
        let mut rest = pack.at_most(self.limit).at_least(-self.limit);
        for n in 0..N {
            let part = (rest + self.cut[n]) - self.cut[n];
            rest -= part;
            sums[n] += part;
        }
    }
}

/// Adds the lanes of sums of packs to bins; exact, so their order does not matter.
#[inline(always)]
fn collect<S: Simd, const N: usize>(bins: &mut [f64; N], sums: [Pack<S>; N]) {
    for n in 0..N {
        bins[n] += sums[n].total();
    }
}

/// Bits of the largest value of a variable: amounts below 2^57 USD, all else below 2^40.
fn bits(unit: Unit) -> i32 {
    match unit {
        Unit::Usd | Unit::UsdPerMonth | Unit::UsdPerYear | Unit::UsdPerRootMonth => 57,
        _ => 40,
    }
}

/// Sums of one variable: `[months, entities]`, each in bins.
#[derive(Clone, Debug)]
pub struct Series {
    place: usize,
    entities: usize,
    /// A flag: its sum is a count, exact as it is, and its own square.
    counts: bool,
    sum_bins: Bins<SUM_BINS>,
    square_bins: Bins<SQUARE_BINS>,
    /// Sums of values.
    pub sum: Vec<[f64; SUM_BINS]>,
    /// Sums of squares.
    pub square: Vec<[f64; SQUARE_BINS]>,
}

impl Series {
    /// For the variable at `place` in [`VARIABLES`].
    #[must_use]
    pub fn new(place: usize, entities: usize, months: usize) -> Self {
        let bits = bits(VARIABLES[place].unit);
        Self {
            place,
            entities,
            counts: VARIABLES[place].unit == Unit::Flag,
            sum_bins: Bins::new(bits),
            square_bins: Bins::new(2 * bits),
            sum: zeros([0.0; SUM_BINS], months * entities),
            square: zeros([0.0; SQUARE_BINS], months * entities),
        }
    }

    /// Adds the paths of a block, for some entities, at `row` (a month); `live` is 1 for lanes that hold a path.
    #[inline(always)]
    pub fn add<S: Simd>(&mut self, s: S, block: &Block<'_>, row: usize, live: &Row, entities: Range<usize>) {
        let rows = block.state.rows(self.place);
        for entity in entities {
            let (cell, values) = (row * self.entities + entity, &rows[entity]);
            if self.counts {
                self.count(s, values, live, cell);
            } else {
                self.sum_up(s, values, live, cell);
            }
        }
    }

    /// Adds the lanes of a flag.
    #[inline(always)]
    fn count<S: Simd>(&mut self, s: S, values: &Row, live: &Row, cell: usize) {
        let mut seen = 0.0.packed(s);
        for k in packs::<S>() {
            seen += values.pack(s, k) * live.pack(s, k);
        }
        let seen = seen.total();
        self.sum[cell][SUM_BINS - 1] += seen;
        self.square[cell][SQUARE_BINS - 1] += seen;
    }

    /// Adds the lanes and their squares.
    #[inline(always)]
    fn sum_up<S: Simd>(&mut self, s: S, values: &Row, live: &Row, cell: usize) {
        let nothing = 0.0.packed(s);
        let (mut sums, mut squares) = ([nothing; SUM_BINS], [nothing; SQUARE_BINS]);
        for k in packs::<S>() {
            let value = values.pack(s, k) * live.pack(s, k);
            self.sum_bins.add(value, &mut sums);
            self.square_bins.add(value * value, &mut squares);
        }
        collect(&mut self.sum[cell], sums);
        collect(&mut self.square[cell], squares);
    }

    /// Number of entities.
    #[must_use]
    pub fn entities(&self) -> usize {
        self.entities
    }

    /// Whether it is of companies.
    fn of_companies(&self) -> bool {
        VARIABLES[self.place].entity == Entity::Company
    }

    /// Adds the sums of others; exact, so the order does not matter.
    pub fn merge(&mut self, other: &Self) {
        for (ours, theirs) in self.sum.iter_mut().zip(&other.sum) {
            for k in 0..SUM_BINS {
                ours[k] += theirs[k];
            }
        }
        for (ours, theirs) in self.square.iter_mut().zip(&other.square) {
            for k in 0..SQUARE_BINS {
                ours[k] += theirs[k];
            }
        }
    }
}

/// Where the sums of a block's paths go.
#[derive(Debug)]
pub struct Record<'r> {
    /// One for each recorded variable.
    pub series: &'r mut [Series],
    /// 1 for lanes that hold a path.
    pub live: &'r Row,
}

impl Record<'_> {
    /// Adds the end of a month of some companies, while their rows are in the cache.
    #[inline(always)]
    pub fn add_companies<S: Simd>(&mut self, s: S, block: &Block<'_>, month: u32, companies: Range<usize>) {
        for series in &mut *self.series {
            if series.of_companies() {
                series.add(s, block, month as usize - 1, self.live, companies.clone());
            }
        }
    }

    /// Adds the end of a month of all that is not of companies.
    #[inline(always)]
    pub fn add_others<S: Simd>(&mut self, s: S, block: &Block<'_>, month: u32) {
        for series in &mut *self.series {
            if !series.of_companies() {
                series.add(s, block, month as usize - 1, self.live, 0..series.entities);
            }
        }
    }
}

/// Writes the rows of a variable into the full series `[paths, months, entities]` of a block's kept paths.
pub fn keep(block: &Block<'_>, place: usize, month: usize, months: usize, into: &mut [f64]) {
    let rows = block.state.rows(place);
    let size = months * rows.len();
    for (l, path) in into.chunks_mut(size.max(1)).enumerate().take(LANES) {
        for (entity, row) in rows.iter().enumerate() {
            path[month * rows.len() + entity] = row[l];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulp::Scalar;

    fn binned(values: &[f64]) -> f64 {
        let bins = Bins::<SUM_BINS>::new(57);
        let mut sums = [0.0; SUM_BINS];
        for chunk in values.chunks(LANES) {
            let row = Row::from_fn(|l| chunk.get(l).copied().unwrap_or(0.0));
            let mut packs = [0.0.packed(Scalar::new()); SUM_BINS];
            for k in super::packs::<Scalar>() {
                bins.add(row.pack(Scalar::new(), k), &mut packs);
            }
            collect(&mut sums, packs);
        }
        sums.iter().rev().sum()
    }

    proptest! {
        #[test]
        fn order_does_not_matter(mut values in proptest::collection::vec(-1e15_f64..1e15, 1..200)) {
            let forward = binned(&values);
            values.reverse();
            prop_assert_eq!(forward.to_bits(), binned(&values).to_bits());
        }

        #[test]
        fn the_sum_is_the_sum(values in proptest::collection::vec(-1e9_f64..1e9, 1..200)) {
            let plain: f64 = values.iter().sum();
            // A quantum of the finest bin for each value, and the rounding of the plain sum.
            let sizes: f64 = values.iter().map(|value| value.abs()).sum();
            let tolerance = values.len() as f64 * 2.0_f64.powi(-28) + 1e-13 * sizes;
            prop_assert!((binned(&values) - plain).abs() < tolerance, "{} {}", binned(&values), plain);
        }
    }
}

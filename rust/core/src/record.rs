//! What is kept of a run: sums over paths that do not depend on their order, full series of some paths, failures.

use crate::block::Block;
use crate::column::{LANES, Row};
use crate::variables::{Unit, VARIABLES};

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

    /// Adds the first `live` lanes to the bins.
    #[inline(always)]
    pub fn add(&self, values: &Row, live: &Row, bins: &mut [f64; N]) {
        let mut rest = [0.0; LANES];
        for l in 0..LANES {
            let x = if values[l] > self.limit { self.limit } else { values[l] };
            rest[l] = live[l] * if x < -self.limit { -self.limit } else { x };
        }
        for k in 0..N {
            let mut part = [0.0; LANES];
            for l in 0..LANES {
                part[l] = (rest[l] + self.cut[k]) - self.cut[k];
                rest[l] -= part[l];
            }
            bins[k] += total(&part);
        }
    }
}

/// Sum of the lanes, by halves.
#[inline(always)]
fn total(row: &Row) -> f64 {
    let mut half = [0.0; LANES / 2];
    for l in 0..LANES / 2 {
        half[l] = row[l] + row[l + LANES / 2];
    }
    let mut quarter = [0.0; LANES / 4];
    for l in 0..LANES / 4 {
        quarter[l] = half[l] + half[l + LANES / 4];
    }
    quarter.iter().sum()
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
            sum: vec![[0.0; SUM_BINS]; months * entities],
            square: vec![[0.0; SQUARE_BINS]; months * entities],
        }
    }

    /// Adds the paths of a block at `row` (a month).
    #[inline(always)]
    pub fn add(&mut self, block: &Block<'_>, row: usize, live: &Row) {
        let first = row * self.entities;
        for (entity, values) in block.state.rows(self.place).iter().enumerate() {
            if self.counts {
                let mut seen = *values;
                for l in 0..LANES {
                    seen[l] *= live[l];
                }
                let sum = total(&seen);
                self.sum[first + entity][SUM_BINS - 1] += sum;
                self.square[first + entity][SQUARE_BINS - 1] += sum;
                continue;
            }
            self.sum_bins.add(values, live, &mut self.sum[first + entity]);
            let mut squares = [0.0; LANES];
            for l in 0..LANES {
                squares[l] = values[l] * values[l];
            }
            self.square_bins.add(&squares, live, &mut self.square[first + entity]);
        }
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

    fn binned(values: &[f64]) -> f64 {
        let bins = Bins::<SUM_BINS>::new(57);
        let mut sums = [0.0; SUM_BINS];
        for chunk in values.chunks(LANES) {
            let row = std::array::from_fn(|l| chunk.get(l).copied().unwrap_or(0.0));
            bins.add(&row, &[1.0; LANES], &mut sums);
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

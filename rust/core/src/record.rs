//! The record of a run: sums over paths that do not depend on their order, full series of some paths, failures.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO, room};
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

/// Sums of one variable: `[months, entities]`, of which there are as many months as have been reached.
///
/// A large one takes seconds to write once: it grows month by month, so that nobody waits for all of it.
#[derive(Clone, Debug)]
pub struct Series {
    place: usize,
    unit: Unit,
    entities: usize,
    sum_bins: Bins<SUM_BINS>,
    square_bins: Bins<SQUARE_BINS>,
    /// Of a flag: an exact number as it is, and its own square.
    count: Vec<f64>,
    /// Of anything else, in bins.
    sum: Vec<[f64; SUM_BINS]>,
    /// Of its squares.
    square: Vec<[f64; SQUARE_BINS]>,
}

impl Series {
    /// Room for `months` of the variable at `place` in [`VARIABLES`], or after them for what is only measured.
    #[must_use]
    pub fn new(place: usize, unit: Unit, entities: usize, months: usize) -> Self {
        let cells = months * entities;
        let (counted, binned) = if unit == Unit::Flag { (cells, 0) } else { (0, cells) };
        Self {
            place,
            unit,
            entities,
            sum_bins: Bins::new(bits(unit)),
            square_bins: Bins::new(2 * bits(unit)),
            count: room(counted),
            sum: room(binned),
            square: room(binned),
        }
    }

    /// Begins the sums of months up to the one at `row`, unless they are there.
    pub fn reach(&mut self, row: usize) {
        let cells = (row + 1) * self.entities;
        if self.counts() {
            self.count.resize(cells.max(self.count.len()), 0.0);
        } else {
            self.sum.resize(cells.max(self.sum.len()), [0.0; SUM_BINS]);
            self.square.resize(cells.max(self.square.len()), [0.0; SQUARE_BINS]);
        }
    }

    /// Forgets all months, and keeps the room.
    pub fn clear(&mut self) {
        self.count.clear();
        self.sum.clear();
        self.square.clear();
    }

    /// Copies the month at `row` of another behind those that are here.
    pub fn note(&mut self, other: &Self, row: usize) {
        let cells = row * self.entities..(row + 1) * self.entities;
        if self.counts() {
            self.count.extend_from_slice(&other.count[cells]);
        } else {
            self.sum.extend_from_slice(&other.sum[cells.clone()]);
            self.square.extend_from_slice(&other.square[cells]);
        }
    }

    /// Puts back the months that another has noted.
    pub fn restore(&mut self, noted: &Self) {
        self.count[..noted.count.len()].copy_from_slice(&noted.count);
        self.sum[..noted.sum.len()].copy_from_slice(&noted.sum);
        self.square[..noted.square.len()].copy_from_slice(&noted.square);
    }

    /// Adds the paths of a block, for some entities, at `row` (a month); `live` is 1 for lanes that hold a path.
    #[inline(always)]
    pub fn add<S: Simd>(&mut self, s: S, block: &Block<'_>, row: usize, live: &Row, entities: Range<usize>) {
        let first = row * self.entities;
        let cells = first + entities.start..first + entities.end;
        let rows = &block.rows(self.place)[entities];
        if self.counts() {
            for (count, values) in self.count[cells].iter_mut().zip(rows) {
                *count += seen(s, values, live);
            }
        } else {
            let bins = (&self.sum_bins, &self.square_bins);
            for ((sum, square), values) in self.sum[cells.clone()].iter_mut().zip(&mut self.square[cells]).zip(rows) {
                // Zeros add nothing: not even to the sign of a sum.
                if *values == ZERO {
                    continue;
                }
                let (sums, squares) = sums(s, values, live, bins);
                collect(sum, sums);
                collect(square, squares);
            }
        }
    }

    /// The first sum that is no number: name of the variable, entity, and row from 1.
    #[must_use]
    pub fn unsound(&self) -> Option<(String, usize, usize)> {
        let cell = self.sum.iter().position(|bins| bins[0].is_nan())?;
        let name = VARIABLES.get(self.place).map_or_else(
            || format!("gauge {}", self.place - VARIABLES.len()),
            |variable| format!("{}.{}", variable.entity.name(), variable.name),
        );
        Some((name, cell % self.entities, cell / self.entities + 1))
    }

    /// Whether it is a flag.
    fn counts(&self) -> bool {
        self.unit == Unit::Flag
    }

    /// Number of entities.
    #[must_use]
    pub fn entities(&self) -> usize {
        self.entities
    }

    /// Whether it is of companies.
    fn of_companies(&self) -> bool {
        VARIABLES.get(self.place).is_some_and(|variable| variable.entity == Entity::Company)
    }

    /// Adds the sums of others; exact, so the order does not matter.
    pub fn merge(&mut self, other: &Self) {
        merge(&mut self.count, &other.count);
        merge(self.sum.as_flattened_mut(), other.sum.as_flattened());
        merge(self.square.as_flattened_mut(), other.square.as_flattened());
    }

    /// Sums of values and of squares, each in so many bins.
    #[must_use]
    pub fn into_bins(self) -> [(Vec<f64>, usize); 2] {
        if self.counts() {
            [(self.count.clone(), 1), (self.count, 1)]
        } else {
            [(self.sum.into_flattened(), SUM_BINS), (self.square.into_flattened(), SQUARE_BINS)]
        }
    }
}

/// Lanes in which a flag is set.
#[inline(always)]
fn seen<S: Simd>(s: S, values: &Row, live: &Row) -> f64 {
    let mut seen = 0.0.packed(s);
    for k in packs::<S>() {
        seen += values.pack(s, k) * live.pack(s, k);
    }
    seen.total()
}

/// Sums of the lanes and of their squares, pack by pack.
#[inline(always)]
fn sums<S: Simd>(
    s: S,
    values: &Row,
    live: &Row,
    (bins, square_bins): (&Bins<SUM_BINS>, &Bins<SQUARE_BINS>),
) -> ([Pack<S>; SUM_BINS], [Pack<S>; SQUARE_BINS]) {
    let nothing = 0.0.packed(s);
    let (mut sums, mut squares) = ([nothing; SUM_BINS], [nothing; SQUARE_BINS]);
    for k in packs::<S>() {
        let value = live.pack(s, k).above(0.0).choose(values.pack(s, k), 0.0);
        bins.add(value, &mut sums);
        // The bins would take what is no number for the largest; this makes the sum none either, and adds nothing else.
        sums[0] += 0.0 * value;
        square_bins.add(value * value, &mut squares);
    }
    (sums, squares)
}

/// Adds number by number.
fn merge(ours: &mut [f64], theirs: &[f64]) {
    for (ours, theirs) in ours.iter_mut().zip(theirs) {
        *ours += theirs;
    }
}

/// The place of the sums of a block's paths.
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
    let rows = block.rows(place);
    let (size, first) = (months * rows.len(), month * rows.len());
    for (l, path) in into.chunks_mut(size.max(1)).enumerate().take(LANES) {
        for (cell, row) in path[first..].iter_mut().zip(rows) {
            *cell = row[l];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulp::Scalar;

    impl Series {
        /// All that is summed.
        fn cells(&self) -> Vec<f64> {
            [&self.count, self.sum.as_flattened(), self.square.as_flattened()].concat()
        }
    }

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

    #[test]
    fn what_is_no_number_makes_its_sum_none() {
        let s = Scalar::new();
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let row = Row::from_fn(|l| if l == 3 { wrong } else { 1.0 });
            for (lanes, seen) in [(LANES, true), (3, false)] {
                let live = Row::from_fn(|l| f64::from(u8::from(l < lanes)));
                let (packs, _) = super::sums(s, &row, &live, (&Bins::new(57), &Bins::new(114)));
                let mut bins = [0.0; SUM_BINS];
                collect(&mut bins, packs);
                assert_eq!(bins[0].is_nan(), seen);
            }
        }
    }

    #[test]
    fn a_sum_that_is_none_is_found() {
        let place = VARIABLES.iter().position(|row| row.name == "cash").unwrap_or_default();
        let mut series = Series::new(place, VARIABLES[place].unit, 2, 3);
        series.reach(2);
        assert_eq!(series.unsound(), None);
        series.sum[3][0] = f64::NAN;
        assert_eq!(series.unsound(), Some(("company.cash".to_owned(), 1, 2)));
    }

    #[test]
    fn noted_months_are_put_back() {
        for unit in [Unit::Usd, Unit::Flag] {
            let series = || Series::new(0, unit, 2, 3);
            let filled = |cell: usize| cell as f64;
            let (mut now, mut noted) = (series(), series());
            now.reach(2);
            now.count.iter_mut().enumerate().for_each(|(cell, count)| *count = filled(cell));
            now.sum.iter_mut().enumerate().for_each(|(cell, bins)| bins[0] = filled(cell));
            let whole = now.cells();
            noted.note(&now, 0);
            noted.note(&now, 1);
            now.count.iter_mut().take(4).for_each(|count| *count = -1.0);
            now.sum.iter_mut().take(4).for_each(|bins| bins[0] = -1.0);
            assert_ne!(now.cells(), whole);
            now.restore(&noted);
            assert_eq!(now.cells(), whole);
            noted.clear();
            assert_eq!(noted.cells(), series().cells());
        }
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

//! The shares that defaulters leave unpaid, by elimination of one defaulter after another.
//!
//! A row holds what a defaulter owes to all who are followed, and, once earlier defaulters have been eliminated, what
//! it owes them through those: an earlier one that misses some of its receipts passes a part of that on. What it owes
//! itself in this way lessens its pivot. All else is added up from nonnegative amounts, and no pivot is chosen, since
//! the columns of the system are dominated by their diagonals. What those followed miss is exact after each round; the
//! defaulters of the next round are added to what has been done. The shares follow in the end.

use std::array::from_fn;
use std::ops::Range;

use pulp::Simd;

use super::debtor::{Debtor, Pivot};
use super::rows::{LANES, TOGETHER, add_multiple, add_multiples};

/// Where more are followed, sweeps cost less.
pub(super) const FOLLOW_UP_TO: usize = 64;

/// Defaulters that have been eliminated, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Direct {
    pivots: Vec<Pivot>,
    /// By defaulter: the shares that earlier ones leave unpaid if it pays nothing.
    through: Vec<[f64; FOLLOW_UP_TO]>,
    /// Number of columns from the first on that belong to the defaulters in their order.
    leading: usize,
}

/// What a few defaulters owe each other, those before each of them eliminated.
type Square = [[f64; TOGETHER]; TOGETHER];

impl Direct {
    /// Start with nobody in default.
    pub fn begin(&mut self) {
        self.pivots.clear();
        self.leading = 0;
    }

    /// Eliminate the defaulters that are new, and add to `less` what is missing because of them; false if next to
    /// nothing of what one of them leaves unpaid is lost on others.
    #[inline(always)]
    pub fn eliminate<S: Simd>(&mut self, s: S, debtors: &mut [Debtor], rows: &mut [f64], less: &mut [f64]) -> bool {
        let (new, all) = (self.pivots.len(), debtors.len());
        self.through.resize(all.max(self.through.len()), [0.0; FOLLOW_UP_TO]);
        for first in (0..all).step_by(TOGETHER) {
            let end = first + TOGETHER;
            if end > new && !self.add(s, first, debtors, rows, less) {
                return false;
            }
            if end < all {
                self.pass_on(s, first, new.max(end)..all, rows, less.len());
            }
        }
        true
    }

    /// Eliminate the new ones among the few debtors from `first` on, whose rows are complete but for each other.
    #[inline(always)]
    fn add<S: Simd>(&mut self, s: S, first: usize, debtors: &mut [Debtor], rows: &mut [f64], less: &mut [f64]) -> bool {
        let (new, from, stride) = (self.pivots.len(), self.first_column(first), less.len());
        let few = &mut debtors[first..];
        let mut owed = square(first, few, rows, stride);
        let mut unpaid = [0.0; TOGETHER];
        for (k, debtor) in few.iter_mut().enumerate().take(TOGETHER).skip(new - first) {
            let through = self.pass(first, k, &mut owed);
            let Some(pivot) = debtor.pivot(owed[k][k]) else { return false };
            let missing = (0..k).fold(less[pivot.place], |missing, e| missing + unpaid[e] * owed[e][k]);
            unpaid[k] = pivot.goal + pivot.gain * missing;
            debtor.unpaid = unpaid[k];
            self.pivots.push(pivot);
            self.leading += usize::from(pivot.place == self.leading);
            let (before, row) = rows.split_at_mut((first + k) * stride);
            for (earlier, through) in before[first * stride..].chunks_exact(stride).zip(through) {
                add_multiple(s, &mut row[from..stride], through, &earlier[from..]);
            }
        }
        add_multiples(s, less, unpaid, together(&rows[first * stride..], stride));
        true
    }

    /// Let what the `k`-th debtor from `first` on owes the others pass through those before it.
    #[inline(always)]
    fn pass(&mut self, first: usize, k: usize, owed: &mut Square) -> [f64; TOGETHER] {
        let mut through = [0.0; TOGETHER];
        for (e, pivot) in self.pivots[first..].iter().enumerate().take(k) {
            through[e] = pivot.gain * owed[k][e];
            for to in e + 1..TOGETHER {
                owed[k][to] += through[e] * owed[e][to];
            }
        }
        self.through[first + k][first..first + TOGETHER].copy_from_slice(&through);
        through
    }

    /// Columns before this one are done with when the debtors before `first` have been eliminated.
    fn first_column(&self, first: usize) -> usize {
        first.min(self.leading) / LANES * LANES
    }

    /// Let what `later` debtors owe pass through the few from `first` on.
    #[inline(always)]
    fn pass_on<S: Simd>(&mut self, s: S, first: usize, later: Range<usize>, rows: &mut [f64], stride: usize) {
        let from = self.first_column(first);
        let (before, after) = rows.split_at_mut(later.start * stride);
        let few = together(&before[first * stride..], stride);
        let pivots: [Pivot; TOGETHER] = from_fn(|k| self.pivots[first + k]);
        let owed: Square = from_fn(|k| pivots.map(|pivot| few[k][pivot.place]));
        let few = few.map(|row| &row[from..]);
        for (row, through) in after.chunks_exact_mut(stride).zip(&mut self.through[later]) {
            let mut shares = pivots.map(|pivot| row[pivot.place]);
            for k in 0..TOGETHER {
                shares[k] = pivots[k].gain * (0..k).fold(shares[k], |sum, e| sum + shares[e] * owed[e][k]);
            }
            through[first..first + TOGETHER].copy_from_slice(&shares);
            add_multiples(s, &mut row[from..], shares, few);
        }
    }

    /// Turn the shares that defaulters leave unpaid as long as later ones pay into those that they leave unpaid.
    #[inline(always)]
    pub fn finish(&self, debtors: &mut [Debtor]) {
        let mut unpaid = [0.0; FOLLOW_UP_TO];
        for (k, debtor) in debtors.iter_mut().enumerate().rev() {
            debtor.unpaid += unpaid[k];
            let earlier = unpaid[..k].iter_mut().zip(&self.through[k]);
            earlier.for_each(|(unpaid, through)| *unpaid += debtor.unpaid * through);
        }
    }
}

/// What the first few `debtors` owe each other; their rows begin with the one of `first`.
#[inline(always)]
fn square(first: usize, debtors: &[Debtor], rows: &[f64], stride: usize) -> Square {
    let mut owed = Square::default();
    for (owed, row) in owed.iter_mut().zip(rows[first * stride..].chunks_exact(stride)) {
        owed.iter_mut().zip(debtors).for_each(|(owed, to)| *owed = row[to.place as usize]);
    }
    owed
}

/// The first few of `rows`.
#[inline(always)]
fn together(rows: &[f64], stride: usize) -> [&[f64]; TOGETHER] {
    from_fn(|k| &rows[k * stride..][..stride])
}

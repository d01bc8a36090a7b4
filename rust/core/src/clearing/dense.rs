//! Claims given as full matrices, one per rank.

use super::claims::{Claims, check_rank_count};
use super::error::{ClearingError, check_length};
use super::source::OUTSIDE;

/// Sums run in this many lanes whatever the machine has, so that they come out the same.
const LANES: usize = 8;

/// Claims as matrices: `owed[rank][debtor][creditor]`, and `owed_outside[rank][debtor]`.
#[derive(Debug, Clone, Copy)]
pub struct DenseClaims<'a> {
    owed: &'a [f64],
    owed_outside: &'a [f64],
    nodes: usize,
    ranks: usize,
}

impl<'a> DenseClaims<'a> {
    /// Check the lengths; entries must be finite and at least 0, with zeros on the diagonals.
    ///
    /// # Errors
    /// [`ClearingError`] when a length does not fit or there is no rank.
    pub fn new(owed: &'a [f64], owed_outside: &'a [f64], nodes: usize, ranks: usize) -> Result<Self, ClearingError> {
        check_rank_count(ranks)?;
        check_length("owed", owed.len(), ranks * nodes * nodes, "rank, debtor and creditor")?;
        check_length("owed_outside", owed_outside.len(), ranks * nodes, "rank and debtor")?;
        Ok(Self { owed, owed_outside, nodes, ranks })
    }

    fn row(&self, rank: usize, debtor: usize) -> &[f64] {
        let at = (rank * self.nodes + debtor) * self.nodes;
        &self.owed[at..at + self.nodes]
    }
}

impl Claims for DenseClaims<'_> {
    fn nodes(&self) -> usize {
        self.nodes
    }

    fn ranks(&self) -> usize {
        self.ranks
    }

    fn has_holdings(&self) -> bool {
        false
    }

    fn visit(&self, debtor: usize, see: &mut impl FnMut(u32, u8, f64)) {
        for rank in 0..self.ranks {
            let name = rank as u8 + 1;
            for (creditor, &amount) in self.row(rank, debtor).iter().enumerate() {
                see(creditor as u32, name, amount);
            }
            see(OUTSIDE, name, self.owed_outside[rank * self.nodes + debtor]);
        }
    }

    #[inline(always)]
    fn add_totals(&self, debtor: usize, dues: &mut [f64], receivable: &mut [f64]) -> bool {
        let mut is_sound = true;
        for (rank, due) in dues.iter_mut().enumerate() {
            let (row, outside) = (self.row(rank, debtor), self.owed_outside[rank * self.nodes + debtor]);
            let (inside, is_nonnegative) = add_row(row, receivable);
            *due += outside + inside;
            is_sound &= is_nonnegative && outside >= 0.0 && due.is_finite() && row[debtor] == 0.0;
        }
        is_sound
    }

    fn is_full(&self) -> bool {
        true
    }

    #[inline(always)]
    fn miss(&self, debtor: usize, unpaid: f64, missing: &mut [f64]) {
        let row = self.row(0, debtor);
        missing.iter_mut().zip(row).for_each(|(missing, amount)| *missing += unpaid * amount);
    }

    #[inline(always)]
    fn pick(&self, debtor: usize, creditors: &[u32], into: &mut Vec<f64>) {
        let row = self.row(0, debtor);
        into.extend(creditors.iter().map(|&creditor| row[creditor as usize]));
    }
}

/// Add `row` to `sums`; its own sum, and whether nothing in it is negative.
///
/// Several loops, each of a kind that becomes vector instructions; the row comes from memory once.
#[inline(always)]
fn add_row(row: &[f64], sums: &mut [f64]) -> (f64, bool) {
    sums.iter_mut().zip(row).for_each(|(sum, amount)| *sum += amount);
    let signs = row.iter().fold(0, |signs, amount| signs | amount.to_bits());
    // A zero may have a sign.
    let is_nonnegative = signs >> 63 == 0 || row.iter().all(|&amount| amount >= 0.0);
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut t = [0.0; LANES];
    for values in chunks {
        t.iter_mut().zip(values).for_each(|(total, amount)| *total += amount);
    }
    let rest: f64 = rest.iter().sum();
    (((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7])) + rest, is_nonnegative)
}

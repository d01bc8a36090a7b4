//! Claims given as full matrices, one per rank.

use std::array::from_fn;

use super::claims::{Claims, check_rank_count};
use super::error::{ClearingError, check_length};
use super::source::OUTSIDE;

/// Sums run in this many lanes whatever the machine has, so that they come out the same.
const LANES: usize = 8;

/// Rows that are added together.
const TOGETHER: usize = 4;

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

    /// Note what `debtor` owes; false if that is not finite, or goes to the debtor itself.
    #[inline(always)]
    fn note(&self, rank: usize, debtor: usize, dues: &mut [f64]) -> bool {
        let (row, outside) = (self.row(rank, debtor), self.owed_outside[rank * self.nodes + debtor]);
        let due = outside + total(row);
        dues[debtor * self.ranks + rank] = due;
        outside >= 0.0 && due.is_finite() && row[debtor] == 0.0
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
    fn add_totals(&self, dues: &mut [f64], receivable: &mut [f64]) -> bool {
        let mut is_sound = true;
        for rank in 0..self.ranks {
            let whole = self.nodes - self.nodes % TOGETHER;
            for first in (0..whole).step_by(TOGETHER) {
                is_sound &= add_rows(from_fn(|k| self.row(rank, first + k)), receivable);
                (first..first + TOGETHER).for_each(|debtor| is_sound &= self.note(rank, debtor, dues));
            }
            for debtor in whole..self.nodes {
                is_sound &= add_row(self.row(rank, debtor), receivable) & self.note(rank, debtor, dues);
            }
        }
        is_sound
    }

    fn is_full(&self) -> bool {
        true
    }

    #[inline(always)]
    fn miss(&self, unpaid: &[(u32, f64)], missing: &mut [f64]) {
        let (few, rest) = unpaid.as_chunks::<TOGETHER>();
        for few in few {
            let [a, b, c, d] = few.map(|(debtor, _)| self.row(0, debtor as usize));
            let [in_a, in_b, in_c, in_d] = few.map(|(_, unpaid)| unpaid);
            for ((((missing, a), b), c), d) in missing.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                *missing = *missing + in_a * a + in_b * b + in_c * c + in_d * d;
            }
        }
        for &(debtor, unpaid) in rest {
            let row = self.row(0, debtor as usize);
            missing.iter_mut().zip(row).for_each(|(missing, amount)| *missing += unpaid * amount);
        }
    }

    #[inline(always)]
    fn pick(&self, debtor: usize, creditors: &[u32], into: &mut [f64]) {
        let row = self.row(0, debtor);
        let ((into, into_rest), (creditors, rest)) = (into.as_chunks_mut::<LANES>(), creditors.as_chunks::<LANES>());
        for (into, creditors) in into.iter_mut().zip(creditors) {
            *into = creditors.map(|creditor| row[creditor as usize]);
        }
        into_rest.iter_mut().zip(rest).for_each(|(into, &creditor)| *into = row[creditor as usize]);
    }
}

/// Add `rows` to `sums` one after another; whether nothing in them is negative.
///
/// Every loop here is of a kind that becomes vector instructions; rows come from memory once.
#[inline(always)]
fn add_rows([a, b, c, d]: [&[f64]; TOGETHER], sums: &mut [f64]) -> bool {
    let mut signs = 0;
    for ((((sum, a), b), c), d) in sums.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *sum = *sum + a + b + c + d;
        signs |= a.to_bits() | b.to_bits() | c.to_bits() | d.to_bits();
    }
    // A zero may have a sign.
    signs >> 63 == 0 || [a, b, c, d].into_iter().flatten().all(|&amount| amount >= 0.0)
}

/// The same for one row.
#[inline(always)]
fn add_row(row: &[f64], sums: &mut [f64]) -> bool {
    sums.iter_mut().zip(row).for_each(|(sum, amount)| *sum += amount);
    row.iter().all(|&amount| amount >= 0.0)
}

/// Sum of a row.
#[inline(always)]
pub(super) fn total(row: &[f64]) -> f64 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut t = [0.0; LANES];
    for values in chunks {
        t = from_fn(|l| t[l] + values[l]);
    }
    let rest: f64 = rest.iter().sum();
    (((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7]))) + rest
}

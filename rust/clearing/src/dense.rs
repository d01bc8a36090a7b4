//! Claims given as full matrices, one per rank.

use std::array::from_fn;

use pulp::Simd;

use super::claims::{Claims, check_rank_count};
use super::error::{ClearingError, check_length};
use super::rows::{LANES, TOGETHER, add_multiple, add_multiples};
use super::source::OUTSIDE;
use cashcade_lanes::pack::{Operand, Packs};

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

    /// Note what `debtor` owes, `inside` the network and outside; false if that is not finite, or goes to the debtor
    /// itself.
    #[inline(always)]
    fn note(&self, rank: usize, debtor: usize, inside: f64, dues: &mut [f64]) -> bool {
        let outside = self.owed_outside[rank * self.nodes + debtor];
        let due = outside + inside;
        dues[debtor * self.ranks + rank] = due;
        outside >= 0.0 && due.is_finite() && self.row(rank, debtor)[debtor] == 0.0
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

    fn visit(&self, debtor: usize, visitor: &mut impl FnMut(u32, u8, f64)) {
        for rank in 0..self.ranks {
            let name = rank as u8 + 1;
            for (creditor, &amount) in self.row(rank, debtor).iter().enumerate() {
                visitor(creditor as u32, name, amount);
            }
            visitor(OUTSIDE, name, self.owed_outside[rank * self.nodes + debtor]);
        }
    }

    #[inline(always)]
    fn add_totals<S: Simd>(&self, s: S, dues: &mut [f64], receivable: &mut [f64]) -> bool {
        let mut is_sound = true;
        for rank in 0..self.ranks {
            let whole = self.nodes - self.nodes % TOGETHER;
            for first in (0..whole).step_by(TOGETHER) {
                let rows = from_fn(|k| self.row(rank, first + k));
                let (inside, is_positive) = add_rows(s, rows, receivable);
                is_sound &= is_positive;
                for k in 0..TOGETHER {
                    is_sound &= self.note(rank, first + k, inside[k], dues);
                }
            }
            for debtor in whole..self.nodes {
                let row = self.row(rank, debtor);
                is_sound &= add_row(row, receivable) & self.note(rank, debtor, total(row), dues);
            }
        }
        is_sound
    }

    fn is_full(&self) -> bool {
        true
    }

    #[inline(always)]
    fn miss<S: Simd>(&self, s: S, unpaid: &[(u32, f64)], missing: &mut [f64]) {
        let (few, rest) = unpaid.as_chunks::<TOGETHER>();
        for few in few {
            let factors = few.map(|(_, unpaid)| unpaid);
            add_multiples(s, missing, factors, few.map(|(debtor, _)| self.row(0, debtor as usize)));
        }
        for &(debtor, unpaid) in rest {
            add_multiple(s, missing, unpaid, self.row(0, debtor as usize));
        }
    }

    #[inline(always)]
    fn pick(&self, debtor: usize, creditors: &[u32], into: &mut [f64]) {
        let row = self.row(0, debtor);
        let ((into, into_rest), (creditors, rest)) = (into.as_chunks_mut::<LANES>(), creditors.as_chunks::<LANES>());
        for (into, creditors) in into.iter_mut().zip(creditors) {
            for l in 0..LANES {
                into[l] = row[creditors[l] as usize];
            }
        }
        for (into, &creditor) in into_rest.iter_mut().zip(rest) {
            *into = row[creditor as usize];
        }
    }
}

/// Add `rows` to `sums` one after another; the [`total`] of each, and whether nothing in them is negative.
#[inline(always)]
fn add_rows<S: Simd>(s: S, rows: [&[f64]; TOGETHER], sums: &mut [f64]) -> ([f64; TOGETHER], bool) {
    let (sums, sums_rest) = sums.as_chunks_mut::<LANES>();
    let [a, b, c, d] = rows.map(|row| row.as_chunks::<LANES>().0);
    let rests = rows.map(|row| row.as_chunks::<LANES>().1);
    let nothing = 0.0.packed(s);
    let (mut inside, mut signs) = ([[nothing; LANES]; TOGETHER], nothing.bits());
    for ((((sums, a), b), c), d) in sums.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        for k in 0..LANES / S::F64_LANES {
            let [a, b, c, d] = [a, b, c, d].map(|row| row.pack(s, k));
            sums.put(k, sums.pack(s, k) + a + b + c + d);
            signs = signs.or(a.bits().or(b.bits())).or(c.bits().or(d.bits()));
            inside[0][k] += a;
            inside[1][k] += b;
            inside[2][k] += c;
            inside[3][k] += d;
        }
    }
    for rest in rests {
        sums_rest.iter_mut().zip(rest).for_each(|(sum, amount)| *sum += amount);
    }
    let mut totals = [[0.0; LANES]; TOGETHER];
    for (total, inside) in totals.iter_mut().zip(inside) {
        (0..LANES / S::F64_LANES).for_each(|k| total.put(k, inside[k]));
    }
    // A zero may have a sign.
    let is_positive = !signs.highest() && rests.into_iter().flatten().all(|&amount| amount >= 0.0)
        || rows.into_iter().flatten().all(|&amount| amount >= 0.0);
    (from_fn(|k| together(totals[k], rests[k])), is_positive)
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
    together(t, rest)
}

/// Sum of the lanes of a sum, and of the `rest` of a row.
#[inline(always)]
fn together(t: [f64; LANES], rest: &[f64]) -> f64 {
    let rest: f64 = rest.iter().sum();
    (((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7]))) + rest
}

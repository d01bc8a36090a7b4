//! Claims given as full matrices, one per rank.

use super::claims::{Claims, check_rank_count};
use super::error::{ClearingError, check_length};
use super::source::OUTSIDE;

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

    fn add_totals(&self, debtor: usize, dues: &mut [f64], receivable: &mut [f64]) {
        for (rank, due) in dues.iter_mut().enumerate() {
            let row = self.row(rank, debtor);
            *due += self.owed_outside[rank * self.nodes + debtor] + row.iter().sum::<f64>();
            receivable.iter_mut().zip(row).for_each(|(sum, amount)| *sum += amount);
        }
    }
}

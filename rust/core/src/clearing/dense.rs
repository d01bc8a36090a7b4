//! Claims given as full matrices, one per rank.

use super::claims::Claims;
use super::error::{ClearingError, check_length};

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
    pub fn new(
        owed: &'a [f64],
        owed_outside: &'a [f64],
        nodes: usize,
        ranks: usize,
    ) -> Result<Self, ClearingError> {
        if ranks == 0 {
            return Err(ClearingError::Setting {
                what: "ranks",
                given: 0.0,
                wanted: "at least 1",
            });
        }
        check_length(
            "owed",
            owed.len(),
            ranks * nodes * nodes,
            "rank, debtor and creditor",
        )?;
        check_length(
            "owed_outside",
            owed_outside.len(),
            ranks * nodes,
            "rank and debtor",
        )?;
        Ok(Self {
            owed,
            owed_outside,
            nodes,
            ranks,
        })
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

    fn visit(&self, debtor: usize, rank: usize, mut see: impl FnMut(usize, f64)) {
        if rank < self.ranks {
            self.row(rank, debtor)
                .iter()
                .enumerate()
                .for_each(|(c, &amount)| see(c, amount));
        }
    }

    fn visit_all(&self, debtor: usize, mut see: impl FnMut(usize, Option<usize>, f64)) {
        for rank in 0..self.ranks {
            self.visit(debtor, rank, |creditor, amount| {
                see(rank, Some(creditor), amount)
            });
            see(rank, None, self.owed_outside[rank * self.nodes + debtor]);
        }
    }
}

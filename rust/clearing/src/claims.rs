//! Who owes whom: claims by debtor and rank, in compressed rows or as dense matrices.

use pulp::Simd;

use super::error::{ClearingError, check_length};
use super::source::OUTSIDE;

/// Claims of a network held in memory; ranks count from 1, and one more than `ranks()` marks equity holdings.
pub trait Claims {
    /// Number of nodes.
    fn nodes(&self) -> usize;
    /// Number of ranks of debt.
    fn ranks(&self) -> usize;
    /// True when some node owns equity of another.
    fn has_holdings(&self) -> bool;
    /// Call `visitor(creditor, rank, amount)` for every claim on `debtor`.
    fn visit(&self, debtor: usize, visitor: &mut impl FnMut(u32, u8, f64));

    /// Add what debtors owe to `dues` (by node and rank), and what creditors in the network get to `receivable`, both of
    /// them 0 before; false if an amount is negative or not finite, or goes to the debtor itself.
    #[inline(always)]
    fn add_totals<S: Simd>(&self, _: S, dues: &mut [f64], receivable: &mut [f64]) -> bool {
        let mut least = 0.0_f64;
        for (debtor, dues) in dues.chunks_exact_mut(self.ranks()).enumerate() {
            self.visit(debtor, &mut |creditor, rank, amount| {
                least = if amount < least { amount } else { least };
                if let Some(due) = dues.get_mut(usize::from(rank) - 1) {
                    *due += amount;
                    if creditor != OUTSIDE {
                        receivable[creditor as usize] += amount;
                    }
                }
            });
        }
        // An amount that is infinite or not a number makes a sum of them so.
        least >= 0.0 && dues.iter().all(|due| due.is_finite())
    }

    /// True when rows are long and stored without gaps, so that it pays to copy the part that matters.
    fn is_full(&self) -> bool {
        false
    }

    /// Add the shares `unpaid` (by debtor) of every claim on the debtors in the first rank to what creditors miss.
    #[inline(always)]
    fn miss<S: Simd>(&self, _: S, unpaid: &[(u32, f64)], missing: &mut [f64]) {
        for &(debtor, unpaid) in unpaid {
            self.visit(debtor as usize, &mut |creditor, rank, amount| {
                if rank == 1 && creditor != OUTSIDE {
                    missing[creditor as usize] += unpaid * amount;
                }
            });
        }
    }

    /// Write the claims of `creditors` on `debtor` in the first rank, if [`Self::is_full`].
    fn pick(&self, _debtor: usize, _creditors: &[u32], _into: &mut [f64]) {}
}

/// Claims in compressed rows, one row per debtor. The structure is checked once; amounts may change.
///
/// `rank` counts from 1, the most senior. Rank `ranks + 1` marks an equity holding: its `amount` is then the
/// share of the debtor's equity that `creditor` owns, in `[0, 1]`. Without any `rank` all claims are of rank 1.
#[derive(Debug, Clone, Copy)]
pub struct RankedClaims<'a> {
    start: &'a [u32],
    creditor: &'a [u32],
    rank: &'a [u8],
    amount: &'a [f64],
    owed_outside: &'a [f64],
    ranks: u8,
    holdings: bool,
}

impl<'a> RankedClaims<'a> {
    /// Check the structure in one pass over the claims; `amount` must hold finite values of at least 0.
    ///
    /// # Errors
    /// [`ClearingError`] when lengths do not fit, rows overlap, a creditor or rank does not exist or a node
    /// owes itself.
    pub fn new(
        start: &'a [u32],
        creditor: &'a [u32],
        rank: &'a [u8],
        amount: &'a [f64],
        ranks: u8,
    ) -> Result<Self, ClearingError> {
        check_rows(start, creditor)?;
        if !(rank.is_empty() && ranks == 1) {
            check_length("rank", rank.len(), creditor.len(), "claim")?;
        }
        check_ranks(rank, ranks)?;
        check_length("amount", amount.len(), creditor.len(), "claim")?;
        let holdings = rank.iter().any(|&r| r > ranks);
        Ok(Self { start, creditor, rank, amount, owed_outside: &[], ranks, holdings })
    }

    /// The same structure with other amounts, and `owed_outside` by node and rank besides the claims listed.
    ///
    /// # Errors
    /// [`ClearingError::Length`] unless there is one amount per claim, and one per node and rank.
    pub fn with_amounts<'b>(
        &self,
        amount: &'b [f64],
        owed_outside: &'b [f64],
    ) -> Result<RankedClaims<'b>, ClearingError>
    where
        'a: 'b,
    {
        check_length("amount", amount.len(), self.creditor.len(), "claim")?;
        check_length("owed_outside", owed_outside.len(), self.nodes() * self.ranks(), "node and rank")?;
        Ok(RankedClaims { amount, owed_outside, ..*self })
    }

    fn row(&self, debtor: usize) -> std::ops::Range<usize> {
        self.start[debtor] as usize..self.start[debtor + 1] as usize
    }
}

impl Claims for RankedClaims<'_> {
    fn nodes(&self) -> usize {
        self.start.len() - 1
    }

    fn ranks(&self) -> usize {
        usize::from(self.ranks)
    }

    fn has_holdings(&self) -> bool {
        self.holdings
    }

    #[inline(always)]
    fn visit(&self, debtor: usize, visitor: &mut impl FnMut(u32, u8, f64)) {
        let row = self.row(debtor);
        let claims = self.creditor[row.clone()].iter().zip(&self.amount[row.clone()]);
        if self.rank.is_empty() {
            claims.for_each(|(&creditor, &amount)| visitor(creditor, 1, amount));
        } else {
            claims.zip(&self.rank[row]).for_each(|((&creditor, &amount), &rank)| visitor(creditor, rank, amount));
        }
        let outside = self.owed_outside.iter().skip(debtor * self.ranks()).take(self.ranks());
        outside.zip(1..).for_each(|(&amount, rank)| visitor(OUTSIDE, rank, amount));
    }
}

/// What every node owes by rank, and what it receives when all debts are paid: one pass over the claims.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Amount owed, `nodes x ranks`, rows by node.
    pub due: Vec<f64>,
    /// Amount received from the network when everybody pays in full, by node.
    pub receivable: Vec<f64>,
}

impl Totals {
    /// Totals of `claims`.
    pub fn of(claims: &impl Claims) -> Self {
        let mut totals = Self::default();
        totals.measure(claims);
        totals
    }

    /// Measure `claims` again, in the memory already held; false if an amount is negative or not finite, or goes to
    /// the debtor itself.
    pub fn measure(&mut self, claims: &impl Claims) -> bool {
        let (nodes, ranks) = (claims.nodes(), claims.ranks());
        refill(&mut self.due, nodes * ranks, 0.0);
        refill(&mut self.receivable, nodes, 0.0);
        pulp::Arch::new().dispatch(Measure { totals: self, claims })
    }
}

/// A pass over `claims` with the instructions of this machine.
struct Measure<'t, C> {
    totals: &'t mut Totals,
    claims: &'t C,
}

impl<C: Claims> pulp::WithSimd for Measure<'_, C> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) -> bool {
        self.claims.add_totals(s, &mut self.totals.due, &mut self.totals.receivable)
    }
}

/// Make `values` hold `len` copies of `value` without giving memory back.
pub(super) fn refill<T: Clone>(values: &mut Vec<T>, len: usize, value: T) {
    values.clear();
    values.resize(len, value);
}

/// Check that `start` cuts `creditor` into rows and that every creditor is another node or [`OUTSIDE`].
pub(super) fn check_rows(start: &[u32], creditor: &[u32]) -> Result<(), ClearingError> {
    let Some(nodes) = start.len().checked_sub(1) else {
        return check_length("start", 0, 1, "node, and one more");
    };
    check_length("creditor", creditor.len(), start[nodes] as usize, "claim counted by `start`")?;
    for debtor in 0..nodes {
        check_row(start, creditor, debtor)?;
    }
    Ok(())
}

fn check_row(start: &[u32], creditor: &[u32], debtor: usize) -> Result<(), ClearingError> {
    let row = start[debtor] as usize..start[debtor + 1] as usize;
    let Some(entries) = creditor.get(row.clone()) else {
        let given = u64::from(start[debtor]);
        return Err(ClearingError::Index { what: "start", at: debtor, given, wanted: "values that never fall" });
    };
    for (k, &c) in entries.iter().enumerate() {
        if c as usize == debtor {
            return Err(ClearingError::SelfLink { what: "claims", node: debtor });
        }
        if c != OUTSIDE && c as usize >= start.len() - 1 {
            let at = row.start + k;
            return Err(ClearingError::Index { what: "creditor", at, given: u64::from(c), wanted: "a node" });
        }
    }
    Ok(())
}

fn check_ranks(rank: &[u8], ranks: u8) -> Result<(), ClearingError> {
    let wanted = "1 (senior) up to the number of ranks, or one more for equity";
    check_rank_count(usize::from(ranks))?;
    match rank.iter().position(|&r| r == 0 || r > ranks + 1) {
        None => Ok(()),
        Some(at) => Err(ClearingError::Index { what: "rank", at, given: u64::from(rank[at]), wanted }),
    }
}

pub(super) fn check_rank_count(ranks: usize) -> Result<(), ClearingError> {
    if (1..usize::from(u8::MAX)).contains(&ranks) {
        return Ok(());
    }
    Err(ClearingError::Setting { what: "ranks", given: ranks as f64, wanted: "1 to 254" })
}

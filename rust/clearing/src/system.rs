//! A network held in memory: claims, their totals, and what each node brings.

use super::claims::{Claims, Totals};
use super::error::{ClearingError, check_length};
use super::source::{ClaimSource, Ranks};

/// Claims with what the nodes bring. All amounts in one currency, all at least 0.
#[derive(Debug, Clone, Copy)]
pub struct System<'a, C> {
    claims: &'a C,
    totals: &'a Totals,
    outside: &'a [f64],
    alpha: &'a [f64],
    beta: &'a [f64],
}

/// What a node keeps of its assets in default.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keeps {
    outside: f64,
    beta: f64,
}

impl Keeps {
    /// All of it, if the network pays `received`.
    #[inline(always)]
    pub fn of(self, received: f64) -> f64 {
        self.outside + self.beta * received
    }
}

impl<'a, C: Claims> System<'a, C> {
    /// Put a system together; only lengths are checked. `totals` are those of `claims`.
    ///
    /// # Errors
    /// [`ClearingError::Length`] when a length does not fit.
    pub fn new(
        claims: &'a C,
        totals: &'a Totals,
        outside: &'a [f64],
        alpha: &'a [f64],
        beta: &'a [f64],
    ) -> Result<Self, ClearingError> {
        let (nodes, ranks) = (claims.nodes(), claims.ranks());
        check_length("due", totals.due.len(), nodes * ranks, "node and rank")?;
        check_length("receivable", totals.receivable.len(), nodes, "node")?;
        for (what, values) in [("outside", outside), ("alpha", alpha), ("beta", beta)] {
            check_length(what, values.len(), nodes, "node")?;
        }
        Ok(Self { claims, totals, outside, alpha, beta })
    }

    /// The ranks of the claims, the first `hard` of which are hard.
    #[must_use]
    pub fn ranks(&self, hard: u8) -> Ranks {
        let all = self.claims.ranks() as u8;
        Ranks { hard: hard.min(all), all }
    }

    /// The nodes that cannot pay everything even if everybody else does.
    #[must_use]
    pub fn short(&self) -> Vec<u32> {
        (0..self.outside.len() as u32).filter(|&node| self.slack(node as usize) < 0.0).collect()
    }

    /// The claims.
    #[must_use]
    pub fn claims(&self) -> &'a C {
        self.claims
    }

    /// Outside assets of all nodes.
    pub(super) fn all_outside(&self) -> &'a [f64] {
        self.outside
    }

    /// What each node keeps of its assets in default.
    pub(super) fn keeps(&self) -> impl Iterator<Item = Keeps> + '_ {
        let nodes = self.alpha.iter().zip(self.outside).zip(self.beta);
        nodes.map(|((alpha, outside), &beta)| Keeps { outside: alpha * outside, beta })
    }

    /// What `node` has for its creditors in default, of `received` from the network.
    #[inline(always)]
    pub(super) fn recovered(&self, node: usize, received: f64) -> f64 {
        self.alpha[node] * self.outside[node] + self.beta[node] * received
    }

    /// Totals of the claims.
    #[must_use]
    pub fn totals(&self) -> &'a Totals {
        self.totals
    }

    /// Dues of `node` by rank.
    #[must_use]
    pub fn dues(&self, node: usize) -> &'a [f64] {
        let ranks = self.claims.ranks();
        &self.totals.due[node * ranks..(node + 1) * ranks]
    }
}

impl<C: Claims> ClaimSource for System<'_, C> {
    fn nodes(&self) -> usize {
        self.outside.len()
    }

    fn outside(&self, node: usize) -> f64 {
        self.outside[node]
    }

    fn slack(&self, node: usize) -> f64 {
        self.outside[node] + self.totals.receivable[node] - self.dues(node).iter().sum::<f64>()
    }

    fn alpha(&self, node: usize) -> f64 {
        self.alpha[node]
    }

    fn beta(&self, node: usize) -> f64 {
        self.beta[node]
    }

    fn visit(&self, debtor: usize, visitor: &mut impl FnMut(u32, u8, f64)) {
        self.claims.visit(debtor, visitor);
    }

    fn has_holdings(&self) -> bool {
        self.claims.has_holdings()
    }
}

//! Many systems of one structure, one after another in the same memory.

use super::audit;
use super::claims::{Claims, Totals};
use super::error::ClearingError;
use super::ranked::{RankedSystem, clear_ranked, clear_ranked_least};
use super::state::Workspace;

/// Which clearing vector is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extreme {
    /// The greatest: everybody pays as much as in any clearing vector.
    Greatest,
    /// The least: everybody pays as little as in any clearing vector.
    Least,
}

/// Inputs that come with each system: rows by system, or one row for all.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    values: &'a [f64],
    width: usize,
}

impl<'a> Rows<'a> {
    /// Rows of `width` values.
    #[must_use]
    pub fn new(values: &'a [f64], width: usize) -> Self {
        Self { values, width }
    }

    /// Row `k`, or the only one. The last row stands in for rows beyond the end.
    #[must_use]
    pub fn get(&self, k: usize) -> &'a [f64] {
        let last = (self.values.len() / self.width.max(1)).saturating_sub(1);
        let at = k.min(last) * self.width;
        self.values.get(at..at + self.width).unwrap_or(&[])
    }
}

/// What a batch of clearings came to; vectors run over systems, then nodes (then ranks).
#[derive(Debug, Clone, Default)]
pub struct Cleared {
    /// Share of each rank that is paid.
    pub paid_share: Vec<f64>,
    /// Amount owed by rank.
    pub due: Vec<f64>,
    /// Amount received from the network.
    pub received: Vec<f64>,
    /// Amount received if everybody paid in full.
    pub receivable: Vec<f64>,
    /// What is left after all debts.
    pub left: Vec<f64>,
    /// Assets lost to the cost of default.
    pub lost: Vec<f64>,
    /// Round of fictitious default in which a node fell, 0 for those that stand.
    pub fell_in_round: Vec<u32>,
    /// Residual by system, in currency (see [`audit::residual`]).
    pub residual: Vec<f64>,
}

/// What the nodes bring to each system of a batch.
#[derive(Debug, Clone, Copy)]
pub struct Nodes<'a> {
    /// Cash and inflow from outside.
    pub outside: Rows<'a>,
    /// Share of it that a defaulter keeps.
    pub alpha: Rows<'a>,
    /// Share of what the network pays that a defaulter keeps.
    pub beta: Rows<'a>,
    /// Ranks whose missing is default.
    pub hard_ranks: u8,
}

/// Clear `systems` systems; `claims(k)` gives the claims of system `k`.
///
/// # Errors
/// [`ClearingError`] when lengths do not fit.
pub fn clear_batch<C: Claims>(
    systems: usize,
    claims: impl Fn(usize) -> Result<C, ClearingError>,
    nodes: &Nodes<'_>,
    extreme: Extreme,
) -> Result<Cleared, ClearingError> {
    let mut cleared = Cleared::default();
    let (mut totals, mut workspace) = (Totals::default(), Workspace::default());
    for k in 0..systems {
        let claims = claims(k)?;
        totals.measure(&claims);
        let (outside, alpha, beta) = (nodes.outside.get(k), nodes.alpha.get(k), nodes.beta.get(k));
        let system = RankedSystem::new(&claims, &totals, outside, alpha, beta, nodes.hard_ranks)?;
        match extreme {
            Extreme::Greatest => clear_ranked(&system, &mut workspace),
            Extreme::Least => clear_ranked_least(&system, &mut workspace),
        };
        cleared.keep(&system, &workspace);
    }
    Ok(cleared)
}

impl Cleared {
    fn keep<C: Claims>(&mut self, system: &RankedSystem<'_, C>, workspace: &Workspace) {
        self.paid_share.extend_from_slice(&workspace.paid_share);
        self.due.extend_from_slice(&system.totals.due);
        self.received.extend_from_slice(&workspace.received);
        self.receivable.extend_from_slice(&system.totals.receivable);
        self.left.extend_from_slice(&workspace.left);
        self.lost.extend_from_slice(&workspace.lost);
        self.fell_in_round
            .extend_from_slice(&workspace.fell_in_round);
        self.residual.push(audit::residual(system, workspace));
    }
}

//! Many systems of one structure, one after another in the same memory.

use std::cell::RefCell;

use super::audit;
use super::bulk::Bulk;
use super::claims::{Claims, Totals};
use super::error::ClearingError;
use super::ranked::{clear_ranked, clear_ranked_least};
use super::source::{ClaimSource, Ranks};
use super::system::System;
use super::workspace::Workspace;

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

/// What a batch of clearings came to; vectors run over systems, then nodes (then ranks).
#[derive(Debug, Clone, Default)]
pub struct Cleared {
    /// Share of each rank that is paid.
    pub paid_share: Vec<f64>,
    /// Amount owed by rank.
    pub due: Vec<f64>,
    /// Amount received from the network.
    pub received: Vec<f64>,
    /// Amount received from the network if everybody pays all debts.
    pub receivable: Vec<f64>,
    /// Outside assets and receipts less debts, before any cost of default.
    pub net_worth: Vec<f64>,
    /// What is left after all debts.
    pub left: Vec<f64>,
    /// Assets lost to the cost of default.
    pub lost: Vec<f64>,
    /// Round of fictitious default in which a node fell, 0 for those that stand.
    pub fell_in_round: Vec<u32>,
    /// Residual by system, in currency (see [`audit::residual`]).
    pub residual: Vec<f64>,
}

/// One rank, whose missing is default.
const PLAIN: Ranks = Ranks { hard: 1, all: 1 };

/// Up to this many nodes a thread keeps its memory for the next call.
const KEEP_UP_TO: usize = 1 << 14;

/// What clearings work in.
#[derive(Debug, Default)]
struct Desk {
    totals: Totals,
    workspace: Workspace,
    bulk: Bulk,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// Clear `systems` systems of the same number of nodes; `claims(k)` gives the claims of system `k`.
///
/// # Errors
/// [`ClearingError`] when lengths do not fit, or amounts are negative, not finite or too large to add up.
pub fn clear_batch<C: Claims>(
    systems: usize,
    claims: impl Fn(usize) -> Result<C, ClearingError>,
    nodes: &Nodes<'_>,
    extreme: Extreme,
) -> Result<Cleared, ClearingError> {
    let mut desk = DESK.take();
    let mut cleared = Cleared::default();
    for k in 0..systems {
        let claims = claims(k)?;
        if k == 0 {
            cleared.reserve(systems * claims.nodes(), claims.ranks());
        }
        desk.clear_next(&claims, nodes, extreme, &mut cleared)?;
    }
    if cleared.received.len() <= KEEP_UP_TO * systems {
        DESK.set(desk);
    }
    Ok(cleared)
}

impl Desk {
    /// Clear the next system and append its results.
    fn clear_next<C: Claims>(
        &mut self,
        claims: &C,
        nodes: &Nodes<'_>,
        extreme: Extreme,
        cleared: &mut Cleared,
    ) -> Result<(), ClearingError> {
        if !self.totals.measure(claims) {
            return Err(ClearingError::Amounts);
        }
        let k = cleared.residual.len();
        let (outside, alpha, beta) = (nodes.outside.get(k), nodes.alpha.get(k), nodes.beta.get(k));
        let system = System::new(claims, &self.totals, outside, alpha, beta)?;
        let ranks = system.ranks(nodes.hard_ranks);
        let is_plain = extreme == Extreme::Greatest && ranks == PLAIN && !system.has_holdings();
        if is_plain && self.bulk.clear(&system) {
            cleared.keep_bulk(&system, &self.bulk);
        } else {
            clear(&system, ranks, extreme, &mut self.workspace);
            cleared.keep(&system, ranks, &self.workspace);
        }
        Ok(())
    }
}

/// Clear one system.
pub fn clear<C: Claims>(system: &System<'_, C>, ranks: Ranks, extreme: Extreme, workspace: &mut Workspace) {
    match extreme {
        Extreme::Greatest => clear_ranked(system, &system.short(), ranks, workspace),
        Extreme::Least => clear_ranked_least(system, ranks, workspace),
    };
}

impl Cleared {
    fn reserve(&mut self, nodes: usize, ranks: usize) {
        for values in [&mut self.paid_share, &mut self.due] {
            values.reserve_exact(nodes * ranks);
        }
        for values in [&mut self.received, &mut self.receivable, &mut self.net_worth, &mut self.left, &mut self.lost] {
            values.reserve_exact(nodes);
        }
        self.fell_in_round.reserve_exact(nodes);
    }

    /// Append the results of one system.
    fn keep_bulk<C: Claims>(&mut self, system: &System<'_, C>, bulk: &Bulk) {
        let totals = system.totals();
        self.due.extend_from_slice(&totals.due);
        self.receivable.extend_from_slice(&totals.receivable);
        self.paid_share.extend(bulk.unpaid.iter().map(|unpaid| 1.0 - unpaid));
        let received = |(receivable, missing): (&f64, &f64)| (receivable - missing).max(0.0);
        let from = self.received.len();
        self.received.extend(totals.receivable.iter().zip(&bulk.missing).map(received));
        self.fell_in_round.extend_from_slice(&bulk.round);
        self.residual.push(bulk.residual);
        let received = &self.received[from..];
        let gross = || received.iter().zip(system.all_outside()).map(|(received, outside)| outside + received);
        self.net_worth.extend(gross().zip(&totals.due).map(|(gross, due)| gross - due));
        let left = |(net_worth, round): (&f64, &u32)| if *round > 0 { 0.0 } else { net_worth.max(0.0) };
        self.left.extend(self.net_worth[from..].iter().zip(&bulk.round).map(left));
        let recovered = received.iter().zip(system.keeps()).map(|(received, keeps)| keeps.of(*received));
        let lost = |((gross, recovered), round): ((f64, f64), &u32)| if *round > 0 { gross - recovered } else { 0.0 };
        self.lost.extend(gross().zip(recovered).zip(&bulk.round).map(lost));
    }

    /// Append the results of one system.
    fn keep<C: Claims>(&mut self, system: &System<'_, C>, ranks: Ranks, workspace: &Workspace) {
        let from = self.received.len();
        let (nodes, width) = (system.nodes(), usize::from(ranks.all));
        let totals = system.totals();
        self.due.extend_from_slice(&totals.due);
        self.receivable.extend_from_slice(&totals.receivable);
        self.received.extend_from_slice(&totals.receivable);
        self.paid_share.resize((from + nodes) * width, 1.0);
        self.left.extend((0..nodes).map(|node| system.slack(node).max(0.0)));
        self.lost.resize(from + nodes, 0.0);
        self.fell_in_round.resize(from + nodes, 0);
        for settled in workspace.settled() {
            let at = from + settled.node;
            self.paid_share[at * width..(at + 1) * width].copy_from_slice(settled.paid);
            self.received[at] = (self.received[at] - settled.received_less).max(0.0);
            self.left[at] = settled.left;
            self.lost[at] = settled.lost;
            self.fell_in_round[at] = settled.round;
        }
        for (node, received) in self.received[from..].iter().enumerate() {
            self.net_worth.push(system.outside(node) + received - system.dues(node).iter().sum::<f64>());
        }
        self.residual.push(audit::residual(system, ranks, workspace));
    }
}

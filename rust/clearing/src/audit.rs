//! A clearing vector checked afterwards, from the claims and the shares paid alone.

use super::claims::Claims;
use super::ranked::Settled;
use super::source::{ClaimSource, OUTSIDE, Ranks};
use super::system::System;
use super::workspace::Workspace;

/// Largest gap, in currency, between what a node pays and what its assets oblige it to pay.
///
/// What each node receives is added up again from the shares paid (and from what is left to owners), so that
/// errors of the solver cannot hide in its own sums. Zero for an exact clearing vector.
#[must_use]
pub fn residual<C: Claims>(system: &System<'_, C>, ranks: Ranks, result: &Workspace) -> f64 {
    let mut received = system.totals().receivable.clone();
    for settled in result.settled() {
        correct(system, ranks, &settled, &mut received);
    }
    let gap = |settled: Settled<'_>| gap(system, ranks, &settled, received[settled.node]);
    let open = (0..system.nodes()).filter(|&node| result.settled_node(node).is_none());
    let unreached = open.map(|node| (received[node] - system.totals().receivable[node]).abs());
    result.settled().map(gap).chain(unreached).fold(0.0, f64::max)
}

/// Take from the receipts what a node does not pay, and add what it leaves to its owners.
fn correct<C: Claims>(system: &System<'_, C>, ranks: Ranks, settled: &Settled<'_>, received: &mut [f64]) {
    if settled.left <= 0.0 || system.has_holdings() {
        system.visit(settled.node, &mut |creditor, rank, amount| {
            let more = match settled.paid.get(usize::from(rank) - 1) {
                Some(share) => share - 1.0,
                None => settled.left,
            };
            if creditor != OUTSIDE && rank <= ranks.all + 1 {
                received[creditor as usize] += more * amount;
            }
        });
    }
}

fn gap<C: Claims>(system: &System<'_, C>, ranks: Ranks, settled: &Settled<'_>, received: f64) -> f64 {
    let dues = system.dues(settled.node);
    let total: f64 = dues.iter().sum();
    let hard: f64 = dues[..usize::from(ranks.hard)].iter().sum();
    let paid: f64 = dues.iter().zip(settled.paid).map(|(due, share)| due * share).sum();
    let outside = system.outside(settled.node);
    let wanted = if settled.round > 0 {
        system.alpha(settled.node) * outside + system.beta(settled.node) * received
    } else {
        (outside + received).max(hard)
    };
    (paid - wanted.min(total)).abs()
}

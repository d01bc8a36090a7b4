//! A clearing vector checked afterwards, from the claims and the shares paid alone.

use super::claims::{Claims, refill};
use super::ranked::RankedSystem;
use super::state::Workspace;

/// Largest gap, in currency, between what a node pays and what its assets oblige it to pay.
///
/// What each node receives is added up again from the shares paid (and from what is left to owners), so that
/// errors of the solver cannot hide in its own sums. Zero for an exact clearing vector.
pub fn residual<C: Claims>(system: &RankedSystem<'_, C>, result: &Workspace) -> f64 {
    let received = received_again(system, result);
    let mut worst: f64 = 0.0;
    for (node, &received) in received.iter().enumerate() {
        let (paid, wanted) = paid_and_wanted(system, result, node, received);
        worst = worst.max((paid - wanted).abs());
    }
    worst
}

fn received_again<C: Claims>(system: &RankedSystem<'_, C>, result: &Workspace) -> Vec<f64> {
    let (nodes, ranks) = (system.claims.nodes(), system.claims.ranks());
    let mut received = Vec::new();
    refill(&mut received, nodes, 0.0);
    for debtor in 0..nodes {
        system.claims.visit_all(debtor, |rank, creditor, amount| {
            let paid = if rank < ranks {
                result.paid_share[debtor * ranks + rank]
            } else {
                result.left[debtor]
            };
            if let Some(creditor) = creditor {
                received[creditor] += amount * paid;
            }
        });
    }
    received
}

fn paid_and_wanted<C: Claims>(
    system: &RankedSystem<'_, C>,
    result: &Workspace,
    node: usize,
    received: f64,
) -> (f64, f64) {
    let ranks = system.claims.ranks();
    let row = node * ranks..(node + 1) * ranks;
    let dues = &system.totals.due[row.clone()];
    let total: f64 = dues.iter().sum();
    let hard: f64 = dues[..system.hard_ranks].iter().sum();
    let paid = dues
        .iter()
        .zip(&result.paid_share[row])
        .map(|(due, share)| due * share)
        .sum();
    let outside = system.outside[node];
    let wanted = if result.in_default(node) {
        system.alpha[node] * outside + system.beta[node] * received
    } else {
        (outside + received).max(hard)
    };
    (paid, wanted.min(total))
}

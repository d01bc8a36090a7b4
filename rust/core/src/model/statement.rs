//! Between phases 10 and 11: what everybody pays of the month's claims, written down where somebody asks for events.
//!
//! Phases that work on all lanes at once write nothing down; what they owe are the claims that the clearing reads.

use crate::block::Block;
use crate::books::Party;
use crate::events::{NONE, Why};
use crate::model::claims::{self, lives};
use crate::model::payments;
use crate::workings::{Claim, NOWHERE, Purpose};

/// Writes down on one path what is sold and paid, once it is settled and before anything follows from it.
pub fn tell(block: &mut Block<'_>, l: usize) {
    if block.books.events.is_none() || l >= block.live {
        return;
    }
    for i in (0..block.plan.counts.companies).filter(|&i| lives(block, i, l)).collect::<Vec<_>>() {
        let mut payments = Vec::new();
        list(block, i, l, &mut payments);
        for (from, to, amount, why) in payments.into_iter().filter(|&(_, _, amount, _)| amount != 0.0) {
            block.books.record(l, from, to, amount, why, NONE);
        }
    }
}

/// Sales of a company to its segments, and its payments.
fn list(block: &Block<'_>, i: usize, l: usize, payments: &mut Vec<(Party, Party, f64, Why)>) {
    let (c, own) = (&block.state.company, Party::Company(i));
    payments.push((Party::Households, own, c.segment_revenue[i][l], Why::Sale));
    payments.push((Party::Suppliers, own, (-c.costs[i][l]).max(0.0), Why::Cost));
    payments::from_outside(block, i, l, payments);
    claims::visit(block, i, l, |claim| {
        let share = share(block, i, claim.rank);
        for (amount, why) in parts(block, i, l, &claim) {
            payments.push((own, claim.payee.into(), share * amount, why));
        }
    });
}

/// Share that a company pays of its claims of a rank.
fn share(block: &Block<'_>, i: usize, rank: u8) -> f64 {
    let settled = &block.settlement;
    if settled.place[i] == NOWHERE { 1.0 } else { settled.paid(settled.place[i] as usize, rank) }
}

/// The parts of a claim.
fn parts(block: &Block<'_>, i: usize, l: usize, claim: &Claim) -> [(f64, Why); 2] {
    let (c, loan) = (&block.state.company, &block.state.loan);
    let in_full = |why| [(claim.amount, why), (0.0, why)];
    match claim.purpose {
        Purpose::Costs => [(c.costs[i][l].max(0.0), Why::Cost), (c.tax[i][l], Why::Tax)],
        Purpose::Loan(k) => [(loan.interest[k][l], Why::Interest), (loan.principal[k][l], Why::Principal)],
        Purpose::Contract(_) => in_full(Why::Bill),
        Purpose::Capex(_) => in_full(Why::Equipment),
        Purpose::Discretionary => in_full(Why::Discretionary),
        Purpose::Payout => in_full(Why::Payout),
        Purpose::Group => in_full(Why::Group),
        Purpose::Levy => in_full(Why::Set),
        Purpose::Payment => in_full(Why::Payment),
    }
}

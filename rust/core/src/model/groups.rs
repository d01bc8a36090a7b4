//! Between phases 9 and 10: owners cover the shortfalls of their subsidiaries, and take what these do not need.

use crate::block::Block;
use crate::books::Party;
use crate::column::{LANES, ZERO};
use crate::events::Why;
use crate::exits::{CAPITAL, NOBODY};
use crate::ledger;
use crate::model::claims::{self, lives};
use crate::model::clearing;

/// Moves cash within groups, once everybody's cash at the end is known as if all paid.
pub fn settle(block: &mut Block<'_>) {
    if block.exits.owned.is_empty() {
        return;
    }
    ledger::count(block);
    for k in 0..block.exits.owned.len() {
        let i = block.exits.owned[k];
        (block.exits.support[i], block.exits.dividend[i]) = (ZERO, ZERO);
    }
    for l in 0..LANES {
        path(block, l);
    }
    tally(block);
}

/// Moves cash on one path: from the lowest subsidiary up, so that what each owner needs or has is complete.
fn path(block: &mut Block<'_>, l: usize) {
    let owned = |&i: &usize| block.exits.owner[i][l] != NOBODY && lives(block, i, l);
    let mut order: Vec<usize> = block.exits.owned.iter().copied().filter(owned).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(block.exits.depth(i, l)));
    for i in order {
        let end = block.scratch.clearing.other_cash[i][l];
        let spare = end - block.parameters.company.minimum_cash.at(i, l);
        let least = clearing::least(block, i, l, gross(block, i, l, end));
        if end < -least {
            block.exits.support[i][l] = -end;
            transfer(block, l, i, -end);
        } else if spare > least {
            block.exits.dividend[i][l] = spare;
            transfer(block, l, i, -spare);
        }
    }
}

/// Payments and receipts due of a company, and its cash, if that leaves `end`.
fn gross(block: &Block<'_>, i: usize, l: usize, end: f64) -> f64 {
    let mut due = 0.0;
    claims::visit(block, i, l, |claim| due += claim.amount);
    due + (end + due)
}

/// Moves cash from the owner to its subsidiary, or back if negative.
fn transfer(block: &mut Block<'_>, l: usize, i: usize, amount: f64) {
    let owner = block.exits.owner[i][l];
    if owner == CAPITAL && amount > 0.0 {
        // No claim on a company: the clearing does not come back to it.
        ledger::pay(block, l, Party::Capital, Party::Company(i), amount, Why::Group);
    } else {
        ledger::move_cash(block, l, Party::company_or_capital(owner), Party::Company(i), amount);
    }
}

/// Finds out anew who falls short.
fn tally(block: &mut Block<'_>) {
    let mut moved: Vec<usize> = block.exits.owned.clone();
    for &i in &block.exits.owned {
        moved.extend(block.exits.owner[i].iter().filter(|&&owner| owner >= 0).map(|&owner| owner as usize));
    }
    moved.sort_unstable();
    moved.dedup();
    let x = &mut block.scratch;
    for &i in &moved {
        if x.clearing.other_cash[i].iter().any(|&cash| cash < 0.0) {
            x.clearing.short.push(i as u32);
        }
    }
    x.clearing.short.sort_unstable();
    x.clearing.short.dedup();
    x.clearing.worst = ZERO;
    for &i in &x.clearing.short {
        for l in 0..LANES {
            x.clearing.worst[l] = x.clearing.worst[l].min(x.clearing.other_cash[i as usize][l]);
        }
    }
}

//! Phase 9: who is able and willing to buy a company.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::exits::{Buyer, CAPITAL, NOBODY};
use crate::model::claims::lives;
use crate::model::prorata::spare;

/// A company that goes through a door this month on a path.
#[derive(Clone, Copy, Debug)]
pub struct Deal {
    /// The company.
    pub company: usize,
    /// Number of the door.
    pub door: usize,
    /// Price, USD.
    pub price: f64,
    /// Share sold by a listing.
    pub share: f64,
}

/// The value of a program at this point of the month.
#[must_use]
pub fn value(block: &Block<'_>, program: usize) -> Row {
    block.rules.as_ref().map_or(ZERO, |memory| *memory.machine.value(program))
}

/// Buyers able and willing to pay the price at a door, on each path.
#[must_use]
pub fn count(block: &Block<'_>, i: usize, d: usize, price: &Row) -> Row {
    let mut counts = ZERO;
    for b in 0..block.plan.doors.buyers[d].len() {
        let buyer = block.plan.doors.buyers[d][b];
        let most = value(block, buyer.most);
        for l in 0..LANES {
            counts[l] += f64::from(u8::from(would_buy(block, i, l, &buyer, most[l], price[l])));
        }
    }
    counts
}

/// Whether a buyer is able and willing.
fn would_buy(block: &Block<'_>, i: usize, l: usize, buyer: &Buyer, most: f64, price: f64) -> bool {
    most >= price && (buyer.who == CAPITAL || (buyer.who as usize != i && is_able(block, buyer.who as usize, l, price)))
}

/// Whether a company can pay a price out of the cash above its minimum, or in its own shares; subsidiaries do not buy.
#[must_use]
pub fn is_able(block: &Block<'_>, b: usize, l: usize, price: f64) -> bool {
    let free = lives(block, b, l) && block.exits.owner[b][l] == NOBODY;
    free && (has_cash(block, b, l, price) || has_shares(block, b, l, price))
}

/// Whether the price can be paid in cash.
#[must_use]
pub fn has_cash(block: &Block<'_>, b: usize, l: usize, price: f64) -> bool {
    let (cash, kept) = (block.state.company.cash[b][l], block.parameters.company.minimum_cash.at(b, l));
    spare(cash, kept, block.derived.least_burn.at(b, l)) >= price
}

/// Whether the price can be paid in the buyer's own shares.
fn has_shares(block: &Block<'_>, b: usize, l: usize, price: f64) -> bool {
    price <= block.parameters.company.share_deals.at(b, l) * block.state.company.valuation[b][l]
}

/// The buyer who takes the company: the highest willingness of those able, then the greatest address; outside comes last.
#[must_use]
pub fn buyer(block: &Block<'_>, deal: &Deal, l: usize) -> Option<i32> {
    let mut best: Option<(f64, i64, i32)> = None;
    for b in 0..block.plan.doors.buyers[deal.door].len() {
        let buyer = block.plan.doors.buyers[deal.door][b];
        let most = value(block, buyer.most)[l];
        if !would_buy(block, deal.company, l, &buyer, most, deal.price) {
            continue;
        }
        let address = usize::try_from(buyer.who).map_or(-1, |who| i64::from(block.addresses.company[who]));
        if best.is_none_or(|(top, known, _)| most > top || most == top && address > known) {
            best = Some((most, address, buyer.who));
        }
    }
    best.map(|(_, _, who)| who)
}

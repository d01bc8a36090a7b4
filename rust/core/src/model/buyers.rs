//! Phase 9: who is able and willing to buy a company.

use crate::block::Block;
use crate::column::{Row, ZERO};
use crate::exits::{Buyer, CAPITAL, NOBODY};
use crate::model::claims::lives;
use crate::model::prorata::{spare, spares};
use crate::pack::{Mask, Operand, Pack, Packs, packs};
use pulp::Simd;

/// A company that goes through a door this month on a path.
#[derive(Clone, Copy, Debug)]
pub struct Deal {
    /// The company.
    pub company: usize,
    /// Number of the door.
    pub door: usize,
    /// Price, USD.
    pub price: f64,
    /// Share sold by a listing; of a sale that of the seller in what the best bid is above the next.
    pub share: f64,
}

/// The value of a program at this point of the month.
#[must_use]
pub fn value(block: &Block<'_>, program: usize) -> Row {
    block.rules.as_ref().map_or(ZERO, |memory| *memory.machine.value(program))
}

/// Notes who may buy: who lives and is nobody's subsidiary.
pub fn look(block: &mut Block<'_>) {
    for b in 0..block.scratch.exits.free.len() {
        block.scratch.exits.free[b] = Row::from_fn(|l| f64::from(u8::from(is_free(block, b, l))));
    }
}

/// Buyers able and willing to pay the price at a door.
#[inline(always)]
#[must_use]
pub fn count<S: Simd>(s: S, block: &Block<'_>, i: usize, d: usize, price: &Row) -> Row {
    let mut counts = ZERO;
    for buyer in block.plan.doors.buyers[d].iter().filter(|buyer| usize::try_from(buyer.who) != Ok(i)) {
        let most = value(block, buyer.most);
        for k in packs::<S>() {
            let price = price.pack(s, k);
            let most = most.pack(s, k);
            let able = match usize::try_from(buyer.who) {
                Ok(b) => able(s, block, b, k, price).choose(1.0, 0.0),
                Err(_) => 1.0.packed(s),
            };
            counts.gain(k, (most.above(price) | most.equals(price)).choose(able, 0.0));
        }
    }
    counts
}

/// The same as [`is_able`], at the beginning of the phase.
#[inline(always)]
fn able<S: Simd>(s: S, block: &Block<'_>, b: usize, k: usize, price: Pack<S>) -> Mask<S> {
    let (c, p) = (&block.state.company, &block.parameters.company);
    let kept = p.minimum_cash.of(b).pack(s, k);
    let has = spares(c.cash[b].pack(s, k), kept, block.derived.least_burn.of(b).pack(s, k));
    let shares = p.share_deals.of(b).pack(s, k) * c.valuation[b].pack(s, k);
    let pays = (has.below(price) & shares.below(price)).choose(0.0, 1.0);
    pays.above(0.0) & block.scratch.exits.free[b].pack(s, k).above(0.0)
}

/// Whether a buyer is able and willing.
fn would_buy(block: &Block<'_>, i: usize, l: usize, buyer: &Buyer, most: f64, price: f64) -> bool {
    most >= price && (buyer.who == CAPITAL || (buyer.who as usize != i && is_able(block, buyer.who as usize, l, price)))
}

/// Whether a company can pay a price out of the cash above its minimum, or in its own shares; subsidiaries do not buy.
#[must_use]
pub fn is_able(block: &Block<'_>, b: usize, l: usize, price: f64) -> bool {
    is_free(block, b, l) && (has_cash(block, b, l, price) || has_shares(block, b, l, price))
}

/// Whether a company lives and is nobody's subsidiary.
fn is_free(block: &Block<'_>, b: usize, l: usize) -> bool {
    lives(block, b, l) && block.exits.owner[b][l] == NOBODY
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

/// Means of a buyer at once, in cash or in its own shares.
fn means(block: &Block<'_>, who: i32, l: usize) -> f64 {
    let Ok(b) = usize::try_from(who) else { return f64::INFINITY };
    let (c, p) = (&block.state.company, &block.parameters.company);
    let cash = spare(c.cash[b][l], p.minimum_cash.at(b, l), block.derived.least_burn.at(b, l));
    cash.max(p.share_deals.at(b, l) * c.valuation[b][l])
}

/// The buyer who takes the company, and what it pays: the highest bid of those able, then the greatest address; outside comes last.
///
/// Without bargaining a bid is what a buyer would pay, and the price asked is paid. With it a bid is no more than what a buyer
/// could pay, and the seller gets its share of what the best bid is above the next, or above the price asked.
#[must_use]
pub fn buyer(block: &Block<'_>, deal: &Deal, l: usize) -> Option<(i32, f64)> {
    let bargains = block.plan.doors.doors[deal.door].share.is_some();
    let (mut best, mut next): (Option<(f64, i64, i32)>, f64) = (None, deal.price);
    for b in 0..block.plan.doors.buyers[deal.door].len() {
        let buyer = block.plan.doors.buyers[deal.door][b];
        let most = value(block, buyer.most)[l];
        if !would_buy(block, deal.company, l, &buyer, most, deal.price) {
            continue;
        }
        let bid = if bargains { most.min(means(block, buyer.who, l)) } else { most };
        let address = usize::try_from(buyer.who).map_or(-1, |who| i64::from(block.addresses.company[who]));
        let known = best;
        if known.is_none_or(|(top, known, _)| bid > top || bid == top && address > known) {
            best = Some((bid, address, buyer.who));
            next = known.map_or(next, |(top, _, _)| next.max(top));
        } else {
            next = next.max(bid);
        }
    }
    let paid = |bid: f64| if bargains { (next + deal.share * (bid - next)).min(bid) } else { deal.price };
    best.map(|(bid, _, who)| (who, paid(bid)))
}

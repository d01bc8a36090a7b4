//! Deals: the fate of a company that goes through a door, and who is paid.

use crate::block::Block;
use crate::books::Party;
use crate::events::Why;
use crate::exits::{CAPITAL, Effect, NOBODY};
use crate::ledger;
use crate::model::buyers::{self, Deal};
use crate::model::claims::lives;
use crate::model::conversions;
use crate::model::prorata;
use crate::waterfall::{Class, distribute};

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* deals {
            parameters {
                company {
                    share_deals: Fraction, 0.0, 1.0, Some(0.0), false, "Largest price, as a share of its fair value, it can pay in its own shares.";
                }
            }
            variables {
            }
        } }
    };
}
pub(crate) use rows;

pub use crate::model::Always as Uses;
pub use crate::model::Nothing as Scratch;

/// Takes a company through a door, if there is still a buyer where one is needed.
pub fn close(block: &mut Block<'_>, l: usize, month: u32, deal: &Deal) {
    let (i, effect) = (deal.company, block.plan.doors.doors[deal.door].effect);
    let (mut buyer, mut price) = (NOBODY, deal.price);
    match effect {
        Effect::Acquire | Effect::Licence => {
            let Some((who, paid)) = buyers::buyer(block, deal, l) else { return };
            (buyer, price) = (who, paid);
            sell(block, l, i, who, price);
            if effect == Effect::Acquire {
                own(block, l, i, who);
            }
        }
        Effect::List => price = list(block, l, deal),
        Effect::WindDown => block.exits.closing.push((l, i)),
        Effect::SelfSustain => {}
    }
    block.state.company.exit[i][l] = effect.mark();
    let x = &mut block.exits;
    (x.month[i][l], x.door[i][l]) = (month as u16, deal.door as i16);
    (x.buyer[i][l], x.price[i][l]) = (buyer, price);
}

/// The buyer pays the holders, in cash or, short of it, in its own shares, which move no cash.
fn sell(block: &mut Block<'_>, l: usize, i: usize, buyer: i32, price: f64) {
    if buyer != CAPITAL && !buyers::has_cash(block, buyer as usize, l, price) {
        return;
    }
    pay(block, l, Party::company_or_capital(buyer), Party::Through(i), price, Why::Deal);
    pay_holders(block, l, i, price, Why::Deal);
}

/// A payment of a deal, noted with the companies whose cash it moves.
fn pay(block: &mut Block<'_>, l: usize, from: Party, to: Party, amount: f64, why: Why) {
    ledger::pay(block, l, from, to, amount, why);
    for (party, amount) in [(from, -amount), (to, amount)] {
        if let Party::Company(i) = party {
            block.state.company.deal_flow[i][l] += amount;
        }
    }
}

/// Pays the holders of a company by class, out of what passes through its hands; what is not theirs goes to `capital`.
pub fn pay_holders(block: &mut Block<'_>, l: usize, i: usize, proceeds: f64, why: Why) {
    let stakes = block.plan.stakes.of(i);
    let p = &block.parameters.stake;
    let class = |&k: &u32| Class {
        fraction: diluted(block, i, l) * fraction(block, k as usize, l),
        preference: p.preference.at(k as usize, l),
    };
    let lenders: Vec<(i32, f64)> = conversions::holders(block, l, i).collect();
    let common = lenders.iter().map(|&(_, fraction)| Class { fraction, preference: 0.0 });
    let classes: Vec<Class> = stakes.iter().map(class).chain(common).collect();
    let mut paid = Vec::new();
    distribute(proceeds, &classes, &mut paid);
    let mut rest = proceeds;
    let holders = stakes.iter().map(|&k| block.links.stake.holder[k as usize]);
    let holders: Vec<i32> = holders.chain(lenders.iter().map(|&(lender, _)| lender)).collect();
    for (holder, &amount) in holders.into_iter().zip(&paid) {
        if holder >= 0 && lives(block, holder as usize, l) {
            pay(block, l, Party::Through(i), Party::Company(holder as usize), amount, why);
            rest -= amount;
        }
    }
    pay(block, l, Party::Through(i), Party::Capital, rest, why);
    block.scratch.exits.proceeds[l] += rest;
}

/// The company is the buyer's from now on.
fn own(block: &mut Block<'_>, l: usize, i: usize, buyer: i32) {
    block.exits.owner[i][l] = buyer;
    if !block.exits.owned.contains(&i) {
        block.exits.owned.push(i);
        block.exits.owned.sort_unstable();
    }
}

/// Share of a company that is not held by living companies.
fn outside(block: &Block<'_>, l: usize, i: usize) -> f64 {
    let held = |&k: &u32| {
        let (k, holder) = (k as usize, block.links.stake.holder[k as usize]);
        if holder >= 0 && lives(block, holder as usize, l) { fraction(block, k, l) } else { 0.0 }
    };
    let stakes = diluted(block, i, l) * block.plan.stakes.of(i).iter().map(held).sum::<f64>();
    let alive = |&(lender, _): &(i32, f64)| lender >= 0 && lives(block, lender as usize, l);
    let lenders: f64 = conversions::holders(block, l, i).filter(alive).map(|(_, part)| part).sum();
    (1.0 - stakes - lenders).max(0.0)
}

/// Share of its issuer that a stake is: those that rules raise beyond the whole are cut alike.
fn fraction(block: &Block<'_>, k: usize, l: usize) -> f64 {
    let fractions = &block.parameters.stake.fraction;
    if !block.plan.moved.stakes {
        return fractions.at(k, l);
    }
    let all = block.plan.stakes.of(block.links.stake.issuer[k] as usize);
    let sum: f64 = all.iter().map(|&other| fractions.at(other as usize, l)).sum();
    fractions.at(k, l) * prorata::part(1.0, sum)
}

/// Part that stakes of the start still are of what they were.
fn diluted(block: &Block<'_>, i: usize, l: usize) -> f64 {
    block.state.company.diluted.get(i).map_or(1.0, |row| row[l])
}

/// The company sells a share of itself in the public market; gives what it raises.
fn list(block: &mut Block<'_>, l: usize, deal: &Deal) -> f64 {
    let (i, raised) = (deal.company, deal.share * deal.price);
    pay(block, l, Party::Capital, Party::Company(i), raised, Why::Deal);
    block.state.company.last_valuation[i][l] = deal.price;
    block.scratch.exits.proceeds[l] += deal.price * outside(block, l, i);
    raised
}

//! A variable is moved from outside the formulas of the month, by a rule or by a host between months, and what follows from
//! it at once.

use crate::block::Block;
use crate::column::Row;
use crate::ledger;
use crate::math::exp;
use crate::model::apart::apart;
use crate::model::{debt, liquidity, regimes};
use crate::pack::{Packs, packs, show};
use crate::plan::to_whole_months;
use crate::variables::{Entity, Unit, VARIABLES};
use pulp::Simd;

/// The value from which a variable of an entity is moved: the present one, but a list price before the factor on it.
#[inline(always)]
#[must_use]
pub fn standing<'b>(block: &'b Block<'_>, place: usize, index: usize) -> &'b Row {
    let listed = (VARIABLES[place].entity, VARIABLES[place].name) == (Entity::Company, "list_price");
    block.scratch.prices.list.get(index).filter(|_| listed).unwrap_or(&block.state.rows(place)[index])
}

/// Sets a variable of an entity; what belongs to a company that has failed stays. Cash comes from `capital`, or goes there.
#[inline(always)]
pub fn push<S: Simd>(s: S, block: &mut Block<'_>, place: usize, index: usize, mut value: Row) {
    let (entity, name) = (VARIABLES[place].entity, VARIABLES[place].name);
    let before = *standing(block, place, index);
    if VARIABLES[place].unit == Unit::Month {
        value = value.map(to_whole_months);
    }
    let owner = match entity {
        Entity::Company => Some(index),
        Entity::Loan => Some(block.links.loan.borrower[index] as usize),
        _ => None,
    };
    if let Some(owner) = owner {
        let alive = &block.state.company.alive[owner];
        for k in packs::<S>() {
            value.put(k, alive.pack(s, k).above(0.0).choose(value.pack(s, k), before.pack(s, k)));
        }
    }
    if value == before {
        return;
    }
    if (entity, name) == (Entity::Company, "cash") {
        levy(s, block, index, &mut value);
        ledger::set(s, block, index, &value);
        return last(s, block, index);
    }
    let row = &mut block.state.rows_mut(place)[index];
    for k in packs::<S>() {
        let now = value.pack(s, k);
        row.put(k, now.equals(before.pack(s, k)).choose(row.pack(s, k), now));
    }
    match (entity, name) {
        (Entity::Company, "smooth_flow") => last(s, block, index),
        (Entity::Company, "passed") => post(s, block, index),
        (Entity::Company, "list_price") => {
            block.scratch.prices.list.get_mut(index).into_iter().for_each(|row| *row = value);
        }
        (Entity::Loan, "balance") => {
            let borrower = block.links.loan.borrower[index] as usize;
            let owed = debt::owed(s, block, borrower);
            block.state.company.debt.get_mut(borrower).into_iter().for_each(|row| *row = owed);
        }
        (Entity::Market, "regime" | "credit_window") => regimes::credit(s, block),
        (Entity::Market, "gpu_log") => block.state.market.gpu_index[0] = value.map(exp),
        _ => {}
    }
}

/// Takes what there is where more cash is to be taken than that; the company owes the rest this month.
#[inline(always)]
fn levy<S: Simd>(s: S, block: &mut Block<'_>, i: usize, value: &mut Row) {
    let x = &mut block.scratch.company;
    for k in packs::<S>() {
        let cash = value.pack(s, k);
        if cash.below(0.0).any() {
            x.levied[i].gain(k, (-cash).at_least(0.0));
            x.levies = true;
        }
        value.put(k, cash.at_least(0.0));
    }
}

/// Burn and runway of a company.
#[inline(always)]
fn last<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (c, least) = (&mut block.state.company, block.derived.least_burn.of(i));
    let mut burns = c.burn.get_mut(i);
    for k in packs::<S>() {
        let burn = liquidity::burn(c.smooth_flow[i].pack(s, k), least.pack(s, k));
        show(&mut burns, k, burn);
        let runway = liquidity::runway(c.cash[i].pack(s, k), burn);
        c.runway[i].put(k, c.alive[i].pack(s, k) * runway);
    }
    if block.plan.on.liquidity.any {
        liquidity::see_anew(s, block, i);
    }
}

/// The price at which a contract with a company will be posted, before its list price: the part passed on, or the premium once it is
/// dead.
#[inline(always)]
pub fn post<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (c, next) = (&block.state.company, &mut block.scratch.prices.next_priced[i]);
    let premium = block.parameters.market.substitution_premium.of(0);
    for k in packs::<S>() {
        let alive = c.alive[i].pack(s, k).above(0.0);
        next.put(k, alive.choose(c.passed[i].pack(s, k), premium.pack(s, k)));
    }
}

apart! {
    push_apart(s, block, place: usize, index: usize, value: Row) -> () { push(s, block, place, index, value) }
}

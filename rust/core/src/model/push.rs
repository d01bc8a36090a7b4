//! A variable is moved from outside the formulas of the month, by a rule or by a host between months, and what follows from
//! it at once.

use crate::block::Block;
use crate::column::{LANES, Row};
use crate::ledger;
use crate::math::exp;
use crate::model::{debt, liquidity, regimes};
use crate::pack::{Packs, packs, show};
use crate::plan::to_whole_months;
use crate::variables::{Entity, Unit, VARIABLES};
use pulp::Scalar;

/// The value from which a variable of an entity is moved: the present one, but a list price before the factor on it.
#[must_use]
pub fn standing(block: &Block<'_>, place: usize, index: usize) -> Row {
    let listed = (VARIABLES[place].entity, VARIABLES[place].name) == (Entity::Company, "list_price");
    block.scratch.prices.list.get(index).filter(|_| listed).copied().unwrap_or(block.state.rows(place)[index])
}

/// Sets a variable of an entity; what belongs to a company that has failed stays. Cash comes from `capital`, or goes there.
pub fn push(block: &mut Block<'_>, place: usize, index: usize, mut value: Row) {
    let (entity, name) = (VARIABLES[place].entity, VARIABLES[place].name);
    let before = standing(block, place, index);
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
        value = Row::from_fn(|l| if alive[l] > 0.0 { value[l] } else { before[l] });
    }
    if value == before {
        return;
    }
    if (entity, name) == (Entity::Company, "cash") {
        value = levy(block, index, &value);
        ledger::set(block, index, &value);
        return last(block, index);
    }
    let row = &mut block.state.rows_mut(place)[index];
    *row = Row::from_fn(|l| if value[l] == before[l] { row[l] } else { value[l] });
    match (entity, name) {
        (Entity::Company, "smooth_flow") => last(block, index),
        (Entity::Company, "passed") => post(block, index),
        (Entity::Company, "list_price") => {
            block.scratch.prices.list.get_mut(index).into_iter().for_each(|row| *row = value);
        }
        (Entity::Loan, "balance") => {
            let borrower = block.links.loan.borrower[index] as usize;
            let owed = debt::owed(Scalar::new(), block, borrower);
            block.state.company.debt.get_mut(borrower).into_iter().for_each(|row| *row = owed);
        }
        (Entity::Market, "regime" | "credit_window") => regimes::credit(Scalar::new(), block),
        (Entity::Market, "gpu_log") => block.state.market.gpu_index[0] = value.map(exp),
        _ => {}
    }
}

/// Takes what there is where more cash is to be taken than that; the company owes the rest this month. Gives what is left.
fn levy(block: &mut Block<'_>, i: usize, value: &Row) -> Row {
    let x = &mut block.scratch;
    for l in (0..LANES).filter(|&l| value[l] < 0.0) {
        x.company.levied[i][l] -= value[l];
        x.company.levies = true;
    }
    value.map(|cash| cash.max(0.0))
}

/// Burn and runway of a company.
fn last(block: &mut Block<'_>, i: usize) {
    let (s, c, least) = (Scalar::new(), &mut block.state.company, block.derived.least_burn.of(i));
    let mut burns = c.burn.get_mut(i);
    for k in packs::<Scalar>() {
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
pub fn post(block: &mut Block<'_>, i: usize) {
    let (c, next) = (&block.state.company, &mut block.scratch.prices.next_priced[i]);
    let premium = block.parameters.market.substitution_premium.row(0);
    *next = Row::from_fn(|l| if c.alive[i][l] > 0.0 { c.passed[i][l] } else { premium[l] });
}

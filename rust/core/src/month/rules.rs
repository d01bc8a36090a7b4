//! Phase 2: rules are judged on what is there, then levers go back to where the world has them and are moved anew.

use crate::block::Block;
use crate::column::{Column, LANES, Row};
use crate::math::exp;
use crate::month::regimes;
use crate::rule::{Memory, Target};
use crate::variables::{Entity, PARAMETERS, VARIABLES};
use pulp::Simd;

/// Judges rules and moves levers.
#[inline(always)]
pub fn advance<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    if let Some(mut memory) = block.rules.take() {
        memory.judge(s, &block.state, &block.draws, month);
        move_levers(s, block, &mut memory, month);
        block.rules = Some(memory);
    }
}

/// Puts levers back and moves them; then what follows from the market is worked out anew.
#[inline(always)]
fn move_levers<S: Simd>(s: S, block: &mut Block<'_>, memory: &mut Memory<'_>, month: u32) {
    let mut market = false;
    for number in 0..memory.rules.levers.len() {
        if !memory.touches(number) {
            continue;
        }
        match memory.rules.levers[number].target {
            Target::Parameter(place, entity) => {
                let base = memory.base(number);
                let moved = memory.moved(s, number, &base, month);
                put(block, place, entity, moved);
                market |= PARAMETERS[place].entity == Entity::Market;
            }
            Target::Variable(place, entity) => {
                let before = block.state.rows(place)[entity];
                let moved = memory.moved(s, number, &before, month);
                push(block, place, entity, &before, moved);
                market |= VARIABLES[place].entity == Entity::Market;
            }
        }
    }
    if market {
        regimes::credit(s, block);
        if block.plan.gpu_moves {
            block.state.market.gpu_index[0] = block.state.market.gpu_log[0].map(exp);
        }
    }
}

/// Writes a parameter of an entity for the month, and what is derived from it.
pub fn put(block: &mut Block<'_>, place: usize, entity: usize, value: Row) {
    if let Column::Drawn { rows, .. } = block.parameters.column_mut(place) {
        rows[entity] = value;
    }
    block.derived.follow(block.plan, &block.parameters, &PARAMETERS[place], entity);
}

/// Writes a variable of an entity; what belongs to a dead company stays.
fn push(block: &mut Block<'_>, place: usize, entity: usize, before: &Row, mut value: Row) {
    let row = &VARIABLES[place];
    let owner = match (row.entity, row.name) {
        (Entity::Company, "cash" | "smooth_flow") => Some(entity),
        (Entity::Loan, _) => Some(block.links.loan.borrower[entity] as usize),
        _ => None,
    };
    if let Some(owner) = owner {
        let alive = &block.state.company.alive[owner];
        value = std::array::from_fn(|l| if alive[l] > 0.0 { value[l] } else { before[l] });
    }
    if (row.entity, row.name) == (Entity::Company, "cash") {
        pay(block, entity, before, &value);
    }
    block.state.rows_mut(place)[entity] = value;
}

/// Books cash that a company is given: from `capital`, before the flows of the month.
fn pay(block: &mut Block<'_>, i: usize, before: &Row, after: &Row) {
    let (x, capital) = (&mut block.scratch, &mut block.state.market.capital[0]);
    for l in 0..LANES {
        let given = after[l] - before[l];
        capital[l] -= given;
        x.change[l] += given;
        x.flow[l] += given.abs();
    }
    x.cash_before[i] = *after;
}

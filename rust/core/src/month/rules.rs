//! Phase 2: rules are judged on what is there, then levers go back to where the world has them and are moved anew.

use crate::block::Block;
use crate::column::{Column, LANES, Row};
use crate::month::{prices, regimes};
use crate::rule::{Memory, Target};
use crate::variables::{Entity, PARAMETERS, VARIABLES};
use pulp::Simd;
use std::sync::Arc;

/// Judges rules and moves levers.
#[inline(always)]
pub fn advance<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    if let Some(mut memory) = block.rules.take() {
        memory.judge(s, &block.state, &block.draws, month);
        move_levers(s, block, &mut memory, month);
        block.rules = Some(memory);
    }
}

/// Puts levers back and moves them; then what follows from them before prices are made is worked out anew.
#[inline(always)]
fn move_levers<S: Simd>(s: S, block: &mut Block<'_>, memory: &mut Memory<'_>, month: u32) {
    let rules = Arc::clone(&memory.rules);
    let (mut market, mut posted) = (false, false);
    for (number, lever) in rules.levers.iter().enumerate() {
        if !memory.touches(number) {
            continue;
        }
        market |= lever.of_market;
        posted |= lever.posted;
        match lever.target {
            Target::Parameter(place, entity) => {
                let moved = memory.moved(s, lever, &memory.base(number), month);
                put(block, place, entity, moved);
                if lever.derived {
                    block.derived.follow(block.plan, &block.parameters, &PARAMETERS[place], entity);
                }
            }
            Target::Variable(place, entity) => {
                let before = block.state.rows(place)[entity];
                let moved = memory.moved(s, lever, &before, month);
                push(block, place, entity, &before, moved);
            }
        }
    }
    if market {
        regimes::follow(s, block);
    }
    if posted {
        prices::repost(block);
    }
}

/// Writes a parameter of an entity for the month.
pub fn put(block: &mut Block<'_>, place: usize, entity: usize, value: Row) {
    if let Column::Drawn { rows, .. } = block.parameters.column_mut(place) {
        rows[entity] = value;
    }
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
        pay(block, before, &value);
    }
    block.state.rows_mut(place)[entity] = value;
}

/// Books cash that a company is given: from `capital`, before the flows of the month.
fn pay(block: &mut Block<'_>, before: &Row, after: &Row) {
    let (x, capital) = (&mut block.scratch, &mut block.state.market.capital[0]);
    for l in 0..LANES {
        let given = after[l] - before[l];
        capital[l] -= given;
        x.change[l] += given;
        x.flow[l] += given.abs();
    }
}

//! Phase 2: rules are judged on what is there, then levers go back to where the world or a host has them and are moved anew.

use crate::block::Block;
use crate::column::Row;
use crate::model::push::{post, push_apart, standing};
use crate::model::{conversions, regimes, transfers};
use crate::rule::{Memory, Target};
use crate::variables::PARAMETERS;
use pulp::Simd;
use std::sync::Arc;

/// Judges rules and moves levers.
#[inline(always)]
pub fn advance<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    if let Some(mut memory) = block.rules.take() {
        memory.judge(s, &block.state, &block.draws, month);
        memory.bill(s, &block.state.company.alive);
        move_levers(s, block, &mut memory, month);
        conversions::advance(block, &memory);
        transfers::advance(block, &memory);
        block.rules = Some(memory);
    }
}

/// Works out gauges.
#[inline(always)]
pub fn measure<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    if let Some(memory) = &mut block.rules {
        memory.measure(s, &block.state, &block.draws, month);
    }
}

/// Puts levers back and moves them; then what follows from them before prices are made is worked out anew.
#[inline(always)]
fn move_levers<S: Simd>(s: S, block: &mut Block<'_>, memory: &mut Memory, month: u32) {
    let rules = Arc::clone(&memory.rules);
    let (mut charged, mut posted) = (false, false);
    for (number, lever) in rules.levers.iter().enumerate() {
        if !memory.touches(number, lever) {
            continue;
        }
        charged |= lever.charged;
        posted |= lever.posted;
        match lever.target {
            Target::Parameter(place, entity) => {
                let moved = memory.moved(s, number, lever, None, month);
                put(block, place, entity, moved);
                if lever.derived {
                    block.derived.follow(block.plan, &block.parameters, &PARAMETERS[place], entity);
                }
            }
            Target::Variable(place, entity) => {
                let moved = memory.moved(s, number, lever, Some(standing(block, place, entity)), month);
                push_apart(s, block, place, entity, moved);
            }
        }
    }
    if charged {
        regimes::credit(s, block);
    }
    if posted {
        (0..block.plan.counts.companies).for_each(|i| post(s, block, i));
    }
}

/// Writes a parameter of an entity for the month.
#[inline(always)]
pub fn put(block: &mut Block<'_>, place: usize, entity: usize, value: Row) {
    block.parameters.column_mut(place).put(entity, &value);
}

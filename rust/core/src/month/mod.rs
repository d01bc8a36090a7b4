//! A month of a block of paths: read this first.
//!
//! Phases see only what earlier phases of the month and the month before wrote.

pub mod backlog;
pub mod bills;
pub mod capacity;
pub mod cascade;
pub mod claims;
pub mod clearing;
pub mod confidence;
pub mod credit;
pub mod deals;
pub mod debt;
pub mod demand;
pub mod estate;
pub mod exits;
pub mod finance;
pub mod funding;
pub mod groups;
pub mod guarantee;
pub mod issues;
pub mod macroeconomy;
pub mod marks;
pub mod multiplier;
pub mod prices;
pub mod purchases;
pub mod push;
pub mod regimes;
pub mod rescue;
pub mod rules;
pub mod spending;

use crate::block::Block;
use crate::column::{LANES, ZERO};
use crate::plan::{Stage, Step, Whole};
use crate::record::Record;
use pulp::Simd;

/// Companies that take the steps of a stage together, so that their rows stay in the cache from one step to the next; a power of two.
pub const TILE: usize = 32;

/// Moves a block of paths by one month, with the instructions `s`, and adds what is recorded to its sums.
#[inline(always)]
pub fn advance<S: Simd>(s: S, block: &mut Block<'_>, month: u32, sums: &mut Record<'_>) {
    regimes::advance(s, block, month);
    rules::advance(s, block, month);
    open_books(block, month);
    if !block.plan.impatient.is_empty() {
        confidence::strike(block, month);
    }
    prices::post(s, block, month);
    spending::price_assets(s, block);
    funding::draw(block, month);
    let plan = block.plan;
    for stage in &plan.stages {
        match stage {
            Stage::Whole(step) => whole(s, block, *step, month),
            Stage::Tiled(steps) => tiles(s, block, steps, month, sums),
        }
    }
    marks::close(s, block, month);
    sums.add_others(s, block, month);
}

/// Takes a step for all companies at once.
#[inline(always)]
fn whole<S: Simd>(s: S, block: &mut Block<'_>, step: Whole, month: u32) {
    match step {
        Whole::Recapture => demand::recapture(block, month),
        Whole::Special => bills::special(s, block, month),
        Whole::Lend => debt::open(block, month),
        Whole::Pledge => funding::pledges(block, month),
        Whole::Share => funding::share(block),
        Whole::Leave => exits::advance(s, block, month),
        Whole::Group => groups::settle(block),
        Whole::Equip => clearing::equip(block),
        Whole::Fail => {
            clearing::close(block);
            cascade::advance(block, month);
        }
    }
}

/// Takes steps tile by tile.
#[inline(always)]
fn tiles<S: Simd>(s: S, block: &mut Block<'_>, steps: &[Step], month: u32, sums: &mut Record<'_>) {
    let companies = block.plan.counts.companies;
    for first in (0..companies).step_by(TILE) {
        let tile = first..companies.min(first + TILE);
        for step in steps {
            for i in tile.clone() {
                take(s, block, *step, i, month);
            }
        }
        if steps.last() == Some(&Step::Mark) {
            sums.add_companies(s, block, month, tile);
        }
    }
}

/// Takes a step for one company.
#[inline(always)]
fn take<S: Simd>(s: S, block: &mut Block<'_>, step: Step, i: usize, month: u32) {
    match step {
        Step::Buy => prices::gather(s, block, i),
        Step::Price => prices::price(s, block, i),
        Step::Grow => demand::grow(s, block, i, month),
        Step::Sell => demand::sell(s, block, i, month),
        Step::Charge => bills::charge(s, block, i),
        Step::Supply => bills::supply(s, block, i),
        Step::Plan => spending::plan(s, block, i, month),
        Step::Owe => debt::owe(s, block, i, month),
        Step::Receive => debt::receive(s, block, i),
        Step::Raise => funding::attempt(s, block, i, month),
        Step::Order => clearing::order(s, block, i),
        Step::Pay => clearing::pay(s, block, i),
        Step::Earn => marks::earn(s, block, i),
        Step::Commission => cascade::commission(s, block, i),
        Step::Mark => marks::mark(s, block, i, month),
    }
}

/// Notes what there was before anything is paid.
#[inline(always)]
fn open_books(block: &mut Block<'_>, month: u32) {
    let m = &block.state.market;
    for l in 0..LANES {
        block.scratch.sectors_before[l] = m.households[0][l] + m.suppliers[0][l] + m.capital[0][l];
        block.scratch.balances[l] = m.households[0][l].abs() + m.suppliers[0][l].abs() + m.capital[0][l].abs();
    }
    block.scratch.flow = ZERO;
    if block.wants.funding {
        block.state.market.vendor_money[0] = ZERO;
    }
    block.state.company.rescued.fill(ZERO);
    block.slot = month as usize % block.plan.ring;
}

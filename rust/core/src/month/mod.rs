//! A month of a block of paths: read this first.
//!
//! Phases see only what earlier phases of the month and the month before wrote.

pub mod bills;
pub mod cascade;
pub mod claims;
pub mod clearing;
pub mod debt;
pub mod demand;
pub mod estate;
pub mod funding;
pub mod marks;
pub mod prices;
pub mod regimes;
pub mod spending;

use crate::block::Block;
use crate::column::{LANES, ZERO};

/// Moves a block of paths by one month.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    open_books(block);
    regimes::advance(block, month);
    // Phase 2, rules, will act on levers here.
    prices::advance(block, month);
    demand::advance(block, month);
    bills::advance(block, month);
    spending::advance(block, month);
    debt::advance(block, month);
    funding::advance(block, month);
    // Phase 9, exits, will open doors here.
    clearing::advance(block, month);
    cascade::advance(block, month);
    marks::advance(block, month);
}

/// Notes what there was before anything moves.
#[inline(always)]
fn open_books(block: &mut Block<'_>) {
    let m = &block.state.market;
    for l in 0..LANES {
        block.scratch.sectors_before[l] = m.households[0][l] + m.suppliers[0][l] + m.capital[0][l];
        block.scratch.balances[l] = m.households[0][l].abs() + m.suppliers[0][l].abs() + m.capital[0][l].abs();
    }
    block.scratch.flow = ZERO;
    block.scratch.cash_before.copy_from_slice(&block.state.company.cash);
}

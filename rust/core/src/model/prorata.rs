//! Shares pro rata when more is asked of a payer than it has: all ask first, then all get the same share of what they asked.

use crate::block::Block;
use crate::column::{Row, ZERO};
use crate::pack::Pack;
use crate::rounding::{ROUNDING, beyond};
use pulp::Simd;

/// Cash above what a company keeps; nothing where that is what rounding leaves of its cash or flows.
#[must_use]
pub fn spare(cash: f64, kept: f64, least: f64) -> f64 {
    let rest = beyond(cash - kept, cash);
    if rest > least { rest } else { 0.0 }
}

/// The same pack by pack.
#[inline(always)]
#[must_use]
pub fn spares<S: Simd>(cash: Pack<S>, kept: Pack<S>, least: Pack<S>) -> Pack<S> {
    let rest = cash - kept;
    (rest.above(ROUNDING * cash) & rest.above(least)).choose(rest, 0.0)
}

/// Share of what is asked of a payer that it pays.
#[must_use]
pub fn part(has: f64, asked: f64) -> f64 {
    if asked > has { has / asked } else { 1.0 }
}

/// The same pack by pack.
#[inline(always)]
#[must_use]
pub fn parts<S: Simd>(has: Pack<S>, asked: Pack<S>) -> Pack<S> {
    asked.above(has).choose(has / asked, 1.0)
}

/// Forgets what was asked.
pub fn open(block: &mut Block<'_>) {
    block.scratch.credit_lines.asked_of.fill(ZERO);
}

/// Asks an amount of a payer; those outside have no limit.
pub fn ask(block: &mut Block<'_>, payer: i32, amount: &Row) {
    if let Ok(i) = usize::try_from(payer) {
        let asked = &mut block.scratch.credit_lines.asked_of[i];
        *asked = Row::from_fn(|l| asked[l] + amount[l]);
    }
}

/// Once all have asked: the share of it that each company pays out of its cash above its minimum, nothing where it is dead.
pub fn share_out(block: &mut Block<'_>) {
    for i in 0..block.plan.counts.companies {
        let asked = block.scratch.credit_lines.asked_of[i];
        if asked != ZERO {
            let (c, least) = (&block.state.company, &block.derived.least_burn);
            let kept = &block.parameters.company.minimum_cash;
            block.scratch.credit_lines.asked_of[i] = Row::from_fn(|l| {
                let has = spare(c.cash[i][l], kept.at(i, l), least.at(i, l));
                c.alive[i][l] * part(has, asked[l])
            });
        }
    }
}

/// Share that a payer pays of what it was asked for.
#[must_use]
pub fn share(block: &Block<'_>, payer: i32) -> Row {
    usize::try_from(payer).map_or(Row::of(1.0), |i| block.scratch.credit_lines.asked_of[i])
}

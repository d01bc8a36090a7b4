//! Differences below rounding error count as zero.
//!
//! Sums of many amounts are exact to about 1e-15 of what was added up. Where the model asks whether anything is there, a
//! shortfall, cash to lend, a balance, a loss, what is below [`ROUNDING`] of the amounts that it is the difference of counts as
//! nothing. So no verdict hangs on the order of a sum.

/// Share of the amounts of which something is the difference, below which it counts as nothing.
pub const ROUNDING: f64 = 1e-11;

/// Amount by which nothing is divided, USD: what is no more counts as none.
///
/// So a ratio of amounts stays finite however small an amount is given.
pub const LEAST: f64 = 1e-12;

/// 1 / x, or nothing where x is none.
#[inline(always)]
#[must_use]
pub fn reciprocal(x: f64) -> f64 {
    if x > LEAST { 1.0 / x } else { 0.0 }
}

/// The amount, or zero where it is below the rounding error of amounts of size `of`.
#[inline(always)]
#[must_use]
pub fn beyond(rest: f64, of: f64) -> f64 {
    if rest > ROUNDING * of { rest } else { 0.0 }
}

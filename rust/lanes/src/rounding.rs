//! What rounding leaves of nothing decides nothing.
//!
//! Sums of many amounts are exact to about 1e-15 of what was added up. Where the model asks whether anything is there, a
//! shortfall, cash to lend, a balance, a loss, what is below [`ROUNDING`] of the amounts that it is the difference of counts as
//! nothing. So no verdict hangs on the order of a sum.

/// Share of the amounts of which something is the difference, below which it counts as nothing.
pub const ROUNDING: f64 = 1e-11;

/// What there is, or nothing where it is what rounding leaves of amounts of size `of`.
#[inline(always)]
#[must_use]
pub fn beyond(rest: f64, of: f64) -> f64 {
    if rest > ROUNDING * of { rest } else { 0.0 }
}

//! Default probabilities of log-normal assets.

use cashcade_lanes::math::{exp, ln};

/// Beyond this the series loses digits in the tail, and the continued fraction has converged.
const TAIL: f64 = 3.0;

/// Distribution function of the standard normal; absolute error below 1e-15, relative below 1e-12 in the tail.
#[must_use]
pub fn cumulative(x: f64) -> f64 {
    if x.abs() < TAIL {
        return 0.5 + density(x) * series(x);
    }
    let tail = density(x) * fraction(x.abs());
    if x > 0.0 { 1.0 - tail } else { tail }
}

fn density(x: f64) -> f64 {
    exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt()
}

/// `x + x^3/3 + x^5/(3*5) + ...`: the distribution function less a half, over the density.
fn series(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for k in 1..80 {
        term *= x * x / f64::from(2 * k + 1);
        sum += term;
    }
    sum
}

/// `1 / (x + 1 / (x + 2 / (x + 3 / ...)))`: the upper tail over the density (Laplace).
fn fraction(x: f64) -> f64 {
    let below = (1..120).rev().fold(x, |below, k| x + f64::from(k) / below);
    1.0 / below
}

/// Chance that assets `value * X` end below `barrier`, with `log X` normal of mean `(drift - sigma^2 / 2) horizon`
/// and variance `sigma^2 horizon` (Merton 1974).
#[must_use]
pub fn below_at_horizon(value: f64, barrier: f64, drift: f64, sigma: f64, horizon: f64) -> f64 {
    if barrier <= 0.0 {
        return 0.0;
    }
    let spread = sigma * horizon.sqrt();
    cumulative((ln(barrier / value) - (drift - 0.5 * sigma * sigma) * horizon) / spread)
}

/// Chance that the same assets fall below `barrier` at any time up to `horizon` (Black and Cox 1976).
#[must_use]
pub fn below_at_any_time(value: f64, barrier: f64, drift: f64, sigma: f64, horizon: f64) -> f64 {
    if barrier <= 0.0 {
        return 0.0;
    }
    if barrier >= value {
        return 1.0;
    }
    let (gap, pull) = (ln(barrier / value), drift - 0.5 * sigma * sigma);
    let spread = sigma * horizon.sqrt();
    let direct = cumulative((gap - pull * horizon) / spread);
    let reflected = cumulative((gap + pull * horizon) / spread);
    direct + exp(2.0 * pull * gap / (sigma * sigma)) * reflected
}

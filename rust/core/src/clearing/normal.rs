//! Default probabilities of log-normal assets.

use libm::{erfc, exp, log, sqrt};

/// Distribution function of the standard normal.
#[must_use]
pub fn cumulative(x: f64) -> f64 {
    0.5 * erfc(-x / std::f64::consts::SQRT_2)
}

/// Chance that assets `value * X` end below `barrier`, with `log X` normal of mean `(drift - sigma^2 / 2) horizon`
/// and variance `sigma^2 horizon` (Merton 1974).
#[must_use]
pub fn below_at_horizon(value: f64, barrier: f64, drift: f64, sigma: f64, horizon: f64) -> f64 {
    if barrier <= 0.0 {
        return 0.0;
    }
    let spread = sigma * sqrt(horizon);
    cumulative((log(barrier / value) - (drift - 0.5 * sigma * sigma) * horizon) / spread)
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
    let (gap, pull) = (log(barrier / value), drift - 0.5 * sigma * sigma);
    let spread = sigma * sqrt(horizon);
    let direct = cumulative((gap - pull * horizon) / spread);
    let reflected = cumulative((gap + pull * horizon) / spread);
    direct + exp(2.0 * pull * gap / (sigma * sigma)) * reflected
}

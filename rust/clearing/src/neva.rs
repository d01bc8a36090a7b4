//! Network valuation: equities that value each other's debt before maturity (Barucca et al. 2020).
//!
//! `E = external assets - external liabilities - network liabilities + sum of claims x V(E of the debtor)`, where the
//! valuation `V` between 0 and 1 never falls with the debtor's equity. Iterating from `V = 1` leads to the greatest
//! solution, from `V = 0` to the least.

use super::batch::Extreme;
use super::claims::refill;
use super::error::{ClearingError, check_length};
use super::links::Links;
use super::normal;
use cashcade_lanes::math::ln;

/// Iterations after which the residual tells how far it is.
const ITERATIONS: u32 = 100_000;

/// How much of its face value a claim is worth, given the debtor's equity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Valuation {
    /// At maturity: in full, or what the debtor's assets cover (Eisenberg and Noe 2001).
    AtMaturity,
    /// In full while equity is not negative, then `recovery` (Furfine 2003).
    Furfine {
        /// Share of a claim on a failed node that is recovered.
        recovery: f64,
    },
    /// In proportion to the equity left of `reference` (linear `DebtRank`; Bardoscia et al. 2015).
    Linear,
    /// Log-normal external assets observed at a horizon (Merton 1974; Barucca et al. 2020).
    Merton {
        /// Standard deviation of the log of external assets at the horizon.
        sigma: f64,
        /// Share of the uncovered endogenous recovery that is paid out.
        recovery: f64,
    },
    /// Log-normal external assets observed at all times (Black and Cox 1976; Bardoscia et al. 2019).
    BlackCox {
        /// Standard deviation of the log of external assets at the horizon.
        sigma: f64,
        /// Share of a claim on a failed node that is recovered.
        recovery: f64,
    },
}

/// The balance sheets of a network. All amounts in one currency.
#[derive(Debug, Clone, Copy)]
pub struct Books<'a> {
    /// Claims by debtor: `weight` is the face value that `to` may claim.
    pub claims: Links<'a>,
    /// Value of external assets.
    pub external_assets: &'a [f64],
    /// External liabilities.
    pub external_liabilities: &'a [f64],
    /// Per node, what recovery is measured against (its debts), or its reference equity if `Linear`.
    pub reference: &'a [f64],
}

/// A solution of the valuation map.
#[derive(Debug, Clone, Default)]
pub struct Valued {
    /// Equity of each node; negative where liabilities exceed assets.
    pub equity: Vec<f64>,
    /// Value of a unit claim on each node.
    pub factor: Vec<f64>,
    /// Largest change another iteration would make, in currency.
    pub residual: f64,
    /// Iterations done.
    pub iterations: u32,
}

impl Valuation {
    /// Value of a unit claim on `node` when its equity is `equity`.
    #[must_use]
    pub fn factor(&self, books: &Books<'_>, node: usize, equity: f64) -> f64 {
        let (assets, debts) = (books.external_assets[node], books.reference[node]);
        match *self {
            Self::AtMaturity => recovered(equity, debts),
            Self::Furfine { recovery } => {
                if equity >= 0.0 {
                    1.0
                } else {
                    recovery
                }
            }
            Self::Linear => {
                if debts > 0.0 {
                    (equity / debts).clamp(0.0, 1.0)
                } else {
                    0.0
                }
            }
            Self::Merton { sigma, recovery } => merton(assets, debts, equity, sigma, recovery),
            Self::BlackCox { sigma, recovery } => {
                1.0 - (1.0 - recovery) * normal::below_at_any_time(assets, assets - equity, 0.0, sigma, 1.0)
            }
        }
    }
}

fn recovered(equity: f64, debts: f64) -> f64 {
    if debts > 0.0 { (1.0 + equity / debts).clamp(0.0, 1.0) } else { 1.0 }
}

/// `1 - PD + recovery * E[what is covered of the debts; default]` with log-normal external assets of mean `assets`.
fn merton(assets: f64, debts: f64, equity: f64, sigma: f64, recovery: f64) -> f64 {
    if assets <= 0.0 {
        return recovered(equity, debts);
    }
    let score = |ratio: f64| if ratio > 0.0 { ln(ratio) / sigma + 0.5 * sigma } else { f64::NEG_INFINITY };
    let (default, nothing) = (score(1.0 - equity / assets), score(1.0 - (equity + debts) / assets));
    let chance = normal::cumulative(default);
    if debts <= 0.0 {
        return 1.0 - chance;
    }
    let partial = chance - normal::cumulative(nothing);
    let weighted = normal::cumulative(default - sigma) - normal::cumulative(nothing - sigma);
    let covered = (1.0 + (equity - assets) / debts) * partial + assets / debts * weighted;
    1.0 - chance + recovery * covered
}

/// The greatest or the least solution.
///
/// # Errors
/// [`ClearingError::Length`] unless every vector has one entry per node.
pub fn solve(books: &Books<'_>, valuation: Valuation, extreme: Extreme) -> Result<Valued, ClearingError> {
    let nodes = books.claims.nodes();
    for (what, values) in [
        ("external_assets", books.external_assets),
        ("external_liabilities", books.external_liabilities),
        ("reference", books.reference),
    ] {
        check_length(what, values.len(), nodes, "node")?;
    }
    Ok(books.iterate(valuation, extreme))
}

impl Books<'_> {
    /// Values anew from all equities, equities anew from all values, until no value moves any more.
    ///
    /// Both are sums and functions that never fall with what they are of, so from above the values only fall, from below
    /// they only rise, and no rounding adds up from one iteration to the next. A value that would turn back does so by a
    /// rounding only; it stays.
    fn iterate(&self, valuation: Valuation, extreme: Extreme) -> Valued {
        let mut valued = Valued::default();
        let (first, further): (f64, fn(f64, f64) -> f64) =
            if extreme == Extreme::Greatest { (1.0, f64::min) } else { (0.0, f64::max) };
        refill(&mut valued.factor, self.claims.nodes(), first);
        let net = self.net();
        self.appraise(&net, &valued.factor, &mut valued.equity);
        while valued.iterations < ITERATIONS {
            valued.iterations += 1;
            let mut moved = false;
            for node in 0..net.len() {
                let old = valued.factor[node];
                let new = further(old, valuation.factor(self, node, valued.equity[node]));
                moved |= new != old;
                valued.factor[node] = new;
            }
            if !moved {
                break;
            }
            self.appraise(&net, &valued.factor, &mut valued.equity);
        }
        valued.residual = self.residual(valuation, &net, &valued.equity);
        valued
    }

    /// Equity of each node if its claims were worth nothing.
    fn net(&self) -> Vec<f64> {
        let owed = |node| self.claims.from(node).map(|(_, face)| face).sum::<f64>();
        let net = |node: usize| self.external_assets[node] - self.external_liabilities[node] - owed(node);
        (0..self.claims.nodes()).map(net).collect()
    }

    /// Equities when a unit claim on each node is worth its `factor`.
    fn appraise(&self, net: &[f64], factor: &[f64], equity: &mut Vec<f64>) {
        equity.clear();
        equity.extend_from_slice(net);
        for (debtor, &worth) in factor.iter().enumerate() {
            for (creditor, face) in self.claims.from(debtor) {
                equity[creditor] += face * worth;
            }
        }
    }

    fn residual(&self, valuation: Valuation, net: &[f64], equity: &[f64]) -> f64 {
        let worth = |(node, &equity): (usize, &f64)| valuation.factor(self, node, equity);
        let factor: Vec<f64> = equity.iter().enumerate().map(worth).collect();
        let mut after = Vec::new();
        self.appraise(net, &factor, &mut after);
        after.iter().zip(equity).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }
}

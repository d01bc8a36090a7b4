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
use crate::math::ln;

/// Changes of value below this share of a node's balance sheet end the iteration.
const SETTLED: f64 = 1e-16;

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
    fn iterate(&self, valuation: Valuation, extreme: Extreme) -> Valued {
        let (mut valued, scale) = self.begin(if extreme == Extreme::Greatest { 1.0 } else { 0.0 });
        while valued.iterations < ITERATIONS {
            valued.iterations += 1;
            let moves = self.moves(valuation, &valued);
            let mut settled = true;
            for (node, change) in moves.into_iter().enumerate() {
                settled &= self.pass_on(&mut valued, &scale, node, change);
            }
            if settled {
                break;
            }
        }
        valued.residual = self.residual(valuation, &valued);
        valued
    }

    /// Equities when every claim is worth `factor`, and the size of each balance sheet.
    fn begin(&self, factor: f64) -> (Valued, Vec<f64>) {
        let nodes = self.claims.nodes();
        let mut valued = Valued::default();
        refill(&mut valued.factor, nodes, factor);
        let net = |i: usize| self.external_assets[i] - self.external_liabilities[i];
        valued.equity.extend((0..nodes).map(net));
        let mut scale: Vec<f64> = (0..nodes).map(|i| self.external_assets[i] + self.external_liabilities[i]).collect();
        for debtor in 0..nodes {
            for (creditor, face) in self.claims.from(debtor) {
                valued.equity[debtor] -= face;
                valued.equity[creditor] += face * factor;
                scale[creditor] += face;
            }
        }
        (valued, scale)
    }

    /// How much every factor is out of line with the equities.
    fn moves(&self, valuation: Valuation, valued: &Valued) -> Vec<f64> {
        let out = |(node, &equity): (usize, &f64)| valuation.factor(self, node, equity) - valued.factor[node];
        valued.equity.iter().enumerate().map(out).collect()
    }

    /// Change a factor and the equities of the creditors; true when none of them notices.
    fn pass_on(&self, valued: &mut Valued, scale: &[f64], node: usize, change: f64) -> bool {
        valued.factor[node] += change;
        let mut settled = true;
        for (creditor, face) in self.claims.from(node) {
            let step = face * change;
            valued.equity[creditor] += step;
            settled &= step.abs() <= SETTLED * scale[creditor];
        }
        settled
    }

    fn residual(&self, valuation: Valuation, valued: &Valued) -> f64 {
        let mut gap = self.begin(0.0).0.equity;
        for node in 0..gap.len() {
            let factor = valuation.factor(self, node, valued.equity[node]);
            for (creditor, face) in self.claims.from(node) {
                gap[creditor] += face * factor;
            }
        }
        gap.iter().zip(&valued.equity).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }
}

//! Fire sales: holders sell to restore their leverage, prices fall, and others must sell.
//!
//! The map from price discounts to sales and back to discounts never falls, so it has a least equilibrium (the one
//! that trading reaches from the shock) and a greatest (the one that panic reaches); both by monotone iteration.

use super::batch::Extreme;
use super::claims::refill;
use super::error::{ClearingError, check_length};
use cashcade_lanes::math::exp;

/// Iterations after which the residual tells how far it is.
const ITERATIONS: u32 = 1_000_000;

/// How a price falls with the units sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impact {
    /// Discount `rate * q`, at most 1.
    Linear,
    /// Discount `1 - exp(-rate * q)` (Cifuentes, Ferrucci and Shin 2005).
    Exponential,
    /// Discount `sqrt(rate * q)`, at most 1 (Breuer, Summer and Urosevic 2021).
    SquareRoot,
}

impl Impact {
    /// Fraction of the price lost when `sold` units are sold.
    #[must_use]
    pub fn discount(self, rate: f64, sold: f64) -> f64 {
        match self {
            Self::Linear => (rate * sold).min(1.0),
            Self::Exponential => 1.0 - exp(-rate * sold),
            Self::SquareRoot => (rate * sold).sqrt().min(1.0),
        }
    }
}

/// Holders and markets. All amounts in one currency, at prices before the sales.
#[derive(Debug, Clone, Copy)]
pub struct Holders<'a> {
    /// Value held, rows by holder, one column per market.
    pub holdings: &'a [f64],
    /// Assets that cannot be sold.
    pub other_assets: &'a [f64],
    /// Equity before the sales.
    pub equity: &'a [f64],
    /// Assets over equity above which a holder sells.
    pub trigger: &'a [f64],
    /// Assets over equity that it then restores; at most the trigger.
    pub target: &'a [f64],
    /// Impact per unit of value sold, by market.
    pub rate: &'a [f64],
    /// Shape of the impact.
    pub impact: Impact,
}

/// An equilibrium of sales and prices.
#[derive(Debug, Clone, Default)]
pub struct Sales {
    /// Fraction of the price lost, by market.
    pub discount: Vec<f64>,
    /// Fraction of its holdings that each holder sells, the same in all markets.
    pub sold_share: Vec<f64>,
    /// Value lost on holdings, by holder.
    pub loss: Vec<f64>,
    /// Largest change of a discount that another iteration would make.
    pub residual: f64,
    /// Iterations done.
    pub iterations: u32,
}

fn largest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

impl Holders<'_> {
    /// The least or the greatest equilibrium.
    ///
    /// # Errors
    /// [`ClearingError::Length`] when a length does not fit.
    pub fn equilibrium(&self, extreme: Extreme) -> Result<Sales, ClearingError> {
        self.check()?;
        let everything = if extreme == Extreme::Greatest { 1.0 } else { 0.0 };
        let mut sales = Sales::default();
        refill(&mut sales.sold_share, self.equity.len(), everything);
        refill(&mut sales.discount, self.rate.len(), 0.0);
        self.reprice(&mut sales);
        while sales.iterations < ITERATIONS {
            sales.iterations += 1;
            self.sell(&mut sales);
            if self.reprice(&mut sales) <= f64::EPSILON * largest(&sales.discount) {
                break;
            }
        }
        self.sell(&mut sales);
        sales.residual = self.reprice(&mut sales);
        sales.loss = (0..self.equity.len()).map(|holder| self.loss(holder, &sales.discount)).collect();
        Ok(sales)
    }

    fn check(&self) -> Result<(), ClearingError> {
        let (holders, markets) = (self.equity.len(), self.rate.len());
        check_length("holdings", self.holdings.len(), holders * markets, "holder and market")?;
        for (what, values) in [("other_assets", self.other_assets), ("trigger", self.trigger), ("target", self.target)]
        {
            check_length(what, values.len(), holders, "holder")?;
        }
        Ok(())
    }

    fn row(&self, holder: usize) -> &[f64] {
        let markets = self.rate.len();
        &self.holdings[holder * markets..(holder + 1) * markets]
    }

    fn loss(&self, holder: usize, discount: &[f64]) -> f64 {
        self.row(holder).iter().zip(discount).map(|(value, discount)| value * discount).sum()
    }

    fn sell(&self, sales: &mut Sales) {
        for holder in 0..self.equity.len() {
            sales.sold_share[holder] = self.wanted_share(holder, &sales.discount);
        }
    }

    /// Fraction sold so that assets over equity, both at the discounted price, come down to the target.
    fn wanted_share(&self, holder: usize, discount: &[f64]) -> f64 {
        let loss = self.loss(holder, discount);
        let value = self.row(holder).iter().sum::<f64>() - loss;
        let (assets, equity) = (self.other_assets[holder] + value, self.equity[holder] - loss);
        if assets <= self.trigger[holder] * equity {
            return 0.0;
        }
        let excess = assets - self.target[holder] * equity.max(0.0);
        if excess >= value { 1.0 } else { (excess / value).max(0.0) }
    }

    /// Set the discounts to those of the sales; the largest change.
    fn reprice(&self, sales: &mut Sales) -> f64 {
        let mut change: f64 = 0.0;
        for market in 0..self.rate.len() {
            let sold = sales.sold_share.iter().enumerate().map(|(h, share)| share * self.row(h)[market]).sum();
            let discount = self.impact.discount(self.rate[market], sold);
            change = change.max((discount - sales.discount[market]).abs());
            sales.discount[market] = discount;
        }
        change
    }
}

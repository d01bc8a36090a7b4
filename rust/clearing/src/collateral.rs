//! The loan-to-value spiral: borrowers sell collateral into a falling market to restore their covenants.

use super::batch::Extreme;
use super::error::{ClearingError, check_length};
use super::firesale::Impact;

/// Iterations after which the residual tells how far it is.
const ITERATIONS: u32 = 1_000_000;

/// Borrowers against one class of collateral.
#[derive(Debug, Clone, Copy)]
pub struct Borrowers<'a> {
    /// Debt secured.
    pub debt: &'a [f64],
    /// Units of collateral.
    pub units: &'a [f64],
    /// Largest debt over value of collateral that the covenant allows, above 0 and below 1.
    pub max_ltv: &'a [f64],
    /// Price of a unit before the sales.
    pub price: f64,
    /// Impact per unit sold.
    pub rate: f64,
    /// Shape of the impact.
    pub impact: Impact,
}

/// An equilibrium of the spiral.
#[derive(Debug, Clone, Default)]
pub struct Spiral {
    /// Units sold by each borrower; all it has where the covenant cannot be met.
    pub sold: Vec<f64>,
    /// Debt left after the proceeds.
    pub debt_left: Vec<f64>,
    /// Price after the sales.
    pub price: f64,
    /// Largest change of a sale that another iteration would make.
    pub residual: f64,
    /// Iterations done.
    pub iterations: u32,
}

impl Borrowers<'_> {
    /// The least equilibrium (the smallest sales that restore all covenants), or the greatest.
    ///
    /// All units go at the price after the sales, and all proceeds repay debt.
    ///
    /// # Errors
    /// [`ClearingError::Length`] when a length does not fit.
    pub fn equilibrium(&self, extreme: Extreme) -> Result<Spiral, ClearingError> {
        check_length("units", self.units.len(), self.debt.len(), "borrower")?;
        check_length("max_ltv", self.max_ltv.len(), self.debt.len(), "borrower")?;
        let everything = if extreme == Extreme::Greatest { 1.0 } else { 0.0 };
        let sold = self.units.iter().map(|units| everything * units).collect();
        let mut spiral = Spiral { sold, price: self.price, residual: f64::INFINITY, ..Spiral::default() };
        let rounding = f64::EPSILON * self.units.iter().copied().fold(0.0, f64::max);
        while spiral.iterations < ITERATIONS && spiral.residual > rounding {
            spiral.iterations += 1;
            self.sell(&mut spiral);
        }
        spiral.debt_left = (0..self.debt.len()).map(|b| self.debt[b] - spiral.price * spiral.sold[b]).collect();
        Ok(spiral)
    }

    /// Set the price to the sales and the sales to the price.
    fn sell(&self, spiral: &mut Spiral) {
        let discount = self.impact.discount(self.rate, spiral.sold.iter().sum());
        spiral.price = self.price * (1.0 - discount);
        spiral.residual = 0.0;
        for (borrower, sold) in spiral.sold.iter_mut().enumerate() {
            let wanted = self.wanted(borrower, spiral.price);
            spiral.residual = spiral.residual.max((wanted - *sold).abs());
            *sold = wanted;
        }
    }

    /// Units that restore the covenant at `price`: `(debt - price q) = max_ltv * price * (units - q)`.
    fn wanted(&self, borrower: usize, price: f64) -> f64 {
        let (debt, units, ltv) = (self.debt[borrower], self.units[borrower], self.max_ltv[borrower]);
        let excess = debt - ltv * price * units;
        let per_unit = price * (1.0 - ltv);
        if excess <= 0.0 {
            0.0
        } else if excess >= per_unit * units {
            units
        } else {
            excess / per_unit
        }
    }
}

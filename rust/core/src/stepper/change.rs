//! What a host sets between two months, and what follows from it at once.

use super::{Stepper, borrower};
use crate::block::Block;
use crate::column::{Column, LANES};
use crate::math::exp;
use crate::month::marks::MOST_RUNWAY;
use crate::month::regimes::GPU_LIMIT;
use crate::plan::MOST;
use crate::variables::{Entity, LARGEST, VARIABLES};
use thiserror::Error;

/// New values of a variable.
#[derive(Clone, Copy, Debug)]
pub struct Change<'c> {
    /// Place of the variable in [`VARIABLES`].
    pub place: usize,
    /// Which entities.
    pub entities: &'c [usize],
    /// `[paths, entities]`.
    pub values: &'c [f64],
    /// Which of the values count, `[paths, entities]`; all where there is none.
    pub mask: Option<&'c [bool]>,
}

/// Why nothing was set.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum ChangeError {
    /// The variable follows from others.
    #[error("{name} cannot be set")]
    Fixed {
        /// Entity and name.
        name: String,
    },
    /// Wrong number of values, or an entity that is not there.
    #[error("{name} has {wanted} values here, {given} were given")]
    Shape {
        /// Entity and name.
        name: String,
        /// Values that belong there.
        wanted: usize,
        /// Values given.
        given: usize,
    },
    /// A value outside its range.
    #[error("{name}[{path}, {entity}] is {value}; it must be {wanted}")]
    Range {
        /// Entity and name.
        name: String,
        /// Path, counted from the first.
        path: usize,
        /// Entity.
        entity: usize,
        /// Value given.
        value: f64,
        /// What was wanted.
        wanted: String,
    },
}

/// Least and greatest value that a host may set, if it may set any.
#[must_use]
pub fn range(place: usize) -> Option<(f64, f64)> {
    let row = VARIABLES.get(place).filter(|row| row.writable)?;
    Some(match (row.entity, row.name) {
        (Entity::Company, "smooth_flow") => (-LARGEST, LARGEST),
        (Entity::Company, "list_price" | "passed") => (1.0 / MOST, MOST),
        (Entity::Company | Entity::Loan, _) => (0.0, LARGEST),
        (Entity::Market, "regime") => (0.0, 2.0),
        (Entity::Market, "listing") => (0.0, 1.0),
        (Entity::Market, "gpu_log") => (-GPU_LIMIT, GPU_LIMIT),
        (Entity::Market, _) => (-MOST, MOST),
        _ => (0.0, MOST),
    })
}

/// Whether only whole numbers are meant.
fn is_state(place: usize) -> bool {
    use crate::variables::Unit::{Code, Flag};
    matches!(VARIABLES[place].unit, Code | Flag)
}

impl Change<'_> {
    fn name(&self) -> String {
        VARIABLES.get(self.place).map_or_else(|| "this".to_owned(), |row| format!("{}.{}", row.entity.name(), row.name))
    }

    /// Checks everything before anything is set.
    fn check(&self, stepper: &Stepper<'_>) -> Result<(), ChangeError> {
        let Some((low, high)) = range(self.place) else { return Err(ChangeError::Fixed { name: self.name() }) };
        let (wanted, count) = (stepper.paths() * self.entities.len(), stepper.entities(self.place));
        for given in [Some(self.values.len()), self.mask.map(<[bool]>::len)].into_iter().flatten() {
            if given != wanted {
                return Err(ChangeError::Shape { name: self.name(), wanted, given });
            }
        }
        if let Some(&given) = self.entities.iter().find(|&&entity| entity >= count) {
            return Err(ChangeError::Shape { name: self.name(), wanted: count, given: given + 1 });
        }
        let state = is_state(self.place);
        let fits = |value: f64| value >= low && value <= high && (!state || value.fract() == 0.0);
        let wrong = |cell: &usize| self.counts(*cell) && !fits(self.values[*cell]);
        (0..wanted).find(wrong).map_or(Ok(()), |cell| Err(self.blame(cell, low, high)))
    }

    fn blame(&self, cell: usize, low: f64, high: f64) -> ChangeError {
        let kind = if is_state(self.place) { "a whole number from" } else { "from" };
        ChangeError::Range {
            name: self.name(),
            path: cell / self.entities.len(),
            entity: self.entities[cell % self.entities.len()],
            value: self.values[cell],
            wanted: format!("{kind} {low} to {high}"),
        }
    }

    fn counts(&self, cell: usize) -> bool {
        self.mask.is_none_or(|mask| mask[cell])
    }
}

impl Stepper<'_> {
    /// Sets a variable; what belongs to a company that has failed stays as it is. The ledger stays balanced: cash comes
    /// from `capital`, or goes there.
    ///
    /// # Errors
    /// The first thing that is wrong with the change; then nothing was set.
    pub fn set(&mut self, change: Change<'_>) -> Result<(), ChangeError> {
        change.check(self)?;
        let count = change.entities.len();
        for (number, slot) in self.slots.iter_mut().enumerate() {
            for l in 0..slot.block.live {
                for (k, &entity) in change.entities.iter().enumerate() {
                    let cell = (number * LANES + l) * count + k;
                    if change.counts(cell) {
                        put(&mut slot.block, l, change.place, entity, change.values[cell]);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Sets one value on one path.
fn put(block: &mut Block<'_>, l: usize, place: usize, index: usize, value: f64) {
    let (entity, name) = (VARIABLES[place].entity, VARIABLES[place].name);
    let owner = borrower(block, entity, index);
    if owner.is_some_and(|i| block.state.company.alive[i][l] == 0.0) {
        return;
    }
    let before = std::mem::replace(&mut block.state.rows_mut(place)[index][l], value);
    if before == value {
        return;
    }
    match (entity, name) {
        (Entity::Company, "cash") => {
            block.state.market.capital[0][l] += before - value;
            last(block, l, index);
        }
        (Entity::Company, "smooth_flow") => last(block, l, index),
        (Entity::Company, "passed") => block.scratch.next_priced[index][l] = value,
        (Entity::Loan, "balance") => owe(block, l, block.links.loan.borrower[index] as usize),
        (Entity::Market, "regime") => charge(block, l),
        (Entity::Market, "gpu_log") => block.state.market.gpu_index[0][l] = exp(value),
        _ => {}
    }
}

/// Burn and runway of a living company.
fn last(block: &mut Block<'_>, l: usize, i: usize) {
    let (c, least) = (&mut block.state.company, block.derived.least_burn.at(i, l));
    let burn = if -c.smooth_flow[i][l] > least { -c.smooth_flow[i][l] } else { 0.0 };
    c.burn[i][l] = burn;
    c.runway[i][l] = if burn > 0.0 { (c.cash[i][l] / burn).min(MOST_RUNWAY) } else { MOST_RUNWAY };
}

/// Principal owed by a company.
fn owe(block: &mut Block<'_>, l: usize, i: usize) {
    let balance = &block.state.loan.balance;
    let debt = block.plan.loans.of(i).iter().fold(0.0, |sum, &k| sum + balance[k as usize][l]);
    block.state.company.debt[i][l] = debt;
}

/// Credit spread of the regime.
fn charge(block: &mut Block<'_>, l: usize) {
    let p = &block.parameters.market;
    let spreads: [&Column<'_>; 3] = [&p.spread_open, &p.spread_normal, &p.spread_shut];
    let regime = block.state.market.regime[0][l] as usize;
    block.state.market.spread[0][l] = spreads[regime].at(0, l);
}

//! What a host sets between two months.

use super::Stepper;
use crate::column::LANES;
use crate::month::push::{push, standing};
use crate::variables::VARIABLES;
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
    VARIABLES.get(place)?.writable.map(Into::into)
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

/// A value before the factor on it, where there is one: `standing` times it is what the host sees.
fn below(value: f64, standing: f64, seen: f64) -> f64 {
    if value == seen {
        standing
    } else if standing == seen {
        value
    } else {
        value * (standing / seen)
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
            let block = &mut slot.block;
            for (k, &entity) in change.entities.iter().enumerate() {
                let mut row = standing(block, change.place, entity);
                for l in 0..block.live {
                    let cell = (number * LANES + l) * count + k;
                    if change.counts(cell) {
                        row[l] = below(change.values[cell], row[l], block.state.rows(change.place)[entity][l]);
                    }
                }
                push(block, change.place, entity, row);
            }
        }
        Ok(())
    }
}

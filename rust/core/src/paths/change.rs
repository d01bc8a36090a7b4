//! Moves of a host between two months: variables, and parameters that are levers.

use super::Paths;
use crate::block::Block;
use crate::column::{LANES, Row};
use crate::model::push::{push, standing};
use crate::rule::{How, Target};
use pulp::Scalar;
use thiserror::Error;

/// Which table a place is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// [`crate::variables::VARIABLES`].
    Variable,
    /// [`crate::variables::PARAMETERS`].
    Parameter,
}

/// New values of a variable or of a lever.
#[derive(Clone, Copy, Debug)]
pub struct Change<'c> {
    /// Which table.
    pub source: Source,
    /// Place in it.
    pub place: usize,
    /// Whether it is multiplied, added to or set.
    pub how: How,
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
    /// The variable follows from others, or the parameter is no lever of this simulation.
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
        /// The value wanted.
        wanted: String,
    },
}

impl Change<'_> {
    fn target(&self, entity: usize) -> Target {
        match self.source {
            Source::Variable => Target::Variable(self.place, entity),
            Source::Parameter => Target::Parameter(self.place, entity),
        }
    }

    fn name(&self) -> String {
        let (entity, name) = self.target(0).name();
        format!("{}.{name}", entity.name())
    }

    /// Checks everything before anything is set; gives the limits.
    fn check(&self, paths: &Paths) -> Result<[f64; 2], ChangeError> {
        let fixed = || ChangeError::Fixed { name: self.name() };
        let limits = self.target(0).limits().ok_or_else(fixed)?;
        let (wanted, count) = (paths.count() * self.entities.len(), paths.entities(self.source, self.place));
        for given in [Some(self.values.len()), self.mask.map(<[bool]>::len)].into_iter().flatten() {
            if given != wanted {
                return Err(ChangeError::Shape { name: self.name(), wanted, given });
            }
        }
        if let Some(&given) = self.entities.iter().find(|&&entity| entity >= count) {
            return Err(ChangeError::Shape { name: self.name(), wanted: count, given: given + 1 });
        }
        if !self.entities.iter().all(|&entity| paths.may_move(self.target(entity))) {
            return Err(fixed());
        }
        self.check_values(limits).map(|()| limits)
    }

    /// Values that are set lie within the limits; factors and terms are numbers, and states have none.
    fn check_values(&self, [low, high]: [f64; 2]) -> Result<(), ChangeError> {
        let state = self.target(0).is_whole();
        let fits = |value: f64| match self.how {
            How::Set => value >= low && value <= high && (!state || value.fract() == 0.0),
            How::Scale | How::Add => value.is_finite() && !state,
        };
        let wrong = |cell: &usize| self.counts(*cell) && !fits(self.values[*cell]);
        (0..self.values.len()).find(wrong).map_or(Ok(()), |cell| Err(self.blame(cell, state, low, high)))
    }

    fn blame(&self, cell: usize, state: bool, low: f64, high: f64) -> ChangeError {
        let wanted = match self.how {
            How::Set if state => format!("a whole number from {low} to {high}"),
            How::Set => format!("from {low} to {high}"),
            How::Scale | How::Add if state => "set: a state is no number".to_owned(),
            How::Scale | How::Add => "finite".to_owned(),
        };
        ChangeError::Range {
            name: self.name(),
            path: cell / self.entities.len(),
            entity: self.entities[cell % self.entities.len()],
            value: self.values[cell],
            wanted,
        }
    }

    fn counts(&self, cell: usize) -> bool {
        self.mask.is_none_or(|mask| mask[cell])
    }

    /// Moves what a block has of it.
    fn make(&self, block: &mut Block<'_>, number: usize, limits: [f64; 2]) {
        for (k, &entity) in self.entities.iter().enumerate() {
            match self.target(entity) {
                Target::Variable(place, _) => {
                    let (from, seen) = (*standing(block, place, entity), block.state.rows(place)[entity]);
                    let row = self.moved(number, block.live, k, from, &seen, limits);
                    push(Scalar::new(), block, place, entity, row);
                }
                target @ Target::Parameter(..) => {
                    let Some(memory) = &mut block.rules else { continue };
                    let Some(lever) = memory.rules.lever(target) else { continue };
                    let from = memory.base(lever);
                    let row = self.moved(number, block.live, k, from, &from, limits);
                    memory.put(lever, row);
                }
            }
        }
    }

    /// The new values of the `k`th entity in a block, of which the host sees `seen` and which stands at `row`.
    ///
    /// As where rules move it, a product or sum is kept within the limits.
    fn moved(&self, block: usize, live: usize, k: usize, mut row: Row, seen: &Row, limits: [f64; 2]) -> Row {
        let (low, high) = (self.target(0).floor(limits), limits[1]);
        for l in 0..live {
            let cell = (block * LANES + l) * self.entities.len() + k;
            if self.counts(cell) {
                let value = self.values[cell];
                row[l] = match self.how {
                    How::Scale => (row[l] * value).clamp(low, high),
                    How::Add => (row[l] + value).clamp(low, high),
                    How::Set => below(value, row[l], seen[l]),
                };
            }
        }
        row
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

impl Paths {
    /// Whether a host may move it here.
    fn may_move(&self, target: Target) -> bool {
        let among_levers = || self.world.rules.as_ref().is_some_and(|rules| rules.lever(target).is_some());
        matches!(target, Target::Variable(..)) || among_levers()
    }

    /// Moves a variable or a lever. What belongs to a company that has failed stays as it is, but for parameters; the ledger
    /// stays balanced: cash comes from `capital`, or goes there. A parameter is read anew from phase 2 of the next month on,
    /// where rules move it from there.
    ///
    /// # Errors
    /// The first thing that is wrong with the change; then nothing was set.
    pub fn set(&mut self, change: Change<'_>) -> Result<(), ChangeError> {
        let limits = change.check(self)?;
        for (number, slot) in self.slots_mut().iter_mut().enumerate() {
            slot.with(|block| change.make(block, number, limits));
        }
        Ok(())
    }
}

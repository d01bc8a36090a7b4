//! Settings of a run, checked.

use crate::column::LANES;
use crate::record::MOST_PATHS;
use crate::world::World;
use thiserror::Error;

/// Settings of a run.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Months of each path.
    pub months: u32,
    /// Number of paths.
    pub paths: usize,
    /// Index of the first.
    pub first_path: u64,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Consecutive paths that share a draw of the ranges.
    pub replicates: u64,
    /// Index of the first draw that the inputs hold.
    pub first_draw: u64,
    /// Threads.
    pub threads: usize,
    /// Variables whose series are kept, by place in the table of variables; after them, what is only measured.
    pub record: Vec<usize>,
    /// Variables of which only the end is kept.
    pub last: Vec<usize>,
    /// Number of paths, from the first on, whose recorded series are kept in full.
    pub keep: usize,
    /// Whether to use the instructions this machine has beyond the least common ones; results are the same.
    pub dispatch: bool,
}

/// Errors of the settings.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingsError {
    /// A number outside its range.
    #[error("{name} is {value}; it must be from {low} to {high}")]
    Range {
        /// Name of the setting.
        name: &'static str,
        /// Value given.
        value: u64,
        /// Least value allowed.
        low: u64,
        /// Greatest value allowed.
        high: u64,
    },
    /// Too few draws for the paths.
    #[error("the inputs hold {given} draws, but the paths need {needed}")]
    Draws {
        /// Draws given.
        given: usize,
        /// Draws needed.
        needed: u64,
    },
}

impl Settings {
    /// Number of blocks of paths.
    pub(crate) fn blocks(&self) -> usize {
        self.paths.div_ceil(LANES)
    }

    pub(crate) fn check(&self, world: &World) -> Result<(), SettingsError> {
        let last = world.recordable() as u64 - 1;
        let mut ranges = vec![
            ("months", u64::from(self.months), 1, 1200),
            ("paths", self.paths as u64, 1, MOST_PATHS as u64),
            ("first_path", self.first_path, 0, 1 << 62),
            ("replicates", self.replicates, 1, 1 << 62),
            ("threads", self.threads as u64, 1, 4096),
        ];
        ranges.extend(self.record.iter().chain(&self.last).map(|&place| ("record", place as u64, 0, last)));
        for (name, value, low, high) in ranges {
            if value < low || value > high {
                return Err(SettingsError::Range { name, value, low, high });
            }
        }
        let needed = (self.first_path + self.paths as u64 - 1) / self.replicates + 1;
        let held = self.first_draw + world.draws as u64;
        let first = self.first_path / self.replicates;
        if world.draws > 1 && (needed > held || first < self.first_draw) {
            return Err(SettingsError::Draws { given: world.draws, needed: needed - self.first_draw.min(needed) });
        }
        Ok(())
    }
}

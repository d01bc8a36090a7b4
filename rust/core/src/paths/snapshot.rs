//! All that a block carries from one month to the next, as numbers.

use super::{Paths, Slot, spread};
use crate::block::{Block, Failures};
use crate::carry;
use crate::column::zeros;
use crate::exits::Exits;
use crate::model::rules::put;
use crate::rule::{Memory, Target};
use crate::variables::{PARAMETERS, VARIABLES};
use thiserror::Error;

/// Why a snapshot cannot be restored.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It has another size.
    #[error("the snapshot holds {given} numbers, this simulation {wanted}: it is of another world or other paths")]
    Size {
        /// Numbers given.
        given: usize,
        /// Numbers wanted.
        wanted: usize,
    },
    /// It is of a month that is never reached.
    #[error("the snapshot is of month {month}, this simulation ends with month {months}")]
    Month {
        /// Month of the snapshot.
        month: u32,
        /// Last month.
        months: u32,
    },
}

impl Paths {
    /// Everything that later months depend on.
    pub fn save(&mut self) -> Vec<f64> {
        let width = self.width();
        let mut numbers = zeros(0.0, width * self.slots().len());
        let threads = self.settings.threads;
        let parts = self.slots_mut().iter_mut().zip(numbers.chunks_mut(width));
        spread(threads, parts, |(slot, mut rest)| {
            slot.carried(&mut |rows| {
                let (mine, others) = std::mem::take(&mut rest).split_at_mut(rows.len());
                mine.copy_from_slice(rows);
                rest = others;
            });
        });
        numbers
    }

    /// Goes back, or on, to where `numbers` were saved, at the end of `month`.
    ///
    /// # Errors
    /// The numbers are of another world, other paths, or a month beyond the last; then nothing was done.
    pub fn restore(&mut self, month: u32, numbers: &[f64]) -> Result<(), SnapshotError> {
        let count = self.slots().len();
        let (given, wanted) = (numbers.len(), self.width() * count);
        if given != wanted {
            return Err(SnapshotError::Size { given, wanted });
        }
        if month > self.settings.months {
            return Err(SnapshotError::Month { month, months: self.settings.months });
        }
        self.start(self.first, self.count);
        self.month = month;
        let threads = self.settings.threads;
        let parts = self.slots_mut().iter_mut().zip(numbers.chunks(wanted / count));
        spread(threads, parts, |(slot, mut rest)| {
            (slot.month, slot.unfinished) = (month, false);
            slot.with(|block| block.turn(month));
            slot.carried(&mut |rows| {
                let (mine, others) = rest.split_at(rows.len());
                rows.copy_from_slice(mine);
                rest = others;
            });
        });
        Ok(())
    }

    /// Numbers of one block.
    fn width(&mut self) -> usize {
        let mut width = 0;
        if let Some(slot) = self.slots_mut().first_mut() {
            slot.carried(&mut |rows| width += rows.len());
        }
        width
    }
}

impl Slot {
    /// Shows all numbers that a month leaves to the next one.
    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        self.with(|block| carried(block, visit));
    }
}

/// Shows all numbers that a month leaves to the next one, to read or to write, always in the same order.
///
/// Each file of the model shows what it carries; rows of the table are all carried.
fn carried(block: &mut Block<'_>, visit: &mut impl FnMut(&mut [f64])) {
    let Block { state, scratch, vintages, failures, exits, .. } = block;
    for place in 0..VARIABLES.len() {
        carry::rows(state.rows_mut(place), visit);
    }
    carry::rows(vintages, visit);
    failed(failures, visit);
    left(exits, visit);
    scratch.carried(visit);
    visit(std::slice::from_mut(&mut block.books.imbalance));
    if let Some(mut memory) = block.rules.take() {
        memory.carried(visit);
        levers(block, &memory, visit);
        block.rules = Some(memory);
    }
}

/// Shows parameters where the last month had them; what follows from them is worked out anew.
fn levers(block: &mut Block<'_>, memory: &Memory, visit: &mut impl FnMut(&mut [f64])) {
    for lever in &memory.rules.levers {
        if let Target::Parameter(place, entity) = lever.target {
            let mut row = block.parameters.column(place).row(entity);
            visit(&mut row.0);
            put(block, place, entity, row);
            if lever.derived {
                block.derived.follow(block.plan, &block.parameters, &PARAMETERS[place], entity);
            }
        }
    }
}

fn failed(failures: &mut Failures, visit: &mut impl FnMut(&mut [f64])) {
    let Failures { month, cause, trigger, debt } = failures;
    for row in month {
        carry::numbers(row, visit, f64::from, |x| x as u16);
    }
    for row in cause {
        carry::numbers(row, visit, f64::from, |x| x as u8);
    }
    for row in trigger {
        carry::numbers(row, visit, f64::from, |x| x as i32);
    }
    carry::rows(debt, visit);
}

fn left(exits: &mut Exits, visit: &mut impl FnMut(&mut [f64])) {
    let Exits { month, door, buyer, price, owner, support: _, dividend: _, closing: _, owned: _ } = exits;
    for row in month {
        carry::numbers(&mut row[..], visit, f64::from, |x| x as u16);
    }
    for row in door {
        carry::numbers(&mut row[..], visit, f64::from, |x| x as i16);
    }
    for row in buyer.iter_mut().chain(owner) {
        carry::numbers(&mut row[..], visit, f64::from, |x| x as i32);
    }
    carry::rows(price, visit);
    exits.find_owned();
}

//! Paths that advance a month at a time, while a host reads and sets variables between months.
//!
//! [`Stepper`] holds every block of the run at once, where [`crate::run`] takes one after the other to the end; both move
//! a block by the same code, so the numbers are the same bits. [`actor`] gives a stepper a thread that owns its inputs.

pub mod actor;
mod change;
mod snapshot;

pub use change::{Change, ChangeError, Source, range};
pub use snapshot::SnapshotError;

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::inputs::Inputs;
use crate::month::multiplier;
use crate::plan::Plan;
use crate::rule::{Conflict, Target};
use crate::run::{Fired, Settings, SettingsError, Step, Ways, entities};
use crate::variables::VARIABLES;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;

/// A block and the month it has reached.
#[derive(Debug)]
struct Slot<'a> {
    number: usize,
    block: Block<'a>,
    month: u32,
    /// Whether an interrupt left the last measure of the month to be done.
    unfinished: bool,
}

/// Failures so far, `[paths, companies]` each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failed {
    /// Month of failure, 0 if none.
    pub month: Vec<u16>,
    /// Cause by code.
    pub cause: Vec<u8>,
    /// The company behind it, -1 if none.
    pub trigger: Vec<i32>,
    /// Debt when it failed.
    pub debt: Vec<f64>,
}

/// All paths of a run, between two months.
#[derive(Debug)]
pub struct Stepper<'a> {
    inputs: &'a Inputs<'a>,
    plan: &'a Plan,
    settings: Settings,
    slots: Vec<Slot<'a>>,
    /// The month that all blocks are to reach; those that an interrupt kept from it are behind.
    month: u32,
}

impl<'a> Stepper<'a> {
    /// Puts all paths at month 0, under a plan that [`Plan::open`] has opened. Of the settings, `record`, `last` and `keep`
    /// are not used; `months` is the last month.
    ///
    /// # Errors
    /// Settings out of range.
    pub fn new(inputs: &'a Inputs<'a>, plan: &'a Plan, settings: Settings) -> Result<Self, SettingsError> {
        settings.check(inputs)?;
        let shown: Vec<usize> = (0..VARIABLES.len()).collect();
        let slots = (0..settings.paths.div_ceil(LANES)).map(|number| Slot {
            number,
            month: 0,
            unfinished: false,
            block: Block::new(inputs, plan, &shown),
        });
        let slots = slots.collect();
        let mut stepper = Self { inputs, plan, settings, slots, month: 0 };
        stepper.start();
        Ok(stepper)
    }

    /// Puts all blocks at month 0.
    fn start(&mut self) {
        let (s, draws) = (self.settings.clone(), self.inputs.draws);
        spread(s.threads, self.slots.iter_mut(), |slot| {
            let done = slot.number * LANES;
            let (first, live) = (s.first_path + done as u64, LANES.min(s.paths - done));
            slot.block.start(s.seed, first, live, s.replicates, s.first_draw, draws);
            (slot.month, slot.unfinished) = (0, false);
            true
        });
        self.month = 0;
    }

    /// The month that has been reached, 0 at the start.
    #[must_use]
    pub fn month(&self) -> u32 {
        self.month
    }

    /// Number of paths.
    #[must_use]
    pub fn paths(&self) -> usize {
        self.settings.paths
    }

    /// Number of entities that a variable or a parameter has.
    #[must_use]
    pub fn entities(&self, source: Source, place: usize) -> usize {
        match source {
            Source::Variable => entities(self.plan, place),
            Source::Parameter => self.inputs.parameters.column(place).len(),
        }
    }

    /// Number of companies.
    #[must_use]
    pub fn companies(&self) -> usize {
        self.plan.counts.companies
    }

    /// Moves all paths by a month, unless the last has been reached; says whether nobody stopped it on the way.
    pub fn step(&mut self, stop: &AtomicBool) -> bool {
        if !self.catch_up(stop) {
            return false;
        }
        if self.month < self.settings.months {
            self.month += 1;
        }
        self.catch_up(stop)
    }

    /// Moves the blocks that are behind; says whether none is any more.
    pub fn catch_up(&mut self, stop: &AtomicBool) -> bool {
        let month = self.month;
        let behind = |slot: &Slot<'_>| slot.month < month || slot.unfinished;
        if !self.slots.iter().any(behind) {
            return true;
        }
        let arch = self.settings.dispatch.then(pulp::Arch::new);
        spread(self.settings.threads, self.slots.iter_mut(), |slot| {
            if !stop.load(Ordering::Relaxed) && slot.month < month {
                slot.month = month;
                let step = Step { block: &mut slot.block, series: &mut [], month, lanes: &ZERO, stop };
                slot.unfinished = !step.take(arch);
            } else if slot.unfinished {
                slot.unfinished = !multiplier::measure(&mut slot.block, month, stop);
            }
            !stop.load(Ordering::Relaxed)
        });
        !self.slots.iter().any(behind)
    }

    /// The values of a variable, `[paths, chosen]`.
    #[must_use]
    pub fn get(&self, place: usize, chosen: &[usize]) -> Vec<f64> {
        self.gather(chosen, |block, entity| block.state.rows(place)[entity])
    }

    /// The values of a parameter before rules move it, `[paths, chosen]`.
    #[must_use]
    pub fn parameter(&self, place: usize, chosen: &[usize]) -> Vec<f64> {
        self.gather(chosen, |block, entity| {
            let memory = block.rules.as_ref();
            let lever = memory.and_then(|memory| memory.rules.lever(Target::Parameter(place, entity)));
            let base = memory.zip(lever).map(|(memory, number)| memory.base(number));
            base.unwrap_or_else(|| block.parameters.column(place).row(entity))
        })
    }

    /// One row for each block and entity, as `[paths, chosen]`.
    fn gather(&self, chosen: &[usize], row: impl Fn(&Block<'a>, usize) -> Row) -> Vec<f64> {
        let mut values = vec![0.0; self.settings.paths * chosen.len()];
        for (slot, part) in self.slots.iter().zip(values.chunks_mut((LANES * chosen.len()).max(1))) {
            for (k, &entity) in chosen.iter().enumerate() {
                let row = row(&slot.block, entity);
                for (path, value) in part.chunks_mut(chosen.len()).zip(*row) {
                    path[k] = value;
                }
            }
        }
        values
    }

    /// Failures so far.
    #[must_use]
    pub fn failed(&self) -> Failed {
        let mut failed = Failed::default();
        for Slot { block, .. } in &self.slots {
            let f = &block.failures;
            for l in 0..block.live {
                failed.month.extend(f.month.iter().map(|row| row[l]));
                failed.cause.extend(f.cause.iter().map(|row| row[l]));
                failed.trigger.extend(f.trigger.iter().map(|row| row[l]));
                failed.debt.extend(f.debt.iter().map(|row| row[l]));
            }
        }
        failed
    }

    /// What rules did so far.
    #[must_use]
    pub fn fired(&self) -> Fired {
        let mut fired = Fired::default();
        for Slot { block, .. } in &self.slots {
            block.rules.iter().for_each(|memory| fired.extend(memory, block.live));
        }
        fired
    }

    /// Exits so far.
    #[must_use]
    pub fn ways(&self) -> Ways {
        let mut ways = Ways::default();
        self.slots.iter().for_each(|slot| ways.extend(&slot.block.exits, slot.block.live));
        ways
    }

    /// Number of rules, of actions and of what is kept of rules.
    #[must_use]
    pub fn rules(&self) -> [usize; 3] {
        self.inputs.rules.as_ref().map_or([0; 3], |rules| rules.counts())
    }

    /// Whether there are doors.
    #[must_use]
    pub fn has_doors(&self) -> bool {
        !self.plan.doors.is_empty()
    }

    /// The first path on which two rules have set one lever to different values.
    #[must_use]
    pub fn conflict(&self) -> Option<(u64, Conflict)> {
        self.slots.iter().find_map(|Slot { number, block, .. }| {
            let memory = block.rules.as_ref()?;
            let first = self.settings.first_path + (number * LANES) as u64;
            (0..block.live).find_map(|l| memory.conflict(l).map(|conflict| (first + l as u64, conflict)))
        })
    }

    /// Largest imbalance of the ledger so far, relative to the flow of its month.
    #[must_use]
    pub fn imbalance(&self) -> f64 {
        self.slots.iter().fold(0.0, |most, slot| slot.block.books.imbalance.max(most))
    }
}

/// Works on all items, spread over threads; a thread goes home when it is told to.
fn spread<T: Send>(threads: usize, items: impl ExactSizeIterator<Item = T> + Send, work: impl Fn(T) -> bool + Sync) {
    let threads = threads.min(items.len());
    let queue = Mutex::new(items);
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let all = || while next().is_some_and(&work) {};
    std::thread::scope(|scope| {
        // Where the system gives fewer threads, those that began and this one do the work.
        let _begun = (1..threads).map_while(|_| Builder::new().spawn_scoped(scope, all).ok()).count();
        all();
    });
}

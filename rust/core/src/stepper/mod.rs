//! Paths that advance a month at a time, while a host reads and sets variables between months.
//!
//! [`Stepper`] holds every block of the run at once, where [`crate::run`] takes one after the other to the end; both move
//! a block by the same code, so the numbers are the same bits. [`actor`] gives a stepper a thread that owns its inputs.

pub mod actor;
mod change;
mod snapshot;

pub use change::{Change, ChangeError, range};
pub use snapshot::SnapshotError;

use crate::block::Block;
use crate::column::{LANES, Row};
use crate::inputs::Inputs;
use crate::plan::Plan;
use crate::run::{Settings, SettingsError, Step, entities};
use crate::variables::{Entity, VARIABLES};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Room for the plans of a stepper: a new one is needed whenever a variable is first set of which the plan took for
/// granted that nobody moves it.
#[derive(Debug)]
pub struct Plans(Vec<OnceLock<Plan>>);

impl Default for Plans {
    fn default() -> Self {
        Self((0..=VARIABLES.len()).map(|_| OnceLock::new()).collect())
    }
}

/// A block and the month it has reached.
#[derive(Debug)]
struct Slot<'a> {
    block: Block<'a>,
    month: u32,
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
    plans: &'a Plans,
    plan: &'a Plan,
    settings: Settings,
    slots: Vec<Slot<'a>>,
    /// The month that all blocks are to reach; those that an interrupt kept from it are behind.
    month: u32,
    /// Places of variables that have been set at least once.
    opened: Vec<usize>,
}

impl<'a> Stepper<'a> {
    /// Puts all paths at month 0. Of the settings, `record`, `last` and `keep` are not used; `months` is the last month.
    ///
    /// # Errors
    /// Settings out of range.
    pub fn new(inputs: &'a Inputs<'a>, plans: &'a Plans, settings: Settings) -> Result<Self, SettingsError> {
        settings.check(inputs)?;
        let plan = plans.0[0].get_or_init(|| Plan::new(inputs));
        let mut stepper = Self { inputs, plans, plan, settings, slots: Vec::new(), month: 0, opened: Vec::new() };
        stepper.lay_out();
        Ok(stepper)
    }

    /// Makes blocks under the present plan, at month 0.
    fn lay_out(&mut self) {
        let shown: Vec<usize> = (0..VARIABLES.len()).collect();
        let block = |_| Slot { block: Block::new(self.inputs, self.plan, &shown), month: 0 };
        self.slots = (0..self.settings.paths.div_ceil(LANES)).map(block).collect();
        self.start();
    }

    /// Puts all blocks at month 0.
    fn start(&mut self) {
        let s = &self.settings;
        for (number, slot) in self.slots.iter_mut().enumerate() {
            let done = number * LANES;
            let (first, live) = (s.first_path + done as u64, LANES.min(s.paths - done));
            slot.block.start(s.seed, first, live, s.replicates, s.first_draw, self.inputs.draws);
            slot.month = 0;
        }
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

    /// Number of entities that a variable has.
    #[must_use]
    pub fn entities(&self, place: usize) -> usize {
        entities(self.plan, place)
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
        if self.slots.iter().all(|slot| slot.month == month) {
            return true;
        }
        let (settings, threads) = (&self.settings, self.settings.threads.min(self.slots.len()));
        let queue = Mutex::new(self.slots.iter_mut());
        let work = || {
            let arch = settings.dispatch.then(pulp::Arch::new);
            loop {
                let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some(slot) = next else { break };
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                if slot.month < month {
                    slot.month = month;
                    Step { block: &mut slot.block, series: &mut [], month, lanes: &NO_LANES }.take(arch);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
        self.slots.iter().all(|slot| slot.month == month)
    }

    /// The values of a variable, `[paths, chosen]`.
    #[must_use]
    pub fn get(&self, place: usize, chosen: &[usize]) -> Vec<f64> {
        let mut values = vec![0.0; self.settings.paths * chosen.len()];
        for (slot, part) in self.slots.iter().zip(values.chunks_mut((LANES * chosen.len()).max(1))) {
            let rows = slot.block.state.rows(place);
            for (l, path) in part.chunks_mut(chosen.len().max(1)).enumerate() {
                for (value, &entity) in path.iter_mut().zip(chosen) {
                    *value = rows[entity][l];
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

    /// Largest imbalance of the ledger so far, relative to the flow of its month.
    #[must_use]
    pub fn imbalance(&self) -> f64 {
        self.slots.iter().fold(0.0, |most, slot| slot.block.scratch.imbalance.max(most))
    }

    /// Sees to it that the plan takes nothing for granted about the variable at `place`.
    fn open(&mut self, place: usize) {
        if self.opened.contains(&place) {
            return;
        }
        self.opened.push(place);
        let mut plan = self.plan.clone();
        if !plan.open(VARIABLES[place].entity, VARIABLES[place].name) {
            return;
        }
        let (month, numbers) = (self.month, self.save());
        // Not two of everything at once.
        self.slots.clear();
        self.plan = self.plans.0[self.opened.len()].get_or_init(|| plan);
        self.lay_out();
        self.load(month, &numbers);
    }
}

/// Sums are not kept: no lane counts.
const NO_LANES: Row = crate::column::ZERO;

/// Whether a variable belongs to entities that end with a company.
fn borrower(block: &Block<'_>, entity: Entity, index: usize) -> Option<usize> {
    match entity {
        Entity::Company => Some(index),
        Entity::Loan => Some(block.links.loan.borrower[index] as usize),
        _ => None,
    }
}

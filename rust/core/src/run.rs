//! Many paths: blocks spread over threads, results that do not depend on how.

use crate::block::Block;
use crate::column::{LANES, Row, filled};
use crate::exits::{Exits, NOBODY};
use crate::inputs::Inputs;
use crate::month;
use crate::plan::Plan;
use crate::record::{MOST_PATHS, Record, Series, keep};
use crate::rule::{Conflict, Memory, Rules};
use crate::variables::{Entity, VARIABLES};
use pulp::{Scalar, Simd};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, ScopedJoinHandle};
use std::time::Duration;
use thiserror::Error;

/// What to run.
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
    /// Variables whose series are kept, by place in [`VARIABLES`].
    pub record: Vec<usize>,
    /// Variables of which only the end is kept.
    pub last: Vec<usize>,
    /// Number of paths, from the first on, whose recorded series are kept in full.
    pub keep: usize,
    /// Whether to use the instructions this machine has beyond the least common ones; results are the same.
    pub dispatch: bool,
}

/// What is wrong with the settings.
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

    pub(crate) fn check(&self, inputs: &Inputs<'_>) -> Result<(), SettingsError> {
        let last = VARIABLES.len() as u64 - 1;
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
        let held = self.first_draw + inputs.draws as u64;
        let first = self.first_path / self.replicates;
        if inputs.draws > 1 && (needed > held || first < self.first_draw) {
            return Err(SettingsError::Draws { given: inputs.draws, needed: needed - self.first_draw.min(needed) });
        }
        Ok(())
    }
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether each path was finished.
    pub finished: Vec<bool>,
    /// Whether the run was stopped early.
    pub interrupted: bool,
    /// Month of failure, `[paths, companies]`, 0 if none.
    pub failed_month: Vec<u16>,
    /// Cause of failure by code.
    pub cause: Vec<u8>,
    /// The company behind the failure, -1 if none.
    pub trigger: Vec<i32>,
    /// Debt at failure.
    pub debt_at_failure: Vec<f64>,
    /// Exits, if there are doors.
    pub exits: Ways,
    /// Sums of recorded variables.
    pub series: Vec<Series>,
    /// Sums at the end of the last month.
    pub last: Vec<Series>,
    /// Full series of the kept paths, `[kept, months, entities]` each.
    pub kept: Vec<Vec<f64>>,
    /// Largest imbalance of the ledger relative to the flow of its month.
    pub imbalance: f64,
    /// What rules did.
    pub fired: Fired,
    /// The first path, and in it the first month, on which two rules set one lever to different values.
    pub conflict: Option<(u64, Conflict)>,
}

/// When rules were active on each path, and how much they moved.
#[derive(Clone, Debug, Default)]
pub struct Fired {
    /// First month in which each rule was active, `[paths, rules]`, 0 if none.
    pub first: Vec<u16>,
    /// Months in which it was.
    pub months: Vec<u16>,
    /// Amount of each action when its rule was first active, `[paths, actions]`, 0 if it never was.
    pub amount: Vec<f64>,
    /// What was kept then, `[paths, watches]`.
    pub watched: Vec<f64>,
}

/// Exits, `[paths, companies]` each; empty without doors.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    /// Month, 0 if none.
    pub month: Vec<u16>,
    /// Door, -1 if none.
    pub door: Vec<i16>,
    /// Buyer: -1 nobody, -2 outside.
    pub buyer: Vec<i32>,
    /// Price paid, or money raised by a listing.
    pub price: Vec<f64>,
}

impl Ways {
    /// Adds the exits of the first `live` paths of a block.
    pub(crate) fn extend(&mut self, exits: &Exits, live: usize) {
        for l in 0..live {
            self.month.extend(exits.month.iter().map(|row| row[l]));
            self.door.extend(exits.door.iter().map(|row| row[l]));
            self.buyer.extend(exits.buyer.iter().map(|row| row[l]));
            self.price.extend(exits.price.iter().map(|row| row[l]));
        }
    }

    fn new(cells: usize) -> Self {
        Self {
            month: filled(0, cells),
            door: filled(-1, cells),
            buyer: filled(NOBODY, cells),
            price: filled(0.0, cells),
        }
    }
}

impl Fired {
    /// Adds what rules did on the first `live` paths of a block.
    pub(crate) fn extend(&mut self, memory: &Memory<'_>, live: usize) {
        for l in 0..live {
            for rule in 0..memory.rules.rules.len() {
                let [first, months] = memory.active(rule, l);
                self.first.push(first);
                self.months.push(months);
            }
            self.amount.extend((0..memory.rules.actions.len()).map(|action| memory.amount(action, l)));
            self.watched.extend((0..memory.rules.watches.len()).map(|watch| memory.watched(watch, l)));
        }
    }
}

/// The same for one block.
#[derive(Default)]
struct WaysOf<'o> {
    month: &'o mut [u16],
    door: &'o mut [i16],
    buyer: &'o mut [i32],
    price: &'o mut [f64],
}

/// Places for the results of one block.
struct Part<'o> {
    first: u64,
    finished: &'o mut [bool],
    failed_month: &'o mut [u16],
    cause: &'o mut [u8],
    trigger: &'o mut [i32],
    debt: &'o mut [f64],
    kept: Vec<&'o mut [f64]>,
    ways: WaysOf<'o>,
    rule_first: &'o mut [u16],
    rule_months: &'o mut [u16],
    amount: &'o mut [f64],
    watched: &'o mut [f64],
}

/// How many entities a variable has a row for.
#[must_use]
pub fn entities(plan: &Plan, place: usize) -> usize {
    match VARIABLES[place].entity {
        Entity::Company => plan.counts.companies,
        Entity::Segment => plan.counts.segments,
        Entity::Loan => plan.counts.loans,
        Entity::Fleet => plan.counts.fleets,
        _ => 1,
    }
}

impl Outcome {
    pub(crate) fn new(settings: &Settings, plan: &Plan, [rules, actions, watches]: [usize; 3]) -> Self {
        let (paths, companies) = (settings.paths, plan.counts.companies);
        let cells = paths * companies;
        Self {
            finished: filled(false, paths),
            interrupted: false,
            failed_month: filled(0, cells),
            cause: filled(0, cells),
            trigger: filled(-1, cells),
            debt_at_failure: filled(0.0, cells),
            exits: Ways::new(if plan.doors.is_empty() { 0 } else { cells }),
            series: Vec::new(),
            last: Vec::new(),
            kept: Self::blank_kept(settings, plan),
            imbalance: 0.0,
            fired: Fired {
                first: filled(0, paths * rules),
                months: filled(0, paths * rules),
                amount: filled(0.0, paths * actions),
                watched: filled(0.0, paths * watches),
            },
            conflict: None,
        }
    }

    /// Room for the full series of the kept paths.
    pub(crate) fn blank_kept(settings: &Settings, plan: &Plan) -> Vec<Vec<f64>> {
        let rows = settings.keep.min(settings.paths) * settings.months as usize;
        settings.record.iter().map(|&place| filled(0.0, rows * entities(plan, place))).collect()
    }

    /// Takes the sums of a worker.
    fn gather(&mut self, series: Vec<Series>, last: Vec<Series>) {
        for (ours, theirs) in [(&mut self.series, series), (&mut self.last, last)] {
            if ours.is_empty() {
                *ours = theirs;
            } else {
                ours.iter_mut().zip(&theirs).for_each(|(ours, theirs)| ours.merge(theirs));
            }
        }
    }

    /// Cuts the results into the places of the blocks.
    fn parts(&mut self, settings: &Settings, plan: &Plan, [rules, actions, watches]: [usize; 3]) -> Vec<Part<'_>> {
        let companies = plan.counts.companies;
        let mut kept: Vec<_> = self
            .kept
            .iter_mut()
            .zip(&settings.record)
            .map(|(all, &place)| all.chunks_mut((LANES * settings.months as usize * entities(plan, place)).max(1)))
            .collect();
        let cells = (LANES * companies).max(1);
        let mut months = self.failed_month.chunks_mut(cells);
        let mut causes = self.cause.chunks_mut(cells);
        let mut triggers = self.trigger.chunks_mut(cells);
        let mut debts = self.debt_at_failure.chunks_mut(cells);
        let ways = &mut self.exits;
        let (mut left, mut doors) = (ways.month.chunks_mut(cells), ways.door.chunks_mut(cells));
        let (mut buyers, mut prices) = (ways.buyer.chunks_mut(cells), ways.price.chunks_mut(cells));
        let mut rule_first = self.fired.first.chunks_mut((LANES * rules).max(1));
        let mut rule_months = self.fired.months.chunks_mut((LANES * rules).max(1));
        let mut amounts = self.fired.amount.chunks_mut((LANES * actions).max(1));
        let mut watched = self.fired.watched.chunks_mut((LANES * watches).max(1));
        let mut parts = Vec::new();
        for (number, finished) in self.finished.chunks_mut(LANES).enumerate() {
            parts.push(Part {
                first: settings.first_path + (number * LANES) as u64,
                finished,
                failed_month: months.next().unwrap_or_default(),
                cause: causes.next().unwrap_or_default(),
                trigger: triggers.next().unwrap_or_default(),
                debt: debts.next().unwrap_or_default(),
                kept: kept.iter_mut().map(|chunks| chunks.next().unwrap_or_default()).collect(),
                ways: WaysOf {
                    month: left.next().unwrap_or_default(),
                    door: doors.next().unwrap_or_default(),
                    buyer: buyers.next().unwrap_or_default(),
                    price: prices.next().unwrap_or_default(),
                },
                rule_first: rule_first.next().unwrap_or_default(),
                rule_months: rule_months.next().unwrap_or_default(),
                amount: amounts.next().unwrap_or_default(),
                watched: watched.next().unwrap_or_default(),
            });
        }
        parts
    }
}

/// One month of a block and its sums, compiled once for each set of instructions.
pub(crate) struct Step<'w, 'a> {
    pub(crate) block: &'w mut Block<'a>,
    pub(crate) series: &'w mut [Series],
    pub(crate) month: u32,
    pub(crate) lanes: &'w Row,
    pub(crate) stop: &'w AtomicBool,
}

impl Step<'_, '_> {
    /// Takes it, with the instructions of this machine if there is an `arch`; says whether nobody stopped it.
    pub(crate) fn take(self, arch: Option<pulp::Arch>) -> bool {
        match arch {
            Some(arch) => arch.dispatch(self),
            None => self.advance(Scalar::new()),
        }
    }

    #[inline(always)]
    fn advance<S: Simd>(self, s: S) -> bool {
        let mut sums = Record { series: self.series, live: self.lanes };
        month::advance(s, self.block, self.month, &mut sums, self.stop)
    }
}

impl pulp::WithSimd for Step<'_, '_> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) -> bool {
        self.advance(s)
    }
}

/// Entities and registers times months times lanes that a machine goes through in a fraction of a second.
const LONG: usize = 1 << 22;

/// One thread's memory.
struct Worker<'a> {
    block: Block<'a>,
    series: Vec<Series>,
    last: Vec<Series>,
    arch: Option<pulp::Arch>,
    draws: usize,
    imbalance: f64,
    conflict: Option<(u64, Conflict)>,
}

impl Worker<'_> {
    /// Runs one block to the end, or until told to stop; says whether it got there.
    fn run(&mut self, settings: &Settings, part: &mut Part<'_>, stop: &AtomicBool) -> bool {
        let live = part.finished.len();
        self.block.start(settings.seed, part.first, live, settings.replicates, settings.first_draw, self.draws);
        let lanes = Row::from_fn(|l| f64::from(u8::from(l < live)));
        let before = is_long(&self.block, settings).then(|| self.series.clone());
        for month in 1..=settings.months {
            let stopped = before.is_some() && stop.load(Ordering::Relaxed);
            if stopped || !self.step(settings, part, month, &lanes, stop) {
                self.series = before.unwrap_or_default();
                return false;
            }
        }
        for series in &mut self.last {
            series.add(Scalar::new(), &self.block, 0, &lanes, 0..series.entities());
        }
        self.imbalance = self.imbalance.max(self.block.books.imbalance);
        true
    }

    /// One month, with the instructions of this machine; says whether nobody stopped it.
    fn step(&mut self, settings: &Settings, part: &mut Part<'_>, month: u32, lanes: &Row, stop: &AtomicBool) -> bool {
        let row = month as usize - 1;
        if !(Step { block: &mut self.block, series: &mut self.series, month, lanes, stop }.take(self.arch)) {
            return false;
        }
        for (&place, into) in settings.record.iter().zip(&mut part.kept) {
            keep(&self.block, place, row, settings.months as usize, into);
        }
        true
    }

    /// Copies the failures of the block, path by path.
    fn hand_in(&mut self, part: &mut Part<'_>) {
        let f = &self.block.failures;
        let companies = f.month.len();
        for l in 0..part.finished.len() {
            for i in 0..companies {
                let cell = l * companies + i;
                part.failed_month[cell] = f.month[i][l];
                part.cause[cell] = f.cause[i][l];
                part.trigger[cell] = f.trigger[i][l];
                part.debt[cell] = f.debt[i][l];
            }
        }
        self.hand_in_exits(&mut part.ways);
        part.finished.fill(true);
        self.hand_in_rules(part);
    }

    /// Copies what rules did, path by path, and notes the first conflict; says whether there was any.
    fn hand_in_rules(&mut self, part: &mut Part<'_>) {
        let Some(memory) = &self.block.rules else { return };
        let [rules, actions, watches] = memory.rules.counts();
        for l in 0..part.finished.len() {
            for rule in 0..rules {
                let cell = l * rules + rule;
                [part.rule_first[cell], part.rule_months[cell]] = memory.active(rule, l);
            }
            for action in 0..actions {
                part.amount[l * actions + action] = memory.amount(action, l);
            }
            for watch in 0..watches {
                part.watched[l * watches + watch] = memory.watched(watch, l);
            }
            if self.conflict.is_none() {
                self.conflict = memory.conflict(l).map(|conflict| (part.first + l as u64, conflict));
            }
        }
    }

    /// Copies the exits of the block, path by path.
    fn hand_in_exits(&self, into: &mut WaysOf<'_>) {
        let x = &self.block.exits;
        let companies = x.month.len();
        for cell in 0..into.month.len() {
            let (l, i) = (cell / companies, cell % companies);
            into.month[cell] = x.month[i][l];
            into.door[cell] = x.door[i][l];
            into.buyer[cell] = x.buyer[i][l];
            into.price[cell] = x.price[i][l];
        }
    }
}

/// Whether a block takes so long that it must be left in the middle when the run is stopped: then its worker keeps a copy
/// of its sums. All that a month goes through counts; how long the multiplier takes nobody knows before.
pub(crate) fn is_long(block: &Block<'_>, settings: &Settings) -> bool {
    let c = block.plan.counts;
    let entities = c.companies + c.segments + c.contracts + c.loans + c.fleets;
    let registers = block.rules.as_ref().map_or(0, |memory| memory.rules.programs.nodes().len());
    block.wants.multiplier || (entities + registers) * settings.months as usize * LANES > LONG
}

/// Variables that are recorded or read by rules.
pub(crate) fn shown(inputs: &Inputs<'_>, settings: &Settings) -> Vec<usize> {
    let mut shown: Vec<usize> = settings.record.iter().chain(&settings.last).copied().collect();
    shown.extend(inputs.rules.iter().flat_map(|rules| rules.programs.variables()));
    shown
}

/// Runs all paths; `watch` is called about twenty times a second with the paths done, and stops the run by returning false.
///
/// # Errors
/// Settings out of range.
pub fn run(
    inputs: &Inputs<'_>,
    settings: &Settings,
    mut watch: impl FnMut(usize) -> bool,
) -> Result<Outcome, SettingsError> {
    settings.check(inputs)?;
    let plan = Plan::new(inputs);
    let rules = inputs.rules.as_deref();
    let counts = rules.map_or([0; 3], Rules::counts);
    let mut outcome = Outcome::new(settings, &plan, counts);
    let shown = shown(inputs, settings);
    let (stop, clashed) = (AtomicBool::new(false), AtomicBool::new(false));
    let done = AtomicUsize::new(0);
    let sums = |places: &[usize], months| -> Vec<Series> {
        places.iter().map(|&place| Series::new(place, entities(&plan, place), months)).collect()
    };
    let parts = outcome.parts(settings, &plan, counts);
    let threads = settings.threads.min(parts.len());
    let queue = Mutex::new(parts.into_iter());
    let finished = std::thread::scope(|scope| {
        let work = |between: &mut dyn FnMut()| {
            let mut worker = Worker {
                block: Block::new(inputs, &plan, &shown),
                series: sums(&settings.record, settings.months as usize),
                last: sums(&settings.last, 1),
                arch: settings.dispatch.then(pulp::Arch::new),
                draws: inputs.draws,
                imbalance: 0.0,
                conflict: None,
            };
            // Blocks are begun in the order of their paths: once there is a conflict, those not begun cannot bring an earlier one.
            while !clashed.load(Ordering::Relaxed) {
                between();
                let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some(mut part) = next else { break };
                if stop.load(Ordering::Relaxed) || !worker.run(settings, &mut part, &stop) {
                    break;
                }
                worker.hand_in(&mut part);
                clashed.fetch_or(worker.conflict.is_some(), Ordering::Relaxed);
                done.fetch_add(part.finished.len(), Ordering::Relaxed);
            }
            (worker.series, worker.last, worker.imbalance, worker.conflict)
        };
        let mut check = || {
            if !watch(done.load(Ordering::Relaxed)) {
                stop.store(true, Ordering::Relaxed);
            }
        };
        // Where the system gives fewer threads, those do the work; where it gives none, this one does.
        let begun = |_| Builder::new().spawn_scoped(scope, move || work(&mut || ())).ok();
        let handles: Vec<_> = (0..threads).map_while(begun).collect();
        if handles.is_empty() {
            return vec![work(&mut check)];
        }
        while handles.iter().any(|handle| !handle.is_finished()) {
            check();
            std::thread::park_timeout(Duration::from_millis(2));
        }
        let join = |handle: ScopedJoinHandle<'_, _>| handle.join().unwrap_or_else(|panic| resume_unwind(panic));
        handles.into_iter().map(join).collect::<Vec<_>>()
    });
    for (series, last, imbalance, conflict) in finished {
        outcome.gather(series, last);
        outcome.imbalance = outcome.imbalance.max(imbalance);
        outcome.conflict = outcome.conflict.into_iter().chain(conflict).min_by_key(|(path, _)| *path);
    }
    outcome.interrupted = stop.load(Ordering::Relaxed);
    Ok(outcome)
}

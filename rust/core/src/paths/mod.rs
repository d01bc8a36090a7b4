//! Blocks of paths between two months: they advance, are read, set, saved and restored.
//!
//! A run takes chunks of paths from the start to the end, one after the other in the same memory; a host keeps all paths as
//! long as it likes. Both move a block by the same code, so the numbers are the same bits.

mod change;
mod snapshot;

pub use change::{Change, ChangeError, Source};
pub use snapshot::SnapshotError;

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::events::Event;
use crate::ledger::worse;
use crate::model::{self, multiplier};
use crate::outcomes::{Outcomes, Places};
use crate::plan::Plan;
use crate::record::{Record, Series, keep};
use crate::rule::{Conflict, Target};
use crate::settings::{Settings, SettingsError};
use crate::variables::{Entity, VARIABLES};
use crate::world::World;
use pulp::{Scalar, Simd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;

/// How many entities a variable, or what is only measured, has a row for.
#[must_use]
pub fn entities(plan: &Plan, place: usize) -> usize {
    match VARIABLES.get(place).map(|variable| variable.entity) {
        Some(Entity::Company) => plan.counts.companies,
        Some(Entity::Segment) => plan.counts.segments,
        Some(Entity::Loan) => plan.counts.loans,
        Some(Entity::Fleet) => plan.counts.fleets,
        Some(Entity::Contract) => plan.counts.contracts,
        _ => 1,
    }
}

self_cell::self_cell!(
    /// A block, and the plan that it looks at all the time: a struct cannot borrow from itself, and a block that counted who
    /// shares its plan would do so in every loop (self_cell does this once, and keeps `unsafe` out of here).
    struct Planned {
        owner: Arc<Plan>,
        #[covariant]
        dependent: Block,
    }

    impl { Debug }
);

/// A block and the month it has reached.
#[derive(Debug)]
struct Slot {
    planned: Planned,
    month: u32,
    /// Whether the last measure of the month is still to be done.
    unfinished: bool,
    /// 1 for lanes that hold a path.
    lanes: Row,
}

/// One month of a block and its sums, compiled once for each set of instructions.
struct Step<'w, 'a> {
    block: &'w mut Block<'a>,
    series: &'w mut [Series],
    month: u32,
    lanes: &'w Row,
    go: &'w mut dyn FnMut() -> bool,
}

impl Step<'_, '_> {
    #[inline(always)]
    fn advance<S: Simd>(self, s: S) -> bool {
        let mut sums = Record { series: self.series, live: self.lanes };
        model::advance(s, self.block, self.month, &mut sums, self.go)
    }
}

impl pulp::WithSimd for Step<'_, '_> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) -> bool {
        self.advance(s)
    }
}

impl Slot {
    /// Memory for a block of paths.
    fn new(world: &World, plan: &Arc<Plan>, shown: &[usize]) -> Self {
        let planned = Planned::new(Arc::clone(plan), |plan| Block::new(world, plan, shown));
        Self { planned, month: 0, unfinished: false, lanes: ZERO }
    }

    fn block(&self) -> &Block<'_> {
        self.planned.borrow_dependent()
    }

    /// Does something with the block.
    fn with<R>(&mut self, work: impl FnOnce(&mut Block<'_>) -> R) -> R {
        self.planned.with_dependent_mut(|_, block| work(block))
    }

    /// Puts `live` paths from `first` on at month 0.
    fn start(&mut self, settings: &Settings, draws: usize, first: u64, live: usize) {
        let Settings { seed, replicates, first_draw, .. } = *settings;
        self.with(|block| block.start(seed, first, live, replicates, first_draw, draws));
        self.lanes = Row::from_fn(|l| f64::from(u8::from(l < live)));
        (self.month, self.unfinished) = (0, false);
    }

    /// Moves the block to the next month, with the instructions of this machine if there is an `arch`, as long as `go` says
    /// so; says whether it got there.
    fn advance(&mut self, series: &mut [Series], arch: Option<pulp::Arch>, go: &mut dyn FnMut() -> bool) -> bool {
        self.month += 1;
        let (month, lanes) = (self.month, &self.lanes);
        let whole = self.planned.with_dependent_mut(|_, block| {
            let step = Step { block, series, month, lanes, go };
            match arch {
                Some(arch) => arch.dispatch(step),
                None => step.advance(Scalar::new()),
            }
        });
        self.unfinished = !whole;
        whole
    }

    /// Moves the block to `month`, which it is at most one behind, and does what an interrupt left of it.
    fn reach(&mut self, month: u32, arch: Option<pulp::Arch>, go: &mut dyn FnMut() -> bool) {
        if self.month < month {
            self.advance(&mut [], arch, go);
        } else if self.unfinished {
            self.unfinished = !self.with(|block| multiplier::measure(block, month, go));
        }
    }

    /// Whether there is something to do before the end of `month`.
    fn is_behind(&self, month: u32) -> bool {
        self.month < month || self.unfinished
    }
}

/// Paths between two months.
#[derive(Debug)]
pub struct Paths {
    world: Arc<World>,
    plan: Arc<Plan>,
    settings: Settings,
    slots: Vec<Slot>,
    arch: Option<pulp::Arch>,
    /// Number of the first path.
    first: u64,
    /// How many there are.
    count: usize,
    /// The month that all blocks are to reach; those that an interrupt kept from it are behind.
    month: u32,
}

impl Paths {
    /// All paths of the settings at month 0, for a host, which may read and set any variable. Of the settings, `record`,
    /// `last` and `keep` are not used; `months` is the last month.
    ///
    /// # Errors
    /// Settings out of range.
    pub fn all(world: &Arc<World>, settings: Settings) -> Result<Self, SettingsError> {
        settings.check(world)?;
        let plan = Arc::new(Plan::new(world).open());
        let shown: Vec<usize> = (0..VARIABLES.len()).collect();
        let (first, count) = (settings.first_path, settings.paths);
        let mut paths = Self::new(world, &plan, settings, &shown, count);
        paths.start(first, count);
        Ok(paths)
    }

    /// Memory for up to `room` paths of which the variables at `shown` are seen; [`Paths::start`] makes it ready.
    pub(crate) fn new(world: &Arc<World>, plan: &Arc<Plan>, settings: Settings, shown: &[usize], room: usize) -> Self {
        Self {
            slots: (0..room.div_ceil(LANES)).map(|_| Slot::new(world, plan, shown)).collect(),
            arch: settings.dispatch.then(pulp::Arch::new),
            world: Arc::clone(world),
            plan: Arc::clone(plan),
            settings,
            first: 0,
            count: 0,
            month: 0,
        }
    }

    /// Puts `count` paths from `first` on at month 0, in the memory of those before.
    pub(crate) fn start(&mut self, first: u64, count: usize) {
        (self.first, self.count, self.month) = (first, count, 0);
        let (settings, draws) = (self.settings.clone(), self.world.draws);
        let slots = self.slots_mut().iter_mut().enumerate();
        spread(settings.threads, slots, |(number, slot)| {
            let done = number * LANES;
            slot.start(&settings, draws, first + done as u64, LANES.min(count - done));
        });
    }

    /// Blocks that hold paths.
    fn slots(&self) -> &[Slot] {
        &self.slots[..self.count.div_ceil(LANES)]
    }

    /// The same, to write.
    fn slots_mut(&mut self) -> &mut [Slot] {
        &mut self.slots[..self.count.div_ceil(LANES)]
    }

    /// Moves all paths by a month on this thread, and adds what is recorded to its sums, as long as `go` says so; says
    /// whether they got there.
    pub(crate) fn advance(&mut self, series: &mut [Series], go: &mut dyn FnMut() -> bool) -> bool {
        self.month += 1;
        let arch = self.arch;
        self.slots_mut().iter_mut().all(|slot| slot.advance(series, arch, go))
    }

    /// Whether a block takes so long that it must be left in the middle when a run is stopped: then a copy of its sums is
    /// kept. All that a month goes through counts; how long the multiplier takes nobody knows before.
    pub(crate) fn is_long(&self) -> bool {
        self.slots.iter().any(|slot| is_long(slot.block(), &self.settings))
    }

    /// Has all that happens from now on written down.
    pub(crate) fn listen(&mut self) {
        for slot in self.slots_mut() {
            slot.with(|block| block.books.events = Some(Vec::new()));
        }
    }

    /// Events written down, block by block.
    pub(crate) fn heard(&mut self) -> Vec<Event> {
        self.slots_mut()
            .iter_mut()
            .flat_map(|slot| slot.with(|block| block.books.events.take()).unwrap_or_default())
            .collect()
    }

    /// Adds what is there now to sums, in their first row.
    pub(crate) fn add_now(&self, sums: &mut [Series]) {
        for slot in self.slots() {
            for series in &mut *sums {
                series.add(Scalar::new(), slot.block(), 0, &slot.lanes, 0..series.entities());
            }
        }
    }

    /// Writes a variable of this month into full series `[paths, months, entities]`.
    pub(crate) fn keep(&self, place: usize, into: &mut [f64]) {
        let (months, width) = (self.settings.months as usize, entities(&self.plan, place));
        let parts = into.chunks_mut((LANES * months * width).max(1));
        for (slot, part) in self.slots().iter().zip(parts) {
            keep(slot.block(), place, self.month as usize - 1, months, part);
        }
    }

    /// The month that has been reached, 0 at the start.
    #[must_use]
    pub fn month(&self) -> u32 {
        self.month
    }

    /// Number of paths.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Number of entities that a variable or a parameter has.
    #[must_use]
    pub fn entities(&self, source: Source, place: usize) -> usize {
        match source {
            Source::Variable => entities(&self.plan, place),
            Source::Parameter => self.world.parameters.column(place).len(),
        }
    }

    /// Moves all paths by a month, unless the last has been reached, as long as `go` says so; says whether they got there.
    pub fn step(&mut self, go: &mut dyn FnMut() -> bool) -> bool {
        if !self.catch_up(go) {
            return false;
        }
        if self.month < self.settings.months {
            self.month += 1;
        }
        self.catch_up(go)
    }

    /// Moves the blocks that are behind; says whether none is any more.
    pub fn catch_up(&mut self, go: &mut dyn FnMut() -> bool) -> bool {
        let (month, arch, threads) = (self.month, self.arch, self.settings.threads);
        let behind: Vec<_> = self.slots_mut().iter_mut().filter(|slot| slot.is_behind(month)).collect();
        spread_while(threads, behind.into_iter(), go, |slot, go| slot.reach(month, arch, go));
        !self.slots().iter().any(|slot| slot.is_behind(month))
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
    fn gather(&self, chosen: &[usize], row: impl Fn(&Block<'_>, usize) -> Row) -> Vec<f64> {
        let mut values = vec![0.0; self.count * chosen.len()];
        for (slot, part) in self.slots().iter().zip(values.chunks_mut((LANES * chosen.len()).max(1))) {
            for (k, &entity) in chosen.iter().enumerate() {
                let row = row(slot.block(), entity);
                for (path, value) in part.chunks_mut(chosen.len()).zip(*row) {
                    path[k] = value;
                }
            }
        }
        values
    }

    /// Outcomes of each path so far.
    #[must_use]
    pub fn outcomes(&self) -> Outcomes {
        let mut outcomes = Outcomes::new(&self.world, self.count);
        self.fill(outcomes.places(self.slots().len()));
        outcomes
    }

    /// Writes what is known of each path into its place.
    pub(crate) fn fill<'o>(&self, places: impl IntoIterator<Item = Places<'o>>) {
        for (slot, mut places) in self.slots().iter().zip(places) {
            places.fill(slot.block());
        }
    }

    /// The first path on which two rules have set one lever to different values.
    #[must_use]
    pub fn conflict(&self) -> Option<(u64, Conflict)> {
        self.slots().iter().enumerate().find_map(|(number, slot)| {
            let block = slot.block();
            let memory = block.rules.as_ref()?;
            let first = self.first + (number * LANES) as u64;
            (0..block.live).find_map(|l| memory.conflict(l).map(|conflict| (first + l as u64, conflict)))
        })
    }

    /// Largest imbalance of the ledger so far, relative to the flow of its month.
    #[must_use]
    pub fn imbalance(&self) -> f64 {
        self.slots().iter().fold(0.0, |most, slot| worse(most, slot.block().books.imbalance))
    }
}

/// Entities and rows of rules times months times lanes that a machine goes through in a fraction of a second.
const LONG: usize = 1 << 22;

/// See [`Paths::is_long`].
pub(crate) fn is_long(block: &Block<'_>, settings: &Settings) -> bool {
    let c = block.plan.counts;
    let entities = c.companies + c.segments + c.contracts + c.loans + c.fleets;
    let rows = block.rules.as_ref().map_or(0, |memory| memory.rules.graph.height());
    block.needed.multiplier || (entities + rows) * settings.months as usize * LANES > LONG
}

/// Works on all items, spread over threads.
fn spread<T: Send>(threads: usize, items: impl ExactSizeIterator<Item = T> + Send, work: impl Fn(T) + Sync) {
    spread_while(threads, items, &mut || true, |item, _| work(item));
}

/// Works on items, spread over threads, until none is left or `go` says no. Only this thread asks it, between its items and
/// whenever `work` wants to know; it tells the others.
fn spread_while<T: Send>(
    threads: usize,
    items: impl ExactSizeIterator<Item = T> + Send,
    go: &mut dyn FnMut() -> bool,
    work: impl Fn(T, &mut dyn FnMut() -> bool) + Sync,
) {
    let (threads, stop) = (threads.min(items.len()), AtomicBool::new(false));
    let queue = Mutex::new(items);
    let next = || {
        let more = !stop.load(Ordering::Relaxed);
        more.then(|| queue.lock().unwrap_or_else(PoisonError::into_inner).next()).flatten()
    };
    std::thread::scope(|scope| {
        let all = || {
            while let Some(item) = next() {
                work(item, &mut || !stop.load(Ordering::Relaxed));
            }
        };
        // Where the system gives fewer threads, those that began and this one do the work.
        let _begun = (1..threads).map_while(|_| Builder::new().spawn_scoped(scope, all).ok()).count();
        let mut ask = || !(stop.fetch_or(!go(), Ordering::Relaxed) || stop.load(Ordering::Relaxed));
        while let Some(item) = next() {
            work(item, &mut ask);
            ask();
        }
    });
}

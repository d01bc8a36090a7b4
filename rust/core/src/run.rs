//! Many paths: chunks spread over threads, results that do not depend on how.

use crate::column::{LANES, filled};
use crate::ledger::worse;
use crate::outcomes::{Outcomes, Places};
use crate::paths::{Paths, entities};
use crate::plan::Plan;
use crate::record::Series;
use crate::rule::Conflict;
use crate::settings::{Settings, SettingsError};
use crate::variables::VARIABLES;
use crate::world::World;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, ScopedJoinHandle};
use std::time::Duration;

/// The outcome.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether each path was finished.
    pub finished: Vec<bool>,
    /// Whether the run was stopped early.
    pub interrupted: bool,
    /// Outcomes of each path.
    pub outcomes: Outcomes,
    /// Sums of recorded variables; none where no path was finished.
    pub series: Vec<Series>,
    /// Sums at the end of the last month; idem.
    pub last: Vec<Series>,
    /// Full series of the kept paths, `[kept, months, entities]` each.
    pub kept: Vec<Vec<f64>>,
    /// Largest imbalance of the ledger relative to the flow of its month.
    pub imbalance: f64,
    /// The first path, and in it the first month, on which two rules set one lever to different values.
    pub conflict: Option<(u64, Conflict)>,
}

/// Places for the results of one chunk.
struct Part<'o> {
    first: u64,
    finished: &'o mut [bool],
    outcomes: Places<'o>,
    kept: Vec<&'o mut [f64]>,
}

impl Outcome {
    pub(crate) fn new(world: &World, settings: &Settings, plan: &Plan) -> Self {
        let paths = settings.paths;
        Self {
            finished: filled(false, paths),
            interrupted: false,
            outcomes: Outcomes::new(world, paths),
            series: Vec::new(),
            last: Vec::new(),
            kept: Self::blank_kept(settings, plan),
            imbalance: 0.0,
            conflict: None,
        }
    }

    /// Room for the full series of the kept paths.
    pub(crate) fn blank_kept(settings: &Settings, plan: &Plan) -> Vec<Vec<f64>> {
        let rows = settings.keep.min(settings.paths) * settings.months as usize;
        settings.record.iter().map(|&place| filled(0.0, rows * entities(plan, place))).collect()
    }

    /// The first number met that was none or not finite, by the name of its variable, its entity and its month (from 1).
    #[must_use]
    pub fn unsound(&self) -> Option<(String, usize, usize)> {
        let sums = self.series.iter().chain(&self.last);
        let ledger = self.imbalance.is_nan().then(|| ("the ledger".to_owned(), 0, 0));
        sums.filter_map(Series::unsound).min_by_key(|(_, _, month)| *month).or(ledger)
    }

    /// Takes what a worker found; sums only of paths that it finished.
    fn gather(&mut self, found: Found) {
        self.imbalance = worse(self.imbalance, found.imbalance);
        self.conflict = self.conflict.into_iter().chain(found.conflict).min_by_key(|(path, _)| *path);
        if !found.any {
            return;
        }
        for (ours, theirs) in [(&mut self.series, found.series), (&mut self.last, found.last)] {
            if ours.is_empty() {
                *ours = theirs;
            } else {
                ours.iter_mut().zip(&theirs).for_each(|(ours, theirs)| ours.merge(theirs));
            }
        }
    }

    /// Cuts the results into the places of the chunks.
    fn parts(&mut self, settings: &Settings, plan: &Plan) -> Vec<Part<'_>> {
        let months = settings.months as usize;
        let size = |place: usize| (LANES * months * entities(plan, place)).max(1);
        let mut kept: Vec<_> =
            self.kept.iter_mut().zip(&settings.record).map(|(all, &place)| all.chunks_mut(size(place))).collect();
        let outcomes = self.outcomes.places(settings.paths.div_ceil(LANES));
        let chunks = self.finished.chunks_mut(LANES).zip(outcomes).enumerate();
        let part = |(number, (finished, outcomes))| Part {
            first: settings.first_path + (number * LANES) as u64,
            finished,
            outcomes,
            kept: kept.iter_mut().map(|chunks| chunks.next().unwrap_or_default()).collect(),
        };
        chunks.map(part).collect()
    }
}

/// Findings of one thread in all its chunks.
pub(crate) struct Found {
    series: Vec<Series>,
    last: Vec<Series>,
    imbalance: f64,
    conflict: Option<(u64, Conflict)>,
    /// Whether any path is in the sums.
    any: bool,
}

impl Found {
    pub(crate) fn new(world: &World, settings: &Settings, plan: &Plan) -> Self {
        let series = Self::blank(world, plan, &settings.record, settings.months as usize);
        let last = Self::blank(world, plan, &settings.last, 1);
        Self { series, last, imbalance: 0.0, conflict: None, any: false }
    }

    /// Room for sums.
    fn blank(world: &World, plan: &Plan, places: &[usize], months: usize) -> Vec<Series> {
        places.iter().map(|&place| Series::new(place, world.unit(place), entities(plan, place), months)).collect()
    }
}

/// Knowledge shared by all threads.
struct Crew<'s> {
    world: Arc<World>,
    plan: Arc<Plan>,
    settings: &'s Settings,
    /// Variables that are recorded, or read by rules.
    shown: Vec<usize>,
    /// Whether the run is to end.
    stop: AtomicBool,
    /// Whether two rules have met on one lever.
    clashed: AtomicBool,
    /// Paths done.
    done: AtomicUsize,
}

impl<'s> Crew<'s> {
    fn new(world: &Arc<World>, settings: &'s Settings) -> Self {
        Self {
            world: Arc::clone(world),
            plan: Arc::new(Plan::new(world)),
            settings,
            shown: shown(world, settings),
            stop: AtomicBool::new(false),
            clashed: AtomicBool::new(false),
            done: AtomicUsize::new(0),
        }
    }

    /// Works through chunks until there are none, the run is stopped or rules clash; calls `check` now and then.
    fn work<'o>(&self, next: impl Fn() -> Option<Part<'o>>, check: &mut dyn FnMut()) -> Found {
        let mut go = || {
            check();
            !self.stop.load(Ordering::Relaxed)
        };
        let mut found = Found::new(&self.world, self.settings, &self.plan);
        let mut paths = Paths::new(&self.world, &self.plan, self.settings.clone(), &self.shown, LANES);
        let mut spare = paths
            .is_long()
            .then(|| Found::blank(&self.world, &self.plan, &self.settings.record, self.settings.months as usize));
        // Chunks are begun in the order of their paths: once there is a conflict, those not begun cannot bring an earlier one.
        while !self.clashed.load(Ordering::Relaxed) {
            let Some(mut part) = go().then(&next).flatten() else { break };
            if !self.run(&mut paths, &mut part, (&mut found, &mut spare), &mut go) {
                break;
            }
            found.imbalance = worse(found.imbalance, paths.imbalance());
            found.conflict = found.conflict.or_else(|| paths.conflict());
            part.finished.fill(true);
            self.clashed.fetch_or(found.conflict.is_some(), Ordering::Relaxed);
            self.done.fetch_add(part.finished.len(), Ordering::Relaxed);
            paths.fill([part.outcomes]);
        }
        found
    }

    /// Runs one chunk to the end, as long as `go` says so; says whether it got there.
    ///
    /// A chunk that may be left in the middle notes in `spare`, month by month, the sums that it adds to.
    fn run(
        &self,
        paths: &mut Paths,
        part: &mut Part<'_>,
        (found, spare): (&mut Found, &mut Option<Vec<Series>>),
        go: &mut dyn FnMut() -> bool,
    ) -> bool {
        paths.start(part.first, part.finished.len());
        spare.iter_mut().flatten().for_each(Series::clear);
        for row in 0..self.settings.months as usize {
            let stopped = spare.is_some() && !go();
            found.series.iter_mut().for_each(|series| series.reach(row));
            if found.any {
                spare.iter_mut().flatten().zip(&found.series).for_each(|(noted, series)| noted.note(series, row));
            }
            if stopped || !paths.advance(&mut found.series, go) {
                if found.any {
                    found
                        .series
                        .iter_mut()
                        .zip(spare.iter().flatten())
                        .for_each(|(series, noted)| series.restore(noted));
                }
                return false;
            }
            for (&place, into) in self.settings.record.iter().zip(&mut part.kept) {
                paths.keep(place, into);
            }
        }
        found.last.iter_mut().for_each(|series| series.reach(0));
        paths.add_now(&mut found.last);
        found.any = true;
        true
    }
}

/// Variables that are recorded, or read by rules and what is only measured.
pub(crate) fn shown(world: &World, settings: &Settings) -> Vec<usize> {
    let mut shown: Vec<usize> = settings.record.iter().chain(&settings.last).copied().collect();
    shown.retain(|&place| place < VARIABLES.len());
    shown.extend(world.rules.iter().flat_map(|rules| rules.graph.variables()));
    shown
}

/// Runs all paths; `watch` is called about twenty times a second with the paths done, and stops the run by returning false.
///
/// # Errors
/// Settings out of range.
pub fn run(
    world: &Arc<World>,
    settings: &Settings,
    mut watch: impl FnMut(usize) -> bool,
) -> Result<Outcome, SettingsError> {
    settings.check(world)?;
    let crew = Crew::new(world, settings);
    let mut outcome = Outcome::new(world, settings, &crew.plan);
    let parts = outcome.parts(settings, &crew.plan);
    let threads = settings.threads.min(parts.len());
    let queue = Mutex::new(parts.into_iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let mut check = || {
        if !watch(crew.done.load(Ordering::Relaxed)) {
            crew.stop.store(true, Ordering::Relaxed);
        }
    };
    let found = std::thread::scope(|scope| {
        // Where the system gives fewer threads, those do the work; where it gives none, this one does.
        let (crew, next) = (&crew, &next);
        let begun = |_| Builder::new().spawn_scoped(scope, move || crew.work(next, &mut || ())).ok();
        let handles: Vec<_> = (0..threads).map_while(begun).collect();
        if handles.is_empty() {
            return vec![crew.work(next, &mut check)];
        }
        while handles.iter().any(|handle| !handle.is_finished()) {
            check();
            std::thread::park_timeout(Duration::from_millis(2));
        }
        let join = |handle: ScopedJoinHandle<'_, _>| handle.join().unwrap_or_else(|panic| resume_unwind(panic));
        handles.into_iter().map(join).collect::<Vec<_>>()
    });
    for found in found {
        outcome.gather(found);
    }
    outcome.interrupted = crew.stop.load(Ordering::Relaxed);
    Ok(outcome)
}

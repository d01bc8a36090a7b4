//! All paths between two months, for a host.

use crate::rules::RuleTables;
use crate::run::{Arrays, table, unsound};
use cashcade_core::rule::How;
use cashcade_core::run::{Fired, Settings, Ways};
use cashcade_core::stepper::actor::{Actor, Owned, OwnedRules};
use cashcade_core::stepper::{Change, Failed, Source, Stepper as Paths, range};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray2};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Rows (least, greatest) that a host may set, by the order of variables; None for those that follow from others.
#[pyfunction]
pub fn settable() -> Vec<Option<(f64, f64)>> {
    (0..cashcade_core::variables::VARIABLES.len()).map(range).collect()
}

/// All paths of a compiled world, a month at a time; docs/binding.md says how.
#[pyclass(frozen, module = "cashcade._core")]
pub struct Stepper {
    actor: Mutex<Option<Actor>>,
    stop: Arc<AtomicBool>,
    process: u32,
    paths: usize,
}

fn wrong(error: &dyn std::fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn gone() -> PyErr {
    PyRuntimeError::new_err("the simulation is closed")
}

impl Stepper {
    /// Asks the thread of the paths, and waits without holding Python up; Ctrl-C is passed on and comes back.
    fn ask<T: Send + 'static>(
        &self,
        py: Python<'_>,
        job: impl FnOnce(&mut Paths<'_>, &AtomicBool) -> T + Send + 'static,
    ) -> PyResult<T> {
        if std::process::id() != self.process {
            return Err(PyRuntimeError::new_err(
                "the simulation belongs to the process this one was forked from; save() there and restore() here",
            ));
        }
        let stop = Arc::clone(&self.stop);
        let answer = {
            let actor = self.actor.lock().unwrap_or_else(PoisonError::into_inner);
            actor.as_ref().ok_or_else(gone)?.ask(move |paths| {
                // What an interrupt left behind comes first.
                let whole = paths.catch_up(&stop);
                whole.then(|| job(paths, &stop))
            })
        };
        let (answer, interrupt) = py.detach(move || self.wait(answer));
        self.stop.store(false, Ordering::Relaxed);
        match interrupt {
            Some(error) => Err(error),
            None => answer.ok_or_else(gone)?.ok_or_else(|| PyRuntimeError::new_err("another thread was interrupted")),
        }
    }

    /// The answer, and an interrupt that came while waiting for it.
    // The path of the method is not general enough in its lifetime.
    #[allow(clippy::redundant_closure_for_method_calls)]
    #[allow(clippy::needless_pass_by_value)] // a receiver is for one thread only
    fn wait<T>(&self, answer: Receiver<T>) -> (Option<T>, Option<PyErr>) {
        let mut interrupt = None;
        loop {
            match answer.recv_timeout(Duration::from_millis(50)) {
                Ok(answer) => return (Some(answer), interrupt),
                Err(RecvTimeoutError::Disconnected) => return (None, interrupt),
                Err(RecvTimeoutError::Timeout) => {
                    if interrupt.is_none() {
                        interrupt = Python::attach(|py| py.check_signals()).err();
                    }
                    self.stop.fetch_or(interrupt.is_some(), Ordering::Relaxed);
                }
            }
        }
    }
}

#[pymethods]
impl Stepper {
    /// Puts the paths at month 0.
    #[new]
    #[pyo3(signature = (inputs, *, months, paths, first_path, seed, replicates, first_draw, threads, dispatch=true,
        rules=None))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        inputs: &Bound<'_, PyDict>,
        months: u32,
        paths: usize,
        first_path: u64,
        seed: u64,
        replicates: u64,
        first_draw: u64,
        threads: usize,
        dispatch: bool,
        rules: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let mut owned = own(&Arrays::read(inputs)?)?;
        let rules = rules.map(RuleTables::read).transpose()?;
        owned.rules = rules.map(|rules| rules.arrays().map(|arrays| OwnedRules::from(&arrays))).transpose()?;
        let (record, last, keep) = (Vec::new(), Vec::new(), 0);
        let settings =
            Settings { months, paths, first_path, seed, replicates, first_draw, threads, record, last, keep, dispatch };
        let actor = py.detach(|| Actor::start(owned, settings)).map_err(|error| wrong(&error))?;
        let (actor, stop) = (Mutex::new(Some(actor)), Arc::new(AtomicBool::new(false)));
        Ok(Self { actor, stop, process: std::process::id(), paths })
    }

    /// Moves all paths by up to `months` months, no further than the last, nor beyond a conflict of rules; gives the month
    /// reached.
    fn step(&self, py: Python<'_>, months: u32) -> PyResult<u32> {
        let (month, imbalance) = self.ask(py, move |paths, stop| {
            let _ = (0..months).all(|_| paths.step(stop) && paths.conflict().is_none());
            (paths.month(), paths.imbalance())
        })?;
        if imbalance.is_nan() { Err(unsound("the ledger")) } else { Ok(month) }
    }

    /// Path, month and actions of the first path on which two rules have set one lever to different values.
    fn conflict(&self, py: Python<'_>) -> PyResult<Option<(u64, u16, u32, u32)>> {
        let found = self.ask(py, |paths, _| paths.conflict())?;
        Ok(found.map(|(path, conflict)| (path, conflict.month, conflict.actions[0], conflict.actions[1])))
    }

    /// The month that has been reached, 0 at the start.
    fn month(&self, py: Python<'_>) -> PyResult<u32> {
        self.ask(py, |paths, _| paths.month())
    }

    /// Values of the variable at `place`, or of the `parameter` there before rules move it, float64 `[paths, entities]`.
    #[pyo3(signature = (place, entities, parameter=false))]
    fn get<'py>(
        &self,
        py: Python<'py>,
        place: usize,
        entities: Vec<usize>,
        parameter: bool,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let count = entities.len();
        let source = source(parameter, place)?;
        let values = self.ask(py, move |paths, _| {
            let fits = entities.iter().all(|&entity| entity < paths.entities(source, place));
            fits.then(|| match source {
                Source::Variable => paths.get(place, &entities),
                Source::Parameter => paths.parameter(place, &entities),
            })
        })?;
        let values = values.ok_or_else(|| wrong(&"no such entity"))?;
        values.into_pyarray(py).reshape([self.paths, count])
    }

    /// Sets the variable at `place`, or the `parameter` there, to `values` `[paths, entities]` where `mask`, if there is one,
    /// says so; or multiplies it (`how` 0), or adds (1).
    #[pyo3(signature = (place, entities, values, mask=None, how=2, parameter=false))]
    #[allow(clippy::too_many_arguments)]
    fn set(
        &self,
        py: Python<'_>,
        place: usize,
        entities: Vec<usize>,
        values: &Bound<'_, PyArray2<f64>>,
        mask: Option<PyReadonlyArray2<'_, bool>>,
        how: usize,
        parameter: bool,
    ) -> PyResult<()> {
        let source = source(parameter, place)?;
        let how = *[How::Scale, How::Add, How::Set].get(how).ok_or_else(|| wrong(&"\"how\" must be 0, 1 or 2"))?;
        let values = values.to_vec().map_err(|error| wrong(&error))?;
        let mask = mask.map(|mask| mask.to_vec()).transpose().map_err(|error| wrong(&error))?;
        self.ask(py, move |paths, _| {
            paths.set(Change { source, place, how, entities: &entities, values: &values, mask: mask.as_deref() })
        })?
        .map_err(|error| wrong(&error))
    }

    /// The month, and all numbers that later months depend on.
    fn save<'py>(&self, py: Python<'py>) -> PyResult<(u32, Bound<'py, PyArray1<f64>>)> {
        let (month, numbers) = self.ask(py, |paths, _| (paths.month(), paths.save()))?;
        Ok((month, numbers.into_pyarray(py)))
    }

    /// Goes to the end of `month`, when `numbers` were saved.
    fn restore(&self, py: Python<'_>, month: u32, numbers: &Bound<'_, PyArray1<f64>>) -> PyResult<()> {
        let numbers = numbers.to_vec().map_err(|error| wrong(&error))?;
        self.ask(py, move |paths, _| paths.restore(month, &numbers))?.map_err(|error| wrong(&error))
    }

    /// Failures so far: the arrays of a run by the same names.
    fn failures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (failed, companies) = self.ask(py, |paths, _| (paths.failed(), paths.companies()))?;
        let Failed { month, cause, trigger, debt } = failed;
        let (out, shape) = (PyDict::new(py), [self.paths, companies]);
        out.set_item("failed_month", month.into_pyarray(py).reshape(shape)?)?;
        out.set_item("cause", cause.into_pyarray(py).reshape(shape)?)?;
        out.set_item("trigger", trigger.into_pyarray(py).reshape(shape)?)?;
        out.set_item("debt_at_failure", debt.into_pyarray(py).reshape(shape)?)?;
        Ok(out)
    }

    /// What rules did and who left so far: the arrays of a run by the same names.
    fn firings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (fired, ways, [rules, actions, watches], companies, doors) = self
            .ask(py, |paths, _| (paths.fired(), paths.ways(), paths.rules(), paths.companies(), paths.has_doors()))?;
        let (Fired { first, months, amount, watched }, out) = (fired, PyDict::new(py));
        for (name, cells) in [("rule_first", first), ("rule_months", months)] {
            out.set_item(name, table(py, cells, [self.paths, rules])?)?;
        }
        out.set_item("action_first", table(py, amount, [self.paths, actions])?)?;
        out.set_item("watch_first", table(py, watched, [self.paths, watches])?)?;
        if doors {
            let Ways { month, door, buyer, price } = ways;
            out.set_item("exit_month", table(py, month, [self.paths, companies])?)?;
            out.set_item("exit_door", table(py, door, [self.paths, companies])?)?;
            out.set_item("exit_buyer", table(py, buyer, [self.paths, companies])?)?;
            out.set_item("exit_price", table(py, price, [self.paths, companies])?)?;
        }
        Ok(out)
    }

    /// Largest imbalance of the ledger so far, relative to the gross flow of its month.
    fn imbalance(&self, py: Python<'_>) -> PyResult<f64> {
        self.ask(py, |paths, _| paths.imbalance())
    }

    /// Gives the memory back; nothing can be asked any more.
    fn close(&self) {
        drop(self.actor.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// Copies the arrays.
fn own(arrays: &Arrays<'_>) -> PyResult<Owned> {
    let mut owned = Owned::default();
    for (name, array) in &arrays.floats {
        let values = array.as_slice().map_err(|error| wrong(&format!("array \"{name}\": {error}")))?;
        owned.floats.insert(name.clone(), (array.as_array().nrows(), values.to_vec()));
    }
    for (name, array) in &arrays.indices {
        owned.indices.insert(name.clone(), array.to_vec().map_err(|error| wrong(&error))?);
    }
    for (name, array) in &arrays.addresses {
        owned.addresses.insert(name.clone(), array.to_vec().map_err(|error| wrong(&error))?);
    }
    Ok(owned)
}

/// Which table `place` is of, if it is of one.
fn source(parameter: bool, place: usize) -> PyResult<Source> {
    use cashcade_core::variables::{PARAMETERS, VARIABLES};
    let (source, count) =
        if parameter { (Source::Parameter, PARAMETERS.len()) } else { (Source::Variable, VARIABLES.len()) };
    if place < count { Ok(source) } else { Err(wrong(&format!("no row {place} in a table of {count}"))) }
}

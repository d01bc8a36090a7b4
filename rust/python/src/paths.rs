//! Paths that stay between two months, for a host.

use crate::run::unsound;
use crate::world::{self, wrong};
use cashcade_core::paths::{Change, Paths as All, Source};
use cashcade_core::rule::How;
use cashcade_core::settings::Settings;
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray2};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::{Duration, Instant};

/// All paths of a compiled world, a month at a time; docs/binding.md says how.
#[pyclass(frozen, module = "cashcade._core")]
pub struct Paths {
    all: Mutex<Option<All>>,
    process: u32,
    count: usize,
}

/// Looks for Ctrl-C now and then.
struct Ear {
    heard: Instant,
    interrupt: Option<PyErr>,
}

impl Ear {
    fn new() -> Self {
        Self { heard: Instant::now(), interrupt: None }
    }

    /// Whether nobody has asked to stop.
    // The path of the method is not general enough in its lifetime.
    #[allow(clippy::redundant_closure_for_method_calls)]
    fn quiet(&mut self) -> bool {
        if self.interrupt.is_none() && self.heard.elapsed() > Duration::from_millis(50) {
            self.heard = Instant::now();
            self.interrupt = Python::attach(|py| py.check_signals()).err();
        }
        self.interrupt.is_none()
    }
}

impl Paths {
    /// Does something with the paths without holding Python up, one thread after the other. What an interrupt left behind
    /// comes first; one that comes now is raised.
    fn ask<T: Send>(&self, py: Python<'_>, job: impl FnOnce(&mut All, &mut Ear) -> T + Send) -> PyResult<T> {
        if std::process::id() != self.process {
            return Err(PyRuntimeError::new_err(
                "the simulation belongs to the process this one was forked from; save() there and restore() here",
            ));
        }
        py.detach(|| {
            let mut ear = Ear::new();
            let answer = match self.hold(&mut ear) {
                Some(mut held) => {
                    let paths = held.as_mut().ok_or_else(|| PyRuntimeError::new_err("the simulation is closed"))?;
                    paths.catch_up(&mut || ear.quiet()).then(|| job(paths, &mut ear))
                }
                None => None,
            };
            match (answer, ear.interrupt) {
                (Some(answer), None) => Ok(answer),
                (_, interrupt) => Err(interrupt.unwrap_or_else(|| PyRuntimeError::new_err("the simulation is busy"))),
            }
        })
    }

    /// Waits until no other thread has the paths, unless somebody asks to stop.
    fn hold(&self, ear: &mut Ear) -> Option<MutexGuard<'_, Option<All>>> {
        loop {
            match self.all.try_lock() {
                Ok(held) => return Some(held),
                Err(TryLockError::Poisoned(held)) => return Some(held.into_inner()),
                Err(TryLockError::WouldBlock) if ear.quiet() => std::thread::sleep(Duration::from_micros(200)),
                Err(TryLockError::WouldBlock) => return None,
            }
        }
    }
}

#[pymethods]
impl Paths {
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
        let world = world::read(inputs, rules)?;
        let (record, last, keep) = (Vec::new(), Vec::new(), 0);
        let settings =
            Settings { months, paths, first_path, seed, replicates, first_draw, threads, record, last, keep, dispatch };
        let all = py.detach(|| All::all(&world, settings)).map_err(wrong)?;
        Ok(Self { all: Mutex::new(Some(all)), process: std::process::id(), count: paths })
    }

    /// Moves all paths by up to `months` months, no further than the last, nor beyond a conflict of rules; gives the month
    /// reached.
    fn step(&self, py: Python<'_>, months: u32) -> PyResult<u32> {
        let (month, imbalance) = self.ask(py, |paths, ear| {
            let _ = (0..months).all(|_| paths.step(&mut || ear.quiet()) && paths.conflict().is_none());
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
    #[expect(clippy::needless_pass_by_value, reason = "the list is made for this call")]
    fn get<'py>(
        &self,
        py: Python<'py>,
        place: usize,
        entities: Vec<usize>,
        parameter: bool,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let count = entities.len();
        let source = source(parameter, place)?;
        let values = self.ask(py, |paths, _| {
            let fits = entities.iter().all(|&entity| entity < paths.entities(source, place));
            fits.then(|| match source {
                Source::Variable => paths.get(place, &entities),
                Source::Parameter => paths.parameter(place, &entities),
            })
        })?;
        let values = values.ok_or_else(|| wrong("no such entity"))?;
        values.into_pyarray(py).reshape([self.count, count])
    }

    /// Sets the variable at `place`, or the `parameter` there, to `values` `[paths, entities]` where `mask`, if there is one,
    /// says so; or multiplies it (`how` 0), or adds (1).
    #[pyo3(signature = (place, entities, values, mask=None, how=2, parameter=false))]
    #[expect(clippy::needless_pass_by_value, reason = "the list is made for this call")]
    #[expect(clippy::too_many_arguments, reason = "docs/binding.md lists them")]
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
        let how = *[How::Scale, How::Add, How::Set].get(how).ok_or_else(|| wrong("\"how\" must be 0, 1 or 2"))?;
        let values = values.to_vec().map_err(wrong)?;
        let mask = mask.map(|mask| mask.to_vec()).transpose().map_err(wrong)?;
        self.ask(py, |paths, _| {
            paths.set(Change { source, place, how, entities: &entities, values: &values, mask: mask.as_deref() })
        })?
        .map_err(wrong)
    }

    /// The month, and all numbers that later months depend on.
    fn save<'py>(&self, py: Python<'py>) -> PyResult<(u32, Bound<'py, PyArray1<f64>>)> {
        let (month, numbers) = self.ask(py, |paths, _| (paths.month(), paths.save()))?;
        Ok((month, numbers.into_pyarray(py)))
    }

    /// Goes to the end of `month`, when `numbers` were saved.
    fn restore(&self, py: Python<'_>, month: u32, numbers: &Bound<'_, PyArray1<f64>>) -> PyResult<()> {
        let numbers = numbers.to_vec().map_err(wrong)?;
        self.ask(py, |paths, _| paths.restore(month, &numbers))?.map_err(wrong)
    }

    /// Outcomes of each path so far: the arrays of a run by the same names.
    fn outcomes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (outcomes, out) = (self.ask(py, |paths, _| paths.outcomes())?, PyDict::new(py));
        world::put(&out, outcomes, self.count)?;
        Ok(out)
    }

    /// Largest imbalance of the ledger so far, relative to the gross flow of its month.
    fn imbalance(&self, py: Python<'_>) -> PyResult<f64> {
        self.ask(py, |paths, _| paths.imbalance())
    }

    /// Gives the memory back, once no other thread is at work; nothing can be asked any more.
    fn close(&self, py: Python<'_>) {
        // In a forked process the thread that is at work is not there, and would be waited for in vain.
        if std::process::id() == self.process {
            py.detach(|| drop(self.hold(&mut Ear::new()).map(|mut held| held.take())));
        }
    }
}

/// Which table `place` is of, if it is of one.
fn source(parameter: bool, place: usize) -> PyResult<Source> {
    use cashcade_core::variables::{PARAMETERS, VARIABLES};
    let (source, count) =
        if parameter { (Source::Parameter, PARAMETERS.len()) } else { (Source::Variable, VARIABLES.len()) };
    if place < count { Ok(source) } else { Err(wrong(format!("no row {place} in a table of {count}"))) }
}

//! One call for many paths.

use crate::world::{self, wrong};
use cashcade_core::block::Cause;
use cashcade_core::footprint::Footprint;
use cashcade_core::record::Series;
use cashcade_core::run::{Outcome, run as run_paths};
use cashcade_core::settings::Settings;
use cashcade_core::variables::VARIABLES;
use cashcade_core::world::World;
use numpy::IntoPyArray;
use numpy::ndarray::Array3;
use pyo3::exceptions::{PyArithmeticError, PyKeyError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::time::{Duration, Instant};

/// Names of causes of failure, by code.
#[pyfunction]
pub fn causes() -> Vec<&'static str> {
    Cause::NAMES.to_vec()
}

/// Runs paths of a compiled world; docs/binding.md lists arguments and results.
#[pyfunction]
#[pyo3(signature = (inputs, *, months, paths, first_path, seed, replicates, first_draw, threads, record, last, keep,
    progress=None, dispatch=true, rules=None))]
#[allow(clippy::too_many_arguments)]
pub fn run<'py>(
    py: Python<'py>,
    inputs: &Bound<'py, PyDict>,
    months: u32,
    paths: usize,
    first_path: u64,
    seed: u64,
    replicates: u64,
    first_draw: u64,
    threads: usize,
    record: Vec<usize>,
    last: Vec<usize>,
    keep: usize,
    progress: Option<Py<PyAny>>,
    dispatch: bool,
    rules: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let world = world::read(inputs, rules)?;
    let settings =
        Settings { months, paths, first_path, seed, replicates, first_draw, threads, record, last, keep, dispatch };
    let mut gate = Gate::new(progress, paths);
    let outcome = py.detach(|| run_paths(&world, &settings, |done| gate.pass(done)));
    gate.result()?;
    results(py, outcome.map_err(wrong)?, &settings, &world)
}

/// Bytes that a run takes at its height, or all paths that a host keeps; docs/binding.md lists the parts.
#[pyfunction]
#[pyo3(signature = (inputs, *, months, paths, threads, record, last, keep, rules=None, held=false))]
#[allow(clippy::too_many_arguments)]
pub fn footprint<'py>(
    py: Python<'py>,
    inputs: &Bound<'py, PyDict>,
    months: u32,
    paths: usize,
    threads: usize,
    record: Vec<usize>,
    last: Vec<usize>,
    keep: usize,
    rules: Option<&Bound<'py, PyDict>>,
    held: bool,
) -> PyResult<Bound<'py, PyDict>> {
    let world = world::read(inputs, rules)?;
    if let Some(place) = record.iter().chain(&last).find(|&&place| place >= world.recordable()) {
        return Err(wrong(format!("there is no variable {place}")));
    }
    let settings = Settings { months, paths, threads, record, last, keep, ..Settings::default() };
    let found = if held { Footprint::of_all(&world, &settings) } else { Footprint::of_run(&world, &settings) };
    let out = PyDict::new(py);
    out.set_item("kept", found.kept)?;
    out.set_item("outcomes", found.outcomes)?;
    out.set_item("sums", found.sums)?;
    out.set_item("spare", found.spare)?;
    out.set_item("block", found.block)?;
    out.set_item("blocks", found.blocks)?;
    out.set_item("draw", found.draw)?;
    out.set_item("granted", found.is_granted())?;
    Ok(out)
}

/// The one gate to Python while a run is under way: Ctrl-C and progress.
struct Gate {
    progress: Option<Py<PyAny>>,
    paths: usize,
    signals: Instant,
    shown: Instant,
    error: Option<PyErr>,
}

impl Gate {
    fn new(progress: Option<Py<PyAny>>, paths: usize) -> Self {
        let now = Instant::now();
        Self { progress, paths, signals: now, shown: now, error: None }
    }

    /// Whether the run may go on.
    // The path of the method is not general enough in its lifetime.
    #[allow(clippy::redundant_closure_for_method_calls)]
    fn pass(&mut self, done: usize) -> bool {
        if self.error.is_some() {
            return false;
        }
        if self.signals.elapsed() > Duration::from_millis(50) {
            self.signals = Instant::now();
            self.error = Python::attach(|py| py.check_signals()).err();
        }
        if self.progress.is_some() && self.shown.elapsed() > Duration::from_millis(200) {
            self.shown = Instant::now();
            self.error = self.error.take().or_else(|| self.show(done).err());
        }
        self.error.is_none()
    }

    fn show(&self, done: usize) -> PyResult<()> {
        let Some(progress) = &self.progress else { return Ok(()) };
        Python::attach(|py| progress.call1(py, (done, self.paths)).map(drop))
    }

    /// Any error but Ctrl-C, which leaves a shorter run.
    fn result(self) -> PyResult<()> {
        match self.error {
            Some(error) if !Python::attach(|py| error.is_instance_of::<pyo3::exceptions::PyKeyboardInterrupt>(py)) => {
                Err(error)
            }
            _ => Ok(()),
        }
    }
}

/// The results as arrays, moved out without copies.
fn results<'py>(py: Python<'py>, outcome: Outcome, settings: &Settings, world: &World) -> PyResult<Bound<'py, PyDict>> {
    if let Some((name, entity, month)) = outcome.unsound() {
        return Err(unsound(&format!("{name}[{entity}] in month {month}")));
    }
    let (months, out) = (settings.months as usize, PyDict::new(py));
    out.set_item("finished", outcome.finished.into_pyarray(py))?;
    out.set_item("interrupted", outcome.interrupted)?;
    out.set_item("imbalance", outcome.imbalance)?;
    for (name, list, rows) in [("", outcome.series, months), ("last_", outcome.last, 1)] {
        let (sums, squares) = (PyList::empty(py), PyList::empty(py));
        for series in list {
            let [sum, square] = bins(series, rows)?;
            sums.append(sum.into_pyarray(py))?;
            squares.append(square.into_pyarray(py))?;
        }
        out.set_item(format!("{name}sum"), sums)?;
        // Of the end, means are all that is asked for.
        if name.is_empty() {
            out.set_item("square", squares)?;
        }
    }
    let kept = PyList::empty(py);
    for (series, &place) in outcome.kept.into_iter().zip(&settings.record) {
        let shape = (
            settings.keep.min(settings.paths),
            months,
            VARIABLES.get(place).map_or(1, |variable| world.entities(variable.entity)),
        );
        let array = Array3::from_shape_vec(shape, series).map_err(|error| PyKeyError::new_err(error.to_string()))?;
        kept.append(array.into_pyarray(py))?;
    }
    out.set_item("kept", kept)?;
    let conflict = outcome.conflict.map(|(path, found)| (path, found.month, found.actions[0], found.actions[1]));
    out.set_item("conflict", conflict)?;
    world::put(&out, outcome.outcomes, settings.paths)?;
    Ok(out)
}

/// An error that no input should bring about: a number that is none or not finite.
pub(crate) fn unsound(what: &str) -> PyErr {
    PyArithmeticError::new_err(format!(
        "A number of the run is not finite ({what}), so that nothing it says can be trusted. Please report this with the world."
    ))
}

/// Bins of sums and squares, `[months, entities, bins]`.
fn bins(series: Series, rows: usize) -> PyResult<[Array3<f64>; 2]> {
    let entities = series.entities();
    let [sum, square] = series.into_bins();
    let shaped = |(cells, bins): (Vec<f64>, usize)| {
        Array3::from_shape_vec((rows, entities, bins), cells).map_err(|error| PyKeyError::new_err(error.to_string()))
    };
    Ok([shaped(sum)?, shaped(square)?])
}

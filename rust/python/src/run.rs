//! One call for many paths.

use crate::rules::RuleTables;
use cashcade_core::block::Cause;
use cashcade_core::footprint::Footprint;
use cashcade_core::inputs::{Inputs, Source};
use cashcade_core::record::Series;
use cashcade_core::run::{Outcome, Settings, run as run_paths};
use cashcade_core::variables::{Entity, VARIABLES};
use numpy::ndarray::Array3;
use numpy::{IntoPyArray, PyArray1, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Borrowed arrays by name.
#[derive(Default)]
pub(crate) struct Arrays<'py> {
    pub(crate) floats: HashMap<String, PyReadonlyArray2<'py, f64>>,
    pub(crate) indices: HashMap<String, PyReadonlyArray1<'py, i32>>,
    pub(crate) addresses: HashMap<String, PyReadonlyArray1<'py, u32>>,
}

impl<'py> Arrays<'py> {
    pub(crate) fn read(inputs: &Bound<'py, PyDict>) -> PyResult<Self> {
        let mut arrays = Self::default();
        for (name, array) in inputs.iter() {
            let name: String = name.extract()?;
            if let Ok(array) = array.extract::<PyReadonlyArray2<'py, f64>>() {
                arrays.floats.insert(name, array);
            } else if let Ok(array) = array.extract::<PyReadonlyArray1<'py, i32>>() {
                arrays.indices.insert(name, array);
            } else if let Ok(array) = array.extract::<PyReadonlyArray1<'py, u32>>() {
                arrays.addresses.insert(name, array);
            } else {
                return Err(PyValueError::new_err(format!(
                    "array \"{name}\" is neither float64 [draws, entities], int32 [entities] nor uint32 [entities]"
                )));
            }
        }
        Ok(arrays)
    }
}

impl<'a> Source<'a> for &'a Arrays<'_> {
    fn floats(&self, name: &str) -> Option<(usize, &'a [f64])> {
        let array = self.floats.get(name)?;
        Some((array.shape()[0], array.as_slice().ok()?))
    }
    fn indices(&self, name: &str) -> Option<&'a [i32]> {
        self.indices.get(name)?.as_slice().ok()
    }
    fn addresses(&self, name: &str) -> Option<&'a [u32]> {
        self.addresses.get(name)?.as_slice().ok()
    }
}

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
    let arrays = Arrays::read(inputs)?;
    let rules = rules.map(RuleTables::read).transpose()?;
    let wrong = |error: &dyn std::fmt::Display| PyValueError::new_err(error.to_string());
    let mut inputs = Inputs::read(&&arrays).map_err(|error| wrong(&error))?;
    if let Some(rules) = &rules {
        inputs.add_rules(&rules.arrays()?).map_err(|error| wrong(&error))?;
    }
    let settings =
        Settings { months, paths, first_path, seed, replicates, first_draw, threads, record, last, keep, dispatch };
    let mut gate = Gate::new(progress, paths);
    let outcome = py.detach(|| run_paths(&inputs, &settings, |done| gate.pass(done)));
    gate.result()?;
    let outcome = outcome.map_err(|error| wrong(&error))?;
    results(py, outcome, &settings, &inputs)
}

/// Bytes that a run takes at its height, or a stepper, which holds all paths at once; docs/binding.md lists the parts.
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
    let arrays = Arrays::read(inputs)?;
    let rules = rules.map(RuleTables::read).transpose()?;
    let wrong = |error: &dyn std::fmt::Display| PyValueError::new_err(error.to_string());
    let mut inputs = Inputs::read(&&arrays).map_err(|error| wrong(&error))?;
    if let Some(rules) = &rules {
        inputs.add_rules(&rules.arrays()?).map_err(|error| wrong(&error))?;
    }
    if let Some(place) = record.iter().chain(&last).find(|&&place| place >= VARIABLES.len()) {
        return Err(PyValueError::new_err(format!("there is no variable {place}")));
    }
    let settings = Settings { months, paths, threads, record, last, keep, ..Settings::default() };
    let found = if held { Footprint::of_stepper(&inputs, &settings) } else { Footprint::of_run(&inputs, &settings) };
    let out = PyDict::new(py);
    out.set_item("kept", found.kept)?;
    out.set_item("outcomes", found.outcomes)?;
    out.set_item("sums", found.sums)?;
    out.set_item("spare", found.spare)?;
    out.set_item("block", found.block)?;
    out.set_item("blocks", found.blocks)?;
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
fn results<'py>(
    py: Python<'py>,
    outcome: Outcome,
    settings: &Settings,
    inputs: &Inputs<'_>,
) -> PyResult<Bound<'py, PyDict>> {
    let (companies, months, paths) = (inputs.entities(Entity::Company), settings.months as usize, settings.paths);
    let out = PyDict::new(py);
    out.set_item("finished", outcome.finished.into_pyarray(py))?;
    out.set_item("interrupted", outcome.interrupted)?;
    out.set_item("imbalance", outcome.imbalance)?;
    out.set_item("failed_month", table(py, outcome.failed_month, [paths, companies])?)?;
    out.set_item("cause", table(py, outcome.cause, [paths, companies])?)?;
    out.set_item("trigger", table(py, outcome.trigger, [paths, companies])?)?;
    out.set_item("debt_at_failure", table(py, outcome.debt_at_failure, [paths, companies])?)?;
    for (name, list, rows) in [("", outcome.series, months), ("last_", outcome.last, 1)] {
        let (sums, squares) = (PyList::empty(py), PyList::empty(py));
        for series in list {
            let [sum, square] = bins(series, rows)?;
            sums.append(sum.into_pyarray(py))?;
            squares.append(square.into_pyarray(py))?;
        }
        out.set_item(format!("{name}sum"), sums)?;
        out.set_item(format!("{name}square"), squares)?;
    }
    let kept = PyList::empty(py);
    for (series, &place) in outcome.kept.into_iter().zip(&settings.record) {
        let shape = (settings.keep.min(settings.paths), months, inputs.entities(VARIABLES[place].entity));
        let array = Array3::from_shape_vec(shape, series).map_err(|error| PyKeyError::new_err(error.to_string()))?;
        kept.append(array.into_pyarray(py))?;
    }
    out.set_item("kept", kept)?;
    if let Some(rules) = inputs.rules.as_deref() {
        out.set_item("rule_first", table(py, outcome.fired.first, [paths, rules.rules.len()])?)?;
        out.set_item("rule_months", table(py, outcome.fired.months, [paths, rules.rules.len()])?)?;
        out.set_item("action_first", table(py, outcome.fired.amount, [paths, rules.actions.len()])?)?;
        out.set_item("watch_first", table(py, outcome.fired.watched, [paths, rules.watches.len()])?)?;
        let conflict = outcome.conflict.map(|(path, found)| (path, found.month, found.actions[0], found.actions[1]));
        out.set_item("conflict", conflict)?;
        if !rules.doors.is_empty() {
            let exits = outcome.exits;
            out.set_item("exit_month", table(py, exits.month, [paths, companies])?)?;
            out.set_item("exit_door", table(py, exits.door, [paths, companies])?)?;
            out.set_item("exit_buyer", table(py, exits.buyer, [paths, companies])?)?;
            out.set_item("exit_price", table(py, exits.price, [paths, companies])?)?;
        }
    }
    Ok(out)
}

/// A table of two dimensions.
pub(crate) fn table<'py, T: numpy::Element>(
    py: Python<'py>,
    cells: Vec<T>,
    shape: [usize; 2],
) -> PyResult<Bound<'py, PyAny>> {
    let array: Bound<'py, PyArray1<T>> = cells.into_pyarray(py);
    Ok(array.reshape(shape)?.into_any())
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

//! Payments of one path.

use crate::world::{self, wrong};
use cashcade_core::events::Why;
use cashcade_core::settings::Settings;
use cashcade_core::trace::trace;
use numpy::IntoPyArray;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Subjects of events, by code: name and meaning.
#[pyfunction]
pub fn reasons() -> Vec<(&'static str, &'static str)> {
    Why::ALL.to_vec()
}

/// Runs one path of a compiled world and gives what was paid on it; docs/binding.md lists arguments and results.
#[pyfunction]
#[pyo3(signature = (inputs, *, months, path, seed, replicates, first_draw, rules=None))]
// The path of `check_signals` is not general enough in its lifetime.
#[allow(clippy::too_many_arguments, clippy::redundant_closure_for_method_calls)]
pub fn events<'py>(
    py: Python<'py>,
    inputs: &Bound<'py, PyDict>,
    months: u32,
    path: u64,
    seed: u64,
    replicates: u64,
    first_draw: u64,
    rules: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let world = world::read(inputs, rules)?;
    let settings = Settings {
        months,
        paths: 1,
        first_path: path,
        seed,
        replicates,
        first_draw,
        threads: 1,
        record: Vec::new(),
        last: Vec::new(),
        keep: 0,
        dispatch: true,
    };
    let mut signal = Ok(());
    let found = py.detach(|| {
        trace(&world, &settings, || {
            signal = Python::attach(|py| py.check_signals());
            signal.is_ok()
        })
    });
    signal?;
    let found = found.map_err(wrong)?;
    let out = PyDict::new(py);
    out.set_item("month", found.iter().map(|event| event.month as u16).collect::<Vec<_>>().into_pyarray(py))?;
    out.set_item("payer", found.iter().map(|event| event.payer).collect::<Vec<_>>().into_pyarray(py))?;
    out.set_item("payee", found.iter().map(|event| event.payee).collect::<Vec<_>>().into_pyarray(py))?;
    out.set_item("amount", found.iter().map(|event| event.amount).collect::<Vec<_>>().into_pyarray(py))?;
    out.set_item("why", found.iter().map(|event| event.why as u8).collect::<Vec<_>>().into_pyarray(py))?;
    out.set_item("value", found.iter().map(|event| event.value).collect::<Vec<_>>().into_pyarray(py))?;
    out.set_item("threshold", found.iter().map(|event| event.threshold).collect::<Vec<_>>().into_pyarray(py))?;
    Ok(out)
}

//! The table of variables, for Python.

use cashcade_core::variables::{LINKS, PARAMETERS, VARIABLES};
use cashcade_lanes::draw::{philox, schedule};
use cashcade_lanes::math::uniform;
use numpy::{PyArray1, ToPyArray};
use pyo3::prelude::*;

type ParameterRow = (&'static str, &'static str, &'static str, f64, f64, Option<f64>, bool, &'static str);
type LinkRow = (&'static str, &'static str, &'static str, bool, &'static str);
type VariableRow = (&'static str, &'static str, &'static str, bool, &'static str);

/// Rows (entity, name, unit, low, high, default or None, whether rules may move it, meaning).
#[pyfunction]
pub fn parameters() -> Vec<ParameterRow> {
    let row = |p: &cashcade_core::variables::Parameter| {
        (p.entity.name(), p.name, p.unit.name(), p.low, p.high, p.default, p.lever, p.meaning)
    };
    PARAMETERS.iter().map(row).collect()
}

/// Rows (entity, name, target entity, may point outside, meaning).
#[pyfunction]
pub fn links() -> Vec<LinkRow> {
    LINKS.iter().map(|l| (l.entity.name(), l.name, l.target.name(), l.outside, l.meaning)).collect()
}

/// Rows (entity, name, unit, writable, meaning).
#[pyfunction]
pub fn variables() -> Vec<VariableRow> {
    VARIABLES.iter().map(|v| (v.entity.name(), v.name, v.unit.name(), v.writable.is_some(), v.meaning)).collect()
}

/// Uniform numbers at (seed, path = first .. first + count, stream, entity), block 0, word 0.
#[pyfunction]
#[pyo3(signature = (seed, stream, entity, first, count))]
pub fn uniforms(
    py: Python<'_>,
    seed: u64,
    stream: u16,
    entity: u32,
    first: u64,
    count: usize,
) -> Bound<'_, PyArray1<f64>> {
    let keys = schedule([seed & 0xFFFF_FFFF, seed >> 32]);
    let place = u64::from(stream) << 16;
    let numbers: Vec<f64> = (first..first.saturating_add(count as u64))
        .map(|path| uniform(philox([u64::from(entity), place, path & 0xFFFF_FFFF, path >> 32], &keys)[0]))
        .collect();
    numbers.to_pyarray(py)
}

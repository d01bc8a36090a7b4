//! The table of variables, for Python.

use cashcade_core::variables::{self, LINKS, PARAMETERS, VARIABLES};
use cashcade_lanes::draw::{philox, schedule};
use cashcade_lanes::math::uniform;
use numpy::{IntoPyArray, PyArray2, PyArrayMethods, PyReadonlyArray1, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;

/// A row of the table of parameters.
#[pyclass(frozen, get_all, module = "cashcade._core")]
pub struct Parameter {
    place: usize,
    entity: &'static str,
    name: &'static str,
    file: &'static str,
    unit: &'static str,
    low: f64,
    high: f64,
    default: Option<f64>,
    lever: bool,
    off: Option<f64>,
    words: Py<PyTuple>,
    meaning: &'static str,
}

/// A row of the table of links.
#[pyclass(frozen, get_all, module = "cashcade._core")]
pub struct Link {
    entity: &'static str,
    name: &'static str,
    target: &'static str,
    outside: bool,
    meaning: &'static str,
}

/// A row of the table of variables.
#[pyclass(frozen, get_all, module = "cashcade._core")]
pub struct Variable {
    place: usize,
    entity: &'static str,
    name: &'static str,
    file: &'static str,
    unit: &'static str,
    writable: Option<(f64, f64)>,
    meaning: &'static str,
}

/// The one table, in three parts.
#[pyclass(frozen, get_all, module = "cashcade._core")]
pub struct Table {
    parameters: Py<PyTuple>,
    links: Py<PyTuple>,
    variables: Py<PyTuple>,
}

/// Implements what rows have in common.
macro_rules! row {
    ($($kind:ident)*) => {$(
        #[pymethods]
        impl $kind {
            /// Entity and name, such as `company.cash`.
            #[getter]
            fn full_name(&self) -> String {
                format!("{}.{}", self.entity, self.name)
            }

            fn __repr__(&self) -> String {
                format!("<{} {}>", stringify!($kind), self.full_name())
            }
        }
    )*};
}
row! { Parameter Link Variable }

fn tuple<'py, R>(py: Python<'py>, rows: Vec<R>) -> PyResult<Py<PyTuple>>
where
    R: IntoPyObject<'py>,
{
    Ok(PyTuple::new(py, rows)?.unbind())
}

fn parameter(py: Python<'_>, (place, row): (usize, &variables::Parameter)) -> PyResult<Parameter> {
    Ok(Parameter {
        place,
        entity: row.entity.name(),
        name: row.name,
        file: row.file,
        unit: row.unit.name(),
        low: row.low,
        high: row.high,
        default: row.default,
        lever: row.lever,
        off: row.off,
        words: PyTuple::new(py, row.words)?.unbind(),
        meaning: row.meaning,
    })
}

fn link(row: &variables::Link) -> Link {
    Link {
        entity: row.entity.name(),
        name: row.name,
        target: row.target.name(),
        outside: row.outside,
        meaning: row.meaning,
    }
}

fn variable((place, row): (usize, &variables::Variable)) -> Variable {
    Variable {
        place,
        entity: row.entity.name(),
        name: row.name,
        file: row.file,
        unit: row.unit.name(),
        writable: row.writable.map(Into::into),
        meaning: row.meaning,
    }
}

fn made(py: Python<'_>) -> PyResult<Py<Table>> {
    let parameters: Vec<Parameter> =
        PARAMETERS.iter().enumerate().map(|row| parameter(py, row)).collect::<PyResult<_>>()?;
    let table = Table {
        parameters: tuple(py, parameters)?,
        links: tuple(py, LINKS.iter().map(link).collect())?,
        variables: tuple(py, VARIABLES.iter().enumerate().map(variable).collect())?,
    };
    Py::new(py, table)
}

/// The one table: parameters, links and variables. Every call gives the same object.
#[pyfunction]
pub fn table(py: Python<'_>) -> PyResult<Py<Table>> {
    static TABLE: PyOnceLock<Py<Table>> = PyOnceLock::new();
    TABLE.get_or_try_init(py, || made(py)).map(|table| table.clone_ref(py))
}

/// Uniform numbers at (seed, path = first .. first + count, stream, entity), block 0, word 0: a row an entity.
#[pyfunction]
#[pyo3(signature = (seed, stream, entities, first, count))]
pub fn uniforms<'py>(
    py: Python<'py>,
    seed: u64,
    stream: u16,
    entities: PyReadonlyArray1<'py, u32>,
    first: u64,
    count: usize,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let keys = schedule([seed & 0xFFFF_FFFF, seed >> 32]);
    let place = u64::from(stream) << 16;
    let paths = first..first.saturating_add(count as u64);
    let numbers: Vec<f64> = entities
        .as_slice()?
        .iter()
        .flat_map(|&entity| paths.clone().map(move |path| (entity, path)))
        .map(|(entity, path)| uniform(philox([u64::from(entity), place, path & 0xFFFF_FFFF, path >> 32], &keys)[0]))
        .collect();
    numbers.into_pyarray(py).reshape([entities.len(), paths.count()])
}

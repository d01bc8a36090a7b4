//! A world and its rules, out of Python's arrays; and the columns of outcomes, back as arrays.

use crate::rules::RuleTables;
use cashcade_core::outcomes::{Cells, Outcomes};
use cashcade_core::world::{Source, World};
use numpy::{
    Element, IntoPyArray, PyArray1, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::HashMap;
use std::sync::Arc;

/// An error of the core, as Python raises it.
pub fn wrong(error: impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Borrowed arrays by name.
#[derive(Default)]
struct Arrays<'py> {
    floats: HashMap<String, PyReadonlyArray2<'py, f64>>,
    indices: HashMap<String, PyReadonlyArray1<'py, i32>>,
    addresses: HashMap<String, PyReadonlyArray1<'py, u32>>,
}

impl<'py> Arrays<'py> {
    fn read(inputs: &Bound<'py, PyDict>) -> PyResult<Self> {
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

impl Source for Arrays<'_> {
    fn floats(&self, name: &str) -> Option<(usize, &[f64])> {
        let array = self.floats.get(name)?;
        Some((array.shape()[0], array.as_slice().ok()?))
    }
    fn indices(&self, name: &str) -> Option<&[i32]> {
        self.indices.get(name)?.as_slice().ok()
    }
    fn addresses(&self, name: &str) -> Option<&[u32]> {
        self.addresses.get(name)?.as_slice().ok()
    }
}

/// Copies and checks a world and its rules.
pub fn read(inputs: &Bound<'_, PyDict>, rules: Option<&Bound<'_, PyDict>>) -> PyResult<Arc<World>> {
    let mut world = World::read(&Arrays::read(inputs)?).map_err(wrong)?;
    if let Some(rules) = rules {
        world.add_rules(&RuleTables::read(rules)?.arrays()?).map_err(wrong)?;
    }
    Ok(Arc::new(world))
}

/// Puts the columns of outcomes of so many paths into a dictionary, moved without copies.
pub fn put(out: &Bound<'_, PyDict>, outcomes: Outcomes, paths: usize) -> PyResult<()> {
    for column in outcomes.columns() {
        let shape = column.width.map(|width| [paths, width]);
        let array = match column.cells {
            Cells::U8(cells) => table(out.py(), cells, shape),
            Cells::U16(cells) => table(out.py(), cells, shape),
            Cells::I16(cells) => table(out.py(), cells, shape),
            Cells::I32(cells) => table(out.py(), cells, shape),
            Cells::F64(cells) => table(out.py(), cells, shape),
        };
        out.set_item(column.name, array?)?;
    }
    Ok(())
}

/// An array of one dimension, or of two.
fn table<T: Element>(py: Python<'_>, cells: Vec<T>, shape: Option<[usize; 2]>) -> PyResult<Bound<'_, PyAny>> {
    let array: Bound<'_, PyArray1<T>> = cells.into_pyarray(py);
    Ok(match shape {
        Some(shape) => array.reshape(shape)?.into_any(),
        None => array.into_any(),
    })
}

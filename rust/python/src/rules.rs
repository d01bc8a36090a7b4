//! Rules, for Python: contiguous arrays in, as `python/cashcade/compile/programs.py` makes them.

use cashcade_core::exits::Effect;
use cashcade_core::rule::{GraphArrays, Operation, RuleArrays};
use numpy::{Element, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Names of the operations of nodes, and how many nodes each takes, by code.
#[pyfunction]
pub fn operations() -> Vec<(&'static str, usize)> {
    Operation::ALL.iter().map(|operation| (operation.name(), operation.takes())).collect()
}

/// Effects of doors, by code.
#[pyfunction]
pub fn effects() -> Vec<&'static str> {
    Effect::NAMES.to_vec()
}

/// Borrowed arrays of rules.
pub struct RuleTables<'py> {
    node: PyReadonlyArray2<'py, i32>,
    constants: PyReadonlyArray2<'py, f64>,
    group: PyReadonlyArray1<'py, i32>,
    member: PyReadonlyArray1<'py, i32>,
    address: PyReadonlyArray1<'py, u32>,
    rule: PyReadonlyArray2<'py, i32>,
    action: PyReadonlyArray2<'py, i32>,
    door: Option<PyReadonlyArray2<'py, i32>>,
    buyer: Option<PyReadonlyArray2<'py, i32>>,
    lever: Option<PyReadonlyArray2<'py, i32>>,
    watch: Option<PyReadonlyArray2<'py, i32>>,
    gauge: Option<PyReadonlyArray2<'py, i32>>,
}

impl<'py> RuleTables<'py> {
    /// Takes the arrays out of a dictionary.
    pub fn read(rules: &Bound<'py, PyDict>) -> PyResult<Self> {
        Ok(Self {
            node: find(rules, "node", "int32 [nodes, 4]")?,
            constants: find(rules, "constants", "float64 [draws, constants]")?,
            group: find(rules, "group", "int32 [groups + 1]")?,
            member: find(rules, "member", "int32 [members]")?,
            address: find(rules, "address", "uint32 [addresses]")?,
            rule: find(rules, "rule", "int32 [rules, 5]")?,
            action: find(rules, "action", "int32 [actions, 6]")?,
            door: rules.contains("door")?.then(|| find(rules, "door", "int32 [doors, 6]")).transpose()?,
            buyer: rules.contains("buyer")?.then(|| find(rules, "buyer", "int32 [buyers, 3]")).transpose()?,
            lever: rules.contains("lever")?.then(|| find(rules, "lever", "int32 [levers, 2]")).transpose()?,
            watch: rules.contains("watch")?.then(|| find(rules, "watch", "int32 [watches, 2]")).transpose()?,
            gauge: rules.contains("gauge")?.then(|| find(rules, "gauge", "int32 [gauges, 2]")).transpose()?,
        })
    }

    /// The arrays as the core reads them.
    pub fn arrays(&self) -> PyResult<RuleArrays<'_>> {
        Ok(RuleArrays {
            graph: GraphArrays {
                node: rows(&self.node, "node")?,
                group: flat(&self.group, "group")?,
                member: flat(&self.member, "member")?,
                address: flat(&self.address, "address")?,
            },
            constants: self.constants.as_slice().map_err(|_| wrong("constants", "C-contiguous"))?,
            draws: self.constants.shape()[0],
            rule: rows(&self.rule, "rule")?,
            action: rows(&self.action, "action")?,
            door: self.door.as_ref().map_or(Ok(&[][..]), |array| rows(array, "door"))?,
            buyer: self.buyer.as_ref().map_or(Ok(&[][..]), |array| rows(array, "buyer"))?,
            lever: self.lever.as_ref().map_or(Ok(&[][..]), |array| rows(array, "lever"))?,
            watch: self.watch.as_ref().map_or(Ok(&[][..]), |array| rows(array, "watch"))?,
            gauge: self.gauge.as_ref().map_or(Ok(&[][..]), |array| rows(array, "gauge"))?,
        })
    }
}

fn wrong(name: &str, wanted: &str) -> PyErr {
    PyValueError::new_err(format!("rules: array \"{name}\" must be {wanted}"))
}

fn find<'py, T>(rules: &Bound<'py, PyDict>, name: &str, wanted: &str) -> PyResult<T>
where
    T: for<'a> FromPyObject<'a, 'py>,
{
    let found = rules.get_item(name)?;
    found.and_then(|array| array.extract().ok()).ok_or_else(|| wrong(name, wanted))
}

fn flat<'a, T: Element>(array: &'a PyReadonlyArray1<'_, T>, name: &str) -> PyResult<&'a [T]> {
    array.as_slice().map_err(|_| wrong(name, "C-contiguous"))
}

/// Rows of `N` numbers.
fn rows<'a, const N: usize>(array: &'a PyReadonlyArray2<'_, i32>, name: &str) -> PyResult<&'a [[i32; N]]> {
    if array.shape()[1] != N {
        return Err(wrong(name, &format!("[rows, {N}]")));
    }
    Ok(array.as_slice().map_err(|_| wrong(name, "C-contiguous"))?.as_chunks().0)
}

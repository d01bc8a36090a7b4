//! Clearing vectors, for Python: contiguous arrays in, flat arrays out, the interpreter free meanwhile.
#![allow(clippy::needless_pass_by_value)] // arguments are handed over

use cashcade_core::clearing::batch::{self, Cleared, Extreme, Nodes, Rows};
use cashcade_core::clearing::dense::DenseClaims;
use cashcade_core::clearing::failures::{self, Organisations};
use cashcade_core::clearing::links::Links;
use cashcade_core::clearing::priority::Estate;
use cashcade_core::clearing::{Claims, ClearingError, RankedClaims, System, Totals, Workspace, sensitivity};
use numpy::{Element, IntoPyArray, PyArray1, PyReadonlyArrayDyn};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A vector for Python.
pub type Vector<'py, T> = Bound<'py, PyArray1<T>>;
/// An array of numbers from Python.
pub type Reals<'py> = PyReadonlyArrayDyn<'py, f64>;
/// An array of indices from Python.
pub type Indices<'py> = PyReadonlyArrayDyn<'py, u32>;

/// Shares paid, dues, received, receivable, left, lost, rounds, residuals.
type ClearedArrays<'py> = (
    Vector<'py, f64>,
    Vector<'py, f64>,
    Vector<'py, f64>,
    Vector<'py, f64>,
    Vector<'py, f64>,
    Vector<'py, f64>,
    Vector<'py, u32>,
    Vector<'py, f64>,
);

/// Errors of the core become value errors here and nowhere else.
pub fn refuse(error: ClearingError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The entries of a contiguous array.
pub fn view<'a, T: Element>(array: &'a PyReadonlyArrayDyn<'_, T>) -> PyResult<&'a [T]> {
    array.as_slice().map_err(|error| PyValueError::new_err(error.to_string()))
}

pub fn extreme(least: bool) -> Extreme {
    if least { Extreme::Least } else { Extreme::Greatest }
}

/// Claims in rows by debtor: who is owed, in which rank, how much (rows of amounts by system, or one for all), and
/// what is owed outside by node and rank (the same).
#[derive(FromPyObject)]
pub struct ClaimRows<'py> {
    start: Indices<'py>,
    creditor: Indices<'py>,
    rank: PyReadonlyArrayDyn<'py, u8>,
    amount: Reals<'py>,
    owed_outside: Reals<'py>,
    ranks: u8,
}

/// Claims as matrices by system (or one for all), rank, debtor and creditor.
#[derive(FromPyObject)]
pub struct ClaimMatrices<'py> {
    owed: Reals<'py>,
    owed_outside: Reals<'py>,
    ranks: usize,
}

/// What the nodes bring: rows by system, or one for all.
#[derive(FromPyObject)]
pub struct NodeRows<'py> {
    outside: Reals<'py>,
    alpha: Reals<'py>,
    beta: Reals<'py>,
    nodes: usize,
    hard_ranks: u8,
}

impl NodeRows<'_> {
    fn rows(&self) -> PyResult<Nodes<'_>> {
        let rows = |array| PyResult::Ok(Rows::new(view(array)?, self.nodes));
        Ok(Nodes {
            outside: rows(&self.outside)?,
            alpha: rows(&self.alpha)?,
            beta: rows(&self.beta)?,
            hard_ranks: self.hard_ranks,
        })
    }
}

impl ClaimRows<'_> {
    fn structure(&self) -> PyResult<Structure<'_>> {
        let (start, creditor) = (view(&self.start)?, view(&self.creditor)?);
        let amounts = Rows::new(view(&self.amount)?, creditor.len());
        let claims =
            RankedClaims::new(start, creditor, view(&self.rank)?, amounts.get(0), self.ranks).map_err(refuse)?;
        let owed_outside = Rows::new(view(&self.owed_outside)?, claims.nodes() * claims.ranks());
        Ok(Structure { claims, amounts, owed_outside })
    }
}

/// Claims of one structure, amounts by system.
struct Structure<'a> {
    claims: RankedClaims<'a>,
    amounts: Rows<'a>,
    owed_outside: Rows<'a>,
}

impl Structure<'_> {
    fn claims_of(&self, system: usize) -> Result<RankedClaims<'_>, ClearingError> {
        self.claims.with_amounts(self.amounts.get(system), self.owed_outside.get(system))
    }
}

fn to_python(py: Python<'_>, cleared: Cleared) -> ClearedArrays<'_> {
    (
        cleared.paid_share.into_pyarray(py),
        cleared.due.into_pyarray(py),
        cleared.received.into_pyarray(py),
        cleared.receivable.into_pyarray(py),
        cleared.left.into_pyarray(py),
        cleared.lost.into_pyarray(py),
        cleared.fell_in_round.into_pyarray(py),
        cleared.residual.into_pyarray(py),
    )
}

/// Clear systems whose claims come in rows by debtor.
#[pyfunction]
pub fn clear_rows<'py>(
    py: Python<'py>,
    claims: ClaimRows<'py>,
    nodes: NodeRows<'py>,
    systems: usize,
    least: bool,
) -> PyResult<ClearedArrays<'py>> {
    let structure = claims.structure()?;
    let rows = nodes.rows()?;
    let cleared = py.detach(|| batch::clear_batch(systems, |k| structure.claims_of(k), &rows, extreme(least)));
    Ok(to_python(py, cleared.map_err(refuse)?))
}

/// Clear systems whose claims come as matrices.
#[pyfunction]
pub fn clear_matrices<'py>(
    py: Python<'py>,
    claims: ClaimMatrices<'py>,
    nodes: NodeRows<'py>,
    systems: usize,
    least: bool,
) -> PyResult<ClearedArrays<'py>> {
    let (n, ranks) = (nodes.nodes, claims.ranks);
    let owed = Rows::new(view(&claims.owed)?, ranks * n * n);
    let outside = Rows::new(view(&claims.owed_outside)?, ranks * n);
    let rows = nodes.rows()?;
    let of = |k| DenseClaims::new(owed.get(k), outside.get(k), n, ranks);
    let cleared = py.detach(|| batch::clear_batch(systems, of, &rows, extreme(least)));
    Ok(to_python(py, cleared.map_err(refuse)?))
}

/// Response of payments to changes of outside cash (rows by question), at the greatest clearing vector.
#[pyfunction]
pub fn clearing_response<'py>(
    py: Python<'py>,
    claims: ClaimRows<'py>,
    nodes: NodeRows<'py>,
    changes: Reals<'py>,
) -> PyResult<Vector<'py, f64>> {
    let structure = claims.structure()?;
    let (rows, changes) = (nodes.rows()?, view(&changes)?);
    let respond = || {
        let claims = structure.claims_of(0)?;
        let totals = Totals::of(&claims);
        let (outside, alpha, beta) = (rows.outside.get(0), rows.alpha.get(0), rows.beta.get(0));
        let system = System::new(&claims, &totals, outside, alpha, beta)?;
        let (ranks, mut workspace) = (system.ranks(rows.hard_ranks), Workspace::default());
        batch::clear(&system, ranks, Extreme::Greatest, &mut workspace);
        Ok(sensitivity::respond(&system, ranks, &mut workspace, changes))
    };
    Ok(py.detach(respond).map_err(refuse)?.into_pyarray(py))
}

/// Market values, book values and waves of failure of organisations that own shares of each other.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // one per array
pub fn failure_cascade<'py>(
    py: Python<'py>,
    start: Indices<'py>,
    owner: Indices<'py>,
    share: Reals<'py>,
    assets: Reals<'py>,
    threshold: Reals<'py>,
    failure_cost: Reals<'py>,
    least: bool,
) -> PyResult<(Vector<'py, f64>, Vector<'py, f64>, Vector<'py, u32>)> {
    let organisations = Organisations {
        shares: Links::new(view(&start)?, view(&owner)?, view(&share)?).map_err(refuse)?,
        assets: view(&assets)?,
        threshold: view(&threshold)?,
        failure_cost: view(&failure_cost)?,
    };
    let result = py.detach(|| failures::cascade(&organisations, extreme(least))).map_err(refuse)?;
    let (market, book) = (result.market_value.into_pyarray(py), result.book_value.into_pyarray(py));
    Ok((market, book, result.failed_in_wave.into_pyarray(py)))
}

/// Secured, unsecured, cost, equity, deficiency and rate of an estate.
#[pyfunction]
pub fn absolute_priority(
    collateral: f64,
    other_assets: f64,
    secured: f64,
    unsecured: f64,
    cost: f64,
) -> (f64, f64, f64, f64, f64, f64) {
    let paid = Estate { collateral, other_assets, secured, unsecured, cost }.share_out();
    (paid.secured, paid.unsecured, paid.cost, paid.equity, paid.deficiency, paid.unsecured_rate)
}

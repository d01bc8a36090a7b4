//! Clearing vectors, for Python: contiguous arrays in, flat arrays out, the interpreter free meanwhile.
#![allow(clippy::needless_pass_by_value)] // arguments are handed over

use cashcade_clearing::batch::{self, Cleared, Extreme, Nodes, Rows};
use cashcade_clearing::dense::DenseClaims;
use cashcade_clearing::failures::{self, Organisations};
use cashcade_clearing::links::Links;
use cashcade_clearing::priority::Estate;
use cashcade_clearing::{Claims, ClearingError, OUTSIDE, RankedClaims, System, Totals, Workspace, sensitivity};
use numpy::{
    Element, IntoPyArray, Ix2, Ix3, PyArray, PyArray1, PyArray2, PyArrayDyn, PyArrayMethods, PyReadonlyArray1,
    PyReadonlyArray2, PyReadonlyArrayDyn, PyUntypedArrayMethods,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A vector for Python.
pub type Vector<'py, T> = Bound<'py, PyArray1<T>>;
/// An array for Python with axes of its own.
type Shaped<'py, T, D> = PyResult<Bound<'py, PyArray<T, D>>>;
/// An array of numbers from Python.
pub type Reals<'py> = PyReadonlyArrayDyn<'py, f64>;
/// An array of indices from Python.
pub type Indices<'py> = PyReadonlyArrayDyn<'py, u32>;

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

/// Assets of the nodes: rows by system, or one for all.
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

/// The vectors of a batch of clearings, handed out as arrays when they are asked for.
#[pyclass(frozen)]
pub struct Solution {
    cleared: Cleared,
    systems: usize,
    nodes: usize,
    ranks: usize,
}

impl Solution {
    fn new(cleared: Cleared, systems: usize, nodes: usize) -> Self {
        let ranks = cleared.due.len() / (systems * nodes).max(1);
        Self { cleared, systems, nodes, ranks }
    }

    fn by_node<'py, T: Element>(&self, py: Python<'py>, values: &[T]) -> Shaped<'py, T, Ix2> {
        PyArray1::from_slice(py, values).reshape([self.systems, self.nodes])
    }

    fn by_rank<'py>(&self, py: Python<'py>, values: &[f64]) -> Shaped<'py, f64, Ix3> {
        PyArray1::from_slice(py, values).reshape([self.systems, self.nodes, self.ranks])
    }
}

#[pymethods]
impl Solution {
    #[getter]
    fn paid_share<'py>(&self, py: Python<'py>) -> Shaped<'py, f64, Ix3> {
        self.by_rank(py, &self.cleared.paid_share)
    }

    #[getter]
    fn due<'py>(&self, py: Python<'py>) -> Shaped<'py, f64, Ix3> {
        self.by_rank(py, &self.cleared.due)
    }

    /// Paid by each node in all ranks.
    #[getter]
    fn paid<'py>(&self, py: Python<'py>) -> Shaped<'py, f64, Ix2> {
        let paid: Vec<f64> = self.cleared.paid_share.iter().zip(&self.cleared.due).map(|(s, d)| s * d).collect();
        if self.ranks == 1 {
            return paid.into_pyarray(py).reshape([self.systems, self.nodes]);
        }
        let sums: Vec<f64> = paid.chunks_exact(self.ranks.max(1)).map(|row| row.iter().sum()).collect();
        sums.into_pyarray(py).reshape([self.systems, self.nodes])
    }

    #[getter]
    fn received<'py>(&self, py: Python<'py>) -> Shaped<'py, f64, Ix2> {
        self.by_node(py, &self.cleared.received)
    }

    #[getter]
    fn receivable<'py>(&self, py: Python<'py>) -> Shaped<'py, f64, Ix2> {
        self.by_node(py, &self.cleared.receivable)
    }

    #[getter]
    fn net_worth<'py>(&self, py: Python<'py>) -> Shaped<'py, f64, Ix2> {
        self.by_node(py, &self.cleared.net_worth)
    }

    #[getter]
    fn left<'py>(&self, py: Python<'py>) -> Shaped<'py, f64, Ix2> {
        self.by_node(py, &self.cleared.left)
    }

    #[getter]
    fn lost<'py>(&self, py: Python<'py>) -> Shaped<'py, f64, Ix2> {
        self.by_node(py, &self.cleared.lost)
    }

    #[getter]
    fn fell_in_round<'py>(&self, py: Python<'py>) -> Shaped<'py, u32, Ix2> {
        self.by_node(py, &self.cleared.fell_in_round)
    }

    #[getter]
    fn residual<'py>(&self, py: Python<'py>) -> Vector<'py, f64> {
        PyArray1::from_slice(py, &self.cleared.residual)
    }
}

/// Clear systems whose claims come in rows by debtor.
#[pyfunction]
pub fn clear_rows(
    py: Python<'_>,
    claims: ClaimRows<'_>,
    nodes: NodeRows<'_>,
    systems: usize,
    least: bool,
) -> PyResult<Solution> {
    let structure = claims.structure()?;
    let rows = nodes.rows()?;
    let cleared = py.detach(|| batch::clear_batch(systems, |k| structure.claims_of(k), &rows, extreme(least)));
    Ok(Solution::new(cleared.map_err(refuse)?, systems, nodes.nodes))
}

/// Clear systems whose claims come as matrices.
#[pyfunction]
pub fn clear_matrices(
    py: Python<'_>,
    claims: ClaimMatrices<'_>,
    nodes: NodeRows<'_>,
    systems: usize,
    least: bool,
) -> PyResult<Solution> {
    let (n, ranks) = (nodes.nodes, claims.ranks);
    let owed = Rows::new(view(&claims.owed)?, ranks * n * n);
    let outside = Rows::new(view(&claims.owed_outside)?, ranks * n);
    let rows = nodes.rows()?;
    let of = |k| DenseClaims::new(owed.get(k), outside.get(k), n, ranks);
    let cleared = py.detach(|| batch::clear_batch(systems, of, &rows, extreme(least)));
    Ok(Solution::new(cleared.map_err(refuse)?, systems, n))
}

/// Claims of one rank as they come: a matrix, or the rows of a compressed one.
enum Plain<'py> {
    Matrix(PyReadonlyArray2<'py, f64>),
    Rows(PyReadonlyArray1<'py, u32>, PyReadonlyArray1<'py, u32>, PyReadonlyArray1<'py, f64>),
}

impl<'py> Plain<'py> {
    fn read(network: &Bound<'py, PyAny>) -> Option<Self> {
        if let Ok(matrix) = network.cast::<PyArray2<f64>>() {
            let is_square = matrix.shape()[0] == matrix.shape()[1] && matrix.is_c_contiguous();
            return is_square.then(|| matrix.try_readonly().ok().map(Self::Matrix)).flatten();
        }
        let (start, to, amount): (_, PyReadonlyArray1<'py, u32>, _) = network.extract().ok()?;
        let names_outside = to.as_slice().ok()?.contains(&OUTSIDE);
        (!names_outside).then_some(Self::Rows(start, to, amount))
    }

    fn nodes(&self) -> usize {
        match self {
            Self::Matrix(matrix) => matrix.shape()[0],
            Self::Rows(start, ..) => start.len().saturating_sub(1),
        }
    }

    /// Clear all systems, or none if anything is amiss.
    fn clear(&self, py: Python<'_>, systems: usize, nodes: &Nodes<'_>, owed: &[f64], to: Extreme) -> Option<Cleared> {
        match self {
            Self::Matrix(matrix) => {
                let claims = DenseClaims::new(matrix.as_slice().ok()?, owed, self.nodes(), 1).ok()?;
                py.detach(|| batch::clear_batch(systems, |_| Ok(claims), nodes, to)).ok()
            }
            Self::Rows(start, creditor, amount) => {
                let (start, creditor, amount) =
                    (start.as_slice().ok()?, creditor.as_slice().ok()?, amount.as_slice().ok()?);
                py.detach(|| {
                    let claims = RankedClaims::new(start, creditor, &[], amount, 1)?.with_amounts(amount, owed)?;
                    batch::clear_batch(systems, |_| Ok(claims), nodes, to)
                })
                .ok()
            }
        }
    }
}

/// Values by node (rows by system, or one for all): given as an array, or as one number.
fn read_values(values: &Bound<'_, PyAny>, nodes: usize, most: f64) -> Option<Vec<f64>> {
    let read = if let Ok(array) = values.cast::<PyArrayDyn<f64>>() {
        let fits = matches!(array.shape(), [n] | [_, n] if *n == nodes);
        if !fits {
            return None;
        }
        let array = array.try_readonly().ok()?;
        array.as_slice().map_or_else(|_| array.as_array().iter().copied().collect(), <[f64]>::to_vec)
    } else {
        vec![values.extract().ok()?; nodes]
    };
    let is_sound = read.iter().fold(true, |sound, value| sound & (0.0..=most).contains(value));
    is_sound.then_some(read)
}

/// Clear systems of one rank of claims, all of one network, as they come; none if anything is unusual or amiss: the
/// other way in says what.
#[pyfunction]
pub fn clear_plain(
    py: Python<'_>,
    network: &Bound<'_, PyAny>,
    outside: &Bound<'_, PyAny>,
    owed_outside: &Bound<'_, PyAny>,
    alpha: &Bound<'_, PyAny>,
    beta: &Bound<'_, PyAny>,
    least: bool,
) -> Option<Solution> {
    let network = Plain::read(network)?;
    let n = network.nodes();
    let owed = read_values(owed_outside, n, f64::MAX)?;
    let values = [read_values(outside, n, f64::MAX)?, read_values(alpha, n, 1.0)?, read_values(beta, n, 1.0)?];
    let systems = values[0].len() / n.max(1);
    if n == 0 || owed.len() != n || values[1..].iter().any(|rows| rows.len() != n) {
        return None;
    }
    let [outside, alpha, beta] = values.each_ref().map(|values| Rows::new(values, n));
    let nodes = Nodes { outside, alpha, beta, hard_ranks: 1 };
    Some(Solution::new(network.clear(py, systems, &nodes, &owed, extreme(least))?, systems, n))
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

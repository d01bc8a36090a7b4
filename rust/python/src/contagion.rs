//! Contagion without clearing, for Python: contiguous arrays in, flat arrays out, the interpreter free meanwhile.
#![allow(clippy::needless_pass_by_value)] // arguments are handed over

use cashcade_clearing::collateral::Borrowers;
use cashcade_clearing::firesale::{Holders, Impact};
use cashcade_clearing::links::Links;
use cashcade_clearing::neva::{self, Books, Valuation};
use cashcade_clearing::staged::{self, Holder, Rules};
use cashcade_clearing::{debtrank, normal, threshold};
use numpy::IntoPyArray;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::clearing::{Indices, Reals, Vector, extreme, refuse, view};

/// Links by the node they start from.
#[derive(FromPyObject)]
pub struct LinkRows<'py> {
    start: Indices<'py>,
    to: Indices<'py>,
    weight: Reals<'py>,
}

impl LinkRows<'_> {
    fn links(&self) -> PyResult<Links<'_>> {
        Links::new(view(&self.start)?, view(&self.to)?, view(&self.weight)?).map_err(refuse)
    }
}

/// Stress by shock and node under linear or single-hit `DebtRank`.
#[pyfunction]
pub fn debtrank_stress<'py>(
    py: Python<'py>,
    links: LinkRows<'py>,
    shocks: Reals<'py>,
    single_hit: bool,
) -> PyResult<Vector<'py, f64>> {
    let (links, shocks) = (links.links()?, view(&shocks)?);
    let spread = if single_hit { debtrank::single_hit } else { debtrank::linear };
    Ok(py.detach(|| spread(&links, shocks)).map_err(refuse)?.into_pyarray(py))
}

/// Losses and rounds of failure of a threshold cascade.
#[pyfunction]
pub fn threshold_cascade<'py>(
    py: Python<'py>,
    links: LinkRows<'py>,
    capital: Reals<'py>,
    loss: Reals<'py>,
    ties_fail: bool,
) -> PyResult<(Vector<'py, f64>, Vector<'py, u32>)> {
    let (links, capital, loss) = (links.links()?, view(&capital)?, view(&loss)?);
    let end = py.detach(|| threshold::cascade(&links, capital, loss, ties_fail)).map_err(refuse)?;
    Ok((end.loss.into_pyarray(py), end.failed_in_round.into_pyarray(py)))
}

fn valuation(name: &str, sigma: f64, recovery: f64) -> PyResult<Valuation> {
    match name {
        "at-maturity" => Ok(Valuation::AtMaturity),
        "furfine" => Ok(Valuation::Furfine { recovery }),
        "linear-debtrank" => Ok(Valuation::Linear),
        "merton" => Ok(Valuation::Merton { sigma, recovery }),
        "black-cox" => Ok(Valuation::BlackCox { sigma, recovery }),
        _ => Err(PyValueError::new_err(format!("`valuation` is {name:?}, which is none of the valuations"))),
    }
}

/// Equities, values of unit claims, residual and iterations of a network valuation.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // one per array and parameter
pub fn network_valuation<'py>(
    py: Python<'py>,
    claims: LinkRows<'py>,
    external_assets: Reals<'py>,
    external_liabilities: Reals<'py>,
    reference: Reals<'py>,
    name: &str,
    sigma: f64,
    recovery: f64,
    least: bool,
) -> PyResult<(Vector<'py, f64>, Vector<'py, f64>, f64, u32)> {
    let books = Books {
        claims: claims.links()?,
        external_assets: view(&external_assets)?,
        external_liabilities: view(&external_liabilities)?,
        reference: view(&reference)?,
    };
    let by = valuation(name, sigma, recovery)?;
    let valued = py.detach(|| neva::solve(&books, by, extreme(least))).map_err(refuse)?;
    let (equity, factor) = (valued.equity.into_pyarray(py), valued.factor.into_pyarray(py));
    Ok((equity, factor, valued.residual, valued.iterations))
}

/// Chances that log-normal assets end below a barrier, or ever fall below it.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // one per parameter
pub fn default_probability<'py>(
    py: Python<'py>,
    assets: Reals<'py>,
    barrier: Reals<'py>,
    drift: f64,
    sigma: f64,
    horizon: f64,
    at_any_time: bool,
) -> PyResult<Vector<'py, f64>> {
    let chance = if at_any_time { normal::below_at_any_time } else { normal::below_at_horizon };
    let (assets, barrier) = (view(&assets)?, view(&barrier)?);
    let one = |(&value, &barrier): (&f64, &f64)| chance(value, barrier, drift, sigma, horizon);
    Ok(py.detach(|| assets.iter().zip(barrier).map(one).collect::<Vec<f64>>()).into_pyarray(py))
}

fn impact(name: &str) -> PyResult<Impact> {
    match name {
        "linear" => Ok(Impact::Linear),
        "exponential" => Ok(Impact::Exponential),
        "square-root" => Ok(Impact::SquareRoot),
        _ => Err(PyValueError::new_err(format!("`impact` is {name:?}, which is none of the impacts"))),
    }
}

/// Fractions of prices lost when `sold` units are sold.
#[pyfunction]
pub fn price_discount<'py>(
    py: Python<'py>,
    sold: Reals<'py>,
    rate: Reals<'py>,
    name: &str,
) -> PyResult<Vector<'py, f64>> {
    let shape = impact(name)?;
    let (sold, rate) = (view(&sold)?, view(&rate)?);
    let one = |(&sold, &rate): (&f64, &f64)| shape.discount(rate, sold);
    Ok(py.detach(|| sold.iter().zip(rate).map(one).collect::<Vec<f64>>()).into_pyarray(py))
}

/// Discounts, shares sold, losses, residual and iterations of a fire-sale equilibrium.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // one per array
#[allow(clippy::type_complexity)] // three vectors and two numbers
pub fn fire_sale_equilibrium<'py>(
    py: Python<'py>,
    holdings: Reals<'py>,
    other_assets: Reals<'py>,
    equity: Reals<'py>,
    trigger: Reals<'py>,
    target: Reals<'py>,
    rate: Reals<'py>,
    name: &str,
    least: bool,
) -> PyResult<(Vector<'py, f64>, Vector<'py, f64>, Vector<'py, f64>, f64, u32)> {
    let holders = Holders {
        holdings: view(&holdings)?,
        other_assets: view(&other_assets)?,
        equity: view(&equity)?,
        trigger: view(&trigger)?,
        target: view(&target)?,
        rate: view(&rate)?,
        impact: impact(name)?,
    };
    let sales = py.detach(|| holders.equilibrium(extreme(least))).map_err(refuse)?;
    let (discount, share) = (sales.discount.into_pyarray(py), sales.sold_share.into_pyarray(py));
    Ok((discount, share, sales.loss.into_pyarray(py), sales.residual, sales.iterations))
}

/// Units sold, debt left, price, residual and iterations of a loan-to-value spiral.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // one per array
#[allow(clippy::type_complexity)] // two vectors and three numbers
pub fn collateral_spiral<'py>(
    py: Python<'py>,
    debt: Reals<'py>,
    units: Reals<'py>,
    max_ltv: Reals<'py>,
    price: f64,
    rate: f64,
    name: &str,
    least: bool,
) -> PyResult<(Vector<'py, f64>, Vector<'py, f64>, f64, f64, u32)> {
    let (debt, units, max_ltv) = (view(&debt)?, view(&units)?, view(&max_ltv)?);
    let borrowers = Borrowers { debt, units, max_ltv, price, rate, impact: impact(name)? };
    let end = py.detach(|| borrowers.equilibrium(extreme(least))).map_err(refuse)?;
    Ok((end.sold.into_pyarray(py), end.debt_left.into_pyarray(py), end.price, end.residual, end.iterations))
}

/// Prices and shares sold by round, and rounds of failure, of a fire sale told round by round.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // one per array
#[allow(clippy::type_complexity)] // three vectors
pub fn fire_sale_rounds<'py>(
    py: Python<'py>,
    sheets: Reals<'py>,
    units: Reals<'py>,
    price: Reals<'py>,
    rate: Reals<'py>,
    minimum: f64,
    buffer: f64,
    target: f64,
    rounds: u32,
) -> PyResult<(Vector<'py, f64>, Vector<'py, f64>, Vector<'py, u32>)> {
    let rules = Rules { price: view(&price)?, rate: view(&rate)?, minimum, buffer, target };
    let units = view(&units)?.chunks_exact(rules.price.len().max(1));
    let holders = view(&sheets)?.chunks_exact(4).zip(units).map(|(sheet, units)| Holder {
        cash: sheet[0],
        other_assets: sheet[1],
        loan: sheet[2],
        other_debt: sheet[3],
        units: units.to_vec(),
    });
    let holders: Vec<Holder> = holders.collect();
    let course = py.detach(|| staged::run(holders, &rules, rounds));
    let (price, sold) = (course.price.into_pyarray(py), course.sold_share.into_pyarray(py));
    Ok((price, sold, course.failed_in_round.into_pyarray(py)))
}

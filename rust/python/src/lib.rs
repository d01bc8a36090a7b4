//! The binding: arrays in, arrays out.

use pyo3::prelude::*;

mod clearing;
mod contagion;
mod events;
mod paths;
mod rules;
mod run;
mod table;
mod world;

/// Memory in large pages, kept from run to run: many rows are too short to get a large page of their own, and each page
/// that is new or small costs time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The core of cashcade, compiled from Rust.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::clearing::{
        absolute_priority, clear_matrices, clear_plain, clear_rows, clearing_response, failure_cascade,
    };
    #[pymodule_export]
    use super::contagion::{
        collateral_spiral, debtrank_stress, default_probability, fire_sale_equilibrium, fire_sale_rounds,
        network_valuation, price_discount, threshold_cascade,
    };
    #[pymodule_export]
    use super::events::{events, reasons};
    #[pymodule_export]
    use super::paths::{Paths, settable};
    #[pymodule_export]
    use super::rules::{effects, operations};
    #[pymodule_export]
    use super::run::{causes, footprint, run};
    #[pymodule_export]
    use super::table::{links, parameters, uniforms, variables};

    /// Version of the compiled core.
    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}

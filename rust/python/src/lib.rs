//! The binding: arrays in, arrays out.

use pyo3::prelude::*;

mod table;

/// The core of cashcade, compiled from Rust.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::table::{links, parameters, uniforms, variables};

    /// Version of the compiled core.
    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}

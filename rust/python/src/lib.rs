//! The binding: arrays in, arrays out.

use pyo3::prelude::*;

/// The core of cashcade, compiled from Rust.
#[pymodule]
mod _core {
    /// Version of the compiled core.
    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}

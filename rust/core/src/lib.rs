//! The model of cashcade.

pub mod column;
pub mod draw;
pub mod inputs;
pub mod math;
pub mod variables;

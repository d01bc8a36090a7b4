//! The model of cashcade.

pub mod clearing;
pub mod column;
pub mod draw;
pub mod inputs;
pub mod math;
pub mod variables;

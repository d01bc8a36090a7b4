//! The model of cashcade.
#![forbid(unsafe_code)]

pub mod clearing;

//! The model of cashcade: monthly cash flows and default cascades of a network of companies on many random paths.
//!
//! One month, in order (docs/model.md has the formulas; [`month`] is the code):
//! regimes, rules, prices, demand, bills, spending, debt, funding, exits, clearing, cascade, marks.
//!
//! A run: [`inputs::Inputs`] checks arrays, [`plan::Plan`] lays out the network, [`run::run`] spreads blocks of
//! [`column::LANES`] paths over threads, [`record`] keeps what was asked for; or [`stepper`] holds all paths between months. [`clearing`] is usable alone.

pub mod block;
pub mod clearing;
pub mod column;
pub mod derived;
pub mod draw;
pub mod exits;
pub mod footprint;
pub mod inputs;
pub mod math;
pub mod month;
pub mod pack;
pub mod plan;
pub mod record;
pub mod rounding;
pub mod rule;
pub mod run;
pub mod scratch;
pub mod start;
pub mod stepper;
pub mod variables;
pub mod wants;
pub mod waterfall;

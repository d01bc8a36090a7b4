//! The model of cashcade: monthly cash flows and default cascades of a network of companies on many random paths.
//!
//! One month, in order (docs/model.md has the formulas; [`month`] is the code):
//! regimes, rules, prices, demand, bills, spending, debt, funding, exits, clearing, cascade, marks.
//!
//! A run: [`inputs::Inputs`] checks arrays, [`plan::Plan`] lays out the network, [`run::run`] spreads blocks of
//! [`LANES`](cashcade_lanes::column::LANES) paths over threads, [`record`] keeps what was asked for; or [`stepper`] holds all paths between months. Rows of lanes come from
//! `cashcade_lanes`, the solver of the clearing from `cashcade_clearing`; both are usable alone.

pub mod block;
pub mod books;
pub mod derived;
pub mod draw;
pub mod events;
pub mod exits;
pub mod footprint;
pub mod inputs;
pub mod ledger;
pub mod month;
pub mod plan;
pub mod record;
pub mod rule;
pub mod run;
pub mod scratch;
pub mod start;
pub mod stepper;
pub mod trace;
pub mod variables;
pub mod wants;
pub mod waterfall;

use cashcade_lanes::{column, math, pack, rounding};

//! The model of cashcade: monthly cash flows and default cascades of a network of companies on many random paths.
//!
//! One month, in order (spec/ has the formulas; [`model`] is the code):
//! regimes, rules, prices, demand, bills, spending, debt, funding, exits, clearing, cascade, marks.
//!
//! A run: [`world::World`] checks arrays, [`plan::Plan`] lays out the network, [`paths::Paths`] are blocks of
//! [`LANES`](cashcade_lanes::row::LANES) paths that move a month at a time. A host keeps them; [`run::run`] takes chunks of
//! them to the end on each thread, and [`record`] keeps what was asked for; [`trace`] tells
//! what happened on one path. All cash moves through [`ledger`]. Rows of lanes come from `cashcade_lanes`, the
//! solver of the clearing from `cashcade_clearing`; both are usable alone.

// The table is gathered file by file, each a step deeper.
#![recursion_limit = "1024"]

pub mod block;
pub mod books;
pub mod carry;
pub mod derived;
pub mod draw;
pub mod events;
pub mod exits;
pub mod failures;
pub mod footprint;
pub mod ledger;
pub mod limits;
pub mod model;
pub mod needed;
pub mod outcomes;
pub mod paths;
pub mod plan;
pub mod record;
pub mod response;
pub mod rule;
pub mod run;
pub mod scratch;
pub mod settings;
pub mod start;
pub mod trace;
pub mod variables;
pub mod waterfall;
pub mod workings;
pub mod world;

use cashcade_lanes::{column, math, pack, rounding};

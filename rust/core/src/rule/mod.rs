//! Rules: when one holds, and what it moves. docs/binding.md has the arrays, spec/rules.py what they mean.
//!
//! A [`Graph`] of expressions is checked once and becomes steps over rows of lanes; a [`Machine`] holds the rows of a
//! block, and runs a [`Pass`] over what a phase of the month needs. [`Rules`] say when rules
//! hold and which levers they move; a [`Memory`] is what a block remembers of them.
//! In phase 2 [`crate::model::rules`] has them judged, and moves the levers.

mod error;
mod graph;
mod machine;
mod memory;
mod operation;
mod rules;

pub use error::RuleError;
pub use graph::{Graph, GraphArrays, Pass};
pub use machine::Machine;
pub use memory::{Conflict, Memory};
pub use operation::Operation;
pub use rules::{Action, Conversion, Gauge, Hold, How, Lever, Passage, Rule, RuleArrays, Rules, Target};

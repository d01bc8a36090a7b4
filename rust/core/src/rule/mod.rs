//! Rules: when one holds, and what it moves. docs/binding.md has the arrays, docs/model.md what they mean.
//!
//! [`Programs`] are checked once and become instructions over registers, a row of lanes each; a [`Machine`] holds the
//! registers of a block, and runs a [`Pass`] over the programs that a phase of the month needs. [`Rules`] say when rules
//! hold and which levers they move; a [`Memory`] is what a block remembers of them.

mod error;
mod machine;
mod memory;
mod operation;
mod programs;
mod rules;

pub use error::RuleError;
pub use machine::Machine;
pub use memory::{Conflict, Memory};
pub use operation::Operation;
pub use programs::{Pass, Programs};
pub use rules::{Action, Hold, How, Lever, Rule, RuleArrays, Rules, Target};

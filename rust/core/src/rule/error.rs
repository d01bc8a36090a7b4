//! Errors of the arrays of rules.

use thiserror::Error;

/// Errors of the arrays of rules.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum RuleError {
    /// A number that points nowhere.
    #[error("rules: \"{array}\"[{row}] says {what} {value}; there are {count}")]
    Place {
        /// Name of the array.
        array: &'static str,
        /// Its row.
        row: usize,
        /// The meaning of the number.
        what: &'static str,
        /// The number.
        value: i32,
        /// How many there are.
        count: usize,
    },
    /// A number outside its range.
    #[error("rules: \"{array}\"[{row}] has {what} {value}; it must be from {low} to {high}")]
    Range {
        /// Name of the array.
        array: &'static str,
        /// Its row.
        row: usize,
        /// The meaning of the number.
        what: &'static str,
        /// The number.
        value: i32,
        /// Least value allowed.
        low: i32,
        /// Greatest value allowed.
        high: i32,
    },
    /// Offsets that do not cut the code into programs.
    #[error("rules: \"program\" must rise from 0 to the {operations} operations of \"code\"")]
    Offsets {
        /// Operations given.
        operations: usize,
    },
    /// A program whose operations do not fit together.
    #[error("rules: program {program}, operation {at} ({name}): {problem}")]
    Stack {
        /// Number of the program.
        program: usize,
        /// Place of the operation in the program.
        at: usize,
        /// Its name.
        name: &'static str,
        /// The fault.
        problem: &'static str,
    },
    /// A program that uses the past of a later one.
    #[error("rules: program {program} uses the past of program {of}; it must come before")]
    History {
        /// Number of the program.
        program: usize,
        /// The owner of the past that it uses.
        of: usize,
    },
    /// A constant that is not a number.
    #[error("rules: \"constants\"[{row}] is {value}; it must be finite")]
    Number {
        /// Place in the array.
        row: usize,
        /// The value.
        value: f64,
    },
    /// Another number of draws than the world has.
    #[error("rules: \"constants\" has {given} draws; the world has {wanted}")]
    Draws {
        /// Draws given.
        given: usize,
        /// Draws of the world.
        wanted: usize,
    },
    /// A row of the table that rules may not move.
    #[error("rules: \"{array}\"[{row}] moves {entity}.{name}, which is no lever")]
    NoLever {
        /// Name of the array.
        array: &'static str,
        /// Row of the array.
        row: usize,
        /// The owner.
        entity: &'static str,
        /// Its name.
        name: &'static str,
    },
}

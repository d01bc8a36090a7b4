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
        /// Their number.
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
    /// Offsets that do not cut the members into groups.
    #[error("rules: \"group\" must rise, each time, from 0 to the {members} numbers of \"member\"")]
    Groups {
        /// Members given.
        members: usize,
    },
    /// A group that has no such entities.
    #[error("rules: \"node\"[{row}] takes group {group} with member {member}; there are {count}")]
    Member {
        /// Row of the node.
        row: usize,
        /// Number of the group.
        group: usize,
        /// Its member.
        member: u32,
        /// Their number.
        count: usize,
    },
    /// A node that takes one that does not come before it.
    #[error("rules: \"node\"[{row}] ({name}) takes node {of}; it must come before")]
    Order {
        /// Row of the node.
        row: usize,
        /// Its operation.
        name: &'static str,
        /// The node that it takes.
        of: i32,
    },
    /// A node that takes nodes of groups of different sizes.
    #[error("rules: \"node\"[{row}] ({name}) takes nodes of groups of different sizes")]
    Widths {
        /// Row of the node.
        row: usize,
        /// Its operation.
        name: &'static str,
    },
    /// A node of a group where one value is wanted.
    #[error("rules: \"{array}\"[{row}] says {what} {node}, which has {rows} values; it must have one")]
    Wide {
        /// Name of the array.
        array: &'static str,
        /// Its row.
        row: usize,
        /// The meaning of the number.
        what: &'static str,
        /// The node.
        node: usize,
        /// Values that it has.
        rows: usize,
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
    /// A payment of a party to itself.
    #[error("rules: \"action\"[{row}] makes a party pay itself")]
    OneParty {
        /// Row of the array.
        row: usize,
    },
    /// A fleet that passes into one of another class, or into itself.
    #[error("rules: \"action\"[{row}] passes fleet {from} to fleet {to}; they must be two, of one class")]
    Passage {
        /// Row of the array.
        row: usize,
        /// Fleet from which machines go.
        from: usize,
        /// Fleet to which they go.
        to: usize,
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

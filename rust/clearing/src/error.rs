//! What can be wrong with the inputs of this module.

use thiserror::Error;

/// An input that the methods of this module refuse.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ClearingError {
    /// Two arrays that must fit do not.
    #[error("`{what}` has {given} entries, wanted {wanted}: pass one per {each}")]
    Length {
        /// Argument at fault.
        what: &'static str,
        /// Entries given.
        given: usize,
        /// Entries wanted.
        wanted: usize,
        /// What each entry stands for.
        each: &'static str,
    },
    /// A node linked to itself.
    #[error("`{what}` links node {node} to itself: remove the entry, it nets to nothing")]
    SelfLink {
        /// Argument at fault.
        what: &'static str,
        /// Index of the node.
        node: usize,
    },
    /// An index that names no node, rank or link.
    #[error("`{what}` holds the index {given} at position {at}, wanted {wanted}")]
    Index {
        /// Argument at fault.
        what: &'static str,
        /// Position in the array.
        at: usize,
        /// Index given.
        given: u64,
        /// Range wanted.
        wanted: &'static str,
    },
    /// Amounts that are no amounts.
    #[error("claims hold an amount that is negative or not finite, or amounts too large to add up: correct them")]
    Amounts,
    /// A whole-number or real setting outside its range.
    #[error("`{what}` is {given}, wanted {wanted}")]
    Setting {
        /// Argument at fault.
        what: &'static str,
        /// Value given.
        given: f64,
        /// Range wanted.
        wanted: &'static str,
    },
}

/// Refuse `given` entries of `what` unless they are `wanted`.
pub(crate) fn check_length(
    what: &'static str,
    given: usize,
    wanted: usize,
    each: &'static str,
) -> Result<(), ClearingError> {
    if given == wanted {
        return Ok(());
    }
    Err(ClearingError::Length { what, given, wanted, each })
}

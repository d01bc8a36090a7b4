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
    /// A number outside its range (NaN and infinities are outside every range).
    #[error("`{what}` of node {node} is {given}, wanted {wanted}")]
    Range {
        /// Argument at fault.
        what: &'static str,
        /// Index of the node.
        node: usize,
        /// Value given.
        given: f64,
        /// Range wanted.
        wanted: &'static str,
    },
    /// A link whose weight is outside its range.
    #[error("`{what}` from node {from} to node {to} is {given}, wanted {wanted}")]
    Link {
        /// Argument at fault.
        what: &'static str,
        /// Index of the node the link starts from.
        from: usize,
        /// Index of the node the link ends at.
        to: usize,
        /// Value given.
        given: f64,
        /// Range wanted.
        wanted: &'static str,
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

/// Refuse any entry of `values` below zero, infinite or not a number.
///
/// # Errors
/// [`ClearingError::Range`] for the first such entry.
pub fn check_amounts(what: &'static str, values: &[f64]) -> Result<(), ClearingError> {
    check_range(what, values, "a finite amount of at least 0", |v| v.is_finite() && v >= 0.0)
}

/// Refuse any entry of `values` outside `[0, 1]`.
///
/// # Errors
/// [`ClearingError::Range`] for the first such entry.
pub fn check_shares(what: &'static str, values: &[f64]) -> Result<(), ClearingError> {
    check_range(what, values, "a share between 0 and 1", |v| (0.0..=1.0).contains(&v))
}

/// Refuse any entry of `values` for which `good` does not hold.
///
/// # Errors
/// [`ClearingError::Range`] for the first such entry.
pub fn check_range(
    what: &'static str,
    values: &[f64],
    wanted: &'static str,
    good: impl Fn(f64) -> bool,
) -> Result<(), ClearingError> {
    match values.iter().position(|&v| !good(v)) {
        None => Ok(()),
        Some(node) => Err(ClearingError::Range { what, node, given: values[node], wanted }),
    }
}

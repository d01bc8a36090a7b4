//! Weighted links in compressed rows: how a change at one node reaches others.

use super::claims::check_rows;
use super::error::ClearingError;
use super::error::check_length;

/// Links by the node they start from: `to[start[i]..start[i + 1]]` feel a change at node `i`.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    start: &'a [u32],
    to: &'a [u32],
    weight: &'a [f64],
}

impl<'a> Links<'a> {
    /// Check the structure; weights must be finite and at least 0.
    ///
    /// # Errors
    /// [`ClearingError`] when lengths do not fit, rows overlap, or a link ends at no other node.
    pub fn new(start: &'a [u32], to: &'a [u32], weight: &'a [f64]) -> Result<Self, ClearingError> {
        check_rows(start, to)?;
        check_length("weight", weight.len(), to.len(), "link")?;
        Ok(Self { start, to, weight })
    }

    /// Number of nodes.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.start.len() - 1
    }

    /// The links that start from `node`: where each ends, and its weight.
    pub fn from(&self, node: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let row = self.start[node] as usize..self.start[node + 1] as usize;
        self.to[row.clone()].iter().zip(&self.weight[row]).map(|(&to, &weight)| (to as usize, weight))
    }
}

//! Failures that spread through cross-holdings (Elliott, Golub and Jackson 2014).
//!
//! Organisations own shares of each other. The book value of an organisation is its own assets plus its holdings, less
//! a failure cost once its market value (the part that outside owners hold) is below a threshold.

use super::batch::Extreme;
use super::block::Block;
use super::error::{ClearingError, check_length};
use super::links::Links;

/// Organisations, their thresholds and costs. All amounts in one currency.
#[derive(Debug, Clone, Copy)]
pub struct Organisations<'a> {
    /// Shares by the organisation owned: `weight` is the part of it that `to` owns. They sum to less than 1.
    pub shares: Links<'a>,
    /// Value of each organisation's own assets.
    pub assets: &'a [f64],
    /// Market value below which an organisation fails.
    pub threshold: &'a [f64],
    /// Value lost when it does.
    pub failure_cost: &'a [f64],
}

/// Values and failures that support each other.
#[derive(Debug, Clone, Default)]
pub struct Failures {
    /// Market value: what outside owners hold.
    pub market_value: Vec<f64>,
    /// Book value, holdings included.
    pub book_value: Vec<f64>,
    /// Wave in which each organisation failed (in the least solution 1 for all that fail), 0 for those that stand.
    pub failed_in_wave: Vec<u32>,
}

/// The equilibrium with the fewest failures (greatest values) or the most (least values).
///
/// # Errors
/// [`ClearingError::Length`] unless every vector has one entry per organisation.
pub fn cascade(of: &Organisations<'_>, extreme: Extreme) -> Result<Failures, ClearingError> {
    let nodes = of.shares.nodes();
    for (what, values) in [("assets", of.assets), ("threshold", of.threshold), ("failure_cost", of.failure_cost)] {
        check_length(what, values.len(), nodes, "organisation")?;
    }
    let (mut block, kept) = of.holdings();
    let first = u32::from(extreme == Extreme::Least);
    let mut result = Failures { failed_in_wave: vec![first; nodes], ..Failures::default() };
    for wave in 1.. {
        of.value(&mut block, &kept, &mut result);
        if !of.turn(&mut result, wave, extreme) {
            break;
        }
    }
    Ok(result)
}

impl Organisations<'_> {
    /// The system `book = own + holdings`, and the share of each organisation that outsiders hold.
    fn holdings(&self) -> (Block, Vec<f64>) {
        let mut block = Block::default();
        block.clear();
        let mut kept = Vec::new();
        for node in 0..self.shares.nodes() {
            block.add(0.0, f64::INFINITY, 1.0, 0.0);
            self.shares.from(node).for_each(|(to, share)| block.link(to as u32, share));
            kept.push(1.0 - self.shares.from(node).map(|(_, share)| share).sum::<f64>());
        }
        block.seal();
        block.unbound();
        (block, kept)
    }

    fn value(&self, block: &mut Block, kept: &[f64], result: &mut Failures) {
        let own = |i: usize| {
            let cost = if result.failed_in_wave[i] > 0 { self.failure_cost[i] } else { 0.0 };
            self.assets[i] - cost
        };
        let mut book: Vec<f64> = (0..kept.len()).map(own).collect();
        block.respond(&mut book);
        result.market_value = book.iter().zip(kept).map(|(value, kept)| value * kept).collect();
        result.book_value = book;
    }

    /// Let organisations fail (or stand up again, from the other side); false when none does.
    fn turn(&self, result: &mut Failures, wave: u32, extreme: Extreme) -> bool {
        let mut turned = false;
        for node in 0..self.threshold.len() {
            let below = result.market_value[node] < self.threshold[node];
            let failed = result.failed_in_wave[node] > 0;
            if extreme == Extreme::Greatest && below && !failed {
                result.failed_in_wave[node] = wave;
                turned = true;
            }
            if extreme == Extreme::Least && !below && failed {
                result.failed_in_wave[node] = 0;
                turned = true;
            }
        }
        turned
    }
}

//! Threshold cascades: a node that loses its capital fails, and its creditors lose their claims on it.

use super::error::{ClearingError, check_length};
use super::links::Links;

/// Where a cascade ends.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cascade {
    /// Loss of each node, the initial one included.
    pub loss: Vec<f64>,
    /// Round in which each node failed, 0 for those that stand.
    pub failed_in_round: Vec<u32>,
}

/// Run the cascade (Furfine 2003; Gai and Kapadia 2010).
///
/// A link's weight is what its end loses when its start fails. A node fails when its loss exceeds `capital`, or
/// with `ties_fail` when it reaches it. `loss` holds the initial losses.
///
/// # Errors
/// [`ClearingError::Length`] unless there is one capital and one loss per node.
pub fn cascade(links: &Links<'_>, capital: &[f64], loss: &[f64], ties_fail: bool) -> Result<Cascade, ClearingError> {
    check_length("capital", capital.len(), links.nodes(), "node")?;
    check_length("loss", loss.len(), links.nodes(), "node")?;
    let fails = |node: usize, loss: f64| loss > capital[node] || (ties_fail && loss >= capital[node]);
    let mut result = Cascade { loss: loss.to_vec(), failed_in_round: vec![0; loss.len()] };
    let mut touched: Vec<usize> = (0..loss.len()).collect();
    for round in 1.. {
        let wave = result.fail(touched, round, fails);
        if wave.is_empty() {
            break;
        }
        touched = result.spread(links, &wave);
    }
    Ok(result)
}

impl Cascade {
    fn fail(&mut self, mut touched: Vec<usize>, round: u32, fails: impl Fn(usize, f64) -> bool) -> Vec<usize> {
        touched.retain(|&node| {
            let falls = self.failed_in_round[node] == 0 && fails(node, self.loss[node]);
            if falls {
                self.failed_in_round[node] = round;
            }
            falls
        });
        touched
    }

    fn spread(&mut self, links: &Links<'_>, wave: &[usize]) -> Vec<usize> {
        let mut touched = Vec::new();
        for &node in wave {
            for (to, weight) in links.from(node) {
                self.loss[to] += weight;
                touched.push(to);
            }
        }
        touched
    }
}

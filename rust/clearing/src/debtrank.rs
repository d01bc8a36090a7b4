//! `DebtRank`: distress that spreads before anybody defaults.
//!
//! A node that loses the fraction `dh` of its equity passes `weight * dh` to each of its creditors, where the
//! weight of a link is the creditor's claim over the creditor's equity. Nobody passes on more than its whole
//! equity.

use super::error::{ClearingError, check_length};
use super::links::Links;

/// Changes of stress below this are not passed on.
const NEGLIGIBLE: f64 = 1e-16;

/// Linear `DebtRank` (Bardoscia, Battiston, Caccioli and Caldarelli 2015): every increment is passed on.
///
/// The stress is the least solution of `s = shock + W min(1, s)`. `shocks` holds one row of `nodes` values per
/// scenario; so does the result. Stress may exceed 1: it then counts losses beyond equity.
///
/// # Errors
/// [`ClearingError::Length`] unless the shocks fill whole rows.
pub fn linear(links: &Links<'_>, shocks: &[f64]) -> Result<Vec<f64>, ClearingError> {
    each_shock(links, shocks, spread_linear)
}

/// `DebtRank` of Battiston, Puliga, Kaushik, Tasca and Caldarelli (2012): a node passes on its stress once, in the
/// step after it first became stressed, and later increments stay with it.
///
/// # Errors
/// [`ClearingError::Length`] unless the shocks fill whole rows.
pub fn single_hit(links: &Links<'_>, shocks: &[f64]) -> Result<Vec<f64>, ClearingError> {
    each_shock(links, shocks, spread_once)
}

fn each_shock(
    links: &Links<'_>,
    shocks: &[f64],
    spread: impl Fn(&Links<'_>, &mut [f64]),
) -> Result<Vec<f64>, ClearingError> {
    let nodes = links.nodes().max(1);
    check_length("shocks", shocks.len() % nodes, 0, "scenario and node")?;
    let mut stress = shocks.to_vec();
    stress.chunks_exact_mut(nodes).for_each(|scenario| spread(links, scenario));
    Ok(stress)
}

/// What each addition rounds off is carried to the next, so that stress is the rounded sum of what was passed on, however
/// often: roundings of single additions can feed on each other for ever.
fn spread_linear(links: &Links<'_>, stress: &mut [f64]) {
    let (mut passed, mut carried) = (vec![0.0; stress.len()], vec![0.0; stress.len()]);
    let mut wave: Vec<usize> = (0..stress.len()).filter(|&i| stress[i] > 0.0).collect();
    let mut waiting: Vec<bool> = stress.iter().map(|&s| s > 0.0).collect();
    while !wave.is_empty() {
        let mut next = Vec::new();
        for node in wave {
            waiting[node] = false;
            let change = stress[node].min(1.0) - passed[node];
            passed[node] += change;
            for (to, weight) in links.from(node) {
                let more = weight * change + carried[to];
                let after = stress[to] + more;
                carried[to] = more - (after - stress[to]);
                stress[to] = after;
                if !waiting[to] && stress[to].min(1.0) - passed[to] > NEGLIGIBLE {
                    waiting[to] = true;
                    next.push(to);
                }
            }
        }
        wave = next;
    }
}

fn spread_once(links: &Links<'_>, stress: &mut [f64]) {
    let mut fresh: Vec<bool> = stress.iter().map(|&s| s == 0.0).collect();
    let mut wave: Vec<usize> = (0..stress.len()).filter(|&i| !fresh[i]).collect();
    while !wave.is_empty() {
        let sent: Vec<f64> = wave.iter().map(|&node| stress[node].min(1.0)).collect();
        let mut next = Vec::new();
        for (&node, sent) in wave.iter().zip(sent) {
            for (to, weight) in links.from(node).filter(|&(_, weight)| weight > 0.0) {
                stress[to] += weight * sent;
                if std::mem::take(&mut fresh[to]) {
                    next.push(to);
                }
            }
        }
        wave = next;
    }
}

//! Phase 4: plans at one price for users who use more or less, the mix of those who stay, and caps on use.

use crate::block::Block;
use crate::carry;
use crate::column::{LANES, ONES, Row, ZERO, zeros};
use crate::limits::MOST;
use crate::math::{exp, ln};
use crate::needed::Needed;
use crate::plan::Plan;
use crate::scratch::Keep;
use crate::world::World;
use libm::erfc;
use std::f64::consts::FRAC_1_SQRT_2;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* plans {
            parameters {
                segment {
                    use_spread: Ratio, 0.0, 3.0, Some(0.0), false, "Standard deviation of the log of use over the users of the plan; 0: none is looked at.", off 0.0;
                    use_worth: Ratio, 0.0, 3.0, Some(1.0), true, "Power of use by which users answer less to the price: 1 if a plan is worth to them what they use.";
                    plan_cap: Ratio, 0.0, 1e6, Some(0.0), false, "Cap on use per user, over the mean use of the start; 0: none.", off 0.0;
                    cap_level: Ratio, 1e-6, 1e6, Some(1.0), true, "Factor on the cap on use.";
                    cap_response: Ratio, 0.0, 20.0, Some(0.0), true, "Fall of the cap in per cent for one per cent by which input is dearer than at the start.", off 0.0;
                    withheld_felt: Ratio, 0.0, 20.0, Some(1.0), true, "What users feel as a dearer product, in logs, per share of their use that the cap withholds.";
                }
            }
            variables {
                segment {
                    selection: Ratio, None, "Power of use with which users have stayed: above 0 heavy users stayed longer.", |plan, _| plan.on.plans.any;
                    mean_use: Ratio, None, "Mean use that users want, relative to the start.", |plan, _| plan.on.plans.any;
                    served_use: Ratio, None, "Mean use under the cap, relative to the start.", |plan, _| plan.on.plans.any;
                    withheld: Ratio, None, "Mean share of their use that the cap withholds from users, beyond that of the start.", |plan, _| plan.on.plans.any;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the mix of users of the segment is looked at.
    pub mixed: Vec<bool>,
    /// Whether that of any segment of the company is.
    pub sellers: Vec<bool>,
    /// Whether any is.
    pub any: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let spread = &world.parameters.segment.use_spread;
        let mixed: Vec<bool> = (0..spread.len()).map(|s| !spread.all(s, |value| value == 0.0)).collect();
        let mut sellers = vec![false; world.parameters.company.cash.len()];
        for (s, &seller) in world.links.segment.seller.iter().enumerate() {
            sellers[seller as usize] |= mixed[s];
        }
        Self { any: mixed.contains(&true), mixed, sellers }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Use that activity of the company needs, over the same at the use per user of the start.
    pub intensity: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        Self { intensity: if plan.on.plans.any { zeros(ONES, plan.counts.companies) } else { Vec::new() } }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.intensity.fill(ONES);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.intensity, visit);
    }
}

/// Users whose use is lognormal, of those of the start whose mean use is 1, of whom shares in proportion to a power of use stayed.
#[derive(Clone, Copy, Debug)]
struct Mix {
    /// Standard deviation of the log of use.
    spread: f64,
    /// Mean of the log of use.
    log: f64,
}

/// Effects of a cap on a mix of users.
#[derive(Clone, Copy, Debug)]
struct Capped {
    /// Mean use under the cap.
    served: f64,
    /// Mean share of their use that users lose.
    withheld: f64,
    /// Mean change of that share with the log of use.
    slope: f64,
}

impl Mix {
    fn new(spread: f64, selection: f64) -> Self {
        Self { spread, log: spread * spread * (selection - 0.5) }
    }

    /// Mean use that is wanted.
    fn mean(self) -> f64 {
        exp(self.log + 0.5 * self.spread * self.spread)
    }

    /// Effects of a cap; 0 is none.
    fn under(self, cap: f64) -> Capped {
        if cap <= 0.0 {
            return Capped { served: self.mean(), withheld: 0.0, slope: 0.0 };
        }
        let place = (ln(cap) - self.log) / self.spread;
        let beyond = normal(-place);
        let slope = cap * exp(0.5 * self.spread * self.spread - self.log) * normal(-place - self.spread);
        Capped {
            served: self.mean() * normal(place - self.spread) + cap * beyond,
            withheld: (beyond - slope).max(0.0),
            slope,
        }
    }
}

/// Distribution function of the standard normal.
fn normal(x: f64) -> f64 {
    0.5 * erfc(-x * FRAC_1_SQRT_2)
}

/// Furthest power with which users stay.
const FURTHEST: f64 = 20.0;

/// Moves the mix of users of a segment, and gives what they feel as a dearer product, in logs.
#[inline(never)]
pub fn mix(block: &mut Block<'_>, segment: usize, seller: usize) -> Row {
    let (p, state) = (&block.parameters.segment, &mut block.state.segment);
    let (log_price, cost) = (&block.scratch.prices.log_price[seller], &block.state.company.input_cost[seller]);
    let mut felt = ZERO;
    for l in 0..LANES {
        let spread = p.use_spread.at(segment, l);
        if spread <= 0.0 {
            continue;
        }
        let first = p.plan_cap.at(segment, l);
        let tighter = exp(-p.cap_response.at(segment, l) * ln(cost[l].max(1.0)));
        let cap = first * p.cap_level.at(segment, l) * tighter;
        let cap = if first > 0.0 { cap.clamp(1.0 / MOST, MOST) } else { 0.0 };
        let start = Mix::new(spread, 0.0).under(first);
        let before = Mix::new(spread, state.selection[segment][l]).under(cap);
        let weight = p.withheld_felt.at(segment, l);
        state.withheld[segment][l] = before.withheld - start.withheld;
        felt[l] = weight * state.withheld[segment][l];
        let by_price = p.use_worth.at(segment, l) * log_price[l];
        let target = p.elasticity.at(segment, l) * (by_price - weight * (before.slope - start.slope));
        let selection = &mut state.selection[segment][l];
        *selection += (target.clamp(-FURTHEST, FURTHEST) - *selection) * block.derived.per_adjustment.at(segment, l);
        let now = Mix::new(spread, *selection);
        state.mean_use[segment][l] = now.mean().min(MOST);
        state.served_use[segment][l] = (now.under(cap).served / start.served).min(MOST);
    }
    felt
}

/// Weighs the use of its segments by what they sell: activity of a company needs so much more of its inputs.
#[inline(never)]
pub fn weigh(block: &mut Block<'_>, company: usize) {
    let (mut more, mut sold) = (ZERO, block.state.company.used[company]);
    for &segment in block.plan.segments.of(company) {
        let segment = segment as usize;
        let state = &block.state.segment;
        for l in 0..LANES {
            let dollars = block.parameters.segment.revenue.at(segment, l) * state.volume[segment][l];
            sold[l] += dollars;
            more[l] += dollars * (state.served_use[segment][l] - 1.0);
        }
    }
    block.scratch.plans.intensity[company] =
        Row::from_fn(|l| if sold[l] > 0.0 { 1.0 + more[l] / sold[l] } else { 1.0 });
}

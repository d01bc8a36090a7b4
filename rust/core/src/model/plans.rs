//! Phase 4: plans at one price for users who use more or less, the mix of those who stay, and caps on use.

use crate::block::Block;
use crate::carry;
use crate::column::{ONES, Row, ZERO, zeros};
use crate::limits::MOST;
use crate::model::apart::apart;
use crate::needed::Needed;
use crate::pack::{Operand, Pack, Packs, packs};
use crate::plan::Plan;
use crate::scratch::Keep;
use crate::world::World;
use libm::erfc;
use pulp::{Scalar, Simd};
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
    /// Mean use served at the start, share of use withheld, and its change with the log of use, by segment.
    first: Vec<[Row; 3]>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let kept = |count: usize| if plan.on.plans.any { count } else { 0 };
        Self {
            intensity: zeros(ONES, kept(plan.counts.companies)),
            first: zeros([ZERO; 3], kept(plan.counts.segments)),
        }
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
struct Mix<S: Simd> {
    /// Standard deviation of the log of use.
    spread: Pack<S>,
    /// Mean of the log of use.
    log: Pack<S>,
}

impl<S: Simd> Mix<S> {
    #[inline(always)]
    fn new(spread: Pack<S>, selection: Pack<S>) -> Self {
        Self { spread, log: spread * spread * (selection - 0.5) }
    }

    /// Mean use that is wanted.
    #[inline(always)]
    fn mean(self) -> Pack<S> {
        (self.log + 0.5 * self.spread * self.spread).exp()
    }

    /// The log of a cap, in standard deviations from the mean.
    #[inline(always)]
    fn place(self, cap: Pack<S>) -> Pack<S> {
        (cap.ln() - self.log) / self.spread
    }

    /// Mean use under a cap, from the shares of users and of use at its place; 0 is none.
    #[inline(always)]
    fn served(self, cap: Pack<S>, [beyond, below]: [Pack<S>; 2]) -> Pack<S> {
        cap.above(0.0).choose(self.mean() * below + cap * beyond, self.mean())
    }

    /// Mean share of their use that users lose under a cap, and its mean change with the log of use.
    #[inline(always)]
    fn withheld(self, cap: Pack<S>, [beyond, further]: [Pack<S>; 2]) -> [Pack<S>; 2] {
        let slope = cap * (0.5 * self.spread * self.spread - self.log).exp() * further;
        let capped = cap.above(0.0);
        [capped.choose((beyond - slope).at_least(0.0), 0.0), capped.choose(slope, 0.0)]
    }
}

/// Distribution function of the standard normal.
fn normal(x: f64) -> f64 {
    0.5 * erfc(-x * FRAC_1_SQRT_2)
}

/// Furthest power with which users stay.
const FURTHEST: f64 = 20.0;

/// Works out what the caps of the start do to the users of the start.
pub fn start(block: &mut Block<'_>) {
    let s = Scalar::new();
    for segment in (0..block.scratch.plans.first.len()).filter(|&segment| block.plan.on.plans.mixed[segment]) {
        let (p, first) = (&block.parameters.segment, &mut block.scratch.plans.first[segment]);
        for k in packs::<Scalar>() {
            let (spread, cap) = (p.use_spread.of(segment).pack(s, k), p.plan_cap.of(segment).pack(s, k));
            let mix = Mix::new(spread, 0.0.packed(s));
            let place = mix.place(cap).first();
            let [beyond, below, further] =
                [-place, place - spread.first(), -place - spread.first()].map(|x| normal(x).packed(s));
            let [withheld, slope] = mix.withheld(cap, [beyond, further]);
            first[0].put(k, mix.served(cap, [beyond, below]));
            first[1].put(k, withheld);
            first[2].put(k, slope);
        }
    }
}

/// Cap on use of a segment this month, 0 for none.
#[inline(always)]
fn cap<S: Simd>(s: S, block: &Block<'_>, segment: usize, seller: usize, k: usize) -> Pack<S> {
    let (p, cost) = (&block.parameters.segment, block.state.company.input_cost[seller].pack(s, k));
    let tighter = (-p.cap_response.of(segment).pack(s, k) * cost.at_least(1.0).ln()).exp();
    let first = p.plan_cap.of(segment).pack(s, k);
    let cap = first * p.cap_level.of(segment).pack(s, k) * tighter;
    first.above(0.0).choose(cap.within([1.0 / MOST, MOST]), 0.0)
}

/// Moves the mix of users of a segment, and gives what they feel as a dearer product, in logs.
#[inline(always)]
pub fn mix<S: Simd>(s: S, block: &mut Block<'_>, segment: usize, seller: usize) -> Row {
    let (mut caps, mut places, mut spreads, mut felt) = (ZERO, ZERO, ZERO, ZERO);
    for k in packs::<S>() {
        let (cap, spread) =
            (cap(s, block, segment, seller, k), block.parameters.segment.use_spread.of(segment).pack(s, k));
        let mix = Mix::new(spread, block.state.segment.selection[segment].pack(s, k));
        caps.put(k, cap);
        spreads.put(k, spread);
        places.put(k, mix.place(cap));
    }
    let beyond = places.map(|place| normal(-place));
    let further = Row::from_fn(|l| normal(-places[l] - spreads[l]));
    let first = &block.scratch.plans.first[segment];
    let (p, state) = (&block.parameters.segment, &mut block.state.segment);
    let log_price = &block.scratch.prices.log_price[seller];
    for k in packs::<S>() {
        let (cap, spread, before) = (caps.pack(s, k), spreads.pack(s, k), state.selection[segment].pack(s, k));
        let [lost, slope] = Mix::new(spread, before).withheld(cap, [beyond.pack(s, k), further.pack(s, k)]);
        let (mixed, weight) = (spread.above(0.0), p.withheld_felt.of(segment).pack(s, k));
        let withheld = lost - first[1].pack(s, k);
        let by_price = p.use_worth.of(segment).pack(s, k) * log_price.pack(s, k);
        let by_cap = weight * (slope - first[2].pack(s, k));
        let target = (p.elasticity.of(segment).pack(s, k) * (by_price - by_cap)).within([-FURTHEST, FURTHEST]);
        let selection = before + (target - before) * block.derived.per_adjustment.of(segment).pack(s, k);
        let now = Mix::new(spread, selection);
        felt.put(k, mixed.choose(weight * withheld, 0.0));
        places.put(k, now.place(cap));
        state.withheld[segment].put_where(k, mixed, withheld);
        state.selection[segment].put_where(k, mixed, selection);
        state.mean_use[segment].put_where(k, mixed, now.mean().at_most(MOST));
    }
    let beyond = places.map(|place| normal(-place));
    let below = Row::from_fn(|l| normal(places[l] - spreads[l]));
    for k in packs::<S>() {
        let (cap, spread, served) = (caps.pack(s, k), spreads.pack(s, k), &mut state.served_use[segment]);
        let now = Mix::new(spread, state.selection[segment].pack(s, k));
        let share = now.served(cap, [beyond.pack(s, k), below.pack(s, k)]) / first[0].pack(s, k);
        served.put(k, spread.above(0.0).choose(share.at_most(MOST), served.pack(s, k)));
    }
    felt
}

/// Weighs the use of its segments by what they sell: activity of a company needs so much more of its inputs.
#[inline(always)]
pub fn weigh<S: Simd>(s: S, block: &mut Block<'_>, company: usize) {
    for k in packs::<S>() {
        let (state, mut more) = (&block.state.segment, 0.0.packed(s));
        let mut sold = block.state.company.used[company].pack(s, k);
        for segment in block.plan.segments.of(company).iter().map(|&segment| segment as usize) {
            let revenue = block.parameters.segment.revenue.of(segment).pack(s, k);
            let dollars = revenue * state.volume[segment].pack(s, k);
            sold += dollars;
            more += dollars * (state.served_use[segment].pack(s, k) - 1.0);
        }
        block.scratch.plans.intensity[company].put(k, sold.above(0.0).choose(1.0 + more / sold, 1.0));
    }
}

apart! {
    mix_apart(s, block, segment: usize, seller: usize) -> Row { mix(s, block, segment, seller) }
    weigh_apart(s, block, i: usize) -> () { weigh(s, block, i) }
}

//! Phase 4: trends, the answer to price, and what rivals gain.

use crate::block::Block;
use crate::column::zeros;
use crate::column::{Row, ZERO};
use crate::draw::{Ahead, Stream};
use crate::limits::MOST;
use crate::model::apart::apart;
use crate::model::prorata::parts;
use crate::model::{bills, capacity, compute, growth, plans, saturation};
use crate::needed::Needed;
use crate::pack::{Operand, Packs, packs, show};
use crate::plan::Plan;
use crate::rounding::LEAST;
use crate::scratch::{Keep, living};
use crate::variables::Entity;
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* demand {
            parameters {
                segment {
                    revenue: UsdPerMonth, 0.0, LARGEST, None, true, "Revenue from this demand in the month before the start.";
                    growth: PerYear, -10.0, 10.0, Some(0.0), false, "Growth of demand at the start (logarithmic: 0.69 doubles it in a year).";
                    growth_long: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of demand in the long run (logarithmic: 0.69 doubles it in a year).";
                    growth_half_life: Months, 0.1, 1200.0, Some(24.0), false, "Months in which half the gap between the two closes.";
                    volatility: PerRootYear, 0.0, 5.0, Some(0.0), true, "Volatility of demand of its own.";
                    common_loading: Ratio, -10.0, 10.0, Some(0.0), true, "Loading of the month's log growth on the common demand factor.";
                    elasticity: Ratio, 0.0, 20.0, Some(0.0), true, "Fall of demand in per cent for one per cent of price.", off 0.0;
                    adjust_months: Months, 1.0, 120.0, Some(3.0), true, "Months in which volume adjusts to price.";
                    ai_share: Fraction, 0.0, 1.0, Some(1.0), false, "Share of the revenue that counts as AI revenue.";
                }
                recapture {
                    share: Fraction, 0.0, 1.0, None, true, "Share of the lost demand that the rival gains.", off 0.0;
                    pull: PerYear, 0.0, 10.0, Some(0.0), true, "Rate at which the product of the rival pulls users away at equal prices.", off 0.0;
                    pull_month: Month, 1.0, 1200.0, Some(1.0), false, "Month from which it does.";
                    pull_gap: Ratio, 0.0, 20.0, Some(0.0), true, "Elasticity of that rate to the price of the seller over that of the rival.";
                }
                market {
                    common_persistence: Ratio, -0.999, 0.999, Some(0.9), true, "Persistence of common demand from month to month.";
                    common_volatility: Ratio, 0.0, 1.0, Some(0.0), true, "Standard deviation of the monthly shock to common demand.";
                }
            }
            variables {
                company {
                    activity: Ratio, None, "Activity relative to the start.";
                    segment_revenue: UsdPerMonth, None, "Revenue from its segments, and from idle capacity that is let again.";
                }
                segment {
                    growth: PerYear, None, "Growth of demand now (logarithmic: 0.69 doubles it in a year).";
                    trend: Ratio, Some([0.0, MOST]), "Demand relative to the start at unchanged price.";
                    response: Ratio, Some([0.0, MOST]), "Answer of volume to price.";
                    loyal: Fraction, None, "Part of the users that no rival has pulled away.", |plan, _| plan.on.demand.pulls;
                    volume: Ratio, None, "Volume sold relative to the start.", |plan, _| plan.on.plans.any;
                    revenue: UsdPerMonth, None, "Revenue.", |_, needed| needed.gauges;
                }
                market {
                    common: Ratio, Some([-MOST, MOST]), "Common demand.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether demand of the segment is random.
    pub noisy_segment: Vec<bool>,
    /// Whether growth of the segment stays as it is.
    pub steady_segment: Vec<bool>,
    /// Whether volume of the segment answers to price.
    pub elastic_segment: Vec<bool>,
    /// Whether rivals gain lost demand.
    pub recaptures: bool,
    /// Whether rivals pull users away from anybody.
    pub pulls: bool,
    /// Whether this one does.
    pulling: Vec<bool>,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let (p, k) = (&world.parameters, &world.links);
        let zero = |value: f64| value == 0.0;
        Self {
            noisy_segment: (0..p.segment.revenue.len()).map(|s| !p.segment.volatility.all(s, zero)).collect(),
            steady_segment: (0..p.segment.revenue.len())
                .map(|s| p.segment.growth.same(&p.segment.growth_long, s) && p.segment.growth_volatility.all(s, zero))
                .collect(),
            elastic_segment: elastic(world),
            recaptures: !k.recapture.from.is_empty(),
            pulls: !p.recapture.pull.all_of(zero),
            pulling: (0..k.recapture.from.len()).map(|n| !p.recapture.pull.all(n, zero)).collect(),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Demand in dollars of the start, gained from rivals, by segment.
    pub recaptured: Vec<Row>,
    /// Sum of the shares that rivals gain of what each segment loses.
    pub claimed: Vec<Row>,
    /// Normals of demand, by segment.
    pub demand: Ahead,
    /// Variance of common demand, and its covariance with the sum of common demand so far.
    pub common_variance: Row,
    /// See `common_variance`.
    pub common_covariance: Row,
    /// Half of what the variance of that sum grows by this month.
    pub common_excess: Row,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        let segments = || zeros(ZERO, c.segments);
        Self {
            recaptured: segments(),
            claimed: segments(),
            demand: Ahead::new(c.segments),
            common_variance: ZERO,
            common_covariance: ZERO,
            common_excess: ZERO,
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.recaptured.fill(ZERO);
        self.demand.clear();
        (self.common_variance, self.common_covariance) = (ZERO, ZERO);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        self.demand.carried(visit);
        visit(&mut self.common_variance.0);
        visit(&mut self.common_covariance.0);
    }
}

/// Whether volumes of segments answer to price.
fn elastic(world: &World) -> Vec<bool> {
    let elasticity = &world.parameters.segment.elasticity;
    (0..elasticity.len())
        .map(|s| !elasticity.all(s, |value| value == 0.0) || world.is_pushed(Entity::Segment, "response", s))
        .collect()
}

/// Trends of the segments of a company, and the answer of their volumes to price.
#[inline(always)]
pub fn grow<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    for &k in block.plan.segments.of(i) {
        let k = k as usize;
        if block.plan.on.demand.noisy_segment[k] {
            block.scratch.demand.demand.draw(s, &block.draws, (Stream::Demand, block.addresses.segment[k]), k, month);
        }
        trend(s, block, k, month);
        respond(s, block, k, i);
        if block.plan.on.macroeconomy.cyclical[k] {
            cycle(s, block, k);
        }
    }
}

/// The market of a segment grows.
#[inline(always)]
fn trend<S: Simd>(s: S, block: &mut Block<'_>, segment: usize, month: u32) {
    let steady = block.plan.on.demand.steady_segment[segment];
    if !steady && month > 1 {
        decay(s, block, segment);
    }
    let on = &block.plan.on.growth;
    let shocked = on.wanders[segment] || on.breaks[segment];
    let mut shift = if shocked { growth::shock_apart(s, block, segment, month) } else { ZERO };
    let braked = block.plan.on.saturation.limited[segment];
    if braked {
        shift = saturation::brake_apart(s, block, segment, shift);
    }
    let d = &block.derived;
    let (drift, size) = (d.segment_drift.of(segment), d.segment_noise.of(segment));
    let (loading, common) = (block.parameters.segment.common_loading.of(segment), &block.state.market.common[0]);
    let excess = if on.median[segment] { &ZERO } else { &block.scratch.demand.common_excess };
    let noisy = block.plan.on.demand.noisy_segment[segment];
    let noise = noisy.then(|| block.scratch.demand.demand.of(segment, month));
    let state = &mut block.state.segment;
    let (growth, trend) = (&state.growth[segment], &mut state.trend[segment]);
    for k in packs::<S>() {
        let loading = loading.pack(s, k);
        let mut drift = drift.pack(s, k) + loading * (common.pack(s, k) - loading * excess.pack(s, k));
        if !steady {
            drift += growth.pack(s, k) * (1.0 / 12.0);
        }
        if let Some(noise) = noise {
            drift += size.pack(s, k) * noise.pack(s, k);
        }
        if shocked || braked {
            drift += shift.pack(s, k);
        }
        trend.put(k, (trend.pack(s, k) * drift.exp()).at_most(MOST));
    }
}

/// Growth of a segment moves towards the long run.
#[inline(always)]
fn decay<S: Simd>(s: S, block: &mut Block<'_>, segment: usize) {
    let long = block.parameters.segment.growth_long.of(segment);
    let (decay, growth) = (block.derived.segment_decay.of(segment), &mut block.state.segment.growth[segment]);
    for k in packs::<S>() {
        let long = long.pack(s, k);
        growth.put(k, long + (growth.pack(s, k) - long) * decay.pack(s, k));
    }
}

/// The volume of a segment answers to the price of its seller.
#[inline(always)]
fn respond<S: Simd>(s: S, block: &mut Block<'_>, segment: usize, seller: usize) {
    let mixed = block.plan.on.plans.mixed[segment];
    let felt = if mixed { plans::mix_apart(s, block, segment, seller) } else { ZERO };
    if !block.plan.on.demand.elastic_segment[segment] {
        return;
    }
    let (elasticity, per_month) =
        (block.parameters.segment.elasticity.of(segment), block.derived.per_adjustment.of(segment));
    let (log_price, response) = (&block.scratch.prices.log_price[seller], &mut block.state.segment.response[segment]);
    let mut settles = block.scratch.value.settles.get_mut(segment);
    for k in packs::<S>() {
        let mut dearer = log_price.pack(s, k);
        if mixed {
            dearer += felt.pack(s, k);
        }
        let target = (-elasticity.pack(s, k) * dearer).exp().at_most(MOST);
        let before = response.pack(s, k);
        response.put(k, before + (target - before) * per_month.pack(s, k));
        show(&mut settles, k, target);
    }
}

/// Demand of a segment moves with GDP and wealth of the month before.
#[inline(always)]
fn cycle<S: Simd>(s: S, block: &mut Block<'_>, segment: usize) {
    let p = &block.parameters.segment;
    let (of_gdp, of_wealth) = (p.gdp_loading.of(segment), p.wealth_loading.of(segment));
    let (gap, wealth) = (&block.state.market.gdp_gap[0], &block.state.market.wealth[0]);
    let climate = &mut block.state.segment.climate[segment];
    for k in packs::<S>() {
        let log = of_gdp.pack(s, k) * gap.pack(s, k) + of_wealth.pack(s, k) * wealth.pack(s, k);
        climate.put(k, log.exp().at_most(MOST));
    }
}

/// Demand lost by dead or dearer sellers goes to rivals.
#[inline(always)]
pub fn recapture<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    if block.plan.on.demand.pulls {
        pull(s, block, month);
    }
    let (links, p) = (&block.links.recapture, &block.parameters);
    let x = &mut block.scratch.demand;
    x.recaptured.fill(ZERO);
    x.claimed.fill(ZERO);
    for n in 0..links.from.len() {
        let claimed = &mut x.claimed[links.from[n] as usize];
        for k in packs::<S>() {
            claimed.gain(k, p.recapture.share.of(n).pack(s, k));
        }
    }
    for n in 0..links.from.len() {
        let (from, to) = (links.from[n] as usize, links.to[n] as usize);
        let (share, revenue) = (p.recapture.share.of(n), p.segment.revenue.of(from));
        let alive = &block.state.company.alive[block.links.segment.seller[from] as usize];
        let (trend, response) = (&block.state.segment.trend[from], &block.state.segment.response[from]);
        let (climate, loyal) = (block.state.segment.climate.get(from), block.state.segment.loyal.get(from));
        let (gained, claimed) = (&mut x.recaptured[to], &x.claimed[from]);
        for k in packs::<S>() {
            let mut stay = response.pack(s, k);
            if let Some(loyal) = loyal {
                stay *= loyal.pack(s, k);
            }
            let kept = alive.pack(s, k).above(0.0).choose(stay, 0.0);
            let mut wanted = revenue.pack(s, k) * trend.pack(s, k);
            if let Some(climate) = climate {
                wanted *= climate.pack(s, k);
            }
            // Nobody gains what was not lost: rules may bring the shares of a segment beyond all of it.
            let lost = (wanted * (1.0 - kept)).at_least(0.0);
            gained.gain(k, share.pack(s, k) * parts(1.0.packed(s), claimed.pack(s, k)) * lost);
        }
    }
}

/// Rivals pull users away from living sellers, the faster the dearer these are.
#[inline(always)]
fn pull<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    let (links, p) = (&block.links.recapture, &block.parameters.recapture);
    for n in (0..links.from.len()).filter(|&n| block.plan.on.demand.pulling[n]) {
        let (from, to) = (links.from[n] as usize, links.to[n] as usize);
        let [seller, rival] = [from, to].map(|segment| block.links.segment.seller[segment] as usize);
        let (alive, log) = (&block.state.company.alive, &block.scratch.prices.log_price);
        let loyal = &mut block.state.segment.loyal[from];
        for k in packs::<S>() {
            // The same as month >= to_whole_months(pull_month), month being whole.
            let begun = p.pull_month.of(n).pack(s, k).below(f64::from(month) + 0.5);
            let both = alive[seller].pack(s, k).above(0.0) & alive[rival].pack(s, k).above(0.0);
            let gap = log[seller].pack(s, k) - log[rival].pack(s, k);
            let rate = p.pull.of(n).pack(s, k) * (p.pull_gap.of(n).pack(s, k) * gap).exp().at_most(MOST);
            let before = loyal.pack(s, k);
            loyal.put(k, (begun & both).choose(before * (-rate / 12.0).exp(), before));
        }
    }
}

/// Sales of a company to its segments, and its activity: these and what its customers used.
#[inline(always)]
pub fn sell<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let replacing = !block.plan.on.bills.replaced.of(i).is_empty();
    let lost_now = if replacing { bills::lost_apart(s, block, i, month) } else { ZERO };
    let lost = block.plan.on.bills.irreplaceable.then(|| &block.scratch.bills.lost_weight[i]);
    let alive = living(&block.state.company.alive, &block.scratch.cascade.has_died, i);
    let (mut capability, mut dollars) = (*alive, ZERO);
    let lost = if replacing { Some(&lost_now) } else { lost };
    if let Some(lost) = lost {
        for k in packs::<S>() {
            let left = (1.0 - lost.pack(s, k)).at_least(0.0);
            capability.put(k, capability.pack(s, k) * left);
        }
    }
    let limited = block.plan.on.capacity.limited[i];
    let apart = limited || (block.needed.demand && block.plan.on.capacity.part_hosted[i]);
    if apart {
        let wanted = wanted(s, block, i, &capability);
        capacity::ration_sales_apart(s, block, i, wanted);
    }
    block.state.company.segment_revenue[i] = ZERO;
    for &segment in block.plan.segments.of(i) {
        let segment = segment as usize;
        let able = if limited { capacity::able_apart(s, block, i, segment, capability) } else { capability };
        supply(s, block, i, segment, &able, &mut dollars);
    }
    if block.plan.on.plans.sellers[i] {
        plans::weigh_apart(s, block, i);
    }
    if block.needed.demand && !apart {
        block.scratch.capacity.wanted_sales[i] = dollars;
    }
    if block.plan.on.capacity.relets {
        capacity::relet_apart(s, block, i);
    }
    if block.plan.on.compute.rents[i] {
        compute::let_out_apart(s, block, i);
    }
    let per_revenue = block.derived.per_revenue.of(i);
    let c = &mut block.state.company;
    let (used, activity, mut shown) = (&c.used[i], &mut c.activity[i], c.capability.get_mut(i));
    let alive = living(&c.alive, &block.scratch.cascade.has_died, i);
    for k in packs::<S>() {
        let per_revenue = per_revenue.pack(s, k);
        let relative = (dollars.pack(s, k) + used.pack(s, k)) * per_revenue;
        activity.put(k, alive.pack(s, k) * per_revenue.above(0.0).choose(relative, 1.0));
        show(&mut shown, k, capability.pack(s, k));
    }
}

/// Volume that a segment wants, what rivals lost included.
#[inline(always)]
fn volume<S: Simd>(s: S, block: &Block<'_>, segment: usize) -> Row {
    let (on, state) = (&block.plan.on, &block.state.segment);
    let (trend, response) = (&state.trend[segment], &state.response[segment]);
    let climate = on.macroeconomy.cyclical[segment].then(|| &state.climate[segment]);
    let loyal = on.demand.pulls.then(|| &state.loyal[segment]);
    let recaptured = on.demand.recaptures.then(|| &block.scratch.demand.recaptured[segment]);
    let (start, mut volumes) = (block.parameters.segment.revenue.of(segment), ZERO);
    for k in packs::<S>() {
        let mut volume = trend.pack(s, k) * response.pack(s, k);
        if let Some(climate) = climate {
            volume *= climate.pack(s, k);
        }
        if let Some(loyal) = loyal {
            volume *= loyal.pack(s, k);
        }
        if let Some(recaptured) = recaptured {
            let start = start.pack(s, k);
            volume += start.above(LEAST).choose(recaptured.pack(s, k) / start, 0.0);
        }
        volumes.put(k, volume);
    }
    volumes
}

/// Sales wanted of a company, in dollars of the start.
#[inline(always)]
fn wanted<S: Simd>(s: S, block: &Block<'_>, i: usize, capability: &Row) -> Row {
    let (p, mut dollars) = (&block.parameters.segment, ZERO);
    for &segment in block.plan.segments.of(i) {
        let segment = segment as usize;
        let (start, hosted, volume) = (p.revenue.of(segment), p.hosted.of(segment), volume(s, block, segment));
        for k in packs::<S>() {
            let all = start.pack(s, k) * (volume.pack(s, k) * capability.pack(s, k));
            dollars.gain(k, hosted.pack(s, k) * all);
        }
    }
    dollars
}

/// Sales of company `i` to one segment, in dollars of the start added to `dollars`.
#[inline(always)]
fn supply<S: Simd>(s: S, block: &mut Block<'_>, i: usize, segment: usize, capability: &Row, dollars: &mut Row) {
    let (start, wanted) = (block.parameters.segment.revenue.of(segment), volume(s, block, segment));
    let (c, state) = (&mut block.state.company, &mut block.state.segment);
    let (price, sum) = (&block.scratch.prices.price[i], &mut c.segment_revenue[i]);
    let (mut volumes, mut revenues) = (state.volume.get_mut(segment), state.revenue.get_mut(segment));
    for k in packs::<S>() {
        let volume = wanted.pack(s, k) * capability.pack(s, k);
        let start = start.pack(s, k);
        let at_start = start * volume;
        let revenue = price.pack(s, k) * at_start;
        dollars.gain(k, at_start);
        sum.gain(k, revenue);
        show(&mut volumes, k, volume);
        show(&mut revenues, k, revenue);
    }
}

apart! {
    recapture_apart(s, block, month: u32) -> () { recapture(s, block, month) }
}

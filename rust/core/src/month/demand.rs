//! Phase 4: trends, the answer to price, and what rivals gain.

use crate::block::Block;
use crate::column::{LANES, ZERO};
use crate::draw::{Stream, normals};
use crate::pack::{Operand, Packs, packs, show};
use crate::plan::MOST;
use pulp::Simd;

/// Trends of the segments of a company, and the answer of their volumes to price.
#[inline(always)]
pub fn grow<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    for &k in block.plan.segments.of(i) {
        let k = k as usize;
        if block.plan.noisy_segment[k] && (month - 1).is_multiple_of(4) {
            draw(block, k, month);
        }
        trend(s, block, k, month);
        respond(s, block, k, i);
    }
}

/// Normals for the next four months, once every four months.
#[inline(always)]
fn draw(block: &mut Block<'_>, segment: usize, month: u32) {
    let words = block.draws.words(Stream::Demand, block.addresses.segment[segment], (month - 1) / 4);
    let [first, second] = normals(&words[0], &words[1]);
    let [third, fourth] = normals(&words[2], &words[3]);
    for (rows, row) in block.scratch.demand.iter_mut().zip([first, second, third, fourth]) {
        rows[segment] = row;
    }
}

/// The market of a segment grows.
#[inline(always)]
fn trend<S: Simd>(s: S, block: &mut Block<'_>, segment: usize, month: u32) {
    let (p, d) = (&block.parameters.segment, &block.derived);
    let noise = &block.scratch.demand[((month - 1) % 4) as usize];
    let state = &mut block.state.segment;
    for k in packs::<S>() {
        let mut drift = d.segment_drift.pack(s, segment, k);
        if !block.plan.steady_segment[segment] {
            let (now, long) = (state.growth[segment].pack(s, k), p.growth_long.pack(s, segment, k));
            let decayed = long + (now - long) * d.segment_decay.pack(s, segment, k);
            let now = if month == 1 { now } else { decayed };
            state.growth[segment].put(k, now);
            drift += now * (1.0 / 12.0);
        }
        drift += p.common_loading.pack(s, segment, k) * block.state.market.common[0].pack(s, k);
        if block.plan.noisy_segment[segment] {
            drift += d.segment_noise.pack(s, segment, k) * noise[segment].pack(s, k);
        }
        let trend = state.trend[segment].pack(s, k) * drift.exp();
        state.trend[segment].put(k, trend.at_most(MOST));
    }
}

/// The volume of a segment answers to the price of its seller.
#[inline(always)]
fn respond<S: Simd>(s: S, block: &mut Block<'_>, segment: usize, seller: usize) {
    if !block.plan.elastic_segment[segment] {
        return;
    }
    let row = &mut block.state.segment.response[segment];
    for k in packs::<S>() {
        let elasticity = block.parameters.segment.elasticity.pack(s, segment, k);
        let target = (-elasticity * block.scratch.log_price[seller].pack(s, k)).exp().at_most(MOST);
        let response = row.pack(s, k);
        row.put(k, response + (target - response) * block.derived.per_adjustment.pack(s, segment, k));
    }
}

/// Demand lost by dead or dearer sellers goes to rivals.
#[inline(always)]
pub fn recapture(block: &mut Block<'_>) {
    let links = block.links.recapture;
    block.scratch.recaptured.fill(ZERO);
    for k in 0..links.from.len() {
        let (from, to) = (links.from[k] as usize, links.to[k] as usize);
        let share = block.parameters.recapture.share.row(k);
        let revenue = block.parameters.segment.revenue.row(from);
        let alive = block.state.company.alive[block.links.segment.seller[from] as usize];
        let (trend, response) = (&block.state.segment.trend[from], &block.state.segment.response[from]);
        let gained = &mut block.scratch.recaptured[to];
        for l in 0..LANES {
            let kept = if alive[l] > 0.0 { response[l] } else { 0.0 };
            let lost = revenue[l] * trend[l] * (1.0 - kept);
            gained[l] += share[l] * if lost > 0.0 { lost } else { 0.0 };
        }
    }
}

/// Sales of a company to its segments, and its activity: these and what its customers used.
#[inline(always)]
pub fn sell<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (plan, x) = (block.plan, &block.scratch);
    for k in packs::<S>() {
        let c = &mut block.state.company;
        let alive = c.alive[i].pack(s, k);
        let mut capability = alive;
        if plan.irreplaceable {
            capability *= (1.0 - x.lost_weight[i].pack(s, k)).at_least(0.0);
        }
        show(&mut c.capability, i, k, capability);
        let price = c.price[i].pack(s, k);
        let (mut sum, mut dollars) = (0.0.packed(s), 0.0.packed(s));
        for &segment in plan.segments.of(i) {
            let segment = segment as usize;
            let start = block.parameters.segment.revenue.pack(s, segment, k);
            let state = &mut block.state.segment;
            let mut volume = state.trend[segment].pack(s, k) * state.response[segment].pack(s, k);
            if plan.recaptures {
                let gained = x.recaptured[segment].pack(s, k) / start;
                volume += start.above(0.0).choose(gained, 0.0);
            }
            volume *= capability;
            let at_start = start * volume;
            let revenue = price * at_start;
            dollars += at_start;
            sum += revenue;
            show(&mut state.volume, segment, k, volume);
            state.revenue[segment].put(k, revenue);
        }
        c.segment_revenue[i].put(k, sum);
        let per_revenue = block.derived.per_revenue.pack(s, i, k);
        let relative = (dollars + c.used[i].pack(s, k)) * per_revenue;
        c.activity[i].put(k, alive * per_revenue.above(0.0).choose(relative, 1.0));
    }
}

//! Phase 4: trends, the answer to price, and what rivals gain.

use crate::block::Block;
use crate::column::{LANES, ZERO};
use crate::draw::{Stream, normals};
use crate::math::exp;
use crate::plan::MOST;

/// Moves demand by a month and sells to it.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    draw(block, month);
    for s in 0..block.plan.counts.segments {
        grow(block, s, month);
    }
    recapture(block);
    for i in 0..block.plan.counts.companies {
        sell(block, i);
    }
}

/// Normals for the next four months, once every four months.
#[inline(always)]
fn draw(block: &mut Block<'_>, month: u32) {
    if !(month - 1).is_multiple_of(4) {
        return;
    }
    for s in 0..block.plan.counts.segments {
        if block.plan.noisy_segment[s] {
            let words = block.draws.words(Stream::Demand, block.addresses.segment[s], (month - 1) / 4);
            let [first, second] = normals(&words[0], &words[1]);
            let [third, fourth] = normals(&words[2], &words[3]);
            for (rows, row) in block.scratch.demand.iter_mut().zip([first, second, third, fourth]) {
                rows[s] = row;
            }
        }
    }
}

/// Trend of a segment, and the answer of its volume to price.
#[inline(always)]
fn grow(block: &mut Block<'_>, s: usize, month: u32) {
    let p = &block.parameters.segment;
    let seller = block.links.segment.seller[s] as usize;
    let (long, decay) = (p.growth_long.row(s), &block.derived.segment_decay[s]);
    let (volatility, loading) = (p.volatility.row(s), p.common_loading.row(s));
    let (elasticity, adjust) = (p.elasticity.row(s), p.adjust_months.row(s));
    let (common, log_price) = (&block.state.market.common[0], &block.scratch.log_price[seller]);
    let noise = block.scratch.demand[((month - 1) % 4) as usize][s];
    let state = &mut block.state.segment;
    let (mut growth, mut trend, mut response) = (state.growth[s], state.trend[s], state.response[s]);
    let root = (1.0_f64 / 12.0).sqrt();
    let first = month == 1;
    for l in 0..LANES {
        let decayed = long[l] + (growth[l] - long[l]) * decay[l];
        growth[l] = if first { growth[l] } else { decayed };
        let drift = growth[l] / 12.0 + loading[l] * common[l] - volatility[l] * volatility[l] / 24.0;
        trend[l] *= exp(drift + volatility[l] * root * noise[l]);
        trend[l] = if trend[l] < MOST { trend[l] } else { MOST };
        let target = exp(-elasticity[l] * log_price[l]);
        let target = if target < MOST { target } else { MOST };
        response[l] += (target - response[l]) / adjust[l];
    }
    state.growth[s] = growth;
    state.trend[s] = trend;
    state.response[s] = response;
}

/// Demand lost by dead or dearer sellers goes to rivals.
#[inline(always)]
fn recapture(block: &mut Block<'_>) {
    let links = block.links.recapture;
    if links.from.is_empty() {
        return;
    }
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

/// Sales of a company to its segments.
#[inline(always)]
fn sell(block: &mut Block<'_>, i: usize) {
    let c = &block.state.company;
    let (alive, price, lost) = (&c.alive[i], &c.price[i], &block.scratch.lost_weight[i]);
    let mut capability = ZERO;
    for l in 0..LANES {
        let left = 1.0 - lost[l];
        capability[l] = alive[l] * if left > 0.0 { left } else { 0.0 };
    }
    let (mut sum, mut dollars) = (ZERO, ZERO);
    for &s in block.plan.segments.of(i) {
        let s = s as usize;
        let start = block.parameters.segment.revenue.row(s);
        let recaptured = &block.scratch.recaptured[s];
        let state = &mut block.state.segment;
        let (trend, response) = (&state.trend[s], &state.response[s]);
        let (mut volume, mut revenue) = (ZERO, ZERO);
        for l in 0..LANES {
            let gained = recaptured[l] / start[l];
            let gained = if start[l] > 0.0 { gained } else { 0.0 };
            volume[l] = (trend[l] * response[l] + gained) * capability[l];
            let at_start = start[l] * volume[l];
            revenue[l] = price[l] * at_start;
            dollars[l] += at_start;
            sum[l] += revenue[l];
        }
        state.volume[s] = volume;
        state.revenue[s] = revenue;
    }
    block.state.company.capability[i] = capability;
    block.state.company.segment_revenue[i] = sum;
    block.scratch.volume[i] = dollars;
}

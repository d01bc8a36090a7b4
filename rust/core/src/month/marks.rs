//! Phase 12: runway, growth, valuations, and what the whole economy shows.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::pack::{Pack, Packs, packs, show};
use crate::plan::MOST;
use pulp::{Scalar, Simd};

/// Rounding allowed to a sum of balances, as a share of their sizes.
const ROUNDING: f64 = 1e-14;

/// Months of runway beyond which nobody counts.
const MOST_RUNWAY: f64 = 120.0;

/// Marks the end of the month for a company.
#[inline(always)]
pub fn mark<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    for k in packs::<S>() {
        flow(s, block, i, k, month);
        worth(s, block, i, k, month);
    }
}

/// Net cash flow, burn and runway.
#[inline(always)]
fn flow<S: Simd>(s: S, block: &mut Block<'_>, i: usize, k: usize, month: u32) {
    let (c, x) = (&mut block.state.company, &mut block.scratch);
    let (cash, before, alive) = (c.cash[i].pack(s, k), x.cash_before[i].pack(s, k), c.alive[i].pack(s, k));
    let change = cash - before;
    x.change.gain(k, change);
    x.balances.gain(k, before);
    let mut net = change;
    if x.has_raised[i] {
        net -= c.raised[i].pack(s, k);
    }
    if block.plan.pledges {
        net -= c.pledged[i].pack(s, k);
    }
    show(&mut c.net_cash_flow, i, k, net);
    let weight = if month == 1 { 1.0 } else { 1.0 / 3.0 };
    let smooth = c.smooth_flow[i].pack(s, k);
    let smooth = alive * (smooth + (net - smooth) * weight);
    c.smooth_flow[i].put(k, smooth);
    let burn = alive * smooth.below(0.0).choose(-smooth, 0.0);
    c.burn[i].put(k, burn);
    let months = burn.above(0.0).choose((cash / burn).at_most(MOST_RUNWAY), MOST_RUNWAY);
    c.runway[i].put(k, alive * months);
    if block.wants.cover {
        cover(s, block, i, k, net, weight);
    }
}

/// Smoothed cash flow before debt service, capex and payout, and smoothed debt service.
#[inline(always)]
fn cover<S: Simd>(s: S, block: &mut Block<'_>, i: usize, k: usize, net: Pack<S>, weight: f64) {
    let c = &mut block.state.company;
    let (alive, service) = (c.alive[i].pack(s, k), c.debt_service[i].pack(s, k));
    let own = net + service - c.drawn[i].pack(s, k) + c.capex[i].pack(s, k) + c.payout[i].pack(s, k);
    for (row, now) in [(&mut c.smooth_cover[i], own), (&mut c.smooth_service[i], service)] {
        let smooth = row.pack(s, k);
        row.put(k, alive * (smooth + (now - smooth) * weight));
    }
}

/// Growth, profit and fair value.
#[inline(always)]
fn worth<S: Simd>(s: S, block: &mut Block<'_>, i: usize, k: usize, month: u32) {
    let (c, x) = (&mut block.state.company, &block.scratch);
    let alive = c.alive[i].pack(s, k);
    let mut revenue = c.segment_revenue[i].pack(s, k) + c.trade_revenue[i].pack(s, k);
    if block.plan.equips {
        revenue += c.equipment_revenue[i].pack(s, k);
    }
    let mut smooth = c.smooth_revenue[i].pack(s, k);
    if month == 1 {
        smooth = revenue / (1.0 + block.derived.growth.pack(s, i, k) * (1.0 / 2.4));
    }
    let grown = (2.4 * (revenue / smooth - 1.0)).at_least(-2.0).at_most(3.0);
    let growth = alive * smooth.above(0.0).choose(grown, 0.0);
    let spent = c.costs[i].pack(s, k) + c.bills[i].pack(s, k) + c.discretionary[i].pack(s, k);
    let spent = spent + c.depreciation[i].pack(s, k) + c.interest[i].pack(s, k);
    c.profit[i].put(k, revenue + x.interest_received[i].pack(s, k) - spent);
    c.revenue[i].put(k, revenue);
    c.smooth_revenue[i].put(k, alive * (smooth + (revenue - smooth) * (1.0 / 6.0)));
    c.growth[i].put(k, growth);
    let fair = fair_value(s, block, i, k, revenue, growth);
    block.state.company.valuation[i].put(k, fair);
}

/// Revenue run-rate times the multiple of growth and regime.
#[inline(always)]
fn fair_value<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize, revenue: Pack<S>, growth: Pack<S>) -> Pack<S> {
    let (p, market) = (&block.parameters.company, &block.parameters.market);
    let regime = block.state.market.regime[0].pack(s, k);
    let shut = regime.equals(2.0).choose(market.value_shut.pack(s, 0, k), 1.0);
    let factor = regime.equals(0.0).choose(market.value_open.pack(s, 0, k), shut);
    let multiple = 12.0 * p.valuation_multiple.pack(s, i, k) * factor;
    let value = block.state.company.alive[i].pack(s, k) * revenue * multiple;
    let faster = growth - block.derived.growth.pack(s, i, k);
    value * (1.0 + p.growth_premium.pack(s, i, k) * faster).at_least(0.2).at_most(5.0)
}

/// Fair values at month 0, equipment sales included.
pub fn value_at_start(block: &mut Block<'_>) {
    let mut revenue: Vec<Row> = (0..block.plan.counts.companies).map(|i| block.derived.revenue.row(i)).collect();
    for k in 0..block.links.order.vendor.len() {
        let (fleet, vendor) = (block.links.order.fleet[k] as usize, block.links.order.vendor[k] as usize);
        let (share, capex) = (block.parameters.order.share.row(k), block.parameters.fleet.capex.row(fleet));
        for l in 0..LANES {
            revenue[vendor][l] += share[l] * capex[l];
        }
    }
    let s = Scalar::new();
    for (i, row) in revenue.iter().enumerate() {
        let growth = block.state.company.growth[i];
        let mut fair = ZERO;
        for k in packs::<Scalar>() {
            fair.put(k, fair_value(s, block, i, k, row.pack(s, k), growth.pack(s, k)));
        }
        let last = block.parameters.company.last_valuation.row(i);
        block.state.company.valuation[i] = fair;
        block.state.company.last_valuation[i] = std::array::from_fn(|l| if last[l] > 0.0 { last[l] } else { fair[l] });
    }
}

/// Closes the ledger, and shows the whole economy.
#[inline(always)]
pub fn close(block: &mut Block<'_>, month: u32) {
    let change = std::mem::replace(&mut block.scratch.change, ZERO);
    balance(block, &change);
    if block.wants.gauges {
        gauges(block, month);
    }
}

/// The ledger: what companies and sectors gained must be nothing in all.
#[inline(always)]
fn balance(block: &mut Block<'_>, change: &Row) {
    let m = &block.state.market;
    for l in 0..block.live {
        let sectors = m.households[0][l] + m.suppliers[0][l] + m.capital[0][l];
        let gap = (change[l] + sectors - block.scratch.sectors_before[l]).abs();
        // Adding up large balances rounds; what is beyond that is held against the flow.
        let beyond = gap - ROUNDING * block.scratch.balances[l];
        let relative = beyond.max(0.0) / (1.0 + block.scratch.flow[l]);
        block.scratch.imbalance = block.scratch.imbalance.max(relative);
    }
}

/// Capex, AI revenue, concentration and the like.
#[inline(always)]
fn gauges(block: &mut Block<'_>, month: u32) {
    let plan = block.plan;
    let (mut capex, mut alive, mut raised) = (ZERO, ZERO, ZERO);
    for i in 0..plan.counts.companies {
        let c = &block.state.company;
        for l in 0..LANES {
            capex[l] += c.capex[i][l];
            alive[l] += c.alive[i][l];
            raised[l] += c.raised[i][l];
        }
    }
    let mut ai_capex = ZERO;
    for f in 0..plan.counts.fleets {
        let (share, paid) = (block.parameters.fleet.ai_share.row(f), &block.state.fleet.capex[f]);
        for l in 0..LANES {
            ai_capex[l] += share[l] * paid[l];
        }
    }
    let (mut ai_revenue, mut sum, mut squares) = (ZERO, ZERO, ZERO);
    for s in 0..plan.counts.segments {
        let (share, revenue) = (block.parameters.segment.ai_share.row(s), &block.state.segment.revenue[s]);
        for l in 0..LANES {
            ai_revenue[l] += share[l] * revenue[l];
        }
    }
    for revenue in &block.state.company.segment_revenue {
        for l in 0..LANES {
            sum[l] += revenue[l];
        }
    }
    for revenue in &block.state.company.segment_revenue {
        for l in 0..LANES {
            let share = revenue[l] / sum[l];
            squares[l] += if sum[l] > 0.0 { share * share } else { 0.0 };
        }
    }
    let (p, m) = (&block.parameters.market, &mut block.state.market);
    let (multiplier, domestic) = (p.gdp_multiplier.row(0), p.domestic_share.row(0));
    for l in 0..LANES {
        let change = if month == 1 { 0.0 } else { capex[l] - m.capex[0][l] };
        m.capex_change[0][l] = change;
        m.capex_gdp[0][l] = 12.0 * capex[l] / m.gdp[0][l];
        m.gdp_effect[0][l] = multiplier[l] * domestic[l] * 12.0 * change / m.gdp[0][l];
        let cover = ai_revenue[l] / ai_capex[l];
        let cover = if cover < MOST { cover } else { MOST };
        m.ai_revenue_capex[0][l] = if ai_capex[l] > 0.0 { cover } else { 0.0 };
        m.concentration[0][l] = squares[l];
    }
    m.capex[0] = capex;
    m.ai_capex[0] = ai_capex;
    m.ai_revenue[0] = ai_revenue;
    m.raised[0] = raised;
    m.companies_alive[0] = alive;
}

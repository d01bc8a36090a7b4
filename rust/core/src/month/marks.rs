//! Phase 12: runway, growth, valuations, and what the whole economy shows.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::plan::MOST;

/// Rounding allowed to a sum of balances, as a share of their sizes.
const ROUNDING: f64 = 1e-14;

/// Marks the end of the month.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    let mut change = ZERO;
    let mut balances = block.scratch.balances;
    for i in 0..block.plan.counts.companies {
        flow(block, i, month, &mut change, &mut balances);
        worth(block, i, month);
    }
    block.scratch.balances = balances;
    balance(block, &change);
    gauges(block, month);
}

/// Net cash flow, burn and runway.
#[inline(always)]
fn flow(block: &mut Block<'_>, i: usize, month: u32, change: &mut Row, balances: &mut Row) {
    let c = &mut block.state.company;
    let (cash, before, alive) = (&c.cash[i], &block.scratch.cash_before[i], &c.alive[i]);
    let (raised, pledged, drawn, service) = (&c.raised[i], &c.pledged[i], &c.drawn[i], &c.debt_service[i]);
    let (capex, payout) = (&c.capex[i], &c.payout[i]);
    let (mut smooth, mut cover, mut smooth_service) = (c.smooth_flow[i], c.smooth_cover[i], c.smooth_service[i]);
    let (mut net, mut burn, mut runway) = (ZERO, ZERO, ZERO);
    let weight = if month == 1 { 1.0 } else { 1.0 / 3.0 };
    for l in 0..LANES {
        change[l] += cash[l] - before[l];
        balances[l] += before[l];
        net[l] = cash[l] - before[l] - raised[l] - pledged[l];
        smooth[l] = alive[l] * (smooth[l] + (net[l] - smooth[l]) * weight);
        let own = net[l] + service[l] - drawn[l] + capex[l] + payout[l];
        cover[l] = alive[l] * (cover[l] + (own - cover[l]) * weight);
        smooth_service[l] = alive[l] * (smooth_service[l] + (service[l] - smooth_service[l]) * weight);
        burn[l] = alive[l] * if smooth[l] < 0.0 { -smooth[l] } else { 0.0 };
        let months = cash[l] / burn[l];
        let months = if burn[l] > 0.0 && months < 120.0 { months } else { 120.0 };
        runway[l] = alive[l] * months;
    }
    c.net_cash_flow[i] = net;
    c.smooth_flow[i] = smooth;
    c.smooth_cover[i] = cover;
    c.smooth_service[i] = smooth_service;
    c.burn[i] = burn;
    c.runway[i] = runway;
}

/// Growth, profit and fair value.
#[inline(always)]
fn worth(block: &mut Block<'_>, i: usize, month: u32) {
    let x = &block.scratch;
    let c = &mut block.state.company;
    let (alive, segments, trade, equipment) =
        (&c.alive[i], &c.segment_revenue[i], &c.trade_revenue[i], &c.equipment_revenue[i]);
    let (received, costs, bills) = (&x.interest_received[i], &c.costs[i], &c.bills[i]);
    let (discretionary, depreciation, interest) = (&c.discretionary[i], &c.depreciation[i], &c.interest[i]);
    let start = &block.derived.growth[i];
    let (mut smooth, mut growth) = (c.smooth_revenue[i], ZERO);
    let (mut revenue, mut profit) = (ZERO, ZERO);
    for l in 0..LANES {
        revenue[l] = segments[l] + trade[l] + equipment[l];
        let first = revenue[l] / (1.0 + start[l] / 2.4);
        smooth[l] = if month == 1 { first } else { smooth[l] };
        let grown = clamp(2.4 * (revenue[l] / smooth[l] - 1.0), -2.0, 3.0);
        growth[l] = alive[l] * if smooth[l] > 0.0 { grown } else { 0.0 };
        smooth[l] = alive[l] * (smooth[l] + (revenue[l] - smooth[l]) / 6.0);
        let spent = costs[l] + bills[l] + discretionary[l] + depreciation[l] + interest[l];
        profit[l] = revenue[l] + received[l] - spent;
    }
    c.revenue[i] = revenue;
    c.smooth_revenue[i] = smooth;
    c.growth[i] = growth;
    c.profit[i] = profit;
    let fair = fair_value(block, i, &revenue, &growth);
    block.state.company.valuation[i] = fair;
}

#[inline(always)]
fn clamp(x: f64, low: f64, high: f64) -> f64 {
    let x = if x > low { x } else { low };
    if x < high { x } else { high }
}

/// Revenue run-rate times the multiple of growth and regime.
#[inline(always)]
fn fair_value(block: &Block<'_>, i: usize, revenue: &Row, growth: &Row) -> Row {
    let (p, market) = (&block.parameters.company, &block.parameters.market);
    let (multiple, premium, start) = (p.valuation_multiple.row(i), p.growth_premium.row(i), &block.derived.growth[i]);
    let alive = &block.state.company.alive[i];
    let (open, shut, regime) = (market.value_open.row(0), market.value_shut.row(0), &block.state.market.regime[0]);
    let mut value = ZERO;
    for l in 0..LANES {
        let factor = if regime[l] == 0.0 { open[l] } else { 1.0 };
        let factor = if regime[l] == 2.0 { shut[l] } else { factor };
        let faster = clamp(1.0 + premium[l] * (growth[l] - start[l]), 0.2, 5.0);
        value[l] = alive[l] * 12.0 * revenue[l] * multiple[l] * factor * faster;
    }
    value
}

/// Fair values at month 0, equipment sales included.
pub fn value_at_start(block: &mut Block<'_>) {
    let mut revenue = block.derived.revenue.clone();
    for k in 0..block.links.order.vendor.len() {
        let (fleet, vendor) = (block.links.order.fleet[k] as usize, block.links.order.vendor[k] as usize);
        let (share, capex) = (block.parameters.order.share.row(k), block.parameters.fleet.capex.row(fleet));
        for l in 0..LANES {
            revenue[vendor][l] += share[l] * capex[l];
        }
    }
    for (i, row) in revenue.iter().enumerate() {
        let growth = &block.state.company.growth[i];
        let fair = fair_value(block, i, row, growth);
        let last = block.parameters.company.last_valuation.row(i);
        block.state.company.valuation[i] = fair;
        block.state.company.last_valuation[i] = std::array::from_fn(|l| if last[l] > 0.0 { last[l] } else { fair[l] });
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

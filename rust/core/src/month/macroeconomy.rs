//! Phase 12: what capex adds to GDP and companies to wealth, which moves demand from the next month on.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::math::{exp, ln};
use crate::rounding::beyond;
use std::f64::consts::LN_2;

/// Bounds of GDP over its trend.
const OUTPUT: [f64; 2] = [1e-2, 1e2];

/// Bounds of the value of all companies over that of the start.
const WEALTH: [f64; 2] = [1e-3, 1e3];

/// Part of the gap that smoothed AI revenue closes in a month.
const WEIGHT: f64 = 1.0 / 6.0;

/// Months of doubling beyond which nobody counts.
const SLOWEST: f64 = 1200.0;

/// GDP: its trend and the domestic part of the capex that has not grown with it, multiplied.
#[inline(never)]
pub fn produce(block: &mut Block<'_>, month: u32) {
    let (p, m, first) = (&block.parameters.market, &mut block.state.market, &block.scratch.first_capex);
    let years = f64::from(month) / 12.0;
    for l in 0..LANES {
        let usual = first[l] * exp(p.gdp_growth.at(0, l) * years);
        let effect = p.gdp_multiplier.at(0, l) * p.domestic_share.at(0, l) * 12.0 * (m.capex[0][l] - usual);
        let trend = m.gdp_trend[0][l];
        m.gdp[0][l] = (trend + effect).clamp(OUTPUT[0] * trend, OUTPUT[1] * trend);
        m.gdp_gap[0][l] += (ln(m.gdp[0][l] / trend) - m.gdp_gap[0][l]) / p.gdp_lag.at(0, l);
    }
}

/// Smoothed AI revenue before the first month, had it always grown as its segments do at the start.
pub fn smooth_at_start(block: &mut Block<'_>) {
    let p = &block.parameters.segment;
    for l in 0..LANES {
        let (mut revenue, mut weighted) = (0.0, 0.0);
        for s in 0..block.plan.counts.segments {
            let ai = p.ai_share.at(s, l) * p.revenue.at(s, l);
            revenue += ai;
            weighted += ai * p.growth.at(s, l);
        }
        let growth = if revenue > 0.0 { (weighted / revenue).clamp(-2.0, 3.0) } else { 0.0 };
        block.scratch.smooth_ai[l] = revenue * WEIGHT / (1.0 - (1.0 - WEIGHT) * exp(-growth / 12.0));
    }
}

/// Months in which AI revenue doubles.
#[inline(never)]
pub fn double(block: &mut Block<'_>) {
    let (smooth, m) = (&mut block.scratch.smooth_ai, &mut block.state.market);
    for l in 0..LANES {
        // At a steady rate revenue is ahead of its smoothed level by so many months of growth.
        let ahead = 1.0 + (m.ai_revenue[0][l] / smooth[l] - 1.0) * WEIGHT;
        let months = if smooth[l] > 0.0 && ahead > 1.0 { LN_2 / ln(ahead) } else { SLOWEST };
        m.ai_doubling[0][l] = months.min(SLOWEST);
        smooth[l] += (m.ai_revenue[0][l] - smooth[l]) * WEIGHT;
    }
}

/// Value of all companies.
#[must_use]
pub fn worth(block: &Block<'_>) -> Row {
    let mut sum = ZERO;
    for value in &block.state.company.valuation {
        for l in 0..LANES {
            sum[l] += value[l];
        }
    }
    sum
}

/// Wealth, and how unevenly it is spread over companies.
#[inline(never)]
pub fn appraise(block: &mut Block<'_>) {
    let (sum, first) = (worth(block), &block.scratch.first_wealth);
    let (mut squares, mut top) = (ZERO, ZERO);
    for value in &block.state.company.valuation {
        for l in 0..LANES {
            let share = if beyond(sum[l], first[l]) > 0.0 { value[l] / sum[l] } else { 0.0 };
            squares[l] += share * share;
            top[l] = top[l].max(share);
        }
    }
    let m = &mut block.state.market;
    for l in 0..LANES {
        let ratio = (sum[l] / first[l]).clamp(WEALTH[0], WEALTH[1]);
        let gain = if first[l] > 0.0 { ln(ratio) } else { 0.0 };
        m.wealth[0][l] += (gain - m.wealth[0][l]) / block.parameters.market.wealth_lag.at(0, l);
    }
    (m.index_concentration[0], m.top_share[0]) = (squares, top);
}

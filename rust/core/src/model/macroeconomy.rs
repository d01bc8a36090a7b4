//! Phase 12: what capex adds to GDP and companies to wealth, which moves demand from the next month on.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::math::exp;
use crate::model::apart::apart;
use crate::needed::Needed;
use crate::pack::{Packs, packs};
use crate::plan::Plan;
use crate::rounding::ROUNDING;
use crate::scratch::Keep;
use crate::world::World;
use pulp::Simd;
use std::f64::consts::LN_2;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* macroeconomy {
            parameters {
                segment {
                    gdp_loading: Ratio, -20.0, 20.0, Some(0.0), true, "Rise of demand in per cent for one per cent of GDP above its trend.", off 0.0;
                    wealth_loading: Ratio, -20.0, 20.0, Some(0.0), true, "Rise of demand in per cent for one per cent of value of all companies.", off 0.0;
                }
                market {
                    gdp_start: UsdPerYear, 1.0, LARGEST, Some(3.0e13), false, "Gross domestic product at the start.";
                    gdp_growth: PerYear, -1.0, 1.0, Some(0.045), false, "Growth of nominal GDP (logarithmic: 0.69 doubles it in a year).";
                    gdp_multiplier: Ratio, 0.0, 10.0, Some(1.0), false, "Change of GDP per dollar of domestic capex.";
                    domestic_share: Fraction, 0.0, 1.0, Some(0.5), false, "Share of capex spent at home.";
                    gdp_lag: Months, 1.0, 120.0, Some(3.0), true, "Months in which demand adjusts to GDP.";
                    wealth_lag: Months, 1.0, 120.0, Some(12.0), true, "Months in which demand adjusts to the value of all companies.";
                }
            }
            variables {
                segment {
                    climate: Ratio, None, "Factor on demand from GDP and wealth.", |plan, _| plan.on.macroeconomy.incomes || plan.on.macroeconomy.wealth;
                }
                market {
                    gdp: UsdPerYear, None, "Gross domestic product.";
                    gdp_trend: UsdPerYear, None, "Gross domestic product if capex had grown with it since the start.";
                    gdp_gap: Ratio, None, "Log of GDP over its trend, smoothed.";
                    wealth: Ratio, None, "Log of the value of all companies over that of the start, smoothed.";
                    capex: UsdPerMonth, None, "Capex of all companies.";
                    capex_gdp: Fraction, None, "Yearly capex over the trend of GDP.";
                    capex_change: UsdPerMonth, None, "Change of capex on the month before.";
                    gdp_effect: Fraction, None, "Effect of the change of capex on GDP, over its trend.";
                    ai_capex: UsdPerMonth, None, "AI share of capex.";
                    ai_revenue: UsdPerMonth, None, "AI revenue from end demand.";
                    ai_revenue_capex: Ratio, None, "AI revenue over AI capex.";
                    concentration: Fraction, None, "Herfindahl index of segment revenue.";
                    index_concentration: Fraction, None, "Herfindahl index of the values of companies.";
                    top_share: Fraction, None, "Share of the most valuable company in the value of all.";
                    ai_doubling: Months, None, "Months in which AI revenue doubles at its smoothed growth, at most 1200.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether demand of the segment moves with GDP or wealth.
    pub cyclical: Vec<bool>,
    /// Whether demand of any segment moves with GDP, and with wealth.
    pub incomes: bool,
    /// See `incomes`.
    pub wealth: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        Self {
            cyclical: cyclical(world),
            incomes: !p.segment.gdp_loading.all_of(zero),
            wealth: !p.segment.wealth_loading.all_of(zero),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Capex of all companies in month 0, and their value.
    pub first_capex: Row,
    /// See `first_capex`.
    pub first_wealth: Row,
    /// AI revenue, smoothed over about six months.
    pub smooth_ai: Row,
}

impl Scratch {
    pub(crate) fn new(_: &Plan, _: Needed) -> Self {
        Self { first_capex: ZERO, first_wealth: ZERO, smooth_ai: ZERO }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.first_capex = ZERO;
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        visit(&mut self.smooth_ai.0);
    }
}

/// Whether demand of segments moves with GDP or wealth.
fn cyclical(world: &World) -> Vec<bool> {
    let p = &world.parameters.segment;
    let zero = |value: f64| value == 0.0;
    (0..p.revenue.len()).map(|s| !(p.gdp_loading.all(s, zero) && p.wealth_loading.all(s, zero))).collect()
}

/// Bounds of GDP over its trend.
const OUTPUT: [f64; 2] = [1e-2, 1e2];

/// Bounds of the value of all companies over that of the start.
const WEALTH: [f64; 2] = [1e-3, 1e3];

/// Part of the gap that smoothed AI revenue closes in a month.
const WEIGHT: f64 = 1.0 / 6.0;

/// Months of doubling beyond which nobody counts.
const SLOWEST: f64 = 1200.0;

/// GDP: its trend and the domestic part of the capex that has not grown with it, multiplied.
#[inline(always)]
pub fn produce<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    let (p, m, first) = (&block.parameters.market, &mut block.state.market, &block.scratch.macroeconomy.first_capex);
    let years = f64::from(month) / 12.0;
    for k in packs::<S>() {
        let usual = first.pack(s, k) * (p.gdp_growth.of(0).pack(s, k) * years).exp();
        let share = p.gdp_multiplier.of(0).pack(s, k) * p.domestic_share.of(0).pack(s, k);
        let effect = share * 12.0 * (m.capex[0].pack(s, k) - usual);
        let (trend, gap) = (m.gdp_trend[0].pack(s, k), m.gdp_gap[0].pack(s, k));
        let gdp = (trend + effect).at_least(OUTPUT[0] * trend).at_most(OUTPUT[1] * trend);
        m.gdp[0].put(k, gdp);
        m.gdp_gap[0].put(k, gap + ((gdp / trend).ln() - gap) / p.gdp_lag.of(0).pack(s, k));
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
        block.scratch.macroeconomy.smooth_ai[l] = revenue * WEIGHT / (1.0 - (1.0 - WEIGHT) * exp(-growth / 12.0));
    }
}

/// Months in which AI revenue doubles.
#[inline(always)]
pub fn double<S: Simd>(s: S, block: &mut Block<'_>) {
    let (smooth, m) = (&mut block.scratch.macroeconomy.smooth_ai, &mut block.state.market);
    for k in packs::<S>() {
        let (before, revenue) = (smooth.pack(s, k), m.ai_revenue[0].pack(s, k));
        // At a steady rate revenue is ahead of its smoothed level by so many months of growth.
        let ahead = 1.0 + (revenue / before - 1.0) * WEIGHT;
        let grows = before.above(0.0) & ahead.above(1.0);
        m.ai_doubling[0].put(k, grows.choose(LN_2 / ahead.ln(), SLOWEST).at_most(SLOWEST));
        smooth.put(k, before + (revenue - before) * WEIGHT);
    }
}

/// Value of all companies.
#[inline(always)]
#[must_use]
pub fn worth<S: Simd>(s: S, block: &Block<'_>) -> Row {
    let mut sum = ZERO;
    for value in &block.state.company.valuation {
        for k in packs::<S>() {
            sum.gain(k, value.pack(s, k));
        }
    }
    sum
}

/// Wealth, and how unevenly it is spread over companies.
#[inline(always)]
pub fn appraise<S: Simd>(s: S, block: &mut Block<'_>) {
    let (sum, first) = (worth(s, block), &block.scratch.macroeconomy.first_wealth);
    let (mut squares, mut top) = (ZERO, ZERO);
    for value in &block.state.company.valuation {
        for k in packs::<S>() {
            let sum = sum.pack(s, k);
            let share = sum.above(ROUNDING * first.pack(s, k)).choose(value.pack(s, k) / sum, 0.0);
            squares.gain(k, share * share);
            top.put(k, top.pack(s, k).at_least(share));
        }
    }
    let m = &mut block.state.market;
    for k in packs::<S>() {
        let (first, before) = (first.pack(s, k), m.wealth[0].pack(s, k));
        let gain = first.above(0.0).choose((sum.pack(s, k) / first).within(WEALTH).ln(), 0.0);
        m.wealth[0].put(k, before + (gain - before) / block.parameters.market.wealth_lag.of(0).pack(s, k));
    }
    (m.index_concentration[0], m.top_share[0]) = (squares, top);
}

apart! {
    produce_apart(s, block, month: u32) -> () { produce(s, block, month) }
    double_apart(s, block) -> () { double(s, block) }
    appraise_apart(s, block) -> () { appraise(s, block) }
}

//! Phase 12: runway, growth, valuations, and what the whole economy shows.

use crate::block::Block;
use crate::column::{LANES, ONES, Row, ZERO};
use crate::ledger;
use crate::limits::MOST;
use crate::model::{
    capacity, compute, credit, finance, liquidity, listed, macroeconomy, retrenchment, value, vendor_finance,
};
use crate::pack::{Packs, packs, show};
use crate::scratch::living;
use crate::world::World;
use pulp::{Scalar, Simd};

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* marks {
            parameters {
                company {
                    valuation_multiple: Ratio, 0.0, 1000.0, Some(10.0), true, "Value over yearly revenue in the normal regime.";
                    growth_premium: Ratio, 0.0, 10.0, Some(0.5), true, "Change of the multiple per unit of change in yearly growth.", off 0.0;
                }
                market {
                    value_open: Ratio, 0.0, 10.0, Some(1.2), true, "Multiples when funding is open over normal.";
                    value_shut: Ratio, 0.0, 10.0, Some(0.5), true, "Multiples when funding is shut over normal.";
                }
            }
            variables {
                company {
                    growth: PerYear, None, "Smoothed growth of revenue (logarithmic: 0.69 doubles it in a year).", |plan, _| plan.on.funding.odds_of_growth || plan.on.funding.odds_of_burn;
                    smooth_revenue: UsdPerMonth, None, "Revenue, smoothed over about six months.", |_, needed| needed.growth;
                    valuation: Usd, None, "Fair value.", |plan, needed| needed.leverage || plan.on.funding.rounds || plan.on.issues.issues || plan.on.confidence.swayed.contains(&true) || !plan.on.investment.confident.is_empty() || !plan.doors.is_empty() || needed.index || needed.listed || plan.on.rounds.offers || plan.on.value.any;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether growth counts for any valuation.
    pub growth_premiums: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        Self { growth_premiums: !p.company.growth_premium.all_of(zero) }
    }
}

pub use crate::model::Nothing as Scratch;

/// Cash flow that counts as positive, as a share of cash and of what moves: more than rounding.
const LEAST_GAIN: f64 = 1e-9;

/// Months over which revenue is smoothed.
const SMOOTHED: f64 = 6.0;

/// Marks the end of the month for a company.
#[inline(always)]
pub fn mark<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let weight = if month == 1 { 1.0 } else { 1.0 / 3.0 };
    let net = flow(s, block, i, weight);
    if block.plan.on.retrenchment.manages[i] {
        retrenchment::note_apart(s, block, i, net, weight);
    }
    if !block.state.company.positive_months.is_empty() {
        sustain(s, block, i, &net);
    }
    if block.needed.cover {
        cover(s, block, i, &net, weight);
    }
    if block.needed.growth {
        let revenue = revenue(s, block, i);
        if month == 1 {
            first_revenue(s, block, i, &revenue);
        }
        let growth = grow(s, block, i, &revenue);
        if block.plan.on.marks.growth_premiums {
            value(s, block, i, &revenue, &growth);
        }
    }
    if block.plan.on.value.valued[i] {
        value::appraise_apart(s, block, i, month);
    }
    if block.needed.leverage {
        credit::update_leverage_apart(s, block, i);
    }
    if block.plan.on.liquidity.any {
        liquidity::see_apart(s, block, i, month);
    }
}

/// Revenue and profit, and the valuation where growth does not count for it.
///
/// They follow from nothing but the flows of the month, so they can be found anew where failures change these.
#[inline(always)]
pub fn earn<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let revenue = revenue(s, block, i);
    profit(s, block, i, &revenue);
    if !block.plan.on.marks.growth_premiums {
        value(s, block, i, &revenue, &ZERO);
    }
}

/// Net cash flow, burn and runway; gives the first.
#[inline(always)]
fn flow<S: Simd>(s: S, block: &mut Block<'_>, i: usize, weight: f64) -> Row {
    ledger::compare(s, block, i);
    let (c, x) = (&mut block.state.company, &block.scratch);
    let (cash, before, alive) = (&c.cash[i], &x.clearing.other_cash[i], living(&c.alive, &x.cascade.has_died, i));
    let (raised, pledged) = (&c.raised[i], &c.pledged[i]);
    let (smooth, runway) = (&mut c.smooth_flow[i], &mut c.runway[i]);
    let (on, least) = (&block.plan.on, block.derived.least_burn.of(i));
    let raised = x.funding.has_raised[i].then_some(raised);
    let pledged = on.funding.pledges.then_some(pledged);
    let borrowed = on.credit.standby.then(|| &c.borrowed[i]);
    let rescued = on.rescue.backstops.then(|| &c.rescued[i]);
    let deals = c.deal_flow.get(i);
    let (mut nets, mut burns, mut flows) = (c.net_cash_flow.get_mut(i), c.burn.get_mut(i), ZERO);
    for k in packs::<S>() {
        let (cash, before, alive) = (cash.pack(s, k), before.pack(s, k), alive.pack(s, k));
        let mut net = cash - before;
        if let Some(raised) = raised {
            net -= raised.pack(s, k);
        }
        if let Some(pledged) = pledged {
            net -= pledged.pack(s, k);
        }
        if let Some(borrowed) = borrowed {
            net -= borrowed.pack(s, k);
        }
        if let Some(rescued) = rescued {
            net -= rescued.pack(s, k);
        }
        if let Some(deals) = deals {
            net -= deals.pack(s, k);
        }
        flows.put(k, net);
        show(&mut nets, k, net);
        let old = smooth.pack(s, k);
        let now = alive * (old + (net - old) * weight);
        smooth.put(k, now);
        let burn = liquidity::burn(now, least.pack(s, k));
        show(&mut burns, k, burn);
        runway.put(k, alive * liquidity::runway(cash, burn));
    }
    flows
}

/// Months in a row with positive cash flow without new money, and no more flows of deals.
#[inline(always)]
fn sustain<S: Simd>(s: S, block: &mut Block<'_>, i: usize, net: &Row) {
    let c = &mut block.state.company;
    let (cash, before, alive) = (&c.cash[i], &block.scratch.clearing.other_cash[i], &c.alive[i]);
    let (segments, trade, equipment) = (&c.segment_revenue[i], &c.trade_revenue[i], &c.equipment_revenue[i]);
    let (costs, bills, service) = (&c.costs[i], &c.bills[i], &c.debt_service[i]);
    let (received, raised, pledged) = (&c.debt_service_received[i], &c.raised[i], &c.pledged[i]);
    let (drawn, months) = (&c.drawn[i], &mut c.positive_months[i]);
    let size = block.derived.least_burn.of(i);
    for k in packs::<S>() {
        let own = net.pack(s, k) - drawn.pack(s, k);
        let sales = segments.pack(s, k) + trade.pack(s, k) + equipment.pack(s, k).abs();
        let given = received.pack(s, k).abs() + raised.pack(s, k).abs() + pledged.pack(s, k).abs();
        let spent = costs.pack(s, k).abs() + bills.pack(s, k) + service.pack(s, k) + drawn.pack(s, k);
        let least = LEAST_GAIN * (sales + given + spent + cash.pack(s, k).at_least(before.pack(s, k)));
        let more = own.above(least.at_least(size.pack(s, k))).choose(months.pack(s, k) + 1.0, 0.0);
        months.put(k, alive.pack(s, k) * more);
    }
}

/// Smoothed cash flow before debt service, capex and payout, and smoothed debt service.
#[inline(always)]
fn cover<S: Simd>(s: S, block: &mut Block<'_>, i: usize, net: &Row, weight: f64) {
    let c = &mut block.state.company;
    let (alive, drawn, service) = (&c.alive[i], &c.drawn[i], &c.debt_service[i]);
    let (capex, payout) = (&c.capex[i], &c.payout[i]);
    let (smooth_cover, smooth_service) = (&mut c.smooth_cover[i], &mut c.smooth_service[i]);
    for k in packs::<S>() {
        let (alive, service) = (alive.pack(s, k), service.pack(s, k));
        let own = net.pack(s, k) + service - drawn.pack(s, k) + capex.pack(s, k) + payout.pack(s, k);
        for (row, now) in [(&mut *smooth_cover, own), (&mut *smooth_service, service)] {
            let old = row.pack(s, k);
            row.put(k, alive * (old + (now - old) * weight));
        }
    }
}

/// Sales to segments, customers and owners of fleets.
#[inline(always)]
fn revenue<S: Simd>(s: S, block: &mut Block<'_>, i: usize) -> Row {
    let c = &mut block.state.company;
    let (segments, trade, equipment) = (&c.segment_revenue[i], &c.trade_revenue[i], &c.equipment_revenue[i]);
    let equipment = block.plan.on.fleet.equips.then_some(equipment);
    let (mut shown, mut revenue) = (c.revenue.get_mut(i), ZERO);
    for k in packs::<S>() {
        let mut sales = segments.pack(s, k) + trade.pack(s, k);
        if let Some(equipment) = equipment {
            sales += equipment.pack(s, k);
        }
        revenue.put(k, sales);
        show(&mut shown, k, sales);
    }
    revenue
}

/// The rest of revenue and interest after all costs.
#[inline(always)]
fn profit<S: Simd>(s: S, block: &mut Block<'_>, i: usize, revenue: &Row) {
    let c = &mut block.state.company;
    let (costs, bills, research) = (&c.costs[i], &c.bills[i], &c.discretionary[i]);
    let received = block.plan.lent.rows(&block.scratch.debt.interest_received, i);
    let (interest, depreciation) = (block.plan.loans.rows(&c.interest, i), &c.depreciation[i]);
    let profit = &mut c.profit[i];
    let research = block.plan.on.company.discretionary.then_some(research);
    for k in packs::<S>() {
        let mut spent = costs.pack(s, k) + bills.pack(s, k);
        if let Some(research) = research {
            spent += research.pack(s, k);
        }
        spent += depreciation.pack(s, k) + interest.pack(s, k);
        profit.put(k, revenue.pack(s, k) + received.pack(s, k) - spent);
    }
}

/// Smoothed revenue at the start: behind revenue as far as steady growth at the rate of the start leaves it.
#[inline(always)]
fn first_revenue<S: Simd>(s: S, block: &mut Block<'_>, i: usize, revenue: &Row) {
    let (c, start) = (&mut block.state.company, block.derived.growth.of(i));
    for k in packs::<S>() {
        let ahead = (start.pack(s, k) * (1.0 / 12.0)).exp() - 1.0;
        let first = revenue.pack(s, k) / (1.0 + ahead * SMOOTHED);
        c.smooth_revenue[i].put(k, first);
    }
}

/// Growth of revenue: what steady growth would hold it that far above its smoothed level.
#[inline(always)]
fn grow<S: Simd>(s: S, block: &mut Block<'_>, i: usize, revenue: &Row) -> Row {
    let c = &mut block.state.company;
    let (alive, smooth, mut shown) = (&c.alive[i], &mut c.smooth_revenue[i], c.growth.get_mut(i));
    let mut growth = ZERO;
    for k in packs::<S>() {
        let (alive, revenue, level) = (alive.pack(s, k), revenue.pack(s, k), smooth.pack(s, k));
        let factor = 1.0 + (revenue / level - 1.0) * (1.0 / SMOOTHED);
        // Within these bounds the logarithm is defined; beyond them the limits of growth hold anyway.
        let grown = (12.0 * factor.at_least(0.5).at_most(2.0).ln()).at_least(-2.0).at_most(3.0);
        let grown = alive * level.above(0.0).choose(grown, 0.0);
        growth.put(k, grown);
        show(&mut shown, k, grown);
        smooth.put(k, alive * (level + (revenue - level) * (1.0 / SMOOTHED)));
    }
    growth
}

/// Fair value: revenue run-rate times the multiple of growth and regime.
#[inline(always)]
fn value<S: Simd>(s: S, block: &mut Block<'_>, i: usize, revenue: &Row, growth: &Row) {
    let (p, market) = (&block.parameters.company, &block.parameters.market);
    let (multiple, premium, start) = (p.valuation_multiple.of(i), p.growth_premium.of(i), block.derived.growth.of(i));
    let (open, shut, regime) = (market.value_open.of(0), market.value_shut.of(0), &block.state.market.regime[0]);
    let c = &mut block.state.company;
    let alive = living(&c.alive, &block.scratch.cascade.has_died, i);
    let (premiums, mut shown) = (block.plan.on.marks.growth_premiums, c.valuation.get_mut(i));
    for k in packs::<S>() {
        let regime = regime.pack(s, k);
        let factor = regime.equals(2.0).choose(shut.pack(s, k), 1.0);
        let factor = regime.equals(0.0).choose(open.pack(s, k), factor);
        let mut value = alive.pack(s, k) * revenue.pack(s, k) * (12.0 * multiple.pack(s, k) * factor);
        if premiums {
            let faster = growth.pack(s, k) - start.pack(s, k);
            value *= (1.0 + premium.pack(s, k) * faster).at_least(0.2).at_most(5.0);
        }
        show(&mut shown, k, value);
    }
}

/// Fair values at month 0, equipment sales included.
pub fn value_at_start(block: &mut Block<'_>) {
    let mut revenue: Vec<Row> = (0..block.plan.counts.companies).map(|i| block.derived.revenue.row(i)).collect();
    for k in 0..block.links.order.vendor.len() {
        let (fleet, vendor) = (block.links.order.fleet[k] as usize, block.links.order.vendor[k] as usize);
        let (share, capex) = (block.parameters.order.share.row(k), block.first_capex(fleet));
        for l in 0..LANES {
            revenue[vendor][l] += share[l] * capex[l];
        }
    }
    block.state.company.diluted.fill(ONES);
    for (i, revenue) in revenue.iter().enumerate() {
        let growth = block.derived.growth.row(i);
        value(Scalar::new(), block, i, revenue, &growth);
        if block.plan.on.value.valued[i] {
            value::start(block, i, revenue);
        }
        let (last, c) = (block.parameters.company.last_valuation.row(i), &mut block.state.company);
        let fair = c.valuation.get(i).copied().unwrap_or(ZERO);
        if let Some(first) = block.scratch.confidence.first_valuation.get_mut(i) {
            *first = fair;
        }
        c.last_valuation[i] = Row::from_fn(|l| if last[l] > 0.0 { last[l] } else { fair[l] });
    }
    if block.needed.index {
        block.scratch.macroeconomy.first_wealth = macroeconomy::worth(Scalar::new(), block);
    }
    if block.needed.listed {
        listed::start(block);
    }
}

/// Closes the ledger, and shows the whole economy.
#[inline(always)]
pub fn close<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    ledger::shut(s, block);
    vendor_finance::note(block);
    if std::mem::take(&mut block.scratch.company.levies) {
        block.scratch.company.levied.fill(ZERO);
    }
    if block.needed.gauges {
        gauges(block, month);
        macroeconomy::produce_apart(s, block, month);
    }
    if block.needed.doubling {
        macroeconomy::double_apart(s, block);
    }
    if block.needed.index {
        macroeconomy::appraise_apart(s, block);
    }
    if block.needed.listed {
        listed::measure_apart(s, block);
    }
    if block.needed.funding {
        finance::judge(block);
    }
    if block.needed.compute {
        compute::measure_apart(s, block);
    }
    if block.needed.stranded {
        block.state.market.stranded[0] = capacity::stranded_apart(s, block);
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
        m.capex_gdp[0][l] = 12.0 * capex[l] / m.gdp_trend[0][l];
        m.gdp_effect[0][l] = multiplier[l] * domestic[l] * 12.0 * change / m.gdp_trend[0][l];
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

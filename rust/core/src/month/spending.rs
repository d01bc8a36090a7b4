//! Phase 6: costs, tax, research, and the plan for capex; fleets age.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::draw::{Stream, normals};
use crate::math::exp;
use crate::plan::{MOST, whole};

/// Plans the spending of the month.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    draw(block, month);
    for i in 0..block.plan.counts.companies {
        cost(block, i, month);
        research(block, i);
    }
    price_assets(block);
    for f in 0..block.plan.counts.fleets {
        age(block, f, month);
        value(block, f);
    }
    for i in 0..block.plan.counts.companies {
        invest(block, i, month);
    }
}

/// Normals of unforeseen cost for the next four months, once every four months.
#[inline(always)]
fn draw(block: &mut Block<'_>, month: u32) {
    if !(month - 1).is_multiple_of(4) {
        return;
    }
    for i in 0..block.plan.counts.companies {
        if block.plan.noisy_cost[i] {
            let words = block.draws.words(Stream::Cost, block.addresses.company[i], (month - 1) / 4);
            let [first, second] = normals(&words[0], &words[1]);
            let [third, fourth] = normals(&words[2], &words[3]);
            for (rows, row) in block.scratch.cost.iter_mut().zip([first, second, third, fourth]) {
                rows[i] = row;
            }
        }
    }
}

/// Cost before equipment sales, and tax on last month's profit.
#[inline(always)]
fn cost(block: &mut Block<'_>, i: usize, month: u32) {
    let p = &block.parameters.company;
    let (fixed, variable, tax_rate) = (p.fixed_cost.row(i), p.variable_cost.row(i), p.tax_rate.row(i));
    let step = &block.derived.fixed_step[i];
    let noise = if block.plan.noisy_cost[i] {
        let (size, xi) = (p.cost_volatility.row(i), block.scratch.cost[((month - 1) % 4) as usize][i]);
        std::array::from_fn(|l| size[l] * xi[l])
    } else {
        ZERO
    };
    let c = &mut block.state.company;
    let (alive, segments, trade, profit) = (&c.alive[i], &c.segment_revenue[i], &c.trade_revenue[i], &c.profit[i]);
    let (mut level, mut costs, mut tax) = (c.fixed_level[i], ZERO, ZERO);
    for l in 0..LANES {
        level[l] *= step[l];
        level[l] = if level[l] < MOST { level[l] } else { MOST };
        costs[l] = alive[l] * (fixed[l] * level[l] + variable[l] * (segments[l] + trade[l]) + noise[l]);
        let taxed = if profit[l] > 0.0 { profit[l] } else { 0.0 };
        tax[l] = alive[l] * tax_rate[l] * taxed;
    }
    c.fixed_level[i] = level;
    c.costs[i] = costs;
    c.tax[i] = tax;
}

/// The discretionary plan and what is left of it when runway is short.
#[inline(always)]
fn research(block: &mut Block<'_>, i: usize) {
    let p = &block.parameters.company;
    let (plan, below, floor) = (p.discretionary_cost.row(i), p.burn_cut_runway.row(i), p.burn_cut_floor.row(i));
    let step = &block.derived.research_step[i];
    let c = &mut block.state.company;
    let (alive, runway) = (&c.alive[i], &c.runway[i]);
    let (mut level, mut after, mut wanted) = (c.research_level[i], ZERO, ZERO);
    for l in 0..LANES {
        level[l] *= step[l];
        level[l] = if level[l] < MOST { level[l] } else { MOST };
        let cut = runway[l] / below[l];
        let cut = if below[l] > 0.0 { cut } else { 1.0 };
        let cut = if cut < 1.0 { cut } else { 1.0 };
        let cut = if cut > floor[l] { cut } else { floor[l] };
        after[l] = alive[l] * level[l] * if below[l] > 0.0 { cut } else { 1.0 };
        wanted[l] = plan[l] * after[l];
    }
    c.research_level[i] = level;
    c.research[i] = after;
    block.scratch.discretionary_wanted[i] = wanted;
}

/// Vintages that arrive, retire and leave the books this month, and the reciprocals of the two lives.
type Turnover = ([Row; 3], Row, Row);

/// Where the months of the fleet are the same on all paths, rows are taken as they are.
#[inline(always)]
fn turnover(block: &Block<'_>, f: usize, month: u32) -> Turnover {
    let Some([lag, life, book]) = block.plan.lives[f] else {
        return turnover_by_lane(block, f, month);
    };
    let fleets = block.plan.counts.fleets;
    let row = |back: usize| block.vintages[block.ring_place(month as usize, back) * fleets + f];
    let rows = [row(lag), row(lag + life), row(lag + book)];
    (rows, [1.0 / life as f64; LANES], [1.0 / book as f64; LANES])
}

#[inline(never)]
fn turnover_by_lane(block: &Block<'_>, f: usize, month: u32) -> Turnover {
    let (p, fleets) = (&block.parameters.fleet, block.plan.counts.fleets);
    let (mut rows, mut per_life, mut per_book) = ([ZERO; 3], ZERO, ZERO);
    for l in 0..LANES {
        let months = [&p.lag, &p.economic_life, &p.book_life].map(|column| whole(column.at(f, l)) as usize);
        let [lag, life, book] = months;
        for (row, back) in rows.iter_mut().zip([lag, lag + life, lag + book]) {
            row[l] = block.vintages[block.ring_place(month as usize, back) * fleets + f][l];
        }
        per_life[l] = 1.0 / life as f64;
        per_book[l] = 1.0 / book as f64;
    }
    (rows, per_life, per_book)
}

/// A month older: new capacity arrives, old capacity retires, books depreciate.
#[inline(always)]
fn age(block: &mut Block<'_>, f: usize, month: u32) {
    let ([arrived, retired, written_off], per_life, per_book) = turnover(block, f, month);
    let fleet = &mut block.state.fleet;
    let (mut capacity, mut depreciation) = (fleet.capacity[f], fleet.depreciation[f]);
    let mut worth = block.scratch.vintage_value[f];
    for l in 0..LANES {
        let worn = worth[l] - capacity[l] * per_life[l];
        worth[l] = arrived[l] + if worn > 0.0 { worn } else { 0.0 };
        let left = capacity[l] - retired[l];
        capacity[l] = arrived[l] + if left > 0.0 { left } else { 0.0 };
        let charge = depreciation[l] + (arrived[l] - written_off[l]) * per_book[l];
        depreciation[l] = if charge > 0.0 { charge } else { 0.0 };
    }
    fleet.capacity[f] = capacity;
    fleet.depreciation[f] = depreciation;
    block.scratch.vintage_value[f] = worth;
    block.scratch.retired[f] = retired;
}

/// Price of each class of assets after the marks of forced sales.
#[inline(always)]
fn price_assets(block: &mut Block<'_>) {
    let m = &block.state.market;
    for (price, mark) in
        block.scratch.asset_price.iter_mut().zip([&m.fire_sale_gpu[0], &m.fire_sale_building[0], &m.fire_sale_power[0]])
    {
        for l in 0..LANES {
            price[l] = exp(-mark[l]);
        }
    }
}

/// Market value of a fleet: what is left of its vintages, at the index and the mark of its class.
#[inline(always)]
pub fn value(block: &mut Block<'_>, f: usize) {
    let p = &block.parameters.fleet;
    let m = &block.state.market;
    let factor = &block.scratch.asset_price[p.class.at(f, 0) as usize];
    let worth = &block.scratch.vintage_value[f];
    let indexed = p.indexed.at(f, 0) > 0.0;
    let mut value = ZERO;
    for l in 0..LANES {
        let index = if indexed { m.gpu_index[0][l] } else { 1.0 };
        value[l] = worth[l] * factor[l] * index;
    }
    block.state.fleet.value[f] = value;
}

/// What each fleet of a company wants to buy.
#[inline(always)]
fn invest(block: &mut Block<'_>, i: usize, month: u32) {
    let c = &block.state.company;
    let (alive, segments, trade) = (&c.alive[i], &c.segment_revenue[i], &c.trade_revenue[i]);
    let (mut worth, mut written, mut firm) = (ZERO, ZERO, ZERO);
    for &f in block.plan.fleets.of(i) {
        let f = f as usize;
        let p = &block.parameters.fleet;
        let (long, decay, start) = (p.capex_growth_long.row(f), &block.derived.fleet_decay[f], p.capex.row(f));
        let (of_revenue, refresh, committed) = (p.capex_of_revenue.row(f), p.refresh.row(f), p.committed.row(f));
        let retired = &block.scratch.retired[f];
        let fleet = &mut block.state.fleet;
        let (mut growth, mut plan, mut wanted, mut owed) = (fleet.growth[f], fleet.plan[f], ZERO, ZERO);
        for l in 0..LANES {
            let decayed = long[l] + (growth[l] - long[l]) * decay[l];
            growth[l] = if month == 1 { growth[l] } else { decayed };
            plan[l] *= exp(growth[l] / 12.0);
            plan[l] = if plan[l] < MOST { plan[l] } else { MOST };
            let sales = of_revenue[l] * (segments[l] + trade[l]);
            wanted[l] = alive[l] * (start[l] * plan[l] + sales + refresh[l] * retired[l]);
            owed[l] = committed[l] * wanted[l];
            firm[l] += owed[l];
        }
        fleet.growth[f] = growth;
        fleet.plan[f] = plan;
        fleet.wanted[f] = wanted;
        block.scratch.committed[f] = owed;
        let (value, depreciation) = (&fleet.value[f], &fleet.depreciation[f]);
        for l in 0..LANES {
            worth[l] += alive[l] * value[l];
            written[l] += alive[l] * depreciation[l];
        }
    }
    block.scratch.committed_capex[i] = firm;
    block.state.company.fleet_value[i] = worth;
    block.state.company.depreciation[i] = written;
}

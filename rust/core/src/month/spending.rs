//! Phase 6: costs, tax, research, and the plan for capex; fleets age.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::draw::{Stream, normals};
use crate::pack::{Operand, Pack, Packs, packs, show};
use crate::plan::{MOST, whole};
use pulp::Simd;

/// Plans the spending of a company.
#[inline(always)]
pub fn plan<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    if block.plan.noisy_cost[i] && (month - 1).is_multiple_of(4) {
        draw(block, i, month);
    }
    cost(s, block, i, month);
    if block.wants.research {
        research(s, block, i);
    }
    if !block.plan.fleets.of(i).is_empty() {
        invest(s, block, i, month);
    }
}

/// Normals of unforeseen cost for the next four months, once every four months.
#[inline(always)]
fn draw(block: &mut Block<'_>, i: usize, month: u32) {
    let words = block.draws.words(Stream::Cost, block.addresses.company[i], (month - 1) / 4);
    let [first, second] = normals(&words[0], &words[1]);
    let [third, fourth] = normals(&words[2], &words[3]);
    for (rows, row) in block.scratch.cost.iter_mut().zip([first, second, third, fourth]) {
        rows[i] = row;
    }
}

/// Cost before equipment sales, and tax on last month's profit.
#[inline(always)]
fn cost<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let (p, plan) = (&block.parameters.company, block.plan);
    let noise = &block.scratch.cost[((month - 1) % 4) as usize];
    let c = &mut block.state.company;
    for k in packs::<S>() {
        let alive = c.alive[i].pack(s, k);
        let mut costs = p.fixed_cost.pack(s, i, k);
        if plan.cost_trends {
            let level = c.fixed_level[i].pack(s, k) * block.derived.fixed_step.pack(s, i, k);
            let level = level.at_most(MOST);
            c.fixed_level[i].put(k, level);
            costs *= level;
        }
        let sales = c.segment_revenue[i].pack(s, k) + c.trade_revenue[i].pack(s, k);
        costs += p.variable_cost.pack(s, i, k) * sales;
        if plan.noisy_cost[i] {
            costs += p.cost_volatility.pack(s, i, k) * noise[i].pack(s, k);
        }
        c.costs[i].put(k, alive * costs);
        let taxed = c.profit[i].pack(s, k).at_least(0.0);
        c.tax[i].put(k, alive * p.tax_rate.pack(s, i, k) * taxed);
    }
}

/// The discretionary plan and what is left of it when runway is short.
#[inline(always)]
fn research<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (p, d) = (&block.parameters.company, &block.derived);
    let c = &mut block.state.company;
    for k in packs::<S>() {
        let level = c.research_level[i].pack(s, k) * d.research_step.pack(s, i, k);
        let level = level.at_most(MOST);
        c.research_level[i].put(k, level);
        let per_runway = d.per_cut_runway.pack(s, i, k);
        let cut = (c.runway[i].pack(s, k) * per_runway).at_most(1.0).at_least(p.burn_cut_floor.pack(s, i, k));
        let after = c.alive[i].pack(s, k) * level * per_runway.above(0.0).choose(cut, 1.0);
        c.research[i].put(k, after);
        block.scratch.discretionary_wanted[i].put(k, p.discretionary_cost.pack(s, i, k) * after);
    }
}

/// Vintages that arrive, retire and leave the books this month, and the reciprocals of the two lives.
#[derive(Clone, Copy)]
struct Turnover<S: Simd> {
    arrived: Pack<S>,
    retired: Pack<S>,
    written_off: Pack<S>,
    per_life: Pack<S>,
    per_book: Pack<S>,
}

/// Where the months of the fleet are the same on all paths, rows are taken as they are.
#[inline(always)]
fn turnover<S: Simd>(s: S, block: &Block<'_>, f: usize, k: usize) -> Turnover<S> {
    let ([arrived, retired, written_off], per_life, per_book) = if let Some([lag, life, book]) = block.plan.lives[f] {
        let row = |back: usize| block.vintages[block.vintage(f, back)].pack(s, k);
        let rows = [row(lag), row(lag + life), row(lag + book)];
        (rows, (1.0 / life as f64).packed(s), (1.0 / book as f64).packed(s))
    } else {
        let (rows, per_life, per_book) = turnover_by_lane(block, f);
        (rows.map(|row| row.pack(s, k)), per_life.pack(s, k), per_book.pack(s, k))
    };
    Turnover { arrived, retired, written_off, per_life, per_book }
}

#[inline(never)]
fn turnover_by_lane(block: &Block<'_>, f: usize) -> ([Row; 3], Row, Row) {
    let p = &block.parameters.fleet;
    let (mut rows, mut per_life, mut per_book) = ([ZERO; 3], ZERO, ZERO);
    for l in 0..LANES {
        let months = [&p.lag, &p.economic_life, &p.book_life].map(|column| whole(column.at(f, l)) as usize);
        let [lag, life, book] = months;
        for (row, back) in rows.iter_mut().zip([lag, lag + life, lag + book]) {
            row[l] = block.vintages[block.vintage(f, back)][l];
        }
        per_life[l] = 1.0 / life as f64;
        per_book[l] = 1.0 / book as f64;
    }
    (rows, per_life, per_book)
}

/// A month older: new capacity arrives, old capacity retires, books depreciate.
#[inline(always)]
fn age<S: Simd>(s: S, block: &mut Block<'_>, f: usize, k: usize, turnover: &Turnover<S>) -> [Pack<S>; 2] {
    let (fleet, arrived) = (&mut block.state.fleet, turnover.arrived);
    let (capacity, worth) = (fleet.capacity[f].pack(s, k), block.scratch.vintage_value[f].pack(s, k));
    let worth = arrived + (worth - capacity * turnover.per_life).at_least(0.0);
    block.scratch.vintage_value[f].put(k, worth);
    fleet.capacity[f].put(k, arrived + (capacity - turnover.retired).at_least(0.0));
    let charge = fleet.depreciation[f].pack(s, k) + (arrived - turnover.written_off) * turnover.per_book;
    let charge = charge.at_least(0.0);
    fleet.depreciation[f].put(k, charge);
    [worth, charge]
}

/// Price of each class of assets after the marks of forced sales.
#[inline(always)]
pub fn price_assets<S: Simd>(s: S, block: &mut Block<'_>) {
    let m = &block.state.market;
    for (price, mark) in
        block.scratch.asset_price.iter_mut().zip([&m.fire_sale_gpu[0], &m.fire_sale_building[0], &m.fire_sale_power[0]])
    {
        for k in packs::<S>() {
            price.put(k, (-mark.pack(s, k)).exp());
        }
    }
}

/// Market value of a fleet: what is left of its vintages, at the index and the mark of its class.
#[inline(always)]
fn value<S: Simd>(s: S, block: &Block<'_>, f: usize, k: usize, worth: Pack<S>) -> Pack<S> {
    let p = &block.parameters.fleet;
    let value = worth * block.scratch.asset_price[p.class.at(f, 0) as usize].pack(s, k);
    if p.indexed.at(f, 0) > 0.0 { value * block.state.market.gpu_index[0].pack(s, k) } else { value }
}

/// The capex plan of a fleet grows.
#[inline(always)]
fn grow<S: Simd>(s: S, block: &mut Block<'_>, f: usize, k: usize, month: u32) -> Pack<S> {
    let fleet = &mut block.state.fleet;
    let plan = fleet.plan[f].pack(s, k);
    if block.plan.steady_fleet[f] {
        return plan;
    }
    let (now, long) = (fleet.growth[f].pack(s, k), block.parameters.fleet.capex_growth_long.pack(s, f, k));
    let decayed = long + (now - long) * block.derived.fleet_decay.pack(s, f, k);
    let now = if month == 1 { now } else { decayed };
    fleet.growth[f].put(k, now);
    let plan = (plan * (now * (1.0 / 12.0)).exp()).at_most(MOST);
    fleet.plan[f].put(k, plan);
    plan
}

/// Fleets of a company age, and want to buy.
#[inline(always)]
fn invest<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let owned = block.plan.fleets.of(i);
    for k in packs::<S>() {
        let c = &block.state.company;
        let alive = c.alive[i].pack(s, k);
        let sales = c.segment_revenue[i].pack(s, k) + c.trade_revenue[i].pack(s, k);
        let (mut worth, mut written, mut firm) = (0.0.packed(s), 0.0.packed(s), 0.0.packed(s));
        for &f in owned {
            let f = f as usize;
            let turnover = turnover(s, block, f, k);
            let [cost, charge] = age(s, block, f, k, &turnover);
            let value = value(s, block, f, k, cost);
            show(&mut block.state.fleet.value, f, k, value);
            let plan = grow(s, block, f, k, month);
            let p = &block.parameters.fleet;
            let planned = p.capex.pack(s, f, k) * plan + p.capex_of_revenue.pack(s, f, k) * sales;
            let wanted = alive * (planned + p.refresh.pack(s, f, k) * turnover.retired);
            let owed = p.committed.pack(s, f, k) * wanted;
            block.state.fleet.wanted[f].put(k, wanted);
            block.scratch.committed[f].put(k, owed);
            worth += alive * value;
            written += alive * charge;
            firm += owed;
        }
        block.scratch.committed_capex[i].put(k, firm);
        block.state.company.fleet_value[i].put(k, worth);
        block.state.company.depreciation[i].put(k, written);
    }
}

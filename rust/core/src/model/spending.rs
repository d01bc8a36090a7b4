//! Phase 6: costs, tax, research, and the plan for capex; fleets age.

use crate::block::Block;
use crate::column::{LANES, ONES, Row, Value, ZERO};
use crate::draw::Stream;
use crate::limits::MOST;
use crate::model::apart::apart;
use crate::model::{backlog, capacity, confidence, construction, investment, retrenchment};
use crate::pack::{Packs, packs, show};
use crate::rounding::ROUNDING;
use crate::scratch::living;
use pulp::Simd;
use std::f64::consts::LN_2;

/// Plans the spending of a company.
#[inline(always)]
pub fn plan<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let manages = block.plan.on.retrenchment.manages[i];
    if manages {
        retrenchment::decide_apart(s, block, i);
    }
    let noisy = block.plan.on.company.noisy_cost[i];
    if noisy {
        block.scratch.company.cost.draw(s, &block.draws, (Stream::Cost, block.addresses.company[i]), i, month);
    }
    let faded = if block.plan.on.company.cost_fades[i] { Some(fade_apart(s, block, i, month)) } else { None };
    let [of_cost, of_research] = [0, 1].map(|n: usize| faded.as_ref().map(|rows| &rows[n]));
    cost(s, block, i, noisy.then_some(month), of_cost);
    if block.needed.research {
        research(s, block, i, of_research);
        if manages {
            retrenchment::rest_apart(s, block, i);
        }
    }
    if block.needed.demand {
        capacity::measure_apart(s, block, i);
    }
    if block.needed.backlog {
        backlog::count_apart(s, block, i, month);
    }
    if block.plan.on.investment.pulled[i] {
        investment::follow_apart(s, block, i);
    }
    if !block.plan.fleets.of(i).is_empty() {
        invest(s, block, i, month);
    }
}

/// Cost before equipment sales, and tax on last month's profit.
#[inline(always)]
fn cost<S: Simd>(s: S, block: &mut Block<'_>, i: usize, noisy: Option<u32>, faded: Option<&Row>) {
    let noise = noisy.map(|month| block.scratch.company.cost.of(i, month));
    let p = &block.parameters.company;
    let (fixed, variable, rate, size) =
        (p.fixed_cost.of(i), p.variable_cost.of(i), p.tax_rate.of(i), p.cost_volatility.of(i));
    let step = faded.map_or(block.derived.fixed_step.of(i), Value::Drawn);
    let c = &mut block.state.company;
    let (segments, trade, profit) = (&c.segment_revenue[i], &c.trade_revenue[i], &c.profit[i]);
    let alive = living(&c.alive, &block.scratch.cascade.has_died, i);
    let (level, costs, tax) = (&mut c.fixed_level[i], &mut c.costs[i], &mut c.tax[i]);
    let cuts = block.plan.on.retrenchment.manages[i].then(|| (&c.staff[i], &c.severance_paid[i]));
    let moves = block.plan.on.company.cost_trends;
    for k in packs::<S>() {
        let alive = alive.pack(s, k);
        let mut sum = fixed.pack(s, k);
        if moves {
            let now = (level.pack(s, k) * step.pack(s, k)).at_most(MOST);
            level.put(k, now);
            sum *= now;
        }
        if let Some((staff, severance)) = cuts {
            sum = sum * staff.pack(s, k) + severance.pack(s, k);
        }
        sum += variable.pack(s, k) * (segments.pack(s, k) + trade.pack(s, k));
        if let Some(noise) = noise {
            sum += size.pack(s, k) * noise.pack(s, k);
        }
        costs.put(k, alive * sum);
        tax.put(k, alive * rate.pack(s, k) * profit.pack(s, k).at_least(0.0));
    }
}

/// A month's growth factors of the fixed cost and of the discretionary plan, where their growth fades.
#[inline(always)]
#[must_use]
pub fn fade<S: Simd>(s: S, block: &Block<'_>, i: usize, month: u32) -> [Row; 2] {
    let (p, mut steps) = (&block.parameters.company, [ZERO; 2]);
    let growths =
        [[&p.fixed_cost_growth, &p.fixed_cost_growth_long], [&p.discretionary_growth, &p.discretionary_growth_long]];
    for (step, [now, long]) in steps.iter_mut().zip(growths) {
        for k in packs::<S>() {
            let (now, long) = (now.of(i).pack(s, k), long.of(i).pack(s, k));
            let months = p.cost_growth_half_life.of(i).pack(s, k);
            let left = (-LN_2 * f64::from(month - 1) / months).exp();
            let growth = months.above(0.0).choose(long + (now - long) * left, now);
            step.put(k, (growth / 12.0).exp());
        }
    }
    steps
}

/// The discretionary plan and what is left of it when runway is short.
#[inline(always)]
fn research<S: Simd>(s: S, block: &mut Block<'_>, i: usize, faded: Option<&Row>) {
    let (p, d) = (&block.parameters.company, &block.derived);
    let (plan, floor) = (p.discretionary_cost.of(i), p.burn_cut_floor.of(i));
    let step = faded.map_or(d.research_step.of(i), Value::Drawn);
    let per_runway = d.per_cut_runway.of(i);
    let c = &mut block.state.company;
    let (alive, runway, level) = (&c.alive[i], &c.runway[i], &mut c.research_level[i]);
    let (research, wanted) = (&mut c.research[i], &mut block.scratch.company.discretionary_wanted[i]);
    for k in packs::<S>() {
        let now = (level.pack(s, k) * step.pack(s, k)).at_most(MOST);
        level.put(k, now);
        let per_runway = per_runway.pack(s, k);
        let cut = (runway.pack(s, k) * per_runway).at_most(1.0).at_least(floor.pack(s, k));
        let after = alive.pack(s, k) * now * per_runway.above(0.0).choose(cut, 1.0);
        research.put(k, after);
        wanted.put(k, plan.pack(s, k) * after);
    }
}

/// Vintages that arrive, retire and are no longer depreciated from this month on, and the reciprocals of the two lives.
struct Turnover {
    arrived: Row,
    retired: Row,
    done: Row,
    per_life: Row,
    per_book: Row,
}

/// Turnover of a fleet whose months differ from path to path.
#[inline(always)]
fn turnover<S: Simd>(s: S, block: &Block<'_>, f: usize) -> Turnover {
    let d = &block.derived;
    let mut t = Turnover { arrived: ZERO, retired: ZERO, done: ZERO, per_life: ZERO, per_book: ZERO };
    let (lag, life, book) = (d.lag.row(f), d.life.row(f), d.book_life.row(f));
    for l in 0..LANES {
        let back = |months: f64| block.vintages[block.vintage(f, months as usize)][l];
        t.arrived[l] = back(lag[l]);
        t.retired[l] = back(lag[l] + life[l]);
        t.done[l] = back(lag[l] + book[l].min(life[l]));
    }
    for k in packs::<S>() {
        t.per_life.put(k, 1.0 / life.pack(s, k));
        t.per_book.put(k, 1.0 / book.pack(s, k));
    }
    t
}

/// A month older: new capacity arrives, old capacity retires, books depreciate; gives what retires.
#[inline(always)]
fn age<S: Simd>(s: S, block: &mut Block<'_>, f: usize) -> Row {
    let by_lane;
    let (arrived, retired, done, per_life, per_book) = if let Some(lives) = block.plan.on.fleet.lives[f] {
        let places = lives.back.map(|back| block.vintage(f, back));
        let [arrived, retired, done] = places.map(|place| &block.vintages[place]);
        let [per_life, per_book] = lives.per.map(Value::Same);
        (arrived, retired, done, per_life, per_book)
    } else {
        by_lane = turnover(s, block, f);
        let t = &by_lane;
        (&t.arrived, &t.retired, &t.done, Value::Drawn(&t.per_life), Value::Drawn(&t.per_book))
    };
    let fleet = &mut block.state.fleet;
    let (capacity, depreciation) = (&mut fleet.capacity[f], &mut fleet.depreciation[f]);
    let mut left_on_books = fleet.written_off.get_mut(f).filter(|_| block.plan.on.fleet.early[f]);
    let worth = &mut block.scratch.fleet.vintage_value[f];
    for k in packs::<S>() {
        let (arrived, before) = (arrived.pack(s, k), capacity.pack(s, k));
        let worn = worth.pack(s, k) - before * per_life.pack(s, k);
        worth.put(k, arrived + worn.at_least(0.0));
        let left = before - retired.pack(s, k);
        capacity.put(k, arrived + left.above(ROUNDING * before).choose(left, 0.0));
        let change = (arrived - done.pack(s, k)) * per_book.pack(s, k);
        depreciation.put(k, (depreciation.pack(s, k) + change).at_least(0.0));
        if let Some(left_on_books) = &mut left_on_books {
            let left = 1.0 - per_book.pack(s, k) / per_life.pack(s, k);
            left_on_books.put(k, retired.pack(s, k) * left.at_least(0.0));
        }
    }
    *retired
}

/// Price of each class of assets after the marks of forced sales.
#[inline(always)]
pub fn price_assets<S: Simd>(s: S, block: &mut Block<'_>) {
    let m = &block.state.market;
    for (price, mark) in block.scratch.fleet.asset_price.iter_mut().zip([
        &m.fire_sale_gpu[0],
        &m.fire_sale_building[0],
        &m.fire_sale_power[0],
    ]) {
        if *mark == ZERO {
            *price = ONES;
            continue;
        }
        for k in packs::<S>() {
            price.put(k, (-mark.pack(s, k)).exp());
        }
    }
}

/// The capex plan of a fleet grows.
#[inline(always)]
fn grow<S: Simd>(s: S, block: &mut Block<'_>, i: usize, f: usize, month: u32) {
    let shock =
        if block.plan.on.investment.noisy[f] { Some(investment::shock_apart(s, block, i, f, month)) } else { None };
    let long = block.parameters.fleet.capex_growth_long.of(f);
    let (decay, fleet) = (block.derived.fleet_decay.of(f), &mut block.state.fleet);
    let (growth, plan) = (&mut fleet.growth[f], &mut fleet.plan[f]);
    for k in packs::<S>() {
        if month > 1 {
            let long = long.pack(s, k);
            growth.put(k, long + (growth.pack(s, k) - long) * decay.pack(s, k));
        }
        let mut step = growth.pack(s, k) * (1.0 / 12.0);
        if let Some([faster, level]) = &shock {
            growth.gain(k, faster.pack(s, k));
            step = growth.pack(s, k) * (1.0 / 12.0) + level.pack(s, k);
        }
        let factor = step.exp();
        plan.put(k, (plan.pack(s, k) * factor).at_most(MOST));
    }
}

/// Fleets of a company age, and want to buy.
#[inline(always)]
fn invest<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    block.scratch.fleet.committed_capex[i] = ZERO;
    if let Some(value) = block.state.company.fleet_value.get_mut(i) {
        *value = ZERO;
    }
    block.state.company.depreciation[i] = ZERO;
    for &f in block.plan.fleets.of(i) {
        let f = f as usize;
        let retired = age(s, block, f);
        if block.needed.books {
            capacity::write_down(block, f);
        }
        if !block.plan.on.fleet.steady_fleet[f] {
            grow(s, block, i, f, month);
        }
        want(s, block, i, f, month, &retired);
        if block.plan.on.retrenchment.manages[i] {
            retrenchment::ease_apart(s, block, i, f);
        }
        value(s, block, i, f);
    }
}

/// Purchases that a fleet of company `i` plans, left as its capex for the clearing, and the part that cannot be cut.
#[inline(always)]
fn want<S: Simd>(s: S, block: &mut Block<'_>, i: usize, f: usize, month: u32, retired: &Row) {
    let ordered =
        if block.plan.on.construction.built[f] { Some(construction::order_apart(s, block, i, f, month)) } else { None };
    let sway = if block.plan.on.confidence.swayed[f] { Some(confidence::sway_apart(s, block, i, f)) } else { None };
    let answer = if investment::answers(block, i, f) { Some(investment::answer_apart(s, block, i, f)) } else { None };
    let p = &block.parameters.fleet;
    let (start, of_revenue, refresh, committed) =
        (p.capex.of(f), p.capex_of_revenue.of(f), p.refresh.of(f), p.committed.of(f));
    let (of_backlog, still) = (p.capex_of_backlog.of(f), block.plan.still_fleet[f]);
    let (c, x, fleet) = (&block.state.company, &mut block.scratch, &mut block.state.fleet);
    let (segments, trade) = (&c.segment_revenue[i], &c.trade_revenue[i]);
    let alive = living(&c.alive, &x.cascade.has_died, i);
    let (plan, capex, firm) = (&fleet.plan[f], &mut fleet.capex[f], &mut x.fleet.committed_capex[i]);
    let (mut owed, mut wanted) = (x.fleet.committed.get_mut(f), fleet.wanted.get_mut(f));
    let backlog = block.plan.on.backlog.backlogs.then(|| &c.backlog[i]);
    for k in packs::<S>() {
        let sales = of_revenue.pack(s, k) * (segments.pack(s, k) + trade.pack(s, k));
        let mut planned = start.pack(s, k);
        if !still {
            planned *= plan.pack(s, k);
        }
        if let Some(sway) = &sway {
            planned *= sway.pack(s, k);
        }
        if let Some(answer) = &answer {
            planned *= answer.pack(s, k);
        }
        planned += sales;
        if let Some(backlog) = backlog {
            planned += of_backlog.pack(s, k) * backlog.pack(s, k) * (1.0 / 12.0);
        }
        if let Some(ordered) = &ordered {
            planned += ordered.pack(s, k);
        }
        let now = alive.pack(s, k) * (planned + refresh.pack(s, k) * retired.pack(s, k));
        capex.put(k, now);
        show(&mut wanted, k, now);
        let mut part = now;
        if let Some(owed) = &mut owed {
            part *= committed.pack(s, k);
            owed.put(k, part);
        }
        firm.gain(k, part);
    }
}

/// Market value of a fleet: what is left of its vintages, at the index and the mark of its class.
#[inline(always)]
fn value<S: Simd>(s: S, block: &mut Block<'_>, i: usize, f: usize) {
    let (p, x) = (&block.parameters.fleet, &block.scratch);
    let (price, worth) = (&x.fleet.asset_price[p.class.at(f, 0) as usize], &x.fleet.vintage_value[f]);
    let (indexed, index) = (p.indexed.at(f, 0) > 0.0, &block.state.market.gpu_index[0]);
    let (c, fleet) = (&mut block.state.company, &mut block.state.fleet);
    let (written, charge) = (&mut c.depreciation[i], &fleet.depreciation[f]);
    let alive = living(&c.alive, &x.cascade.has_died, i);
    let (mut sum, mut shown) = (c.fleet_value.get_mut(i), fleet.value.get_mut(f));
    let left_on_books = fleet.written_off.get(f).filter(|_| block.plan.on.fleet.early[f]);
    for k in packs::<S>() {
        let mut value = worth.pack(s, k) * price.pack(s, k);
        if indexed {
            value *= index.pack(s, k);
        }
        show(&mut shown, k, value);
        if let Some(sum) = &mut sum {
            sum.gain(k, alive.pack(s, k) * value);
        }
        let mut charged = charge.pack(s, k);
        if let Some(left) = left_on_books {
            charged += left.pack(s, k);
        }
        written.gain(k, alive.pack(s, k) * charged);
    }
}

apart! {
    fade_apart(s, block, i: usize, month: u32) -> [Row; 2] { fade(s, block, i, month) }
}

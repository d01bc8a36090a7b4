//! Phase 3: list prices, the cost of inputs, and what is passed on.

use crate::block::{Block, ONES};
use crate::column::{LANES, Row, ZERO};
use crate::math::ln;
use crate::plan::{MOST, whole};

/// Sets the prices of the month.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    list(block, month);
    post(block);
    for i in 0..block.plan.counts.companies {
        pass_on(block, i);
    }
}

/// List prices follow their trend and their one step.
#[inline(always)]
fn list(block: &mut Block<'_>, month: u32) {
    if !block.plan.list_prices {
        return;
    }
    let p = &block.parameters.company;
    for i in 0..block.plan.counts.companies {
        let (step, size, since) = (&block.derived.list_step[i], p.price_step.row(i), p.price_step_month.row(i));
        let mut price = block.state.company.list_price[i];
        for l in 0..LANES {
            let now = if whole(since[l]) == f64::from(month) { 1.0 + size[l] } else { 1.0 };
            price[l] *= step[l] * now;
            price[l] = if price[l] < MOST { price[l] } else { MOST };
            price[l] = if price[l] > 1.0 / MOST { price[l] } else { 1.0 / MOST };
        }
        block.state.company.list_price[i] = price;
    }
}

/// What a contract with each company costs relative to the start.
#[inline(always)]
fn post(block: &mut Block<'_>) {
    let premium = block.parameters.market.substitution_premium.row(0);
    let c = &block.state.company;
    for i in 0..block.plan.counts.companies {
        let (list, passed, alive) = (&c.list_price[i], &c.passed[i], &c.alive[i]);
        let mut priced = ZERO;
        for l in 0..LANES {
            priced[l] = if alive[l] > 0.0 { list[l] * passed[l] } else { premium[l] };
        }
        block.scratch.priced[i] = priced;
    }
}

/// Cost of the inputs of a company, split in plain contracts and the other price-linked ones.
#[inline(always)]
fn input_cost(block: &Block<'_>, i: usize) -> (Row, Row) {
    let p = &block.parameters.contract;
    let (mut plain, mut special) = (ZERO, ZERO);
    for &e in block.plan.plain_purchases.of(i) {
        let supplier = block.links.contract.supplier[e as usize] as usize;
        let (usage, priced) = (p.usage.row(e as usize), &block.scratch.priced[supplier]);
        for l in 0..LANES {
            plain[l] += usage[l] * priced[l];
        }
    }
    for &e in block.plan.special_purchases.of(i) {
        let supplier = block.links.contract.supplier[e as usize] as usize;
        let (usage, linked, priced) =
            (p.usage.row(e as usize), p.price_linked.row(e as usize), &block.scratch.priced[supplier]);
        for l in 0..LANES {
            special[l] += usage[l] * linked[l] * priced[l];
        }
    }
    (plain, special)
}

/// Passes a change of input cost on into the price of a company.
#[inline(always)]
fn pass_on(block: &mut Block<'_>, i: usize) {
    let (plain, special) = input_cost(block, i);
    block.scratch.plain_cost[i] = plain;
    let p = &block.parameters.company;
    let c = &mut block.state.company;
    let list = &c.list_price[i];
    if block.plan.purchases.of(i).is_empty() {
        c.price[i] = *list;
        c.effective_price[i] = *list;
        block.scratch.log_price[i] = if block.plan.list_prices { list.map(ln) } else { ZERO };
        return;
    }
    let (linked_use, revenue) = (&block.derived.linked_use[i], &block.derived.revenue[i]);
    let (through, lag, service) = (p.pass_through.row(i), p.price_lag.row(i), p.service_cut.row(i));
    let mut passed = c.passed[i];
    let (mut cost, mut price, mut effective, mut log) = (ONES, ZERO, ZERO, ZERO);
    for l in 0..LANES {
        let relative = (plain[l] + special[l]) / linked_use[l];
        cost[l] = if linked_use[l] > 0.0 { relative } else { 1.0 };
        let share = linked_use[l] / revenue[l];
        let share = if revenue[l] > 0.0 { share } else { 0.0 };
        let rise = share * (cost[l] - 1.0);
        let target = 1.0 + through[l] * rise;
        let target = if target > 0.01 { target } else { 0.01 };
        let target = if target < MOST { target } else { MOST };
        passed[l] += (target - passed[l]) / lag[l];
        price[l] = list[l] * passed[l];
        let borne = (1.0 - through[l]) * rise;
        let borne = if borne > 0.0 { borne } else { 0.0 };
        effective[l] = price[l] * (1.0 + service[l] * borne);
        log[l] = ln(effective[l]);
    }
    c.passed[i] = passed;
    c.input_cost[i] = cost;
    c.price[i] = price;
    c.effective_price[i] = effective;
    block.scratch.log_price[i] = log;
}

//! Phase 3: list prices, the cost of inputs, and what is passed on.

use crate::block::Block;
use crate::pack::{Operand, Pack, Packs, packs, show};
use crate::plan::MOST;
use pulp::Simd;

/// Sets list prices, and posts what a contract with each company costs relative to the start.
#[inline(always)]
pub fn post<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    for i in 0..block.plan.counts.companies {
        if block.plan.list_prices {
            list(s, block, i, month);
        }
        let c = &block.state.company;
        for k in packs::<S>() {
            let premium = block.parameters.market.substitution_premium.pack(s, 0, k);
            let mut posted = c.passed[i].pack(s, k);
            if block.plan.list_prices {
                posted *= c.list_price[i].pack(s, k);
            }
            let lives = c.alive[i].pack(s, k).above(0.0);
            block.scratch.priced[i].put(k, lives.choose(posted, premium));
        }
    }
}

/// A list price follows its trend and its one step.
#[inline(always)]
fn list<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let (p, now) = (&block.parameters.company, f64::from(month));
    for k in packs::<S>() {
        // The step comes when the whole months of its date, the nearest, are now.
        let since = p.price_step_month.pack(s, i, k) + 0.5;
        let stepped = 1.0 + p.price_step.pack(s, i, k);
        let step = since.below(now).choose(1.0, since.below(now + 1.0).choose(stepped, 1.0));
        let row = &mut block.state.company.list_price[i];
        let price = row.pack(s, k) * block.derived.list_step.pack(s, i, k) * step;
        row.put(k, price.at_most(MOST).at_least(1.0 / MOST));
    }
}

/// What a company's plain contracts cost: use times posted price.
#[inline(always)]
pub fn gather<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let x = &mut block.scratch;
    for k in packs::<S>() {
        let cost = block.plan.plain_purchases.sum(s, i, k, &block.parameters.contract.usage, &x.priced);
        x.plain_cost[i].put(k, cost);
    }
}

/// The same for its other price-linked contracts.
#[inline(always)]
fn special_cost<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let p = &block.parameters.contract;
    let mut cost = 0.0.packed(s);
    for &e in block.plan.special_purchases.of(i) {
        let e = e as usize;
        let supplier = block.links.contract.supplier[e] as usize;
        cost += p.usage.pack(s, e, k) * p.price_linked.pack(s, e, k) * block.scratch.priced[supplier].pack(s, k);
    }
    cost
}

/// Passes a change of input cost on into the price of a company.
#[inline(always)]
pub fn pass_on<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (p, d, plan) = (&block.parameters.company, &block.derived, block.plan);
    for k in packs::<S>() {
        let list = if plan.list_prices { block.state.company.list_price[i].pack(s, k) } else { 1.0.packed(s) };
        let (mut price, mut effective) = (list, list);
        if !plan.purchases.of(i).is_empty() {
            let cost = block.scratch.plain_cost[i].pack(s, k) + special_cost(s, block, i, k);
            let per_use = d.per_linked_use.pack(s, i, k);
            let relative = per_use.above(0.0).choose(cost * per_use, 1.0);
            let rise = d.input_share.pack(s, i, k) * (relative - 1.0);
            let through = p.pass_through.pack(s, i, k);
            let target = (1.0 + through * rise).at_least(0.01).at_most(MOST);
            let c = &mut block.state.company;
            let passed = c.passed[i].pack(s, k);
            let passed = passed + (target - passed) * d.per_price_lag.pack(s, i, k);
            c.passed[i].put(k, passed);
            price = list * passed;
            let borne = ((1.0 - through) * rise).at_least(0.0);
            effective = price * (1.0 + p.service_cut.pack(s, i, k) * borne);
            show(&mut c.input_cost, i, k, relative);
        }
        let c = &mut block.state.company;
        c.price[i].put(k, price);
        show(&mut c.effective_price, i, k, effective);
        block.scratch.log_price[i].put(k, effective.ln());
    }
}

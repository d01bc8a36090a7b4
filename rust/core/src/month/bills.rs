//! Phase 5: activity, use of contracts, and the bills for it.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::math::{exp, ln};
use crate::plan::{MOST, whole};

/// Use and bill of one contract, and where the bill goes.
#[derive(Clone, Copy, Debug)]
struct Bill {
    /// Use at prices of the start.
    usage: Row,
    /// What is owed.
    amount: Row,
    /// Part of it owed only because of commitments.
    excess: Row,
}

/// Bills the month.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    for i in 0..block.plan.counts.companies {
        act(block, i);
    }
    supply(block);
    for i in 0..block.plan.counts.companies {
        charge(block, i);
    }
    special(block, month);
    std::mem::swap(&mut block.state.company.used, &mut block.scratch.used_next);
}

/// Activity of a company: its own volume and what its customers used.
#[inline(always)]
fn act(block: &mut Block<'_>, i: usize) {
    let (volume, start) = (&block.scratch.volume[i], &block.derived.revenue[i]);
    let c = &mut block.state.company;
    let (used, alive) = (&c.used[i], &c.alive[i]);
    let mut activity = ZERO;
    for l in 0..LANES {
        let relative = (volume[l] + used[l]) / start[l];
        activity[l] = alive[l] * if start[l] > 0.0 { relative } else { 1.0 };
    }
    c.activity[i] = activity;
}

/// What the plain contracts of each supplier use this month, billed at the posted price.
#[inline(always)]
fn supply(block: &mut Block<'_>) {
    let p = &block.parameters.contract;
    let c = &mut block.state.company;
    for i in 0..block.plan.counts.companies {
        let (mut used, mut trade) = (ZERO, ZERO);
        for &e in block.plan.plain_sales.of(i) {
            let customer = block.links.contract.customer[e as usize] as usize;
            let (usage, activity) = (p.usage.row(e as usize), &c.activity[customer]);
            for l in 0..LANES {
                used[l] += usage[l] * activity[l];
            }
        }
        let (priced, alive) = (&block.scratch.priced[i], &c.alive[i]);
        for l in 0..LANES {
            used[l] *= alive[l];
            trade[l] = priced[l] * used[l];
        }
        block.scratch.used_next[i] = used;
        c.trade_revenue[i] = trade;
    }
}

/// Bills of plain contracts, all at once for each company.
#[inline(always)]
fn charge(block: &mut Block<'_>, i: usize) {
    let premium = block.parameters.market.substitution_premium.row(0);
    let (cost, dead, lost) = (&block.scratch.plain_cost[i], &block.scratch.dead_plain[i], &block.scratch.lost_plain[i]);
    let activity = &block.state.company.activity[i];
    let (mut bills, mut outside) = (ZERO, ZERO);
    for l in 0..LANES {
        bills[l] = activity[l] * (cost[l] - premium[l] * lost[l]);
        outside[l] = activity[l] * premium[l] * (dead[l] - lost[l]);
    }
    block.state.company.bills[i] = bills;
    block.scratch.bills_outside[i] = outside;
}

/// Use and bill of one contract, whatever it says.
#[inline(always)]
fn bill(block: &Block<'_>, e: usize, month: u32) -> Bill {
    let p = &block.parameters.contract;
    let (customer, supplier) = (block.links.contract.customer[e] as usize, block.links.contract.supplier[e] as usize);
    let c = &block.state.company;
    let (alive_customer, alive_supplier) = (&c.alive[customer], &c.alive[supplier]);
    let driver = match p.follows.at(e, 0) as u8 {
        0 => c.activity[customer],
        1 => c.research[customer],
        _ => crate::block::ONES,
    };
    let (usage, linked, share) = (p.usage.row(e), p.price_linked.row(e), p.revenue_share.row(e));
    let (routing, trend, substitutable) = (p.routing.row(e), p.intensity_trend.row(e), p.substitutable.row(e));
    let (posted, sales) = (&block.scratch.priced[supplier], &c.segment_revenue[customer]);
    let committed = commitment(block, e, customer, month);
    let premium = block.parameters.market.substitution_premium.row(0);
    let years = f64::from(month) / 12.0;
    let mut bill = Bill { usage: ZERO, amount: ZERO, excess: ZERO };
    for l in 0..LANES {
        let price = if linked[l] > 0.0 { posted[l] } else { 1.0 };
        let factor = exp(trend[l] * years - routing[l] * ln(price));
        let use_now = usage[l] * driver[l] * if factor < MOST { factor } else { MOST };
        let most = if use_now > committed[l] { use_now } else { committed[l] };
        let owed = price * most + share[l] * sales[l];
        let replaced = premium[l] * substitutable[l] * use_now;
        let living = alive_supplier[l] > 0.0;
        bill.usage[l] = alive_customer[l] * if living { use_now } else { 0.0 };
        bill.amount[l] = alive_customer[l] * if living { owed } else { replaced };
        bill.excess[l] = alive_customer[l] * if living { price * (most - use_now) } else { 0.0 };
    }
    bill
}

/// Take-or-pay in force this month, less what is waived while the customer's runway is short.
#[inline(always)]
fn commitment(block: &Block<'_>, e: usize, customer: usize, month: u32) -> Row {
    let mut sum = ZERO;
    let p = &block.parameters.commitment;
    for &k in block.plan.commitments.of(e) {
        let k = k as usize;
        let (amount, first, last) = (p.amount.row(k), p.first_month.row(k), p.last_month.row(k));
        for l in 0..LANES {
            let within = whole(first[l]) <= f64::from(month) && f64::from(month) <= whole(last[l]);
            sum[l] += if within { amount[l] } else { 0.0 };
        }
    }
    let waived = block.parameters.contract.renegotiable.row(e);
    let (runway, below) = (&block.state.company.runway[customer], block.parameters.market.renegotiation_runway.row(0));
    for l in 0..LANES {
        sum[l] *= if runway[l] < below[l] { 1.0 - waived[l] } else { 1.0 };
    }
    sum
}

/// Bills of the contracts that say more than price times use.
#[inline(always)]
fn special(block: &mut Block<'_>, month: u32) {
    for i in 0..block.plan.counts.companies {
        let mut excess = ZERO;
        for k in 0..block.plan.special_purchases.of(i).len() {
            let e = block.plan.special_purchases.of(i)[k] as usize;
            let supplier = block.links.contract.supplier[e] as usize;
            let bill = bill(block, e, month);
            let alive = block.state.company.alive[supplier];
            let x = &mut block.scratch;
            let c = &mut block.state.company;
            x.bills[e] = bill.amount;
            for l in 0..LANES {
                c.bills[i][l] += bill.amount[l];
                c.trade_revenue[supplier][l] += alive[l] * bill.amount[l];
                x.bills_outside[i][l] += (1.0 - alive[l]) * bill.amount[l];
                x.used_next[supplier][l] += bill.usage[l];
                excess[l] += bill.excess[l];
            }
        }
        block.state.company.commitment_excess[i] = excess;
    }
}

/// What is owed under a contract on one path.
#[must_use]
pub fn bill_at(block: &Block<'_>, e: usize, l: usize) -> f64 {
    if block.plan.plain[e] {
        let p = &block.parameters.contract;
        let supplier = block.links.contract.supplier[e] as usize;
        let activity = block.state.company.activity[block.links.contract.customer[e] as usize][l];
        let lives = block.state.company.alive[supplier][l] > 0.0;
        let part = if lives { 1.0 } else { p.substitutable.at(e, l) };
        return p.usage.at(e, l) * part * activity * block.scratch.priced[supplier][l];
    }
    block.scratch.bills[e][l]
}

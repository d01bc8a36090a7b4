//! Phase 7: covenants, draws, interest and principal due, maturities and refinancing.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::draw::{Stream, uniforms};
use crate::math::{exp, ln};
use crate::plan::whole;

/// Makes the debt service of the month due.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    if block.plan.counts.loans == 0 {
        return;
    }
    if block.plan.covenants {
        covenants(block);
    }
    if block.plan.draws {
        block.state.company.drawn.fill(ZERO);
        for k in 0..block.plan.counts.loans {
            lend(block, k, month);
        }
    }
    for i in 0..block.plan.counts.companies {
        owe(block, i, month);
    }
    for i in 0..block.plan.counts.companies {
        receive(block, i);
    }
}

/// Tests covenants on the state of the month before; a breach that lasts calls the balance.
#[inline(never)]
fn covenants(block: &mut Block<'_>) {
    block.scratch.called.fill(ZERO);
    block.state.loan.accelerated.fill(ZERO);
    for k in 0..block.plan.counts.loans {
        if block.plan.covenant[k] {
            for l in 0..LANES {
                test(block, k, l);
            }
        }
    }
    if block.plan.cross_defaults {
        cross(block);
    }
}

/// Tests one loan on one path.
fn test(block: &mut Block<'_>, k: usize, l: usize) {
    let p = &block.parameters.loan;
    let i = block.links.loan.borrower[k] as usize;
    let c = &block.state.company;
    let loan = &mut block.state.loan;
    let balance = loan.balance[k][l];
    if c.alive[i][l] == 0.0 || balance <= 0.0 {
        loan.breach[k][l] = 0.0;
        return;
    }
    let (cash, ltv, cover) = (p.min_cash.at(k, l), p.max_ltv.at(k, l), p.min_dscr.at(k, l));
    let collateral = p.collateral.at(k, l) + p.fleet_collateral.at(k, l) * c.fleet_value[i][l];
    let broken = cash > 0.0 && c.cash[i][l] < cash
        || ltv > 0.0 && balance > ltv * collateral
        || cover > 0.0 && c.smooth_cover[i][l] < cover * c.smooth_service[i][l];
    loan.breach[k][l] = if broken { loan.breach[k][l] + 1.0 } else { 0.0 };
    if loan.breach[k][l] > whole(p.cure_months.at(k, l)) {
        loan.accelerated[k][l] = 1.0;
        block.scratch.called[i][l] = 1.0;
    }
}

/// A called loan calls those that cross-default with it.
fn cross(block: &mut Block<'_>) {
    for k in 0..block.plan.counts.loans {
        let called = block.scratch.called[block.links.loan.borrower[k] as usize];
        let flag = block.parameters.loan.cross_default.row(k);
        for l in 0..LANES {
            if flag[l] > 0.0 && called[l] > 0.0 && block.state.loan.balance[k][l] > 0.0 {
                block.state.loan.accelerated[k][l] = 1.0;
            }
        }
    }
}

/// Draws for last month's capex, as far as the lender has the cash.
#[inline(always)]
fn lend(block: &mut Block<'_>, k: usize, month: u32) {
    let loan = &mut block.state.loan;
    if loan.undrawn[k] == ZERO {
        return;
    }
    let (borrower, lender) = (block.links.loan.borrower[k] as usize, block.links.loan.lender[k]);
    let share = block.parameters.loan.draw_share.row(k);
    let c = &mut block.state.company;
    for l in 0..LANES {
        let open = loan.accelerated[k][l] == 0.0 && loan.maturity[k][l] > f64::from(month);
        let free = c.alive[borrower][l] > 0.0 && open;
        let mut draw = if free { (share[l] * c.capex[borrower][l]).min(loan.undrawn[k][l]) } else { 0.0 };
        if lender >= 0 {
            let from = lender as usize;
            let spare = c.cash[from][l] - block.parameters.company.minimum_cash.at(from, l);
            draw = draw.min(spare.max(0.0)) * c.alive[from][l];
            c.cash[from][l] -= draw;
        } else {
            block.state.market.capital[0][l] -= draw;
        }
        loan.undrawn[k][l] -= draw;
        loan.balance[k][l] += draw;
        c.cash[borrower][l] += draw;
        c.drawn[borrower][l] += draw;
        block.scratch.flow[l] += draw;
    }
}

/// Debt service of a company; principal comes off the balances, and comes back where the clearing finds it unpaid.
#[inline(always)]
fn owe(block: &mut Block<'_>, i: usize, month: u32) {
    let (mut interest, mut service, mut outside, mut debt, mut called) = (ZERO, ZERO, ZERO, ZERO, ZERO);
    block.state.company.maturing[i] = ZERO;
    for &k in block.plan.loans.of(i) {
        let k = k as usize;
        let due = interest_due(block, k);
        let principal = principal(block, k, month, &due.1);
        let lender = block.links.loan.lender[k];
        let loan = &mut block.state.loan;
        let balance = &mut loan.balance[k];
        let flag = &loan.accelerated[k];
        for l in 0..LANES {
            called[l] += flag[l] * balance[l];
            balance[l] -= principal[l];
            debt[l] += balance[l];
            interest[l] += due.0[l];
            service[l] += due.0[l] + principal[l];
        }
        if lender < 0 {
            for l in 0..LANES {
                outside[l] += due.0[l] + principal[l];
            }
        } else {
            let alive = &block.state.company.alive[lender as usize];
            for l in 0..LANES {
                outside[l] += (1.0 - alive[l]) * (due.0[l] + principal[l]);
            }
        }
        loan.interest[k] = due.0;
        loan.principal[k] = principal;
    }
    let c = &mut block.state.company;
    c.interest[i] = interest;
    c.debt_service[i] = service;
    c.debt[i] = debt;
    c.accelerated[i] = called;
    block.scratch.service_outside[i] = outside;
}

/// What a company receives as a lender.
#[inline(always)]
fn receive(block: &mut Block<'_>, i: usize) {
    let (mut interest, mut service) = (ZERO, ZERO);
    let alive = &block.state.company.alive[i];
    for &k in block.plan.lent.of(i) {
        let (due, principal) = (&block.state.loan.interest[k as usize], &block.state.loan.principal[k as usize]);
        for l in 0..LANES {
            interest[l] += due[l];
            service[l] += due[l] + principal[l];
        }
    }
    for l in 0..LANES {
        interest[l] *= alive[l];
        service[l] *= alive[l];
    }
    block.scratch.interest_received[i] = interest;
    block.state.company.debt_service_received[i] = service;
}

/// Interest of a loan this month, and its monthly rate.
#[inline(always)]
fn interest_due(block: &Block<'_>, k: usize) -> (Row, Row) {
    let p = &block.parameters.loan;
    let (rate, floating) = (p.rate.row(k), p.floating.at(k, 0) > 0.0);
    let (base, spread) = (block.parameters.market.base_rate.row(0), &block.state.market.spread[0]);
    let balance = &block.state.loan.balance[k];
    let (mut interest, mut monthly) = (ZERO, ZERO);
    for l in 0..LANES {
        let extra = if floating { base[l] + spread[l] } else { 0.0 };
        monthly[l] = (rate[l] + extra) * (1.0 / 12.0);
        interest[l] = balance[l] * monthly[l];
    }
    (interest, monthly)
}

/// Principal due this month.
#[inline(always)]
fn principal(block: &mut Block<'_>, k: usize, month: u32, monthly: &Row) -> Row {
    let now = f64::from(month);
    let p = &block.parameters.loan;
    let (balance, maturity, called) =
        (block.state.loan.balance[k], block.state.loan.maturity[k], block.state.loan.accelerated[k]);
    let free = p.interest_only.row(k);
    let mut due = match p.amortisation.at(k, 0) as u8 {
        1 => std::array::from_fn(|l| linear(balance[l], maturity[l], now)),
        2 => std::array::from_fn(|l| annuity(balance[l], maturity[l], now, monthly[l])),
        3 => scheduled(block, k, month),
        _ => ZERO,
    };
    let mut last = false;
    for l in 0..LANES {
        // The same as now > whole(free), now being whole.
        let begun = free[l] + 0.5 < now;
        let part = if begun { due[l] } else { 0.0 };
        let part = if part < balance[l] { part } else { balance[l] };
        due[l] = if called[l] > 0.0 { balance[l] } else { part };
        last |= maturity[l] <= now;
    }
    if last {
        mature(block, k, month, &mut due);
    }
    due
}

#[inline(always)]
fn linear(balance: f64, maturity: f64, now: f64) -> f64 {
    let left = maturity - now + 1.0;
    balance / if left > 1.0 { left } else { 1.0 }
}

/// Principal part of a level payment.
#[inline(always)]
fn annuity(balance: f64, maturity: f64, now: f64, monthly: f64) -> f64 {
    let left = maturity - now + 1.0;
    let left = if left > 1.0 { left } else { 1.0 };
    let grown = exp(left * ln(1.0 + monthly)) - 1.0;
    if monthly > 0.0 { balance * monthly / grown } else { balance / left }
}

/// Repayment rows of the month.
#[inline(always)]
fn scheduled(block: &Block<'_>, k: usize, month: u32) -> Row {
    let p = &block.parameters.repayment;
    let mut due = ZERO;
    for &r in block.plan.repayments.of(k) {
        let (amount, when) = (p.amount.row(r as usize), p.month.row(r as usize));
        for l in 0..LANES {
            due[l] += if whole(when[l]) == f64::from(month) { amount[l] } else { 0.0 };
        }
    }
    due
}

/// At maturity the balance falls due unless it is refinanced.
#[inline(never)]
fn mature(block: &mut Block<'_>, k: usize, month: u32, due: &mut Row) {
    let luck = uniforms(&block.draws.words(Stream::Refinance, block.addresses.loan[k], month)[0]);
    let (p, market) = (&block.parameters.loan, &block.parameters.market);
    let i = block.links.loan.borrower[k] as usize;
    for l in 0..LANES {
        let loan = &mut block.state.loan;
        let balance = loan.balance[k][l];
        if loan.maturity[k][l] > f64::from(month) || loan.accelerated[k][l] > 0.0 || balance <= 0.0 {
            continue;
        }
        let factor = match block.state.market.regime[0][l] as u8 {
            0 => market.refinance_open.at(0, l),
            1 => 1.0,
            _ => market.refinance_shut.at(0, l),
        };
        if luck[l] < p.refinance_chance.at(k, l) * factor {
            loan.maturity[k][l] = f64::from(month) + whole(p.refinance_months.at(k, l));
            due[l] = 0.0;
        } else {
            due[l] = balance;
            block.state.company.maturing[i][l] += balance;
        }
    }
}

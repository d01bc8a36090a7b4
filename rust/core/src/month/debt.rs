//! Phase 7: covenants, draws, interest and principal due, maturities and refinancing.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::draw::{Stream, uniforms};
use crate::math::{exp, ln};
use crate::plan::whole;

/// Makes the debt service of the month due.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    clear(block);
    if block.plan.counts.loans == 0 {
        return;
    }
    if block.plan.covenants {
        covenants(block);
    }
    for k in 0..block.plan.counts.loans {
        lend(block, k);
        fall_due(block, k, month);
    }
}

/// Sums of the month start at nothing.
#[inline(always)]
fn clear(block: &mut Block<'_>) {
    let c = &mut block.state.company;
    for rows in [&mut c.interest, &mut c.debt_service, &mut c.debt_service_received, &mut c.accelerated] {
        rows.fill(ZERO);
    }
    for rows in [&mut c.maturing, &mut c.drawn, &mut c.debt] {
        rows.fill(ZERO);
    }
    for rows in &mut block.scratch.service {
        rows.fill(ZERO);
    }
    block.scratch.service_outside.fill(ZERO);
    block.scratch.interest_received.fill(ZERO);
}

/// Tests covenants on the state of the month before; a breach that lasts calls the balance.
#[inline(never)]
fn covenants(block: &mut Block<'_>) {
    block.scratch.called.fill(ZERO);
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
        loan.accelerated[k][l] = 0.0;
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
    } else {
        loan.accelerated[k][l] = 0.0;
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
fn lend(block: &mut Block<'_>, k: usize) {
    let loan = &mut block.state.loan;
    if loan.undrawn[k] == ZERO {
        return;
    }
    let (borrower, lender) = (block.links.loan.borrower[k] as usize, block.links.loan.lender[k]);
    let share = block.parameters.loan.draw_share.row(k);
    let c = &mut block.state.company;
    for l in 0..LANES {
        let free = c.alive[borrower][l] > 0.0 && loan.accelerated[k][l] == 0.0;
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

/// Interest and principal of a loan, booked with borrower and lender.
#[inline(always)]
fn fall_due(block: &mut Block<'_>, k: usize, month: u32) {
    let p = &block.parameters.loan;
    let (rate, floating) = (p.rate.row(k), p.floating.row(k));
    let (base, spread) = (block.parameters.market.base_rate.row(0), block.state.market.spread[0]);
    let balance = block.state.loan.balance[k];
    let mut interest = ZERO;
    let mut monthly = ZERO;
    for l in 0..LANES {
        let extra = if floating[l] > 0.0 { base[l] + spread[l] } else { 0.0 };
        monthly[l] = (rate[l] + extra) / 12.0;
        interest[l] = balance[l] * monthly[l];
    }
    let principal = principal(block, k, month, &monthly);
    block.state.loan.interest[k] = interest;
    block.state.loan.principal[k] = principal;
    book(block, k, &interest, &principal);
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
        let begun = now > whole(free[l]);
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

/// Books what is due with the borrower by rank, and with the lender.
#[inline(always)]
fn book(block: &mut Block<'_>, k: usize, interest: &Row, principal: &Row) {
    let (borrower, lender) = (block.links.loan.borrower[k] as usize, block.links.loan.lender[k]);
    let rank = match block.parameters.loan.rank.at(k, 0) as u8 {
        2 => 0,
        5 => 2,
        _ => 1,
    };
    let (balance, called) = (block.state.loan.balance[k], block.state.loan.accelerated[k]);
    let c = &mut block.state.company;
    let x = &mut block.scratch;
    let by_rank = &mut x.service[rank][borrower];
    for l in 0..LANES {
        let due = interest[l] + principal[l];
        by_rank[l] += due;
        c.debt[borrower][l] += balance[l];
        c.interest[borrower][l] += interest[l];
        c.debt_service[borrower][l] += due;
        c.accelerated[borrower][l] += called[l] * balance[l];
    }
    if lender < 0 {
        for l in 0..LANES {
            x.service_outside[borrower][l] += interest[l] + principal[l];
        }
        return;
    }
    let alive = c.alive[lender as usize];
    for l in 0..LANES {
        let due = interest[l] + principal[l];
        c.debt_service_received[lender as usize][l] += alive[l] * due;
        x.interest_received[lender as usize][l] += alive[l] * interest[l];
        x.service_outside[borrower][l] += (1.0 - alive[l]) * due;
    }
}

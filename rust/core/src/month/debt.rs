//! Phase 7: covenants, draws, interest and principal due, maturities and refinancing.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::draw::{Stream, uniforms};
use crate::pack::{Operand, Pack, Packs, packs};
use crate::plan::whole;
use pulp::Simd;

/// Tests covenants and pays out draws.
#[inline(always)]
pub fn open(block: &mut Block<'_>, month: u32) {
    if block.plan.covenants {
        covenants(block);
    }
    if block.plan.draws {
        block.state.company.drawn.fill(ZERO);
        for k in 0..block.plan.counts.loans {
            lend(block, k, month);
        }
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
pub fn owe<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let loans = block.plan.loans.of(i);
    if loans.is_empty() {
        return;
    }
    if std::mem::take(&mut block.scratch.matured[i]) {
        block.state.company.maturing[i] = ZERO;
    }
    for &loan in loans {
        fall_due(s, block, loan as usize, month);
    }
    for k in packs::<S>() {
        add_up(s, block, i, k);
    }
}

/// Interest and principal of a loan this month.
#[inline(always)]
fn fall_due<S: Simd>(s: S, block: &mut Block<'_>, loan: usize, month: u32) {
    let p = &block.parameters.loan;
    let (kind, floating) = (p.amortisation.at(loan, 0) as u8, p.floating.at(loan, 0) > 0.0);
    let repaid = if kind == 3 { scheduled(block, loan, month) } else { ZERO };
    let now = f64::from(month);
    let mut matures = false;
    for k in packs::<S>() {
        let mut rate = p.rate.pack(s, loan, k);
        if floating {
            rate += block.parameters.market.base_rate.pack(s, 0, k) + block.state.market.spread[0].pack(s, k);
        }
        let rate = rate * (1.0 / 12.0);
        let state = &mut block.state.loan;
        let (balance, maturity) = (state.balance[loan].pack(s, k), state.maturity[loan].pack(s, k));
        let left = (maturity - now + 1.0).at_least(1.0);
        let due = match kind {
            1 => balance / left,
            2 => annuity(balance, left, rate),
            3 => repaid.pack(s, k),
            _ => 0.0.packed(s),
        };
        // The same as now > whole(interest_only), now being whole.
        let begun = (p.interest_only.pack(s, loan, k) + 0.5).below(now);
        let mut due = begun.choose(due, 0.0).at_most(balance);
        if block.plan.covenants {
            due = state.accelerated[loan].pack(s, k).above(0.0).choose(balance, due);
        }
        state.interest[loan].put(k, balance * rate);
        state.principal[loan].put(k, due);
        matures |= (maturity.below(now + 0.5) & balance.above(0.0)).any();
    }
    if matures {
        mature(block, loan, month);
    }
}

/// Sums over the loans of a company; balances after what is due.
#[inline(always)]
fn add_up<S: Simd>(s: S, block: &mut Block<'_>, i: usize, k: usize) {
    let c = &mut block.state.company;
    let nothing = 0.0.packed(s);
    let (mut interest, mut service, mut outside, mut debt, mut called) = (nothing, nothing, nothing, nothing, nothing);
    for &loan in block.plan.loans.of(i) {
        let lender = block.links.loan.lender[loan as usize];
        let (loan, state) = (loan as usize, &mut block.state.loan);
        let balance = state.balance[loan].pack(s, k);
        let (due, principal) = (state.interest[loan].pack(s, k), state.principal[loan].pack(s, k));
        if block.plan.covenants {
            called += state.accelerated[loan].pack(s, k) * balance;
        }
        let left = balance - principal;
        state.balance[loan].put(k, left);
        debt += left;
        interest += due;
        service += due + principal;
        let gone = if lender < 0 { 1.0.packed(s) } else { 1.0 - c.alive[lender as usize].pack(s, k) };
        outside += gone * (due + principal);
    }
    c.interest[i].put(k, interest);
    c.debt_service[i].put(k, service);
    c.debt[i].put(k, debt);
    if block.plan.covenants {
        c.accelerated[i].put(k, called);
    }
    block.scratch.service_outside[i].put(k, outside);
}

/// What a company receives as a lender.
#[inline(always)]
pub fn receive<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let lent = block.plan.lent.of(i);
    if lent.is_empty() {
        return;
    }
    let c = &mut block.state.company;
    for k in packs::<S>() {
        let (mut interest, mut service) = (0.0.packed(s), 0.0.packed(s));
        for &loan in lent {
            let due = block.state.loan.interest[loan as usize].pack(s, k);
            interest += due;
            service += due + block.state.loan.principal[loan as usize].pack(s, k);
        }
        let alive = c.alive[i].pack(s, k);
        block.scratch.interest_received[i].put(k, alive * interest);
        c.debt_service_received[i].put(k, alive * service);
    }
}

/// Principal part of a level payment.
#[inline(always)]
fn annuity<S: Simd>(balance: Pack<S>, left: Pack<S>, rate: Pack<S>) -> Pack<S> {
    let grown = (left * (1.0 + rate).ln()).exp() - 1.0;
    rate.above(0.0).choose(balance * rate / grown, balance / left)
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
fn mature(block: &mut Block<'_>, k: usize, month: u32) {
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
            loan.principal[k][l] = 0.0;
        } else {
            loan.principal[k][l] = balance;
            block.scratch.matured[i] = true;
            block.state.company.maturing[i][l] += balance;
        }
    }
}

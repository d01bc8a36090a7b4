//! Phase 7: covenants, draws, interest and principal due, maturities and refinancing.

use crate::block::Block;
use crate::books::Party;
use crate::column::{LANES, Row, Value, ZERO};
use crate::draw::{Stream, uniforms};
use crate::events::{NONE, Why};
use crate::ledger;
use crate::month::{credit, prorata};
use crate::pack::{Operand, Pack, Packs, packs};
use crate::plan::whole;
use crate::rounding::{ROUNDING, beyond};
use crate::scratch::living;
use pulp::Simd;

/// Monthly rate below which a level payment repays in equal parts, as closely as `1 + rate` can tell.
const LEAST_RATE: f64 = 1e-9;

/// Tests covenants and pays out draws.
#[inline(always)]
pub fn open(block: &mut Block<'_>, month: u32) {
    if block.plan.covenants {
        covenants(block, month);
    }
    if block.plan.draws {
        block.state.company.drawn.fill(ZERO);
        block.state.company.borrowed.fill(ZERO);
        lend(block, month);
    }
}

/// Tests covenants on the state of the month before; a breach that lasts calls the balance.
#[inline(never)]
fn covenants(block: &mut Block<'_>, month: u32) {
    block.scratch.called.fill(ZERO);
    block.state.loan.accelerated.fill(ZERO);
    for k in 0..block.plan.counts.loans {
        if block.plan.covenant[k] {
            for l in 0..LANES {
                test(block, k, l, month);
            }
        }
    }
    if block.plan.cross_defaults {
        cross(block);
    }
}

/// Tests one loan on one path.
fn test(block: &mut Block<'_>, k: usize, l: usize, month: u32) {
    let p = &block.parameters.loan;
    let i = block.links.loan.borrower[k] as usize;
    let c = &block.state.company;
    let loan = &mut block.state.loan;
    let balance = loan.balance[k][l];
    if c.alive[i][l] == 0.0 || balance <= 0.0 || f64::from(month) <= loan.waiver[k][l] {
        loan.breach[k][l] = 0.0;
        return;
    }
    let (cash, ltv, cover) = (p.min_cash.at(k, l), p.max_ltv.at(k, l), p.min_dscr.at(k, l));
    let collateral = p.collateral.at(k, l) + p.fleet_collateral.at(k, l) * c.fleet_value[i][l];
    let (service, least) = (c.smooth_service[i][l], block.derived.least_burn.at(i, l));
    let wanted = cover * service;
    // Where nothing is due there is nothing to cover.
    let thin = service > least && beyond(wanted - c.smooth_cover[i][l], wanted) > least;
    let broken = [
        cash > 0.0 && beyond(cash - c.cash[i][l], cash) > least,
        ltv > 0.0 && beyond(balance - ltv * collateral, balance) > 0.0,
        cover > 0.0 && thin,
    ];
    loan.breach[k][l] = if broken.contains(&true) { loan.breach[k][l] + 1.0 } else { 0.0 };
    let held = [[c.cash[i][l], cash], [balance / collateral, ltv], [c.smooth_cover[i][l] / service, cover]];
    let (breach, cure) = (loan.breach[k][l], whole(p.cure_months.at(k, l)));
    let is_called = breach > cure;
    if is_called {
        loan.accelerated[k][l] = 1.0;
        block.scratch.called[i][l] = 1.0;
    }
    let whys = [Why::CovenantCash, Why::CovenantValue, Why::CovenantCover, Why::Call];
    let tests = broken.into_iter().zip(held).chain([(is_called, [breach, cure])]);
    for (why, (_, held)) in whys.into_iter().zip(tests).filter(|(_, (is_so, _))| *is_so) {
        note(block, k, l, why, held);
    }
}

/// Writes down what a lender holds against its borrower.
fn note(block: &mut Block<'_>, k: usize, l: usize, why: Why, held: [f64; 2]) {
    let lender = Party::company_or_capital(block.links.loan.lender[k]);
    ledger::note(block, l, Party::Company(block.links.loan.borrower[k] as usize), lender, why, held);
}

/// A called loan calls those that cross-default with it.
fn cross(block: &mut Block<'_>) {
    for k in 0..block.plan.counts.loans {
        let called = block.scratch.called[block.links.loan.borrower[k] as usize];
        let flag = block.parameters.loan.cross_default.row(k);
        for l in 0..LANES {
            if flag[l] > 0.0 && called[l] > 0.0 && block.state.loan.balance[k][l] > 0.0 {
                let before = std::mem::replace(&mut block.state.loan.accelerated[k][l], 1.0);
                if before == 0.0 {
                    note(block, k, l, Why::CrossDefault, NONE);
                }
            }
        }
    }
}

/// Draws for last month's capex and purchases, and to restore runway: all ask, then every lender shares what it has.
#[inline(never)]
fn lend(block: &mut Block<'_>, month: u32) {
    let loans = 0..block.plan.counts.loans;
    if loans.clone().all(|k| block.state.loan.undrawn[k] == ZERO) {
        return;
    }
    prorata::open(block);
    block.scratch.offered.fill(ZERO);
    block.scratch.needed.fill(ZERO);
    for k in loans.clone() {
        ask(block, k, month);
    }
    for k in loans.clone() {
        if block.plan.standby {
            stand_by(block, k);
        }
        let (draw, standby) = (block.scratch.draw[k], block.scratch.standby.get(k).copied().unwrap_or(ZERO));
        prorata::ask(block, block.links.loan.lender[k], &Row::from_fn(|l| draw[l] + standby[l]));
    }
    prorata::share_out(block);
    for k in loans {
        pay_out(block, k);
    }
}

/// What is asked of a loan, before anybody draws.
fn ask(block: &mut Block<'_>, k: usize, month: u32) {
    block.scratch.draw[k] = ZERO;
    if block.plan.standby {
        block.scratch.standby[k] = ZERO;
    }
    if block.state.loan.undrawn[k] == ZERO {
        return;
    }
    let borrower = block.links.loan.borrower[k] as usize;
    let (share, of_bills) = (block.parameters.loan.draw_share.row(k), block.parameters.loan.draw_purchases.row(k));
    for l in 0..LANES {
        let loan = &block.state.loan;
        let open = loan.accelerated[k][l] == 0.0 && loan.maturity[k][l] > f64::from(month);
        if block.state.company.alive[borrower][l] == 0.0 || !open || !credit::may_draw(block, k, l) {
            continue;
        }
        let mut wanted = share[l] * block.state.company.capex[borrower][l];
        if let Some(paid) = block.scratch.paid_lender.get(k) {
            wanted += of_bills[l] * paid[l];
        }
        let ease = if block.plan.tightens { credit::ease(block, k, l) } else { 1.0 };
        let left = loan.undrawn[k][l];
        let wanted = (ease * wanted).min(left);
        block.scratch.draw[k][l] = wanted;
        if block.plan.standby {
            let need = credit::need(block, k, l);
            let offer = (ease * need).min(left - wanted);
            let x = &mut block.scratch;
            x.standby[k][l] = offer;
            x.offered[borrower][l] += offer;
            if offer > 0.0 {
                x.needed[borrower][l] = x.needed[borrower][l].max(need);
            }
        }
    }
}

/// Standby loans of one company together restore its runway once.
fn stand_by(block: &mut Block<'_>, k: usize) {
    let (i, x) = (block.links.loan.borrower[k] as usize, &mut block.scratch);
    for l in 0..LANES {
        x.standby[k][l] *= prorata::part(x.needed[i][l], x.offered[i][l]);
    }
}

/// Pays what is drawn of a loan.
fn pay_out(block: &mut Block<'_>, k: usize) {
    let (spent, fresh) = (block.scratch.draw[k], block.scratch.standby.get(k).copied().unwrap_or(ZERO));
    if spent == ZERO && fresh == ZERO {
        return;
    }
    let (borrower, lender) = (block.links.loan.borrower[k] as usize, block.links.loan.lender[k]);
    let part = prorata::share(block, lender);
    for l in 0..LANES {
        let (spent, fresh) = (part[l] * spent[l], part[l] * fresh[l]);
        let (draw, c) = (spent + fresh, &mut block.state.company);
        let loan = &mut block.state.loan;
        loan.undrawn[k][l] = (loan.undrawn[k][l] - draw).max(0.0);
        loan.balance[k][l] += draw;
        if let Some(borrowed) = c.borrowed.get_mut(borrower) {
            borrowed[l] += fresh;
        }
        c.drawn[borrower][l] += spent;
        if block.wants.funding && block.plan.financing.loans[k] {
            block.state.market.vendor_money[0][l] += draw;
        }
        ledger::pay(block, l, Party::company_or_capital(lender), Party::Company(borrower), draw, Why::Draw);
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
    let c = &mut block.state.company;
    for row in [&mut c.interest, &mut c.debt_service, &mut c.debt].into_iter().filter_map(|rows| rows.get_mut(i)) {
        *row = ZERO;
    }
    for &k in loans {
        let k = k as usize;
        if block.plan.margins {
            credit::price(block, k);
        }
        if fall_due(s, block, k, month) {
            mature(block, k, month);
        }
        book(s, block, i, k);
    }
    if block.plan.covenants {
        call(block, i);
    }
}

/// Interest and principal of a loan this month; says whether it matures on any path.
#[inline(always)]
fn fall_due<S: Simd>(s: S, block: &mut Block<'_>, loan: usize, month: u32) -> bool {
    let p = &block.parameters.loan;
    let (kind, floating) = (p.amortisation.at(loan, 0) as u8, p.floating.at(loan, 0) > 0.0);
    let repaid = if kind == 3 { scheduled(block, loan, month) } else { ZERO };
    let (rate, interest_only) = (p.rate.of(loan), p.interest_only.of(loan));
    let (base, spread) = (block.parameters.market.base_rate.of(0), &block.state.market.spread[0]);
    let state = &mut block.state.loan;
    let (balance, called) = (&state.balance[loan], &state.accelerated[loan]);
    let maturity = match p.maturity.of(loan) {
        Value::Same(month) if !block.plan.deferred => Value::Same(whole(month)),
        _ => Value::Drawn(&state.maturity[loan]),
    };
    let (interest, principal) = (&mut state.interest[loan], &mut state.principal[loan]);
    let margin = state.margin.get(loan).filter(|_| block.plan.margins);
    let (now, mut matures) = (f64::from(month), false);
    for k in packs::<S>() {
        let (balance, maturity) = (balance.pack(s, k), maturity.pack(s, k));
        let mut rate = rate.pack(s, k);
        if floating {
            rate += base.pack(s, k) + spread.pack(s, k);
        }
        if let Some(margin) = margin {
            rate += margin.pack(s, k);
        }
        let rate = rate * (1.0 / 12.0);
        let left = (maturity - now + 1.0).at_least(1.0);
        let due = match kind {
            1 => balance / left,
            2 => annuity(balance, left, rate),
            3 => repaid.pack(s, k),
            _ => 0.0.packed(s),
        };
        // The same as now > whole(interest_only), now being whole.
        let begun = (interest_only.pack(s, k) + 0.5).below(now);
        let mut due = begun.choose(due, 0.0).at_most(balance);
        if block.plan.covenants {
            due = called.pack(s, k).above(0.0).choose(balance, due);
        }
        interest.put(k, balance * rate);
        principal.put(k, due);
        matures |= (maturity.below(now + 0.5) & balance.above(0.0)).any();
    }
    matures
}

/// Books what is due of a loan with its borrower.
#[inline(always)]
fn book<S: Simd>(s: S, block: &mut Block<'_>, i: usize, loan: usize) {
    let (c, state) = (&mut block.state.company, &mut block.state.loan);
    let alive = match block.links.loan.lender[loan] {
        ..0 => &ZERO,
        lender => living(&c.alive, &block.scratch.thinned, lender as usize),
    };
    let (interest, principal, balance) = (&state.interest[loan], &state.principal[loan], &mut state.balance[loan]);
    let (sum, service, mut debt) = (&mut c.interest[i], &mut c.debt_service[i], c.debt.get_mut(i));
    for k in packs::<S>() {
        let (due, principal) = (interest.pack(s, k), principal.pack(s, k));
        let left = balance.pack(s, k) - principal;
        let left = left.above(ROUNDING * principal).choose(left, 0.0);
        balance.put(k, left);
        if let Some(debt) = &mut debt {
            debt.gain(k, left);
        }
        sum.gain(k, due);
        service.gain(k, due + principal);
        block.books.sums.pay_capital(k, (1.0 - alive.pack(s, k)) * (due + principal));
    }
}

/// Balances of a company that are due because they were called.
#[inline(always)]
fn call(block: &mut Block<'_>, i: usize) {
    let called = &mut block.state.company.accelerated[i];
    *called = ZERO;
    for &k in block.plan.loans.of(i) {
        let (flag, principal) = (&block.state.loan.accelerated[k as usize], &block.state.loan.principal[k as usize]);
        for l in 0..LANES {
            called[l] += flag[l] * principal[l];
        }
    }
}

/// What a company receives as a lender.
#[inline(always)]
pub fn receive<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let lent = block.plan.lent.of(i);
    if lent.is_empty() {
        return;
    }
    let loan = &block.state.loan;
    let (mut interest, mut service) = ([0.0.packed(s); LANES], [0.0.packed(s); LANES]);
    for &k in lent {
        let (due, principal) = (&loan.interest[k as usize], &loan.principal[k as usize]);
        for k in packs::<S>() {
            interest[k] += due.pack(s, k);
            service[k] += due.pack(s, k) + principal.pack(s, k);
        }
    }
    let c = &mut block.state.company;
    let (alive, received) = (living(&c.alive, &block.scratch.thinned, i), &mut block.scratch.interest_received[i]);
    for k in packs::<S>() {
        received.put(k, alive.pack(s, k) * interest[k]);
        c.debt_service_received[i].put(k, alive.pack(s, k) * service[k]);
    }
}

/// Principal part of a level payment.
#[inline(always)]
fn annuity<S: Simd>(balance: Pack<S>, left: Pack<S>, rate: Pack<S>) -> Pack<S> {
    let grown = (left * (1.0 + rate).ln()).exp() - 1.0;
    rate.above(LEAST_RATE).choose(balance * rate / grown, balance / left)
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

/// At maturity what the schedule leaves of the balance falls due with the last instalment, unless it is refinanced.
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
        // A rounding that the last instalment leaves is part of it.
        let balloon = beyond(balance - loan.principal[k][l], balance);
        block.scratch.balloon[k][l] = balloon;
        if balloon == 0.0 {
            loan.principal[k][l] = balance;
            continue;
        }
        let factor = match block.state.market.regime[0][l] as u8 {
            0 => market.refinance_open.at(0, l),
            1 => 1.0,
            _ => market.refinance_shut.at(0, l),
        };
        let factor = if block.plan.picky { factor * credit::willingness(block, k, l) } else { factor };
        let margin = block.plan.margins.then(|| credit::premium(block, k, l));
        let loan = &mut block.state.loan;
        if luck[l] < p.refinance_chance.at(k, l) * factor {
            loan.maturity[k][l] = f64::from(month) + whole(p.refinance_months.at(k, l));
            if let Some(margin) = margin {
                loan.margin[k][l] = margin;
            }
        } else {
            loan.principal[k][l] = balance;
            block.scratch.matured[i] = true;
            block.state.company.maturing[i][l] += balloon;
        }
    }
}

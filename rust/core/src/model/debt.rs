//! Phase 7: covenants, draws, interest and principal due, maturities and refinancing.

use crate::block::Block;
use crate::books::Party;
use crate::carry;
use crate::column::zeros;
use crate::column::{LANES, Row, Value, ZERO};
use crate::draw::{Stream, uniforms};
use crate::events::{NONE, Why};
use crate::ledger;
use crate::model::windows::{self, Window};
use crate::model::{credit, prorata};
use crate::needed::Needed;
use crate::pack::{Operand, Pack, Packs, packs};
use crate::plan::Plan;
use crate::plan::to_whole_months;
use crate::rounding::{ROUNDING, beyond};
use crate::scratch::living;
use crate::variables::Entity;
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* debt {
            parameters {
                loan {
                    balance: Usd, 0.0, LARGEST, None, false, "Principal outstanding at the start.";
                    undrawn: Usd, 0.0, LARGEST, Some(0.0), false, "Principal that may still be drawn.";
                    draw_share: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the borrower's capex financed by draws.";
                    rate: PerYear, 0.0, 1.0, Some(0.0), true, "Interest rate, or margin over base rate and spread if floating (a twelfth of it a month).";
                    floating: Flag, 0.0, 1.0, Some(0.0), false, "Whether base rate and credit spread are added to the rate.";
                    amortisation: Code, 0.0, 3.0, Some(0.0), false, "How it is repaid.", words [bullet 0, linear 1, annuity 2, schedule 3];
                    interest_only: Months, 0.0, 1200.0, Some(0.0), false, "Months without repayment.";
                    maturity: Month, 1.0, 1200.0, None, false, "Month in which the balance falls due.";
                    rank: Code, 2.0, 5.0, Some(4.0), false, "Rank.", words [secured 2, unsecured 4, subordinated 5];
                    collateral: Usd, 0.0, LARGEST, Some(0.0), true, "Value of collateral outside the fleets.";
                    fleet_collateral: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the borrower's fleets pledged.";
                    min_cash: Usd, 0.0, LARGEST, Some(0.0), true, "Covenant: least cash; 0: none.";
                    max_ltv: Ratio, 0.0, 100.0, Some(0.0), true, "Covenant: largest loan to value of collateral; 0: none.";
                    min_dscr: Ratio, 0.0, 100.0, Some(0.0), true, "Covenant: least debt service cover; 0: none.";
                    cure_months: Months, 0.0, 120.0, Some(2.0), true, "Months a breach may last.";
                    cross_default: Flag, 0.0, 1.0, Some(0.0), false, "Whether acceleration of another loan accelerates this one.";
                    refinance_chance: Fraction, 0.0, 1.0, Some(0.9), true, "Chance to refinance at maturity in the normal regime.";
                    refinance_months: Months, 1.0, 600.0, Some(36.0), true, "Months that a refinancing adds.";
                }
                repayment {
                    amount: Usd, 0.0, LARGEST, None, true, "Principal due.";
                    month: Month, 1.0, 1200.0, None, false, "Month in which it is due.";
                }
                market {
                    base_rate: PerYear, 0.0, 1.0, Some(0.043), true, "Risk-free rate under floating loans (a twelfth of it a month).";
                    refinance_open: Ratio, 0.0, 10.0, Some(1.05), true, "Chance to refinance when funding is open over normal.";
                    refinance_shut: Ratio, 0.0, 10.0, Some(0.5), true, "Chance to refinance when funding is shut over normal.";
                }
            }
            variables {
                company {
                    interest: UsdPerMonth, None, "Interest due.";
                    debt_service: UsdPerMonth, None, "Interest and principal due.";
                    debt_service_received: UsdPerMonth, None, "Interest and principal received.";
                    accelerated: Usd, None, "Balances due this month by acceleration.";
                    maturing: Usd, None, "Balances due this month at maturity, beyond the instalment of the month.";
                    smooth_cover: UsdPerMonth, None, "Cash flow before debt service, smoothed over about three months.", |_, needed| needed.cover;
                    smooth_service: UsdPerMonth, None, "Debt service, smoothed over about three months.", |_, needed| needed.cover;
                    debt: Usd, None, "Principal owed.", |_, needed| needed.leverage;
                    drawn: UsdPerMonth, None, "Loans drawn for capex and purchases.";
                }
                loan {
                    balance: Usd, Some([0.0, LARGEST]), "Principal outstanding.";
                    undrawn: Usd, Some([0.0, LARGEST]), "Principal that may still be drawn.";
                    maturity: Month, None, "Month in which the balance falls due.";
                    breach: Months, None, "Months in which a covenant has been broken.";
                    accelerated: Flag, None, "Whether the balance was called.";
                    interest: UsdPerMonth, None, "Interest due.";
                    principal: UsdPerMonth, None, "Principal due.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the loan has a covenant to test.
    pub covenant: Vec<bool>,
    /// Whether any loan has one.
    pub covenants: bool,
    /// Loans with a loan-to-value covenant and no time to cure it.
    pub instant_calls: Vec<usize>,
    /// Whether any loan may be called by the breach of another.
    pub cross_defaults: bool,
    /// Whether any loan may be drawn.
    pub has_credit_lines: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        let loans = p.loan.balance.len();
        let covenant: Vec<bool> = (0..loans)
            .map(|l| !(p.loan.min_cash.all(l, zero) && p.loan.max_ltv.all(l, zero) && p.loan.min_dscr.all(l, zero)))
            .collect();
        Self {
            covenants: covenant.contains(&true),
            covenant,
            instant_calls: (0..loans)
                .filter(|&l| !p.loan.cure_months.all(l, |v| to_whole_months(v) > 0.0) && !p.loan.max_ltv.all(l, zero))
                .collect(),
            cross_defaults: !p.loan.cross_default.all_of(zero),
            has_credit_lines: !p.loan.undrawn.all_of(zero)
                || (0..loans).any(|l| world.is_pushed(Entity::Loan, "undrawn", l)),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Interest received.
    pub interest_received: Vec<Row>,
    /// Whether one of the borrower's loans was called.
    pub called: Vec<Row>,
    /// Whether `maturing` of the company is not zero.
    pub matured: Vec<bool>,
    /// The part that the schedule leaves of each loan that matures this month; read only where it does.
    pub balloon: Vec<Row>,
    /// The amount asked of each company, by all that ask alike; then the share of it that it pays.
    pub asked_of: Vec<Row>,
    /// Draws wanted of each loan: for capex and purchases, and to restore runway.
    pub draw: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        let companies = || zeros(ZERO, c.companies);
        Self {
            interest_received: companies(),
            called: companies(),
            matured: zeros(false, c.companies),
            balloon: zeros(ZERO, c.loans),
            asked_of: if plan.lends() || plan.on.funding.pledges { companies() } else { Vec::new() },
            draw: zeros(ZERO, c.loans),
        }
    }

    /// Sets everything back to the start.
    pub(crate) fn clear(&mut self) {
        self.interest_received.fill(ZERO);
        self.matured.fill(false);
    }

    /// Shows what later months depend on.
    pub(crate) fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::flags(&mut self.matured, visit);
    }
}

/// Monthly rate below which a level payment repays in equal parts, as closely as `1 + rate` can tell.
const LEAST_RATE: f64 = 1e-9;

/// Tests covenants and pays out draws.
#[inline(always)]
pub fn open(block: &mut Block<'_>, month: u32) {
    if block.plan.on.debt.covenants {
        covenants(block, month);
    }
    if block.plan.on.debt.has_credit_lines {
        block.state.company.drawn.fill(ZERO);
        block.state.company.borrowed.fill(ZERO);
        lend(block, month);
    }
}

/// Tests covenants on the state of the month before; a breach that lasts calls the balance.
#[inline(never)]
fn covenants(block: &mut Block<'_>, month: u32) {
    block.scratch.debt.called.fill(ZERO);
    block.state.loan.accelerated.fill(ZERO);
    for k in 0..block.plan.counts.loans {
        if block.plan.on.debt.covenant[k] {
            for l in 0..LANES {
                test(block, k, l, month);
            }
        }
    }
    if block.plan.on.debt.cross_defaults {
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
    let (breach, cure) = (loan.breach[k][l], to_whole_months(p.cure_months.at(k, l)));
    let is_called = breach > cure;
    if is_called {
        loan.accelerated[k][l] = 1.0;
        block.scratch.debt.called[i][l] = 1.0;
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
        let called = block.scratch.debt.called[block.links.loan.borrower[k] as usize];
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
    block.scratch.credit.offered.fill(ZERO);
    block.scratch.credit.needed.fill(ZERO);
    for k in loans.clone() {
        ask(block, k, month);
    }
    for k in loans.clone() {
        if block.plan.on.credit.standby {
            stand_by(block, k);
        }
        let (draw, standby) =
            (block.scratch.debt.draw[k], block.scratch.credit.standby.get(k).copied().unwrap_or(ZERO));
        prorata::ask(block, block.links.loan.lender[k], &Row::from_fn(|l| draw[l] + standby[l]));
    }
    prorata::share_out(block);
    for k in loans {
        pay_out(block, k);
    }
}

/// Draws asked of a loan, before anybody draws.
fn ask(block: &mut Block<'_>, k: usize, month: u32) {
    block.scratch.debt.draw[k] = ZERO;
    if block.plan.on.credit.standby {
        block.scratch.credit.standby[k] = ZERO;
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
        if let Some(paid) = block.scratch.vendor_finance.paid_lender.get(k) {
            wanted += of_bills[l] * paid[l];
        }
        let ease = if block.plan.on.credit.tightens { credit::ease(block, k, l) } else { 1.0 };
        let left = loan.undrawn[k][l];
        let wanted = (ease * wanted).min(left);
        block.scratch.debt.draw[k][l] = wanted;
        if block.plan.on.credit.standby {
            let need = credit::need(block, k, l);
            let offer = (ease * need).min(left - wanted);
            let x = &mut block.scratch;
            x.credit.standby[k][l] = offer;
            x.credit.offered[borrower][l] += offer;
            if offer > 0.0 {
                x.credit.needed[borrower][l] = x.credit.needed[borrower][l].max(need);
            }
        }
    }
}

/// Standby loans of one company together restore its runway once.
fn stand_by(block: &mut Block<'_>, k: usize) {
    let (i, x) = (block.links.loan.borrower[k] as usize, &mut block.scratch);
    for l in 0..LANES {
        x.credit.standby[k][l] *= prorata::part(x.credit.needed[i][l], x.credit.offered[i][l]);
    }
}

/// Pays what is drawn of a loan.
fn pay_out(block: &mut Block<'_>, k: usize) {
    let (spent, fresh) = (block.scratch.debt.draw[k], block.scratch.credit.standby.get(k).copied().unwrap_or(ZERO));
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
        if block.needed.funding && block.plan.on.vendor_finance.financing.loans[k] {
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
    if std::mem::take(&mut block.scratch.debt.matured[i]) {
        block.state.company.maturing[i] = ZERO;
    }
    let c = &mut block.state.company;
    for row in [&mut c.interest, &mut c.debt_service, &mut c.debt].into_iter().filter_map(|rows| rows.get_mut(i)) {
        *row = ZERO;
    }
    for &k in loans {
        let k = k as usize;
        if block.plan.on.credit.margins {
            credit::price(block, k);
        }
        if fall_due(s, block, k, month) {
            mature(block, k, month);
        }
        book(s, block, i, k);
    }
    if block.plan.on.debt.covenants {
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
        Value::Same(month) if !block.plan.deferred => Value::Same(to_whole_months(month)),
        _ => Value::Drawn(&state.maturity[loan]),
    };
    let (interest, principal) = (&mut state.interest[loan], &mut state.principal[loan]);
    let margin = state.margin.get(loan).filter(|_| block.plan.on.credit.margins);
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
        // The same as now > to_whole_months(interest_only), now being whole.
        let begun = (interest_only.pack(s, k) + 0.5).below(now);
        let mut due = begun.choose(due, 0.0).at_most(balance);
        if block.plan.on.debt.covenants {
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
        lender => living(&c.alive, &block.scratch.cascade.has_died, lender as usize),
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

/// Receipts of a company as a lender.
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
    let (alive, received) =
        (living(&c.alive, &block.scratch.cascade.has_died, i), &mut block.scratch.debt.interest_received[i]);
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
            due[l] += if to_whole_months(when[l]) == f64::from(month) { amount[l] } else { 0.0 };
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
    let regime = windows::regime(block, Window::Credit);
    let mut refused = [None; LANES];
    for l in 0..LANES {
        let loan = &mut block.state.loan;
        let balance = loan.balance[k][l];
        if loan.maturity[k][l] > f64::from(month) || loan.accelerated[k][l] > 0.0 || balance <= 0.0 {
            continue;
        }
        // A rounding that the last instalment leaves is part of it.
        let balloon = beyond(balance - loan.principal[k][l], balance);
        block.scratch.debt.balloon[k][l] = balloon;
        if balloon == 0.0 {
            loan.principal[k][l] = balance;
            continue;
        }
        let factor = match regime[l] as u8 {
            0 => market.refinance_open.at(0, l),
            1 => 1.0,
            _ => market.refinance_shut.at(0, l),
        };
        let factor =
            if block.plan.on.credit.selective_refinancing { factor * credit::willingness(block, k, l) } else { factor };
        let margin = block.plan.on.credit.margins.then(|| credit::premium(block, k, l));
        let chance = p.refinance_chance.at(k, l);
        let refinanced = luck[l] < chance * factor;
        refused[l] = (chance > 0.0).then_some(!refinanced);
        let loan = &mut block.state.loan;
        if refinanced {
            loan.maturity[k][l] = f64::from(month) + to_whole_months(p.refinance_months.at(k, l));
            if let Some(margin) = margin {
                loan.margin[k][l] = margin;
            }
        } else {
            loan.principal[k][l] = balance;
            block.scratch.debt.matured[i] = true;
            block.state.company.maturing[i][l] += balloon;
        }
    }
    for (l, refused) in refused.into_iter().enumerate() {
        if let Some(refused) = refused {
            windows::note(block, l, refused);
        }
    }
}

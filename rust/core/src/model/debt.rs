//! Phase 7: interest and principal due, maturities and refinancing.

use crate::block::Block;
use crate::books::Party;
use crate::carry;
use crate::column::zeros;
use crate::column::{LANES, Row, Value, ZERO};
use crate::draw::{Stream, uniforms};
use crate::events::Why;
use crate::ledger;
use crate::model::windows::{self, Window};
use crate::model::{covenants, credit, project_loans};
use crate::needed::Needed;
use crate::pack::{Operand, Pack, Packs, packs};
use crate::plan::Plan;
use crate::plan::to_whole_months;
use crate::rounding::{ROUNDING, beyond};
use crate::scratch::{Keep, living};
use pulp::{Scalar, Simd};

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* debt {
            parameters {
                loan {
                    balance: Usd, 0.0, LARGEST, None, false, "Principal outstanding at the start.";
                    rate: PerYear, 0.0, 1.0, Some(0.0), true, "Interest rate, or margin over base rate and spread if floating (a twelfth of it a month).";
                    floating: Flag, 0.0, 1.0, Some(0.0), false, "Whether base rate and credit spread are added to the rate.";
                    amortisation: Code, 0.0, 4.0, Some(0.0), false, "How it is repaid; contract: as its contract pays.", words [bullet 0, linear 1, annuity 2, schedule 3, contract 4];
                    interest_only: Months, 0.0, 1200.0, Some(0.0), false, "Months without repayment.";
                    maturity: Month, 1.0, 1200.0, None, false, "Month in which the balance falls due.";
                    rank: Code, 2.0, 5.0, Some(4.0), false, "Rank.", words [secured 2, unsecured 4, subordinated 5];
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
                    maturing: Usd, None, "Balances due this month at maturity, beyond the instalment of the month.";
                    debt: Usd, None, "Principal owed.", |_, needed| needed.leverage;
                }
                loan {
                    balance: Usd, Some([0.0, LARGEST]), "Principal outstanding.";
                    maturity: Month, Some([1.0, 1200.0]), "Month in which the balance falls due.";
                    interest: UsdPerMonth, None, "Interest due.";
                    principal: UsdPerMonth, None, "Principal due.";
                }
            }
        } }
    };
}
pub(crate) use rows;

pub use crate::model::Always as Uses;

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Interest received.
    pub interest_received: Vec<Row>,
    /// Whether `maturing` of the company is not zero.
    pub matured: Vec<bool>,
    /// The part that the schedule leaves of each loan that matures this month; read only where it does.
    pub balloon: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        Self {
            interest_received: zeros(ZERO, c.companies),
            matured: zeros(false, c.companies),
            balloon: zeros(ZERO, c.loans),
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.interest_received.fill(ZERO);
        self.matured.fill(false);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::flags(&mut self.matured, visit);
    }
}

/// Principal that a company owes now, whether or not that is kept as a row.
#[inline(always)]
#[must_use]
pub fn owed<S: Simd>(s: S, block: &Block<'_>, i: usize) -> Row {
    let (loans, mut sum) = (block.plan.loans.of(i), ZERO);
    for &loan in loans {
        for k in packs::<S>() {
            sum.gain(k, block.state.loan.balance[loan as usize].pack(s, k));
        }
    }
    sum
}

/// Monthly rate below which a level payment repays in equal parts, as closely as `1 + rate` can tell.
const LEAST_RATE: f64 = 1e-9;

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
            credit::price_apart(s, block, k);
        }
        if fall_due(s, block, k, month) {
            mature(block, k, month);
        }
        book(s, block, i, k);
    }
    if block.plan.on.covenants.any {
        covenants::call(block, i);
    }
}

/// Interest and principal of a loan this month; says whether it matures on any path.
#[inline(always)]
fn fall_due<S: Simd>(s: S, block: &mut Block<'_>, loan: usize, month: u32) -> bool {
    let p = &block.parameters.loan;
    let (kind, floating) = (p.amortisation.at(loan, 0) as u8, p.floating.at(loan, 0) > 0.0);
    let repaid = match kind {
        3 => scheduled(block, loan, month),
        4 => project_loans::sculpted(block, loan, month),
        _ => ZERO,
    };
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
    let called = block.plan.on.covenants.any.then_some(called);
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
            4 => balance * repaid.pack(s, k),
            _ => 0.0.packed(s),
        };
        // The same as now > to_whole_months(interest_only), now being whole.
        let begun = (interest_only.pack(s, k) + 0.5).below(now);
        let mut due = begun.choose(due, 0.0).at_most(balance);
        if let Some(called) = called {
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
    let outside = &mut block.books.sums;
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
        outside.pay_capital(k, (1.0 - alive.pack(s, k)) * (due + principal));
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

/// At maturity what the schedule leaves of the balance falls due with the last instalment, unless it is refinanced
/// (`refinanced` in `spec/debt.py`).
#[inline(never)]
fn mature(block: &mut Block<'_>, k: usize, month: u32) {
    let luck = uniforms(&block.draws.words(Stream::Refinance, block.addresses.loan[k], month)[0]);
    let (p, market) = (&block.parameters.loan, &block.parameters.market);
    let i = block.links.loan.borrower[k] as usize;
    let regime = windows::regime(block, Window::Credit);
    let (mut refused, mut matured) = ([None; LANES], ZERO);
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
        let factor = if block.plan.on.credit.selective_refinancing {
            factor * credit::willingness(Scalar::new(), block, k, l).first()
        } else {
            factor
        };
        let margin = block.plan.on.credit.margins.then(|| credit::premium(Scalar::new(), block, k, l).first());
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
            matured[l] = balloon;
            block.state.company.maturing[i][l] += balloon;
        }
    }
    for (l, refused) in refused.into_iter().enumerate() {
        if let Some(refused) = refused {
            windows::note(block, l, refused);
        }
    }
    if matured != ZERO {
        let lender = Party::company_or_capital(block.links.loan.lender[k]);
        for l in (0..LANES).filter(|&l| matured[l] > 0.0) {
            ledger::note(block, l, Party::Company(i), lender, Why::Matured, [matured[l], f64::NAN]);
        }
    }
}

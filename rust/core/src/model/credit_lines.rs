//! Phase 7: draws of loans that are not yet paid out in full.

use crate::block::Block;
use crate::books::Party;
use crate::column::{LANES, Row, ZERO, zeros};
use crate::events::Why;
use crate::ledger;
use crate::model::{credit, prorata};
use crate::needed::Needed;
use crate::plan::Plan;
use crate::scratch::Keep;
use crate::variables::Entity;
use crate::world::World;
use pulp::Scalar;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* credit_lines {
            parameters {
                loan {
                    undrawn: Usd, 0.0, LARGEST, Some(0.0), false, "Principal that may still be drawn.";
                    draw_share: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the borrower's capex financed by draws.";
                }
            }
            variables {
                company {
                    drawn: UsdPerMonth, None, "Loans drawn for capex and purchases.";
                }
                loan {
                    undrawn: Usd, Some([0.0, LARGEST]), "Principal that may still be drawn.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether any loan may be drawn.
    pub any: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let undrawn = &world.parameters.loan.undrawn;
        let pushed = (0..undrawn.len()).any(|l| world.is_pushed(Entity::Loan, "undrawn", l));
        Self { any: pushed || !undrawn.all_of(|value| value == 0.0) }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// The amount asked of each company, by all that ask alike; then the share of it that it pays.
    pub asked_of: Vec<Row>,
    /// Draws wanted of each loan: for capex and purchases, and to restore runway.
    pub draw: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        let asked = if plan.lends() || plan.on.funding.pledges { c.companies } else { 0 };
        Self { asked_of: zeros(ZERO, asked), draw: zeros(ZERO, c.loans) }
    }
}

impl Keep for Scratch {}

/// Draws for last month's capex and purchases, and to restore runway: all ask, then every lender shares what it has.
#[inline(never)]
pub fn lend(block: &mut Block<'_>, month: u32) {
    block.state.company.drawn.fill(ZERO);
    block.state.company.borrowed.fill(ZERO);
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
            (block.scratch.credit_lines.draw[k], block.scratch.credit.standby.get(k).copied().unwrap_or(ZERO));
        prorata::ask(block, block.links.loan.lender[k], &Row::from_fn(|l| draw[l] + standby[l]));
    }
    prorata::share_out(block);
    for k in loans {
        pay_out(block, k);
    }
}

/// Draws asked of a loan, before anybody draws.
fn ask(block: &mut Block<'_>, k: usize, month: u32) {
    block.scratch.credit_lines.draw[k] = ZERO;
    if block.plan.on.credit.standby {
        block.scratch.credit.standby[k] = ZERO;
    }
    if block.state.loan.undrawn[k] == ZERO {
        return;
    }
    let borrower = block.links.loan.borrower[k] as usize;
    let behind = block.links.loan.contract[k] >= 0;
    let (share, of_bills) = (block.parameters.loan.draw_share.row(k), block.parameters.loan.draw_purchases.row(k));
    for l in 0..LANES {
        let loan = &block.state.loan;
        let open = loan.accelerated[k][l] == 0.0 && loan.maturity[k][l] > f64::from(month);
        if block.state.company.alive[borrower][l] == 0.0 || !open || !credit::may_draw(block, k, l) {
            continue;
        }
        let capex = if behind { loan.project_capex[k][l] } else { block.state.company.capex[borrower][l] };
        let mut wanted = share[l] * capex;
        if let Some(paid) = block.scratch.vendor_finance.paid_lender.get(k) {
            wanted += of_bills[l] * paid[l];
        }
        let ease = if block.plan.on.credit.tightens { credit::ease(Scalar::new(), block, k, l).first() } else { 1.0 };
        let left = loan.undrawn[k][l];
        let wanted = (ease * wanted).min(left);
        block.scratch.credit_lines.draw[k][l] = wanted;
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
    let (spent, fresh) =
        (block.scratch.credit_lines.draw[k], block.scratch.credit.standby.get(k).copied().unwrap_or(ZERO));
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

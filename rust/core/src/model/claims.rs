//! Phase 10: claims on one company this month on one path, each with its rank: the table of `spec/clearing.py`.

use crate::block::Block;
use crate::books::Party;
use crate::exits::{Effect, NOBODY};
use crate::model::{bills, fleet, payables};
use crate::rule::Memory;
use crate::workings::{CAPEX, Claim, DISCRETIONARY, LEVY, PAYOUT, Payee, Purpose, SUPPORT, TRADE};

/// Whether a company lives on a path.
#[must_use]
pub fn lives(block: &Block<'_>, i: usize, l: usize) -> bool {
    block.state.company.alive[i][l] > 0.0
}

/// Whether the company still belongs to those who held it at the start: it was not sold.
#[must_use]
pub fn is_held(block: &Block<'_>, l: usize, i: usize) -> bool {
    let sold = |exit: f64| exit == Effect::Acquire.mark() || exit == Effect::Licence.mark();
    block.plan.doors.is_empty() || !sold(block.state.company.exit[i][l])
}

/// A company if it lives, else the sector that takes its place.
fn payee(block: &Block<'_>, company: i32, l: usize, otherwise: Payee) -> Payee {
    if company >= 0 && lives(block, company as usize, l) { Payee::Company(company as usize) } else { otherwise }
}

/// Calls `visitor` for every claim on company `i` on path `l`; amounts of nothing are left out.
pub fn visit(block: &Block<'_>, i: usize, l: usize, mut visitor: impl FnMut(Claim)) {
    let mut claim = |rank, payee, purpose, amount| {
        if amount > 0.0 {
            visitor(Claim { rank, payee, purpose, amount });
        }
    };
    let c = &block.state.company;
    claim(1, Payee::Suppliers, Purpose::Costs, c.costs[i][l].max(0.0) + c.tax[i][l]);
    for &k in block.plan.loans.of(i) {
        let k = k as usize;
        let due = block.state.loan.interest[k][l] + block.state.loan.principal[k][l];
        let rank = block.parameters.loan.rank.at(k, 0) as u8;
        claim(rank, payee(block, block.links.loan.lender[k], l, Payee::Capital), Purpose::Loan(k), due);
    }
    for &e in block.plan.purchases.of(i) {
        let e = e as usize;
        let supplier = block.links.contract.supplier[e];
        let billed = bills::bill_at(block, e, l);
        if let Some(due) = payables::due_at(block, e, l) {
            claim(TRADE, payee(block, supplier, l, Payee::Capital), Purpose::Contract(e), due);
            let at_once = if lives(block, supplier as usize, l) { 0.0 } else { billed };
            claim(TRADE, Payee::Suppliers, Purpose::Contract(e), at_once);
        } else {
            claim(TRADE, payee(block, supplier, l, Payee::Suppliers), Purpose::Contract(e), billed);
        }
        if let Some(elsewhere) = block.scratch.bills.elsewhere.get(e) {
            claim(TRADE, Payee::Suppliers, Purpose::Contract(e), elsewhere[l]);
        }
    }
    for &f in block.plan.fleets.of(i) {
        let f = f as usize;
        let firm = block.firm_capex(f)[l];
        orders(block, f, l, firm, TRADE, &mut claim);
        orders(block, f, l, block.state.fleet.capex[f][l] - firm, CAPEX, &mut claim);
    }
    payments(block, i, l, &mut claim);
    claim(LEVY, Payee::Capital, Purpose::Levy, block.scratch.company.levied[i][l]);
    claim(DISCRETIONARY, Payee::Suppliers, Purpose::Discretionary, c.discretionary[i][l]);
    claim(PAYOUT, Payee::Capital, Purpose::Payout, c.payout[i][l]);
    if !block.exits.owned.is_empty() {
        group(block, i, l, &mut claim);
    }
}

/// Payments that rules demand of a company.
fn payments(block: &Block<'_>, i: usize, l: usize, claim: &mut impl FnMut(u8, Payee, Purpose, f64)) {
    let Some(memory) = Memory::paying(block.rules.as_deref()) else { return };
    for &p in &memory.rules.paid_by[i] {
        let payment = &memory.rules.payments[p as usize];
        let to = match payment.payee {
            Party::Company(c) => payee(block, c as i32, l, Payee::Capital),
            Party::Households => Payee::Households,
            Party::Suppliers => Payee::Suppliers,
            _ => Payee::Capital,
        };
        claim(payment.rank, to, Purpose::Payment, memory.due()[p as usize][l]);
    }
}

/// Payments between a company and its subsidiaries or owner.
fn group(block: &Block<'_>, i: usize, l: usize, claim: &mut impl FnMut(u8, Payee, Purpose, f64)) {
    for sub in block.exits.subsidiaries(i, l).filter(|&sub| lives(block, sub, l)) {
        claim(SUPPORT, Payee::Company(sub), Purpose::Group, block.exits.support[sub][l]);
    }
    let owner = block.exits.owner[i][l];
    if owner != NOBODY {
        claim(PAYOUT, payee(block, owner, l, Payee::Capital), Purpose::Group, block.exits.dividend[i][l]);
    }
}

/// Splits capex of a fleet among its vendors and the outside.
fn orders(
    block: &Block<'_>,
    f: usize,
    l: usize,
    amount: f64,
    rank: u8,
    claim: &mut impl FnMut(u8, Payee, Purpose, f64),
) {
    let mut rest = 1.0;
    for &o in block.plan.orders.of(f) {
        let vendor = block.links.order.vendor[o as usize];
        if lives(block, vendor as usize, l) {
            let share = fleet::ordered(block, o as usize, l);
            rest -= share;
            claim(rank, Payee::Company(vendor as usize), Purpose::Capex(f), share * amount);
        }
    }
    claim(rank, Payee::Suppliers, Purpose::Capex(f), rest.max(0.0) * amount);
}

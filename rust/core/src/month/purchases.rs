//! What companies paid those who finance them: vendor finance gives a share of it back a month later.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::month::bills;
use crate::month::claims::lives;

/// Notes what was paid in the month that ends, by each pledge and loan that asks for it.
pub fn note(block: &mut Block<'_>) {
    each(block, paid);
}

/// The same for month 0.
pub fn start(block: &mut Block<'_>) {
    each(block, paid_at_start);
}

fn each(block: &mut Block<'_>, paid: impl Fn(&Block<'_>, usize, usize) -> Row) {
    for n in 0..block.plan.vendor_pledges.len() {
        let k = block.plan.vendor_pledges[n];
        let (customer, vendor) = (block.links.pledge.company[k], block.links.pledge.investor[k]);
        block.scratch.paid_investor[k] =
            if vendor < 0 { ZERO } else { paid(block, customer as usize, vendor as usize) };
    }
    for n in 0..block.plan.vendor_loans.len() {
        let k = block.plan.vendor_loans[n];
        let (customer, vendor) = (block.links.loan.borrower[k], block.links.loan.lender[k]);
        block.scratch.paid_lender[k] = if vendor < 0 { ZERO } else { paid(block, customer as usize, vendor as usize) };
    }
}

/// Bills and equipment paid by one living company to another: who lives has paid its bills.
fn paid(block: &Block<'_>, customer: usize, vendor: usize) -> Row {
    let mut sum = ZERO;
    for l in (0..LANES).filter(|&l| lives(block, customer, l) && lives(block, vendor, l)) {
        for &e in block.plan.purchases.of(customer) {
            if block.links.contract.supplier[e as usize] as usize == vendor {
                sum[l] += bills::bill_at(block, e as usize, l);
            }
        }
    }
    equipment(block, customer, vendor, |f| block.state.fleet.capex[f], &mut sum);
    Row::from_fn(|l| block.state.company.alive[customer][l] * block.state.company.alive[vendor][l] * sum[l])
}

/// Use and equipment bought before the first month.
fn paid_at_start(block: &Block<'_>, customer: usize, vendor: usize) -> Row {
    let mut sum = ZERO;
    for &e in block.plan.purchases.of(customer) {
        if block.links.contract.supplier[e as usize] as usize == vendor {
            let usage = block.parameters.contract.usage.row(e as usize);
            sum = Row::from_fn(|l| sum[l] + usage[l]);
        }
    }
    equipment(block, customer, vendor, |f| block.first_capex(f), &mut sum);
    sum
}

/// Adds what fleets of a company buy of a vendor.
fn equipment(block: &Block<'_>, owner: usize, vendor: usize, capex: impl Fn(usize) -> Row, sum: &mut Row) {
    for &f in block.plan.fleets.of(owner) {
        for &o in block.plan.orders.of(f as usize) {
            if block.links.order.vendor[o as usize] as usize == vendor {
                let (share, paid) = (block.parameters.order.share.row(o as usize), capex(f as usize));
                *sum = Row::from_fn(|l| sum[l] + share[l] * paid[l]);
            }
        }
    }
}

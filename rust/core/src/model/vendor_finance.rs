//! Payments of companies to those who finance them: vendor finance gives a share of them back a month later.

use crate::block::Block;
use crate::carry;
use crate::column::zeros;
use crate::column::{LANES, Row, ZERO};
use crate::model::claims::lives;
use crate::model::{bills, fleet};
use crate::needed::Needed;
use crate::plan::Plan;
use crate::scratch::Keep;
use crate::world::World;
use std::collections::BTreeSet;
use std::collections::HashSet;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* vendor_finance {
            parameters {
                loan {
                    draw_purchases: Fraction, 0.0, 1.0, Some(0.0), true, "Share of what the borrower paid the lender last month financed by draws.", off 0.0;
                }
                pledge {
                    of_purchases: Fraction, 0.0, 1.0, Some(0.0), true, "Share of what the company paid the investor last month that comes on top of each tranche.", off 0.0;
                }
            }
            variables {
                market {
                    new_money: UsdPerMonth, None, "Rounds, net pledges and loan draws that companies received.";
                    funding_quality: Fraction, None, "Share of new money that went to companies which earn a profit.";
                    vendor_money: UsdPerMonth, None, "Pledges and loans that companies paid to their own customers.";
                    vendor_revenue: UsdPerMonth, None, "Bills and equipment sales of companies that may pay such money.";
                    vendor_financed: Ratio, None, "Vendor money over vendor revenue.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Pledges and loans whose payer sells to who receives the money, and these payers.
    pub financing: Financing,
    /// Pledges and loans that pay back a share of what was bought of who gives them.
    pub vendor_pledges: Vec<usize>,
    /// See `vendor_pledges`.
    pub vendor_loans: Vec<usize>,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let (p, k) = (&world.parameters, &world.links);
        let zero = |value: f64| value == 0.0;
        Self {
            financing: Financing::new(world),
            vendor_pledges: (0..k.pledge.company.len()).filter(|&g| !p.pledge.of_purchases.all(g, zero)).collect(),
            vendor_loans: (0..p.loan.balance.len()).filter(|&l| !p.loan.draw_purchases.all(l, zero)).collect(),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// The payment of the company of a pledge to the investor last month.
    pub paid_investor: Vec<Row>,
    /// The payment of the borrower of a loan to the lender last month.
    pub paid_lender: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        Self {
            paid_investor: if plan.on.vendor_finance.vendor_pledges.is_empty() {
                Vec::new()
            } else {
                zeros(ZERO, plan.on.funding.uncertain.len())
            },
            paid_lender: if plan.on.vendor_finance.vendor_loans.is_empty() { Vec::new() } else { zeros(ZERO, c.loans) },
        }
    }
}

impl Keep for Scratch {
    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.paid_investor, visit);
        carry::rows(&mut self.paid_lender, visit);
    }
}

/// Money from vendors to their own customers.
#[derive(Clone, Debug)]
pub struct Financing {
    /// Whether the investor of each pledge sells to the company that receives it.
    pub pledges: Vec<bool>,
    /// Whether the lender of each loan sells to the borrower.
    pub loans: Vec<bool>,
    /// Companies that so pay their own customers.
    pub vendors: Vec<usize>,
}

impl Financing {
    fn new(world: &World) -> Self {
        let k = &world.links;
        let contracts = k.contract.supplier.iter().copied().zip(k.contract.customer.iter().copied());
        let owner = |&fleet: &i32| k.fleet.owner[fleet as usize];
        let orders = k.order.vendor.iter().copied().zip(k.order.fleet.iter().map(owner));
        let sales: HashSet<(i32, i32)> = contracts.chain(orders).collect();
        let sells = |payers: &[i32], receivers: &[i32]| -> Vec<bool> {
            payers.iter().zip(receivers).map(|(&payer, &receiver)| sales.contains(&(payer, receiver))).collect()
        };
        let pledges = sells(&k.pledge.investor, &k.pledge.company);
        let loans = sells(&k.loan.lender, &k.loan.borrower);
        let paid = |payers: &[i32], flags: &[bool]| -> BTreeSet<usize> {
            payers.iter().zip(flags).filter(|(_, flag)| **flag).map(|(&payer, _)| payer as usize).collect()
        };
        let mut vendors = paid(&k.pledge.investor, &pledges);
        vendors.append(&mut paid(&k.loan.lender, &loans));
        Self { pledges, loans, vendors: vendors.into_iter().collect() }
    }
}

/// Notes what was paid in the month that ends, by each pledge and loan that asks for it.
pub fn note(block: &mut Block<'_>) {
    each(block, paid);
}

/// The same for month 0.
pub fn start(block: &mut Block<'_>) {
    each(block, paid_at_start);
}

fn each(block: &mut Block<'_>, paid: impl Fn(&Block<'_>, usize, usize) -> Row) {
    for n in 0..block.plan.on.vendor_finance.vendor_pledges.len() {
        let k = block.plan.on.vendor_finance.vendor_pledges[n];
        let (customer, vendor) = (block.links.pledge.company[k], block.links.pledge.investor[k]);
        block.scratch.vendor_finance.paid_investor[k] =
            if vendor < 0 { ZERO } else { paid(block, customer as usize, vendor as usize) };
    }
    for n in 0..block.plan.on.vendor_finance.vendor_loans.len() {
        let k = block.plan.on.vendor_finance.vendor_loans[n];
        let (customer, vendor) = (block.links.loan.borrower[k], block.links.loan.lender[k]);
        block.scratch.vendor_finance.paid_lender[k] =
            if vendor < 0 { ZERO } else { paid(block, customer as usize, vendor as usize) };
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
                let paid = capex(f as usize);
                *sum = Row::from_fn(|l| sum[l] + fleet::ordered(block, o as usize, l) * paid[l]);
            }
        }
    }
}

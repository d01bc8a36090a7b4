//! Who pays its own customers.

use crate::world::World;
use std::collections::{BTreeSet, HashSet};

/// Money from vendors to their own customers.
#[derive(Clone, Debug)]
pub struct Financing {
    /// Whether the investor of each pledge sells to the company that receives it.
    pub pledges: Vec<bool>,
    /// Whether the lender of each loan sells to the borrower.
    pub loans: Vec<bool>,
    /// Who so pays its own customers.
    pub vendors: Vec<usize>,
}

impl Financing {
    pub(super) fn new(world: &World) -> Self {
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

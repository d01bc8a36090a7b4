//! Phase 10: what rules make one party pay another.

use crate::block::Block;
use crate::books::Party;
use crate::events::Why;
use crate::pack::{Packs, packs};
use crate::rule::Memory;
use pulp::Simd;

/// Takes what a company is made to pay off its cash at the end of the month, and adds what it is paid, as if everybody could pay.
#[inline(always)]
pub fn pay<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let Some(memory) = Memory::paying(block.rules.as_deref()) else { return };
    let (rules, alive) = (&memory.rules, &block.state.company.alive);
    let (end, sums) = (&mut block.scratch.clearing.end[i], &mut block.books.sums);
    for &p in &rules.paid_by[i] {
        let (due, to) = (&memory.due()[p as usize], rules.payments[p as usize].payee);
        for k in packs::<S>() {
            let due = due.pack(s, k);
            end.put(k, end.pack(s, k) - due);
            sums.flow.gain(k, due);
            match to {
                Party::Company(c) => sums.capital.gain(k, due - due * alive[c].pack(s, k)),
                Party::Households => sums.households.gain(k, -due),
                Party::Suppliers => sums.suppliers.gain(k, due),
                _ => sums.capital.gain(k, due),
            }
        }
    }
    for &p in &rules.paid_to[i] {
        let (due, from) = (&memory.due()[p as usize], rules.payments[p as usize].payer);
        for k in packs::<S>() {
            let due = due.pack(s, k) * alive[i].pack(s, k);
            end.gain(k, due);
            match from {
                Party::Company(_) => continue,
                Party::Households => sums.households.gain(k, due),
                Party::Suppliers => sums.suppliers.gain(k, -due),
                _ => sums.capital.gain(k, -due),
            }
            sums.flow.gain(k, due);
        }
    }
}

/// Payments that sectors outside make to a living company.
pub fn from_outside(block: &Block<'_>, i: usize, l: usize, payments: &mut Vec<(Party, Party, f64, Why)>) {
    let Some(memory) = Memory::paying(block.rules.as_deref()) else { return };
    for &p in &memory.rules.paid_to[i] {
        let payment = &memory.rules.payments[p as usize];
        if !matches!(payment.payer, Party::Company(_)) {
            payments.push((payment.payer, payment.payee, memory.due()[p as usize][l], Why::Payment));
        }
    }
}

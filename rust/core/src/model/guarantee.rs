//! Guarantors pay lenders a share of what they wrote off.

use crate::block::Block;
use crate::books::Party;
use crate::events::Why;
use crate::ledger;
use crate::model::claims::lives;
use crate::model::prorata;
use crate::rounding::ROUNDING;
use crate::workings::{Call, Harm, Payee};
use std::collections::BTreeMap;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* guarantee {
            parameters {
                loan {
                    guaranteed: Fraction, 0.0, 1.0, Some(0.0), true, "Share of what the lender writes off that the guarantor pays.", off 0.0;
                }
            }
            variables {
            }
        } }
    };
}
pub(crate) use rows;

pub use crate::model::Always as Uses;
pub use crate::model::Nothing as Scratch;

/// Notes what a guarantor is asked for a loss on a loan.
pub fn call(block: &mut Block<'_>, l: usize, loan: usize, payee: Payee, loss: f64) {
    let amount = block.parameters.loan.guaranteed.at(loan, l) * loss;
    if amount > 0.0 {
        let failed = block.links.loan.borrower[loan] as usize;
        block.calls.push(Call { loan, payee, failed, amount });
    }
}

/// Guarantors pay what was asked in a round, pro rata as far as they have the cash; those outside pay all of it.
pub fn honour(block: &mut Block<'_>, l: usize, harm: &mut Harm) {
    let calls = std::mem::take(&mut block.calls);
    let mut asked: BTreeMap<i32, f64> = BTreeMap::new();
    for call in &calls {
        *asked.entry(block.links.loan.guarantor[call.loan]).or_default() += call.amount;
    }
    let share = |block: &Block<'_>, (who, total): (i32, f64)| {
        let Ok(i) = usize::try_from(who) else { return (who, 1.0) };
        let cash = if lives(block, i, l) { block.state.company.cash[i][l].max(0.0) } else { 0.0 };
        (who, prorata::part(cash, total))
    };
    let shares: BTreeMap<i32, f64> = asked.into_iter().map(|entry| share(block, entry)).collect();
    for call in &calls {
        let who = block.links.loan.guarantor[call.loan];
        let paid = call.amount * shares.get(&who).copied().unwrap_or(0.0);
        if paid > 0.0 {
            pay(block, l, call, who, paid, harm);
        }
    }
    for (&who, _) in shares.iter().filter(|(_, share)| **share < 1.0) {
        // What rounding leaves of all the cash there was.
        let asked: f64 = calls.iter().map(|call| call.amount).sum();
        if block.state.company.cash[who as usize][l].abs() <= ROUNDING * asked {
            ledger::leave(block, l, who as usize, 0.0, Party::Capital, Why::Rounding);
        }
    }
    block.calls = calls;
    block.calls.clear();
}

/// The loss passes from the lender to the guarantor.
fn pay(block: &mut Block<'_>, l: usize, call: &Call, who: i32, paid: f64, harm: &mut Harm) {
    let lender = match call.payee {
        Payee::Company(lender) => Party::Company(lender),
        Payee::Suppliers | Payee::Capital | Payee::Households => Party::Capital,
    };
    ledger::pay(block, l, Party::company_or_capital(who), lender, paid, Why::Guarantee);
    if let Ok(i) = usize::try_from(who) {
        block.state.company.losses[i][l] += paid;
        harm.note(i, call.failed, paid);
    }
    if let Payee::Company(lender) = call.payee {
        block.state.company.losses[lender][l] -= paid;
    }
    block.state.loan.loss[call.loan][l] -= paid;
}

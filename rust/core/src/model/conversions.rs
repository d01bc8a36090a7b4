//! Phase 2: loans that rules turn into shares of their borrowers.

use crate::block::Block;
use crate::books::Party;
use crate::column::{LANES, Row};
use crate::events::Why;
use crate::ledger;
use crate::model::claims::is_held;
use crate::model::debt;
use crate::rule::Memory;
use pulp::Scalar;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* conversions {
            parameters {
            }
            variables {
                loan {
                    shares: Ratio, None, "Shares of the borrower that the lender got for it, where those of the start are 1.", |plan, _| plan.moved.conversions;
                    converted: Usd, None, "Balance that became shares: what the lender's books show for them.", |plan, _| plan.moved.conversions;
                }
            }
        } }
    };
}
pub(crate) use rows;

pub use crate::model::Always as Uses;
pub use crate::model::Nothing as Scratch;

/// Least price of a borrower at which loans convert, as a share of all that converts with them.
const LEAST_PRICE: f64 = 1e-6;
/// Least price that divides.
const LEAST: f64 = 1e-300;
/// Least part that the shares of the start may become.
const LEAST_PART: f64 = 1e-100;
/// In place of a price: the loan stays.
const STAYS: f64 = -1.0;

/// Turns into shares the loans of which active rules say so.
pub fn advance(block: &mut Block<'_>, memory: &Memory) {
    let conversions = &memory.rules.conversions;
    if !conversions.iter().any(|each| memory.acting(each.action).is_some()) {
        return;
    }
    let mut prices = vec![Row::of(STAYS); block.plan.counts.loans];
    for each in conversions {
        let Some((now, at)) = memory.acting(each.action) else { continue };
        let price = &mut prices[each.loan];
        *price = Row::from_fn(|l| if now[l] > 0.0 { price[l].max(at[l].max(0.0)) } else { price[l] });
    }
    for i in 0..block.plan.counts.companies {
        let touched = |&k: &u32| prices[k as usize] != Row::of(STAYS);
        if !block.plan.loans.of(i).iter().any(touched) {
            continue;
        }
        for l in 0..LANES {
            if block.state.company.alive[i][l] > 0.0 && is_held(block, l, i) {
                convert(block, i, l, &prices);
            }
        }
        let owed = debt::owed(Scalar::new(), block, i);
        block.state.company.debt.get_mut(i).into_iter().for_each(|row| *row = owed);
    }
}

/// Turns loans of a company into shares on one path, all at the value before any of them.
fn convert(block: &mut Block<'_>, i: usize, l: usize, prices: &[Row]) {
    let plan = block.plan;
    let loans = plan.loans.of(i).iter().map(|&k| k as usize).filter(|&k| prices[k][l] >= 0.0);
    let total: f64 = loans.clone().map(|k| block.state.loan.balance[k][l]).sum();
    let before = block.state.company.diluted[i][l];
    let mut issued = 0.0;
    for k in loans {
        let (loan, lender) = (&mut block.state.loan, block.links.loan.lender[k]);
        let balance = loan.balance[k][l];
        if balance <= 0.0 {
            continue;
        }
        let price = prices[k][l].max(LEAST_PRICE * total).max(LEAST);
        loan.shares[k][l] += balance / price / before;
        loan.converted[k][l] += balance;
        issued += balance / price;
        for row in
            [&mut loan.balance, &mut loan.undrawn, &mut loan.breach].into_iter().filter_map(|rows| rows.get_mut(k))
        {
            row[l] = 0.0;
        }
        let whom = Party::company_or_capital(lender);
        ledger::note(block, l, Party::Company(i), whom, Why::Conversion, [balance, price]);
    }
    block.state.company.diluted[i][l] = (before / (1.0 + issued)).max(LEAST_PART);
}

/// Lenders that hold shares of a company for what they lent it, with their parts of it.
pub fn holders<'a>(block: &'a Block<'_>, l: usize, i: usize) -> impl Iterator<Item = (i32, f64)> + 'a {
    let (loan, diluted) = (&block.state.loan, block.state.company.diluted.get(i));
    let loans = block.plan.loans.of(i).iter().map(|&k| k as usize);
    let part = move |k: usize| Some((k, loan.shares.get(k)?[l] * diluted?[l]));
    loans.filter_map(part).filter(|&(_, part)| part > 0.0).map(|(k, part)| (block.links.loan.lender[k], part))
}

/// Value in the books of the lender of a loan that became shares.
#[must_use]
pub fn booked(block: &Block<'_>, l: usize, k: usize) -> f64 {
    block.state.loan.converted.get(k).map_or(0.0, |row| row[l])
}

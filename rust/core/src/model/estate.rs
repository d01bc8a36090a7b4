//! The estate of a failed company: assets sold at a discount, and what each creditor recovers of it.

use crate::block::{Block, Cause};
use crate::books::Party;
use crate::events::Why;
use crate::ledger;
use crate::math::exp;
use crate::model::claims::{is_held, lives};
use crate::model::{compute, conversions, deals, guarantee, payables, prorata};
use crate::plan::to_whole_months;
use crate::rounding::beyond;
use crate::workings::{Claim, Debt, Failure, HARD_RANKS, Harm, Payee, Purpose};

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* estate {
            parameters {
                stake {
                    fraction: Fraction, 0.0, 1.0, None, true, "Share of the issuer that the holder owns.";
                    carrying_value: Usd, 0.0, LARGEST, Some(0.0), true, "What the holder's books show for it.";
                    preference: Usd, 0.0, LARGEST, Some(0.0), false, "Liquidation preference.";
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

/// Sells what a failed company owns, pays its creditors by rank and writes the rest off; gives what creditors lost.
pub fn wind_up(block: &mut Block<'_>, l: usize, failure: &Failure, harm: &mut Harm) -> f64 {
    let (i, orderly) = (failure.company, failure.cause == Cause::WindDown);
    let kept = 1.0 - block.parameters.company.default_cost.at(i, l);
    let mut debts = std::mem::take(&mut block.debts);
    debts.clear();
    list_loans(block, l, i, &mut debts);
    list_unpaid(block, l, i, &mut debts);
    if block.plan.on.payables.any {
        payables::call_in(block, l, i, &mut debts);
    }
    let fleets = sell_fleets(block, l, i) * kept;
    let mut others = sell_collateral(block, l, i) * kept;
    if block.plan.on.payables.any {
        others += payables::receivable(block, i, l) * kept;
    }
    ledger::pay(block, l, Party::Capital, Party::Through(i), fleets + others, Why::AssetSale);
    // Whoever closes in order loses none of its cash.
    let mut pool = fleets + others + empty_till(block, l, i, if orderly { 1.0 } else { kept });
    pool -= take_collateral(block, l, &mut debts, fleets, kept);
    pool = share(&mut debts, false, pool.max(0.0));
    pool = share(&mut debts, true, pool);
    if orderly && is_held(block, l, i) {
        deals::pay_holders(block, l, i, pool, Why::Residual);
    } else {
        ledger::pay(block, l, Party::Through(i), Party::Capital, pool, Why::Residual);
    }
    let mut lost = 0.0;
    for debt in &debts {
        lost += settle(block, l, i, debt, harm);
    }
    if is_held(block, l, i) {
        write_off_stakes(block, l, i, harm);
    }
    block.debts = debts;
    lost
}

/// Balances still owed.
fn list_loans(block: &Block<'_>, l: usize, i: usize, debts: &mut Vec<Debt>) {
    for &k in block.plan.loans.of(i) {
        let k = k as usize;
        let lender = block.links.loan.lender[k];
        let alive = lender >= 0 && lives(block, lender as usize, l);
        debts.push(Debt {
            payee: if alive { Payee::Company(lender as usize) } else { Payee::Capital },
            purpose: Purpose::Loan(k),
            subordinated: block.parameters.loan.rank.at(k, 0) == 5.0,
            owed: block.state.loan.balance[k][l],
            recovered: 0.0,
        });
    }
}

/// Interest, bills and equipment that the clearing of this month left unpaid.
fn list_unpaid(block: &Block<'_>, l: usize, i: usize, debts: &mut Vec<Debt>) {
    let s = &block.settlement;
    let Some(claims) = (s.place[i] != u32::MAX).then(|| s.claims_on(s.place[i] as usize)) else { return };
    let owed = |claim: &&Claim| claim.rank > 1 && claim.rank <= HARD_RANKS && claim.purpose != Purpose::Group;
    for claim in claims.iter().filter(owed) {
        let missing = claim.amount * (1.0 - s.paid(s.place[i] as usize, claim.rank));
        if let Purpose::Loan(k) = claim.purpose {
            let interest = missing * block.state.loan.interest[k][l] / claim.amount;
            if let Some(debt) = debts.iter_mut().find(|debt| debt.purpose == claim.purpose) {
                debt.owed += interest;
            }
        } else if missing > 0.0 {
            let payee = match claim.payee {
                Payee::Company(c) if !lives(block, c, l) => Payee::Capital,
                other => other,
            };
            let subordinated = claim.rank == HARD_RANKS;
            debts.push(Debt { payee, purpose: claim.purpose, subordinated, owed: missing, recovered: 0.0 });
        }
    }
}

/// Value of a fleet at present marks, on one path.
fn fleet_value(block: &Block<'_>, l: usize, f: usize) -> f64 {
    let (p, m) = (&block.parameters.fleet, &block.state.market);
    let mark = [&m.fire_sale_gpu, &m.fire_sale_building, &m.fire_sale_power][p.class.at(f, 0) as usize][0][l];
    let index = if p.indexed.at(f, l) > 0.0 { m.gpu_index[0][l] } else { 1.0 };
    block.scratch.fleet.vintage_value[f][l] * exp(-mark) * index
}

/// Sells the fleets of a company; gives their value before costs.
fn sell_fleets(block: &mut Block<'_>, l: usize, i: usize) -> f64 {
    let mut sum = 0.0;
    for k in 0..block.plan.fleets.of(i).len() {
        let f = block.plan.fleets.of(i)[k] as usize;
        let value = fleet_value(block, l, f);
        block.scratch.cascade.sold[block.parameters.fleet.class.at(f, 0) as usize][l] += value;
        sum += value;
        leave_behind(block, l, f);
    }
    if let Some(value) = block.state.company.fleet_value.get_mut(i) {
        value[l] = 0.0;
    }
    sum
}

/// The fleet is no longer the company's, on this path: it is scrapped, or stays installed if there is a spot market.
fn leave_behind(block: &mut Block<'_>, l: usize, f: usize) {
    let stays = if block.plan.on.compute.clears { block.parameters.market.salvage.at(0, l) } else { 0.0 };
    let fleet = &mut block.state.fleet;
    let rows =
        [&mut fleet.capacity, &mut fleet.depreciation, &mut fleet.written_off, &mut fleet.book_value, &mut fleet.value];
    for row in rows.into_iter().filter_map(|rows| rows.get_mut(f)) {
        row[l] *= stays;
    }
    block.scratch.fleet.vintage_value[f][l] *= stays;
    let fleets = block.plan.counts.fleets;
    for slot in 0..block.plan.on.fleet.ring {
        block.vintages[slot * fleets + f][l] *= stays;
    }
}

/// Value of collateral outside the fleets, that of repaid loans included.
fn sell_collateral(block: &Block<'_>, l: usize, i: usize) -> f64 {
    let value = |&k: &u32| block.parameters.loan.collateral.at(k as usize, l);
    block.plan.loans.of(i).iter().map(value).sum::<f64>() + 0.0
}

/// Cash of a company that fails after the clearing, less the cost of failing.
fn empty_till(block: &mut Block<'_>, l: usize, i: usize, kept: f64) -> f64 {
    let cash = ledger::pass(block, l, i);
    ledger::pay(block, l, Party::Through(i), Party::Suppliers, cash * (1.0 - kept), Why::DefaultCost);
    cash * kept
}

/// Loans take their own collateral, then their parts of the fleets, pro rata if these are pledged more than once; gives all
/// of it.
fn take_collateral(block: &Block<'_>, l: usize, debts: &mut [Debt], fleets: f64, kept: f64) -> f64 {
    let p = &block.parameters.loan;
    let of_fleets = |debt: &Debt| match debt.purpose {
        Purpose::Loan(k) => (p.fleet_collateral.at(k, l) * fleets).min(debt.owed - debt.recovered),
        _ => 0.0,
    };
    let mut asked = 0.0;
    for debt in &mut *debts {
        if let Purpose::Loan(k) = debt.purpose {
            debt.recovered = (p.collateral.at(k, l) * kept).min(debt.owed);
        }
        asked += of_fleets(debt);
    }
    let (part, mut taken) = (prorata::part(fleets, asked), 0.0);
    for debt in debts {
        debt.recovered += part * of_fleets(debt);
        taken += debt.recovered;
    }
    taken
}

/// Pays debts of one class pro rata; gives what is left.
fn share(debts: &mut [Debt], subordinated: bool, pool: f64) -> f64 {
    let of_class = |debt: &&mut Debt| debt.subordinated == subordinated;
    let due: f64 = debts.iter_mut().filter(of_class).map(|debt| debt.owed - debt.recovered).sum();
    if due <= 0.0 || pool <= 0.0 {
        return pool;
    }
    let part = prorata::part(pool, due);
    for debt in debts.iter_mut().filter(of_class) {
        debt.recovered += part * (debt.owed - debt.recovered);
    }
    (pool - part * due).max(0.0)
}

/// Hands a creditor what it recovers, and books the rest as its loss, which is given.
fn settle(block: &mut Block<'_>, l: usize, i: usize, debt: &Debt, harm: &mut Harm) -> f64 {
    let loss = beyond(debt.owed - debt.recovered, debt.owed);
    let payee = Party::from(debt.payee);
    ledger::pay(block, l, Party::Through(i), payee, debt.recovered, Why::Recovery);
    if let Payee::Company(c) = debt.payee {
        lose(block, l, c, i, loss, harm);
    }
    if loss > 0.0 {
        ledger::note(block, l, payee, Party::Company(i), Why::WriteOff, [loss, debt.owed]);
    }
    if let Purpose::Loan(k) = debt.purpose {
        let loan = &mut block.state.loan;
        loan.loss[k][l] += loss;
        loan.waiver[k][l] = 0.0;
        loan.balance[k][l] = 0.0;
        loan.undrawn[k][l] = 0.0;
        loan.breach[k][l] = 0.0;
        if let Some(debt) = block.state.company.debt.get_mut(i) {
            debt[l] = 0.0;
        }
    }
    if let Purpose::Loan(k) = debt.purpose {
        guarantee::call(block, l, k, debt.payee, loss);
    }
    loss
}

fn lose(block: &mut Block<'_>, l: usize, company: usize, by: usize, loss: f64, harm: &mut Harm) {
    if loss > 0.0 {
        block.state.company.losses[company][l] += loss;
        harm.note(company, by, loss);
    }
}

/// Holders of the company's equity write it off.
fn write_off_stakes(block: &mut Block<'_>, l: usize, i: usize, harm: &mut Harm) {
    for k in 0..block.plan.stakes.of(i).len() {
        let k = block.plan.stakes.of(i)[k] as usize;
        let value = block.parameters.stake.carrying_value.at(k, l);
        write_off(block, l, i, block.links.stake.holder[k], value, harm);
    }
    for k in 0..block.plan.loans.of(i).len() {
        let k = block.plan.loans.of(i)[k] as usize;
        let value = conversions::booked(block, l, k);
        write_off(block, l, i, block.links.loan.lender[k], value, harm);
    }
}

/// A living holder writes off what its books show for a part of the company.
fn write_off(block: &mut Block<'_>, l: usize, i: usize, holder: i32, value: f64, harm: &mut Harm) {
    if holder >= 0 && lives(block, holder as usize, l) {
        lose(block, l, holder as usize, i, value, harm);
        if value > 0.0 {
            ledger::note(block, l, Party::Company(holder as usize), Party::Company(i), Why::WriteOff, [value; 2]);
        }
    }
}

/// Prices fall for everybody by what this round sold.
pub fn mark_down(block: &mut Block<'_>, l: usize) {
    let factor = compute::depth(block, l);
    let (p, m) = (&block.parameters.market, &mut block.state.market);
    let marks = [&mut m.fire_sale_gpu, &mut m.fire_sale_building, &mut m.fire_sale_power];
    for ((mark, depth), sold) in
        marks.into_iter().zip([&p.depth_gpu, &p.depth_building, &p.depth_power]).zip(&mut block.scratch.cascade.sold)
    {
        mark[0][l] += sold[l] / (depth.at(0, l) * factor);
        sold[l] = 0.0;
    }
}

/// Whether a loan that bears no delay is under water and its borrower cannot pay it.
#[must_use]
pub fn is_called(block: &Block<'_>, l: usize, month: u32, k: usize) -> bool {
    let p = &block.parameters.loan;
    let i = block.links.loan.borrower[k] as usize;
    let fleets: f64 = block.plan.fleets.of(i).iter().map(|&f| fleet_value(block, l, f as usize)).sum();
    let collateral = p.collateral.at(k, l) + p.fleet_collateral.at(k, l) * fleets;
    let (balance, most) = (block.state.loan.balance[k][l], p.max_ltv.at(k, l));
    let instant = to_whole_months(p.cure_months.at(k, l)) == 0.0 && f64::from(month) > block.state.loan.waiver[k][l];
    instant
        && most > 0.0
        && beyond(balance - most * collateral, balance) > 0.0
        && balance > block.state.company.cash[i][l]
}

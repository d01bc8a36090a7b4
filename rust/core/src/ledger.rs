//! The one place where cash moves, and where sectors, gross flows and the imbalance are booked.
//!
//! Phases that decide path by path pay through [`pay`], one payment at a time. Phases that work on all lanes at once keep
//! rows of what is owed; [`book`] adds them up and [`close`] books them with the sectors, as if everybody could pay, and
//! [`take_back`] undoes what the clearing finds unpaid.

use crate::block::Block;
use crate::books::{Party, Sums, Till};
use crate::column::{LANES, Row, ZERO};
use crate::events::{NONE, Why};
use crate::pack::{Packs, packs};
use crate::scratch::living;
use pulp::Simd;

/// Rounding allowed to a sum of balances, as a share of their sizes.
const ROUNDING: f64 = 1e-14;

/// Notes what there was before anything is paid.
#[inline(always)]
pub fn open<S: Simd>(s: S, block: &mut Block<'_>) {
    let (m, books) = (&block.state.market, &mut block.books);
    let (households, suppliers, capital) = (&m.households[0], &m.suppliers[0], &m.capital[0]);
    for k in packs::<S>() {
        let (households, suppliers, capital) = (households.pack(s, k), suppliers.pack(s, k), capital.pack(s, k));
        books.sectors_before.put(k, households + suppliers + capital);
        books.balances.put(k, households.abs() + suppliers.abs() + capital.abs());
    }
    (books.flow, books.till) = (ZERO, Till::Open);
}

/// Pays on one path, and writes it down where somebody asks for events.
#[inline]
pub fn pay(block: &mut Block<'_>, l: usize, from: Party, to: Party, amount: f64, why: Why) {
    move_cash(block, l, from, to, amount);
    if block.books.events.is_some() && amount != 0.0 && l < block.live {
        block.books.record(l, from, to, amount, why, NONE);
    }
}

/// Pays on one path what is a claim of the month: it is written down with the other claims, once it is known what is paid
/// of it.
#[inline]
pub fn move_cash(block: &mut Block<'_>, l: usize, from: Party, to: Party, amount: f64) {
    gain(block, l, from, -amount);
    gain(block, l, to, amount);
    // What comes out of hands that it passed through was counted when it came there.
    if !matches!(from, Party::Through(_)) {
        block.books.flow[l] += amount.abs();
    }
}

/// Takes back on one path what `payee` does not get of a claim on `debtor`.
#[inline]
pub fn take_back(block: &mut Block<'_>, l: usize, debtor: Party, payee: Party, missing: f64) {
    move_cash(block, l, payee, debtor, missing);
}

/// Leaves a company exactly so much cash on one path, and hands the rest to somebody, who pays where there is too little;
/// gives what there was.
pub fn leave(block: &mut Block<'_>, l: usize, i: usize, left: f64, to: Party, why: Why) -> f64 {
    let cash = std::mem::replace(&mut block.state.company.cash[i][l], left);
    let rest = cash - left;
    gain(block, l, to, rest);
    block.books.flow[l] += rest.abs();
    if block.books.events.is_some() && rest != 0.0 && l < block.live {
        block.books.record(l, Party::Company(i), to, rest, why, NONE);
    }
    cash
}

/// Takes all cash of a company on one path into what passes through its hands; gives it.
pub fn pass(block: &mut Block<'_>, l: usize, i: usize) -> f64 {
    let cash = std::mem::take(&mut block.state.company.cash[i][l]);
    block.books.flow[l] += cash.abs();
    cash
}

/// Writes down on one path what moves no cash: what set something off, and what that is held against.
#[inline]
pub fn note(block: &mut Block<'_>, l: usize, who: Party, whom: Party, why: Why, [value, threshold]: [f64; 2]) {
    if block.books.events.is_some() && l < block.live {
        block.books.record(l, who, whom, 0.0, why, [value, threshold]);
    }
}

/// Adds to what a party has.
#[inline(always)]
fn gain(block: &mut Block<'_>, l: usize, party: Party, amount: f64) {
    let m = &mut block.state.market;
    match party {
        Party::Company(i) => gain_cash(block, l, i, amount),
        Party::Households => m.households[0][l] += amount,
        Party::Suppliers => m.suppliers[0][l] += amount,
        Party::Capital => m.capital[0][l] += amount,
        Party::Through(_) | Party::Nobody => {}
    }
}

/// Adds to the cash of a company.
#[inline(always)]
fn gain_cash(block: &mut Block<'_>, l: usize, i: usize, amount: f64) {
    if block.books.till == Till::Counting {
        block.scratch.clearing.other_cash[i][l] += amount;
        return;
    }
    block.state.company.cash[i][l] += amount;
    if block.books.till == Till::Open {
        block.books.moved.note(i, l, amount);
    }
}

/// Adds what a company is to pay and to receive in the month to the sums of the sectors.
#[inline(always)]
pub fn book<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (c, x, sums) = (&block.state.company, &block.scratch, &mut block.books.sums);
    let (segments, costs, tax) = (&c.segment_revenue[i], &c.costs[i], &c.tax[i]);
    let bills = x.payables.paid.get(i).unwrap_or(&c.bills[i]);
    let (research, payout, capex) = (&c.discretionary[i], &c.payout[i], &x.fleet.capex[i]);
    let service = block.plan.loans.rows(&c.debt_service, i);
    let capex_outside = if block.plan.on.fleet.equips { &x.fleet.capex_outside[i] } else { capex };
    let (spends, pays_out) = (block.plan.on.company.discretionary, block.plan.on.company.payouts);
    for k in packs::<S>() {
        let (segments, costs) = (segments.pack(s, k), costs.pack(s, k));
        let mut suppliers = costs + tax.pack(s, k) + capex_outside.pack(s, k);
        let mut gross = segments + costs.abs() + bills.pack(s, k) + service.pack(s, k) + capex.pack(s, k);
        if spends {
            suppliers += research.pack(s, k);
            gross += research.pack(s, k);
        }
        if pays_out {
            sums.capital.gain(k, payout.pack(s, k));
            gross += payout.pack(s, k);
        }
        sums.households.gain(k, segments);
        sums.suppliers.gain(k, suppliers);
        sums.flow.gain(k, gross);
    }
}

/// From here on, payments move cash after the clearing as if everybody could pay.
pub fn count(block: &mut Block<'_>) {
    block.books.till = Till::Counting;
}

/// Books the flows of the month with the sectors, and takes cash as if everybody could pay.
#[inline(always)]
pub fn close<S: Simd>(s: S, block: &mut Block<'_>) {
    std::mem::swap(&mut block.state.company.cash, &mut block.scratch.clearing.other_cash);
    let (m, books) = (&mut block.state.market, &mut block.books);
    let (households, suppliers, capital) = (&mut m.households[0], &mut m.suppliers[0], &mut m.capital[0]);
    for k in packs::<S>() {
        households.gain(k, -books.sums.households.pack(s, k));
        suppliers.gain(k, books.sums.suppliers.pack(s, k));
        capital.gain(k, books.sums.capital.pack(s, k));
        books.flow.gain(k, books.sums.flow.pack(s, k));
    }
    books.sums = Sums::NONE;
    books.till = Till::Counted;
}

/// Compares cash of a company with that before the month, which is left in the other cash.
#[inline(always)]
pub fn compare<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (cash, before, books) =
        (&block.state.company.cash[i], &mut block.scratch.clearing.other_cash[i], &mut block.books);
    books.moved.take_back(s, i, before);
    for k in packs::<S>() {
        let before = before.pack(s, k);
        books.change.gain(k, cash.pack(s, k) - before);
        books.balances.gain(k, before);
    }
}

/// The larger of two imbalances; one that is no number is the worst.
#[must_use]
pub fn worse(one: f64, other: f64) -> f64 {
    if one.is_nan() || one >= other { one } else { other }
}

/// Shuts the books of the month: what companies and sectors gained must be nothing in all.
#[inline(always)]
pub fn shut<S: Simd>(s: S, block: &mut Block<'_>) {
    let (m, books) = (&block.state.market, &mut block.books);
    let change = std::mem::replace(&mut books.change, ZERO);
    let mut relative = ZERO;
    for k in packs::<S>() {
        let sectors = m.households[0].pack(s, k) + m.suppliers[0].pack(s, k) + m.capital[0].pack(s, k);
        let gap = (change.pack(s, k) + sectors - books.sectors_before.pack(s, k)).abs();
        // Adding up large balances rounds; what is beyond that is held against the flow.
        let beyond = (gap - ROUNDING * books.balances.pack(s, k)).at_least(0.0);
        // What is no number any more must not pass for balanced.
        relative.put(k, beyond / (1.0 + books.flow.pack(s, k)) + 0.0 * gap);
    }
    for l in 0..block.live {
        books.imbalance = worse(books.imbalance, relative[l]);
    }
    books.till = Till::Shut;
}

/// Cash after the clearing as if a company could pay everything.
#[inline(always)]
pub fn carry<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (c, x) = (&block.state.company, &mut block.scratch);
    let (alive, end, cash) =
        (living(&c.alive, &x.cascade.has_died, i), &x.clearing.end[i], &mut x.clearing.other_cash[i]);
    let (worst, mut short) = (&mut x.clearing.worst, false);
    for k in packs::<S>() {
        let left = alive.pack(s, k) * end.pack(s, k);
        cash.put(k, left);
        worst.put(k, worst.pack(s, k).at_most(left));
        short |= left.below(0.0).any();
    }
    if short {
        x.clearing.short.push(i as u32);
    }
}

/// The cash of a company set on all paths, out of `capital`.
#[inline(always)]
pub fn set<S: Simd>(s: S, block: &mut Block<'_>, i: usize, cash: &Row) {
    if block.books.events.is_some() {
        for l in 0..LANES {
            leave(block, l, i, cash[l], Party::Capital, Why::Set);
        }
        return;
    }
    let (held, capital, flow) =
        (&mut block.state.company.cash[i], &mut block.state.market.capital[0], &mut block.books.flow);
    for k in packs::<S>() {
        let left = cash.pack(s, k);
        let rest = held.pack(s, k) - left;
        held.put(k, left);
        capital.gain(k, rest);
        flow.gain(k, rest.abs());
    }
}

/// Books with `capital` what companies pay it this month on one path, as the holder of a claim that it bought.
pub fn to_capital(block: &mut Block<'_>, l: usize, amount: f64) {
    block.books.sums.capital[l] += amount;
}

#[cfg(test)]
mod tests {
    use super::worse;

    #[test]
    fn no_number_is_the_worst_imbalance() {
        for (one, other) in [(0.0, f64::NAN), (f64::NAN, 0.0), (f64::NAN, f64::NAN)] {
            assert!(worse(one, other).is_nan());
        }
        assert_eq!([worse(1.0, 2.0), worse(2.0, 1.0)].map(f64::to_bits), [2.0_f64.to_bits(); 2]);
    }
}

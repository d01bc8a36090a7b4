//! Phase 10: all obligations of the month settle at once.
//!
//! If everybody can pay, that is one pass over the companies. Where somebody falls short, the path is settled by the
//! greatest clearing vector ([`cashcade_clearing`]), which reads only the companies that the shortfall reaches.

use crate::block::Block;
use crate::column::Row;
use crate::column::zeros;
use crate::column::{LANES, ZERO};
use crate::ledger;
use crate::model::{bills, claims, fleet, payments};
use crate::needed::Needed;
use crate::pack::{Operand, Packs, packs, show};
use crate::plan::Plan;
use crate::rounding::{ROUNDING, beyond};
use crate::scratch::{Keep, Passing};
use crate::workings::{HARD_RANKS, Payee, RANKS, Settlement};
use cashcade_clearing::{ClaimSource, OUTSIDE, Ranks, clear_ranked};
use pulp::Simd;

/// Rows of the table: none.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* clearing {
            parameters {}
            variables {}
        } }
    };
}
pub(crate) use rows;

pub use crate::model::Always as Uses;

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Cash after the clearing, until it takes the place of cash before it; then this.
    pub other_cash: Vec<Row>,
    /// Cash at the end if all pay.
    pub end: Passing,
    /// Least cash of any company if all pay, where it is negative.
    pub worst: Row,
    /// Companies that fall short on any path.
    pub short: Vec<u32>,
    /// Companies whose flows the clearing of a path changed.
    pub changed: Vec<usize>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        let companies = || zeros(ZERO, c.companies);
        let passing = |far: bool| Passing::new(c.companies, far);
        Self {
            other_cash: companies(),
            end: passing(plan.on.fleet.equips),
            worst: ZERO,
            short: Vec::new(),
            changed: Vec::new(),
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.short.clear();
        self.worst = ZERO;
    }
}

/// Takes what the solver found.
fn take(s: &mut Settlement, block: &Block<'_>, l: usize) {
    s.start.push(0);
    for settled in s.workspace.settled() {
        s.place[settled.node] = s.members.len() as u32;
        s.members.push(settled.node as u32);
        s.slack.push(block.state.company.cash[settled.node][l]);
        s.left.push(settled.left);
        s.gross.push(settled.gross);
        s.in_default.push(settled.round > 0);
        let paid = s.paid.len();
        s.paid.extend(settled.paid.iter().map(|&share| without_dust(share)));
        if s.paid[paid..].iter().any(|&share| share < 1.0) {
            claims::visit(block, settled.node, l, |claim| s.claims.push(claim));
        }
        s.start.push(s.claims.len() as u32);
    }
}

/// A share paid; differences below rounding error from 0 and from 1 count as none.
fn without_dust(share: f64) -> f64 {
    if share > 1.0 - ROUNDING { 1.0 } else { beyond(share, 1.0) }
}

/// The least shortfall of a company that counts as one.
#[must_use]
pub fn least(block: &Block<'_>, i: usize, l: usize, gross: f64) -> f64 {
    (ROUNDING * gross).max(block.derived.least_burn.at(i, l))
}

/// The books of one path, as the solver reads them.
///
/// A failing company loses the same share of all its assets, so that nothing need be told apart as coming from outside.
struct Books<'b, 'a> {
    block: &'b Block<'a>,
    l: usize,
}

impl ClaimSource for Books<'_, '_> {
    fn nodes(&self) -> usize {
        self.block.plan.counts.companies
    }

    fn outside(&self, _: usize) -> f64 {
        0.0
    }

    fn slack(&self, node: usize) -> f64 {
        // Cash as if everybody could pay: nothing on this path has been settled yet.
        self.block.state.company.cash[node][self.l]
    }

    fn alpha(&self, node: usize) -> f64 {
        self.beta(node)
    }

    fn beta(&self, node: usize) -> f64 {
        1.0 - self.block.parameters.company.default_cost.at(node, self.l)
    }

    fn rounding(&self, node: usize, gross: f64) -> f64 {
        least(self.block, node, self.l, gross)
    }

    fn visit(&self, debtor: usize, visitor: &mut impl FnMut(u32, u8, f64)) {
        claims::visit(self.block, debtor, self.l, |claim| {
            let creditor = if let Payee::Company(c) = claim.payee { c as u32 } else { OUTSIDE };
            visitor(creditor, claim.rank, claim.amount);
        });
    }
}

/// Cash before equipment sales and research, and capex: the committed part, and the rest that there is room for.
#[inline(always)]
pub fn order<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (c, end) = (&block.state.company, &mut block.scratch.clearing.end[i]);
    let (cash, segments, trade, costs) = (&c.cash[i], &c.segment_revenue[i], &c.trade_revenue[i], &c.costs[i]);
    let (tax, x) = (&c.tax[i], &block.scratch.payables);
    let bills = x.paid.get(i).unwrap_or(&c.bills[i]);
    let trade = x.received.get(i).unwrap_or(trade);
    let received = block.plan.lent.rows(&c.debt_service_received, i);
    let service = block.plan.loans.rows(&c.debt_service, i);
    for k in packs::<S>() {
        let inflow = cash.pack(s, k) + segments.pack(s, k) + trade.pack(s, k) + received.pack(s, k);
        let left = inflow - costs.pack(s, k) - tax.pack(s, k) - bills.pack(s, k);
        end.put(k, left - service.pack(s, k));
    }
    if block.scratch.company.levies {
        pay_levy(s, block, i);
    }
    payments::pay(s, block, i);
    if !(block.state.contract.bill.is_empty() && block.state.contract.used.is_empty()) {
        bills::tell(block, i);
    }
    if block.plan.fleets.of(i).is_empty() {
        block.scratch.fleet.capex[i] = ZERO;
    } else {
        capex(s, block, i);
    }
    if block.plan.on.fleet.equips {
        block.scratch.fleet.capex_outside[i] = block.scratch.fleet.capex[i];
        block.state.company.equipment_revenue[i] = ZERO;
    }
}

/// The amount that a rule or a host takes beyond the cash there was.
fn pay_levy<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (x, sums) = (&mut block.scratch, &mut block.books.sums);
    let (levied, end) = (&x.company.levied[i], &mut x.clearing.end[i]);
    for k in packs::<S>() {
        let due = levied.pack(s, k);
        end.put(k, end.pack(s, k) - due);
        sums.pay_capital(k, due);
        sums.flow.gain(k, due);
    }
}

/// Capex of a company, paid as far as there is room for it.
#[inline(always)]
fn capex<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    if block.plan.on.fleet.flexible_capex {
        give_way(s, block, i);
    } else {
        block.scratch.fleet.capex[i] = block.scratch.fleet.committed_capex[i];
    }
    let (c, x) = (&mut block.state.company, &mut block.scratch);
    let (paid, end, mut shown) = (&x.fleet.capex[i], &mut x.clearing.end[i], c.capex.get_mut(i));
    for k in packs::<S>() {
        let paid = paid.pack(s, k);
        show(&mut shown, k, paid);
        end.put(k, end.pack(s, k) - paid);
    }
}

/// Cuts the uncommitted capex of each fleet where there is no room for it.
#[inline(always)]
fn give_way<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (x, c, fleet) = (&mut block.scratch, &block.state.company, &mut block.state.fleet);
    let paid = &mut x.fleet.capex[i];
    *paid = ZERO;
    for &f in block.plan.fleets.of(i) {
        let wanted = &fleet.capex[f as usize];
        for k in packs::<S>() {
            paid.gain(k, wanted.pack(s, k));
        }
    }
    let least = block.parameters.company.minimum_cash.of(i);
    let (end, firm, research) = (&x.clearing.end[i], &x.fleet.committed_capex[i], &x.company.discretionary_wanted[i]);
    let (cash, segments, trade) = (&c.cash[i], &c.segment_revenue[i], &c.trade_revenue[i]);
    let research = block.plan.on.company.discretionary.then_some(research);
    let mut shares = ZERO;
    for k in packs::<S>() {
        let flexible = paid.pack(s, k) - firm.pack(s, k);
        let mut room = end.pack(s, k) - firm.pack(s, k) - least.pack(s, k);
        if let Some(research) = research {
            room -= research.pack(s, k);
        }
        let room = room.at_least(0.0);
        let short = room.below(flexible);
        let share = if short.any() {
            let had = cash.pack(s, k) + segments.pack(s, k) + trade.pack(s, k);
            // What rounding leaves of cash buys nothing.
            let room = room.above(ROUNDING * flexible.at_least(had)).choose(room, 0.0);
            short.choose(room / flexible, 1.0)
        } else {
            1.0.packed(s)
        };
        shares.put(k, share);
    }
    *paid = ZERO;
    for &f in block.plan.fleets.of(i) {
        let (capex, owed) = (&mut fleet.capex[f as usize], &x.fleet.committed[f as usize]);
        for k in packs::<S>() {
            let (wanted, owed) = (capex.pack(s, k), owed.pack(s, k));
            let now = owed + shares.pack(s, k) * (wanted - owed);
            capex.put(k, now);
            paid.gain(k, now);
        }
    }
}

/// Capex becomes equipment revenue of living vendors.
#[inline(always)]
pub fn equip(block: &mut Block<'_>) {
    for k in 0..block.links.order.vendor.len() {
        let (fleet, vendor) = (block.links.order.fleet[k] as usize, block.links.order.vendor[k] as usize);
        let owner = block.links.fleet.owner[fleet] as usize;
        let share = Row::from_fn(|l| fleet::ordered(block, k, l));
        let paid = &block.state.fleet.capex[fleet];
        let c = &mut block.state.company;
        let alive = &c.alive[vendor];
        let revenue = &mut c.equipment_revenue[vendor];
        let outside = &mut block.scratch.fleet.capex_outside[owner];
        for l in 0..LANES {
            let part = alive[l] * share[l] * paid[l];
            revenue[l] += part;
            outside[l] -= part;
        }
    }
}

/// Research, payout, and cash at the end as if everybody could pay; [`crate::model::cascade`] corrects the paths where
/// somebody cannot.
#[inline(always)]
pub fn pay<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    if block.plan.on.fleet.equips {
        sell_equipment(s, block, i);
    }
    if block.plan.on.company.discretionary {
        spend(s, block, i);
    }
    if block.plan.on.company.payouts {
        pay_out(s, block, i);
    }
    ledger::book(s, block, i);
    ledger::carry(s, block, i);
}

/// Equipment revenue and its variable cost.
#[inline(always)]
fn sell_equipment<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let variable = block.parameters.company.variable_cost.of(i);
    let (c, end) = (&mut block.state.company, &mut block.scratch.clearing.end[i]);
    let (alive, equipment, costs) = (&c.alive[i], &c.equipment_revenue[i], &mut c.costs[i]);
    for k in packs::<S>() {
        let sold = equipment.pack(s, k);
        let made = alive.pack(s, k) * variable.pack(s, k) * sold;
        costs.gain(k, made);
        end.put(k, end.pack(s, k) + sold - made);
    }
}

/// Discretionary spending that there is room for.
#[inline(always)]
fn spend<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let least = block.parameters.company.minimum_cash.of(i);
    let (x, paid) = (&mut block.scratch, &mut block.state.company.discretionary[i]);
    let (end, wanted) = (&mut x.clearing.end[i], &x.company.discretionary_wanted[i]);
    for k in packs::<S>() {
        let room = (end.pack(s, k) - least.pack(s, k)).at_least(0.0);
        let now = room.at_most(wanted.pack(s, k));
        paid.put(k, now);
        end.put(k, end.pack(s, k) - now);
    }
}

/// A share of what was earned goes to shareholders.
#[inline(always)]
fn pay_out<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let p = &block.parameters.company;
    let (least, share) = (p.minimum_cash.of(i), p.payout.of(i));
    let (c, end) = (&mut block.state.company, &mut block.scratch.clearing.end[i]);
    let (alive, cash, payout) = (&c.alive[i], &c.cash[i], &mut c.payout[i]);
    for k in packs::<S>() {
        let left = end.pack(s, k);
        let earned = (left - cash.pack(s, k)).at_least(0.0);
        let room = (left - least.pack(s, k)).at_least(0.0);
        let now = alive.pack(s, k) * (share.pack(s, k) * earned).at_most(room);
        payout.put(k, now);
        end.put(k, left - now);
    }
}

/// Settles one path on which somebody falls short; the outcome is in the block's settlement.
pub fn settle(block: &mut Block<'_>, l: usize) {
    let mut s = std::mem::take(&mut block.settlement);
    s.short.clear();
    for &i in &block.scratch.clearing.short {
        if block.state.company.cash[i as usize][l] < 0.0 {
            s.short.push(i);
        }
    }
    let ranks = Ranks { hard: HARD_RANKS, all: RANKS };
    clear_ranked(&Books { block, l }, &s.short, ranks, &mut s.workspace);
    take(&mut s, block, l);
    block.settlement = s;
}

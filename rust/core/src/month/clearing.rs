//! Phase 10: all obligations of the month settle at once.
//!
//! Where everybody can pay, that is one pass over the companies. Where somebody falls short, the path is settled by the
//! greatest clearing vector ([`crate::clearing`]) of the small network of those who might fall short.

use crate::block::Block;
use crate::clearing::{OUTSIDE, RankedClaims, RankedSystem, Totals, Workspace, clear_ranked};
use crate::column::{LANES, Row, ZERO};
use crate::month::claims::{self, Claim, HARD_RANKS, Payee, RANKS};
use crate::pack::{Operand, Pack, Packs, packs};
use crate::plan::Plan;
use pulp::Simd;

/// Not a member of the network that is being settled.
const NOWHERE: u32 = u32::MAX;

/// Memory of the settlement of a path, kept from one to the next.
#[derive(Clone, Debug, Default)]
pub struct Settlement {
    /// Companies that might fall short, in order of discovery.
    pub members: Vec<u32>,
    /// Place of each company among the members.
    pub place: Vec<u32>,
    /// What each company would lose if no member paid it anything.
    at_risk: Vec<f64>,
    /// Companies whose `at_risk` was touched.
    touched: Vec<u32>,
    /// Claims on the members, in their order.
    pub claims: Vec<Claim>,
    start: Vec<u32>,
    creditor: Vec<u32>,
    rank: Vec<u8>,
    amount: Vec<f64>,
    from_members: Vec<f64>,
    outside: Vec<f64>,
    recovery: Vec<f64>,
    totals: Totals,
    /// Outcome of the solver.
    pub workspace: Workspace,
}

impl Settlement {
    /// Memory for a world.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let n = plan.counts.companies;
        Self { place: vec![NOWHERE; n], at_risk: vec![0.0; n], ..Self::default() }
    }

    /// Claims on a member.
    #[must_use]
    pub fn claims_on(&self, place: usize) -> &[Claim] {
        &self.claims[self.start[place] as usize..self.start[place + 1] as usize]
    }

    /// Share paid of a claim of that rank on a member.
    #[must_use]
    pub fn paid(&self, place: usize, rank: u8) -> f64 {
        let share = self.workspace.paid_share[place * usize::from(RANKS) + usize::from(rank) - 1];
        // What rounding leaves of a rank that gets nothing is nothing.
        if share < 1e-12 { 0.0 } else { share }
    }
}

/// Flows of the month to and from the sectors.
#[derive(Clone, Copy, Debug)]
pub struct Sums {
    households: Row,
    suppliers: Row,
    capital: Row,
    flow: Row,
}

impl Sums {
    /// Nothing yet.
    pub const NONE: Self = Self { households: ZERO, suppliers: ZERO, capital: ZERO, flow: ZERO };
}

/// What there is before equipment sales and research, and capex: what is committed, and what else there is room for.
#[inline(always)]
pub fn order<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    for k in packs::<S>() {
        let c = &block.state.company;
        let mut end = c.cash[i].pack(s, k) + c.segment_revenue[i].pack(s, k) + c.trade_revenue[i].pack(s, k);
        end += c.debt_service_received[i].pack(s, k);
        for row in [&c.costs[i], &c.tax[i], &c.bills[i], &c.debt_service[i]] {
            end -= row.pack(s, k);
        }
        if !block.plan.fleets.of(i).is_empty() {
            let paid = capex(s, block, i, k, end);
            block.state.company.capex[i].put(k, paid);
            end -= paid;
        }
        block.scratch.end[i].put(k, end);
    }
    if block.plan.equips {
        block.scratch.capex_outside[i] = block.state.company.capex[i];
        block.state.company.equipment_revenue[i] = ZERO;
    }
}

/// Capex of the fleets of a company.
#[inline(always)]
fn capex<S: Simd>(s: S, block: &mut Block<'_>, i: usize, k: usize, end: Pack<S>) -> Pack<S> {
    let (x, fleet) = (&block.scratch, &mut block.state.fleet);
    let (mut wanted, mut paid) = (0.0.packed(s), 0.0.packed(s));
    for &f in block.plan.fleets.of(i) {
        wanted += fleet.wanted[f as usize].pack(s, k);
    }
    let firm = x.committed_capex[i].pack(s, k);
    let flexible = wanted - firm;
    let mut room = end - firm - block.parameters.company.minimum_cash.pack(s, i, k);
    if block.plan.discretionary {
        room -= x.discretionary_wanted[i].pack(s, k);
    }
    let room = room.at_least(0.0);
    let short = room.below(flexible);
    let share = if short.any() { short.choose(room / flexible, 1.0) } else { 1.0.packed(s) };
    for &f in block.plan.fleets.of(i) {
        let (wanted, owed) = (fleet.wanted[f as usize].pack(s, k), x.committed[f as usize].pack(s, k));
        let capex = owed + share * (wanted - owed);
        fleet.capex[f as usize].put(k, capex);
        paid += capex;
    }
    paid
}

/// Capex becomes equipment revenue of living vendors.
#[inline(always)]
pub fn equip(block: &mut Block<'_>) {
    for k in 0..block.links.order.vendor.len() {
        let (fleet, vendor) = (block.links.order.fleet[k] as usize, block.links.order.vendor[k] as usize);
        let owner = block.links.fleet.owner[fleet] as usize;
        let (share, paid) = (block.parameters.order.share.row(k), &block.state.fleet.capex[fleet]);
        let c = &mut block.state.company;
        let alive = &c.alive[vendor];
        let revenue = &mut c.equipment_revenue[vendor];
        let outside = &mut block.scratch.capex_outside[owner];
        for l in 0..LANES {
            let part = alive[l] * share[l] * paid[l];
            revenue[l] += part;
            outside[l] -= part;
        }
    }
}

/// Research, payout, and cash at the end as if everybody could pay; [`crate::month::cascade`] corrects the paths where
/// somebody cannot.
#[inline(always)]
pub fn pay<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let mut short = false;
    for k in packs::<S>() {
        let paid_out = spend(s, block, i, k);
        let (c, x) = (&mut block.state.company, &mut block.scratch);
        let capex = c.capex[i].pack(s, k);
        let outside = if block.plan.equips { x.capex_outside[i].pack(s, k) } else { capex };
        let (segments, costs) = (c.segment_revenue[i].pack(s, k), c.costs[i].pack(s, k));
        let (research, service) = (c.discretionary[i].pack(s, k), c.debt_service[i].pack(s, k));
        let suppliers = costs + c.tax[i].pack(s, k) + research + x.bills_outside[i].pack(s, k) + outside;
        let gross = segments + costs.abs() + c.bills[i].pack(s, k) + service + capex + research + paid_out;
        x.sums.households.gain(k, segments);
        x.sums.suppliers.gain(k, suppliers);
        x.sums.capital.gain(k, x.service_outside[i].pack(s, k) + paid_out);
        x.sums.flow.gain(k, gross);
        let cash = c.alive[i].pack(s, k) * x.end[i].pack(s, k);
        c.cash[i].put(k, cash);
        x.worst.put(k, x.worst.pack(s, k).at_most(cash));
        short |= cash.below(0.0).any();
    }
    if short {
        block.scratch.short.push(i as u32);
    }
}

/// What is spent after equipment sales; gives the payout.
#[inline(always)]
fn spend<S: Simd>(s: S, block: &mut Block<'_>, i: usize, k: usize) -> Pack<S> {
    let (p, plan) = (&block.parameters.company, block.plan);
    let (c, x) = (&mut block.state.company, &mut block.scratch);
    let mut end = x.end[i].pack(s, k);
    if plan.equips {
        let equipment = c.equipment_revenue[i].pack(s, k);
        let made = c.alive[i].pack(s, k) * p.variable_cost.pack(s, i, k) * equipment;
        let costs = c.costs[i].pack(s, k);
        c.costs[i].put(k, costs + made);
        end = end + equipment - made;
    }
    let least = p.minimum_cash.pack(s, i, k);
    if plan.discretionary {
        let room = (end - least).at_least(0.0);
        let research = room.at_most(x.discretionary_wanted[i].pack(s, k));
        c.discretionary[i].put(k, research);
        end -= research;
    }
    let mut paid_out = 0.0.packed(s);
    if plan.payouts {
        let earned = (end - c.cash[i].pack(s, k)).at_least(0.0);
        let share = p.payout.pack(s, i, k) * earned;
        paid_out = c.alive[i].pack(s, k) * share.at_most((end - least).at_least(0.0));
        c.payout[i].put(k, paid_out);
        end -= paid_out;
    }
    x.end[i].put(k, end);
    paid_out
}

/// Books the flows of the month with the sectors.
#[inline(always)]
pub fn close(block: &mut Block<'_>) {
    let sums = std::mem::replace(&mut block.scratch.sums, Sums::NONE);
    let m = &mut block.state.market;
    for l in 0..LANES {
        m.households[0][l] -= sums.households[l];
        m.suppliers[0][l] += sums.suppliers[l];
        m.capital[0][l] += sums.capital[l];
        block.scratch.flow[l] += sums.flow[l];
    }
}

/// Settles one path on which somebody falls short; the outcome is in the block's settlement.
pub fn settle(block: &mut Block<'_>, l: usize) {
    let mut s = std::mem::take(&mut block.settlement);
    enrol(block, &mut s, l);
    lay_out(block, &mut s, l);
    // The claims were made by `visit`, so the structure is sound and the errors cannot occur.
    if let Ok(claims) = RankedClaims::new(&s.start, &s.creditor, &s.rank, &s.amount, RANKS) {
        s.totals.measure(&claims);
        if let Ok(system) = RankedSystem::new(&claims, &s.totals, &s.outside, &s.recovery, &s.recovery, HARD_RANKS) {
            clear_ranked(&system, &mut s.workspace);
        }
    }
    block.settlement = s;
}

/// Members: those who fall short, and those who would if no member paid them.
fn enrol(block: &Block<'_>, s: &mut Settlement, l: usize) {
    s.members.clear();
    s.claims.clear();
    s.start.clear();
    s.start.push(0);
    for &i in &block.scratch.short {
        if block.scratch.end[i as usize][l] < 0.0 && claims::lives(block, i as usize, l) {
            s.place[i as usize] = s.members.len() as u32;
            s.members.push(i);
        }
    }
    let mut next = 0;
    while let Some(&i) = s.members.get(next) {
        let first = s.claims.len();
        claims::visit(block, i as usize, l, |claim| s.claims.push(claim));
        s.start.push(s.claims.len() as u32);
        for k in first..s.claims.len() {
            threaten(block, s, l, k);
        }
        next += 1;
    }
}

/// A creditor that could fall short without this claim becomes a member.
fn threaten(block: &Block<'_>, s: &mut Settlement, l: usize, k: usize) {
    let Payee::Company(c) = s.claims[k].payee else { return };
    if s.at_risk[c] == 0.0 {
        s.touched.push(c as u32);
    }
    s.at_risk[c] += s.claims[k].amount;
    if s.place[c] == NOWHERE && block.scratch.end[c][l] < s.at_risk[c] {
        s.place[c] = s.members.len() as u32;
        s.members.push(c as u32);
    }
}

/// The system of the members for the solver.
fn lay_out(block: &Block<'_>, s: &mut Settlement, l: usize) {
    s.creditor.clear();
    s.rank.clear();
    s.amount.clear();
    s.from_members.clear();
    s.from_members.resize(s.members.len(), 0.0);
    for claim in &s.claims {
        let place = if let Payee::Company(c) = claim.payee { s.place[c] } else { NOWHERE };
        if place != NOWHERE {
            s.from_members[place as usize] += claim.amount;
        }
        s.creditor.push(if place == NOWHERE { OUTSIDE } else { place });
        s.rank.push(claim.rank);
        s.amount.push(claim.amount);
    }
    s.outside.clear();
    s.recovery.clear();
    for place in 0..s.members.len() {
        let i = s.members[place] as usize;
        let due: f64 = s.claims_on(place).iter().map(|claim| claim.amount).sum();
        s.outside.push((block.scratch.end[i][l] + due - s.from_members[place]).max(0.0));
        s.recovery.push(1.0 - block.parameters.company.default_cost.at(i, l));
    }
}

/// Forgets the members, for the next path.
pub fn dissolve(s: &mut Settlement) {
    for &i in &s.members {
        s.place[i as usize] = NOWHERE;
    }
    for &i in &s.touched {
        s.at_risk[i as usize] = 0.0;
    }
    s.touched.clear();
}

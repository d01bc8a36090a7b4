//! Phase 10: all obligations of the month settle at once.
//!
//! Where everybody can pay, that is one pass over the companies. Where somebody falls short, the path is settled by the
//! greatest clearing vector ([`crate::clearing`]), which reads only the companies that the shortfall reaches.

use crate::block::Block;
use crate::clearing::{ClaimSource, OUTSIDE, Ranks, Workspace, clear_ranked};
use crate::column::{LANES, Row, ZERO};
use crate::month::claims::{self, Claim, HARD_RANKS, Payee, RANKS};
use crate::pack::{Operand, Pack, Packs, packs};
use crate::plan::Plan;
use pulp::Simd;

/// Not reached by the settlement.
pub const NOWHERE: u32 = u32::MAX;

/// What became of the companies that a shortfall reached on one path; memory is kept from one path to the next.
#[derive(Clone, Debug, Default)]
pub struct Settlement {
    /// Companies reached, in order.
    pub members: Vec<u32>,
    /// Place of each company among them.
    pub place: Vec<u32>,
    /// What is left of each.
    pub left: Vec<f64>,
    /// What each lost by its default.
    pub lost: Vec<f64>,
    /// Whether each is in default.
    pub in_default: Vec<bool>,
    paid: Vec<f64>,
    claims: Vec<Claim>,
    start: Vec<u32>,
    short: Vec<u32>,
    workspace: Workspace,
}

impl Settlement {
    /// Memory for a world.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self { place: vec![NOWHERE; plan.counts.companies], ..Self::default() }
    }

    /// Claims on a member that does not pay everything, none on others.
    #[must_use]
    pub fn claims_on(&self, place: usize) -> &[Claim] {
        &self.claims[self.start[place] as usize..self.start[place + 1] as usize]
    }

    /// Share paid of a claim of that rank on a member.
    #[must_use]
    pub fn paid(&self, place: usize, rank: u8) -> f64 {
        self.paid[place * usize::from(RANKS) + usize::from(rank) - 1]
    }

    /// Forgets the members, for the next path.
    pub fn dissolve(&mut self) {
        for &i in &self.members {
            self.place[i as usize] = NOWHERE;
        }
        self.members.clear();
        for values in [&mut self.left, &mut self.lost, &mut self.paid] {
            values.clear();
        }
        self.in_default.clear();
        self.claims.clear();
        self.start.clear();
    }

    /// Takes what the solver found.
    fn take(&mut self, block: &Block<'_>, l: usize) {
        self.start.push(0);
        for settled in self.workspace.settled() {
            self.place[settled.node] = self.members.len() as u32;
            self.members.push(settled.node as u32);
            self.left.push(settled.left);
            self.lost.push(settled.lost);
            self.in_default.push(settled.round > 0);
            // What rounding leaves of a rank that gets nothing is nothing.
            self.paid.extend(settled.paid.iter().map(|&share| if share < 1e-12 { 0.0 } else { share }));
            if settled.paid.iter().any(|&share| share < 1.0) {
                claims::visit(block, settled.node, l, |claim| self.claims.push(claim));
            }
            self.start.push(self.claims.len() as u32);
        }
    }
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
        self.block.scratch.end[node][self.l]
    }

    fn alpha(&self, node: usize) -> f64 {
        self.beta(node)
    }

    fn beta(&self, node: usize) -> f64 {
        1.0 - self.block.parameters.company.default_cost.at(node, self.l)
    }

    fn visit(&self, debtor: usize, see: &mut impl FnMut(u32, u8, f64)) {
        claims::visit(self.block, debtor, self.l, |claim| {
            let creditor = if let Payee::Company(c) = claim.payee { c as u32 } else { OUTSIDE };
            see(creditor, claim.rank, claim.amount);
        });
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
    s.short.clear();
    for &i in &block.scratch.short {
        if block.scratch.end[i as usize][l] < 0.0 && claims::lives(block, i as usize, l) {
            s.short.push(i);
        }
    }
    let ranks = Ranks { hard: HARD_RANKS, all: RANKS };
    clear_ranked(&Books { block, l }, &s.short, ranks, &mut s.workspace);
    s.take(block, l);
    block.settlement = s;
}

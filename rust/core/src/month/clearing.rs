//! Phase 10: all obligations of the month settle at once.
//!
//! Where everybody can pay, that is one pass over the companies. Where somebody falls short, the path is settled by the
//! greatest clearing vector ([`crate::clearing`]) of the small network of those who might fall short.

use crate::block::Block;
use crate::clearing::{OUTSIDE, RankedClaims, RankedSystem, Totals, Workspace, clear_ranked};
use crate::column::{LANES, Row, ZERO};
use crate::month::claims::{self, Claim, HARD_RANKS, Payee, RANKS};
use crate::plan::Plan;

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

/// Settles the month as if everybody could pay; [`crate::month::cascade`] corrects the paths where somebody cannot.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, _month: u32) {
    std::mem::swap(&mut block.state.company.capex, &mut block.scratch.capex_before);
    for i in 0..block.plan.counts.companies {
        gather(block, i);
        invest(block, i);
    }
    equip(block);
    let mut sums = Sums::default();
    for i in 0..block.plan.counts.companies {
        spend(block, i, &mut sums);
    }
    let m = &mut block.state.market;
    for l in 0..LANES {
        m.households[0][l] -= sums.households[l];
        m.suppliers[0][l] += sums.suppliers[l];
        m.capital[0][l] += sums.capital[l];
        block.scratch.flow[l] += sums.flow[l];
    }
}

/// Flows of the month to and from the sectors.
struct Sums {
    households: Row,
    suppliers: Row,
    capital: Row,
    flow: Row,
}

impl Default for Sums {
    fn default() -> Self {
        Self { households: ZERO, suppliers: ZERO, capital: ZERO, flow: ZERO }
    }
}

/// What there is before capex, equipment sales and research.
#[inline(always)]
fn gather(block: &mut Block<'_>, i: usize) {
    let c = &block.state.company;
    let (cash, segments, trade, received) =
        (&c.cash[i], &c.segment_revenue[i], &c.trade_revenue[i], &c.debt_service_received[i]);
    let (costs, tax, bills, service) = (&c.costs[i], &c.tax[i], &c.bills[i], &c.debt_service[i]);
    let mut end = ZERO;
    for l in 0..LANES {
        end[l] = cash[l] + segments[l] + trade[l] + received[l] - costs[l] - tax[l] - bills[l] - service[l];
    }
    block.scratch.end[i] = end;
}

/// Capex: what is committed, and what else there is room for.
#[inline(always)]
fn invest(block: &mut Block<'_>, i: usize) {
    let fleets = block.plan.fleets.of(i);
    block.scratch.capex_outside[i] = ZERO;
    block.state.company.equipment_revenue[i] = ZERO;
    if fleets.is_empty() {
        block.state.company.capex[i] = ZERO;
        return;
    }
    let least = block.parameters.company.minimum_cash.row(i);
    let x = &mut block.scratch;
    let (mut end, firm, research) = (x.end[i], &x.committed_capex[i], &x.discretionary_wanted[i]);
    let (mut wanted, mut share, mut paid) = (ZERO, ZERO, ZERO);
    for &f in fleets {
        let row = block.state.fleet.wanted[f as usize];
        for l in 0..LANES {
            wanted[l] += row[l];
        }
    }
    for l in 0..LANES {
        let flexible = wanted[l] - firm[l];
        let room = end[l] - firm[l] - least[l] - research[l];
        let room = if room > 0.0 { room } else { 0.0 };
        let part = room / flexible;
        share[l] = if room < flexible { part } else { 1.0 };
    }
    for &f in fleets {
        let f = f as usize;
        let (row, owed) = (&block.state.fleet.wanted[f], &x.committed[f]);
        let mut capex = ZERO;
        for l in 0..LANES {
            capex[l] = owed[l] + share[l] * (row[l] - owed[l]);
            paid[l] += capex[l];
        }
        block.state.fleet.capex[f] = capex;
    }
    for l in 0..LANES {
        end[l] -= paid[l];
    }
    x.end[i] = end;
    x.capex_outside[i] = paid;
    block.state.company.capex[i] = paid;
}

/// Capex becomes equipment revenue of living vendors.
#[inline(always)]
fn equip(block: &mut Block<'_>) {
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

/// Research, payout, and what is left at the end.
#[inline(always)]
fn spend(block: &mut Block<'_>, i: usize, sums: &mut Sums) {
    let p = &block.parameters.company;
    let (least, payout, variable) = (p.minimum_cash.row(i), p.payout.row(i), p.variable_cost.row(i));
    let c = &mut block.state.company;
    let x = &mut block.scratch;
    let (alive, cash, equipment) = (&c.alive[i], &c.cash[i], &c.equipment_revenue[i]);
    let (wanted, outside_capex, outside_bills, outside_service) =
        (&x.discretionary_wanted[i], &x.capex_outside[i], &x.bills_outside[i], &x.service_outside[i]);
    let (segments, tax, bills, service, capex) =
        (&c.segment_revenue[i], &c.tax[i], &c.bills[i], &c.debt_service[i], &c.capex[i]);
    let (mut costs, mut end, mut research, mut paid_out) = (c.costs[i], x.end[i], ZERO, ZERO);
    for l in 0..LANES {
        let made = alive[l] * variable[l] * equipment[l];
        costs[l] += made;
        let before = end[l] + equipment[l] - made;
        let room = before - least[l];
        let room = if room > 0.0 { room } else { 0.0 };
        research[l] = if room < wanted[l] { room } else { wanted[l] };
        let after = before - research[l];
        let earned = after - cash[l];
        let earned = if earned > 0.0 { earned } else { 0.0 };
        let room = after - least[l];
        let room = if room > 0.0 { room } else { 0.0 };
        let share = payout[l] * earned;
        paid_out[l] = alive[l] * if share < room { share } else { room };
        end[l] = after - paid_out[l];
        sums.households[l] += segments[l];
        sums.suppliers[l] += costs[l] + tax[l] + research[l] + outside_bills[l] + outside_capex[l];
        sums.capital[l] += outside_service[l] + paid_out[l];
        sums.flow[l] += segments[l] + costs[l].abs() + bills[l] + service[l] + capex[l] + research[l] + paid_out[l];
    }
    c.costs[i] = costs;
    c.discretionary[i] = research;
    c.payout[i] = paid_out;
    x.end[i] = end;
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
    for i in 0..block.plan.counts.companies {
        if block.scratch.end[i][l] < 0.0 && claims::lives(block, i, l) {
            s.place[i] = s.members.len() as u32;
            s.members.push(i as u32);
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

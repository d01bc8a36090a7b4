//! Phase 10: all obligations of the month settle at once.
//!
//! Where everybody can pay, that is one pass over the companies. Where somebody falls short, the path is settled by the
//! greatest clearing vector ([`crate::clearing`]), which reads only the companies that the shortfall reaches.

use crate::block::Block;
use crate::clearing::{ClaimSource, OUTSIDE, Ranks, Workspace, clear_ranked};
use crate::column::{LANES, Row, ZERO};
use crate::month::claims::{self, Claim, HARD_RANKS, Payee, RANKS};
use crate::plan::Plan;

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
    s.short.clear();
    for i in 0..block.plan.counts.companies {
        if block.scratch.end[i][l] < 0.0 && claims::lives(block, i, l) {
            s.short.push(i as u32);
        }
    }
    let ranks = Ranks { hard: HARD_RANKS, all: RANKS };
    clear_ranked(&Books { block, l }, &s.short, ranks, &mut s.workspace);
    s.take(block, l);
    block.settlement = s;
}

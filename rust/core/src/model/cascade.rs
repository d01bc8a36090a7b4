//! Phase 11: who fails, and whom they take along, to a fixed point within the month.

use crate::block::{Block, Cause};
use crate::books::Party;
use crate::carry;
use crate::column::{LANES, Row, ZERO, zeros};
use crate::events::Why;
use crate::ledger;
use crate::model::claims::lives;
use crate::model::{clearing, estate, guarantee, marks, rescue, statement, sudden};
use crate::needed::Needed;
use crate::pack::{Packs, packs};
use crate::plan::Plan;
use crate::rounding::beyond;
use crate::scratch::{Keep, living};
use crate::workings::{
    CAPEX, Claim, DISCRETIONARY, Failure, HARD_RANKS, Harm, PAYOUT, Payee, Purpose, Settlement, TRADE,
};
use crate::world::World;
use pulp::{Scalar, Simd};

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* cascade {
            parameters {
                company {
                    default_cost: Fraction, 0.0, 1.0, Some(0.3), true, "Share of its assets lost when the company fails.";
                    loss_capacity: Usd, 0.0, LARGEST, Some(UNLIMITED), true, "Credit and equity losses it can bear before it fails.", off UNLIMITED;
                }
                market {
                    depth_gpu: Usd, 1.0, LARGEST, Some(2e10), true, "Forced sales of GPUs that lower their log price by one.", off UNLIMITED;
                    depth_building: Usd, 1.0, LARGEST, Some(5e10), true, "Forced sales of buildings that lower their log price by one.", off UNLIMITED;
                    depth_power: Usd, 1.0, LARGEST, Some(5e10), true, "Forced sales of power plant that lower their log price by one.", off UNLIMITED;
                    impact_half_life: Months, 0.1, 1200.0, Some(6.0), false, "Months in which half of the impact of forced sales fades.";
                }
            }
            variables {
                company {
                    losses: Usd, None, "Credit, trade and equity losses so far.";
                }
                loan {
                    loss: Usd, None, "Written off.";
                }
                market {
                    fire_sale_gpu: Ratio, None, "Log price mark of GPUs from forced sales.";
                    fire_sale_building: Ratio, None, "Log price mark of buildings from forced sales.";
                    fire_sale_power: Ratio, None, "Log price mark of power plant from forced sales.";
                    large_failure: Flag, None, "Whether a large company failed this month.";
                    companies_alive: Ratio, None, "Companies that have not failed.";
                    failed_debt: Usd, None, "Debt at failure of all that failed so far.";
                    failed_share: Fraction, None, "Part of a dollar of debt that failed so far, of what was owed before each failure.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether any lender or holder can fail by its losses.
    pub loss_limits: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        Self { loss_limits: !p.company.loss_capacity.all_of(|v| v >= crate::variables::UNLIMITED) }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Whether the company has died on any path.
    pub has_died: Vec<bool>,
    /// Fire-sale value sold this month, by class and lane.
    pub sold: [Row; 3],
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        Self { has_died: zeros(false, c.companies), sold: [ZERO; 3] }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.has_died.fill(false);
        self.sold = [ZERO; 3];
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::flags(&mut self.has_died, visit);
    }
}

/// On paths where somebody falls short: failures and their consequences.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    let mut worst = std::mem::replace(&mut block.scratch.clearing.worst, ZERO);
    let (closing, struck) = (&block.exits.closing, &block.scratch.sudden.struck);
    for l in closing.iter().map(|&(l, _)| l).chain(struck.iter().map(|&(l, _, _)| l)) {
        worst[l] = worst[l].min(-1.0);
    }
    let ends = !closing.is_empty() || !struck.is_empty();
    if block.books.events.is_some() {
        (0..block.live).filter(|&l| worst[l] >= 0.0).for_each(|l| statement::tell(block, l));
    }
    if !block.scratch.clearing.short.is_empty() || ends {
        paths(block, month, &worst);
        block.scratch.clearing.short.clear();
        block.exits.closing.clear();
        block.scratch.sudden.struck.clear();
    }
}

/// Capex paid by a company becomes a vintage of the month.
#[inline(always)]
pub fn commission<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let alive = living(&block.state.company.alive, &block.scratch.cascade.has_died, i);
    for &f in block.plan.fleets.of(i) {
        let place = block.vintage(f as usize, 0);
        let (capex, vintage) = (&block.state.fleet.capex[f as usize], &mut block.vintages[place]);
        for k in packs::<S>() {
            vintage.put(k, alive.pack(s, k) * capex.pack(s, k));
        }
    }
}

/// Settles the paths on which somebody falls short.
#[inline(never)]
fn paths(block: &mut Block<'_>, month: u32, worst: &Row) {
    for l in 0..LANES {
        if worst[l] < 0.0 {
            path(block, l, month);
        }
    }
}

/// Settles one path and lets failures spread until nothing changes.
fn path(block: &mut Block<'_>, l: usize, month: u32) {
    let owed = owed(block, l);
    let rescues = block.plan.on.rescue.workouts || block.plan.on.rescue.backstops;
    let losses = if rescues { rescue::advance(block, l, month) } else { Vec::new() };
    clearing::settle(block, l);
    statement::tell(block, l);
    let mut harm = std::mem::take(&mut block.harm);
    let mut failures = pay(block, l, &mut harm);
    while let Some(i) = block.scratch.clearing.changed.pop() {
        revise(block, i);
    }
    sudden::add(block, l, &mut failures);
    add_closing(block, l, &mut failures);
    harm.clear();
    for (lender, by, lost) in losses {
        harm.note(lender, by, lost);
    }
    if failures.is_empty() {
        failures = beyond_bearing(block, l, &harm);
    }
    while !failures.is_empty() {
        for failure in &failures {
            bury(block, l, month, failure);
            revise(block, failure.company);
        }
        for failure in &failures {
            let lost = estate::wind_up(block, l, failure, &mut harm);
            if failure.cause == Cause::WindDown {
                // Whoever closes in order fails only if creditors lose.
                if lost > 0.0 { note(block, l, failure) } else { forget(block, l, failure.company) }
            }
        }
        guarantee::honour(block, l, &mut harm);
        estate::mark_down(block, l);
        failures = followers(block, l, month, &harm);
    }
    harm.clear();
    block.harm = harm;
    block.settlement.dissolve();
    note_share(block, l, month, &owed);
}

/// Debts of each company before anything of the month is paid.
fn owed(block: &Block<'_>, l: usize) -> Vec<f64> {
    let loan = &block.state.loan;
    let mut owed = vec![0.0; block.plan.counts.companies];
    for (k, &i) in block.links.loan.borrower.iter().enumerate() {
        owed[i as usize] += loan.balance[k][l] + loan.principal[k][l];
    }
    owed
}

/// Adds the part of all that was owed that was owed by those who fail this month, of what had not failed before.
fn note_share(block: &mut Block<'_>, l: usize, month: u32, owed: &[f64]) {
    let fails = |i: usize| u32::from(block.failures.month[i][l]) == month;
    let failed: f64 = owed.iter().enumerate().filter(|&(i, _)| fails(i)).map(|(_, owed)| owed).sum();
    let all: f64 = owed.iter().sum();
    if failed > 0.0 {
        let share = &mut block.state.market.failed_share[0][l];
        *share += (1.0 - *share) * (failed / all);
    }
}

/// Writes a failure down as an event.
fn note(block: &mut Block<'_>, l: usize, failure: &Failure) {
    let behind = usize::try_from(failure.trigger).map_or(Party::Nobody, Party::Company);
    let debt = block.failures.debt[failure.company][l];
    ledger::note(block, l, Party::Company(failure.company), behind, Why::Failure, [debt, f64::NAN]);
}

/// Works out again, from what is paid, all that followed from what a company was to pay and to receive.
fn revise(block: &mut Block<'_>, i: usize) {
    marks::earn(Scalar::new(), block, i);
    commission(Scalar::new(), block, i);
}

/// Adds those who close in order and have not failed.
fn add_closing(block: &Block<'_>, l: usize, failures: &mut Vec<Failure>) {
    for &(_, company) in block.exits.closing.iter().filter(|(path, _)| *path == l) {
        if !failures.iter().any(|failure| failure.company == company) {
            failures.push(Failure { company, cause: Cause::WindDown, trigger: -1 });
        }
    }
}

/// A company that closed and owes nobody has not failed.
fn forget(block: &mut Block<'_>, l: usize, i: usize) {
    let f = &mut block.failures;
    block.state.market.failed_debt[0][l] -= f.debt[i][l];
    (f.month[i][l], f.cause[i][l], f.debt[i][l]) = (0, Cause::None as u8, 0.0);
}

/// Moves cash from what everybody was to pay to what is paid; returns those in default.
fn pay(block: &mut Block<'_>, l: usize, harm: &mut Harm) -> Vec<Failure> {
    let s = std::mem::take(&mut block.settlement);
    for place in 0..s.members.len() {
        let debtor = s.members[place] as usize;
        for claim in s.claims_on(place) {
            let missing = claim.amount * (1.0 - s.paid(place, claim.rank));
            if missing > 0.0 {
                withhold(block, l, debtor, claim, missing, harm);
            }
        }
    }
    let mut failures = Vec::new();
    for place in 0..s.members.len() {
        let i = s.members[place] as usize;
        give_way(block, &s, l, place);
        let why = if s.in_default[place] { Why::DefaultCost } else { Why::Rounding };
        ledger::leave(block, l, i, s.left[place], Party::Suppliers, why);
        if s.in_default[place] {
            let soft = s.claims_on(place).iter().filter(|claim| claim.rank > HARD_RANKS);
            let own = s.slack[place] + soft.map(|claim| claim.amount).sum::<f64>();
            failures.push(diagnose(block, l, i, own + clearing::least(block, i, l, s.gross[place]), harm));
        }
    }
    block.settlement = s;
    failures
}

/// Takes back what the payee of a claim does not get.
fn withhold(block: &mut Block<'_>, l: usize, debtor: usize, claim: &Claim, missing: f64, harm: &mut Harm) {
    ledger::take_back(block, l, Party::Company(debtor), claim.payee.into(), missing);
    if let Some(why) = claim.unpaid() {
        ledger::note(block, l, Party::Company(debtor), claim.payee.into(), why, [missing, claim.amount]);
    }
    if let Payee::Company(c) = claim.payee {
        harm.note(c, debtor, missing);
        miss(block, l, c, claim, missing);
    }
    if let Purpose::Loan(k) = claim.purpose {
        let loan = &mut block.state.loan;
        let part = missing / claim.amount * loan.principal[k][l];
        loan.balance[k][l] += part;
        if let Some(debt) = block.state.company.debt.get_mut(debtor) {
            debt[l] += part;
        }
    }
}

/// Spending of a member after ranks 6 to 8 gave way, and the most that it could order.
fn give_way(block: &mut Block<'_>, s: &Settlement, l: usize, place: usize) {
    if s.claims_on(place).is_empty() {
        return;
    }
    let i = s.members[place] as usize;
    block.scratch.clearing.changed.push(i);
    let (firm, flexible) = (s.paid(place, TRADE), s.paid(place, CAPEX));
    block.state.company.discretionary[i][l] *= s.paid(place, DISCRETIONARY);
    block.state.company.payout[i][l] *= s.paid(place, PAYOUT);
    let mut sum = 0.0;
    for &f in block.plan.fleets.of(i) {
        let owed = block.firm_capex(f as usize)[l];
        let capex = &mut block.state.fleet.capex[f as usize][l];
        *capex = firm * owed + flexible * (*capex - owed);
        sum += *capex;
    }
    if let Some(capex) = block.state.company.capex.get_mut(i) {
        capex[l] = sum;
    }
}

/// Corrects what a living creditor was booked to receive.
fn miss(block: &mut Block<'_>, l: usize, creditor: usize, claim: &Claim, missing: f64) {
    match claim.purpose {
        Purpose::Loan(k) => {
            block.scratch.clearing.changed.push(creditor);
            block.state.company.debt_service_received[creditor][l] -= missing;
            block.scratch.debt.interest_received[creditor][l] -=
                missing / claim.amount * block.state.loan.interest[k][l];
        }
        Purpose::Capex(_) => {
            block.scratch.clearing.changed.push(creditor);
            let sold = &mut block.state.company.equipment_revenue[creditor][l];
            *sold = beyond(*sold - missing, *sold);
        }
        _ => {}
    }
}

/// The cause of a default: the first explanation without which the company would not have fallen short.
///
/// `own` is what would be left after ranks 1 to 5 had everybody else paid in full, and a rounding.
fn diagnose(block: &Block<'_>, l: usize, i: usize, own: f64, harm: &Harm) -> Failure {
    let c = &block.state.company;
    let cause = if own >= 0.0 {
        Cause::Contagion
    } else if own + c.accelerated[i][l] >= 0.0 {
        Cause::Covenant
    } else if own + c.maturing[i][l] >= 0.0 {
        Cause::Maturity
    } else if own + c.commitment_excess[i][l] >= 0.0 {
        Cause::Commitment
    } else {
        Cause::Cash
    };
    let trigger = if cause == Cause::Contagion { harm.worst(i) } else { -1 };
    Failure { company: i, cause, trigger }
}

/// Writes a failure down and ends what depends on the company.
fn bury(block: &mut Block<'_>, l: usize, month: u32, failure: &Failure) {
    let i = failure.company;
    let balance = &block.state.loan.balance;
    // An empty sum is -0.0.
    let debt = 0.0 + block.plan.loans.of(i).iter().map(|&k| balance[k as usize][l]).sum::<f64>();
    let f = &mut block.failures;
    (f.month[i][l], f.cause[i][l]) = (month as u16, failure.cause as u8);
    (f.trigger[i][l], f.debt[i][l]) = (failure.trigger, debt);
    if failure.cause != Cause::WindDown {
        note(block, l, failure);
    }
    block.state.company.alive[i][l] = 0.0;
    block.scratch.cascade.has_died[i] = true;
    block.scratch.prices.next_priced[i][l] = block.parameters.market.substitution_premium.at(0, l);
    let m = &mut block.state.market;
    m.failed_debt[0][l] += debt;
    if failure.cause != Cause::WindDown && debt >= block.parameters.market.large_company.at(0, l) {
        m.large_failure[0][l] = 1.0;
    }
    if let Some(died) = block.scratch.bills.died.get_mut(i) {
        died[l] = f64::from(month);
    }
    for &e in block.plan.sales.of(i) {
        orphan(block, l, e as usize);
    }
    if !block.plan.doors.is_empty() {
        block.exits.release(i, l);
    }
}

/// The loss of the customer of a contract with its supplier.
fn orphan(block: &mut Block<'_>, l: usize, e: usize) {
    let customer = block.links.contract.customer[e] as usize;
    let p = &block.parameters.contract;
    let (usage, lost) = (p.usage.at(e, l), 1.0 - p.substitutable.at(e, l));
    let base = block.derived.revenue.at(customer, l).max(block.derived.all_use.at(customer, l));
    let x = &mut block.scratch;
    let weight = if base > 0.0 { usage / base * lost } else { 0.0 };
    if block.parameters.contract.replace_months.at(e, l) > 0.0 {
        x.bills.lost_with[e][l] = weight;
    } else {
        x.bills.lost_weight[customer][l] += weight;
    }
    if block.plan.plain[e] {
        x.bills.lost_supplier[customer] = true;
        x.bills.dead_plain[customer][l] += usage;
        x.bills.lost_plain[customer][l] += usage * lost;
    }
}

/// Those who fail next: losses beyond what they can bear, or collateral that no longer covers a loan that bears no delay.
fn followers(block: &Block<'_>, l: usize, month: u32, harm: &Harm) -> Vec<Failure> {
    let mut failures = beyond_bearing(block, l, harm);
    for &k in &block.plan.on.covenants.instant_calls {
        let i = block.links.loan.borrower[k] as usize;
        let known = failures.iter().any(|failure| failure.company == i);
        if !known && lives(block, i, l) && estate::is_called(block, l, month, k) {
            failures.push(Failure { company: i, cause: Cause::Covenant, trigger: -1 });
        }
    }
    failures
}

/// Those whose losses are more than they can bear.
fn beyond_bearing(block: &Block<'_>, l: usize, harm: &Harm) -> Vec<Failure> {
    let mut failures = Vec::new();
    for &i in &harm.touched {
        let beyond = block.state.company.losses[i][l] > block.parameters.company.loss_capacity.at(i, l);
        if beyond && lives(block, i, l) {
            failures.push(Failure { company: i, cause: Cause::Losses, trigger: harm.worst(i) });
        }
    }
    failures
}

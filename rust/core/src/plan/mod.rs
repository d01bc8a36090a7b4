//! The network of a world, laid out once for all blocks: who belongs to whom, and what can be skipped.

mod groups;
mod stages;

pub use self::groups::{Edges, Groups};
pub use self::stages::{Stage, Step, Whole};

use self::stages::stages;
use crate::exits::Doors;
use crate::model::Uses;
use crate::variables::Entity;
use crate::world::World;

/// Numbers of entities.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    /// Companies.
    pub companies: usize,
    /// Segments.
    pub segments: usize,
    /// Contracts.
    pub contracts: usize,
    /// Loans.
    pub loans: usize,
    /// Fleets.
    pub fleets: usize,
}

/// Parts of the world that rules move, and that would else be taken for fixed.
#[derive(Clone, Copy, Debug)]
pub struct Moved {
    /// Shares of orders.
    pub orders: bool,
    /// Fractions of stakes.
    pub stakes: bool,
    /// Loans, into shares.
    pub conversions: bool,
    /// Fleets, to other owners.
    pub fleets: bool,
}

/// The network, and which features the world uses.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Parts of the model that are on, by file.
    pub on: Uses,
    /// How many of each.
    pub counts: Counts,
    /// Segments by seller.
    pub segments: Groups,
    /// All contracts by customer.
    pub purchases: Groups,
    /// All contracts by supplier.
    pub sales: Groups,
    /// Contracts by customer whose bill is price times use and nothing else.
    pub plain_purchases: Edges,
    /// The same by supplier.
    pub plain_sales: Edges,
    /// The month in stages.
    pub stages: Vec<Stage>,
    /// The other contracts by customer.
    pub special_purchases: Groups,
    /// Whether the bill of the contract is price times use and nothing else.
    pub plain: Vec<bool>,
    /// Commitments by contract.
    pub commitments: Groups,
    /// Loans by borrower.
    pub loans: Groups,
    /// Repayments by loan.
    pub repayments: Groups,
    /// Stakes by issuer.
    pub stakes: Groups,
    /// Fleets by owner.
    pub fleets: Groups,
    /// Orders by fleet.
    pub orders: Groups,
    /// Whether what the company passes on may differ from 1: it buys under contracts, or rules say so.
    pub passes: Vec<bool>,
    /// Whether nothing at all moves the capex plan of the fleet.
    pub still_fleet: Vec<bool>,
    /// Parts of the world that rules move, and that would else be taken for fixed.
    pub moved: Moved,
    /// Whether the maturity of any loan may move.
    pub deferred: bool,
    /// Loans by lender.
    pub lent: Groups,
    /// Ways out.
    pub doors: Doors,
}

/// Whole months: the nearest, half up.
#[inline(always)]
#[must_use]
pub fn to_whole_months(months: f64) -> f64 {
    // Truncation is floor here, months not being negative; `floor` would be a call on the least common machines.
    f64::from((months + 0.5) as i32)
}

impl Plan {
    /// Whether covenants, loans behind contracts or draws come between spending plans and debt service.
    #[must_use]
    pub fn lends(&self) -> bool {
        self.on.covenants.any || self.on.project_loans.any || self.on.credit_lines.any
    }

    /// Lays out the network.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let (p, k) = (&world.parameters, &world.links);
        let counts = Counts {
            companies: p.company.cash.len(),
            segments: k.segment.seller.len(),
            contracts: k.contract.customer.len(),
            loans: k.loan.borrower.len(),
            fleets: k.fleet.owner.len(),
        };
        let n = counts.companies;
        let commitments = Groups::new(counts.contracts, &k.commitment.contract, |_| true);
        let zero = |value: f64| value == 0.0;
        let (on, rules) = (Uses::new(world), world.rules.as_ref());
        let plain = |e: usize| {
            p.contract.price_linked.all(e, |v| v == 1.0)
                && p.contract.revenue_share.all(e, zero)
                && p.contract.routing.all(e, zero)
                && p.contract.level.all(e, |v| v == 1.0)
                && !p.contract.substitutable.is_free(e)
                && p.contract.intensity_trend.all(e, zero)
                && on.prices.tiered.binary_search(&e).is_err()
                && p.company.use_cap.all(k.contract.customer[e] as usize, zero)
                && !on.plans.sellers[k.contract.customer[e] as usize]
                && p.contract.replace_months.all(e, zero)
                && p.contract.follows.all(e, zero)
                && !on.capacity.limited[k.contract.supplier[e] as usize]
                && !on.compute.rents[k.contract.supplier[e] as usize]
                && p.contract.recontract_months.all(e, zero)
                && p.contract.payment_months.all(e, zero)
                && (!on.investment.leases || p.contract.cut_first.all(e, zero))
                && (on.confidence.impatient.is_empty() || p.contract.cut_first.all(e, zero))
                && commitments.of(e).is_empty()
        };
        let plain: Vec<bool> = (0..counts.contracts).map(plain).collect();
        let mut plan = Self {
            counts,
            segments: Groups::new(n, &k.segment.seller, |_| true),
            purchases: Groups::new(n, &k.contract.customer, |_| true),
            sales: Groups::new(n, &k.contract.supplier, |_| true),
            plain_purchases: Edges::new(n, &k.contract.customer, &k.contract.supplier, &p.contract.usage, |e| plain[e]),
            plain_sales: Edges::new(n, &k.contract.supplier, &k.contract.customer, &p.contract.usage, |e| plain[e]),
            stages: Vec::new(),
            special_purchases: Groups::new(n, &k.contract.customer, |e| !plain[e]),
            loans: Groups::new(n, &k.loan.borrower, |_| true),
            repayments: Groups::new(counts.loans, &k.repayment.loan, |_| true),
            stakes: Groups::new(n, &k.stake.issuer, |_| true),
            fleets: Groups::new(n, &k.fleet.owner, |_| true),
            orders: Groups::new(counts.fleets, &k.order.fleet, |_| true),
            passes: vec![false; n],
            still_fleet: Vec::new(),
            moved: Moved {
                orders: (0..k.order.fleet.len()).any(|o| p.order.share.is_free(o)),
                stakes: (0..k.stake.issuer.len()).any(|s| p.stake.fraction.is_free(s)),
                conversions: rules.is_some_and(|rules| !rules.conversions.is_empty()),
                fleets: rules.is_some_and(|rules| !rules.passages.is_empty()),
            },
            deferred: false,
            lent: Groups::new(n, &k.loan.lender, |_| true),
            doors: rules.map(|rules| rules.doors.clone()).unwrap_or_default(),
            commitments,
            plain,
            on,
        };
        let passes = |i| !plan.purchases.of(i).is_empty() || world.is_pushed(Entity::Company, "passed", i);
        plan.passes = (0..n).map(passes).collect();
        let still = |f| {
            plan.on.fleet.steady_fleet[f]
                && plan.on.confidence.impatient.is_empty()
                && !world.is_pushed(Entity::Fleet, "plan", f)
        };
        plan.still_fleet = (0..counts.fleets).map(still).collect();
        let pushed = (0..counts.loans).any(|loan| world.is_pushed(Entity::Loan, "maturity", loan));
        plan.deferred = pushed || plan.on.rescue.workouts || !p.loan.refinance_chance.all_of(zero);
        plan.stages = stages(&plan);
        plan
    }

    /// Takes nothing for granted any more about variables that a host may set. Results are the same bits.
    #[must_use]
    pub fn open(mut self) -> Self {
        let on = &mut self.on;
        (on.prices.list_prices, on.credit_lines.any, on.regimes.gpu_moves) = (true, true, true);
        on.demand.elastic_segment.fill(true);
        on.listed.moves = true;
        self.passes.fill(true);
        self.deferred = true;
        self.still_fleet.fill(false);
        self.stages = stages(&self);
        self
    }
}

/// Whether each company owns a fleet of this kind.
pub(crate) fn owning(world: &World, kind: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut owns = vec![false; world.parameters.company.cash.len()];
    for (f, &owner) in world.links.fleet.owner.iter().enumerate() {
        owns[owner as usize] |= kind(f);
    }
    owns
}

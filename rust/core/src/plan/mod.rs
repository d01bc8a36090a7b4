//! The network of a world, laid out once for all blocks: who belongs to whom, and what can be skipped.

mod features;
mod financing;
mod groups;
mod stages;

pub use self::features::Lives;
pub use self::financing::Financing;
pub use self::groups::{Edges, Groups};
pub use self::stages::{Stage, Step, Whole};

use self::features::{cyclical, elastic, gpu_moves, impatient, limited, list_prices, lives, ring, steady, tiered};
use self::stages::stages;
use crate::exits::Doors;
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

/// The network, and which features the world uses.
#[derive(Clone, Debug)]
pub struct Plan {
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
    /// Whether demand of the segment is random.
    pub noisy_segment: Vec<bool>,
    /// Whether growth of the segment stays as it is.
    pub steady_segment: Vec<bool>,
    /// Whether what the company passes on may differ from 1: it buys under contracts, or rules say so.
    pub passes: Vec<bool>,
    /// Whether volume of the segment answers to price.
    pub elastic_segment: Vec<bool>,
    /// Whether demand of the segment moves with GDP or wealth.
    pub cyclical: Vec<bool>,
    /// Whether rivals pull users away from anybody.
    pub pulls: bool,
    /// Contracts with a price of their own beside that of the supplier.
    pub tiered: Vec<usize>,
    /// Whether the trend of use under the contract fades.
    pub fades: Vec<bool>,
    /// Whether any company caps use.
    pub caps: bool,
    /// Whether use that is moved elsewhere costs anything there.
    pub routed: bool,
    /// Whether demand of any segment moves with GDP, and with wealth.
    pub incomes: bool,
    /// See `incomes`.
    pub wealth: bool,
    /// Whether the capex plan of the fleet stays as it is.
    pub steady_fleet: Vec<bool>,
    /// Whether nothing at all moves the capex plan of the fleet.
    pub still_fleet: Vec<bool>,
    /// Whether the maturity of any loan may move.
    pub deferred: bool,
    /// Whether rivals gain lost demand.
    pub recaptures: bool,
    /// Whether a dead supplier may leave its customers with less.
    pub irreplaceable: bool,
    /// Pledges and loans whose payer sells to who receives the money, and these payers.
    pub financing: Financing,
    /// Contracts by customer that are replaced over time once the supplier is dead.
    pub replaced: Groups,
    /// Whether any company spends at its discretion.
    pub discretionary: bool,
    /// Whether research drives the use of any contract.
    pub follows_research: bool,
    /// Whether anybody pledges cash.
    pub pledges: bool,
    /// Whether the condition of the pledge may never be met.
    pub uncertain: Vec<bool>,
    /// Pledges and loans that pay back a share of what was bought of who gives them.
    pub vendor_pledges: Vec<usize>,
    /// See `vendor_pledges`.
    pub vendor_loans: Vec<usize>,
    /// Whether what investors can put into rounds is limited.
    pub powder: bool,
    /// Whether lenders may agree to workouts.
    pub workouts: bool,
    /// Whether the public may step in.
    pub backstops: bool,
    /// Whether leverage of borrowers counts.
    pub levered: bool,
    /// Whether any loan may pay a spread for leverage or losses of its lender.
    pub margins: bool,
    /// Whether leverage, spreads or losses of lenders count for refinancing.
    pub picky: bool,
    /// Whether losses of lenders count for what they lend.
    pub tightens: bool,
    /// Whether any loan is drawn to restore runway.
    pub standby: bool,
    /// Whether any loan becomes equity.
    pub converts: bool,
    /// Whether growth of costs of the company fades.
    pub cost_fades: Vec<bool>,
    /// Whether any public company may sell new shares.
    pub issues: bool,
    /// Whether burn or the last price count for the chance of a round.
    pub odds_of_burn: bool,
    /// See `odds_of_burn`.
    pub odds_of_price: bool,
    /// Whether growth counts for the chance of a round.
    pub odds_of_growth: bool,
    /// Whether growth counts for any valuation.
    pub growth_premiums: bool,
    /// Whether any capex gives way where there is no room for it.
    pub flexible_capex: bool,
    /// Whether capex is anybody's revenue.
    pub equips: bool,
    /// Whether the company can serve no more than its capacity.
    pub limited: Vec<bool>,
    /// Whether idle capacity is let again.
    pub relets: bool,
    /// Whether the GPU index answers to demand and supply.
    pub clears: bool,
    /// Companies with whose plans patience may run out.
    pub impatient: Vec<usize>,
    /// Whether they drop leases then.
    pub leases: bool,
    /// Whether the capex of any fleet follows the backlog of its owner.
    pub backlogs: bool,
    /// Whether the capex plan of the fleet follows the valuation of its owner.
    pub swayed: Vec<bool>,
    /// Whether anybody pays shareholders.
    pub payouts: bool,
    /// Whether cost of the company is random.
    pub noisy_cost: Vec<bool>,
    /// Whether the loan has a covenant to test.
    pub covenant: Vec<bool>,
    /// Whether any loan has one.
    pub covenants: bool,
    /// Loans with a loan-to-value covenant and no time to cure it.
    pub instant_calls: Vec<usize>,
    /// Whether any loan may be called by the breach of another.
    pub cross_defaults: bool,
    /// Whether any company's list price moves.
    pub list_prices: bool,
    /// Whether a factor counts on top of any list price.
    pub list_levels: bool,
    /// Whether any fixed cost or discretionary plan moves.
    pub cost_trends: bool,
    /// Whether any company may raise a round.
    pub rounds: bool,
    /// Whether any lender or holder can fail by its losses.
    pub loss_limits: bool,
    /// Lag and lives of each fleet, where they are the same in every draw.
    pub lives: Vec<Option<Lives>>,
    /// Whether the GPU index moves.
    pub gpu_moves: bool,
    /// Whether the GPU index may jump, or fear may shut funding.
    pub jumps: bool,
    /// Whether any loan may be drawn.
    pub draws: bool,
    /// Loans by lender.
    pub lent: Groups,
    /// Months that the ring of vintages must remember.
    pub ring: usize,
    /// Ways out.
    pub doors: Doors,
}

/// Whole months: the nearest, half up.
#[inline(always)]
#[must_use]
pub fn whole(months: f64) -> f64 {
    // Truncation is floor here, months not being negative; `floor` would be a call on the least common machines.
    f64::from((months + 0.5) as i32)
}

impl Plan {
    /// Whether covenants or draws come between spending plans and debt service.
    #[must_use]
    pub fn lends(&self) -> bool {
        self.covenants || self.draws
    }

    /// Lays out the network.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a line or two for each feature of the world")]
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
        let (impatient, limited) = (impatient(world), limited(world));
        let plain = |e: usize| {
            p.contract.price_linked.all(e, |v| v == 1.0)
                && p.contract.revenue_share.all(e, zero)
                && p.contract.routing.all(e, zero)
                && p.contract.level.all(e, |v| v == 1.0)
                && !p.contract.substitutable.is_free(e)
                && p.contract.intensity_trend.all(e, zero)
                && !tiered(world, e)
                && p.company.use_cap.all(k.contract.customer[e] as usize, zero)
                && p.contract.replace_months.all(e, zero)
                && p.contract.follows.all(e, zero)
                && !limited[k.contract.supplier[e] as usize]
                && (impatient.is_empty() || p.contract.cut_first.all(e, zero))
                && commitments.of(e).is_empty()
        };
        let plain: Vec<bool> = (0..counts.contracts).map(plain).collect();
        let covenant: Vec<bool> = (0..counts.loans)
            .map(|l| !(p.loan.min_cash.all(l, zero) && p.loan.max_ltv.all(l, zero) && p.loan.min_dscr.all(l, zero)))
            .collect();
        let list_levels = !p.company.list_level.all_of(|v| v == 1.0);
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
            noisy_segment: (0..counts.segments).map(|s| !p.segment.volatility.all(s, zero)).collect(),
            steady_segment: (0..counts.segments).map(|s| p.segment.growth.same(&p.segment.growth_long, s)).collect(),
            passes: vec![false; n],
            elastic_segment: elastic(world),
            cyclical: cyclical(world),
            pulls: !p.recapture.pull.all_of(zero),
            tiered: (0..counts.contracts).filter(|&e| tiered(world, e)).collect(),
            fades: (0..counts.contracts).map(|e| !p.contract.intensity_half_life.all(e, zero)).collect(),
            caps: !p.company.use_cap.all_of(zero),
            routed: !p.contract.routed_cost.all_of(zero),
            incomes: !p.segment.gdp_loading.all_of(zero),
            wealth: !p.segment.wealth_loading.all_of(zero),
            steady_fleet: steady(world),
            still_fleet: Vec::new(),
            deferred: false,
            recaptures: !k.recapture.from.is_empty(),
            irreplaceable: !p.contract.substitutable.all_of(|v| v == 1.0),
            financing: Financing::new(world),
            replaced: Groups::new(n, &k.contract.customer, |e| !p.contract.replace_months.all(e, zero)),
            discretionary: !p.company.discretionary_cost.all_of(zero),
            follows_research: !p.contract.follows.all_of(|v| v != 1.0),
            pledges: !k.pledge.company.is_empty(),
            uncertain: (0..k.pledge.company.len()).map(|g| !p.pledge.chance.all(g, |v| v == 1.0)).collect(),
            vendor_pledges: (0..k.pledge.company.len()).filter(|&g| !p.pledge.of_purchases.all(g, zero)).collect(),
            vendor_loans: (0..counts.loans).filter(|&l| !p.loan.draw_purchases.all(l, zero)).collect(),
            powder: !p.market.dry_powder.all_of(|v| v >= crate::variables::UNLIMITED),
            workouts: ![&p.market.workout_open, &p.market.workout_normal, &p.market.workout_shut]
                .iter()
                .all(|chance| chance.all_of(zero)),
            backstops: !p.market.backstop.all_of(zero),
            levered: !(p.market.spread_leverage.all_of(zero)
                && p.market.refinance_leverage.all_of(zero)
                && p.loan.max_leverage.all_of(zero)
                && p.market.refinance_spread.all_of(zero)),
            margins: !(p.market.spread_leverage.all_of(zero) && p.market.tightening_spread.all_of(zero)),
            picky: !(p.market.refinance_leverage.all_of(zero)
                && p.market.refinance_spread.all_of(zero)
                && p.market.tightening.all_of(zero)),
            tightens: !p.market.tightening.all_of(zero),
            standby: !p.loan.draw_runway.all_of(zero),
            converts: !p.loan.converts.all_of(zero),
            cost_fades: (0..n).map(|i| !p.company.cost_growth_half_life.all(i, zero)).collect(),
            issues: !p.company.equity_runway.all_of(zero),
            odds_of_burn: !p.market.odds_burn.all_of(zero),
            odds_of_growth: !p.market.odds_growth.all_of(zero),
            odds_of_price: !p.market.odds_price.all_of(zero),
            growth_premiums: !p.company.growth_premium.all_of(zero),
            flexible_capex: !p.fleet.committed.all_of(|v| v == 1.0),
            relets: !p.fleet.relet.all_of(zero),
            clears: !p.market.gpu_clearing.all_of(zero),
            leases: !(impatient.is_empty() || p.contract.cut_first.all_of(zero)),
            impatient,
            backlogs: !p.fleet.capex_of_backlog.all_of(zero),
            swayed: (0..counts.fleets).map(|f| !p.fleet.capex_valuation.all(f, zero)).collect(),
            equips: !k.order.vendor.is_empty(),
            payouts: !p.company.payout.all_of(zero),
            noisy_cost: (0..n).map(|i| !p.company.cost_volatility.all(i, zero)).collect(),
            covenants: covenant.contains(&true),
            instant_calls: (0..counts.loans)
                .filter(|&l| !p.loan.cure_months.all(l, |v| whole(v) > 0.0) && !p.loan.max_ltv.all(l, zero))
                .collect(),
            covenant,
            limited,
            cross_defaults: !p.loan.cross_default.all_of(zero),
            list_prices: list_levels || list_prices(world),
            list_levels,
            cost_trends: !(p.company.fixed_cost_growth.all_of(zero)
                && p.company.discretionary_growth.all_of(zero)
                && p.company.cost_growth_half_life.all_of(zero)),
            rounds: !p.company.round_runway.all_of(zero),
            loss_limits: !p.company.loss_capacity.all_of(|v| v >= crate::variables::UNLIMITED),
            lives: (0..counts.fleets).map(|f| lives(world, f)).collect(),
            gpu_moves: gpu_moves(world),
            jumps: !(p.market.gpu_jump_chance.all_of(zero) && p.market.sentiment.all_of(zero)),
            draws: !p.loan.undrawn.all_of(zero)
                || (0..counts.loans).any(|l| world.is_pushed(Entity::Loan, "undrawn", l)),
            lent: Groups::new(n, &k.loan.lender, |_| true),
            ring: ring(world),
            doors: world.rules.as_ref().map(|rules| rules.doors.clone()).unwrap_or_default(),
            commitments,
            plain,
        };
        let passes = |i| !plan.purchases.of(i).is_empty() || world.is_pushed(Entity::Company, "passed", i);
        plan.passes = (0..n).map(passes).collect();
        let still = |f| plan.steady_fleet[f] && plan.impatient.is_empty() && !world.is_pushed(Entity::Fleet, "plan", f);
        plan.still_fleet = (0..counts.fleets).map(still).collect();
        plan.deferred = plan.workouts || !p.loan.refinance_chance.all_of(zero);
        plan.stages = stages(&plan);
        plan
    }

    /// Takes nothing for granted any more about variables that a host may set. Results are the same bits.
    #[must_use]
    pub fn open(mut self) -> Self {
        (self.list_prices, self.draws, self.gpu_moves) = (true, true, true);
        self.passes.fill(true);
        self.still_fleet.fill(false);
        self.elastic_segment.fill(true);
        self.stages = stages(&self);
        self
    }
}

//! Rows that only a month needs.

use crate::column::{ONES, Row, ZERO, zeros};
use crate::plan::Plan;
use crate::wants::Wants;
use std::ops::{Index, IndexMut};

/// Companies that take the steps of a stage together, so that their rows stay in the cache from one step to the next; a power of two.
pub const TILE: usize = 32;

/// Rows that only a month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// What a contract with the company costs relative to the start: its posted price, or the premium once it is dead.
    pub priced: Vec<Row>,
    /// The same for next month, without its list prices.
    pub next_priced: Vec<Row>,
    /// Sum of use times `priced` over the plain contracts the company buys.
    pub plain_cost: Passing,
    /// Price.
    pub price: Passing,
    /// Use of plain contracts with dead suppliers, and the part of it that cannot be replaced.
    pub dead_plain: Vec<Row>,
    /// See `dead_plain`.
    pub lost_plain: Vec<Row>,
    /// Share of activity lost with dead suppliers.
    pub lost_weight: Vec<Row>,
    /// The same by contract, where it is replaced over time, and the month in which each company died.
    pub lost_with: Vec<Row>,
    /// See `lost_with`.
    pub died: Vec<Row>,
    /// List price before the factor on it, where there are such factors.
    pub list: Vec<Row>,
    /// Log of the effective price.
    pub log_price: Passing,
    /// Demand in dollars of the start, gained from rivals, by segment.
    pub recaptured: Vec<Row>,
    /// Sum of the shares that rivals gain of what each segment loses.
    pub claimed: Vec<Row>,
    /// Sales to segments wanted of each company, at prices of the start, and use wanted of it.
    pub wanted_sales: Vec<Row>,
    /// See `wanted_sales`.
    pub wanted_use: Vec<Row>,
    /// What customers of each company have reserved beyond the use they want.
    pub reserved: Vec<Row>,
    /// What limited companies can serve under contracts, and the share of the use wanted that this is.
    pub room: Vec<Row>,
    /// See `room`.
    pub served: Vec<Row>,
    /// Bill of each contract for use that its supplier could not serve, or that was moved elsewhere.
    pub elsewhere: Vec<Row>,
    /// Demand for rented capacity and its supply at the start.
    pub first_demand: Row,
    /// See `first_demand`.
    pub first_supply: Row,
    /// Capex of all companies in month 0, and their value.
    pub first_capex: Row,
    /// See `first_capex`.
    pub first_wealth: Row,
    /// AI revenue, smoothed over about six months.
    pub smooth_ai: Row,
    /// Variance of common demand, and its covariance with the sum of common demand so far.
    pub common_variance: Row,
    /// See `common_variance`.
    pub common_covariance: Row,
    /// Half of what the variance of that sum grows by this month.
    pub common_excess: Row,
    /// Share of use and commitments of each contract that was not dropped.
    pub kept: Vec<Row>,
    /// Price of each contract over what its supplier posts, where any has a price of its own.
    pub tier: Vec<Row>,
    /// Share of its use that each company caps, where any does.
    pub capped: Vec<Row>,
    /// Valuations of the start.
    pub first_valuation: Vec<Row>,
    /// Bill of each contract that says more than price times use.
    pub bills: Vec<Row>,
    /// Interest received.
    pub interest_received: Vec<Row>,
    /// Discretionary spending wanted.
    pub discretionary_wanted: Vec<Row>,
    /// Capex that cannot be cut.
    pub committed_capex: Passing,
    /// Capex wanted of each fleet that cannot be cut.
    pub committed: Vec<Row>,
    /// Value of each fleet's vintages at cost.
    pub vintage_value: Vec<Row>,
    /// Capex paid.
    pub capex: Passing,
    /// Capex paid outside the network, by company.
    pub capex_outside: Vec<Row>,
    /// Cash after the clearing, until it takes the place of cash before it; then this.
    pub other_cash: Vec<Row>,
    /// What the company of a pledge paid the investor last month.
    pub paid_investor: Vec<Row>,
    /// What the borrower of a loan paid the lender last month.
    pub paid_lender: Vec<Row>,
    /// Rounds asked of investors whose means are limited, by company.
    pub asked: Vec<Row>,
    /// Cash at the end if all pay.
    pub end: Passing,
    /// Normals of demand drawn for the three months to come, by segment.
    pub demand: [Vec<Row>; 3],
    /// Normals of cost drawn for the three months to come, by company.
    pub cost: [Vec<Row>; 3],
    /// Whether one of the borrower's loans was called.
    pub called: Vec<Row>,
    /// Price of each class of assets after the marks of forced sales.
    pub asset_price: [Row; 3],
    /// Common luck of rounds this month.
    pub round_luck: Row,
    /// Least cash of any company if all pay, where it is negative.
    pub worst: Row,
    /// Companies that fall short on any path.
    pub short: Vec<u32>,
    /// Companies whose flows the clearing of a path changed.
    pub changed: Vec<usize>,
    /// What exits of the month brought to `capital`.
    pub proceeds: Row,
    /// What is asked of each company, by all that ask alike; then the share of it that it pays.
    pub asked_of: Vec<Row>,
    /// What is to be drawn of each loan: for capex and purchases, and to restore runway.
    pub draw: Vec<Row>,
    /// See `draw`.
    pub standby: Vec<Row>,
    /// What all standby loans of each company offer, and the most that one of them is to restore.
    pub offered: Vec<Row>,
    /// See `offered`.
    pub needed: Vec<Row>,
    /// Tranche of each pledge.
    pub tranche: Vec<Row>,
    /// What a rule or a host took of each company beyond its cash, due this month.
    pub levied: Vec<Row>,
    /// Whether that is anything.
    pub levies: bool,
    /// What the schedule leaves of each loan that matures this month; read only where it does.
    pub balloon: Vec<Row>,
    /// Whether `maturing` of the company is not zero.
    pub matured: Vec<bool>,
    /// Whether `raised` of the company is not zero.
    pub has_raised: Vec<bool>,
    /// Whether the company has died on any path.
    pub thinned: Vec<bool>,
    /// Whether `dead_plain` of the company is not zero.
    pub bereft: Vec<bool>,
    /// Fire-sale value sold this month, by class and lane.
    pub sold: [Row; 3],
}

impl Scratch {
    /// Sets everything back to zero.
    pub(crate) fn clear(&mut self) {
        for rows in [&mut self.dead_plain, &mut self.lost_plain, &mut self.lost_weight, &mut self.recaptured] {
            rows.fill(ZERO);
        }
        for rows in self.demand.iter_mut().chain(&mut self.cost) {
            rows.fill(ZERO);
        }
        self.list.fill(ONES);
        self.vintage_value.fill(ZERO);
        self.interest_received.fill(ZERO);
        self.kept.fill(ONES);
        self.lost_with.fill(ZERO);
        self.died.fill(ZERO);
        for flags in [&mut self.matured, &mut self.has_raised, &mut self.thinned, &mut self.bereft] {
            flags.fill(false);
        }
        self.asked.fill(ZERO);
        self.levied.fill(ZERO);
        self.levies = false;
        self.short.clear();
        (self.sold, self.round_luck, self.worst, self.proceeds) = ([ZERO; 3], ZERO, ZERO, ZERO);
        self.first_capex = ZERO;
        (self.common_variance, self.common_covariance) = (ZERO, ZERO);
    }

    pub(crate) fn new(plan: &Plan, wants: Wants) -> Self {
        let (c, limits) = (plan.counts, plan.limited.contains(&true));
        let reserves = wants.demand && (0..c.contracts).any(|e| !plan.commitments.of(e).is_empty());
        let (companies, segments, fleets) =
            (|| zeros(ZERO, c.companies), || zeros(ZERO, c.segments), || zeros(ZERO, c.fleets));
        let passing = |far: bool| Passing::new(c.companies, far);
        Self {
            priced: companies(),
            next_priced: companies(),
            plain_cost: passing(plan.recaptures),
            price: passing(plan.recaptures),
            dead_plain: companies(),
            lost_plain: companies(),
            lost_weight: companies(),
            lost_with: if plan.replaced.is_empty() { Vec::new() } else { zeros(ZERO, c.contracts) },
            died: if plan.replaced.is_empty() { Vec::new() } else { companies() },
            list: if plan.list_levels { zeros(ONES, c.companies) } else { Vec::new() },
            log_price: passing(plan.recaptures),
            recaptured: segments(),
            claimed: segments(),
            bills: if plan.special_purchases.is_empty() { Vec::new() } else { zeros(ZERO, c.contracts) },
            wanted_sales: if wants.demand { companies() } else { Vec::new() },
            wanted_use: if wants.demand { companies() } else { Vec::new() },
            reserved: if reserves { companies() } else { Vec::new() },
            room: if limits { companies() } else { Vec::new() },
            served: if limits { zeros(ONES, c.companies) } else { Vec::new() },
            elsewhere: if limits || plan.routed { zeros(ZERO, c.contracts) } else { Vec::new() },
            first_demand: ZERO,
            first_supply: ZERO,
            first_capex: ZERO,
            smooth_ai: ZERO,
            common_variance: ZERO,
            common_covariance: ZERO,
            common_excess: ZERO,
            first_wealth: ZERO,
            tier: if plan.tiered.is_empty() { Vec::new() } else { zeros(ONES, c.contracts) },
            capped: if plan.caps { zeros(ZERO, c.companies) } else { Vec::new() },
            kept: if plan.leases { zeros(ONES, c.contracts) } else { Vec::new() },
            first_valuation: if plan.swayed.contains(&true) { companies() } else { Vec::new() },
            interest_received: companies(),
            discretionary_wanted: companies(),
            committed_capex: passing(plan.lends() || plan.pledges || plan.powder || !plan.doors.is_empty()),
            committed: if plan.flexible_capex { fleets() } else { Vec::new() },
            vintage_value: fleets(),
            capex_outside: companies(),
            other_cash: companies(),
            paid_investor: if plan.vendor_pledges.is_empty() { Vec::new() } else { zeros(ZERO, plan.uncertain.len()) },
            paid_lender: if plan.vendor_loans.is_empty() { Vec::new() } else { zeros(ZERO, c.loans) },
            asked: if plan.powder { companies() } else { Vec::new() },
            end: passing(plan.equips),
            capex: passing(plan.equips),
            demand: [segments(), segments(), segments()],
            cost: [companies(), companies(), companies()],
            called: companies(),
            asset_price: [ONES; 3],
            round_luck: ZERO,
            worst: ZERO,
            short: Vec::new(),
            changed: Vec::new(),
            proceeds: ZERO,
            asked_of: if plan.lends() || plan.pledges { companies() } else { Vec::new() },
            draw: zeros(ZERO, c.loans),
            standby: if plan.standby { zeros(ZERO, c.loans) } else { Vec::new() },
            offered: if plan.standby { companies() } else { Vec::new() },
            needed: if plan.standby { companies() } else { Vec::new() },
            tranche: if plan.pledges { zeros(ZERO, plan.uncertain.len()) } else { Vec::new() },
            levied: companies(),
            levies: false,
            balloon: zeros(ZERO, c.loans),
            matured: zeros(false, c.companies),
            has_raised: zeros(false, c.companies),
            thinned: zeros(false, c.companies),
            bereft: zeros(false, c.companies),
            sold: [ZERO; 3],
        }
    }
}

/// The row that tells where a company lives; ones, which are always at hand, as long as it lives everywhere.
#[inline(always)]
#[must_use]
pub fn living<'r>(alive: &'r [Row], thinned: &[bool], company: usize) -> &'r Row {
    if thinned[company] { &alive[company] } else { &ONES }
}

/// Rows by company that pass from one step of a stage to the next: those of a tile are enough, and stay in the cache.
#[derive(Clone, Debug)]
pub struct Passing {
    rows: Vec<Row>,
    mask: usize,
}

impl Passing {
    /// Rows that pass between steps of one stage, or `far`.
    fn new(companies: usize, far: bool) -> Self {
        if far {
            Self { rows: zeros(ZERO, companies), mask: usize::MAX }
        } else {
            Self { rows: zeros(ZERO, TILE), mask: TILE - 1 }
        }
    }
}

impl Index<usize> for Passing {
    type Output = Row;

    #[inline(always)]
    fn index(&self, company: usize) -> &Row {
        &self.rows[company & self.mask]
    }
}

impl IndexMut<usize> for Passing {
    #[inline(always)]
    fn index_mut(&mut self, company: usize) -> &mut Row {
        &mut self.rows[company & self.mask]
    }
}

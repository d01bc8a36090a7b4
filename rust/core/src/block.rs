//! The state of a block of paths at work: variables, vintages, and the rows that only a month needs.

use crate::column::{LANES, Row, ZERO};
use crate::draw::Draws;
use crate::inputs::{Addresses, Inputs};
use crate::math::exp;
use crate::plan::{Plan, whole};
use crate::variables::{Entity, Links, Parameters, State};
use std::f64::consts::LN_2;

/// One row each.
pub const ONES: Row = [1.0; LANES];

/// Why a company failed; the number is its code in results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// It has not.
    None = 0,
    /// It ran out of cash by itself.
    Cash = 1,
    /// Its debtors did not pay.
    Contagion = 2,
    /// A covenant broke and the balance was called.
    Covenant = 3,
    /// A balance matured and could not be refinanced.
    Maturity = 4,
    /// Take-or-pay above its use.
    Commitment = 5,
    /// Losses on claims and holdings.
    Losses = 6,
}

impl Cause {
    /// Names by code.
    pub const NAMES: [&'static str; 7] = ["none", "cash", "contagion", "covenant", "maturity", "commitment", "losses"];
}

/// What is written down when a company fails, one entry for each company and lane.
#[derive(Clone, Debug)]
pub struct Failures {
    /// Month of failure, 0 if none.
    pub month: Vec<[u16; LANES]>,
    /// Cause by code.
    pub cause: Vec<[u8; LANES]>,
    /// The company behind it, -1 if none.
    pub trigger: Vec<[i32; LANES]>,
    /// Debt when it failed.
    pub debt: Vec<Row>,
}

/// Rows that only a month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Cash at the start of the month.
    pub cash_before: Vec<Row>,
    /// What a contract with the company costs relative to the start: its posted price, or the premium once it is dead.
    pub priced: Vec<Row>,
    /// Sum of use times `priced` over the plain contracts the company buys.
    pub plain_cost: Vec<Row>,
    /// Use of plain contracts with dead suppliers, and the part of it that cannot be replaced.
    pub dead_plain: Vec<Row>,
    /// See `dead_plain`.
    pub lost_plain: Vec<Row>,
    /// Share of activity lost with dead suppliers.
    pub lost_weight: Vec<Row>,
    /// Log of the effective price.
    pub log_price: Vec<Row>,
    /// Demand in dollars of the start, gained from rivals, by segment.
    pub recaptured: Vec<Row>,
    /// Volume in dollars of the start, by company.
    pub volume: Vec<Row>,
    /// What customers use this month.
    pub used_next: Vec<Row>,
    /// Bills paid outside the network.
    pub bills_outside: Vec<Row>,
    /// Bill of each contract that says more than price times use.
    pub bills: Vec<Row>,
    /// Debt service due to `capital`.
    pub service_outside: Vec<Row>,
    /// Interest received.
    pub interest_received: Vec<Row>,
    /// Discretionary spending wanted.
    pub discretionary_wanted: Vec<Row>,
    /// Capex that cannot be cut.
    pub committed_capex: Vec<Row>,
    /// Capex wanted of each fleet that cannot be cut.
    pub committed: Vec<Row>,
    /// Capacity that retires this month, by fleet.
    pub retired: Vec<Row>,
    /// Value of each fleet's vintages at cost.
    pub vintage_value: Vec<Row>,
    /// Capex paid outside the network, by company.
    pub capex_outside: Vec<Row>,
    /// Capex of the month before.
    pub capex_before: Vec<Row>,
    /// Cash at the end if all pay.
    pub end: Vec<Row>,
    /// Normals of demand for the four months of a block, by segment.
    pub demand: [Vec<Row>; 4],
    /// Normals of cost for the four months of a block, by company.
    pub cost: [Vec<Row>; 4],
    /// Whether one of the borrower's loans was called.
    pub called: Vec<Row>,
    /// Largest imbalance so far, relative to the flow.
    pub imbalance: f64,
    /// Balances of companies and sectors before the month, without sign.
    pub balances: Row,
    /// Gross flows of the month and balances of the sectors before it, by lane.
    pub flow: Row,
    /// See `flow`.
    pub sectors_before: Row,
    /// Price of each class of assets after the marks of forced sales.
    pub asset_price: [Row; 3],
    /// Common luck of rounds this month.
    pub round_luck: Row,
    /// Fire-sale value sold this month, by class and lane.
    pub sold: [Row; 3],
}

/// Numbers that follow from the parameters, by lane.
#[derive(Clone, Debug)]
pub struct Derived {
    /// Revenue of segments and contracts at the start.
    pub revenue: Vec<Row>,
    /// Growth of segments at the start.
    pub growth: Vec<Row>,
    /// Use under price-linked contracts bought, and all contracts bought.
    pub linked_use: Vec<Row>,
    /// See `linked_use`.
    pub all_use: Vec<Row>,
    /// A month's decay of the gap between growth now and in the long run, by segment and by fleet.
    pub segment_decay: Vec<Row>,
    /// See `segment_decay`.
    pub fleet_decay: Vec<Row>,
    /// A month's growth factors.
    pub fixed_step: Vec<Row>,
    /// Of the discretionary plan.
    pub research_step: Vec<Row>,
    /// Of the list price.
    pub list_step: Vec<Row>,
    /// A month's decay of price marks.
    pub impact_decay: Row,
}

/// A block of paths.
#[derive(Debug)]
pub struct Block<'a> {
    /// The network.
    pub plan: &'a Plan,
    /// Parameters of the lanes.
    pub parameters: Parameters<'a>,
    /// Who belongs to whom.
    pub links: Links<'a>,
    /// Where random numbers are found.
    pub addresses: Addresses<'a>,
    /// Random numbers of the lanes.
    pub draws: Draws,
    /// Variables.
    pub state: State,
    /// Rows of the month.
    pub scratch: Scratch,
    /// Numbers that follow from the parameters.
    pub derived: Derived,
    /// Capex paid, by month modulo the ring and by fleet.
    pub vintages: Vec<Row>,
    /// Failures so far.
    pub failures: Failures,
    /// Lanes that hold a path.
    pub live: usize,
    /// Memory of the settlement of a path.
    pub settlement: crate::month::clearing::Settlement,
    /// Harm done on the path that is being settled.
    pub harm: crate::month::cascade::Harm,
    /// Debts of the company that is being wound up.
    pub debts: Vec<crate::month::estate::Debt>,
}

impl Scratch {
    /// Sets everything back to zero.
    fn clear(&mut self) {
        for rows in [&mut self.dead_plain, &mut self.lost_plain, &mut self.lost_weight, &mut self.recaptured] {
            rows.fill(ZERO);
        }
        for rows in self.demand.iter_mut().chain(&mut self.cost) {
            rows.fill(ZERO);
        }
        for rows in [&mut self.vintage_value, &mut self.service_outside, &mut self.interest_received] {
            rows.fill(ZERO);
        }
        (self.imbalance, self.flow, self.sold, self.round_luck) = (0.0, ZERO, [ZERO; 3], ZERO);
    }

    fn new(plan: &Plan) -> Self {
        let c = plan.counts;
        let (companies, segments, fleets) =
            (|| vec![ZERO; c.companies], || vec![ZERO; c.segments], || vec![ZERO; c.fleets]);
        Self {
            cash_before: companies(),
            priced: companies(),
            plain_cost: companies(),
            dead_plain: companies(),
            lost_plain: companies(),
            lost_weight: companies(),
            log_price: companies(),
            recaptured: segments(),
            volume: companies(),
            used_next: companies(),
            bills_outside: companies(),
            bills: if plan.special_purchases.is_empty() { Vec::new() } else { vec![ZERO; c.contracts] },
            service_outside: companies(),
            interest_received: companies(),
            discretionary_wanted: companies(),
            committed_capex: companies(),
            committed: fleets(),
            retired: fleets(),
            vintage_value: fleets(),
            capex_outside: companies(),
            capex_before: companies(),
            end: companies(),
            demand: [segments(), segments(), segments(), segments()],
            cost: [companies(), companies(), companies(), companies()],
            called: companies(),
            imbalance: 0.0,
            balances: ZERO,
            flow: ZERO,
            sectors_before: ZERO,
            asset_price: [ONES; 3],
            round_luck: ZERO,
            sold: [ZERO; 3],
        }
    }
}

impl<'a> Block<'a> {
    /// Memory for blocks of a world; [`Block::start`] makes it ready.
    #[must_use]
    pub fn new(inputs: &Inputs<'a>, plan: &'a Plan) -> Self {
        let c = plan.counts;
        let (companies, segments, fleets) =
            (|| vec![ZERO; c.companies], || vec![ZERO; c.segments], || vec![ZERO; c.fleets]);
        let count = |entity| match entity {
            Entity::Company => c.companies,
            Entity::Segment => c.segments,
            Entity::Loan => c.loans,
            Entity::Fleet => c.fleets,
            _ => 1,
        };
        Self {
            plan,
            parameters: inputs.parameters.clone(),
            links: inputs.links,
            addresses: inputs.addresses,
            draws: Draws::new(0, [0; LANES]),
            state: State::zeros(count),
            scratch: Scratch::new(plan),
            derived: Derived {
                revenue: companies(),
                growth: companies(),
                linked_use: companies(),
                all_use: companies(),
                segment_decay: segments(),
                fleet_decay: fleets(),
                fixed_step: companies(),
                research_step: companies(),
                list_step: companies(),
                impact_decay: ZERO,
            },
            vintages: vec![ZERO; plan.ring * c.fleets],
            failures: Failures {
                month: vec![[0; LANES]; c.companies],
                cause: vec![[0; LANES]; c.companies],
                trigger: vec![[-1; LANES]; c.companies],
                debt: vec![ZERO; c.companies],
            },
            live: LANES,
            settlement: crate::month::clearing::Settlement::new(plan),
            harm: crate::month::cascade::Harm::new(c.companies),
            debts: Vec::new(),
        }
    }

    /// Puts the block at month 0 of `live` paths from `first` on, path p belonging to draw `p / replicates` modulo `draws`.
    pub fn start(&mut self, seed: u64, first: u64, live: usize, replicates: u64, first_draw: u64, draws: usize) {
        let paths = std::array::from_fn(|l| first + l as u64);
        self.live = live;
        self.draws = Draws::new(seed, paths);
        let last = draws.saturating_sub(1) as u64;
        self.parameters.select(&paths.map(|p| ((p / replicates).saturating_sub(first_draw)).min(last) as usize));
        self.state.clear();
        self.vintages.fill(ZERO);
        self.failures.month.fill([0; LANES]);
        self.failures.cause.fill([0; LANES]);
        self.failures.trigger.fill([-1; LANES]);
        self.failures.debt.fill(ZERO);
        // Nothing of the block before may be seen: a path must not depend on which thread ran what.
        self.scratch.clear();
        self.derive();
        self.start_market();
        self.start_companies();
        self.start_segments();
        self.start_loans();
        self.start_fleets();
        crate::month::marks::value_at_start(self);
    }

    /// Numbers that follow from the parameters.
    fn derive(&mut self) {
        self.derive_uses();
        self.derive_revenue();
        self.derive_steps();
    }

    fn derive_uses(&mut self) {
        let (p, d) = (&self.parameters, &mut self.derived);
        for i in 0..self.plan.counts.companies {
            let (mut linked, mut all) = (ZERO, ZERO);
            for &e in self.plan.purchases.of(i) {
                let (usage, flag) = (p.contract.usage.row(e as usize), p.contract.price_linked.row(e as usize));
                for l in 0..LANES {
                    linked[l] += usage[l] * flag[l];
                    all[l] += usage[l];
                }
            }
            d.linked_use[i] = linked;
            d.all_use[i] = all;
        }
    }

    fn derive_revenue(&mut self) {
        let (p, d) = (&self.parameters, &mut self.derived);
        for i in 0..self.plan.counts.companies {
            let (mut segments, mut weighted, mut used) = (ZERO, ZERO, ZERO);
            for &s in self.plan.segments.of(i) {
                let (revenue, growth) = (p.segment.revenue.row(s as usize), p.segment.growth.row(s as usize));
                for l in 0..LANES {
                    segments[l] += revenue[l];
                    weighted[l] += revenue[l] * growth[l];
                }
            }
            for &e in self.plan.sales.of(i) {
                let usage = p.contract.usage.row(e as usize);
                for l in 0..LANES {
                    used[l] += usage[l];
                }
            }
            for l in 0..LANES {
                d.revenue[i][l] = segments[l] + used[l];
                let growth = if segments[l] > 0.0 { weighted[l] / segments[l] } else { 0.0 };
                d.growth[i][l] = growth.clamp(-2.0, 3.0);
            }
            self.state.company.used[i] = used;
        }
    }

    fn derive_steps(&mut self) {
        let (p, d) = (&self.parameters, &mut self.derived);
        let monthly = |rate: Row| rate.map(|x| exp(x / 12.0));
        let halving = |months: Row| months.map(|x| exp(-LN_2 / x));
        for i in 0..self.plan.counts.companies {
            d.fixed_step[i] = monthly(p.company.fixed_cost_growth.row(i));
            d.research_step[i] = monthly(p.company.discretionary_growth.row(i));
            d.list_step[i] = monthly(p.company.price_trend.row(i));
        }
        for s in 0..self.plan.counts.segments {
            d.segment_decay[s] = halving(p.segment.growth_half_life.row(s));
        }
        for f in 0..self.plan.counts.fleets {
            d.fleet_decay[f] = halving(p.fleet.capex_growth_half_life.row(f));
        }
        d.impact_decay = halving(p.market.impact_half_life.row(0));
    }

    fn start_market(&mut self) {
        let (p, m) = (&self.parameters.market, &mut self.state.market);
        m.regime[0] = p.regime.row(0);
        m.listing[0] = p.listing.row(0);
        m.gpu_index[0] = ONES;
        m.gdp[0] = p.gdp_start.row(0);
    }

    fn start_companies(&mut self) {
        let (p, c) = (&self.parameters.company, &mut self.state.company);
        for i in 0..self.plan.counts.companies {
            c.cash[i] = p.cash.row(i);
            for rows in [&mut c.alive, &mut c.list_price, &mut c.passed, &mut c.price, &mut c.effective_price] {
                rows[i] = ONES;
            }
            for rows in
                [&mut c.input_cost, &mut c.capability, &mut c.activity, &mut c.fixed_level, &mut c.research_level]
            {
                rows[i] = ONES;
            }
            c.research[i] = ONES;
            c.runway[i] = [120.0; LANES];
            c.growth[i] = self.derived.growth[i];
            c.revenue[i] = self.derived.revenue[i];
        }
    }

    fn start_segments(&mut self) {
        let (p, s) = (&self.parameters.segment, &mut self.state.segment);
        for k in 0..self.plan.counts.segments {
            s.growth[k] = p.growth.row(k);
            s.trend[k] = ONES;
            s.response[k] = ONES;
            s.volume[k] = ONES;
            s.revenue[k] = p.revenue.row(k);
        }
    }

    fn start_loans(&mut self) {
        let (p, s) = (&self.parameters.loan, &mut self.state.loan);
        for k in 0..self.plan.counts.loans {
            s.balance[k] = p.balance.row(k);
            s.undrawn[k] = p.undrawn.row(k);
            s.maturity[k] = p.maturity.row(k).map(whole);
            let debt = &mut self.state.company.debt[self.links.loan.borrower[k] as usize];
            for l in 0..LANES {
                debt[l] += s.balance[k][l];
            }
        }
    }

    /// Spreads the cost of each fleet over its vintages.
    fn start_fleets(&mut self) {
        for f in 0..self.plan.counts.fleets {
            self.state.fleet.plan[f] = ONES;
            self.state.fleet.growth[f] = self.parameters.fleet.capex_growth.row(f);
            self.start_capex(f);
            for l in 0..LANES {
                self.start_vintages(f, l);
            }
        }
    }

    /// Capex of month 0, which the draws of month 1 finance.
    fn start_capex(&mut self, f: usize) {
        let p = &self.parameters.fleet;
        let (plan, of_revenue) = (p.capex.row(f), p.capex_of_revenue.row(f));
        let owner = self.links.fleet.owner[f] as usize;
        let revenue = &self.derived.revenue[owner];
        let capex = &mut self.state.company.capex[owner];
        for l in 0..LANES {
            capex[l] += plan[l] + of_revenue[l] * revenue[l];
        }
    }

    fn start_vintages(&mut self, f: usize, l: usize) {
        let p = &self.parameters.fleet;
        let (life, book) = (whole(p.economic_life.at(f, l)), whole(p.book_life.at(f, l)));
        let span = whole(p.age_span.at(f, l)).min(life - 1.0).max(1.0);
        let lag = whole(p.lag.at(f, l));
        let vintage = p.cost.at(f, l) / span;
        for age in 1..=span as usize {
            let place = self.ring_place(0, age + lag as usize);
            self.vintages[place * self.plan.counts.fleets + f][l] += vintage;
            let age = age as f64;
            self.state.fleet.depreciation[f][l] += if age < book { vintage / book } else { 0.0 };
            self.state.fleet.capacity[f][l] += if age < life { vintage } else { 0.0 };
            self.scratch.vintage_value[f][l] += vintage * (1.0 - age / life).max(0.0);
        }
    }

    /// Place in the ring of the month `back` months before `month`.
    #[inline(always)]
    #[must_use]
    pub fn ring_place(&self, month: usize, back: usize) -> usize {
        (month + self.plan.ring * 1024 - back) % self.plan.ring
    }
}

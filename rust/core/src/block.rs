//! The state of a block of paths at work: variables, vintages, and the rows that only a month needs.

use crate::column::{Known, LANES, ONES, Row, ZERO, zeros};
use crate::draw::Draws;
use crate::inputs::{Addresses, Inputs};
use crate::math::exp;
use crate::month::TILE;
use crate::month::clearing::Sums;
use crate::month::{backlog, capacity};
use crate::pack::{Packs, packs};
use crate::plan::{Plan, whole};
use crate::rule::{Lever, Memory, Target};
use crate::variables::{Entity, FleetParameters, Links, PARAMETERS, Parameter, Parameters, State, VARIABLES};
use pulp::Simd;
use std::f64::consts::LN_2;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// Burn that rounding may leave, as a share of a company's size at the start.
const ROUNDING: f64 = 1e-12;

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
    /// List price before the factor on it, where there are such factors.
    pub list: Vec<Row>,
    /// Log of the effective price.
    pub log_price: Passing,
    /// Demand in dollars of the start, gained from rivals, by segment.
    pub recaptured: Vec<Row>,
    /// Sales to segments wanted of each company, at prices of the start, and use wanted of it.
    pub wanted_sales: Vec<Row>,
    /// See `wanted_sales`.
    pub wanted_use: Vec<Row>,
    /// What limited companies can serve under contracts, and the share of the use wanted that this is.
    pub room: Vec<Row>,
    /// See `room`.
    pub served: Vec<Row>,
    /// Bill of each contract for use that its limited supplier could not serve.
    pub elsewhere: Vec<Row>,
    /// Demand for rented capacity and its supply at the start.
    pub first_demand: Row,
    /// See `first_demand`.
    pub first_supply: Row,
    /// Share of use and commitments of each contract that was not dropped.
    pub kept: Vec<Row>,
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
    /// Cash that came before the clearing.
    pub moved: Moved,
    /// Cash at the end if all pay.
    pub end: Passing,
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
    /// Change of cash of all companies.
    pub change: Row,
    /// Least cash of any company if all pay, where it is negative.
    pub worst: Row,
    /// Companies that fall short on any path.
    pub short: Vec<u32>,
    /// Flows to and from the sectors.
    pub sums: Sums,
    /// Whether `maturing` of the company is not zero.
    pub matured: Vec<bool>,
    /// Whether `raised` of the company is not zero.
    pub has_raised: Vec<bool>,
    /// Fire-sale value sold this month, by class and lane.
    pub sold: [Row; 3],
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
            Self { rows: vec![ZERO; companies], mask: usize::MAX }
        } else {
            Self { rows: vec![ZERO; TILE], mask: TILE - 1 }
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

/// Cash that came to companies in the month before the clearing: rounds, pledges and draws.
#[derive(Clone, Debug)]
pub struct Moved {
    rows: Vec<Row>,
    any: Vec<bool>,
}

impl Moved {
    /// Notes what came on one path.
    #[inline(always)]
    pub fn note(&mut self, company: usize, lane: usize, amount: f64) {
        self.rows[company][lane] += amount;
        self.any[company] = true;
    }

    /// Takes it back from cash before the clearing, which leaves cash before the month, and forgets it.
    #[inline(always)]
    pub fn take_back<S: Simd>(&mut self, s: S, company: usize, cash: &mut Row) {
        if std::mem::take(&mut self.any[company]) {
            let row = &mut self.rows[company];
            for k in packs::<S>() {
                cash.put(k, cash.pack(s, k) - row.pack(s, k));
            }
            *row = ZERO;
        }
    }

    fn clear(&mut self) {
        self.rows.fill(ZERO);
        self.any.fill(false);
    }
}

/// Numbers that follow from the parameters.
#[derive(Clone, Debug)]
pub struct Derived {
    /// Whether they hold for every block.
    settled: bool,
    /// Revenue of segments and contracts at the start, and its reciprocal (0 if there is none).
    pub revenue: Known,
    /// See `revenue`.
    pub per_revenue: Known,
    /// What its segments bring at the start.
    pub sold: Known,
    /// What customers use at the start.
    pub used: Known,
    /// Growth of segments at the start.
    pub growth: Known,
    /// Use under all contracts bought.
    pub all_use: Known,
    /// Reciprocal of use under price-linked contracts bought (0 if there is none), and this use as a share of revenue.
    pub per_linked_use: Known,
    /// See `per_linked_use`.
    pub input_share: Known,
    /// Reciprocal of the lag of prices.
    pub per_price_lag: Known,
    /// Reciprocal of the runway below which research is cut (0 if there is none).
    pub per_cut_runway: Known,
    /// Burn up to which it is nothing but rounding.
    pub least_burn: Known,
    /// A month's decay of the gap between growth now and in the long run, by segment and by fleet.
    pub segment_decay: Known,
    /// See `segment_decay`.
    pub fleet_decay: Known,
    /// What does not change in a month's growth of a trend.
    pub segment_drift: Known,
    /// Standard deviation of a month's growth of a trend.
    pub segment_noise: Known,
    /// Reciprocal of the months that volume takes to answer.
    pub per_adjustment: Known,
    /// A month's growth factors.
    pub fixed_step: Known,
    /// Of the discretionary plan.
    pub research_step: Known,
    /// Of the list price.
    pub list_step: Known,
    /// Cost of each vintage of a fleet at the start, and of those in use; their value at cost, and their depreciation.
    pub vintage: Known,
    /// See `vintage`.
    pub capacity: Known,
    /// See `vintage`.
    pub worth: Known,
    /// See `vintage`.
    pub depreciation: Known,
    /// A month's decay of price marks.
    pub impact_decay: Row,
}

/// What nobody needs is not worked out, unless it is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Wants {
    /// Research plans.
    pub research: bool,
    /// Cash flow before debt service.
    pub cover: bool,
    /// Sums over the whole economy.
    pub gauges: bool,
    /// Backlogs.
    pub backlog: bool,
    /// What is wanted of companies, and their utilisation.
    pub demand: bool,
    /// Book values of fleets.
    pub books: bool,
    /// Book value of what stands idle.
    pub stranded: bool,
}

/// Variables that have rows only where they are recorded, or where a formula of this world reads them.
fn is_read(plan: &Plan, wants: Wants, entity: Entity, name: &str) -> bool {
    match (entity, name) {
        (
            Entity::Company,
            "input_cost" | "price" | "effective_price" | "capability" | "net_cash_flow" | "burn" | "debt",
        )
        | (Entity::Segment, "volume")
        | (Entity::Fleet, "value" | "wanted") => false,
        (Entity::Company, "capex") => plan.draws || wants.cover || wants.gauges,
        (Entity::Segment, "revenue") => wants.gauges,
        (Entity::Company, "fleet_value") => plan.covenants,
        (Entity::Company, "smooth_cover" | "smooth_service") => wants.cover,
        (Entity::Company, "growth") => plan.odds_of_growth || plan.odds_of_burn,
        (Entity::Company, "revenue") => plan.odds_of_burn,
        (Entity::Company, "valuation") => plan.rounds || plan.swayed.contains(&true),
        (Entity::Company, "demand" | "utilisation") => wants.demand,
        (Entity::Fleet, "book_value") => wants.books,
        (Entity::Company, "backlog") => plan.backlogs,
        (Entity::Fleet, "strikes") => !plan.impatient.is_empty(),
        _ => true,
    }
}

/// Gauges of the whole economy.
const GAUGES: [&str; 11] = [
    "gdp",
    "capex",
    "capex_gdp",
    "capex_change",
    "gdp_effect",
    "ai_capex",
    "ai_revenue",
    "ai_revenue_capex",
    "concentration",
    "raised",
    "companies_alive",
];

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
    /// What is worked out.
    pub wants: Wants,
    /// Place of the month in the ring of vintages.
    pub slot: usize,
    /// Whether a block of paths has been here before.
    used: bool,
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
    /// What is remembered of rules, if there are any.
    pub rules: Option<Box<Memory<'a>>>,
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
        self.list.fill(ONES);
        self.vintage_value.fill(ZERO);
        self.interest_received.fill(ZERO);
        self.moved.clear();
        self.kept.fill(ONES);
        self.matured.fill(false);
        self.has_raised.fill(false);
        self.short.clear();
        (self.imbalance, self.flow, self.sold, self.round_luck) = (0.0, ZERO, [ZERO; 3], ZERO);
        (self.change, self.worst, self.sums) = (ZERO, ZERO, Sums::NONE);
    }

    fn new(plan: &Plan, wants: Wants) -> Self {
        let (c, limits) = (plan.counts, plan.limited.contains(&true));
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
            list: if plan.list_levels { vec![ONES; c.companies] } else { Vec::new() },
            log_price: passing(plan.recaptures),
            recaptured: segments(),
            bills: if plan.special_purchases.is_empty() { Vec::new() } else { zeros(ZERO, c.contracts) },
            wanted_sales: if wants.demand { companies() } else { Vec::new() },
            wanted_use: if wants.demand { companies() } else { Vec::new() },
            room: if limits { companies() } else { Vec::new() },
            served: if limits { zeros(ONES, c.companies) } else { Vec::new() },
            elsewhere: if limits { zeros(ZERO, c.contracts) } else { Vec::new() },
            first_demand: ZERO,
            first_supply: ZERO,
            kept: if plan.leases { zeros(ONES, c.contracts) } else { Vec::new() },
            first_valuation: if plan.swayed.contains(&true) { companies() } else { Vec::new() },
            interest_received: companies(),
            discretionary_wanted: companies(),
            committed_capex: passing(plan.lends() || plan.pledges),
            committed: if plan.flexible_capex { fleets() } else { Vec::new() },
            vintage_value: fleets(),
            capex_outside: companies(),
            other_cash: companies(),
            moved: Moved { rows: companies(), any: vec![false; c.companies] },
            end: passing(plan.equips),
            capex: passing(plan.equips),
            demand: [segments(), segments(), segments(), segments()],
            cost: [companies(), companies(), companies(), companies()],
            called: companies(),
            imbalance: 0.0,
            balances: ZERO,
            flow: ZERO,
            sectors_before: ZERO,
            asset_price: [ONES; 3],
            round_luck: ZERO,
            change: ZERO,
            worst: ZERO,
            short: Vec::new(),
            sums: Sums::NONE,
            matured: vec![false; c.companies],
            has_raised: vec![false; c.companies],
            sold: [ZERO; 3],
        }
    }
}

impl<'a> Block<'a> {
    /// Memory for blocks of a world of which the variables at `shown` are recorded; [`Block::start`] makes it ready.
    #[must_use]
    pub fn new(inputs: &Inputs<'a>, plan: &'a Plan, shown: &[usize]) -> Self {
        let c = plan.counts;
        let shows = |entity: Entity, name: &str| {
            shown.iter().any(|&place| VARIABLES[place].entity == entity && VARIABLES[place].name == name)
        };
        let wants = Wants {
            research: plan.discretionary
                || plan.follows_research
                || shows(Entity::Company, "research")
                || shows(Entity::Company, "research_level"),
            cover: plan.covenants || shows(Entity::Company, "smooth_cover") || shows(Entity::Company, "smooth_service"),
            demand: plan.clears
                || plan.relets
                || plan.limited.contains(&true)
                || shows(Entity::Company, "demand")
                || shows(Entity::Company, "utilisation")
                || shows(Entity::Market, "stranded"),
            books: shows(Entity::Fleet, "book_value") || shows(Entity::Market, "stranded"),
            stranded: shows(Entity::Market, "stranded"),
            backlog: plan.backlogs || shows(Entity::Company, "backlog"),
            gauges: !plan.impatient.is_empty() || GAUGES.iter().any(|name| shows(Entity::Market, name)),
        };
        let count = |entity, name: &str| match entity {
            _ if !shows(entity, name) && !is_read(plan, wants, entity, name) => 0,
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
            scratch: Scratch::new(plan, wants),
            wants,
            slot: 0,
            used: false,
            derived: Derived::new(plan, inputs),
            vintages: zeros(ZERO, plan.ring * c.fleets),
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
            rules: inputs.rules.as_ref().map(|rules| Box::new(Memory::new(Arc::clone(rules)))),
        }
    }

    /// Puts the block at month 0 of `live` paths from `first` on, path p belonging to draw `p / replicates` modulo `draws`.
    pub fn start(&mut self, seed: u64, first: u64, live: usize, replicates: u64, first_draw: u64, draws: usize) {
        let paths = std::array::from_fn(|l| first + l as u64);
        self.live = live;
        self.draws = Draws::new(seed, paths);
        let last = draws.saturating_sub(1) as u64;
        let draws = paths.map(|p| ((p / replicates).saturating_sub(first_draw)).min(last) as usize);
        self.parameters.select(&draws);
        if std::mem::replace(&mut self.used, true) {
            self.clear();
        }
        self.derive();
        if let Some(mut memory) = self.rules.take() {
            memory.start(&self.parameters, &self.draws, &draws);
            self.follow(&memory.rules.levers);
            self.rules = Some(memory);
        }
        self.start_market();
        self.start_companies();
        self.start_segments();
        self.start_loans();
        if self.wants.backlog {
            (0..self.plan.counts.companies).for_each(|i| backlog::count(self, i, 1));
        }
        self.start_fleets();
        if self.wants.demand {
            capacity::start(self);
        }
        crate::month::marks::value_at_start(self);
    }

    /// Nothing of the block before may be seen: a path must not depend on which thread ran what.
    fn clear(&mut self) {
        self.state.clear();
        self.scratch.clear();
        self.vintages.fill(ZERO);
        self.failures.month.fill([0; LANES]);
        self.failures.cause.fill([0; LANES]);
        self.failures.trigger.fill([-1; LANES]);
        self.failures.debt.fill(ZERO);
    }

    /// Numbers that follow from the parameters.
    fn derive(&mut self) {
        if self.derived.settled {
            return;
        }
        let (plan, p) = (self.plan, &self.parameters);
        self.derived.companies(plan, p);
        self.derived.uses(plan, p);
        self.derived.sizes(plan, p);
        self.derived.segments(plan, p);
        self.derived.fleets(plan, p);
        self.derived.impact_decay = halving(&p.market.impact_half_life.row(0));
        self.derived.settled = matches!(self.derived.revenue, Known::Same(_));
    }

    /// What follows from levers is back where the world has them.
    fn follow(&mut self, levers: &[Lever]) {
        for lever in levers.iter().filter(|lever| lever.derived) {
            if let Target::Parameter(place, entity) = lever.target {
                self.derived.follow(self.plan, &self.parameters, &PARAMETERS[place], entity);
            }
        }
    }

    fn start_market(&mut self) {
        let (p, m) = (&self.parameters.market, &mut self.state.market);
        m.regime[0] = p.regime.row(0);
        m.listing[0] = p.listing.row(0);
        m.gpu_index[0] = ONES;
        m.gdp[0] = p.gdp_start.row(0);
        m.companies_alive[0] = Row::of(self.plan.counts.companies as f64);
    }

    fn start_companies(&mut self) {
        let (p, c) = (&self.parameters.company, &mut self.state.company);
        for rows in [&mut c.alive, &mut c.list_price, &mut c.passed, &mut c.price, &mut c.effective_price] {
            rows.fill(ONES);
        }
        for rows in [&mut c.input_cost, &mut c.capability, &mut c.activity, &mut c.fixed_level, &mut c.research_level] {
            rows.fill(ONES);
        }
        c.research.fill(ONES);
        c.runway.fill(Row::of(120.0));
        for i in 0..self.plan.counts.companies {
            c.cash[i] = p.cash.row(i);
            self.scratch.next_priced[i] = ONES;
            c.used[i] = self.derived.used.row(i);
            c.trade_revenue[i] = c.used[i];
            c.segment_revenue[i] = self.derived.sold.row(i);
            let known = [(&mut c.growth, &self.derived.growth), (&mut c.revenue, &self.derived.revenue)];
            for (rows, values) in known {
                if let Some(row) = rows.get_mut(i) {
                    *row = values.row(i);
                }
            }
        }
    }

    fn start_segments(&mut self) {
        let (p, s) = (&self.parameters.segment, &mut self.state.segment);
        s.volume.fill(ONES);
        for k in 0..self.plan.counts.segments {
            let ai_revenue = &mut self.state.market.ai_revenue[0];
            *ai_revenue = Row::from_fn(|l| ai_revenue[l] + p.ai_share.at(k, l) * p.revenue.at(k, l));
            s.growth[k] = p.growth.row(k);
            s.trend[k] = ONES;
            s.response[k] = ONES;
            if let Some(revenue) = s.revenue.get_mut(k) {
                *revenue = p.revenue.row(k);
            }
        }
    }

    fn start_loans(&mut self) {
        let (p, s) = (&self.parameters.loan, &mut self.state.loan);
        for k in 0..self.plan.counts.loans {
            s.balance[k] = p.balance.row(k);
            s.undrawn[k] = p.undrawn.row(k);
            s.maturity[k] = p.maturity.row(k).map(whole);
            if let Some(debt) = self.state.company.debt.get_mut(self.links.loan.borrower[k] as usize) {
                for l in 0..LANES {
                    debt[l] += s.balance[k][l];
                }
            }
        }
    }

    /// Spreads the cost of each fleet over its vintages.
    fn start_fleets(&mut self) {
        self.slot = 0;
        for f in 0..self.plan.counts.fleets {
            let (fleet, d) = (&mut self.state.fleet, &self.derived);
            fleet.plan[f] = ONES;
            fleet.growth[f] = self.parameters.fleet.capex_growth.row(f);
            fleet.capacity[f] = d.capacity.row(f);
            fleet.depreciation[f] = d.depreciation.row(f);
            self.scratch.vintage_value[f] = d.worth.row(f);
            let (owner, worth) = (self.links.fleet.owner[f] as usize, d.worth.row(f));
            if let Some(value) = fleet.value.get_mut(f) {
                *value = worth;
            }
            if let Some(value) = self.state.company.fleet_value.get_mut(owner) {
                *value = Row::from_fn(|l| value[l] + worth[l]);
            }
            self.start_capex(f);
            self.start_vintages(f);
            if self.wants.books {
                capacity::first_book(self, f);
            }
        }
    }

    /// Capex of month 0, which the draws of month 1 finance.
    fn start_capex(&mut self, f: usize) {
        let p = &self.parameters.fleet;
        let (plan, of_revenue, of_backlog) = (p.capex.row(f), p.capex_of_revenue.row(f), p.capex_of_backlog.row(f));
        let owner = self.links.fleet.owner[f] as usize;
        let revenue = self.derived.revenue.row(owner);
        let c = &mut self.state.company;
        let backlog = c.backlog.get(owner).copied().unwrap_or(ZERO);
        let mut capex = c.capex.get_mut(owner);
        for l in 0..LANES {
            let now = plan[l] + of_revenue[l] * revenue[l] + of_backlog[l] * backlog[l] / 12.0;
            self.state.market.ai_capex[0][l] += p.ai_share.at(f, l) * now;
            if let Some(capex) = &mut capex {
                capex[l] += now;
            }
        }
    }

    fn start_vintages(&mut self, f: usize) {
        let p = &self.parameters.fleet;
        if let (Some([lag, ..]), Known::Same(cost)) = (self.plan.lives[f], &self.derived.vintage) {
            for age in 1..=span(p, f, 0) as usize {
                let place = self.vintage(f, age + lag);
                self.vintages[place] = Row::of(cost[f]);
            }
            return;
        }
        for l in 0..LANES {
            let lag = whole(p.lag.at(f, l)) as usize;
            let cost = self.derived.vintage.at(f, l);
            for age in 1..=span(p, f, l) as usize {
                let place = self.vintage(f, age + lag);
                self.vintages[place][l] = cost;
            }
        }
    }

    /// Capex of a fleet that cannot be cut, on one path, as long as nothing has been settled.
    #[must_use]
    pub fn firm_capex(&self, f: usize, l: usize) -> f64 {
        self.scratch.committed.get(f).map_or(self.state.fleet.capex[f][l], |row| row[l])
    }

    /// Where the capex of a fleet `back` months ago is found.
    #[inline(always)]
    #[must_use]
    pub fn vintage(&self, f: usize, back: usize) -> usize {
        let place = if self.slot < back { self.slot + self.plan.ring - back } else { self.slot - back };
        place * self.plan.counts.fleets + f
    }
}

/// Ages of the vintages of a fleet at the start: 1 to this.
fn span(p: &FleetParameters<'_>, f: usize, l: usize) -> f64 {
    let life = whole(p.economic_life.at(f, l));
    whole(p.age_span.at(f, l)).min(life - 1.0).max(1.0)
}

/// A month's growth factor.
fn monthly(rate: &Row) -> Row {
    rate.map(|x| exp(x / 12.0))
}

/// A month's decay.
fn halving(months: &Row) -> Row {
    months.map(|x| exp(-LN_2 / x))
}

/// 1 / x, 0 for nothing.
fn reciprocal(row: &Row) -> Row {
    row.map(|x| if x > 0.0 { 1.0 / x } else { 0.0 })
}

impl Derived {
    /// Whether anything here follows from a parameter that rules may move.
    #[must_use]
    pub fn follows(row: &Parameter) -> bool {
        matches!(
            (row.entity, row.name),
            (Entity::Company, "burn_cut_runway" | "price_lag") | (Entity::Segment, "volatility" | "adjust_months")
        )
    }

    /// Works out anew what follows from such a parameter of an entity.
    pub fn follow(&mut self, plan: &Plan, p: &Parameters<'_>, row: &Parameter, entity: usize) {
        match row.entity {
            Entity::Company => self.lags(p, entity),
            _ => self.segment(plan, p, entity),
        }
    }

    fn new(plan: &Plan, inputs: &Inputs<'_>) -> Self {
        let mut derived = Self::zeros(plan, inputs.draws > 1);
        let levers = inputs.rules.iter().flat_map(|rules| &rules.levers);
        if levers.filter(|lever| lever.derived).count() > 0 {
            let Self { per_cut_runway, per_price_lag, segment_drift, segment_noise, .. } = &mut derived;
            for known in [per_cut_runway, per_price_lag, segment_drift, segment_noise] {
                known.free();
            }
            derived.segment_decay.free();
            derived.per_adjustment.free();
        }
        derived
    }

    fn zeros(plan: &Plan, drawn: bool) -> Self {
        let c = plan.counts;
        let (companies, segments, fleets) =
            (|| Known::zeros(c.companies, drawn), || Known::zeros(c.segments, drawn), || Known::zeros(c.fleets, drawn));
        Self {
            settled: false,
            revenue: companies(),
            per_revenue: companies(),
            sold: companies(),
            used: companies(),
            growth: companies(),
            all_use: companies(),
            per_linked_use: companies(),
            input_share: companies(),
            per_price_lag: companies(),
            per_cut_runway: companies(),
            least_burn: companies(),
            segment_decay: segments(),
            fleet_decay: fleets(),
            segment_drift: segments(),
            segment_noise: segments(),
            per_adjustment: segments(),
            fixed_step: companies(),
            research_step: companies(),
            list_step: companies(),
            vintage: fleets(),
            capacity: fleets(),
            worth: fleets(),
            depreciation: fleets(),
            impact_decay: ZERO,
        }
    }

    fn companies(&mut self, plan: &Plan, p: &Parameters<'_>) {
        for i in 0..plan.counts.companies {
            let (mut segments, mut weighted, mut used) = (ZERO, ZERO, ZERO);
            for &s in plan.segments.of(i) {
                let (revenue, growth) = (p.segment.revenue.row(s as usize), p.segment.growth.row(s as usize));
                for l in 0..LANES {
                    segments[l] += revenue[l];
                    weighted[l] += revenue[l] * growth[l];
                }
            }
            for &e in plan.sales.of(i) {
                let usage = p.contract.usage.row(e as usize);
                for l in 0..LANES {
                    used[l] += usage[l];
                }
            }
            let (mut revenue, mut growth) = (ZERO, ZERO);
            for l in 0..LANES {
                revenue[l] = segments[l] + used[l];
                let mean = if segments[l] > 0.0 { weighted[l] / segments[l] } else { 0.0 };
                growth[l] = mean.clamp(-2.0, 3.0);
            }
            self.sold.set(i, &segments);
            self.used.set(i, &used);
            self.revenue.set(i, &revenue);
            self.per_revenue.set(i, &reciprocal(&revenue));
            self.growth.set(i, &growth);
            self.lags(p, i);
            self.fixed_step.set(i, &monthly(&p.company.fixed_cost_growth.row(i)));
            self.research_step.set(i, &monthly(&p.company.discretionary_growth.row(i)));
            self.list_step.set(i, &monthly(&p.company.price_trend.row(i)));
        }
    }

    fn lags(&mut self, p: &Parameters<'_>, i: usize) {
        self.per_price_lag.set(i, &reciprocal(&p.company.price_lag.row(i)));
        self.per_cut_runway.set(i, &reciprocal(&p.company.burn_cut_runway.row(i)));
    }

    fn uses(&mut self, plan: &Plan, p: &Parameters<'_>) {
        for i in 0..plan.counts.companies {
            let (mut linked, mut all, mut share) = (ZERO, ZERO, ZERO);
            for &e in plan.purchases.of(i) {
                let (usage, flag) = (p.contract.usage.row(e as usize), p.contract.price_linked.row(e as usize));
                for l in 0..LANES {
                    linked[l] += usage[l] * flag[l];
                    all[l] += usage[l];
                }
            }
            let revenue = self.revenue.row(i);
            for l in 0..LANES {
                share[l] = if revenue[l] > 0.0 { linked[l] / revenue[l] } else { 0.0 };
            }
            self.all_use.set(i, &all);
            self.per_linked_use.set(i, &reciprocal(&linked));
            self.input_share.set(i, &share);
        }
    }

    /// A share of what moves through a company in a month of the start, and of what it owes and lends.
    fn sizes(&mut self, plan: &Plan, p: &Parameters<'_>) {
        for i in 0..plan.counts.companies {
            let mut size = ZERO;
            let known = [&self.revenue, &self.all_use].map(|known| known.row(i));
            let flows = [&p.company.fixed_cost, &p.company.discretionary_cost].map(|column| column.row(i));
            let loans = plan.loans.of(i).iter().chain(plan.lent.of(i)).map(|&k| p.loan.balance.row(k as usize));
            for row in known.into_iter().chain(flows).chain(loans) {
                for l in 0..LANES {
                    size[l] += row[l];
                }
            }
            self.least_burn.set(i, &size.map(|size| ROUNDING * size));
        }
    }

    fn segments(&mut self, plan: &Plan, p: &Parameters<'_>) {
        for s in 0..plan.counts.segments {
            self.segment(plan, p, s);
        }
    }

    fn segment(&mut self, plan: &Plan, p: &Parameters<'_>, s: usize) {
        let volatility = p.segment.volatility.row(s);
        let mut drift = volatility.map(|x| -(x * x / 24.0));
        if plan.steady_segment[s] {
            let growth = p.segment.growth.row(s);
            for l in 0..LANES {
                drift[l] += growth[l] / 12.0;
            }
        }
        self.segment_drift.set(s, &drift);
        self.segment_noise.set(s, &volatility.map(|x| x * (1.0_f64 / 12.0).sqrt()));
        self.segment_decay.set(s, &halving(&p.segment.growth_half_life.row(s)));
        self.per_adjustment.set(s, &reciprocal(&p.segment.adjust_months.row(s)));
    }

    fn fleets(&mut self, plan: &Plan, p: &Parameters<'_>) {
        let p = &p.fleet;
        for f in 0..plan.counts.fleets {
            let (mut cost, mut capacity, mut worth, mut depreciation) = (ZERO, ZERO, ZERO, ZERO);
            for l in 0..LANES {
                let (life, book) = (whole(p.economic_life.at(f, l)), whole(p.book_life.at(f, l)));
                let span = span(p, f, l);
                cost[l] = p.cost.at(f, l) / span;
                for age in (1..=span as usize).map(|age| age as f64) {
                    depreciation[l] += if age < book { cost[l] / book } else { 0.0 };
                    capacity[l] += if age < life { cost[l] } else { 0.0 };
                    worth[l] += cost[l] * (1.0 - age / life).max(0.0);
                }
            }
            self.vintage.set(f, &cost);
            self.capacity.set(f, &capacity);
            self.worth.set(f, &worth);
            self.depreciation.set(f, &depreciation);
            self.fleet_decay.set(f, &halving(&p.capex_growth_half_life.row(f)));
        }
    }
}

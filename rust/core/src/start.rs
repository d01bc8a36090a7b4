//! Month 0 of a block of paths.

use crate::block::Block;
use crate::column::{Known, LANES, ONES, Row, ZERO};
use crate::derived::span;
use crate::draw::Draws;
use crate::model::{
    backlog, capacity, compute, construction, credit, investment, macroeconomy, payables, plans, retrenchment,
    vendor_finance,
};
use crate::plan::to_whole_months;
use crate::rule::{Lever, Target};
use crate::variables::PARAMETERS;
use pulp::Scalar;

impl Block<'_> {
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
        self.derived.derive(self.plan, &self.parameters);
        if let Some(mut memory) = self.rules.take() {
            memory.start(&self.parameters, &self.draws, &draws);
            self.follow(&memory.rules.levers);
            self.rules = Some(memory);
        }
        self.start_market();
        self.start_companies();
        self.start_segments();
        self.start_loans();
        if self.needed.backlog {
            (0..self.plan.counts.companies).for_each(|i| backlog::count(Scalar::new(), self, i, 1));
        }
        self.start_fleets();
        construction::start(self);
        payables::start(self);
        if self.needed.demand {
            capacity::start(self);
        }
        investment::start(self);
        retrenchment::start(self);
        plans::start(self);
        compute::start(self);
        if self.needed.doubling {
            macroeconomy::smooth_at_start(self);
        }
        crate::model::marks::value_at_start(self);
        vendor_finance::start(self);
        if self.needed.leverage {
            (0..self.plan.counts.companies).for_each(|i| credit::update_leverage(Scalar::new(), self, i));
        }
    }

    /// Puts back what follows from levers to where the world has them.
    fn follow(&mut self, levers: &[Lever]) {
        for lever in levers.iter().filter(|lever| lever.derived) {
            if let Target::Parameter(place, entity) = lever.target {
                self.derived.follow(self.plan, &self.parameters, &PARAMETERS[place], entity);
            }
        }
    }

    /// Nothing of the block before may be seen: a path must not depend on which thread ran what.
    fn clear(&mut self) {
        self.state.clear();
        self.scratch.clear();
        self.books.clear();
        self.vintages.fill(ZERO);
        self.failures.month.fill([0; LANES]);
        self.failures.cause.fill([0; LANES]);
        self.failures.trigger.fill([-1; LANES]);
        self.failures.debt.fill(ZERO);
        self.exits.clear();
    }

    fn start_market(&mut self) {
        let (p, m) = (&self.parameters.market, &mut self.state.market);
        m.regime[0] = p.regime.row(0);
        m.listing[0] = p.listing.row(0);
        m.credit_window[0] = p.credit_window.row(0);
        m.shares_window[0] = p.shares_window.row(0);
        m.gpu_index[0] = ONES;
        m.gdp[0] = p.gdp_start.row(0);
        m.gdp_trend[0] = m.gdp[0];
        m.dry_powder[0] = p.dry_powder.row(0);
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
            self.scratch.prices.next_priced[i] = ONES;
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
        s.climate.fill(ONES);
        s.loyal.fill(ONES);
        s.mean_use.fill(ONES);
        s.served_use.fill(ONES);
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
            s.maturity[k] = p.maturity.row(k).map(to_whole_months);
            if let Some(debt) = self.state.company.debt.get_mut(self.links.loan.borrower[k] as usize) {
                for l in 0..LANES {
                    debt[l] += s.balance[k][l];
                }
            }
        }
    }

    /// Spreads the cost of each fleet over its vintages.
    fn start_fleets(&mut self) {
        self.turn(0);
        for f in 0..self.plan.counts.fleets {
            let (fleet, d) = (&mut self.state.fleet, &self.derived);
            fleet.plan[f] = ONES;
            fleet.growth[f] = self.parameters.fleet.capex_growth.row(f);
            fleet.capacity[f] = d.capacity.row(f);
            fleet.depreciation[f] = d.depreciation.row(f);
            self.scratch.fleet.vintage_value[f] = d.worth.row(f);
            let (owner, worth) = (self.links.fleet.owner[f] as usize, d.worth.row(f));
            if let Some(value) = fleet.value.get_mut(f) {
                *value = worth;
            }
            if let Some(value) = self.state.company.fleet_value.get_mut(owner) {
                *value = Row::from_fn(|l| value[l] + worth[l]);
            }
            self.start_capex(f);
            self.start_vintages(f);
            if self.needed.books {
                capacity::first_book(self, f);
            }
        }
    }

    /// Capex of month 0.
    pub(crate) fn first_capex(&self, f: usize) -> Row {
        let p = &self.parameters.fleet;
        let (plan, of_revenue, of_backlog) = (p.capex.row(f), p.capex_of_revenue.row(f), p.capex_of_backlog.row(f));
        let owner = self.links.fleet.owner[f] as usize;
        let revenue = self.derived.revenue.row(owner);
        let backlog = self.state.company.backlog.get(owner).copied().unwrap_or(ZERO);
        let ordered = if self.plan.on.construction.built[f] { construction::first_order(self, f) } else { ZERO };
        Row::from_fn(|l| plan[l] + of_revenue[l] * revenue[l] + of_backlog[l] * backlog[l] / 12.0 + ordered[l])
    }

    /// Books capex of month 0, which the draws of month 1 finance.
    fn start_capex(&mut self, f: usize) {
        let (p, first) = (&self.parameters.fleet, self.first_capex(f));
        let owner = self.links.fleet.owner[f] as usize;
        let mut capex = self.state.company.capex.get_mut(owner);
        for l in 0..LANES {
            let now = first[l];
            self.state.market.ai_capex[0][l] += p.ai_share.at(f, l) * now;
            self.scratch.macroeconomy.first_capex[l] += now;
            if let Some(capex) = &mut capex {
                capex[l] += now;
            }
        }
    }

    fn start_vintages(&mut self, f: usize) {
        let p = &self.parameters.fleet;
        if let (Some(lives), Known::Same(cost)) = (self.plan.on.fleet.lives[f], &self.derived.vintage) {
            for age in 1..=span(p, f, 0) as usize {
                let place = self.vintage(f, age + lives.back[0]);
                self.vintages[place] = Row::of(cost[f]);
            }
            return;
        }
        for l in 0..LANES {
            let lag = to_whole_months(p.lag.at(f, l)) as usize;
            let cost = self.derived.vintage.at(f, l);
            for age in 1..=span(p, f, l) as usize {
                let place = self.vintage(f, age + lag);
                self.vintages[place][l] = cost;
            }
        }
    }
}

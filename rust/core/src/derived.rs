//! Numbers that follow from the parameters.

use crate::column::{Known, LANES, Row, ZERO};
use crate::math::exp;
use crate::plan::{Plan, to_whole_months};
use crate::rounding::{self, LEAST};
use crate::variables::{Entity, Parameter, Parameters, parameters};
use crate::world::World;
use std::f64::consts::LN_2;

/// Burn that rounding may leave, as a share of a company's size at the start.
const ROUNDING: f64 = 1e-12;

/// Numbers that follow from the parameters.
#[derive(Clone, Debug)]
pub struct Derived {
    /// Whether they hold for every block.
    settled: bool,
    /// Revenue of segments and contracts at the start, and its reciprocal (0 if there is none).
    pub revenue: Known,
    /// See `revenue`.
    pub per_revenue: Known,
    /// Revenue of its segments at the start.
    pub sold: Known,
    /// Use of its customers at the start.
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
    /// The part of a month's growth of a trend that does not change.
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
    /// Whole number of the market of each segment.
    pub market_number: Known,
    /// Whole months in which a fleet is built, works, and is in the books.
    pub lag: Known,
    /// See `lag`.
    pub life: Known,
    /// See `lag`.
    pub book_life: Known,
    /// Ages of its vintages at the start: 1 to this.
    pub span: Known,
    /// First and last month of a commitment.
    pub first_month: Known,
    /// See `first_month`.
    pub last_month: Known,
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

impl Derived {
    /// Works out anew what follows from such a parameter of an entity.
    pub fn follow(&mut self, plan: &Plan, p: &Parameters, row: &Parameter, entity: usize) {
        match row.entity {
            Entity::Company => self.lags(p, entity),
            _ => self.segment(plan, p, entity),
        }
    }

    pub(crate) fn new(plan: &Plan, world: &World) -> Self {
        let mut derived = Self::zeros(plan, world.links.commitment.contract.len(), world.draws > 1);
        let levers = world.rules.iter().flat_map(|rules| &rules.levers);
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

    fn zeros(plan: &Plan, commitments: usize, drawn: bool) -> Self {
        let c = plan.counts;
        let commitments = || Known::zeros(commitments, drawn);
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
            market_number: segments(),
            fixed_step: companies(),
            research_step: companies(),
            list_step: companies(),
            lag: fleets(),
            life: fleets(),
            book_life: fleets(),
            span: fleets(),
            first_month: commitments(),
            last_month: commitments(),
            vintage: fleets(),
            capacity: fleets(),
            worth: fleets(),
            depreciation: fleets(),
            impact_decay: ZERO,
        }
    }

    /// Works them out, once if nothing is drawn.
    pub(crate) fn derive(&mut self, plan: &Plan, p: &Parameters) {
        if self.settled {
            return;
        }
        self.companies(plan, p);
        self.uses(plan, p);
        self.sizes(plan, p);
        self.segments(plan, p);
        self.fleets(plan, p);
        self.commitments(p);
        self.impact_decay = halving(&p.market.impact_half_life.row(0));
        self.settled = matches!(self.revenue, Known::Same(_));
    }

    fn companies(&mut self, plan: &Plan, p: &Parameters) {
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

    fn lags(&mut self, p: &Parameters, i: usize) {
        self.per_price_lag.set(i, &reciprocal(&p.company.price_lag.row(i)));
        self.per_cut_runway.set(i, &reciprocal(&p.company.burn_cut_runway.row(i)));
    }

    fn uses(&mut self, plan: &Plan, p: &Parameters) {
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
                share[l] = if revenue[l] > LEAST { linked[l] / revenue[l] } else { 0.0 };
            }
            self.all_use.set(i, &all);
            self.per_linked_use.set(i, &reciprocal(&linked));
            self.input_share.set(i, &share);
        }
    }

    /// A share of what moves through a company in a month of the start, and of what it owes and lends.
    fn sizes(&mut self, plan: &Plan, p: &Parameters) {
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

    fn segments(&mut self, plan: &Plan, p: &Parameters) {
        for s in 0..plan.counts.segments {
            self.segment(plan, p, s);
        }
    }

    fn segment(&mut self, plan: &Plan, p: &Parameters, s: usize) {
        self.market_number.set(s, &p.segment.market_number.row(s).map(to_whole_months));
        let volatility = p.segment.volatility.row(s);
        let mut drift = if plan.on.growth.median[s] { ZERO } else { volatility.map(|x| -(x * x / 24.0)) };
        if plan.on.demand.steady_segment[s] {
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

    fn fleets(&mut self, plan: &Plan, p: &Parameters) {
        let p = &p.fleet;
        for f in 0..plan.counts.fleets {
            let (mut cost, mut capacity, mut worth, mut depreciation) = (ZERO, ZERO, ZERO, ZERO);
            let [lag, life, book] =
                [&p.lag, &p.economic_life, &p.book_life].map(|months| months.row(f).map(to_whole_months));
            self.lag.set(f, &lag);
            self.life.set(f, &life);
            self.book_life.set(f, &book);
            self.span.set(f, &Row::from_fn(|l| span(p, f, l)));
            for l in 0..LANES {
                let (life, book) = (life[l], book[l]);
                let span = span(p, f, l);
                cost[l] = p.cost.at(f, l) / span;
                for age in (1..=span as usize).map(|age| age as f64) {
                    depreciation[l] += if age < book.min(life) { cost[l] / book } else { 0.0 };
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

    fn commitments(&mut self, p: &Parameters) {
        let p = &p.commitment;
        for k in 0..p.amount.len() {
            self.first_month.set(k, &p.first_month.row(k).map(to_whole_months));
            self.last_month.set(k, &p.last_month.row(k).map(to_whole_months));
        }
    }
}

/// Ages of the vintages of a fleet at the start: 1 to this.
pub(crate) fn span(p: &parameters::Fleet, f: usize, l: usize) -> f64 {
    let life = to_whole_months(p.economic_life.at(f, l));
    to_whole_months(p.age_span.at(f, l)).min(life - 1.0).max(1.0)
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
    row.map(rounding::reciprocal)
}

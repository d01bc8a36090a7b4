//! Phases 2a and 6: capex plans as a process: shocks of their own and in common, the pull of demand, and confidence.

use crate::block::Block;
use crate::carry;
use crate::column::{LANES, ONES, Row, ZERO, zeros};
use crate::draw::{Stream, normals};
use crate::math::{exp, ln};
use crate::model::capacity;
use crate::needed::Needed;
use crate::plan::{Plan, owning};
use crate::rounding::LEAST;
use crate::scratch::Keep;
use crate::world::World;
use std::f64::consts::LN_2;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* investment {
            parameters {
                company {
                    confidence_value: Ratio, 0.0, 20.0, Some(0.0), true, "Elasticity of confidence to the company's value where that falls behind the value of all.", off 0.0;
                    confidence_burden: Ratio, 0.0, 20.0, Some(0.0), true, "Fall of log confidence per unit of depreciation over earnings before it, beyond the tolerance.", off 0.0;
                    burden_tolerance: Fraction, 0.0, 1.0, Some(0.5), true, "Depreciation over earnings before it that confidence bears.";
                    confidence_lag: Months, 1.0, 120.0, Some(3.0), true, "Months in which confidence adjusts.";
                }
                fleet {
                    capex_volatility: PerRootYear, 0.0, 5.0, Some(0.0), true, "Volatility of the yearly growth of the capex plan.", off 0.0;
                    capex_noise: PerRootYear, 0.0, 5.0, Some(0.0), true, "Volatility of the capex plan about its growth.", off 0.0;
                    capex_common: Fraction, 0.0, 1.0, Some(0.0), true, "Share of both variances that all plans have in common.", off 0.0;
                    capex_pressure: Ratio, 0.0, 20.0, Some(0.0), true, "Elasticity of planned capex to demand over capacity of the owner against the start.", off 0.0;
                    capex_catch_up: PerYear, 0.0, 20.0, Some(0.0), true, "Growth of planned capex (logarithmic) per log unit of demand over capacity of the owner against the start.", off 0.0;
                    capex_orders: Ratio, 0.0, 20.0, Some(0.0), true, "Elasticity of planned capex to the backlog of the owner against the start.", off 0.0;
                    capex_lag: Months, 1.0, 120.0, Some(6.0), true, "Months in which planned capex adjusts to demand and backlog.";
                }
            }
            variables {
                company {
                    confidence: Ratio, None, "Share of planned capex that the company's investors bear.", |plan, _| !plan.on.investment.confident.is_empty();
                }
                fleet {
                    pull: Ratio, None, "Log of what demand and backlog do to planned capex.", |plan, _| plan.on.investment.pulled.contains(&true);
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the capex plan of the fleet has shocks.
    pub noisy: Vec<bool>,
    /// Whether demand or backlog pulls the plans of a company.
    pub pulled: Vec<bool>,
    /// Whether backlogs pull any plan.
    pub orders: bool,
    /// Whether any plan grows with the gap between demand and capacity.
    pub catches_up: bool,
    /// Companies whose investors may lose confidence.
    pub confident: Vec<usize>,
    /// Whether they drop leases first.
    pub leases: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        let (fleet, company) = (&p.fleet, &p.company);
        let moved = |i: usize| !(company.confidence_value.all(i, zero) && company.confidence_burden.all(i, zero));
        let pulls = [&fleet.capex_pressure, &fleet.capex_catch_up, &fleet.capex_orders];
        let confident: Vec<usize> = (0..company.cash.len()).filter(|&i| moved(i)).collect();
        Self {
            noisy: (0..fleet.cost.len())
                .map(|f| !(fleet.capex_volatility.all(f, zero) && fleet.capex_noise.all(f, zero)))
                .collect(),
            pulled: owning(world, |f| !pulls.iter().all(|column| column.all(f, zero))),
            catches_up: !fleet.capex_catch_up.all_of(zero),
            orders: !fleet.capex_orders.all_of(zero),
            leases: !(confident.is_empty() || p.contract.cut_first.all_of(zero)),
            confident,
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Share of its planned capex that each company still buys.
    pub own: Vec<Row>,
    /// Share of use and commitments of each contract that is not dropped this month.
    pub leased: Vec<Row>,
    /// Demand over capacity of each company at the start, and its backlog.
    pub first_pressure: Vec<Row>,
    /// See `first_pressure`.
    pub first_backlog: Vec<Row>,
    /// Log of what gaps between demand and capacity have done to the plan of each fleet so far.
    pub caught: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let (c, on) = (plan.counts, &plan.on.investment);
        let pulls = on.pulled.contains(&true);
        Self {
            own: if on.confident.is_empty() { Vec::new() } else { zeros(ONES, c.companies) },
            leased: if on.leases { zeros(ONES, c.contracts) } else { Vec::new() },
            first_pressure: if pulls { zeros(ZERO, c.companies) } else { Vec::new() },
            first_backlog: if pulls { zeros(ZERO, c.companies) } else { Vec::new() },
            caught: if on.catches_up { zeros(ZERO, c.fleets) } else { Vec::new() },
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.own.fill(ONES);
        self.leased.fill(ONES);
        self.caught.fill(ZERO);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.caught, visit);
    }
}

/// Depreciation that counts, as a share of a profit or loss: more than rounding.
const LEAST_CHARGE: f64 = 1e-9;

/// Bounds of what is held against the start.
const BOUNDS: [f64; 2] = [1e-3, 1e3];

/// Quantity over that of the start, 1 where that is none.
fn against(now: f64, start: f64) -> f64 {
    if start > LEAST { (now / start).clamp(BOUNDS[0], BOUNDS[1]) } else { 1.0 }
}

/// Notes what demand and backlog were at the start.
pub fn start(block: &mut Block<'_>) {
    block.state.company.confidence.fill(ONES);
    for i in 0..block.scratch.investment.first_pressure.len() {
        block.scratch.investment.first_pressure[i] = pressure(block, i);
        block.scratch.investment.first_backlog[i] = block.state.company.backlog.get(i).copied().unwrap_or(ZERO);
    }
}

/// Demand for a company over its capacity, none where it has none.
fn pressure(block: &Block<'_>, i: usize) -> Row {
    let (capacity, demand) = (capacity::capacity(block, i), &block.state.company.demand[i]);
    Row::from_fn(|l| if capacity[l] > LEAST { demand[l] / capacity[l] } else { 0.0 })
}

/// Investors judge: confidence moves, leases of others are dropped, and what is left to save falls on own capex.
#[inline(never)]
pub fn judge(block: &mut Block<'_>) {
    let (plan, index) = (block.plan, block.state.market.index[0]);
    for &i in &plan.on.investment.confident {
        for l in 0..LANES {
            if block.state.company.alive[i][l] > 0.0 {
                adjust(block, i, l, against(index[l], 1.0));
                save(block, i, l);
            }
        }
    }
}

/// Confidence moves towards what value and earnings justify.
fn adjust(block: &mut Block<'_>, i: usize, l: usize, index: f64) {
    let (p, c) = (&block.parameters.company, &block.state.company);
    let own = against(c.valuation[i][l], block.scratch.confidence.first_valuation[i][l]);
    let behind = (-ln(own / index)).max(0.0);
    let (charge, profit) = (c.depreciation[i][l], c.profit[i][l]);
    let least = (LEAST_CHARGE * profit.abs()).max(block.derived.least_burn.at(i, l));
    let burden = if charge > least { charge / (charge + profit.max(0.0)) } else { 0.0 };
    let heavy = (burden - p.burden_tolerance.at(i, l)).max(0.0);
    let target = exp(-(p.confidence_value.at(i, l) * behind + p.confidence_burden.at(i, l) * heavy));
    let confidence = &mut block.state.company.confidence[i][l];
    *confidence += (target - *confidence) / p.confidence_lag.at(i, l);
}

/// Saves what investors do not bear: leases first, own plans for the rest.
fn save(block: &mut Block<'_>, i: usize, l: usize) {
    let (p, planned) = (&block.parameters, planned(block, i, l));
    let wish = (1.0 - block.state.company.confidence[i][l]) * planned;
    let kept = &block.scratch.confidence.kept;
    let value = |&e: &u32| {
        let e = e as usize;
        p.contract.cut_first.at(e, l) * p.contract.usage.at(e, l) * kept.get(e).map_or(1.0, |kept| kept[l])
    };
    let leases = block.plan.purchases.of(i);
    let x = &mut block.scratch.investment;
    let held = if x.leased.is_empty() { 0.0 } else { leases.iter().map(value).sum::<f64>() + 0.0 };
    let part = if held > 0.0 { wish.min(held) / held } else { 0.0 };
    for &e in leases {
        if let Some(leased) = x.leased.get_mut(e as usize) {
            leased[l] = 1.0 - p.contract.cut_first.at(e as usize, l) * part;
        }
    }
    x.own[i][l] = if planned > 0.0 { 1.0 - (wish - held).max(0.0) / planned } else { 1.0 };
}

/// Capex that a company plans before its investors are asked, without what follows revenue, backlog and retirements.
fn planned(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let (p, fleet) = (&block.parameters.fleet, &block.state.fleet);
    let of_fleet = |&f: &u32| {
        let f = f as usize;
        p.capex.at(f, l) * fleet.plan[f][l] * fleet.pull.get(f).map_or(1.0, |pull| exp(pull[l]))
    };
    block.plan.fleets.of(i).iter().map(of_fleet).sum::<f64>() + 0.0
}

/// Shocks of the month: to the growth of a capex plan, and to the log of the plan, less what their variances add to its mean.
#[must_use]
#[inline(never)]
pub fn shock(block: &Block<'_>, i: usize, f: usize, month: u32) -> [Row; 2] {
    let common = block.draws.words(Stream::CapexCommon, 0, month);
    let own = block.draws.words(Stream::Capex, block.addresses.company[i], month);
    let (common, own) = (normals(&common[0], &common[1]), normals(&own[0], &own[1]));
    let (p, root) = (&block.parameters.fleet, (1.0_f64 / 12.0).sqrt());
    let [mut growth, mut level] = [ZERO; 2];
    for l in 0..LANES {
        let share = p.capex_common.at(f, l);
        let mixed = |word: usize| share.sqrt() * common[word][l] + (1.0 - share).sqrt() * own[word][l];
        let (volatility, noise) = (p.capex_volatility.at(f, l) * root, p.capex_noise.at(f, l) * root);
        let rate = LN_2 / p.capex_growth_half_life.at(f, l);
        let weight = (1.0 - exp(-rate * f64::from(month))) / (1.0 - exp(-rate)) / 12.0;
        let excess = 0.5 * (volatility * weight) * (volatility * weight) + 0.5 * noise * noise;
        growth[l] = volatility * mixed(0);
        level[l] = noise * mixed(1) - excess;
    }
    [growth, level]
}

/// Demand and backlog of a company pull the plans of its fleets.
#[inline(never)]
pub fn follow(block: &mut Block<'_>, i: usize) {
    let (now, x) = (pressure(block, i), &block.scratch.investment);
    let demand = Row::from_fn(|l| ln(against(now[l], x.first_pressure[i][l])));
    let backlog = block.state.company.backlog.get(i);
    let orders = backlog.map_or(ZERO, |now| Row::from_fn(|l| ln(against(now[l], x.first_backlog[i][l]))));
    let (p, alive) = (&block.parameters.fleet, &block.state.company.alive[i]);
    for &f in block.plan.fleets.of(i) {
        let (f, pull) = (f as usize, &mut block.state.fleet.pull[f as usize]);
        let mut caught = block.scratch.investment.caught.get_mut(f);
        for l in (0..LANES).filter(|&l| alive[l] > 0.0) {
            let mut target = p.capex_pressure.at(f, l) * demand[l];
            if let Some(caught) = &mut caught {
                caught[l] += p.capex_catch_up.at(f, l) * demand[l] / 12.0;
                target += caught[l];
            }
            target += p.capex_orders.at(f, l) * orders[l];
            pull[l] += (target - pull[l]) / p.capex_lag.at(f, l);
        }
    }
}

/// Effect of the pull of demand and the confidence of investors on the capex plan of a fleet, if they may have any.
#[must_use]
pub fn answer(block: &Block<'_>, i: usize, f: usize) -> Option<Row> {
    let (pull, own) = (block.state.fleet.pull.get(f), block.scratch.investment.own.get(i));
    if pull.is_none() && own.is_none() {
        return None;
    }
    Some(Row::from_fn(|l| pull.map_or(1.0, |pull| exp(pull[l])) * own.map_or(1.0, |own| own[l])))
}

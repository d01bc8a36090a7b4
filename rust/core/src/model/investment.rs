//! Phases 2a and 6: capex plans as a process: shocks of their own and in common, the pull of demand, and confidence.

use crate::block::Block;
use crate::carry;
use crate::column::{ONES, Row, ZERO, zeros};
use crate::draw::{Stream, normals};
use crate::model::apart::apart;
use crate::model::fleet;
use crate::needed::Needed;
use crate::pack::{Mask, Operand, Pack, Packs, pack_or, packs};
use crate::plan::{Plan, owning};
use crate::rounding::LEAST;
use crate::scratch::Keep;
use crate::world::World;
use pulp::{Scalar, Simd};
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
    /// Whether any has.
    pub shocks: bool,
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
        let still = |f| fleet.capex_volatility.all(f, zero) && fleet.capex_noise.all(f, zero);
        let noisy: Vec<bool> = (0..fleet.cost.len()).map(|f| !still(f)).collect();
        Self {
            shocks: noisy.contains(&true),
            noisy,
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
    /// Shocks of the month that all plans have in common.
    common: [Row; 2],
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
            common: [ZERO; 2],
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
#[inline(always)]
fn against<S: Simd>(now: Pack<S>, start: Pack<S>) -> Pack<S> {
    start.above(LEAST).choose((now / start).within(BOUNDS), 1.0)
}

/// Notes what demand and backlog were at the start.
pub fn start(block: &mut Block<'_>) {
    let s = Scalar::new();
    block.state.company.confidence.fill(ONES);
    for i in 0..block.scratch.investment.first_pressure.len() {
        for k in packs::<Scalar>() {
            let pressure = pressure(s, block, i, k);
            block.scratch.investment.first_pressure[i].put(k, pressure);
        }
        block.scratch.investment.first_backlog[i] = block.state.company.backlog.get(i).copied().unwrap_or(ZERO);
    }
}

/// Demand for a company over its capacity, none where it has none.
#[inline(always)]
fn pressure<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let (capacity, demand) = (fleet::capacity(s, block, i, k), block.state.company.demand[i].pack(s, k));
    capacity.above(LEAST).choose(demand / capacity, 0.0)
}

/// Investors judge: confidence moves, leases of others are dropped, and what is left to save falls on own capex.
#[inline(always)]
pub fn judge<S: Simd>(s: S, block: &mut Block<'_>) {
    let plan = block.plan;
    for &i in &plan.on.investment.confident {
        for k in packs::<S>() {
            let lives = block.state.company.alive[i].pack(s, k).above(0.0);
            let confidence = confidence(s, block, i, k);
            let kept = &mut block.state.company.confidence[i];
            kept.put(k, lives.choose(confidence, kept.pack(s, k)));
            save(s, block, i, k, lives);
        }
    }
}

/// Confidence moves towards what value and earnings justify.
#[inline(always)]
fn confidence<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let (p, c) = (&block.parameters.company, &block.state.company);
    let index = against(block.state.market.index[0].pack(s, k), 1.0.packed(s));
    let own = against(c.valuation[i].pack(s, k), block.scratch.confidence.first_valuation[i].pack(s, k));
    let behind = (-(own / index).ln()).at_least(0.0);
    let (charge, profit) = (c.depreciation[i].pack(s, k), c.profit[i].pack(s, k));
    let least = (LEAST_CHARGE * profit.abs()).at_least(block.derived.least_burn.of(i).pack(s, k));
    let burden = charge.above(least).choose(charge / (charge + profit.at_least(0.0)), 0.0);
    let heavy = (burden - p.burden_tolerance.of(i).pack(s, k)).at_least(0.0);
    let of_value = p.confidence_value.of(i).pack(s, k) * behind;
    let target = (-(of_value + p.confidence_burden.of(i).pack(s, k) * heavy)).exp();
    let before = c.confidence[i].pack(s, k);
    before + (target - before) / p.confidence_lag.of(i).pack(s, k)
}

/// Saves what investors do not bear of a company that lives: leases first, own plans for the rest.
#[inline(always)]
fn save<S: Simd>(s: S, block: &mut Block<'_>, i: usize, k: usize, lives: Mask<S>) {
    let (p, planned) = (&block.parameters.contract, planned(s, block, i, k));
    let wish = (1.0 - block.state.company.confidence[i].pack(s, k)) * planned;
    let (leases, leased) = (block.plan.purchases.of(i), &mut block.scratch.investment.leased);
    let mut held = 0.0.packed(s);
    if !leased.is_empty() {
        for e in leases.iter().map(|&e| e as usize) {
            let value = p.cut_first.of(e).pack(s, k) * p.usage.of(e).pack(s, k);
            held += value * pack_or(s, block.scratch.confidence.kept.get(e), k, 1.0);
        }
    }
    let part = held.above(0.0).choose(wish.at_most(held) / held, 0.0);
    for e in leases.iter().map(|&e| e as usize) {
        if let Some(leased) = leased.get_mut(e) {
            let left = 1.0 - p.cut_first.of(e).pack(s, k) * part;
            leased.put(k, lives.choose(left, leased.pack(s, k)));
        }
    }
    let own = &mut block.scratch.investment.own[i];
    let left = planned.above(0.0).choose(1.0 - (wish - held).at_least(0.0) / planned, 1.0);
    own.put(k, lives.choose(left, own.pack(s, k)));
}

/// Capex that a company plans before its investors are asked, without what follows revenue, backlog and retirements.
#[inline(always)]
fn planned<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let (p, fleet, mut sum) = (&block.parameters.fleet, &block.state.fleet, 0.0.packed(s));
    for f in block.plan.fleets.of(i).iter().map(|&f| f as usize) {
        let mut plan = p.capex.of(f).pack(s, k) * fleet.plan[f].pack(s, k);
        if let Some(pull) = fleet.pull.get(f) {
            plan *= pull.pack(s, k).exp();
        }
        sum += plan;
    }
    sum
}

/// Draws the shocks that all capex plans have in common this month.
#[inline(always)]
pub fn draw<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    let words = block.draws.words(Stream::CapexCommon, 0, month);
    block.scratch.investment.common = normals(s, &words[0], &words[1]);
}

/// Shocks of the month: to the growth of a capex plan, and to the log of the plan, less what their variances add to its mean.
#[inline(always)]
#[must_use]
pub fn shock<S: Simd>(s: S, block: &Block<'_>, i: usize, f: usize, month: u32) -> [Row; 2] {
    let words = block.draws.words(Stream::Capex, block.addresses.company[i], month);
    let (common, own) = (&block.scratch.investment.common, normals(s, &words[0], &words[1]));
    let (p, root, mut shock) = (&block.parameters.fleet, (1.0_f64 / 12.0).sqrt(), [ZERO; 2]);
    for k in packs::<S>() {
        let share = p.capex_common.of(f).pack(s, k);
        let (of_common, of_own) = (share.sqrt(), (1.0 - share).sqrt());
        let growth = of_common * common[0].pack(s, k) + of_own * own[0].pack(s, k);
        let level = of_common * common[1].pack(s, k) + of_own * own[1].pack(s, k);
        let (volatility, noise) = (p.capex_volatility.of(f).pack(s, k) * root, p.capex_noise.of(f).pack(s, k) * root);
        let rate = LN_2 / p.capex_growth_half_life.of(f).pack(s, k);
        let weight = (1.0 - (-rate * f64::from(month)).exp()) / (1.0 - (-rate).exp()) / 12.0;
        let excess = 0.5 * (volatility * weight) * (volatility * weight) + 0.5 * noise * noise;
        shock[0].put(k, volatility * growth);
        shock[1].put(k, noise * level - excess);
    }
    shock
}

/// Demand and backlog of a company pull the plans of its fleets.
#[inline(always)]
pub fn follow<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let p = &block.parameters.fleet;
    for k in packs::<S>() {
        let x = &block.scratch.investment;
        let demand = against(pressure(s, block, i, k), x.first_pressure[i].pack(s, k)).ln();
        let first = x.first_backlog[i].pack(s, k);
        let backlog = pack_or(s, block.state.company.backlog.get(i), k, 0.0);
        let orders = if block.plan.on.investment.orders { against(backlog, first).ln() } else { 0.0.packed(s) };
        let caught = &mut block.scratch.investment.caught;
        let lives = block.state.company.alive[i].pack(s, k).above(0.0);
        for f in block.plan.fleets.of(i).iter().map(|&f| f as usize) {
            let mut target = p.capex_pressure.of(f).pack(s, k) * demand;
            if let Some(caught) = caught.get_mut(f) {
                let before = caught.pack(s, k);
                let now = lives.choose(before + p.capex_catch_up.of(f).pack(s, k) * demand / 12.0, before);
                caught.put(k, now);
                target += now;
            }
            target += p.capex_orders.of(f).pack(s, k) * orders;
            let pull = &mut block.state.fleet.pull[f];
            let before = pull.pack(s, k);
            pull.put(k, lives.choose(before + (target - before) / p.capex_lag.of(f).pack(s, k), before));
        }
    }
}

/// Whether the pull of demand or the confidence of investors may move the capex plan of a fleet.
#[inline(always)]
#[must_use]
pub fn answers(block: &Block<'_>, i: usize, f: usize) -> bool {
    block.state.fleet.pull.get(f).is_some() || block.scratch.investment.own.get(i).is_some()
}

/// Effect of both on the plan.
#[inline(always)]
#[must_use]
pub fn answer<S: Simd>(s: S, block: &Block<'_>, i: usize, f: usize) -> Row {
    let (pull, own, mut answer) = (block.state.fleet.pull.get(f), block.scratch.investment.own.get(i), ONES);
    for k in packs::<S>() {
        let mut factor = pack_or(s, own, k, 1.0);
        if let Some(pull) = pull {
            factor *= pull.pack(s, k).exp();
        }
        answer.put(k, factor);
    }
    answer
}

apart! {
    judge_apart(s, block) -> () { judge(s, block) }
    follow_apart(s, block, i: usize) -> () { follow(s, block, i) }
    shock_apart(s, block, i: usize, f: usize, month: u32) -> [Row; 2] { shock(s, block, i, f, month) }
    answer_apart(s, block, i: usize, f: usize) -> Row { answer(s, block, i, f) }
}

//! Phase 3: list prices, the cost of inputs, and what is passed on.

use crate::block::Block;
use crate::carry;
use crate::column::ONES;
use crate::column::ZERO;
use crate::column::zeros;
use crate::column::{Column, Row};
use crate::limits::MOST;
use crate::model::apart::apart;
use crate::needed::Needed;
use crate::pack::{Operand, Pack, Packs, packs, show};
use crate::plan::Plan;
use crate::scratch::living;
use crate::scratch::{Keep, Passing};
use crate::variables::Entity;
use crate::world::World;
use pulp::Simd;
use std::f64::consts::LN_2;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* prices {
            parameters {
                company {
                    pass_through: Fraction, 0.0, 2.0, Some(1.0), true, "Share of a change in input cost passed on in the price.";
                    price_lag: Months, 1.0, 120.0, Some(1.0), true, "Months in which the price approaches its target.";
                    service_cut: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the cost not passed on that customers feel as worse service.", off 0.0;
                    use_cap: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the cost not passed on that is saved by capping use per user.", off 0.0;
                    cap_felt: Ratio, 0.0, 10.0, Some(1.0), true, "What customers feel as worse service per dollar saved by capping use.";
                    price_trend: PerYear, -5.0, 5.0, Some(0.0), false, "Trend of the list price (logarithmic: 0.69 doubles it in a year).";
                    price_step: Ratio, -0.99, 100.0, Some(0.0), false, "A single change of the list price, as a share of it.";
                    price_step_month: Month, 1.0, 1200.0, Some(1.0), false, "Month from which that change holds.";
                    list_level: Ratio, 0.0, 1e6, Some(1.0), true, "Factor on the list price.";
                }
                contract {
                    tier: Ratio, 1e-6, 1e6, Some(1.0), true, "Factor on the price: the tier bought over that of the start.";
                    price_trend: PerYear, -5.0, 5.0, Some(0.0), false, "Trend of the price of the tier, on top of what the supplier posts (logarithmic).";
                    price_half_life: Months, 0.0, 1200.0, Some(0.0), false, "Months in which that trend halves; 0: it never fades.";
                }
            }
            variables {
                company {
                    list_price: Ratio, Some([1.0 / MOST, MOST]), "List price relative to the start.";
                    passed: Ratio, Some([1.0 / MOST, MOST]), "Price factor from passed-on input cost.";
                    price: Ratio, None, "Price relative to the start.", |_, _| false;
                    effective_price: Ratio, None, "Price with what customers feel as worse service.", |_, _| false;
                    input_cost: Ratio, None, "Cost of a unit of inputs relative to the start.", |plan, _| plan.on.plans.any;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Contracts with a price of their own beside that of the supplier.
    pub tiered: Vec<usize>,
    /// Whether any company caps use.
    pub caps: bool,
    /// Whether any company's list price moves.
    pub list_prices: bool,
    /// Whether a factor counts on top of any list price.
    pub list_levels: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        let list_levels = !p.company.list_level.all_of(|v| v == 1.0);
        Self {
            tiered: (0..p.contract.tier.len()).filter(|&e| tiered(world, e)).collect(),
            caps: !p.company.use_cap.all_of(zero),
            list_prices: list_levels || list_prices(world) || !p.company.repricing.all_of(zero),
            list_levels,
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// The cost of a contract with the company relative to the start: its posted price, or the premium once it is dead.
    pub priced: Vec<Row>,
    /// The same for next month, without its list prices.
    pub next_priced: Vec<Row>,
    /// Sum of use times `priced` over the plain contracts the company buys.
    pub plain_cost: Passing,
    /// Price.
    pub price: Passing,
    /// List price before the factor on it, where there are such factors.
    pub list: Vec<Row>,
    /// Log of the effective price.
    pub log_price: Passing,
    /// Price of each contract over what its supplier posts, where any has a price of its own.
    pub tier: Vec<Row>,
    /// Share of its use that each company caps, where any does.
    pub capped: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        let companies = || zeros(ZERO, c.companies);
        let passing = |far: bool| Passing::new(c.companies, far);
        Self {
            priced: companies(),
            next_priced: companies(),
            plain_cost: passing(plan.on.demand.recaptures),
            price: passing(plan.on.demand.recaptures),
            list: if plan.on.prices.list_levels { zeros(ONES, c.companies) } else { Vec::new() },
            log_price: passing(plan.on.demand.recaptures),
            tier: if plan.on.prices.tiered.is_empty() { Vec::new() } else { zeros(ONES, c.contracts) },
            capped: if plan.on.prices.caps { zeros(ZERO, c.companies) } else { Vec::new() },
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.list.fill(ONES);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.next_priced, visit);
        carry::rows(&mut self.list, visit);
    }
}

/// Whether any list price moves by itself or by rules.
fn list_prices(world: &World) -> bool {
    let p = &world.parameters.company;
    let still = |column: &Column| column.all_of(|value| value == 0.0);
    let pushed = |i| world.is_pushed(Entity::Company, "list_price", i);
    !(still(&p.price_trend) && still(&p.price_step)) || (0..p.cash.len()).any(pushed)
}

/// Whether a contract has a price of its own beside that of the supplier.
fn tiered(world: &World, e: usize) -> bool {
    let p = &world.parameters.contract;
    !(p.tier.all(e, |factor| factor == 1.0) && p.price_trend.all(e, |trend| trend == 0.0))
}

/// Sets list prices, and posts what a contract with each company costs relative to the start.
#[inline(always)]
pub fn post<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    std::mem::swap(&mut block.scratch.prices.priced, &mut block.scratch.prices.next_priced);
    if !block.plan.on.prices.tiered.is_empty() {
        tiers_apart(s, block, month);
    }
    if !block.plan.on.prices.list_prices {
        return;
    }
    for i in 0..block.plan.counts.companies {
        list(s, block, i, month);
        if block.plan.on.prices.list_levels {
            lift(s, block, i);
        }
        let c = &block.state.company;
        let (list, alive, priced) = (&c.list_price[i], &c.alive[i], &mut block.scratch.prices.priced[i]);
        for k in packs::<S>() {
            let posted = priced.pack(s, k);
            priced.put(k, alive.pack(s, k).above(0.0).choose(posted * list.pack(s, k), posted));
        }
    }
}

/// Prices of all contracts that have one of their own.
#[inline(always)]
pub fn tiers<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    for place in 0..block.plan.on.prices.tiered.len() {
        tier(s, block, block.plan.on.prices.tiered[place], month);
    }
}

/// The price of a contract over what its supplier posts: its tier, along the trend of that tier.
#[inline(always)]
fn tier<S: Simd>(s: S, block: &mut Block<'_>, e: usize, month: u32) {
    let p = &block.parameters.contract;
    let (tier, trend, half_life) = (p.tier.of(e), p.price_trend.of(e), p.price_half_life.of(e));
    for k in packs::<S>() {
        let price = tier.pack(s, k) * (trend.pack(s, k) * years(s, half_life.pack(s, k), month)).exp();
        block.scratch.prices.tier[e].put(k, price.within([1.0 / MOST, MOST]));
    }
}

/// Years that a trend has run by a month, less what has faded: the integral of `2^(-t / half-life)`, and all of them
/// where the half-life is 0.
#[inline(always)]
#[must_use]
pub fn years<S: Simd>(s: S, half_life: Pack<S>, month: u32) -> Pack<S> {
    let months = f64::from(month).packed(s);
    let run = half_life * (1.0 - (-LN_2 * months / half_life).exp()) / (12.0 * LN_2);
    half_life.above(0.0).choose(run, months / 12.0)
}

/// A list price follows its trend and its one step.
#[inline(always)]
fn list<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let (p, now) = (&block.parameters.company, f64::from(month));
    let (since, size) = (p.price_step_month.of(i), p.price_step.of(i));
    let raised = block.scratch.retrenchment.raised.get(i);
    let (levels, c) = (&mut block.scratch.prices.list, &mut block.state.company);
    let alive = &c.alive[i];
    let price = if block.plan.on.prices.list_levels { &mut levels[i] } else { &mut c.list_price[i] };
    let trend = block.derived.list_step.of(i);
    for k in packs::<S>() {
        // The step comes when the whole months of its date, the nearest, are now.
        let since = since.pack(s, k) + 0.5;
        let stepped = since.below(now + 1.0).choose(1.0 + size.pack(s, k), 1.0);
        let step = since.below(now).choose(1.0, stepped);
        let mut moved = price.pack(s, k) * trend.pack(s, k) * step;
        if let Some(raised) = raised {
            moved *= alive.pack(s, k).above(0.0).choose(raised.pack(s, k), 1.0);
        }
        price.put(k, moved.at_most(MOST).at_least(1.0 / MOST));
    }
}

/// The list price is what trend and step come to, times a factor.
#[inline(always)]
fn lift<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (level, from) = (block.parameters.company.list_level.of(i), &block.scratch.prices.list[i]);
    let price = &mut block.state.company.list_price[i];
    for k in packs::<S>() {
        price.put(k, (from.pack(s, k) * level.pack(s, k)).at_most(MOST).at_least(1.0 / MOST));
    }
}

/// The cost of a company's plain contracts: use times posted price.
#[inline(always)]
pub fn gather<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let x = &mut block.scratch;
    let usage = &block.parameters.contract.usage;
    block.plan.plain_purchases.sum(s, i, usage, &x.prices.priced, &mut x.prices.plain_cost[i]);
}

/// Adds the same for its other price-linked contracts.
#[inline(always)]
fn add_special<S: Simd>(s: S, block: &Block<'_>, i: usize, cost: &mut Row) {
    let p = &block.parameters.contract;
    for &e in block.plan.special_purchases.of(i) {
        let e = e as usize;
        let priced = &block.scratch.prices.priced[block.links.contract.supplier[e] as usize];
        let (usage, linked, tier) = (p.usage.of(e), p.price_linked.of(e), block.scratch.prices.tier.get(e));
        for k in packs::<S>() {
            let mut owed = usage.pack(s, k) * linked.pack(s, k) * priced.pack(s, k);
            if let Some(tier) = tier {
                owed *= tier.pack(s, k);
            }
            cost.gain(k, owed);
        }
    }
}

/// The price of a company, and what it will post next month at its list price of then; the premium once it is dead.
#[inline(always)]
pub fn price<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    if block.plan.passes[i] {
        pass_on(s, block, i);
    } else {
        take_list(s, block, i);
    }
    let (c, premium) = (&block.state.company, block.parameters.market.substitution_premium.of(0));
    let alive = living(&c.alive, &block.scratch.cascade.has_died, i);
    let (passed, next) = (&c.passed[i], &mut block.scratch.prices.next_priced[i]);
    for k in packs::<S>() {
        next.put(k, alive.pack(s, k).above(0.0).choose(passed.pack(s, k), premium.pack(s, k)));
    }
}

/// A company that buys nothing has nothing to pass on.
#[inline(always)]
fn take_list<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (c, x) = (&mut block.state.company, &mut block.scratch);
    let (list, price, log) = (&c.list_price[i], &mut x.prices.price[i], &mut x.prices.log_price[i]);
    let (mut shown, mut effective) = (c.price.get_mut(i), c.effective_price.get_mut(i));
    for k in packs::<S>() {
        let now = list.pack(s, k);
        price.put(k, now);
        show(&mut shown, k, now);
        show(&mut effective, k, now);
        log.put(k, now.ln());
    }
}

/// Passes a change of input cost on into the price of a company.
#[inline(always)]
fn pass_on<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let mut cost = block.scratch.prices.plain_cost[i];
    add_special(s, block, i, &mut cost);
    let (p, d) = (&block.parameters.company, &block.derived);
    let (per_use, share, per_lag) = (d.per_linked_use.of(i), d.input_share.of(i), d.per_price_lag.of(i));
    let (through, service) = (p.pass_through.of(i), p.service_cut.of(i));
    let (cap, cap_felt) = (p.use_cap.of(i), p.cap_felt.of(i));
    let (c, x) = (&mut block.state.company, &mut block.scratch);
    let (price, log) = (&mut x.prices.price[i], &mut x.prices.log_price[i]);
    let (list, passed, mut capped) = (&c.list_price[i], &mut c.passed[i], x.prices.capped.get_mut(i));
    let (mut prices, mut costs, mut effectives) =
        (c.price.get_mut(i), c.input_cost.get_mut(i), c.effective_price.get_mut(i));
    let list = block.plan.on.prices.list_prices.then_some(list);
    for k in packs::<S>() {
        let per_use = per_use.pack(s, k);
        let relative = per_use.above(0.0).choose(cost.pack(s, k) * per_use, 1.0);
        let rise = share.pack(s, k) * (relative - 1.0);
        let through = through.pack(s, k);
        let target = (1.0 + through * rise).at_least(0.01).at_most(MOST);
        let before = passed.pack(s, k);
        let now = before + (target - before) * per_lag.pack(s, k);
        passed.put(k, now);
        let mut now_priced = now;
        if let Some(list) = list {
            now_priced *= list.pack(s, k);
        }
        price.put(k, now_priced);
        let borne = ((1.0 - through) * rise).at_least(0.0);
        let mut felt = service.pack(s, k) * borne;
        if let Some(capped) = &mut capped {
            let (saved, cost) = (cap.pack(s, k) * borne, share.pack(s, k) * relative);
            capped.put(k, cost.above(0.0).choose(saved / cost, 0.0).at_most(1.0));
            felt += cap_felt.pack(s, k) * saved;
        }
        let effective = now_priced * (1.0 + felt);
        log.put(k, effective.ln());
        show(&mut prices, k, now_priced);
        show(&mut costs, k, relative);
        show(&mut effectives, k, effective);
    }
}

apart! {
    tiers_apart(s, block, month: u32) -> () { tiers(s, block, month) }
}

//! The market for compute: what is wanted and what is installed, whoever owns it, and who finds room in it.

use crate::block::Block;
use crate::column::{Column, Row, ZERO};
use crate::math::{exp, ln};
use crate::model::apart::apart;
use crate::model::fleet;
use crate::needed::Needed;
use crate::pack::{Mask, Operand, Pack, Packs, packs};
use crate::plan::Plan;
use crate::plan::owning;
use crate::rounding::{LEAST, ROUNDING};
use crate::scratch::Keep;
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* compute {
            parameters {
                company {
                    own_compute: UsdPerMonth, 0.0, LARGEST, Some(0.0), true, "What its fleets serve itself, at prices of the start; it follows the research plan.", off 0.0;
                }
                contract {
                    recontract_months: Months, 0.0, 120.0, Some(0.0), false, "Months in which what replaces a dead supplier goes from the premium to the GPU rental index; 0: it stays at the premium.", off 0.0;
                }
                market {
                    spot_market: Flag, 0.0, 1.0, Some(0.0), false, "Whether compute has one market: fleets of the failed stay installed, and idle ones are let to those who lost their supplier.", off 0.0;
                    salvage: Fraction, 0.0, 1.0, Some(1.0), true, "Share of the fleets of a failed owner that stays installed if there is a spot market; the rest is scrapped.";
                    depth_cash: Ratio, 0.0, 5.0, Some(0.0), true, "Elasticity of the depth of second-hand markets to the free cash of living owners of fleets against the start.", off 0.0;
                    depth_shut: Ratio, 0.01, 1.0, Some(1.0), true, "Factor on that depth while funding is shut.", off 1.0;
                }
            }
            variables {
                market {
                    need: UsdPerMonth, None, "Compute wanted of all who rent out fleets, alive or dead, at prices of the start.";
                    installed: UsdPerMonth, None, "What fleets for rent can serve, those of dead owners included, at prices of the start.";
                    footloose: UsdPerMonth, None, "Part of the need of those whose supplier is dead.";
                    occupancy: Fraction, None, "Share of idle fleets for rent that is let at spot.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether there is a spot market.
    pub clears: bool,
    /// Whether the company rents out fleets in it.
    pub rents: Vec<bool>,
    /// Whether what replaces a dead supplier may come to cost the rent of the day.
    pub recontracts: bool,
    /// Whether any company runs anything for itself.
    pub own: bool,
    /// Whether the depth of second-hand markets moves.
    pub shallow: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        let clears = !p.market.spot_market.all_of(zero);
        let rented = |f| clears && !p.fleet.indexed.all(f, zero) && !p.fleet.capacity_revenue.all(f, zero);
        Self {
            clears,
            rents: owning(world, rented),
            recontracts: !p.contract.recontract_months.all_of(zero),
            own: !p.company.own_compute.all_of(zero),
            shallow: !(p.market.depth_cash.all_of(zero) && p.market.depth_shut.all_of(|v| v == 1.0)),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Need of those whose supplier is dead, so far this month.
    pub lost: Row,
    /// Free cash of owners of fleets at the start.
    pub first_cash: Row,
}

impl Scratch {
    pub(crate) fn new(_: &Plan, _: Needed) -> Self {
        Self { lost: ZERO, first_cash: ZERO }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.lost = ZERO;
    }
}

/// Bounds of free cash over that of the start.
const CASH: [f64; 2] = [1e-2, 1e2];

/// Capacity of a fleet in the market, at prices of the start; nothing if it is not for rent.
#[inline(always)]
fn rented<S: Simd>(s: S, block: &Block<'_>, f: usize, k: usize) -> Pack<S> {
    let p = &block.parameters.fleet;
    let share = p.indexed.of(f).pack(s, k) * p.capacity_revenue.of(f).pack(s, k);
    share * block.state.fleet.capacity[f].pack(s, k) / 12.0
}

/// Whether a company has a fleet for rent.
#[inline(always)]
fn rents<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Mask<S> {
    let (p, mut most) = (&block.parameters.fleet, 0.0.packed(s));
    for f in block.plan.fleets.of(i).iter().map(|&f| f as usize) {
        most = most.at_least(p.indexed.of(f).pack(s, k) * p.capacity_revenue.of(f).pack(s, k));
    }
    most.above(0.0)
}

/// Part of a fleet for rent that its owner has no use for.
#[inline(always)]
fn idle<S: Simd>(s: S, block: &Block<'_>, i: usize, f: usize, k: usize) -> Pack<S> {
    let (c, relet) = (&block.state.company, block.parameters.fleet.relet.of(f).pack(s, k));
    let busy = c.utilisation[i].pack(s, k);
    1.0 - c.alive[i].pack(s, k) * (busy + relet * (1.0 - busy))
}

/// Demand that a living company that is limited cannot serve.
#[inline(always)]
fn unserved<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let over = (block.state.company.demand[i].pack(s, k) - fleet::capacity(s, block, i, k)).at_least(0.0);
    fleet::limit(s, block, i, k).above(0.0).choose(over, 0.0)
}

/// Need, what is installed, and how much of what is idle is let, at the end of the month.
#[inline(always)]
pub fn measure<S: Simd>(s: S, block: &mut Block<'_>) {
    let (mut need, mut installed, mut over, mut free) = (ZERO, ZERO, ZERO, ZERO);
    for i in (0..block.plan.counts.companies).filter(|&i| !block.plan.fleets.of(i).is_empty()) {
        for k in packs::<S>() {
            let rents = rents(s, block, i, k);
            need.gain(k, rents.choose(block.state.company.demand[i].pack(s, k), 0.0));
            over.gain(k, rents.choose(unserved(s, block, i, k), 0.0));
            for f in block.plan.fleets.of(i).iter().map(|&f| f as usize) {
                let most = rented(s, block, f, k);
                installed.gain(k, most);
                free.gain(k, most * idle(s, block, i, f, k));
            }
        }
    }
    let (clears, lost) = (block.plan.on.compute.clears, std::mem::replace(&mut block.scratch.compute.lost, ZERO));
    let m = &mut block.state.market;
    for k in packs::<S>() {
        let (lost, free, installed) = (lost.pack(s, k), free.pack(s, k), installed.pack(s, k));
        m.footloose[0].put(k, lost);
        m.need[0].put(k, need.pack(s, k) + lost);
        m.installed[0].put(k, installed);
        let share = ((lost + over.pack(s, k)) / free).at_most(1.0);
        let share = free.above(ROUNDING * installed).choose(share, 0.0);
        m.occupancy[0].put(k, if clears { share } else { 0.0.packed(s) });
    }
}

/// Adds what segments of a dead seller want, as far as no rival has gained it.
#[inline(always)]
fn lose_sales<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (p, state) = (&block.parameters.segment, &block.state.segment);
    let mut sum = ZERO;
    for g in block.plan.segments.of(i).iter().map(|&g| g as usize) {
        let (climate, loyal) = (state.climate.get(g), state.loyal.get(g));
        let claimed = block.scratch.demand.claimed.get(g).unwrap_or(&ZERO);
        for k in packs::<S>() {
            let mut stay = state.response[g].pack(s, k);
            if let Some(loyal) = loyal {
                stay *= loyal.pack(s, k);
            }
            let mut volume = state.trend[g].pack(s, k) * stay;
            if let Some(climate) = climate {
                volume *= climate.pack(s, k);
            }
            let wanted = p.hosted.of(g).pack(s, k) * p.revenue.of(g).pack(s, k) * volume;
            let lost = wanted * (1.0 - claimed.pack(s, k)).at_least(0.0);
            let counts = block.state.company.alive[i].pack(s, k).equals(0.0) & rents(s, block, i, k);
            sum.gain(k, counts.choose(lost, 0.0));
        }
    }
    for k in packs::<S>() {
        block.scratch.compute.lost.gain(k, sum.pack(s, k));
    }
}

/// Adds the use of a contract that others serve, its supplier having rented out fleets and died.
#[inline(always)]
pub fn move_use<S: Simd>(s: S, block: &mut Block<'_>, e: usize, k: usize, usage: Pack<S>) {
    let for_rent = rents(s, block, block.links.contract.supplier[e] as usize, k);
    block.scratch.compute.lost.gain(k, for_rent.choose(usage, 0.0));
}

/// Revenue of a company from idle fleets let at spot to those who lost their supplier, added to that of its segments; what
/// segments of a dead one want.
#[inline(always)]
pub fn let_out<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    if block.scratch.cascade.has_died[i] {
        lose_sales(s, block, i);
    }
    for f in block.plan.fleets.of(i).iter().map(|&f| f as usize) {
        for k in packs::<S>() {
            let share = rented(s, block, f, k) * idle(s, block, i, f, k);
            let (m, c) = (&block.state.market, &mut block.state.company);
            let rent = share * m.occupancy[0].pack(s, k) * m.gpu_index[0].pack(s, k);
            c.segment_revenue[i].gain(k, c.alive[i].pack(s, k) * rent);
        }
    }
}

/// Part of a fleet with capacity that nobody uses.
#[inline(always)]
#[must_use]
pub fn unused<S: Simd>(s: S, block: &Block<'_>, i: usize, f: usize, k: usize) -> Pack<S> {
    let let_at_spot = block.parameters.fleet.indexed.of(f).pack(s, k) * block.state.market.occupancy[0].pack(s, k);
    idle(s, block, i, f, k) * (1.0 - let_at_spot)
}

/// Way, from the premium to the rent of the day, that the price of what replaces a dead supplier has gone.
#[inline(always)]
#[must_use]
pub fn way<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, month: u32) -> Pack<S> {
    since_death(s, block, e, k, month, &block.parameters.contract.recontract_months)
}

/// Part of so many months that has gone by since the supplier of a contract died; none where it lives, or of no months.
#[inline(always)]
pub fn since_death<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, month: u32, months: &Column) -> Pack<S> {
    let died = block.scratch.bills.died[block.links.contract.supplier[e] as usize].pack(s, k);
    let (months, since) = (months.of(e).pack(s, k), f64::from(month) - died - 1.0);
    (months.above(0.0) & died.above(0.0)).choose((since / months).within([0.0, 1.0]), 0.0)
}

/// Notes the free cash of owners of fleets at the start.
pub fn start(block: &mut Block<'_>) {
    if block.plan.on.compute.shallow {
        block.scratch.compute.first_cash = Row::from_fn(|l| free_cash(block, l));
    }
}

/// Cash above its minimum of all who live and own machines in use, on one path.
fn free_cash(block: &Block<'_>, l: usize) -> f64 {
    let (c, least) = (&block.state.company, &block.parameters.company.minimum_cash);
    let used = |&f: &u32| block.state.fleet.capacity[f as usize][l] > LEAST;
    let owners = (0..block.plan.counts.companies).filter(|&i| block.plan.fleets.of(i).iter().any(used));
    owners.map(|i| c.alive[i][l] * (c.cash[i][l] - least.at(i, l)).max(0.0)).sum::<f64>() + 0.0
}

/// Factor on the depth of second-hand markets: who could buy, and whether anybody lends for it.
#[must_use]
pub fn depth(block: &Block<'_>, l: usize) -> f64 {
    if !block.plan.on.compute.shallow {
        return 1.0;
    }
    let (p, first) = (&block.parameters.market, block.scratch.compute.first_cash[l]);
    let ratio = if first > LEAST { (free_cash(block, l) / first).clamp(CASH[0], CASH[1]) } else { 1.0 };
    let shut = if block.state.market.regime[0][l] == 2.0 { p.depth_shut.at(0, l) } else { 1.0 };
    exp(p.depth_cash.at(0, l) * ln(ratio)) * shut
}

apart! {
    let_out_apart(s, block, i: usize) -> () { let_out(s, block, i) }
    measure_apart(s, block) -> () { measure(s, block) }
}

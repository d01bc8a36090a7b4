//! The market for compute: what is wanted and what is installed, whoever owns it, and who finds room in it.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::math::{exp, ln};
use crate::needed::Needed;
use crate::pack::{Pack, Packs};
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

/// Capacity of a fleet in the market, on one path, at prices of the start; nothing if it is not for rent.
fn rented(block: &Block<'_>, f: usize, l: usize) -> f64 {
    let p = &block.parameters.fleet;
    p.indexed.at(f, l) * p.capacity_revenue.at(f, l) * block.state.fleet.capacity[f][l] / 12.0
}

/// Whether a company has a fleet for rent on a path.
fn rents(block: &Block<'_>, i: usize, l: usize) -> bool {
    let p = &block.parameters.fleet;
    block.plan.fleets.of(i).iter().any(|&f| p.indexed.at(f as usize, l) * p.capacity_revenue.at(f as usize, l) > 0.0)
}

/// Part of a fleet for rent that its owner has no use for.
fn idle(block: &Block<'_>, i: usize, f: usize, l: usize) -> f64 {
    let c = &block.state.company;
    let own =
        c.alive[i][l] * (c.utilisation[i][l] + block.parameters.fleet.relet.at(f, l) * (1.0 - c.utilisation[i][l]));
    1.0 - own
}

/// Demand that a living company that is limited cannot serve, on one path.
fn unserved(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let (p, fleet) = (&block.parameters.fleet, &block.state.fleet);
    let (mut most, mut limited) = (0.0, false);
    for &f in block.plan.fleets.of(i) {
        let f = f as usize;
        most += p.capacity_revenue.at(f, l) * fleet.capacity[f][l] / 12.0;
        limited |= p.limits.at(f, l) * p.capacity_revenue.at(f, l) > 0.0;
    }
    if limited { (block.state.company.demand[i][l] - most).max(0.0) } else { 0.0 }
}

/// Need, what is installed, and how much of what is idle is let, at the end of the month.
#[inline(never)]
pub fn measure(block: &mut Block<'_>) {
    let (mut need, mut installed, mut over, mut free) = (ZERO, ZERO, ZERO, ZERO);
    for i in (0..block.plan.counts.companies).filter(|&i| !block.plan.fleets.of(i).is_empty()) {
        for l in 0..LANES {
            if rents(block, i, l) {
                need[l] += block.state.company.demand[i][l];
                over[l] += unserved(block, i, l);
            }
        }
        for &f in block.plan.fleets.of(i) {
            let f = f as usize;
            for l in 0..LANES {
                let most = rented(block, f, l);
                installed[l] += most;
                free[l] += most * idle(block, i, f, l);
            }
        }
    }
    let (clears, lost) = (block.plan.on.compute.clears, std::mem::replace(&mut block.scratch.compute.lost, ZERO));
    let m = &mut block.state.market;
    for l in 0..LANES {
        m.footloose[0][l] = lost[l];
        m.need[0][l] = need[l] + lost[l];
        m.installed[0][l] = installed[l];
        let share = if free[l] > ROUNDING * installed[l] { ((lost[l] + over[l]) / free[l]).min(1.0) } else { 0.0 };
        m.occupancy[0][l] = if clears { share } else { 0.0 };
    }
}

/// Adds what segments of a dead seller want, as far as no rival has gained it.
fn lose_sales(block: &mut Block<'_>, i: usize) {
    let (p, state) = (&block.parameters.segment, &block.state.segment);
    let mut sum = ZERO;
    for &s in block.plan.segments.of(i) {
        let s = s as usize;
        let claimed = block.scratch.demand.claimed.get(s).copied().unwrap_or(ZERO);
        let (climate, loyal) = (state.climate.get(s), state.loyal.get(s));
        for l in 0..LANES {
            if block.state.company.alive[i][l] == 0.0 && rents(block, i, l) {
                let stay = state.response[s][l] * loyal.map_or(1.0, |row| row[l]);
                let volume = state.trend[s][l] * stay * climate.map_or(1.0, |row| row[l]);
                sum[l] += p.hosted.at(s, l) * p.revenue.at(s, l) * volume * (1.0 - claimed[l]).max(0.0);
            }
        }
    }
    let lost = &mut block.scratch.compute.lost;
    *lost = Row::from_fn(|l| lost[l] + sum[l]);
}

/// Adds the use of a contract that others serve, its supplier having rented out fleets and died.
#[inline(always)]
pub fn move_use<S: Simd>(s: S, block: &mut Block<'_>, e: usize, k: usize, usage: Pack<S>) {
    let supplier = block.links.contract.supplier[e] as usize;
    let for_rent = Row::from_fn(|l| f64::from(u8::from(rents(block, supplier, l))));
    block.scratch.compute.lost.gain(k, for_rent.pack(s, k) * usage);
}

/// Revenue of a company from idle fleets let at spot to those who lost their supplier, added to that of its segments; what
/// segments of a dead one want.
#[inline(never)]
pub fn let_out(block: &mut Block<'_>, i: usize) {
    if block.scratch.cascade.has_died[i] {
        lose_sales(block, i);
    }
    for &f in block.plan.fleets.of(i) {
        let f = f as usize;
        for l in 0..LANES {
            let m = &block.state.market;
            let rent = rented(block, f, l) * idle(block, i, f, l) * m.occupancy[0][l] * m.gpu_index[0][l];
            let c = &mut block.state.company;
            c.segment_revenue[i][l] += c.alive[i][l] * rent;
        }
    }
}

/// Part of a fleet with capacity that nobody uses.
#[must_use]
pub fn unused(block: &Block<'_>, i: usize, f: usize, l: usize) -> f64 {
    let let_at_spot = block.parameters.fleet.indexed.at(f, l) * block.state.market.occupancy[0][l];
    idle(block, i, f, l) * (1.0 - let_at_spot)
}

/// Way, from the premium to the rent of the day, that the price of what replaces a dead supplier has gone.
#[must_use]
pub fn way(block: &Block<'_>, e: usize, month: u32) -> Row {
    let supplier = block.links.contract.supplier[e] as usize;
    let (months, died) = (&block.parameters.contract.recontract_months, &block.scratch.bills.died[supplier]);
    Row::from_fn(|l| {
        let (months, since) = (months.at(e, l), f64::from(month) - died[l] - 1.0);
        if months > 0.0 && died[l] > 0.0 { (since / months).clamp(0.0, 1.0) } else { 0.0 }
    })
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

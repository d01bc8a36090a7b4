//! Phases 4 to 6: what fleets can serve, what is wanted of them, and what stands idle.

use crate::block::Block;
use crate::carry;
use crate::column::ONES;
use crate::column::zeros;
use crate::column::{LANES, Row, ZERO};
use crate::limits::MOST;
use crate::model::apart::apart;
use crate::model::bills::{self, commitment};
use crate::model::compute;
use crate::model::fleet::{capacity, earning, limit};
use crate::model::prorata::parts;
use crate::needed::Needed;
use crate::pack::{Operand, Pack, Packs, packs};
use crate::plan::Plan;
use crate::plan::owning;
use crate::plan::to_whole_months;
use crate::rounding::{LEAST, beyond};
use crate::scratch::Keep;
use crate::world::World;
use pulp::{Scalar, Simd};

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* capacity {
            parameters {
                segment {
                    hosted: Fraction, 0.0, 1.0, Some(1.0), false, "Share of the revenue that needs the fleets of the seller.", off 1.0;
                }
                market {
                    pay_on_delivery: Flag, 0.0, 1.0, Some(0.0), false, "Whether commitments to a limited supplier are owed only as far as its capacity reaches.", off 0.0;
                }
                fleet {
                    capacity_revenue: PerYear, 0.0, 100.0, Some(0.0), false, "Yearly revenue that a dollar of gross cost can serve, at prices of the start; 0: not known.";
                    limits: Flag, 0.0, 1.0, Some(0.0), false, "Whether the owner can serve no more than the capacity of its fleets.";
                    relet: Fraction, 0.0, 1.0, Some(0.0), true, "Share of idle capacity let to households at the GPU rental index.", off 0.0;
                }
            }
            variables {
                company {
                    demand: UsdPerMonth, None, "What segments and customers want of it, or have reserved, at prices of the start.", |_, needed| needed.demand;
                    utilisation: Fraction, None, "Demand over the capacity of its fleets, at most 1; 1 where no capacity is known.", |_, needed| needed.demand;
                }
                market {
                    stranded: Usd, None, "Book value of fleets that stand idle.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the company can serve no more than its capacity.
    pub limited: Vec<bool>,
    /// Whether part of what the company sells needs no fleet of it.
    pub part_hosted: Vec<bool>,
    /// Whether idle capacity is let again.
    pub relets: bool,
    /// Whether commitments are owed only as far as limited suppliers can deliver.
    pub delivers: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        let limited = limited(world);
        Self {
            delivers: limited.contains(&true) && !p.market.pay_on_delivery.all_of(zero),
            limited,
            part_hosted: part_hosted(world),
            relets: !p.fleet.relet.all_of(zero),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Sales to segments wanted of each company, at prices of the start, and use wanted of it.
    pub wanted_sales: Vec<Row>,
    /// See `wanted_sales`.
    pub wanted_use: Vec<Row>,
    /// Reservations of the customers of each company beyond the use they want.
    pub reserved: Vec<Row>,
    /// Share of the sales wanted of the fleets of limited companies that they can serve.
    pub served_sales: Vec<Row>,
    /// Capacity of limited companies under contracts, and its share of the use wanted.
    pub room: Vec<Row>,
    /// See `room`.
    pub served: Vec<Row>,
    /// Share of use wanted or committed that limited companies can serve, where only that is owed.
    pub delivered: Vec<Row>,
    /// Demand for rented capacity and its supply at the start.
    pub first_demand: Row,
    /// See `first_demand`.
    pub first_supply: Row,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, needed: Needed) -> Self {
        let c = plan.counts;
        let companies = || zeros(ZERO, c.companies);
        let limits = plan.on.capacity.limited.contains(&true);
        let reserves = needed.demand && (0..c.contracts).any(|e| !plan.commitments.of(e).is_empty());
        Self {
            wanted_sales: if needed.demand { companies() } else { Vec::new() },
            wanted_use: if needed.demand { companies() } else { Vec::new() },
            reserved: if reserves { companies() } else { Vec::new() },
            served_sales: if limits { companies() } else { Vec::new() },
            room: if limits { companies() } else { Vec::new() },
            served: if limits { zeros(ONES, c.companies) } else { Vec::new() },
            delivered: if plan.on.capacity.delivers { zeros(ONES, c.companies) } else { Vec::new() },
            first_demand: ZERO,
            first_supply: ZERO,
        }
    }
}

impl Keep for Scratch {
    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.wanted_use, visit);
    }
}

/// Companies that own fleets which limit what they can serve.
fn limited(world: &World) -> Vec<bool> {
    let p = &world.parameters.fleet;
    let zero = |value: f64| value == 0.0;
    owning(world, |f| !(p.limits.all(f, zero) || p.capacity_revenue.all(f, zero)))
}

/// Companies with a segment that does not need their fleets for all its revenue.
fn part_hosted(world: &World) -> Vec<bool> {
    let hosted = &world.parameters.segment.hosted;
    let mut part = vec![false; world.parameters.company.cash.len()];
    for (s, &seller) in world.links.segment.seller.iter().enumerate() {
        part[seller as usize] |= !hosted.all(s, |share| share == 1.0);
    }
    part
}

/// Utilisation before the first month, with what is reserved in it.
pub fn start(block: &mut Block<'_>) {
    let s = Scalar::new();
    for i in 0..block.plan.counts.companies {
        let mut wanted = first_demand(block, i);
        add_own(s, block, i, &mut wanted);
        let mut reserved = ZERO;
        for e in block.plan.sales.of(i).iter().map(|&e| e as usize) {
            for k in packs::<Scalar>() {
                let first = commitment(s, block, e, k, 1.0.packed(s));
                reserved.gain(k, (first - block.parameters.contract.usage.of(e).pack(s, k)).at_least(0.0));
            }
        }
        block.scratch.capacity.wanted_use[i] = block.derived.used.row(i);
        note(s, block, i, [&wanted, &reserved]);
    }
    if block.needed.compute {
        compute::measure(s, block);
    }
    (block.scratch.capacity.first_demand, block.scratch.capacity.first_supply) = totals(block);
}

/// Sales of the start that need the fleets of a company, and use of its customers.
fn first_demand(block: &Block<'_>, i: usize) -> Row {
    if !block.plan.on.capacity.part_hosted[i] {
        return block.derived.revenue.row(i);
    }
    let (sales, used) = (first_sales(block, i), block.derived.used.row(i));
    Row::from_fn(|l| sales[l] + used[l])
}

/// Sales of the start that need the fleets of a company.
pub(crate) fn first_sales(block: &Block<'_>, i: usize) -> Row {
    let p = &block.parameters.segment;
    let mut sum = ZERO;
    for &s in block.plan.segments.of(i) {
        for l in 0..LANES {
            sum[l] += p.hosted.at(s as usize, l) * p.revenue.at(s as usize, l);
        }
    }
    sum
}

/// Adds what a company runs for itself.
#[inline(always)]
fn add_own<S: Simd>(s: S, block: &Block<'_>, i: usize, wanted: &mut Row) {
    if block.plan.on.compute.own {
        let (own, research) = (block.parameters.company.own_compute.of(i), &block.state.company.research[i]);
        for k in packs::<S>() {
            wanted.gain(k, own.pack(s, k) * research.pack(s, k));
        }
    }
}

/// Notes the sales that are wanted of the fleets of a company and, where capacity is limited, the share it can serve and what is left for contracts.
#[inline(always)]
pub fn ration_sales<S: Simd>(s: S, block: &mut Block<'_>, i: usize, wanted: &Row) {
    block.scratch.capacity.wanted_sales[i] = *wanted;
    if !block.plan.on.capacity.limited[i] {
        return;
    }
    for k in packs::<S>() {
        let most = limit(s, block, i, k).above(0.0).choose(capacity(s, block, i, k), f64::INFINITY);
        let (x, wanted) = (&mut block.scratch.capacity, wanted.pack(s, k));
        let share = parts(most, wanted + x.wanted_use[i].pack(s, k));
        x.room[i].put(k, (most - share * wanted).at_least(0.0));
        x.served_sales[i].put(k, share);
    }
}

/// Part of a segment that a limited company can sell: its capability, less what its fleets cannot serve.
#[inline(always)]
#[must_use]
pub fn able<S: Simd>(s: S, block: &Block<'_>, i: usize, segment: usize, capability: &Row) -> Row {
    let (hosted, share) = (block.parameters.segment.hosted.of(segment), &block.scratch.capacity.served_sales[i]);
    let mut able = ZERO;
    for k in packs::<S>() {
        let hosted = hosted.pack(s, k);
        able.put(k, capability.pack(s, k) * ((1.0 - hosted) + hosted * share.pack(s, k)));
    }
    able
}

/// Shares of the use wanted under contracts that limited suppliers can serve.
#[inline(always)]
pub fn ration_use<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    for i in (0..block.plan.counts.companies).filter(|&i| block.plan.on.capacity.limited[i]) {
        let (mut wanted, mut promised) = (ZERO, ZERO);
        for e in block.plan.sales.of(i).iter().map(|&e| e as usize) {
            for k in packs::<S>() {
                let use_now = bills::wanted_use(s, block, e, k);
                wanted.gain(k, use_now);
                if block.plan.on.capacity.delivers {
                    promised.gain(k, use_now.at_least(owed_by(s, block, e, k, month)));
                }
            }
        }
        let x = &mut block.scratch.capacity;
        for k in packs::<S>() {
            let room = x.room[i].pack(s, k);
            if let Some(delivered) = x.delivered.get_mut(i) {
                let on = block.parameters.market.pay_on_delivery.of(0).pack(s, k).above(0.0);
                delivered.put(k, on.choose(parts(room, promised.pack(s, k)), 1.0));
            }
            x.served[i].put(k, parts(room, wanted.pack(s, k)));
        }
        x.wanted_use[i] = wanted;
    }
}

/// Commitments of a living customer in a month.
#[inline(always)]
fn owed_by<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, month: u32) -> Pack<S> {
    let alive = block.state.company.alive[block.links.contract.customer[e] as usize].pack(s, k);
    alive * commitment(s, block, e, k, f64::from(month).packed(s))
}

/// Demand and utilisation of a company, before its fleets age.
#[inline(always)]
pub fn measure<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (c, x, mut wanted) = (&block.state.company, &block.scratch.capacity, ZERO);
    let used = if block.plan.on.capacity.limited[i] { &x.wanted_use[i] } else { &c.used[i] };
    for k in packs::<S>() {
        wanted.put(k, c.alive[i].pack(s, k) * (x.wanted_sales[i].pack(s, k) + used.pack(s, k)));
    }
    add_own(s, block, i, &mut wanted);
    let reserved = x.reserved.get(i).copied().unwrap_or(ZERO);
    note(s, block, i, [&wanted, &reserved]);
}

/// Notes what is wanted of a company, or reserved of what would else stand idle, and which part of its capacity that takes.
#[inline(always)]
fn note<S: Simd>(s: S, block: &mut Block<'_>, i: usize, [wanted, reserved]: [&Row; 2]) {
    for k in packs::<S>() {
        let capacity = capacity(s, block, i, k);
        let c = &mut block.state.company;
        let (alive, wanted) = (c.alive[i].pack(s, k), wanted.pack(s, k));
        let wanted = wanted + alive * reserved.pack(s, k).at_most((capacity - wanted).at_least(0.0));
        c.demand[i].put(k, wanted);
        let busy = capacity.above(0.0).choose((wanted / capacity).at_most(1.0), 1.0);
        c.utilisation[i].put(k, alive * busy);
    }
}

/// Revenue from capacity that stood idle the month before and is let again, added to that of the segments.
#[inline(always)]
pub fn relet<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let p = &block.parameters.fleet;
    for f in block.plan.fleets.of(i).iter().map(|&f| f as usize) {
        for k in packs::<S>() {
            let earning = earning(s, block, f, k);
            let (c, index) = (&mut block.state.company, block.state.market.gpu_index[0].pack(s, k));
            let idle = c.alive[i].pack(s, k) * (1.0 - c.utilisation[i].pack(s, k));
            let price = p.indexed.of(f).pack(s, k).above(0.0).choose(index, 1.0);
            c.segment_revenue[i].gain(k, p.relet.of(f).pack(s, k) * idle * earning * price);
        }
    }
}

/// Demand for all that rent out indexed fleets, and these fleets.
fn totals(block: &Block<'_>) -> (Row, Row) {
    if block.plan.on.compute.clears {
        return (block.state.market.need[0], block.state.market.installed[0]);
    }
    let (mut demand, mut supply) = (ZERO, ZERO);
    let p = &block.parameters.fleet;
    for i in 0..block.plan.counts.companies {
        let mut rents = [false; LANES];
        for &f in block.plan.fleets.of(i) {
            let f = f as usize;
            for l in 0..LANES {
                let rented = p.indexed.at(f, l) * p.capacity_revenue.at(f, l) > 0.0;
                rents[l] |= rented;
                supply[l] += if rented { block.state.fleet.capacity[f][l] } else { 0.0 };
            }
        }
        for l in 0..LANES {
            demand[l] += if rents[l] { block.state.company.demand[i][l] } else { 0.0 };
        }
    }
    (demand, supply)
}

/// Demand over supply of rented capacity against the start, of the month before.
#[must_use]
#[inline(never)]
pub fn tightness(block: &Block<'_>) -> Row {
    let (demand, supply) = totals(block);
    let x = &block.scratch;
    Row::from_fn(|l| {
        if x.capacity.first_demand[l] <= LEAST
            || x.capacity.first_supply[l] <= LEAST
            || (demand[l] <= 0.0 && supply[l] <= 0.0)
        {
            return 1.0;
        }
        let (demand, supply) = (demand[l] / x.capacity.first_demand[l], supply[l] / x.capacity.first_supply[l]);
        (demand / supply).clamp(1.0 / MOST, MOST)
    })
}

/// Book value of a fleet before the first month: vintages in use have been depreciated in each month of theirs, the first included.
pub fn first_book(block: &mut Block<'_>, f: usize) {
    let p = &block.parameters.fleet;
    for l in 0..LANES {
        let (book, lag) = (to_whole_months(p.book_life.at(f, l)), to_whole_months(p.lag.at(f, l)) as usize);
        let worth =
            |age: usize| block.vintages[block.vintage(f, age + lag)][l] * (1.0 - (age + 1) as f64 / book).max(0.0);
        block.state.fleet.book_value[f][l] =
            (1..to_whole_months(p.economic_life.at(f, l)) as usize).map(worth).sum::<f64>() + 0.0;
    }
}

/// Book value of a fleet a month older: with what arrived, less what is depreciated and written off in the month.
#[inline(never)]
pub fn write_down(block: &mut Block<'_>, f: usize) {
    let (fleet, lag) = (&block.state.fleet, block.derived.lag.row(f));
    let now = Row::from_fn(|l| {
        let cost = fleet.book_value[f][l] + block.vintages[block.vintage(f, lag[l] as usize)][l];
        let charged = fleet.depreciation[f][l] + fleet.written_off.get(f).map_or(0.0, |row| row[l]);
        beyond(cost - charged, cost)
    });
    block.state.fleet.book_value[f] = now;
}

/// Book value of what stands idle.
#[inline(always)]
#[must_use]
pub fn stranded<S: Simd>(s: S, block: &Block<'_>) -> Row {
    let (mut sum, clears) = (ZERO, block.plan.on.compute.clears);
    for i in 0..block.plan.counts.companies {
        for f in block.plan.fleets.of(i).iter().map(|&f| f as usize) {
            for k in packs::<S>() {
                let counts = block.parameters.fleet.capacity_revenue.of(f).pack(s, k).above(0.0);
                let busy = block.state.company.utilisation[i].pack(s, k);
                let idle = if clears { compute::unused(s, block, i, f, k) } else { 1.0 - busy };
                sum.gain(k, counts.choose(idle * block.state.fleet.book_value[f].pack(s, k), 0.0));
            }
        }
    }
    sum
}

apart! {
    ration_sales_apart(s, block, i: usize, wanted: Row) -> () { ration_sales(s, block, i, &wanted) }
    able_apart(s, block, i: usize, segment: usize, capability: Row) -> Row { able(s, block, i, segment, &capability) }
    relet_apart(s, block, i: usize) -> () { relet(s, block, i) }
    measure_apart(s, block, i: usize) -> () { measure(s, block, i) }
    stranded_apart(s, block) -> Row { stranded(s, block) }
}

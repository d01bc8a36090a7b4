//! Phase 5: use of contracts, and the bills for it.

use crate::block::Block;
use crate::carry;
use crate::column::zeros;
use crate::column::{Row, ZERO};
use crate::limits::MOST;
use crate::model::apart::apart;
use crate::model::{compute, payables, prices};
use crate::needed::Needed;
use crate::pack::{Operand, Pack, Packs, pack_or, packs};
use crate::plan::Groups;
use crate::plan::Plan;
use crate::scratch::{Keep, living};
use crate::world::World;
use pulp::{Scalar, Simd};

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* bills {
            parameters {
                contract {
                    usage: UsdPerMonth, 0.0, LARGEST, Some(0.0), false, "What the customer used and paid in the month before the start.";
                    level: Ratio, 0.0, 1e6, Some(1.0), true, "Factor on use.";
                    price_linked: Flag, 0.0, 1.0, Some(1.0), false, "Whether the bill follows the supplier's price.";
                    revenue_share: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the customer's segment revenue owed on top.";
                    routing: Ratio, 0.0, 20.0, Some(0.0), true, "Elasticity with which the customer moves use elsewhere.", off 0.0;
                    routed_cost: Ratio, 0.0, 10.0, Some(0.0), true, "Cost of other or own models per dollar of use that is moved elsewhere.";
                    substitutable: Fraction, 0.0, 1.0, Some(0.5), true, "Part of the use that can be bought elsewhere if the supplier dies.";
                    replace_months: Months, 0.0, 120.0, Some(0.0), false, "Months in which the rest is replaced after the supplier's death; 0: never.", off 0.0;
                    renegotiable: Fraction, 0.0, 1.0, Some(0.0), true, "Part of the commitments waived while the customer's runway is short.", off 0.0;
                    intensity_trend: PerYear, -5.0, 5.0, Some(0.0), false, "Trend of use per unit of activity, such as tokens per task (logarithmic).", off 0.0;
                    intensity_half_life: Months, 0.0, 1200.0, Some(0.0), false, "Months in which that trend halves; 0: it never fades.";
                    follows: Code, 0.0, 2.0, Some(0.0), false, "What use grows with.", words [activity 0, research 1, nothing 2];
                }
                commitment {
                    amount: UsdPerMonth, 0.0, LARGEST, None, true, "Take-or-pay amount at the supplier's price of the start.";
                    first_month: Month, 1.0, 1200.0, Some(1.0), false, "First month in which it is owed.";
                    last_month: Month, 1.0, 1200.0, Some(1200.0), false, "Last month in which it is owed.";
                }
                market {
                    renegotiation_runway: Months, 0.0, 120.0, Some(3.0), true, "Runway below which suppliers renegotiate commitments.";
                    substitution_premium: Ratio, 0.0, 100.0, Some(1.15), true, "Price of what replaces a dead supplier.";
                }
            }
            variables {
                company {
                    capability: Fraction, None, "Part of its activity left after the death of suppliers.", |_, _| false;
                    used: UsdPerMonth, None, "What its customers used, at prices of the start.";
                    trade_revenue: UsdPerMonth, None, "Bills to companies of the network.";
                    bills: UsdPerMonth, None, "Bills of its suppliers.";
                    commitment_excess: UsdPerMonth, None, "Part of the bills owed only because of commitments.";
                }
                contract {
                    bill: UsdPerMonth, None, "Bill of the month, of the supplier or of what replaces it.", |_, _| false;
                    used: UsdPerMonth, None, "Use that the supplier served, at prices of the start.", |_, _| false;
                    shortfall: UsdPerMonth, None, "Part of the bill owed only because of commitments.", |_, _| false;
                    committed: UsdPerMonth, None, "Take-or-pay in force, less what is waived or cannot be delivered, at the price of the start.", |_, _| false;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the trend of use under the contract fades.
    pub fades: Vec<bool>,
    /// Whether a trend or the price moves use under the contract.
    steered: Vec<bool>,
    /// Whether use that is moved elsewhere costs anything there.
    pub routed: bool,
    /// Whether a dead supplier may leave its customers with less.
    pub irreplaceable: bool,
    /// Contracts by customer that are replaced over time once the supplier is dead.
    pub replaced: Groups,
    /// Whether research drives the use of any contract.
    pub follows_research: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let (p, k) = (&world.parameters, &world.links);
        let zero = |value: f64| value == 0.0;
        Self {
            fades: (0..p.contract.usage.len()).map(|e| !p.contract.intensity_half_life.all(e, zero)).collect(),
            steered: (0..p.contract.usage.len())
                .map(|e| !(p.contract.intensity_trend.all(e, zero) && p.contract.routing.all(e, zero)))
                .collect(),
            routed: !p.contract.routed_cost.all_of(zero),
            irreplaceable: !p.contract.substitutable.all_of(|v| v == 1.0),
            replaced: Groups::new(p.company.cash.len(), &k.contract.customer, |e| {
                !p.contract.replace_months.all(e, zero)
            }),
            follows_research: !p.contract.follows.all_of(|v| v != 1.0),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Use of plain contracts with dead suppliers, and the part of it that cannot be replaced.
    pub dead_plain: Vec<Row>,
    /// See `dead_plain`.
    pub lost_plain: Vec<Row>,
    /// Share of activity lost with dead suppliers.
    pub lost_weight: Vec<Row>,
    /// The same by contract, where it is replaced over time, and the month in which each company died.
    pub lost_with: Vec<Row>,
    /// See `lost_with`.
    pub died: Vec<Row>,
    /// Bill of each contract for use that its supplier could not serve, or that was moved elsewhere.
    pub elsewhere: Vec<Row>,
    /// Use that customers want under each contract that says more than price times use, or for which fleets are built.
    wanted: Vec<Row>,
    /// Bill of each contract that says more than price times use.
    pub bills: Vec<Row>,
    /// Whether `dead_plain` of the company is not zero.
    pub lost_supplier: Vec<bool>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        let companies = || zeros(ZERO, c.companies);
        let limits = plan.on.capacity.limited.contains(&true);
        Self {
            dead_plain: companies(),
            lost_plain: companies(),
            lost_weight: companies(),
            lost_with: if plan.on.bills.replaced.is_empty() { Vec::new() } else { zeros(ZERO, c.contracts) },
            died: if plan.on.bills.replaced.is_empty() && !plan.on.compute.recontracts {
                Vec::new()
            } else {
                companies()
            },
            elsewhere: if limits || plan.on.bills.routed { zeros(ZERO, c.contracts) } else { Vec::new() },
            wanted: if plan.special_purchases.is_empty() && !(plan.on.construction.any || plan.on.project_loans.any) {
                Vec::new()
            } else {
                zeros(ZERO, c.contracts)
            },
            bills: if plan.special_purchases.is_empty() { Vec::new() } else { zeros(ZERO, c.contracts) },
            lost_supplier: zeros(false, c.companies),
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        for rows in
            [&mut self.dead_plain, &mut self.lost_plain, &mut self.lost_weight, &mut self.lost_with, &mut self.died]
        {
            rows.fill(ZERO);
        }
        self.lost_supplier.fill(false);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.dead_plain, visit);
        carry::rows(&mut self.lost_plain, visit);
        carry::rows(&mut self.lost_weight, visit);
        carry::rows(&mut self.lost_with, visit);
        carry::rows(&mut self.died, visit);
        carry::flags(&mut self.lost_supplier, visit);
    }
}

/// Use over what is committed from which it counts as more: beyond rounding.
const ABOVE: f64 = 1.0 + 1e-9;

/// Use that follows research.
pub const RESEARCH: f64 = 1.0;

/// Use and bill of one contract.
#[derive(Clone, Copy, Debug)]
struct Bill<S: Simd> {
    /// Use at prices of the start.
    usage: Pack<S>,
    /// The amount owed.
    amount: Pack<S>,
    /// The amount owed for use that the supplier could not serve, or that was moved elsewhere.
    elsewhere: Pack<S>,
    /// Part of it owed only because of commitments.
    excess: Pack<S>,
    /// The commitment beyond the use that is wanted.
    reserved: Pack<S>,
    /// Use that others serve since the supplier is dead.
    moved: Pack<S>,
}

/// Bills of the plain contracts a company buys, all at once.
#[inline(always)]
pub fn charge<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    if block.scratch.bills.lost_supplier[i] {
        return substitute(s, block, i);
    }
    let c = &mut block.state.company;
    let (activity, cost, bills) = (&c.activity[i], &block.scratch.prices.plain_cost[i], &mut c.bills[i]);
    for k in packs::<S>() {
        bills.put(k, activity.pack(s, k) * cost.pack(s, k));
    }
}

/// Shows bills and use of the plain contracts a company buys.
pub fn tell(block: &mut Block<'_>, i: usize) {
    for &e in block.plan.purchases.of(i) {
        let e = e as usize;
        if !block.plan.plain[e] {
            continue;
        }
        let bill = Row::from_fn(|l| bill_at(block, e, l));
        let s = Scalar::new();
        let mut used = ZERO;
        for k in packs::<Scalar>() {
            let activity = block.state.company.activity[i].pack(s, k);
            used.put(k, both_alive(s, block, e, k) * block.parameters.contract.usage.of(e).pack(s, k) * activity);
        }
        let contract = &mut block.state.contract;
        for (rows, shown) in [(&mut contract.bill, bill), (&mut contract.used, used)] {
            if let Some(row) = rows.get_mut(e) {
                *row = shown;
            }
        }
    }
}

/// The same where a supplier has died: others take its place, or nobody can.
#[inline(always)]
fn substitute<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let premium = block.parameters.market.substitution_premium.of(0);
    let (c, x) = (&mut block.state.company, &mut block.scratch);
    let (activity, cost, dead, lost) =
        (&c.activity[i], &x.prices.plain_cost[i], &x.bills.dead_plain[i], &x.bills.lost_plain[i]);
    let (bills, sums) = (&mut c.bills[i], &mut block.books.sums);
    for k in packs::<S>() {
        let (activity, premium) = (activity.pack(s, k), premium.pack(s, k));
        let (mut cost, mut replaced) = (cost.pack(s, k), dead.pack(s, k));
        if block.plan.on.bills.irreplaceable {
            cost -= premium * lost.pack(s, k);
            replaced -= lost.pack(s, k);
        }
        bills.put(k, activity * cost);
        sums.pay_suppliers(k, activity * premium * replaced);
    }
}

/// Use under the plain contracts of a supplier this month, billed at the posted price.
#[inline(always)]
pub fn supply<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let c = &mut block.state.company;
    let (used, trade) = (&mut c.used[i], &mut c.trade_revenue[i]);
    block.plan.plain_sales.sum(s, i, &block.parameters.contract.usage, &c.activity, used);
    let (alive, priced) = (living(&c.alive, &block.scratch.cascade.has_died, i), &block.scratch.prices.priced[i]);
    for k in packs::<S>() {
        let living = used.pack(s, k) * alive.pack(s, k);
        used.put(k, living);
        trade.put(k, priced.pack(s, k) * living);
    }
}

/// Notes the use that customers want under contracts, while none of them has planned what comes after.
#[inline(always)]
pub fn want<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    for e in 0..block.scratch.bills.wanted.len() {
        if block.plan.on.construction.any || block.plan.on.project_loans.any || !block.plan.plain[e] {
            for k in packs::<S>() {
                let usage = usage(s, block, e, k, month);
                block.scratch.bills.wanted[e].put(k, usage);
            }
        }
    }
}

/// Bills of the contracts that say more than price times use.
#[inline(always)]
pub fn special<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    if block.plan.on.payables.any {
        payables::open(block);
    }
    block.scratch.capacity.reserved.fill(ZERO);
    for i in 0..block.plan.counts.companies {
        let specials = block.plan.special_purchases.of(i);
        if !specials.is_empty() {
            block.state.company.commitment_excess[i] = ZERO;
            if let Some(row) = block.scratch.value.research.get_mut(i) {
                *row = ZERO;
            }
        }
        for &e in specials {
            let e = e as usize;
            let supplier = block.links.contract.supplier[e] as usize;
            let moves = block.plan.on.compute.rents[supplier] && block.scratch.cascade.has_died[supplier];
            for k in packs::<S>() {
                let bill = bill(s, block, e, k, month);
                book(s, block, e, k, &bill);
                if !block.state.contract.committed.is_empty() {
                    let committed = both_alive(s, block, e, k) * owed(s, block, e, k, month);
                    block.state.contract.committed[e].put(k, committed);
                }
                if moves {
                    compute::move_use(s, block, e, k, bill.moved);
                }
            }
        }
    }
}

/// Commitments under a contract as far as its supplier can deliver.
#[inline(always)]
fn owed<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, month: u32) -> Pack<S> {
    let owed = commitment(s, block, e, k, f64::from(month).packed(s));
    let delivered = block.scratch.capacity.delivered.get(block.links.contract.supplier[e] as usize);
    owed * pack_or(s, delivered, k, 1.0)
}

/// Books a bill with customer and supplier.
#[inline(always)]
fn book<S: Simd>(s: S, block: &mut Block<'_>, e: usize, k: usize, bill: &Bill<S>) {
    let (customer, supplier) = (block.links.contract.customer[e] as usize, block.links.contract.supplier[e] as usize);
    let late = block.plan.on.payables.place[e].is_some();
    let (c, x) = (&mut block.state.company, &mut block.scratch);
    let alive = c.alive[supplier].pack(s, k);
    if let Some(paid) = x.payables.paid.get_mut(customer) {
        paid.gain(k, if late { (1.0 - alive) * bill.amount } else { bill.amount } + bill.elsewhere);
        x.payables.received[supplier].gain(k, if late { 0.0.packed(s) } else { alive * bill.amount });
    }
    x.bills.bills[e].put(k, bill.amount);
    let contract = &mut block.state.contract;
    for (rows, shown) in
        [(&mut contract.bill, bill.amount), (&mut contract.used, bill.usage), (&mut contract.shortfall, bill.excess)]
    {
        if let Some(row) = rows.get_mut(e) {
            row.put(k, shown);
        }
    }
    c.bills[customer].gain(k, bill.amount);
    if let Some(elsewhere) = x.bills.elsewhere.get_mut(e) {
        elsewhere.put(k, bill.elsewhere);
        c.bills[customer].gain(k, bill.elsewhere);
        block.books.sums.pay_suppliers(k, bill.elsewhere);
    }
    c.trade_revenue[supplier].gain(k, alive * bill.amount);
    block.books.sums.pay_suppliers(k, (1.0 - alive) * bill.amount);
    c.used[supplier].gain(k, bill.usage);
    c.commitment_excess[customer].gain(k, bill.excess);
    if let Some(research) = x.value.research.get_mut(customer)
        && block.parameters.contract.follows.at(e, 0) == RESEARCH
    {
        research.gain(k, bill.amount + bill.elsewhere - bill.excess);
    }
    if let Some(reserved) = x.capacity.reserved.get_mut(supplier) {
        reserved.gain(k, bill.reserved);
    }
}

/// Price of one contract: that posted by its supplier if it follows it, in its tier.
#[inline(always)]
#[must_use]
pub fn price<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize) -> Pack<S> {
    let posted = block.scratch.prices.priced[block.links.contract.supplier[e] as usize].pack(s, k);
    let price = block.parameters.contract.price_linked.of(e).pack(s, k).above(0.0).choose(posted, 1.0);
    price * pack_or(s, block.scratch.prices.tier.get(e), k, 1.0)
}

/// Price of what replaces use of a contract: the premium of the market, in its tier.
#[inline(always)]
fn premium<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize) -> Pack<S> {
    let premium = block.parameters.market.substitution_premium.of(0).pack(s, k);
    premium * pack_or(s, block.scratch.prices.tier.get(e), k, 1.0)
}

/// Price of what replaces a dead supplier: the premium, and in time the rent of the day, in the tier of the contract.
#[inline(always)]
fn replacement<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, month: u32, premium: Pack<S>) -> Pack<S> {
    if !block.plan.on.compute.recontracts {
        return premium;
    }
    let index = block.state.market.gpu_index[0].pack(s, k);
    let rent = index * pack_or(s, block.scratch.prices.tier.get(e), k, 1.0);
    premium + compute::way(s, block, e, k, month) * (rent - premium)
}

/// Use that its customer wants of one contract, at prices of the start.
#[inline(always)]
fn usage<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, month: u32) -> Pack<S> {
    let (p, c) = (&block.parameters.contract, &block.state.company);
    let customer = block.links.contract.customer[e] as usize;
    let driver = match p.follows.at(e, 0) as u8 {
        0 => c.activity[customer].pack(s, k),
        1 => c.research[customer].pack(s, k),
        _ => 1.0.packed(s),
    };
    let mut usage = p.usage.of(e).pack(s, k) * p.level.of(e).pack(s, k) * driver;
    if block.plan.on.bills.steered[e] {
        let years = if block.plan.on.bills.fades[e] {
            prices::years(s, p.intensity_half_life.of(e).pack(s, k), month)
        } else {
            (f64::from(month) / 12.0).packed(s)
        };
        let routed = p.routing.of(e).pack(s, k) * price(s, block, e, k).ln();
        usage *= (p.intensity_trend.of(e).pack(s, k) * years - routed).exp().at_most(MOST);
    }
    if let Some(kept) = block.scratch.confidence.kept.get(e) {
        usage *= kept.pack(s, k);
    }
    if let Some(leased) = block.scratch.investment.leased.get(e) {
        usage *= leased.pack(s, k);
    }
    if let Some(capped) = block.scratch.prices.capped.get(customer) {
        let linked = p.price_linked.of(e).pack(s, k);
        usage *= 1.0 - linked * capped.pack(s, k);
    }
    if let Some(intensity) = block.scratch.plans.intensity.get(customer)
        && p.follows.at(e, 0) == 0.0
    {
        usage *= intensity.pack(s, k);
    }
    usage
}

/// The same between living companies, nothing else.
#[inline(always)]
fn wanted_now<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, month: u32) -> Pack<S> {
    both_alive(s, block, e, k) * usage(s, block, e, k, month)
}

/// The same as it was noted this month.
#[inline(always)]
pub fn wanted_use<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize) -> Pack<S> {
    both_alive(s, block, e, k) * block.scratch.bills.wanted[e].pack(s, k)
}

/// One where customer and supplier of a contract live, else 0.
#[inline(always)]
fn both_alive<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize) -> Pack<S> {
    let (customer, supplier) = (block.links.contract.customer[e] as usize, block.links.contract.supplier[e] as usize);
    let alive = &block.state.company.alive;
    alive[customer].pack(s, k) * alive[supplier].pack(s, k)
}

/// Use and bill of one contract, whatever it says.
#[inline(always)]
fn bill<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, month: u32) -> Bill<S> {
    let p = &block.parameters.contract;
    let (customer, supplier) = (block.links.contract.customer[e] as usize, block.links.contract.supplier[e] as usize);
    let (c, price) = (&block.state.company, price(s, block, e, k));
    let (wanted, committed) = (block.scratch.bills.wanted[e].pack(s, k), owed(s, block, e, k, month));
    let usage = wanted * pack_or(s, block.scratch.capacity.served.get(supplier), k, 1.0);
    let most = usage.at_least(committed);
    let owed = price * most + p.revenue_share.of(e).pack(s, k) * c.segment_revenue[customer].pack(s, k);
    let premium = premium(s, block, e, k);
    let (mut elsewhere, mut routed) = (premium * (wanted - usage), 0.0.packed(s));
    if block.plan.on.bills.routed {
        routed = p.routed_cost.of(e).pack(s, k) * self::routed(s, block, e, k, wanted);
        elsewhere += routed;
    }
    let alive = c.alive[customer].pack(s, k);
    let mut bill = Bill {
        usage,
        amount: owed,
        elsewhere,
        excess: price * (most - usage),
        reserved: wanted.at_least(committed) - wanted,
        moved: 0.0.packed(s),
    };
    if block.scratch.cascade.has_died[supplier] {
        let part = replaced(s, block, e, k, month);
        let bought = replacement(s, block, e, k, month, premium) * part * wanted;
        let living = c.alive[supplier].pack(s, k).above(0.0);
        bill = Bill {
            usage: living.choose(bill.usage, 0.0),
            amount: living.choose(bill.amount, bought),
            elsewhere: living.choose(bill.elsewhere, routed),
            excess: living.choose(bill.excess, 0.0),
            reserved: living.choose(bill.reserved, 0.0),
            moved: living.choose(0.0, part * wanted),
        };
    }
    bill.of(alive)
}

impl<S: Simd> Bill<S> {
    /// The same where the customer lives, nothing where it does not.
    #[inline(always)]
    fn of(self, alive: Pack<S>) -> Self {
        Self {
            usage: alive * self.usage,
            amount: alive * self.amount,
            elsewhere: alive * self.elsewhere,
            excess: alive * self.excess,
            reserved: alive * self.reserved,
            moved: alive * self.moved,
        }
    }
}

/// Part of the use of a contract that others serve once its supplier is dead.
#[inline(always)]
fn replaced<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, month: u32) -> Pack<S> {
    let part = block.parameters.contract.substitutable.of(e).pack(s, k);
    if block.scratch.bills.died.is_empty() {
        return part;
    }
    part + (1.0 - part) * found(s, block, e, k, month)
}

/// Use that is moved elsewhere because of the price of a contract, at prices of the start.
#[inline(always)]
fn routed<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, wanted: Pack<S>) -> Pack<S> {
    let routing = block.parameters.contract.routing.of(e).pack(s, k);
    let all = (routing * price(s, block, e, k).ln()).exp().at_most(MOST);
    wanted * (all - 1.0).at_least(0.0)
}

/// Part, of what could not be bought elsewhere when the supplier of a contract died, that has been replaced since.
#[inline(always)]
fn found<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, month: u32) -> Pack<S> {
    compute::since_death(s, block, e, k, month, &block.parameters.contract.replace_months)
}

/// Share of its activity that a customer still lacks because of dead suppliers.
#[inline(always)]
#[must_use]
pub fn lost<S: Simd>(s: S, block: &Block<'_>, i: usize, month: u32) -> Row {
    let mut sum = block.scratch.bills.lost_weight[i];
    for e in block.plan.on.bills.replaced.of(i).iter().map(|&e| e as usize) {
        if block.scratch.cascade.has_died[block.links.contract.supplier[e] as usize] {
            for k in packs::<S>() {
                let lost = block.scratch.bills.lost_with[e].pack(s, k);
                sum.gain(k, lost * (1.0 - found(s, block, e, k, month)));
            }
        }
    }
    sum
}

/// Part of the bill of a contract between living companies that follows what drives its use, as far as it is above what is
/// committed.
#[must_use]
pub fn following(block: &Block<'_>, e: usize, month: u32) -> Row {
    let (s, supplier) = (Scalar::new(), block.links.contract.supplier[e] as usize);
    let mut following = ZERO;
    for k in packs::<Scalar>() {
        let wanted = wanted_now(s, block, e, k, month);
        let used = wanted * pack_or(s, block.scratch.capacity.served.get(supplier), k, 1.0);
        let committed = commitment(s, block, e, k, f64::from(month).packed(s));
        following.put(k, used.above(committed * ABOVE).choose(price(s, block, e, k) * used, 0.0));
    }
    following
}

/// Take-or-pay in force in a month, less what is waived while the customer's runway is short.
#[inline(always)]
#[must_use]
pub fn commitment<S: Simd>(s: S, block: &Block<'_>, e: usize, k: usize, month: Pack<S>) -> Pack<S> {
    let (rows, mut sum) = (block.plan.commitments.of(e), 0.0.packed(s));
    if rows.is_empty() {
        return sum;
    }
    let (p, d) = (&block.parameters, &block.derived);
    for &row in rows {
        let row = row as usize;
        let begun = d.first_month.of(row).pack(s, k).above(month).choose(0.0, p.commitment.amount.of(row).pack(s, k));
        sum += d.last_month.of(row).pack(s, k).below(month).choose(0.0, begun);
    }
    if let Some(kept) = block.scratch.confidence.kept.get(e) {
        sum *= kept.pack(s, k);
    }
    if let Some(leased) = block.scratch.investment.leased.get(e) {
        sum *= leased.pack(s, k);
    }
    let runway = block.state.company.runway[block.links.contract.customer[e] as usize].pack(s, k);
    let short = runway.below(p.market.renegotiation_runway.of(0).pack(s, k));
    sum * short.choose(1.0 - p.contract.renegotiable.of(e).pack(s, k), 1.0)
}

/// The amount owed under a contract on one path.
#[must_use]
pub fn bill_at(block: &Block<'_>, e: usize, l: usize) -> f64 {
    if block.plan.plain[e] {
        let p = &block.parameters.contract;
        let supplier = block.links.contract.supplier[e] as usize;
        let activity = block.state.company.activity[block.links.contract.customer[e] as usize][l];
        let lives = block.state.company.alive[supplier][l] > 0.0;
        let part = if lives { 1.0 } else { p.substitutable.at(e, l) };
        return p.usage.at(e, l) * part * activity * block.scratch.prices.priced[supplier][l];
    }
    block.scratch.bills.bills[e][l]
}

apart! {
    lost_apart(s, block, i: usize, month: u32) -> Row { lost(s, block, i, month) }
}

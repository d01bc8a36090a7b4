//! Phase 6: firms manage: staff and capex plans shrink where cash will not last, and a young firm may hibernate.

use crate::block::Block;
use crate::carry;
use crate::column::{ONES, Row, ZERO, zeros};
use crate::model::apart::apart;
use crate::model::liquidity;
use crate::model::prorata::spares;
use crate::needed::Needed;
use crate::pack::{Mask, Operand, Pack, Packs, packs, show};
use crate::plan::Plan;
use crate::rounding::LEAST;
use crate::scratch::Keep;
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* retrenchment {
            parameters {
                fleet {
                    order_months: Months, 0.0, 120.0, Some(0.0), true, "Months in which what cannot be cut of capex runs off where the owner is short of cash; 0: it does not.", off 0.0;
                }
                company {
                    target_runway: Months, 0.0, 120.0, Some(0.0), true, "Months that free cash is to last if all plans are kept; below it plans shrink; 0: they never do.", off 0.0;
                    staff_cut: Fraction, 0.0, 1.0, Some(0.0), true, "Largest share of the fixed cost that is cut when cash is short.", off 0.0;
                    staff_lag: Months, 1.0, 120.0, Some(3.0), true, "Months in which staff follows what is wanted, down and up.";
                    severance: Months, 0.0, 24.0, Some(1.0), true, "Months of the cost cut that those who leave are paid once.";
                    repricing: Ratio, 0.0, 10.0, Some(0.0), true, "Rise of the list price a month (logarithmic), per unit of gross margin that lacks, where no plan can be kept.", off 0.0;
                    margin_wanted: Fraction, 0.0, 1.0, Some(0.3), true, "Gross margin up to which it raises its price where cash is short.";
                    hibernation_floor: Fraction, 0.0, 1.0, Some(1.0), true, "Share of fixed and discretionary cost that is left while it hibernates; 1: it never does.", off 1.0;
                    hibernation_runway: Months, 0.0, 24.0, Some(2.0), true, "Months that free cash lasts below which it hibernates.";
                }
            }
            variables {
                company {
                    staff: Ratio, None, "Part of the fixed cost that is left by cuts.", |plan, _| plan.on.retrenchment.any;
                    severance_paid: UsdPerMonth, None, "Paid once to those who leave; part of costs.", |plan, _| plan.on.retrenchment.any;
                    hibernates: Flag, None, "Whether it hibernates.", |plan, _| plan.on.retrenchment.any;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the company manages its plans.
    pub manages: Vec<bool>,
    /// Whether any does.
    pub any: bool,
    /// Whether any raises its price.
    pub reprices: bool,
    /// Whether what cannot be cut of the capex of any fleet runs off.
    pub runs_off: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters.company;
        let still = |i: usize| p.target_runway.all(i, |x| x == 0.0) && p.hibernation_floor.all(i, |x| x == 1.0);
        let manages: Vec<bool> = (0..p.cash.len()).map(|i| !still(i)).collect();
        let runs_off = !world.parameters.fleet.order_months.all_of(|x| x == 0.0);
        Self { any: manages.contains(&true), manages, reprices: !p.repricing.all_of(|x| x == 0.0), runs_off }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Smoothed cash flow of each company before what it may put off, had it kept all its staff.
    base: Vec<Row>,
    /// Spending of the month that it planned and may put off: uncommitted capex and discretionary spending.
    planned: Vec<Row>,
    /// Part of uncommitted capex that is still wanted.
    pub eased: Vec<Row>,
    /// Factor on the list price of next month, where any raises it.
    pub raised: Vec<Row>,
    /// Part of what cannot be cut of the capex of each fleet that is still ordered, where that runs off.
    ordered: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let count = if plan.on.retrenchment.any { plan.counts.companies } else { 0 };
        let priced = if plan.on.retrenchment.reprices { plan.counts.companies } else { 0 };
        Self {
            base: zeros(ZERO, count),
            planned: zeros(ZERO, count),
            eased: zeros(ONES, count),
            raised: zeros(ONES, priced),
            ordered: if plan.on.retrenchment.runs_off { zeros(ONES, plan.counts.fleets) } else { Vec::new() },
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.base.fill(ZERO);
        self.planned.fill(ZERO);
        self.eased.fill(ONES);
        self.raised.fill(ONES);
        self.ordered.fill(ONES);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.base, visit);
        carry::rows(&mut self.planned, visit);
        carry::rows(&mut self.raised, visit);
        carry::rows(&mut self.ordered, visit);
    }
}

/// Months beyond which nobody counts.
const MOST_RUNWAY: f64 = 120.0;
/// Runway at which a company wakes, over that at which it hibernates.
const WAKES: f64 = 2.0;

/// Puts everybody at work.
pub fn start(block: &mut Block<'_>) {
    block.state.company.staff.fill(ONES);
}

/// Decides what a company cuts this month, by its cash and the plans of the month before.
#[inline(always)]
pub fn decide<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    for k in packs::<S>() {
        let runway = runway(s, block, i, k);
        let sleeps = sleeps(s, block, i, k, runway);
        adjust(s, block, i, k, runway, sleeps);
    }
    block.scratch.retrenchment.planned[i] = ZERO;
}

/// Months that cash above the minimum would last if all plans were kept.
#[inline(always)]
fn runway<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let x = &block.scratch.retrenchment;
    let need = x.planned[i].pack(s, k) - x.base[i].pack(s, k);
    let least = block.derived.least_burn.of(i).pack(s, k);
    let kept = block.parameters.company.minimum_cash.of(i).pack(s, k);
    let free = spares(block.state.company.cash[i].pack(s, k), kept, least);
    let alone = need.above(least).choose((free / need).at_most(MOST_RUNWAY), MOST_RUNWAY);
    if block.plan.on.liquidity.any { liquidity::lasts(s, block, [i, k], [free, need], alone) } else { alone }
}

/// Moves staff, capex and sleep of a company where it lives.
#[inline(always)]
fn adjust<S: Simd>(s: S, block: &mut Block<'_>, i: usize, k: usize, runway: Pack<S>, sleeps: Mask<S>) {
    let (p, target) = (&block.parameters.company, block.parameters.company.target_runway.of(i).pack(s, k));
    let eased = target.above(0.0).choose((runway / target).at_most(1.0), 1.0);
    let lacking = lacking(s, block, i, k);
    let (c, x) = (&mut block.state.company, &mut block.scratch.retrenchment);
    let lives = c.alive[i].pack(s, k).above(0.0);
    let fixed = p.fixed_cost.of(i).pack(s, k) * c.fixed_level[i].pack(s, k);
    let (short, most) = ((-x.base[i].pack(s, k)).at_least(0.0), p.staff_cut.of(i).pack(s, k));
    let cut = short.below(most * fixed).choose(short / fixed, most);
    let before = c.staff[i].pack(s, k);
    let wanted = 1.0 - (1.0 - eased) * cut;
    let moved = before + (wanted - before) / p.staff_lag.of(i).pack(s, k);
    let now = sleeps.choose(moved.at_most(p.hibernation_floor.of(i).pack(s, k)), moved);
    c.staff[i].put(k, lives.choose(now, before));
    let paid = p.severance.of(i).pack(s, k) * fixed * (before - now).at_least(0.0);
    c.severance_paid[i].put(k, lives.choose(paid, 0.0));
    c.hibernates[i].put(k, lives.choose(sleeps.choose(1.0, 0.0), 0.0));
    let eases = &mut x.eased[i];
    eases.put(k, lives.choose(sleeps.choose(0.0, eased), eases.pack(s, k)));
    if let Some(raised) = x.raised.get_mut(i) {
        let dearer = (p.repricing.of(i).pack(s, k) * (1.0 - eased) * lacking).exp();
        raised.put(k, lives.choose(dearer, 1.0));
    }
}

/// Gross margin that lacks: the wanted one less that of the month, at most 1; nothing without sales.
#[inline(always)]
fn lacking<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let (p, c) = (&block.parameters.company, &block.state.company);
    let sales = c.segment_revenue[i].pack(s, k) + c.trade_revenue[i].pack(s, k);
    let margin = 1.0 - p.variable_cost.of(i).pack(s, k) - c.bills[i].pack(s, k) / sales;
    let lacks = (p.margin_wanted.of(i).pack(s, k) - margin).within([0.0, 1.0]);
    sales.above(block.derived.least_burn.of(i).pack(s, k).at_least(LEAST)).choose(lacks, 0.0)
}

/// Whether a company hibernates: it falls asleep where what it sells covers what that costs, and wakes with cash for twice as long.
#[inline(always)]
fn sleeps<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize, runway: Pack<S>) -> Mask<S> {
    let (p, c) = (&block.parameters.company, &block.state.company);
    let (floor, limit) = (p.hibernation_floor.of(i).pack(s, k), p.hibernation_runway.of(i).pack(s, k));
    let sales = c.segment_revenue[i].pack(s, k) + c.trade_revenue[i].pack(s, k);
    let margin = sales * (1.0 - p.variable_cost.of(i).pack(s, k)) - c.bills[i].pack(s, k);
    let uncovered = margin.below(-block.derived.least_burn.of(i).pack(s, k));
    let asleep = c.hibernates[i].pack(s, k).above(0.0);
    let least = asleep.choose(WAKES * limit, uncovered.choose(f64::NEG_INFINITY, limit));
    runway.below(least) & floor.below(1.0)
}

/// Notes the discretionary plan of a company, and leaves the floor of it while it hibernates.
#[inline(always)]
pub fn rest<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let floor = block.parameters.company.hibernation_floor.of(i);
    let (c, x) = (&mut block.state.company, &mut block.scratch);
    let (research, wanted) = (&mut c.research[i], &mut x.company.discretionary_wanted[i]);
    for k in packs::<S>() {
        x.retrenchment.planned[i].gain(k, wanted.pack(s, k));
        let left = c.hibernates[i].pack(s, k).above(0.0).choose(floor.pack(s, k), 1.0);
        research.put(k, research.pack(s, k) * left);
        wanted.put(k, wanted.pack(s, k) * left);
    }
}

/// Notes capex of a fleet that its owner may put off, and leaves what it still wants of it.
#[inline(always)]
pub fn ease<S: Simd>(s: S, block: &mut Block<'_>, i: usize, f: usize) {
    if block.plan.on.retrenchment.runs_off {
        run_off(s, block, i, f);
    }
    for k in packs::<S>() {
        let owed = block.firm_capex(f).pack(s, k);
        let (x, fleet) = (&mut block.scratch.retrenchment, &mut block.state.fleet);
        let flexible = fleet.capex[f].pack(s, k) - owed;
        x.planned[i].gain(k, flexible);
        let now = owed + x.eased[i].pack(s, k) * flexible;
        fleet.capex[f].put(k, now);
        show(&mut fleet.wanted.get_mut(f), k, now);
    }
}

/// Lets what cannot be cut of the capex of a fleet run off where its owner is short of cash.
#[inline(always)]
fn run_off<S: Simd>(s: S, block: &mut Block<'_>, i: usize, f: usize) {
    let x = &mut block.scratch;
    for k in packs::<S>() {
        let months = block.parameters.fleet.order_months.of(f).pack(s, k);
        let (eased, before) = (x.retrenchment.eased[i].pack(s, k), x.retrenchment.ordered[f].pack(s, k));
        let moves = months.above(0.0) & block.state.company.alive[i].pack(s, k).above(0.0);
        let ordered = moves.choose(before + (eased - before) / months.at_least(1.0), before);
        x.retrenchment.ordered[f].put(k, ordered);
        let owed = x.fleet.committed[f].pack(s, k);
        let left = owed * ordered;
        x.fleet.committed[f].put(k, left);
        x.fleet.committed_capex[i].gain(k, left - owed);
    }
}

/// Notes the cash flow of a month before what could be put off, had all staff been kept.
#[inline(always)]
pub fn note<S: Simd>(s: S, block: &mut Block<'_>, i: usize, net: &Row, weight: f64) {
    for k in packs::<S>() {
        let (c, mut put_off) = (&block.state.company, 0.0.packed(s));
        for f in block.plan.fleets.of(i).iter().map(|&f| f as usize) {
            put_off += block.state.fleet.capex[f].pack(s, k) - block.firm_capex(f).pack(s, k);
        }
        put_off += c.discretionary[i].pack(s, k);
        let fixed = block.parameters.company.fixed_cost.of(i).pack(s, k) * c.fixed_level[i].pack(s, k);
        let flow = net.pack(s, k) + put_off + c.severance_paid[i].pack(s, k) - fixed * (1.0 - c.staff[i].pack(s, k));
        let (alive, base) = (c.alive[i].pack(s, k), &mut block.scratch.retrenchment.base[i]);
        let before = base.pack(s, k);
        base.put(k, alive * (before + (flow - before) * weight));
    }
}

apart! {
    decide_apart(s, block, i: usize) -> () { decide(s, block, i) }
    rest_apart(s, block, i: usize) -> () { rest(s, block, i) }
    ease_apart(s, block, i: usize, f: usize) -> () { ease(s, block, i, f) }
    note_apart(s, block, i: usize, net: Row, weight: f64) -> () { note(s, block, i, &net, weight) }
}

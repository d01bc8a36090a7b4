//! Phase 6: firms manage: staff and capex plans shrink where cash will not last, and a young firm may hibernate.

use crate::block::Block;
use crate::carry;
use crate::column::{LANES, ONES, Row, ZERO, zeros};
use crate::math::exp;
use crate::model::prorata::spare;
use crate::needed::Needed;
use crate::plan::Plan;
use crate::rounding::LEAST;
use crate::scratch::Keep;
use crate::world::World;

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
#[inline(never)]
pub fn decide(block: &mut Block<'_>, i: usize) {
    for l in 0..LANES {
        if block.state.company.alive[i][l] > 0.0 {
            adjust(block, i, l);
        } else {
            let c = &mut block.state.company;
            (c.severance_paid[i][l], c.hibernates[i][l]) = (0.0, 0.0);
            if let Some(raised) = block.scratch.retrenchment.raised.get_mut(i) {
                raised[l] = 1.0;
            }
        }
        block.scratch.retrenchment.planned[i][l] = 0.0;
    }
}

/// Months that cash above the minimum would last if all plans were kept.
fn runway(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let x = &block.scratch.retrenchment;
    let need = x.planned[i][l] - x.base[i][l];
    let least = block.derived.least_burn.at(i, l);
    let free = spare(block.state.company.cash[i][l], block.parameters.company.minimum_cash.at(i, l), least);
    if need > least { (free / need).min(MOST_RUNWAY) } else { MOST_RUNWAY }
}

/// Moves staff, capex and sleep of a living company.
fn adjust(block: &mut Block<'_>, i: usize, l: usize) {
    let runway = runway(block, i, l);
    let sleeps = sleeps(block, i, l, runway);
    let (p, c, x) = (&block.parameters.company, &mut block.state.company, &mut block.scratch.retrenchment);
    let target = p.target_runway.at(i, l);
    let eased = if target > 0.0 { (runway / target).min(1.0) } else { 1.0 };
    let fixed = p.fixed_cost.at(i, l) * c.fixed_level[i][l];
    let (short, most) = ((-x.base[i][l]).max(0.0), p.staff_cut.at(i, l));
    let cut = if short < most * fixed { short / fixed } else { most };
    let before = c.staff[i][l];
    let wanted = 1.0 - (1.0 - eased) * cut;
    let moved = before + (wanted - before) / p.staff_lag.at(i, l);
    let now = if sleeps { moved.min(p.hibernation_floor.at(i, l)) } else { moved };
    c.staff[i][l] = now;
    c.severance_paid[i][l] = p.severance.at(i, l) * fixed * (before - now).max(0.0);
    c.hibernates[i][l] = f64::from(u8::from(sleeps));
    x.eased[i][l] = if sleeps { 0.0 } else { eased };
    if block.plan.on.retrenchment.reprices {
        let raised = exp(p.repricing.at(i, l) * (1.0 - eased) * lacking(block, i, l));
        block.scratch.retrenchment.raised[i][l] = raised;
    }
}

/// Gross margin that lacks: the wanted one less that of the month, at most 1; nothing without sales.
fn lacking(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let (p, c) = (&block.parameters.company, &block.state.company);
    let sales = c.segment_revenue[i][l] + c.trade_revenue[i][l];
    if sales <= block.derived.least_burn.at(i, l).max(LEAST) {
        return 0.0;
    }
    let margin = 1.0 - p.variable_cost.at(i, l) - c.bills[i][l] / sales;
    (p.margin_wanted.at(i, l) - margin).clamp(0.0, 1.0)
}

/// Whether a company hibernates: it falls asleep where what it sells covers what that costs, and wakes with cash for twice as long.
fn sleeps(block: &Block<'_>, i: usize, l: usize, runway: f64) -> bool {
    let (p, c) = (&block.parameters.company, &block.state.company);
    if p.hibernation_floor.at(i, l) >= 1.0 {
        return false;
    }
    let limit = p.hibernation_runway.at(i, l);
    if c.hibernates[i][l] > 0.0 {
        return runway < WAKES * limit;
    }
    let sales = c.segment_revenue[i][l] + c.trade_revenue[i][l];
    let margin = sales * (1.0 - p.variable_cost.at(i, l)) - c.bills[i][l];
    runway < limit && margin >= -block.derived.least_burn.at(i, l)
}

/// Notes the discretionary plan of a company, and leaves the floor of it while it hibernates.
#[inline(never)]
pub fn rest(block: &mut Block<'_>, i: usize) {
    let floor = &block.parameters.company.hibernation_floor;
    let (c, x) = (&mut block.state.company, &mut block.scratch);
    let (research, wanted) = (&mut c.research[i], &mut x.company.discretionary_wanted[i]);
    for l in 0..LANES {
        x.retrenchment.planned[i][l] += wanted[l];
        if c.hibernates[i][l] > 0.0 {
            research[l] *= floor.at(i, l);
            wanted[l] *= floor.at(i, l);
        }
    }
}

/// Notes capex of a fleet that its owner may put off, and leaves what it still wants of it.
#[inline(never)]
pub fn ease(block: &mut Block<'_>, i: usize, f: usize) {
    if block.plan.on.retrenchment.runs_off {
        run_off(block, i, f);
    }
    for l in 0..LANES {
        let owed = block.firm_capex(f, l);
        let (x, fleet) = (&mut block.scratch.retrenchment, &mut block.state.fleet);
        let capex = &mut fleet.capex[f][l];
        let flexible = *capex - owed;
        x.planned[i][l] += flexible;
        *capex = owed + x.eased[i][l] * flexible;
        if let Some(wanted) = fleet.wanted.get_mut(f) {
            wanted[l] = *capex;
        }
    }
}

/// Lets what cannot be cut of the capex of a fleet run off where its owner is short of cash.
fn run_off(block: &mut Block<'_>, i: usize, f: usize) {
    let (p, alive, x) = (&block.parameters.fleet, &block.state.company.alive[i], &mut block.scratch);
    let (eased, ordered) = (&x.retrenchment.eased[i], &mut x.retrenchment.ordered[f]);
    for l in 0..LANES {
        let months = p.order_months.at(f, l);
        if months > 0.0 && alive[l] > 0.0 {
            ordered[l] += (eased[l] - ordered[l]) / months.max(1.0);
        }
        let owed = x.fleet.committed[f][l];
        let left = owed * ordered[l];
        x.fleet.committed[f][l] = left;
        x.fleet.committed_capex[i][l] += left - owed;
    }
}

/// Notes the cash flow of a month before what could be put off, had all staff been kept.
#[inline(never)]
pub fn note(block: &mut Block<'_>, i: usize, net: &Row, weight: f64) {
    for l in 0..LANES {
        let c = &block.state.company;
        let built = |&f: &u32| block.state.fleet.capex[f as usize][l] - block.firm_capex(f as usize, l);
        let put_off = block.plan.fleets.of(i).iter().map(built).sum::<f64>() + c.discretionary[i][l];
        let fixed = block.parameters.company.fixed_cost.at(i, l) * c.fixed_level[i][l];
        let flow = net[l] + put_off + c.severance_paid[i][l] - fixed * (1.0 - c.staff[i][l]);
        let (alive, base) = (c.alive[i][l], &mut block.scratch.retrenchment.base[i][l]);
        *base = alive * (*base + (flow - *base) * weight);
    }
}

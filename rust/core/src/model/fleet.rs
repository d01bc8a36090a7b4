//! Fleets: assets that wear out, and the orders for them.

use crate::block::Block;
use crate::carry;
use crate::column::Column;
use crate::column::ONES;
use crate::column::Row;
use crate::column::ZERO;
use crate::column::zeros;
use crate::model::prorata;
use crate::needed::Needed;
use crate::pack::{Operand, Pack, Packs};
use crate::plan::Plan;
use crate::plan::to_whole_months;
use crate::scratch::{Keep, Passing};
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* fleet {
            parameters {
                fleet {
                    cost: Usd, 0.0, LARGEST, Some(0.0), false, "Gross cost of the capacity in use at the start.";
                    age_span: Months, 1.0, 600.0, Some(24.0), false, "Ages over which that cost is spread evenly.";
                    book_life: Months, 1.0, 600.0, Some(72.0), false, "Months of straight-line depreciation.";
                    economic_life: Months, 1.0, 600.0, Some(48.0), false, "Months until capacity retires.";
                    capex: UsdPerMonth, 0.0, LARGEST, Some(0.0), true, "Capital expenditure at the start.";
                    capex_growth: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of the capex plan at the start (logarithmic: 0.69 doubles it in a year).";
                    capex_growth_long: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of the capex plan in the long run (logarithmic: 0.69 doubles it in a year).";
                    capex_growth_half_life: Months, 0.1, 1200.0, Some(18.0), false, "Months in which half the gap between the two closes.";
                    capex_of_revenue: Fraction, 0.0, 10.0, Some(0.0), true, "Capex per dollar of the owner's revenue.";
                    refresh: Fraction, 0.0, 2.0, Some(0.0), true, "Share of retiring capacity that is bought again.";
                    lag: Months, 1.0, 120.0, Some(6.0), false, "Months of construction.";
                    committed: Fraction, 0.0, 1.0, Some(0.0), true, "Share of capex that cannot be cut.";
                    class: Code, 0.0, 2.0, Some(0.0), false, "What the assets are.", words [gpu 0, building 1, power 2];
                    indexed: Flag, 0.0, 1.0, Some(1.0), false, "Whether its value follows the GPU rental index.";
                    ai_share: Fraction, 0.0, 1.0, Some(1.0), false, "Share of the capex that counts as AI capex.";
                }
                order {
                    share: Fraction, 0.0, 1.0, None, true, "Share of the fleet's capex paid to the vendor.";
                }
            }
            variables {
                company {
                    equipment_revenue: UsdPerMonth, None, "Capex of others paid to it.";
                    depreciation: UsdPerMonth, None, "Depreciation of its fleets, with what is written off.";
                    capex: UsdPerMonth, None, "Capital expenditure paid.", |plan, needed| plan.on.credit_lines.any || plan.on.project_loans.any || needed.cover || needed.gauges;
                    fleet_value: Usd, None, "Market value of its fleets.", |plan, _| plan.on.covenants.any || plan.on.rescue.workouts;
                }
                fleet {
                    growth: PerYear, None, "Growth of the capex plan now (logarithmic: 0.69 doubles it in a year).";
                    plan: Ratio, Some([0.0, MOST]), "Capex plan relative to the start.";
                    wanted: UsdPerMonth, None, "Capex planned.", |_, _| false;
                    capex: UsdPerMonth, None, "Capex paid.";
                    capacity: Usd, None, "Gross cost of capacity in use.";
                    book_value: Usd, None, "Cost less depreciation, that of the month included.", |_, needed| needed.books;
                    depreciation: UsdPerMonth, None, "Straight-line depreciation.";
                    written_off: UsdPerMonth, None, "Book value of what retires before the books are done with it.", |plan, _| plan.on.fleet.early.contains(&true);
                    value: Usd, None, "Market value.", |_, _| false;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the capex plan of the fleet stays as it is.
    pub steady_fleet: Vec<bool>,
    /// Whether what a fleet buys may retire before its book life ends.
    pub early: Vec<bool>,
    /// Lag and lives of each fleet, where they are the same in every draw.
    pub lives: Vec<Option<Lives>>,
    /// Whether any capex gives way where there is no room for it.
    pub flexible_capex: bool,
    /// Whether capex is anybody's revenue.
    pub equips: bool,
    /// Months that the ring of vintages must remember.
    pub ring: usize,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let (p, k) = (&world.parameters, &world.links);
        Self {
            steady_fleet: steady(world),
            early: (0..p.fleet.cost.len()).map(|f| retires_early(world, f)).collect(),
            lives: (0..p.fleet.cost.len()).map(|f| lives(world, f)).collect(),
            flexible_capex: !p.fleet.committed.all_of(|v| v == 1.0) || !p.fleet.order_months.all_of(|v| v == 0.0),
            equips: !k.order.vendor.is_empty(),
            ring: ring(world),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Capex that cannot be cut.
    pub committed_capex: Passing,
    /// Capex wanted of each fleet that cannot be cut.
    pub committed: Vec<Row>,
    /// Value of each fleet's vintages at cost.
    pub vintage_value: Vec<Row>,
    /// Capex paid.
    pub capex: Passing,
    /// Capex paid outside the network, by company.
    pub capex_outside: Vec<Row>,
    /// Price of each class of assets after the marks of forced sales.
    pub asset_price: [Row; 3],
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        let companies = || zeros(ZERO, c.companies);
        let fleets = || zeros(ZERO, c.fleets);
        let passing = |far: bool| Passing::new(c.companies, far);
        Self {
            committed_capex: passing(
                plan.lends() || plan.on.funding.pledges || plan.on.funding.limits_rounds || !plan.doors.is_empty(),
            ),
            committed: if plan.on.fleet.flexible_capex { fleets() } else { Vec::new() },
            vintage_value: fleets(),
            capex: passing(plan.on.fleet.equips),
            capex_outside: companies(),
            asset_price: [ONES; 3],
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.vintage_value.fill(ZERO);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.vintage_value, visit);
    }
}

/// Capacity of the fleets of a company in a month, at prices of the start.
#[inline(always)]
#[must_use]
pub fn capacity<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let mut sum = 0.0.packed(s);
    for &f in block.plan.fleets.of(i) {
        sum += earning(s, block, f as usize, k);
    }
    sum
}

/// Capacity of a fleet in a month, at prices of the start.
#[inline(always)]
#[must_use]
pub fn earning<S: Simd>(s: S, block: &Block<'_>, f: usize, k: usize) -> Pack<S> {
    block.parameters.fleet.capacity_revenue.of(f).pack(s, k) * block.state.fleet.capacity[f].pack(s, k) / 12.0
}

/// Above 0 where a company cannot serve more than its capacity.
#[inline(always)]
#[must_use]
pub fn limit<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let (p, mut most) = (&block.parameters.fleet, 0.0.packed(s));
    for &f in block.plan.fleets.of(i) {
        most = most.at_least(p.limits.of(f as usize).pack(s, k) * p.capacity_revenue.of(f as usize).pack(s, k));
    }
    most
}

/// Whether capex plans of fleets stay as they are.
fn steady(world: &World) -> Vec<bool> {
    let p = &world.parameters.fleet;
    let zero = |value: f64| value == 0.0;
    let shocks = [&p.capex_volatility, &p.capex_noise];
    let still = |f: usize| shocks.iter().all(|column| column.all(f, zero));
    (0..p.cost.len()).map(|f| p.capex_growth.all(f, zero) && p.capex_growth_long.all(f, zero) && still(f)).collect()
}

/// How long what a fleet buys takes to arrive, and lasts.
#[derive(Clone, Copy, Debug)]
pub struct Lives {
    /// Months ago that capex was paid which arrives, retires and leaves the books now.
    pub back: [usize; 3],
    /// Reciprocals of the months that it works, and that it is in the books.
    pub per: [f64; 2],
}

/// Whether economic life may be shorter than book life in any draw.
fn retires_early(world: &World, f: usize) -> bool {
    let p = &world.parameters.fleet;
    let ([shortest, _], [_, longest]) = (p.economic_life.extent(f), p.book_life.extent(f));
    to_whole_months(shortest) < to_whole_months(longest)
}

/// Lag and lives of a fleet, if no draw changes them.
fn lives(world: &World, f: usize) -> Option<Lives> {
    let p = &world.parameters.fleet;
    let columns = [&p.lag, &p.economic_life, &p.book_life];
    let [lag, life, book] = columns.map(|column| to_whole_months(column.at(f, 0)) as usize);
    let is_same = columns.into_iter().all(|column| matches!(column, Column::Same(_)));
    is_same.then(|| Lives {
        back: [lag, lag + life, lag + book.min(life)],
        per: [life, book].map(|months| 1.0 / months as f64),
    })
}

/// Longest memory of any fleet: construction and the longer of its lives.
fn ring(world: &World) -> usize {
    let fleet = &world.parameters.fleet;
    let mut longest = 1.0_f64;
    for f in 0..world.links.fleet.owner.len() {
        let longest_of = |column: &Column| to_whole_months(column.extent(f)[1]);
        let life = longest_of(&fleet.economic_life).max(longest_of(&fleet.book_life)).max(longest_of(&fleet.age_span));
        longest = longest.max(life + longest_of(&fleet.lag));
    }
    longest as usize + 2
}
/// Share of the capex of its fleet that an order gets: those that rules raise beyond the whole are cut alike.
#[must_use]
pub fn ordered(block: &Block<'_>, o: usize, l: usize) -> f64 {
    let shares = &block.parameters.order.share;
    if !block.plan.moved.orders {
        return shares.at(o, l);
    }
    let all = block.plan.orders.of(block.links.order.fleet[o] as usize);
    let sum: f64 = all.iter().map(|&other| shares.at(other as usize, l)).sum();
    shares.at(o, l) * prorata::part(1.0, sum)
}

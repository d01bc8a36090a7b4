//! A company: what it starts with and what is always known of it.

use crate::carry;
use crate::column::Row;
use crate::column::ZERO;
use crate::column::zeros;
use crate::draw::Ahead;
use crate::needed::Needed;
use crate::plan::Plan;
use crate::scratch::Keep;
use crate::world::World;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* company {
            parameters {
                company {
                    cash: Usd, 0.0, LARGEST, None, false, "Cash and liquid securities at the start.";
                    fixed_cost: UsdPerMonth, 0.0, LARGEST, Some(0.0), true, "Staff, offices and other cost that does not follow sales.";
                    fixed_cost_growth: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of the fixed cost (logarithmic: 0.69 doubles it in a year).";
                    variable_cost: Fraction, 0.0, 10.0, Some(0.0), true, "Cost paid outside the network per dollar of revenue.";
                    cost_volatility: UsdPerRootMonth, 0.0, LARGEST, Some(0.0), true, "Standard deviation of a month's unforeseen cost.";
                    discretionary_cost: UsdPerMonth, 0.0, LARGEST, Some(0.0), true, "Training, research and other spending that can be cut.";
                    discretionary_growth: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of the discretionary plan (logarithmic: 0.69 doubles it in a year).";
                    burn_cut_runway: Months, 0.0, 120.0, Some(0.0), true, "Runway below which discretionary spending is cut; 0: never.", off 0.0;
                    burn_cut_floor: Fraction, 0.0, 1.0, Some(0.3), true, "Smallest share of the discretionary plan that is kept.";
                    tax_rate: Fraction, 0.0, 1.0, Some(0.0), true, "Tax on positive profit, paid a month later.";
                    minimum_cash: Usd, 0.0, LARGEST, Some(0.0), true, "Cash that discretionary spending, capex and payouts must leave.";
                    payout: Fraction, 0.0, 1.0, Some(0.0), true, "Share of a positive net cash flow paid to shareholders.";
                    fixed_cost_growth_long: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of the fixed cost in the long run (logarithmic: 0.69 doubles it in a year).";
                    discretionary_growth_long: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of the discretionary plan in the long run (logarithmic: 0.69 doubles it in a year).";
                    cost_growth_half_life: Months, 0.0, 1200.0, Some(0.0), false, "Months in which growth of costs comes half the way to the long run; 0: never.";
                }
            }
            variables {
                company {
                    cash: Usd, Some([0.0, LARGEST]), "Cash and liquid securities at the end of the month.";
                    alive: Flag, None, "Whether the company has not failed.";
                    runway: Months, None, "Cash over burn, at most 120.";
                    burn: UsdPerMonth, None, "Smoothed net cash outflow before new money.", |_, _| false;
                    net_cash_flow: UsdPerMonth, None, "Change of cash less new money.", |_, _| false;
                    smooth_flow: UsdPerMonth, Some([-LARGEST, LARGEST]), "Net cash flow, smoothed over about three months.";
                    revenue: UsdPerMonth, None, "Segments, contracts and equipment sold.", |plan, _| plan.on.funding.odds_of_burn;
                    costs: UsdPerMonth, None, "Fixed, variable and unforeseen cost.";
                    fixed_level: Ratio, None, "Fixed cost relative to the start.";
                    research_level: Ratio, None, "Discretionary plan relative to the start, before cuts.";
                    research: Ratio, None, "Discretionary plan relative to the start, after cuts.";
                    discretionary: UsdPerMonth, None, "Discretionary spending paid.";
                    tax: UsdPerMonth, None, "Tax paid.";
                    profit: UsdPerMonth, None, "Profit before tax.";
                    payout: UsdPerMonth, None, "Paid to shareholders.";
                }
                market {
                    households: Usd, None, "Balance of households since the start.";
                    suppliers: Usd, None, "Balance of suppliers outside since the start.";
                    capital: Usd, None, "Balance of capital since the start.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether any company spends at its discretion.
    pub discretionary: bool,
    /// Whether growth of costs of the company fades.
    pub cost_fades: Vec<bool>,
    /// Whether any fixed cost or discretionary plan moves.
    pub cost_trends: bool,
    /// Whether anybody pays shareholders.
    pub payouts: bool,
    /// Whether cost of the company is random.
    pub noisy_cost: Vec<bool>,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        Self {
            discretionary: !p.company.discretionary_cost.all_of(zero),
            cost_fades: (0..p.company.cash.len()).map(|i| !p.company.cost_growth_half_life.all(i, zero)).collect(),
            cost_trends: !(p.company.fixed_cost_growth.all_of(zero)
                && p.company.discretionary_growth.all_of(zero)
                && p.company.cost_growth_half_life.all_of(zero)),
            payouts: !p.company.payout.all_of(zero),
            noisy_cost: (0..p.company.cash.len()).map(|i| !p.company.cost_volatility.all(i, zero)).collect(),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Discretionary spending wanted.
    pub discretionary_wanted: Vec<Row>,
    /// Normals of cost, by company.
    pub cost: Ahead,
    /// The amount that a rule or a host took of each company beyond its cash, due this month.
    pub levied: Vec<Row>,
    /// Whether that is anything.
    pub levies: bool,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        let companies = || zeros(ZERO, c.companies);
        Self { discretionary_wanted: companies(), cost: Ahead::new(c.companies), levied: companies(), levies: false }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.cost.clear();
        self.levied.fill(ZERO);
        self.levies = false;
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        self.cost.carried(visit);
        carry::rows(&mut self.levied, visit);
        carry::flags(std::slice::from_mut(&mut self.levies), visit);
    }
}

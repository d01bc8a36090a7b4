//! Quantities that a run needs: those that formulas of the world read, and those that are recorded.

use crate::model::files;
use crate::plan::Plan;
use crate::variables::{Entity, VARIABLES, gather};

/// Quantities needed by a formula or recorded; no other is worked out.
#[derive(Clone, Copy, Debug)]
pub struct Needed {
    /// Research plans.
    pub research: bool,
    /// Cash flow before debt service.
    pub cover: bool,
    /// Growth of revenue.
    pub growth: bool,
    /// Debt over fair value.
    pub leverage: bool,
    /// Sums over the whole economy.
    pub gauges: bool,
    /// Value of all companies, and how unevenly it is spread.
    pub index: bool,
    /// Value of the listed companies.
    pub listed: bool,
    /// How fast AI revenue doubles.
    pub doubling: bool,
    /// New money by receiver, and the part that vendors pay.
    pub funding: bool,
    /// How much of a dollar withdrawn is withdrawn again.
    pub multiplier: bool,
    /// Rounds, refinancings and sales of shares tried, and those refused.
    pub tries: bool,
    /// Months since the last round and the last refusal, and appetite.
    pub rounds: bool,
    /// Backlogs.
    pub backlog: bool,
    /// Need and supply of compute.
    pub compute: bool,
    /// Demand for companies, and their utilisation.
    pub demand: bool,
    /// Book values of fleets.
    pub books: bool,
    /// Book value of what stands idle.
    pub stranded: bool,
}

impl Needed {
    /// For a world of which the variables that `shows` tells are recorded.
    pub(crate) fn new(plan: &Plan, shows: &impl Fn(Entity, &str) -> bool) -> Self {
        let compute = plan.on.compute.clears || COMPUTE.iter().any(|name| shows(Entity::Market, name));
        Self {
            compute,
            research: plan.on.company.discretionary
                || plan.on.bills.follows_research
                || plan.on.compute.own
                || shows(Entity::Company, "research")
                || shows(Entity::Company, "research_level"),
            cover: plan.on.covenants.any
                || shows(Entity::Company, "smooth_cover")
                || shows(Entity::Company, "smooth_service"),
            growth: plan.on.funding.odds_of_growth
                || plan.on.funding.odds_of_burn
                || plan.on.marks.growth_premiums
                || shows(Entity::Company, "growth")
                || shows(Entity::Company, "smooth_revenue"),
            demand: compute
                || plan.on.construction.any
                || plan.on.project_loans.any
                || plan.on.investment.pulled.contains(&true)
                || plan.on.regimes.clears
                || plan.on.capacity.relets
                || plan.on.capacity.limited.contains(&true)
                || shows(Entity::Company, "demand")
                || shows(Entity::Company, "utilisation")
                || shows(Entity::Market, "stranded"),
            books: shows(Entity::Fleet, "book_value") || shows(Entity::Market, "stranded"),
            stranded: shows(Entity::Market, "stranded"),
            leverage: plan.on.credit.uses_leverage || shows(Entity::Company, "leverage"),
            backlog: plan.on.backlog.backlogs || plan.on.investment.orders || shows(Entity::Company, "backlog"),
            doubling: shows(Entity::Market, "ai_doubling"),
            funding: FUNDING.iter().any(|name| shows(Entity::Market, name)),
            tries: plan.on.windows.moves || TRIES.iter().any(|name| shows(Entity::Market, name)),
            rounds: plan.on.rounds.any || ROUNDS.iter().any(|name| shows(Entity::Company, name)),
            multiplier: shows(Entity::Market, "cascade_multiplier"),
            index: plan.on.macroeconomy.wealth || INDEX.iter().any(|name| shows(Entity::Market, name)),
            listed: plan.on.windows.moves || !plan.on.investment.confident.is_empty() || shows(Entity::Market, "index"),
            gauges: !plan.on.confidence.impatient.is_empty()
                || plan.on.macroeconomy.incomes
                || plan.on.windows.strain
                || shows(Entity::Market, "ai_doubling")
                || GAUGES.iter().any(|name| shows(Entity::Market, name)),
        }
    }

    /// Whether a formula of this world reads a variable, so that it has rows where it is not recorded.
    pub(crate) fn reads(self, plan: &Plan, entity: Entity, name: &str) -> bool {
        let place = VARIABLES.iter().position(|row| row.entity == entity && row.name == name);
        place.is_some_and(|place| KEPT[place](plan, self))
    }
}

/// Makes the list of when each variable is kept, in the order of [`VARIABLES`].
macro_rules! kept {
    ($($entity:ident $field:ident [$($file:ident {
        $($name:ident: $unit:ident, $writable:expr, $meaning:literal $(, $when:expr)?;)*
    })*])*) => {
        static KEPT: &[fn(&Plan, Needed) -> bool] = &[$($($(when!($($when)?),)*)*)*];
    };
}

/// When a variable is kept: always, if its row does not say.
macro_rules! when {
    () => {
        |_, _| true
    };
    ($when:expr) => {
        $when
    };
}

files! { gather kept variables }

/// Gauges of the whole economy.
const GAUGES: [&str; 13] = [
    "gdp",
    "gdp_trend",
    "gdp_gap",
    "capex",
    "capex_gdp",
    "capex_change",
    "gdp_effect",
    "ai_capex",
    "ai_revenue",
    "ai_revenue_capex",
    "concentration",
    "raised",
    "companies_alive",
];

/// Gauges of the values of companies.
const INDEX: [&str; 3] = ["wealth", "index_concentration", "top_share"];

/// Counts of what was tried.
const TRIES: [&str; 2] = ["tries", "refusals"];

/// Variables of rounds.
const ROUNDS: [&str; 3] = ["appetite", "round_age", "refusal_wait"];

/// Gauges of the market for compute.
const COMPUTE: [&str; 4] = ["need", "installed", "footloose", "occupancy"];

/// Gauges of new money.
const FUNDING: [&str; 5] = ["new_money", "funding_quality", "vendor_money", "vendor_revenue", "vendor_financed"];

//! What is worked out: what formulas of the world read, and what is recorded.

use crate::plan::Plan;
use crate::variables::Entity;

/// What nobody needs is not worked out, unless it is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Wants {
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
    /// How fast AI revenue doubles.
    pub doubling: bool,
    /// Who gets new money, and what of it vendors pay.
    pub funding: bool,
    /// How much of a dollar withdrawn is withdrawn again.
    pub multiplier: bool,
    /// Backlogs.
    pub backlog: bool,
    /// What is wanted of companies, and their utilisation.
    pub demand: bool,
    /// Book values of fleets.
    pub books: bool,
    /// Book value of what stands idle.
    pub stranded: bool,
}

impl Wants {
    /// For a world of which the variables that `shows` tells are recorded.
    pub(crate) fn new(plan: &Plan, shows: &impl Fn(Entity, &str) -> bool) -> Self {
        Self {
            research: plan.discretionary
                || plan.follows_research
                || shows(Entity::Company, "research")
                || shows(Entity::Company, "research_level"),
            cover: plan.covenants || shows(Entity::Company, "smooth_cover") || shows(Entity::Company, "smooth_service"),
            growth: plan.odds_of_growth
                || plan.odds_of_burn
                || plan.growth_premiums
                || shows(Entity::Company, "growth")
                || shows(Entity::Company, "smooth_revenue"),
            demand: plan.clears
                || plan.relets
                || plan.limited.contains(&true)
                || shows(Entity::Company, "demand")
                || shows(Entity::Company, "utilisation")
                || shows(Entity::Market, "stranded"),
            books: shows(Entity::Fleet, "book_value") || shows(Entity::Market, "stranded"),
            stranded: shows(Entity::Market, "stranded"),
            leverage: plan.levered || shows(Entity::Company, "leverage"),
            backlog: plan.backlogs || shows(Entity::Company, "backlog"),
            doubling: shows(Entity::Market, "ai_doubling"),
            funding: FUNDING.iter().any(|name| shows(Entity::Market, name)),
            multiplier: shows(Entity::Market, "cascade_multiplier"),
            index: plan.wealth || INDEX.iter().any(|name| shows(Entity::Market, name)),
            gauges: !plan.impatient.is_empty()
                || plan.incomes
                || shows(Entity::Market, "ai_doubling")
                || GAUGES.iter().any(|name| shows(Entity::Market, name)),
        }
    }

    /// Variables that have rows only where they are recorded, or where a formula of this world reads them.
    pub(crate) fn reads(self, plan: &Plan, entity: Entity, name: &str) -> bool {
        match (entity, name) {
            (Entity::Company, "input_cost" | "price" | "effective_price" | "capability" | "net_cash_flow" | "burn")
            | (Entity::Segment, "volume")
            | (Entity::Fleet, "value" | "wanted") => false,
            (Entity::Company, "exit" | "buyers" | "deal_flow" | "positive_months") => !plan.doors.is_empty(),
            (Entity::Company, "capex") => plan.draws || self.cover || self.gauges,
            (Entity::Segment, "revenue") => self.gauges,
            (Entity::Company, "fleet_value") => plan.covenants || plan.workouts,
            (Entity::Company, "smooth_cover" | "smooth_service") => self.cover,
            (Entity::Company, "smooth_revenue") => self.growth,
            (Entity::Company, "growth") => plan.odds_of_growth || plan.odds_of_burn,
            (Entity::Company, "revenue") => plan.odds_of_burn,
            (Entity::Company, "valuation") => {
                self.leverage
                    || plan.rounds
                    || plan.issues
                    || plan.swayed.contains(&true)
                    || !plan.doors.is_empty()
                    || self.index
            }
            (Entity::Segment, "loyal") => plan.pulls,
            (Entity::Segment, "climate") => plan.incomes || plan.wealth,
            (Entity::Company, "debt" | "leverage") => self.leverage,
            (Entity::Company, "borrowed") => plan.standby,
            (Entity::Company, "rescued") => plan.backstops,
            (Entity::Loan, "margin") => plan.margins,
            (Entity::Company, "demand" | "utilisation") => self.demand,
            (Entity::Fleet, "book_value") => self.books,
            (Entity::Company, "backlog") => plan.backlogs,
            (Entity::Fleet, "strikes") => !plan.impatient.is_empty(),
            _ => true,
        }
    }
}

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

/// Gauges of new money.
const FUNDING: [&str; 5] = ["new_money", "funding_quality", "vendor_money", "vendor_revenue", "vendor_financed"];

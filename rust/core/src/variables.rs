//! The one table: every parameter, link and variable of the model, with unit and meaning.
//!
//! Storage, recordable names, units of results and the documentation come from here. To add a row, add a line.

use crate::column::{Column, Row, ZERO, zeros};
use crate::limits::{GPU_LIMIT, MOST};
use std::sync::Arc;

/// What a row of the table belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// A node of the network.
    Company,
    /// End demand that a company sells to.
    Segment,
    /// What a rival gains of a segment's lost demand.
    Recapture,
    /// A customer pays a supplier.
    Contract,
    /// Take-or-pay owed under a contract.
    Commitment,
    /// A borrower owes a lender.
    Loan,
    /// A scheduled repayment of a loan.
    Repayment,
    /// A holder owns a share of an issuer.
    Stake,
    /// An investor promises cash.
    Pledge,
    /// Short-lived assets of a company.
    Fleet,
    /// A share of a fleet's capex that goes to a vendor.
    Order,
    /// What all share; one of it.
    Market,
}

impl Entity {
    /// All entities, in the order of the table.
    pub const ALL: [Self; 12] = [
        Self::Company,
        Self::Segment,
        Self::Recapture,
        Self::Contract,
        Self::Commitment,
        Self::Loan,
        Self::Repayment,
        Self::Stake,
        Self::Pledge,
        Self::Fleet,
        Self::Order,
        Self::Market,
    ];

    /// The lower-case noun.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Segment => "segment",
            Self::Recapture => "recapture",
            Self::Contract => "contract",
            Self::Commitment => "commitment",
            Self::Loan => "loan",
            Self::Repayment => "repayment",
            Self::Stake => "stake",
            Self::Pledge => "pledge",
            Self::Fleet => "fleet",
            Self::Order => "order",
            Self::Market => "market",
        }
    }
}

/// Unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// US dollars.
    Usd,
    /// US dollars per month.
    UsdPerMonth,
    /// US dollars per year.
    UsdPerYear,
    /// US dollars per square root of a month.
    UsdPerRootMonth,
    /// Per year.
    PerYear,
    /// Per square root of a year.
    PerRootYear,
    /// Months.
    Months,
    /// A month of the run, counted from 1.
    Month,
    /// Share of a whole.
    Fraction,
    /// Relative to the start, or a pure number.
    Ratio,
    /// Yes (1) or no (0).
    Flag,
    /// One of a few numbered states.
    Code,
}

impl Unit {
    /// As written in results and documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::UsdPerMonth => "USD/month",
            Self::UsdPerYear => "USD/year",
            Self::UsdPerRootMonth => "USD/sqrt(month)",
            Self::PerYear => "1/year",
            Self::PerRootYear => "1/sqrt(year)",
            Self::Months => "months",
            Self::Month => "month",
            Self::Fraction => "fraction",
            Self::Ratio => "1",
            Self::Flag => "flag",
            Self::Code => "code",
        }
    }
}

/// One parameter: what a world must or may say.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Whose it is.
    pub entity: Entity,
    /// Its name, the same in worlds, arrays and code.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Least value allowed.
    pub low: f64,
    /// Greatest value allowed.
    pub high: f64,
    /// Value where the world is silent; none where it must speak.
    pub default: Option<f64>,
    /// Whether rules may move it: the month reads it anew, and nothing of the start follows from it.
    pub lever: bool,
    /// What it means.
    pub meaning: &'static str,
}

impl Parameter {
    /// Whether numbers that are derived once for all months follow from it.
    #[must_use]
    pub fn is_derived_from(&self) -> bool {
        matches!(
            (self.entity, self.name),
            (Entity::Company, "burn_cut_runway" | "price_lag") | (Entity::Segment, "volatility" | "adjust_months")
        )
    }
}

/// One link: which entity a row points to.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The entity that points.
    pub entity: Entity,
    /// Name of the link.
    pub name: &'static str,
    /// What it points to.
    pub target: Entity,
    /// Whether it may point outside the network (-1).
    pub outside: bool,
    /// What it means.
    pub meaning: &'static str,
}

/// One variable: what the loop computes.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Whose it is.
    pub entity: Entity,
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Least and greatest value that rules and host models may write; none where they may not.
    pub writable: Option<[f64; 2]>,
    /// What it means.
    pub meaning: &'static str,
}

/// Greatest amount a world may hold, USD: a thousand times the product of the world.
pub const LARGEST: f64 = 1e17;
/// Stands for "no limit" in amounts.
pub const UNLIMITED: f64 = 1e17;

macro_rules! parameters {
    ($($entity:ident $field:ident $group:ident {
        $($name:ident: $unit:ident, $low:expr, $high:expr, $default:expr, $lever:literal, $meaning:literal;)*
    })*) => {
        /// All parameters, in the order of the inputs.
        pub static PARAMETERS: &[Parameter] = &[$($(Parameter {
            entity: Entity::$entity, name: stringify!($name), unit: Unit::$unit,
            low: $low, high: $high, default: $default, lever: $lever, meaning: $meaning,
        },)*)*];
        $(
            #[doc = concat!("Parameters of each ", stringify!($field), ".")]
            #[derive(Clone, Debug)]
            pub struct $group {
                $(#[doc = $meaning] pub $name: Column,)*
            }
        )*
        /// All parameters of a world.
        #[derive(Clone, Debug)]
        pub struct Parameters {
            $(#[doc = concat!("Of each ", stringify!($field), ".")] pub $field: $group,)*
        }
        type ColumnOf = fn(&Parameters) -> &Column;
        type ColumnOfMut = fn(&mut Parameters) -> &mut Column;
        /// Where each column is found.
        static COLUMNS: &[ColumnOf] = &[$($(|p| &p.$field.$name,)*)*];
        /// The same, to write.
        static COLUMNS_MUT: &[ColumnOfMut] = &[$($(|p| &mut p.$field.$name,)*)*];
        impl Parameters {
            /// Reads every parameter by its entity and name.
            ///
            /// # Errors
            /// The first that cannot be read.
            pub fn read<E>(read: impl Fn(Entity, &str) -> Result<Column, E>) -> Result<Self, E> {
                Ok(Self { $($field: $group { $($name: read(Entity::$entity, stringify!($name))?,)* },)* })
            }
            /// A column by its place in [`PARAMETERS`].
            #[must_use]
            pub fn column(&self, place: usize) -> &Column {
                COLUMNS[place](self)
            }
            /// A column by its place in [`PARAMETERS`], to write.
            pub fn column_mut(&mut self, place: usize) -> &mut Column {
                COLUMNS_MUT[place](self)
            }
            /// Loads the values of the draws that the lanes of a block belong to.
            pub fn select(&mut self, draws: &[usize; crate::column::LANES]) {
                $($(self.$field.$name.select(draws);)*)*
            }
        }
    };
}

macro_rules! links {
    ($($entity:ident $field:ident $group:ident {
        $($name:ident -> $target:ident, $outside:literal, $meaning:literal;)*
    })*) => {
        /// All links, in the order of the inputs.
        pub static LINKS: &[Link] = &[$($(Link {
            entity: Entity::$entity, name: stringify!($name), target: Entity::$target,
            outside: $outside, meaning: $meaning,
        },)*)*];
        $(
            #[doc = concat!("Links of each ", stringify!($field), ".")]
            #[derive(Clone, Debug)]
            pub struct $group {
                $(#[doc = $meaning] pub $name: Arc<[i32]>,)*
            }
        )*
        /// All links of a world.
        #[derive(Clone, Debug)]
        pub struct Links {
            $(#[doc = concat!("Of each ", stringify!($field), ".")] pub $field: $group,)*
        }
        impl Links {
            /// Reads every link by its entity and name.
            ///
            /// # Errors
            /// The first that cannot be read.
            pub fn read<E>(read: impl Fn(Entity, &str) -> Result<Arc<[i32]>, E>) -> Result<Self, E> {
                Ok(Self { $($field: $group { $($name: read(Entity::$entity, stringify!($name))?,)* },)* })
            }
        }
    };
}

macro_rules! variables {
    ($($entity:ident $field:ident $group:ident {
        $($name:ident: $unit:ident, $writable:expr, $meaning:literal;)*
    })*) => {
        /// All variables, in the order of storage.
        pub static VARIABLES: &[Variable] = &[$($(Variable {
            entity: Entity::$entity, name: stringify!($name), unit: Unit::$unit,
            writable: $writable, meaning: $meaning,
        },)*)*];
        $(
            #[doc = concat!("Variables of each ", stringify!($field), ", a row of lanes each.")]
            #[derive(Clone, Debug)]
            pub struct $group {
                $(#[doc = $meaning] pub $name: Vec<Row>,)*
            }
        )*
        /// All variables of a block of paths.
        #[derive(Clone, Debug)]
        pub struct State {
            $(#[doc = concat!("Of each ", stringify!($field), ".")] pub $field: $group,)*
        }
        /// Where the rows of each variable are found.
        static ROWS: &[fn(&State) -> &[Row]] = &[$($(|state| &state.$field.$name,)*)*];
        /// The same, to write.
        static ROWS_MUT: &[fn(&mut State) -> &mut [Row]] = &[$($(|state| &mut state.$field.$name,)*)*];
        impl State {
            /// Zeros for as many entities as `count` says of each entity and name.
            #[must_use]
            pub fn zeros(count: impl Fn(Entity, &str) -> usize) -> Self {
                Self { $($field: $group { $($name: zeros(ZERO, count(Entity::$entity, stringify!($name))),)* },)* }
            }
            /// Sets everything back to zero.
            pub fn clear(&mut self) {
                $($(self.$field.$name.fill(ZERO);)*)*
            }
            /// The rows of a variable by its place in [`VARIABLES`].
            #[must_use]
            pub fn rows(&self, place: usize) -> &[Row] {
                ROWS[place](self)
            }
            /// The rows of a variable by its place in [`VARIABLES`], to write.
            pub fn rows_mut(&mut self, place: usize) -> &mut [Row] {
                ROWS_MUT[place](self)
            }
        }
    };
}

parameters! {
    Company company CompanyParameters {
        cash: Usd, 0.0, LARGEST, None, false, "Cash and liquid securities at the start.";
        fixed_cost: UsdPerMonth, 0.0, LARGEST, Some(0.0), true, "Staff, offices and other cost that does not follow sales.";
        fixed_cost_growth: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of the fixed cost (logarithmic: 0.69 doubles it in a year).";
        variable_cost: Fraction, 0.0, 10.0, Some(0.0), true, "Cost paid outside the network per dollar of revenue.";
        cost_volatility: UsdPerRootMonth, 0.0, LARGEST, Some(0.0), true, "Standard deviation of a month's unforeseen cost.";
        discretionary_cost: UsdPerMonth, 0.0, LARGEST, Some(0.0), true, "Training, research and other spending that can be cut.";
        discretionary_growth: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of the discretionary plan (logarithmic: 0.69 doubles it in a year).";
        burn_cut_runway: Months, 0.0, 120.0, Some(0.0), true, "Runway below which discretionary spending is cut; 0: never.";
        burn_cut_floor: Fraction, 0.0, 1.0, Some(0.3), true, "Smallest share of the discretionary plan that is kept.";
        pass_through: Fraction, 0.0, 2.0, Some(1.0), true, "Share of a change in input cost passed on in the price.";
        price_lag: Months, 1.0, 120.0, Some(1.0), true, "Months in which the price approaches its target.";
        service_cut: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the cost not passed on that customers feel as worse service.";
        use_cap: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the cost not passed on that is saved by capping use per user.";
        cap_felt: Ratio, 0.0, 10.0, Some(1.0), true, "What customers feel as worse service per dollar saved by capping use.";
        price_trend: PerYear, -5.0, 5.0, Some(0.0), false, "Trend of the list price (logarithmic: 0.69 doubles it in a year).";
        price_step: Ratio, -0.99, 100.0, Some(0.0), false, "A single change of the list price, as a share of it.";
        price_step_month: Month, 1.0, 1200.0, Some(1.0), false, "Month from which that change holds.";
        list_level: Ratio, 0.0, 1e6, Some(1.0), true, "Factor on the list price.";
        tax_rate: Fraction, 0.0, 1.0, Some(0.0), true, "Tax on positive profit, paid a month later.";
        minimum_cash: Usd, 0.0, LARGEST, Some(0.0), true, "Cash that discretionary spending, capex and payouts must leave.";
        payout: Fraction, 0.0, 1.0, Some(0.0), true, "Share of a positive net cash flow paid to shareholders.";
        round_runway: Months, 0.0, 120.0, Some(0.0), true, "Runway below which the company tries to raise a round; 0: never.";
        round_months: Months, 0.0, 120.0, Some(18.0), true, "Months of burn that a round brings.";
        round_share: Fraction, 0.0, 1.0, Some(0.25), true, "Largest round as a share of the fair value.";
        valuation_multiple: Ratio, 0.0, 1000.0, Some(10.0), true, "Value over yearly revenue in the normal regime.";
        growth_premium: Ratio, 0.0, 10.0, Some(0.5), true, "Change of the multiple per unit of change in yearly growth.";
        last_valuation: Usd, 0.0, LARGEST, Some(0.0), false, "Post-money value of the last round; 0: the fair value.";
        public: Flag, 0.0, 1.0, Some(0.0), false, "Whether its shares are traded at the start.";
        equity_runway: Months, 0.0, 120.0, Some(0.0), true, "Runway below which a public company sells new shares; 0: never.";
        fixed_cost_growth_long: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of the fixed cost in the long run (logarithmic: 0.69 doubles it in a year).";
        discretionary_growth_long: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of the discretionary plan in the long run (logarithmic: 0.69 doubles it in a year).";
        cost_growth_half_life: Months, 0.0, 1200.0, Some(0.0), false, "Months in which growth of costs comes half the way to the long run; 0: never.";
        default_cost: Fraction, 0.0, 1.0, Some(0.3), true, "Share of its assets lost when the company fails.";
        loss_capacity: Usd, 0.0, LARGEST, Some(UNLIMITED), true, "Credit and equity losses it can bear before it fails.";
        lending_capacity: Usd, 0.0, LARGEST, Some(0.0), true, "Losses at which it lends on the hardest terms; 0: its loss capacity.";
        share_deals: Fraction, 0.0, 1.0, Some(0.0), false, "Largest price, as a share of its fair value, it can pay in its own shares.";
    }
    Segment segment SegmentParameters {
        revenue: UsdPerMonth, 0.0, LARGEST, None, true, "Revenue from this demand in the month before the start.";
        growth: PerYear, -10.0, 10.0, Some(0.0), false, "Growth of demand at the start (logarithmic: 0.69 doubles it in a year).";
        growth_long: PerYear, -5.0, 5.0, Some(0.0), false, "Growth of demand in the long run (logarithmic: 0.69 doubles it in a year).";
        growth_half_life: Months, 0.1, 1200.0, Some(24.0), false, "Months in which half the gap between the two closes.";
        volatility: PerRootYear, 0.0, 5.0, Some(0.0), true, "Volatility of demand of its own.";
        common_loading: Ratio, -10.0, 10.0, Some(0.0), true, "Loading of the month's log growth on the common demand factor.";
        elasticity: Ratio, 0.0, 20.0, Some(0.0), true, "Fall of demand in per cent for one per cent of price.";
        adjust_months: Months, 1.0, 120.0, Some(3.0), true, "Months in which volume adjusts to price.";
        ai_share: Fraction, 0.0, 1.0, Some(1.0), false, "Share of the revenue that counts as AI revenue.";
        gdp_loading: Ratio, -20.0, 20.0, Some(0.0), true, "Rise of demand in per cent for one per cent of GDP above its trend.";
        wealth_loading: Ratio, -20.0, 20.0, Some(0.0), true, "Rise of demand in per cent for one per cent of value of all companies.";
    }
    Recapture recapture RecaptureParameters {
        share: Fraction, 0.0, 1.0, None, true, "Share of the lost demand that the rival gains.";
        pull: PerYear, 0.0, 10.0, Some(0.0), true, "Rate at which the product of the rival pulls users away at equal prices.";
        pull_month: Month, 1.0, 1200.0, Some(1.0), false, "Month from which it does.";
        pull_gap: Ratio, 0.0, 20.0, Some(0.0), true, "Elasticity of that rate to the price of the seller over that of the rival.";
    }
    Contract contract ContractParameters {
        usage: UsdPerMonth, 0.0, LARGEST, Some(0.0), false, "What the customer used and paid in the month before the start.";
        level: Ratio, 0.0, 1e6, Some(1.0), true, "Factor on use.";
        price_linked: Flag, 0.0, 1.0, Some(1.0), false, "Whether the bill follows the supplier's price.";
        revenue_share: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the customer's segment revenue owed on top.";
        tier: Ratio, 1e-6, 1e6, Some(1.0), true, "Factor on the price: the tier bought over that of the start.";
        price_trend: PerYear, -5.0, 5.0, Some(0.0), false, "Trend of the price of the tier, on top of what the supplier posts (logarithmic).";
        price_half_life: Months, 0.0, 1200.0, Some(0.0), false, "Months in which that trend halves; 0: it never fades.";
        routing: Ratio, 0.0, 20.0, Some(0.0), true, "Elasticity with which the customer moves use elsewhere.";
        routed_cost: Ratio, 0.0, 10.0, Some(0.0), true, "Cost of other or own models per dollar of use that is moved elsewhere.";
        substitutable: Fraction, 0.0, 1.0, Some(0.5), true, "Part of the use that can be bought elsewhere if the supplier dies.";
        replace_months: Months, 0.0, 120.0, Some(0.0), false, "Months in which the rest is replaced after the supplier's death; 0: never.";
        renegotiable: Fraction, 0.0, 1.0, Some(0.0), true, "Part of the commitments waived while the customer's runway is short.";
        intensity_trend: PerYear, -5.0, 5.0, Some(0.0), false, "Trend of use per unit of activity, such as tokens per task (logarithmic).";
        intensity_half_life: Months, 0.0, 1200.0, Some(0.0), false, "Months in which that trend halves; 0: it never fades.";
        follows: Code, 0.0, 2.0, Some(0.0), false, "What use grows with: 0 activity, 1 research, 2 nothing.";
        cut_first: Fraction, 0.0, 1.0, Some(0.0), true, "Largest share of use and commitments dropped, before own capex, when patience runs out.";
    }
    Commitment commitment CommitmentParameters {
        amount: UsdPerMonth, 0.0, LARGEST, None, true, "Take-or-pay amount at the supplier's price of the start.";
        first_month: Month, 1.0, 1200.0, Some(1.0), false, "First month in which it is owed.";
        last_month: Month, 1.0, 1200.0, Some(1200.0), false, "Last month in which it is owed.";
    }
    Loan loan LoanParameters {
        balance: Usd, 0.0, LARGEST, None, false, "Principal outstanding at the start.";
        undrawn: Usd, 0.0, LARGEST, Some(0.0), false, "Principal that may still be drawn.";
        draw_share: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the borrower's capex financed by draws.";
        draw_purchases: Fraction, 0.0, 1.0, Some(0.0), true, "Share of what the borrower paid the lender last month financed by draws.";
        draw_runway: Months, 0.0, 120.0, Some(0.0), true, "Runway below which the borrower draws what restores it; 0: never.";
        draw_unless_shut: Flag, 0.0, 1.0, Some(0.0), false, "Whether nothing can be drawn while funding is shut.";
        max_leverage: Ratio, 0.0, 100.0, Some(0.0), true, "Debt over fair value of the borrower from which on nothing can be drawn; 0: no limit.";
        converts: Flag, 0.0, 1.0, Some(0.0), false, "Whether the balance becomes equity at the next round.";
        guaranteed: Fraction, 0.0, 1.0, Some(0.0), true, "Share of what the lender writes off that the guarantor pays.";
        rate: PerYear, 0.0, 1.0, Some(0.0), true, "Interest rate, or margin over base rate and spread if floating (a twelfth of it a month).";
        floating: Flag, 0.0, 1.0, Some(0.0), false, "Whether base rate and credit spread are added to the rate.";
        amortisation: Code, 0.0, 3.0, Some(0.0), false, "0 bullet, 1 linear, 2 annuity, 3 by its repayment rows.";
        interest_only: Months, 0.0, 1200.0, Some(0.0), false, "Months without repayment.";
        maturity: Month, 1.0, 1200.0, None, false, "Month in which the balance falls due.";
        rank: Code, 2.0, 5.0, Some(4.0), false, "2 secured, 4 unsecured, 5 subordinated.";
        collateral: Usd, 0.0, LARGEST, Some(0.0), true, "Value of collateral outside the fleets.";
        fleet_collateral: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the borrower's fleets pledged.";
        min_cash: Usd, 0.0, LARGEST, Some(0.0), true, "Covenant: least cash; 0: none.";
        max_ltv: Ratio, 0.0, 100.0, Some(0.0), true, "Covenant: largest loan to value of collateral; 0: none.";
        min_dscr: Ratio, 0.0, 100.0, Some(0.0), true, "Covenant: least debt service cover; 0: none.";
        cure_months: Months, 0.0, 120.0, Some(2.0), true, "Months a breach may last.";
        cross_default: Flag, 0.0, 1.0, Some(0.0), false, "Whether acceleration of another loan accelerates this one.";
        refinance_chance: Fraction, 0.0, 1.0, Some(0.9), true, "Chance to refinance at maturity in the normal regime.";
        refinance_months: Months, 1.0, 600.0, Some(36.0), true, "Months that a refinancing adds.";
    }
    Repayment repayment RepaymentParameters {
        amount: Usd, 0.0, LARGEST, None, true, "Principal due.";
        month: Month, 1.0, 1200.0, None, false, "Month in which it is due.";
    }
    Stake stake StakeParameters {
        fraction: Fraction, 0.0, 1.0, None, false, "Share of the issuer that the holder owns.";
        carrying_value: Usd, 0.0, LARGEST, Some(0.0), true, "What the holder's books show for it.";
        preference: Usd, 0.0, LARGEST, Some(0.0), false, "Liquidation preference.";
    }
    Pledge pledge PledgeParameters {
        amount: Usd, 0.0, LARGEST, None, true, "Cash promised in all.";
        first_month: Month, 1.0, 1200.0, Some(1.0), false, "Month of the first tranche.";
        months: Months, 1.0, 1200.0, Some(1.0), false, "Number of equal monthly tranches.";
        unless_shut: Flag, 0.0, 1.0, Some(0.0), false, "Whether tranches are withheld while funding is shut.";
        of_purchases: Fraction, 0.0, 1.0, Some(0.0), true, "Share of what the company paid the investor last month that comes on top of each tranche.";
        chance: Fraction, 0.0, 1.0, Some(1.0), false, "Chance that the condition of the pledge is ever met.";
    }
    Fleet fleet FleetParameters {
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
        class: Code, 0.0, 2.0, Some(0.0), false, "0 GPU, 1 building, 2 power.";
        indexed: Flag, 0.0, 1.0, Some(1.0), false, "Whether its value follows the GPU rental index.";
        ai_share: Fraction, 0.0, 1.0, Some(1.0), false, "Share of the capex that counts as AI capex.";
        capacity_revenue: PerYear, 0.0, 100.0, Some(0.0), false, "Yearly revenue that a dollar of gross cost can serve, at prices of the start; 0: not known.";
        limits: Flag, 0.0, 1.0, Some(0.0), false, "Whether the owner can serve no more than the capacity of its fleets.";
        relet: Fraction, 0.0, 1.0, Some(0.0), true, "Share of idle capacity let to households at the GPU rental index.";
        tolerance: Ratio, 0.01, 1e6, Some(10.0), true, "AI capex over AI revenue of the whole economy beyond which patience may run out.";
        patience_hazard: Ratio, 0.0, 100.0, Some(0.0), true, "Monthly hazard that patience runs out per unit of log excess over the tolerance.";
        patience_cut: Fraction, 0.0, 1.0, Some(0.3), true, "Share of the capex plan that is saved each time patience runs out.";
        capex_of_backlog: Fraction, 0.0, 10.0, Some(0.0), true, "Capex per dollar of a month of the owner's backlog.";
        capex_valuation: Ratio, 0.0, 20.0, Some(0.0), true, "Elasticity of planned capex to the owner's valuation over that of the start.";
    }
    Order order OrderParameters {
        share: Fraction, 0.0, 1.0, None, false, "Share of the fleet's capex paid to the vendor.";
    }
    Market market MarketParameters {
        regime: Code, 0.0, 2.0, Some(1.0), false, "Funding regime at the start: 0 open, 1 normal, 2 shut.";
        open_to_normal: Fraction, 0.0, 1.0, Some(0.02), true, "Monthly chance to move from open to normal.";
        open_to_shut: Fraction, 0.0, 1.0, Some(0.005), true, "Monthly chance to move from open to shut.";
        normal_to_open: Fraction, 0.0, 1.0, Some(0.02), true, "Monthly chance to move from normal to open.";
        normal_to_shut: Fraction, 0.0, 1.0, Some(0.02), true, "Monthly chance to move from normal to shut.";
        shut_to_open: Fraction, 0.0, 1.0, Some(0.005), true, "Monthly chance to move from shut to open.";
        shut_to_normal: Fraction, 0.0, 1.0, Some(0.04), true, "Monthly chance to move from shut to normal.";
        listing: Flag, 0.0, 1.0, Some(1.0), false, "Whether the listing window is open at the start.";
        window_opens_open: Fraction, 0.0, 1.0, Some(0.2), true, "Monthly chance that the window opens when funding is open.";
        window_opens_normal: Fraction, 0.0, 1.0, Some(0.08), true, "Monthly chance that the window opens when funding is normal.";
        window_opens_shut: Fraction, 0.0, 1.0, Some(0.01), true, "Monthly chance that the window opens when funding is shut.";
        window_closes_open: Fraction, 0.0, 1.0, Some(0.03), true, "Monthly chance that the window closes when funding is open.";
        window_closes_normal: Fraction, 0.0, 1.0, Some(0.08), true, "Monthly chance that the window closes when funding is normal.";
        window_closes_shut: Fraction, 0.0, 1.0, Some(0.5), true, "Monthly chance that the window closes when funding is shut.";
        base_rate: PerYear, 0.0, 1.0, Some(0.043), true, "Risk-free rate under floating loans (a twelfth of it a month).";
        spread_open: PerYear, 0.0, 1.0, Some(0.0), true, "Credit spread added to floating loans when funding is open (a twelfth of it a month).";
        spread_normal: PerYear, 0.0, 1.0, Some(0.01), true, "Credit spread added to floating loans when funding is normal (a twelfth of it a month).";
        spread_shut: PerYear, 0.0, 1.0, Some(0.04), true, "Credit spread added to floating loans when funding is shut (a twelfth of it a month).";
        common_persistence: Ratio, -0.999, 0.999, Some(0.9), true, "Persistence of common demand from month to month.";
        common_volatility: Ratio, 0.0, 1.0, Some(0.0), true, "Standard deviation of the monthly shock to common demand.";
        gpu_reversion: Fraction, 0.0, 1.0, Some(0.1), true, "Part of the gap to its trend that the GPU index closes in a month.";
        gpu_drift: PerYear, -5.0, 5.0, Some(0.0), true, "Trend of the GPU rental index (logarithmic: 0.69 doubles it in a year).";
        gpu_volatility: PerRootYear, 0.0, 5.0, Some(0.0), true, "Volatility of the GPU rental index.";
        gpu_jump_chance: Fraction, 0.0, 1.0, Some(0.0), true, "Monthly chance of a jump of the GPU rental index.";
        gpu_jump_size: Ratio, 0.0, 5.0, Some(0.3), true, "Size of a jump in logs.";
        gpu_jump_up: Fraction, 0.0, 1.0, Some(0.5), true, "Share of jumps that go up.";
        gpu_clearing: Ratio, 0.0, 20.0, Some(0.0), true, "Elasticity of the level to which the GPU rental index reverts to demand over supply.";
        odds_open: Ratio, -20.0, 20.0, Some(1.5), true, "Log odds that a round succeeds when funding is open.";
        odds_normal: Ratio, -20.0, 20.0, Some(0.5), true, "Log odds that a round succeeds when funding is normal.";
        odds_shut: Ratio, -20.0, 20.0, Some(-1.5), true, "Log odds that a round succeeds when funding is shut.";
        odds_growth: Ratio, 0.0, 20.0, Some(0.8), true, "Gain in log odds per unit of yearly growth.";
        odds_burn: Ratio, 0.0, 20.0, Some(0.2), true, "Loss in log odds per unit of burn multiple.";
        odds_price: Ratio, 0.0, 20.0, Some(1.0), true, "Loss in log odds per unit of log of last over fair value.";
        luck_open: Fraction, 0.0, 1.0, Some(0.3), true, "Share of rounds that hang on the common luck when funding is open.";
        luck_normal: Fraction, 0.0, 1.0, Some(0.4), true, "Share of rounds that hang on the common luck when funding is normal.";
        luck_shut: Fraction, 0.0, 1.0, Some(0.6), true, "Share of rounds that hang on the common luck when funding is shut.";
        value_open: Ratio, 0.0, 10.0, Some(1.2), true, "Multiples when funding is open over normal.";
        value_shut: Ratio, 0.0, 10.0, Some(0.5), true, "Multiples when funding is shut over normal.";
        refinance_open: Ratio, 0.0, 10.0, Some(1.05), true, "Chance to refinance when funding is open over normal.";
        refinance_shut: Ratio, 0.0, 10.0, Some(0.5), true, "Chance to refinance when funding is shut over normal.";
        sentiment: Fraction, 0.0, 1.0, Some(0.0), true, "Chance that the failure of a large company shuts funding.";
        large_company: Usd, 0.0, LARGEST, Some(1e10), true, "Debt at failure from which a company is large.";
        renegotiation_runway: Months, 0.0, 120.0, Some(3.0), true, "Runway below which suppliers renegotiate commitments.";
        substitution_premium: Ratio, 0.0, 100.0, Some(1.15), true, "Price of what replaces a dead supplier.";
        depth_gpu: Usd, 1.0, LARGEST, Some(2e10), true, "Forced sales of GPUs that lower their log price by one.";
        depth_building: Usd, 1.0, LARGEST, Some(5e10), true, "Forced sales of buildings that lower their log price by one.";
        depth_power: Usd, 1.0, LARGEST, Some(5e10), true, "Forced sales of power plant that lower their log price by one.";
        impact_half_life: Months, 0.1, 1200.0, Some(6.0), false, "Months in which half of the impact of forced sales fades.";
        gdp_start: UsdPerYear, 1.0, LARGEST, Some(3.0e13), false, "Gross domestic product at the start.";
        gdp_growth: PerYear, -1.0, 1.0, Some(0.045), false, "Growth of nominal GDP (logarithmic: 0.69 doubles it in a year).";
        gdp_multiplier: Ratio, 0.0, 10.0, Some(1.0), false, "Change of GDP per dollar of domestic capex.";
        domestic_share: Fraction, 0.0, 1.0, Some(0.5), false, "Share of capex spent at home.";
        gdp_lag: Months, 1.0, 120.0, Some(3.0), true, "Months in which demand adjusts to GDP.";
        wealth_lag: Months, 1.0, 120.0, Some(12.0), true, "Months in which demand adjusts to the value of all companies.";
        shell_closing: Fraction, 0.0, 1.0, Some(0.035), false, "Monthly chance that the shell left by a licence deal closes.";
        dry_powder: Usd, 0.0, LARGEST, Some(UNLIMITED), false, "What investors can still put into rounds at the start; 1e17: without limit.";
        dry_powder_inflow: UsdPerYear, 0.0, LARGEST, Some(0.0), true, "What savers bring to investors.";
        dry_powder_refill: Fraction, 0.0, 1.0, Some(0.0), true, "Share of what exits return to capital that goes to investors again.";
        dry_powder_lag: Months, 1.0, 1200.0, Some(36.0), true, "Mean months until it does.";
        equity_open: Fraction, 0.0, 1.0, Some(0.95), true, "Chance that a sale of new public shares succeeds when funding is open.";
        equity_normal: Fraction, 0.0, 1.0, Some(0.85), true, "Chance that a sale of new public shares succeeds when funding is normal.";
        equity_shut: Fraction, 0.0, 1.0, Some(0.4), true, "Chance that a sale of new public shares succeeds when funding is shut.";
        equity_closed: Fraction, 0.0, 1.0, Some(0.5), true, "Factor on that chance while the listing window is closed.";
        equity_share: Fraction, 0.0, 1.0, Some(0.1), true, "Largest sale of new public shares in a month, as a share of the fair value.";
        equity_discount_open: Fraction, 0.0, 1.0, Some(0.05), true, "Discount on new public shares when funding is open.";
        equity_discount_normal: Fraction, 0.0, 1.0, Some(0.1), true, "Discount on new public shares when funding is normal.";
        equity_discount_shut: Fraction, 0.0, 1.0, Some(0.3), true, "Discount on new public shares when funding is shut.";
        spread_leverage: PerYear, 0.0, 1.0, Some(0.0), true, "Spread of floating and refinanced loans per unit of debt over fair value above what is free.";
        leverage_free: Ratio, 0.0, 100.0, Some(0.3), true, "Debt over fair value that is free of that spread.";
        spread_most: PerYear, 0.0, 1.0, Some(0.2), true, "Largest spread for leverage (a twelfth of it a month).";
        refinance_leverage: Ratio, 0.0, 100.0, Some(0.0), true, "Fall of the log chance to refinance per unit of debt over fair value above what is free.";
        refinance_spread: Ratio, 0.0, 1000.0, Some(0.0), true, "Fall of the log chance to refinance per unit of spread above that of the normal regime.";
        tightening: Ratio, 0.0, 100.0, Some(0.0), true, "Part of draws and refinancing that a lender refuses, at losses of all it can bear.";
        tightening_spread: PerYear, 0.0, 1.0, Some(0.0), true, "Spread that a lender adds to floating and refinanced loans, at losses of all it can bear.";
        workout_open: Fraction, 0.0, 1.0, Some(0.0), true, "Chance that lenders agree to a workout when funding is open.";
        workout_normal: Fraction, 0.0, 1.0, Some(0.0), true, "Chance that lenders agree to a workout when funding is normal.";
        workout_shut: Fraction, 0.0, 1.0, Some(0.0), true, "Chance that lenders agree to a workout when funding is shut.";
        workout_months: Months, 1.0, 600.0, Some(24.0), true, "Months that a workout adds.";
        workout_haircut: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the balance written down in a workout.";
        workout_cost: Fraction, 0.0, 1.0, Some(0.14), true, "Cost of a workout as a share of cash and fleets.";
        backstop: Fraction, 0.0, 1.0, Some(0.0), true, "Chance that the public covers the shortfall of a large company.";
        backstop_size: Usd, 0.0, LARGEST, Some(1e10), true, "Debt from which the public may do so.";
    }
}

links! {
    Segment segment SegmentLinks {
        seller -> Company, false, "Who sells.";
    }
    Recapture recapture RecaptureLinks {
        from -> Segment, false, "Whose demand is lost.";
        to -> Segment, false, "Who gains it.";
    }
    Contract contract ContractLinks {
        customer -> Company, false, "Who pays.";
        supplier -> Company, false, "Who is paid.";
    }
    Commitment commitment CommitmentLinks {
        contract -> Contract, false, "Under which contract it is owed.";
    }
    Loan loan LoanLinks {
        borrower -> Company, false, "Who owes.";
        lender -> Company, true, "Who lent; outside: capital.";
        guarantor -> Company, true, "Who answers for a share of it; outside: capital.";
    }
    Repayment repayment RepaymentLinks {
        loan -> Loan, false, "Which loan it repays.";
    }
    Stake stake StakeLinks {
        holder -> Company, true, "Who owns; outside: capital.";
        issuer -> Company, false, "Who is owned.";
    }
    Pledge pledge PledgeLinks {
        investor -> Company, true, "Who promises; outside: capital.";
        company -> Company, false, "Who receives.";
    }
    Fleet fleet FleetLinks {
        owner -> Company, false, "Whose assets they are.";
    }
    Order order OrderLinks {
        fleet -> Fleet, false, "For which fleet.";
        vendor -> Company, false, "Who is paid.";
    }
}

variables! {
    Company company CompanyState {
        cash: Usd, Some([0.0, LARGEST]), "Cash and liquid securities at the end of the month.";
        alive: Flag, None, "Whether the company has not failed.";
        runway: Months, None, "Cash over burn, at most 120.";
        burn: UsdPerMonth, None, "Smoothed net cash outflow before new money.";
        net_cash_flow: UsdPerMonth, None, "Change of cash less new money.";
        smooth_flow: UsdPerMonth, Some([-LARGEST, LARGEST]), "Net cash flow, smoothed over about three months.";
        list_price: Ratio, Some([1.0 / MOST, MOST]), "List price relative to the start.";
        passed: Ratio, Some([1.0 / MOST, MOST]), "Price factor from passed-on input cost.";
        price: Ratio, None, "Price relative to the start.";
        effective_price: Ratio, None, "Price with what customers feel as worse service.";
        input_cost: Ratio, None, "Cost of a unit of inputs relative to the start.";
        capability: Fraction, None, "Part of its activity left after the death of suppliers.";
        activity: Ratio, None, "Activity relative to the start.";
        used: UsdPerMonth, None, "What its customers used, at prices of the start.";
        demand: UsdPerMonth, None, "What segments and customers want of it, or have reserved, at prices of the start.";
        utilisation: Fraction, None, "Demand over the capacity of its fleets, at most 1; 1 where no capacity is known.";
        backlog: Usd, None, "Commitments of customers to it in twelve months, weighted by their credit.";
        revenue: UsdPerMonth, None, "Segments, contracts and equipment sold.";
        segment_revenue: UsdPerMonth, None, "Revenue from its segments, and from idle capacity that is let again.";
        trade_revenue: UsdPerMonth, None, "Bills to companies of the network.";
        equipment_revenue: UsdPerMonth, None, "Capex of others paid to it.";
        growth: PerYear, None, "Smoothed growth of revenue (logarithmic: 0.69 doubles it in a year).";
        smooth_revenue: UsdPerMonth, None, "Revenue, smoothed over about six months.";
        bills: UsdPerMonth, None, "Bills of its suppliers.";
        commitment_excess: UsdPerMonth, None, "Part of the bills owed only because of commitments.";
        costs: UsdPerMonth, None, "Fixed, variable and unforeseen cost.";
        fixed_level: Ratio, None, "Fixed cost relative to the start.";
        research_level: Ratio, None, "Discretionary plan relative to the start, before cuts.";
        research: Ratio, None, "Discretionary plan relative to the start, after cuts.";
        discretionary: UsdPerMonth, None, "Discretionary spending paid.";
        tax: UsdPerMonth, None, "Tax paid.";
        profit: UsdPerMonth, None, "Profit before tax.";
        depreciation: UsdPerMonth, None, "Depreciation of its fleets.";
        capex: UsdPerMonth, None, "Capital expenditure paid.";
        interest: UsdPerMonth, None, "Interest due.";
        debt_service: UsdPerMonth, None, "Interest and principal due.";
        debt_service_received: UsdPerMonth, None, "Interest and principal received.";
        accelerated: Usd, None, "Balances due this month by acceleration.";
        maturing: Usd, None, "Balances due this month at maturity, beyond the instalment of the month.";
        smooth_cover: UsdPerMonth, None, "Cash flow before debt service, smoothed over about three months.";
        smooth_service: UsdPerMonth, None, "Debt service, smoothed over about three months.";
        debt: Usd, None, "Principal owed.";
        drawn: UsdPerMonth, None, "Loans drawn for capex and purchases.";
        borrowed: UsdPerMonth, None, "Drawn to restore runway, which is new money.";
        rescued: UsdPerMonth, None, "Shortfall covered by the public.";
        leverage: Ratio, None, "Debt over fair value, at most 100.";
        raised: UsdPerMonth, None, "Rounds, and new public shares sold.";
        pledged: UsdPerMonth, None, "Pledges received less pledges paid.";
        payout: UsdPerMonth, None, "Paid to shareholders.";
        valuation: Usd, None, "Fair value.";
        last_valuation: Usd, None, "Post-money value of the last round.";
        down_rounds: Ratio, None, "Down-rounds so far.";
        losses: Usd, None, "Credit, trade and equity losses so far.";
        fleet_value: Usd, None, "Market value of its fleets.";
        exit: Code, None, "Way out taken: 0 none, 1 bought, 2 licensed, 3 listed, 4 self-sustaining, 5 wound down.";
        buyers: Ratio, None, "Buyers able and willing to pay the price asked.";
        deal_flow: UsdPerMonth, None, "Cash received less cash paid in exits.";
        positive_months: Months, None, "Months in a row with positive cash flow without new money.";
    }
    Segment segment SegmentState {
        growth: PerYear, None, "Growth of demand now (logarithmic: 0.69 doubles it in a year).";
        trend: Ratio, Some([0.0, MOST]), "Demand relative to the start at unchanged price.";
        response: Ratio, Some([0.0, MOST]), "Answer of volume to price.";
        loyal: Fraction, None, "Part of the users that no rival has pulled away.";
        climate: Ratio, None, "Factor on demand from GDP and wealth.";
        volume: Ratio, None, "Volume sold relative to the start.";
        revenue: UsdPerMonth, None, "Revenue.";
    }
    Loan loan LoanState {
        balance: Usd, Some([0.0, LARGEST]), "Principal outstanding.";
        undrawn: Usd, Some([0.0, LARGEST]), "Principal that may still be drawn.";
        maturity: Month, None, "Month in which the balance falls due.";
        breach: Months, None, "Months in which a covenant has been broken.";
        accelerated: Flag, None, "Whether the balance was called.";
        interest: UsdPerMonth, None, "Interest due.";
        principal: UsdPerMonth, None, "Principal due.";
        margin: PerYear, None, "Spread for leverage of the borrower and losses of the lender (a twelfth of it a month).";
        waiver: Month, None, "Month up to which covenants are waived, after a workout.";
        loss: Usd, None, "Written off.";
    }
    Fleet fleet FleetState {
        growth: PerYear, None, "Growth of the capex plan now (logarithmic: 0.69 doubles it in a year).";
        plan: Ratio, Some([0.0, MOST]), "Capex plan relative to the start.";
        strikes: Ratio, None, "Times that patience ran out so far.";
        wanted: UsdPerMonth, None, "Capex planned.";
        capex: UsdPerMonth, None, "Capex paid.";
        capacity: Usd, None, "Gross cost of capacity in use.";
        book_value: Usd, None, "Cost less depreciation, that of the month included.";
        depreciation: UsdPerMonth, None, "Straight-line depreciation.";
        value: Usd, None, "Market value.";
    }
    Market market MarketState {
        regime: Code, Some([0.0, 2.0]), "Funding regime: 0 open, 1 normal, 2 shut.";
        listing: Flag, Some([0.0, 1.0]), "Whether the listing window is open.";
        spread: PerYear, None, "Credit spread (a twelfth of it a month).";
        common: Ratio, Some([-MOST, MOST]), "Common demand.";
        gpu_log: Ratio, Some([-GPU_LIMIT, GPU_LIMIT]), "Log of the GPU rental index.";
        gpu_index: Ratio, None, "GPU rental index relative to the start.";
        gdp: UsdPerYear, None, "Gross domestic product.";
        gdp_trend: UsdPerYear, None, "Gross domestic product if capex had grown with it since the start.";
        gdp_gap: Ratio, None, "Log of GDP over its trend, smoothed.";
        wealth: Ratio, None, "Log of the value of all companies over that of the start, smoothed.";
        fire_sale_gpu: Ratio, None, "Log price mark of GPUs from forced sales.";
        fire_sale_building: Ratio, None, "Log price mark of buildings from forced sales.";
        fire_sale_power: Ratio, None, "Log price mark of power plant from forced sales.";
        large_failure: Flag, None, "Whether a large company failed this month.";
        households: Usd, None, "Balance of households since the start.";
        suppliers: Usd, None, "Balance of suppliers outside since the start.";
        capital: Usd, None, "Balance of capital since the start.";
        stranded: Usd, None, "Book value of fleets that stand idle.";
        capex: UsdPerMonth, None, "Capex of all companies.";
        capex_gdp: Fraction, None, "Yearly capex over the trend of GDP.";
        capex_change: UsdPerMonth, None, "Change of capex on the month before.";
        gdp_effect: Fraction, None, "Effect of the change of capex on GDP, over its trend.";
        ai_capex: UsdPerMonth, None, "AI share of capex.";
        ai_revenue: UsdPerMonth, None, "AI revenue from end demand.";
        ai_revenue_capex: Ratio, None, "AI revenue over AI capex.";
        concentration: Fraction, None, "Herfindahl index of segment revenue.";
        index_concentration: Fraction, None, "Herfindahl index of the values of companies.";
        top_share: Fraction, None, "Share of the most valuable company in the value of all.";
        ai_doubling: Months, None, "Months in which AI revenue doubles at its smoothed growth, at most 1200.";
        new_money: UsdPerMonth, None, "Rounds, net pledges and loan draws that companies received.";
        funding_quality: Fraction, None, "Share of new money that went to companies which earn a profit.";
        vendor_money: UsdPerMonth, None, "Pledges and loans that companies paid to their own customers.";
        vendor_revenue: UsdPerMonth, None, "Bills and equipment sales of companies that may pay such money.";
        vendor_financed: Ratio, None, "Vendor money over vendor revenue.";
        cascade_multiplier: Ratio, None, "Dollars withdrawn next month per dollar withdrawn now.";
        raised: UsdPerMonth, None, "Rounds and new public shares of all companies.";
        dry_powder: Usd, None, "What investors can still put into rounds.";
        exit_proceeds: Usd, None, "What exits returned that has not come back to investors yet.";
        backstopped: Usd, None, "What the public has paid so far.";
        companies_alive: Ratio, None, "Companies that have not failed.";
        failed_debt: Usd, None, "Debt at failure of all that failed so far.";
        failed_share: Fraction, None, "Part of a dollar of debt that failed so far, of what was owed before each failure.";
    }
}

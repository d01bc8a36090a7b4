//! The one table: every parameter, link and variable of the model, with unit and meaning.
//!
//! Storage, recordable names, units of results and the documentation come from here. To add a row, add a line.

use crate::column::{Column, Row, ZERO, zeros};
use crate::inputs::{InputError, Source};

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
    /// What it means.
    pub meaning: &'static str,
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
    /// Whether a host model may set it between months.
    pub writable: bool,
    /// What it means.
    pub meaning: &'static str,
}

/// Greatest amount a world may hold, USD: a thousand times the product of the world.
pub const LARGEST: f64 = 1e17;
/// Stands for "no limit" in amounts.
pub const UNLIMITED: f64 = 1e17;

macro_rules! parameters {
    ($($entity:ident $field:ident $group:ident {
        $($name:ident: $unit:ident, $low:expr, $high:expr, $default:expr, $meaning:literal;)*
    })*) => {
        /// All parameters, in the order of the inputs.
        pub static PARAMETERS: &[Parameter] = &[$($(Parameter {
            entity: Entity::$entity, name: stringify!($name), unit: Unit::$unit,
            low: $low, high: $high, default: $default, meaning: $meaning,
        },)*)*];
        $(
            #[doc = concat!("Parameters of each ", stringify!($field), ".")]
            #[derive(Clone, Debug)]
            pub struct $group<'a> {
                $(#[doc = $meaning] pub $name: Column<'a>,)*
            }
        )*
        /// All parameters of a world.
        #[derive(Clone, Debug)]
        pub struct Parameters<'a> {
            $(#[doc = concat!("Of each ", stringify!($field), ".")] pub $field: $group<'a>,)*
        }
        impl<'a> Parameters<'a> {
            /// Reads every parameter from `source`, checking shapes and ranges.
            ///
            /// # Errors
            /// The first array that is missing, misshapen or out of range.
            pub fn read(source: &dyn Source<'a>) -> Result<Self, InputError> {
                Ok(Self { $($field: $group { $($name: crate::inputs::column(source, Entity::$entity, stringify!($name))?,)* },)* })
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
            #[derive(Clone, Copy, Debug)]
            pub struct $group<'a> {
                $(#[doc = $meaning] pub $name: &'a [i32],)*
            }
        )*
        /// All links of a world.
        #[derive(Clone, Copy, Debug)]
        pub struct Links<'a> {
            $(#[doc = concat!("Of each ", stringify!($field), ".")] pub $field: $group<'a>,)*
        }
        impl<'a> Links<'a> {
            /// Reads every link from `source`, checking shapes and targets.
            ///
            /// # Errors
            /// The first array that is missing, misshapen or points nowhere.
            pub fn read(source: &dyn Source<'a>) -> Result<Self, InputError> {
                Ok(Self { $($field: $group { $($name: crate::inputs::link(source, Entity::$entity, stringify!($name))?,)* },)* })
            }
        }
    };
}

macro_rules! variables {
    ($($entity:ident $field:ident $group:ident {
        $($name:ident: $unit:ident, $writable:literal, $meaning:literal;)*
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
                let mut left = place;
                $($(
                    if left == 0 { return &self.$field.$name; }
                    left -= 1;
                )*)*
                let _ = left;
                &[]
            }
            /// The rows of a variable by its place in [`VARIABLES`], to write.
            pub fn rows_mut(&mut self, place: usize) -> &mut [Row] {
                let mut left = place;
                $($(
                    if left == 0 { return &mut self.$field.$name; }
                    left -= 1;
                )*)*
                let _ = left;
                &mut []
            }
        }
    };
}

parameters! {
    Company company CompanyParameters {
        cash: Usd, 0.0, LARGEST, None, "Cash and liquid securities at the start.";
        fixed_cost: UsdPerMonth, 0.0, LARGEST, Some(0.0), "Staff, offices and other cost that does not follow sales.";
        fixed_cost_growth: PerYear, -5.0, 5.0, Some(0.0), "Growth of the fixed cost.";
        variable_cost: Fraction, 0.0, 10.0, Some(0.0), "Cost paid outside the network per dollar of revenue.";
        cost_volatility: UsdPerRootMonth, 0.0, LARGEST, Some(0.0), "Standard deviation of a month's unforeseen cost.";
        discretionary_cost: UsdPerMonth, 0.0, LARGEST, Some(0.0), "Training, research and other spending that can be cut.";
        discretionary_growth: PerYear, -5.0, 5.0, Some(0.0), "Growth of the discretionary plan.";
        burn_cut_runway: Months, 0.0, 120.0, Some(0.0), "Runway below which discretionary spending is cut; 0: never.";
        burn_cut_floor: Fraction, 0.0, 1.0, Some(0.3), "Smallest share of the discretionary plan that is kept.";
        pass_through: Fraction, 0.0, 2.0, Some(1.0), "Share of a change in input cost passed on in the price.";
        price_lag: Months, 1.0, 120.0, Some(1.0), "Months in which the price approaches its target.";
        service_cut: Fraction, 0.0, 1.0, Some(0.0), "Share of the cost not passed on that customers feel as worse service.";
        price_trend: PerYear, -5.0, 5.0, Some(0.0), "Trend of the list price.";
        price_step: Ratio, -0.99, 100.0, Some(0.0), "A single change of the list price, as a share of it.";
        price_step_month: Month, 1.0, 1200.0, Some(1.0), "Month from which that change holds.";
        tax_rate: Fraction, 0.0, 1.0, Some(0.0), "Tax on positive profit, paid a month later.";
        minimum_cash: Usd, 0.0, LARGEST, Some(0.0), "Cash that discretionary spending, capex and payouts must leave.";
        payout: Fraction, 0.0, 1.0, Some(0.0), "Share of a positive net cash flow paid to shareholders.";
        round_runway: Months, 0.0, 120.0, Some(0.0), "Runway below which the company tries to raise a round; 0: never.";
        round_months: Months, 0.0, 120.0, Some(18.0), "Months of burn that a round brings.";
        round_share: Fraction, 0.0, 1.0, Some(0.25), "Largest round as a share of the fair value.";
        valuation_multiple: Ratio, 0.0, 1000.0, Some(10.0), "Value over yearly revenue in the normal regime.";
        growth_premium: Ratio, 0.0, 10.0, Some(0.5), "Change of the multiple per unit of change in yearly growth.";
        last_valuation: Usd, 0.0, LARGEST, Some(0.0), "Post-money value of the last round; 0: the fair value.";
        default_cost: Fraction, 0.0, 1.0, Some(0.3), "Share of its assets lost when the company fails.";
        loss_capacity: Usd, 0.0, LARGEST, Some(UNLIMITED), "Credit and equity losses it can bear before it fails.";
        share_deals: Fraction, 0.0, 1.0, Some(0.0), "Largest price, as a share of its fair value, it can pay in its own shares.";
    }
    Segment segment SegmentParameters {
        revenue: UsdPerMonth, 0.0, LARGEST, None, "Revenue from this demand in the month before the start.";
        growth: PerYear, -10.0, 10.0, Some(0.0), "Growth of demand at the start.";
        growth_long: PerYear, -5.0, 5.0, Some(0.0), "Growth of demand in the long run.";
        growth_half_life: Months, 0.1, 1200.0, Some(24.0), "Months in which half the gap between the two closes.";
        volatility: PerRootYear, 0.0, 5.0, Some(0.0), "Volatility of demand of its own.";
        common_loading: Ratio, -10.0, 10.0, Some(0.0), "Loading of the month's log growth on the common demand factor.";
        elasticity: Ratio, 0.0, 20.0, Some(0.0), "Fall of demand in per cent for one per cent of price.";
        adjust_months: Months, 1.0, 120.0, Some(3.0), "Months in which volume adjusts to price.";
        ai_share: Fraction, 0.0, 1.0, Some(1.0), "Share of the revenue that counts as AI revenue.";
    }
    Recapture recapture RecaptureParameters {
        share: Fraction, 0.0, 1.0, None, "Share of the lost demand that the rival gains.";
    }
    Contract contract ContractParameters {
        usage: UsdPerMonth, 0.0, LARGEST, Some(0.0), "What the customer used and paid in the month before the start.";
        price_linked: Flag, 0.0, 1.0, Some(1.0), "Whether the bill follows the supplier's price.";
        revenue_share: Fraction, 0.0, 1.0, Some(0.0), "Share of the customer's segment revenue owed on top.";
        routing: Ratio, 0.0, 20.0, Some(0.0), "Elasticity with which the customer moves use elsewhere.";
        substitutable: Fraction, 0.0, 1.0, Some(0.5), "Part of the use that can be bought elsewhere if the supplier dies.";
        renegotiable: Fraction, 0.0, 1.0, Some(0.0), "Part of the commitments waived while the customer's runway is short.";
        intensity_trend: PerYear, -5.0, 5.0, Some(0.0), "Trend of use per unit of activity (tokens per task).";
        follows: Code, 0.0, 2.0, Some(0.0), "What use grows with: 0 activity, 1 research, 2 nothing.";
    }
    Commitment commitment CommitmentParameters {
        amount: UsdPerMonth, 0.0, LARGEST, None, "Take-or-pay amount at the supplier's price of the start.";
        first_month: Month, 1.0, 1200.0, Some(1.0), "First month in which it is owed.";
        last_month: Month, 1.0, 1200.0, Some(1200.0), "Last month in which it is owed.";
    }
    Loan loan LoanParameters {
        balance: Usd, 0.0, LARGEST, None, "Principal outstanding at the start.";
        undrawn: Usd, 0.0, LARGEST, Some(0.0), "Principal that may still be drawn.";
        draw_share: Fraction, 0.0, 1.0, Some(0.0), "Share of the borrower's capex financed by draws.";
        rate: PerYear, 0.0, 1.0, Some(0.0), "Interest rate, or margin over base rate and spread if floating.";
        floating: Flag, 0.0, 1.0, Some(0.0), "Whether base rate and credit spread are added to the rate.";
        amortisation: Code, 0.0, 3.0, Some(0.0), "0 bullet, 1 linear, 2 annuity, 3 by its repayment rows.";
        interest_only: Months, 0.0, 1200.0, Some(0.0), "Months without repayment.";
        maturity: Month, 1.0, 1200.0, None, "Month in which the balance falls due.";
        rank: Code, 2.0, 5.0, Some(4.0), "2 secured, 4 unsecured, 5 subordinated.";
        collateral: Usd, 0.0, LARGEST, Some(0.0), "Value of collateral outside the fleets.";
        fleet_collateral: Fraction, 0.0, 1.0, Some(0.0), "Share of the borrower's fleets pledged.";
        min_cash: Usd, 0.0, LARGEST, Some(0.0), "Covenant: least cash; 0: none.";
        max_ltv: Ratio, 0.0, 100.0, Some(0.0), "Covenant: largest loan to value of collateral; 0: none.";
        min_dscr: Ratio, 0.0, 100.0, Some(0.0), "Covenant: least debt service cover; 0: none.";
        cure_months: Months, 0.0, 120.0, Some(2.0), "Months a breach may last.";
        cross_default: Flag, 0.0, 1.0, Some(0.0), "Whether acceleration of another loan accelerates this one.";
        refinance_chance: Fraction, 0.0, 1.0, Some(0.9), "Chance to refinance at maturity in the normal regime.";
        refinance_months: Months, 1.0, 600.0, Some(36.0), "Months that a refinancing adds.";
    }
    Repayment repayment RepaymentParameters {
        amount: Usd, 0.0, LARGEST, None, "Principal due.";
        month: Month, 1.0, 1200.0, None, "Month in which it is due.";
    }
    Stake stake StakeParameters {
        fraction: Fraction, 0.0, 1.0, None, "Share of the issuer that the holder owns.";
        carrying_value: Usd, 0.0, LARGEST, Some(0.0), "What the holder's books show for it.";
        preference: Usd, 0.0, LARGEST, Some(0.0), "Liquidation preference.";
    }
    Pledge pledge PledgeParameters {
        amount: Usd, 0.0, LARGEST, None, "Cash promised in all.";
        first_month: Month, 1.0, 1200.0, Some(1.0), "Month of the first tranche.";
        months: Months, 1.0, 1200.0, Some(1.0), "Number of equal monthly tranches.";
        unless_shut: Flag, 0.0, 1.0, Some(0.0), "Whether tranches are withheld while funding is shut.";
    }
    Fleet fleet FleetParameters {
        cost: Usd, 0.0, LARGEST, Some(0.0), "Gross cost of the capacity in use at the start.";
        age_span: Months, 1.0, 600.0, Some(24.0), "Ages over which that cost is spread evenly.";
        book_life: Months, 1.0, 600.0, Some(72.0), "Months of straight-line depreciation.";
        economic_life: Months, 1.0, 600.0, Some(48.0), "Months until capacity retires.";
        capex: UsdPerMonth, 0.0, LARGEST, Some(0.0), "Capital expenditure at the start.";
        capex_growth: PerYear, -5.0, 5.0, Some(0.0), "Growth of the capex plan at the start.";
        capex_growth_long: PerYear, -5.0, 5.0, Some(0.0), "Growth of the capex plan in the long run.";
        capex_growth_half_life: Months, 0.1, 1200.0, Some(18.0), "Months in which half the gap between the two closes.";
        capex_of_revenue: Fraction, 0.0, 10.0, Some(0.0), "Capex per dollar of the owner's revenue.";
        refresh: Fraction, 0.0, 2.0, Some(0.0), "Share of retiring capacity that is bought again.";
        lag: Months, 1.0, 120.0, Some(6.0), "Months of construction.";
        committed: Fraction, 0.0, 1.0, Some(0.0), "Share of capex that cannot be cut.";
        class: Code, 0.0, 2.0, Some(0.0), "0 GPU, 1 building, 2 power.";
        indexed: Flag, 0.0, 1.0, Some(1.0), "Whether its value follows the GPU rental index.";
        ai_share: Fraction, 0.0, 1.0, Some(1.0), "Share of the capex that counts as AI capex.";
    }
    Order order OrderParameters {
        share: Fraction, 0.0, 1.0, None, "Share of the fleet's capex paid to the vendor.";
    }
    Market market MarketParameters {
        regime: Code, 0.0, 2.0, Some(1.0), "Funding regime at the start: 0 open, 1 normal, 2 shut.";
        open_to_normal: Fraction, 0.0, 1.0, Some(0.02), "Monthly chance to move from open to normal.";
        open_to_shut: Fraction, 0.0, 1.0, Some(0.005), "Monthly chance to move from open to shut.";
        normal_to_open: Fraction, 0.0, 1.0, Some(0.02), "Monthly chance to move from normal to open.";
        normal_to_shut: Fraction, 0.0, 1.0, Some(0.02), "Monthly chance to move from normal to shut.";
        shut_to_open: Fraction, 0.0, 1.0, Some(0.005), "Monthly chance to move from shut to open.";
        shut_to_normal: Fraction, 0.0, 1.0, Some(0.04), "Monthly chance to move from shut to normal.";
        listing: Flag, 0.0, 1.0, Some(1.0), "Whether the listing window is open at the start.";
        window_opens_open: Fraction, 0.0, 1.0, Some(0.2), "Monthly chance that the window opens when funding is open.";
        window_opens_normal: Fraction, 0.0, 1.0, Some(0.08), "Monthly chance that the window opens when funding is normal.";
        window_opens_shut: Fraction, 0.0, 1.0, Some(0.01), "Monthly chance that the window opens when funding is shut.";
        window_closes_open: Fraction, 0.0, 1.0, Some(0.03), "Monthly chance that the window closes when funding is open.";
        window_closes_normal: Fraction, 0.0, 1.0, Some(0.08), "Monthly chance that the window closes when funding is normal.";
        window_closes_shut: Fraction, 0.0, 1.0, Some(0.5), "Monthly chance that the window closes when funding is shut.";
        base_rate: PerYear, 0.0, 1.0, Some(0.043), "Risk-free rate under floating loans.";
        spread_open: PerYear, 0.0, 1.0, Some(0.0), "Credit spread added to floating loans when funding is open.";
        spread_normal: PerYear, 0.0, 1.0, Some(0.01), "Credit spread added to floating loans when funding is normal.";
        spread_shut: PerYear, 0.0, 1.0, Some(0.04), "Credit spread added to floating loans when funding is shut.";
        common_persistence: Ratio, -0.999, 0.999, Some(0.9), "Persistence of common demand from month to month.";
        common_volatility: Ratio, 0.0, 1.0, Some(0.0), "Standard deviation of the monthly shock to common demand.";
        gpu_reversion: Fraction, 0.0, 1.0, Some(0.1), "Part of the gap to its trend that the GPU index closes in a month.";
        gpu_drift: PerYear, -5.0, 5.0, Some(0.0), "Trend of the GPU rental index.";
        gpu_volatility: PerRootYear, 0.0, 5.0, Some(0.0), "Volatility of the GPU rental index.";
        gpu_jump_chance: Fraction, 0.0, 1.0, Some(0.0), "Monthly chance of a jump of the GPU rental index.";
        gpu_jump_size: Ratio, 0.0, 5.0, Some(0.3), "Size of a jump in logs.";
        gpu_jump_up: Fraction, 0.0, 1.0, Some(0.5), "Share of jumps that go up.";
        odds_open: Ratio, -20.0, 20.0, Some(1.5), "Log odds that a round succeeds when funding is open.";
        odds_normal: Ratio, -20.0, 20.0, Some(0.5), "Log odds that a round succeeds when funding is normal.";
        odds_shut: Ratio, -20.0, 20.0, Some(-1.5), "Log odds that a round succeeds when funding is shut.";
        odds_growth: Ratio, 0.0, 20.0, Some(0.8), "Gain in log odds per unit of yearly growth.";
        odds_burn: Ratio, 0.0, 20.0, Some(0.2), "Loss in log odds per unit of burn multiple.";
        odds_price: Ratio, 0.0, 20.0, Some(1.0), "Loss in log odds per unit of log of last over fair value.";
        luck_open: Fraction, 0.0, 1.0, Some(0.3), "Share of rounds that hang on the common luck when funding is open.";
        luck_normal: Fraction, 0.0, 1.0, Some(0.4), "Share of rounds that hang on the common luck when funding is normal.";
        luck_shut: Fraction, 0.0, 1.0, Some(0.6), "Share of rounds that hang on the common luck when funding is shut.";
        value_open: Ratio, 0.0, 10.0, Some(1.2), "Multiples when funding is open over normal.";
        value_shut: Ratio, 0.0, 10.0, Some(0.5), "Multiples when funding is shut over normal.";
        refinance_open: Ratio, 0.0, 10.0, Some(1.05), "Chance to refinance when funding is open over normal.";
        refinance_shut: Ratio, 0.0, 10.0, Some(0.5), "Chance to refinance when funding is shut over normal.";
        sentiment: Fraction, 0.0, 1.0, Some(0.0), "Chance that the failure of a large company shuts funding.";
        large_company: Usd, 0.0, LARGEST, Some(1e10), "Debt at failure from which a company is large.";
        renegotiation_runway: Months, 0.0, 120.0, Some(3.0), "Runway below which suppliers renegotiate commitments.";
        substitution_premium: Ratio, 0.0, 100.0, Some(1.15), "Price of what replaces a dead supplier.";
        depth_gpu: Usd, 1.0, LARGEST, Some(2e10), "Forced sales of GPUs that lower their log price by one.";
        depth_building: Usd, 1.0, LARGEST, Some(5e10), "Forced sales of buildings that lower their log price by one.";
        depth_power: Usd, 1.0, LARGEST, Some(5e10), "Forced sales of power plant that lower their log price by one.";
        impact_half_life: Months, 0.1, 1200.0, Some(6.0), "Months in which half of the impact of forced sales fades.";
        gdp_start: UsdPerYear, 1.0, LARGEST, Some(3.0e13), "Gross domestic product at the start.";
        gdp_growth: PerYear, -1.0, 1.0, Some(0.045), "Growth of nominal GDP.";
        gdp_multiplier: Ratio, 0.0, 10.0, Some(1.0), "Change of GDP per dollar of domestic capex.";
        domestic_share: Fraction, 0.0, 1.0, Some(0.5), "Share of capex spent at home.";
        shell_closing: Fraction, 0.0, 1.0, Some(0.035), "Monthly chance that the shell left by a licence deal closes.";
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
        cash: Usd, true, "Cash and liquid securities at the end of the month.";
        alive: Flag, false, "Whether the company has not failed.";
        runway: Months, false, "Cash over burn, at most 120.";
        burn: UsdPerMonth, false, "Smoothed net cash outflow before new money.";
        net_cash_flow: UsdPerMonth, false, "Change of cash less rounds and pledges.";
        smooth_flow: UsdPerMonth, true, "Net cash flow, smoothed over about three months.";
        list_price: Ratio, false, "List price relative to the start.";
        passed: Ratio, true, "Price factor from passed-on input cost.";
        price: Ratio, false, "Price relative to the start.";
        effective_price: Ratio, false, "Price with what customers feel as worse service.";
        input_cost: Ratio, false, "Cost of a unit of inputs relative to the start.";
        capability: Fraction, false, "Part of its activity left after the death of suppliers.";
        activity: Ratio, false, "Activity relative to the start.";
        used: UsdPerMonth, false, "What its customers used, at prices of the start.";
        revenue: UsdPerMonth, false, "Segments, contracts and equipment sold.";
        segment_revenue: UsdPerMonth, false, "Revenue from its segments.";
        trade_revenue: UsdPerMonth, false, "Bills to companies of the network.";
        equipment_revenue: UsdPerMonth, false, "Capex of others paid to it.";
        growth: PerYear, false, "Smoothed growth of revenue.";
        smooth_revenue: UsdPerMonth, false, "Revenue, smoothed over about six months.";
        bills: UsdPerMonth, false, "Bills of its suppliers.";
        commitment_excess: UsdPerMonth, false, "Part of the bills owed only because of commitments.";
        costs: UsdPerMonth, false, "Fixed, variable and unforeseen cost.";
        fixed_level: Ratio, false, "Fixed cost relative to the start.";
        research_level: Ratio, false, "Discretionary plan relative to the start, before cuts.";
        research: Ratio, false, "Discretionary plan relative to the start, after cuts.";
        discretionary: UsdPerMonth, false, "Discretionary spending paid.";
        tax: UsdPerMonth, false, "Tax paid.";
        profit: UsdPerMonth, false, "Profit before tax.";
        depreciation: UsdPerMonth, false, "Depreciation of its fleets.";
        capex: UsdPerMonth, false, "Capital expenditure paid.";
        interest: UsdPerMonth, false, "Interest due.";
        debt_service: UsdPerMonth, false, "Interest and principal due.";
        debt_service_received: UsdPerMonth, false, "Interest and principal received.";
        accelerated: Usd, false, "Balances due this month by acceleration.";
        maturing: Usd, false, "Balances due this month at maturity.";
        smooth_cover: UsdPerMonth, false, "Cash flow before debt service, smoothed over about three months.";
        smooth_service: UsdPerMonth, false, "Debt service, smoothed over about three months.";
        debt: Usd, false, "Principal owed.";
        drawn: UsdPerMonth, false, "Loans drawn.";
        raised: UsdPerMonth, false, "Rounds raised.";
        pledged: UsdPerMonth, false, "Pledges received less pledges paid.";
        payout: UsdPerMonth, false, "Paid to shareholders.";
        valuation: Usd, false, "Fair value.";
        last_valuation: Usd, false, "Post-money value of the last round.";
        down_rounds: Ratio, false, "Down-rounds so far.";
        losses: Usd, false, "Credit, trade and equity losses so far.";
        fleet_value: Usd, false, "Market value of its fleets.";
        exit: Code, false, "Way out taken: 0 none, 1 bought, 2 licensed, 3 listed, 4 self-sustaining, 5 wound down.";
        buyers: Ratio, false, "Buyers able and willing to pay the price asked.";
        deal_flow: UsdPerMonth, false, "Cash received less cash paid in exits.";
        positive_months: Months, false, "Months in a row with positive cash flow without new money.";
    }
    Segment segment SegmentState {
        growth: PerYear, false, "Growth of demand now.";
        trend: Ratio, true, "Demand relative to the start at unchanged price.";
        response: Ratio, true, "Answer of volume to price.";
        volume: Ratio, false, "Volume sold relative to the start.";
        revenue: UsdPerMonth, false, "Revenue.";
    }
    Loan loan LoanState {
        balance: Usd, true, "Principal outstanding.";
        undrawn: Usd, true, "Principal that may still be drawn.";
        maturity: Month, false, "Month in which the balance falls due.";
        breach: Months, false, "Months in which a covenant has been broken.";
        accelerated: Flag, false, "Whether the balance was called.";
        interest: UsdPerMonth, false, "Interest due.";
        principal: UsdPerMonth, false, "Principal due.";
        loss: Usd, false, "Written off.";
    }
    Fleet fleet FleetState {
        growth: PerYear, false, "Growth of the capex plan now.";
        plan: Ratio, true, "Capex plan relative to the start.";
        wanted: UsdPerMonth, false, "Capex planned.";
        capex: UsdPerMonth, false, "Capex paid.";
        capacity: Usd, false, "Gross cost of capacity in use.";
        depreciation: UsdPerMonth, false, "Straight-line depreciation.";
        value: Usd, false, "Market value.";
    }
    Market market MarketState {
        regime: Code, true, "Funding regime: 0 open, 1 normal, 2 shut.";
        listing: Flag, true, "Whether the listing window is open.";
        spread: PerYear, false, "Credit spread.";
        common: Ratio, true, "Common demand.";
        gpu_log: Ratio, true, "Log of the GPU rental index.";
        gpu_index: Ratio, false, "GPU rental index relative to the start.";
        gdp: UsdPerYear, false, "Gross domestic product.";
        fire_sale_gpu: Ratio, false, "Log price mark of GPUs from forced sales.";
        fire_sale_building: Ratio, false, "Log price mark of buildings from forced sales.";
        fire_sale_power: Ratio, false, "Log price mark of power plant from forced sales.";
        large_failure: Flag, false, "Whether a large company failed this month.";
        households: Usd, false, "Balance of households since the start.";
        suppliers: Usd, false, "Balance of suppliers outside since the start.";
        capital: Usd, false, "Balance of capital since the start.";
        capex: UsdPerMonth, false, "Capex of all companies.";
        capex_gdp: Fraction, false, "Yearly capex over GDP.";
        capex_change: UsdPerMonth, false, "Change of capex on the month before.";
        gdp_effect: Fraction, false, "Effect of the change of capex on GDP.";
        ai_capex: UsdPerMonth, false, "AI share of capex.";
        ai_revenue: UsdPerMonth, false, "AI revenue from end demand.";
        ai_revenue_capex: Ratio, false, "AI revenue over AI capex.";
        concentration: Fraction, false, "Herfindahl index of segment revenue.";
        raised: UsdPerMonth, false, "Rounds raised by all companies.";
        companies_alive: Ratio, false, "Companies that have not failed.";
        failed_debt: Usd, false, "Debt at failure of all that failed so far.";
    }
}

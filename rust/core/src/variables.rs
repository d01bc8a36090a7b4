//! The one table: every parameter, link and variable of the model, with unit and meaning.
//!
//! Storage, recordable names, units of results and the documentation come from here. Parameters and variables stand in `rows!` of
//! the files of [`crate::model`], and are gathered below; links stand here.

use crate::column::{Column, Row, ZERO, zeros};
use crate::limits::{GPU_LIMIT, INDEX_LIMIT, MOST};
use crate::model::files;
use std::sync::Arc;

/// The kind of entity that a row of the table belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// A node of the network.
    Company,
    /// End demand that a company sells to.
    Segment,
    /// A recapture: the gain of a rival from a segment's lost demand.
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
    /// The market that all share; one of it.
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
    /// The owner.
    pub entity: Entity,
    /// The file of the model that it belongs to.
    pub file: &'static str,
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
    /// Value at which what it steers has no effect; none where no plain number does that.
    pub off: Option<f64>,
    /// For codes, the words of worlds with their numbers.
    pub words: &'static [(&'static str, u8)],
    /// The meaning.
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
    /// The target.
    pub target: Entity,
    /// Whether it may point outside the network (-1).
    pub outside: bool,
    /// The meaning.
    pub meaning: &'static str,
}

/// One variable: what the loop computes.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// The owner.
    pub entity: Entity,
    /// The file of the model that it belongs to.
    pub file: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Least and greatest value that rules and host models may write; none where they may not.
    pub writable: Option<[f64; 2]>,
    /// The meaning.
    pub meaning: &'static str,
}

/// Greatest amount a world may hold, USD: a thousand times the product of the world.
pub const LARGEST: f64 = 1e17;
/// Stands for "no limit" in amounts.
pub const UNLIMITED: f64 = 1e17;

/// The value of an optional column of a row.
macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

macro_rules! parameters {
    ($($entity:ident $field:ident [$($file:ident {
        $($name:ident: $unit:ident, $low:expr, $high:expr, $default:expr, $lever:literal, $meaning:literal
            $(, off $off:expr)? $(, words [$($word:ident $code:literal),*])?;)*
    })*])*) => {
        /// All parameters, in the order of the inputs.
        pub static PARAMETERS: &[Parameter] = &[$($($(Parameter {
            entity: Entity::$entity, name: stringify!($name), unit: Unit::$unit, file: stringify!($file),
            low: $low, high: $high, default: $default, lever: $lever, meaning: $meaning,
            off: optional!($($off)?), words: &[$($((stringify!($word), $code)),*)?],
        },)*)*)*];
        /// Parameters by what they belong to.
        pub mod parameters {
            use crate::column::Column;
            $(
                #[doc = concat!("Parameters of each ", stringify!($field), ".")]
                #[derive(Clone, Debug)]
                pub struct $entity {
                    $($(#[doc = $meaning] pub $name: Column,)*)*
                }
            )*
        }
        /// All parameters of a world.
        #[derive(Clone, Debug)]
        pub struct Parameters {
            $(#[doc = concat!("Of each ", stringify!($field), ".")] pub $field: parameters::$entity,)*
        }
        type ColumnOf = fn(&Parameters) -> &Column;
        type ColumnOfMut = fn(&mut Parameters) -> &mut Column;
        /// The place of each column.
        static COLUMNS: &[ColumnOf] = &[$($($(|p| &p.$field.$name,)*)*)*];
        /// The same, to write.
        static COLUMNS_MUT: &[ColumnOfMut] = &[$($($(|p| &mut p.$field.$name,)*)*)*];
        impl Parameters {
            /// Reads every parameter by its entity and name.
            ///
            /// # Errors
            /// The first that cannot be read.
            pub fn read<E>(read: impl Fn(Entity, &str) -> Result<Column, E>) -> Result<Self, E> {
                Ok(Self { $($field: parameters::$entity { $($($name: read(Entity::$entity, stringify!($name))?,)*)* },)* })
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
                $($($(self.$field.$name.select(draws);)*)*)*
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
    ($($entity:ident $field:ident [$($file:ident {
        $($name:ident: $unit:ident, $writable:expr, $meaning:literal $(, $when:expr)?;)*
    })*])*) => {
        /// All variables, in the order of storage.
        pub static VARIABLES: &[Variable] = &[$($($(Variable {
            entity: Entity::$entity, name: stringify!($name), unit: Unit::$unit, file: stringify!($file),
            writable: $writable, meaning: $meaning,
        },)*)*)*];
        /// Variables by what they belong to, a row of lanes each.
        pub mod state {
            use crate::column::Row;
            $(
                #[doc = concat!("Variables of each ", stringify!($field), ".")]
                #[derive(Clone, Debug)]
                pub struct $entity {
                    $($(#[doc = $meaning] pub $name: Vec<Row>,)*)*
                }
            )*
        }
        /// All variables of a block of paths.
        #[derive(Clone, Debug)]
        pub struct State {
            $(#[doc = concat!("Of each ", stringify!($field), ".")] pub $field: state::$entity,)*
        }
        /// The place of the rows of each variable.
        static ROWS: &[fn(&State) -> &[Row]] = &[$($($(|state| &state.$field.$name,)*)*)*];
        /// The same, to write.
        static ROWS_MUT: &[fn(&mut State) -> &mut [Row]] = &[$($($(|state| &mut state.$field.$name,)*)*)*];
        impl State {
            /// Zeros for as many entities as `count` says of each entity and name.
            #[must_use]
            pub fn zeros(count: impl Fn(Entity, &str) -> usize) -> Self {
                Self { $($field: state::$entity { $($($name: zeros(ZERO, count(Entity::$entity, stringify!($name))),)*)* },)* }
            }
            /// Sets everything back to zero.
            pub fn clear(&mut self) {
                $($($(self.$field.$name.fill(ZERO);)*)*)*
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
        contract -> Contract, true, "Whose machines it pays for, and out of which it is repaid; outside: none.";
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

/// Gathers the rows of every file of the model, and hands those of one kind to a macro, sorted by what they belong to.
macro_rules! gather {
    ({ $make:ident $kind:ident [ $file:ident $($more:ident)* ] } $($found:tt)*) => {
        $crate::model::$file::rows! { gather { $make $kind [ $($more)* ] } $($found)* }
    };
    ({ $make:ident parameters [] } $($file:ident { parameters $parameters:tt variables $variables:tt })*) => {
        $crate::variables::sort! { $make [] [] [] [] [] [] [] [] [] [] [] []; $($file $parameters)* }
    };
    ({ $make:ident variables [] } $($file:ident { parameters $parameters:tt variables $variables:tt })*) => {
        $crate::variables::sort! { $make [] [] [] [] [] [] [] [] [] [] [] []; $($file $variables)* }
    };
}
pub(crate) use gather;

/// Sorts rows by what they belong to: a list for each entity, in the order of [`Entity::ALL`].
#[rustfmt::skip]
macro_rules! sort {
    ($make:ident $a:tt $b:tt $c:tt $d:tt $e:tt $f:tt $g:tt $h:tt $i:tt $j:tt $k:tt $l:tt;) => {
        $make! {
            Company company $a Segment segment $b Recapture recapture $c Contract contract $d Commitment commitment $e Loan loan $f
            Repayment repayment $g Stake stake $h Pledge pledge $i Fleet fleet $j Order order $k Market market $l
        }
    };
    ($make:ident $a:tt $b:tt $c:tt $d:tt $e:tt $f:tt $g:tt $h:tt $i:tt $j:tt $k:tt $l:tt; $file:ident {} $($more:tt)*) => {
        $crate::variables::sort! { $make $a $b $c $d $e $f $g $h $i $j $k $l; $($more)* }
    };
    ($make:ident [$($own:tt)*] $b:tt $c:tt $d:tt $e:tt $f:tt $g:tt $h:tt $i:tt $j:tt $k:tt $l:tt; $file:ident { company $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make [$($own)* $file $row] $b $c $d $e $f $g $h $i $j $k $l; $file { $($rows)* } $($more)* }
    };
    ($make:ident $a:tt [$($own:tt)*] $c:tt $d:tt $e:tt $f:tt $g:tt $h:tt $i:tt $j:tt $k:tt $l:tt; $file:ident { segment $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make $a [$($own)* $file $row] $c $d $e $f $g $h $i $j $k $l; $file { $($rows)* } $($more)* }
    };
    ($make:ident $a:tt $b:tt [$($own:tt)*] $d:tt $e:tt $f:tt $g:tt $h:tt $i:tt $j:tt $k:tt $l:tt; $file:ident { recapture $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make $a $b [$($own)* $file $row] $d $e $f $g $h $i $j $k $l; $file { $($rows)* } $($more)* }
    };
    ($make:ident $a:tt $b:tt $c:tt [$($own:tt)*] $e:tt $f:tt $g:tt $h:tt $i:tt $j:tt $k:tt $l:tt; $file:ident { contract $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make $a $b $c [$($own)* $file $row] $e $f $g $h $i $j $k $l; $file { $($rows)* } $($more)* }
    };
    ($make:ident $a:tt $b:tt $c:tt $d:tt [$($own:tt)*] $f:tt $g:tt $h:tt $i:tt $j:tt $k:tt $l:tt; $file:ident { commitment $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make $a $b $c $d [$($own)* $file $row] $f $g $h $i $j $k $l; $file { $($rows)* } $($more)* }
    };
    ($make:ident $a:tt $b:tt $c:tt $d:tt $e:tt [$($own:tt)*] $g:tt $h:tt $i:tt $j:tt $k:tt $l:tt; $file:ident { loan $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make $a $b $c $d $e [$($own)* $file $row] $g $h $i $j $k $l; $file { $($rows)* } $($more)* }
    };
    ($make:ident $a:tt $b:tt $c:tt $d:tt $e:tt $f:tt [$($own:tt)*] $h:tt $i:tt $j:tt $k:tt $l:tt; $file:ident { repayment $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make $a $b $c $d $e $f [$($own)* $file $row] $h $i $j $k $l; $file { $($rows)* } $($more)* }
    };
    ($make:ident $a:tt $b:tt $c:tt $d:tt $e:tt $f:tt $g:tt [$($own:tt)*] $i:tt $j:tt $k:tt $l:tt; $file:ident { stake $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make $a $b $c $d $e $f $g [$($own)* $file $row] $i $j $k $l; $file { $($rows)* } $($more)* }
    };
    ($make:ident $a:tt $b:tt $c:tt $d:tt $e:tt $f:tt $g:tt $h:tt [$($own:tt)*] $j:tt $k:tt $l:tt; $file:ident { pledge $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make $a $b $c $d $e $f $g $h [$($own)* $file $row] $j $k $l; $file { $($rows)* } $($more)* }
    };
    ($make:ident $a:tt $b:tt $c:tt $d:tt $e:tt $f:tt $g:tt $h:tt $i:tt [$($own:tt)*] $k:tt $l:tt; $file:ident { fleet $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make $a $b $c $d $e $f $g $h $i [$($own)* $file $row] $k $l; $file { $($rows)* } $($more)* }
    };
    ($make:ident $a:tt $b:tt $c:tt $d:tt $e:tt $f:tt $g:tt $h:tt $i:tt $j:tt [$($own:tt)*] $l:tt; $file:ident { order $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make $a $b $c $d $e $f $g $h $i $j [$($own)* $file $row] $l; $file { $($rows)* } $($more)* }
    };
    ($make:ident $a:tt $b:tt $c:tt $d:tt $e:tt $f:tt $g:tt $h:tt $i:tt $j:tt $k:tt [$($own:tt)*]; $file:ident { market $row:tt $($rows:tt)* } $($more:tt)*) => {
        $crate::variables::sort! { $make $a $b $c $d $e $f $g $h $i $j $k [$($own)* $file $row]; $file { $($rows)* } $($more)* }
    };
}
pub(crate) use sort;

files! { gather parameters parameters }
files! { gather variables variables }

//! Outcomes of each path: one table of columns, for runs and for paths that a host keeps.

use crate::block::Block;
use crate::column::{LANES, filled};
use crate::exits::NOBODY;
use crate::rule::{Memory, Rules};
use crate::world::World;

/// How many values of each column a path has.
#[derive(Clone, Copy, Debug)]
struct Widths {
    /// One number a path.
    path: usize,
    companies: usize,
    /// Companies, if there are doors.
    leavers: usize,
    rules: usize,
    actions: usize,
    watches: usize,
}

impl Widths {
    fn new(world: &World) -> Self {
        let companies = world.parameters.company.cash.len();
        let rules = world.rules.as_deref();
        let doors = rules.is_some_and(|rules| !rules.doors.is_empty());
        let [rules, actions, watches] = rules.map_or([0; 3], Rules::counts);
        Self { path: 1, companies, leavers: if doors { companies } else { 0 }, rules, actions, watches }
    }
}

/// Values of a column, path by path.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Codes.
    U8(Vec<u8>),
    /// Months.
    U16(Vec<u16>),
    /// Doors.
    I16(Vec<i16>),
    /// Companies.
    I32(Vec<i32>),
    /// Amounts.
    F64(Vec<f64>),
}

/// A column by name.
#[derive(Clone, Debug)]
pub struct NamedColumn {
    /// Its name.
    pub name: &'static str,
    /// How many values a path has; None for one that is a number of its own.
    pub width: Option<usize>,
    /// `[paths, width]`, or `[paths]`.
    pub cells: Cells,
}

macro_rules! cells {
    ($($variant:ident $type:ident,)*) => {
        $(impl From<Vec<$type>> for Cells {
            fn from(cells: Vec<$type>) -> Self {
                Self::$variant(cells)
            }
        })*
    };
}

cells! { U8 u8, U16 u16, I16 i16, I32 i32, F64 f64, }

macro_rules! outcomes {
    ($($name:ident: $type:ident per $width:ident, $none:expr, |$block:ident, $k:ident, $l:ident| $value:expr, $meaning:literal;)*) => {
        /// Outcomes of each path, `[paths, width]` each.
        #[derive(Clone, Debug)]
        pub struct Outcomes {
            widths: Widths,
            $(#[doc = $meaning] pub $name: Vec<$type>,)*
        }

        /// The places of one block's paths.
        #[derive(Debug)]
        pub(crate) struct Places<'o> {
            widths: Widths,
            $($name: &'o mut [$type],)*
        }

        impl Outcomes {
            /// Of so many paths to which nothing has happened.
            pub(crate) fn new(world: &World, paths: usize) -> Self {
                let widths = Widths::new(world);
                Self { widths, $($name: filled($none, paths * widths.$width),)* }
            }

            /// Cuts them into the places of `blocks` blocks.
            pub(crate) fn places(&mut self, blocks: usize) -> Vec<Places<'_>> {
                let widths = self.widths;
                $(let mut $name = self.$name.chunks_mut((LANES * widths.$width).max(1));)*
                (0..blocks).map(|_| Places { widths, $($name: $name.next().unwrap_or_default(),)* }).collect()
            }

            /// The columns, in order.
            #[must_use]
            pub fn columns(self) -> Vec<NamedColumn> {
                let widths = self.widths;
                vec![$(NamedColumn {
                    name: stringify!($name),
                    width: (stringify!($width) != "path").then_some(widths.$width),
                    cells: self.$name.into(),
                },)*]
            }
        }

        impl Places<'_> {
            /// Copies what is known of the paths of a block.
            pub(crate) fn fill(&mut self, block: &Block<'_>) {
                $(for $k in 0..self.widths.$width.min(self.$name.len()) {
                    let $block = block;
                    for ($l, cell) in self.$name[$k..].iter_mut().step_by(self.widths.$width).enumerate() {
                        *cell = $value;
                    }
                })*
            }
        }
    };
}

outcomes! {
    failed_month: u16 per companies, 0, |b, i, l| b.failures.month[i][l], "Month of failure, 0 if none.";
    cause: u8 per companies, 0, |b, i, l| b.failures.cause[i][l], "Cause of failure by code.";
    trigger: i32 per companies, NOBODY, |b, i, l| b.failures.trigger[i][l], "The company behind the failure, -1 if none.";
    debt_at_failure: f64 per companies, 0.0, |b, i, l| b.failures.debt[i][l], "Debt at failure.";
    failed_share: f64 per path, 0.0, |b, k, l| b.state.market.failed_share[k][l], "Part of a dollar of debt that failed.";
    rule_first: u16 per rules, 0, |b, r, l| rules(b, |memory| memory.active(r, l)[0]), "First month in which each rule was active, 0 if none.";
    rule_months: u16 per rules, 0, |b, r, l| rules(b, |memory| memory.active(r, l)[1]), "Months in which it was.";
    action_first: f64 per actions, 0.0, |b, a, l| rules(b, |memory| memory.amount(a, l)), "Amount of each action when its rule was first active, 0 if it never was.";
    watch_first: f64 per watches, 0.0, |b, w, l| rules(b, |memory| memory.watched(w, l)), "What was kept then.";
    exit_month: u16 per leavers, 0, |b, i, l| b.exits.month[i][l], "Month of the exit, 0 if none.";
    exit_door: i16 per leavers, -1, |b, i, l| b.exits.door[i][l], "Door, -1 if none.";
    exit_buyer: i32 per leavers, NOBODY, |b, i, l| b.exits.buyer[i][l], "Buyer: -1 nobody, -2 outside.";
    exit_price: f64 per leavers, 0.0, |b, i, l| b.exits.price[i][l], "Price paid, or money raised by a listing.";
}

/// Something of the rules of a block; nothing if there are none.
fn rules<T: Default>(block: &Block<'_>, of: impl Fn(&Memory) -> T) -> T {
    block.rules.as_deref().map(of).unwrap_or_default()
}

//! Rows that only a month needs.

use crate::column::{ONES, Row, ZERO, zeros};
use crate::model::files;
use crate::needed::Needed;
use crate::plan::Plan;
use std::ops::{Index, IndexMut};

/// Companies that take the steps of a stage together, so that their rows stay in the cache from one step to the next; a power of two.
pub const TILE: usize = 32;

/// Rows that a file of the model keeps for itself; by default all is written before it is read, and no later month depends on it.
pub trait Keep {
    /// Sets everything back to the start.
    fn clear(&mut self) {}

    /// Shows what later months depend on.
    fn carried(&mut self, _: &mut impl FnMut(&mut [f64])) {}
}

/// Makes one record of the rows that the files of the model keep for themselves.
macro_rules! scratch {
    ({ [ $($file:ident)* ] }) => {
        /// Rows that only a month needs, by the file of the model that keeps them.
        #[derive(Clone, Debug)]
        pub struct Scratch {
            $(#[doc = concat!("Of `", stringify!($file), ".rs`.")] pub $file: crate::model::$file::Scratch,)*
        }

        impl Scratch {
            /// Sets everything back to the start.
            pub(crate) fn clear(&mut self) {
                $(self.$file.clear();)*
            }

            /// Shows what of the rows of a month lives on; the others follow from the start, or are written before they are read.
            pub(crate) fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
                $(self.$file.carried(visit);)*
            }

            pub(crate) fn new(plan: &Plan, needed: Needed) -> Self {
                Self { $($file: crate::model::$file::Scratch::new(plan, needed),)* }
            }
        }
    };
}
files! { scratch }

/// The row that tells where a company lives; ones, which are always at hand, as long as it lives everywhere.
#[inline(always)]
#[must_use]
pub fn living<'r>(alive: &'r [Row], has_died: &[bool], company: usize) -> &'r Row {
    if has_died[company] { &alive[company] } else { &ONES }
}

/// Rows by company that pass from one step of a stage to the next: those of a tile are enough, and stay in the cache.
#[derive(Clone, Debug)]
pub struct Passing {
    rows: Vec<Row>,
    mask: usize,
}

impl Passing {
    /// Rows that pass between steps of one stage, or `far`.
    pub(crate) fn new(companies: usize, far: bool) -> Self {
        if far {
            Self { rows: zeros(ZERO, companies), mask: usize::MAX }
        } else {
            Self { rows: zeros(ZERO, TILE), mask: TILE - 1 }
        }
    }
}

impl Index<usize> for Passing {
    type Output = Row;

    #[inline(always)]
    fn index(&self, company: usize) -> &Row {
        &self.rows[company & self.mask]
    }
}

impl IndexMut<usize> for Passing {
    #[inline(always)]
    fn index_mut(&mut self, company: usize) -> &mut Row {
        &mut self.rows[company & self.mask]
    }
}

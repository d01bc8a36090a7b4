//! Rows of lanes, and parameters that are the same for all lanes or one per lane.

use crate::pack::{Operand, Pack, Packs};
use pulp::Simd;
use std::cell::Cell;
use std::ops::{Deref, DerefMut};

/// Paths of a block: the innermost dimension, so that one instruction serves several paths.
pub const LANES: usize = 16;

/// One number for each path of a block; it begins where a cache line does.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct Row(pub [f64; LANES]);

/// The row of zeros.
pub const ZERO: Row = Row::of(0.0);

/// The row of ones.
pub const ONES: Row = Row::of(1.0);

impl Row {
    /// The same number in every lane.
    #[inline(always)]
    #[must_use]
    pub const fn of(value: f64) -> Self {
        Self([value; LANES])
    }

    /// A number for each lane.
    #[inline(always)]
    #[must_use]
    pub fn from_fn(lane: impl FnMut(usize) -> f64) -> Self {
        Self(std::array::from_fn(lane))
    }

    /// Each lane changed in the same way.
    #[inline(always)]
    #[must_use]
    pub fn map(self, change: impl FnMut(f64) -> f64) -> Self {
        Self(self.0.map(change))
    }
}

impl Deref for Row {
    type Target = [f64; LANES];

    #[inline(always)]
    fn deref(&self) -> &[f64; LANES] {
        &self.0
    }
}

impl DerefMut for Row {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64; LANES] {
        &mut self.0
    }
}

/// As many zeros, written one by one.
///
/// Memory that comes as zeros from the system is often read before it is written; each page then faults twice, and the
/// second time interrupts all other threads.
#[must_use]
pub fn zeros<T: Copy>(zero: T, count: usize) -> Vec<T> {
    if counted::<T>(count) {
        return Vec::new();
    }
    std::hint::black_box(std::iter::repeat_n(std::hint::black_box(zero), count)).collect()
}

/// As many copies of a value; zeros as the system gives them, for memory that many threads fill.
#[must_use]
pub fn filled<T: Clone>(value: T, count: usize) -> Vec<T> {
    if counted::<T>(count) { Vec::new() } else { vec![value; count] }
}

thread_local! {
    /// Bytes counted in place of being allocated, where somebody wants to know.
    static COUNTED: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Counts memory that [`zeros`] and [`filled`] are asked for, or that is taken later, if it is only to be counted.
pub fn counted<T>(count: usize) -> bool {
    COUNTED.with(|counted| {
        let bytes = counted.get().map(|bytes| bytes.saturating_add(count.saturating_mul(size_of::<T>())));
        counted.set(bytes);
        bytes.is_some()
    })
}

/// The bytes that `build` would take from [`zeros`] and [`filled`], which give it nothing.
pub fn bytes_of<T>(build: impl FnOnce() -> T) -> usize {
    /// Ends the count however `build` ends.
    struct End;
    impl Drop for End {
        fn drop(&mut self) {
            COUNTED.with(|counted| counted.set(None));
        }
    }
    let _end = End;
    COUNTED.with(|counted| counted.set(Some(0)));
    drop(build());
    COUNTED.with(|counted| counted.get().unwrap_or_default())
}

/// One parameter of all entities of a kind: one value each, or one for every draw.
#[derive(Clone, Debug)]
pub enum Column<'a> {
    /// The same in every draw.
    Same(&'a [f64]),
    /// Drawn: `values[draw * entities + entity]`, and the rows of the present block.
    Drawn {
        /// All draws.
        values: &'a [f64],
        /// Values of the lanes of the present block.
        rows: Vec<Row>,
        /// Entities whose value rules move, if any.
        moved: Vec<bool>,
    },
}

impl<'a> Column<'a> {
    /// A column over `entities` entities from `[draws, entities]` values.
    #[must_use]
    pub fn new(values: &'a [f64], entities: usize, draws: usize) -> Self {
        if draws == 1 {
            Self::Same(values)
        } else {
            Self::Drawn { values, rows: vec![ZERO; entities], moved: Vec::new() }
        }
    }

    /// Lets rules move the value of an entity: it may be anything.
    pub fn free(&mut self, entity: usize) {
        if let Self::Same(values) = self {
            *self = Self::Drawn { values, rows: vec![ZERO; values.len()], moved: Vec::new() };
        }
        if let Self::Drawn { rows, moved, .. } = self {
            moved.resize(rows.len(), false);
            moved[entity] = true;
        }
    }

    /// Bytes of the rows of the present block.
    #[must_use]
    pub fn held(&self) -> usize {
        match self {
            Self::Same(_) => 0,
            Self::Drawn { rows, moved, .. } => size_of_val(rows.as_slice()) + moved.len(),
        }
    }

    /// Whether rules may move the value of an entity.
    #[must_use]
    pub fn is_free(&self, entity: usize) -> bool {
        matches!(self, Self::Drawn { moved, .. } if moved.get(entity) == Some(&true))
    }

    /// Loads the values of the draws that the lanes belong to.
    pub fn select(&mut self, draws: &[usize; LANES]) {
        if let Self::Drawn { values, rows, .. } = self {
            let entities = rows.len();
            let drawn = values.len() > entities;
            for (entity, row) in rows.iter_mut().enumerate() {
                *row = Row(draws.map(|draw| values[usize::from(drawn) * draw * entities + entity]));
            }
        }
    }

    /// The values of an entity in all lanes.
    #[inline(always)]
    #[must_use]
    pub fn row(&self, entity: usize) -> Row {
        match self {
            Self::Same(values) => Row::of(values[entity]),
            Self::Drawn { rows, .. } => rows[entity],
        }
    }

    /// The values of an entity, to be taken pack by pack.
    #[inline(always)]
    #[must_use]
    pub fn of(&self, entity: usize) -> Value<'_> {
        match self {
            Self::Same(values) => Value::Same(values[entity]),
            Self::Drawn { rows, .. } => Value::Drawn(&rows[entity]),
        }
    }

    /// The value of an entity in one lane.
    #[inline]
    #[must_use]
    pub fn at(&self, entity: usize, lane: usize) -> f64 {
        match self {
            Self::Same(values) => values[entity],
            Self::Drawn { rows, .. } => rows[entity][lane],
        }
    }

    /// Every value of an entity in any draw satisfies `test`, and rules do not move it.
    pub fn all(&self, entity: usize, mut test: impl FnMut(f64) -> bool) -> bool {
        match self {
            Self::Same(values) => test(values[entity]),
            Self::Drawn { .. } if self.is_free(entity) => false,
            Self::Drawn { values, rows, .. } => {
                values.iter().skip(entity).step_by(rows.len().max(1)).all(|&value| test(value))
            }
        }
    }

    /// Whether both columns hold the same value of an entity, in every draw.
    #[must_use]
    pub fn same(&self, other: &Self, entity: usize) -> bool {
        let first = self.draw(0, entity);
        self.all(entity, |value| value == first) && other.all(entity, |value| value == first)
    }

    /// The value of an entity in a draw.
    fn draw(&self, draw: usize, entity: usize) -> f64 {
        match self {
            Self::Same(values) => values[entity],
            Self::Drawn { values, rows, .. } => values[draw * rows.len() + entity],
        }
    }

    /// Every value of every entity satisfies `test`, and rules move none.
    pub fn all_of(&self, test: impl Fn(f64) -> bool) -> bool {
        match self {
            Self::Drawn { moved, .. } if moved.contains(&true) => false,
            Self::Same(values) | Self::Drawn { values, .. } => values.iter().all(|&value| test(value)),
        }
    }

    /// Number of entities.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Same(values) => values.len(),
            Self::Drawn { rows, .. } => rows.len(),
        }
    }

    /// Whether there are no entities.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Numbers that follow from parameters: the same for all lanes where no parameter is drawn.
#[derive(Clone, Debug)]
pub enum Known {
    /// One for each entity.
    Same(Vec<f64>),
    /// One for each entity and lane.
    Drawn(Vec<Row>),
}

impl Known {
    /// Zeros for `entities`.
    #[must_use]
    pub fn zeros(entities: usize, drawn: bool) -> Self {
        if drawn { Self::Drawn(zeros(ZERO, entities)) } else { Self::Same(zeros(0.0, entities)) }
    }

    /// Lets the numbers differ from lane to lane, as where rules move what they follow from.
    pub fn free(&mut self) {
        if let Self::Same(values) = self {
            *self = Self::Drawn(values.iter().map(|&value| Row::of(value)).collect());
        }
    }

    /// Sets the numbers of an entity.
    pub fn set(&mut self, entity: usize, row: &Row) {
        match self {
            Self::Same(values) => values[entity] = row[0],
            Self::Drawn(rows) => rows[entity] = *row,
        }
    }

    /// The numbers of an entity.
    #[inline(always)]
    #[must_use]
    pub fn row(&self, entity: usize) -> Row {
        match self {
            Self::Same(values) => Row::of(values[entity]),
            Self::Drawn(rows) => rows[entity],
        }
    }

    /// The number of an entity in one lane.
    #[inline]
    #[must_use]
    pub fn at(&self, entity: usize, lane: usize) -> f64 {
        match self {
            Self::Same(values) => values[entity],
            Self::Drawn(rows) => rows[entity][lane],
        }
    }

    /// The numbers of an entity, to be taken pack by pack.
    #[inline(always)]
    #[must_use]
    pub fn of(&self, entity: usize) -> Value<'_> {
        match self {
            Self::Same(values) => Value::Same(values[entity]),
            Self::Drawn(rows) => Value::Drawn(&rows[entity]),
        }
    }
}

/// A number that all lanes share, or one for each.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Shared.
    Same(f64),
    /// One for each lane.
    Drawn(&'a Row),
}

impl Value<'_> {
    /// Pack `k`.
    #[inline(always)]
    #[must_use]
    pub fn pack<S: Simd>(self, simd: S, k: usize) -> Pack<S> {
        match self {
            Self::Same(value) => value.packed(simd),
            Self::Drawn(row) => row.pack(simd, k),
        }
    }
}

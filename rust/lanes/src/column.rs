//! Rows of lanes, and parameters that are the same for all lanes or one per lane.

pub use crate::row::{LANES, ONES, Row, ZERO, zeros};

use crate::pack::{Operand, Pack, Packs};
use pulp::Simd;

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
        if drawn { Self::Drawn(vec![ZERO; entities]) } else { Self::Same(vec![0.0; entities]) }
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

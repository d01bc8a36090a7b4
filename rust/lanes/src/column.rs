//! Rows of lanes, and parameters that are the same for all lanes or one per lane.

pub use crate::row::{LANES, ONES, Row, ZERO, bytes_of, count_ahead, filled, room, zeros};

use crate::pack::{Operand, Pack, Packs};
use pulp::Simd;
use std::sync::Arc;

/// One parameter of all entities of a kind: one value each, or one for every draw.
#[derive(Clone, Debug)]
pub enum Column {
    /// The same in every draw.
    Same(Arc<[f64]>),
    /// Drawn, or moved by rules.
    Drawn {
        /// Values of the first draw.
        first: Arc<[f64]>,
        /// Values that differ from draw to draw.
        drawn: Arc<Drawn>,
        /// Values of the lanes of the present block.
        rows: Vec<Row>,
        /// Entities whose values may differ between lanes: of the others only the first value is read, which is nearer.
        varies: Vec<bool>,
        /// Entities whose value rules move, if any.
        moved: Vec<bool>,
    },
}

/// The values that differ between draws.
#[derive(Debug, Default)]
pub struct Drawn {
    /// Entities that have such values, rising.
    places: Vec<usize>,
    /// `values[draw * places + place]`.
    values: Vec<f64>,
}

impl Drawn {
    /// Gathers what differs in `[draws, entities]` values.
    fn new(values: &[f64], entities: usize) -> Self {
        let first = &values[..entities];
        let mut differs = vec![false; entities];
        for draw in values.chunks_exact(entities.max(1)) {
            for ((differs, one), other) in differs.iter_mut().zip(first).zip(draw) {
                *differs |= one.to_bits() != other.to_bits();
            }
        }
        let places: Vec<usize> = (0..entities).filter(|&entity| differs[entity]).collect();
        let rows = values.chunks_exact(entities.max(1));
        let values = rows.flat_map(|draw| places.iter().map(|&place| draw[place])).collect();
        Self { places, values }
    }

    /// The values of an entity in all draws, if they differ.
    fn of(&self, entity: usize) -> Option<impl Iterator<Item = f64> + '_> {
        let place = self.places.binary_search(&entity).ok()?;
        Some(self.values.iter().skip(place).step_by(self.places.len()).copied())
    }
}

impl Column {
    /// A column over `entities` entities from `[draws, entities]` values.
    #[must_use]
    pub fn new(values: &[f64], entities: usize, draws: usize) -> Self {
        if draws == 1 {
            Self::Same(values.into())
        } else {
            Self::drawn(values[..entities].into(), Drawn::new(values, entities))
        }
    }

    fn drawn(first: Arc<[f64]>, drawn: Drawn) -> Self {
        let rows = first.iter().map(|&value| Row::of(value)).collect();
        let mut varies = vec![false; first.len()];
        drawn.places.iter().for_each(|&entity| varies[entity] = true);
        Self::Drawn { first, drawn: Arc::new(drawn), rows, varies, moved: Vec::new() }
    }

    /// Lets rules move the value of an entity: it may be anything.
    pub fn free(&mut self, entity: usize) {
        if let Self::Same(values) = self {
            *self = Self::drawn(Arc::clone(values), Drawn::default());
        }
        if let Self::Drawn { rows, varies, moved, .. } = self {
            moved.resize(rows.len(), false);
            moved[entity] = true;
            varies[entity] = true;
        }
    }

    /// Writes the values of an entity for the present block, if it may have some of its own.
    pub fn put(&mut self, entity: usize, row: &Row) {
        if let Self::Drawn { rows, varies, .. } = self {
            rows[entity] = *row;
            varies[entity] = true;
        }
    }

    /// Bytes of the rows of the present block.
    #[must_use]
    pub fn held(&self) -> usize {
        match self {
            Self::Same(_) => 0,
            Self::Drawn { rows, varies, moved, .. } => size_of_val(rows.as_slice()) + varies.len() + moved.len(),
        }
    }

    /// Bytes of the values that differ between draws, for each draw.
    #[must_use]
    pub fn drawn_bytes(&self) -> usize {
        match self {
            Self::Same(_) => 0,
            Self::Drawn { drawn, .. } => size_of::<f64>() * drawn.places.len(),
        }
    }

    /// Whether rules may move the value of an entity.
    #[must_use]
    pub fn is_free(&self, entity: usize) -> bool {
        matches!(self, Self::Drawn { moved, .. } if moved.get(entity) == Some(&true))
    }

    /// Loads the values of the draws that the lanes belong to; what rules moved goes back.
    pub fn select(&mut self, draws: &[usize; LANES]) {
        if let Self::Drawn { first, drawn, rows, moved, .. } = self {
            for (entity, _) in moved.iter().enumerate().filter(|(_, moved)| **moved) {
                rows[entity] = Row::of(first[entity]);
            }
            for (place, &entity) in drawn.places.iter().enumerate() {
                rows[entity] = Row(draws.map(|draw| drawn.values[draw * drawn.places.len() + place]));
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
            Self::Drawn { rows, varies, .. } if varies[entity] => Value::Drawn(&rows[entity]),
            Self::Drawn { first, .. } => Value::Same(first[entity]),
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
            Self::Drawn { first, drawn, .. } => match drawn.of(entity) {
                Some(mut values) => values.all(test),
                None => test(first[entity]),
            },
        }
    }

    /// Least and greatest value of an entity in any draw; rules must not move it.
    #[must_use]
    pub fn extent(&self, entity: usize) -> [f64; 2] {
        let mut found = [f64::INFINITY, f64::NEG_INFINITY];
        self.all(entity, |value| {
            found = [found[0].min(value), found[1].max(value)];
            true
        });
        found
    }

    /// Whether both columns hold the same value of an entity, in every draw.
    #[must_use]
    pub fn same(&self, other: &Self, entity: usize) -> bool {
        let first = self.first()[entity];
        self.all(entity, |value| value == first) && other.all(entity, |value| value == first)
    }

    /// The values of the first draw.
    fn first(&self) -> &[f64] {
        match self {
            Self::Same(values) | Self::Drawn { first: values, .. } => values,
        }
    }

    /// Every value of every entity satisfies `test`, and rules move none.
    pub fn all_of(&self, test: impl Fn(f64) -> bool) -> bool {
        let drawn = match self {
            Self::Drawn { moved, .. } if moved.contains(&true) => return false,
            Self::Drawn { drawn, .. } => drawn.values.as_slice(),
            Self::Same(_) => &[],
        };
        self.first().iter().chain(drawn).all(|&value| test(value))
    }

    /// Number of entities.
    #[must_use]
    pub fn len(&self) -> usize {
        self.first().len()
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

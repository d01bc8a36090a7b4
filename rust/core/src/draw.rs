//! Streams: the uses of random numbers of the model; how they are found is [`cashcade_lanes::draw`].

pub use cashcade_lanes::draw::{Draws, Words, normals, uniforms};

use crate::carry;
use crate::column::{Row, ZERO, zeros};
use pulp::Simd;

/// Normals of entities, drawn for four months at once: those of the months to come wait here.
#[derive(Clone, Debug)]
pub struct Ahead {
    rows: [Vec<Row>; MONTHS],
}

/// Months that are drawn at once: four words give four normals.
const MONTHS: usize = 4;

impl Ahead {
    /// Room for entities.
    #[must_use]
    pub fn new(entities: usize) -> Self {
        Self { rows: std::array::from_fn(|_| zeros(ZERO, entities)) }
    }

    /// Draws those of an entity, in months that have none left.
    #[inline(always)]
    pub fn draw<S: Simd>(&mut self, s: S, draws: &Draws, (stream, address): (Stream, u32), entity: usize, month: u32) {
        let (block, place) = at(month);
        if place > 0 {
            return;
        }
        let words = draws.words(stream, address, block);
        let (pairs, rest) = ([normals(s, &words[0], &words[1]), normals(s, &words[2], &words[3])], &mut self.rows);
        for (rows, row) in rest.iter_mut().zip(pairs.as_flattened()) {
            rows[entity] = *row;
        }
    }

    /// Those of an entity in a month.
    #[inline(always)]
    #[must_use]
    pub fn of(&self, entity: usize, month: u32) -> &Row {
        &self.rows[at(month).1][entity]
    }

    /// Forgets them.
    pub fn clear(&mut self) {
        self.rows.iter_mut().for_each(|rows| rows.fill(ZERO));
    }

    /// Shows those of the months to come; the first of four has been when a month is over.
    pub fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        self.rows.iter_mut().skip(1).for_each(|rows| carry::rows(rows, visit));
    }
}

/// Which draw a month belongs to, and its place in there.
#[inline(always)]
fn at(month: u32) -> (u32, usize) {
    let months = MONTHS as u32;
    ((month - 1) / months, ((month - 1) % months) as usize)
}

/// The use of a random number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Stream {
    /// Ranges of parameters; the path is the index of the draw.
    Parameter = 0,
    /// Regime, listing window, common demand, GPU index.
    Market = 1,
    /// Jumps of the GPU index, sentiment, common luck.
    Jump = 2,
    /// Demand of a segment.
    Demand = 3,
    /// Unforeseen cost of a company.
    Cost = 4,
    /// Luck of a round.
    Round = 5,
    /// Luck of a refinancing.
    Refinance = 6,
    /// Doors out, and the end of shells.
    Exit = 8,
    /// Random triggers of rules.
    Rule = 7,
    /// Luck of a company's plans with its investors.
    Patience = 9,
    /// Whether the condition of a pledge is ever met.
    Pledge = 10,
    /// Whether lenders agree to a workout, and the public steps in.
    Rescue = 11,
    /// Prices of all shares, and the common part of shocks to growth.
    Index = 12,
    /// Prices of the shares of a company of their own.
    Value = 13,
    /// Growth of demand of a segment, and its breaks.
    Growth = 14,
    /// Luck of the four windows for money.
    Window = 15,
    /// Appetite for a company, and rounds that it is offered.
    Offer = 16,
    /// Shocks that all capex plans have in common.
    CapexCommon = 19,
    /// Shocks of a company's own capex plans.
    Capex = 20,
    /// Sudden failure of a company.
    Sudden = 23,
}

impl From<Stream> for u32 {
    #[inline(always)]
    fn from(stream: Stream) -> Self {
        stream as Self
    }
}

//! The state of a clearing: how far down its waterfall each node pays.
//!
//! A node's payments are a function of one number, its *level*: the assets it pays out of, rank after rank. The
//! waterfall cuts the level into segments; within a segment payments are linear, and the creditors of one rank
//! (or the owners, in the last segment) feel a change.

use super::source::TIE;
use super::source::{ClaimSource, Ranks};
use super::workspace::{Sheet, Workspace};

/// Residuals below this share of a node's balance sheet count as settled.
pub(super) const SETTLED: f64 = 1e-14;

/// Whether payments are being lowered or raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Down,
    Up,
}

impl Direction {
    /// Sign of a change of level in this direction.
    pub fn sign(self) -> f64 {
        if self == Self::Up { 1.0 } else { -1.0 }
    }
}

/// A stretch of a node's waterfall: between `low` and `high` its level moves payments of `rank`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub rank: usize,
    pub low: f64,
    pub high: f64,
}

impl Segment {
    /// Level at which a move in `direction` leaves the segment.
    pub fn end(&self, direction: Direction) -> f64 {
        if direction == Direction::Up { self.high } else { self.low }
    }

    /// Distance from `level` to that end.
    pub fn room(&self, level: f64, direction: Direction) -> f64 {
        (self.end(direction) - level).abs()
    }
}

/// A source with its workspace, in the middle of a clearing.
pub(super) struct State<'s, S> {
    pub source: &'s S,
    pub ws: &'s mut Workspace,
    pub ranks: Ranks,
}

impl<S: ClaimSource> State<'_, S> {
    /// Open every node.
    pub fn open_all(&mut self) {
        for node in 0..self.source.nodes() {
            let slot = self.ws.reach(self.source, node as u32) as usize;
            self.open(slot);
            self.ws.touch(slot);
        }
    }

    /// Read the claims on a node unless that is done.
    pub fn open(&mut self, slot: usize) {
        if !self.ws.is_open(slot) {
            self.ws.open(self.source, slot, self.ranks);
        }
    }

    /// Residual toward `direction` as a share of the balance sheet.
    fn pressure(&self, slot: usize, direction: Direction) -> f64 {
        direction.sign() * self.ws.residual(slot) / self.ws.sheets[slot].scale().max(f64::MIN_POSITIVE)
    }

    /// True when a node must move in `direction` before payments are settled.
    pub fn is_pressed(&self, slot: usize, direction: Direction) -> bool {
        self.ws.is_open(slot) && self.pressure(slot, direction) > SETTLED && self.segment(slot, direction).is_some()
    }

    /// True when an open node has no slack: a change of what it receives in `direction` moves what it pays.
    pub fn is_tight(&self, slot: usize, direction: Direction) -> bool {
        self.pressure(slot, direction) >= -SETTLED && self.segment(slot, direction).is_some()
    }

    /// The segment that a level enters when it moves in `direction`, if payments move with it.
    pub fn segment(&self, slot: usize, direction: Direction) -> Option<Segment> {
        let Sheet { level, total_due, .. } = self.ws.sheets[slot];
        let inside = match direction {
            Direction::Down => level <= total_due,
            Direction::Up => level < total_due,
        };
        if !inside {
            let equity = Segment { rank: usize::from(self.ranks.all), low: total_due, high: f64::INFINITY };
            return self.source.has_holdings().then_some(equity);
        }
        if direction == Direction::Down && level <= self.ws.sheets[slot].floor() {
            return None;
        }
        debt_segment(self.ws.dues(slot), level, direction)
    }

    /// Put into default whoever cannot meet its hard ranks; false when nobody new falls.
    pub fn fall(&mut self, round: u32) -> bool {
        self.turn(round, |state, slot| !state.ws.sheets[slot].is_fallen() && state.misses_hard_claims(slot))
    }

    /// Take out of default whoever can meet its hard ranks after all; false when nobody can.
    pub fn rise(&mut self) -> bool {
        self.turn(0, |state, slot| state.ws.sheets[slot].is_fallen() && !state.misses_hard_claims(slot))
    }

    /// Give `round` to the watched nodes that turn, and have them looked at.
    fn turn(&mut self, round: u32, turns: impl Fn(&Self, usize) -> bool) -> bool {
        let mut turned = false;
        for slot in self.ws.take_watched() {
            let slot = slot as usize;
            if self.ws.is_open(slot) && turns(self, slot) {
                self.ws.set_round(slot, round);
                self.ws.touch(slot);
                turned = true;
            }
        }
        turned
    }

    /// True when assets before any cost of default fall short by more than a tie.
    fn misses_hard_claims(&self, slot: usize) -> bool {
        let sheet = &self.ws.sheets[slot];
        let gross = sheet.outside + sheet.received(self.ws.receipts[slot].less);
        sheet.hard_due - gross > TIE * sheet.hard_due + self.source.rounding(sheet.node as usize, sheet.scale())
    }
}

fn debt_segment(dues: &[f64], level: f64, direction: Direction) -> Option<Segment> {
    let mut low = 0.0;
    for (rank, due) in dues.iter().enumerate() {
        let high = low + due;
        let holds = match direction {
            Direction::Down => low < level && level <= high,
            Direction::Up => low <= level && level < high,
        };
        if holds {
            return Some(Segment { rank, low, high });
        }
        low = high;
    }
    None
}

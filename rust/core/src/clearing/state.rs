//! The state of a clearing: how far down its waterfall each node pays, and what each has received.
//!
//! A node's payments are a function of one number, its *level*: assets it pays out of, rank after rank. The
//! waterfall cuts the level into segments; within a segment payments are linear, and the creditors of one rank
//! (or the owners, in the last segment) feel a change.

use super::block::Block;
use super::claims::{Claims, refill};
use super::ranked::{Outcome, RankedSystem, TIE};

/// Residuals below this share of a node's balance sheet count as settled.
const SETTLED: f64 = 1e-14;

/// Not a member of the block that is being solved.
pub(super) const NOWHERE: u32 = u32::MAX;

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

/// Vectors of a clearing, kept from one call to the next so that nothing is allocated again.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    pub(super) level: Vec<f64>,
    pub(super) total_due: Vec<f64>,
    pub(super) hard_due: Vec<f64>,
    pub(super) scale: Vec<f64>,
    pub(super) watched: Vec<u32>,
    pub(super) is_watched: Vec<bool>,
    pub(super) members: Vec<u32>,
    pub(super) place: Vec<u32>,
    pub(super) block: Block,
    /// Amount received from the network, by node.
    pub received: Vec<f64>,
    /// Round of fictitious default in which a node fell, 0 for those that stand.
    pub fell_in_round: Vec<u32>,
    /// Share of each rank that is paid, `nodes x ranks`, rows by node; 1 where nothing is due.
    pub paid_share: Vec<f64>,
    /// What is left after all debts, by node; 0 if anything is unpaid.
    pub left: Vec<f64>,
    /// Assets lost to the cost of default, by node.
    pub lost: Vec<f64>,
}

impl Workspace {
    /// True when `node` is in default.
    #[must_use]
    pub fn in_default(&self, node: usize) -> bool {
        self.fell_in_round[node] > 0
    }
}

/// A system with its workspace, in the middle of a clearing.
pub(super) struct State<'s, 'a, C> {
    pub system: &'s RankedSystem<'a, C>,
    pub ws: &'s mut Workspace,
    pub ranks: usize,
}

impl<'s, 'a, C: Claims> State<'s, 'a, C> {
    /// Everybody pays everything.
    pub fn full_payment(system: &'s RankedSystem<'a, C>, ws: &'s mut Workspace) -> Self {
        let mut state = Self::blank(system, ws);
        state.ws.received.extend_from_slice(&system.totals.receivable);
        state.ws.level.extend_from_slice(&state.ws.total_due);
        state.watch_all();
        state
    }

    /// Nobody pays anything, and whoever owes anything hard is in default.
    pub fn no_payment(system: &'s RankedSystem<'a, C>, ws: &'s mut Workspace) -> Self {
        let mut state = Self::blank(system, ws);
        refill(&mut state.ws.received, state.ws.scale.len(), 0.0);
        refill(&mut state.ws.level, state.ws.scale.len(), 0.0);
        for (fell, &due) in state.ws.fell_in_round.iter_mut().zip(&state.ws.hard_due) {
            *fell = u32::from(due > 0.0);
        }
        state.watch_all();
        state
    }

    fn blank(system: &'s RankedSystem<'a, C>, ws: &'s mut Workspace) -> Self {
        let (nodes, ranks) = (system.claims.nodes(), system.claims.ranks());
        ws.received.clear();
        ws.level.clear();
        ws.watched.clear();
        refill(&mut ws.fell_in_round, nodes, 0);
        refill(&mut ws.is_watched, nodes, false);
        refill(&mut ws.place, nodes, NOWHERE);
        sum_dues(&mut ws.total_due, &system.totals.due, ranks, ranks);
        sum_dues(&mut ws.hard_due, &system.totals.due, ranks, system.hard_ranks);
        ws.scale.clear();
        let sheet = |i: usize| ws.total_due[i] + system.totals.receivable[i] + system.outside[i];
        ws.scale.extend((0..nodes).map(sheet));
        Self { system, ws, ranks }
    }

    /// Look at every node in the next pass.
    pub fn watch_all(&mut self) {
        self.ws.watched.clear();
        self.ws.watched.extend(0..self.ws.level.len() as u32);
        self.ws.is_watched.fill(true);
    }

    /// What `node` can pay out of, given what it has received.
    pub fn assets(&self, node: usize) -> f64 {
        let (outside, received) = (self.system.outside[node], self.ws.received[node]);
        if self.ws.in_default(node) {
            self.system.alpha[node] * outside + self.system.beta[node] * received
        } else {
            outside + received
        }
    }

    /// How much of one more unit received reaches the assets of `node`.
    pub fn gain(&self, node: usize) -> f64 {
        if self.ws.in_default(node) { self.system.beta[node] } else { 1.0 }
    }

    /// Assets of `node` that its payments do not reflect yet; negative when it pays too much.
    pub fn residual(&self, node: usize) -> f64 {
        self.assets(node) - self.ws.level[node]
    }

    /// Residual of `node` toward `direction`, as a share of its balance sheet.
    fn pressure(&self, node: usize, direction: Direction) -> f64 {
        direction.sign() * self.residual(node) / self.ws.scale[node].max(f64::MIN_POSITIVE)
    }

    /// True when `node` must move in `direction` before payments are settled.
    pub fn is_pressed(&self, node: usize, direction: Direction) -> bool {
        self.pressure(node, direction) > SETTLED && self.segment(node, direction).is_some()
    }

    /// True when `node` has no slack: a change of what it receives in `direction` moves what it pays.
    pub fn is_tight(&self, node: usize, direction: Direction) -> bool {
        self.pressure(node, direction) >= -SETTLED && self.segment(node, direction).is_some()
    }

    /// The segment that the level of `node` enters when it moves in `direction`, if payments move with it.
    pub fn segment(&self, node: usize, direction: Direction) -> Option<Segment> {
        let (level, total) = (self.ws.level[node], self.ws.total_due[node]);
        let inside = match direction {
            Direction::Down => level <= total,
            Direction::Up => level < total,
        };
        if !inside {
            let equity = Segment { rank: self.ranks, low: total, high: f64::INFINITY };
            return self.system.claims.has_holdings().then_some(equity);
        }
        if direction == Direction::Down && level <= self.floor(node) {
            return None;
        }
        self.debt_segment(node, level, direction)
    }

    /// Level below which `node` does not sink: without default the hard ranks are paid in full.
    fn floor(&self, node: usize) -> f64 {
        if self.ws.in_default(node) { 0.0 } else { self.ws.hard_due[node] }
    }

    fn debt_segment(&self, node: usize, level: f64, direction: Direction) -> Option<Segment> {
        let mut low = 0.0;
        for (rank, due) in self.dues(node).iter().enumerate() {
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

    fn dues(&self, node: usize) -> &[f64] {
        &self.system.totals.due[node * self.ranks..(node + 1) * self.ranks]
    }

    /// Payment to one creditor per unit of level and of claim (or of share, for owners).
    pub fn per_claim(&self, node: usize, rank: usize) -> f64 {
        if rank == self.ranks { 1.0 } else { 1.0 / self.dues(node)[rank] }
    }

    /// Put into default whoever cannot meet its hard ranks; false when nobody new falls.
    pub fn fall(&mut self, round: u32) -> bool {
        self.turn(Direction::Down, |state, node| {
            let falls = !state.ws.in_default(node) && state.misses_hard_claims(node);
            if falls {
                state.ws.fell_in_round[node] = round;
            }
            falls
        })
    }

    /// True when assets before any cost of default fall short by more than a tie.
    fn misses_hard_claims(&self, node: usize) -> bool {
        let (due, scale) = (self.ws.hard_due[node], self.ws.scale[node]);
        let gross = self.system.outside[node] + self.ws.received[node];
        due - gross > TIE * due + SETTLED * scale
    }

    /// Take out of default whoever can meet its hard ranks after all; false when nobody can.
    pub fn rise(&mut self) -> bool {
        self.turn(Direction::Up, |state, node| {
            let rises = state.ws.in_default(node) && !state.misses_hard_claims(node);
            if rises {
                state.ws.fell_in_round[node] = 0;
            }
            rises
        })
    }

    /// Turn the watched nodes for which `turns` says so; go on watching them and those still pressed.
    fn turn(&mut self, direction: Direction, turns: impl Fn(&mut Self, usize) -> bool) -> bool {
        let mut turned = false;
        let mut watched = std::mem::take(&mut self.ws.watched);
        watched.retain(|&node| {
            let node = node as usize;
            let turns_now = turns(self, node);
            turned |= turns_now;
            self.ws.is_watched[node] = turns_now || self.is_pressed(node, direction);
            self.ws.is_watched[node]
        });
        self.ws.watched = watched;
        turned
    }

    /// Write the results and sum up.
    pub fn finish(self) -> Outcome {
        let Self { system, ws, ranks } = self;
        refill(&mut ws.paid_share, ws.level.len() * ranks, 1.0);
        refill(&mut ws.left, ws.level.len(), 0.0);
        refill(&mut ws.lost, ws.level.len(), 0.0);
        let mut state = Self { system, ws, ranks };
        let mut outcome = Outcome { rounds: 0, defaults: 0, residual: 0.0 };
        for node in 0..state.ws.level.len() {
            state.write_node(node);
            let fell = state.ws.fell_in_round[node];
            outcome.rounds = outcome.rounds.max(fell);
            outcome.defaults += u32::from(fell > 0);
            outcome.residual = outcome.residual.max(state.gap(node));
        }
        outcome
    }

    fn write_node(&mut self, node: usize) {
        let (level, total) = (self.ws.level[node], self.ws.total_due[node]);
        let assets = self.assets(node);
        self.ws.left[node] = (assets - total).max(0.0);
        if self.ws.in_default(node) {
            self.ws.lost[node] = self.system.outside[node] + self.ws.received[node] - assets;
        }
        let row = node * self.ranks..(node + 1) * self.ranks;
        if level < total {
            share_out(level, &self.system.totals.due[row.clone()], &mut self.ws.paid_share[row]);
        }
    }

    /// Distance of the level of `node` from where its assets put it, as a share of its balance sheet.
    fn gap(&self, node: usize) -> f64 {
        let top = if self.system.claims.has_holdings() { f64::INFINITY } else { self.ws.total_due[node] };
        let wanted = self.assets(node).min(top).max(self.floor(node));
        (wanted - self.ws.level[node].max(self.floor(node))).abs() / self.ws.scale[node].max(f64::MIN_POSITIVE)
    }
}

/// Shares paid of each of `dues`, in order, out of `level`.
fn share_out(level: f64, dues: &[f64], shares: &mut [f64]) {
    let mut left = level;
    for (share, &due) in shares.iter_mut().zip(dues) {
        let paid = left.min(due);
        if due > 0.0 {
            *share = paid / due;
        }
        left -= paid;
    }
}

/// Sum of the first `first` of `ranks` dues of each node.
fn sum_dues(sums: &mut Vec<f64>, due: &[f64], ranks: usize, first: usize) {
    sums.clear();
    sums.extend(due.chunks_exact(ranks).map(|row| row[..first].iter().sum::<f64>()));
}

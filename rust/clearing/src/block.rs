//! The linear system inside a clearing: `step = goal + W step`, each step between 0 and its room.
//!
//! `W` is nonnegative with column sums of at most 1: member `m` passes the share `W[c, m]` of its step to `c`.
//! Sweeps approach the solution; in large blocks every second one is stretched by the ratio at which the whole is
//! converging, which does away with the slow part of the error (Aitken 1926). Where that is not enough (money going
//! round and round with little leaking out) the system is solved directly, and the steps are cut where the first
//! member runs out of room: beyond that the system is another one.

use super::claims::refill;
use super::elimination::Elimination;
use super::krylov::Krylov;

/// Steps below this share of a member's balance sheet are not passed on.
const NEGLIGIBLE: f64 = 1e-16;

/// Sweeps that a large block gets to settle.
const MOST_SWEEPS: usize = 100;

/// Sweeps before a system is solved directly.
const PLAIN_SWEEPS: usize = 3;

/// Blocks up to this size are eliminated unless a few sweeps settle them.
const ELIMINATE_AT_ONCE: usize = 64;

/// Sweeps are stretched by less than this factor: beyond it the ratio says little.
const LONGEST_STRETCH: f64 = 50.0;

/// Largest block that is solved by elimination; larger ones by iteration.
const ELIMINATE_UP_TO: usize = 1024;

#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    start: Vec<u32>,
    to: Vec<u32>,
    weight: Vec<f64>,
    goal: Vec<f64>,
    gain: Vec<f64>,
    room: Vec<f64>,
    negligible: Vec<f64>,
    step: Vec<f64>,
    step_before: Vec<f64>,
    goal_before: Vec<f64>,
    goal_first: Vec<f64>,
    rest: Vec<f64>,
    elimination: Elimination,
    krylov: Krylov,
}

impl Block {
    pub fn clear(&mut self) {
        self.start.clear();
        self.start.push(0);
        self.to.clear();
        for values in [&mut self.weight, &mut self.goal, &mut self.gain, &mut self.room, &mut self.negligible] {
            values.clear();
        }
    }

    /// Add a member that steps by `goal` if nobody else moves and by `gain` for each unit passed to it, and by `room`
    /// at most.
    pub fn add(&mut self, goal: f64, room: f64, gain: f64, scale: f64) {
        self.goal.push(goal);
        self.gain.push(gain);
        self.room.push(room);
        self.negligible.push(scale * NEGLIGIBLE);
        self.start.push(self.to.len() as u32);
    }

    /// Let the member added last pass the share `weight` of its step to `to`.
    pub fn link(&mut self, to: u32, weight: f64) {
        self.to.push(to);
        self.weight.push(weight);
        let last = self.start.len() - 1;
        self.start[last] = self.to.len() as u32;
    }

    /// Call when all members and links are there.
    pub fn seal(&mut self) {
        if self.gain.iter().any(|&gain| gain != 1.0) {
            for (weight, &to) in self.weight.iter_mut().zip(&self.to) {
                *weight *= self.gain[to as usize];
            }
        }
    }

    /// Step of member `k`.
    pub fn step(&self, k: usize) -> f64 {
        self.step[k]
    }

    /// True when member `k` used all its room.
    pub fn is_spent(&self, k: usize) -> bool {
        self.step[k] >= self.room[k]
    }

    fn len(&self) -> usize {
        self.goal.len()
    }

    /// Find the steps, or as much of them as there is room for in one go; true when they are final.
    pub fn solve(&mut self) -> bool {
        self.begin();
        if self.len() > ELIMINATE_AT_ONCE {
            self.goal_first.clone_from(&self.goal);
            if self.converge() {
                return true;
            }
            self.goal.clone_from(&self.goal_first);
            self.begin();
        }
        self.creep()
    }

    fn begin(&mut self) {
        let members = self.len();
        refill(&mut self.step, members, 0.0);
    }

    /// Stretched sweeps; true when they settle. They may overshoot on the way, so unless they settle they are
    /// worth nothing.
    fn converge(&mut self) -> bool {
        for k in 0..MOST_SWEEPS {
            if self.sweep() {
                return true;
            }
            if k % 2 == 0 { self.remember() } else { self.stretch() }
        }
        false
    }

    /// Move without ever overshooting: a few plain sweeps, enough for a chain, then directly to the solution or to
    /// where the first member runs out of room.
    fn creep(&mut self) -> bool {
        for _ in 0..PLAIN_SWEEPS {
            if self.sweep() {
                return true;
            }
        }
        if self.len() <= ELIMINATE_UP_TO {
            self.eliminate();
        } else {
            self.iterate();
        }
        self.advance()
    }

    /// Step every member to its goal once; true when none had to move.
    fn sweep(&mut self) -> bool {
        let mut settled = true;
        for k in 0..self.len() {
            let wanted = self.goal[k].min(self.room[k]);
            let change = wanted - self.step[k];
            if change.abs() > self.negligible[k] || (change > 0.0 && wanted == self.room[k]) {
                settled = false;
                self.step[k] = wanted;
                self.pass_on(k, change);
            }
        }
        settled
    }

    fn remember(&mut self) {
        self.step_before.clone_from(&self.step);
        self.goal_before.clone_from(&self.goal);
    }

    /// Continue the last sweep as far as the sum of what is missing says, unless somebody lacks the room.
    fn stretch(&mut self) {
        let missing = |goal: &[f64], step: &[f64]| goal.iter().zip(step).map(|(g, s)| g - s).sum::<f64>();
        let before = missing(&self.goal_before, &self.step_before);
        let after = missing(&self.goal, &self.step);
        let factor = after / (before - after);
        let sound = factor > 0.0 && factor < LONGEST_STRETCH;
        if !(sound && self.has_room_for(factor)) {
            return;
        }
        for k in 0..self.len() {
            self.step[k] += factor * (self.step[k] - self.step_before[k]);
            self.goal[k] += factor * (self.goal[k] - self.goal_before[k]);
        }
    }

    fn has_room_for(&self, factor: f64) -> bool {
        let reach = |k: usize| self.step[k] + factor * (self.step[k] - self.step_before[k]);
        (0..self.len()).all(|k| reach(k) >= 0.0 && reach(k) < self.room[k])
    }

    fn row(&self, k: usize) -> std::ops::Range<usize> {
        self.start[k] as usize..self.start[k + 1] as usize
    }

    fn pass_on(&mut self, k: usize, change: f64) {
        let row = self.row(k);
        for (&to, &weight) in self.to[row.clone()].iter().zip(&self.weight[row]) {
            self.goal[to as usize] += weight * change;
        }
    }

    /// True when member `k` has no room for what it still wants.
    fn is_held(&self, k: usize) -> bool {
        self.is_spent(k) && self.goal[k] >= self.room[k]
    }

    /// Steps still missing if there were room, by elimination.
    fn eliminate(&mut self) {
        self.factor();
        self.fill_rest();
        self.elimination.solve(&mut self.rest);
    }

    /// The system of the missing steps, factored; members without room keep their steps.
    fn factor(&mut self) {
        let mut elimination = std::mem::take(&mut self.elimination);
        elimination.begin(self.len());
        for k in (0..self.len()).filter(|&k| !self.is_held(k)) {
            for e in self.row(k) {
                let to = self.to[e] as usize;
                if !self.is_held(to) {
                    elimination.subtract(to, k, self.weight[e]);
                }
            }
        }
        elimination.factor();
        self.elimination = elimination;
    }

    fn fill_rest(&mut self) {
        let mut rest = std::mem::take(&mut self.rest);
        rest.clear();
        rest.extend((0..self.len()).map(|k| self.missing_step(k)));
        self.rest = rest;
    }

    fn missing_step(&self, k: usize) -> f64 {
        if self.is_held(k) { 0.0 } else { self.goal[k].max(0.0) - self.step[k] }
    }

    /// Steps still missing if there were room, by iteration.
    fn iterate(&mut self) {
        self.fill_rest();
        let mut krylov = std::mem::take(&mut self.krylov);
        let mut rest = std::mem::take(&mut self.rest);
        krylov.solve(&mut rest, |x, y| self.missing(x, y));
        self.rest = rest;
        self.krylov = krylov;
    }

    /// `y = x - W x` over the members that have room.
    fn missing(&self, x: &[f64], y: &mut [f64]) {
        y.copy_from_slice(x);
        for k in 0..self.len() {
            for e in self.row(k) {
                y[self.to[e] as usize] -= self.weight[e] * x[k];
            }
        }
        for k in 0..self.len() {
            if self.is_held(k) {
                y[k] = x[k];
            }
        }
    }

    /// Forget all room, so that [`Self::respond`] can be asked for any goals.
    pub fn unbound(&mut self) {
        self.room.fill(f64::INFINITY);
        let members = self.len();
        refill(&mut self.step, members, 0.0);
        if members <= ELIMINATE_UP_TO {
            self.factor();
        }
    }

    /// The steps, of either sign, that `goals` lead to in a block without bounds; in place.
    pub fn respond(&mut self, goals: &mut [f64]) {
        if self.len() <= ELIMINATE_UP_TO {
            self.elimination.solve(goals);
            return;
        }
        let mut krylov = std::mem::take(&mut self.krylov);
        krylov.solve(goals, |x, y| self.missing(x, y));
        self.krylov = krylov;
    }

    /// Add what was missing to the steps, up to where the first member runs out of room; true when it was all.
    fn advance(&mut self) -> bool {
        let mut share: f64 = 1.0;
        for k in 0..self.len() {
            if self.rest[k] > self.negligible[k] {
                share = share.min((self.room[k] - self.step[k]) / self.rest[k]);
            }
        }
        for k in 0..self.len() {
            let step = self.step[k] + share * self.rest[k].max(0.0);
            let spent = step + self.negligible[k] >= self.room[k];
            self.step[k] = if spent { self.room[k] } else { step };
        }
        share >= 1.0 && self.len() <= ELIMINATE_UP_TO
    }
}

//! The shares that defaulters leave unpaid, for a given set of them, in sweeps over their claims.
//!
//! `unpaid = (goal + gain * less) / due` for each defaulter, where `less` is what it misses of its receipts: its
//! claims on defaulters times their shares. A sweep brings one defaulter after another in line and tells its
//! creditors. A step of the whole is kept, and after each sweep as much of it is added as makes the sum of what is
//! still out of line vanish, which does away with the slow part of the error (Aitken 1926).

use pulp::Simd;

use super::claims::{Claims, refill};
use super::debtor::{Debtor, Steps};
use super::direct::{Direct, FOLLOW_UP_TO};
use super::rows::{LANES, TOGETHER, add_multiples};

/// Sweeps that a round gets to settle.
const MOST_SWEEPS: usize = 100;

/// A sweep whose steps are at least this share of those before it converges slowly.
const SLOW: f64 = 0.5;

/// Steps of fewer roundings are not worth a stretch, which adds its own.
const STRETCH_FROM: f64 = 64.0;

/// A round may end before shares are exact if all of them could still change by this many times the largest step
/// of a fast sweep (what follows is less than that step) before a verdict changed.
const CAUTION: f64 = 20.0;

/// Defaulters, and what those who are followed miss.
#[derive(Debug, Clone, Default)]
pub(super) struct Sweeps {
    /// The nodes that are followed; the vectors below run over them.
    pub columns: Vec<u32>,
    /// What each misses against full payment by everybody.
    pub less: Vec<f64>,
    /// What each can miss before it falls; without bound once it has.
    pub headroom: Vec<f64>,
    receivable: Vec<f64>,
    pub debtors: Vec<Debtor>,
    /// A step of the whole: what those followed miss more, and the change of each share.
    less_step: Vec<f64>,
    unpaid_step: Vec<f64>,
    /// Claims on each debtor of those who are followed, if rows are full.
    rows: Vec<f64>,
    /// Where the rows begin, so that they begin where lines of the cache do.
    first_row: usize,
    stride: usize,
    direct: Direct,
    is_direct: bool,
    is_full: bool,
    is_settled: bool,
}

impl Sweeps {
    /// Start with nobody in default.
    #[inline(always)]
    pub fn begin(&mut self, headroom: &[f64], receivable: &[f64], is_full: bool) {
        self.is_full = is_full;
        self.is_direct = is_full && self.columns.len() <= FOLLOW_UP_TO;
        self.is_settled = true;
        self.direct.begin();
        // Rows are filled up, so that no loop over them has a remainder.
        self.stride = self.columns.len().next_multiple_of(LANES);
        if is_full {
            let room = LANES + self.columns.len().next_multiple_of(TOGETHER) * self.stride;
            self.rows.resize(self.rows.len().max(room), 0.0);
            self.first_row = self.rows.as_ptr().align_offset(size_of::<[f64; LANES]>()).min(LANES);
        }
        self.debtors.clear();
        self.unpaid_step.clear();
        refill(&mut self.less, self.stride, 0.0);
        for (chosen, all) in [(&mut self.headroom, headroom), (&mut self.receivable, receivable)] {
            chosen.clear();
            chosen.extend(self.columns.iter().map(|&node| all[node as usize]));
        }
    }

    /// True when the shares are exact.
    pub fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// Add a defaulter.
    #[inline(always)]
    pub fn open(&mut self, claims: &impl Claims, debtor: Debtor) {
        self.headroom[debtor.place as usize] = f64::INFINITY;
        if self.is_full {
            let row = &mut self.rows[self.first_row + self.debtors.len() * self.stride..][..self.stride];
            let (picked, rest) = row.split_at_mut(self.columns.len());
            claims.pick(self.columns[debtor.place as usize] as usize, &self.columns, picked);
            rest.fill(0.0);
        }
        self.debtors.push(debtor);
        self.is_settled = false;
    }

    /// Bring the shares in line, exactly or (if `loosely`) until nobody else can fall; false if that takes too long.
    #[inline(always)]
    pub fn settle<S: Simd>(&mut self, s: S, claims: &impl Claims, loosely: bool) -> bool {
        if self.is_full {
            let all = self.debtors.len();
            let blank = all * self.stride..all.next_multiple_of(TOGETHER) * self.stride;
            self.rows[self.first_row..][blank].fill(0.0);
        }
        if self.is_direct {
            return self.settle_directly(s, loosely);
        }
        let mut before = f64::INFINITY;
        let mut is_aimed = self.is_full && self.extend_step();
        let mut aims = false;
        for _ in 0..MOST_SWEEPS {
            if aims {
                self.remember();
            }
            let steps = if self.is_full { self.sweep_full(s) } else { self.sweep(s, claims) };
            let is_fast = before.is_finite() && steps.largest < SLOW * before;
            // At this pace the next step would be less than a rounding.
            if steps.largest == 0.0 || (is_fast && steps.roundings * steps.largest < before) {
                self.is_settled = true;
                return true;
            }
            if loosely && is_fast && self.is_decided(CAUTION * steps.largest) {
                return true;
            }
            // A step between two stretches says nothing of the pace of the whole: the one after a pause does.
            let is_slow = before.is_finite() && !is_fast;
            if aims {
                self.aim();
            }
            is_aimed = aims || (is_aimed && !is_slow);
            aims = !is_aimed && (self.is_full || is_slow);
            if is_aimed && steps.roundings > STRETCH_FROM {
                self.stretch();
            }
            before = steps.largest;
        }
        false
    }

    /// The same by elimination; `loosely` only what those who are followed miss.
    #[inline(always)]
    fn settle_directly<S: Simd>(&mut self, s: S, loosely: bool) -> bool {
        if loosely {
            return self.direct.eliminate(s, &mut self.debtors, &mut self.rows[self.first_row..], &mut self.less);
        }
        self.direct.finish(&mut self.debtors);
        self.is_settled = true;
        true
    }

    /// Bring every defaulter in line once.
    #[inline(always)]
    fn sweep<S: Simd>(&mut self, s: S, claims: &impl Claims) -> Steps {
        let mut steps = Steps::default();
        for debtor in &mut self.debtors {
            let change = debtor.change(self.less[debtor.place as usize], &mut steps);
            if change != 0.0 {
                claims.miss(s, &[(debtor.place, change)], &mut self.less);
            }
        }
        steps
    }

    /// The same a few defaulters at a time, so that what their creditors miss is read and written once for all.
    #[inline(always)]
    fn sweep_full<S: Simd>(&mut self, s: S) -> Steps {
        let mut steps = Steps::default();
        let blocks = self.rows[self.first_row..].chunks_exact(TOGETHER * self.stride);
        for (debtors, rows) in self.debtors.chunks_mut(TOGETHER).zip(blocks) {
            let mut change = [0.0; TOGETHER];
            for (change, debtor) in change.iter_mut().zip(debtors) {
                *change = debtor.change(self.less[debtor.place as usize], &mut steps);
            }
            if change != [0.0; TOGETHER] {
                let mut rows = rows.chunks_exact(self.stride);
                add_multiples(s, &mut self.less, change, std::array::from_fn(|_| rows.next().unwrap_or_default()));
            }
        }
        steps
    }

    /// True when no verdict would change if every share changed by `error`.
    #[inline(always)]
    fn is_decided(&self, error: f64) -> bool {
        let followed = self.less.iter().zip(&self.headroom).zip(&self.receivable);
        followed.fold(true, |all, ((less, headroom), due)| all & ((less - headroom).abs() > error * due))
    }

    /// Keep where a step begins.
    #[inline(always)]
    fn remember(&mut self) {
        self.less_step.clone_from(&self.less);
        self.unpaid_step.clear();
        self.unpaid_step.extend(self.debtors.iter().map(|debtor| debtor.unpaid));
    }

    /// Keep the step that ends here.
    #[inline(always)]
    fn aim(&mut self) {
        self.less_step.iter_mut().zip(&self.less).for_each(|(step, less)| *step = less - *step);
        self.unpaid_step.iter_mut().zip(&self.debtors).for_each(|(step, debtor)| *step = debtor.unpaid - *step);
    }

    /// Make the step of the last round one of this round; false if there is none.
    #[inline(always)]
    fn extend_step(&mut self) -> bool {
        let is_known = !self.unpaid_step.is_empty();
        self.unpaid_step.resize(if is_known { self.debtors.len() } else { 0 }, 0.0);
        is_known
    }

    /// Add as much of the step as makes the sum of what is out of line vanish.
    #[inline(always)]
    fn stretch(&mut self) {
        let (mut excess, mut slope) = (0.0, 0.0);
        for (debtor, step) in self.debtors.iter().zip(&self.unpaid_step) {
            let place = debtor.place as usize;
            excess += debtor.excess(self.less[place]);
            slope += debtor.due * step - debtor.gain * self.less_step[place];
        }
        let factor = excess / slope;
        if !factor.is_finite() {
            return;
        }
        for (debtor, step) in self.debtors.iter_mut().zip(&self.unpaid_step) {
            debtor.unpaid += factor * step;
        }
        self.less.iter_mut().zip(&self.less_step).for_each(|(less, step)| *less += factor * step);
    }
}

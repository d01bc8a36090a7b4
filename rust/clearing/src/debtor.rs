//! A defaulter while its share is looked for.

use super::claims::Claims;
use super::source::ClaimSource;
use super::system::System;

/// Rounding of a balance sheet, as a share of it.
const ROUNDING: f64 = f64::EPSILON;

/// Least share of its dues that a defaulter must owe others in the end.
const SMALLEST_PIVOT: f64 = 1e-12;

/// What is left of a defaulter when it has been eliminated.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pivot {
    pub place: usize,
    /// Share left unpaid if nothing is missing, and for each unit that is missing, as long as later defaulters pay.
    pub goal: f64,
    pub gain: f64,
}

/// A node in default.
#[derive(Debug, Clone, Copy)]
pub(super) struct Debtor {
    pub place: u32,
    goal: f64,
    pub gain: f64,
    pub due: f64,
    per_due: f64,
    /// Roundings of its balance sheet in its dues.
    roundings: f64,
    /// Share that is unpaid.
    pub unpaid: f64,
}

impl Debtor {
    pub fn new<C: Claims>(place: usize, node: usize, system: &System<'_, C>) -> Self {
        let (due, receivable) = (system.totals().due[node], system.totals().receivable[node]);
        Self {
            place: place as u32,
            goal: due - system.recovered(node, receivable),
            gain: system.beta(node),
            due,
            per_due: 1.0 / due,
            roundings: due / (ROUNDING * (due + receivable)),
            unpaid: 0.0,
        }
    }

    /// Share that it must leave unpaid if it misses `less`.
    #[inline(always)]
    fn wanted(&self, less: f64) -> f64 {
        let wanted = (self.goal + self.gain * less) * self.per_due;
        if wanted < 1.0 { wanted } else { 1.0 }
    }

    /// Bring it in line; the change of its share, 0 if that does not matter.
    #[inline(always)]
    pub fn change(&mut self, less: f64, steps: &mut Steps) -> f64 {
        let wanted = self.wanted(less);
        let change = wanted - self.unpaid;
        let size = change.abs();
        let roundings = size * self.roundings;
        if roundings <= 1.0 {
            return 0.0;
        }
        self.unpaid = wanted;
        steps.largest = if size > steps.largest { size } else { steps.largest };
        steps.roundings = if roundings > steps.roundings { roundings } else { steps.roundings };
        change
    }

    /// Its pivot when it owes `itself` so much through others; none if that is next to all.
    #[inline(always)]
    pub fn pivot(&self, itself: f64) -> Option<Pivot> {
        let lost = self.due - self.gain * itself;
        let per_lost = 1.0 / lost;
        let pivot = Pivot { place: self.place as usize, goal: self.goal * per_lost, gain: self.gain * per_lost };
        (lost > SMALLEST_PIVOT * self.due).then_some(pivot)
    }

    /// Amount by which it pays too much.
    #[inline(always)]
    pub fn excess(&self, less: f64) -> f64 {
        self.goal + self.gain * less - self.unpaid * self.due
    }
}

/// The largest changes of shares in a sweep.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Steps {
    pub largest: f64,
    /// As multiples of a rounding of the balance sheet.
    pub roundings: f64,
}

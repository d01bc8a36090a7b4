//! Reading a workspace after a clearing.

use super::ranked::Settled;
use super::workspace::{Sheet, Workspace};

impl Workspace {
    /// The nodes that the clearing reached, in the order it reached them; all others pay and receive in full.
    pub fn settled(&self) -> impl Iterator<Item = Settled<'_>> {
        (0..self.sheets.len()).map(|slot| self.settled_in(slot))
    }

    /// What became of `node`, or none if the clearing did not reach it.
    #[must_use]
    pub fn settled_node(&self, node: usize) -> Option<Settled<'_>> {
        self.slot(node).map(|slot| self.settled_in(slot))
    }

    fn settled_in(&self, slot: usize) -> Settled<'_> {
        let (sheet, width) = (&self.sheets[slot], self.dues(slot).len());
        Settled {
            node: sheet.node as usize,
            paid: &self.paid[slot * width..(slot + 1) * width],
            received_less: self.receipts[slot].less,
            round: sheet.round,
            left: self.left(slot),
            lost: self.lost(slot),
            gross: sheet.scale(),
        }
    }

    /// Write the shares paid of each rank.
    pub(super) fn share_out(&mut self, slot: usize) {
        let Sheet { level, total_due, .. } = self.sheets[slot];
        let row = slot * self.dues(slot).len()..(slot + 1) * self.dues(slot).len();
        let mut left = if level < total_due { level } else { f64::INFINITY };
        for (share, &due) in self.paid[row.clone()].iter_mut().zip(&self.due[row]) {
            let paid = left.min(due);
            if due > 0.0 {
                *share = paid / due;
            }
            left -= paid;
        }
    }

    /// What is left after all debts.
    fn left(&self, slot: usize) -> f64 {
        let sheet = &self.sheets[slot];
        let left = if self.is_open(slot) {
            self.assets(slot) - sheet.total_due
        } else {
            self.receipts[slot].slack - self.receipts[slot].less
        };
        left.max(0.0)
    }

    /// Assets lost to the cost of default.
    fn lost(&self, slot: usize) -> f64 {
        let sheet = &self.sheets[slot];
        let gross = sheet.outside + sheet.received(self.receipts[slot].less);
        if sheet.is_fallen() { gross - self.assets(slot) } else { 0.0 }
    }

    /// Distance of the level from where the assets put it, as a share of the balance sheet.
    pub(super) fn gap(&self, slot: usize, holdings: bool) -> f64 {
        if !self.is_open(slot) {
            return 0.0;
        }
        let sheet = &self.sheets[slot];
        let top = if holdings { f64::INFINITY } else { sheet.total_due };
        let wanted = self.assets(slot).min(top).max(sheet.floor());
        (wanted - sheet.level.max(sheet.floor())).abs() / sheet.scale().max(f64::MIN_POSITIVE)
    }
}

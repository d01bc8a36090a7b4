//! The nodes that a shortfall has reached, and what is known of them.
//!
//! A node is *reached* when somebody it may receive from is looked at, and *opened*, its claims read, when it falls
//! short itself. Memory grows with the nodes reached and is kept from one clearing to the next.

use super::block::Block;
use super::source::{ClaimSource, OUTSIDE, Ranks};

/// Not in a list.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Place of a node whose claims have not been read.
pub(super) const CLOSED: u32 = u32::MAX - 1;

/// Looked at when the round ends.
const WATCHED: u8 = 1;

/// Looked at in the next pass, too.
const FRESH: u8 = 2;

/// A node that was reached.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub node: u32,
    /// Round in which the node fell, 0 while it stands.
    pub round: u32,
    pub outside: f64,
    pub alpha: f64,
    pub beta: f64,
    /// Receipts if everybody pays.
    pub receivable: f64,
    pub total_due: f64,
    pub hard_due: f64,
    /// Assets the node pays out of.
    pub level: f64,
}

impl Sheet {
    /// True when the node is in default.
    pub fn is_fallen(&self) -> bool {
        self.round > 0
    }

    /// Amount received from the network when `less` is missing against full payment.
    pub fn received(&self, less: f64) -> f64 {
        (self.receivable - less).max(0.0)
    }

    /// What the node can pay out of.
    pub fn assets(&self, less: f64) -> f64 {
        if self.is_fallen() {
            self.alpha * self.outside + self.beta * self.received(less)
        } else {
            self.outside + self.received(less)
        }
    }

    /// How much of one more unit received reaches the assets.
    pub fn gain(&self) -> f64 {
        if self.is_fallen() { self.beta } else { 1.0 }
    }

    /// Level below which the node does not sink: without default the hard ranks are paid in full.
    pub fn floor(&self) -> f64 {
        if self.is_fallen() { 0.0 } else { self.hard_due }
    }

    /// Size of the balance sheet, against which rounding is judged.
    pub fn scale(&self) -> f64 {
        self.total_due + self.receivable + self.outside
    }
}

/// What payments to a node come to, against full payment by everybody.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Receipts {
    /// Receipts missing.
    pub less: f64,
    /// What would be left of the node if none were missing.
    pub slack: f64,
}

/// Vectors of a clearing, kept from one call to the next so that nothing is allocated again.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    slot_of: Vec<u32>,
    pub(super) sheets: Vec<Sheet>,
    /// Place in the block that is being solved, [`NOWHERE`] or [`CLOSED`]; by slot, like the next two. What links
    /// touch is kept apart from the sheets, so that more of it fits into the caches.
    pub(super) place: Vec<u32>,
    pub(super) receipts: Vec<Receipts>,
    touched: Vec<u8>,
    /// Per open sheet and rank: amount due; per sheet `width` values.
    pub(super) due: Vec<f64>,
    /// Per sheet and rank (equity last): end of its links; per sheet `width + 2` values.
    link_end: Vec<u32>,
    link_to: Vec<u32>,
    link_share: Vec<f64>,
    claims: Vec<(u32, u8, f64)>,
    width: usize,
    /// Share of each rank that is paid, per sheet `width` values.
    pub(super) paid: Vec<f64>,
    watched: Vec<u32>,
    fresh: Vec<u32>,
    pub(super) members: Vec<u32>,
    pub(super) block: Block,
}

impl Workspace {
    /// Forget the last clearing, at the cost of the nodes it reached.
    pub(super) fn reset(&mut self, nodes: usize, ranks: Ranks) {
        for sheet in &self.sheets {
            self.slot_of[sheet.node as usize] = NOWHERE;
        }
        self.slot_of.resize(nodes, NOWHERE);
        self.sheets.clear();
        self.touched.clear();
        self.receipts.clear();
        for list in [&mut self.link_end, &mut self.link_to, &mut self.watched, &mut self.fresh, &mut self.place] {
            list.clear();
        }
        for values in [&mut self.due, &mut self.link_share] {
            values.clear();
        }
        self.width = usize::from(ranks.all);
    }

    /// Slot of `node`, which is reached now if it was not.
    pub(super) fn reach(&mut self, source: &impl ClaimSource, node: u32) -> u32 {
        let known = self.slot_of[node as usize];
        if known != NOWHERE {
            return known;
        }
        let slot = self.sheets.len() as u32;
        self.slot_of[node as usize] = slot;
        self.sheets.push(Sheet { node, ..Sheet::default() });
        self.receipts.push(Receipts { less: 0.0, slack: source.slack(node as usize) });
        self.place.push(CLOSED);
        self.touched.push(0);
        self.due.resize(self.due.len() + self.width, 0.0);
        self.link_end.resize(self.link_end.len() + self.width + 2, 0);
        slot
    }

    /// Read the claims on the node in `slot`, grouped by rank.
    pub(super) fn open(&mut self, source: &impl ClaimSource, slot: usize, ranks: Ranks) {
        let mut claims = std::mem::take(&mut self.claims);
        claims.clear();
        let node = self.sheets[slot].node as usize;
        source.visit(node, &mut |creditor, rank, amount| claims.push((creditor, rank, amount)));
        self.add_dues(slot, &claims);
        self.add_links(source, slot, &claims);
        self.claims = claims;
        self.fill_sheet(source, slot, ranks);
    }

    fn add_dues(&mut self, slot: usize, claims: &[(u32, u8, f64)]) {
        let dues = &mut self.due[slot * self.width..(slot + 1) * self.width];
        for &(_, rank, amount) in claims {
            if let Some(due) = dues.get_mut(usize::from(rank) - 1) {
                *due += amount;
            }
        }
    }

    /// Links by rank: the share of a payment in that rank that each creditor gets.
    fn add_links(&mut self, source: &impl ClaimSource, slot: usize, claims: &[(u32, u8, f64)]) {
        let ends = slot * (self.width + 2);
        self.link_end[ends] = self.link_to.len() as u32;
        for rank in 0..=self.width {
            let due = if rank < self.width { self.due[slot * self.width + rank] } else { 1.0 };
            for &(creditor, in_rank, amount) in claims {
                if usize::from(in_rank) == rank + 1 && creditor != OUTSIDE && amount > 0.0 {
                    let to = self.reach(source, creditor);
                    self.link_to.push(to);
                    self.link_share.push(amount / due);
                }
            }
            self.link_end[ends + rank + 1] = self.link_to.len() as u32;
        }
    }

    fn fill_sheet(&mut self, source: &impl ClaimSource, slot: usize, ranks: Ranks) {
        let dues = &self.due[slot * self.width..(slot + 1) * self.width];
        self.place[slot] = NOWHERE;
        let sheet = &mut self.sheets[slot];
        let node = sheet.node as usize;
        sheet.total_due = sum(dues);
        sheet.hard_due = sum(&dues[..usize::from(ranks.hard.min(ranks.all))]);
        sheet.level = sheet.total_due;
        sheet.outside = source.outside(node);
        sheet.alpha = source.alpha(node);
        sheet.beta = source.beta(node);
        sheet.receivable = (self.receipts[slot].slack + sheet.total_due - sheet.outside).max(0.0);
    }

    /// Dues of the node in `slot` by rank.
    pub(super) fn dues(&self, slot: usize) -> &[f64] {
        &self.due[slot * self.width..(slot + 1) * self.width]
    }

    /// Links of the node in `slot` by which a change of its payments in `rank` is felt.
    pub(super) fn links(&self, slot: usize, rank: usize) -> std::ops::Range<usize> {
        let at = slot * (self.width + 2) + rank;
        self.link_end[at] as usize..self.link_end[at + 1] as usize
    }

    /// Where a link ends, and the share of the payment that it carries.
    pub(super) fn link(&self, link: usize) -> (usize, f64) {
        (self.link_to[link] as usize, self.link_share[link])
    }

    /// Take `less` from the receipts of the node in `slot`, and look at it if that can matter: it has been opened and
    /// is no member of the block (whose solution knows), or its slack is used up.
    pub(super) fn deduct(&mut self, slot: usize, less: f64) {
        let receipts = &mut self.receipts[slot];
        receipts.less += less;
        let is_short = receipts.slack < receipts.less;
        let matters = match self.place[slot] {
            CLOSED => is_short,
            place => place == NOWHERE,
        };
        if matters {
            self.touch(slot);
        }
    }

    /// Have the node in `slot` looked at in the next pass and when the round ends.
    pub(super) fn touch(&mut self, slot: usize) {
        let before = std::mem::replace(&mut self.touched[slot], WATCHED | FRESH);
        if before & FRESH == 0 {
            self.fresh.push(slot as u32);
        }
        if before & WATCHED == 0 {
            self.watched.push(slot as u32);
        }
    }

    /// The touched nodes, each once until it is touched again.
    pub(super) fn take_fresh(&mut self) -> Vec<u32> {
        for &slot in &self.fresh {
            self.touched[slot as usize] &= !FRESH;
        }
        std::mem::take(&mut self.fresh)
    }

    /// The nodes touched since the round began.
    pub(super) fn take_watched(&mut self) -> Vec<u32> {
        for &slot in &self.watched {
            self.touched[slot as usize] &= !WATCHED;
        }
        std::mem::take(&mut self.watched)
    }

    /// True when the claims on the node have been read.
    pub(super) fn is_open(&self, slot: usize) -> bool {
        self.place[slot] != CLOSED
    }

    /// What the node can pay out of.
    pub(super) fn assets(&self, slot: usize) -> f64 {
        self.sheets[slot].assets(self.receipts[slot].less)
    }

    /// Assets that payments do not reflect yet; negative when the node pays too much.
    pub(super) fn residual(&self, slot: usize) -> f64 {
        self.assets(slot) - self.sheets[slot].level
    }

    /// Put the node into default in `round`, or back on its feet in round 0.
    pub(super) fn set_round(&mut self, slot: usize, round: u32) {
        self.sheets[slot].round = round;
    }

    pub(super) fn slot(&self, node: usize) -> Option<usize> {
        self.slot_of.get(node).filter(|&&slot| slot != NOWHERE).map(|&slot| slot as usize)
    }
}

fn sum(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, value| sum + value)
}

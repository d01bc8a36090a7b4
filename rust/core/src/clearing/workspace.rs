//! The nodes that a shortfall has reached, and what is known of them.
//!
//! A node is *reached* when somebody it may receive from is looked at, and *opened*, its claims read, when it falls
//! short itself. Memory grows with the nodes reached and is kept from one clearing to the next.

use super::block::Block;
use super::source::{ClaimSource, OUTSIDE, Ranks};

/// No place in a list.
pub(super) const NOWHERE: u32 = u32::MAX;

/// A node that was reached.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub node: u32,
    /// Round in which the node fell, 0 while it stands.
    pub round: u32,
    pub is_open: bool,
    pub is_watched: bool,
    pub is_fresh: bool,
    /// Place in the block that is being solved.
    pub place: u32,
    /// What is left if everybody pays.
    pub slack: f64,
    /// Receipts missing against full payment.
    pub less: f64,
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
    fn reached(node: u32, slack: f64) -> Self {
        Self { node, slack, place: NOWHERE, ..Self::default() }
    }

    /// True when the node is in default.
    pub fn is_fallen(&self) -> bool {
        self.round > 0
    }

    /// Amount received from the network.
    pub fn received(&self) -> f64 {
        (self.receivable - self.less).max(0.0)
    }

    /// What the node can pay out of.
    pub fn assets(&self) -> f64 {
        if self.is_fallen() {
            self.alpha * self.outside + self.beta * self.received()
        } else {
            self.outside + self.received()
        }
    }

    /// How much of one more unit received reaches the assets.
    pub fn gain(&self) -> f64 {
        if self.is_fallen() { self.beta } else { 1.0 }
    }

    /// Assets that payments do not reflect yet; negative when the node pays too much.
    pub fn residual(&self) -> f64 {
        self.assets() - self.level
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

/// Vectors of a clearing, kept from one call to the next so that nothing is allocated again.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    slot_of: Vec<u32>,
    pub(super) sheets: Vec<Sheet>,
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
    pub(super) watched: Vec<u32>,
    pub(super) fresh: Vec<u32>,
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
        for list in [&mut self.link_end, &mut self.link_to, &mut self.watched, &mut self.fresh] {
            list.clear();
        }
        for values in [&mut self.due, &mut self.link_share, &mut self.paid] {
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
        self.sheets.push(Sheet::reached(node, source.slack(node as usize)));
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
        let sheet = &mut self.sheets[slot];
        let node = sheet.node as usize;
        sheet.is_open = true;
        sheet.total_due = sum(dues);
        sheet.hard_due = sum(&dues[..usize::from(ranks.hard)]);
        sheet.level = sheet.total_due;
        sheet.outside = source.outside(node);
        sheet.alpha = source.alpha(node);
        sheet.beta = source.beta(node);
        sheet.receivable = (sheet.slack + sheet.total_due - sheet.outside).max(0.0);
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

    /// Have the node in `slot` looked at in the next pass and at the end of the round.
    pub(super) fn touch(&mut self, slot: usize) {
        let sheet = &mut self.sheets[slot];
        if !std::mem::replace(&mut sheet.is_fresh, true) {
            self.fresh.push(slot as u32);
        }
        if !std::mem::replace(&mut sheet.is_watched, true) {
            self.watched.push(slot as u32);
        }
    }

    pub(super) fn slot(&self, node: usize) -> Option<usize> {
        self.slot_of.get(node).filter(|&&slot| slot != NOWHERE).map(|&slot| slot as usize)
    }
}

fn sum(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, value| sum + value)
}

//! Payments for a given set of defaulters, from above (down) or from below (up).
//!
//! One pass: take the nodes whose payments do not fit their assets and all that feel it through nodes without
//! slack, solve for their levels inside the present segments, move them, and tell their creditors. A level that
//! reaches the end of its segment goes on in the next pass. Nodes that are not reached cost nothing.

use super::source::ClaimSource;
use super::state::{Direction, Segment, State};
use super::workspace::{CLOSED, NOWHERE};

impl<S: ClaimSource> State<'_, S> {
    /// Move levels in `direction` until they fit the assets of the nodes.
    pub fn settle(&mut self, direction: Direction) {
        // A pass that does not settle its block ends a segment of some node: there are only so many.
        let passes = 64 + self.source.nodes() * (usize::from(self.ranks.all) + 2);
        for _ in 0..passes {
            self.gather(direction);
            if self.ws.members.is_empty() {
                return;
            }
            self.assemble(direction);
            let is_settled = self.ws.block.solve();
            self.apply(direction);
            self.dissolve(is_settled, direction);
        }
    }

    /// Members of the next block: the pressed nodes, and the tight nodes that feel a change of theirs.
    fn gather(&mut self, direction: Direction) {
        self.ws.members.clear();
        for slot in self.ws.take_fresh() {
            self.look_at(slot as usize, direction);
        }
        let mut next = 0;
        while let Some(&slot) = self.ws.members.get(next) {
            self.enrol_creditors(slot as usize, direction);
            next += 1;
        }
    }

    fn look_at(&mut self, slot: usize, direction: Direction) {
        if self.ws.receipts[slot].slack < self.ws.receipts[slot].less {
            self.open(slot);
        }
        if self.is_pressed(slot, direction) {
            self.enrol(slot);
        }
    }

    /// Make a node a member of the block.
    pub fn enrol(&mut self, slot: usize) {
        self.ws.place[slot] = self.ws.members.len() as u32;
        self.ws.members.push(slot as u32);
    }

    fn enrol_creditors(&mut self, slot: usize, direction: Direction) {
        let Some(segment) = self.segment(slot, direction) else { return };
        for link in self.ws.links(slot, segment.rank) {
            let (to, _) = self.ws.link(link);
            if self.ws.place[to] == NOWHERE && self.is_tight(to, direction) {
                self.enrol(to);
            }
        }
    }

    /// The linear system of the members.
    pub fn assemble(&mut self, direction: Direction) {
        let mut block = std::mem::take(&mut self.ws.block);
        block.clear();
        for &slot in &self.ws.members {
            let slot = slot as usize;
            let Some(segment) = self.segment(slot, direction) else { continue };
            let sheet = &self.ws.sheets[slot];
            let goal = direction.sign() * self.ws.residual(slot);
            block.add(goal, segment.room(sheet.level, direction), sheet.gain(), sheet.scale());
            for link in self.ws.links(slot, segment.rank) {
                let (to, share) = self.ws.link(link);
                let place = self.ws.place[to];
                if place < CLOSED {
                    block.link(place, share);
                }
            }
        }
        block.seal();
        self.ws.block = block;
    }

    /// Move the members as the block says and tell their creditors.
    fn apply(&mut self, direction: Direction) {
        for k in 0..self.ws.members.len() {
            let slot = self.ws.members[k] as usize;
            if let Some(segment) = self.segment(slot, direction) {
                self.shift(slot, k, &segment, direction);
            }
        }
    }

    /// Look again at the members, unless all is said of them: defaulters going down, settled within their segments.
    fn dissolve(&mut self, is_settled: bool, direction: Direction) {
        for k in 0..self.ws.members.len() {
            let slot = self.ws.members[k] as usize;
            self.ws.place[slot] = NOWHERE;
            let is_down = direction == Direction::Down && self.ws.sheets[slot].is_fallen();
            if !(is_settled && is_down) || self.ws.block.is_spent(k) {
                self.ws.touch(slot);
            }
        }
    }

    fn shift(&mut self, slot: usize, k: usize, segment: &Segment, direction: Direction) {
        let before = self.ws.sheets[slot].level;
        let after = if self.ws.block.is_spent(k) {
            segment.end(direction)
        } else {
            before + direction.sign() * self.ws.block.step(k)
        };
        self.ws.sheets[slot].level = after;
        for link in self.ws.links(slot, segment.rank) {
            let (to, share) = self.ws.link(link);
            self.ws.deduct(to, share * (before - after));
        }
    }
}

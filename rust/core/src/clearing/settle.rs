//! Payments for a given set of defaulters, from above (down) or from below (up).
//!
//! One pass: take the nodes whose payments do not fit their assets and all that feel it through nodes without
//! slack, solve for their levels inside the present segments, move them, and tell their creditors. A level that
//! reaches the end of its segment goes on in the next pass. Nodes that are not reached cost nothing.

use super::claims::Claims;
use super::state::{Direction, NOWHERE, State};

impl<C: Claims> State<'_, '_, C> {
    /// Move levels in `direction` until they fit the assets of the nodes.
    pub fn settle(&mut self, direction: Direction) {
        // A pass that does not settle a block ends a segment of some node: this many suffice.
        let passes = 64 + self.ws.level.len() * (self.ranks + 2);
        for _ in 0..passes {
            self.gather(direction);
            if self.ws.members.is_empty() {
                return;
            }
            self.assemble(direction);
            self.ws.block.solve();
            self.apply(direction);
        }
    }

    /// Members of the next block: the pressed nodes, and the tight nodes that feel a change of theirs.
    fn gather(&mut self, direction: Direction) {
        self.ws.members.clear();
        for k in 0..self.ws.watched.len() {
            let node = self.ws.watched[k] as usize;
            if self.is_pressed(node, direction) {
                self.enrol(node);
            }
        }
        let mut next = 0;
        while let Some(&node) = self.ws.members.get(next) {
            self.enrol_creditors(node as usize, direction);
            next += 1;
        }
    }

    pub fn enrol(&mut self, node: usize) {
        self.ws.place[node] = self.ws.members.len() as u32;
        self.ws.members.push(node as u32);
    }

    fn enrol_creditors(&mut self, node: usize, direction: Direction) {
        let Some(segment) = self.segment(node, direction) else {
            return;
        };
        let claims = self.system.claims;
        claims.visit(node, segment.rank, |creditor, amount| {
            let feels = amount > 0.0 && self.ws.place[creditor] == NOWHERE;
            if feels && self.is_tight(creditor, direction) {
                self.enrol(creditor);
            }
        });
    }

    /// The linear system of the members.
    pub fn assemble(&mut self, direction: Direction) {
        let mut block = std::mem::take(&mut self.ws.block);
        block.clear();
        for &member in &self.ws.members {
            let node = member as usize;
            let Some(segment) = self.segment(node, direction) else {
                continue;
            };
            let goal = direction.sign() * self.residual(node);
            block.add(
                goal,
                segment.room(self.ws.level[node], direction),
                self.ws.scale[node],
            );
            let per_claim = self.per_claim(node, segment.rank);
            self.system
                .claims
                .visit(node, segment.rank, |creditor, amount| {
                    let place = self.ws.place[creditor];
                    if place != NOWHERE && amount > 0.0 {
                        block.link(place, amount * per_claim * self.gain(creditor));
                    }
                });
        }
        self.ws.block = block;
    }

    /// Move the members as the block says and dissolve it.
    fn apply(&mut self, direction: Direction) {
        for k in 0..self.ws.members.len() {
            let node = self.ws.members[k] as usize;
            self.ws.place[node] = NOWHERE;
            self.watch(node);
            self.shift(node, k, direction);
        }
    }

    fn shift(&mut self, node: usize, k: usize, direction: Direction) {
        let Some(segment) = self.segment(node, direction) else {
            return;
        };
        let before = self.ws.level[node];
        let after = if self.ws.block.is_spent(k) {
            segment.end(direction)
        } else {
            before + direction.sign() * self.ws.block.step(k)
        };
        self.ws.level[node] = after;
        let change = (after - before) * self.per_claim(node, segment.rank);
        let claims = self.system.claims;
        claims.visit(node, segment.rank, |creditor, amount| {
            self.ws.received[creditor] += amount * change;
            self.watch(creditor);
        });
    }

    fn watch(&mut self, node: usize) {
        if !self.ws.is_watched[node] {
            self.ws.is_watched[node] = true;
            self.ws.watched.push(node as u32);
        }
    }
}

//! How payments respond to outside cash, at a clearing vector (Liu and Staum 2010).
//!
//! At a clearing vector the response is linear as long as nobody changes segment: a node that pays out of what it
//! receives passes changes on, the others absorb them.

use super::block::Block;
use super::source::{ClaimSource, Ranks};
use super::state::{Direction, State};
use super::workspace::{NOWHERE, Sheet, Workspace};

/// Change of the total payment to creditors of every node, per change of outside cash.
///
/// `changes` holds one row of `nodes` values per question; so does the answer. `result` is the workspace
/// that [`super::clear_ranked`] left for this source.
pub fn respond<S: ClaimSource>(source: &S, ranks: Ranks, result: &mut Workspace, changes: &[f64]) -> Vec<f64> {
    let nodes = source.nodes();
    let mut state = State { source, ws: result, ranks };
    let mut block = state.response_block();
    let mut answer = Vec::with_capacity(changes.len());
    for change in changes.chunks_exact(nodes.max(1)) {
        let mut steps = state.reaching(change);
        block.respond(&mut steps);
        state.write_response(&steps, &mut answer);
    }
    answer
}

impl<S: ClaimSource> State<'_, S> {
    /// The linear system of all nodes that pass on what they receive.
    fn response_block(&mut self) -> Block {
        self.ws.members.clear();
        for slot in 0..self.ws.sheets.len() {
            let Sheet { level, total_due, .. } = self.ws.sheets[slot];
            if self.ws.is_open(slot) && level != total_due && self.segment(slot, Direction::Down).is_some() {
                self.enrol(slot);
            }
        }
        self.assemble(Direction::Down);
        for &slot in &self.ws.members {
            self.ws.place[slot as usize] = NOWHERE;
        }
        let mut block = std::mem::take(&mut self.ws.block);
        block.unbound();
        block
    }

    /// What of `change` reaches the assets of each member.
    fn reaching(&self, change: &[f64]) -> Vec<f64> {
        let kept = |sheet: &Sheet| if sheet.is_fallen() { sheet.alpha } else { 1.0 };
        let members = self.ws.members.iter().map(|&slot| &self.ws.sheets[slot as usize]);
        members.map(|sheet| kept(sheet) * change[sheet.node as usize]).collect()
    }

    /// Append the change of payments to creditors; owners of solvent nodes feel theirs in what is left.
    fn write_response(&self, steps: &[f64], answer: &mut Vec<f64>) {
        let from = answer.len();
        answer.resize(from + self.source.nodes(), 0.0);
        for (&step, &slot) in steps.iter().zip(&self.ws.members) {
            let sheet = &self.ws.sheets[slot as usize];
            if sheet.level < sheet.total_due {
                answer[from + sheet.node as usize] = step;
            }
        }
    }
}

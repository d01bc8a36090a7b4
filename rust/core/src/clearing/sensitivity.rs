//! How payments respond to outside cash, at a clearing vector (Liu and Staum 2010).
//!
//! At a clearing vector the response is linear as long as nobody changes segment: a node without slack passes
//! on what it receives, the others absorb it. The response to one unit of cash at each node in turn is a column.

use super::block::Block;
use super::claims::{Claims, refill};
use super::ranked::RankedSystem;
use super::state::{Direction, NOWHERE, State, Workspace};

/// Change of the total payment of every node per unit of the given changes of outside cash.
///
/// `changes` holds one row of `nodes` values per question; so does the answer. `result` is the workspace
/// that [`super::clear_ranked`] left for this system.
pub fn respond<C: Claims>(
    system: &RankedSystem<'_, C>,
    result: &mut Workspace,
    changes: &[f64],
) -> Vec<f64> {
    let nodes = system.claims.nodes();
    let mut state = State {
        system,
        ws: result,
        ranks: system.claims.ranks(),
    };
    let mut block = state.response_block();
    let mut answer = Vec::with_capacity(changes.len());
    for change in changes.chunks_exact(nodes.max(1)) {
        let mut steps = state.reach(change);
        block.respond(&mut steps);
        state.write_response(&steps, &mut answer);
    }
    answer
}

impl<C: Claims> State<'_, '_, C> {
    /// The linear system of all nodes that pass on what they receive.
    fn response_block(&mut self) -> Block {
        let nodes = self.ws.level.len();
        refill(&mut self.ws.place, nodes, NOWHERE);
        self.ws.members.clear();
        for node in 0..nodes {
            if self.ws.level[node] != self.ws.total_due[node]
                && self.segment(node, Direction::Down).is_some()
            {
                self.enrol(node);
            }
        }
        self.assemble(Direction::Down);
        let mut block = std::mem::take(&mut self.ws.block);
        block.unbound();
        block
    }

    /// What of `change` reaches the assets of each member.
    fn reach(&self, change: &[f64]) -> Vec<f64> {
        let kept = |node: usize| {
            if self.ws.in_default(node) {
                self.system.alpha[node]
            } else {
                1.0
            }
        };
        self.ws
            .members
            .iter()
            .map(|&m| kept(m as usize) * change[m as usize])
            .collect()
    }

    /// Append the change of payments to creditors; owners of solvent nodes feel theirs in what is left.
    fn write_response(&self, steps: &[f64], answer: &mut Vec<f64>) {
        let from = answer.len();
        answer.resize(from + self.ws.level.len(), 0.0);
        for (&step, &member) in steps.iter().zip(&self.ws.members) {
            let node = member as usize;
            if self.ws.level[node] < self.ws.total_due[node] {
                answer[from + node] = step;
            }
        }
    }
}

//! The greatest (and the least) clearing vector of a network with ranks, default costs and holdings.
//!
//! Rounds of fictitious default (Eisenberg and Noe 2001, section 3.1; Rogers and Veraart 2013, section 3): start
//! from full payment, find who falls short, settle payments for that set, look again. The set only grows, so
//! there are at most as many rounds as nodes. The least vector runs the same rounds upwards: start from no
//! payment with every debtor in default, and let those rise who can pay after all.

use super::claims::refill;
use super::source::{ClaimSource, Ranks};
use super::state::{Direction, State};
use super::workspace::Workspace;

/// What a clearing came to; the vectors are in the [`Workspace`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Last round of fictitious default in which somebody fell.
    pub rounds: u32,
    /// Nodes in default.
    pub defaults: u32,
    /// Largest gap between what a node pays and what its assets make it pay, as a share of its balance sheet.
    pub residual: f64,
}

/// What became of a node that the clearing reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settled<'a> {
    /// The node.
    pub node: usize,
    /// Share of each rank that it pays, 1 where nothing is due.
    pub paid: &'a [f64],
    /// Receipts it misses against full payment by everybody (negative where holdings pay more).
    pub received_less: f64,
    /// Round of fictitious default in which it fell, 0 if it stands.
    pub round: u32,
    /// What is left after all debts; 0 if anything is unpaid.
    pub left: f64,
    /// Assets lost to the cost of its default.
    pub lost: f64,
    /// What it was to pay and to receive, and its cash; 0 if its claims were not read.
    pub gross: f64,
}

/// The greatest clearing vector; the results are in `workspace`.
///
/// `short` are the nodes with negative slack. Time and memory go to the nodes that fall short and those they pay;
/// a node without slack is asked for its claims once. Nothing is allocated once `workspace` is warm.
pub fn clear_ranked<S: ClaimSource>(source: &S, short: &[u32], ranks: Ranks, workspace: &mut Workspace) -> Outcome {
    workspace.reset(source.nodes(), ranks);
    let mut state = State { source, ws: workspace, ranks };
    if source.has_holdings() {
        state.open_all();
        state.settle(Direction::Up);
        state.touch_all();
    } else {
        state.open_short(short);
    }
    let mut rounds = 0;
    while state.fall(rounds + 1) || rounds == 0 {
        state.settle(Direction::Down);
        rounds += 1;
    }
    state.finish()
}

/// The least clearing vector; the results are in `workspace`, with every node reached.
///
/// Rounds are not meaningful here and read 1 for nodes in default.
pub fn clear_ranked_least<S: ClaimSource>(source: &S, ranks: Ranks, workspace: &mut Workspace) -> Outcome {
    workspace.reset(source.nodes(), ranks);
    let mut state = State { source, ws: workspace, ranks };
    state.open_all();
    state.withhold_all();
    state.settle(Direction::Up);
    while state.rise() {
        state.settle(Direction::Up);
    }
    state.finish()
}

impl<S: ClaimSource> State<'_, S> {
    fn open_short(&mut self, short: &[u32]) {
        for &node in short {
            let slot = self.ws.reach(self.source, node) as usize;
            self.open(slot);
            self.ws.touch(slot);
        }
    }

    fn touch_all(&mut self) {
        (0..self.ws.sheets.len()).for_each(|slot| self.ws.touch(slot));
    }

    /// Nobody pays anything, and whoever owes anything hard is in default.
    fn withhold_all(&mut self) {
        for slot in 0..self.ws.sheets.len() {
            self.ws.sheets[slot].level = 0.0;
            self.ws.receipts[slot].less = self.ws.sheets[slot].receivable;
            self.ws.set_round(slot, u32::from(self.ws.sheets[slot].hard_due > 0.0));
        }
    }

    fn finish(&mut self) -> Outcome {
        let holdings = self.source.has_holdings();
        let width = usize::from(self.ranks.all);
        refill(&mut self.ws.paid, self.ws.sheets.len() * width, 1.0);
        let mut outcome = Outcome { rounds: 0, defaults: 0, residual: 0.0 };
        for slot in 0..self.ws.sheets.len() {
            self.ws.share_out(slot);
            let sheet = &self.ws.sheets[slot];
            outcome.rounds = outcome.rounds.max(sheet.round);
            outcome.defaults += u32::from(sheet.is_fallen());
            outcome.residual = outcome.residual.max(self.ws.gap(slot, holdings));
        }
        outcome
    }
}

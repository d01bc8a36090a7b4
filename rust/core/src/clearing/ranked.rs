//! The greatest (and the least) clearing vector of a network with ranks, default costs and holdings.
//!
//! Rounds of fictitious default (Eisenberg and Noe 2001, section 3.1; Rogers and Veraart 2013, section 3): start
//! from full payment, find who falls short, settle payments for that set, look again. The set only grows, so
//! there are at most as many rounds as nodes. The least vector runs the same rounds upwards: start from no
//! payment with every debtor in default, and let those rise who can pay after all.

use super::claims::{Claims, RankedClaims, Totals};
use super::error::{ClearingError, check_length};
pub use super::state::Workspace;
use super::state::{Direction, State};

/// A node defaults when its assets miss its hard claims by more than this share of them (and by more than
/// the rounding of its balance sheet).
pub const TIE: f64 = 1e-12;

/// A network to be cleared. All amounts in one currency, all at least 0.
#[derive(Debug, Clone, Copy)]
pub struct RankedSystem<'a, C = RankedClaims<'a>> {
    pub(super) claims: &'a C,
    pub(super) totals: &'a Totals,
    pub(super) outside: &'a [f64],
    pub(super) alpha: &'a [f64],
    pub(super) beta: &'a [f64],
    pub(super) hard_ranks: usize,
}

impl<'a, C: Claims> RankedSystem<'a, C> {
    /// Put a system together; only lengths are checked, in constant time.
    ///
    /// `totals` are those of `claims`. `outside` is cash plus inflow from outside. A defaulter keeps `alpha` of it
    /// and `beta` of what the network pays. Missing any claim of rank up to `hard_ranks` is default; later ranks
    /// give way without default.
    ///
    /// # Errors
    /// [`ClearingError`] when a length does not fit or `hard_ranks` exceeds the ranks of the claims.
    pub fn new(
        claims: &'a C,
        totals: &'a Totals,
        outside: &'a [f64],
        alpha: &'a [f64],
        beta: &'a [f64],
        hard_ranks: u8,
    ) -> Result<Self, ClearingError> {
        let (nodes, ranks) = (claims.nodes(), claims.ranks());
        check_length("due", totals.due.len(), nodes * ranks, "node and rank")?;
        check_length("receivable", totals.receivable.len(), nodes, "node")?;
        for (what, values) in [("outside", outside), ("alpha", alpha), ("beta", beta)] {
            check_length(what, values.len(), nodes, "node")?;
        }
        let hard_ranks = usize::from(hard_ranks);
        if hard_ranks > ranks {
            let given = hard_ranks as f64;
            return Err(ClearingError::Setting { what: "hard_ranks", given, wanted: "at most the number of ranks" });
        }
        Ok(Self { claims, totals, outside, alpha, beta, hard_ranks })
    }
}

/// What a clearing came to; the vectors are in the [`Workspace`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Rounds of fictitious default in which somebody fell.
    pub rounds: u32,
    /// Nodes in default.
    pub defaults: u32,
    /// Largest gap between what a node pays and what its assets make it pay, as a share of its balance sheet.
    pub residual: f64,
}

/// The greatest clearing vector of `system`; the results are in `workspace`.
///
/// Nodes that cost time: those that fall short and those they pay. No allocation once `workspace` is warm.
pub fn clear_ranked<C: Claims>(system: &RankedSystem<'_, C>, workspace: &mut Workspace) -> Outcome {
    let mut state = State::full_payment(system, workspace);
    if system.claims.has_holdings() {
        state.settle(Direction::Up);
        state.watch_all();
    }
    let mut rounds = 0;
    while state.fall(rounds + 1) || rounds == 0 {
        state.settle(Direction::Down);
        rounds += 1;
    }
    state.finish()
}

/// The least clearing vector of `system`; the results are in `workspace`.
///
/// `Outcome::rounds` counts upward rounds; rounds by node are not meaningful and read 1 for those in default.
pub fn clear_ranked_least<C: Claims>(system: &RankedSystem<'_, C>, workspace: &mut Workspace) -> Outcome {
    let mut state = State::no_payment(system, workspace);
    loop {
        state.settle(Direction::Up);
        if !state.rise() {
            return state.finish();
        }
    }
}

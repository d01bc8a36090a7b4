//! Clearing vectors: who pays how much when not everybody can pay everything.
//!
//! One solver stands behind every family: claims by rank, equity holdings as the last rank, and the part of a
//! defaulter's assets that is recovered. Eisenberg and Noe (2001) is one rank with full recovery, Rogers and
//! Veraart (2013) adds the recovered shares, Elsinger (2009) the ranks and the holdings. Reading order:
//! [`claims`] (the network), [`ranked`] (rounds of fictitious default), `settle` (payments for a given set of
//! defaulters), `block` (the linear system inside).

pub mod audit;
pub mod batch;
mod block;
pub mod claims;
pub mod dense;
mod elimination;
pub mod error;
mod krylov;
pub mod ranked;
pub mod sensitivity;
mod settle;
mod state;

pub use claims::{Claims, OUTSIDE, RankedClaims, Totals};
pub use error::ClearingError;
pub use ranked::{Outcome, RankedSystem, Workspace, clear_ranked, clear_ranked_least};

//! Clearing vectors: who pays how much when not everybody can pay everything.
//!
//! One solver stands behind every family: claims by rank, equity holdings as the last rank, and the part of a
//! defaulter's assets that is recovered. Eisenberg and Noe (2001) is one rank with full recovery, Rogers and
//! Veraart (2013) adds the recovered shares, Elsinger (2009) the ranks and the holdings. Reading order:
//! [`source`] (the network), [`ranked`] (rounds of fictitious default), `settle` (payments for a given set of
//! defaulters), `block` (the linear system inside). Contagion without clearing has a file per method.

pub mod audit;
pub mod batch;
mod block;
mod bulk;
pub mod claims;
pub mod collateral;
pub mod debtrank;
pub mod dense;
mod direct;
mod elimination;
pub mod error;
pub mod failures;
pub mod firesale;
mod krylov;
pub mod links;
pub mod neva;
pub mod normal;
pub mod priority;
pub mod ranked;
mod results;
mod rows;
pub mod sensitivity;
mod settle;
pub mod source;
pub mod staged;
mod state;
mod sweep;
pub mod system;
pub mod threshold;
mod workspace;

pub use claims::{Claims, RankedClaims, Totals};
pub use error::ClearingError;
pub use ranked::{Outcome, Settled, clear_ranked, clear_ranked_least};
pub use source::{ClaimSource, OUTSIDE, Ranks};
pub use system::System;
pub use workspace::Workspace;

//! Clearing vectors: who pays how much when not everybody can pay everything.
//!
//! One solver stands behind every family: claims by rank, equity holdings as the last rank, and the part of a
//! defaulter's assets that is recovered. Eisenberg and Noe (2001) is one rank with full recovery, Rogers and
//! Veraart (2013) adds the recovered shares, Elsinger (2009) the ranks and the holdings. Reading order:
//! [`source`] (the network), [`ranked`] (rounds of fictitious default), `settle` (payments for a given set of
//! defaulters), `block` (the linear system inside). Contagion without clearing has a file per method.
//!
//! - Clearing: [`ranked`] (the general solver, lazily from any [`ClaimSource`]), [`batch`] (many systems of one shape, with
//!   the fast plain solver where there is one rank), [`dense`] (full matrices), [`sensitivity`], [`priority`], [`audit`]
//! - Contagion: [`debtrank`], [`threshold`], [`failures`], [`firesale`], [`collateral`], [`neva`], [`staged`]
//!
//! ```
//! use cashcade_clearing::batch::{Extreme, Nodes, Rows, clear_batch};
//! use cashcade_clearing::{ClearingError, RankedClaims};
//!
//! # fn main() -> Result<(), ClearingError> {
//! // Node 0 has 6 and owes 10 to node 1, which owes nobody.
//! let claims = RankedClaims::new(&[0, 1, 1], &[1], &[1], &[10.0], 1)?;
//! let (outside, kept) = ([6.0, 0.0], [1.0, 1.0]);
//! let nodes = Nodes {
//!     outside: Rows::new(&outside, 2),
//!     alpha: Rows::new(&kept, 2),
//!     beta: Rows::new(&kept, 2),
//!     hard_ranks: 1,
//! };
//! let cleared = clear_batch(1, |_| Ok(claims), &nodes, Extreme::Greatest)?;
//! assert_eq!(cleared.paid_share[0], 0.6);
//! # Ok(())
//! # }
//! ```

pub mod audit;
pub mod batch;
mod block;
mod bulk;
pub mod claims;
pub mod collateral;
mod debtor;
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

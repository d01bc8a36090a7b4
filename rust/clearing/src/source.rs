//! Where a clearing reads its network: anything that can list the claims on a node.

/// A node defaults when its assets miss its hard claims by more than this share of them (and by more than the
/// rounding of its balance sheet).
pub const TIE: f64 = 1e-12;

/// Creditor of a claim held by somebody outside the network.
pub const OUTSIDE: u32 = u32::MAX;

/// How many ranks of claims there are, the most senior being 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranks {
    /// Missing any claim of a rank up to this one is default; later ranks give way without default.
    pub hard: u8,
    /// The last rank. Rank `all + 1` marks equity.
    pub all: u8,
}

/// A network to be cleared, read lazily: only nodes that a shortfall reaches are asked for their claims.
///
/// All amounts are in one currency, finite and at least 0.
pub trait ClaimSource {
    /// Number of nodes.
    fn nodes(&self) -> usize;

    /// Cash plus inflow from outside of `node`, the part of its assets that `alpha` applies to.
    fn outside(&self, node: usize) -> f64;

    /// What is left of `node` if everybody pays all debts in full; negative if that is not enough.
    fn slack(&self, node: usize) -> f64;

    /// Share of outside assets that `node` keeps in default, in `[0, 1]`.
    fn alpha(&self, node: usize) -> f64;

    /// Share of what others pay that `node` keeps in default, in `[0, 1]`.
    fn beta(&self, node: usize) -> f64;

    /// Call `visitor(creditor, rank, amount)` for every claim on `debtor`.
    ///
    /// The creditor is another node or [`OUTSIDE`]. In the rank after the last, `amount` is the share of the equity
    /// of `debtor` that `creditor` owns.
    fn visit(&self, debtor: usize, visitor: &mut impl FnMut(u32, u8, f64));

    /// What a shortfall of `node` must exceed to be one, its balance sheet (dues, receipts, cash) being `gross`.
    fn rounding(&self, _node: usize, gross: f64) -> f64 {
        1e-14 * gross
    }

    /// True when some node owns equity of another, so that losses reach owners before anybody falls short.
    fn has_holdings(&self) -> bool {
        false
    }
}

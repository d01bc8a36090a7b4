//! Phase 8: public companies short of runway sell new shares.

use crate::block::Block;
use crate::books::Party;
use crate::column::{LANES, Row, ZERO};
use crate::draw::{Stream, uniforms};
use crate::events::Why;
use crate::exits::Effect;
use crate::ledger;
use crate::model::apart::apart;
use crate::model::liquidity;
use crate::model::listed::is_listed;
use crate::model::windows::{self, Window};
use crate::pack::{Mask, Packs, packs};
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* issues {
            parameters {
                company {
                    public: Flag, 0.0, 1.0, Some(0.0), false, "Whether its shares are traded at the start.";
                    equity_runway: Months, 0.0, 120.0, Some(0.0), true, "Runway below which a public company sells new shares; 0: never.", off 0.0;
                }
                market {
                    equity_open: Fraction, 0.0, 1.0, Some(0.95), true, "Chance that a sale of new public shares succeeds when funding is open.";
                    equity_normal: Fraction, 0.0, 1.0, Some(0.85), true, "Chance that a sale of new public shares succeeds when funding is normal.";
                    equity_shut: Fraction, 0.0, 1.0, Some(0.4), true, "Chance that a sale of new public shares succeeds when funding is shut.";
                    equity_closed: Fraction, 0.0, 1.0, Some(0.5), true, "Factor on that chance while the listing window is closed.";
                    equity_share: Fraction, 0.0, 1.0, Some(0.1), true, "Largest sale of new public shares in a month, as a share of the fair value.";
                    equity_discount_open: Fraction, 0.0, 1.0, Some(0.05), true, "Discount on new public shares when funding is open.";
                    equity_discount_normal: Fraction, 0.0, 1.0, Some(0.1), true, "Discount on new public shares when funding is normal.";
                    equity_discount_shut: Fraction, 0.0, 1.0, Some(0.3), true, "Discount on new public shares when funding is shut.";
                }
            }
            variables {
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether any public company may sell new shares.
    pub issues: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        Self { issues: !p.company.equity_runway.all_of(zero) }
    }
}

pub use crate::model::Nothing as Scratch;

/// A public company short of runway sells new shares.
#[inline(always)]
pub fn issue<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let mut shorts = ZERO;
    for k in packs::<S>() {
        shorts.put(k, short(s, block, i, k).choose(1.0, 0.0));
    }
    if shorts != ZERO {
        sell(block, i, month, &shorts);
    }
}

/// Whether a company may sell shares and is short of runway.
#[inline(always)]
fn short<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Mask<S> {
    let (c, below) = (&block.state.company, block.parameters.company.equity_runway.of(i).pack(s, k));
    let short = c.runway[i].pack(s, k).below(below) & c.valuation[i].pack(s, k).above(0.0);
    short & is_public(s, block, i, k) & is_free(s, block, i, k)
}

/// Whether nobody has bought or licensed a company, and so raises money for it.
#[inline(always)]
#[must_use]
pub fn is_free<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Mask<S> {
    let exit = block.state.company.exit.get(i).unwrap_or(&ZERO).pack(s, k);
    exit.equals(0.0) | exit.above(Effect::Licence.mark())
}

/// Shares are sold on the paths where the market takes them.
#[inline(never)]
fn sell(block: &mut Block<'_>, i: usize, month: u32, shorts: &Row) {
    let luck = uniforms(&block.draws.words(Stream::Round, block.addresses.company[i], month)[2]);
    let seen = windows::regime(block, Window::Shares);
    for l in (0..LANES).filter(|&l| shorts[l] > 0.0) {
        let m = &block.parameters.market;
        let regime = seen[l] as usize;
        let chance = [&m.equity_open, &m.equity_normal, &m.equity_shut][regime].at(0, l);
        let is_open = block.state.market.listing[0][l] > 0.0 || block.plan.on.windows.moves;
        let window = if is_open { 1.0 } else { m.equity_closed.at(0, l) };
        let discounts = [&m.equity_discount_open, &m.equity_discount_normal, &m.equity_discount_shut];
        let price = 1.0 - discounts[regime].at(0, l);
        let sold = luck[l] < chance * window;
        windows::note(block, l, !sold);
        if !sold {
            let held = [block.state.company.runway[i][l], block.parameters.company.equity_runway.at(i, l)];
            ledger::note(block, l, Party::Company(i), Party::Capital, Why::RefusedIssue, held);
        }
        if sold {
            let m = &block.parameters.market;
            let fair = block.state.company.valuation[i][l];
            let need = liquidity::needs_at(block, i, l, block.parameters.company.round_months.at(i, l));
            let raised = need.min(m.equity_share.at(0, l) * fair * price);
            block.scratch.funding.has_raised[i] = true;
            block.state.company.raised[i][l] = raised;
            ledger::pay(block, l, Party::Capital, Party::Company(i), raised, Why::Issue);
        }
    }
}

/// Whether a company sells shares in the public market rather than trying rounds.
#[inline(always)]
#[must_use]
pub fn is_public<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Mask<S> {
    block.parameters.company.equity_runway.of(i).pack(s, k).above(0.0) & is_listed(s, block, i, k)
}

apart! {
    issue_apart(s, block, i: usize, month: u32) -> () { issue(s, block, i, month) }
}

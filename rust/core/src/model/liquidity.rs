//! Phase 12: runway that sees the end of credit lines.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::model::apart::apart;
use crate::model::{credit, project_loans};
use crate::pack::{Pack, Packs, packs};
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* liquidity {
            parameters {
                market {
                    sees_lines: Flag, 0.0, 1.0, Some(0.0), false, "Whether runway sees the end of credit lines, in place of taking draws for income.", off 0.0;
                }
            }
            variables {
                company {
                    smooth_drawn: UsdPerMonth, None, "Draws for capex and purchases, smoothed over about three months, where runway sees lines.", |plan, _| plan.on.liquidity.any;
                    lines: Usd, None, "What it may still draw for capex and purchases, where runway sees lines.", |plan, _| plan.on.liquidity.any;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the runway of anybody sees lines.
    pub any: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        Self { any: !world.parameters.market.sees_lines.all_of(|flag| flag == 0.0) }
    }
}

pub use crate::model::Nothing as Scratch;

/// Months of runway beyond which nobody counts.
const MOST_RUNWAY: f64 = 120.0;

/// Cash burnt a month at a smoothed net cash flow: nothing where it is no more than rounding.
#[inline(always)]
#[must_use]
pub fn burn<S: Simd>(smooth_flow: Pack<S>, least: Pack<S>) -> Pack<S> {
    let burn = -smooth_flow;
    burn.above(least).choose(burn, 0.0)
}

/// Months that cash lasts at a burn.
#[inline(always)]
#[must_use]
pub fn runway<S: Simd>(cash: Pack<S>, burn: Pack<S>) -> Pack<S> {
    burn.above(0.0).choose((cash / burn).at_most(MOST_RUNWAY), MOST_RUNWAY)
}

/// Cash burnt a month on one path: nothing where it is no more than rounding.
#[must_use]
pub fn burn_at(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let burn = -block.state.company.smooth_flow[i][l];
    if burn > block.derived.least_burn.at(i, l) { burn } else { 0.0 }
}

/// Measures what a company draws and may still draw, and sees it in its runway.
#[inline(always)]
pub fn see<S: Simd>(s: S, block: &mut Block<'_>, i: usize, month: u32) {
    let (lines, weight) = (open_lines(block, i, month), if month == 1 { 1.0 } else { 1.0 / 3.0 });
    let sees = block.parameters.market.sees_lines.of(0);
    let c = &mut block.state.company;
    let (alive, drawn, smooth) = (&c.alive[i], &c.drawn[i], &mut c.smooth_drawn[i]);
    for k in packs::<S>() {
        let (alive, old) = (alive.pack(s, k) * sees.pack(s, k), smooth.pack(s, k));
        smooth.put(k, alive * (old + (drawn.pack(s, k) - old) * weight));
        c.lines[i].put(k, alive * lines.pack(s, k));
    }
    see_anew(s, block, i);
}

/// Sees lines and draws as they stand in the runway of a company, which is that of its cash alone before.
#[inline(always)]
pub fn see_anew<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let (c, least) = (&mut block.state.company, block.derived.least_burn.of(i));
    for k in packs::<S>() {
        let (least, pace, alone) = (least.pack(s, k), c.smooth_drawn[i].pack(s, k), c.runway[i].pack(s, k));
        let burnt = burn(c.smooth_flow[i].pack(s, k), least);
        let whole = (c.cash[i].pack(s, k) + c.lines[i].pack(s, k)) / (burnt + pace);
        c.runway[i].put(k, pace.above(least).choose(alone.at_most(whole), alone));
    }
}

/// Sum of what is left of lines that a company may draw for what it spends.
fn open_lines(block: &Block<'_>, i: usize, month: u32) -> Row {
    let (mut lines, p) = (ZERO, &block.parameters.loan);
    for k in block.plan.loans.of(i).iter().map(|&k| k as usize) {
        let loan = &block.state.loan;
        for l in (0..LANES).filter(|&l| loan.undrawn[k][l] > 0.0) {
            let finances =
                (p.draw_share.at(k, l) > 0.0 && project_loans::builds(block, k, l)) || p.draw_purchases.at(k, l) > 0.0;
            let open = loan.accelerated[k][l] == 0.0 && loan.maturity[k][l] > f64::from(month);
            lines[l] += if finances && open && credit::may_draw(block, k, l) { loan.undrawn[k][l] } else { 0.0 };
        }
    }
    lines
}

/// Months that free cash and lines of a company last if all plans are kept, of those that its free cash alone lasts.
#[inline(always)]
#[must_use]
pub fn lasts<S: Simd>(
    s: S,
    block: &Block<'_>,
    [i, k]: [usize; 2],
    [free, need]: [Pack<S>; 2],
    alone: Pack<S>,
) -> Pack<S> {
    let (c, least) = (&block.state.company, block.derived.least_burn.of(i).pack(s, k));
    let (pace, lines) = (c.smooth_drawn[i].pack(s, k), c.lines[i].pack(s, k));
    let gross = need + pace;
    (pace.above(least) & gross.above(least)).choose(alone.at_most((free + lines) / gross), alone)
}

/// Cash that some months take of a company, once lines have ended, from what it burns after draws.
#[inline(always)]
#[must_use]
pub fn needs<S: Simd>(s: S, block: &Block<'_>, [i, k]: [usize; 2], months: Pack<S>, burn: Pack<S>) -> Pack<S> {
    let (alone, c) = (months * burn, &block.state.company);
    if !block.plan.on.liquidity.any {
        return alone;
    }
    let (pace, lines) = (c.smooth_drawn[i].pack(s, k), c.lines[i].pack(s, k));
    let whole = months * (burn + pace) - lines;
    pace.above(block.derived.least_burn.of(i).pack(s, k)).choose(alone.at_least(whole), alone)
}

/// Pace of draws of a company and what is left of its lines, on one path: nothing where runway does not see them.
fn pace_at(block: &Block<'_>, i: usize, l: usize) -> (f64, f64) {
    let c = &block.state.company;
    let pace = c.smooth_drawn.get(i).map_or(0.0, |row| row[l]);
    if pace > block.derived.least_burn.at(i, l) { (pace, c.lines[i][l]) } else { (0.0, 0.0) }
}

/// Cash that some months take of a company on one path, once lines have ended.
#[must_use]
pub fn needs_at(block: &Block<'_>, i: usize, l: usize, months: f64) -> f64 {
    let (burn, (pace, lines)) = (burn_at(block, i, l), pace_at(block, i, l));
    let alone = months * burn;
    if pace > 0.0 { alone.max(months * (burn + pace) - lines) } else { alone }
}

/// Means that runway of a company counts on one path: cash, and lines where they matter.
#[must_use]
pub fn means_at(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let (cash, (pace, lines)) = (block.state.company.cash[i][l], pace_at(block, i, l));
    let burn = burn_at(block, i, l);
    if pace > 0.0 && burn * lines <= pace * cash { cash + lines } else { cash }
}

apart! {
    see_apart(s, block, i: usize, month: u32) -> () { see(s, block, i, month) }
}

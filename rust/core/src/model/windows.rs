//! Phase 1: four windows for money (venture, credit, shares, listings), each shut and opened with chances that follow the state of the economy.

use crate::block::Block;
use crate::carry;
use crate::column::{Column, LANES, Row, ZERO, zeros};
use crate::draw::{Stream, uniforms};
use crate::model::apart::apart;
use crate::needed::Needed;
use crate::pack::{Mask, Operand, Pack, Packs, packs};
use crate::plan::Plan;
use crate::scratch::Keep;
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* windows {
            parameters {
                market {
                    windows: Flag, 0.0, 1.0, Some(0.0), false, "Whether four windows with chances of their own take the place of the chain of funding regimes.", off 0.0;
                    credit_window: Flag, 0.0, 1.0, Some(1.0), false, "Whether the credit window is open at the start.";
                    shares_window: Flag, 0.0, 1.0, Some(1.0), false, "Whether the window of public shares is open at the start.";
                    windows_common: Fraction, 0.0, 1.0, Some(0.3), true, "Share of months in which a window hangs on the luck that all windows have in common.";
                    usual_losses: UsdPerYear, 0.0, LARGEST, Some(0.0), false, "Debt that fails in a usual year; 0: losses do not move windows.", off 0.0;
                    venture_shuts: Ratio, -20.0, 20.0, Some(-5.26), true, "Log odds a month that the venture window shuts, in the state of the start.";
                    venture_shuts_drawdown: Ratio, -20.0, 20.0, Some(0.58), true, "Their gain per tenth of drawdown of the index of listed companies.", off 0.0;
                    venture_shuts_losses: Ratio, -20.0, 20.0, Some(0.31), true, "Their gain per unit of credit losses of a year over the usual, less one.", off 0.0;
                    venture_shuts_strain: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of log of AI capex over AI revenue, over that of the start.", off 0.0;
                    venture_shuts_refused: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of the share of rounds, refinancings and share sales refused.", off 0.0;
                    venture_opens: Ratio, -20.0, 20.0, Some(-2.37), true, "Log odds a month that the venture window opens, in the state of the start.";
                    venture_opens_drawdown: Ratio, -20.0, 20.0, Some(-0.26), true, "Their gain per tenth of drawdown of the index of listed companies.", off 0.0;
                    venture_opens_losses: Ratio, -20.0, 20.0, Some(-0.09), true, "Their gain per unit of credit losses of a year over the usual, less one.", off 0.0;
                    venture_opens_strain: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of log of AI capex over AI revenue, over that of the start.", off 0.0;
                    venture_opens_refused: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of the share of rounds, refinancings and share sales refused.", off 0.0;
                    credit_shuts: Ratio, -20.0, 20.0, Some(-4.55), true, "Log odds a month that the credit window shuts, in the state of the start.";
                    credit_shuts_drawdown: Ratio, -20.0, 20.0, Some(0.46), true, "Their gain per tenth of drawdown of the index of listed companies.", off 0.0;
                    credit_shuts_losses: Ratio, -20.0, 20.0, Some(0.19), true, "Their gain per unit of credit losses of a year over the usual, less one.", off 0.0;
                    credit_shuts_strain: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of log of AI capex over AI revenue, over that of the start.", off 0.0;
                    credit_shuts_refused: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of the share of rounds, refinancings and share sales refused.", off 0.0;
                    credit_opens: Ratio, -20.0, 20.0, Some(-1.69), true, "Log odds a month that the credit window opens, in the state of the start.";
                    credit_opens_drawdown: Ratio, -20.0, 20.0, Some(-0.22), true, "Their gain per tenth of drawdown of the index of listed companies.", off 0.0;
                    credit_opens_losses: Ratio, -20.0, 20.0, Some(-0.18), true, "Their gain per unit of credit losses of a year over the usual, less one.", off 0.0;
                    credit_opens_strain: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of log of AI capex over AI revenue, over that of the start.", off 0.0;
                    credit_opens_refused: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of the share of rounds, refinancings and share sales refused.", off 0.0;
                    shares_shuts: Ratio, -20.0, 20.0, Some(-4.6), true, "Log odds a month that the window of public shares shuts, in the state of the start.";
                    shares_shuts_drawdown: Ratio, -20.0, 20.0, Some(0.45), true, "Their gain per tenth of drawdown of the index of listed companies.", off 0.0;
                    shares_shuts_losses: Ratio, -20.0, 20.0, Some(0.2), true, "Their gain per unit of credit losses of a year over the usual, less one.", off 0.0;
                    shares_shuts_strain: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of log of AI capex over AI revenue, over that of the start.", off 0.0;
                    shares_shuts_refused: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of the share of rounds, refinancings and share sales refused.", off 0.0;
                    shares_opens: Ratio, -20.0, 20.0, Some(-2.0), true, "Log odds a month that the window of public shares opens, in the state of the start.";
                    shares_opens_drawdown: Ratio, -20.0, 20.0, Some(-0.2), true, "Their gain per tenth of drawdown of the index of listed companies.", off 0.0;
                    shares_opens_losses: Ratio, -20.0, 20.0, Some(-0.2), true, "Their gain per unit of credit losses of a year over the usual, less one.", off 0.0;
                    shares_opens_strain: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of log of AI capex over AI revenue, over that of the start.", off 0.0;
                    shares_opens_refused: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of the share of rounds, refinancings and share sales refused.", off 0.0;
                    listings_shuts: Ratio, -20.0, 20.0, Some(-4.57), true, "Log odds a month that the listing window shuts, in the state of the start.";
                    listings_shuts_drawdown: Ratio, -20.0, 20.0, Some(0.51), true, "Their gain per tenth of drawdown of the index of listed companies.", off 0.0;
                    listings_shuts_losses: Ratio, -20.0, 20.0, Some(0.19), true, "Their gain per unit of credit losses of a year over the usual, less one.", off 0.0;
                    listings_shuts_strain: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of log of AI capex over AI revenue, over that of the start.", off 0.0;
                    listings_shuts_refused: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of the share of rounds, refinancings and share sales refused.", off 0.0;
                    listings_opens: Ratio, -20.0, 20.0, Some(-2.15), true, "Log odds a month that the listing window opens, in the state of the start.";
                    listings_opens_drawdown: Ratio, -20.0, 20.0, Some(-0.1), true, "Their gain per tenth of drawdown of the index of listed companies.", off 0.0;
                    listings_opens_losses: Ratio, -20.0, 20.0, Some(-0.29), true, "Their gain per unit of credit losses of a year over the usual, less one.", off 0.0;
                    listings_opens_strain: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of log of AI capex over AI revenue, over that of the start.", off 0.0;
                    listings_opens_refused: Ratio, -20.0, 20.0, Some(0.0), true, "Their gain per unit of the share of rounds, refinancings and share sales refused.", off 0.0;
                }
            }
            variables {
                market {
                    credit_window: Flag, Some([0.0, 1.0]), "Whether the credit window is open.";
                    shares_window: Flag, Some([0.0, 1.0]), "Whether the window of public shares is open.";
                    tries: Ratio, None, "Rounds, refinancings and sales of public shares tried this month.", |_, needed| needed.tries;
                    refusals: Ratio, None, "Those of them that failed.", |_, needed| needed.tries;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the windows move by themselves.
    pub moves: bool,
    /// Whether AI capex over AI revenue counts.
    pub strain: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters.market;
        let zero = |value: f64| value == 0.0;
        let moves = !p.windows.all_of(zero);
        let strain = table(p).into_iter().flatten().any(|odds| !odds[STRAIN].all_of(zero));
        Self { moves, strain: moves && strain }
    }
}

/// Months of which the highest index counts.
const MEMORY: usize = 24;

/// Place of the strain among base and coefficients.
const STRAIN: usize = 3;

/// Log odds beyond which nothing is chance.
const MOST_ODDS: f64 = 40.0;

/// Losses over the usual, less one, beyond which more of them change nothing.
const MOST_LOSSES: f64 = 10.0;

/// Strain over that of the start beyond which more of it changes nothing.
const MOST_STRAIN: f64 = 1e3;

/// Part of smoothed tries that is left a month later.
const KEPT: f64 = 5.0 / 6.0;

/// Part of the losses of a year that is left a month later.
const LEFT: f64 = 11.0 / 12.0;

/// A window that the regime does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Junk and project credit.
    Credit,
    /// New shares of listed companies.
    Shares,
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Index of the last months.
    index: Vec<Row>,
    /// Losses of a year.
    losses: Row,
    /// Debt that had failed when they were last looked at.
    failed: Row,
    /// AI capex over AI revenue at the start, above and below the line.
    first: [Row; 2],
    /// Smoothed tries and refusals.
    tries: Row,
    /// See `tries`.
    refusals: Row,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        Self {
            index: if plan.on.windows.moves { zeros(ZERO, MEMORY) } else { Vec::new() },
            losses: ZERO,
            failed: ZERO,
            first: [ZERO; 2],
            tries: ZERO,
            refusals: ZERO,
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.index.fill(ZERO);
        for row in [&mut self.losses, &mut self.failed, &mut self.tries, &mut self.refusals] {
            *row = ZERO;
        }
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.index, visit);
        carry::rows(&mut self.first, visit);
        for row in [&mut self.losses, &mut self.failed, &mut self.tries, &mut self.refusals] {
            visit(&mut row.0);
        }
    }
}

/// Base and coefficients of shutting and of opening: venture, credit, shares, listings.
fn table(p: &crate::variables::parameters::Market) -> [[[&Column; 5]; 2]; 4] {
    [
        [
            [
                &p.venture_shuts,
                &p.venture_shuts_drawdown,
                &p.venture_shuts_losses,
                &p.venture_shuts_strain,
                &p.venture_shuts_refused,
            ],
            [
                &p.venture_opens,
                &p.venture_opens_drawdown,
                &p.venture_opens_losses,
                &p.venture_opens_strain,
                &p.venture_opens_refused,
            ],
        ],
        [
            [
                &p.credit_shuts,
                &p.credit_shuts_drawdown,
                &p.credit_shuts_losses,
                &p.credit_shuts_strain,
                &p.credit_shuts_refused,
            ],
            [
                &p.credit_opens,
                &p.credit_opens_drawdown,
                &p.credit_opens_losses,
                &p.credit_opens_strain,
                &p.credit_opens_refused,
            ],
        ],
        [
            [
                &p.shares_shuts,
                &p.shares_shuts_drawdown,
                &p.shares_shuts_losses,
                &p.shares_shuts_strain,
                &p.shares_shuts_refused,
            ],
            [
                &p.shares_opens,
                &p.shares_opens_drawdown,
                &p.shares_opens_losses,
                &p.shares_opens_strain,
                &p.shares_opens_refused,
            ],
        ],
        [
            [
                &p.listings_shuts,
                &p.listings_shuts_drawdown,
                &p.listings_shuts_losses,
                &p.listings_shuts_strain,
                &p.listings_shuts_refused,
            ],
            [
                &p.listings_opens,
                &p.listings_opens_drawdown,
                &p.listings_opens_losses,
                &p.listings_opens_strain,
                &p.listings_opens_refused,
            ],
        ],
    ]
}

/// Moves the windows by a month; fear shuts all.
#[inline(always)]
pub fn advance<S: Simd>(s: S, block: &mut Block<'_>, month: u32, afraid: &[bool; LANES]) {
    observe(block, month);
    let seen = states(s, block, month);
    let common = uniforms(&block.draws.words(Stream::Window, 0, month)[2]);
    for number in 0..4 {
        let words = block.draws.words(Stream::Window, number as u32, month);
        let (own, which) = (uniforms(&words[0]), uniforms(&words[1]));
        let (share, [shuts, opens]) =
            (block.parameters.market.windows_common.of(0), table(&block.parameters.market)[number]);
        let mut opened = ZERO;
        for k in packs::<S>() {
            let shared = which.pack(s, k).below(share.pack(s, k));
            let luck = shared.choose(common.pack(s, k), own.pack(s, k));
            let kept = luck.below(hazard(s, shuts, k, &seen)).choose(0.0, 1.0);
            let begun = (1.0 - luck).below(hazard(s, opens, k, &seen)).choose(1.0, 0.0);
            opened.put(k, is_open(s, block, number, k).choose(kept, begun));
        }
        for l in 0..LANES {
            set(block, number, l, opened[l] > 0.0 && !afraid[l]);
        }
    }
}

/// Forgets the tries of the month before, once they are seen.
#[inline(always)]
pub fn forget(block: &mut Block<'_>) {
    let m = &mut block.state.market;
    m.tries.fill(ZERO);
    m.refusals.fill(ZERO);
}

/// Counts what was tried, and whether it was refused.
#[inline(always)]
pub fn note(block: &mut Block<'_>, l: usize, refused: bool) {
    if block.needed.tries {
        let m = &mut block.state.market;
        m.tries[0][l] += 1.0;
        m.refusals[0][l] += f64::from(u8::from(refused));
    }
}

/// Regime that lenders, or buyers of public shares, see: 0 open, 1 normal, 2 shut.
#[inline(always)]
#[must_use]
pub fn regime(block: &Block<'_>, window: Window) -> Row {
    let m = &block.state.market;
    if !block.plan.on.windows.moves {
        return m.regime[0];
    }
    let is_open = if window == Window::Credit { &m.credit_window[0] } else { &m.shares_window[0] };
    is_open.map(|open| if open > 0.0 { 0.0 } else { 2.0 })
}

/// Notes what hazards of the month look at.
fn observe(block: &mut Block<'_>, month: u32) {
    let now = block.state.market.index[0];
    let (m, x) = (&block.state.market, &mut block.scratch.windows);
    x.index[(month as usize - 1) % MEMORY] = now;
    if month == 1 {
        x.losses = block.parameters.market.usual_losses.row(0);
        x.first = [m.ai_capex[0], m.ai_revenue[0]];
    }
    let (tries, refusals) = (&m.tries[0], &m.refusals[0]);
    for l in 0..LANES {
        if month > 1 {
            x.losses[l] = x.losses[l] * LEFT + (m.failed_debt[0][l] - x.failed[l]);
        }
        x.failed[l] = m.failed_debt[0][l];
        x.tries[l] = x.tries[l] * KEPT + tries[l];
        x.refusals[l] = x.refusals[l] * KEPT + refusals[l];
    }
}

/// Drawdown, losses, strain and refusals, as the hazards see them.
#[inline(always)]
fn states<S: Simd>(s: S, block: &Block<'_>, month: u32) -> [Row; 4] {
    let (x, mut seen) = (&block.scratch.windows, [ZERO; 4]);
    for k in packs::<S>() {
        let now = x.index[(month as usize - 1) % MEMORY].pack(s, k);
        let mut highest = 0.0.packed(s);
        for row in &x.index {
            highest = highest.at_least(row.pack(s, k));
        }
        let usual = block.parameters.market.usual_losses.of(0).pack(s, k);
        let losses = (x.losses.pack(s, k) / usual - 1.0).at_most(MOST_LOSSES);
        seen[0].put(k, 10.0 * (1.0 - now / highest));
        seen[1].put(k, usual.above(0.0).choose(losses, 0.0));
        if block.plan.on.windows.strain {
            seen[2].put(k, strain(s, block, k));
        }
        seen[3].put(k, x.refusals.pack(s, k) / (1.0 + x.tries.pack(s, k)));
    }
    seen
}

/// Log of AI capex over AI revenue, over that of the start.
#[inline(always)]
fn strain<S: Simd>(s: S, block: &Block<'_>, k: usize) -> Pack<S> {
    let (m, [capex, revenue]) = (&block.state.market, &block.scratch.windows.first);
    let (capex, revenue) = (capex.pack(s, k), revenue.pack(s, k));
    let (above, below) = (m.ai_capex[0].pack(s, k) * revenue, m.ai_revenue[0].pack(s, k) * capex);
    let ratio = below.above(0.0).choose(above / below, MOST_STRAIN).within([1.0 / MOST_STRAIN, MOST_STRAIN]).ln();
    let strain = above.above(0.0).choose(ratio, -MOST_STRAIN.packed(s).ln());
    (capex.above(0.0) & revenue.above(0.0)).choose(strain, 0.0)
}

/// Chance of a month, from base, coefficients and states.
#[inline(always)]
fn hazard<S: Simd>(s: S, odds: [&Column; 5], k: usize, seen: &[Row; 4]) -> Pack<S> {
    let [base, coefficients @ ..] = odds;
    let mut odds = base.of(0).pack(s, k);
    for (column, value) in coefficients.iter().zip(seen) {
        odds += column.of(0).pack(s, k) * value.pack(s, k);
    }
    1.0 / (1.0 + (-odds.within([-MOST_ODDS, MOST_ODDS])).exp())
}

/// Whether a window is open: venture, credit, shares, listings.
#[inline(always)]
fn is_open<S: Simd>(s: S, block: &Block<'_>, number: usize, k: usize) -> Mask<S> {
    let m = &block.state.market;
    match number {
        0 => m.regime[0].pack(s, k).below(2.0),
        1 => m.credit_window[0].pack(s, k).above(0.0),
        2 => m.shares_window[0].pack(s, k).above(0.0),
        _ => m.listing[0].pack(s, k).above(0.0),
    }
}

/// Opens or shuts a window.
fn set(block: &mut Block<'_>, number: usize, l: usize, open: bool) {
    let m = &mut block.state.market;
    let flag = f64::from(u8::from(open));
    match number {
        0 => m.regime[0][l] = 2.0 - 2.0 * flag,
        1 => m.credit_window[0][l] = flag,
        2 => m.shares_window[0][l] = flag,
        _ => m.listing[0][l] = flag,
    }
}

apart! {
    advance_apart(s, block, month: u32, afraid: [bool; LANES]) -> () { advance(s, block, month, &afraid) }
}

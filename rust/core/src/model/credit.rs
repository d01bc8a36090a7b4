//! Terms of lenders: spreads for the leverage of a borrower and for their own losses, and how much they refuse.

use crate::block::Block;
use crate::column::Row;
use crate::column::ZERO;
use crate::column::zeros;
use crate::model::apart::apart;
use crate::model::project_loans;
use crate::model::windows::{self, Window};
use crate::needed::Needed;
use crate::pack::{Operand, Pack, Packs, packs};
use crate::plan::Plan;
use crate::rounding::beyond;
use crate::scratch::Keep;
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* credit {
            parameters {
                company {
                    lending_capacity: Usd, 0.0, LARGEST, Some(0.0), true, "Losses at which it lends on the hardest terms; 0: its loss capacity.";
                }
                loan {
                    draw_runway: Months, 0.0, 120.0, Some(0.0), true, "Runway below which the borrower draws what restores it; 0: never.", off 0.0;
                    draw_unless_shut: Flag, 0.0, 1.0, Some(0.0), false, "Whether nothing can be drawn while funding is shut.";
                    max_leverage: Ratio, 0.0, 100.0, Some(0.0), true, "Debt over fair value of the borrower from which on nothing can be drawn; 0: no limit.";
                    converts: Flag, 0.0, 1.0, Some(0.0), false, "Whether the balance becomes equity at the next round.";
                }
                market {
                    spread_leverage: PerYear, 0.0, 1.0, Some(0.0), true, "Spread of floating and refinanced loans per unit of debt over fair value above what is free.", off 0.0;
                    leverage_free: Ratio, 0.0, 100.0, Some(0.3), true, "Debt over fair value that is free of that spread.";
                    spread_most: PerYear, 0.0, 1.0, Some(0.2), true, "Largest spread for leverage (a twelfth of it a month).";
                    refinance_leverage: Ratio, 0.0, 100.0, Some(0.0), true, "Fall of the log chance to refinance per unit of debt over fair value above what is free.", off 0.0;
                    refinance_spread: Ratio, 0.0, 1000.0, Some(0.0), true, "Fall of the log chance to refinance per unit of spread above that of the normal regime.", off 0.0;
                    tightening: Ratio, 0.0, 100.0, Some(0.0), true, "Part of draws and refinancing that a lender refuses, at losses of all it can bear.", off 0.0;
                    tightening_spread: PerYear, 0.0, 1.0, Some(0.0), true, "Spread that a lender adds to floating and refinanced loans, at losses of all it can bear.", off 0.0;
                }
            }
            variables {
                company {
                    borrowed: UsdPerMonth, None, "Drawn to restore runway, which is new money.", |plan, _| plan.on.credit.standby;
                    leverage: Ratio, None, "Debt over fair value, at most 100.", |_, needed| needed.leverage;
                }
                loan {
                    margin: PerYear, None, "Spread for leverage of the borrower and losses of the lender (a twelfth of it a month).", |plan, _| plan.on.credit.margins;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether leverage of borrowers counts.
    pub uses_leverage: bool,
    /// Whether any loan may pay a spread for leverage or losses of its lender.
    pub margins: bool,
    /// Whether leverage, spreads or losses of lenders count for refinancing.
    pub selective_refinancing: bool,
    /// Whether losses of lenders count for what they lend.
    pub tightens: bool,
    /// Whether any loan is drawn to restore runway.
    pub standby: bool,
    /// Whether any loan becomes equity.
    pub converts: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        Self {
            uses_leverage: !(p.market.spread_leverage.all_of(zero)
                && p.market.refinance_leverage.all_of(zero)
                && p.loan.max_leverage.all_of(zero)
                && p.market.refinance_spread.all_of(zero)),
            margins: !(p.market.spread_leverage.all_of(zero)
                && p.market.tightening_spread.all_of(zero)
                && p.loan.customer_spread.all_of(zero)),
            selective_refinancing: !(p.market.refinance_leverage.all_of(zero)
                && p.market.refinance_spread.all_of(zero)
                && p.market.tightening.all_of(zero)),
            tightens: !p.market.tightening.all_of(zero),
            standby: !p.loan.draw_runway.all_of(zero),
            converts: !p.loan.converts.all_of(zero),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// See `draw`.
    pub standby: Vec<Row>,
    /// The sum that all standby loans of each company offer, and the most that one of them is to restore.
    pub offered: Vec<Row>,
    /// See `offered`.
    pub needed: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        let companies = || zeros(ZERO, c.companies);
        Self {
            standby: if plan.on.credit.standby { zeros(ZERO, c.loans) } else { Vec::new() },
            offered: if plan.on.credit.standby { companies() } else { Vec::new() },
            needed: if plan.on.credit.standby { companies() } else { Vec::new() },
        }
    }
}

impl Keep for Scratch {}

/// Leverage beyond which nobody counts.
const MOST_LEVERAGE: f64 = 100.0;

/// Debt that is none: what rounding leaves, USD.
const DUST: f64 = 1e-6;

/// Debt of a company over its fair value.
#[inline(always)]
pub fn update_leverage<S: Simd>(s: S, block: &mut Block<'_>, i: usize) {
    let c = &mut block.state.company;
    for k in packs::<S>() {
        let (debt, value) = (c.debt[i].pack(s, k), c.valuation[i].pack(s, k));
        let ratio = value.above(0.0).choose((debt / value).at_most(MOST_LEVERAGE), MOST_LEVERAGE);
        let owes = c.alive[i].pack(s, k).above(0.0) & debt.above(DUST);
        c.leverage[i].put(k, owes.choose(ratio, 0.0));
    }
}

/// Leverage above what is free.
#[inline(always)]
fn excess<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Pack<S> {
    let leverage = block.state.company.leverage.get(i).unwrap_or(&ZERO).pack(s, k);
    (leverage - block.parameters.market.leverage_free.of(0).pack(s, k)).at_least(0.0)
}

/// Losses of a lender as a share of what it can bear.
#[inline(always)]
fn stress<S: Simd>(s: S, block: &Block<'_>, lender: i32, k: usize) -> Pack<S> {
    let Ok(i) = usize::try_from(lender) else { return 0.0.packed(s) };
    let (losses, p) = (block.state.company.losses[i].pack(s, k), &block.parameters.company);
    let own = p.lending_capacity.of(i).pack(s, k);
    let capacity = own.above(0.0).choose(own, p.loss_capacity.of(i).pack(s, k));
    let share = losses.below(capacity).choose(losses / capacity, 1.0);
    losses.above(0.0).choose(share, 0.0)
}

/// Spread for leverage of the borrower, losses of the lender and the customer behind a loan.
#[inline(always)]
#[must_use]
pub fn premium<S: Simd>(s: S, block: &Block<'_>, loan: usize, k: usize) -> Pack<S> {
    let m = &block.parameters.market;
    let excess = excess(s, block, block.links.loan.borrower[loan] as usize, k);
    let for_leverage = (m.spread_leverage.of(0).pack(s, k) * excess).at_most(m.spread_most.of(0).pack(s, k));
    let stress = stress(s, block, block.links.loan.lender[loan], k);
    let premium = for_leverage + m.tightening_spread.of(0).pack(s, k) * stress;
    if block.plan.on.project_loans.priced { premium + project_loans::premium(s, block, loan, k) } else { premium }
}

/// Sets the margin of a floating loan; that of others stays.
#[inline(always)]
pub fn price<S: Simd>(s: S, block: &mut Block<'_>, loan: usize) {
    let i = block.links.loan.borrower[loan] as usize;
    let floating = block.parameters.loan.floating.at(loan, 0) > 0.0;
    for k in packs::<S>() {
        let before = block.state.loan.margin[loan].pack(s, k);
        let margin = if floating { premium(s, block, loan, k) } else { before };
        let lives = block.state.company.alive[i].pack(s, k).above(0.0);
        block.state.loan.margin[loan].put(k, lives.choose(margin, 0.0));
    }
}

/// Share of what is asked of a lender that it does not refuse.
#[inline(always)]
#[must_use]
pub fn ease<S: Simd>(s: S, block: &Block<'_>, loan: usize, k: usize) -> Pack<S> {
    let stress = stress(s, block, block.links.loan.lender[loan], k);
    (1.0 - block.parameters.market.tightening.of(0).pack(s, k) * stress).at_least(0.0)
}

/// Factor of leverage, spreads and the lender's losses on the chance to refinance a loan.
#[inline(always)]
#[must_use]
pub fn willingness<S: Simd>(s: S, block: &Block<'_>, loan: usize, k: usize) -> Pack<S> {
    let m = &block.parameters.market;
    let spread = block.state.market.spread[0].pack(s, k) + premium(s, block, loan, k);
    let dearer = (spread - m.spread_normal.of(0).pack(s, k)).at_least(0.0);
    let excess = excess(s, block, block.links.loan.borrower[loan] as usize, k);
    let dear = m.refinance_spread.of(0).pack(s, k) * dearer;
    (-(m.refinance_leverage.of(0).pack(s, k) * excess + dear)).exp() * ease(s, block, loan, k)
}

/// Whether a loan may be drawn at the borrower's leverage and in this regime.
#[must_use]
pub fn may_draw(block: &Block<'_>, k: usize, l: usize) -> bool {
    let p = &block.parameters.loan;
    let (i, most) = (block.links.loan.borrower[k] as usize, p.max_leverage.at(k, l));
    let leverage = block.state.company.leverage.get(i).map_or(0.0, |row| row[l]);
    let withheld = p.draw_unless_shut.at(k, l) > 0.0 && windows::regime(block, Window::Credit)[l] == 2.0;
    !withheld && (most == 0.0 || leverage < most)
}

/// The amount that restores the runway that a loan asks for.
#[must_use]
pub fn need(block: &Block<'_>, k: usize, l: usize) -> f64 {
    let (c, i) = (&block.state.company, block.links.loan.borrower[k] as usize);
    let months = block.parameters.loan.draw_runway.at(k, l);
    if c.runway[i][l] >= months {
        return 0.0;
    }
    beyond(-c.smooth_flow[i][l] * months - c.cash[i][l], c.cash[i][l])
}

/// Loans of a company that say so become equity, at its round: no cash moves, and nobody writes anything off.
pub fn convert(block: &mut Block<'_>, i: usize, l: usize) {
    for &k in block.plan.loans.of(i) {
        let k = k as usize;
        if block.parameters.loan.converts.at(k, l) > 0.0 {
            let balance = std::mem::take(&mut block.state.loan.balance[k][l]);
            block.state.loan.undrawn[k][l] = 0.0;
            if let Some(debt) = block.state.company.debt.get_mut(i) {
                debt[l] -= balance;
            }
        }
    }
}

apart! {
    price_apart(s, block, loan: usize) -> () { price(s, block, loan) }
    update_leverage_apart(s, block, i: usize) -> () { update_leverage(s, block, i) }
}

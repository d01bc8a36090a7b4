//! Phase 8: pledges fall in, and companies short of runway try to raise a round.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::draw::{Stream, uniforms};
use crate::math::{exp, ln};
use crate::month::regimes::by_regime;
use crate::plan::whole;

/// Brings new money in.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    if !block.links.pledge.company.is_empty() {
        block.state.company.pledged.fill(ZERO);
        for k in 0..block.links.pledge.company.len() {
            honour(block, k, month);
        }
    }
    if block.plan.rounds {
        block.state.company.raised.fill(ZERO);
        block.scratch.round_luck = uniforms(&block.draws.words(Stream::Jump, 0, month)[3]);
        for i in 0..block.plan.counts.companies {
            attempt(block, i, month);
        }
    }
}

/// Pays a tranche of a pledge, as far as the investor has the cash.
#[inline(never)]
fn honour(block: &mut Block<'_>, k: usize, month: u32) {
    let p = &block.parameters.pledge;
    let (investor, company) = (block.links.pledge.investor[k], block.links.pledge.company[k] as usize);
    for l in 0..LANES {
        let (first, months) = (whole(p.first_month.at(k, l)), whole(p.months.at(k, l)).max(1.0));
        let within = f64::from(month) >= first && f64::from(month) < first + months;
        let withheld = p.unless_shut.at(k, l) > 0.0 && block.state.market.regime[0][l] == 2.0;
        let c = &mut block.state.company;
        if !within || withheld || c.alive[company][l] == 0.0 {
            continue;
        }
        let mut tranche = p.amount.at(k, l) / months;
        if investor >= 0 {
            let from = investor as usize;
            let spare = c.cash[from][l] - block.parameters.company.minimum_cash.at(from, l);
            tranche = tranche.min(spare.max(0.0)) * c.alive[from][l];
            c.cash[from][l] -= tranche;
            c.pledged[from][l] -= tranche;
        } else {
            block.state.market.capital[0][l] -= tranche;
        }
        c.cash[company][l] += tranche;
        c.pledged[company][l] += tranche;
        block.scratch.flow[l] += tranche;
    }
}

/// A company short of runway tries to raise a round.
#[inline(always)]
fn attempt(block: &mut Block<'_>, i: usize, month: u32) {
    let below = block.parameters.company.round_runway.row(i);
    let c = &block.state.company;
    let (runway, alive) = (&c.runway[i], &c.alive[i]);
    let mut tries = ZERO;
    let mut any = 0.0;
    for l in 0..LANES {
        tries[l] = alive[l] * if runway[l] < below[l] { 1.0 } else { 0.0 };
        any += tries[l];
    }
    if any > 0.0 {
        raise(block, i, month, &tries);
    }
}

/// Rounds on the paths where the company tries.
#[inline(always)]
fn raise(block: &mut Block<'_>, i: usize, month: u32, tries: &Row) {
    let words = block.draws.words(Stream::Round, block.addresses.company[i], month);
    let (own, which) = (uniforms(&words[0]), uniforms(&words[1]));
    let common = block.scratch.round_luck;
    let p = &block.parameters.market;
    let shared = by_regime(block, [&p.luck_open, &p.luck_normal, &p.luck_shut]);
    let chance = chance(block, i);
    for l in 0..LANES {
        let luck = if which[l] < shared[l] { common[l] } else { own[l] };
        if tries[l] > 0.0 && luck < chance[l] {
            close(block, i, l);
        }
    }
}

/// Chance that a round succeeds.
#[inline(always)]
fn chance(block: &Block<'_>, i: usize) -> Row {
    let (p, c) = (&block.parameters.market, &block.state.company);
    let odds = by_regime(block, [&p.odds_open, &p.odds_normal, &p.odds_shut]);
    let (of_growth, of_burn, of_price) = (p.odds_growth.row(0), p.odds_burn.row(0), p.odds_price.row(0));
    let (growth, revenue, burn) = (&c.growth[i], &c.revenue[i], &c.burn[i]);
    let (fair, last) = (&c.valuation[i], &c.last_valuation[i]);
    let mut chance = ZERO;
    for l in 0..LANES {
        let added = revenue[l] * growth[l];
        let multiple = burn[l] / added;
        let multiple = if added > 0.0 && multiple < 10.0 { multiple } else { 10.0 };
        let multiple = if burn[l] > 0.0 { multiple } else { 0.0 };
        let hurdle = last[l] / fair[l];
        let hurdle = if fair[l] > 0.0 && hurdle < 1e6 { hurdle } else { 1e6 };
        let hurdle = if hurdle > 1.0 { hurdle } else { 1.0 };
        let score = odds[l] + of_growth[l] * growth[l] - of_burn[l] * multiple - of_price[l] * ln(hurdle);
        chance[l] = 1.0 / (1.0 + exp(-score));
    }
    chance
}

/// Takes the money of a successful round.
fn close(block: &mut Block<'_>, i: usize, l: usize) {
    let p = &block.parameters.company;
    let c = &mut block.state.company;
    let fair = c.valuation[i][l];
    let raised = (p.round_months.at(i, l) * c.burn[i][l]).min(p.round_share.at(i, l) * fair);
    c.cash[i][l] += raised;
    c.raised[i][l] = raised;
    c.down_rounds[i][l] += if fair < c.last_valuation[i][l] { 1.0 } else { 0.0 };
    c.last_valuation[i][l] = fair + raised;
    block.state.market.capital[0][l] -= raised;
    block.scratch.flow[l] += raised;
}

//! Phase 8: pledges fall in, and companies short of runway try to raise a round.

use crate::block::Block;
use crate::column::{LANES, Row, ZERO};
use crate::draw::Stream;
use crate::math::{exp, ln};
use crate::plan::whole;

/// Brings new money in.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    block.state.company.raised.fill(ZERO);
    block.state.company.pledged.fill(ZERO);
    for k in 0..block.links.pledge.company.len() {
        honour(block, k, month);
    }
    if block.plan.rounds {
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
    let (runway, alive) = (c.runway[i], c.alive[i]);
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
#[inline(never)]
fn raise(block: &mut Block<'_>, i: usize, month: u32, tries: &Row) {
    let address = block.addresses.company[i];
    for l in 0..LANES {
        if tries[l] == 0.0 {
            continue;
        }
        let own = block.draws.uniform(Stream::Round, address, month, 0, l);
        let which = block.draws.uniform(Stream::Round, address, month, 1, l);
        let common = block.draws.uniform(Stream::Jump, 0, month, 3, l);
        let luck = if which < shared_luck(block, l) { common } else { own };
        let fair = block.state.company.valuation[i][l];
        if luck < chance(block, i, l) {
            close(block, i, l, fair);
        }
    }
}

/// Share of rounds that hang on the common luck in the present regime.
fn shared_luck(block: &Block<'_>, l: usize) -> f64 {
    let market = &block.parameters.market;
    [&market.luck_open, &market.luck_normal, &market.luck_shut][block.state.market.regime[0][l] as usize].at(0, l)
}

/// Chance that a round succeeds.
fn chance(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let (market, c) = (&block.parameters.market, &block.state.company);
    let odds = [&market.odds_open, &market.odds_normal, &market.odds_shut][block.state.market.regime[0][l] as usize];
    let (growth, fair) = (c.growth[i][l], c.valuation[i][l]);
    let new_revenue = c.revenue[i][l] * growth;
    let multiple = if c.burn[i][l] <= 0.0 {
        0.0
    } else if new_revenue > 0.0 {
        (c.burn[i][l] / new_revenue).min(10.0)
    } else {
        10.0
    };
    let hurdle = if fair > 0.0 { (c.last_valuation[i][l] / fair).max(1.0) } else { 1e6 };
    let score = odds.at(0, l) + market.odds_growth.at(0, l) * growth
        - market.odds_burn.at(0, l) * multiple
        - market.odds_price.at(0, l) * ln(hurdle.min(1e6));
    1.0 / (1.0 + exp(-score))
}

/// Takes the money of a successful round.
fn close(block: &mut Block<'_>, i: usize, l: usize, fair: f64) {
    let p = &block.parameters.company;
    let c = &mut block.state.company;
    let raised = (p.round_months.at(i, l) * c.burn[i][l]).min(p.round_share.at(i, l) * fair);
    c.cash[i][l] += raised;
    c.raised[i][l] = raised;
    c.down_rounds[i][l] += if fair < c.last_valuation[i][l] { 1.0 } else { 0.0 };
    c.last_valuation[i][l] = fair + raised;
    block.state.market.capital[0][l] -= raised;
    block.scratch.flow[l] += raised;
}

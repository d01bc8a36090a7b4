//! Phase 1: funding regime, listing window, credit spread, common demand, GPU rental index, GDP.

use crate::block::Block;
use crate::column::{LANES, ZERO};
use crate::draw::{Stream, normals, uniforms};
use crate::math::exp;

/// Moves what all share by a month.
#[inline(always)]
pub fn advance(block: &mut Block<'_>, month: u32) {
    let market = block.draws.words(Stream::Market, 0, month);
    let jump = block.draws.words(Stream::Jump, 0, month);
    let [demand, gpu] = normals(&market[2], &market[3]);
    let (regime_luck, window_luck) = (uniforms(&market[0]), uniforms(&market[1]));
    let [jump_luck, way, sentiment] = [uniforms(&jump[0]), uniforms(&jump[1]), uniforms(&jump[2])];
    let p = &block.parameters.market;
    let m = &mut block.state.market;
    let years = f64::from(month) / 12.0;
    for l in 0..LANES {
        let chances = [
            [p.open_to_normal.at(0, l), p.open_to_shut.at(0, l)],
            [p.normal_to_open.at(0, l), p.normal_to_shut.at(0, l)],
            [p.shut_to_open.at(0, l), p.shut_to_normal.at(0, l)],
        ];
        let fear = m.large_failure[0][l] > 0.0 && sentiment[l] < p.sentiment.at(0, l);
        let regime = if fear { 2 } else { next_regime(m.regime[0][l] as usize, &chances, regime_luck[l]) };
        m.regime[0][l] = regime as f64;
        let opens = [&p.window_opens_open, &p.window_opens_normal, &p.window_opens_shut][regime].at(0, l);
        let closes = [&p.window_closes_open, &p.window_closes_normal, &p.window_closes_shut][regime].at(0, l);
        let listing = m.listing[0][l] > 0.0;
        let turns = window_luck[l] < if listing { closes } else { opens };
        m.listing[0][l] = f64::from(u8::from(listing != turns));
        m.spread[0][l] = [&p.spread_open, &p.spread_normal, &p.spread_shut][regime].at(0, l);
        m.common[0][l] =
            p.common_persistence.at(0, l) * m.common[0][l] + p.common_volatility.at(0, l) * demand[l];
        let leap = if jump_luck[l] < p.gpu_jump_chance.at(0, l) { p.gpu_jump_size.at(0, l) } else { 0.0 };
        let leap = if way[l] < p.gpu_jump_up.at(0, l) { leap } else { -leap };
        let pull = p.gpu_reversion.at(0, l) * (p.gpu_drift.at(0, l) * years - m.gpu_log[0][l]);
        m.gpu_log[0][l] += pull + p.gpu_volatility.at(0, l) * (1.0_f64 / 12.0).sqrt() * gpu[l] + leap;
        m.gpu_index[0][l] = exp(m.gpu_log[0][l]);
        m.gdp[0][l] = p.gdp_start.at(0, l) * exp(p.gdp_growth.at(0, l) * years);
        let fade = block.derived.impact_decay[l];
        m.fire_sale_gpu[0][l] *= fade;
        m.fire_sale_building[0][l] *= fade;
        m.fire_sale_power[0][l] *= fade;
    }
    m.large_failure[0] = ZERO;
}

/// The next state of the chain: the first other state if luck is below its chance, then the second, else the same.
fn next_regime(regime: usize, chances: &[[f64; 2]; 3], luck: f64) -> usize {
    let others = [[1, 2], [0, 2], [0, 1]][regime];
    let [first, second] = chances[regime];
    if luck < first {
        others[0]
    } else if luck < first + second {
        others[1]
    } else {
        regime
    }
}

//! Phase 1: funding regime, listing window, credit spread, common demand, GPU rental index, GDP.

use crate::block::Block;
use crate::column::{Column, LANES, Row, Value, ZERO};
use crate::draw::{Stream, Words, normals, uniforms};
use crate::limits::GPU_LIMIT;
use crate::math::{exp, ln};
use crate::model::capacity;
use crate::model::prorata::part;
use crate::model::windows::{self, Window};
use crate::pack::{Pack, Packs, packs};
use crate::variables::Entity;
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* regimes {
            parameters {
                market {
                    regime: Code, 0.0, 2.0, Some(1.0), false, "Funding regime at the start.", words [open 0, normal 1, shut 2];
                    open_to_normal: Fraction, 0.0, 1.0, Some(0.02), true, "Monthly chance to move from open to normal.";
                    open_to_shut: Fraction, 0.0, 1.0, Some(0.005), true, "Monthly chance to move from open to shut.";
                    normal_to_open: Fraction, 0.0, 1.0, Some(0.02), true, "Monthly chance to move from normal to open.";
                    normal_to_shut: Fraction, 0.0, 1.0, Some(0.02), true, "Monthly chance to move from normal to shut.";
                    shut_to_open: Fraction, 0.0, 1.0, Some(0.005), true, "Monthly chance to move from shut to open.";
                    shut_to_normal: Fraction, 0.0, 1.0, Some(0.04), true, "Monthly chance to move from shut to normal.";
                    listing: Flag, 0.0, 1.0, Some(1.0), false, "Whether the listing window is open at the start.";
                    window_opens_open: Fraction, 0.0, 1.0, Some(0.2), true, "Monthly chance that the window opens when funding is open.";
                    window_opens_normal: Fraction, 0.0, 1.0, Some(0.08), true, "Monthly chance that the window opens when funding is normal.";
                    window_opens_shut: Fraction, 0.0, 1.0, Some(0.01), true, "Monthly chance that the window opens when funding is shut.";
                    window_closes_open: Fraction, 0.0, 1.0, Some(0.03), true, "Monthly chance that the window closes when funding is open.";
                    window_closes_normal: Fraction, 0.0, 1.0, Some(0.08), true, "Monthly chance that the window closes when funding is normal.";
                    window_closes_shut: Fraction, 0.0, 1.0, Some(0.5), true, "Monthly chance that the window closes when funding is shut.";
                    spread_open: PerYear, 0.0, 1.0, Some(0.0), true, "Credit spread added to floating loans when funding is open (a twelfth of it a month).";
                    spread_normal: PerYear, 0.0, 1.0, Some(0.01), true, "Credit spread added to floating loans when funding is normal (a twelfth of it a month).";
                    spread_shut: PerYear, 0.0, 1.0, Some(0.04), true, "Credit spread added to floating loans when funding is shut (a twelfth of it a month).";
                    gpu_reversion: Fraction, 0.0, 1.0, Some(0.1), true, "Part of the gap to its trend that the GPU index closes in a month.";
                    gpu_drift: PerYear, -5.0, 5.0, Some(0.0), true, "Trend of the GPU rental index (logarithmic: 0.69 doubles it in a year).";
                    gpu_volatility: PerRootYear, 0.0, 5.0, Some(0.0), true, "Volatility of the GPU rental index.";
                    gpu_jump_chance: Fraction, 0.0, 1.0, Some(0.0), true, "Monthly chance of a jump of the GPU rental index.";
                    gpu_jump_size: Ratio, 0.0, 5.0, Some(0.3), true, "Size of a jump in logs.";
                    gpu_jump_up: Fraction, 0.0, 1.0, Some(0.5), true, "Share of jumps that go up.";
                    gpu_clearing: Ratio, 0.0, 20.0, Some(0.0), true, "Elasticity of the level to which the GPU rental index reverts to demand over supply.", off 0.0;
                    sentiment: Fraction, 0.0, 1.0, Some(0.0), true, "Chance that the failure of a large company shuts funding.", off 0.0;
                    large_company: Usd, 0.0, LARGEST, Some(1e10), true, "Debt at failure from which a company is large.";
                }
            }
            variables {
                market {
                    regime: Code, Some([0.0, 2.0]), "Funding regime: 0 open, 1 normal, 2 shut.";
                    listing: Flag, Some([0.0, 1.0]), "Whether the listing window is open.";
                    spread: PerYear, None, "Credit spread (a twelfth of it a month).";
                    gpu_log: Ratio, Some([-GPU_LIMIT, GPU_LIMIT]), "Log of the GPU rental index.";
                    gpu_index: Ratio, None, "GPU rental index relative to the start.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the GPU index answers to demand and supply.
    pub clears: bool,
    /// Whether the GPU index moves.
    pub gpu_moves: bool,
    /// Whether the GPU index may jump, or fear may shut funding.
    pub jumps: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        Self {
            clears: !p.market.gpu_clearing.all_of(zero),
            gpu_moves: gpu_moves(world),
            jumps: !(p.market.gpu_jump_chance.all_of(zero) && p.market.sentiment.all_of(zero)),
        }
    }
}

pub use crate::model::Nothing as Scratch;

/// Whether anything moves the GPU index.
fn gpu_moves(world: &World) -> bool {
    let p = &world.parameters.market;
    let still = |column: &Column| column.all_of(|value| value == 0.0);
    let causes = [&p.gpu_drift, &p.gpu_volatility, &p.gpu_jump_chance, &p.gpu_clearing];
    !causes.into_iter().all(still) || world.is_pushed(Entity::Market, "gpu_log", 0)
}

/// Moves what all share by a month.
#[inline(always)]
pub fn advance<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    let words = block.draws.words(Stream::Market, 0, month);
    let [demand, gpu] = normals(s, &words[2], &words[3]);
    let jump = if block.plan.on.regimes.jumps { block.draws.words(Stream::Jump, 0, month) } else { [[0; LANES]; 4] };
    let mut afraid = [false; LANES];
    if block.plan.on.regimes.jumps {
        let fear = uniforms(&jump[2]);
        afraid = std::array::from_fn(|l| is_afraid(block, l, fear[l]));
    }
    block.state.market.large_failure[0] = ZERO;
    if block.plan.on.windows.moves {
        windows::advance_apart(s, block, month, afraid);
    } else {
        funding(block, &uniforms(&words[0]), &afraid);
        listing(s, block, &uniforms(&words[1]));
    }
    windows::forget(block);
    credit(s, block);
    common(block, &demand);
    if block.plan.on.regimes.gpu_moves {
        rental(block, month, &gpu, &jump);
    }
    if block.needed.gauges {
        output(block, month);
    }
}

/// Whether the failure of a large company shuts funding.
#[inline(always)]
fn is_afraid(block: &Block<'_>, l: usize, luck: f64) -> bool {
    block.state.market.large_failure[0][l] > 0.0 && luck < block.parameters.market.sentiment.at(0, l)
}

/// The funding regime: the first other state if luck is below its chance, then the second, else the same.
#[inline(always)]
fn funding(block: &mut Block<'_>, luck: &Row, afraid: &[bool; LANES]) {
    let p = &block.parameters.market;
    let [open_normal, open_shut] = [p.open_to_normal.row(0), p.open_to_shut.row(0)];
    let [normal_open, normal_shut] = [p.normal_to_open.row(0), p.normal_to_shut.row(0)];
    let [shut_open, shut_normal] = [p.shut_to_open.row(0), p.shut_to_normal.row(0)];
    let m = &mut block.state.market;
    let mut regime = m.regime[0];
    for l in 0..LANES {
        let (is_open, is_shut) = (regime[l] == 0.0, regime[l] == 2.0);
        let first = if is_open { open_normal[l] } else { normal_open[l] };
        let first = if is_shut { shut_open[l] } else { first };
        let second = if is_open { open_shut[l] } else { normal_shut[l] };
        let second = if is_shut { shut_normal[l] } else { second };
        // Rules may bring the two beyond a chance of 1.
        let within = part(1.0, first + second);
        let (first, second) = (within * first, within * second);
        let to_first = if is_open { 1.0 } else { 0.0 };
        let to_second = if is_shut { 1.0 } else { 2.0 };
        let next = if luck[l] < first + second { to_second } else { regime[l] };
        let next = if luck[l] < first { to_first } else { next };
        regime[l] = if afraid[l] { 2.0 } else { next };
    }
    m.regime[0] = regime;
}

/// The listing window leans on the regime.
#[inline(always)]
fn listing<S: Simd>(s: S, block: &mut Block<'_>, luck: &Row) {
    let (p, m) = (&block.parameters.market, &mut block.state.market);
    let (regime, listing) = (&m.regime[0], &mut m.listing[0]);
    let opens = ByRegime::new(regime, &p.window_opens_open, &p.window_opens_normal, &p.window_opens_shut);
    let closes = ByRegime::new(regime, &p.window_closes_open, &p.window_closes_normal, &p.window_closes_shut);
    for k in packs::<S>() {
        let luck = luck.pack(s, k);
        let opened = luck.below(opens.pack(s, k)).choose(1.0, 0.0);
        let kept = luck.below(closes.pack(s, k)).choose(0.0, 1.0);
        listing.put(k, listing.pack(s, k).above(0.0).choose(kept, opened));
    }
}

/// Credit spread of the regime that lenders see.
#[inline(always)]
pub fn credit<S: Simd>(s: S, block: &mut Block<'_>) {
    let regime = windows::regime(block, Window::Credit);
    let (p, m) = (&block.parameters.market, &mut block.state.market);
    let spread = ByRegime::new(&regime, &p.spread_open, &p.spread_normal, &p.spread_shut);
    for k in packs::<S>() {
        m.spread[0].put(k, spread.pack(s, k));
    }
}

/// Common demand, what its variance adds to the mean of trends, and the fading of forced sales' marks.
///
/// With C the sum of common demand c so far, Var C grows by `Var c + 2 persistence Cov(C, c)`, the covariance being that
/// of the month before. That holds whatever the parameters of each month are.
#[inline(always)]
fn common(block: &mut Block<'_>, shock: &Row) {
    let p = &block.parameters.market;
    let (persistence, volatility) = (p.common_persistence.row(0), p.common_volatility.row(0));
    let fade = &block.derived.impact_decay;
    let (m, x) = (&mut block.state.market, &mut block.scratch);
    for l in 0..LANES {
        let variance = persistence[l] * persistence[l] * x.demand.common_variance[l] + volatility[l] * volatility[l];
        let before = persistence[l] * x.demand.common_covariance[l];
        x.demand.common_variance[l] = variance;
        x.demand.common_covariance[l] = before + variance;
        x.demand.common_excess[l] = 0.5 * variance + before;
        m.common[0][l] = persistence[l] * m.common[0][l] + volatility[l] * shock[l];
        m.fire_sale_gpu[0][l] *= fade[l];
        m.fire_sale_building[0][l] *= fade[l];
        m.fire_sale_power[0][l] *= fade[l];
    }
}

/// The GPU rental index.
#[inline(always)]
fn rental(block: &mut Block<'_>, month: u32, shock: &Row, jump: &Words) {
    let p = &block.parameters.market;
    let (reversion, drift, volatility) = (p.gpu_reversion.row(0), p.gpu_drift.row(0), p.gpu_volatility.row(0));
    let (chance, size, up) = (p.gpu_jump_chance.row(0), p.gpu_jump_size.row(0), p.gpu_jump_up.row(0));
    let (luck, way) = (uniforms(&jump[0]), uniforms(&jump[1]));
    let (years, root) = (f64::from(month) / 12.0, (1.0_f64 / 12.0).sqrt());
    let answer = block.plan.on.regimes.clears.then(|| capacity::tightness(block).map(ln));
    let clearing = p.gpu_clearing.row(0);
    let m = &mut block.state.market;
    for l in 0..LANES {
        let leap = if luck[l] < chance[l] { size[l] } else { 0.0 };
        let leap = if way[l] < up[l] { leap } else { -leap };
        let level = drift[l] * years + answer.map_or(0.0, |answer| clearing[l] * answer[l]);
        let pull = reversion[l] * (level - m.gpu_log[0][l]);
        let log = m.gpu_log[0][l] + pull + volatility[l] * root * shock[l] + leap;
        let log = if log > -GPU_LIMIT { log } else { -GPU_LIMIT };
        m.gpu_log[0][l] = if log < GPU_LIMIT { log } else { GPU_LIMIT };
        m.gpu_index[0][l] = exp(m.gpu_log[0][l]);
    }
}

/// Trend of gross domestic product.
#[inline(always)]
fn output(block: &mut Block<'_>, month: u32) {
    let (start, growth) = (block.parameters.market.gdp_start.row(0), block.parameters.market.gdp_growth.row(0));
    let years = f64::from(month) / 12.0;
    for l in 0..LANES {
        block.state.market.gdp_trend[0][l] = start[l] * exp(growth[l] * years);
    }
}

/// A number that depends on the funding regime, to be taken pack by pack.
#[derive(Clone, Copy, Debug)]
pub struct ByRegime<'r> {
    regime: &'r Row,
    open: Value<'r>,
    normal: Value<'r>,
    shut: Value<'r>,
}

impl<'r> ByRegime<'r> {
    /// The present regimes, and the values where the window is open, normal and shut.
    #[inline(always)]
    #[must_use]
    pub fn new(regime: &'r Row, open: &'r Column, normal: &'r Column, shut: &'r Column) -> Self {
        Self { regime, open: open.of(0), normal: normal.of(0), shut: shut.of(0) }
    }

    /// Pack `k`.
    #[inline(always)]
    #[must_use]
    pub fn pack<S: Simd>(&self, s: S, k: usize) -> Pack<S> {
        let regime = self.regime.pack(s, k);
        let other = regime.equals(0.0).choose(self.open.pack(s, k), self.normal.pack(s, k));
        regime.equals(2.0).choose(self.shut.pack(s, k), other)
    }
}

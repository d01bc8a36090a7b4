//! Phases 1 and 12: what moves the prices of all listed shares together, and what listed companies are worth.

use crate::block::Block;
use crate::carry;
use crate::column::{LANES, ONES, Row, ZERO, zeros};
use crate::draw::{Stream, normals};
use crate::exits::Effect;
use crate::limits::INDEX_LIMIT;
use crate::model::apart::apart;
use crate::needed::Needed;
use crate::pack::{Mask, Operand, Pack, Packs, packs};
use crate::plan::Plan;
use crate::scratch::Keep;
use crate::variables::Entity;
use crate::world::World;
use pulp::{Scalar, Simd};

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* listed {
            parameters {
                market {
                    index_volatility: PerRootYear, 0.0, 5.0, Some(0.0), true, "Volatility of what moves the prices of all shares together at unchanged earnings.", off 0.0;
                    index_drift: PerYear, -5.0, 5.0, Some(0.0), true, "Drift of the mean of it (logarithmic: 0.69 doubles it in a year).", off 0.0;
                }
            }
            variables {
                market {
                    index_log: Ratio, Some([-INDEX_LIMIT, INDEX_LIMIT]), "Log of what moves the prices of all shares together, before its compensator.";
                    index: Ratio, None, "Value of the listed companies relative to the start, new money apart.", |_, needed| needed.listed;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether anything moves the prices of all shares together.
    pub moves: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let (p, zero) = (&world.parameters.market, |value: f64| value == 0.0);
        let still = p.index_volatility.all_of(zero) && p.index_drift.all_of(zero);
        Self { moves: !still || world.is_pushed(Entity::Market, "index_log", 0) }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Variance of the sum of the shocks so far.
    pub variance: Row,
    /// The common factor on prices of shares.
    factor: Row,
    /// Which companies were listed in the month before.
    listed: Vec<Row>,
    /// Their worth together.
    worth: Row,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, needed: Needed) -> Self {
        let companies = if needed.listed { plan.counts.companies } else { 0 };
        Self { variance: ZERO, factor: ONES, listed: zeros(ZERO, companies), worth: ZERO }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        (self.variance, self.factor) = (ZERO, ONES);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.listed, visit);
        for row in [&mut self.variance, &mut self.factor, &mut self.worth] {
            visit(&mut row.0);
        }
    }
}

/// Bounds of the index over that of the month before.
const STEP: [f64; 2] = [1e-3, 1e3];

/// Least part of gross amounts that counts as worth.
const LEAST_PART: f64 = 1e-6;

/// Bounds of the index.
const LEVEL: [f64; 2] = [1e-6, 1e6];

/// Moves what moves all prices of shares together.
#[inline(always)]
pub fn advance<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    let words = block.draws.words(Stream::Index, 0, month);
    let [shock, _] = normals(s, &words[0], &words[1]);
    let (p, m, x) = (&block.parameters.market, &mut block.state.market, &mut block.scratch.listed);
    let root = (1.0_f64 / 12.0).sqrt();
    for l in 0..LANES {
        let size = p.index_volatility.at(0, l) * root;
        let log = m.index_log[0][l] + p.index_drift.at(0, l) / 12.0 + size * shock[l];
        m.index_log[0][l] = log.clamp(-INDEX_LIMIT, INDEX_LIMIT);
        x.variance[l] += size * size;
    }
}

/// Factor of the market on a share of this beta: its mean over paths is that of the drift alone.
#[inline(always)]
#[must_use]
pub fn level<S: Simd>(s: S, block: &Block<'_>, k: usize, beta: Pack<S>) -> Pack<S> {
    let (log, variance) = (block.state.market.index_log[0].pack(s, k), block.scratch.listed.variance.pack(s, k));
    (beta * log - beta * beta * variance / 2.0).within([-INDEX_LIMIT, INDEX_LIMIT]).exp()
}

/// Whether shares of a company are traded.
#[inline(always)]
#[must_use]
pub fn is_listed<S: Simd>(s: S, block: &Block<'_>, i: usize, k: usize) -> Mask<S> {
    let public = block.parameters.company.public.of(i).pack(s, k).above(0.0);
    let trades = match block.state.company.exit.get(i) {
        Some(exit) => {
            let exit = exit.pack(s, k);
            (exit.equals(0.0) & public) | exit.equals(Effect::List.mark())
        }
        None => public,
    };
    trades & block.state.company.alive[i].pack(s, k).above(0.0)
}

/// Gives what is left of amounts of this size; nothing where it is so small a part of them that it is known badly.
#[inline(always)]
#[must_use]
pub fn part<S: Simd>(rest: Pack<S>, of: Pack<S>) -> Pack<S> {
    rest.above(LEAST_PART * of).choose(rest, 0.0)
}

/// Notes which companies are listed and what they are worth.
#[inline(always)]
fn note<S: Simd>(s: S, block: &mut Block<'_>) {
    block.scratch.listed.worth = ZERO;
    for i in 0..block.plan.counts.companies {
        for k in packs::<S>() {
            let listed = is_listed(s, block, i, k).choose(1.0, 0.0);
            let (x, value) = (&mut block.scratch.listed, &block.state.company.valuation[i]);
            x.listed[i].put(k, listed);
            x.worth.gain(k, listed * value.pack(s, k));
        }
    }
}

/// The index at the start.
pub fn start(block: &mut Block<'_>) {
    block.state.market.index[0] = ONES;
    note(Scalar::new(), block);
}

/// The index at the end of the month: what those that were listed are worth, and paid out, over what they were worth and raised.
#[inline(always)]
pub fn measure<S: Simd>(s: S, block: &mut Block<'_>) {
    let (mut now, mut gross) = (ZERO, ZERO);
    for i in 0..block.plan.counts.companies {
        let (c, listed) = (&block.state.company, &block.scratch.listed.listed[i]);
        for k in packs::<S>() {
            let (listed, value) = (listed.pack(s, k), c.valuation[i].pack(s, k));
            let (paid, raised) = (c.payout[i].pack(s, k), c.raised[i].pack(s, k));
            now.gain(k, listed * (value + paid - raised));
            gross.gain(k, listed * (value + paid + raised));
        }
    }
    for k in packs::<S>() {
        let factor = level(s, block, k, 1.0.packed(s));
        let (index, x) = (&mut block.state.market.index[0], &mut block.scratch.listed);
        let worth = x.worth.pack(s, k);
        let step =
            worth.above(0.0).choose(part(now.pack(s, k), gross.pack(s, k)) / worth, factor / x.factor.pack(s, k));
        index.put(k, (index.pack(s, k) * step.within(STEP)).within(LEVEL));
        x.factor.put(k, factor);
    }
    note(s, block);
}

apart! {
    measure_apart(s, block) -> () { measure(s, block) }
}

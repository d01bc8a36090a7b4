//! Phase 2a: patience with AI capex runs out, and what a valuation does to the plans of its company.
//!
//! The variable `confidence` of a company is in [`crate::model::investment`].

use crate::block::Block;
use crate::carry;
use crate::column::ONES;
use crate::column::ZERO;
use crate::column::zeros;
use crate::column::{LANES, Row};
use crate::draw::{Stream, uniforms};
use crate::limits::MOST;
use crate::model::apart::apart;
use crate::needed::Needed;
use crate::pack::{Mask, Packs, packs};
use crate::plan::Plan;
use crate::plan::owning;
use crate::scratch::Keep;
use crate::world::World;
use pulp::{Scalar, Simd};

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* confidence {
            parameters {
                contract {
                    cut_first: Fraction, 0.0, 1.0, Some(0.0), true, "Largest share of use and commitments dropped, before own capex, when patience runs out.";
                }
                fleet {
                    tolerance: Ratio, 0.01, 1e6, Some(10.0), true, "AI capex over AI revenue of the whole economy beyond which patience may run out.";
                    patience_hazard: Ratio, 0.0, 100.0, Some(0.0), true, "Monthly hazard that patience runs out per unit of log excess over the tolerance.", off 0.0;
                    patience_cut: Fraction, 0.0, 1.0, Some(0.3), true, "Share of the capex plan that is saved each time patience runs out.";
                    capex_valuation: Ratio, 0.0, 20.0, Some(0.0), true, "Elasticity of planned capex to the owner's valuation over that of the start.", off 0.0;
                }
            }
            variables {
                fleet {
                    strikes: Ratio, None, "Times that patience ran out so far.", |plan, _| !plan.on.confidence.impatient.is_empty();
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Companies with whose plans patience may run out.
    pub impatient: Vec<usize>,
    /// Whether they drop leases then.
    pub leases: bool,
    /// Whether the capex plan of the fleet follows the valuation of its owner.
    pub swayed: Vec<bool>,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        let impatient = impatient(world);
        Self {
            leases: !(impatient.is_empty() || p.contract.cut_first.all_of(zero)),
            impatient,
            swayed: (0..p.fleet.cost.len()).map(|f| !p.fleet.capex_valuation.all(f, zero)).collect(),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Share of use and commitments of each contract that was not dropped.
    pub kept: Vec<Row>,
    /// Valuations of the start.
    pub first_valuation: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let c = plan.counts;
        let companies = || zeros(ZERO, c.companies);
        Self {
            kept: if plan.on.confidence.leases { zeros(ONES, c.contracts) } else { Vec::new() },
            first_valuation: if plan.on.confidence.swayed.contains(&true) || !plan.on.investment.confident.is_empty() {
                companies()
            } else {
                Vec::new()
            },
        }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.kept.fill(ONES);
    }

    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.kept, visit);
    }
}

/// Owners of fleets that patience may run out with.
fn impatient(world: &World) -> Vec<usize> {
    let hazard = &world.parameters.fleet.patience_hazard;
    let owning = owning(world, |f| !hazard.all(f, |hazard| hazard == 0.0));
    (0..owning.len()).filter(|&i| owning[i]).collect()
}

/// Bounds of a valuation over that of the start.
const SWAY: [f64; 2] = [1e-3, 1e3];

/// Drops leases of others and cuts plans where patience runs out.
#[inline(always)]
pub fn strike<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    let (plan, strain) = (block.plan, strain(s, block));
    for &i in &plan.on.confidence.impatient {
        let luck = uniforms(&block.draws.words(Stream::Patience, block.addresses.company[i], month)[0]);
        let mut struck = ZERO;
        for k in packs::<S>() {
            let lives = block.state.company.alive[i].pack(s, k);
            for &f in plan.fleets.of(i) {
                struck.gain(k, strikes(s, block, f as usize, k, [&luck, &strain]).choose(lives, 0.0));
            }
        }
        (0..LANES).filter(|&l| struck[l] > 0.0).for_each(|l| save(block, i, l, [&luck, &strain]));
    }
}

/// AI capex over AI revenue, of the month before.
#[inline(always)]
fn strain<S: Simd>(s: S, block: &Block<'_>) -> Row {
    let (m, mut strain) = (&block.state.market, ZERO);
    for k in packs::<S>() {
        let (capex, revenue) = (m.ai_capex[0].pack(s, k), m.ai_revenue[0].pack(s, k));
        strain.put(k, capex.above(0.0).choose((capex / revenue).at_most(MOST), 0.0));
    }
    strain
}

/// Whether patience with a fleet runs out.
#[inline(always)]
fn strikes<S: Simd>(s: S, block: &Block<'_>, f: usize, k: usize, [luck, strain]: [&Row; 2]) -> Mask<S> {
    let p = &block.parameters.fleet;
    let excess = (strain.pack(s, k) / p.tolerance.of(f).pack(s, k)).at_least(1.0);
    let chance = 1.0 - (-p.patience_hazard.of(f).pack(s, k) * excess.ln()).exp();
    excess.above(1.0) & luck.pack(s, k).below(chance)
}

/// Saves on one path what the owner of struck fleets is to save: leases first, own plans for the rest.
fn save(block: &mut Block<'_>, i: usize, l: usize, seen: [&Row; 2]) {
    let (plan, struck) = (block.plan, |block: &Block<'_>, f| strikes(Scalar::new(), block, f, l, seen).any());
    let mut wish = 0.0;
    for f in plan.fleets.of(i).iter().map(|&f| f as usize) {
        if struck(block, f) {
            let p = &block.parameters.fleet;
            wish += p.patience_cut.at(f, l) * p.capex.at(f, l) * block.state.fleet.plan[f][l];
        }
    }
    let held = drop_leases(block, i, l, wish);
    let own = if wish > 0.0 { (1.0 - held / wish).max(0.0) } else { 1.0 };
    for f in plan.fleets.of(i).iter().map(|&f| f as usize) {
        if struck(block, f) {
            let fleet = &mut block.state.fleet;
            fleet.plan[f][l] *= 1.0 - block.parameters.fleet.patience_cut.at(f, l) * own;
            fleet.strikes[f][l] += 1.0;
        }
    }
}

/// Drops leases up to what is to be saved; gives what could be dropped.
fn drop_leases(block: &mut Block<'_>, i: usize, l: usize, wish: f64) -> f64 {
    if !block.plan.on.confidence.leases {
        return 0.0;
    }
    let (p, kept) = (&block.parameters.contract, &mut block.scratch.confidence.kept);
    let leases = block.plan.purchases.of(i);
    let value = |kept: &[Row], e: usize| p.cut_first.at(e, l) * kept[e][l] * p.usage.at(e, l);
    let held = 0.0 + leases.iter().map(|&e| value(kept, e as usize)).sum::<f64>();
    if held > 0.0 {
        for &e in leases {
            kept[e as usize][l] *= 1.0 - p.cut_first.at(e as usize, l) * wish.min(held) / held;
        }
    }
    held
}

/// The effect of the owner's valuation, month before, on the plan of a fleet.
#[inline(always)]
#[must_use]
pub fn sway<S: Simd>(s: S, block: &Block<'_>, i: usize, f: usize) -> Row {
    let (now, start) = (&block.state.company.valuation[i], &block.scratch.confidence.first_valuation[i]);
    let (elasticity, mut sway) = (block.parameters.fleet.capex_valuation.of(f), ZERO);
    for k in packs::<S>() {
        let start = start.pack(s, k);
        let ratio = (now.pack(s, k) / start).within(SWAY);
        sway.put(k, start.above(0.0).choose((elasticity.pack(s, k) * ratio.ln()).exp(), 1.0));
    }
    sway
}

apart! {
    strike_apart(s, block, month: u32) -> () { strike(s, block, month) }
    sway_apart(s, block, i: usize, f: usize) -> Row { sway(s, block, i, f) }
}

//! Phase 11: sudden ends: fraud, delay or a lost customer by the luck of the month, and companies wound up by order.

use crate::block::{Block, Cause};
use crate::column::{LANES, ZERO};
use crate::draw::{Stream, uniforms};
use crate::model::apart::apart;
use crate::model::claims::lives;
use crate::needed::Needed;
use crate::pack::{Packs, packs};
use crate::plan::{Plan, to_whole_months};
use crate::scratch::Keep;
use crate::workings::Failure;
use crate::world::World;
use pulp::Simd;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* sudden {
            parameters {
                company {
                    sudden_failure: PerYear, 0.0, 12.0, Some(0.0), true, "Sudden failures a year (fraud, delay, a lost customer).", off 0.0;
                    wound_up: Month, 0.0, 1200.0, Some(0.0), true, "Month from which on it is wound up by order; 0: never.", off 0.0;
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
    /// Companies that may fail suddenly.
    pub frail: Vec<usize>,
    /// Companies that may be wound up.
    pub ordered: Vec<usize>,
    /// Whether there are any of either.
    pub any: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let (p, zero) = (&world.parameters.company, |value: f64| value == 0.0);
        let companies = 0..p.cash.len();
        let frail: Vec<usize> = companies.clone().filter(|&i| !p.sudden_failure.all(i, zero)).collect();
        let ordered: Vec<usize> = companies.filter(|&i| !p.wound_up.all(i, zero)).collect();
        Self { any: !(frail.is_empty() && ordered.is_empty()), frail, ordered }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Companies that end this month, whatever cash they have: path, company and cause.
    pub struck: Vec<(usize, usize, Cause)>,
}

impl Scratch {
    pub(crate) fn new(_: &Plan, _: Needed) -> Self {
        Self { struck: Vec::new() }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.struck.clear();
    }
}

/// Finds out who ends this month.
#[inline(always)]
pub fn strike<S: Simd>(s: S, block: &mut Block<'_>, month: u32) {
    let plan = block.plan;
    let mut struck = std::mem::take(&mut block.scratch.sudden.struck);
    for &i in &plan.on.sudden.ordered {
        let order = &block.parameters.company.wound_up;
        let is_due = |l: usize| order.at(i, l) > 0.0 && to_whole_months(order.at(i, l)) <= f64::from(month);
        struck.extend((0..LANES).filter(|&l| is_due(l) && lives(block, i, l)).map(|l| (l, i, Cause::WoundUp)));
    }
    for &i in &plan.on.sudden.frail {
        let luck = uniforms(&block.draws.words(Stream::Sudden, block.addresses.company[i], month)[0]);
        let (hazard, mut fails) = (block.parameters.company.sudden_failure.of(i), ZERO);
        for k in packs::<S>() {
            let chance = 1.0 - (-hazard.pack(s, k) / 12.0).exp();
            let alive = block.state.company.alive[i].pack(s, k);
            fails.put(k, luck.pack(s, k).below(chance).choose(alive, 0.0));
        }
        struck.extend((0..LANES).filter(|&l| fails[l] > 0.0).map(|l| (l, i, Cause::Sudden)));
    }
    block.scratch.sudden.struck = struck;
}

/// Adds those who end this month and have not failed.
pub fn add(block: &Block<'_>, l: usize, failures: &mut Vec<Failure>) {
    for &(_, company, cause) in block.scratch.sudden.struck.iter().filter(|(path, _, _)| *path == l) {
        if !failures.iter().any(|failure| failure.company == company) {
            failures.push(Failure { company, cause, trigger: -1 });
        }
    }
}

apart! {
    strike_apart(s, block, month: u32) -> () { strike(s, block, month) }
}

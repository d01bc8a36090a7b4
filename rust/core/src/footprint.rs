//! The memory of a run, known before it is taken.
//!
//! It is counted by the code that takes it: [`bytes_of`] has the same constructors count in place of allocating.

use crate::block::Block;
use crate::column::{bytes_of, counted};
use crate::inputs::Inputs;
use crate::plan::Plan;
use crate::record::Series;
use crate::rule::Rules;
use crate::run::{Outcome, Settings, entities, is_long, shown};
use crate::variables::{PARAMETERS, VARIABLES};

/// Bytes that a run takes at its height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// Of full series of kept paths.
    pub kept: usize,
    /// Of what is handed back of each path.
    pub outcomes: usize,
    /// Of sums over paths, of each thread.
    pub sums: usize,
    /// Of sums over paths that each thread keeps besides, so that it can stop in the middle of a block.
    pub spare: usize,
    /// Of a block of paths.
    pub block: usize,
    /// Blocks held at once: one for each thread, or all.
    pub blocks: usize,
}

impl Footprint {
    /// Of a run, whose blocks are taken one after the other.
    #[must_use]
    pub fn of_run(inputs: &Inputs<'_>, settings: &Settings) -> Self {
        let plan = Plan::new(inputs);
        let counts = inputs.rules.as_deref().map_or([0; 3], Rules::counts);
        let shown = shown(inputs, settings);
        let (mut long, mut sums) = (false, 0);
        let block = block(inputs, || {
            let block = Block::new(inputs, &plan, &shown);
            long = is_long(&block, settings);
            block
        });
        for (places, months) in [(&settings.record, settings.months as usize), (&settings.last, 1)] {
            let series = |&place: &usize| bytes_of(|| Series::new(place, entities(&plan, place), months));
            sums += places.iter().map(series).sum::<usize>();
        }
        let kept = bytes_of(|| Outcome::blank_kept(settings, &plan));
        Self {
            kept,
            outcomes: bytes_of(|| Outcome::new(settings, &plan, counts)) - kept,
            sums,
            spare: if long { sums } else { 0 },
            block,
            blocks: settings.threads.min(settings.blocks()),
        }
    }

    /// Of a stepper, which holds all blocks at once.
    #[must_use]
    pub fn of_stepper(inputs: &Inputs<'_>, settings: &Settings) -> Self {
        let plan = Plan::new(inputs).open();
        let shown: Vec<usize> = (0..VARIABLES.len()).collect();
        let block = block(inputs, || Block::new(inputs, &plan, &shown));
        Self { block, blocks: settings.blocks(), ..Self::default() }
    }

    /// All of it.
    #[must_use]
    pub fn total(&self) -> usize {
        let together = self.block.saturating_mul(self.blocks);
        let sums = (self.sums + self.spare).saturating_mul(if self.sums > 0 { self.blocks } else { 0 });
        self.kept.saturating_add(self.outcomes).saturating_add(together).saturating_add(sums)
    }

    /// Whether the system would give that much; a limit of the process says no here, where nothing is lost.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        Vec::<u8>::new().try_reserve_exact(self.total()).is_ok()
    }
}

/// Bytes of a block, with its copies of the parameters of its lanes.
fn block<'a>(inputs: &Inputs<'_>, build: impl FnOnce() -> Block<'a>) -> usize {
    let columns = (0..PARAMETERS.len()).map(|place| inputs.parameters.column(place).held()).sum::<usize>();
    bytes_of(|| {
        counted::<u8>(columns);
        build()
    })
}

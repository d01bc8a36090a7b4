//! The memory of a run, known before it is taken.
//!
//! It is counted by the code that takes it: [`bytes_of`] has the same constructors count in place of allocating.

use crate::block::Block;
use crate::column::{Column, bytes_of, count_ahead};
use crate::paths::is_long;
use crate::plan::Plan;
use crate::run::{Found, Outcome, shown};
use crate::settings::Settings;
use crate::variables::{PARAMETERS, VARIABLES};
use crate::world::World;

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
    /// Of the copy of all numbers that differ between draws, for each draw.
    pub draw: usize,
}

impl Footprint {
    /// Of a run, whose blocks are taken one after the other.
    #[must_use]
    pub fn of_run(world: &World, settings: &Settings) -> Self {
        let plan = Plan::new(world);
        let shown = shown(world, settings);
        let mut long = false;
        let block = block(world, || {
            let block = Block::new(world, &plan, &shown);
            long = is_long(&block, settings);
            block
        });
        let sums = bytes_of(|| Found::new(world, settings, &plan));
        let kept = bytes_of(|| Outcome::blank_kept(settings, &plan));
        Self {
            kept,
            outcomes: bytes_of(|| Outcome::new(world, settings, &plan)) - kept,
            sums,
            spare: if long { sums } else { 0 },
            block,
            blocks: settings.threads.min(settings.blocks()),
            draw: draw(world),
        }
    }

    /// Of all paths that a host keeps at once.
    #[must_use]
    pub fn of_all(world: &World, settings: &Settings) -> Self {
        let plan = Plan::new(world).open();
        let shown: Vec<usize> = (0..VARIABLES.len()).collect();
        let block = block(world, || Block::new(world, &plan, &shown));
        Self { block, blocks: settings.blocks(), draw: draw(world), ..Self::default() }
    }

    /// All of it but draws, of which the world at hand may hold fewer than a run takes.
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

/// Bytes of the numbers of one draw that others do not share.
fn draw(world: &World) -> usize {
    let columns = (0..PARAMETERS.len()).map(|place| world.parameters.column(place));
    let constants = world.rules.as_ref().map(|rules| &rules.constants);
    columns.chain(constants).map(Column::drawn_bytes).sum()
}

/// Bytes of a block, with its copies of the parameters of its lanes.
fn block<'a>(world: &World, build: impl FnOnce() -> Block<'a>) -> usize {
    let columns = (0..PARAMETERS.len()).map(|place| world.parameters.column(place).held()).sum::<usize>();
    bytes_of(|| {
        count_ahead::<u8>(columns);
        build()
    })
}

//! One path again, with everything that happens on it written down.

use crate::block::Block;
use crate::column::Row;
use crate::events::Event;
use crate::inputs::Inputs;
use crate::plan::Plan;
use crate::run::{Settings, SettingsError, Step};
use std::sync::atomic::AtomicBool;

/// Events of the first path of `settings`, in order, which is the same path as in any batch.
///
/// `watch` is called once a month, and ends the path by returning false.
///
/// # Errors
/// Settings out of range.
pub fn trace(
    inputs: &Inputs<'_>,
    settings: &Settings,
    mut watch: impl FnMut() -> bool,
) -> Result<Vec<Event>, SettingsError> {
    settings.check(inputs)?;
    let plan = Plan::new(inputs);
    let shown = inputs.rules.iter().flat_map(|rules| rules.programs.variables()).collect::<Vec<_>>();
    let mut block = Block::new(inputs, &plan, &shown);
    block.books.events = Some(Vec::new());
    block.start(settings.seed, settings.first_path, 1, settings.replicates, settings.first_draw, inputs.draws);
    let (arch, lanes) = (settings.dispatch.then(pulp::Arch::new), Row::from_fn(|l| if l == 0 { 1.0 } else { 0.0 }));
    let stop = AtomicBool::new(false); // It is watched between months.
    for month in (1..=settings.months).take_while(|_| watch()) {
        Step { block: &mut block, series: &mut [], month, lanes: &lanes, stop: &stop }.take(arch);
    }
    Ok(block.books.events.unwrap_or_default())
}

//! One path again, with everything that happens on it written down.

use crate::events::Event;
use crate::paths::Paths;
use crate::plan::Plan;
use crate::settings::{Settings, SettingsError};
use crate::world::World;
use std::sync::Arc;

/// Events of the first path of `settings`, in order, which is the same path as in any batch.
///
/// `watch` is called once a month, and ends the path by returning false.
///
/// # Errors
/// Settings out of range.
pub fn trace(
    world: &Arc<World>,
    settings: &Settings,
    mut watch: impl FnMut() -> bool,
) -> Result<Vec<Event>, SettingsError> {
    settings.check(world)?;
    let plan = Arc::new(Plan::new(world));
    let shown = world.rules.iter().flat_map(|rules| rules.graph.variables()).collect::<Vec<_>>();
    let mut paths = Paths::new(world, &plan, settings.clone(), &shown, 1);
    paths.start(settings.first_path, 1);
    paths.listen();
    for _ in (1..=settings.months).take_while(|_| watch()) {
        paths.advance(&mut [], &mut || true); // It is watched between months.
    }
    Ok(paths.heard())
}

//! What a world uses of what the month can do.

use crate::column::Column;
use crate::plan::whole;
use crate::variables::Entity;
use crate::world::World;

/// Whether volumes of segments answer to price.
pub(super) fn elastic(world: &World) -> Vec<bool> {
    let elasticity = &world.parameters.segment.elasticity;
    (0..elasticity.len())
        .map(|s| !elasticity.all(s, |value| value == 0.0) || world.is_pushed(Entity::Segment, "response", s))
        .collect()
}

/// Whether demand of segments moves with GDP or wealth.
pub(super) fn cyclical(world: &World) -> Vec<bool> {
    let p = &world.parameters.segment;
    let zero = |value: f64| value == 0.0;
    (0..p.revenue.len()).map(|s| !(p.gdp_loading.all(s, zero) && p.wealth_loading.all(s, zero))).collect()
}

/// Whether capex plans of fleets stay as they are.
pub(super) fn steady(world: &World) -> Vec<bool> {
    let p = &world.parameters.fleet;
    let zero = |value: f64| value == 0.0;
    (0..p.cost.len()).map(|f| p.capex_growth.all(f, zero) && p.capex_growth_long.all(f, zero)).collect()
}

/// Whether any list price moves by itself or by rules.
pub(super) fn list_prices(world: &World) -> bool {
    let p = &world.parameters.company;
    let still = |column: &Column| column.all_of(|value| value == 0.0);
    let pushed = |i| world.is_pushed(Entity::Company, "list_price", i);
    !(still(&p.price_trend) && still(&p.price_step)) || (0..p.cash.len()).any(pushed)
}

/// Whether anything moves the GPU index.
pub(super) fn gpu_moves(world: &World) -> bool {
    let p = &world.parameters.market;
    let still = |column: &Column| column.all_of(|value| value == 0.0);
    let causes = [&p.gpu_drift, &p.gpu_volatility, &p.gpu_jump_chance, &p.gpu_clearing];
    !causes.into_iter().all(still) || world.is_pushed(Entity::Market, "gpu_log", 0)
}

/// Companies that own fleets which limit what they can serve.
pub(super) fn limited(world: &World) -> Vec<bool> {
    let p = &world.parameters.fleet;
    let zero = |value: f64| value == 0.0;
    owning(world, |f| !(p.limits.all(f, zero) || p.capacity_revenue.all(f, zero)))
}

/// Owners of fleets that patience may run out with.
pub(super) fn impatient(world: &World) -> Vec<usize> {
    let hazard = &world.parameters.fleet.patience_hazard;
    let owning = owning(world, |f| !hazard.all(f, |hazard| hazard == 0.0));
    (0..owning.len()).filter(|&i| owning[i]).collect()
}

/// Whether each company owns a fleet of this kind.
fn owning(world: &World, kind: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut owns = vec![false; world.parameters.company.cash.len()];
    for (f, &owner) in world.links.fleet.owner.iter().enumerate() {
        owns[owner as usize] |= kind(f);
    }
    owns
}

/// How long what a fleet buys takes to arrive, and lasts.
#[derive(Clone, Copy, Debug)]
pub struct Lives {
    /// Months ago that capex was paid which arrives, retires and leaves the books now.
    pub back: [usize; 3],
    /// Reciprocals of the months that it works, and that it is in the books.
    pub per: [f64; 2],
}

/// Lag and lives of a fleet, if no draw changes them.
pub(super) fn lives(world: &World, f: usize) -> Option<Lives> {
    let p = &world.parameters.fleet;
    let columns = [&p.lag, &p.economic_life, &p.book_life];
    let [lag, life, book] = columns.map(|column| whole(column.at(f, 0)) as usize);
    let is_same = columns.into_iter().all(|column| matches!(column, Column::Same(_)));
    is_same.then(|| Lives { back: [lag, lag + life, lag + book], per: [life, book].map(|months| 1.0 / months as f64) })
}

/// Whether a contract has a price of its own beside that of the supplier.
pub(super) fn tiered(world: &World, e: usize) -> bool {
    let p = &world.parameters.contract;
    !(p.tier.all(e, |factor| factor == 1.0) && p.price_trend.all(e, |trend| trend == 0.0))
}

/// Longest memory of any fleet: construction and the longer of its lives.
pub(super) fn ring(world: &World) -> usize {
    let fleet = &world.parameters.fleet;
    let mut longest = 1.0_f64;
    for f in 0..world.links.fleet.owner.len() {
        let longest_of = |column: &Column| {
            let mut most = 0.0_f64;
            column.all(f, |value| {
                most = most.max(value);
                true
            });
            whole(most)
        };
        let life = longest_of(&fleet.economic_life).max(longest_of(&fleet.book_life)).max(longest_of(&fleet.age_span));
        longest = longest.max(life + longest_of(&fleet.lag));
    }
    longest as usize + 2
}

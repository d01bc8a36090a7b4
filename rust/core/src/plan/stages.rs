//! The month in steps and stages.

use crate::plan::Plan;

/// A step of the month that is taken company by company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Posted prices of suppliers are added up.
    Buy,
    /// Prices of the company.
    Price,
    /// Trends and responses of its segments.
    Grow,
    /// Sales to segments, activity.
    Sell,
    /// Bills of plain contracts.
    Charge,
    /// Use of customers.
    Supply,
    /// Spending plans.
    Plan,
    /// Debt service due.
    Owe,
    /// Debt service received.
    Receive,
    /// Rounds.
    Raise,
    /// Capex.
    Order,
    /// Research, payout and cash.
    Pay,
    /// Revenue and profit if all pay.
    Earn,
    /// Capex becomes capacity, if all pay.
    Commission,
    /// Marks.
    Mark,
}

/// A step of the month that is taken for all companies at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// Lost demand goes to rivals.
    Recapture,
    /// Bills of contracts that are not plain.
    Special,
    /// Covenants and draws.
    Lend,
    /// Pledges.
    Pledge,
    /// Rounds share what investors have left.
    Share,
    /// Exits.
    Leave,
    /// Cash moves within groups.
    Group,
    /// Equipment sales.
    Equip,
    /// Failures.
    Fail,
}

/// Steps between two points at which all companies must have come equally far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// One step for all at once.
    Whole(Whole),
    /// Steps that look at other companies only for what they did in earlier stages.
    Tiled(Vec<Step>),
}

/// The stages of the month: as few as the features of the world allow.
pub(super) fn stages(plan: &Plan) -> Vec<Stage> {
    use Stage::Tiled;
    use Step::{Buy, Charge, Commission, Earn, Grow, Mark, Order, Owe, Pay, Price, Raise, Receive, Sell, Supply};
    let lends = plan.lends();
    let mut stages = vec![Tiled(vec![Buy, Price, Grow])];
    if plan.on.demand.recaptures {
        stages.extend([Stage::Whole(Whole::Recapture), Tiled(vec![])]);
    }
    more(&mut stages, &[Sell, Charge]);
    if !lends {
        // Without covenants and draws, what is due depends on nothing that moves before it.
        more(&mut stages, &[Owe]);
    }
    stages.push(Tiled(vec![Supply]));
    if !plan.special_purchases.is_empty() || plan.on.construction.any || plan.on.project_loans.any {
        stages.extend([Stage::Whole(Whole::Special), Tiled(vec![])]);
    }
    more(&mut stages, &[Step::Plan]);
    if lends {
        stages.extend([Stage::Whole(Whole::Lend), Tiled(vec![Owe]), Tiled(vec![])]);
    }
    if plan.on.funding.pledges {
        stages.extend([Stage::Whole(Whole::Pledge), Tiled(vec![])]);
    }
    more(&mut stages, &[Receive]);
    if plan.on.funding.rounds || plan.on.rounds.offers || plan.on.issues.issues {
        more(&mut stages, &[Raise]);
    }
    if plan.on.funding.limits_rounds {
        stages.extend([Stage::Whole(Whole::Share), Tiled(vec![])]);
    }
    if !plan.doors.is_empty() {
        stages.extend([Stage::Whole(Whole::Leave), Tiled(vec![])]);
    }
    more(&mut stages, &[Order]);
    if plan.on.fleet.equips {
        stages.extend([Stage::Whole(Whole::Equip), Tiled(vec![])]);
    }
    // While the rows are in the cache; failures see to it again for those whom they reach.
    more(&mut stages, &[Pay, Earn, Commission]);
    if !plan.doors.is_empty() {
        stages.push(Stage::Whole(Whole::Group));
    }
    stages.extend([Stage::Whole(Whole::Fail), Tiled(vec![Mark])]);
    stages
}

/// Adds steps to the last stage.
fn more(stages: &mut [Stage], steps: &[Step]) {
    if let Some(Stage::Tiled(last)) = stages.last_mut() {
        last.extend(steps);
    }
}

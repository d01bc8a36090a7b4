//! Before the clearing of a path on which somebody falls short: workouts of companies that cannot pay a called or maturing balance, and the public backstop.

use crate::block::Block;
use crate::books::Party;
use crate::draw::Stream;
use crate::events::Why;
use crate::ledger;
use crate::model::claims::{self, lives};
use crate::model::clearing;
use crate::model::windows::{self, Window};
use crate::plan::to_whole_months;
use crate::workings::HARD_RANKS;
use crate::world::World;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* rescue {
            parameters {
                market {
                    workout_open: Fraction, 0.0, 1.0, Some(0.0), true, "Chance that lenders agree to a workout when funding is open.", off 0.0;
                    workout_normal: Fraction, 0.0, 1.0, Some(0.0), true, "Chance that lenders agree to a workout when funding is normal.", off 0.0;
                    workout_shut: Fraction, 0.0, 1.0, Some(0.0), true, "Chance that lenders agree to a workout when funding is shut.", off 0.0;
                    workout_months: Months, 1.0, 600.0, Some(24.0), true, "Months that a workout adds.";
                    workout_haircut: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the balance written down in a workout.";
                    workout_cost: Fraction, 0.0, 1.0, Some(0.14), true, "Cost of a workout as a share of cash and fleets.";
                    backstop: Fraction, 0.0, 1.0, Some(0.0), true, "Chance that the public covers the shortfall of a large company.", off 0.0;
                    backstop_size: Usd, 0.0, LARGEST, Some(1e10), true, "Debt from which the public may do so.";
                }
            }
            variables {
                company {
                    rescued: UsdPerMonth, None, "Shortfall covered by the public.", |plan, _| plan.on.rescue.backstops;
                }
                loan {
                    waiver: Month, None, "Month up to which covenants are waived, after a workout.";
                }
                market {
                    backstopped: Usd, None, "What the public has paid so far.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether lenders may agree to workouts.
    pub workouts: bool,
    /// Whether the public may step in.
    pub backstops: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters;
        let zero = |value: f64| value == 0.0;
        Self {
            workouts: ![&p.market.workout_open, &p.market.workout_normal, &p.market.workout_shut]
                .iter()
                .all(|chance| chance.all_of(zero)),
            backstops: !p.market.backstop.all_of(zero),
        }
    }
}

pub use crate::model::Nothing as Scratch;

/// The fate of a company that falls short by itself.
#[derive(Clone, Copy, Debug)]
enum Rescue {
    /// Its lenders wait.
    Workout,
    /// The public pays.
    Backstop,
}

/// A lender's loss in a workout, and through whom.
pub type Loss = (usize, usize, f64);

/// Rescues companies on one path, all judged before any is helped; gives what lenders lost.
pub fn advance(block: &mut Block<'_>, l: usize, month: u32) -> Vec<Loss> {
    let short: Vec<usize> = block.scratch.clearing.short.iter().map(|&i| i as usize).collect();
    let judged: Vec<(usize, Rescue, f64)> = short
        .into_iter()
        .filter_map(|i| judge(block, i, l, month).map(|rescue| (i, rescue, block.state.company.cash[i][l])))
        .collect();
    let mut losses = Vec::new();
    for (i, rescue, end) in judged {
        match rescue {
            Rescue::Workout => work_out(block, i, l, month, end, &mut losses),
            Rescue::Backstop => cover(block, i, l, -end),
        }
    }
    losses
}

/// Whether a company falls short by itself, and who helps.
fn judge(block: &Block<'_>, i: usize, l: usize, month: u32) -> Option<Rescue> {
    let (c, m) = (&block.state.company, &block.parameters.market);
    if c.cash[i][l] >= 0.0 {
        return None;
    }
    let (mut hard, mut soft) = (0.0, 0.0);
    claims::visit(
        block,
        i,
        l,
        |claim| if claim.rank > HARD_RANKS { soft += claim.amount } else { hard += claim.amount },
    );
    let own = c.cash[i][l] + soft;
    if own >= -clearing::least(block, i, l, hard) {
        return None;
    }
    let luck = |word| block.draws.uniform(Stream::Rescue, block.addresses.company[i], month, word, l);
    let chance =
        [&m.workout_open, &m.workout_normal, &m.workout_shut][windows::regime(block, Window::Credit)[l] as usize];
    let due = due(block, i, l, month).map(|(_, due)| due).sum::<f64>();
    if due > 0.0 && own + due >= 0.0 && luck(0) < chance.at(0, l) {
        return Some(Rescue::Workout);
    }
    let debt = |&k: &u32| block.state.loan.balance[k as usize][l] + block.state.loan.principal[k as usize][l];
    let size: f64 = block.plan.loans.of(i).iter().map(debt).sum();
    (size >= m.backstop_size.at(0, l) && luck(1) < m.backstop.at(0, l)).then_some(Rescue::Backstop)
}

/// Loans of which a balance is due because they were called or mature, and that balance; instalments are not in it.
fn due<'b>(block: &'b Block<'_>, i: usize, l: usize, month: u32) -> impl Iterator<Item = (usize, f64)> + 'b {
    let loan = &block.state.loan;
    let due = move |k: usize| {
        if loan.accelerated[k][l] > 0.0 {
            loan.principal[k][l]
        } else if loan.maturity[k][l] <= f64::from(month) && loan.principal[k][l] > 0.0 {
            block.scratch.debt.balloon[k][l]
        } else {
            0.0
        }
    };
    block.plan.loans.of(i).iter().map(move |&k| (k as usize, due(k as usize))).filter(|&(_, due)| due > 0.0)
}

/// Lenders wait for what is left of their balances, and waive covenants until then.
fn work_out(block: &mut Block<'_>, i: usize, l: usize, month: u32, end: f64, losses: &mut Vec<Loss>) {
    let loans: Vec<(usize, f64)> = due(block, i, l, month).collect();
    let due = loans.iter().map(|&(_, due)| due).sum::<f64>();
    for (k, due) in loans {
        extend(block, k, l, month, due, losses);
    }
    let c = &mut block.state.company;
    c.debt_service[i][l] -= due;
    (c.accelerated[i][l], c.maturing[i][l]) = (0.0, 0.0);
    let left = (end + due).max(0.0);
    let fleets = c.fleet_value.get(i).map_or(0.0, |value| value[l]);
    let cost = (block.parameters.market.workout_cost.at(0, l) * (left + fleets)).min(left);
    // Nobody waits for the cost.
    ledger::move_cash(block, l, Party::Through(i), Party::Company(i), due - cost);
    ledger::pay(block, l, Party::Through(i), Party::Suppliers, cost, Why::Workout);
}

/// Takes the balance of a loan back from what is due, and writes a part of it down.
fn extend(block: &mut Block<'_>, k: usize, l: usize, month: u32, due: f64, losses: &mut Vec<Loss>) {
    let (m, i) = (&block.parameters.market, block.links.loan.borrower[k] as usize);
    let until = f64::from(month) + to_whole_months(m.workout_months.at(0, l));
    let loan = &mut block.state.loan;
    loan.principal[k][l] -= due;
    let lost = m.workout_haircut.at(0, l) * due;
    loan.balance[k][l] += due - lost;
    loan.loss[k][l] += lost;
    (loan.maturity[k][l], loan.waiver[k][l], loan.breach[k][l]) = (until, until, 0.0);
    if let Some(debt) = block.state.company.debt.get_mut(i) {
        debt[l] += due - lost;
    }
    let lender = block.links.loan.lender[k];
    if lender < 0 || !lives(block, lender as usize, l) {
        ledger::take_back(block, l, Party::Through(i), Party::Capital, due);
        return;
    }
    let lender = lender as usize;
    ledger::take_back(block, l, Party::Through(i), Party::Company(lender), due);
    let c = &mut block.state.company;
    c.debt_service_received[lender][l] -= due;
    if lost > 0.0 {
        c.losses[lender][l] += lost;
        losses.push((lender, i, lost));
    }
    if c.cash[lender][l] < 0.0 && !block.scratch.clearing.short.contains(&(lender as u32)) {
        block.scratch.clearing.short.push(lender as u32);
        block.scratch.clearing.short.sort_unstable();
    }
}

/// Households pay what is short.
fn cover(block: &mut Block<'_>, i: usize, l: usize, missing: f64) {
    block.state.company.rescued[i][l] += missing;
    block.state.market.backstopped[0][l] += missing;
    ledger::pay(block, l, Party::Households, Party::Company(i), missing, Why::Backstop);
}

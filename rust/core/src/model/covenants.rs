//! Phase 7: covenants. A breach that lasts calls the loan, and those that cross-default with it.

use crate::block::Block;
use crate::books::Party;
use crate::column::{LANES, Row, ZERO, zeros};
use crate::events::{NONE, Why};
use crate::ledger;
use crate::needed::Needed;
use crate::plan::{Plan, to_whole_months};
use crate::rounding::beyond;
use crate::scratch::Keep;
use crate::world::World;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* covenants {
            parameters {
                loan {
                    collateral: Usd, 0.0, LARGEST, Some(0.0), true, "Value of collateral outside the fleets.";
                    fleet_collateral: Fraction, 0.0, 1.0, Some(0.0), true, "Share of the borrower's fleets pledged.";
                    min_cash: Usd, 0.0, LARGEST, Some(0.0), true, "Covenant: least cash; 0: none.";
                    max_ltv: Ratio, 0.0, 100.0, Some(0.0), true, "Covenant: largest loan to value of collateral; 0: none.";
                    min_dscr: Ratio, 0.0, 100.0, Some(0.0), true, "Covenant: least debt service cover; 0: none.";
                    cure_months: Months, 0.0, 120.0, Some(2.0), true, "Months a breach may last.";
                    cross_default: Flag, 0.0, 1.0, Some(0.0), false, "Whether acceleration of another loan accelerates this one.";
                }
            }
            variables {
                company {
                    accelerated: Usd, None, "Balances due this month by acceleration.";
                    smooth_cover: UsdPerMonth, None, "Cash flow before debt service, smoothed over about three months.", |_, needed| needed.cover;
                    smooth_service: UsdPerMonth, None, "Debt service, smoothed over about three months.", |_, needed| needed.cover;
                }
                loan {
                    breach: Months, None, "Months in which a covenant has been broken.";
                    accelerated: Flag, None, "Whether the balance was called.";
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Whether the loan has a covenant to test.
    pub tested: Vec<bool>,
    /// Whether any loan has one.
    pub any: bool,
    /// Loans with a loan-to-value covenant and no time to cure it.
    pub instant_calls: Vec<usize>,
    /// Whether any loan may be called by the breach of another.
    pub cross_defaults: bool,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let p = &world.parameters.loan;
        let zero = |value: f64| value == 0.0;
        let loans = p.balance.len();
        let tested: Vec<bool> = (0..loans)
            .map(|l| !(p.min_cash.all(l, zero) && p.max_ltv.all(l, zero) && p.min_dscr.all(l, zero)))
            .collect();
        Self {
            any: tested.contains(&true),
            tested,
            instant_calls: (0..loans)
                .filter(|&l| !p.cure_months.all(l, |v| to_whole_months(v) > 0.0) && !p.max_ltv.all(l, zero))
                .collect(),
            cross_defaults: !p.cross_default.all_of(zero),
        }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Whether one of the borrower's loans was called; set back each month.
    pub called: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        Self { called: zeros(ZERO, if plan.on.covenants.any { plan.counts.companies } else { 0 }) }
    }
}

impl Keep for Scratch {
    fn clear(&mut self) {
        self.called.fill(ZERO);
    }
}

/// Tests covenants on the state of the month before; a breach that lasts calls the balance.
#[inline(never)]
pub fn judge(block: &mut Block<'_>, month: u32) {
    block.scratch.covenants.called.fill(ZERO);
    block.state.loan.accelerated.fill(ZERO);
    for k in 0..block.plan.counts.loans {
        if block.plan.on.covenants.tested[k] {
            for l in 0..LANES {
                test(block, k, l, month);
            }
        }
    }
    if block.plan.on.covenants.cross_defaults {
        cross(block);
    }
}

/// Tests one loan on one path.
fn test(block: &mut Block<'_>, k: usize, l: usize, month: u32) {
    let p = &block.parameters.loan;
    let i = block.links.loan.borrower[k] as usize;
    let c = &block.state.company;
    let loan = &mut block.state.loan;
    let balance = loan.balance[k][l];
    if c.alive[i][l] == 0.0 || balance <= 0.0 || f64::from(month) <= loan.waiver[k][l] {
        loan.breach[k][l] = 0.0;
        return;
    }
    let (cash, ltv, cover) = (p.min_cash.at(k, l), p.max_ltv.at(k, l), p.min_dscr.at(k, l));
    let collateral = p.collateral.at(k, l) + p.fleet_collateral.at(k, l) * c.fleet_value[i][l];
    let (service, least) = (c.smooth_service[i][l], block.derived.least_burn.at(i, l));
    let wanted = cover * service;
    // Where nothing is due there is nothing to cover.
    let thin = service > least && beyond(wanted - c.smooth_cover[i][l], wanted) > least;
    let broken = [
        cash > 0.0 && beyond(cash - c.cash[i][l], cash) > least,
        ltv > 0.0 && beyond(balance - ltv * collateral, balance) > 0.0,
        cover > 0.0 && thin,
    ];
    loan.breach[k][l] = if broken.contains(&true) { loan.breach[k][l] + 1.0 } else { 0.0 };
    let held = [[c.cash[i][l], cash], [balance / collateral, ltv], [c.smooth_cover[i][l] / service, cover]];
    let (breach, cure) = (loan.breach[k][l], to_whole_months(p.cure_months.at(k, l)));
    let is_called = breach > cure;
    if is_called {
        loan.accelerated[k][l] = 1.0;
        block.scratch.covenants.called[i][l] = 1.0;
    }
    let whys = [Why::CovenantCash, Why::CovenantValue, Why::CovenantCover, Why::Call];
    let tests = broken.into_iter().zip(held).chain([(is_called, [breach, cure])]);
    for (why, (_, held)) in whys.into_iter().zip(tests).filter(|(_, (is_so, _))| *is_so) {
        note(block, k, l, why, held);
    }
}

/// Writes down what a lender holds against its borrower.
fn note(block: &mut Block<'_>, k: usize, l: usize, why: Why, held: [f64; 2]) {
    let lender = Party::company_or_capital(block.links.loan.lender[k]);
    ledger::note(block, l, Party::Company(block.links.loan.borrower[k] as usize), lender, why, held);
}

/// A called loan calls those that cross-default with it.
fn cross(block: &mut Block<'_>) {
    for k in 0..block.plan.counts.loans {
        let called = block.scratch.covenants.called[block.links.loan.borrower[k] as usize];
        let flag = block.parameters.loan.cross_default.row(k);
        for l in 0..LANES {
            if flag[l] > 0.0 && called[l] > 0.0 && block.state.loan.balance[k][l] > 0.0 {
                let before = std::mem::replace(&mut block.state.loan.accelerated[k][l], 1.0);
                if before == 0.0 {
                    note(block, k, l, Why::CrossDefault, NONE);
                }
            }
        }
    }
}

/// Balances of a company that are due because they were called.
#[inline(always)]
pub fn call(block: &mut Block<'_>, i: usize) {
    let called = &mut block.state.company.accelerated[i];
    *called = ZERO;
    for &k in block.plan.loans.of(i) {
        let (flag, principal) = (&block.state.loan.accelerated[k as usize], &block.state.loan.principal[k as usize]);
        for l in 0..LANES {
            called[l] += flag[l] * principal[l];
        }
    }
}

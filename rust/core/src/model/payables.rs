//! Phases 5, 10 and 11: bills that are paid months later, and what suppliers lose when a customer fails.

use crate::block::Block;
use crate::carry;
use crate::column::{LANES, Row, ZERO, zeros};
use crate::ledger;
use crate::needed::Needed;
use crate::plan::{Plan, to_whole_months};
use crate::scratch::Keep;
use crate::workings::{Debt, Payee, Purpose};
use crate::world::World;

/// Rows of the table.
macro_rules! rows {
    ($next:ident $state:tt $($found:tt)*) => {
        $next! { $state $($found)* payables {
            parameters {
                contract {
                    payment_months: Months, 0.0, 24.0, Some(0.0), false, "Months after which a bill is paid.", off 0.0;
                }
            }
            variables {
                company {
                    receivables: Usd, None, "What customers owe it for bills that are not due yet.", |plan, _| plan.on.payables.any;
                    payables: Usd, None, "What it owes for bills that are not due yet.", |plan, _| plan.on.payables.any;
                }
            }
        } }
    };
}
pub(crate) use rows;

/// Parts of it that a world uses.
#[derive(Clone, Debug)]
pub struct Uses {
    /// Contracts whose bills are paid later.
    pub late: Vec<usize>,
    /// Place of each contract among these.
    pub place: Vec<Option<usize>>,
    /// Whether there are any.
    pub any: bool,
    /// Months of bills that are remembered, that of the month included.
    pub ring: usize,
}

impl Uses {
    pub(crate) fn new(world: &World) -> Self {
        let months = &world.parameters.contract.payment_months;
        let mut longest = 0.0_f64;
        let mut late = Vec::new();
        let mut place = vec![None; world.links.contract.customer.len()];
        for (e, place) in place.iter_mut().enumerate() {
            let most = to_whole_months(months.extent(e)[1]);
            if most > 0.0 {
                *place = Some(late.len());
                late.push(e);
                longest = longest.max(most);
            }
        }
        Self { any: !late.is_empty(), late, place, ring: longest as usize + 1 }
    }
}

/// Rows that only the month needs.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// Bills of the last months, by place in the ring and contract.
    bills: Vec<Row>,
    /// Bills of each contract that are due this month.
    due: Vec<Row>,
    /// Bills that each company pays this month if it can; those that it is paid are in `received`.
    pub paid: Vec<Row>,
    /// See `paid`.
    pub received: Vec<Row>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan, _: Needed) -> Self {
        let on = &plan.on.payables;
        let companies = if on.any { plan.counts.companies } else { 0 };
        Self {
            bills: zeros(ZERO, on.ring * on.late.len()),
            due: zeros(ZERO, on.late.len()),
            paid: zeros(ZERO, companies),
            received: zeros(ZERO, companies),
        }
    }
}

impl Keep for Scratch {
    fn carried(&mut self, visit: &mut impl FnMut(&mut [f64])) {
        carry::rows(&mut self.bills, visit);
    }
}

/// Months after which a contract is paid.
fn months(block: &Block<'_>, e: usize, l: usize) -> usize {
    to_whole_months(block.parameters.contract.payment_months.at(e, l)) as usize
}

/// Place of the bill of a month.
fn place(block: &Block<'_>, late: usize, month: usize) -> usize {
    let on = &block.plan.on.payables;
    month % on.ring * on.late.len() + late
}

/// Bills of the months before the first.
pub fn start(block: &mut Block<'_>) {
    let on = &block.plan.on.payables;
    for (late, &e) in on.late.iter().enumerate() {
        let p = &block.parameters.contract;
        let sold = &block.state.company.segment_revenue[block.links.contract.customer[e] as usize];
        let first = Row::from_fn(|l| p.usage.at(e, l) + p.revenue_share.at(e, l) * sold[l]);
        for month in 0..on.ring {
            let place = place(block, late, month);
            block.scratch.payables.bills[place] = first;
        }
    }
}

/// Notes bills of plain contracts, which are paid at once.
pub fn open(block: &mut Block<'_>) {
    let (c, x) = (&block.state.company, &mut block.scratch.payables);
    x.paid.copy_from_slice(&c.bills);
    x.received.copy_from_slice(&c.trade_revenue);
}

/// Notes the bills of the month, and what falls due.
#[inline(never)]
pub fn fall_due(block: &mut Block<'_>, month: u32) {
    let (plan, month) = (block.plan, month as usize);
    for (late, &e) in plan.on.payables.late.iter().enumerate() {
        let (customer, supplier) =
            (block.links.contract.customer[e] as usize, block.links.contract.supplier[e] as usize);
        let (now, ring) = (place(block, late, month), plan.on.payables.ring);
        for l in 0..LANES {
            let alive = &block.state.company.alive;
            let (buys, sells) = (alive[customer][l] > 0.0, alive[supplier][l] > 0.0);
            let billed = if buys && sells { block.scratch.bills.bills[e][l] } else { 0.0 };
            block.scratch.payables.bills[now][l] = billed;
            let then = place(block, late, month + ring - months(block, e, l));
            let due = if buys { block.scratch.payables.bills[then][l] } else { 0.0 };
            let x = &mut block.scratch.payables;
            x.due[late][l] = due;
            x.paid[customer][l] += due;
            if sells {
                x.received[supplier][l] += due;
            } else {
                ledger::to_capital(block, l, due);
            }
        }
    }
}

/// The bill of a contract that is due on one path, to its supplier or to who has its claims; none if it is paid at once.
#[must_use]
pub fn due_at(block: &Block<'_>, e: usize, l: usize) -> Option<f64> {
    block.plan.on.payables.place[e].map(|late| block.scratch.payables.due[late][l])
}

/// Bills of a contract that are not due yet, as its customer owes them.
fn owed(block: &Block<'_>, late: usize, l: usize) -> f64 {
    let (month, ring) = (block.books.month as usize, block.plan.on.payables.ring);
    let months = months(block, block.plan.on.payables.late[late], l);
    (0..months).map(|back| block.scratch.payables.bills[place(block, late, month + ring - back)][l]).sum::<f64>() + 0.0
}

/// Lists what a failed company owes for bills that were not due yet, and forgets it.
pub fn call_in(block: &mut Block<'_>, l: usize, i: usize, debts: &mut Vec<Debt>) {
    let plan = block.plan;
    for &e in plan.purchases.of(i) {
        let Some(late) = plan.on.payables.place[e as usize] else { continue };
        let supplier = block.links.contract.supplier[e as usize] as usize;
        let lives = block.state.company.alive[supplier][l] > 0.0;
        debts.push(Debt {
            payee: if lives { Payee::Company(supplier) } else { Payee::Capital },
            purpose: Purpose::Contract(e as usize),
            subordinated: false,
            owed: owed(block, late, l),
            recovered: 0.0,
        });
        for month in 0..plan.on.payables.ring {
            let place = place(block, late, month);
            block.scratch.payables.bills[place][l] = 0.0;
        }
    }
}

/// Bills that are not due yet, as living customers owe them to a company.
#[must_use]
pub fn receivable(block: &Block<'_>, i: usize, l: usize) -> f64 {
    let of_contract = |&e: &u32| {
        let late = block.plan.on.payables.place[e as usize]?;
        let customer = block.links.contract.customer[e as usize] as usize;
        (block.state.company.alive[customer][l] > 0.0).then(|| owed(block, late, l))
    };
    block.plan.sales.of(i).iter().filter_map(of_contract).sum::<f64>() + 0.0
}

/// Receivables and payables at the end of the month, of the living.
#[inline(never)]
pub fn mark(block: &mut Block<'_>) {
    for i in 0..block.plan.counts.companies {
        let receivables = Row::from_fn(|l| block.state.company.alive[i][l] * receivable(block, i, l));
        let payable = |l: usize| {
            let of_contract = |&e: &u32| Some(owed(block, block.plan.on.payables.place[e as usize]?, l));
            block.plan.purchases.of(i).iter().filter_map(of_contract).sum::<f64>() + 0.0
        };
        let payables = Row::from_fn(payable);
        (block.state.company.receivables[i], block.state.company.payables[i]) = (receivables, payables);
    }
}
